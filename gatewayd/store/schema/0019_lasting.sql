-- A rota that leaves the file while incidents page by it: they go on with whoever had it, and stood behind it, last.
ALTER TABLE hand_over ADD COLUMN backup TEXT NOT NULL DEFAULT '';

-- How often it was opened again because it fired anew soon after it had cleared.
ALTER TABLE incident ADD COLUMN returns BIGINT NOT NULL DEFAULT 0;
