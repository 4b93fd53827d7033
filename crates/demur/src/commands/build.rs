//! `demur build`: from a corpus to a training set that is frozen only while nobody has objected since.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use demur_core::purpose::Purpose;
use demur_core::rules::Reason;
use demur_corpus::build::{
    Earlier, Progress, Recovered, Request, Stamp, Target, Unreadable, stage,
};
use demur_corpus::manifest::{CountsByReason, Manifest, Mode};
use demur_corpus::{CorpusSource, Format, expand, is_url, resolve};
use demur_register::event::By;
use demur_register::{Hash, Register, TrainingSetCommitted};
use demur_snapshot::Snapshot;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli;
use crate::compile;
use crate::context::{Context, now};
use crate::digests::Noted;
use crate::failure::Failure;
use crate::output::{grouped, seconds, table};
use crate::sets;
use crate::sets::kept::{self, Publishing};

/// How often a build starts over because somebody objected meanwhile.
const ATTEMPTS: u32 = 10;
/// The same where the next attempt takes what this one found out.
const CHEAP_ATTEMPTS: u32 = 100;

/// What is to be built.
pub(crate) struct Plan<'a> {
    pub(crate) purpose: &'a Purpose,
    pub(crate) corpora: Vec<&'a CorpusSource>,
    pub(crate) to: PathBuf,
    /// A given snapshot, or a fresh one.
    pub(crate) snapshot: Option<&'a Path>,
    pub(crate) mode: Mode,
    pub(crate) unreadable: Unreadable,
    /// Whether to take nothing from earlier sets.
    pub(crate) anew: bool,
    pub(crate) workers: usize,
}

/// What was built.
pub(crate) struct Built {
    pub(crate) manifest: Manifest,
    pub(crate) path: PathBuf,
    pub(crate) took: std::time::Duration,
}

pub(crate) fn run(context: &Context, args: &cli::Build) -> Result<(), Failure> {
    let purpose = context.purpose(Some(&args.purpose))?;
    let mut register = context.register_to_judge()?;
    let to = args.to.as_ref().map(|to| resolve(Path::new(""), to)).unwrap_or_else(|| {
        context.path("training-sets").join(format!(
            "{}-{}",
            purpose.id,
            now().strftime("%Y%m%dT%H%M%SZ")
        ))
    });
    let plan = Plan {
        purpose,
        corpora: context.corpora(&args.corpus)?,
        to,
        snapshot: args.snapshot.as_deref(),
        mode: match args.mode {
            cli::Mode::Copy => Mode::Copy,
            cli::Mode::Overlay => Mode::Overlay,
        },
        unreadable: match args.unreadable {
            cli::Unreadable::Fail => Unreadable::Fail,
            cli::Unreadable::Drop => Unreadable::Drop,
        },
        anew: args.anew,
        workers: args.workers.unwrap_or_else(compile::workers),
    };
    let built = build(context, &mut register, &plan)?;
    context.out.result(&built.words(), &built.json());
    Ok(())
}

