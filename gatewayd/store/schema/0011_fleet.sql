-- When the bucket of a SIM will be full again. `sim` is the channel's name where the SIM is not known.
CREATE TABLE bucket (
  sim TEXT PRIMARY KEY,
  channel TEXT NOT NULL,                    -- in which it was last
  full_at BIGINT NOT NULL
);

-- What a SIM with a budget cost, and how many parts it sent, in each month of the zone of its way.
CREATE TABLE spend (
  id INTEGER PRIMARY KEY,
  sim TEXT NOT NULL,
  channel TEXT NOT NULL,                    -- in which it was last
  month TEXT NOT NULL,                      -- "2026-11"
  parts BIGINT NOT NULL,
  cost BIGINT NOT NULL,                     -- in millionths
  told BIGINT NOT NULL DEFAULT 0,           -- the highest level that was told, in per cent
  UNIQUE (sim, month)
);
CREATE INDEX spend_channel ON spend (channel, month);

-- Which channel texted a number last, or was texted by it.
CREATE TABLE conversation (
  recipient TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- Proof of life: texts from one SIM of ours to another.
CREATE TABLE proof (
  id INTEGER PRIMARY KEY,
  sender TEXT NOT NULL,                     -- channels
  hearer TEXT NOT NULL,
  failed TEXT NOT NULL DEFAULT '',          -- why the last loop failed; '' = it did not
  suspect TEXT NOT NULL DEFAULT '',         -- by whom nothing should go until one works again
  good_at BIGINT,                           -- when one last worked
  UNIQUE (sender, hearer)
);
CREATE TABLE proof_loop (
  id INTEGER PRIMARY KEY,
  proof_id BIGINT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  message_id BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  heard_at BIGINT,
  ended_at BIGINT,
  result TEXT NOT NULL DEFAULT ''           -- '' while it runs | good | failed
);
CREATE INDEX proof_loop_of ON proof_loop (proof_id, id);

-- What a card has left, as its operator said by USSD.
CREATE TABLE balance (
  sim TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  amount REAL,                              -- NULL: nobody could read the answer
  said TEXT NOT NULL,
  low BIGINT NOT NULL DEFAULT 0,
  at BIGINT NOT NULL
);
