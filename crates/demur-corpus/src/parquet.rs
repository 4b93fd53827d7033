//! Opening Parquet files: schemas that agree, and pieces that workers can share out.

use std::cell::Cell;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Encoding, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;
use parquet::schema::types::ColumnPath;

use demur_gate::Needed;

use crate::error::{Error, Place};
use crate::share::share;
use crate::store::{self, Chunks, Object};

/// Rows a batch: enough to spread the cost of a call, few enough for a batch to stay in the cache.
pub(crate) const BATCH: usize = 8192;

/// Bytes, compressed, that the dictionary of a text of few values takes at most.
const SHORT: i64 = 4096;

/// One Parquet file, its footer read.
#[derive(Clone, Debug)]
pub(crate) struct ParquetFile {
    pub(crate) path: PathBuf,
    /// Where it lies in a store: the version of it that the footer is of.
    object: Option<Object>,
    metadata: ArrowReaderMetadata,
}

impl ParquetFile {
    /// Reads the footer.
    ///
    /// # Errors
    /// Where the file cannot be opened, or is no whole Parquet file.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let object = Object::open(path)?;
        let metadata = match &object {
            None => {
                let file = File::open(path).map_err(|e| Error::io(path, "open", e))?;
                guarded(path, || load(&file).map_err(|e| unreadable(path, &e)))?
            }
            Some(object) => {
                let chunks = Chunks::footer(object.clone());
                let footer = guarded(path, || load(&chunks).map_err(|e| unreadable(path, &e)));
                footer.map_err(|e| chunks.failed().unwrap_or(e))?
            }
        };
        let fields = metadata.schema().fields();
        for (at, field) in fields.iter().enumerate() {
            let same = |other: &&Arc<Field>| other.name().eq_ignore_ascii_case(field.name());
            if let Some(other) = fields[..at].iter().find(same) {
                return Err(Error::input(
                    path,
                    Some(Place::Column(field.name().clone())),
                    format!("there is a column `{}` as well", other.name()),
                    "readers disagree about which of the two they see; leave one out",
                ));
            }
        }
        Ok(ParquetFile { path: path.to_owned(), object, metadata })
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// Groups of neighbouring row groups, each of about `rows` rows: pieces of work whose size does
    /// not depend on the number of workers, so that the output does not either.
    pub(crate) fn pieces(&self, rows: u64) -> Vec<Vec<usize>> {
        let mut pieces: Vec<Vec<usize>> = Vec::new();
        let mut in_last = 0;
        for (group, meta) in self.metadata.metadata().row_groups().iter().enumerate() {
            match pieces.last_mut() {
                Some(piece) if in_last < rows => piece.push(group),
                _ => {
                    pieces.push(vec![group]);
                    in_last = 0;
                }
            }
            in_last += u64::try_from(meta.num_rows()).unwrap_or(0);
        }
        pieces
    }

    /// Rows of these row groups.
    pub(crate) fn rows_of(&self, groups: &[usize]) -> u64 {
        let groups = groups.iter().map(|group| self.metadata.metadata().row_group(*group));
        groups.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).sum()
    }

    /// Reads row groups; `columns` limits which top-level columns are decoded. With such a limit, texts
    /// of few values come as dictionaries, so that whoever classifies them looks at each value once.
    ///
    /// # Errors
    /// Where the file cannot be opened.
    pub(crate) fn read(
        &self,
        row_groups: Option<Vec<usize>>,
        columns: Option<&[Needed<'_>]>,
    ) -> Result<Batches<'_>, Error> {
        let metadata = match columns {
            Some(needed) => self.with_dictionaries(needed)?,
            None => self.metadata.clone(),
        };
        self.read_as(metadata, row_groups, columns)
    }

    /// Reads all columns of row groups in the types that [`copied`](Self::copied) gives them.
    ///
    /// # Errors
    /// Where the file cannot be opened.
    pub(crate) fn read_to_copy(&self, row_groups: Vec<usize>) -> Result<Batches<'_>, Error> {
        self.read_as(self.with_schema(self.copied(self.schema()))?, Some(row_groups), None)
    }

    /// A schema with the types in which texts are copied fastest: as dictionaries where they have few
    /// values, and else as views, which leave the bytes in the page that was read.
    pub(crate) fn copied(&self, schema: &Schema) -> SchemaRef {
        let fields = schema.fields().iter().map(|field| {
            if *field.data_type() != DataType::Utf8 {
                return field.clone();
            }
            let few = self.schema().index_of(field.name()).is_ok_and(|root| self.is_keyed(root));
            let kind = if few { keyed_text() } else { DataType::Utf8View };
            Arc::new(Field::clone(field).with_data_type(kind))
        });
        let fields: Vec<_> = fields.collect();
        Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
    }

    fn read_as(
        &self,
        metadata: ArrowReaderMetadata,
        row_groups: Option<Vec<usize>>,
        columns: Option<&[Needed<'_>]>,
    ) -> Result<Batches<'_>, Error> {
        let mask = columns.map_or_else(ProjectionMask::all, |needed| self.mask(needed));
        let Some(object) = &self.object else {
            let file = File::open(&self.path).map_err(|e| Error::io(&self.path, "open", e))?;
            return self.batches(file, metadata, row_groups, mask, None);
        };
        let footer = self.metadata.metadata();
        let chunks =
            || Ok(Chunks::columns(object.clone(), footer, row_groups.as_deref(), &mask, BATCH));
        let chunks = guarded(&self.path, chunks)?;
        self.batches(chunks.clone(), metadata, row_groups, mask, Some(chunks))
    }

    fn batches(
        &self,
        from: impl ChunkReader + 'static,
        metadata: ArrowReaderMetadata,
        row_groups: Option<Vec<usize>>,
        mask: ProjectionMask,
        chunks: Option<Chunks>,
    ) -> Result<Batches<'_>, Error> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(from, metadata)
            .with_batch_size(BATCH)
            .with_projection(mask);
        let builder = match row_groups {
            Some(groups) => builder.with_row_groups(groups),
            None => builder,
        };
        let build = || builder.build().map_err(|e| unreadable(&self.path, &e));
        let reader = guarded(&self.path, build)?;
        Ok(Batches { path: &self.path, reader, chunks })
    }
}