/// Builds: compiles a snapshot, stages, commits in the register, publishes. Starts over where
/// somebody objected meanwhile.
pub(crate) fn build(
    context: &Context,
    register: &mut Register,
    plan: &Plan<'_>,
) -> Result<Built, Failure> {
    let start = Instant::now();
    let out = context.out;
    // A set that was committed is published, unless somebody has objected since.
    let mut committed = |manifest: &Manifest, digest: &str| {
        let known = register.training_set(&manifest.set).ok().flatten();
        let is_known = known.is_some_and(|known| known.committed.manifest_digest == digest);
        let stale = register.excludes_more(&manifest.purpose.id, manifest.snapshot.register_size);
        if is_known && matches!(stale, Ok(true)) {
            // It is removed, and nobody need look for it.
            let _ = register.training_set_gone(&manifest.set, By::Operator, now());
        }
        is_known && matches!(stale, Ok(false))
    };
    let workplace = context.workplace(&plan.to)?;
    let neighbours = Target::recover_neighbours(&plan.to, &workplace, &mut committed)?;
    let (target, recovered) = Target::claim(&plan.to, &workplace, committed)?;
    for recovered in neighbours.iter().chain([&recovered]) {
        tell_recovered(context, recovered);
        if let Recovered::Published(set, folder) = recovered {
            sets::note_place(register, set, folder)?;
        }
    }
    if let Recovered::Published(set, _) = recovered {
        return Err(Failure::input(format!(
            "{}: training set {set} of an interrupted build was waiting for this name and has it now\n  hint: nothing new was built; build into another folder with --to",
            plan.to.display()
        )));
    }

    let digests = Noted::recall(context, register, &plan.corpora)?;
    let mut last = last(context, register, plan)?;
    let is_cheap = plan.mode == Mode::Overlay && !is_url(&plan.to);
    let attempts = if is_cheap { CHEAP_ATTEMPTS } else { ATTEMPTS };
    for attempt in 1..=attempts {
        let (snapshot, publishing) = match plan.snapshot {
            Some(path) => (given(context, plan, path)?, None),
            None => fresh(context, register, plan.purpose, last.as_ref())?,
        };
        let total = parquet_rows(context, plan)?;
        let progress = out.progress("building", total);
        let report: Progress<'_> = &|n| progress.add(n);
        let earlier = last.as_ref().map(|last| Earlier {
            folder: &last.folder,
            manifest: &last.manifest,
            snapshot: &last.snapshot,
        });
        let request = Request {
            corpora: &plan.corpora,
            folder: &context.config.folder,
            to: &plan.to,
            snapshot: &snapshot,
            earlier: earlier.as_ref(),
            mode: plan.mode,
            unreadable: plan.unreadable,
            workers: plan.workers,
        };
        let staged = stage(&request, &target, report).inspect_err(|_| {
            // Half a set is of no use; what could not be removed, the next build removes.
            let _ = target.abandon();
        })?;
        drop(progress);
        publishing.map_or(Ok(()), Publishing::finish).inspect_err(|_| {
            let _ = target.abandon();
        })?;
        if let (Some(last), true) = (&last, staged.known() > 0) {
            let files = staged.known();
            let words =
                if files == 1 { "1 corpus file is" } else { &format!("{files} corpus files are") };
            let known = match is_cheap && attempt > 1 {
                true => "known from the attempt before".to_owned(),
                false => format!("the same as in {}", last.manifest.set),
            };
            out.say(&format!("{words} {known}: there, only what people said since was looked at"));
        }

        let at = now();
        let meta = snapshot.meta();
        let set = set_id(plan.purpose, at, staged.counts(), snapshot.digest());
        let checkpoint = register.checkpoint_at(meta.register_size)?;
        let manifest = staged.seal(&target, &Stamp { set, at, checkpoint })?;
        // What takes long is done before the register is asked whether anybody has objected.
        target.upload().inspect_err(|_| {
            let _ = target.abandon();
        })?;
        match register.commit_training_set(commitment(&manifest)?, &manifest.to_json(), at)? {
            Ok(_) => {
                target.publish().map_err(|e| {
                    Failure::machine(format!(
                        "{e}\n  hint: the set is committed and lies in {}; once the name is free, the next build beside it publishes it",
                        target.staging().display()
                    ))
                })?;
                sets::update::built(context, register, &manifest.set, &plan.to, &snapshot)?;
                if let Err(failure) = digests.keep(register) {
                    out.warn(&format!(
                        "warning: the next build reads all of the corpus again: {failure}"
                    ));
                }
                return Ok(Built { manifest, path: plan.to.clone(), took: start.elapsed() });
            }
            Err(stale) => {
                if let Some(path) = plan.snapshot {
                    target.abandon()?;
                    return Err(Failure::input(format!(
                        "{}: the register has changed since this snapshot (it knows {} events, the newest that counts is {})\n  hint: compile it again with `demur snapshot {}`, or leave --snapshot out; nothing was published",
                        path.display(),
                        stale.newer_than,
                        stale.newest,
                        plan.purpose.id
                    )));
                }
                if attempt == attempts {
                    target.abandon()?;
                } else if is_cheap {
                    out.say(
                        "somebody objected while this was being built: looking at what they said",
                    );
                    digests.trust();
                    last = Some(sets::earlier::Earlier {
                        manifest,
                        folder: target.set_aside()?,
                        snapshot,
                    });
                } else {
                    target.abandon()?;
                    out.say("somebody objected while this was being built: compiling anew and starting over");
                }
            }
        }
    }
    let instead = match is_cheap {
        true => "",
        false => "an overlay of Parquet files on a disk (--mode overlay), ",
    };
    Err(Failure::input(format!(
        "somebody objected during each of {attempts} attempts to build, so nothing was published\n  hint: build {instead}at a quieter hour, or a smaller corpus at a time"
    )))
}

