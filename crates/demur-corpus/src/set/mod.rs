//! A training set that exists: opening it, and bringing it up to what the register says now.
//!
//! A change goes through four steps, each of which may be the last before a crash. The next manifest is
//! written beside the present one. The table's commit makes the change visible, whole or not at all.
//! The register records it, which is the caller's step. The next manifest takes its place. Whoever opens
//! the set next finishes what was committed and forgets what was not.
//!
//! A set of JSON lines has no table. Its files are written anew beside it and take the places of the old
//! ones once the next manifest lies there too; see `lines`.

mod hidden;
mod lines;
mod purge;
mod retract;
mod trace;

use std::path::{Path, PathBuf};

pub use purge::Purged;
pub use retract::{Plan, Request};
pub use trace::{Held, Trace, trace};

pub(crate) use retract::named;

use roaring::RoaringBitmap;

use crate::digest;
use crate::error::Error;
use crate::files;
use crate::manifest::{DataFile, MANIFEST, Manifest};
use crate::source::Format;
use crate::store::{self, LOCK, Lock, Workplace};
use crate::table::{Table, TableFile};

/// The manifest of a change under way.
const NEXT: &str = "manifest.next.json";

/// A training set, held by one process at a time.
pub struct Set {
    folder: PathBuf,
    manifest: Manifest,
    /// None where it is of JSON lines.
    table: Option<Table>,
    /// Manifests that lead to the present one and that the register may not know, oldest first.
    steps: Vec<Manifest>,
    /// Versions that Demur committed since the manifest's, and that changed no row.
    idle: u64,
    workplace: Workplace,
    _lock: Lock,
}

impl Set {
    /// Opens a set to change it, and settles what an interrupted change left: `recorded` says whether
    /// the register knows this manifest, and where the table has it, `record` enters it.
    ///
    /// # Errors
    /// Where there is no set, another process changes it, it has no table, or the machine fails.
    pub fn open<E: From<Error>>(
        folder: &Path,
        workplace: &Workplace,
        recorded: impl Fn(&Manifest, &str) -> Result<bool, E>,
        mut record: impl FnMut(&Manifest) -> Result<(), E>,
    ) -> Result<Set, E> {
        let lock = lock(folder, workplace)?;
        let (mut manifest, digest) = Manifest::read(folder)?;
        let unknown = || {
            let hint = "its manifest was changed, or it was built with another register";
            let what = "the register does not know this training set with this manifest";
            Error::input(folder, None, what, hint)
        };
        if manifest.data == Format::Jsonl {
            match lines::interrupted(folder, &workplace.of(folder), &manifest)? {
                Some(steps) => {
                    for step in &steps {
                        if !recorded(step, &step.digest())? {
                            record(step)?;
                        }
                    }
                    publish(folder)?;
                    manifest = steps.into_iter().next_back().unwrap_or(manifest);
                }
                None if !recorded(&manifest, &digest)? => return Err(unknown().into()),
                None => {}
            }
            let (folder, workplace) = (folder.to_owned(), workplace.clone());
            let (table, steps) = (None, Vec::new());
            return Ok(Set { folder, manifest, table, steps, idle: 0, workplace, _lock: lock });
        }
        let mut table = Table::open(folder)?;
        if files::is_file(&folder.join(NEXT))? {
            match Manifest::read_from(folder, NEXT).ok() {
                Some((next, digest))
                    if recorded(&next, &digest)?
                        || is_committed(&table, &next, &digest, &manifest)? =>
                {
                    if !next.history {
                        table.close_history(next.version)?;
                    }
                    purge::sweep(folder, &next, table.files())?;
                    // The register must not call hidden or erased what is not.
                    if !recorded(&next, &digest)? {
                        record(&next)?;
                    }
                    publish(folder)?;
                    manifest = next;
                    table = Table::open(folder)?;
                }
                _ => {
                    files::remove(&folder.join(NEXT))?;
                    purge::sweep(folder, &manifest, table.files())?;
                }
            }
        } else if !recorded(&manifest, &digest)? {
            return Err(unknown().into());
        }
        let (folder, workplace) = (folder.to_owned(), workplace.clone());
        let (table, steps) = (Some(table), Vec::new());
        Ok(Set { folder, manifest, table, steps, idle: 0, workplace, _lock: lock })
    }

    /// What the set says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The manifests that the register has to know before this one is published, in their order; the last
    /// is this one.
    #[must_use]
    pub fn steps(&self) -> &[Manifest] {
        match self.steps.as_slice() {
            [] => std::slice::from_ref(&self.manifest),
            steps => steps,
        }
    }

    /// The table, which sets of JSON lines do not have.
    fn table(&self) -> Result<&Table, Error> {
        self.table.as_ref().ok_or_else(|| {
            let hint = "JSON lines are taken out for good at once";
            Error::input(&self.folder, None, "this set is of JSON lines and has no table", hint)
        })
    }

    /// The version that readers see.
    fn version(&self) -> u64 {
        self.table.as_ref().map_or(self.manifest.version, Table::version)
    }

