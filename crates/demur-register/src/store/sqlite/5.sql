-- Since which event a case excludes without a break; NULL where it does not.
ALTER TABLE objection ADD COLUMN in_force INTEGER;
CREATE TEMP TABLE closing AS
    SELECT history.opened, max(history.seq) AS seq
    FROM history JOIN event ON event.seq = history.seq
    WHERE json_type(event.body, '$.what.objection_refused') = 'object'
    OR json_type(event.body, '$.what.objection_withdrawn') = 'object'
    GROUP BY history.opened;
CREATE INDEX temp.closing_opened ON closing (opened);
UPDATE objection SET in_force = coalesce(
    (
        SELECT min(history.seq)
        FROM closing
        JOIN history ON history.opened = closing.opened AND history.seq > closing.seq
        JOIN event ON event.seq = history.seq
        WHERE closing.opened = objection.opened
        AND json_type(event.body, '$.what.objection_reopened') = 'object'
    ),
    opened
) WHERE status < 3;
DROP TABLE closing;
CREATE INDEX objection_in_force ON objection (purpose, in_force, opened, due_from)
    WHERE in_force IS NOT NULL;

-- The event that says that a set no longer exists.
ALTER TABLE training_set ADD COLUMN gone INTEGER;

CREATE TABLE training_version (
    seq             INTEGER PRIMARY KEY,
    set_id          TEXT NOT NULL,
    version         INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    kind            INTEGER NOT NULL,
    kept            INTEGER NOT NULL,
    left_records    INTEGER NOT NULL,
    returned        INTEGER NOT NULL,
    purged          INTEGER NOT NULL,
    snapshot_size   INTEGER NOT NULL,
    purpose_digest  TEXT NOT NULL,
    manifest_digest TEXT NOT NULL,
    history_kept    INTEGER NOT NULL,
    UNIQUE (set_id, version)
) STRICT;
INSERT INTO training_version
    SELECT seq, set_id, 0,
        CAST(strftime('%s', json_extract(body, '$.at')) AS INTEGER) * 1000000
            + CAST(substr(json_extract(body, '$.at'), -7, 6) AS INTEGER),
        0, what ->> 'kept' + what ->> 'redacted', 0, 0, 0,
        what ->> 'snapshot_size', what ->> 'purpose_digest', what ->> 'manifest_digest', 0
    FROM (
        SELECT event.seq, set_id, body, body -> '$.what.training_set_committed' AS what
        FROM training_set JOIN event ON event.seq = training_set.seq
    );

CREATE TABLE run (
    seq      INTEGER PRIMARY KEY,
    run_id   TEXT NOT NULL UNIQUE,
    finished INTEGER
) STRICT;

-- Beside the log, and not made from it: where a set was last seen, and every version's manifest.
CREATE TABLE training_place (
    set_id TEXT PRIMARY KEY,
    place  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE manifest (
    digest TEXT PRIMARY KEY,
    text   TEXT NOT NULL
) STRICT;
