//! Judging a batch: rule by rule over columns, in the order of the design, so that a rule only looks
//! at the rows that all earlier rules let through.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, Schema};
use demur_core::day::Zone;
use demur_core::objection::Scope;
use demur_core::purpose::{Allowed, Purpose, ThirdPartyRule};
use demur_core::rules::Reason;
use demur_snapshot::{Key, Snapshot, Word};

use crate::arrays::{Days, Id, Ids, Texts, column};
use crate::columns::{Columns, Needed, Value};
use crate::error::Error;
use crate::items::NumberedItems;
use crate::third_party::{Redaction, ThirdParty};

/// Judges records by one snapshot.
#[derive(Debug)]
pub struct Gate {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) columns: Columns,
    zone: Zone,
    /// Kinds that the purpose covers; the number past the last stands for null and all others.
    kinds: Vec<Kind>,
    /// Every visibility that some kind allows; one more stands for null, one more for all others.
    visibilities: Vec<String>,
    /// What rules 1 and 2 say: a line for each kind, one more for those not covered, and in each a
    /// code for each visibility.
    openness: Vec<u8>,
    /// Single records that were objected to, as far as their ids are integers.
    items: NumberedItems,
}

/// A kind that the purpose covers.
#[derive(Debug)]
struct Kind {
    name: String,
    /// What rules 4, 5 and 7 to 10 say of an author's [`Word::group`].
    authors: Box<[AuthorCodes; 256]>,
}

/// The verdict on records of one group of authors.
#[derive(Clone, Copy, Debug, Default)]
struct AuthorCodes {
    /// By the author's age; 0 goes on to rule 6.
    by_age: u8,
    /// By all after rule 6; 0 goes on to rule 11.
    after: u8,
}

/// What the gate says of each row of a batch.
#[derive(Debug, Default)]
pub struct Verdicts {
    codes: Vec<u8>,
    pub(crate) redactions: Vec<Redaction>,
}

const KEEP: u8 = 0;
const REDACT: u8 = u8::MAX;

/// What the gate says of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Used as it is.
    Keep,
    /// Used without the names of people who objected.
    Redact,
    /// Not used.
    Drop(Reason),
}

impl Verdicts {
    /// Number of rows judged.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether the batch had no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The verdict on one row.
    ///
    /// # Panics
    /// Where the batch had no such row.
    #[must_use]
    pub fn get(&self, row: usize) -> Outcome {
        match self.codes[row] {
            KEEP => Outcome::Keep,
            REDACT => Outcome::Redact,
            code => Outcome::Drop(Reason::ALL[usize::from(code) - 1]),
        }
    }

    /// The verdicts in the order of the rows.
    pub fn iter(&self) -> impl Iterator<Item = Outcome> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// What `of` makes of each verdict, in the order of the rows; it is asked once for each verdict that
    /// there can be.
    pub fn map<'a, T: Copy + 'a>(
        &'a self,
        of: impl Fn(Outcome) -> T,
    ) -> impl Iterator<Item = T> + 'a {
        let mut table = [of(Outcome::Keep); 256];
        table[usize::from(REDACT)] = of(Outcome::Redact);
        for reason in Reason::ALL {
            table[reason as usize] = of(Outcome::Drop(reason));
        }
        self.codes.iter().map(move |code| table[usize::from(*code)])
    }

    /// Whether the row stays, redacted or not.
    #[must_use]
    pub fn stays(&self, row: usize) -> bool {
        matches!(self.codes[row], KEEP | REDACT)
    }

    /// How often each code occurs: rows kept, rows redacted, and rows dropped by reason.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut by_code = [0u64; 256];
        for code in &self.codes {
            by_code[usize::from(*code)] += 1;
        }
        let mut counts = Counts {
            kept: by_code[usize::from(KEEP)],
            redacted: by_code[usize::from(REDACT)],
            ..Counts::default()
        };
        for reason in Reason::ALL {
            counts.dropped[reason as usize - 1] = by_code[reason as usize];
        }
        counts
    }

    /// Redactions by row, ascending.
    #[must_use]
    pub fn redactions(&self) -> &[Redaction] {
        &self.redactions
    }

    pub(crate) fn drop_row(&mut self, row: usize, reason: Reason) {
        self.codes[row] = reason as u8;
    }

    pub(crate) fn redact_row(&mut self, redaction: Redaction) {
        self.codes[redaction.row] = REDACT;
        self.redactions.push(redaction);
    }
}

