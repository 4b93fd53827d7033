//! What a transaction has changed and not yet sent.
//!
//! An act of the register is some ten small statements, and a round trip for each would cost more than
//! all of them. So changes gather here and leave together: when there are many, when a question could
//! see them, and at the end. What this transaction has read or written is also remembered, and answers
//! the commonest questions without the server; nobody else writes while it lives.

use std::collections::{HashMap, HashSet};

use tokio_postgres::types::ToSql;

use super::link::Call;
use crate::CaseId;
use crate::keys::Tag;
use crate::projection::{CaseRow, PurposeRow};
use crate::store::{DeskRow, EventRow, HeadRow, PersonalRow, SubjectRow, scopes_to_column};

/// So many changes leave at once.
pub(super) const MANY: usize = 8192;

/// A change that can wait.
pub(super) enum Change {
    Event(EventRow),
    Personal(PersonalRow),
    Subject(SubjectRow),
    Case(CaseRow),
    History(u64, u64),
    Desk(DeskRow),
    DeskGone(u8, Tag),
    Meta(String, Vec<u8>),
    Newest(String, u64),
    Head(HeadRow),
}

/// Tables that changes can wait for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Event,
    Personal,
    Subject,
    Case,
    History,
    Desk,
    Meta,
    Newest,
    Head,
}

impl Change {
    fn table(&self) -> Table {
        match self {
            Change::Event(_) => Table::Event,
            Change::Personal(_) => Table::Personal,
            Change::Subject(_) => Table::Subject,
            Change::Case(_) => Table::Case,
            Change::History(..) => Table::History,
            Change::Desk(_) | Change::DeskGone(..) => Table::Desk,
            Change::Meta(..) => Table::Meta,
            Change::Newest(..) => Table::Newest,
            Change::Head(_) => Table::Head,
        }
    }
}

/// What this transaction knows of single rows. `None` stands for a row that is not there.
#[derive(Default)]
pub(super) struct Known {
    pub(super) subjects: HashMap<Tag, Option<SubjectRow>>,
    pub(super) subjects_by_id: HashMap<i64, SubjectRow>,
    /// Subjects that this transaction added and that have no case yet.
    pub(super) fresh: HashSet<i64>,
    pub(super) cases: HashMap<u64, CaseRow>,
    pub(super) numbers: HashMap<CaseId, u64>,
    /// The latest case of an identity.
    pub(super) identities: HashMap<Tag, Option<u64>>,
    pub(super) desk: HashMap<(u8, Tag), Option<DeskRow>>,
    /// Single events that were asked for: the purposes, over and over.
    pub(super) events: HashMap<u64, EventRow>,
    pub(super) purposes: Option<Vec<PurposeRow>>,
}

impl Known {
    /// Whether it is time to forget, so that a long import does not fill the memory.
    pub(super) fn is_large(&self) -> bool {
        self.subjects.len() + self.cases.len() + self.identities.len() > 8 * MANY
    }

    pub(super) fn saw_subject(&mut self, row: &SubjectRow) {
        self.subjects.insert(row.tag, Some(row.clone()));
        self.subjects_by_id.insert(row.id, row.clone());
    }

    pub(super) fn saw_case(&mut self, row: &CaseRow) {
        self.cases.insert(row.opened, row.clone());
        self.numbers.insert(row.case, row.opened);
    }

    fn take_in(&mut self, change: &Change) {
        match change {
            Change::Subject(row) => {
                self.saw_subject(row);
                self.fresh.insert(row.id);
            }
            Change::Case(row) => {
                self.fresh.remove(&row.subject);
                self.saw_case(row);
                if let Some(latest) = self.identities.get_mut(&row.identity) {
                    *latest = (*latest).max(Some(row.opened));
                }
            }
            Change::Desk(row) => {
                self.desk.insert((row.drawer, row.key), Some(row.clone()));
            }
            Change::DeskGone(drawer, key) => {
                self.desk.insert((*drawer, *key), None);
            }
            _ => {}
        }
    }
}

