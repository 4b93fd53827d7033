//! Changes in SQL: those that come in great numbers gather in [`Pending`](super::pending::Pending), the
//! others are carried out at once.

use super::pending::{Change, Known, MANY, statements};
use super::read::desk;
use super::{Failed, Params, Tx, Writing};
use crate::error::{Error, Result};
use crate::event::Moment;
use crate::keys::Tag;
use crate::projection::{CaseRow, PurposeRow, RunRow, TrainingRow, VersionRow};
use crate::store::{DeskRow, EventRow, HeadRow, Hold, NoticeChunk, PersonalRow, SubjectRow, Write};

impl Tx<'_> {
    fn writing(&self) -> &Writing {
        self.writing.as_ref().expect("only a transaction that writes is handed out for writing")
    }

    fn add(&self, change: Change) -> Result<()> {
        let many = {
            let mut pending = self.writing().pending.borrow_mut();
            pending.add(change);
            pending.len() >= MANY
        };
        if !many {
            return Ok(());
        }
        self.send()?;
        let mut pending = self.writing().pending.borrow_mut();
        if pending.known.is_large() {
            pending.known = Known::default();
        }
        Ok(())
    }

    /// Sends everything that waits. Where a mark is set, the server learns of it between what precedes
    /// it and what follows.
    pub(super) fn send(&self) -> Result<()> {
        self.save_mark()?;
        let changes = self.writing().pending.borrow_mut().take();
        self.carry_out(&changes, None)
    }

    fn save_mark(&self) -> Result<()> {
        let before = {
            let mut pending = self.writing().pending.borrow_mut();
            if pending.mark.is_none() || pending.saved {
                return Ok(());
            }
            pending.take_before_mark()
        };
        self.carry_out(&before, Some("SAVEPOINT act"))?;
        self.writing().pending.borrow_mut().saved = true;
        Ok(())
    }

    fn carry_out(&self, changes: &[Change], last: Option<&str>) -> Result<()> {
        let calls = statements(changes);
        if calls.is_empty() && last.is_none() {
            return Ok(());
        }
        let mut doing = "writing";
        self.on("writing", |link| {
            link.pipeline(&calls, last).map_err(|(what, failed)| {
                doing = what;
                failed
            })
        })
        .map_err(|error| match error {
            Error::Store { source, .. } => Error::Store { doing, source },
            other => other,
        })
    }

    /// Carries one change out at once, after all that waits.
    fn now(&self, doing: &'static str, sql: &str, params: Params<'_>) -> Result<u64> {
        self.send()?;
        self.on(doing, |link| link.execute(sql, params))
    }

    /// The same, and what is known may hold no longer.
    fn now_and_forget(&self, doing: &'static str, sql: &str, params: Params<'_>) -> Result<u64> {
        let done = self.now(doing, sql, params);
        self.writing().pending.borrow_mut().known = Known::default();
        done
    }
}