/// Rows by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Used as they are.
    pub kept: u64,
    /// Used without names.
    pub redacted: u64,
    /// Not used, in the order of [`Reason::ALL`].
    pub dropped: [u64; Reason::ALL.len()],
}

impl Counts {
    /// All rows.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.kept + self.redacted + self.dropped.iter().sum::<u64>()
    }

    /// Reasons that occurred, with how often.
    pub fn reasons(&self) -> impl Iterator<Item = (Reason, u64)> + '_ {
        Reason::ALL.into_iter().zip(self.dropped).filter(|(_, n)| *n > 0)
    }

    /// Adds another batch's counts.
    pub fn add(&mut self, other: &Counts) {
        self.kept += other.kept;
        self.redacted += other.redacted;
        for (sum, n) in self.dropped.iter_mut().zip(other.dropped) {
            *sum += n;
        }
    }
}

impl Gate {
    /// A gate for corpora with these columns.
    ///
    /// # Errors
    /// Where the purpose redacts and the configuration does not say which column is the text. The
    /// time zone was checked when the purpose was recorded; one unknown to this build is an error too.
    pub fn new(snapshot: Arc<Snapshot>, columns: Columns) -> Result<Gate, Error> {
        let purpose = &snapshot.meta().purpose;
        let zone = Zone::named(&purpose.time_zone).map_err(Error::Arrow)?;
        let mut visibilities: Vec<String> = Vec::new();
        for rule in purpose.content.values() {
            if let Allowed::Only(values) = &rule.visibility {
                visibilities.extend(values.iter().cloned());
            }
        }
        visibilities.sort_unstable();
        visibilities.dedup();
        let mut kinds = Vec::with_capacity(purpose.content.len());
        let mut openness = Vec::new();
        for (name, rule) in &purpose.content {
            let code = |permitted: bool| if permitted { KEEP } else { Reason::NotPublic as u8 };
            openness.extend(visibilities.iter().map(|v| code(rule.visibility.permits(v))));
            openness.extend([code(!rule.visibility.is_needed()); 2]);
            kinds.push(Kind { name: name.clone(), authors: author_codes(rule.scope) });
        }
        openness.resize(openness.len() + visibilities.len() + 2, Reason::KindNotCovered as u8);
        let items = NumberedItems::of(&snapshot);
        Ok(Gate { columns, zone, kinds, visibilities, openness, items, snapshot })
    }

