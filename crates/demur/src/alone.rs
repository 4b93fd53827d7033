//! Work of the command line that one process at a time does: under a lease of the register, renewed while
//! the work goes on.
//!
//! A register in a file has all its processes on one machine, so there the operating system says at once
//! when a holder has died: its lock on a file beside the register is gone, and the next one need not wait
//! for the lease to lapse.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use demur_register::lease::Lease;
use demur_register::{Register, RegisterUrl};
use jiff::Timestamp;

use crate::context::{Context, now};
use crate::failure::Failure;

/// How long a lease lasts: what a process left undone on another machine waits this long.
const LASTS: Duration = Duration::from_secs(30);
/// How often it is renewed.
const EVERY: Duration = Duration::from_secs(10);

/// Held while one does what only one may do. It ends when dropped, and however the process does.
pub(crate) struct Alone {
    lease: Lease,
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
    /// Locked for as long as it is open.
    _file: Option<File>,
}

/// Another process is at it.
#[derive(Debug)]
pub(crate) struct Busy {
    /// When its lease lapses, unless it is renewed.
    until: Option<Timestamp>,
}

impl Alone {
    /// Begins, unless another process is at it.
    ///
    /// # Errors
    /// Where the register or a file beside it cannot be written.
    pub(crate) fn begin(context: &Context, what: &str) -> Result<Result<Alone, Busy>, Failure> {
        let url = RegisterUrl::parse(&context.config.register.url, &context.config.folder)?;
        let file = match &url {
            RegisterUrl::File(register) => match lock(register.clone(), what)? {
                Some(file) => Some(file),
                None => return Ok(Err(Busy { until: None })),
            },
            // Whoever holds one of these may be on another machine: only the lease tells.
            RegisterUrl::Memory | RegisterUrl::Postgres(_) => None,
        };
        let mut register = context.existing_register()?;
        let (at, is_known_dead) = (now(), file.is_some());
        let busy = || -> Result<Busy, Failure> {
            Ok(Busy { until: context.existing_register()?.leased_until(what, at)? })
        };
        let taken = register.act(at, |act| match is_known_dead {
            true => act.seize(what, until(at)).map(Some),
            false => act.lease(what, until(at)),
        })?;
        let Some(lease) = taken else { return Ok(Err(busy()?)) };
        let (stop, stopped) = mpsc::channel();
        let kept = lease.clone();
        let keeper = std::thread::spawn(move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                keep(&mut register, &kept);
            }
            // Where this fails, it lapses.
            drop(register.act(now(), |act| act.release(&kept)));
        });
        Ok(Ok(Alone { lease, stop: Some(stop), keeper: Some(keeper), _file: file }))
    }

    /// Begins to change a training set.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub(crate) fn with_set(context: &Context, set: &str) -> Result<Result<Alone, Busy>, Failure> {
        Alone::begin(context, &format!("training set {set}"))
    }

    /// What shows that it is still this process that may do it.
    pub(crate) fn lease(&self) -> &Lease {
        &self.lease
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take() {
            // A keeper that panicked leaves the lease to lapse.
            drop(keeper.join());
        }
    }
}

impl Busy {
    /// The failure of a command that will not wait: what the other does, and what to do about it.
    pub(crate) fn failure(&self, doing: &str, hint: &str) -> Failure {
        let lapses = self.until.map(|until| {
            format!("\n  hint: if that process was killed, its lease lapses at {until:.0}")
        });
        Failure::input(format!("{doing}\n  hint: {hint}{}", lapses.unwrap_or_default()))
    }

    /// The failure of a command that would change a training set.
    pub(crate) fn with_set(&self, set: &str) -> Failure {
        self.failure(
            &format!("training set {set} is being changed by another process"),
            "wait for it",
        )
    }
}

fn until(at: Timestamp) -> Timestamp {
    at.checked_add(LASTS).unwrap_or(Timestamp::MAX)
}

/// Whoever notes what was done under the lease finds out in that act whether it was lost.
fn keep(register: &mut Register, lease: &Lease) {
    let at = now();
    match register.act(at, |act| act.renew(lease, until(at))) {
        Ok(true) => {}
        Ok(false) => tracing::error!(lease = lease.name(), "a lease was lost to another process"),
        Err(error) => tracing::warn!(%error, lease = lease.name(), "a lease was not renewed"),
    }
}

/// Locks a file beside the register; `None` where another process has it.
fn lock(register: PathBuf, what: &str) -> Result<Option<File>, Failure> {
    let mut folder = register.into_os_string();
    folder.push(".locks");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name: String = what.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    let path = PathBuf::from(folder).join(name);
    let failed = |error: std::io::Error| Failure::machine(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
