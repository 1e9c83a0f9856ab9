-- What changes a rota while it runs. Instants of civil time: a step of the clock does not move them.
CREATE TABLE cover (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('override', 'swap', 'absence', 'shadowing')),
  rota TEXT NOT NULL,                       -- '' = every rota
  person TEXT NOT NULL,                     -- who has the duty (override), is covered (swap), is away, or learns
  other TEXT NOT NULL,                      -- who covers (swap), of whom one learns (shadowing; '' = of anybody)
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  note TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  withdrawn_at BIGINT
);
CREATE INDEX cover_until ON cover (until) WHERE withdrawn_at IS NULL;
