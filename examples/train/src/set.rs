//! Parquet files: what a platform has, what a training set holds, and the file of canaries.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter::{
    ByteArrayColumnWriter, Int32ColumnWriter, Int64ColumnWriter,
};
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;
use serde_json::Value;

/// The data files of a training set, by its manifest.
pub(crate) fn files(set: &Path) -> Result<Vec<PathBuf>> {
    let path = set.join("manifest.json");
    let failed = || path.display().to_string();
    let text = fs::read_to_string(&path).with_context(failed)?;
    let manifest: Value = serde_json::from_str(&text).with_context(failed)?;
    let files = manifest["files"].as_array().with_context(failed)?;
    let name = |file: &Value| Some(set.join(file["path"].as_str()?));
    files.iter().map(name).collect::<Option<_>>().with_context(failed)
}

/// The texts of a training set.
pub(crate) fn texts(set: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for file in files(set)? {
        rows(&file, ["text"], |[text]| {
            if let Field::Str(text) = text {
                texts.push(text);
            }
        })?;
    }
    Ok(texts)
}

/// Everything that lies in a folder, as it is on the disk.
pub(crate) fn bytes(folder: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            bytes.extend(self::bytes(&path)?);
        } else {
            bytes.extend(fs::read(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(bytes)
}

/// Reads some columns of a file, row by row.
pub(crate) fn rows<const N: usize>(
    path: &Path,
    columns: [&str; N],
    mut row: impl FnMut([Field; N]),
) -> Result<()> {
    let failed = || path.display().to_string();
    let file = File::open(path).with_context(failed)?;
    let reader = SerializedFileReader::new(file).with_context(failed)?;
    let schema = reader.metadata().file_metadata().schema();
    let fields = schema.get_fields().iter().filter(|field| columns.contains(&field.name()));
    let wanted = Type::group_type_builder(schema.name())
        .with_fields(fields.map(Arc::clone).collect())
        .build()?;
    for read in RowIter::from_file(Some(wanted), &reader).with_context(failed)? {
        let mut read = read.with_context(failed)?.into_columns();
        let mut take = |name| {
            let at = read.iter().position(|(column, _)| column == name)?;
            Some(read.swap_remove(at).1)
        };
        let mut values = Vec::with_capacity(N);
        for name in columns {
            values.push(take(name).with_context(|| format!("{}: no `{name}`", path.display()))?);
        }
        row(values.try_into().unwrap_or_else(|_| unreachable!("as many as there are columns")));
    }
    Ok(())
}

/// A public post.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) record: String,
    pub(crate) author: i64,
    /// Microseconds since 1970.
    pub(crate) created: i64,
    pub(crate) text: String,
}

/// Writes posts with the columns of another file of the corpus.
pub(crate) fn write(path: &Path, like: &Path, posts: &[Post]) -> Result<()> {
    let failed = || path.display().to_string();
    let reader = SerializedFileReader::new(File::open(like)?)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file = File::create(path).with_context(failed)?;
    let mut writer =
        SerializedFileWriter::new(file, schema.root_schema_ptr(), Arc::new(properties))?;
    let texts = |of: fn(&Post) -> &str| -> Vec<ByteArray> {
        posts.iter().map(|post| of(post).as_bytes().to_vec().into()).collect()
    };
    // Levels of values that are there, and of lists that are empty.
    let (there, empty) = (vec![1i16; posts.len()], vec![0i16; posts.len()]);
    let mut group = writer.next_row_group()?;
    for descriptor in schema.columns() {
        let name = descriptor.path().string();
        let mut column = group.next_column()?.with_context(failed)?;
        let levels = (descriptor.max_def_level() > 0).then_some(there.as_slice());
        let none = (Some(empty.as_slice()), Some(empty.as_slice()));
        match (name.as_str(), column.untyped()) {
            ("record_id", ByteArrayColumnWriter(to)) => {
                to.write_batch(&texts(|post| &post.record), levels, None)?
            }
            ("text", ByteArrayColumnWriter(to)) => {
                to.write_batch(&texts(|post| &post.text), levels, None)?
            }
            ("kind", ByteArrayColumnWriter(to)) => {
                to.write_batch(&texts(|_| "post"), levels, None)?
            }
            ("visibility", ByteArrayColumnWriter(to)) => {
                to.write_batch(&texts(|_| "public"), levels, None)?
            }
            ("author_id", Int64ColumnWriter(to)) => {
                let authors: Vec<i64> = posts.iter().map(|post| post.author).collect();
                to.write_batch(&authors, levels, None)?
            }
            ("created_at", Int64ColumnWriter(to)) => {
                let created: Vec<i64> = posts.iter().map(|post| post.created).collect();
                to.write_batch(&created, levels, None)?
            }
            // Nobody is named, and nobody is shown.
            (_, Int64ColumnWriter(to)) if descriptor.max_rep_level() > 0 => {
                to.write_batch(&[], none.0, none.1)?
            }
            (_, Int32ColumnWriter(to)) if descriptor.max_rep_level() > 0 => {
                to.write_batch(&[], none.0, none.1)?
            }
            _ => bail!("{}: nobody says what belongs into `{name}`", like.display()),
        };
        column.close()?;
    }
    group.close()?;
    writer.close().with_context(failed)?;
    Ok(())
}
