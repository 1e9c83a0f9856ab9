-- Whoever has taken an incident is told of what joins it: which texts are one telling, and in which an alert was told of
-- last. When none of its texts is heard of, somebody else is paged.
CREATE TABLE telling (
  message_id INTEGER PRIMARY KEY REFERENCES message (id),
  number BIGINT NOT NULL,
  incident_id BIGINT NOT NULL REFERENCES incident (id)
);
CREATE INDEX telling_texts ON telling (number);
CREATE INDEX telling_incident ON telling (incident_id);
ALTER TABLE alert ADD COLUMN told_in BIGINT;
