-- A rota that leaves the file while incidents page by it: they go on with whoever had it, and stood behind it, last.
ALTER TABLE hand_over ADD COLUMN backup TEXT NOT NULL DEFAULT '';
