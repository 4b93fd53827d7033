//! Taking out what may no longer be used, and putting back what may be used again.
//!
//! Where the snapshot that the set was last judged by is at hand, the rules are the same and nobody's
//! objection has ended, the index says which rows leave, and nothing of the corpus is read. Everywhere
//! else the files concerned are judged anew, which is slower and always right.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use demur_core::rules::Reason;
use demur_gate::Gate;
use demur_snapshot::{Changes, Snapshot};
use roaring::RoaringBitmap;

use super::{Set, hidden, lines, prepare};
use crate::build::{Progress, Stamp, in_file};
use crate::error::Error;
use crate::files;
use crate::index::Index;
use crate::judged::{self, Judged};
use crate::layout;
use crate::manifest::{
    CorpusUse, CountsByReason, DataFile, HELD_BACK, Manifest, Mode, Moved, SnapshotSource,
};
use crate::moves::{Asked, Found, Moves};
use crate::parquet::ParquetFile;
use crate::share::share;
use crate::store;
use crate::table::{Commit, Table, TableFile};

/// What a set is brought up to date by.
pub struct Request<'a> {
    /// What judges now.
    pub snapshot: &'a Arc<Snapshot>,
    /// What the set was last judged by, where it was kept.
    pub earlier: Option<&'a Snapshot>,
    /// Whether versions of the table that have the rows stay readable.
    pub keep_history: bool,
    /// Threads to use.
    pub workers: usize,
}

/// A change that was worked out and not made.
pub struct Plan {
    manifest: Manifest,
    gone: Vec<(String, RoaringBitmap)>,
    /// What comes back, of files that were judged anew.
    back: Vec<Back>,
    /// Data files that were judged anew. Their next indexes lie beside the present ones.
    indexed: Vec<String>,
    /// Records that leave.
    pub left: u64,
    /// Records that come back.
    pub returned: u64,
    /// Why the set was judged anew instead of by its index, in words.
    pub judged_anew: Option<String>,
}

/// Rows of one file that come back.
struct Back {
    path: String,
    rows: RoaringBitmap,
    /// Those of them that had been taken out.
    hidden: RoaringBitmap,
    /// Whether others leave.
    has_leavers: bool,
}

/// What happens to one file.
struct Change {
    leaves: BTreeMap<u32, (Reason, bool)>,
    /// Rows in place that were out and are now for another reason.
    moved: BTreeMap<(Reason, Reason), u64>,
    returns: RoaringBitmap,
    gone: RoaringBitmap,
    /// Judged anew: its records by verdict.
    counts: Option<CountsByReason>,
}

/// The change of each file, and the files whose index is lost or damaged.
type ByIndex = (Vec<Option<Change>>, Vec<String>);

impl From<Moves> for Change {
    fn from(Moves { leaves, moved, gone }: Moves) -> Change {
        Change { leaves, moved, returns: RoaringBitmap::new(), gone, counts: None }
    }
}

impl Set {
    /// Works out which rows leave and which come back. Nothing visible changes.
    ///
    /// # Errors
    /// Where the table or a file is not what the set was made of, or a deletion vector is damaged.
    pub fn plan(&self, request: &Request<'_>, progress: Progress<'_>) -> Result<Plan, Error> {
        let data = self.data()?;
        let gates = self.gates(request.snapshot)?;
        let (mut changes, why) = match self.by_index(request, &data, &gates)? {
            Ok((changes, damaged)) => {
                let lost = format!("the index of {} is lost or damaged", damaged.join(", "));
                (changes, (!damaged.is_empty()).then_some(lost))
            }
            Err(why) => (data.iter().map(|_| None).collect(), Some(why)),
        };
        // What the index could not tell is judged anew.
        let anew: Vec<usize> = (0..data.len()).filter(|at| changes[*at].is_none()).collect();
        let gone = data
            .iter()
            .enumerate()
            .map(
                |(at, (_, file))| {
                    if changes[at].is_none() { self.gone(file) } else { Ok(RoaringBitmap::new()) }
                },
            )
            .collect::<Result<Vec<_>, Error>>()?;
        // Reasons are wanted of rows that leave, and of copied rows that are out.
        let copied = self.manifest.mode == Mode::Copy;
        let ask = |file: usize, row: u32| copied || !gone[anew[file]].contains(row);
        let judged = self.judge(request, &data, &anew, &gates, ask, progress)?;
        for (at, judged) in anew.iter().zip(judged) {
            let (known, file) = &data[*at];
            self.write_next_index(known, file, &judged)?;
            changes[*at] = Some(anew_change(known, gone[*at].clone(), judged, copied));
        }
        let files = data.iter().map(|(known, file)| (known.path.clone(), file.live()));
        let changes: Vec<_> = files.zip(changes.into_iter().flatten()).collect();
        let indexed = anew.into_iter().map(|at| data[at].0.path.clone()).collect();
        self.next(request, changes, indexed, why)
    }

