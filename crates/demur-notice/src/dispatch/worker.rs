//! One connection's thread: takes a key, makes its mail, sends it, says what became of it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use super::{Clock, Compose, Outcome, Stopped};
use crate::mail::{EnvelopeError, Mail};
use crate::pace::Pace;
use crate::post::{Post, Reply, SendError};

/// What a thread says of a mail.
pub(super) enum Report {
    /// It is done.
    Settled(Outcome),
    /// The server refused it for now.
    Later(Reply),
    /// It was not begun, as the run is over.
    Unsent,
    /// No mail can be sent at all.
    Impossible(Stopped),
    /// The connection broke on every try; the mail may have been taken. The thread ends where that
    /// happened to it with several mails in a row.
    Lost { error: SendError, ends: bool },
}

/// What all threads use.
pub(super) struct Shared<'a, K> {
    pub(super) queue: Mutex<Receiver<(u64, K)>>,
    pub(super) pace: Option<Mutex<Pace>>,
    /// The moment from which the pace is counted.
    pub(super) start: Instant,
    pub(super) stop: &'a AtomicBool,
    pub(super) reconnect: &'a [Duration],
    pub(super) compose: Compose<'a, K>,
    pub(super) clock: Clock<'a>,
}

/// Mails that one thread may lose in a row: a single one may be what breaks the connection.
const LOSSES: u32 = 3;

/// Works until the queue is closed, or the way is lost.
pub(super) fn work<K>(
    mut post: Box<dyn Post + Send>,
    shared: &Shared<'_, K>,
    reports: &Sender<(u64, Report)>,
) {
    let mut losses = 0;
    loop {
        let job = match shared.queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok((number, key)) = job else { break };
        let mut report = shared.one(&mut *post, &key);
        match &mut report {
            Report::Lost { ends, .. } => {
                losses += 1;
                *ends = losses == LOSSES;
            }
            _ => losses = 0,
        }
        if reports.send((number, report)).is_err() || losses == LOSSES {
            return;
        }
    }
    post.finish();
}

impl<K> Shared<'_, K> {
    fn one(&self, post: &mut dyn Post, key: &K) -> Report {
        if self.is_stopped() {
            return Report::Unsent;
        }
        let mail = match (self.compose)(key, (self.clock)()) {
            Ok(mail) => mail,
            Err(EnvelopeError::Recipient) => return Report::Settled(Outcome::NoAddress),
            Err(error) => return Report::Impossible(error.into()),
        };
        if let Some(pace) = &self.pace {
            let wait = match pace.lock() {
                Ok(mut pace) => pace.reserve(self.start.elapsed()),
                Err(_) => Duration::ZERO,
            };
            pause(wait, self.stop);
            if self.is_stopped() {
                return Report::Unsent;
            }
        }
        self.send(post, &mail)
    }

    fn send(&self, post: &mut dyn Post, mail: &Mail) -> Report {
        let mut waits = self.reconnect.iter();
        loop {
            let error = match post.send(mail) {
                Ok(()) => return Report::Settled(Outcome::Delivered((self.clock)())),
                Err(error) => error,
            };
            match error {
                SendError::Recipient { at: step, reply } => {
                    let at = (self.clock)();
                    return Report::Settled(Outcome::Refused { at, step, reply });
                }
                SendError::Temporary { reply, .. } => return Report::Later(reply),
                SendError::Sender { .. } | SendError::File { .. } => {
                    return Report::Impossible(error.into());
                }
                SendError::Connection { .. } => match waits.next() {
                    Some(wait) if !self.is_stopped() => pause(*wait, self.stop),
                    _ => return Report::Lost { error, ends: false },
                },
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// How often a wait looks up, so that a run that is over ends soon.
const GLANCE: Duration = Duration::from_millis(50);

/// Waits, unless there is nothing to wait for any more.
pub(super) fn pause(wait: Duration, stop: &AtomicBool) {
    let start = Instant::now();
    while let Some(left) = wait.checked_sub(start.elapsed()).filter(|left| !left.is_zero())
        && !stop.load(Ordering::Relaxed)
    {
        std::thread::sleep(left.min(GLANCE));
    }
}
