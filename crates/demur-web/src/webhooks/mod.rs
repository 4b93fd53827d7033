//! Telling the recipients of data of restrictions and erasures (Art. 19), by signed messages.
//!
//! What there is to tell is read from the log itself, from the place up to which each recipient was
//! told. So it does not matter how an objection came in or who decided it, and nothing is lost between
//! an act and its telling. From the log it goes into a queue for each recipient and case, in one
//! transaction with the new place; from there it is sent, in order, until it is taken or given up.
//!
//! Of several processes one at a time tells a recipient, under a lease. Where it dies, or loses the lease,
//! after a recipient took a message and before that was noted, another sends it again under the same id.
//!
//! | module | what it does |
//! |---|---|
//! | `gather` | from the log into the queues |
//! | `queue` | what waits for a recipient about a case, and what becomes of it |
//! | `send` | one message: its text, its signature, its way |
//! | `backlog` | what was not taken, and trying it anew |

mod backlog;
mod gather;
mod queue;
mod send;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use demur_register::desk::Drawer;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{App, Shared};
use crate::lease;
use crate::registry::Failed;
use crate::settings::{Recipient, Webhook};
use queue::Queue;
use send::{Client, Sent};

pub use backlog::{Backlog, backlog, replay};
pub use send::{post_json, signature};

/// How long to wait where there is nothing to do.
const PAUSE: Duration = Duration::from_secs(1);
/// How long to wait where the register does not answer: what was sent could not be noted, and would be
/// sent again.
const TROUBLE: Duration = Duration::from_secs(60);
/// How many messages one recipient gets at a time.
const AT_ONCE: usize = 8;
/// How many queues are looked at together.
const BATCH: usize = 64;
/// How many due queues are read, of all recipients.
const READ: usize = 20_000;
/// How many queues of one recipient may be due before no more is gathered for it; the log keeps the
/// rest.
const BACKLOG: usize = 1_000;

/// Tells every recipient that has a webhook, until `stop` is done; then finishes what was begun.
///
/// # Errors
/// In words, where no connection can be made to anybody: without certificates, say.
pub async fn run(app: Arc<App>, stop: impl Future<Output = ()> + Send) -> Result<(), String> {
    let client = Client::new()?;
    let (end, ended) = watch::channel(false);
    let mut tellers = JoinSet::new();
    for teller in tellers_of(&app, &client) {
        let mut ended = ended.clone();
        tellers.spawn(async move {
            while !*ended.borrow() {
                let pause = match teller.round(&ended).await {
                    Ok(()) => PAUSE,
                    Err(error) => {
                        tracing::error!(%error, "recipients cannot be told");
                        TROUBLE
                    }
                };
                // Whichever it was is looked at above.
                drop(tokio::time::timeout(pause, ended.changed()).await);
            }
        });
    }
    stop.await;
    end.send_replace(true);
    while tellers.join_next().await.is_some() {}
    Ok(())
}

/// Tells every recipient what is due now, once.
///
/// # Errors
/// As [`run`]; or where the register is not available.
pub async fn round(app: &Arc<App>) -> Result<(), String> {
    let client = Client::new()?;
    let (_end, ended) = watch::channel(false);
    for teller in tellers_of(app, &client) {
        teller.round(&ended).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn tellers_of(app: &Shared, client: &Client) -> Vec<Arc<Teller>> {
    let with_webhook = |recipient: &Recipient| {
        let webhook = recipient.webhook.clone()?;
        let (app, client) = (Arc::clone(app), client.clone());
        Some(Arc::new(Teller { app, client, recipient: recipient.id.clone(), webhook }))
    };
    app.settings.recipients.iter().filter_map(with_webhook).collect()
}

/// Tells one recipient. A slow one holds up no other.
struct Teller {
    app: Shared,
    client: Client,
    recipient: String,
    webhook: Webhook,
}

impl Teller {
    /// Tells what there is to tell, unless another process is at it.
    async fn round(self: &Arc<Self>, ended: &watch::Receiver<bool>) -> Result<(), Failed> {
        // Looking costs less than a lease.
        if !gather::is_behind(&self.app, &self.recipient).await? && self.due().await?.is_empty() {
            return Ok(());
        }
        let lease = format!("webhook {}", self.recipient);
        lease::alone(&self.app, &lease, self.tell(ended)).await?.unwrap_or(Ok(()))
    }

    /// Gathers what is new and sends what is due, as long as there is either.
    async fn tell(self: &Arc<Self>, ended: &watch::Receiver<bool>) -> Result<(), Failed> {
        loop {
            let mut due = self.due().await?;
            if due.len() < BACKLOG && gather::gather(&self.app, &self.recipient, BACKLOG).await? {
                due = self.due().await?;
            }
            due.truncate(BATCH);
            if !self.send_all(due, ended).await? {
                return Ok(());
            }
        }
    }

    /// The queues of this recipient that are due, those that wait longest first.
    async fn due(&self) -> Result<Vec<Queue>, Failed> {
        let (now, recipient) = (self.app.now(), self.recipient.clone());
        self.app
            .registry
            .read(move |register| {
                let items = register.items_due(Drawer::Delivery, now, READ)?;
                let queues = items.iter().filter_map(Queue::read);
                Ok(queues.filter(|queue| queue.recipient == recipient).collect())
            })
            .await
    }

    /// Sends the first message of each queue. Says whether there is more to do now: not where the
    /// recipient cannot be reached, for then the others wait without having been tried.
    async fn send_all(
        self: &Arc<Self>,
        due: Vec<Queue>,
        ended: &watch::Receiver<bool>,
    ) -> Result<bool, Failed> {
        let (mut waiting, mut under_way) = (due.into_iter(), JoinSet::new());
        let (mut taken, mut is_reached) = (false, true);
        loop {
            while under_way.len() < AT_ONCE && is_reached && !*ended.borrow() {
                let Some(queue) = waiting.next() else { break };
                let teller = Arc::clone(self);
                under_way.spawn(async move { teller.send(queue).await });
            }
            match under_way.join_next().await {
                None => return Ok(taken && is_reached && !*ended.borrow()),
                Some(Err(error)) => {
                    tracing::error!(%error, "a message was not sent");
                    is_reached = false;
                }
                Some(Ok(sent)) => match sent? {
                    Sent::Taken => taken = true,
                    Sent::Refused(_) => {}
                    Sent::Unreachable(_) => is_reached = false,
                },
            }
        }
    }

    /// Sends the first message of a queue, and notes what became of it.
    async fn send(&self, queue: Queue) -> Result<Sent, Failed> {
        let Some(message) = queue.message() else {
            return Ok(Sent::Refused("there is nothing to tell".into()));
        };
        let sent = self.client.send(&self.webhook, &message, self.app.now()).await;
        let (name, id, became) = (queue.name(), message.id, sent.clone());
        let settled = self.app.registry.act(move |act| queue::settle(act, &name, &id, became));
        let given_up = settled.await?;
        let recipient = &self.recipient;
        match &sent {
            Sent::Taken => tracing::info!(recipient, "a recipient was told"),
            Sent::Refused(why) | Sent::Unreachable(why) if given_up => {
                tracing::error!(recipient, why, "a recipient was not told, and it is given up");
            }
            Sent::Refused(why) | Sent::Unreachable(why) => {
                tracing::warn!(recipient, why, "a recipient was not told, and is tried again");
            }
        }
        Ok(sent)
    }
}