impl ParquetFile {
    /// The leaves of what is needed. A column that has no field of the name that is asked for is read
    /// whole, for its reader to say so.
    fn mask(&self, needed: &[Needed<'_>]) -> ProjectionMask {
        let parquet = self.metadata.parquet_schema();
        let mut leaves = Vec::new();
        for (root, field) in self.schema().fields().iter().enumerate() {
            let Some(needed) = needed.iter().find(|needed| needed.column == field.name()) else {
                continue;
            };
            let own =
                (0..parquet.num_columns()).filter(|at| parquet.get_column_root_idx(*at) == root);
            let named = |leaf: &usize| {
                let path = parquet.column(*leaf).path().parts().to_vec();
                path.len() > 1 && path.last().map(String::as_str) == needed.field
            };
            let fields: Vec<usize> = own.clone().filter(named).collect();
            if fields.is_empty() { leaves.extend(own) } else { leaves.extend(fields) }
        }
        ProjectionMask::leaves(parquet, leaves)
    }

    /// The footer with a schema in which texts of few values are dictionaries.
    fn with_dictionaries(&self, needed: &[Needed<'_>]) -> Result<ArrowReaderMetadata, Error> {
        let mut changed = false;
        let fields = self.schema().fields().iter().enumerate().map(|(root, field)| {
            let asked = needed.iter().any(|needed| needed.column == field.name());
            if *field.data_type() != DataType::Utf8 || !asked || !self.is_keyed(root) {
                return field.clone();
            }
            changed = true;
            Arc::new(Field::clone(field).with_data_type(keyed_text()))
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        if changed { self.with_schema(schema) } else { Ok(self.metadata.clone()) }
    }

    /// The footer with other types of the same columns.
    fn with_schema(&self, schema: SchemaRef) -> Result<ArrowReaderMetadata, Error> {
        let options = ArrowReaderOptions::new().with_schema(schema);
        ArrowReaderMetadata::try_new(self.metadata.metadata().clone(), options)
            .map_err(|e| unreadable(&self.path, &e))
    }

    /// Whether every row group has a short dictionary of a top-level column's values.
    fn is_keyed(&self, root: usize) -> bool {
        let parquet = self.metadata.parquet_schema();
        let mut leaves = 0..parquet.num_columns();
        let leaf = leaves.find(|leaf| parquet.get_column_root_idx(*leaf) == root);
        leaf.is_some_and(|leaf| {
            self.metadata.metadata().row_groups().iter().all(|group| {
                let chunk = group.column(leaf);
                let start = chunk.dictionary_page_offset();
                start.is_some_and(|start| chunk.data_page_offset() - start < SHORT)
            })
        })
    }

    /// Leaf columns of which the writer made no dictionary, or gave it up.
    pub(crate) fn columns_without_dictionary(&self) -> impl Iterator<Item = ColumnPath> {
        let columns = self.metadata.parquet_schema().columns().iter().enumerate();
        let groups = self.metadata.metadata().row_groups();
        let without =
            move |leaf: usize| groups.iter().any(|group| !has_dictionary(group.column(leaf)));
        columns.filter(move |(leaf, _)| without(*leaf)).map(|(_, column)| column.path().clone())
    }
}

/// Texts as numbers of a dictionary.
fn keyed_text() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// Whether a chunk has a dictionary of all its values, as far as its writer says.
fn has_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    let keyed = [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];
    match chunk.page_encoding_stats_mask() {
        Some(pages) => keyed.iter().any(|encoding| pages.is_only(*encoding)),
        None => chunk.encodings().any(|encoding| keyed.contains(&encoding)),
    }
}

/// The batches of a file, with errors that name it.
pub(crate) struct Batches<'a> {
    path: &'a Path,
    reader: ParquetRecordBatchReader,
    chunks: Option<Chunks>,
}

impl Iterator for Batches<'_> {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (path, reader) = (self.path, &mut self.reader);
        let next = guarded(path, || {
            reader.next().transpose().map_err(|e| {
                let why = e.to_string();
                damaged(path, &format!("a page cannot be decoded ({})", first_line(&why)))
            })
        });
        // Where the store gave nothing more, the file is not at fault.
        let failed = |e| self.chunks.as_ref().and_then(Chunks::failed).unwrap_or(e);
        next.map_err(failed).transpose()
    }
}

