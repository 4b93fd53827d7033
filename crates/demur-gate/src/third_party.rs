//! Rule 11: people in a record who are not its author.
//!
//! Few records list anybody, and of those few list someone who objected. All ids of a batch are
//! therefore looked up at once; only the rows that are hit are looked at more closely.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;
use demur_core::purpose::ThirdPartyRule;
use demur_core::redaction::{self, Span};
use demur_core::rules::Reason;
use demur_snapshot::Key;

use crate::arrays::{Id, Ids, Texts, column, integers};
use crate::columns::People;
use crate::error::Error;
use crate::gate::{Gate, Verdicts};

/// What is to be done to one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// The row of the batch.
    pub row: usize,
    /// The text without the names.
    pub text: String,
    /// What becomes of each entry of the list of people mentioned.
    pub mentioned: Vec<Entry>,
    /// What becomes of each entry of the list of people depicted.
    pub depicted: Vec<Entry>,
}

/// What becomes of one entry of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It goes.
    Remove,
    /// It stays, and names the same place or none.
    Stay,
    /// It stays, and the name now stands there.
    Move(i64, i64),
}

/// The lists of one batch, as far as the purpose asks about them.
pub(crate) struct ThirdParty<'a> {
    gate: &'a Gate,
    lists: Vec<(ThirdPartyRule, List)>,
    /// Whether the first list is of people mentioned; otherwise there is at most one, of depicted.
    has_mentioned: bool,
    text: Option<Texts>,
}

impl<'a> ThirdParty<'a> {
    /// Reads the lists; `None` where the purpose keeps everything or the corpus lists nobody.
    /// `in_place` judges records that nothing can be taken out of: to redact one is then to drop it.
    pub(crate) fn of(
        gate: &'a Gate,
        batch: &RecordBatch,
        in_place: bool,
    ) -> Result<Option<Self>, Error> {
        let rules = &gate.purpose().third_party;
        let all_kept =
            rules.mentioned == ThirdPartyRule::Keep && rules.depicted == ThirdPartyRule::Keep;
        let columns = &gate.columns;
        let mut lists = Vec::new();
        if !all_kept {
            for (rule, people, role) in [
                (rules.mentioned, &columns.mentioned, "mentioned"),
                (rules.depicted, &columns.depicted, "depicted"),
            ] {
                if let Some(people) = people
                    && (rule != ThirdPartyRule::Keep || gate.redacts())
                {
                    let drops = in_place && rule == ThirdPartyRule::Redact;
                    let rule = if drops { ThirdPartyRule::Drop } else { rule };
                    let list = List::new(gate, batch, people, role, !in_place)?;
                    lists.push((rule, list.looked_up(gate)));
                }
            }
        }
        if lists.is_empty() {
            return Ok(None);
        }
        let text = match &columns.text {
            Some(name) if gate.redacts() && !in_place => {
                Some(Texts::new(column(batch, name, "text")?, name, "text")?)
            }
            _ => None,
        };
        let reads_mentioned = rules.mentioned != ThirdPartyRule::Keep || gate.redacts();
        let has_mentioned = reads_mentioned && columns.mentioned.is_some();
        Ok(Some(ThirdParty { gate, lists, has_mentioned, text }))
    }

    /// Judges the rows that are kept so far and list somebody who may have objected.
    pub(crate) fn judge(&self, authors: &Ids, verdicts: &mut Verdicts) {
        let asked = self.lists.iter().filter(|(rule, _)| *rule != ThirdPartyRule::Keep);
        let mut rows: Vec<usize> = asked.flat_map(|(_, list)| list.rows_hit()).collect();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            if !verdicts.stays(row) {
                continue;
            }
            match self.row(row, authors.get(row)) {
                Ok(None) => {}
                Ok(Some(redaction)) => verdicts.redact_row(redaction),
                Err(reason) => verdicts.drop_row(row, reason),
            }
        }
    }

    /// One row in which somebody may have objected.
    fn row(&self, row: usize, author: Id<'_>) -> Result<Option<Redaction>, Reason> {
        let mut gone: Vec<Id<'_>> = Vec::new();
        for (rule, list) in self.lists.iter().filter(|(rule, _)| *rule != ThirdPartyRule::Keep) {
            for at in list.range(row).filter(|at| list.hits[*at]) {
                // A null in the list is somebody, and nobody knows who.
                let Id::Known(id) = list.id(at) else { return Err(Reason::ThirdParty) };
                if self.gate.same_person(author, id) {
                    continue;
                }
                if *rule == ThirdPartyRule::Drop {
                    return Err(Reason::ThirdParty);
                }
                if !gone.contains(&Id::Known(id)) {
                    gone.push(Id::Known(id));
                }
            }
        }
        if gone.is_empty() {
            return Ok(None);
        }

        let mut located = vec![false; gone.len()];
        let mut spans: Vec<Span> = Vec::new();
        for (_, list) in &self.lists {
            for at in list.range(row) {
                let who = gone.iter().position(|id| *id == list.id(at));
                match (list.place(at), who) {
                    (Place::Null, Some(_)) => return Err(Reason::ThirdParty),
                    (Place::At(start, end), _) => {
                        spans.push(Span { start, end, remove: who.is_some() });
                        if let Some(who) = who {
                            located[who] = true;
                        }
                    }
                    _ => {}
                }
            }
        }
        if located.contains(&false) {
            return Err(Reason::ThirdParty);
        }
        let text = self.text.as_ref().and_then(|texts| texts.get(row));
        let text = text.ok_or(Reason::RedactionImpossible)?;
        let redacted = redaction::redact(text, &spans).map_err(|_| Reason::RedactionImpossible)?;

        let mut moved = redacted.spans.into_iter();
        let mut entries = self.lists.iter().map(|(_, list)| -> Vec<Entry> {
            let entry = |at| {
                let span = match list.place(at) {
                    Place::At(..) => moved.next().flatten(),
                    _ => None,
                };
                if gone.contains(&list.id(at)) {
                    Entry::Remove
                } else {
                    span.map_or(Entry::Stay, |(start, end)| Entry::Move(start, end))
                }
            };
            list.range(row).map(entry).collect()
        });
        let mentioned = if self.has_mentioned { entries.next() } else { None };
        let depicted = entries.next();
        drop(entries);
        let (mentioned, depicted) = (mentioned.unwrap_or_default(), depicted.unwrap_or_default());
        Ok(Some(Redaction { row, text: redacted.text, mentioned, depicted }))
    }
}

