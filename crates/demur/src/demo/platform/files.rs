//! Files that are whole or not there.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use arrow::array::{
    ArrayRef, Date32Array, Int32Builder, Int64Array, Int64Builder, ListBuilder, RecordBatch,
    StringArray, StringBuilder, StructBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Fields, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::people::People;
use super::records::Record;

/// Rows that are written, and can be skipped, together.
pub(super) const ROW_GROUP: usize = 16_384;

/// A file under a passing name, until it is [finished](Draft::finish).
pub(super) struct Draft {
    passing: PathBuf,
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Draft {
    /// Begins a file that will be called `path`.
    pub(super) fn begin(path: PathBuf) -> anyhow::Result<Self> {
        let mut passing = path.clone().into_os_string();
        passing.push(".partial");
        let passing = PathBuf::from(passing);
        let file = File::create(&passing)
            .with_context(|| format!("cannot create {}", passing.display()))?;
        Ok(Self { passing, path, file: Some(BufWriter::new(file)) })
    }

    /// Gives the file its name, once all of it is on the disk.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.settle().with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn settle(&mut self) -> std::io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.flush()?;
            file.get_ref().sync_all()?;
        }
        fs::rename(&self.passing, &self.path)
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// Writes lines of text with a header.
pub(super) fn csv<const N: usize>(
    path: &Path,
    header: [&str; N],
    lines: impl Iterator<Item = [String; N]>,
) -> anyhow::Result<()> {
    let mut draft = Draft::begin(path.to_owned())?;
    let failed = || format!("cannot write {}", path.display());
    let mut writer = csv::Writer::from_writer(&mut draft);
    writer.write_record(header).with_context(failed)?;
    for line in lines {
        writer.write_record(&line).with_context(failed)?;
    }
    writer.flush().with_context(failed)?;
    drop(writer);
    draft.finish()
}

/// A Parquet file in the making.
pub(super) struct Table {
    writer: ArrowWriter<Draft>,
    schema: Arc<Schema>,
    path: PathBuf,
}

impl Table {
    /// Begins a table. Columns named in `distinct` hold few equal values and get no dictionary.
    pub(super) fn begin(
        path: PathBuf,
        schema: Arc<Schema>,
        distinct: &[&str],
    ) -> anyhow::Result<Self> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(2)?))
            .set_max_row_group_row_count(Some(ROW_GROUP));
        for column in distinct {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(*column), false);
        }
        let draft = Draft::begin(path.clone())?;
        let writer = ArrowWriter::try_new(draft, Arc::clone(&schema), Some(properties.build()))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { writer, schema, path })
    }

    /// Adds rows, column by column.
    pub(super) fn write(&mut self, columns: Vec<ArrayRef>) -> anyhow::Result<()> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.writer.write(&batch).with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Completes the table.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let path = self.path;
        let draft =
            self.writer.into_inner().with_context(|| format!("cannot write {}", path.display()))?;
        draft.finish()
    }
}

/// Writes the facts of all accounts.
pub(super) fn accounts(path: PathBuf, people: &People) -> anyhow::Result<()> {
    let schema = Arc::new(Schema::new(vec![
        Field::new("account_id", DataType::Int64, false),
        Field::new("birth_date", DataType::Date32, true),
        Field::new("region", DataType::Utf8, true),
        Field::new("status", DataType::Utf8, true),
        Field::new("person_id", DataType::Int64, true),
        Field::new("email", DataType::Utf8, false),
        Field::new("locale", DataType::Utf8, false),
    ]));
    let mut table = Table::begin(path, schema, &["account_id", "email"])?;
    for part in people.all[..people.accounts].chunks(ROW_GROUP) {
        table.write(vec![
            Arc::new(part.iter().map(|p| Some(p.id)).collect::<Int64Array>()),
            Arc::new(part.iter().map(|p| p.birth).collect::<Date32Array>()),
            Arc::new(part.iter().map(|p| p.region).collect::<StringArray>()),
            Arc::new(part.iter().map(|p| p.status).collect::<StringArray>()),
            Arc::new(part.iter().map(|p| p.person).collect::<Int64Array>()),
            Arc::new(part.iter().map(|p| Some(p.email.as_str())).collect::<StringArray>()),
            Arc::new(part.iter().map(|p| Some(p.locale)).collect::<StringArray>()),
        ])?;
    }
    table.finish()
}

