//! Where rows lie. A store knows nothing of what rows mean; all reading happens in one consistent
//! view, all writing in one exclusive transaction.

#[cfg(test)]
mod conformance;
mod postgres;
mod sqlite;

use std::ops::{Range, RangeInclusive};

use demur_core::objection::{Scope, Scopes, Status};
use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::event::{Moment, Source};
use crate::keys::Tag;
use crate::merkle::Hash;
use crate::projection::{CaseRow, PurposeRow, RunRow, TrainingRow, VersionRow};
use crate::{CaseId, RegisterUrl};

pub use self::postgres::PostgresUrl;

/// A database that can hold a register.
pub(crate) trait Store: Send {
    /// Opens a view of everything committed so far.
    fn read(&self) -> Result<Box<dyn Read + '_>>;
    /// Waits for other writers, then opens a transaction; dropped uncommitted, it leaves no trace.
    fn write(&mut self) -> Result<Box<dyn Write + '_>>;
    /// Makes sure that deleted rows are gone from the disk, journals included.
    fn scrub(&self) -> Result<()>;
}

/// A place that was looked at and not yet changed.
pub(crate) struct Found<'a> {
    url: &'a RegisterUrl,
    /// Whether a register may lie there already: a file with something in it, or a database that has begun.
    pub(crate) is_present: bool,
    server: Option<postgres::Postgres>,
}

/// Looks whether a register is there.
///
/// # Errors
/// Where a server cannot be asked: that it is silent does not mean that nobody objected.
pub(crate) fn find(url: &RegisterUrl) -> Result<Found<'_>> {
    let (is_present, server) = match url {
        RegisterUrl::File(path) => (path.metadata().is_ok_and(|file| file.len() > 0), None),
        RegisterUrl::Memory => (false, None),
        RegisterUrl::Postgres(url) => {
            let server = postgres::Postgres::connect(url)?;
            (server.is_present()?, Some(server))
        }
    };
    Ok(Found { url, is_present, server })
}

impl Found<'_> {
    /// Opens the store, creating or migrating its tables.
    pub(crate) fn open(self) -> Result<Box<dyn Store>> {
        match self.server {
            Some(server) => Ok(Box::new(server.prepared()?)),
            None => Ok(Box::new(sqlite::Sqlite::open(self.url)?)),
        }
    }
}

/// Opens the store at `url`, whatever is there.
#[cfg(test)]
fn open(url: &RegisterUrl) -> Result<Box<dyn Store>> {
    find(url)?.open()
}

/// Receives rows one at a time; an error stops the query.
pub(crate) type Each<'a, T> = &'a mut dyn FnMut(T) -> Result<()>;

/// One event as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventRow {
    pub(crate) seq: u64,
    pub(crate) body: String,
    pub(crate) leaf: Hash,
    pub(crate) seal: Tag,
}

/// The end of the log as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeadRow {
    pub(crate) size: u64,
    pub(crate) frontier: Vec<u8>,
    pub(crate) seal: Tag,
}

/// What lies sealed beside an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonalRow {
    pub(crate) seq: u64,
    pub(crate) subject: i64,
    pub(crate) sealed: Vec<u8>,
}

/// A subject, closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SubjectRow {
    pub(crate) id: i64,
    pub(crate) tag: Tag,
    pub(crate) wrapped: Vec<u8>,
}

/// A part of a batch of notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoticeChunk {
    pub(crate) seq: u64,
    pub(crate) part: u32,
    pub(crate) purpose: String,
    /// Whether they came back.
    pub(crate) undelivered: bool,
    pub(crate) bytes: Vec<u8>,
}

/// Something in hand; see [`crate::desk`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeskRow {
    pub(crate) drawer: u8,
    pub(crate) key: Tag,
    /// In µs since 1970.
    pub(crate) due: i64,
    /// Whose it is; with the subject it goes.
    pub(crate) subject: Option<i64>,
    pub(crate) sealed: Vec<u8>,
    /// In whose hands it is, where somebody took it to work on it.
    pub(crate) hold: Option<Hold>,
}

/// A lease of things on the desk. Whoever works holds them under a number drawn for the occasion, and
/// once it lapses they are anybody's: so work outlives its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) by: Tag,
    /// In µs since 1970; at that moment it has lapsed.
    pub(crate) until: i64,
}

/// As much of a case as a verdict depends on, with the sealed key of whom it is about.
pub(crate) struct SaidRow {
    /// The event that opened it.
    pub(crate) opened: u64,
    /// `None` where the register has lost it.
    pub(crate) subject: Option<SubjectRow>,
    pub(crate) scopes: Scopes,
    pub(crate) names_record: bool,
    pub(crate) status: Status,
}