    /// Makes indexes anew that are lost or damaged, of a set that needs no change; returns of which files.
    ///
    /// # Errors
    /// As [`plan`](Self::plan).
    pub fn mend(
        &self,
        request: &Request<'_>,
        progress: Progress<'_>,
    ) -> Result<Vec<String>, Error> {
        let data = self.data()?;
        let is_damaged = |at: &usize| {
            let known = data[*at].0;
            let path = self.folder.join(layout::index_of(&known.path));
            Index::open(&path, known.rows).and_then(|mut index| index.all()).is_err()
        };
        let damaged: Vec<usize> = (0..data.len()).filter(is_damaged).collect();
        if damaged.is_empty() {
            return Ok(Vec::new());
        }
        let gates = self.gates(request.snapshot)?;
        let judged = self.judge(request, &data, &damaged, &gates, |_, _| false, progress)?;
        for (at, judged) in damaged.iter().zip(judged) {
            let (known, file) = &data[*at];
            self.write_next_index(known, file, &judged)?;
            take_next_index(&self.folder, &known.path)?;
        }
        Ok(damaged.into_iter().map(|at| data[at].0.path.clone()).collect())
    }

    /// A gate for each corpus.
    fn gates(&self, snapshot: &Arc<Snapshot>) -> Result<Vec<Gate>, Error> {
        let gate = |corpus: &CorpusUse| {
            Gate::new(snapshot.clone(), corpus.columns.clone()).map_err(in_file(&self.folder))
        };
        self.manifest.corpora.iter().map(gate).collect()
    }

