-- An index that knows only the rows it is asked for costs nothing for the others.
DROP INDEX alert_key;
CREATE INDEX alert_over ON alert (source, key, starts_at) WHERE status = 'resolved';
DROP INDEX journal_incident;
CREATE INDEX journal_incident ON journal (incident_id, seq) WHERE incident_id IS NOT NULL;
DROP INDEX journal_message;
CREATE INDEX journal_message ON journal (message_id, seq) WHERE message_id IS NOT NULL;

-- The words of a journal line stand beside its facts: one row instead of two. NULL: there were none, or they are erased.
ALTER TABLE journal ADD COLUMN salt TEXT;
ALTER TABLE journal ADD COLUMN words TEXT;
UPDATE journal SET
  salt = (SELECT p.salt FROM journal_private p WHERE p.seq = journal.seq),
  words = (SELECT p.words FROM journal_private p WHERE p.seq = journal.seq);
DROP TABLE journal_private;
