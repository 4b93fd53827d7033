//! Register and account facts into a snapshot, and into the slow world that audits use.

mod next;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use demur_core::day::Zone;
use demur_core::facts::{AccountFacts, Standing, notice_in_time};
use demur_core::id::{AccountId, IdKind};
use demur_core::purpose::Purpose;
use demur_core::rules::{Objection, World};
use demur_corpus::{Piece, rows};
use demur_register::{Notices, Register};
use demur_snapshot::{Compiled, Compiler, Key, Origin, Snapshot};
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::grouped;
use crate::tombstones::{self, Kinship};

pub(crate) use next::next;

/// A snapshot just compiled.
pub(crate) struct Fresh {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) compiled: Compiled,
    pub(crate) took: Duration,
}

/// Where the snapshot of a purpose lies when nobody says otherwise.
pub(crate) fn default_path(context: &Context, purpose: &Purpose) -> PathBuf {
    context.path(format!("{}.snapshot", purpose.id))
}

/// A snapshot as a file of this machine, which can be mapped: fetched first where it is named by a URL.
pub(crate) fn fetched(context: &Context, snapshot: &Path) -> Result<PathBuf, Failure> {
    let url = demur_corpus::resolve(Path::new(""), snapshot);
    if !demur_corpus::is_url(&url) {
        return Ok(url);
    }
    let folder = context.workplace(&url)?.folder;
    // Whoever has mapped an earlier one keeps it.
    let (new, file) = (folder.join("fetched.snapshot.new"), folder.join("fetched.snapshot"));
    demur_corpus::download(&url, &new)?;
    let failed = |e| Failure::machine(format!("{}: could not be replaced: {e}", file.display()));
    std::fs::rename(&new, &file).map_err(failed)?;
    Ok(file)
}

/// Compiles what is known now.
pub(crate) fn snapshot(
    context: &Context,
    register: &mut Register,
    purpose: &Purpose,
    to: &Path,
) -> Result<Fresh, Failure> {
    let start = Instant::now();
    let accounts = context.accounts()?;
    let kind = accounts.id_kind();
    let zone = Zone::named(&purpose.time_zone).map_err(Failure::input)?;

    let accounts_digest = accounts.digest()?;
    let progress = context.out.progress("compiling accounts", Some(accounts.rows()));
    let pieces = accounts.pieces();
    let read = |piece: &Piece<'_>, notices: Option<&Notices>| {
        let mut part = Compiler::new(kind);
        let mut rows = 0;
        let told = |id: Key<'_>| {
            let at = notices.and_then(|notices| notices.earliest(&owned(id, kind)));
            at.is_some_and(|at| notice_in_time(purpose, &zone, at))
        };
        let nobody = accounts.for_each_standing(piece, purpose, told, |id, standing, person| {
            part.account(id, standing, person);
            rows += 1;
        })?;
        progress.add(rows + nobody);
        Ok::<_, demur_corpus::Error>((part, nobody))
    };
    // Who was told is in the register, so accounts wait for it; where nobody need be, they do not.
    let (state, parts) = if purpose.notice.required {
        let state = register.purpose_state(&purpose.id, None)?;
        let parts = side_by_side(&pieces, |piece| read(piece, Some(&state.notices)));
        (state, parts)
    } else {
        let (state, parts) = std::thread::scope(|scope| {
            let parts = scope.spawn(|| side_by_side(&pieces, |piece| read(piece, None)));
            let state = register.purpose_state(&purpose.id, None);
            (state, parts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        (state?, parts)
    };
    let mut compiler = Compiler::new(kind);
    let mut nobody = 0;
    for part in parts {
        let (part, nulls) = part?;
        compiler.absorb(part);
        nobody += nulls;
    }
    drop(progress);
    if accounts.digest()? != accounts_digest {
        return Err(Failure::input(format!(
            "{}: the account facts were changed while they were read\n  hint: do it again when nobody writes there",
            context.config.accounts.location
        )));
    }
    let recognised =
        tombstones::recognise(context, register, purpose, &accounts, &accounts_digest, &state)?;
    for objection in state.objections.iter().chain(&recognised.objections) {
        compiler.objection(purpose, objection).map_err(|what| {
            Failure::input(format!(
                "an objection cannot be placed: {what}\n  hint: account ids must stay of the kind they were when people objected"
            ))
        })?;
    }
    let origin = Origin {
        purpose,
        register_size: recognised.size,
        register_root: recognised.root.to_string(),
        accounts_digest,
        facts_read: facts_read(context),
    };
    let compiled = compiler.write(to, origin)?;
    let snapshot = Arc::new(Snapshot::written(to, &compiled.digest)?);
    warn_about_accounts(context, &compiled, nobody);
    if compiled.unlisted > 0 {
        let n = grouped(compiled.unlisted);
        context.out.warn(&format!(
            "warning: accounts with an objection in force that the account facts do not list: {n}; if that is unexpected, compare how ids are written in both"
        ));
    }
    Ok(Fresh { snapshot, compiled, took: start.elapsed() })
}

/// How account facts are read. Where that has changed, a snapshot of before does not lead to the next.
pub(crate) fn facts_read(context: &Context) -> String {
    let source = &context.config.accounts;
    let columns = [
        &Some(source.account.clone()),
        &source.birth_date,
        &source.region,
        &source.status,
        &source.person,
        &source.email,
    ];
    json!([env!("CARGO_PKG_VERSION"), columns]).to_string()
}

/// Does `work` on all items with a thread for each core; results come in the order of the items.
pub(crate) fn side_by_side<I: Sync, O: Send>(items: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match items.get(at) {
                Some(item) => done.push((at, work(item))),
                None => return done,
            }
        }
    };
    let mut results: Vec<(usize, O)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers()).map(|_| scope.spawn(worker)).collect();
        threads.into_iter().flat_map(|t| t.join().expect("a reader does not panic")).collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// As many as the machine has cores.
