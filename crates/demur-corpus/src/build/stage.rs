//! The target folder, its lock, its staging folder, and the rename that publishes.

use std::path::{Path, PathBuf};

use super::upload;
use crate::digest;
use crate::error::Error;
use crate::files;
use crate::manifest::Manifest;
use crate::store::{self, Lock, Workplace};

/// How the names of staging folders end.
const STAGING: &str = ".demur-staging";
/// In a staging folder: what was staged there before somebody objected.
const BEFORE: &str = ".demur-before";

/// A folder that a training set will become, held by one build at a time.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    staging: PathBuf,
    _lock: Lock,
}

/// What an earlier build that did not end left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// Nothing.
    Nothing,
    /// A set that was never committed; it is gone now.
    Removed,
    /// A set that was committed and not yet visible; now it is, in this folder.
    Published(String, PathBuf),
}

impl Target {
    pub(super) fn new(path: PathBuf, staging: PathBuf, lock: Lock) -> Self {
        Target { path, staging, _lock: lock }
    }

    /// Takes the target, finishing or removing what an interrupted build left there. `committed` says
    /// whether the register has recorded this set with that manifest digest, and nobody has objected
    /// since.
    ///
    /// # Errors
    /// Where another build holds it, something is there already, or the machine fails.
    pub fn claim(
        path: &Path,
        workplace: &Workplace,
        committed: impl FnOnce(&Manifest, &str) -> bool,
    ) -> Result<(Target, Recovered), Error> {
        if store::is_url(path) {
            return upload::claim(path, workplace, committed);
        }
        let name = path.file_name().and_then(|n| n.to_str()).ok_or_else(|| {
            let hint = "give the folder that the training set shall become";
            Error::input(path, None, "not a folder's name", hint)
        })?;
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(parent).map_err(|e| Error::io(parent, "create", e))?;
        let lock_path = parent.join(format!(".{name}.demur-lock"));
        let hint = "wait for it, or build into another folder with --to";
        let lock = Lock::file(&lock_path, path, "another build is writing there", hint)?;
        let staging = parent.join(format!(".{name}{STAGING}"));
        let target = Target::new(path.to_owned(), staging, lock);
        let recovered = target.recover(committed)?;
        if recovered == Recovered::Nothing || recovered == Recovered::Removed {
            target.refuse_existing()?;
        }
        Ok((target, recovered))
    }

