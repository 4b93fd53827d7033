//! Covering up: the set's files are the corpus' own, linked into its folder, and deletion vectors hide
//! every row that may not be used. No row is copied.
//!
//! Objects of a corpus in a store are named in the table by their URLs, and nothing else has to be done.
//! The links lie in a folder, and have names, that folder scans pass over: a reader that ignores the
//! table's log finds nothing rather than everything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::datatypes::Schema;
use delta_kernel::actions::deletion_vector::DeletionVectorDescriptor;
use demur_gate::{Counts, Gate};
use roaring::RoaringBitmap;

use super::earlier::{Known, Verdicts};
use super::{Done, Finished, Progress, Request, shown};
use crate::delta;
use crate::error::{Error, Place};
use crate::files;
use crate::index;
use crate::judged::{self, Judged};
use crate::layout;
use crate::manifest::DataFile;
use crate::parquet::ParquetFile;
use crate::share::share;
use crate::store;
use crate::vectors::{self, Rows};

/// The schema of a table over these files, which hold what they hold: a type that Delta has no name for
/// cannot be converted in its place.
pub(super) fn schema(file: &ParquetFile) -> Result<Schema, Error> {
    let stored = delta::storable(&file.path, file.schema())?;
    for (found, wanted) in file.schema().fields().iter().zip(stored.fields()) {
        let same = found.data_type().equals_datatype(wanted.data_type());
        // Delta counts microseconds, and readers convert from what the file counts in.
        let moments = matches!(
            (found.data_type(), wanted.data_type()),
            (arrow::datatypes::DataType::Timestamp(_, a), arrow::datatypes::DataType::Timestamp(_, b)) if a == b
        );
        if !same && !moments {
            return Err(Error::input(
                &file.path,
                Some(Place::Column(found.name().clone())),
                format!("a Delta table cannot use {} in its place", found.data_type()),
                "build with --mode copy, which converts it",
            ));
        }
    }
    Ok(stored)
}

/// What covering came to, in the order of the files.
pub(super) struct Covered {
    pub(super) finished: Vec<Finished>,
    pub(super) vectors: Vec<Option<DeletionVectorDescriptor>>,
    /// How many files an earlier overlay knew.
    pub(super) known: usize,
}