pub(crate) fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn warn_about_accounts(context: &Context, compiled: &Compiled, nobody: u64) {
    if compiled.listed_twice > 0 {
        let n = grouped(compiled.listed_twice);
        context.out.warn(&format!(
            "warning: accounts listed more than once in the account facts: {n}; the stricter listing counts, rule by rule"
        ));
    }
    if nobody > 0 {
        let n = grouped(nobody);
        context.out.warn(&format!(
            "warning: rows of the account facts without an account id: {n}; they help nobody"
        ));
    }
}

pub(crate) fn owned(key: Key<'_>, kind: IdKind) -> AccountId {
    match (key, kind) {
        (Key::Text(text), _) => AccountId::Text(text.to_owned()),
        (Key::Number(n), IdKind::Unsigned) => AccountId::Number(n.into()),
        (Key::Number(n), _) => AccountId::Number((n as i64).into()),
    }
}

/// An account id as look-ups take it.
pub(crate) fn key(account: &AccountId) -> Key<'_> {
    match account {
        AccountId::Text(text) => Key::Text(text),
        // Either kind of number fits 64 bits, and each keeps its own bit pattern.
        AccountId::Number(n) => Key::Number(*n as u64),
    }
}

/// What is known now, or was when the register had `upto` events: the same knowledge as a snapshot's, in
/// plain maps and read by other code. Audit and explain judge by it.
pub(crate) fn world(
    context: &Context,
    register: &Register,
    purpose: &Purpose,
    upto: Option<u64>,
    kind: IdKind,
) -> Result<World, Failure> {
    let zone = Zone::named(&purpose.time_zone).map_err(Failure::input)?;
    let state = register.purpose_state(&purpose.id, upto)?;
    let tombstones = register.tombstones(&purpose.id, 0..upto.unwrap_or(u64::MAX))?;
    let mut kinship = Kinship::new(context, register, &tombstones);
    let mut world = World::default();
    rows::for_each_account(&context.config.accounts, &context.config.folder, kind, |row| {
        let facts = AccountFacts {
            birth_date: row.birth_date,
            region: row.region.as_deref(),
            status: row.status.as_deref(),
        };
        kinship.add(&row);
        let told = state.notices.earliest(&row.id);
        let told = told.is_some_and(|at| notice_in_time(purpose, &zone, at));
        world.add_account(row.id, Standing::of(purpose, &facts, told), row.person);
    })?;
    for objection in &state.objections {
        // Ids keep their kind in the register; the platform's may have changed since.
        let account = objection.account.as_ref().map(|id| AccountId::parse(kind, &id.to_string()));
        let account = account.transpose().map_err(Failure::input)?;
        world.add_objection(&Objection { account, ..objection.clone() });
    }
    kinship.enter(&mut world, &state, &tombstones);
    Ok(world)
}
