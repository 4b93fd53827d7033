//! Removing the bytes of rows that were taken out: files that hold some are written anew without them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::{BatchCoalescer, filter_record_batch};
use demur_gate::Gate;
use demur_snapshot::Snapshot;
use parquet::arrow::ArrowWriter;
use roaring::RoaringBitmap;

use super::{Set, prepare};
use crate::build::parquet::{ROW_GROUP, failed, properties};
use crate::build::{Progress, Stamp, in_file};
use crate::digest;
use crate::error::Error;
use crate::files;
use crate::judged;
use crate::layout;
use crate::manifest::{DataFile, Manifest, Mode, Moved, PurgedFile};
use crate::parquet::{BATCH, ParquetFile};
use crate::share::share;
use crate::store;
use crate::table::{Commit, Table, TableFile};

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Records whose bytes are gone.
    pub records: u64,
    /// Files that were written anew, or had nothing left.
    pub files: u64,
}

/// A file and the one that takes its place, if any of its rows stay.
struct Rewritten<'a> {
    known: &'a DataFile,
    file: &'a TableFile,
    new: Option<DataFile>,
}

impl Set {
    /// Whether there is anything to remove.
    #[must_use]
    pub fn has_hidden(&self) -> bool {
        self.manifest.files.iter().any(|file| file.hidden.last().is_some_and(|list| list.rows > 0))
    }

    /// Writes the files that hold retracted rows anew, commits, removes the old ones with every version
    /// that had them, and reads back what was written. `None` where somebody else committed meanwhile.
    ///
    /// `snapshot` is what the set was last judged by. Where that was not kept, the new files have no index, and
    /// the next retraction makes one: by any other, it would not know some who are in the set.
    ///
    /// # Errors
    /// Where a file is not what it was, what was written reads otherwise, or the machine fails.
    pub fn purge(
        mut self,
        snapshot: Option<&Arc<Snapshot>>,
        stamp: &Stamp,
        workers: usize,
        progress: Progress<'_>,
    ) -> Result<Option<(Set, Purged)>, Error> {
        let table = self.table()?;
        let version = table.version() + 1;
        let data = self.data()?;
        let differs = data.iter().any(|(known, file)| known.records != file.live());
        if !self.is_ours() || differs {
            let hint = "run `demur retract` first";
            let what = "somebody else changed which rows its table shows";
            return Err(Error::input(&self.folder, None, what, hint));
        }
        let holds = |known: &DataFile| known.hidden.last().is_some_and(|list| list.rows > 0);
        let affected = data.iter().filter(|(known, _)| holds(known));
        let affected: Vec<_> = affected.map(|(known, file)| (*known, file)).collect();
        let work = self.workplace.of(&self.folder);
        let rewritten = share(&affected, workers, |(known, file)| {
            let gone = table.gone(file)?;
            let new =
                rewrite(&self.folder, &work, self.manifest.mode, known, &gone, version, progress)?;
            if let (Some(snapshot), Some(new)) = (snapshot, &new) {
                self.index_anew(snapshot, new)?;
            }
            Ok(Rewritten { known, file, new })
        })?;

        let mut manifest = self.manifest.clone();
        manifest.version = version;
        manifest.committed_at = stamp.at.to_string();
        manifest.checkpoint.clone_from(&stamp.checkpoint);
        manifest.history = false;
        manifest.moved = Moved::default();
        let mut purged = Purged::default();
        for Rewritten { known, new, .. } in &rewritten {
            let records = known.hidden.last().map_or(0, |list| list.rows);
            purged.records += records;
            purged.files += 1;
            let index = format!("_index/{}.purged-v{version}.index", layout::stem(&known.path));
            keep(&self.folder, &layout::index_of(&known.path), &index)?;
            manifest.purged.push(PurgedFile {
                version,
                rows: known.rows,
                index,
                hidden: known.hidden.clone(),
            });
            let at = manifest.files.iter().position(|file| file.path == known.path);
            if let Some(at) = at {
                match new {
                    Some(new) => manifest.files[at] = new.clone(),
                    None => drop(manifest.files.remove(at)),
                }
            }
        }
        manifest.hidden -= purged.records.min(manifest.hidden);
        manifest.erased += purged.records;
        manifest.check()?;

        prepare(&self.folder, &manifest)?;
        let old: Vec<&TableFile> = rewritten.iter().map(|one| one.file).collect();
        let new: Vec<DataFile> = rewritten.iter().filter_map(|one| one.new.clone()).collect();
        match table.replace(&old, &new, &manifest)? {
            Commit::Done(done) if done == version => {}
            Commit::Done(_) | Commit::Conflict => {
                files::remove(&self.folder.join(super::NEXT))?;
                return Ok(None);
            }
        }
        let table = Table::open(&self.folder)?;
        table.close_history(version)?;
        sweep(&self.folder, &manifest, table.files())?;
        self.table = Some(table);
        self.manifest = manifest;
        self.expect_clean()?;
        Ok(Some((self, purged)))
    }