/// The set that this build starts from: of overlays, one of the same corpus.
fn last(
    context: &Context,
    register: &Register,
    plan: &Plan<'_>,
) -> Result<Option<sets::earlier::Earlier>, Failure> {
    let find = |is_wanted: &dyn Fn(&Manifest) -> bool| {
        sets::earlier::find(context, register, plan.purpose, is_wanted)
    };
    let is_alike = |manifest: &Manifest| {
        let mut corpora = manifest.corpora.iter();
        manifest.mode == Mode::Overlay
            && corpora.any(|known| plan.corpora.iter().any(|corpus| corpus.id == known.id))
    };
    if plan.anew {
        return Ok(None);
    }
    if plan.mode == Mode::Overlay
        && let Some(found) = find(&is_alike)?
    {
        return Ok(Some(found));
    }
    // A given snapshot needs no other.
    if plan.snapshot.is_some() { Ok(None) } else { find(&|_| true) }
}

/// What is known now: made from what the last set was judged by, where that will do. It is on its way to
/// where others look for it.
fn fresh(
    context: &Context,
    register: &mut Register,
    purpose: &Purpose,
    last: Option<&sets::earlier::Earlier>,
) -> Result<(Arc<Snapshot>, Option<Publishing>), Failure> {
    let path = compile::default_path(context, purpose);
    if let Some(last) = last.map(|last| &last.snapshot)
        && let Some(next) = compile::next(context, register, purpose, last)?
    {
        let is_new = !Arc::ptr_eq(last, &next);
        let publishing = kept::publish(context, next.clone(), is_new, path)?;
        return Ok((next, Some(publishing)));
    }
    Ok((compile::snapshot(context, register, purpose, &path)?.snapshot, None))
}

fn tell_recovered(context: &Context, recovered: &Recovered) {
    match recovered {
        Recovered::Nothing => {}
        Recovered::Removed => context.out.say("removed what an interrupted build had left"),
        Recovered::Published(set, _) => context.out.say(&format!(
            "training set {set} was committed and its build interrupted: it is published now"
        )),
    }
}

/// Opens a given snapshot, which must be of the purpose as it is configured now.
fn given(context: &Context, plan: &Plan<'_>, path: &Path) -> Result<Arc<Snapshot>, Failure> {
    let file = compile::fetched(context, path)?;
    if !file.is_file() {
        return Err(Failure::input(format!("{}: no such file", path.display())));
    }
    let snapshot = Snapshot::open(&file)?;
    let meta = snapshot.meta();
    if meta.purpose_digest != plan.purpose.digest() {
        return Err(Failure::input(format!(
            "{}: it was compiled for {}\n  hint: compile it again with `demur snapshot {}`",
            path.display(),
            if meta.purpose.id == plan.purpose.id {
                "another version of this purpose".to_owned()
            } else {
                format!("purpose `{}`", meta.purpose.id)
            },
            plan.purpose.id
        )));
    }
    if meta.facts_read.as_ref() != Some(&compile::facts_read(context)) {
        return Err(Failure::input(format!(
            "{}: it was compiled by another version of Demur, or from other columns of the account facts than [accounts] names now\n  hint: compile it again with `demur snapshot {}`",
            path.display(),
            plan.purpose.id
        )));
    }
    if meta.accounts_digest != context.accounts()?.digest()? {
        return Err(Failure::input(format!(
            "{}: the account facts have changed since it was compiled\n  hint: compile it again with `demur snapshot {}`",
            path.display(),
            plan.purpose.id
        )));
    }
    Ok(Arc::new(snapshot))
}

