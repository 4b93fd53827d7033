//! The post room: takes letters and mails from the desk, composes them and sends them.
//!
//! A letter is composed when it is sent, from the case as it then is, so the desk holds no text of it.
//! What was sent is taken from the desk and entered in the log in one act. Where the machine stops
//! between the two, the same letter goes out once more under the same Message-ID, and mail programs show
//! it once. A refusal takes effect in that same act: nobody's restriction ends before the person was told
//! (Art. 18(3)).

mod compose;
mod found;
mod outcome;

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use demur_notice::mail::Mail;
use demur_notice::post::{Post, SendError};
use tokio::task::{JoinSet, spawn_blocking};

use crate::app::{App, Shared};
use crate::registry::Failed;

use compose::Next;
use found::Found;
use outcome::Outcome;

/// How many of each sort one round takes; as many may go out twice where the machine stops in between.
const MANY: usize = 32;
/// How long a new letter waits at most to be looked at.
const BRIEF: Duration = Duration::from_millis(500);
/// How long the post room waits at most for a way that is broken.
const LONG: Duration = Duration::from_secs(60);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Handed over.
    pub sent: usize,
    /// To be tried again.
    pub put_back: usize,
    /// Given up: a person has to do something.
    pub stuck: usize,
    /// Taken away unsent, as nothing is to be said any more.
    pub dropped: usize,
    /// Whether the way to the server is broken.
    pub is_broken: bool,
    /// Whether there was more than one round takes.
    pub is_full: bool,
}

/// Sends what waits, round after round.
pub struct PostRoom {
    app: Shared,
    post: Arc<Mutex<Box<dyn Post + Send>>>,
}

/// Sends letters and mails until `stop` is done; what is being sent then is finished first. Without
/// [`crate::settings::MailSettings`] nothing is sent.
pub async fn run(app: Arc<App>, post: Box<dyn Post + Send>, stop: impl Future<Output = ()> + Send) {
    if app.settings.mail.is_none() {
        tracing::warn!("no sender of mails is configured; letters stay on the case pages");
        return;
    }
    let room = PostRoom::new(app, post);
    let mut stop = pin!(stop);
    let (mut pause, mut is_open) = (BRIEF, false);
    loop {
        let wait = match room.round().await {
            Ok(round) => {
                let is_idle = round == Round::default();
                if is_idle && is_open {
                    room.finish().await;
                }
                is_open = !is_idle;
                pause = if round.is_broken { (pause * 2).min(LONG) } else { BRIEF };
                if round.is_full && !round.is_broken { Duration::ZERO } else { pause }
            }
            Err(error) => {
                tracing::error!(%error, "the post room could not read or write the register");
                pause = (pause * 2).min(LONG);
                pause
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
    room.finish().await;
}

impl PostRoom {
    /// A post room that hands over to `post`.
    #[must_use]
    pub fn new(app: Arc<App>, post: Box<dyn Post + Send>) -> Self {
        PostRoom { app, post: Arc::new(Mutex::new(post)) }
    }

    /// Sends some of what is due, codes before letters.
    ///
    /// # Errors
    /// Where the register cannot be read or written.
    pub async fn round(&self) -> Result<Round, Failed> {
        let now = self.app.now();
        let all = self.app.registry.read(move |register| found::find(register, now, MANY)).await?;
        let mut round = Round { is_full: all.len() >= MANY, ..Round::default() };
        let (mut ready, mut done) = (Vec::new(), Vec::new());
        for found in all {
            match compose::next(&self.app, &found, now) {
                Next::Send(mail) => ready.push((found, mail)),
                Next::Drop => done.push((found, Outcome::Drop)),
                Next::GiveUp(why) => done.push((found, Outcome::Stuck(why))),
                Next::Later => done.push((found, Outcome::PutBack { is_its_own: false })),
            }
        }
        let sent = self.send(ready).await;
        round.is_broken = sent.iter().any(|(_, outcome)| outcome.is_broken());
        done.extend(sent);
        for (_, outcome) in &done {
            *match outcome {
                Outcome::Sent => &mut round.sent,
                Outcome::PutBack { .. } => &mut round.put_back,
                Outcome::Stuck(_) => &mut round.stuck,
                Outcome::Drop => &mut round.dropped,
            } += 1;
        }
        self.enter(done).await?;
        Ok(round)
    }

    /// Hands mails over one after the other, until the way turns out to be broken.
    async fn send(&self, ready: Vec<(Found, Mail)>) -> Vec<(Found, Outcome)> {
        if ready.is_empty() {
            return Vec::new();
        }
        let post = Arc::clone(&self.post);
        let sent = spawn_blocking(move || {
            let mut post = post.lock().unwrap_or_else(PoisonError::into_inner);
            let mut done = Vec::with_capacity(ready.len());
            for (found, mail) in ready {
                let outcome = Outcome::of(&found, post.send(&mail));
                let is_broken = outcome.is_broken();
                done.push((found, outcome));
                if is_broken {
                    break;
                }
            }
            done
        });
        // Where the post itself fell over, everything still lies on the desk.
        sent.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a mail could not be handed over");
            Vec::new()
        })
    }

    /// Enters what became of each; all of them share a transaction or a few.
    async fn enter(&self, done: Vec<(Found, Outcome)>) -> Result<(), Failed> {
        let mut acts = JoinSet::new();
        for (found, outcome) in done {
            let registry = self.app.registry.clone();
            acts.spawn(async move { registry.act(move |act| outcome.enter(act, &found)).await });
        }
        let mut failed = None;
        while let Some(act) = acts.join_next().await {
            if let Ok(Err(error)) = act {
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Says goodbye to the server.
    async fn finish(&self) {
        let post = Arc::clone(&self.post);
        let goodbye = spawn_blocking(move || {
            post.lock().unwrap_or_else(PoisonError::into_inner).finish();
        });
        // A server that does not answer a goodbye has all messages all the same.
        drop(goodbye.await);
    }
}

/// Says why a mail was not handed over; no such error names an address.
fn log(error: &SendError) {
    tracing::warn!(%error, "a mail was not handed over");
}
