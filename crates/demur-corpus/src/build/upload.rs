//! A target in an object store: staged on this machine, brought there, and made visible by one put.
//!
//! The set's folder is invisible to readers until its last object is there: the first entry of the table's log,
//! or the manifest where there is no table. That one is put on condition that nobody else has put it.

use std::path::{Path, PathBuf};

use super::stage::{Recovered, Target};
use crate::delta::LOG;
use crate::error::Error;
use crate::files;
use crate::layout;
use crate::manifest::{MANIFEST, Manifest};
use crate::share::share;
use crate::source::Format;
use crate::store::{self, LOCK, Lock, Workplace};

/// In the folder of a set's work: the URL that it is for, and what is staged.
const URL: &str = "url";
const STAGED: &str = "staged";
/// Files that are brought at once.
const AT_ONCE: usize = 4;

pub(super) fn claim(
    path: &Path,
    workplace: &Workplace,
    committed: impl FnOnce(&Manifest, &str) -> bool,
) -> Result<(Target, Recovered), Error> {
    let hint = "wait for it, or build into another place with --to";
    let lock = Lock::object(path, workplace, "another build is writing there", hint)?;
    let here = workplace.of(path);
    files::write(&here.join(URL), path.to_string_lossy().as_bytes())?;
    let target = Target::new(path.to_owned(), here.join(STAGED), lock);
    let recovered = recover(&target, committed)?;
    if recovered == Recovered::Nothing || recovered == Recovered::Removed {
        refuse_existing(path)?;
    }
    Ok((target, recovered))
}

/// URLs that interrupted builds of this machine were for.
pub(super) fn interrupted(workplace: &Workplace) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(&workplace.folder).into_iter().flatten().flatten();
    let url = |entry: std::fs::DirEntry| {
        let url = std::fs::read_to_string(entry.path().join(URL)).ok()?;
        entry.path().join(STAGED).is_dir().then(|| PathBuf::from(url))
    };
    entries.filter_map(url).collect()
}

fn recover(
    target: &Target,
    committed: impl FnOnce(&Manifest, &str) -> bool,
) -> Result<Recovered, Error> {
    if !target.staging().exists() {
        return Ok(Recovered::Nothing);
    }
    let staged = Manifest::read(target.staging()).ok();
    if is_visible(target.path())? {
        // It was interrupted after its last put, or somebody else was faster.
        let there = Manifest::read(target.path()).ok();
        super::stage::remove(target.staging())?;
        return Ok(match (staged, there) {
            (Some((ours, _)), Some((there, _))) if ours.set == there.set => {
                Recovered::Published(ours.set, target.path().to_owned())
            }
            _ => Recovered::Removed,
        });
    }
    if let Some((manifest, digest)) = staged
        && committed(&manifest, &digest)
        && target.holds(&manifest)?
    {
        upload(target)?;
        publish(target)?;
        return Ok(Recovered::Published(manifest.set, target.path().to_owned()));
    }
    abandon(target)?;
    Ok(Recovered::Removed)
}

fn is_visible(set: &Path) -> Result<bool, Error> {
    if files::is_folder(&set.join(LOG))? {
        return Ok(true);
    }
    let Some(text) = files::read(&set.join(MANIFEST))? else { return Ok(false) };
    // Beside a table that is not there yet, a manifest shows nothing.
    let manifest = serde_json::from_slice::<Manifest>(&text);
    Ok(manifest.map_or(true, |manifest| manifest.data == Format::Jsonl))
}

fn refuse_existing(set: &Path) -> Result<(), Error> {
    if store::list(set)?.iter().all(|entry| entry.name == LOCK) {
        return Ok(());
    }
    let (what, hint) = match Manifest::read(set) {
        Ok((manifest, _)) => (
            format!("training set {} is there already", manifest.set),
            "build into another place with --to; a published set is never overwritten",
        ),
        Err(_) => (
            "something else is there already".to_owned(),
            "build where nothing lies yet with --to, or remove what lies there",
        ),
    };
    Err(Error::input(set, None, what, hint))
}

/// Brings everything that shows nothing yet.
pub(super) fn upload(target: &Target) -> Result<(), Error> {
    let there = store::list(target.path())?;
    let missing: Vec<(String, u64)> = staged(target.staging())?
        .into_iter()
        .filter(|(name, _)| name != MANIFEST && !name.starts_with(LOG))
        .filter(|(name, bytes)| {
            !there.iter().any(|entry| entry.name == *name && entry.bytes == *bytes)
        })
        .collect();
    share(&missing, AT_ONCE, |(name, _)| {
        files::upload(&target.staging().join(name), &target.path().join(name))
    })?;
    Ok(())
}

/// Makes the set visible.
pub(super) fn publish(target: &Target) -> Result<(), Error> {
    let read = |name: &Path| {
        let path = target.staging().join(name);
        std::fs::read(&path).map_err(|e| Error::io(path, "read", e))
    };
    let first = crate::delta::first_entry(Path::new(""));
    let last = if target.staging().join(&first).exists() {
        files::write(&target.path().join(MANIFEST), &read(Path::new(MANIFEST))?)?;
        first
    } else {
        MANIFEST.into()
    };
    if !files::write_new(&target.path().join(&last), &read(&last)?)? {
        let hint = "build into another place with --to";
        let what = "somebody else put a table there meanwhile";
        return Err(Error::input(target.path(), None, what, hint));
    }
    super::stage::remove(target.staging())
}

/// Removes what was staged, here and there. What is visible stays.
pub(super) fn abandon(target: &Target) -> Result<(), Error> {
    if !is_visible(target.path())? {
        let staged = staged(target.staging())?;
        let there = store::list(target.path())?;
        let ours = there.iter().filter(|entry| staged.iter().any(|(name, _)| *name == entry.name));
        let ours: Vec<&Path> = ours.map(|entry| entry.path.as_path()).collect();
        share(&ours, AT_ONCE, |path| files::remove(path))?;
    }
    super::stage::remove(target.staging())
}

/// Files below a folder of this machine, with their sizes.
fn staged(folder: &Path) -> Result<Vec<(String, u64)>, Error> {
    let sized = |name: String| {
        let bytes = files::state(&folder.join(&name))?.bytes;
        Ok((name, bytes))
    };
    layout::all_files(folder)?.into_iter().map(sized).collect()
}
