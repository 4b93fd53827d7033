//! Parquet files as a platform's export job writes them.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

/// Rows of a row group.
const ROW_GROUP: usize = 250_000;

/// A Parquet file in the making: zstd level 3, dictionaries wherever they help.
pub(crate) struct Table {
    path: PathBuf,
    writer: Option<ArrowWriter<BufWriter<File>>>,
}

impl Table {
    pub(crate) fn begin(path: &Path) -> Self {
        Self { path: path.to_owned(), writer: None }
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let shown = || format!("cannot write {}", self.path.display());
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let file = File::create(&self.path).with_context(shown)?;
                let file = BufWriter::with_capacity(1 << 20, file);
                let properties = properties()?;
                ArrowWriter::try_new(file, batch.schema(), Some(properties)).with_context(shown)?
            }
        };
        writer.write(batch).with_context(shown)?;
        self.writer = Some(writer);
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<()> {
        let writer = self.writer.with_context(|| format!("{} has no rows", self.path.display()))?;
        writer.close().with_context(|| format!("cannot write {}", self.path.display()))?;
        Ok(())
    }
}

/// Rows of these columns; as in any export, each may be null.
pub(crate) fn rows<const N: usize>(columns: [(&str, ArrayRef); N]) -> Result<RecordBatch> {
    let columns = columns.into_iter().map(|(name, column)| (name, column, true));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

/// Columns whose values are all different get no dictionary: it would be given up half-way.
fn properties() -> Result<WriterProperties> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(ROW_GROUP));
    for column in ["record_id", "account_id", "created_at", "text"] {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column), false);
    }
    Ok(properties.build())
}
