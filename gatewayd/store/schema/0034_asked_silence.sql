-- What was asked by text to be silenced, and whose reply it waits for. `id` is the subject of its wait "asked_silence".
CREATE TABLE asked_silence (
  id INTEGER PRIMARY KEY,
  service TEXT NOT NULL,
  until BIGINT NOT NULL,
  asker TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('echo', 'consent', 'runs', 'over')),  -- runs: until its end is told
  waits_for TEXT NOT NULL,                  -- whose reply
  device TEXT NOT NULL,                     -- the number that it must come from
  code TEXT NOT NULL,                       -- taken from the codes of incidents, so that none of those is like it
  first_code TEXT NOT NULL DEFAULT '',      -- the one by which the asker proved it, once it is used
  tries BIGINT NOT NULL DEFAULT 0,          -- wrong codes
  asked_at BIGINT NOT NULL,
  outcome TEXT NOT NULL DEFAULT ''
);
CREATE INDEX asked_silence_open ON asked_silence (waits_for) WHERE state <> 'over';
CREATE INDEX asked_silence_asker ON asked_silence (asker, asked_at);
CREATE INDEX asked_silence_code ON asked_silence (code);
CREATE INDEX asked_silence_first_code ON asked_silence (first_code) WHERE first_code <> '';
