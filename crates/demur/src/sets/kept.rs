//! Snapshots that sets were last judged by, kept so that the next change costs only what has changed.
//!
//! They lie beside the register and not in the sets' folders: they say who objected, which is nobody's
//! business who trains.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use demur_register::Register;
use demur_snapshot::Snapshot;

use crate::context::Context;
use crate::failure::Failure;

/// Keeps a snapshot under a second name, which stays when a newer one takes the first.
pub(crate) fn keep(context: &Context, snapshot: &Snapshot) -> Result<(), Failure> {
    let to = path(context, snapshot.digest());
    if to.exists() {
        return Ok(());
    }
    folder(context)?;
    let failed =
        |e: std::io::Error| Failure::machine(format!("{}: could not be kept: {e}", to.display()));
    name_or_copy(snapshot, &to).map_err(failed)
}

/// Gives a kept snapshot the name under which the purpose's newest is looked for, once it is sure to
/// outlast a power cut; one that `is_new` is written to where it is kept before that. Whoever takes rows out
/// need not wait for the disk.
///
/// # Errors
/// Where the folder cannot be made.
pub(crate) fn publish(
    context: &Context,
    snapshot: Arc<Snapshot>,
    is_new: bool,
    to: PathBuf,
) -> Result<Publishing, Failure> {
    folder(context)?;
    Ok(Publishing(std::thread::spawn(move || {
        if is_new {
            snapshot.save()?;
        }
        if is_published(&snapshot, &to) {
            return Ok(());
        }
        Snapshot::may_be_written(&to)?;
        let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let staged = to.with_extension(format!("{}.partial", std::process::id()));
        let publish = || {
            let _ = std::fs::remove_file(&staged);
            name_or_copy(&snapshot, &staged)?;
            File::open(&staged)?.sync_all()?;
            std::fs::rename(&staged, &to)?;
            File::open(folder)?.sync_all()
        };
        publish()
            .map_err(|e| Failure::machine(format!("{}: could not be written: {e}", to.display())))
    })))
}

/// A second name for a snapshot's file; a second file across disks, or where somebody tidied it away.
fn name_or_copy(snapshot: &Snapshot, to: &Path) -> std::io::Result<()> {
    std::fs::hard_link(snapshot.path(), to).or_else(|_| std::fs::write(to, snapshot.as_bytes()))
}

/// Whether a snapshot has that name already: its checksum is the end of the file.
fn is_published(snapshot: &Snapshot, to: &Path) -> bool {
    let end = || {
        let (mut file, mut end) = (File::open(to)?, [0; CHECKSUM]);
        file.seek(SeekFrom::End(-(CHECKSUM as i64)))?;
        file.read_exact(&mut end)?;
        Ok::<_, std::io::Error>(end)
    };
    end().is_ok_and(|end| end.map(|byte| format!("{byte:02x}")).concat() == snapshot.digest())
}

/// A snapshot on its way to its name.
#[must_use]
pub(crate) struct Publishing(JoinHandle<Result<(), Failure>>);

impl Publishing {
    /// Waits until it is there.
    ///
    /// # Errors
    /// Where it could not be written.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.0.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// The snapshot of this digest, if it was kept and is whole.
pub(crate) fn find(context: &Context, digest: &str) -> Option<Snapshot> {
    Snapshot::open(path(context, digest)).ok().filter(|snapshot| snapshot.digest() == digest)
}

/// Removes those that no set was last judged by.
pub(crate) fn tidy(context: &Context, register: &Register) -> Result<(), Failure> {
    let mut used = HashSet::new();
    for set in register.training_sets()?.into_iter().filter(|set| set.gone.is_none()) {
        let manifest = register.manifest(&set.newest().manifest_digest)?;
        let manifest: Option<serde_json::Value> =
            manifest.and_then(|text| serde_json::from_str(&text).ok());
        let digest = manifest.and_then(|m| Some(m["snapshot"]["digest"].as_str()?.to_owned()));
        used.extend(digest.map(|digest| path(context, &digest)));
    }
    let Ok(entries) = std::fs::read_dir(context.path(FOLDER)) else { return Ok(()) };
    for entry in entries.flatten().map(|entry| entry.path()) {
        let is_ours = entry.extension().is_some_and(|extension| extension == "snapshot");
        if is_ours && !used.contains(&entry) {
            // What stays for once is removed the next time.
            let _ = std::fs::remove_file(entry);
        }
    }
    Ok(())
}

const FOLDER: &str = "snapshots";
/// Bytes of a snapshot's digest, which ends the file.
const CHECKSUM: usize = 32;

/// Where they lie; made where there is none.
fn folder(context: &Context) -> Result<(), Failure> {
    let folder = context.path(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|e| {
        Failure::machine(format!("{}: the folder could not be made: {e}", folder.display()))
    })
}

/// Where the snapshot of a digest is kept.
pub(crate) fn path(context: &Context, digest: &str) -> PathBuf {
    context.path(FOLDER).join(format!("{}.snapshot", &digest[..digest.len().min(32)]))
}