impl Write for Tx<'_> {
    fn set_meta(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.add(Change::Meta(name.to_owned(), value.to_owned()))
    }

    fn add_event(&mut self, row: &EventRow) -> Result<()> {
        self.add(Change::Event(row.clone()))
    }

    fn set_head(&mut self, row: &HeadRow) -> Result<()> {
        self.add(Change::Head(row.clone()))
    }

    fn add_personal(&mut self, row: &PersonalRow) -> Result<()> {
        self.add(Change::Personal(row.clone()))
    }

    fn add_subject(&mut self, row: &SubjectRow) -> Result<()> {
        self.add(Change::Subject(row.clone()))
    }

    fn delete_subject(&mut self, id: i64) -> Result<()> {
        let sql = "DELETE FROM subject WHERE id = $1";
        self.now_and_forget("erasing a subject", sql, &[&id]).map(drop)
    }

    fn put_case(&mut self, row: &CaseRow) -> Result<()> {
        self.add(Change::Case(row.clone()))
    }

    fn add_history(&mut self, opened: u64, seq: u64) -> Result<()> {
        self.add(Change::History(opened, seq))
    }

    fn add_purpose(&mut self, row: &PurposeRow) -> Result<()> {
        let sql = "INSERT INTO purpose_version (seq, purpose, digest) VALUES ($1, $2, $3)";
        let params: Params<'_> = &[&row.seq.cast_signed(), &row.purpose, &row.digest];
        self.now_and_forget("writing a purpose", sql, params).map(drop)
    }

    fn add_notice_chunk(&mut self, chunk: &NoticeChunk) -> Result<()> {
        let sql = "INSERT INTO notice_chunk (seq, part, purpose, undelivered, bytes) \
                   VALUES ($1, $2, $3, $4, $5)";
        let (seq, part) = (chunk.seq.cast_signed(), i64::from(chunk.part));
        let params: Params<'_> = &[&seq, &part, &chunk.purpose, &chunk.undelivered, &chunk.bytes];
        self.now("writing notices", sql, params).map(drop)
    }

    fn put_training(&mut self, row: &TrainingRow) -> Result<()> {
        let sql = "INSERT INTO training_set (seq, set_id, gone) VALUES ($1, $2, $3) \
                   ON CONFLICT (seq) DO UPDATE SET gone = excluded.gone";
        let gone = row.gone.map(u64::cast_signed);
        let params: Params<'_> = &[&row.seq.cast_signed(), &row.set, &gone];
        self.now("writing a training set", sql, params).map(drop)
    }

    fn add_version(&mut self, row: &VersionRow) -> Result<()> {
        let sql = "INSERT INTO training_version (seq, set_id, version, at, kind, kept, \
                   left_records, returned, purged, snapshot_size, purpose_digest, \
                   manifest_digest, history_kept) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let version = &row.version;
        let params: Params<'_> = &[
            &version.seq.cast_signed(),
            &row.set,
            &version.version.cast_signed(),
            &Moment::from(version.at).micros(),
            &(version.kind as i64),
            &version.kept.cast_signed(),
            &version.left.cast_signed(),
            &version.returned.cast_signed(),
            &version.purged.cast_signed(),
            &version.snapshot_size.cast_signed(),
            &version.purpose_digest,
            &version.manifest_digest,
            &version.history_kept,
        ];
        self.now("writing a version of a training set", sql, params).map(drop)
    }

    fn put_run(&mut self, row: &RunRow) -> Result<()> {
        let sql = "INSERT INTO run (seq, run_id, finished) VALUES ($1, $2, $3) \
                   ON CONFLICT (seq) DO UPDATE SET finished = excluded.finished";
        let finished = row.finished.map(u64::cast_signed);
        let params: Params<'_> = &[&row.seq.cast_signed(), &row.run, &finished];
        self.now("writing a run", sql, params).map(drop)
    }

    fn set_place(&mut self, set: &str, place: &str) -> Result<()> {
        let sql = "INSERT INTO training_place (set_id, place) VALUES ($1, $2) \
                   ON CONFLICT (set_id) DO UPDATE SET place = excluded.place";
        self.now("writing where a training set lies", sql, &[&set, &place]).map(drop)
    }

    fn add_manifest(&mut self, digest: &str, text: &str) -> Result<()> {
        let sql = "INSERT INTO manifest (digest, text) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.now("keeping a manifest", sql, &[&digest, &text]).map(drop)
    }

    fn set_newest(&mut self, purpose: &str, size: u64) -> Result<()> {
        self.add(Change::Newest(purpose.to_owned(), size))
    }

    fn put_desk(&mut self, row: &DeskRow) -> Result<()> {
        self.add(Change::Desk(row.clone()))
    }

    fn hold_desk(
        &mut self,
        drawer: u8,
        now: i64,
        hold: &Hold,
        limit: usize,
    ) -> Result<Vec<DeskRow>> {
        let sql = "UPDATE desk SET held_by = $3, held_until = $4 WHERE drawer = $1 AND tag IN ( \
                   SELECT tag FROM desk WHERE drawer = $1 AND due <= $2 \
                   AND (held_until IS NULL OR held_until <= $2) ORDER BY due, tag LIMIT $5 \
                   FOR UPDATE SKIP LOCKED) \
                   RETURNING drawer, tag, due, subject, sealed, held_by, held_until";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params: Params<'_> = &[&i64::from(drawer), &now, &&hold.by[..], &hold.until, &limit];
        self.send()?;
        let mut rows = self.all("taking from the desk", sql, params, desk)?;
        rows.sort_unstable_by_key(|row| (row.due, row.key));
        let mut pending = self.writing().pending.borrow_mut();
        for row in &rows {
            pending.known.desk.insert((row.drawer, row.key), Some(row.clone()));
        }
        Ok(rows)
    }

    fn prolong_desk(&mut self, hold: &Hold) -> Result<u64> {
        let sql = "UPDATE desk SET held_until = $2 WHERE held_by = $1";
        self.now_and_forget("holding what is on the desk", sql, &[&&hold.by[..], &hold.until])
    }

    fn delete_desk(&mut self, drawer: u8, key: &Tag) -> Result<bool> {
        use crate::store::Read;
        // Whether it is there is known from now on, and so is that it is gone.
        let there = self.desk(drawer, key)?.is_some();
        if there {
            self.add(Change::DeskGone(drawer, *key))?;
        }
        Ok(there)
    }

    fn lapse_desk(&mut self, drawer: u8, before: i64) -> Result<u64> {
        let sql = "DELETE FROM desk WHERE drawer = $1 AND due < $2";
        self.now_and_forget("clearing the desk", sql, &[&i64::from(drawer), &before])
    }

    fn mark(&mut self) -> Result<()> {
        let mut pending = self.writing().pending.borrow_mut();
        pending.mark = Some(pending.len());
        pending.saved = false;
        Ok(())
    }

    fn undo_to_mark(&mut self) -> Result<()> {
        let saved = {
            let mut pending = self.writing().pending.borrow_mut();
            pending.undo();
            pending.saved
        };
        if !saved {
            // Where a statement failed, the whole transaction is lost, and its end will say so.
            return Ok(());
        }
        // What failed after the mark is undone with it.
        self.failed.set(None);
        self.on("undoing an act", |link| link.run("ROLLBACK TO act"))
    }

    fn release_mark(&mut self) -> Result<()> {
        let saved = {
            let mut pending = self.writing().pending.borrow_mut();
            pending.mark = None;
            std::mem::take(&mut pending.saved)
        };
        if saved { self.on("ending an act", |link| link.run("RELEASE act")) } else { Ok(()) }
    }

    fn clear_projections(&mut self) -> Result<()> {
        let sql = "DELETE FROM objection; DELETE FROM history; DELETE FROM purpose_version; \
                   DELETE FROM training_set; DELETE FROM training_version; DELETE FROM run; \
                   DELETE FROM newest;";
        self.send()?;
        self.writing().pending.borrow_mut().known = Known::default();
        self.on("clearing projections", |link| link.run(sql))
    }

    fn commit(self: Box<Self>) -> Result<()> {
        if self.failed.get().is_some() {
            // The server would take "commit" for "undo", and say so only in passing.
            return self.on("committing", |_| Ok(()));
        }
        let changes = self.writing().pending.borrow_mut().take();
        let calls = statements(&changes);
        let done = {
            let link = self.store.link.borrow();
            match link.as_ref() {
                Some(link) => link.pipeline(&calls, Some("COMMIT")),
                None => Err(("committing", Failed::Gone("the connection was lost".into()))),
            }
        };
        match done {
            Ok(()) => {
                self.begun.set(false);
                Ok(())
            }
            Err((_, Failed::Gone(why))) => {
                self.begun.set(false);
                self.store.link.replace(None);
                let register = self.store.url.to_string();
                match self.store.was_committed(self.writing()) {
                    Some(true) => Ok(()),
                    Some(false) => Err(Error::Unreachable { register, why }),
                    None => Err(Error::OutcomeUnknown { register }),
                }
            }
            Err((doing, refused)) => Err(refused.into_error(doing, &self.store.url)),
        }
    }
}