/// The changes in their order, and what is known besides.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) known: Known,
    changes: Vec<Change>,
    /// How many of them precede the mark, where one is set.
    pub(super) mark: Option<usize>,
    /// Whether the server knows of the mark.
    pub(super) saved: bool,
}

impl Pending {
    pub(super) fn add(&mut self, change: Change) {
        self.known.take_in(&change);
        self.changes.push(change);
    }

    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    pub(super) fn touches(&self, tables: &[Table]) -> bool {
        self.changes.iter().any(|change| tables.contains(&change.table()))
    }

    /// Whether an event, or a personal part beside one, waits at this place or before.
    pub(super) fn reaches(&self, seq: u64) -> bool {
        let first = self.changes.iter().find_map(|change| match change {
            Change::Event(row) => Some(row.seq),
            Change::Personal(row) => Some(row.seq),
            _ => None,
        });
        first.is_some_and(|first| first <= seq)
    }

    /// Goes back to the mark; what is known is learnt anew.
    pub(super) fn undo(&mut self) {
        self.changes.truncate(self.mark.unwrap_or_default());
        self.known = Known::default();
        let Pending { known, changes, .. } = self;
        changes.iter().for_each(|change| known.take_in(change));
        // What stands on the server may have cases that left this list.
        known.fresh.clear();
    }

    /// Takes out what precedes the mark and is not sent yet.
    pub(super) fn take_before_mark(&mut self) -> Vec<Change> {
        let count = self.mark.replace(0).unwrap_or_default();
        self.changes.drain(..count).collect()
    }

    /// Takes everything out.
    pub(super) fn take(&mut self) -> Vec<Change> {
        if self.mark.is_some() {
            self.mark = Some(0);
        }
        std::mem::take(&mut self.changes)
    }
}

/// A column of an array parameter.
type Column<'a> = Box<dyn ToSql + Sync + 'a>;

fn column<'a, T: ToSql + Sync + 'a>(values: impl Iterator<Item = T>) -> Column<'a> {
    Box::new(values.collect::<Vec<T>>())
}

/// The last change of each key, in the order of their first ones.
fn latest<'a, K: std::hash::Hash + Eq, T>(rows: impl Iterator<Item = (K, &'a T)>) -> Vec<&'a T> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut all: Vec<&'a T> = Vec::new();
    for (key, row) in rows {
        match places.entry(key) {
            std::collections::hash_map::Entry::Occupied(place) => all[*place.get()] = row,
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(all.len());
                all.push(row);
            }
        }
    }
    all
}