/// Where the text names the person of an entry.
enum Place {
    NotGiven,
    Null,
    At(i64, i64),
}

/// One list column: the people of all rows, one after the other.
pub(crate) struct List {
    offsets: Offsets,
    ids: Ids,
    /// Entries that are null themselves, where the list is of structs.
    nulls: Option<NullBuffer>,
    /// Entries that are null, or whose person objected.
    hits: Vec<bool>,
    /// How many entries all rows have together.
    len: usize,
    /// First bytes and ends, one each an entry.
    spans: Option<(Bytes, Bytes)>,
}

type Bytes = Vec<Option<i64>>;

enum Offsets {
    Small(arrow::buffer::OffsetBuffer<i32>, Option<NullBuffer>),
    Large(arrow::buffer::OffsetBuffer<i64>, Option<NullBuffer>),
    Fixed(usize, Option<NullBuffer>),
    /// A column of nulls.
    Nothing,
}

impl List {
    /// Reads a column; where in the text each stands only `with_spans`.
    pub(crate) fn new(
        gate: &Gate,
        batch: &RecordBatch,
        people: &People,
        role: &'static str,
        with_spans: bool,
    ) -> Result<Self, Error> {
        let name = &people.column;
        let array = column(batch, name, role)?;
        let wrong = |found: &DataType, expected: &str| Error::WrongType {
            column: name.clone(),
            role,
            found: Box::new(found.clone()),
            expected: expected.to_owned(),
        };
        let (offsets, values) = split(array).ok_or_else(|| {
            wrong(array.data_type(), "a list of account ids, or of structs that hold one")
        })?;
        if gate.redacts() && matches!(offsets, Offsets::Fixed(..)) {
            let hint = "a list of variable length, since the purpose takes people out of it";
            return Err(wrong(array.data_type(), hint));
        }
        let kind = gate.snapshot().meta().id_kind;
        let (ids, nulls, spans) = match (&people.account, values.data_type()) {
            (_, DataType::Null) => (Ids::Texts(Texts::new(&values, name, role)?), None, None),
            (Some(account), DataType::Struct(_)) => {
                let people_of = values.as_struct();
                let field = |field: &str| {
                    people_of.column_by_name(field).ok_or_else(|| Error::MissingColumn {
                        column: format!("{name}.{field}"),
                        role,
                        near: None,
                    })
                };
                let ids = Ids::new(field(account)?, kind, &format!("{name}.{account}"), role)?;
                let spans = match &people.span {
                    Some((start, end)) if with_spans => Some((
                        integers(field(start)?, &format!("{name}.{start}"), role)?,
                        integers(field(end)?, &format!("{name}.{end}"), role)?,
                    )),
                    _ => None,
                };
                (ids, people_of.nulls().cloned(), spans)
            }
            (None, DataType::Struct(_)) => {
                let hint = "a list of account ids; for a list of structs write \
                            { column = \"…\", account = \"…\" }";
                return Err(wrong(array.data_type(), hint));
            }
            (Some(_), _) => return Err(wrong(array.data_type(), "a list of structs")),
            (None, _) => (Ids::new(&values, kind, name, role)?, None, None),
        };
        Ok(List { offsets, ids, nulls, len: values.len(), hits: Vec::new(), spans })
    }

    /// Looks everybody up.
    fn looked_up(mut self, gate: &Gate) -> Self {
        self.hits = self.find_hits(gate);
        self
    }

