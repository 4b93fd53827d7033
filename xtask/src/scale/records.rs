//! The corpus: what people wrote, a file at a time.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{
    ArrayRef, AsArray, Int32Builder, Int64Builder, ListBuilder, RecordBatch, StringBuilder,
    StringDictionaryBuilder, StructBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Fields, Int32Type, TimestampMicrosecondType};
use arrow::json::WriterBuilder;
use arrow::json::writer::LineDelimited;

use super::chance::Dice;
use super::people::{DAY, People};
use super::platform::UTC;
use super::table::{Table, rows};
use super::words::Lexicon;

/// Rows that are made at once.
const BATCH: u64 = 50_000;

/// 2012-01-01, the first day.
const FOUNDED: i64 = 15_340 * DAY;
/// 2024-02-01, when the platform's AI answered for the first time.
const AI_BEGINS: i64 = 19_754 * DAY;
/// 2025-06-15, when the corpus ends.
const ENDS: i64 = 20_254 * DAY;

/// What kinds there are, before and since the AI, and how many words they have on average.
const EARLY: [((&str, u32), u64); 3] = [(POST, 46), (COMMENT, 41), (PHOTO, 13)];
const LATE: [((&str, u32), u64); 4] = [(POST, 25), (COMMENT, 20), (PHOTO, 7), (AI, 48)];
const POST: (&str, u32) = ("post", 28);
const COMMENT: (&str, u32) = ("comment", 12);
const PHOTO: (&str, u32) = ("photo", 8);
const AI: (&str, u32) = ("ai_interaction", 25);

/// Which rows one file holds.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Which of the files; the stream of its chance.
    pub(super) number: u64,
    /// The id of its first record.
    pub(super) first: u64,
    /// How many it has.
    pub(super) rows: u64,
}

/// Writes one file and, where asked to, four fifths of its rows as JSON lines too. Ids and dates
/// ascend within a file, and every file spans all years, as in an export by shard.
pub(super) fn write(
    seed: u64,
    people: &People,
    lexicon: &Lexicon,
    part: Part,
    path: &Path,
    lines: Option<&Path>,
) -> Result<()> {
    let mut dice = Dice::new(seed, part.number);
    let mut table = Table::begin(path);
    let mut extract = lines.map(Extract::begin).transpose()?;
    for first in (0..part.rows).step_by(BATCH as usize) {
        let mut rows = Rows::default();
        for row in first..part.rows.min(first + BATCH) {
            // More is written every year.
            let passed = ((row as f64 + 0.5) / part.rows as f64).sqrt();
            let created = FOUNDED + (passed * (ENDS - FOUNDED) as f64) as i64;
            let created = created + dice.below(60_000_000) as i64;
            rows.push(people, lexicon, &mut dice, part.first + row, created);
        }
        let batch = rows.finish()?;
        table.write(&batch)?;
        if let Some(extract) = &mut extract {
            extract.write(&batch.slice(0, batch.num_rows() * 4 / 5))?;
        }
    }
    table.finish()?;
    extract.map_or(Ok(()), Extract::finish)
}

/// JSON lines in the making.
struct Extract(arrow::json::Writer<BufWriter<File>, LineDelimited>);

impl Extract {
    fn begin(path: &Path) -> Result<Self> {
        let file =
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        Ok(Self(WriterBuilder::new().with_explicit_nulls(true).build(file)))
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns = batch.schema_ref().fields().iter().zip(batch.columns());
        let columns = columns.map(|(field, column)| {
            // Writing a moment as text takes a zone that is known without a table of zones.
            let column: ArrayRef = match column.as_primitive_opt::<TimestampMicrosecondType>() {
                Some(moments) => Arc::new(moments.clone().with_timezone("+00:00")),
                None => Arc::clone(column),
            };
            (field.name(), column, true)
        });
        let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
        self.0.write(&batch).context("cannot write the extract")
    }

    fn finish(mut self) -> Result<()> {
        self.0.finish()?;
        self.0.into_inner().flush().context("cannot write the extract")
    }
}

