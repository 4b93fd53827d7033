-- What a queue is filtered by, and the order in which open cases fall due.
ALTER TABLE objection ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE objection ADD COLUMN contact INTEGER NOT NULL DEFAULT 0;
ALTER TABLE objection ADD COLUMN due_from INTEGER NOT NULL DEFAULT 0;
UPDATE objection SET source = (
    SELECT CASE json_extract(body, '$.what.objection_received.source')
        WHEN 'command_line' THEN 1
        WHEN 'privacy_centre' THEN 2
        WHEN 'direct_link' THEN 3
        WHEN 'agent' THEN 4
        ELSE 0
    END
    FROM event WHERE seq = opened
), due_from = received_at;
-- Cases that were opened again are due from then, and what was extended before is over.
CREATE TEMP TABLE again AS
    SELECT history.opened, max(event.seq) AS seq, event.body
    FROM history JOIN event ON event.seq = history.seq
    WHERE json_type(event.body, '$.what.objection_reopened') = 'object'
    GROUP BY history.opened;
UPDATE objection SET
    due_from = CAST(strftime('%s', json_extract(again.body, '$.at')) AS INTEGER) * 1000000
        + CAST(substr(json_extract(again.body, '$.at'), -7, 6) AS INTEGER),
    extended_until = (
        SELECT json_extract(event.body, '$.what.deadline_extended.until')
        FROM history JOIN event ON event.seq = history.seq
        WHERE history.opened = objection.opened AND event.seq > again.seq
        AND json_type(event.body, '$.what.deadline_extended') = 'object'
        ORDER BY event.seq DESC LIMIT 1
    )
FROM again WHERE again.opened = objection.opened;
DROP TABLE again;
CREATE INDEX objection_open
    ON objection (purpose, due_from, opened, status, source, names_record, contact)
    WHERE status < 2 AND extended_until IS NULL;
CREATE INDEX objection_extended
    ON objection (purpose, extended_until, due_from, opened, status, source, names_record, contact)
    WHERE status < 2 AND extended_until IS NOT NULL;
