//! Questions in SQL.

use std::ops::{Range, RangeInclusive};

use demur_core::objection::Status;
use tokio_postgres::Row;

use super::pending::Table;
use super::queue::Question;
use super::{Tx, get};
use crate::CaseId;
use crate::error::{Error, Result};
use crate::event::{Moment, Source};
use crate::keys::Tag;
use crate::merkle::Hash;
use crate::projection::{CaseRow, PurposeRow, RunRow, TrainingRow, VersionRow};
use crate::store::{
    CaseQuery, DeskRow, Each, EventRow, HeadRow, Hold, NoticeChunk, OpenQuery, PersonalRow, Read,
    SaidRow, SubjectRow, scopes_from_column,
};
use crate::training::{Version, VersionKind};

/// How many rows of a long list are fetched at a time: small ones, and such as may be large.
const SMALL: usize = 4096;
const LARGE: usize = 16;

/// The columns that [`case`] reads.
pub(super) const SELECT_CASE: &str = "SELECT opened, case_id, subject, purpose, scopes, names_record, status, received_at, identity, \
     changed, changed_at, extended_until, imported, source, contact, due_from, in_force \
     FROM objection";

/// The columns that [`version`] reads.
const SELECT_VERSION: &str = "SELECT seq, set_id, version, at, kind, kept, left_records, returned, purged, snapshot_size, \
     purpose_digest, manifest_digest, history_kept FROM training_version";

/// A bound as a column can hold it.
pub(super) fn clamp(bound: u64) -> i64 {
    i64::try_from(bound).unwrap_or(i64::MAX)
}

fn number(row: &Row, column: usize) -> Result<u64> {
    get(row, column).map(i64::cast_unsigned)
}

fn perhaps(row: &Row, column: usize) -> Result<Option<u64>> {
    Ok(get::<Option<i64>>(row, column)?.map(i64::cast_unsigned))
}

fn out_of_range(row: &Row, column: usize) -> Error {
    let name = row.columns().get(column).map_or("a column", |column| column.name());
    Error::Damaged(format!("a value of {name} is none that it can have"))
}

fn bytes<const N: usize>(row: &Row, column: usize) -> Result<[u8; N]> {
    get::<&[u8]>(row, column)?.try_into().map_err(|_| out_of_range(row, column))
}

/// The entry of a list whose place a column holds.
fn entry<T: Copy>(row: &Row, column: usize, all: &[T]) -> Result<T> {
    let place: i64 = get(row, column)?;
    let entry = usize::try_from(place).ok().and_then(|place| all.get(place));
    entry.copied().ok_or_else(|| out_of_range(row, column))
}

fn status(row: &Row, column: usize) -> Result<Status> {
    entry(row, column, &Status::ALL)
}

fn moment(row: &Row, column: usize) -> Result<Moment> {
    Moment::from_micros(get(row, column)?).ok_or_else(|| out_of_range(row, column))
}

fn event(row: &Row) -> Result<EventRow> {
    Ok(EventRow {
        seq: number(row, 0)?,
        body: get(row, 1)?,
        leaf: Hash(bytes(row, 2)?),
        seal: bytes(row, 3)?,
    })
}

pub(super) fn desk(row: &Row) -> Result<DeskRow> {
    let drawer = get::<i64>(row, 0)?;
    let held: Option<&[u8]> = get(row, 5)?;
    let by: Option<Tag> =
        held.map(|by| by.try_into().map_err(|_| out_of_range(row, 5))).transpose()?;
    let until: Option<i64> = get(row, 6)?;
    Ok(DeskRow {
        drawer: u8::try_from(drawer).map_err(|_| out_of_range(row, 0))?,
        key: bytes(row, 1)?,
        due: get(row, 2)?,
        subject: get(row, 3)?,
        sealed: get(row, 4)?,
        hold: by.zip(until).map(|(by, until)| Hold { by, until }),
    })
}

pub(super) fn subject(row: &Row) -> Result<SubjectRow> {
    Ok(SubjectRow { id: get(row, 0)?, tag: bytes(row, 1)?, wrapped: get(row, 2)? })
}

