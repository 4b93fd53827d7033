//! Copying Parquet: decode once, judge, write what stays.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use demur_gate::{Gate, Outcome, Verdicts};
use parquet::arrow::add_encoded_arrow_schema_to_metadata;
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};

use super::syncs::Syncs;
use super::{Done, Input, Piece, Progress};
use crate::error::{Error, Place};
use crate::index::Posting;
use crate::parquet::{ParquetFile, difference};

/// Rows a piece of work, about: many pieces a file, each large enough to compress well.
const PIECE: u64 = 1 << 20;

/// Bytes that a row group may hold in memory before it is written.
pub(crate) const ROW_GROUP: usize = 128 << 20;

/// Files of all corpora must share one schema: they become one table.
pub(super) fn one_schema(corpora: &[Vec<ParquetFile>]) -> Result<(), Error> {
    let first = &corpora[0][0];
    for files in &corpora[1..] {
        if let Some((column, what)) = difference(first.schema(), files[0].schema()) {
            return Err(Error::input(
                &files[0].path,
                Some(Place::Column(column)),
                format!("{what}, other than in {}", first.path.display()),
                "a training set has one schema; build corpora that differ into a set each",
            ));
        }
    }
    Ok(())
}

pub(super) fn pieces<'a>(
    corpora: &'a [Vec<ParquetFile>],
    gates: &'a [Gate],
    stored: &'a SchemaRef,
    folder: &Path,
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for (corpus, (files, gate)) in corpora.iter().zip(gates).enumerate() {
        for (at, file) in files.iter().enumerate() {
            for groups in file.pieces(PIECE) {
                let output = folder.join(format!("part-{:05}.parquet", pieces.len()));
                let input = Input::Parquet(file, groups, stored);
                pieces.push(Piece { gate, corpus, file: at, input, output });
            }
        }
    }
    pieces
}

pub(super) fn copy(
    piece: &Piece<'_>,
    file: &ParquetFile,
    groups: &[usize],
    stored: &SchemaRef,
    syncs: &Syncs,
    progress: Progress<'_>,
) -> Result<Done, Error> {
    let out = &piece.output;
    // Where the corpus has no dictionary, its values are nearly all different: trying again would cost
    // much and be given up.
    let properties = file.columns_without_dictionary().fold(properties(), |properties, column| {
        properties.set_column_dictionary_enabled(column, false)
    });
    let mut properties = properties.build();
    // Texts pass through in other types than those that readers are told of.
    add_encoded_arrow_schema_to_metadata(stored, &mut properties);
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let stored = &file.copied(stored);
    let created = File::create(out).map_err(|e| Error::io(out, "create", e))?;
    let mut writer = ArrowWriter::try_new_with_options(created, stored.clone(), options)
        .map_err(|e| failed(out, e))?;

    let mut done = Done::default();
    for batch in file.read_to_copy(groups.to_vec())? {
        let batch = batch?;
        let verdicts = piece.gate.judge(&batch).map_err(super::in_file(&file.path))?;
        done.input += batch.num_rows() as u64;
        done.counts.add(&verdicts.counts());
        let kept = piece.gate.apply(&batch, &verdicts).map_err(super::in_file(&file.path))?;
        if kept.num_rows() > 0 {
            gather(piece.gate, &kept, &verdicts, &mut done).map_err(super::in_file(&file.path))?;
            let kept = store(&file.path, &kept, stored)?;
            writer.write(&kept).map_err(|e| failed(out, e))?;
            if writer.in_progress_size() > ROW_GROUP {
                writer.flush().map_err(|e| failed(out, e))?;
            }
        }
        progress(batch.num_rows() as u64);
    }
    syncs.later(out, writer.into_inner().map_err(|e| failed(out, e))?);
    Ok(done)
}

/// Notes who is in the rows that go out, at the place where they go.
fn gather(
    gate: &Gate,
    kept: &RecordBatch,
    verdicts: &Verdicts,
    done: &mut Done,
) -> Result<(), demur_gate::Error> {
    let staying = verdicts.iter().filter(|outcome| !matches!(outcome, Outcome::Drop(_)));
    let redacted: Vec<bool> = staying.map(|outcome| outcome == Outcome::Redact).collect();
    let Done { rows, postings, .. } = done;
    gate.appearances(
        kept,
        |_| true,
        |one| {
            let row = *rows + one.row as u32;
            let redacted = redacted[one.row];
            postings.push(Posting { hash: one.hash, row, role: one.role, redacted });
        },
    )?;
    *rows += kept.num_rows() as u32;
    Ok(())
}

/// How files of a set are written.
pub(crate) fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).expect("3 is a level")))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by(concat!("demur ", env!("CARGO_PKG_VERSION")).to_owned())
}

/// The batch in the types that the table stores.
fn store(path: &Path, batch: &RecordBatch, stored: &SchemaRef) -> Result<RecordBatch, Error> {
    let convert = |(array, field): (&ArrayRef, &Arc<arrow::datatypes::Field>)| {
        if array.data_type() == field.data_type() {
            return Ok(array.clone());
        }
        arrow::compute::cast(array, field.data_type())
    };
    let columns = batch.columns().iter().zip(stored.fields()).map(convert);
    let columns = columns.collect::<Result<Vec<_>, _>>();
    columns.and_then(|columns| RecordBatch::try_new(stored.clone(), columns)).map_err(|e| {
        Error::input(
            path,
            None,
            format!("a column cannot be stored in Delta ({e})"),
            "cast it first",
        )
    })
}

/// A writer's error: almost always the disk below it.
pub(crate) fn failed(path: &Path, error: ParquetError) -> Error {
    let source = match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(io) => *io,
            Err(other) => std::io::Error::other(other),
        },
        other => std::io::Error::other(other),
    };
    Error::io(path, "write", source)
}