    /// The gate of a file's corpus.
    fn gate<'g>(&self, gates: &'g [Gate], file: &DataFile) -> Result<&'g Gate, Error> {
        let at = self.manifest.corpora.iter().position(|corpus| corpus.id == file.corpus);
        at.and_then(|at| gates.get(at)).ok_or_else(|| {
            let hint = "restore manifest.json, or build the set anew";
            Error::input(&self.folder, None, format!("{} is of no corpus", file.path), hint)
        })
    }

    /// Judges files anew: `which` of `data`, each row of which `ask` wants a reason.
    fn judge(
        &self,
        request: &Request<'_>,
        data: &[(&DataFile, TableFile)],
        which: &[usize],
        gates: &[Gate],
        ask: impl Fn(usize, u32) -> bool + Sync,
        progress: Progress<'_>,
    ) -> Result<Vec<Judged>, Error> {
        let path = |at: usize| store::resolve(&self.folder, &data[at].0.path);
        if self.table.is_none() {
            return share(which, request.workers, |at| {
                let gate = self.gate(gates, data[*at].0)?;
                lines::judge(&path(*at), gate, request.snapshot, progress)
            });
        }
        let open =
            |at: &usize| Ok((ParquetFile::open(&path(*at))?, self.gate(gates, data[*at].0)?));
        let opened = which.iter().map(open).collect::<Result<Vec<_>, Error>>()?;
        let files: Vec<(&ParquetFile, &Gate)> =
            opened.iter().map(|(file, gate)| (file, *gate)).collect();
        judged::judge(&files, ask, request.workers, progress)
    }

    /// By the index alone: the change of each file, `None` for one that has to be judged anew, and files
    /// whose index is lost or damaged; or why nothing can be told.
    fn by_index(
        &self,
        request: &Request<'_>,
        data: &[(&DataFile, TableFile)],
        gates: &[Gate],
    ) -> Result<Result<ByIndex, String>, Error> {
        if !self.is_ours() {
            return Ok(Err("somebody else committed to the table".into()));
        }
        if self.manifest.held_back > 0 {
            return Ok(Err("records that may come back were held back".into()));
        }
        if self.manifest.demur != Manifest::program() {
            return Ok(Err("another version of Demur judged it last".into()));
        }
        let earlier = request.earlier.filter(|s| s.digest() == self.manifest.snapshot.digest);
        let Some(earlier) = earlier else {
            return Ok(Err("the snapshot that it was last judged by was not kept".into()));
        };
        let Some(changed) = request.snapshot.changes_since(earlier) else {
            return Ok(Err(
                "the rules or the account facts have changed, or how they are read".into()
            ));
        };
        let in_place = self.manifest.mode == Mode::Overlay;
        // Rows of a copied set that never left cannot come back: they are not there.
        let may_return = in_place || self.manifest.hidden > 0;
        if may_return && !changed.items_back.is_empty() {
            return Ok(Err("objections to single records have ended".into()));
        }
        let asked = Asked::new(request.snapshot, &changed, may_return, in_place);
        let find = |at: usize| {
            let (known, file) = &data[at];
            let path = self.folder.join(layout::index_of(&known.path));
            let Some(mut index) = Index::open(&path, known.rows).ok() else {
                return Ok(Found::Damaged);
            };
            let named = |ids: &[String]| {
                let path = store::resolve(&self.folder, &known.path);
                let gate = self.gate(gates, known)?;
                match &self.table {
                    Some(_) => named(&path, gate, ids),
                    None => lines::named(&path, gate, request.snapshot, ids),
                }
            };
            let found = asked.of(&mut index, || self.gone(file), named)?;
            // Of lines, the index of those that stay is made of the whole of it.
            let shrinks = matches!(&found, Found::Moves(moves) if !moves.leaves.is_empty());
            if shrinks && self.table.is_none() && index.all().is_err() {
                return Ok(Found::Damaged);
            }
            Ok(found)
        };
        let files: Vec<usize> = (0..data.len()).collect();
        let (mut changes, mut damaged) = (Vec::new(), Vec::new());
        for (at, one) in share(&files, request.workers, |at| find(*at))?.into_iter().enumerate() {
            if matches!(one, Found::Damaged) {
                damaged.push(data[at].0.path.clone());
            }
            changes.push(match one {
                Found::Moves(moves) => Some(moves.into()),
                Found::Anew | Found::Damaged => None,
            });
        }
        Ok(Ok((changes, damaged)))
    }

    /// Writes an index that will take the place of one that is lost, damaged, or may say otherwise now.
    fn write_next_index(
        &self,
        known: &DataFile,
        file: &TableFile,
        judged: &Judged,
    ) -> Result<(), Error> {
        let path = self.folder.join(layout::next_index_of(&known.path));
        if !store::is_url(&path) {
            // Sets of JSON lines of before there were indexes have no folder for them.
            let folder = layout::indexes(&self.folder);
            std::fs::create_dir_all(&folder).map_err(|e| Error::io(&folder, "create", e))?;
        }
        judged.postings.clone().write(&path, file.rows)
    }

    /// The manifest as it will be. Of each file, `changes` has how many rows the table shows so far.
    fn next(
        &self,
        request: &Request<'_>,
        changes: Vec<((String, u64), Change)>,
        indexed: Vec<String>,
        judged_anew: Option<String>,
    ) -> Result<Plan, Error> {
        let meta = request.snapshot.meta();
        let mut manifest = self.manifest.clone();
        let mut left: u64 = changes.iter().map(|(_, change)| change.leaves.len() as u64).sum();
        let mut returned: u64 = changes.iter().map(|(_, change)| change.returns.len()).sum();
        manifest.version = self.version() + 1;
        manifest.held_back = 0;
        manifest.purpose = meta.purpose.clone();
        manifest.purpose_digest.clone_from(&meta.purpose_digest);
        manifest.snapshot = SnapshotSource {
            digest: request.snapshot.digest().to_owned(),
            register_size: meta.register_size,
            register_root: meta.register_root.clone(),
            accounts_digest: meta.accounts_digest.clone(),
        };
        let (mut gone, mut returning) = (Vec::new(), Vec::new());
        for ((path, shown), change) in changes {
            let Some(file) = manifest.files.iter_mut().find(|file| file.path == path) else {
                continue;
            };
            let (out, back) = (change.leaves.len() as u64, change.returns.len());
            if let Some(counts) = counts_of(&mut manifest.corpora, file) {
                let taken = std::mem::take(&mut file.taken);
                file.taken = move_counts(counts, taken, &change, manifest.mode);
            }
            // What somebody else took out of the table meanwhile, or put back, counts as moved now.
            left += file.records.saturating_sub(shown);
            returned += shown.saturating_sub(file.records);
            file.records = shown + back - out;
            let mut rows = hidden::newest(&self.folder, file, &change.gone);
            let before = rows.len();
            let hidden = match manifest.mode {
                Mode::Overlay => &rows & &change.returns,
                // All that is out of a copied file was in the set once, whoever took it out of the table.
                Mode::Copy => change.returns.clone(),
            };
            rows.extend(change.leaves.keys());
            rows -= &change.returns;
            if manifest.mode == Mode::Copy && change.counts.is_some() {
                rows |= &change.gone;
            }
            if out + back == 0 && rows.len() == before {
                continue;
            }
            // Of a list that was lost, more rows may be out than it had.
            let listed = file.hidden.last().map_or(0, |list| list.rows);
            manifest.hidden = (manifest.hidden + rows.len()).saturating_sub(listed);
            file.hidden.push(hidden::write(&self.folder, file, manifest.version, &rows)?);
            if back > 0 {
                let (path, rows, has_leavers) = (path.clone(), change.returns, out > 0);
                returning.push(Back { path, rows, hidden, has_leavers });
            }
            // A vector has its content's name, and the table would lose a file that got the same one again.
            if out + back > 0 {
                gone.push((path, change.gone));
            }
        }
        manifest.moved = Moved { left, returned };
        manifest.count();
        // Lines that were taken out are gone, and so is every version that had them.
        manifest.history = request.keep_history && self.table.is_some();
        manifest.check()?;
        Ok(Plan { manifest, gone, back: returning, indexed, left, returned, judged_anew })
    }

    /// Whether somebody of whom other things are said since the plan was made is in a row that comes back by it.
    /// Where that cannot be told, somebody is.
    #[must_use]
    pub fn brings_back(&self, plan: &Plan, changes: &Changes) -> bool {
        if !changes.items.is_empty() {
            return true;
        }
        plan.back.iter().any(|Back { path, rows, .. }| {
            let known = self.manifest.files.iter().find(|file| file.path == *path);
            let index = known.and_then(|known| {
                Index::open(&self.folder.join(layout::next_index_of(path)), known.rows).ok()
            });
            let Some(mut index) = index else { return true };
            changes.accounts.iter().any(|account| match index.get(account.hash) {
                Ok(postings) => postings.iter().any(|posting| rows.contains(posting.row)),
                Err(_) => true,
            })
        })
    }

    /// The same plan but for what comes back, which stays out until the next one: whoever leaves has to.
    ///
    /// # Errors
    /// Where the machine fails, or the counts do not add up.
    pub fn hold_back(&self, mut plan: Plan) -> Result<Plan, Error> {
        let manifest = &mut plan.manifest;
        for Back { path, rows, hidden, has_leavers } in std::mem::take(&mut plan.back) {
            let n = rows.len();
            plan.returned -= n;
            manifest.moved.returned -= n;
            manifest.held_back += n;
            match plan.gone.iter_mut().find(|(file, _)| *file == path) {
                Some((_, gone)) if has_leavers => *gone |= rows,
                _ => plan.gone.retain(|(file, _)| *file != path),
            }
            let version = manifest.version;
            let Some(file) = manifest.files.iter_mut().find(|file| file.path == path) else {
                continue;
            };
            file.records -= n;
            let list = file.hidden.pop_if(|list| list.version == version);
            if let Some(list) = list {
                let lost = || {
                    let hint = "run the command again";
                    Error::input(self.folder.join(&list.path), None, "somebody changed it", hint)
                };
                let rows = hidden::read(&self.folder, &list).ok_or_else(lost)? | &hidden;
                manifest.hidden += rows.len() - list.rows;
                if rows == hidden::newest(&self.folder, file, &RoaringBitmap::new()) {
                    files::remove(&self.folder.join(&list.path))?;
                } else {
                    file.hidden.push(hidden::write(&self.folder, file, version, &rows)?);
                }
            }
            if let Some(counts) = counts_of(&mut manifest.corpora, file) {
                let of_kept = n.min(counts.kept);
                counts.kept -= of_kept;
                counts.redacted -= n - of_kept;
                *counts.dropped.entry(HELD_BACK.to_owned()).or_default() += n;
            }
            if manifest.mode == Mode::Copy {
                *file.taken.entry(HELD_BACK.to_owned()).or_default() += n;
            }
        }
        manifest.count();
        manifest.check()?;
        Ok(plan)
    }

    /// Makes a planned change in the table: one commit, and then the versions before it go unless they
    /// are kept. Returns the set as it is then, for the caller to record and to [`publish`](Set::publish);
    /// `None` where somebody else committed meanwhile, and the change has to be planned anew.
    ///
    /// # Errors
    /// Where the machine fails.
    pub fn commit(mut self, plan: Plan, stamp: &Stamp) -> Result<Option<Set>, Error> {
        let Plan { mut manifest, gone, indexed, .. } = plan;
        manifest.committed_at = stamp.at.to_string();
        manifest.checkpoint.clone_from(&stamp.checkpoint);
        manifest.demur = Manifest::program();
        let Some(table) = &self.table else {
            let work = self.workplace.of(&self.folder);
            self.steps = lines::commit(&self.folder, &work, manifest, &gone, &indexed)?;
            self.manifest = self.steps.last().cloned().unwrap_or(self.manifest);
            return Ok(Some(self));
        };
        forget_indexes(&self.folder, &indexed)?;
        prepare(&self.folder, &manifest)?;
        let gone = gone
            .into_iter()
            .filter_map(|(path, rows)| {
                Some((table.files().iter().find(|file| file.path == path)?, rows))
            })
            .collect();
        match table.hide(gone, &manifest)? {
            Commit::Done(version) if version == manifest.version => {}
            Commit::Done(_) | Commit::Conflict => {
                files::remove(&self.folder.join(super::NEXT))?;
                return Ok(None);
            }
        }
        indexed.iter().try_for_each(|file| take_next_index(&self.folder, file))?;
        let table = Table::open(&self.folder)?;
        if !manifest.history {
            table.close_history(manifest.version)?;
        }
        self.table = Some(table);
        self.manifest = manifest;
        Ok(Some(self))
    }
}

