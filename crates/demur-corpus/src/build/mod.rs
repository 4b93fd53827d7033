//! Building a training set: copying what may be used, or covering up what may not.
//!
//! A build goes through three states. *Staged*: all files lie, synchronised, in a hidden folder beside
//! the target. *Committed*: the register has recorded it, which is the caller's step, and the only
//! one that decides. *Published*: the hidden folder has taken the target's name. A crash before the
//! commit leaves a folder that the next build removes; a crash after it, one that the next build
//! publishes. No reader ever sees half a set.

mod earlier;
pub(crate) mod jsonl;
mod overlay;
pub(crate) mod parquet;
mod stage;
mod syncs;
mod upload;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use delta_kernel::actions::deletion_vector::DeletionVectorDescriptor;
use demur_core::rules::Reason;
use demur_gate::{Counts, Gate};
use demur_snapshot::Snapshot;

pub use earlier::Earlier;
pub use stage::{Recovered, Target};

use crate::delta;
use crate::digest;
use crate::error::{Error, Place};
use crate::files;
use crate::index::Postings;
use crate::jsonl::Present;
use crate::layout;
use crate::manifest::{
    CorpusUse, CountsByReason, DataFile, InputFile, MANIFEST, Manifest, Mode, Moved, SnapshotSource,
};
use crate::share::share;
use crate::source::{CorpusSource, Format, expand};
use crate::store;

/// What to do with a record that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unreadable {
    /// End the build with the file and line.
    #[default]
    Fail,
    /// Leave it out, and count it as [`Reason::Unreadable`].
    Drop,
}

impl Unreadable {
    fn name(self) -> &'static str {
        match self {
            Unreadable::Fail => "fail",
            Unreadable::Drop => "drop",
        }
    }
}

/// What a build is made from.
#[derive(Debug)]
pub struct Request<'a> {
    /// The corpora, all of one format and, for Parquet, of one schema.
    pub corpora: &'a [&'a CorpusSource],
    /// The folder of the configuration.
    pub folder: &'a Path,
    /// Where the set will lie.
    pub to: &'a Path,
    /// What judges.
    pub snapshot: &'a Arc<Snapshot>,
    /// An overlay of before, whose verdicts are taken for files that are still the same.
    pub earlier: Option<&'a Earlier<'a>>,
    /// Whether records are copied.
    pub mode: Mode,
    /// Unreadable records.
    pub unreadable: Unreadable,
    /// Threads to use.
    pub workers: usize,
}

/// What a commit adds to a build: the only things in which two builds of the same inputs differ.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Id of the training set.
    pub set: String,
    /// When.
    pub at: jiff::Timestamp,
    /// Signed checkpoint of the register at the snapshot's size.
    pub checkpoint: String,
}

/// Records read so far, as workers report them.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// A training set that is written and not yet visible.
#[derive(Debug)]
pub struct Staged {
    manifest: Manifest,
    schema: Option<arrow::datatypes::Schema>,
    /// For each data file, the rows that the table does not have.
    vectors: Vec<Option<DeletionVectorDescriptor>>,
    /// Corpus files whose verdicts an earlier overlay knew.
    known: usize,
}

/// One piece of work: what a worker reads and the one file that it writes.
struct Piece<'a> {
    gate: &'a Gate,
    /// Which file of which corpus.
    corpus: usize,
    file: usize,
    input: Input<'a>,
    output: PathBuf,
}

enum Input<'a> {
    Parquet(&'a crate::parquet::ParquetFile, Vec<usize>, &'a arrow::datatypes::SchemaRef),
    Jsonl(jsonl::Part<'a>, &'a jsonl::Lens),
}

impl Input<'_> {
    fn path(&self) -> &Path {
        match self {
            Input::Parquet(file, ..) => &file.path,
            Input::Jsonl(part, _) => part.path,
        }
    }
}

/// Records that one piece read, by verdict.
#[derive(Default)]
struct Done {
    input: u64,
    counts: Counts,
    /// JSON lines: which roles some line has a field for.
    present: Present,
    /// Rows or lines written so far, and who is in them.
    rows: u32,
    postings: Postings,
}

