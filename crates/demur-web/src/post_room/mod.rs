//! The post room: takes letters and mails from the desk, composes them and sends them.
//!
//! A letter is composed when it is sent, from the case as it then is, so the desk holds no text of it.
//! What was sent is taken from the desk and entered in the log in one act. Where the machine stops
//! between the two, the same letter goes out once more under the same Message-ID, and mail programs show
//! it once. A refusal takes effect in that same act: nobody's restriction ends before the person was told
//! (Art. 18(3)).
//!
//! Of several post rooms each takes what no other holds. What one held that died is taken by another once
//! its hold has lapsed.

mod compose;
mod found;
mod outcome;

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use demur_notice::mail::Mail;
use demur_notice::post::{Post, SendError};
use demur_register::Register;
use demur_register::desk::{Drawer, Item};
use demur_register::lease::Hand;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::Instant;

use crate::app::{App, Shared};
use crate::lease::{self, Kept};
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
        let (now, begun) = (self.app.now(), Instant::now());
        let Some((hand, taken)) = self.take().await? else { return Ok(Round::default()) };
        let all = self.app.registry.read(move |register| found::find(register, taken)).await?;
        let mut round = Round { is_full: all.len() >= MANY, ..Round::default() };
        let (mut ready, mut settled) = (Vec::new(), Vec::new());
        for found in all {
            match compose::next(&self.app, &found, now) {
                Next::Send(mail) => ready.push((found, mail)),
                Next::Drop => settled.push((found, Outcome::Drop)),
                Next::GiveUp(why) => settled.push((found, Outcome::Stuck(why))),
                Next::Later => settled.push((found, Outcome::PutBack { is_its_own: false })),
            }
        }
        let mut outcomes: Vec<Outcome> = settled.iter().map(|(_, outcome)| *outcome).collect();
        self.enter(settled, hand).await?;
        let wanted = ready.len();
        let sent = self.send(ready, hand, begun).await?;
        if sent.len() < wanted {
            self.app.registry.act(move |act| act.let_go(hand)).await?;
        }
        round.is_broken = sent.iter().any(|outcome| outcome.is_broken());
        outcomes.extend(sent);
        for outcome in outcomes {
            *match outcome {
                Outcome::Sent => &mut round.sent,
                Outcome::PutBack { .. } => &mut round.put_back,
                Outcome::Stuck(_) => &mut round.stuck,
                Outcome::Drop => &mut round.dropped,
            } += 1;
        }
        Ok(round)
    }

    /// Takes what is due and nobody holds, codes first: somebody waits for them.
    async fn take(&self) -> Result<Option<(Hand, Vec<Item>)>, Failed> {
        let (now, until) = (self.app.now(), lease::until(&self.app));
        let is_waiting = move |register: &Register| {
            Ok(register.is_waiting(Drawer::Mail, now)?
                || register.is_waiting(Drawer::Letter, now)?)
        };
        if !self.app.registry.read(is_waiting).await? {
            return Ok(None);
        }
        let taken = self.app.registry.act(move |act| {
            let hand = act.hand();
            let mut taken = act.take(Drawer::Mail, hand, until, MANY)?;
            taken.extend(act.take(Drawer::Letter, hand, until, MANY)?);
            Ok((hand, taken))
        });
        taken.await.map(Some)
    }

    /// Hands mails over one after the other, until the way turns out to be broken or what is left may be in
    /// other hands. What became of each is entered while the next is under way.
    async fn send(
        &self,
        ready: Vec<(Found, Mail)>,
        hand: Hand,
        begun: Instant,
    ) -> Result<Vec<Outcome>, Failed> {
        if ready.is_empty() {
            return Ok(Vec::new());
        }
        let post = Arc::clone(&self.post);
        let is_lost = Arc::new(AtomicBool::new(false));
        let may_be_lost = Arc::clone(&is_lost);
        let (tell, mut told) = mpsc::unbounded_channel();
        let sending = spawn_blocking(move || {
            let mut post = post.lock().unwrap_or_else(PoisonError::into_inner);
            for (found, mail) in ready {
                if may_be_lost.load(Ordering::Relaxed) {
                    break;
                }
                let outcome = Outcome::of(&found, post.send(&mail));
                if tell.send((found, outcome)).is_err() || outcome.is_broken() {
                    break;
                }
            }
        });
        let entering = async {
            let (mut outcomes, mut some) = (Vec::new(), Vec::new());
            while told.recv_many(&mut some, MANY).await > 0 {
                outcomes.extend(some.iter().map(|(_, outcome)| *outcome));
                self.enter(std::mem::take(&mut some), hand).await?;
            }
            Ok(outcomes)
        };
        let mut entering = pin!(entering);
        let outcomes = tokio::select! {
            biased;
            outcomes = &mut entering => outcomes,
            () = lease::lost(&self.app, begun, Kept::Hand(hand)) => {
                is_lost.store(true, Ordering::Relaxed);
                entering.await
            }
        };
        // Where the post itself fell over, what it had not handed over still lies on the desk.
        if let Err(error) = sending.await {
            tracing::error!(%error, "a mail could not be handed over");
        }
        outcomes
    }

    /// Enters what became of each; all of them share a transaction or a few.
    async fn enter(&self, done: Vec<(Found, Outcome)>, hand: Hand) -> Result<(), Failed> {
        let mut acts = JoinSet::new();
        for (found, outcome) in done {
            let registry = self.app.registry.clone();
            acts.spawn(
                async move { registry.act(move |act| outcome.enter(act, hand, &found)).await },
            );
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