/// The statements that carry changes out: one for each table, each table after those it refers to.
pub(super) fn statements<'c>(changes: &'c [Change]) -> Vec<Call<'c>> {
    let mut calls = Vec::new();
    let mut call = |doing, sql, params: Vec<Column<'c>>| calls.push(Call { doing, sql, params });

    macro_rules! of {
        ($pattern:pat => $row:expr) => {
            changes
                .iter()
                .filter_map(|change| match change {
                    $pattern => Some($row),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
    }

    let rows: Vec<&SubjectRow> = of!(Change::Subject(row) => row);
    if !rows.is_empty() {
        let params = vec![
            column(rows.iter().map(|row| row.id)),
            column(rows.iter().map(|row| &row.tag[..])),
            column(rows.iter().map(|row| &row.wrapped[..])),
        ];
        call("adding a subject", SUBJECTS, params);
    }
    let rows: Vec<&EventRow> = of!(Change::Event(row) => row);
    if !rows.is_empty() {
        let params = vec![
            column(rows.iter().map(|row| row.seq.cast_signed())),
            column(rows.iter().map(|row| &row.body[..])),
            column(rows.iter().map(|row| &row.leaf.0[..])),
            column(rows.iter().map(|row| &row.seal[..])),
        ];
        call("appending an event", EVENTS, params);
    }
    let rows: Vec<&PersonalRow> = of!(Change::Personal(row) => row);
    if !rows.is_empty() {
        let params = vec![
            column(rows.iter().map(|row| row.seq.cast_signed())),
            column(rows.iter().map(|row| row.subject)),
            column(rows.iter().map(|row| &row.sealed[..])),
        ];
        call("adding a personal part", PERSONAL, params);
    }
    let rows: Vec<&CaseRow> = of!(Change::Case(row) => row);
    let rows = latest(rows.into_iter().map(|row| (row.opened, row)));
    if !rows.is_empty() {
        call("writing a case", CASES, case_columns(&rows));
    }
    let rows: Vec<(&u64, &u64)> = of!(Change::History(opened, seq) => (opened, seq));
    if !rows.is_empty() {
        let params = vec![
            column(rows.iter().map(|(opened, _)| opened.cast_signed())),
            column(rows.iter().map(|(_, seq)| seq.cast_signed())),
        ];
        call("writing a case's history", HISTORY, params);
    }
    let rows = latest(changes.iter().filter_map(|change| match change {
        Change::Desk(row) => Some(((row.drawer, row.key), change)),
        Change::DeskGone(drawer, key) => Some(((*drawer, *key), change)),
        _ => None,
    }));
    let (put, gone): (Vec<&Change>, Vec<&Change>) =
        rows.into_iter().partition(|change| matches!(change, Change::Desk(_)));
    let put: Vec<&DeskRow> = put
        .into_iter()
        .filter_map(|change| match change {
            Change::Desk(row) => Some(row),
            _ => None,
        })
        .collect();
    if !put.is_empty() {
        let params = vec![
            column(put.iter().map(|row| i64::from(row.drawer))),
            column(put.iter().map(|row| &row.key[..])),
            column(put.iter().map(|row| row.due)),
            column(put.iter().map(|row| row.subject)),
            column(put.iter().map(|row| &row.sealed[..])),
            column(put.iter().map(|row| row.hold.as_ref().map(|hold| &hold.by[..]))),
            column(put.iter().map(|row| row.hold.map(|hold| hold.until))),
        ];
        call("putting something on the desk", DESK, params);
    }
    let gone: Vec<(u8, &Tag)> = gone
        .into_iter()
        .filter_map(|change| match change {
            Change::DeskGone(drawer, key) => Some((*drawer, key)),
            _ => None,
        })
        .collect();
    if !gone.is_empty() {
        let params = vec![
            column(gone.iter().map(|(drawer, _)| i64::from(*drawer))),
            column(gone.iter().map(|(_, key)| &key[..])),
        ];
        call("clearing the desk", DESK_GONE, params);
    }
    let rows: Vec<(&String, &Vec<u8>)> = of!(Change::Meta(name, value) => (name, value));
    let rows: Vec<_> = rows.iter().map(|row| (row.0, row)).collect();
    let rows = latest(rows.into_iter());
    if !rows.is_empty() {
        let params = vec![
            column(rows.iter().map(|(name, _)| &name[..])),
            column(rows.iter().map(|(_, value)| &value[..])),
        ];
        call("writing its settings", META, params);
    }
    let rows: Vec<(&String, &u64)> = of!(Change::Newest(purpose, size) => (purpose, size));
    let rows: Vec<_> = rows.iter().map(|row| (row.0, row)).collect();
    let rows = latest(rows.into_iter());
    if !rows.is_empty() {
        let params = vec![
            column(rows.iter().map(|(purpose, _)| &purpose[..])),
            column(rows.iter().map(|(_, size)| size.cast_signed())),
        ];
        call("writing what is newest", NEWEST, params);
    }
    if let Some(row) = of!(Change::Head(row) => row).last() {
        let params: Vec<Column<'_>> = vec![
            Box::new(row.size.cast_signed()),
            Box::new(&row.frontier[..]),
            Box::new(&row.seal[..]),
        ];
        call("moving the log's end", HEAD, params);
    }
    calls
}

fn case_columns<'a>(rows: &[&'a CaseRow]) -> Vec<Column<'a>> {
    let days = |row: &&CaseRow| row.extended_until.map(|day| day.to_string());
    vec![
        column(rows.iter().map(|row| row.opened.cast_signed())),
        column(rows.iter().map(|row| row.case.to_column())),
        column(rows.iter().map(|row| row.subject)),
        column(rows.iter().map(|row| &row.purpose[..])),
        column(rows.iter().map(|row| scopes_to_column(row.scopes))),
        column(rows.iter().map(|row| row.names_record)),
        column(rows.iter().map(|row| row.has_contact)),
        column(rows.iter().map(|row| row.source as i64)),
        column(rows.iter().map(|row| row.status as i64)),
        column(rows.iter().map(|row| row.received_at.micros())),
        column(rows.iter().map(|row| row.due_from.micros())),
        column(rows.iter().map(|row| &row.identity[..])),
        column(rows.iter().map(|row| row.changed.cast_signed())),
        column(rows.iter().map(|row| row.changed_at.micros())),
        column(rows.iter().map(days)),
        column(rows.iter().map(|row| row.imported.map(|status| status as i64))),
        column(rows.iter().map(|row| row.in_force.map(u64::cast_signed))),
    ]
}

