-- Which SIM a PIN has opened (digests), so that it is never entered into another one.
CREATE TABLE pin_home (
  pin TEXT PRIMARY KEY,
  iccid TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- The modem and the SIM that each channel had last (digests): a swap while nobody looked is told.
CREATE TABLE modem_met (
  channel TEXT PRIMARY KEY,
  modem TEXT NOT NULL,                      -- '' = it tells no IMEI
  card TEXT NOT NULL,                       -- '' = it tells no ICCID
  at BIGINT NOT NULL
);