    /// The snapshot it judges by.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Which column holds what.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The time zone in which days are counted.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    pub(crate) fn purpose(&self) -> &Purpose {
        &self.snapshot.meta().purpose
    }

    /// The columns that [`judge`](Self::judge) reads, and no others.
    #[must_use]
    pub fn reads(&self) -> Vec<&str> {
        let columns = &self.columns;
        let mut reads: Vec<&str> = vec![&columns.author];
        for value in [&columns.kind, &columns.visibility] {
            if let Value::Column(name) = value {
                reads.push(name);
            }
        }
        if self.snapshot.has_items() {
            reads.push(&columns.record);
        }
        if self.purpose().needs_created() {
            reads.push(&columns.created.column);
        }
        let rules = &self.purpose().third_party;
        let redacts = self.redacts();
        for (rule, people) in
            [(rules.mentioned, &columns.mentioned), (rules.depicted, &columns.depicted)]
        {
            if (rule != ThirdPartyRule::Keep || redacts)
                && let Some(people) = people
            {
                reads.push(&people.column);
            }
        }
        if redacts && let Some(text) = &columns.text {
            reads.push(text);
        }
        reads.sort_unstable();
        reads.dedup();
        reads
    }

    /// What [`judge_in_place`](Self::judge_in_place) and [`appearances`](Self::appearances) read together:
    /// of the people in a record only who they are, not where they stand.
    #[must_use]
    pub fn reads_in_place(&self) -> Vec<Needed<'_>> {
        let columns = &self.columns;
        let mut names = self.reads();
        names.extend(self.reads_people());
        names.retain(|name| Some(*name) != columns.text.as_deref());
        names.sort_unstable();
        names.dedup();
        let field = |column: &str| {
            let people = [&columns.mentioned, &columns.depicted].into_iter().flatten();
            let mut fields = people.filter(|p| p.column == column).map(|p| p.account.as_deref());
            // One column in two roles is read whole.
            fields.next().flatten().filter(|_| fields.next().is_none())
        };
        names.into_iter().map(|column| Needed { column, field: field(column) }).collect()
    }

    /// Whether the purpose takes names out of texts.
    #[must_use]
    pub fn redacts(&self) -> bool {
        let rules = &self.purpose().third_party;
        rules.mentioned == ThirdPartyRule::Redact || rules.depicted == ThirdPartyRule::Redact
    }

    /// Whether batches of this schema can be judged.
    ///
    /// # Errors
    /// The first column that is missing or of a wrong type.
    pub fn check(&self, schema: &Schema) -> Result<(), Error> {
        self.judge(&RecordBatch::new_empty(Arc::new(schema.clone())))?;
        Ok(())
    }

    /// Judges every row of a batch.
    ///
    /// # Errors
    /// Where a column is missing or of a type that cannot hold what it should.
    pub fn judge(&self, batch: &RecordBatch) -> Result<Verdicts, Error> {
        self.verdicts(batch, false)
    }

    fn verdicts(&self, batch: &RecordBatch, in_place: bool) -> Result<Verdicts, Error> {
        let rows = batch.num_rows();
        let mut verdicts = Verdicts { codes: vec![KEEP; rows], redactions: Vec::new() };

        // Rules 1 and 2.
        let kinds = self.classes(batch, &self.columns.kind, "kind", |kind| {
            let covered = kind.and_then(|kind| self.kinds.iter().position(|k| k.name == kind));
            covered.unwrap_or(self.kinds.len()) as u32
        })?;
        let (null, other) = (self.visibilities.len(), self.visibilities.len() + 1);
        let visibilities =
            self.classes(batch, &self.columns.visibility, "visibility", |value| {
                let class = |v: &str| self.visibilities.iter().position(|name| name == v);
                value.map_or(null, |v| class(v).unwrap_or(other)) as u32
            })?;
        let mut live = Live::new(rows);
        for (row, code) in verdicts.codes.iter_mut().enumerate() {
            *code = self.openness[kinds.get(row) * (other + 1) + visibilities.get(row)];
            live.push(row, *code == KEEP);
        }
        let mut live = live.rows();

        // Rule 3.
        if self.snapshot.has_items() {
            let records =
                Records::new(column(batch, &self.columns.record, "record")?, &self.columns.record)?;
            live.retain(|row| {
                let row = *row as usize;
                let item = self.is_item(&records, row);
                if item {
                    verdicts.drop_row(row, Reason::ItemObjected);
                }
                !item
            });
        }

        // Rules 4 to 10.
        let name = &self.columns.author;
        let kind = self.snapshot.meta().id_kind;
        let authors = Ids::new(column(batch, name, "author")?, kind, name, "author")?;
        let mut words = vec![Word::ABSENT; live.len()];
        self.words(&authors, live.iter().map(|row| *row as usize), &mut words);
        let created = if self.purpose().needs_created() {
            let source = &self.columns.created;
            let array = column(batch, &source.column, "created")?;
            Some(Days::new(array, source.unit, &source.column, "created")?)
        } else {
            None
        };
        for (row, word) in live.into_iter().map(|row| row as usize).zip(words) {
            let codes = self.kinds[kinds.get(row)].authors[usize::from(word.group())];
            let created_reason =
                || created.as_ref().and_then(|created| self.created_reason(created, row, word));
            verdicts.codes[row] = match codes.by_age {
                KEEP => created_reason().map_or(codes.after, |reason| reason as u8),
                by_age => by_age,
            };
        }

        // Rule 11.
        if let Some(third_party) = ThirdParty::of(self, batch, in_place)? {
            third_party.judge(&authors, &mut verdicts);
        }
        Ok(verdicts)
    }

    /// Judges every row of a batch that nothing can be taken out of: where a name would have to be, the
    /// row goes. Needs no text.
    ///
    /// # Errors
    /// Those of [`judge`](Self::judge).
    pub fn judge_in_place(&self, batch: &RecordBatch) -> Result<Verdicts, Error> {
        self.verdicts(batch, true)
    }

    /// Rule 3. A record without an id may be any.
    fn is_item(&self, records: &Records, row: usize) -> bool {
        match records {
            Records::Numbers(ids) => ids.is_null(row) || self.items.holds(ids.value(row).into()),
            Records::Unsigned(ids) => ids.is_null(row) || self.items.holds(ids.value(row).into()),
            Records::Texts(ids) => ids.get(row).is_none_or(|id| self.snapshot.is_item(id)),
        }
    }

    /// Rule 6.
    fn created_reason(&self, created: &Days, row: usize, author: Word) -> Option<Reason> {
        let minor = match created.clearly_before(row, author.of_age_on()) {
            Some(before) => before,
            None => match created.get(row, &self.zone) {
                None => return Some(Reason::CreatedUnknown),
                Some(day) => author.was_minor_on(day),
            },
        };
        minor.then_some(Reason::ContentOfMinor)
    }

    /// The snapshot's entries of the ids at `places`, nulls and nobody's ids as absent.
    pub(crate) fn words(
        &self,
        ids: &Ids,
        places: impl ExactSizeIterator<Item = usize> + Clone,
        words: &mut [Word],
    ) {
        let Ids::Numbers { keys, nulls, fits } = ids else {
            for (word, at) in words.iter_mut().zip(places) {
                *word = self.word(ids.get(at));
            }
            return;
        };
        self.snapshot.get_numbers(places.clone().map(|at| keys[at]), words);
        // What stands in place of a null is nobody's id, whosever it looks like.
        if let Some(nulls) = nulls.as_ref().filter(|nulls| nulls.null_count() > 0) {
            for (word, at) in words.iter_mut().zip(places.clone()) {
                *word = if nulls.is_null(at) { Word::ABSENT } else { *word };
            }
        }
        if let Some(fits) = fits {
            for (word, at) in words.iter_mut().zip(places) {
                *word = if fits[at] { *word } else { Word::ABSENT };
            }
        }
    }

    pub(crate) fn word(&self, id: Id<'_>) -> Word {
        match id {
            Id::Known(key) => self.snapshot.get(key),
            Id::Null | Id::Nobody => Word::ABSENT,
        }
    }

    pub(crate) fn same_person(&self, a: Id<'_>, b: Key<'_>) -> bool {
        matches!(a, Id::Known(a) if self.snapshot.same_person(a, b))
    }

    /// The scope that each row's kind belongs to; none where the purpose does not cover it.
    pub(crate) fn scopes(
        &self,
        batch: &RecordBatch,
    ) -> Result<impl Fn(usize) -> Option<Scope>, Error> {
        let scopes = |kind: &str| self.purpose().content.get(kind).map(|rule| rule.scope);
        let kinds = self.classes(batch, &self.columns.kind, "kind", |kind| {
            let covered = kind.and_then(|kind| self.kinds.iter().position(|k| k.name == kind));
            covered.unwrap_or(self.kinds.len()) as u32
        })?;
        // The last is for kinds that are not covered.
        let mut scopes: Vec<_> = self.kinds.iter().map(|kind| scopes(&kind.name)).collect();
        scopes.push(None);
        Ok(move |row| scopes[kinds.get(row)])
    }

    fn classes(
        &self,
        batch: &RecordBatch,
        value: &Value,
        role: &'static str,
        class: impl Fn(Option<&str>) -> u32,
    ) -> Result<Classes, Error> {
        Ok(match value {
            Value::Constant(constant) => Classes::All(class(Some(constant))),
            Value::Column(name) => {
                Classes::Each(Texts::new(column(batch, name, role)?, name, role)?.classify(&class))
            }
        })
    }
}

