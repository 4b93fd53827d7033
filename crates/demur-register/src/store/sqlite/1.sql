-- The log. `seal` binds a leaf to its place; see keys.rs.
CREATE TABLE event (
    seq  INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    leaf BLOB NOT NULL,
    seal BLOB NOT NULL
) STRICT;

CREATE TABLE head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    size     INTEGER NOT NULL,
    frontier BLOB NOT NULL,
    seal     BLOB NOT NULL
) STRICT;

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- Whom events are about. Deleting a subject deletes all that can be read of it.
CREATE TABLE subject (
    id      INTEGER PRIMARY KEY,
    tag     BLOB NOT NULL UNIQUE,
    wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE personal (
    seq     INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX personal_subject ON personal (subject);

-- Delivered notices: sorted entries of 16 bytes of account tag and 8 of time, many to a row.
CREATE TABLE notice_chunk (
    seq     INTEGER NOT NULL,
    part    INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (seq, part)
) STRICT;

-- Projections: everything below can be recreated from what is above.
CREATE TABLE objection (
    opened         INTEGER PRIMARY KEY,
    case_id        INTEGER NOT NULL UNIQUE,
    subject        INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    purpose        TEXT NOT NULL,
    scopes         INTEGER NOT NULL,
    names_record   INTEGER NOT NULL,
    status         INTEGER NOT NULL,
    received_at    INTEGER NOT NULL,
    identity       BLOB NOT NULL,
    changed        INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    extended_until TEXT,
    imported       INTEGER
) STRICT;
CREATE INDEX objection_identity ON objection (identity);
CREATE INDEX objection_subject ON objection (subject);

CREATE TABLE history (
    opened INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (opened, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE purpose_version (
    seq     INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL,
    digest  TEXT NOT NULL
) STRICT;

CREATE TABLE training_set (
    seq    INTEGER PRIMARY KEY,
    set_id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE newest (
    purpose TEXT PRIMARY KEY,
    size    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