/// The fields of a mention.
fn mention() -> Fields {
    Fields::from(vec![
        Field::new("user_id", DataType::Int64, false),
        Field::new("start", DataType::Int32, false),
        Field::new("end", DataType::Int32, false),
    ])
}

/// The columns of the corpus.
pub(super) fn corpus_schema() -> Arc<Schema> {
    let list = |item| DataType::List(Arc::new(item));
    let moment = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("record_id", DataType::Utf8, false),
        Field::new("author_id", DataType::Int64, true),
        Field::new("kind", DataType::Utf8, true),
        Field::new("visibility", DataType::Utf8, true),
        Field::new("created_at", moment, true),
        Field::new("text", DataType::Utf8, false),
        Field::new("mentions", list(Field::new("item", DataType::Struct(mention()), false)), false),
        Field::new("tagged", list(Field::new("item", DataType::Int64, false)), false),
    ]))
}

/// Columns of the corpus whose values hardly repeat.
pub(super) const DISTINCT: [&str; 3] = ["record_id", "created_at", "text"];

/// Rows of the corpus in the making.
pub(super) struct Rows {
    id: StringBuilder,
    author: Int64Builder,
    kind: StringBuilder,
    visibility: StringBuilder,
    created: TimestampMicrosecondBuilder,
    text: StringBuilder,
    mentions: ListBuilder<StructBuilder>,
    tagged: ListBuilder<Int64Builder>,
}

impl Rows {
    /// No rows yet.
    pub(super) fn new() -> Self {
        let span = StructBuilder::from_fields(mention(), 0);
        let item = Field::new("item", DataType::Struct(mention()), false);
        let tag = Field::new("item", DataType::Int64, false);
        Self {
            id: StringBuilder::new(),
            author: Int64Builder::new(),
            kind: StringBuilder::new(),
            visibility: StringBuilder::new(),
            created: TimestampMicrosecondBuilder::new().with_timezone("UTC"),
            text: StringBuilder::new(),
            mentions: ListBuilder::new(span).with_field(item),
            tagged: ListBuilder::new(Int64Builder::new()).with_field(tag),
        }
    }

    /// Adds a record.
    pub(super) fn push(&mut self, record: &Record) {
        self.id.append_value(&record.id);
        self.author.append_option(record.author);
        self.kind.append_option(record.kind);
        self.visibility.append_option(record.visibility);
        self.created.append_option(record.created);
        self.text.append_value(&record.text);
        for span in &record.mentions {
            let fields = self.mentions.values();
            if let Some(user) = fields.field_builder::<Int64Builder>(0) {
                user.append_value(span.user);
            }
            for (column, value) in [(1, span.start), (2, span.end)] {
                if let Some(offset) = fields.field_builder::<Int32Builder>(column) {
                    offset.append_value(value);
                }
            }
            fields.append(true);
        }
        self.mentions.append(true);
        self.tagged.values().append_slice(&record.tagged);
        self.tagged.append(true);
    }

    /// The columns; no rows are left.
    pub(super) fn take(&mut self) -> Vec<ArrayRef> {
        vec![
            Arc::new(self.id.finish()),
            Arc::new(self.author.finish()),
            Arc::new(self.kind.finish()),
            Arc::new(self.visibility.finish()),
            Arc::new(self.created.finish()),
            Arc::new(self.text.finish()),
            Arc::new(self.mentions.finish()),
            Arc::new(self.tagged.finish()),
        ]
    }
}
