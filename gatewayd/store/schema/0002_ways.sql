-- What texts cost, in millionths of the operator's currency, counted when the network took them.
ALTER TABLE message ADD COLUMN cost BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN cost BIGINT NOT NULL DEFAULT 0;

-- What a bureau takes in a quarter of an hour, whoever it is for.
CREATE INDEX allowance_channel ON allowance (channel, at);