const SUBJECTS: &str = "INSERT INTO subject (id, tag, wrapped) \
                        SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[])";
const EVENTS: &str = "INSERT INTO event (seq, body, leaf, seal) \
                      SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[])";
const PERSONAL: &str = "INSERT INTO personal (seq, subject, sealed) \
                        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])";
const CASES: &str = "INSERT INTO objection (opened, case_id, subject, purpose, scopes, \
                     names_record, contact, source, status, received_at, due_from, identity, \
                     changed, changed_at, extended_until, imported, in_force) \
                     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], \
                     $5::bigint[], $6::boolean[], $7::boolean[], $8::bigint[], $9::bigint[], \
                     $10::bigint[], $11::bigint[], $12::bytea[], $13::bigint[], $14::bigint[], \
                     $15::text[], $16::bigint[], $17::bigint[]) \
                     ON CONFLICT (opened) DO UPDATE SET status = excluded.status, \
                     changed = excluded.changed, changed_at = excluded.changed_at, \
                     extended_until = excluded.extended_until, imported = excluded.imported, \
                     due_from = excluded.due_from, in_force = excluded.in_force";
const HISTORY: &str =
    "INSERT INTO history (opened, seq) SELECT * FROM unnest($1::bigint[], $2::bigint[])";
const DESK: &str = "INSERT INTO desk (drawer, tag, due, subject, sealed, held_by, held_until) \
                    SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], \
                    $5::bytea[], $6::bytea[], $7::bigint[]) \
                    ON CONFLICT (drawer, tag) DO UPDATE SET due = excluded.due, \
                    subject = excluded.subject, sealed = excluded.sealed, \
                    held_by = excluded.held_by, held_until = excluded.held_until";
const DESK_GONE: &str = "DELETE FROM desk USING unnest($1::bigint[], $2::bytea[]) AS gone (drawer, tag) \
                         WHERE desk.drawer = gone.drawer AND desk.tag = gone.tag";
const META: &str = "INSERT INTO meta (name, value) SELECT * FROM unnest($1::text[], $2::bytea[]) \
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const NEWEST: &str = "INSERT INTO newest (purpose, size) \
                      SELECT * FROM unnest($1::text[], $2::bigint[]) \
                      ON CONFLICT (purpose) DO UPDATE SET size = excluded.size";
const HEAD: &str = "INSERT INTO head (one, size, frontier, seal) VALUES (1, $1, $2, $3) \
                    ON CONFLICT (one) DO UPDATE SET size = excluded.size, \
                    frontier = excluded.frontier, seal = excluded.seal";
