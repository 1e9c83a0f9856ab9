-- Times are integer microseconds UTC, JSON is TEXT, ids come from `counter`. Plain SQL that SQLite and PostgreSQL read.
-- INTEGER PRIMARY KEY is SQLite's own row number: BIGINT would cost a second index with each row (PostgreSQL: BIGINT).

CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- Who may speak to us. The secret itself is never stored.
CREATE TABLE token (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL UNIQUE,          -- sha256 of the secret, hex
  scopes TEXT NOT NULL,                 -- JSON list of alerts|messages|ack|read
  prefixes TEXT NOT NULL,               -- JSON list of allowed recipient prefixes; [] = any
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);

-- Codes of incidents: two digits, three when two run out. Filled at the first start from oncall.codes.
CREATE TABLE code (
  code TEXT PRIMARY KEY,
  digits BIGINT NOT NULL,
  position BIGINT NOT NULL,             -- the order in which fresh ones are given
  free_at BIGINT NOT NULL               -- far away while its incident is open, then 24 h after the close
);
CREATE INDEX code_free ON code (digits, free_at, position);

CREATE TABLE incident (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  service TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('critical', 'error', 'warning', 'info')),
  summary TEXT NOT NULL,
  source TEXT NOT NULL,
  grouping TEXT NOT NULL,               -- the monitor's grouping; '' = stands alone
  state TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved')),
  policy TEXT NOT NULL,                 -- JSON snapshot of the policy that runs
  step BIGINT NOT NULL DEFAULT 0,
  round BIGINT NOT NULL DEFAULT 0,
  exhausted BIGINT NOT NULL DEFAULT 0,  -- how often the policy ran out
  step_until BIGINT,                    -- when the running step's time is over
  opened_at BIGINT NOT NULL,
  acknowledged_at BIGINT,
  acknowledged_by TEXT,
  resolved_at BIGINT
);
CREATE UNIQUE INDEX incident_code_open ON incident (code) WHERE state <> 'resolved';
CREATE INDEX incident_code ON incident (code, id);
CREATE UNIQUE INDEX incident_group ON incident (source, grouping) WHERE state <> 'resolved' AND grouping <> '';
CREATE INDEX incident_open ON incident (opened_at) WHERE state <> 'resolved';

CREATE TABLE alert (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  incident_id BIGINT NOT NULL REFERENCES incident (id),
  status TEXT NOT NULL CHECK (status IN ('firing', 'resolved')),
  severity TEXT NOT NULL,
  summary TEXT NOT NULL,
  details TEXT NOT NULL,                -- JSON object of strings
  starts_at BIGINT,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  resolved_at BIGINT,
  resolved_by TEXT NOT NULL DEFAULT '',  -- 'monitor' or who closed the incident
  count BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX alert_firing ON alert (source, key) WHERE status = 'firing';
CREATE INDEX alert_key ON alert (source, key, last_at);
CREATE INDEX alert_incident ON alert (incident_id);

-- This person must know of this incident.
CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL REFERENCES incident (id),
  person TEXT NOT NULL,
  round BIGINT NOT NULL,
  step BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'reached', 'unreachable', 'withdrawn')),
  devices_tried BIGINT NOT NULL DEFAULT 0,
  planned_at BIGINT NOT NULL,
  ended_at BIGINT,
  reason TEXT NOT NULL
);
CREATE INDEX page_incident ON page (incident_id);
CREATE INDEX page_person ON page (person, incident_id);

-- One text to one device; carries one or more pages.
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  recipient TEXT NOT NULL,
  text TEXT NOT NULL,
  priority BIGINT NOT NULL CHECK (priority BETWEEN 0 AND 3),
  state TEXT NOT NULL CHECK (state IN ('queued', 'started', 'sent', 'in_doubt', 'failed', 'expired', 'withdrawn',
                                       'delivered', 'undelivered', 'unconfirmed')),
  reason TEXT NOT NULL DEFAULT '',
  wanted_channel TEXT NOT NULL DEFAULT '',  -- the sender asked for this one
  channel TEXT NOT NULL DEFAULT '',         -- only this one may take it now; '' = any
  avoid TEXT NOT NULL DEFAULT '[]',         -- JSON list of channels that are not to be tried again
  concat_reference BIGINT NOT NULL,
  parts BIGINT NOT NULL,
  round BIGINT NOT NULL DEFAULT 0,          -- 0 first; a new round sends all parts afresh
  repeats BIGINT NOT NULL DEFAULT 0,        -- marked repeats after doubts
  tries BIGINT NOT NULL DEFAULT 0,          -- deferrals and refusals so far
  report BIGINT NOT NULL,
  origin TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  unheard_at BIGINT,                        -- its receipt did not come within what is usual for this phone
  ended_at BIGINT
);
CREATE INDEX message_queue ON message (channel, priority, due_at, id) WHERE state = 'queued';
CREATE INDEX message_recipient ON message (recipient) WHERE state = 'queued';
CREATE INDEX message_expiry ON message (expires_at) WHERE state = 'queued';
CREATE INDEX message_person ON message (person, created_at);
CREATE INDEX message_doubt ON message (id) WHERE state = 'in_doubt';

CREATE TABLE message_page (
  message_id BIGINT NOT NULL REFERENCES message (id),
  page_id BIGINT NOT NULL REFERENCES page (id),
  PRIMARY KEY (page_id, message_id)
);
CREATE INDEX message_page_message ON message_page (message_id);

