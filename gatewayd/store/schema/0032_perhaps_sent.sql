-- An error that says too little, after the whole text was written: the network may have taken it all the same. A report
-- that fits such an attempt proves it, and a text with such a try says that it may be a repeat.
ALTER TABLE attempt ADD COLUMN perhaps_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN perhaps_there INTEGER NOT NULL DEFAULT 0;

CREATE INDEX attempt_perhaps_sent ON attempt (sim, started_at) WHERE perhaps_sent = 1;
