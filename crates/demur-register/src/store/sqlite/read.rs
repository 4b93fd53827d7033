//! Questions in SQL.

use std::ops::{Range, RangeInclusive};

use demur_core::objection::Status;
use rusqlite::{OptionalExtension, Params, Row, named_params, params};

use super::{Tx, failed, queue, training};
use crate::CaseId;
use crate::error::Result;
use crate::event::{Moment, Source};
use crate::keys::Tag;
use crate::merkle::Hash;
use crate::projection::{CaseRow, PurposeRow, RunRow, TrainingRow, VersionRow};
use crate::store::{
    CaseQuery, DeskRow, Each, EventRow, HeadRow, Hold, NoticeChunk, OpenQuery, PersonalRow, Read,
    SaidRow, SubjectRow, scopes_from_column,
};

impl Tx<'_> {
    /// The first row, where there is one.
    pub(super) fn one<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let found =
            self.tx.prepare_cached(sql).and_then(|mut s| s.query_row(params, read).optional());
        found.map_err(failed(doing))
    }

    /// Row after row.
    pub(super) fn each<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        each: Each<'_, T>,
    ) -> Result<()> {
        let mut statement = self.tx.prepare_cached(sql).map_err(failed(doing))?;
        let mut rows = statement.query(params).map_err(failed(doing))?;
        while let Some(row) = rows.next().map_err(failed(doing))? {
            each(read(row).map_err(failed(doing))?)?;
        }
        Ok(())
    }

    /// All rows.
    pub(super) fn all<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(doing, sql, params, read, &mut |row| {
            all.push(row);
            Ok(())
        })?;
        Ok(all)
    }
}

pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::cast_unsigned)
}

fn event(row: &Row<'_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow {
        seq: number(row, 0)?,
        body: row.get(1)?,
        leaf: Hash(row.get(2)?),
        seal: row.get(3)?,
    })
}

/// An item, of all columns in the order of its table.
pub(super) fn desk(row: &Row<'_>) -> rusqlite::Result<DeskRow> {
    let (by, until) = (row.get::<_, Option<Tag>>(5)?, row.get::<_, Option<i64>>(6)?);
    Ok(DeskRow {
        drawer: row.get(0)?,
        key: row.get(1)?,
        due: row.get(2)?,
        subject: row.get(3)?,
        sealed: row.get(4)?,
        hold: by.zip(until).map(|(by, until)| Hold { by, until }),
    })
}

fn subject(row: &Row<'_>) -> rusqlite::Result<SubjectRow> {
    Ok(SubjectRow { id: row.get(0)?, tag: row.get(1)?, wrapped: row.get(2)? })
}

fn out_of_range(row: &Row<'_>, column: usize) -> rusqlite::Error {
    rusqlite::Error::IntegralValueOutOfRange(column, row.get(column).unwrap_or_default())
}

/// The entry of a list whose place a column holds.
pub(super) fn entry<T: Copy>(row: &Row<'_>, column: usize, all: &[T]) -> rusqlite::Result<T> {
    let place: i64 = row.get(column)?;
    let entry = usize::try_from(place).ok().and_then(|place| all.get(place));
    entry.copied().ok_or_else(|| out_of_range(row, column))
}

fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<Status> {
    entry(row, column, &Status::ALL)
}

pub(super) fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Moment> {
    Moment::from_micros(row.get(column)?).ok_or_else(|| out_of_range(row, column))
}

fn case(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    let until: Option<String> = row.get(11)?;
    let until = until.map(|day| day.parse()).transpose();
    let imported: Option<i64> = row.get(12)?;
    Ok(CaseRow {
        opened: number(row, 0)?,
        case: CaseId::from_column(row.get(1)?),
        subject: row.get(2)?,
        purpose: row.get(3)?,
        scopes: scopes_from_column(row.get(4)?),
        names_record: row.get(5)?,
        status: status(row, 6)?,
        received_at: moment(row, 7)?,
        identity: row.get(8)?,
        changed: number(row, 9)?,
        changed_at: moment(row, 10)?,
        extended_until: until.map_err(|_| out_of_range(row, 11))?,
        imported: imported.map(|_| status(row, 12)).transpose()?,
        source: entry(row, 13, &Source::ALL)?,
        has_contact: row.get(14)?,
        due_from: moment(row, 15)?,
        in_force: row.get::<_, Option<i64>>(16)?.map(i64::cast_unsigned),
    })
}

