-- Of which event of a calendar an override was taken over, and which of its times; '' = of none, or it comes once.
ALTER TABLE cover ADD COLUMN event TEXT NOT NULL DEFAULT '';
ALTER TABLE cover ADD COLUMN instance TEXT NOT NULL DEFAULT '';
-- Until now an event was known by the note.
UPDATE cover SET event = note WHERE kind = 'override' AND made_by <> 'desk';