/// What one piece came to.
struct Finished {
    corpus: usize,
    file: usize,
    /// The file written, unless no record stays.
    written: Option<DataFile>,
    done: Done,
}

/// Reads, judges and writes everything into the target's staging folder.
///
/// # Errors
/// Where an input cannot be read, a column is missing or of a wrong type, corpora do not go together,
/// the machine fails, or the counts do not add up. Nothing is visible then.
pub fn stage(
    request: &Request<'_>,
    target: &Target,
    progress: Progress<'_>,
) -> Result<Staged, Error> {
    let folder = target.staging();
    stage::reset(folder)?;
    let mut corpora = Vec::new();
    for source in request.corpora {
        let (paths, format) = expand(&source.location, request.folder)?;
        corpora.push((*source, paths, format));
    }
    let format = one_format(&corpora)?;
    let before = versions(&corpora)?;
    let gates = corpora
        .iter()
        .map(|(source, paths, _)| {
            Gate::new(request.snapshot.clone(), source.columns.clone()).map_err(in_file(&paths[0]))
        })
        .collect::<Result<Vec<_>, Error>>()?;

    let mut schema = None;
    let (mut vectors, mut known) = (Vec::new(), 0);
    let finished = match format {
        Format::Jsonl if request.mode == Mode::Overlay => {
            let hint = "build it with --mode copy";
            let what = "JSON lines cannot be used in their place";
            return Err(Error::input(&corpora[0].1[0], None, what, hint));
        }
        Format::Parquet if request.mode == Mode::Overlay => {
            let opened = corpora
                .iter()
                .map(|(_, paths, _)| crate::parquet::open_alike(paths))
                .collect::<Result<Vec<_>, Error>>()?;
            parquet::one_schema(&opened)?;
            schema = Some(overlay::schema(&opened[0][0])?);
            let covered = overlay::cover(request, &opened, &gates, folder, progress)?;
            (vectors, known) = (covered.vectors, covered.known);
            covered.finished
        }
        Format::Parquet => {
            let opened = corpora
                .iter()
                .map(|(_, paths, _)| crate::parquet::open_alike(paths))
                .collect::<Result<Vec<_>, Error>>()?;
            parquet::one_schema(&opened)?;
            let stored = delta::storable(&opened[0][0].path, opened[0][0].schema())?;
            let stored_ref = Arc::new(stored.clone());
            schema = Some(stored);
            for (files, gate) in opened.iter().zip(&gates) {
                for file in files {
                    gate.check(file.schema()).map_err(in_file(&file.path))?;
                }
            }
            let indexes = layout::indexes(folder);
            std::fs::create_dir_all(&indexes).map_err(|e| Error::io(&indexes, "create", e))?;
            let pieces = parquet::pieces(&opened, &gates, &stored_ref, folder);
            let finished = work(&pieces, request, progress)?;
            files::sync_folder(&indexes)?;
            finished
        }
        Format::Jsonl => {
            let lenses = jsonl::Lens::all(&corpora, &gates, request.snapshot)?;
            let indexes = layout::indexes(folder);
            std::fs::create_dir_all(&indexes).map_err(|e| Error::io(&indexes, "create", e))?;
            let pieces = jsonl::pieces(&corpora, &gates, &lenses, folder)?;
            let finished = work(&pieces, request, progress)?;
            files::sync_folder(&indexes)?;
            jsonl::missing_fields(&corpora, &lenses, &finished)?;
            finished
        }
    };
    stage::forget_before(folder)?;
    let manifest = account(request, &corpora, format, finished, folder)?;
    let changed = before.iter().zip(versions(&corpora)?).find(|(a, b)| **a != *b);
    if let Some(((path, ..), _)) = changed {
        let hint = "build again when nobody writes there";
        return Err(Error::input(path, None, "it was changed while it was read", hint));
    }
    Ok(Staged { manifest, schema, vectors, known })
}

