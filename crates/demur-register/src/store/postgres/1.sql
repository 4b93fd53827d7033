-- The log. `seal` binds a leaf to its place; see keys.rs. Texts compare by their bytes, as everywhere
-- else in Demur.
CREATE TABLE event (
    seq  BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    leaf BYTEA NOT NULL,
    seal BYTEA NOT NULL
);

CREATE TABLE head (
    one      BIGINT PRIMARY KEY CHECK (one = 1),
    size     BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    seal     BYTEA NOT NULL
);

CREATE TABLE meta (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);

-- Whom events are about. Deleting a subject deletes all that can be read of it.
CREATE TABLE subject (
    id      BIGINT PRIMARY KEY,
    tag     BYTEA NOT NULL UNIQUE,
    wrapped BYTEA NOT NULL
);

CREATE TABLE personal (
    seq     BIGINT PRIMARY KEY,
    subject BIGINT NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    sealed  BYTEA NOT NULL
);
CREATE INDEX personal_subject ON personal (subject);

-- Sorted entries of 16 bytes of account tag and 8 of time, many to a row.
CREATE TABLE notice_chunk (
    seq         BIGINT NOT NULL,
    part        BIGINT NOT NULL,
    purpose     TEXT COLLATE "C" NOT NULL,
    undelivered BOOLEAN NOT NULL,
    bytes       BYTEA NOT NULL,
    PRIMARY KEY (seq, part)
);

-- What is in hand and not said: sessions, codes, letters to be sent. `tag` is keyed, `sealed` closed
-- under the person's own key where it is about one. In whose hands it is, under a number drawn for the
-- occasion, and until when, the last two say.
CREATE TABLE desk (
    drawer     BIGINT NOT NULL,
    tag        BYTEA NOT NULL,
    due        BIGINT NOT NULL,
    subject    BIGINT REFERENCES subject (id) ON DELETE CASCADE,
    sealed     BYTEA NOT NULL,
    held_by    BYTEA,
    held_until BIGINT,
    PRIMARY KEY (drawer, tag)
);
CREATE INDEX desk_due ON desk (drawer, due, tag);
CREATE INDEX desk_subject ON desk (subject) WHERE subject IS NOT NULL;
CREATE INDEX desk_held ON desk (held_by) WHERE held_by IS NOT NULL;

-- Beside the log, and not made from it: where a set was last seen, and every version's manifest.
CREATE TABLE training_place (
    set_id TEXT COLLATE "C" PRIMARY KEY,
    place  TEXT NOT NULL
);

CREATE TABLE manifest (
    digest TEXT COLLATE "C" PRIMARY KEY,
    text   TEXT NOT NULL
);

-- Projections: everything below can be recreated from what is above.
CREATE TABLE objection (
    opened         BIGINT PRIMARY KEY,
    case_id        BIGINT NOT NULL UNIQUE,
    subject        BIGINT NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    purpose        TEXT COLLATE "C" NOT NULL,
    scopes         BIGINT NOT NULL,
    names_record   BOOLEAN NOT NULL,
    contact        BOOLEAN NOT NULL,
    source         BIGINT NOT NULL,
    status         BIGINT NOT NULL,
    received_at    BIGINT NOT NULL,
    due_from       BIGINT NOT NULL,
    identity       BYTEA NOT NULL,
    changed        BIGINT NOT NULL,
    changed_at     BIGINT NOT NULL,
    extended_until TEXT COLLATE "C",
    imported       BIGINT,
    in_force       BIGINT
);
CREATE INDEX objection_identity ON objection (identity, opened);
CREATE INDEX objection_subject ON objection (subject);
CREATE INDEX objection_open ON objection (purpose, due_from, opened)
    WHERE status < 2 AND extended_until IS NULL;
CREATE INDEX objection_extended ON objection (purpose, extended_until, due_from, opened)
    WHERE status < 2 AND extended_until IS NOT NULL;
CREATE INDEX objection_in_force ON objection (purpose, in_force, opened) INCLUDE (due_from)
    WHERE in_force IS NOT NULL;

CREATE TABLE history (
    opened BIGINT NOT NULL,
    seq    BIGINT NOT NULL,
    PRIMARY KEY (opened, seq)
);

CREATE TABLE purpose_version (
    seq     BIGINT PRIMARY KEY,
    purpose TEXT COLLATE "C" NOT NULL,
    digest  TEXT NOT NULL
);

CREATE TABLE training_set (
    seq    BIGINT PRIMARY KEY,
    set_id TEXT COLLATE "C" NOT NULL UNIQUE,
    gone   BIGINT
);

CREATE TABLE training_version (
    seq             BIGINT PRIMARY KEY,
    set_id          TEXT COLLATE "C" NOT NULL,
    version         BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    kind            BIGINT NOT NULL,
    kept            BIGINT NOT NULL,
    left_records    BIGINT NOT NULL,
    returned        BIGINT NOT NULL,
    purged          BIGINT NOT NULL,
    snapshot_size   BIGINT NOT NULL,
    purpose_digest  TEXT NOT NULL,
    manifest_digest TEXT NOT NULL,
    history_kept    BOOLEAN NOT NULL,
    UNIQUE (set_id, version)
);

CREATE TABLE run (
    seq      BIGINT PRIMARY KEY,
    run_id   TEXT COLLATE "C" NOT NULL UNIQUE,
    finished BIGINT
);

CREATE TABLE newest (
    purpose TEXT COLLATE "C" PRIMARY KEY,
    size    BIGINT NOT NULL
);