/// What rules 4, 5 and 7 to 10 say of every group of authors, on records of a scope.
fn author_codes(scope: Scope) -> Box<[AuthorCodes; 256]> {
    let code = |reason: Option<Reason>| reason.map_or(KEEP, |reason| reason as u8);
    let mut codes = Box::new([AuthorCodes::default(); 256]);
    for (group, codes) in (0u8..=255).zip(codes.iter_mut()) {
        let word = Word::of_group(group);
        codes.by_age = code(word.age_reason());
        codes.after = code(word.bar().or_else(|| word.objection_reason(scope)));
    }
    codes
}

/// Rows that no rule has dropped yet, collected without a branch: which they are, no processor can
/// foresee.
struct Live {
    rows: Vec<u32>,
    count: usize,
}

impl Live {
    /// Room for as many rows as are looked at.
    fn new(room: usize) -> Self {
        Live { rows: vec![0; room], count: 0 }
    }

    fn push(&mut self, row: usize, lives: bool) {
        self.rows[self.count] = row as u32;
        self.count += usize::from(lives);
    }

    fn rows(mut self) -> Vec<u32> {
        self.rows.truncate(self.count);
        self.rows
    }
}

/// A class for each row, or one for all.
enum Classes {
    All(u32),
    Each(Vec<u32>),
}

