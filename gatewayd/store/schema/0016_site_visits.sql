-- Lone working: who is on site alone. Its wait is of the kind 'site_visit'.
CREATE TABLE site_visit (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL,
  place TEXT NOT NULL,
  every_s BIGINT NOT NULL,
  until BIGINT NOT NULL,
  tell TEXT NOT NULL,                       -- a policy or a person; '' = as the configuration says
  started_at BIGINT NOT NULL,
  started_by TEXT NOT NULL,
  heard_at BIGINT NOT NULL,                 -- the last sign of life
  asked BIGINT NOT NULL DEFAULT 0,          -- 0 not since, 1 once, 2 on every device, 3 the alarm was raised
  asked_at BIGINT NOT NULL DEFAULT 0,
  alarms BIGINT NOT NULL DEFAULT 0,
  incident_id BIGINT REFERENCES incident (id),  -- of the last alarm
  ended_at BIGINT,
  ended_by TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX site_visit_running ON site_visit (person) WHERE ended_at IS NULL;

-- What is known of a big fault, for everybody who asks. It ends by itself.
CREATE TABLE status_line (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX status_line_until ON status_line (until) WHERE ended_at IS NULL;
