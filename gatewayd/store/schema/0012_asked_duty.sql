-- What was asked of a rota by text, and whose reply it waits for. `id` is the subject of its wait "asked_duty".
CREATE TABLE asked_duty (
  id INTEGER PRIMARY KEY,
  act TEXT NOT NULL CHECK (act IN ('off', 'on', 'swap', 'relief', 'hand_over')),
  rota TEXT NOT NULL,                       -- '' = every rota
  person TEXT NOT NULL,                     -- who has the duty as long as nothing is agreed
  successor TEXT NOT NULL,                  -- who is to have it
  until BIGINT NOT NULL,                    -- to when
  held TEXT NOT NULL,                       -- JSON: what the person would hand over, [[rota, since, until], ...]
  asker TEXT NOT NULL,                      -- '' = the desk
  state TEXT NOT NULL CHECK (state IN ('echo', 'consent', 'confirm', 'late', 'over')),
  waits_for TEXT NOT NULL,                  -- whose reply
  device TEXT NOT NULL,                     -- the number that it must come from; '' = any of theirs
  code TEXT NOT NULL,                       -- taken from the codes of incidents, so that none of those is like it
  first_code TEXT NOT NULL DEFAULT '',       -- the one by which the asker proved it, once it is used
  tries BIGINT NOT NULL DEFAULT 0,          -- wrong codes
  asked_at BIGINT NOT NULL,
  outcome TEXT NOT NULL DEFAULT ''
);
CREATE INDEX asked_duty_open ON asked_duty (waits_for) WHERE state <> 'over';
CREATE INDEX asked_duty_code ON asked_duty (code);
CREATE INDEX asked_duty_first_code ON asked_duty (first_code) WHERE first_code <> '';
ALTER TABLE hand_over ADD COLUMN expected_at BIGINT;  -- when it should change hands next, as the rota said
ALTER TABLE hand_over ADD COLUMN kept BIGINT;  -- the override by which the outgoing one keeps it until it is confirmed