impl Staged {
    /// Completes the staged set with what the commit adds, and synchronises it.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn seal(mut self, target: &Target, stamp: &Stamp) -> Result<Manifest, Error> {
        let folder = target.staging();
        self.manifest.set.clone_from(&stamp.set);
        self.manifest.committed_at = stamp.at.to_string();
        self.manifest.checkpoint.clone_from(&stamp.checkpoint);
        if let Some(schema) = &self.schema {
            let entry = delta::first_entry(folder);
            let log = folder.join(delta::LOG);
            std::fs::create_dir_all(&log).map_err(|e| Error::io(&log, "create", e))?;
            let commit = delta::Commit {
                table: &stamp.set,
                name: &self.manifest.purpose.id,
                at: stamp.at.as_millisecond(),
                engine: &self.manifest.demur,
            };
            let files = self.manifest.files.iter().enumerate();
            let files = files.map(|(at, file)| (file, self.vectors.get(at).cloned().flatten()));
            let entry_text = delta::first_commit(schema, files, self.manifest.mode, &commit);
            files::write(&entry, entry_text.as_bytes())?;
            files::sync_folder(&log)?;
        }
        files::write(&folder.join(MANIFEST), self.manifest.to_json().as_bytes())?;
        files::sync_folder(folder)?;
        Ok(self.manifest)
    }

    /// Corpus files whose verdicts an earlier overlay knew, so that they were not read again.
    #[must_use]
    pub fn known(&self) -> usize {
        self.known
    }

    /// What has been counted so far.
    #[must_use]
    pub fn counts(&self) -> &CountsByReason {
        &self.manifest.counts
    }
}

fn one_format(corpora: &[(&CorpusSource, Vec<PathBuf>, Format)]) -> Result<Format, Error> {
    let Some((_, _, format)) = corpora.first() else {
        let hint = "name one or more with --corpus";
        return Err(Error::input("demur.toml", None, "no corpus was named", hint));
    };
    match corpora.iter().find(|(_, _, other)| other != format) {
        None => Ok(*format),
        Some((source, paths, _)) => Err(Error::input(
            &paths[0],
            None,
            format!("corpus `{}` is of another format than `{}`", source.id, corpora[0].0.id),
            "build Parquet and JSON lines into a training set each",
        )),
    }
}

/// A file with what changes when its content does: size, time, and which file or version of it it is.
type Version = (PathBuf, u64, SystemTime, u64);

fn versions(corpora: &[(&CorpusSource, Vec<PathBuf>, Format)]) -> Result<Vec<Version>, Error> {
    let version = |path: &PathBuf| {
        if store::is_url(path) {
            let state = files::state(path)?;
            let at = UNIX_EPOCH + Duration::from_nanos(u64::try_from(state.modified).unwrap_or(0));
            let tag = xxhash_rust::xxh3::xxh3_64(state.tag.unwrap_or_default().as_bytes());
            return Ok((path.clone(), state.bytes, at, tag));
        }
        let failed = |e| Error::io(path, "read", e);
        let meta = std::fs::metadata(path).map_err(failed)?;
        let file = files::number(&meta).map_or(0, |(_, file)| file);
        Ok((path.clone(), meta.len(), meta.modified().map_err(failed)?, file))
    };
    let paths: Vec<PathBuf> = corpora.iter().flat_map(|(_, paths, _)| paths).cloned().collect();
    share(&paths, store::openers(&paths), version)
}

pub(crate) fn in_file(path: &Path) -> impl Fn(demur_gate::Error) -> Error {
    move |error| {
        Error::input(path, None, error.to_string(), "mend the name under [[corpus]], or the file")
    }
}

