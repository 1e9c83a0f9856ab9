-- How many tries a failed attempt left: a SIM that has more of them now is another one, or was opened since.
ALTER TABLE pin_attempt ADD COLUMN tries INTEGER;  -- NULL = it hangs, or nobody knows