/// The columns that [`case`] reads.
macro_rules! select_case {
    ($rest:literal) => {
        concat!(
            "SELECT opened, case_id, subject, purpose, scopes, names_record, status, received_at, \
             identity, changed, changed_at, extended_until, imported, source, contact, \
             due_from, in_force \
             FROM objection ",
            $rest
        )
    };
}
pub(super) use select_case;

impl Read for Tx<'_> {
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT value FROM meta WHERE name = ?1";
        self.one("reading its settings", sql, [name], |row| row.get(0))
    }

    fn metas(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let sql = "SELECT name, value FROM meta ORDER BY name";
        self.all("reading its settings", sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn head(&self) -> Result<Option<HeadRow>> {
        let sql = "SELECT size, frontier, seal FROM head";
        self.one("reading the log's end", sql, [], |row| {
            Ok(HeadRow { size: number(row, 0)?, frontier: row.get(1)?, seal: row.get(2)? })
        })
    }

    fn events(&self, range: Range<u64>, each: Each<'_, EventRow>) -> Result<()> {
        let sql =
            "SELECT seq, body, leaf, seal FROM event WHERE seq >= ?1 AND seq < ?2 ORDER BY seq";
        let range = [range.start.cast_signed(), clamp(range.end)];
        self.each("reading events", sql, range, event, each)
    }

    fn leaves(&self, upto: u64) -> Result<Vec<Hash>> {
        let sql = "SELECT leaf FROM event WHERE seq < ?1 ORDER BY seq";
        self.all("reading leaves", sql, [clamp(upto)], |row| row.get(0).map(Hash))
    }

    fn personal(&self, seq: u64) -> Result<Option<PersonalRow>> {
        let sql = "SELECT subject, sealed FROM personal WHERE seq = ?1";
        self.one("reading a personal part", sql, [seq.cast_signed()], |row| {
            Ok(PersonalRow { seq, subject: row.get(0)?, sealed: row.get(1)? })
        })
    }

    fn personal_links(&self, each: Each<'_, (u64, i64)>) -> Result<()> {
        let sql = "SELECT seq, subject FROM personal ORDER BY seq";
        let read = |row: &Row<'_>| Ok((number(row, 0)?, row.get(1)?));
        self.each("reading personal parts", sql, [], read, each)
    }

    fn subject(&self, id: i64) -> Result<Option<SubjectRow>> {
        let sql = "SELECT id, tag, wrapped FROM subject WHERE id = ?1";
        self.one("reading a subject", sql, [id], subject)
    }

    fn subject_by_tag(&self, tag: &Tag) -> Result<Option<SubjectRow>> {
        let sql = "SELECT id, tag, wrapped FROM subject WHERE tag = ?1";
        self.one("finding a subject", sql, [tag], subject)
    }

    fn subjects(&self, each: Each<'_, SubjectRow>) -> Result<()> {
        let sql = "SELECT id, tag, wrapped FROM subject ORDER BY id";
        self.each("reading subjects", sql, [], subject, each)
    }

    fn case(&self, number: CaseId) -> Result<Option<CaseRow>> {
        let sql = select_case!("WHERE case_id = ?1");
        self.one("finding a case", sql, [number.to_column()], case)
    }

    fn case_by_identity(&self, identity: &Tag) -> Result<Option<CaseRow>> {
        let sql = select_case!("WHERE identity = ?1 ORDER BY opened DESC LIMIT 1");
        self.one("recognising an objection", sql, [identity], case)
    }

    fn cases(&self, query: &CaseQuery, each: Each<'_, CaseRow>) -> Result<()> {
        let limit = query.limit.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX));
        let status = query.status.map(|status| status as i64);
        let sql = if query.subject.is_some() {
            select_case!(
                "WHERE (:purpose IS NULL OR purpose = :purpose) \
                 AND (:status IS NULL OR status = :status) AND subject = :subject \
                 ORDER BY opened LIMIT :limit"
            )
        } else {
            select_case!(
                "WHERE (:purpose IS NULL OR purpose = :purpose) \
                 AND (:status IS NULL OR status = :status) AND :subject IS NULL \
                 ORDER BY opened LIMIT :limit"
            )
        };
        let params = named_params! {
            ":purpose": query.purpose, ":status": status, ":subject": query.subject, ":limit": limit,
        };
        self.each("listing cases", sql, params, case, each)
    }

    fn said(&self, purpose: &str, each: Each<'_, SaidRow>) -> Result<()> {
        let sql = "SELECT opened, scopes, names_record, status, subject.id, tag, wrapped \
                   FROM objection LEFT JOIN subject ON subject.id = objection.subject \
                   WHERE purpose = ?1 ORDER BY opened";
        let read = |row: &Row<'_>| {
            let id: Option<i64> = row.get(4)?;
            let subject = match id {
                Some(id) => Some(SubjectRow { id, tag: row.get(5)?, wrapped: row.get(6)? }),
                None => None,
            };
            Ok(SaidRow {
                opened: number(row, 0)?,
                subject,
                scopes: scopes_from_column(row.get(1)?),
                names_record: row.get(2)?,
                status: status(row, 3)?,
            })
        };
        self.each("reading objections", sql, [purpose], read, each)
    }

    fn count_cases(&self) -> Result<Vec<(String, Status, u64)>> {
        let sql = "SELECT purpose, status, count(*) FROM objection \
                   GROUP BY purpose, status ORDER BY purpose, status";
        self.all("counting cases", sql, [], |row| {
            Ok((row.get(0)?, status(row, 1)?, number(row, 2)?))
        })
    }

    fn open_cases(&self, query: &OpenQuery, limit: usize, each: Each<'_, CaseRow>) -> Result<()> {
        let sql = queue::list(query);
        self.each("listing open cases", &sql, queue::params(query, limit), case, each)
    }

    fn count_open(&self, query: &OpenQuery) -> Result<u64> {
        let (sql, params) = (queue::count(query), queue::params(query, 1));
        let found = self.one("counting open cases", &sql, params, |row| number(row, 0))?;
        Ok(found.unwrap_or_default())
    }

    fn count_in_force_since(&self, purpose: &str, since: u64) -> Result<(u64, Option<Moment>)> {
        let params = params![purpose, clamp(since)];
        let found = self.one("counting objections", training::IN_FORCE_SINCE, params, |row| {
            let earliest: Option<i64> = row.get(1)?;
            Ok((number(row, 0)?, earliest.map(|_| moment(row, 1)).transpose()?))
        })?;
        Ok(found.unwrap_or_default())
    }

    fn in_force_again_since(
        &self,
        purpose: &str,
        since: u64,
        each: Each<'_, CaseRow>,
    ) -> Result<()> {
        let sql = select_case!(
            "WHERE purpose = ?1 AND in_force >= ?2 AND opened < ?2 ORDER BY in_force, opened"
        );
        self.each("listing objections", sql, params![purpose, clamp(since)], case, each)
    }

    fn history(&self, opened: u64) -> Result<Vec<u64>> {
        let sql = "SELECT seq FROM history WHERE opened = ?1 ORDER BY seq";
        self.all("reading a case's history", sql, [opened.cast_signed()], |row| number(row, 0))
    }

    fn histories(&self) -> Result<Vec<(u64, u64)>> {
        let sql = "SELECT opened, seq FROM history ORDER BY seq";
        self.all("reading histories", sql, [], |row| Ok((number(row, 0)?, number(row, 1)?)))
    }

    fn purposes(&self) -> Result<Vec<PurposeRow>> {
        let sql = "SELECT seq, purpose, digest FROM purpose_version ORDER BY seq";
        self.all("reading purposes", sql, [], |row| {
            Ok(PurposeRow { seq: number(row, 0)?, purpose: row.get(1)?, digest: row.get(2)? })
        })
    }

    fn notice_chunks(
        &self,
        purpose: Option<&str>,
        upto: u64,
        each: Each<'_, NoticeChunk>,
    ) -> Result<()> {
        let sql = "SELECT seq, part, purpose, undelivered, bytes FROM notice_chunk \
                   WHERE (?1 IS NULL OR purpose = ?1) AND seq < ?2 ORDER BY seq, part";
        let read = |row: &Row<'_>| {
            Ok(NoticeChunk {
                seq: number(row, 0)?,
                part: row.get(1)?,
                purpose: row.get(2)?,
                undelivered: row.get(3)?,
                bytes: row.get(4)?,
            })
        };
        self.each("reading notices", sql, params![purpose, clamp(upto)], read, each)
    }

    fn training(&self) -> Result<Vec<TrainingRow>> {
        self.all("reading training sets", training::SETS, [], training::set)
    }

    fn training_versions(&self, set: Option<&str>) -> Result<Vec<VersionRow>> {
        let doing = "reading versions of training sets";
        match set {
            Some(set) => self.all(doing, training::VERSIONS_OF, [set], training::version),
            None => self.all(doing, training::VERSIONS, [], training::version),
        }
    }

    fn runs(&self) -> Result<Vec<RunRow>> {
        self.all("reading runs", training::RUNS, [], training::run)
    }

    fn place(&self, set: &str) -> Result<Option<String>> {
        let sql = "SELECT place FROM training_place WHERE set_id = ?1";
        self.one("reading where a training set lies", sql, [set], |row| row.get(0))
    }

    fn manifest(&self, digest: &str) -> Result<Option<String>> {
        let sql = "SELECT text FROM manifest WHERE digest = ?1";
        self.one("reading a manifest", sql, [digest], |row| row.get(0))
    }

    fn manifests(&self, each: Each<'_, (String, String)>) -> Result<()> {
        let sql = "SELECT digest, text FROM manifest ORDER BY digest";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.each("reading manifests", sql, [], read, each)
    }

    fn newest(&self) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT purpose, size FROM newest ORDER BY purpose";
        self.all("reading what is newest", sql, [], |row| Ok((row.get(0)?, number(row, 1)?)))
    }

    fn desk(&self, drawer: u8, key: &Tag) -> Result<Option<DeskRow>> {
        let sql = "SELECT drawer, tag, due, subject, sealed, held_by, held_until FROM desk \
                   WHERE drawer = ?1 AND tag = ?2";
        self.one("looking on the desk", sql, params![drawer, key], desk)
    }

    fn desk_due(
        &self,
        drawer: u8,
        due: RangeInclusive<i64>,
        limit: usize,
        each: Each<'_, DeskRow>,
    ) -> Result<()> {
        let sql = "SELECT drawer, tag, due, subject, sealed, held_by, held_until FROM desk \
                   WHERE drawer = ?1 AND due BETWEEN ?2 AND ?3 ORDER BY due, tag LIMIT ?4";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params = params![drawer, due.start(), due.end(), limit];
        self.each("looking on the desk", sql, params, desk, each)
    }

    fn desk_waits(&self, drawer: u8, now: i64) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM desk WHERE drawer = ?1 AND due <= ?2 \
                   AND (held_until IS NULL OR held_until <= ?2))";
        let found = self.one("looking on the desk", sql, params![drawer, now], |row| row.get(0))?;
        Ok(found.unwrap_or_default())
    }

    fn desk_count(&self, drawer: u8) -> Result<u64> {
        let sql = "SELECT count(*) FROM desk WHERE drawer = ?1";
        let found = self.one("counting on the desk", sql, params![drawer], |row| number(row, 0))?;
        Ok(found.unwrap_or_default())
    }
}

/// A bound as a column can hold it.
pub(super) fn clamp(bound: u64) -> i64 {
    i64::try_from(bound).unwrap_or(i64::MAX)
}
