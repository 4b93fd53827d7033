//! Bringing sets up to the register: one after the other, each whole or not at all.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use demur_core::purpose::Purpose;
use demur_corpus::build::Stamp;
use demur_corpus::is_folder;
use demur_corpus::manifest::{Manifest, Mode};
use demur_corpus::set::{Plan, Purged, Request, Set};
use demur_register::{Hash, Register, TrainingSetPurged, TrainingSetRetracted};
use demur_snapshot::Snapshot;
use serde_json::{Value, json};

use super::kept::{self, Publishing};
use super::{Found, note_place};
use crate::compile;
use crate::context::{Context, now};
use crate::failure::Failure;

/// How often a change starts over because somebody else was faster.
const ATTEMPTS: u32 = 10;

/// How often somebody who objects just then may be looked for in the rows that come back.
const LOOKS: u32 = 100;

/// How sets are brought up to date.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    /// Versions of a table that have the rows stay readable.
    pub(crate) keep_history: bool,
    /// The purpose may have other rules than when the set was built.
    pub(crate) accept_purpose: bool,
}

/// What was done to one set.
pub(crate) struct Updated {
    pub(crate) set: String,
    pub(crate) version: u64,
    pub(crate) records: u64,
    pub(crate) left: u64,
    pub(crate) returned: u64,
    /// Records that may come back and do so by a later retraction.
    pub(crate) held_back: u64,
    pub(crate) mode: Mode,
    /// Rows that were taken out and whose bytes still lie in the files.
    pub(crate) hidden: u64,
    /// Whether the set knew everything already.
    pub(crate) was_current: bool,
    pub(crate) judged_anew: Option<String>,
    /// Whether its snapshot was made from the last one.
    pub(crate) amended: bool,
    pub(crate) took: std::time::Duration,
}

/// Sets and the snapshots that they are judged by.
pub(crate) struct Updater<'a> {
    context: &'a Context,
    register: &'a mut Register,
    rules: Rules,
    /// By purpose; compiled once for all sets.
    fresh: HashMap<String, Arc<Snapshot>>,
    /// Digests of those of them that were made from earlier ones.
    amended: HashSet<String>,
    /// Those of them that are still being written.
    publishing: Vec<Publishing>,
}

impl<'a> Updater<'a> {
    pub(crate) fn new(context: &'a Context, register: &'a mut Register, rules: Rules) -> Self {
        Updater {
            context,
            register,
            rules,
            fresh: HashMap::new(),
            amended: HashSet::new(),
            publishing: Vec::new(),
        }
    }

