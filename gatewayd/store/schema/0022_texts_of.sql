-- All texts to somebody, the newest first, page by page: message_person has the times, by which a clock goes back.
CREATE INDEX message_of ON message (person, id);
