-- How a bureau itself writes the name of a message, where `reference` has it without zeros and case: to ask for it back.
ALTER TABLE attempt ADD COLUMN spelling TEXT;