pub(super) fn case(row: &Row) -> Result<CaseRow> {
    let until: Option<&str> = get(row, 11)?;
    let until = until.map(|day| day.parse()).transpose();
    let imported: Option<i64> = get(row, 12)?;
    Ok(CaseRow {
        opened: number(row, 0)?,
        case: CaseId::from_column(get(row, 1)?),
        subject: get(row, 2)?,
        purpose: get(row, 3)?,
        scopes: scopes_from_column(get(row, 4)?),
        names_record: get(row, 5)?,
        status: status(row, 6)?,
        received_at: moment(row, 7)?,
        identity: bytes(row, 8)?,
        changed: number(row, 9)?,
        changed_at: moment(row, 10)?,
        extended_until: until.map_err(|_| out_of_range(row, 11))?,
        imported: imported.map(|_| status(row, 12)).transpose()?,
        source: entry(row, 13, &Source::ALL)?,
        has_contact: get(row, 14)?,
        due_from: moment(row, 15)?,
        in_force: perhaps(row, 16)?,
    })
}

fn version(row: &Row) -> Result<VersionRow> {
    let version = Version {
        seq: number(row, 0)?,
        version: number(row, 2)?,
        at: moment(row, 3)?.timestamp(),
        kind: entry(row, 4, &VersionKind::ALL)?,
        kept: number(row, 5)?,
        left: number(row, 6)?,
        returned: number(row, 7)?,
        purged: number(row, 8)?,
        snapshot_size: number(row, 9)?,
        purpose_digest: get(row, 10)?,
        manifest_digest: get(row, 11)?,
        history_kept: get(row, 12)?,
    };
    Ok(VersionRow { set: get(row, 1)?, version })
}

impl Tx<'_> {
    /// What the transaction knows by itself.
    fn known<T>(&self, look: impl FnOnce(&super::pending::Known) -> Option<T>) -> Option<T> {
        look(&self.writing.as_ref()?.pending.borrow().known)
    }

    fn learn(&self, learn: impl FnOnce(&mut super::pending::Known)) {
        if let Some(writing) = &self.writing {
            learn(&mut writing.pending.borrow_mut().known);
        }
    }

    /// Sends what waits, where it has got as far as this event.
    fn before_event(&self, seq: u64) -> Result<()> {
        let reaches = |w: &super::Writing| w.pending.borrow().reaches(seq);
        if self.writing.as_ref().is_some_and(reaches) { self.send() } else { Ok(()) }
    }
}

