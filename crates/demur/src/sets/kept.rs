//! Snapshots that sets were last judged by, kept so that the next change costs only what has changed.
//!
//! They lie beside the register and not in the sets' folders: they say who objected, which is nobody's
//! business who trains.

use std::collections::HashSet;
use std::path::PathBuf;

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
    let failed =
        |e: std::io::Error| Failure::machine(format!("{}: could not be kept: {e}", to.display()));
    std::fs::create_dir_all(context.path(FOLDER)).map_err(failed)?;
    // Across disks there is no second name, but a second file.
    std::fs::hard_link(snapshot.path(), &to)
        .or_else(|_| std::fs::copy(snapshot.path(), &to).map(drop))
        .map_err(failed)
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

fn path(context: &Context, digest: &str) -> PathBuf {
    context.path(FOLDER).join(format!("{}.snapshot", &digest[..digest.len().min(32)]))
}
