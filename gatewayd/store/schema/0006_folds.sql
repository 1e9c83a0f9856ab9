-- What a page's text speaks of: its service. '' = several (a folded text), or no page at all.
ALTER TABLE message ADD COLUMN about TEXT NOT NULL DEFAULT '';

-- In a storm: what is gathered for one device into one text. Its wait is of the kind 'fold'.
CREATE TABLE fold (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('page', 'taken', 'cleared')),
  person TEXT NOT NULL,                     -- or "team:noc", for the number of its group
  device TEXT NOT NULL,
  recipient TEXT NOT NULL,
  channel TEXT NOT NULL,
  validity_s BIGINT NOT NULL,
  made_at BIGINT,                           -- when its text was made
  message_id BIGINT REFERENCES message (id)
);
CREATE INDEX fold_of ON fold (person, recipient, kind, id);
CREATE UNIQUE INDEX fold_message ON fold (message_id) WHERE message_id IS NOT NULL;

-- What is in it. Of pages only until its text is made: then message_page knows.
CREATE TABLE fold_entry (
  fold_id BIGINT NOT NULL REFERENCES fold (id),
  incident_id BIGINT NOT NULL REFERENCES incident (id),
  page_id BIGINT NOT NULL,                  -- 0: news of the incident
  PRIMARY KEY (fold_id, incident_id, page_id)
);
CREATE INDEX fold_entry_page ON fold_entry (page_id) WHERE page_id > 0;

-- A service that gathers its alerts: until when a new one joins this incident.
ALTER TABLE incident ADD COLUMN joins_until BIGINT;
CREATE INDEX incident_joins ON incident (service, joins_until) WHERE joins_until IS NOT NULL AND state = 'open';
