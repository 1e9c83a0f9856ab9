-- Phones that are watched for silence. What they were last heard of is read from texts, receipts and replies.
CREATE TABLE phone (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL,
  number TEXT NOT NULL,
  tested_at BIGINT,                         -- when the test that runs was sent
  message_id BIGINT REFERENCES message (id),  -- of the last test
  silent_at BIGINT,                         -- of the test that failed, if it has given no sign since
  unknown BIGINT NOT NULL DEFAULT 0,        -- 1: the last test went by a way that reports nothing
  UNIQUE (person, number)
);
CREATE INDEX incoming_person ON incoming (person, received_at) WHERE person <> '';
