-- By text also absences and overrides are asked for, and a duty is taken from somebody: the acts are more, and an absence
-- has a begin, whoever gets what by it, and those who have to agree.
CREATE TABLE asked_duty_now (
  id INTEGER PRIMARY KEY,
  act TEXT NOT NULL CHECK (act IN ('off', 'on', 'swap', 'relief', 'hand_over', 'away', 'back', 'override', 'cover')),
  rota TEXT NOT NULL,                       -- '' = every rota
  person TEXT NOT NULL,                     -- who has the duty as long as nothing is agreed; who is to be away
  successor TEXT NOT NULL,                  -- who is to have it; of an absence, who is asked now
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
  outcome TEXT NOT NULL DEFAULT '',
  since BIGINT NOT NULL DEFAULT 0,          -- of an absence: from when
  takes TEXT NOT NULL DEFAULT '[]',         -- JSON, of an absence: who gets what, [[rota, since, until, person], ...]
  consents TEXT NOT NULL DEFAULT '[]'       -- JSON, of an absence: who has to agree, in this order
);
INSERT INTO asked_duty_now (id, act, rota, person, successor, until, held, asker, state, waits_for, device, code,
  first_code, tries, asked_at, outcome)
SELECT id, act, rota, person, successor, until, held, asker, state, waits_for, device, code, first_code, tries,
  asked_at, outcome FROM asked_duty;
DROP TABLE asked_duty;
ALTER TABLE asked_duty_now RENAME TO asked_duty;
CREATE INDEX asked_duty_open ON asked_duty (waits_for) WHERE state <> 'over';
CREATE INDEX asked_duty_code ON asked_duty (code);
CREATE INDEX asked_duty_first_code ON asked_duty (first_code) WHERE first_code <> '';