    /// Writes the index of a new file, of what is in it.
    fn index_anew(&self, snapshot: &Arc<Snapshot>, file: &DataFile) -> Result<(), Error> {
        let path = store::resolve(&self.folder, &file.path);
        let corpus = self.manifest.corpora.iter().find(|corpus| corpus.id == file.corpus);
        let columns = corpus.map(|corpus| corpus.columns.clone()).ok_or_else(|| {
            let hint = "restore manifest.json, or build the set anew";
            Error::input(&self.folder, None, format!("{} is of no corpus", file.path), hint)
        })?;
        let gate = Gate::new(snapshot.clone(), columns).map_err(in_file(&path))?;
        let source = ParquetFile::open(&path)?;
        let judged = judged::judge(&[(&source, &gate)], |_, _| false, 1, &|_| {})?;
        let index = self.folder.join(layout::index_of(&file.path));
        judged.into_iter().try_for_each(|one| one.postings.write(&index, file.rows))
    }

    /// Reads back: nothing that was taken out lies under the folder any more.
    ///
    /// # Errors
    /// Names what does.
    pub fn expect_clean(&self) -> Result<(), Error> {
        let wrong = |path: &Path, what: &str| {
            let hint = "this is a bug in Demur or a broken disk: do not rely on this purge";
            Error::input(path, None, what, hint)
        };
        if self.table()?.has_history(self.manifest.version)? {
            return Err(wrong(&self.folder, "an older version of the table can still be read"));
        }
        for entry in layout::data_files(&self.folder)? {
            let Some(file) = self.manifest.files.iter().find(|file| file.path == entry) else {
                return Err(wrong(
                    &self.folder.join(entry),
                    "a data file lies here that is not the set's",
                ));
            };
            if file.hidden.last().is_some_and(|list| list.rows > 0) {
                return Err(wrong(
                    &self.folder.join(entry),
                    "it still holds rows that were taken out",
                ));
            }
        }
        Ok(())
    }
}

/// Removes data files, indexes and lists that neither the manifest names nor the table, which somebody else
/// may have committed to.
pub(super) fn sweep(folder: &Path, manifest: &Manifest, table: &[TableFile]) -> Result<(), Error> {
    let hidden = manifest.files.iter().flat_map(|file| &file.hidden);
    let purged = &manifest.purged;
    let mut named: Vec<String> = manifest.files.iter().map(|file| file.path.clone()).collect();
    named.extend(table.iter().map(|file| file.path.clone()));
    named.extend(manifest.files.iter().map(|file| layout::index_of(&file.path)));
    named.extend(hidden.chain(purged.iter().flat_map(|p| &p.hidden)).map(|list| list.path.clone()));
    named.extend(purged.iter().map(|file| file.index.clone()));
    let mut there = layout::data_files(folder)?;
    there.extend(layout::index_files(folder)?);
    for path in there {
        if !named.contains(&path) {
            files::remove(&folder.join(path))?;
        }
    }
    files::sync_folder(folder)
}