impl Classes {
    fn get(&self, row: usize) -> usize {
        match self {
            Classes::All(class) => *class as usize,
            Classes::Each(classes) => classes[row] as usize,
        }
    }
}

/// A column of record ids.
pub(crate) enum Records {
    Numbers(Int64Array),
    /// Unsigned 64-bit numbers, which do not fit the signed ones.
    Unsigned(UInt64Array),
    Texts(Texts),
}

impl Records {
    pub(crate) fn new(array: &ArrayRef, name: &str) -> Result<Self, Error> {
        Ok(match array.data_type() {
            DataType::UInt64 => Records::Unsigned(array.as_primitive().clone()),
            integer if integer.is_integer() => {
                let wide = arrow::compute::cast(array, &DataType::Int64)?;
                Records::Numbers(wide.as_primitive().clone())
            }
            other => {
                Records::Texts(Texts::new(array, name, "record").map_err(|_| Error::WrongType {
                    column: name.to_owned(),
                    role: "record",
                    found: Box::new(other.clone()),
                    expected: "an integer or a string".into(),
                })?)
            }
        })
    }

    pub(crate) fn get<'a>(&'a self, row: usize, buffer: &'a mut String) -> Option<&'a str> {
        use std::fmt::Write;
        let mut print = |number: &dyn std::fmt::Display| {
            buffer.clear();
            // Writing to a string cannot fail.
            let _ = write!(buffer, "{number}");
        };
        match self {
            Records::Texts(texts) => return texts.get(row),
            Records::Numbers(ids) if ids.is_valid(row) => print(&ids.value(row)),
            Records::Unsigned(ids) if ids.is_valid(row) => print(&ids.value(row)),
            Records::Numbers(_) | Records::Unsigned(_) => return None,
        }
        Some(buffer)
    }
}