    /// Finishes or removes what interrupted builds left beside `path`.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn recover_neighbours(
        path: &Path,
        workplace: &Workplace,
        mut committed: impl FnMut(&Manifest, &str) -> bool,
    ) -> Result<Vec<Recovered>, Error> {
        if store::is_url(path) {
            let others = upload::interrupted(workplace).into_iter().filter(|url| url != path);
            let claim = |url: PathBuf| Target::claim(&url, workplace, &mut committed).ok();
            return Ok(others.filter_map(claim).map(|(_, recovered)| recovered).collect());
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(Error::io(folder, "list", e)),
        };
        let mut recovered = Vec::new();
        for entry in entries {
            let name = entry.map_err(|e| Error::io(folder, "list", e))?.file_name();
            let staged = name.to_str().and_then(|n| n.strip_prefix('.')?.strip_suffix(STAGING));
            if let Some(name) = staged.filter(|name| path.file_name() != Some(name.as_ref())) {
                // One that is held is a build at work; one whose target is taken stays for a person.
                let target = Target::claim(&folder.join(name), workplace, &mut committed);
                recovered.extend(target.ok().map(|(_, recovered)| recovered));
            }
        }
        Ok(recovered)
    }

    fn recover(&self, committed: impl FnOnce(&Manifest, &str) -> bool) -> Result<Recovered, Error> {
        if !self.staging.exists() {
            return Ok(Recovered::Nothing);
        }
        if let Ok((manifest, digest)) = Manifest::read(&self.staging)
            && committed(&manifest, &digest)
            && self.holds(&manifest)?
        {
            self.publish()?;
            return Ok(Recovered::Published(manifest.set, self.path.clone()));
        }
        remove(&self.staging)?;
        Ok(Recovered::Removed)
    }

    /// Whether every data file was staged whole.
    pub(super) fn holds(&self, manifest: &Manifest) -> Result<bool, Error> {
        for file in &manifest.files {
            let path = store::resolve(&self.staging, &file.path);
            if !files::is_file(&path)? || digest::of_file(&path)? != file.blake3 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn refuse_existing(&self) -> Result<(), Error> {
        // A rename would fail on these, and by then the set would be committed.
        if self.path.symlink_metadata().is_ok_and(|there| !there.is_dir()) {
            let what = "a file or a link of that name is there";
            return Err(Error::input(
                &self.path,
                None,
                what,
                "build into another folder with --to",
            ));
        }
        let empty = match std::fs::read_dir(&self.path) {
            Ok(mut entries) => entries.next().is_none(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => true,
            Err(e) => return Err(Error::io(&self.path, "list", e)),
        };
        if empty {
            return Ok(());
        }
        let (what, hint) = match Manifest::read(&self.path) {
            Ok((manifest, _)) => (
                format!("training set {} is there already", manifest.set),
                "build into another folder with --to; a published set is never overwritten",
            ),
            Err(_) => (
                "something else is there already".to_owned(),
                "build into an empty or a new folder with --to",
            ),
        };
        Err(Error::input(&self.path, None, what, hint))
    }

    /// Where the files are written before they become visible.
    #[must_use]
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// The folder that the set becomes, or its URL.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Brings a sealed set to a target in a store, where it stays invisible until it is published.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn upload(&self) -> Result<(), Error> {
        if store::is_url(&self.path) { upload::upload(self) } else { Ok(()) }
    }

    /// Gives the staged set the target's name: one rename, so that it is there whole or not at all.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn publish(&self) -> Result<(), Error> {
        if store::is_url(&self.path) {
            return upload::publish(self);
        }
        // A rename replaces an empty folder, and nothing else.
        std::fs::rename(&self.staging, &self.path)
            .map_err(|e| Error::io(&self.path, "publish the training set as", e))?;
        let parent = self.staging.parent().unwrap_or(Path::new("."));
        files::sync_folder(parent)
    }

    /// Sets what was staged aside: the build was refused, and the next attempt may start from it. Returns where
    /// it lies until the next attempt is staged. Whoever finds it later removes it with all that is staged.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn set_aside(&self) -> Result<PathBuf, Error> {
        let before = self.staging.join(BEFORE);
        std::fs::create_dir(&before).map_err(|e| Error::io(&before, "create", e))?;
        for path in entries(&self.staging)?.into_iter().filter(|path| *path != before) {
            files::rename(&path, &before.join(path.file_name().unwrap_or_default()))?;
        }
        Ok(before)
    }

    /// Removes what was staged: the build was refused.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn abandon(&self) -> Result<(), Error> {
        if store::is_url(&self.path) { upload::abandon(self) } else { remove(&self.staging) }
    }
}

pub(super) fn remove(folder: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(folder, "remove", e)),
        _ => Ok(()),
    }
}

/// A staging folder that is empty but for what was set aside.
pub(super) fn reset(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, "create", e))?;
    for path in entries(folder)?.into_iter().filter(|path| !path.ends_with(BEFORE)) {
        let removed = match path.is_dir() && !path.is_symlink() {
            true => std::fs::remove_dir_all(&path),
            false => std::fs::remove_file(&path),
        };
        removed.map_err(|e| Error::io(&path, "remove", e))?;
    }
    Ok(())
}

/// Removes what was set aside.
pub(super) fn forget_before(folder: &Path) -> Result<(), Error> {
    remove(&folder.join(BEFORE))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |e| Error::io(folder, "list", e);
    let listed = std::fs::read_dir(folder).map_err(failed)?;
    listed.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}