    /// Waits until the snapshots are where others look for them.
    ///
    /// # Errors
    /// Where one could not be written.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.publishing.into_iter().try_for_each(Publishing::finish)
    }

    /// Takes out of a set what may no longer be used, and puts back what may.
    pub(crate) fn retract(&mut self, found: &Found) -> Result<Updated, Failure> {
        let start = Instant::now();
        for attempt in 1..=ATTEMPTS {
            let set = self.open(found)?;
            let manifest = set.manifest().clone();
            let earlier = kept::find(self.context, &manifest.snapshot.digest).map(Arc::new);
            let snapshot = self.snapshot(found, &manifest, earlier.as_ref())?;
            if snapshot.meta().register_size < manifest.snapshot.register_size {
                // Another process has brought this set further since the snapshot was made.
                self.forget(&manifest.purpose.id)?;
                continue;
            }
            let amended = self.amended.contains(snapshot.digest());
            let updated = |plan: Option<&Plan>, manifest: &Manifest| Updated {
                set: manifest.set.clone(),
                version: manifest.version,
                records: manifest.counts.stays(),
                left: plan.map_or(0, |plan| plan.left),
                returned: plan.map_or(0, |plan| plan.returned),
                held_back: manifest.held_back,
                mode: manifest.mode,
                hidden: manifest.hidden,
                was_current: plan.is_none(),
                amended,
                judged_anew: plan.and_then(|plan| plan.judged_anew.clone()),
                took: start.elapsed(),
            };
            let closes = manifest.history && !self.rules.keep_history;
            let waits = closes || manifest.held_back > 0;
            let is_known = snapshot.digest() == manifest.snapshot.digest && !waits;
            if is_known && set.is_as_committed()? {
                let (workers, earlier) = (compile::workers(), None);
                let request =
                    Request { snapshot: &snapshot, earlier, keep_history: false, workers };
                for file in set.mend(&request, &|_| {})? {
                    self.context.out.warn(&format!(
                        "warning: {}: the index of {file} was lost or damaged and is made anew",
                        manifest.set
                    ));
                }
                note_place(self.register, &manifest.set, &found.folder)?;
                return Ok(updated(None, &manifest));
            }
            let set = set.allow_vectors()?;
            let request = Request {
                snapshot: &snapshot,
                earlier: earlier.as_deref(),
                keep_history: self.rules.keep_history,
                workers: compile::workers(),
            };
            let progress = self.context.out.progress("judging anew", None);
            let plan = set.plan(&request, &|n| progress.add(n))?;
            drop(progress);
            if let Some(why) = &plan.judged_anew {
                self.context
                    .out
                    .warn(&format!("warning: {}: {why}, so it was judged anew", manifest.set));
            }
            let stamp = self.stamp(&manifest.set, snapshot.meta().register_size)?;
            // Nothing comes back while somebody may just have objected to it, or by facts of before.
            let mut told = updated(Some(&plan), plan.manifest());
            let committed = if plan.returned == 0 {
                set.commit(plan, &stamp)?
            } else {
                let facts = self.context.accounts()?.digest()?;
                let same_facts = facts == snapshot.meta().accounts_digest;
                let done = match same_facts {
                    true => self.put_back(set, plan, &stamp, &snapshot)?,
                    false => Err((set, plan)),
                };
                match done {
                    Ok(committed) => committed,
                    Err((set, plan)) => {
                        // What comes next is judged by what is known then.
                        self.forget(&manifest.purpose.id)?;
                        // Whoever leaves must not wait until others stop objecting.
                        if attempt == 1 && (plan.left == 0 || !same_facts) {
                            continue;
                        }
                        let plan = set.hold_back(plan)?;
                        told = updated(Some(&plan), plan.manifest());
                        set.commit(plan, &stamp)?
                    }
                }
            };
            let Some(set) = committed else { continue };
            for step in set.steps() {
                record(self.register, step)?;
            }
            // What was made from the last one is being kept already.
            if !told.amended {
                kept::keep(self.context, &snapshot)?;
            }
            let Manifest { version, hidden, .. } = *set.manifest();
            set.publish()?;
            note_place(self.register, &told.set, &found.folder)?;
            return Ok(Updated { version, hidden, took: start.elapsed(), ..told });
        }
        Err(conflict(found))
    }

    /// Makes a change by which rows come back, while nobody can object. Where somebody did since it was planned
    /// by `snapshot`, those who did must not be in such a row: what else they want follows by the next
    /// retraction. Gives the set and the plan back where somebody is, or where that cannot be told.
    fn put_back(
        &mut self,
        set: Set,
        plan: Plan,
        stamp: &Stamp,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Result<Option<Set>, (Set, Plan)>, Failure> {
        let purpose = self.context.purpose(Some(&plan.manifest().purpose.id))?;
        let mut since = snapshot.meta().register_size;
        let mut change = (set, plan);
        for _ in 0..LOOKS {
            let register = &mut *self.register;
            let mut waiting = Some(change);
            let commit = || waiting.take().map(|(set, plan)| set.commit(plan, stamp)).transpose();
            if let Ok(done) = register.while_current(&purpose.id, since, now(), commit)? {
                return Ok(Ok(done?.flatten()));
            }
            let Some(back) = waiting else { return Ok(Ok(None)) };
            change = back;
            // Only what lies in a file can be amended.
            self.publishing.drain(..).try_for_each(Publishing::finish)?;
            let next = compile::next(self.context, self.register, purpose, snapshot)?;
            let next = next.and_then(|next| Some((next.changes_since(snapshot)?, next)));
            match next {
                Some((changes, next)) if !change.0.brings_back(&change.1, &changes) => {
                    since = next.meta().register_size;
                }
                _ => break,
            }
        }
        Ok(Err(change))
    }

    /// Has a purpose's next set judged by what is known then.
    fn forget(&mut self, purpose: &str) -> Result<(), Failure> {
        self.fresh.remove(purpose);
        // The next snapshot takes the same name, and must not take it first.
        self.publishing.drain(..).try_for_each(Publishing::finish)
    }

    /// Removes the bytes of rows that were taken out of a set.
    pub(crate) fn purge(&mut self, found: &Found) -> Result<(Manifest, Purged), Failure> {
        for _ in 0..ATTEMPTS {
            let set = self.open(found)?;
            if !set.has_hidden() {
                return Ok((set.manifest().clone(), Purged::default()));
            }
            let manifest = set.manifest().clone();
            if manifest.held_back > 0 {
                return Err(Failure::input(format!(
                    "{}: {} records that may come back were held back, and a purge would erase them\n  hint: run `demur retract` first",
                    found.folder.display(),
                    manifest.held_back
                )));
            }
            let kept = kept::find(self.context, &manifest.snapshot.digest).map(Arc::new);
            let stamp = self.stamp(&manifest.set, manifest.snapshot.register_size)?;
            let progress = self.context.out.progress("writing anew", None);
            let workers = compile::workers();
            let purged = set.purge(kept.as_ref(), &stamp, workers, &|n| progress.add(n))?;
            drop(progress);
            let Some((set, purged)) = purged else { continue };
            record(self.register, set.manifest())?;
            let manifest = set.manifest().clone();
            set.publish()?;
            note_place(self.register, &manifest.set, &found.folder)?;
            return Ok((manifest, purged));
        }
        Err(conflict(found))
    }

    /// Opens a set, and settles what an interrupted change of it left.
    fn open(&mut self, found: &Found) -> Result<Set, Failure> {
        if !is_folder(&found.folder)? {
            return Err(Failure::input(format!(
                "{}: training set {} is not there any more\n  hint: name the folder where it lies now, or say that it no longer exists with `demur gone {}`",
                found.folder.display(),
                found.set,
                found.set
            )));
        }
        if self.register.training_set(&found.set)?.is_some_and(|set| set.gone.is_some()) {
            return Err(Failure::input(format!(
                "{}: the register was told that training set {} no longer exists, so it is not kept up\n  hint: do not read it; build another",
                found.folder.display(),
                found.set
            )));
        }
        let register = std::cell::RefCell::new(&mut *self.register);
        let recorded = |manifest: &Manifest, digest: &str| -> Result<bool, Failure> {
            let known = register.borrow().training_set(&manifest.set)?;
            Ok(known.is_some_and(|set| set.newest().manifest_digest == digest))
        };
        let workplace = self.context.workplace(&found.folder)?;
        Set::open(&found.folder, &workplace, recorded, |manifest| {
            self.context.out.say(&format!(
                "{}: an interrupted change had reached the table; it is recorded now",
                manifest.set
            ));
            record(&mut register.borrow_mut(), manifest)
        })
    }

    /// What the sets of a purpose are judged by; made of what this one was judged by last, where that
    /// will do.
    fn snapshot(
        &mut self,
        found: &Found,
        manifest: &Manifest,
        last: Option<&Arc<Snapshot>>,
    ) -> Result<Arc<Snapshot>, Failure> {
        let purpose = self.context.purpose(Some(&manifest.purpose.id))?;
        if purpose.digest() != manifest.purpose_digest && !self.rules.accept_purpose {
            return Err(Failure::input(format!(
                "{}: purpose `{}` has other rules now than when training set {} was judged:\n{}\n  hint: --accept-purpose judges it by the new ones",
                found.folder.display(),
                purpose.id,
                manifest.set,
                differences(&manifest.purpose, purpose)
            )));
        }
        if let Some(known) = self.fresh.get(&purpose.id) {
            return Ok(known.clone());
        }
        let path = compile::default_path(self.context, purpose);
        let next = match last {
            Some(last) => compile::next(self.context, self.register, purpose, last)?,
            None => None,
        };
        let snapshot = match next {
            Some(next) => {
                self.amended.insert(next.digest().to_owned());
                let is_new = last.is_none_or(|last| !Arc::ptr_eq(last, &next));
                let publishing = kept::publish(self.context, next.clone(), is_new, path)?;
                self.publishing.push(publishing);
                next
            }
            None => compile::snapshot(self.context, self.register, purpose, &path)?.snapshot,
        };
        self.fresh.insert(purpose.id.clone(), snapshot.clone());
        Ok(snapshot)
    }

    fn stamp(&self, set: &str, register_size: u64) -> Result<Stamp, Failure> {
        let checkpoint = self.register.checkpoint_at(register_size)?;
        Ok(Stamp { set: set.to_owned(), at: now(), checkpoint })
    }
}

