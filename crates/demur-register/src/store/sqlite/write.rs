//! Changes in SQL.

use rusqlite::{Params, params};

use super::read::desk;
use super::{Tx, failed};
use crate::error::Result;
use crate::event::Moment;
use crate::keys::Tag;
use crate::projection::{CaseRow, PurposeRow, RunRow, TrainingRow, VersionRow};
use crate::store::{
    DeskRow, EventRow, HeadRow, Hold, NoticeChunk, PersonalRow, SubjectRow, Write, scopes_to_column,
};

impl Tx<'_> {
    fn run(&self, doing: &'static str, sql: &str, params: impl Params) -> Result<()> {
        let done = self.tx.prepare_cached(sql).and_then(|mut s| s.execute(params));
        done.map(drop).map_err(failed(doing))
    }
}

impl Write for Tx<'_> {
    fn set_meta(&mut self, name: &str, value: &[u8]) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)";
        self.run("writing its settings", sql, params![name, value])
    }

    fn add_event(&mut self, row: &EventRow) -> Result<()> {
        let sql = "INSERT INTO event (seq, body, leaf, seal) VALUES (?1, ?2, ?3, ?4)";
        let params = params![row.seq.cast_signed(), row.body, row.leaf.0, row.seal];
        self.run("appending an event", sql, params)
    }

    fn set_head(&mut self, row: &HeadRow) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO head (one, size, frontier, seal) VALUES (1, ?1, ?2, ?3)";
        let params = params![row.size.cast_signed(), row.frontier, row.seal];
        self.run("moving the log's end", sql, params)
    }

    fn add_personal(&mut self, row: &PersonalRow) -> Result<()> {
        let sql = "INSERT INTO personal (seq, subject, sealed) VALUES (?1, ?2, ?3)";
        let params = params![row.seq.cast_signed(), row.subject, row.sealed];
        self.run("adding a personal part", sql, params)
    }

    fn add_subject(&mut self, row: &SubjectRow) -> Result<()> {
        let sql = "INSERT INTO subject (id, tag, wrapped) VALUES (?1, ?2, ?3)";
        self.run("adding a subject", sql, params![row.id, row.tag, row.wrapped])
    }

    fn delete_subject(&mut self, id: i64) -> Result<()> {
        self.run("erasing a subject", "DELETE FROM subject WHERE id = ?1", [id])
    }

    fn put_case(&mut self, row: &CaseRow) -> Result<()> {
        let sql = "INSERT INTO objection (opened, case_id, subject, purpose, scopes, names_record, \
                   status, received_at, identity, changed, changed_at, extended_until, imported, \
                   source, contact, due_from, in_force) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
                   ?17) \
                   ON CONFLICT (opened) DO UPDATE SET status = ?7, changed = ?10, \
                   changed_at = ?11, extended_until = ?12, imported = ?13, due_from = ?16, \
                   in_force = ?17";
        let params = params![
            row.opened.cast_signed(),
            row.case.to_column(),
            row.subject,
            row.purpose,
            scopes_to_column(row.scopes),
            row.names_record,
            row.status as i64,
            row.received_at.micros(),
            row.identity,
            row.changed.cast_signed(),
            row.changed_at.micros(),
            row.extended_until.map(|day| day.to_string()),
            row.imported.map(|status| status as i64),
            row.source as i64,
            row.has_contact,
            row.due_from.micros(),
            row.in_force.map(u64::cast_signed),
        ];
        self.run("writing a case", sql, params)
    }

    fn add_history(&mut self, opened: u64, seq: u64) -> Result<()> {
        let sql = "INSERT INTO history (opened, seq) VALUES (?1, ?2)";
        self.run("writing a case's history", sql, [opened.cast_signed(), seq.cast_signed()])
    }

    fn add_purpose(&mut self, row: &PurposeRow) -> Result<()> {
        let sql = "INSERT INTO purpose_version (seq, purpose, digest) VALUES (?1, ?2, ?3)";
        let params = params![row.seq.cast_signed(), row.purpose, row.digest];
        self.run("writing a purpose", sql, params)
    }

    fn add_notice_chunk(&mut self, chunk: &NoticeChunk) -> Result<()> {
        let sql = "INSERT INTO notice_chunk (seq, part, purpose, undelivered, bytes) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let seq = chunk.seq.cast_signed();
        let params = params![seq, chunk.part, chunk.purpose, chunk.undelivered, chunk.bytes];
        self.run("writing notices", sql, params)
    }

    fn put_training(&mut self, row: &TrainingRow) -> Result<()> {
        let sql = "INSERT INTO training_set (seq, set_id, gone) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (seq) DO UPDATE SET gone = ?3";
        let params = params![row.seq.cast_signed(), row.set, row.gone.map(u64::cast_signed)];
        self.run("writing a training set", sql, params)
    }

    fn add_version(&mut self, row: &VersionRow) -> Result<()> {
        let sql = "INSERT INTO training_version (seq, set_id, version, at, kind, kept, \
                   left_records, returned, purged, snapshot_size, purpose_digest, \
                   manifest_digest, history_kept) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let version = &row.version;
        let params = params![
            version.seq.cast_signed(),
            row.set,
            version.version.cast_signed(),
            Moment::from(version.at).micros(),
            version.kind as i64,
            version.kept.cast_signed(),
            version.left.cast_signed(),
            version.returned.cast_signed(),
            version.purged.cast_signed(),
            version.snapshot_size.cast_signed(),
            version.purpose_digest,
            version.manifest_digest,
            version.history_kept,
        ];
        self.run("writing a version of a training set", sql, params)
    }

    fn put_run(&mut self, row: &RunRow) -> Result<()> {
        let sql = "INSERT INTO run (seq, run_id, finished) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (seq) DO UPDATE SET finished = ?3";
        let params = params![row.seq.cast_signed(), row.run, row.finished.map(u64::cast_signed)];
        self.run("writing a run", sql, params)
    }

    fn set_place(&mut self, set: &str, place: &str) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO training_place (set_id, place) VALUES (?1, ?2)";
        self.run("writing where a training set lies", sql, [set, place])
    }

    fn add_manifest(&mut self, digest: &str, text: &str) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO manifest (digest, text) VALUES (?1, ?2)";
        self.run("keeping a manifest", sql, [digest, text])
    }

    fn set_newest(&mut self, purpose: &str, size: u64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO newest (purpose, size) VALUES (?1, ?2)";
        self.run("writing what is newest", sql, params![purpose, size.cast_signed()])
    }

    fn put_desk(&mut self, row: &DeskRow) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO desk \
                   (drawer, tag, due, subject, sealed, held_by, held_until) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let DeskRow { drawer, key, due, subject, sealed, hold } = row;
        let (by, until) = (hold.map(|hold| hold.by), hold.map(|hold| hold.until));
        let params = params![drawer, key, due, subject, sealed, by, until];
        self.run("putting something on the desk", sql, params)
    }

    fn hold_desk(
        &mut self,
        drawer: u8,
        now: i64,
        hold: &Hold,
        limit: usize,
    ) -> Result<Vec<DeskRow>> {
        let sql = "UPDATE desk SET held_by = ?3, held_until = ?4 WHERE drawer = ?1 AND tag IN ( \
                   SELECT tag FROM desk WHERE drawer = ?1 AND due <= ?2 \
                   AND (held_until IS NULL OR held_until <= ?2) ORDER BY due, tag LIMIT ?5) \
                   RETURNING drawer, tag, due, subject, sealed, held_by, held_until";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params = params![drawer, now, hold.by, hold.until, limit];
        let mut rows = self.all("taking from the desk", sql, params, desk)?;
        rows.sort_unstable_by_key(|row| (row.due, row.key));
        Ok(rows)
    }

    fn prolong_desk(&mut self, hold: &Hold) -> Result<u64> {
        let sql = "UPDATE desk SET held_until = ?2 WHERE held_by = ?1";
        let params = params![hold.by, hold.until];
        let done = self.tx.prepare_cached(sql).and_then(|mut s| s.execute(params));
        done.map(|rows| rows as u64).map_err(failed("holding what is on the desk"))
    }

    fn delete_desk(&mut self, drawer: u8, key: &Tag) -> Result<bool> {
        let sql = "DELETE FROM desk WHERE drawer = ?1 AND tag = ?2";
        let done = self.tx.prepare_cached(sql).and_then(|mut s| s.execute(params![drawer, key]));
        done.map(|rows| rows > 0).map_err(failed("clearing the desk"))
    }

    fn lapse_desk(&mut self, drawer: u8, before: i64) -> Result<u64> {
        let sql = "DELETE FROM desk WHERE drawer = ?1 AND due < ?2";
        let done = self.tx.prepare_cached(sql).and_then(|mut s| s.execute(params![drawer, before]));
        done.map(|rows| rows as u64).map_err(failed("clearing the desk"))
    }

    fn mark(&mut self) -> Result<()> {
        self.run("marking a point", "SAVEPOINT act", [])
    }

    fn undo_to_mark(&mut self) -> Result<()> {
        self.run("undoing an act", "ROLLBACK TO act", [])
    }

    fn release_mark(&mut self) -> Result<()> {
        self.run("ending an act", "RELEASE act", [])
    }

    fn clear_projections(&mut self) -> Result<()> {
        let sql = "DELETE FROM objection; DELETE FROM history; DELETE FROM purpose_version; \
                   DELETE FROM training_set; DELETE FROM training_version; DELETE FROM run; \
                   DELETE FROM newest;";
        self.tx.execute_batch(sql).map_err(failed("clearing projections"))
    }

    fn commit(self: Box<Self>) -> Result<()> {
        self.tx.commit().map_err(failed("committing"))
    }
}
