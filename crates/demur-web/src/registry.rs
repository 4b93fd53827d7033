//! The register behind one writer and several readers.
//!
//! Every write waits for the disk, and a disk takes about as long for one as for a thousand. So one
//! thread writes: it takes whatever has gathered while it was busy into one transaction, and nobody is
//! answered before that is committed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use demur_register::{Act, Batch, Error, Register};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::app::Clock;
use crate::ops::metrics::SECONDS;
use crate::ops::tally::Tally;

/// How many acts may wait; beyond that people wait to be let in.
const QUEUE: usize = 8192;
/// How many acts one transaction takes at most: what keeps the first of them from waiting long.
const BATCH: usize = 512;

/// Why the register did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It answered, and said why not.
    #[error(transparent)]
    Refused(Error),
    /// What was asked may not have been written; nobody was told that it was.
    #[error("the register is not available: {0}")]
    Unavailable(String),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        if error.is_passing() {
            Failed::Unavailable(error.to_string())
        } else {
            Failed::Refused(error)
        }
    }
}

/// What becomes of an act once its transaction is over.
type Tell = Box<dyn FnOnce(&Result<(), String>) + Send>;
/// An act that waits for its transaction.
type Job = Box<dyn FnOnce(&mut Batch<'_>) -> Tell + Send>;

/// The register, for many at once.
#[derive(Clone)]
pub struct Registry {
    jobs: mpsc::Sender<Job>,
    readers: Arc<Readers>,
    clock: Clock,
    work: Arc<Mutex<Work>>,
}

/// What the writer has done so far.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    /// How many acts a transaction had.
    pub(crate) acts: Tally,
    /// How long one took.
    pub(crate) seconds: Tally,
    /// How many were not committed.
    pub(crate) failed: u64,
}

struct Readers {
    idle: Mutex<Vec<Register>>,
    free: Semaphore,
}

impl Registry {
    /// Starts the writer; each of `readers` answers one question at a time.
    ///
    /// The writer ends when the last clone of this is gone.
    #[must_use]
    pub fn start(writer: Register, readers: Vec<Register>, clock: Clock) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let sizes: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
        let (acts, seconds) = (Tally::new(sizes), Tally::new(SECONDS));
        let work = Arc::new(Mutex::new(Work { acts, seconds, failed: 0 }));
        let counted = Arc::clone(&work);
        std::thread::spawn(move || write(writer, queue, &counted));
        let free = Semaphore::new(readers.len());
        let readers = Arc::new(Readers { idle: Mutex::new(readers), free });
        Registry { jobs, readers, clock, work }
    }

    /// What the writer has done so far.
    pub(crate) fn work(&self) -> Work {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs an act and answers once it is durable.
    ///
    /// # Errors
    /// Those of the act; or where the register cannot be written.
    pub async fn act<T, F>(&self, act: F) -> Result<T, Failed>
    where
        T: Send + 'static,
        F: FnOnce(&mut Act<'_, '_>) -> Result<T, Error> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let at = (self.clock)();
        let job: Job = Box::new(move |batch| {
            let done = batch.act(at, act);
            Box::new(move |committed: &Result<(), String>| {
                let answer = match (done, committed) {
                    (done, Ok(())) => done.map_err(Failed::from),
                    (_, Err(why)) => Err(Failed::Unavailable(why.clone())),
                };
                // Who asked may have gone; the act stands all the same.
                drop(tell.send(answer));
            })
        });
        let gone = || Failed::Unavailable("its writer has stopped".into());
        self.jobs.send(job).await.map_err(|_| gone())?;
        let lost = |_| Failed::Unavailable("its transaction was not begun, or failed".into());
        told.await.map_err(lost)?
    }

    /// Asks a question, of everything that was committed before it.
    ///
    /// # Errors
    /// Those of the question; or where the register cannot be read.
    pub async fn read<T, F>(&self, ask: F) -> Result<T, Failed>
    where
        T: Send + 'static,
        F: FnOnce(&Register) -> Result<T, Error> + Send + 'static,
    {
        let stopped = |_| Failed::Unavailable("its readers have stopped".into());
        let readers = Arc::clone(&self.readers);
        let permit = self.readers.free.acquire().await.map_err(stopped)?;
        let answer = tokio::task::spawn_blocking(move || {
            let reader = readers.lock().pop();
            let Some(reader) = reader else {
                return Err(Failed::Unavailable("every reader is busy".into()));
            };
            let answer = catch_unwind(AssertUnwindSafe(|| ask(&reader)));
            readers.lock().push(reader);
            answer
                .map_err(|_| Failed::Unavailable("a question failed".into()))?
                .map_err(Failed::from)
        })
        .await
        .unwrap_or_else(|_| Err(Failed::Unavailable("a question failed".into())));
        drop(permit);
        answer
    }
}

impl Readers {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Register>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Transaction after transaction, until nobody can ask any more.
fn write(mut register: Register, mut queue: mpsc::Receiver<Job>, work: &Mutex<Work>) {
    while let Some(first) = queue.blocking_recv() {
        let mut jobs = vec![first];
        while jobs.len() < BATCH
            && let Ok(job) = queue.try_recv()
        {
            jobs.push(job);
        }
        // A job that panics takes its transaction with it: nobody in it was told anything yet, and all
        // of them hear that they should try again.
        let (count, begun) = (jobs.len(), Instant::now());
        let mut tells = Vec::with_capacity(count);
        let done = catch_unwind(AssertUnwindSafe(|| transact(&mut register, jobs, &mut tells)));
        let done = done.unwrap_or_else(|_| Err("a transaction failed".into()));
        if let Err(why) = &done {
            tracing::error!(why, "a transaction was not committed");
        }
        let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
        work.acts.add(count as f64);
        work.seconds.add(begun.elapsed().as_secs_f64());
        work.failed += u64::from(done.is_err());
        drop(work);
        for tell in tells {
            tell(&done);
        }
    }
}

fn transact(register: &mut Register, jobs: Vec<Job>, tells: &mut Vec<Tell>) -> Result<(), String> {
    let mut batch = register.batch().map_err(|error| error.to_string())?;
    tells.extend(jobs.into_iter().map(|job| job(&mut batch)));
    batch.commit().map_err(|error| error.to_string())
}
