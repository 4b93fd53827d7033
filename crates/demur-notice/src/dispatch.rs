//! Many mails over several connections, with a ledger of what is under way.
//!
//! Before a group of mails goes out, the ledger has them down as under way; with the next group it
//! hears what became of them. Whoever is interrupted at any point therefore knows whom to write to
//! again: those who were never begun, and the few who were under way, whose second copy carries the
//! same message id. Nobody else gets two.

mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use thiserror::Error;

use crate::mail::{EnvelopeError, Mail};
use crate::pace::Pace;
use crate::post::{Post, Reply, SendError, Step};
use worker::{Report, Shared, pause, work};

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken at that moment.
    Delivered(Timestamp),
    /// The server refused it for good at that moment.
    Refused {
        /// When.
        at: Timestamp,
        /// What it refused.
        step: Step,
        /// How it answered.
        reply: Reply,
    },
    /// The recipient's address is none; nothing was tried.
    NoAddress,
}

/// Where it is written down durably who is under way and what became of them.
pub trait Ledger<K> {
    /// Why that can fail.
    type Error;

    /// Writes down what became of mails, and which are or may be under way from now on: these and no
    /// others. Mails that are neither were not taken, and can be sent another time.
    ///
    /// # Errors
    /// Where it cannot be written; then nothing more is sent.
    fn note(&mut self, settled: &[(K, Outcome)], under_way: &[K]) -> Result<(), Self::Error>;
}

/// Makes the mail for a key, dated as said. It runs on every connection's thread.
pub type Compose<'a, K> = &'a (dyn Fn(&K, Timestamp) -> Result<Mail, EnvelopeError> + Sync);

/// The moment it is.
pub type Clock<'a> = &'a (dyn Fn() -> Timestamp + Sync);

/// How to go about it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Mails that are written down together; up to twice as many are under way.
    pub group: usize,
    /// How fast mails go out, if there is a limit.
    pub pace: Option<Pace>,
    /// After the last mail, how long to wait before each further try of those that the server refused
    /// for now.
    pub rounds: Vec<Duration>,
    /// How long to wait before each further try of one mail whose connection broke.
    pub reconnect: Vec<Duration>,
    /// After so many refusals in a row, something is wrong with more than the recipients.
    pub patience: usize,
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct Totals {
    /// Mails that were taken.
    pub delivered: u64,
    /// Mails that were refused for good.
    pub refused: u64,
    /// Recipients without an address that can be read.
    pub no_address: u64,
    /// Mails that were refused for now, however often they were tried.
    pub later: u64,
    /// Mails that may have been taken: the connection broke before the server had answered.
    pub uncertain: u64,
    /// Why the run ended before its last mail, if it did.
    pub stopped: Option<Stopped>,
}

/// Why a run ended before its last mail.
#[derive(Debug, Error)]
pub enum Stopped {
    /// No way led to the server or folder any more.
    #[error("{0}")]
    Post(#[from] SendError),
    /// No mail could be made.
    #[error("{0}")]
    Envelope(#[from] EnvelopeError),
    /// The server refuses everybody.
    #[error("the server refused {count} mails in a row, the last with {reply}")]
    Refusals {
        /// How many.
        count: usize,
        /// How it answered last.
        reply: Reply,
    },
}

/// Sends a mail for each key, over as many connections as there are posts.
///
/// # Errors
/// Where the ledger cannot be written. Whatever else goes wrong is part of the totals.
pub fn dispatch<K: Clone + Send, L: Ledger<K>>(
    keys: impl IntoIterator<Item = K>,
    compose: Compose<'_, K>,
    posts: Vec<Box<dyn Post + Send>>,
    ledger: &mut L,
    settings: &Settings,
    clock: Clock<'_>,
) -> Result<Totals, L::Error> {
    let (jobs, queue) = mpsc::channel();
    let (reports, heard) = mpsc::channel();
    let stop = AtomicBool::new(false);
    let shared = Shared {
        queue: Mutex::new(queue),
        pace: settings.pace.clone().map(Mutex::new),
        start: Instant::now(),
        stop: &stop,
        reconnect: &settings.reconnect,
        compose,
        clock,
    };
    std::thread::scope(|scope| {
        let connections = posts.len();
        for post in posts {
            let (shared, reports) = (&shared, reports.clone());
            scope.spawn(move || work(post, shared, &reports));
        }
        drop(reports);
        // Dropped at the end of this block, it closes the queue, and the threads go home.
        let mut run = Run {
            jobs,
            heard,
            ledger,
            settings,
            stop: &stop,
            connections,
            next: 0,
            under_way: BTreeMap::new(),
            uncertain: Vec::new(),
            lost: BTreeSet::new(),
            settled: Vec::new(),
            later: Vec::new(),
            in_a_row: 0,
            totals: Totals::default(),
        };
        let done = run.all(keys.into_iter());
        stop.store(true, Ordering::Relaxed);
        done.map(|()| run.totals)
    })
}

/// The one thread that hands out keys and writes the ledger.
struct Run<'a, K, L> {
    jobs: Sender<(u64, K)>,
    heard: Receiver<(u64, Report)>,
    ledger: &'a mut L,
    settings: &'a Settings,
    stop: &'a AtomicBool,
    /// How many still work.
    connections: usize,
    /// The number of the next mail.
    next: u64,
    under_way: BTreeMap<u64, K>,
    uncertain: Vec<K>,
    /// The numbers of mails that broke their connection once.
    lost: BTreeSet<u64>,
    /// What the ledger does not know yet.
    settled: Vec<(K, Outcome)>,
    later: Vec<K>,
    in_a_row: usize,
    totals: Totals,
}

impl<K: Clone, L: Ledger<K>> Run<'_, K, L> {
    fn all(&mut self, keys: impl Iterator<Item = K>) -> Result<(), L::Error> {
        self.round(keys)?;
        for wait in &self.settings.rounds {
            if self.is_stopped() || self.later.is_empty() {
                break;
            }
            pause(*wait, self.stop);
            let again = std::mem::take(&mut self.later);
            self.round(again.into_iter())?;
        }
        self.totals.later = self.later.len() as u64;
        self.totals.uncertain = self.uncertain.len() as u64;
        Ok(())
    }

