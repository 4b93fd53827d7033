-- Chunks of notices that came back lie among those of delivered ones.
ALTER TABLE notice_chunk ADD COLUMN undelivered INTEGER NOT NULL DEFAULT 0;