/// Shares the pieces out over the workers; results come back in the order of the pieces.
fn work(
    pieces: &[Piece<'_>],
    request: &Request<'_>,
    progress: Progress<'_>,
) -> Result<Vec<Finished>, Error> {
    let syncs = syncs::Syncs::begin();
    let one = |piece: &Piece<'_>| -> Result<Finished, Error> {
        let mut done = match &piece.input {
            Input::Parquet(file, groups, schema) => {
                parquet::copy(piece, file, groups, schema, &syncs, progress)?
            }
            Input::Jsonl(part, lens) => {
                jsonl::copy(piece, part, lens, request.unreadable, &syncs, progress)?
            }
        };
        let records = done.counts.kept + done.counts.redacted;
        let written = if records == 0 {
            // A file without a record is of no use to a reader.
            std::fs::remove_file(&piece.output)
                .map_err(|e| Error::io(&piece.output, "remove", e))?;
            None
        } else {
            let meta = std::fs::metadata(&piece.output);
            let bytes = meta.map_err(|e| Error::io(&piece.output, "read", e))?.len();
            let name = piece.output.file_name().unwrap_or_default().to_string_lossy();
            let folder = piece.output.parent().unwrap_or(Path::new("."));
            let index = folder.join(layout::index_of(&name));
            std::mem::take(&mut done.postings).write(&index, records)?;
            let blake3 = digest::of_file(&piece.output)?;
            let corpus = request.corpora[piece.corpus].id.clone();
            Some(DataFile {
                path: name.into_owned(),
                corpus,
                from: shown(request, piece.input.path()),
                bytes,
                records,
                rows: records,
                modified: None,
                tag: None,
                blake3,
                hidden: Vec::new(),
                taken: BTreeMap::new(),
            })
        };
        Ok(Finished { corpus: piece.corpus, file: piece.file, written, done })
    };
    let results = share(pieces, request.workers, one);
    syncs.finish().and(results)
}

/// A corpus file's path as the manifest gives it.
fn shown(request: &Request<'_>, path: &Path) -> String {
    path.strip_prefix(request.folder).unwrap_or(path).to_string_lossy().into_owned()
}

fn account(
    request: &Request<'_>,
    corpora: &[(&CorpusSource, Vec<PathBuf>, Format)],
    data: Format,
    finished: Vec<Finished>,
    folder: &Path,
) -> Result<Manifest, Error> {
    let meta = request.snapshot.meta();
    let mut uses = Vec::new();
    for (source, paths, _) in corpora {
        let mut files = Vec::new();
        let digests = digest::of_each(paths, request.workers)?;
        let sizes = share(paths, store::openers(paths), |path| Ok(files::state(path)?.bytes))?;
        for ((path, blake3), bytes) in paths.iter().zip(digests).zip(sizes) {
            files.push(InputFile {
                path: shown(request, path),
                bytes,
                blake3,
                counts: CountsByReason::default(),
            });
        }
        uses.push(CorpusUse {
            id: source.id.clone(),
            location: source.location.clone(),
            columns: source.columns.clone(),
            files,
        });
    }
    let mut manifest = Manifest {
        format: Manifest::FORMAT,
        set: String::new(),
        committed_at: String::new(),
        demur: Manifest::program(),
        data,
        mode: request.mode,
        version: 0,
        history: false,
        moved: Moved::default(),
        held_back: 0,
        hidden: 0,
        erased: 0,
        purpose: meta.purpose.clone(),
        purpose_digest: meta.purpose_digest.clone(),
        snapshot: SnapshotSource {
            digest: request.snapshot.digest().to_owned(),
            register_size: meta.register_size,
            register_root: meta.register_root.clone(),
            accounts_digest: meta.accounts_digest.clone(),
        },
        checkpoint: String::new(),
        unreadable: request.unreadable.name().to_owned(),
        corpora: uses,
        files: Vec::new(),
        purged: Vec::new(),
        counts: CountsByReason::default(),
    };
    for Finished { corpus, file, mut written, done } in finished {
        let counts = CountsByReason::new(done.input, &done.counts);
        let input = &mut manifest.corpora[corpus].files[file];
        input.counts.add(&counts);
        manifest.counts.add(&counts);
        if let Some(linked) = written.as_mut().filter(|_| request.mode == Mode::Overlay) {
            linked.blake3.clone_from(&input.blake3);
        }
        manifest.files.extend(written);
    }
    manifest.check()?;
    files::sync_folder(folder)?;
    Ok(manifest)
}

/// Counts a line that could not be read, or ends the build with it.
fn unreadable(
    path: &Path,
    line: u64,
    what: String,
    rule: Unreadable,
    counts: &mut Counts,
) -> Result<(), Error> {
    if rule == Unreadable::Fail {
        let hint = "mend the line, or build with --unreadable drop to leave such records out and count them";
        return Err(Error::input(path, Some(Place::Line(line)), what, hint));
    }
    counts.dropped[Reason::Unreadable as usize - 1] += 1;
    Ok(())
}
