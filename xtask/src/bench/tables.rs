//! Reading and writing the Parquet files that everybody in the contest gets.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

/// Opens some columns of a file.
pub(super) fn open(path: &Path, columns: &[&str]) -> Result<ParquetRecordBatchReader> {
    let shown = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(shown)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).with_context(shown)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    builder.with_projection(mask).with_batch_size(65_536).build().with_context(shown)
}

/// All of some columns, each name of which is at the top level.
pub(super) fn read(path: &Path, columns: &[&str]) -> Result<Vec<RecordBatch>> {
    open(path, columns)?.map(|batch| Ok(batch?)).collect()
}

/// A column of a batch.
pub(super) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).with_context(|| format!("there is no column `{name}`"))
}

/// A column of ids, null where there is none.
pub(super) fn ids<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<impl Iterator<Item = Option<i64>> + 'a> {
    let array = column(batch, name)?.as_primitive_opt::<Int64Type>();
    Ok(array.with_context(|| format!("`{name}` is no column of 64-bit ids"))?.iter())
}

/// A column of text, where a text is missing nothing.
pub(super) fn texts<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<impl Iterator<Item = Option<&'a str>> + 'a> {
    let array = column(batch, name)?.as_string_opt::<i32>();
    Ok(array.with_context(|| format!("`{name}` is no column of text"))?.iter())
}

/// The data files of a table or of one engine's output, in order: what readers of a folder would take.
pub(super) fn files(path: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let shown = || format!("cannot read {}", path.display());
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).with_context(shown)? {
        let path = entry.with_context(shown)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with(['_', '.']) && name.ends_with(ending) {
            found.push(path);
        }
    }
    found.sort_unstable();
    if found.is_empty() {
        bail!("{} has no file that ends in {ending}", path.display());
    }
    Ok(found)
}

/// The batch with one column in the place of another of the same type.
pub(super) fn replaced(batch: &RecordBatch, name: &str, with: ArrayRef) -> Result<RecordBatch> {
    let schema: &Schema = batch.schema_ref();
    let at = schema.index_of(name)?;
    let mut columns = batch.columns().to_vec();
    columns[at] = with;
    Ok(RecordBatch::try_new(batch.schema(), columns)?)
}