/// Enters a version that the table has.
fn record(register: &mut Register, manifest: &Manifest) -> Result<(), Failure> {
    let known = register.training_set(&manifest.set)?.ok_or_else(|| {
        Failure::input(format!("the register knows no training set {}", manifest.set))
    })?;
    let last = known.newest();
    let before = register.manifest(&last.manifest_digest)?;
    let before: Option<Manifest> = before.and_then(|text| serde_json::from_str(&text).ok());
    let erased = before.as_ref().map_or(0, |before| before.erased);
    let text = manifest.to_json();
    if manifest.erased > erased {
        let purged = TrainingSetPurged {
            set: manifest.set.clone(),
            version: manifest.version,
            manifest_digest: manifest.digest(),
            records: manifest.erased - erased,
            files: (manifest.purged.iter().filter(|file| file.version == manifest.version).count())
                as u64,
        };
        register.purge_training_set(purged, &text, now())?;
        return Ok(());
    }
    let root = Hash::try_from(manifest.snapshot.register_root.clone())
        .map_err(|_| Failure::input("the snapshot names no register root; compile it again"))?;
    let moved = &manifest.moved;
    let retracted = TrainingSetRetracted {
        set: manifest.set.clone(),
        version: manifest.version,
        purpose_digest: manifest.purpose_digest.clone(),
        snapshot_digest: manifest.snapshot.digest.clone(),
        snapshot_size: manifest.snapshot.register_size,
        snapshot_root: root,
        manifest_digest: manifest.digest(),
        kept: manifest.counts.stays(),
        left: moved.left,
        returned: moved.returned,
        history_kept: manifest.history,
    };
    register.retract_training_set(retracted, &text, now())?;
    Ok(())
}