/// Writes the rows of a file that stay to a new one, and reads them back.
fn rewrite(
    set: &Path,
    work: &Path,
    mode: Mode,
    known: &DataFile,
    gone: &RoaringBitmap,
    version: u64,
    progress: Progress<'_>,
) -> Result<Option<DataFile>, Error> {
    let records = known.rows - gone.len();
    if records == 0 {
        return Ok(None);
    }
    let source = ParquetFile::open(&store::resolve(set, &known.path))?;
    let base = layout::stem(&known.path);
    let base = match store::is_url(Path::new(&known.path)) {
        true => &base,
        false => base.split(".v").next().unwrap_or(&base),
    };
    let name = match mode {
        Mode::Overlay => format!("_corpus/{base}.v{version}.rows"),
        Mode::Copy => format!("{base}.v{version}.parquet"),
    };
    let path = set.join(&name);
    // A store takes whole files only.
    let far = store::is_url(set).then(|| work.join(path.file_name().unwrap_or_default()));
    let here = far.as_ref().unwrap_or(&path);
    let out = File::create(here).map_err(|e| Error::io(here, "create", e))?;
    let mut writer = ArrowWriter::try_new(out, source.schema().clone(), Some(properties().build()))
        .map_err(|e| failed(here, e))?;
    for kept in staying(&source, gone)? {
        let kept = kept?;
        writer.write(&kept).map_err(|e| failed(here, e))?;
        if writer.in_progress_size() > ROW_GROUP {
            writer.flush().map_err(|e| failed(here, e))?;
        }
        progress(kept.num_rows() as u64);
    }
    let out = writer.into_inner().map_err(|e| failed(here, e))?;
    out.sync_all().map_err(|e| Error::io(here, "synchronise", e))?;
    if let Some(here) = &far {
        files::upload(here, &path)?;
        files::remove(here)?;
    }

    let written = ParquetFile::open(&path)?;
    if written.rows() != records || !reads_alike(&written, &source, gone)? {
        let hint = "this is a bug in Demur or a broken disk; the set is as it was";
        return Err(Error::input(&path, None, "what was written reads otherwise", hint));
    }
    Ok(Some(DataFile {
        path: name,
        corpus: known.corpus.clone(),
        from: known.from.clone(),
        bytes: files::state(&path)?.bytes,
        records,
        rows: records,
        modified: None,
        tag: None,
        blake3: digest::of_file(&path)?,
        hidden: Vec::new(),
        taken: BTreeMap::new(),
    }))
}

/// The rows of a file that are not gone, batch by batch.
fn staying<'a>(
    file: &'a ParquetFile,
    gone: &'a RoaringBitmap,
) -> Result<impl Iterator<Item = Result<RecordBatch, Error>> + 'a, Error> {
    let mut first = 0;
    Ok(file.read(None, None)?.map(move |batch| {
        let batch = batch?;
        let stays: BooleanArray =
            (first..first + batch.num_rows() as u32).map(|row| Some(!gone.contains(row))).collect();
        first += batch.num_rows() as u32;
        filter_record_batch(&batch, &stays).map_err(|e| {
            Error::input(
                &file.path,
                None,
                format!("its rows cannot be picked ({e})"),
                "report this",
            )
        })
    }))
}

/// Whether a file has the rows of another that are not gone, in their order.
fn reads_alike(new: &ParquetFile, old: &ParquetFile, gone: &RoaringBitmap) -> Result<bool, Error> {
    let nothing = RoaringBitmap::new();
    let mut new = staying(new, &nothing)?;
    let mut cut = BatchCoalescer::new(old.schema().clone(), BATCH);
    let failed = |e: arrow::error::ArrowError| {
        Error::input(&old.path, None, format!("its rows cannot be read back ({e})"), "report this")
    };
    let mut same = |cut: &mut BatchCoalescer| -> Result<bool, Error> {
        while let Some(wanted) = cut.next_completed_batch() {
            let Some(read) = new.next().transpose()? else { return Ok(false) };
            if read.columns() != wanted.columns() {
                return Ok(false);
            }
        }
        Ok(true)
    };
    for kept in staying(old, gone)? {
        cut.push_batch(kept?).map_err(failed)?;
        if !same(&mut cut)? {
            return Ok(false);
        }
    }
    cut.finish_buffered_batch().map_err(failed)?;
    Ok(same(&mut cut)? && new.next().is_none())
}

/// Gives an index a second name, which stays when the first goes.
pub(super) fn keep(set: &Path, index: &str, name: &str) -> Result<(), Error> {
    files::remove(&set.join(name))?;
    // A lost index tells nothing of the rows that are gone.
    files::link(&set.join(index), &set.join(name)).map(drop)
}
