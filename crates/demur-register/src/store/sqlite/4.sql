-- What a queue is filtered by, and the order in which open cases fall due.
ALTER TABLE objection ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE objection ADD COLUMN contact INTEGER NOT NULL DEFAULT 0;
UPDATE objection SET source = (
    SELECT CASE json_extract(body, '$.what.objection_received.source')
        WHEN 'command_line' THEN 1
        WHEN 'privacy_centre' THEN 2
        WHEN 'direct_link' THEN 3
        WHEN 'agent' THEN 4
        ELSE 0
    END
    FROM event WHERE seq = opened
);
CREATE INDEX objection_open
    ON objection (purpose, received_at, opened, status, source, names_record, contact)
    WHERE status < 2 AND extended_until IS NULL;
CREATE INDEX objection_extended
    ON objection (purpose, extended_until, received_at, opened, status, source, names_record, contact)
    WHERE status < 2 AND extended_until IS NOT NULL;