/// Removes the indexes of files that were judged anew. Those made by it know nobody whose rows are out by
/// what is known now, and the present ones nobody whose rows come back: between the two judgements neither is
/// right, and a change that is interrupted there has to leave none.
///
/// # Errors
/// Where the machine fails.
pub(super) fn forget_indexes(set: &Path, indexed: &[String]) -> Result<(), Error> {
    for file in indexed {
        files::remove(&set.join(layout::index_of(file)))?;
    }
    // A power cut must not bring them back once the table has the change.
    if indexed.is_empty() { Ok(()) } else { files::sync_folder(&layout::indexes(set)) }
}

/// Lets the next index of a file take its place, once what it was made by is what the set was judged by.
///
/// # Errors
/// Where the machine fails.
pub(super) fn take_next_index(set: &Path, file: &str) -> Result<(), Error> {
    files::rename(&set.join(layout::next_index_of(file)), &set.join(layout::index_of(file)))
}

impl Plan {
    /// Whether anything becomes visible or invisible by it.
    #[must_use]
    pub fn moves_rows(&self) -> bool {
        self.left + self.returned > 0
    }

    /// The manifest as it will be, but for its stamp.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

/// The rows that have one of these record ids.
pub(crate) fn named(path: &Path, gate: &Gate, ids: &[String]) -> Result<Vec<u32>, Error> {
    let wanted: HashSet<&str> = ids.iter().map(String::as_str).collect();
    let file = ParquetFile::open(path)?;
    let (mut rows, mut first) = (Vec::new(), 0);
    for batch in file.read(None, Some(&[gate.columns().record.as_str().into()]))? {
        let batch = batch?;
        let found = gate.records(&batch, |id| wanted.contains(id)).map_err(in_file(path))?;
        rows.extend(found.into_iter().map(|row| first + row as u32));
        first += batch.num_rows() as u32;
    }
    Ok(rows)
}

/// The counts of the corpus file that a data file is of.
fn counts_of<'a>(corpora: &'a mut [CorpusUse], file: &DataFile) -> Option<&'a mut CountsByReason> {
    let corpora = corpora.iter_mut().filter(|corpus| corpus.id == file.corpus);
    let mut inputs = corpora.flat_map(|corpus| &mut corpus.files);
    inputs.find(|input| input.path == file.from).map(|input| &mut input.counts)
}