fn conflict(found: &Found) -> Failure {
    Failure::input(format!(
        "{}: somebody else kept changing this table, so nothing was done in {ATTEMPTS} attempts\n  hint: try again when they have finished",
        found.folder.display()
    ))
}

/// The rules that two versions of a purpose differ in, a line each.
fn differences(then: &Purpose, now: &Purpose) -> String {
    let table = |purpose: &Purpose| serde_json::to_value(purpose).unwrap_or(Value::Null);
    let (then, now) = (table(then), table(now));
    let mut keys: Vec<&String> =
        [&then, &now].into_iter().filter_map(Value::as_object).flat_map(|map| map.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differs = keys.into_iter().filter(|key| then[*key] != now[*key]);
    let lines: Vec<String> =
        differs.map(|key| format!("    {key}: {} → {}", then[key], now[key])).collect();
    lines.join("\n")
}

impl Updated {
    pub(crate) fn json(&self) -> Value {
        json!({
            "set": self.set,
            "version": self.version,
            "records": self.records,
            "left": self.left,
            "returned": self.returned,
            "held_back": self.held_back,
            "hidden": self.hidden,
            "changed": !self.was_current,
            "judged_anew": self.judged_anew,
            "amended": self.amended,
            "seconds": self.took.as_secs_f64(),
        })
    }
}

/// Notes a set that was just built: where it lies, and what it was judged by.
pub(crate) fn built(
    context: &Context,
    register: &mut Register,
    set: &str,
    folder: &Path,
    snapshot: &Snapshot,
) -> Result<(), Failure> {
    kept::keep(context, snapshot)?;
    note_place(register, set, folder)
}
