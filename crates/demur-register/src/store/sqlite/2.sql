-- What is in hand and not said: sessions, codes, letters to be sent. `tag` is keyed, `sealed` closed
-- under the person's own key where it is about one.
CREATE TABLE desk (
    drawer  INTEGER NOT NULL,
    tag     BLOB NOT NULL,
    due     INTEGER NOT NULL,
    subject INTEGER REFERENCES subject (id) ON DELETE CASCADE,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (drawer, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_due ON desk (drawer, due);
CREATE INDEX desk_subject ON desk (subject) WHERE subject IS NOT NULL;