-- One try of one part over one channel; on disk before its bytes are on the wire.
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  message_id BIGINT NOT NULL REFERENCES message (id),
  round BIGINT NOT NULL,
  part BIGINT NOT NULL,
  parts BIGINT NOT NULL,
  channel TEXT NOT NULL,
  sim TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('started', 'accepted', 'refused', 'deferred', 'in_doubt')),
  reference TEXT,                           -- what the network calls it
  reference_before TEXT,                    -- the last reference known on this SIM when we began
  code TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  settled_by TEXT NOT NULL DEFAULT '',      -- answer | late answer | receipt | person | patience
  receipt TEXT NOT NULL DEFAULT '',         -- class of the last receipt
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  receipt_at BIGINT
);
CREATE INDEX attempt_message ON attempt (message_id);
CREATE INDEX attempt_reference ON attempt (sim, reference, started_at) WHERE reference IS NOT NULL;
CREATE INDEX attempt_open ON attempt (channel, id) WHERE state IN ('started', 'in_doubt');
CREATE INDEX attempt_doubt ON attempt (sim, started_at) WHERE state IN ('started', 'in_doubt');

CREATE TABLE receipt (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  sim TEXT NOT NULL,
  reference TEXT NOT NULL,
  recipient TEXT NOT NULL,
  status BIGINT NOT NULL,
  class TEXT NOT NULL,
  sent_at BIGINT,
  done_at BIGINT,
  received_at BIGINT NOT NULL,
  attempt_id BIGINT REFERENCES attempt (id),  -- NULL: nobody's (early, late or unknown)
  verdict TEXT NOT NULL,                      -- applied | early | repeated | unknown | ambiguous
  forms TEXT NOT NULL DEFAULT '[]',           -- JSON list: of a bureau's report, how the message may be named
  own_reference BIGINT,                       -- the attempt's number modulo 65536, where a bureau repeats it
  quotes TEXT NOT NULL DEFAULT '',            -- how the text begins, where a bureau repeats that
  raw TEXT NOT NULL
);
CREATE INDEX receipt_reference ON receipt (sim, reference, received_at);
CREATE INDEX receipt_attempt ON receipt (attempt_id);
CREATE INDEX receipt_waiting ON receipt (sim, received_at) WHERE attempt_id IS NULL AND verdict IN ('early', 'ambiguous');

-- What came in. Parts of a long text wait in incoming_part until they are whole (or old).
CREATE TABLE incoming (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  sim TEXT NOT NULL,
  sender TEXT NOT NULL,
  person TEXT NOT NULL,                     -- '' = nobody we know
  text TEXT,
  note TEXT NOT NULL,
  result TEXT NOT NULL,                     -- acknowledged | answered | stray | undecodable | ...
  incident_id BIGINT REFERENCES incident (id),
  sent_at BIGINT,
  received_at BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  raw TEXT NOT NULL
);
CREATE INDEX incoming_fingerprint ON incoming (fingerprint, received_at);
CREATE INDEX incoming_sender ON incoming (sender, received_at);
CREATE TABLE incoming_part (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  sim TEXT NOT NULL,
  sender TEXT NOT NULL,
  reference BIGINT NOT NULL,
  width BIGINT NOT NULL,
  total BIGINT NOT NULL,
  number BIGINT NOT NULL,
  text TEXT NOT NULL,
  sent_at BIGINT,
  received_at BIGINT NOT NULL,
  incoming_id BIGINT,                       -- set when the long text was put together
  raw TEXT NOT NULL
);
CREATE INDEX incoming_part_long ON incoming_part (sim, sender, reference, width, total);

-- Every wait of the house that is not a message's own due time.
CREATE TABLE wait (
  kind TEXT NOT NULL,                       -- escalate (incident) | doubt | receipt (message) | parts | ...
  subject BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX wait_due ON wait (due_at);

-- A number that failed lately rests; its messages wait, nobody else's.
CREATE TABLE resting (
  recipient TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  until BIGINT NOT NULL
);

-- Pages that count against a pager's hour at a bureau.
CREATE TABLE allowance (
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  at BIGINT NOT NULL,
  about TEXT NOT NULL                       -- the service; '' = a plain text
);
CREATE INDEX allowance_pager ON allowance (channel, recipient, at);

-- How many receipts a SIM or a bureau's account gave of late, and how many did not come in time.
CREATE TABLE route (
  sim TEXT PRIMARY KEY,
  heard BIGINT NOT NULL,
  missed BIGINT NOT NULL
);

CREATE TABLE idempotency (
  token TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,                     -- of the request body
  answer TEXT NOT NULL,                     -- JSON
  created_at BIGINT NOT NULL,
  PRIMARY KEY (token, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- One PIN attempt per SIM and value, remembered.
CREATE TABLE pin_attempt (
  iccid TEXT NOT NULL,
  pin TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (iccid, pin)
);

-- The journal: ids and digests only, each row chained to the one before. Words live in journal_private and may be erased.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at BIGINT NOT NULL,
  event TEXT NOT NULL,
  incident_id BIGINT,
  message_id BIGINT,
  attempt_id BIGINT,
  facts TEXT NOT NULL,                      -- JSON without names, numbers or texts
  private_digest TEXT NOT NULL,             -- sha256(salt + private words), '' when there are none
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX journal_incident ON journal (incident_id, seq);
CREATE INDEX journal_message ON journal (message_id, seq);
CREATE TABLE journal_private (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  salt TEXT NOT NULL,
  words TEXT NOT NULL                       -- JSON: who, number, text, note
);