/// Reads a footer. Types are those of Parquet itself, as every reader sees them, and not those that
/// one writer left beside them.
fn load(file: &impl ChunkReader) -> Result<ArrowReaderMetadata, ParquetError> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(file, options)?;
    let parquet = metadata.parquet_schema();
    let legacy = |leaf: usize| parquet.column(leaf).physical_type() == Physical::INT96;
    if !(0..parquet.num_columns()).any(legacy) {
        return Ok(metadata);
    }
    // A legacy timestamp holds dates that 64 bits of nanoseconds do not, and wraps around in them.
    let fields = metadata.schema().fields().iter().enumerate().map(|(root, field)| {
        let own =
            (0..parquet.num_columns()).find(|leaf| parquet.get_column_root_idx(*leaf) == root);
        match (own, field.data_type()) {
            (Some(leaf), DataType::Timestamp(TimeUnit::Nanosecond, zone)) if legacy(leaf) => {
                let micros = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
                Arc::new(Field::clone(field).with_data_type(micros))
            }
            _ => field.clone(),
        }
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = ArrowReaderOptions::new().with_schema(schema);
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)
}

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is decoding a file, so that a panic is the file's fault and will be reported
/// as an error that names it; a program's panic hook can then keep silent.
#[must_use]
pub fn is_decoding() -> bool {
    READING.get()
}

/// A damaged file can make the decoder panic; that is the file's fault and ends like one.
fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    READING.set(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    READING.set(false);
    result.unwrap_or_else(|_| Err(damaged(path, "it cannot be decoded")))
}

fn unreadable(path: &Path, error: &ParquetError) -> Error {
    damaged(path, &format!("not a whole Parquet file ({})", first_line(&error.to_string())))
}

fn damaged(path: &Path, what: &str) -> Error {
    Error::input(path, None, what, "it may have been cut short while it was copied; write it again")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn open_all(paths: &[PathBuf]) -> Result<Vec<ParquetFile>, Error> {
    share(paths, store::openers(paths), |path| ParquetFile::open(path))
}

/// Opens files that must share one schema.
///
/// # Errors
/// Names the first file and column that differ from the first file.
pub(crate) fn open_alike(paths: &[PathBuf]) -> Result<Vec<ParquetFile>, Error> {
    let files = open_all(paths)?;
    for file in files.iter().skip(1) {
        if let Some((column, what)) = difference(files[0].schema(), file.schema()) {
            return Err(Error::input(
                &file.path,
                Some(Place::Column(column)),
                format!("{what}, other than in {}", paths[0].display()),
                "files of one corpus share one schema; mend the file, or make it a corpus of its own",
            ));
        }
    }
    Ok(files)
}

/// The first column in which two schemas differ; metadata and nullability do not count.
pub(crate) fn difference(one: &Schema, other: &Schema) -> Option<(String, String)> {
    for field in one.fields() {
        match other.field_with_name(field.name()) {
            Err(_) => return Some((field.name().clone(), "the column is missing".into())),
            Ok(found) if !field.data_type().equals_datatype(found.data_type()) => {
                let what = format!("it is {}, not {}", found.data_type(), field.data_type());
                return Some((field.name().clone(), what));
            }
            Ok(_) => {}
        }
    }
    let extra = other.fields().iter().find(|f| one.field_with_name(f.name()).is_err());
    if let Some(extra) = extra {
        return Some((extra.name().clone(), "there is one more column".into()));
    }
    let order = one.fields().iter().zip(other.fields()).find(|(a, b)| a.name() != b.name());
    order.map(|(_, b)| (b.name().clone(), "the columns are in another order".into()))
}

/// Rows of all files, by their footers.
///
/// # Errors
/// Where one is no whole Parquet file.
pub fn parquet_rows(paths: &[PathBuf]) -> Result<u64, Error> {
    Ok(open_all(paths)?.iter().map(ParquetFile::rows).sum())
}

/// The schema of a file, as builds and audits read it.
///
/// # Errors
/// Where it is no whole Parquet file, or names a column twice.
pub fn parquet_schema(path: &Path) -> Result<SchemaRef, Error> {
    ParquetFile::open(path).map(|file| file.schema().clone())
}