/// How many rows there are to read, where the files say so beforehand.
fn parquet_rows(context: &Context, plan: &Plan<'_>) -> Result<Option<u64>, Failure> {
    let mut total = 0;
    for corpus in &plan.corpora {
        let (paths, format) = expand(&corpus.location, &context.config.folder)?;
        if format != Format::Parquet {
            return Ok(None);
        }
        total += demur_corpus::parquet_rows(&paths)?;
    }
    Ok(Some(total))
}

/// Unique: a moment, and a few digits of what was judged by and what came out.
fn set_id(purpose: &Purpose, at: Timestamp, counts: &CountsByReason, snapshot: &str) -> String {
    let micros = at.as_microsecond() as u64;
    let mix =
        micros.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ counts.input.rotate_left(17) ^ counts.kept;
    let digits = format!("{mix:016x}");
    format!("{}-{}-{}{}", purpose.id, at.strftime("%Y%m%dT%H%M%SZ"), &snapshot[..4], &digits[..4])
}

fn commitment(manifest: &Manifest) -> Result<TrainingSetCommitted, Failure> {
    let root = Hash::try_from(manifest.snapshot.register_root.clone())
        .map_err(|_| Failure::input("the snapshot names no register root; compile it again"))?;
    Ok(TrainingSetCommitted {
        set: manifest.set.clone(),
        purpose: manifest.purpose.id.clone(),
        purpose_digest: manifest.purpose_digest.clone(),
        snapshot_digest: manifest.snapshot.digest.clone(),
        snapshot_size: manifest.snapshot.register_size,
        snapshot_root: root,
        manifest_digest: manifest.digest(),
        input: manifest.counts.input,
        kept: manifest.counts.kept,
        redacted: manifest.counts.redacted,
        dropped: manifest.counts.dropped.values().sum(),
    })
}

impl Built {
    pub(crate) fn words(&self) -> String {
        let manifest = &self.manifest;
        let counts = &manifest.counts;
        let files = match manifest.files.len() {
            0 => "nothing may be used, so the set is empty: no data file".to_owned(),
            1 => "1 data file".to_owned(),
            n => format!("{n} data files"),
        };
        let (path, took) = (self.path.display(), seconds(self.took));
        format!("{}\n{files} and manifest.json in {path}, {took}", verdicts(counts))
    }

    pub(crate) fn json(&self) -> Value {
        let manifest = &self.manifest;
        let counts = &manifest.counts;
        json!({
            "path": self.path,
            "set": manifest.set,
            "input": counts.input,
            "kept": counts.kept,
            "redacted": counts.redacted,
            "dropped": counts.dropped,
            "snapshot": manifest.snapshot.digest,
            "register_size": manifest.snapshot.register_size,
            "register_root": manifest.snapshot.register_root,
            "seconds": self.took.as_secs_f64(),
        })
    }
}

/// A table of verdicts that adds up.
pub(crate) fn verdicts(counts: &CountsByReason) -> String {
    let share = |n: u64| match counts.input {
        0 => String::new(),
        input => format!("{:.1} %", n as f64 * 100.0 / input as f64),
    };
    let row = |name: &str, words: &str, n: u64| {
        vec![name.to_owned(), words.to_owned(), grouped(n), share(n)]
    };
    let mut rows = vec![row("kept", "used as they are", counts.kept)];
    if counts.redacted > 0 {
        rows.push(row("redacted", "used without names", counts.redacted));
    }
    for reason in Reason::ALL {
        if let Some(n) = counts.dropped.get(reason.name()) {
            rows.push(row(reason.name(), reason.sentence(), *n));
        }
    }
    rows.push(row("all records", "", counts.input));
    table(&["verdict", "", "records", "share"], &rows, 2)
}
