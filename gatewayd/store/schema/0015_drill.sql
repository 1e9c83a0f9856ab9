-- Declared exercises, with what became of them.
CREATE TABLE drill (
  id INTEGER PRIMARY KEY,
  service TEXT NOT NULL,
  severity TEXT NOT NULL,
  incident_id BIGINT REFERENCES incident (id),
  started_by TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  gave_way_to BIGINT REFERENCES incident (id),  -- somebody had to be paged in earnest
  stopped_by TEXT NOT NULL DEFAULT '',
  ended_at BIGINT,
  verdict TEXT NOT NULL DEFAULT ''
);
CREATE INDEX drill_running ON drill (id) WHERE ended_at IS NULL;
