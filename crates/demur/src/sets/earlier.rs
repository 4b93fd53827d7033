//! Sets that were built before, from which the next build of the same purpose starts: what they were judged by
//! leads to the next snapshot, and the verdicts of an overlay to those of the next one.

use std::path::PathBuf;
use std::sync::Arc;

use demur_core::purpose::Purpose;
use demur_corpus::manifest::Manifest;
use demur_register::Register;
use demur_snapshot::Snapshot;

use super::{kept, place};
use crate::context::Context;
use crate::failure::Failure;

/// How many sets are looked at, the most recently judged first.
const MOST: usize = 16;

/// A set, as the register knows its newest version.
pub(crate) struct Earlier {
    pub(crate) manifest: Manifest,
    pub(crate) folder: PathBuf,
    /// What that version was judged by.
    pub(crate) snapshot: Arc<Snapshot>,
}

/// The most recently judged set of the purpose, as it is now, that `is_wanted` and of which everything
/// is still there.
///
/// # Errors
/// Where the register cannot be read.
pub(crate) fn find(
    context: &Context,
    register: &Register,
    purpose: &Purpose,
    is_wanted: impl Fn(&Manifest) -> bool,
) -> Result<Option<Earlier>, Failure> {
    let (sets, digest) = (register.training_sets()?, purpose.digest());
    let alive = sets.into_iter().filter(|set| set.gone.is_none());
    let mut sets: Vec<_> = alive.filter(|set| set.newest().purpose_digest == digest).collect();
    sets.sort_by_key(|set| (set.newest().snapshot_size, set.seq));
    for set in sets.into_iter().rev().take(MOST) {
        let Some(text) = register.manifest(&set.newest().manifest_digest)? else { continue };
        let Ok(manifest) = serde_json::from_str::<Manifest>(&text) else { continue };
        let folder = place(context, register, &set.committed.set)?.folder;
        // Another set may lie there by now.
        let is_it =
            || Manifest::read(&folder).is_ok_and(|(_, it)| it == set.newest().manifest_digest);
        if !is_wanted(&manifest) || !is_it() {
            continue;
        }
        if let Some(snapshot) = kept::find(context, &manifest.snapshot.digest).map(Arc::new) {
            return Ok(Some(Earlier { manifest, folder, snapshot }));
        }
    }
    Ok(None)
}
