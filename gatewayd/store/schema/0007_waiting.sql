-- Incidents that are kept and page nobody now, and what people silenced.
ALTER TABLE incident ADD COLUMN held_for TEXT NOT NULL DEFAULT '';  -- silence | maintenance | inhibited | hold | digest
ALTER TABLE incident ADD COLUMN held_why TEXT NOT NULL DEFAULT '';
ALTER TABLE incident ADD COLUMN held_until BIGINT;
ALTER TABLE incident ADD COLUMN held_by BIGINT;                     -- the incident that stands before it
CREATE INDEX incident_held ON incident (held_for, held_by) WHERE held_for <> '';

CREATE TABLE silence (
  id INTEGER PRIMARY KEY,
  match TEXT NOT NULL,                      -- JSON: services, severities, sources, keys, labels
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX silence_until ON silence (until) WHERE ended_at IS NULL;
