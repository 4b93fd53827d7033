//! What an earlier overlay tells of the same corpus files: their verdicts are known, and only people who
//! objected or were decided upon since have to be looked at, by the indexes.
//!
//! A file counts as the same where its digest is, and is judged anew where anything else differs: rules,
//! columns, account facts, whom notices reached, the program's version. Whatever cannot be read of the
//! earlier set is no error either; its files are judged anew.

use std::path::Path;

use demur_gate::{Counts, Gate};
use demur_snapshot::{Changes, Snapshot};
use roaring::RoaringBitmap;

use super::Request;
use crate::digest;
use crate::error::Error;
use crate::index::Index;
use crate::layout;
use crate::manifest::{CountsByReason, Manifest, Mode};
use crate::moves::{Asked, Found, Moves};
use crate::parquet::ParquetFile;
use crate::set::named;
use crate::source::CorpusSource;
use crate::store;
use crate::table::Table;

/// An overlay that was built before, as the register knows it.
#[derive(Debug)]
pub struct Earlier<'a> {
    /// Where it lies.
    pub folder: &'a Path,
    /// What the register has of its newest version.
    pub manifest: &'a Manifest,
    /// What that version was judged by.
    pub snapshot: &'a Snapshot,
}

/// The verdicts of an earlier overlay.
pub(super) struct Verdicts<'a> {
    earlier: &'a Earlier<'a>,
    table: Table,
    snapshot: &'a Snapshot,
    changes: Changes,
}

/// What is known of one file by now.
pub(super) struct Known {
    pub(super) counts: Counts,
    /// Rows that may not be used.
    pub(super) gone: RoaringBitmap,
}

impl<'a> Verdicts<'a> {
    /// Opens what a build may go by, if there is any.
    pub(super) fn open(request: &Request<'a>) -> Option<Self> {
        let earlier = request.earlier?;
        let Earlier { folder, manifest, snapshot } = earlier;
        let is_alike = manifest.mode == Mode::Overlay
            && manifest.demur == Manifest::program()
            && manifest.held_back == 0
            && manifest.snapshot.digest == snapshot.digest()
            && !store::is_url(folder);
        if !is_alike {
            return None;
        }
        let changes = request.snapshot.changes_since(snapshot)?;
        let of_people = changes.items.is_empty() && changes.items_back.is_empty();
        if !of_people || !changes.accounts.iter().all(|one| one.is_of_objections()) {
            return None;
        }
        let table = Table::open(folder).ok()?;
        if table.version() != manifest.version {
            return None;
        }
        Some(Verdicts { earlier, table, snapshot: request.snapshot, changes })
    }

    /// Whether the set is still at the version that was opened. A file gets another index only after the commit
    /// that it belongs to, so those that were taken before this was asked are that version's.
    pub(super) fn stand(&self) -> bool {
        let table = Table::open(self.earlier.folder);
        table.is_ok_and(|table| table.version() == self.earlier.manifest.version)
    }

    /// The verdicts of a file of a corpus, if they are known. Its index says the same as one that would be
    /// made; it is taken to `to`, whether or not the rest is known.
    pub(super) fn of(
        &self,
        source: &CorpusSource,
        file: &ParquetFile,
        gate: &Gate,
        to: &Path,
    ) -> Option<Known> {
        let digest = digest::trusted(&file.path)?;
        let alike = self.earlier.manifest.corpora.iter().filter(|c| c.columns == source.columns);
        let mut inputs = alike.flat_map(|c| c.files.iter().map(move |input| (c, input)));
        let (corpus, input) = inputs.find(|(_, input)| input.blake3 == digest)?;
        let mut data = self.earlier.manifest.files.iter();
        // A file that was purged is another one.
        let data = data.find(|data| {
            data.corpus == corpus.id && data.from == input.path && data.blake3 == digest
        })?;
        let inside = self.table.files().iter().find(|inside| inside.path == data.path)?;
        if inside.live() != data.records || inside.rows != data.rows || data.rows != file.rows() {
            return None;
        }
        take_index(&self.earlier.folder.join(layout::index_of(&data.path)), to).ok()?;
        let mut opened = Index::open(to, data.rows).ok()?;
        let asked = Asked::new(self.snapshot, &self.changes, true, true);
        let gone = || self.table.gone(inside);
        let found = asked.of(&mut opened, gone, |ids| named(&file.path, gate, ids));
        let Ok(Found::Moves(Moves { leaves, moved, gone: now })) = found else { return None };
        let gone = match leaves.is_empty() && moved.is_empty() {
            true => self.table.gone(inside).ok()?,
            false => now,
        };
        let mut counts = input.counts.clone();
        for (reason, _) in leaves.values() {
            counts.leave(*reason);
        }
        for ((from, to), records) in moved {
            counts.move_between(from, to, records);
        }
        let adds_up = counts.adds_up() && counts.input == data.rows && counts.kept > 0;
        let is_told = adds_up && gone.len() == counts.input - counts.stays();
        is_told.then(|| Known { counts: CountsByReason::counts(&counts), gone })
    }
}

/// Gives a new set the index of an earlier one; a copy where they lie on different disks.
///
/// # Errors
/// Where the machine fails.
fn take_index(from: &Path, to: &Path) -> Result<(), Error> {
    let linked = std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(drop));
    linked.map_err(|e| Error::io(to, "copy an index to", e))
}