/// Which cases to list.
#[derive(Clone, Debug, Default)]
pub(crate) struct CaseQuery {
    pub(crate) purpose: Option<String>,
    pub(crate) status: Option<Status>,
    pub(crate) subject: Option<i64>,
    pub(crate) limit: Option<usize>,
}

/// Which open cases to list or count; see [`crate::queue`].
#[derive(Clone, Debug)]
pub(crate) struct OpenQuery {
    pub(crate) purpose: String,
    pub(crate) span: OpenSpan,
    pub(crate) status: Option<Status>,
    pub(crate) source: Option<Source>,
    pub(crate) names_record: Option<bool>,
    pub(crate) has_contact: Option<bool>,
    /// Only cases opened before the log had so many events.
    pub(crate) below: Option<u64>,
}

/// A stretch of one of the two orders of open cases.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OpenSpan {
    /// Cases that are not extended, by the moment from which their time counts, in µs, and arrival in
    /// the log.
    Received { after: (i64, Option<u64>), before: i64 },
    /// Extended ones, by last day, then as above.
    Extended { after: (Date, i64, Option<u64>), until: Date },
}

/// Questions to a store.
pub(crate) trait Read {
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>>;
    /// All settings, by name.
    fn metas(&self) -> Result<Vec<(String, Vec<u8>)>>;
    fn head(&self) -> Result<Option<HeadRow>>;
    /// Events in order.
    fn events(&self, range: Range<u64>, each: Each<'_, EventRow>) -> Result<()>;
    /// The leaf hashes of the first `upto` events.
    fn leaves(&self, upto: u64) -> Result<Vec<Hash>>;
    fn personal(&self, seq: u64) -> Result<Option<PersonalRow>>;
    /// Event and subject of every personal part, by event.
    fn personal_links(&self, each: Each<'_, (u64, i64)>) -> Result<()>;
    fn subject(&self, id: i64) -> Result<Option<SubjectRow>>;
    fn subject_by_tag(&self, tag: &Tag) -> Result<Option<SubjectRow>>;
    /// Every subject, by id.
    fn subjects(&self, each: Each<'_, SubjectRow>) -> Result<()>;
    fn case(&self, case: CaseId) -> Result<Option<CaseRow>>;
    /// The latest case with this identity.
    fn case_by_identity(&self, identity: &Tag) -> Result<Option<CaseRow>>;
    /// Says which subjects and identities the next questions are about, so that a store far away can
    /// fetch them together. Answers are the same without it.
    fn expect(&self, _subjects: &[Tag], _identities: &[Tag]) -> Result<()> {
        Ok(())
    }
    /// Cases in the order of arrival.
    fn cases(&self, query: &CaseQuery, each: Each<'_, CaseRow>) -> Result<()>;
    /// What all cases of a purpose come to, in the order of arrival: much less than the cases themselves.
    fn said(&self, purpose: &str, each: Each<'_, SaidRow>) -> Result<()>;
    /// How many cases there are of each purpose and status.
    fn count_cases(&self) -> Result<Vec<(String, Status, u64)>>;
    /// Open cases in the order of a span.
    fn open_cases(&self, query: &OpenQuery, limit: usize, each: Each<'_, CaseRow>) -> Result<()>;
    /// How many open cases a span holds.
    fn count_open(&self, query: &OpenQuery) -> Result<u64>;
    /// How many cases of a purpose are in force that were opened when the log had `since` events or
    /// more, and the earliest moment from which the time of one counts.
    fn count_in_force_since(&self, purpose: &str, since: u64) -> Result<(u64, Option<Moment>)>;
    /// Cases opened before the log had `since` events that are in force since a later event.
    fn in_force_again_since(
        &self,
        purpose: &str,
        since: u64,
        each: Each<'_, CaseRow>,
    ) -> Result<()>;
    /// The events that followed the arrival of a case.
    fn history(&self, opened: u64) -> Result<Vec<u64>>;
    /// All of them: (opened, event), by event.
    fn histories(&self) -> Result<Vec<(u64, u64)>>;
    /// Versions of purposes, oldest first.
    fn purposes(&self) -> Result<Vec<PurposeRow>>;
    /// Chunks of notices in order, of one purpose or of all, of events below `upto`.
    fn notice_chunks(
        &self,
        purpose: Option<&str>,
        upto: u64,
        each: Each<'_, NoticeChunk>,
    ) -> Result<()>;
    /// Training sets, oldest first.
    fn training(&self) -> Result<Vec<TrainingRow>>;
    /// Versions of one training set or of all, oldest first.
    fn training_versions(&self, set: Option<&str>) -> Result<Vec<VersionRow>>;
    /// Runs, oldest first.
    fn runs(&self) -> Result<Vec<RunRow>>;
    /// Where a training set was last seen.
    fn place(&self, set: &str) -> Result<Option<String>>;
    /// The text of a manifest.
    fn manifest(&self, digest: &str) -> Result<Option<String>>;
    /// Digest and text of every manifest.
    fn manifests(&self, each: Each<'_, (String, String)>) -> Result<()>;
    /// For each purpose, the log's size after the last event that changed who is excluded.
    fn newest(&self) -> Result<Vec<(String, u64)>>;

    /// What lies in a drawer under a key.
    fn desk(&self, drawer: u8, key: &Tag) -> Result<Option<DeskRow>>;
    /// Up to `limit` items of a drawer that are due between these moments, the earliest first.
    fn desk_due(
        &self,
        drawer: u8,
        due: RangeInclusive<i64>,
        limit: usize,
        each: Each<'_, DeskRow>,
    ) -> Result<()>;
    /// Whether a drawer has an item that is due by `now` and that nobody holds then.
    fn desk_waits(&self, drawer: u8, now: i64) -> Result<bool>;
    /// How many items a drawer holds.
    fn desk_count(&self, drawer: u8) -> Result<u64>;

    /// One event.
    fn event(&self, seq: u64) -> Result<EventRow> {
        let mut found = None;
        self.events(seq..seq + 1, &mut |row| {
            found = Some(row);
            Ok(())
        })?;
        found.ok_or_else(|| Error::Damaged(format!("event {seq} is missing")))
    }
}

/// Changes to a store. Rows of the log are only ever added.
pub(crate) trait Write: Read {
    fn set_meta(&mut self, name: &str, value: &[u8]) -> Result<()>;
    fn add_event(&mut self, row: &EventRow) -> Result<()>;
    fn set_head(&mut self, row: &HeadRow) -> Result<()>;
    fn add_personal(&mut self, row: &PersonalRow) -> Result<()>;
    fn add_subject(&mut self, row: &SubjectRow) -> Result<()>;
    /// Deletes a subject, and with it every personal part and case of its own.
    fn delete_subject(&mut self, id: i64) -> Result<()>;
    fn put_case(&mut self, row: &CaseRow) -> Result<()>;
    fn add_history(&mut self, opened: u64, seq: u64) -> Result<()>;
    fn add_purpose(&mut self, row: &PurposeRow) -> Result<()>;
    fn add_notice_chunk(&mut self, chunk: &NoticeChunk) -> Result<()>;
    fn put_training(&mut self, row: &TrainingRow) -> Result<()>;
    fn add_version(&mut self, row: &VersionRow) -> Result<()>;
    fn put_run(&mut self, row: &RunRow) -> Result<()>;
    fn set_place(&mut self, set: &str, place: &str) -> Result<()>;
    /// Keeps a manifest, once.
    fn add_manifest(&mut self, digest: &str, text: &str) -> Result<()>;
    fn set_newest(&mut self, purpose: &str, size: u64) -> Result<()>;
    /// Puts an item on the desk, in the place of one with the same key. Its hold is that of the row.
    fn put_desk(&mut self, row: &DeskRow) -> Result<()>;
    /// Takes up to `limit` items of a drawer that are due by `now` and that nobody holds then into one
    /// hold, and returns them, the earliest first. Items that another transaction is taking are passed
    /// over and not waited for. A hold that has lapsed is overwritten.
    fn hold_desk(
        &mut self,
        drawer: u8,
        now: i64,
        hold: &Hold,
        limit: usize,
    ) -> Result<Vec<DeskRow>>;
    /// Gives everything that is still held under this hold's number its new end, in whatever drawer;
    /// returns how much that is.
    fn prolong_desk(&mut self, hold: &Hold) -> Result<u64>;
    /// Takes an item away; says whether it was there.
    fn delete_desk(&mut self, drawer: u8, key: &Tag) -> Result<bool>;
    /// Takes away what was due before then; returns how much.
    fn lapse_desk(&mut self, drawer: u8, before: i64) -> Result<u64>;
    /// Marks a point that [`undo_to_mark`](Self::undo_to_mark) goes back to. Marks do not nest.
    fn mark(&mut self) -> Result<()>;
    fn undo_to_mark(&mut self) -> Result<()>;
    fn release_mark(&mut self) -> Result<()>;
    /// Empties every table that can be recreated from the log and the personal parts.
    fn clear_projections(&mut self) -> Result<()>;
    fn commit(self: Box<Self>) -> Result<()>;
}

/// Scopes as a column holds them: bit n stands for the n-th of [`Scope::ALL`].
fn scopes_to_column(scopes: Scopes) -> i64 {
    scopes.iter().fold(0, |bits, scope| bits | 1 << scope as u8)
}

fn scopes_from_column(bits: i64) -> Scopes {
    Scope::ALL.into_iter().filter(|scope| bits & 1 << *scope as u8 != 0).collect()
}