    fn round(&mut self, mut keys: impl Iterator<Item = K>) -> Result<(), L::Error> {
        self.in_a_row = 0;
        while !self.is_stopped() {
            let first = self.next;
            for key in keys.by_ref().take(self.settings.group.max(1)) {
                self.under_way.insert(self.next, key);
                self.next += 1;
            }
            if self.next == first {
                break;
            }
            self.note()?;
            for (number, key) in self.under_way.range(first..) {
                // Where nobody takes it, the report that says so is on its way.
                let _ = self.jobs.send((*number, key.clone()));
            }
            while self.under_way.len() > self.settings.group {
                self.hear();
            }
        }
        while !self.under_way.is_empty() {
            self.hear();
        }
        self.note()
    }

    fn note(&mut self) -> Result<(), L::Error> {
        let under_way: Vec<K> = self.under_way.values().chain(&self.uncertain).cloned().collect();
        self.ledger.note(&self.settled, &under_way)?;
        self.settled.clear();
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.totals.stopped.is_some()
    }

    fn stop(&mut self, why: Stopped) {
        self.stop.store(true, Ordering::Relaxed);
        self.totals.stopped.get_or_insert(why);
    }

    fn hear(&mut self) {
        let Ok((number, report)) = self.heard.recv() else {
            // Every thread has gone: what they held may be anywhere.
            self.uncertain.extend(std::mem::take(&mut self.under_way).into_values());
            return;
        };
        let Some(key) = self.under_way.remove(&number) else { return };
        match report {
            Report::Settled(Outcome::Delivered(at)) => {
                self.in_a_row = 0;
                self.totals.delivered += 1;
                self.settled.push((key, Outcome::Delivered(at)));
            }
            Report::Settled(outcome @ Outcome::Refused { reply, .. }) => {
                self.totals.refused += 1;
                self.settled.push((key, outcome));
                self.refusal(reply);
            }
            Report::Settled(outcome @ Outcome::NoAddress) => {
                self.totals.no_address += 1;
                self.settled.push((key, outcome));
            }
            Report::Later(reply) => {
                self.later.push(key);
                self.refusal(reply);
            }
            Report::Unsent => self.leave(number, key),
            Report::Impossible(why) => self.stop(why),
            Report::Lost { error, ends } => self.lost(number, key, error, ends),
        }
    }

    /// Leaves a mail for another run; one that broke a connection may have been taken.
    fn leave(&mut self, number: u64, key: K) {
        if self.lost.contains(&number) {
            self.uncertain.push(key);
        }
    }

    fn refusal(&mut self, reply: Reply) {
        self.in_a_row += 1;
        if self.in_a_row >= self.settings.patience {
            self.stop(Stopped::Refusals { count: self.in_a_row, reply });
        }
    }

    /// A mail broke its connection on every try. It gets one more chance on another: the trouble may
    /// be the mail, or that connection, as servers limit how many they serve. Once every connection has
    /// given up, the run is over.
    fn lost(&mut self, number: u64, key: K, error: SendError, ends: bool) {
        self.connections -= usize::from(ends);
        if self.connections == 0 {
            self.stop(error.into());
            self.uncertain.push(key);
            // Nobody is left to hand the rest of the queue back.
            for (number, key) in std::mem::take(&mut self.under_way) {
                self.leave(number, key);
            }
        } else if self.is_stopped() || !self.lost.insert(number) {
            self.uncertain.push(key);
        } else {
            let _ = self.jobs.send((number, key.clone()));
            self.under_way.insert(number, key);
        }
    }
}