impl Read for Tx<'_> {
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.before(&[Table::Meta])?;
        let sql = "SELECT value FROM meta WHERE name = $1";
        self.one("reading its settings", sql, &[&name], |row| get(row, 0))
    }

    fn metas(&self) -> Result<Vec<(String, Vec<u8>)>> {
        self.before(&[Table::Meta])?;
        let sql = "SELECT name, value FROM meta ORDER BY name";
        self.all("reading its settings", sql, &[], |row| Ok((get(row, 0)?, get(row, 1)?)))
    }

    fn head(&self) -> Result<Option<HeadRow>> {
        self.before(&[Table::Head])?;
        let sql = "SELECT size, frontier, seal FROM head";
        self.one("reading the log's end", sql, &[], |row| {
            Ok(HeadRow { size: number(row, 0)?, frontier: get(row, 1)?, seal: bytes(row, 2)? })
        })
    }

    fn events(&self, range: Range<u64>, each: Each<'_, EventRow>) -> Result<()> {
        self.before(&[Table::Event])?;
        let sql =
            "SELECT seq, body, leaf, seal FROM event WHERE seq >= $1 AND seq < $2 ORDER BY seq";
        let (start, end) = (clamp(range.start), clamp(range.end));
        self.each(("reading events", SMALL), sql, &[&start, &end], event, each)
    }

    fn event(&self, seq: u64) -> Result<EventRow> {
        if let Some(row) = self.known(|known| known.events.get(&seq).cloned()) {
            return Ok(row);
        }
        self.before_event(seq)?;
        let sql = "SELECT seq, body, leaf, seal FROM event WHERE seq = $1";
        let found = self.one("reading an event", sql, &[&clamp(seq)], event)?;
        let row = found.ok_or_else(|| Error::Damaged(format!("event {seq} is missing")))?;
        self.learn(|known| drop(known.events.insert(seq, row.clone())));
        Ok(row)
    }

    fn leaves(&self, upto: u64) -> Result<Vec<Hash>> {
        self.before(&[Table::Event])?;
        let sql = "SELECT leaf FROM event WHERE seq < $1 ORDER BY seq";
        let mut all = Vec::new();
        let read = |row: &Row| bytes(row, 0).map(Hash);
        self.each(("reading leaves", SMALL), sql, &[&clamp(upto)], read, &mut |leaf| {
            all.push(leaf);
            Ok(())
        })?;
        Ok(all)
    }

    fn personal(&self, seq: u64) -> Result<Option<PersonalRow>> {
        self.before_event(seq)?;
        let sql = "SELECT subject, sealed FROM personal WHERE seq = $1";
        self.one("reading a personal part", sql, &[&clamp(seq)], |row| {
            Ok(PersonalRow { seq, subject: get(row, 0)?, sealed: get(row, 1)? })
        })
    }

    fn personal_links(&self, each: Each<'_, (u64, i64)>) -> Result<()> {
        self.before(&[Table::Personal])?;
        let sql = "SELECT seq, subject FROM personal ORDER BY seq";
        let read = |row: &Row| Ok((number(row, 0)?, get(row, 1)?));
        self.each(("reading personal parts", SMALL), sql, &[], read, each)
    }

    fn subject(&self, id: i64) -> Result<Option<SubjectRow>> {
        if let Some(row) = self.known(|known| known.subjects_by_id.get(&id).cloned()) {
            return Ok(Some(row));
        }
        self.before(&[Table::Subject])?;
        let sql = "SELECT id, tag, wrapped FROM subject WHERE id = $1";
        let found = self.one("reading a subject", sql, &[&id], subject)?;
        self.learn(|known| found.iter().for_each(|row| known.saw_subject(row)));
        Ok(found)
    }

    fn subject_by_tag(&self, tag: &Tag) -> Result<Option<SubjectRow>> {
        // Every subject that waits is known, so the server has all others.
        if let Some(known) = self.known(|known| known.subjects.get(tag).cloned()) {
            return Ok(known);
        }
        let sql = "SELECT id, tag, wrapped FROM subject WHERE tag = $1";
        let found = self.one("finding a subject", sql, &[&&tag[..]], subject)?;
        self.learn(|known| match &found {
            Some(row) => known.saw_subject(row),
            None => drop(known.subjects.insert(*tag, None)),
        });
        Ok(found)
    }

    fn subjects(&self, each: Each<'_, SubjectRow>) -> Result<()> {
        self.before(&[Table::Subject])?;
        let sql = "SELECT id, tag, wrapped FROM subject ORDER BY id";
        self.each(("reading subjects", SMALL), sql, &[], subject, each)
    }

    fn case(&self, number: CaseId) -> Result<Option<CaseRow>> {
        // Every case that waits is known, so the server has all others.
        let known = self.known(|known| known.cases.get(known.numbers.get(&number)?).cloned());
        if known.is_some() {
            return Ok(known);
        }
        let sql = format!("{SELECT_CASE} WHERE case_id = $1");
        let found = self.one("finding a case", &sql, &[&number.to_column()], case)?;
        self.learn(|known| found.iter().for_each(|row| known.saw_case(row)));
        Ok(found)
    }

    fn case_by_identity(&self, identity: &Tag) -> Result<Option<CaseRow>> {
        let known = self.known(|known| match known.identities.get(identity)? {
            None => Some(None),
            Some(opened) => known.cases.get(opened).cloned().map(Some),
        });
        if let Some(known) = known {
            return Ok(known);
        }
        self.before(&[Table::Case])?;
        let sql = format!("{SELECT_CASE} WHERE identity = $1 ORDER BY opened DESC LIMIT 1");
        let found = self.one("recognising an objection", &sql, &[&&identity[..]], case)?;
        self.learn(|known| {
            known.identities.insert(*identity, found.as_ref().map(|row| row.opened));
            found.iter().for_each(|row| known.saw_case(row));
        });
        Ok(found)
    }

    fn expect(&self, subjects: &[Tag], identities: &[Tag]) -> Result<()> {
        if self.writing.is_none() {
            return Ok(());
        }
        // What is known of earlier ones has been used by now.
        self.send()?;
        let tags: Vec<&[u8]> = subjects.iter().map(|tag| &tag[..]).collect();
        let sql = "SELECT id, tag, wrapped FROM subject WHERE tag = ANY($1)";
        let found = self.all("finding subjects", sql, &[&tags], subject)?;
        let tags: Vec<&[u8]> = identities.iter().map(|tag| &tag[..]).collect();
        let sql = format!("{SELECT_CASE} WHERE identity = ANY($1)");
        let cases = self.all("recognising objections", &sql, &[&tags], case)?;
        self.learn(|known| {
            *known = super::pending::Known::default();
            known.subjects.extend(subjects.iter().map(|tag| (*tag, None)));
            known.identities.extend(identities.iter().map(|tag| (*tag, None)));
            found.iter().for_each(|row| known.saw_subject(row));
            for row in &cases {
                known.saw_case(row);
                let latest = known.identities.entry(row.identity).or_default();
                *latest = (*latest).max(Some(row.opened));
            }
        });
        Ok(())
    }

    fn cases(&self, query: &CaseQuery, each: Each<'_, CaseRow>) -> Result<()> {
        if let Some(subject) = query.subject
            && self.known(|known| known.fresh.contains(&subject).then_some(())).is_some()
        {
            return Ok(());
        }
        self.before(&[Table::Case])?;
        let status = query.status.map(|status| status as i64);
        let limit = query.limit.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let doing = "listing cases";
        let rest = "($1::text IS NULL OR purpose = $1) AND ($2::bigint IS NULL OR status = $2)";
        match query.subject {
            Some(subject) => {
                let sql =
                    format!("{SELECT_CASE} WHERE {rest} AND subject = $3 ORDER BY opened LIMIT $4");
                let params: super::Params<'_> = &[&query.purpose, &status, &subject, &limit];
                self.all(doing, &sql, params, case)?.into_iter().try_for_each(each)
            }
            None => {
                let sql = format!("{SELECT_CASE} WHERE {rest} ORDER BY opened LIMIT $3");
                let params: super::Params<'_> = &[&query.purpose, &status, &limit];
                self.each((doing, SMALL), &sql, params, case, each)
            }
        }
    }

    fn said(&self, purpose: &str, each: Each<'_, SaidRow>) -> Result<()> {
        self.before(&[Table::Case, Table::Subject])?;
        let sql = "SELECT opened, scopes, names_record, status, subject.id, tag, wrapped \
                   FROM objection LEFT JOIN subject ON subject.id = objection.subject \
                   WHERE purpose = $1 ORDER BY opened";
        let read = |row: &Row| {
            let id: Option<i64> = get(row, 4)?;
            let subject = match id {
                Some(id) => Some(SubjectRow { id, tag: bytes(row, 5)?, wrapped: get(row, 6)? }),
                None => None,
            };
            Ok(SaidRow {
                opened: number(row, 0)?,
                subject,
                scopes: scopes_from_column(get(row, 1)?),
                names_record: get(row, 2)?,
                status: status(row, 3)?,
            })
        };
        self.each(("reading objections", SMALL), sql, &[&purpose], read, each)
    }

    fn count_cases(&self) -> Result<Vec<(String, Status, u64)>> {
        self.before(&[Table::Case])?;
        let sql = "SELECT purpose, status, count(*) FROM objection \
                   GROUP BY purpose, status ORDER BY purpose, status";
        self.all("counting cases", sql, &[], |row| {
            Ok((get(row, 0)?, status(row, 1)?, number(row, 2)?))
        })
    }

    fn open_cases(&self, query: &OpenQuery, limit: usize, each: Each<'_, CaseRow>) -> Result<()> {
        self.before(&[Table::Case])?;
        let question = Question::list(query, limit);
        let rows = self.all("listing open cases", &question.sql, &question.params(), case)?;
        rows.into_iter().try_for_each(each)
    }

    fn count_open(&self, query: &OpenQuery) -> Result<u64> {
        self.before(&[Table::Case])?;
        let question = Question::count(query);
        let read = |row: &Row| number(row, 0);
        let found = self.one("counting open cases", &question.sql, &question.params(), read)?;
        Ok(found.unwrap_or_default())
    }

    fn count_in_force_since(&self, purpose: &str, since: u64) -> Result<(u64, Option<Moment>)> {
        self.before(&[Table::Case])?;
        let sql = "SELECT count(*), min(due_from) FROM objection \
                   WHERE purpose = $1 AND in_force >= $2 AND opened >= $2";
        let found = self.one("counting objections", sql, &[&purpose, &clamp(since)], |row| {
            let earliest: Option<i64> = get(row, 1)?;
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
        self.before(&[Table::Case])?;
        let sql = format!(
            "{SELECT_CASE} WHERE purpose = $1 AND in_force >= $2 AND opened < $2 \
             ORDER BY in_force, opened"
        );
        self.each(("listing objections", SMALL), &sql, &[&purpose, &clamp(since)], case, each)
    }

    fn history(&self, opened: u64) -> Result<Vec<u64>> {
        self.before(&[Table::History])?;
        let sql = "SELECT seq FROM history WHERE opened = $1 ORDER BY seq";
        self.all("reading a case's history", sql, &[&clamp(opened)], |row| number(row, 0))
    }

    fn histories(&self) -> Result<Vec<(u64, u64)>> {
        self.before(&[Table::History])?;
        let sql = "SELECT opened, seq FROM history ORDER BY seq, opened";
        let mut all = Vec::new();
        let read = |row: &Row| Ok((number(row, 0)?, number(row, 1)?));
        self.each(("reading histories", SMALL), sql, &[], read, &mut |pair| {
            all.push(pair);
            Ok(())
        })?;
        Ok(all)
    }

    fn purposes(&self) -> Result<Vec<PurposeRow>> {
        if let Some(known) = self.known(|known| known.purposes.clone()) {
            return Ok(known);
        }
        let sql = "SELECT seq, purpose, digest FROM purpose_version ORDER BY seq";
        let found = self.all("reading purposes", sql, &[], |row| {
            Ok(PurposeRow { seq: number(row, 0)?, purpose: get(row, 1)?, digest: get(row, 2)? })
        })?;
        self.learn(|known| known.purposes = Some(found.clone()));
        Ok(found)
    }

    fn notice_chunks(
        &self,
        purpose: Option<&str>,
        upto: u64,
        each: Each<'_, NoticeChunk>,
    ) -> Result<()> {
        let sql = "SELECT seq, part, purpose, undelivered, bytes FROM notice_chunk \
                   WHERE ($1::text IS NULL OR purpose = $1) AND seq < $2 ORDER BY seq, part";
        let read = |row: &Row| {
            Ok(NoticeChunk {
                seq: number(row, 0)?,
                part: u32::try_from(get::<i64>(row, 1)?).map_err(|_| out_of_range(row, 1))?,
                purpose: get(row, 2)?,
                undelivered: get(row, 3)?,
                bytes: get(row, 4)?,
            })
        };
        self.each(("reading notices", LARGE), sql, &[&purpose, &clamp(upto)], read, each)
    }

    fn training(&self) -> Result<Vec<TrainingRow>> {
        let sql = "SELECT seq, set_id, gone FROM training_set ORDER BY seq";
        self.all("reading training sets", sql, &[], |row| {
            Ok(TrainingRow { seq: number(row, 0)?, set: get(row, 1)?, gone: perhaps(row, 2)? })
        })
    }

    fn training_versions(&self, set: Option<&str>) -> Result<Vec<VersionRow>> {
        let doing = "reading versions of training sets";
        match set {
            Some(set) => {
                let sql = format!("{SELECT_VERSION} WHERE set_id = $1 ORDER BY version");
                self.all(doing, &sql, &[&set], version)
            }
            None => self.all(doing, &format!("{SELECT_VERSION} ORDER BY seq"), &[], version),
        }
    }

    fn runs(&self) -> Result<Vec<RunRow>> {
        let sql = "SELECT seq, run_id, finished FROM run ORDER BY seq";
        self.all("reading runs", sql, &[], |row| {
            Ok(RunRow { seq: number(row, 0)?, run: get(row, 1)?, finished: perhaps(row, 2)? })
        })
    }

    fn place(&self, set: &str) -> Result<Option<String>> {
        let sql = "SELECT place FROM training_place WHERE set_id = $1";
        self.one("reading where a training set lies", sql, &[&set], |row| get(row, 0))
    }

    fn manifest(&self, digest: &str) -> Result<Option<String>> {
        let sql = "SELECT text FROM manifest WHERE digest = $1";
        self.one("reading a manifest", sql, &[&digest], |row| get(row, 0))
    }

    fn manifests(&self, each: Each<'_, (String, String)>) -> Result<()> {
        let sql = "SELECT digest, text FROM manifest ORDER BY digest";
        let read = |row: &Row| Ok((get(row, 0)?, get(row, 1)?));
        self.each(("reading manifests", LARGE), sql, &[], read, each)
    }

    fn newest(&self) -> Result<Vec<(String, u64)>> {
        self.before(&[Table::Newest])?;
        let sql = "SELECT purpose, size FROM newest ORDER BY purpose";
        self.all("reading what is newest", sql, &[], |row| Ok((get(row, 0)?, number(row, 1)?)))
    }

    fn desk(&self, drawer: u8, key: &Tag) -> Result<Option<DeskRow>> {
        // Every item that waits is known, so the server has all others.
        if let Some(known) = self.known(|known| known.desk.get(&(drawer, *key)).cloned()) {
            return Ok(known);
        }
        let sql = "SELECT drawer, tag, due, subject, sealed, held_by, held_until FROM desk \
                   WHERE drawer = $1 AND tag = $2";
        let params: super::Params<'_> = &[&i64::from(drawer), &&key[..]];
        let found = self.one("looking on the desk", sql, params, desk)?;
        self.learn(|known| drop(known.desk.insert((drawer, *key), found.clone())));
        Ok(found)
    }

    fn desk_due(
        &self,
        drawer: u8,
        due: RangeInclusive<i64>,
        limit: usize,
        each: Each<'_, DeskRow>,
    ) -> Result<()> {
        self.before(&[Table::Desk])?;
        let sql = "SELECT drawer, tag, due, subject, sealed, held_by, held_until FROM desk \
                   WHERE drawer = $1 AND due BETWEEN $2 AND $3 ORDER BY due, tag LIMIT $4";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params: super::Params<'_> = &[&i64::from(drawer), due.start(), due.end(), &limit];
        self.all("looking on the desk", sql, params, desk)?.into_iter().try_for_each(each)
    }

    fn desk_waits(&self, drawer: u8, now: i64) -> Result<bool> {
        self.before(&[Table::Desk])?;
        let sql = "SELECT EXISTS (SELECT 1 FROM desk WHERE drawer = $1 AND due <= $2 \
                   AND (held_until IS NULL OR held_until <= $2))";
        let found =
            self.one("looking on the desk", sql, &[&i64::from(drawer), &now], |row| get(row, 0))?;
        Ok(found.unwrap_or_default())
    }

    fn desk_count(&self, drawer: u8) -> Result<u64> {
        self.before(&[Table::Desk])?;
        let sql = "SELECT count(*) FROM desk WHERE drawer = $1";
        let found =
            self.one("counting on the desk", sql, &[&i64::from(drawer)], |row| number(row, 0))?;
        Ok(found.unwrap_or_default())
    }
}