/// Links, judges what no earlier overlay knows, and writes vectors and indexes.
pub(super) fn cover(
    request: &Request<'_>,
    corpora: &[Vec<ParquetFile>],
    gates: &[Gate],
    folder: &Path,
    progress: Progress<'_>,
) -> Result<Covered, Error> {
    let mut all = Vec::new();
    for (corpus, (files, gate)) in corpora.iter().zip(gates).enumerate() {
        all.extend(files.iter().enumerate().map(|(at, file)| (corpus, at, file, gate)));
    }
    for folder in [layout::corpus(folder), layout::indexes(folder)] {
        std::fs::create_dir_all(&folder).map_err(|e| Error::io(&folder, "create", e))?;
    }
    for (part, (_, _, file, _)) in all.iter().enumerate() {
        if file.rows() >= index::MAX_ROWS {
            let hint = "split the file, or build with --mode copy";
            return Err(Error::input(
                &file.path,
                None,
                "it has more rows than an index can name",
                hint,
            ));
        }
        if store::is_url(&file.path) || store::is_url(request.to) {
            if store::in_one_bucket(&file.path, request.to) {
                continue;
            }
            let hint = "build with --mode copy, or put the set into the corpus' bucket with --to";
            let what = "it does not lie in the training set's bucket, which is where readers look for a table's files";
            return Err(Error::input(&file.path, None, what, hint));
        }
        link(&file.path, &folder.join(layout::linked(part)))?;
    }
    // Inside the table: an object's own URL, or the file's second name.
    let named = |part: usize, file: &ParquetFile| match store::is_url(&file.path) {
        true => file.path.to_string_lossy().into_owned(),
        false => layout::linked(part),
    };

    let index = |part: usize| folder.join(layout::index_of(&named(part, all[part].2)));
    let mut verdicts = known(request, &all, index)?;
    let known = verdicts.iter().flatten().count();
    progress(all.iter().zip(&verdicts).filter(|(_, v)| v.is_some()).map(|(f, _)| f.2.rows()).sum());
    let anew: Vec<usize> = (0..all.len()).filter(|part| verdicts[*part].is_none()).collect();
    let judge: Vec<(&ParquetFile, &Gate)> =
        anew.iter().map(|part| (all[*part].2, all[*part].3)).collect();
    let judged = judged::judge_each(
        &judge,
        |_, _| false,
        request.workers,
        progress,
        |nth, Judged { counts, gone, postings, .. }| {
            let part = anew[nth];
            let linked = folder.join(layout::linked(part));
            if counts.kept == 0 {
                // A file of which no row is used is no part of the table.
                files::remove(&linked)?;
                files::remove(&index(part))?;
            } else {
                postings.write(&index(part), all[part].2.rows())?;
            }
            Ok((counts, gone))
        },
    )?;
    for (part, verdict) in anew.into_iter().zip(judged) {
        verdicts[part] = Some(verdict);
    }
    let judged = verdicts.into_iter().flatten();
    let (mut vectors, mut finished) = (Vec::new(), Vec::new());
    for (part, ((corpus, file, source, _), (counts, gone))) in all.iter().zip(judged).enumerate() {
        let is_used = counts.kept > 0;
        if is_used {
            vectors.push((!gone.is_empty()).then_some(Rows(gone)));
        }
        finished.push((
            is_used.then(|| named(part, source)),
            Finished {
                corpus: *corpus,
                file: *file,
                written: None,
                done: Done { input: source.rows(), counts, ..Done::default() },
            },
        ));
    }
    let described = share(&finished, request.workers, |(name, one)| {
        let Some(name) = name else { return Ok(None) };
        let source = &corpora[one.corpus][one.file].path;
        let path = store::resolve(folder, name);
        let state = files::state(&path)?;
        Ok(Some(DataFile {
            path: name.clone(),
            corpus: request.corpora[one.corpus].id.clone(),
            from: shown(request, source),
            bytes: state.bytes,
            records: one.done.counts.kept,
            rows: one.done.input,
            modified: Some(state.modified),
            tag: state.tag,
            // The file is the corpus' own, which is hashed with its corpus.
            blake3: String::new(),
            hidden: Vec::new(),
            taken: BTreeMap::new(),
        }))
    })?;
    let finished = finished.into_iter().zip(described);
    let finished = finished.map(|((_, one), written)| Finished { written, ..one }).collect();
    let vectors = vectors::write(folder, vectors)?;
    files::sync_folder(&layout::corpus(folder))?;
    files::sync_folder(&layout::indexes(folder))?;
    Ok(Covered { finished, vectors, known })
}

/// A file of a corpus: which corpus, which of its files, and what reads and judges it.
type Source<'a> = (usize, usize, &'a ParquetFile, &'a Gate);
/// How many rows of a file are used, and which are not.
type Verdict = (Counts, RoaringBitmap);

/// The verdicts of files that an earlier overlay knows, whose indexes are taken to where `index` says.
fn known(
    request: &Request<'_>,
    all: &[Source<'_>],
    index: impl Fn(usize) -> PathBuf + Sync,
) -> Result<Vec<Option<Verdict>>, Error> {
    let nothing = || all.iter().map(|_| None).collect();
    let Some(earlier) = Verdicts::open(request) else { return Ok(nothing()) };
    let parts: Vec<usize> = (0..all.len()).collect();
    let known = share(&parts, request.workers, |part| {
        let (corpus, _, file, gate) = all[*part];
        let known = earlier.of(request.corpora[corpus], file, gate, &index(*part));
        Ok(known.map(|Known { counts, gone }| (counts, gone)))
    })?;
    Ok(if earlier.stand() { known } else { nothing() })
}

/// Gives a file a second name.
fn link(file: &Path, to: &Path) -> Result<(), Error> {
    let file = file.canonicalize().map_err(|e| Error::io(file, "open", e))?;
    std::fs::hard_link(&file, to).map_err(|e| match e.kind() {
        std::io::ErrorKind::CrossesDevices => Error::input(
            &file,
            None,
            "it lies on another disk than the training set, so it cannot be used in its place",
            "build with --mode copy, or put the set on the corpus' disk with --to",
        ),
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::Unsupported => Error::input(
            &file,
            None,
            format!("it cannot be linked into the training set ({e})"),
            "build with --mode copy, or as the user whom the file belongs to",
        ),
        _ => Error::io(to, "link", e),
    })
}
