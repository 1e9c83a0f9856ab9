-- Since when an incident is as bad as it is now, if it got worse or more joined what somebody had taken; and the last page
-- and text before that. Only what is newer tells a person how it stands.
ALTER TABLE incident ADD COLUMN worse_at BIGINT;
ALTER TABLE incident ADD COLUMN worse_page BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN worse_message BIGINT NOT NULL DEFAULT 0;