/// What judging a file anew changes.
fn anew_change(known: &DataFile, gone: RoaringBitmap, judged: Judged, copied: bool) -> Change {
    let leaves = judged
        .reasons
        .iter()
        .filter(|(row, _)| !gone.contains(*row))
        .map(|(row, reason)| (*row, (*reason, false)))
        .collect();
    let returns = &gone - &judged.gone;
    let counts = if copied {
        // Of a copied file, only the rows that are out have a reason now.
        let mut counts = CountsByReason::default();
        for (_, reason) in &judged.reasons {
            *counts.dropped.entry(reason.name().to_owned()).or_default() += 1;
        }
        counts
    } else {
        CountsByReason::new(known.rows, &judged.counts)
    };
    Change { leaves, moved: BTreeMap::new(), returns, gone: judged.gone, counts: Some(counts) }
}

/// Moves records of a corpus file between verdicts; returns how many rows of a copied file are out now.
fn move_counts(
    counts: &mut CountsByReason,
    taken: BTreeMap<String, u64>,
    change: &Change,
    mode: Mode,
) -> BTreeMap<String, u64> {
    let mut now = taken.clone();
    match (&change.counts, mode) {
        (Some(judged), Mode::Overlay) => {
            *counts = judged.clone();
            return BTreeMap::new();
        }
        (Some(judged), Mode::Copy) => now.clone_from(&judged.dropped),
        (None, _) => {
            for (reason, _) in change.leaves.values() {
                *now.entry(reason.name().to_owned()).or_default() += 1;
            }
        }
    }
    for (reason, n) in &taken {
        let left = counts.dropped.entry(reason.clone()).or_default();
        *left = left.saturating_sub(*n);
    }
    for (reason, n) in &now {
        *counts.dropped.entry(reason.clone()).or_default() += n;
    }
    for ((from, to), n) in &change.moved {
        counts.move_between(*from, *to, *n);
    }
    counts.dropped.retain(|_, n| *n > 0);
    let redacted = change.leaves.values().filter(|(_, redacted)| *redacted).count() as u64;
    let stays = counts.input - counts.dropped.values().sum::<u64>();
    counts.redacted = counts.redacted.saturating_sub(redacted).min(stays);
    counts.kept = stays - counts.redacted;
    if mode == Mode::Overlay { BTreeMap::new() } else { now }
}