    /// The rows of a file that the set does not have.
    fn gone(&self, file: &TableFile) -> Result<RoaringBitmap, Error> {
        self.table.as_ref().map_or_else(|| Ok(RoaringBitmap::new()), |table| table.gone(file))
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets a copied set's table have deletion vectors, which it needs for the first row that leaves.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn allow_vectors(mut self) -> Result<Set, Error> {
        while let Some(table) = self.table.as_ref().filter(|table| !table.allows_vectors()) {
            self.idle += u64::from(table.allow_vectors()?);
            self.table = Some(Table::open(&self.folder)?);
        }
        Ok(self)
    }

    /// Lets the prepared manifest take its place.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn publish(self) -> Result<(), Error> {
        publish(&self.folder)
    }

    /// The table's files with what the manifest says of each.
    ///
    /// # Errors
    /// Where the table has files that the manifest does not name, or a file is not what it was.
    fn data(&self) -> Result<Vec<(&DataFile, TableFile)>, Error> {
        let mut data = Vec::new();
        let listed = match &self.table {
            Some(table) => table.files().to_vec(),
            None => self.manifest.files.iter().map(TableFile::bare).collect(),
        };
        for file in listed {
            let Some(known) = self.manifest.files.iter().find(|known| known.path == file.path)
            else {
                let hint = "somebody else wrote to this table; what they added was judged by nobody, so \
                            build the set anew";
                let what = format!("its table has a file that is not the set's: {}", file.path);
                return Err(Error::input(&self.folder, None, what, hint));
            };
            if known.rows != file.rows || known.bytes != file.bytes {
                let hint = "restore the table's log, or build the set anew";
                let what = format!("{} is another file than the table says", file.path);
                return Err(Error::input(&self.folder, None, what, hint));
            }
            if self.is_ours() && known.records != file.live() {
                let hint = "restore the table's log, or build the set anew";
                let what =
                    format!("its table shows other rows of {} than were committed", file.path);
                return Err(Error::input(&self.folder, None, what, hint));
            }
            expect_unchanged(&self.folder, known)?;
            data.push((known, file));
        }
        let lacks = |known: &&DataFile| !data.iter().any(|(there, _)| there.path == known.path);
        if let Some(file) = self.manifest.files.iter().filter(|f| f.records > 0).find(lacks) {
            let hint = "somebody else took it out of this table: restore the table's log, or build the set anew";
            let what = format!("its table lacks a file of the set: {}", file.path);
            return Err(Error::input(&self.folder, None, what, hint));
        }
        Ok(data)
    }

    /// Whether nobody else committed to the table.
    fn is_ours(&self) -> bool {
        self.version() == self.manifest.version + self.idle
    }

    /// Whether readers see what the manifest says, and nobody else committed to the table since.
    ///
    /// # Errors
    /// Where a file or a deletion vector is damaged, or not what it was.
    pub fn is_as_committed(&self) -> Result<bool, Error> {
        for (_, file) in self.data()? {
            self.gone(&file)?;
        }
        Ok(self.is_ours())
    }
}

/// A data file is still the one that was judged: by size and time, and by its content where that differs.
pub(crate) fn expect_unchanged(set: &Path, file: &DataFile) -> Result<(), Error> {
    let path = store::resolve(set, &file.path);
    let state = files::state(&path)?;
    let touched = file.modified.is_some_and(|at| state.modified != at || state.tag != file.tag);
    if state.bytes == file.bytes && (!touched || digest::of_file(&path)? == file.blake3) {
        return Ok(());
    }
    let what = format!("it was changed since it was judged; it was {} of the corpus", file.from);
    let hint = "nobody knows what its rows are now: do not read this set, and build it anew";
    Err(Error::input(path, None, what, hint))
}

/// Whether the table has the change that a prepared manifest describes: by what the commit says of itself, as
/// somebody else may have committed the version that was meant. They may also have put files back that it took
/// out; then it is made anew.
fn is_committed(
    table: &Table,
    next: &Manifest,
    digest: &str,
    present: &Manifest,
) -> Result<bool, Error> {
    let follows = next.set == present.set && next.version > present.version;
    let is_whole = || {
        let mut files = table.files().iter();
        files.all(|file| next.files.iter().any(|known| known.path == file.path))
    };
    Ok(follows && table.is_of(next.version, digest)? && is_whole())
}

fn prepare(folder: &Path, next: &Manifest) -> Result<(), Error> {
    files::write(&folder.join(NEXT), next.to_json().as_bytes())?;
    files::sync_folder(folder)
}

fn publish(folder: &Path) -> Result<(), Error> {
    let (next, now) = (folder.join(NEXT), folder.join(MANIFEST));
    files::rename(&next, &now)?;
    files::remove(&folder.join(lines::BETWEEN))?;
    files::sync_folder(folder)
}

fn lock(folder: &Path, workplace: &Workplace) -> Result<Lock, Error> {
    let (what, hint) = ("another process is changing this set", "wait for it");
    if store::is_url(folder) {
        return Lock::object(folder, workplace, what, hint);
    }
    if !folder.is_dir() {
        let hint = "give the folder of a training set that `demur build` made";
        return Err(Error::input(folder, None, "no such folder", hint));
    }
    Lock::file(&folder.join(LOCK), folder, what, hint)
}