    fn find_hits(&self, gate: &Gate) -> Vec<bool> {
        let snapshot = gate.snapshot();
        let hit = |at| match self.id(at) {
            Id::Null => true,
            Id::Nobody => false,
            Id::Known(key) => snapshot.is_third_party(key),
        };
        if let Ids::Numbers { keys, nulls: None, fits: None } = &self.ids
            && self.nulls.is_none()
        {
            let all = keys.iter().map(|key| snapshot.is_third_party(Key::Number(*key)));
            return all.collect();
        }
        (0..self.len).map(hit).collect()
    }

    /// The rows with a hit in their list, ascending; some more than once.
    fn rows_hit(&self) -> Vec<usize> {
        let hits = self.hits.iter().enumerate().filter(|(_, hit)| **hit).map(|(at, _)| at);
        // A row's entries end where the next row's begin, so empty rows in between are passed over.
        let row = |at: usize| match &self.offsets {
            Offsets::Small(ends, _) => ends[1..].partition_point(|end| *end as usize <= at),
            Offsets::Large(ends, _) => ends[1..].partition_point(|end| *end as usize <= at),
            Offsets::Fixed(size, _) => at / size,
            Offsets::Nothing => usize::MAX,
        };
        hits.map(|at| (row(at), at))
            .filter(|(row, at)| *row < self.rows() && self.range(*row).contains(at))
            .map(|(row, _)| row)
            .collect()
    }

    fn rows(&self) -> usize {
        match &self.offsets {
            Offsets::Small(offsets, _) => offsets.len() - 1,
            Offsets::Large(offsets, _) => offsets.len() - 1,
            Offsets::Fixed(size, _) => self.len.checked_div(*size).unwrap_or(0),
            Offsets::Nothing => 0,
        }
    }

    pub(crate) fn id(&self, at: usize) -> Id<'_> {
        if self.is_there(at) { self.ids.get(at) } else { Id::Null }
    }

    /// Whether the entry itself is not null; its account may be.
    fn is_there(&self, at: usize) -> bool {
        self.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(at))
    }

    fn place(&self, at: usize) -> Place {
        match &self.spans {
            None => Place::NotGiven,
            Some((starts, ends)) => match (starts[at], ends[at]) {
                (Some(start), Some(end)) if self.is_there(at) => Place::At(start, end),
                _ => Place::Null,
            },
        }
    }

    /// Calls `each` with every row that lists somebody, and its entries.
    pub(crate) fn for_each_row(&self, mut each: impl FnMut(usize, std::ops::Range<usize>)) {
        if self.len == 0 {
            return;
        }
        // Most rows list nobody, which their ends alone tell.
        let mut look = |row: usize, is_empty: bool| {
            if !is_empty {
                let range = self.range(row);
                if !range.is_empty() {
                    each(row, range);
                }
            }
        };
        match &self.offsets {
            Offsets::Small(ends, _) => {
                ends.windows(2).enumerate().for_each(|(row, at)| look(row, at[0] == at[1]));
            }
            Offsets::Large(ends, _) => {
                ends.windows(2).enumerate().for_each(|(row, at)| look(row, at[0] == at[1]));
            }
            Offsets::Fixed(..) | Offsets::Nothing => {
                (0..self.rows()).for_each(|row| look(row, false));
            }
        }
    }

    /// The entries of one row; none where its list is null.
    pub(crate) fn range(&self, row: usize) -> std::ops::Range<usize> {
        let valid = |nulls: &Option<NullBuffer>| nulls.as_ref().is_none_or(|n| n.is_valid(row));
        match &self.offsets {
            Offsets::Small(offsets, nulls) if valid(nulls) => {
                offsets[row] as usize..offsets[row + 1] as usize
            }
            Offsets::Large(offsets, nulls) if valid(nulls) => {
                offsets[row] as usize..offsets[row + 1] as usize
            }
            Offsets::Fixed(size, nulls) if valid(nulls) => row * size..(row + 1) * size,
            _ => 0..0,
        }
    }
}

/// A list column's offsets and its entries.
fn split(array: &ArrayRef) -> Option<(Offsets, ArrayRef)> {
    let nulls = array.nulls().cloned();
    Some(match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            (Offsets::Small(list.offsets().clone(), nulls), list.values().clone())
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            (Offsets::Large(list.offsets().clone(), nulls), list.values().clone())
        }
        DataType::FixedSizeList(_, size) => {
            let list = array.as_fixed_size_list();
            (Offsets::Fixed(usize::try_from(*size).ok()?, nulls), list.values().clone())
        }
        DataType::ListView(field) | DataType::LargeListView(field) => {
            let flat = DataType::LargeList(field.clone());
            let flat = arrow::compute::cast(array, &flat).ok()?;
            let list = flat.as_list::<i64>();
            (Offsets::Large(list.offsets().clone(), flat.nulls().cloned()), list.values().clone())
        }
        DataType::Null => {
            let nothing = arrow::array::new_empty_array(&DataType::Null);
            (Offsets::Nothing, nothing)
        }
        _ => return None,
    })
}
