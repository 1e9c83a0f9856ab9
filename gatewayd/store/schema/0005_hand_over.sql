-- Who holds a rota, as far as people were told. `id` is the subject of the rota's wait "hand_over".
CREATE TABLE hand_over (
  id INTEGER PRIMARY KEY,
  rota TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL,
  since BIGINT NOT NULL                     -- from when they hold it, as we noticed it
);