/// Rows in the making, column by column.
struct Rows {
    ids: Int64Builder,
    authors: Int64Builder,
    kinds: StringDictionaryBuilder<Int32Type>,
    visibilities: StringBuilder,
    created: TimestampMicrosecondBuilder,
    texts: StringBuilder,
    mentions: ListBuilder<StructBuilder>,
    tagged: ListBuilder<Int64Builder>,
    text: String,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            ids: Int64Builder::new(),
            authors: Int64Builder::new(),
            kinds: StringDictionaryBuilder::new(),
            visibilities: StringBuilder::new(),
            created: TimestampMicrosecondBuilder::new().with_timezone(UTC),
            texts: StringBuilder::new(),
            mentions: ListBuilder::new(StructBuilder::from_fields(mention_fields(), 0)),
            tagged: ListBuilder::new(Int64Builder::new()),
            text: String::new(),
        }
    }
}

fn mention_fields() -> Fields {
    Fields::from(vec![
        Field::new("user_id", DataType::Int64, true),
        Field::new("start", DataType::Int32, true),
        Field::new("end", DataType::Int32, true),
    ])
}

impl Rows {
    fn push(
        &mut self,
        people: &People,
        lexicon: &Lexicon,
        dice: &mut Dice,
        record: u64,
        created: i64,
    ) {
        let (kind, words) =
            if created < AI_BEGINS { dice.weighed(&EARLY) } else { dice.weighed(&LATE) };
        let is_ai = kind == AI.0;
        self.ids.append_value(record as i64);
        let author = match dice.below(1000) {
            0 => None,
            1..4 => Some(people.nobody(dice)),
            _ => Some(people.somebody(dice)),
        };
        self.authors.append_option(author.map(|author| people.id(author)));
        self.kinds.append_value(kind);
        let visibility = if dice.per_mille(810) { "public" } else { "friends" };
        self.visibilities.append_option((!is_ai).then_some(visibility));
        self.created.append_value(created);

        self.text.clear();
        // Most are short, some four times as long as the mean.
        let words = (dice.unit() * dice.unit() * 4.0 * f64::from(words)) as u32 + 2;
        if is_ai {
            lexicon.write(dice, words, &mut self.text);
            self.mentions.append_null();
        } else {
            self.text_with_mentions(people, lexicon, dice, (author, words));
        }
        self.texts.append_value(&self.text);
        if kind == PHOTO.0 {
            if dice.per_mille(300) {
                for _ in 0..=dice.below(3) {
                    let shown = people.named_by(author, dice);
                    self.tagged.values().append_value(people.id(shown));
                }
            }
            self.tagged.append(true);
        } else {
            self.tagged.append_null();
        }
    }

    /// The first person named stands before what is written, others after it.
    fn text_with_mentions(
        &mut self,
        people: &People,
        lexicon: &Lexicon,
        dice: &mut Dice,
        (author, words): (Option<u64>, u32),
    ) {
        // With the AI's part of the corpus, which names nobody, that is one record in twenty.
        let named = if dice.per_mille(56) { 1 + dice.below(5) / 3 } else { 0 };
        if named > 0 {
            self.mention(people, lexicon, dice, author);
            self.text.push(' ');
        }
        lexicon.write(dice, words, &mut self.text);
        for _ in 1..named {
            self.text.push(' ');
            self.mention(people, lexicon, dice, author);
        }
        self.mentions.append(true);
    }

    fn mention(
        &mut self,
        people: &People,
        lexicon: &Lexicon,
        dice: &mut Dice,
        author: Option<u64>,
    ) {
        let start = self.text.len();
        let number = people.named_by(author, dice);
        lexicon.handle(number, &mut self.text);
        let mention = self.mentions.values();
        if let Some(user) = mention.field_builder::<Int64Builder>(0) {
            user.append_value(people.id(number));
        }
        for (field, at) in [(1, start), (2, self.text.len())] {
            if let Some(offset) = mention.field_builder::<Int32Builder>(field) {
                offset.append_value(at as i32);
            }
        }
        mention.append(true);
    }

    fn finish(mut self) -> Result<RecordBatch> {
        let columns: [(&str, ArrayRef); 8] = [
            ("record_id", Arc::new(self.ids.finish())),
            ("author_id", Arc::new(self.authors.finish())),
            ("kind", Arc::new(self.kinds.finish())),
            ("visibility", Arc::new(self.visibilities.finish())),
            ("created_at", Arc::new(self.created.finish())),
            ("text", Arc::new(self.texts.finish())),
            ("mentions", Arc::new(self.mentions.finish())),
            ("tagged", Arc::new(self.tagged.finish())),
        ];
        rows(columns)
    }
}
