//! What waits to be told to one recipient about one case. The next message goes only when the one
//! before was taken, so that nobody hears of a withdrawal before the objection.

use demur_core::id::AccountId;
use demur_core::objection::Scopes;
use demur_register::desk::{Drawer, Item};
use demur_register::event::News;
use demur_register::{Act, CaseId, CaseNews, Error, account_text, parse_account};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::webhooks::send::Sent;

/// How long to wait after each failure but the last, in minutes: three days in all, so that a weekend
/// passes.
const WAITS: [i64; 11] = [1, 2, 5, 15, 30, 60, 180, 360, 720, 1440, 1440];

/// The messages about one case for one recipient, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Queue {
    pub(super) recipient: String,
    pub(super) case: CaseId,
    purpose: String,
    scopes: Scopes,
    /// With its kind, as [`account_text`] writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// How often the first message was tried.
    #[serde(default)]
    pub(super) attempts: u32,
    /// Why it was not taken the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    pub(super) waiting: Vec<Waiting>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    id: String,
    at: Timestamp,
    pub(super) news: News,
}

/// A message as it is sent. It says the same each time it is tried.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Message {
    pub(super) id: String,
    occurred_at: Timestamp,
    event: News,
    purpose: String,
    case: CaseId,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    scopes: Scopes,
}

impl Queue {
    /// The queue that an item holds; `None` where it holds none, which is logged.
    pub(super) fn read(item: &Item) -> Option<Self> {
        let queue = serde_json::from_str(&item.text);
        if queue.is_err() {
            tracing::error!("a queue of messages to recipients cannot be read");
        }
        queue.ok()
    }

    /// The first message.
    pub(super) fn message(&self) -> Option<Message> {
        let first = self.waiting.first()?;
        Some(Message {
            id: first.id.clone(),
            occurred_at: first.at,
            event: first.news,
            purpose: self.purpose.clone(),
            case: self.case,
            account: self.account().map(|account| account.to_string()),
            record: self.record.clone(),
            scopes: self.scopes,
        })
    }

    fn account(&self) -> Option<AccountId> {
        self.account.as_deref().and_then(parse_account)
    }

    /// Puts it where it was not, due now; what is given up keeps how often it was tried.
    fn put(mut self, act: &mut Act<'_, '_>, drawer: Drawer) -> Result<(), Error> {
        if drawer == Drawer::Delivery {
            self.attempts = 0;
        }
        let (now, account) = (act.at(), self.account());
        act.put(drawer, &self.name(), now, account.as_ref(), &self.text()).map(drop)
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Where it lies, whether it waits or was given up.
    pub(super) fn name(&self) -> Vec<u8> {
        name(&self.recipient, self.case)
    }
}

fn name(recipient: &str, case: CaseId) -> Vec<u8> {
    format!("{recipient}/{case}").into_bytes()
}

/// Adds news to the queue of its case. What was given up before is tried anew, ahead of it.
pub(super) fn push(act: &mut Act<'_, '_>, recipient: &str, news: &CaseNews) -> Result<(), Error> {
    let id = hex::encode(act.random::<16>());
    let waiting = Waiting { id, at: news.at, news: news.news };
    let name = name(recipient, news.case);
    if let Some((item, mut queue)) = find(act, Drawer::Delivery, &name)? {
        queue.waiting.push(waiting);
        return act.put_back(&item.key, item.due, &queue.text());
    }
    let mut queue = match find(act, Drawer::Undeliverable, &name)? {
        Some((item, queue)) => {
            act.remove(&item.key)?;
            queue
        }
        None => Queue {
            recipient: recipient.to_owned(),
            case: news.case,
            purpose: news.purpose.clone(),
            scopes: news.scopes,
            account: news.account.as_ref().map(account_text),
            record: news.record.as_ref().map(ToString::to_string),
            attempts: 0,
            why: None,
            waiting: Vec::new(),
        },
    };
    queue.waiting.push(waiting);
    queue.put(act, Drawer::Delivery)
}

/// Tries a queue anew that was given up; says whether it was there.
pub(super) fn revive(act: &mut Act<'_, '_>, given_up: &Item) -> Result<bool, Error> {
    let Some(mut queue) = Queue::read(given_up) else { return Ok(false) };
    if !act.remove(&given_up.key)? {
        return Ok(false);
    }
    // What came since waits behind it.
    if let Some((item, newer)) = find(act, Drawer::Delivery, &queue.name())? {
        act.remove(&item.key)?;
        queue.waiting.extend(newer.waiting);
    }
    queue.put(act, Drawer::Delivery)?;
    Ok(true)
}

fn find(act: &Act<'_, '_>, drawer: Drawer, name: &[u8]) -> Result<Option<(Item, Queue)>, Error> {
    let found = act.item(drawer, name)?;
    Ok(found.and_then(|item| Queue::read(&item).map(|queue| (item, queue))))
}

/// Notes what became of the message `id` at the head of a queue: it was taken, will be tried again, or
/// is given up with all that waits behind it. Says whether it was given up.
pub(super) fn settle(
    act: &mut Act<'_, '_>,
    name: &[u8],
    id: &str,
    sent: Sent,
) -> Result<bool, Error> {
    // It may be gone with its person, or settled by another process.
    let found = find(act, Drawer::Delivery, name)?;
    let found = found.filter(|(_, queue)| queue.waiting.first().is_some_and(|w| w.id == id));
    let Some((item, mut queue)) = found else { return Ok(false) };
    match sent {
        Sent::Taken => {
            let taken = queue.waiting.remove(0);
            match act.recipient_told(&queue.case, &queue.recipient, taken.news) {
                // It was erased, and there is nobody left to tell of.
                Err(Error::NoSuchCase(_)) => queue.waiting.clear(),
                noted => noted?,
            }
            (queue.attempts, queue.why) = (0, None);
            if queue.waiting.is_empty() {
                act.remove(&item.key)?;
            } else {
                let now = act.at();
                act.put_back(&item.key, now, &queue.text())?;
            }
            Ok(false)
        }
        Sent::Refused(why) | Sent::Unreachable(why) => {
            let wait = WAITS.get(queue.attempts as usize).copied();
            queue.attempts += 1;
            queue.why = Some(why);
            match wait {
                Some(minutes) => {
                    let due = later(act, minutes);
                    act.put_back(&item.key, due, &queue.text())?;
                }
                None => {
                    act.remove(&item.key)?;
                    queue.put(act, Drawer::Undeliverable)?;
                }
            }
            Ok(wait.is_none())
        }
    }
}

/// Some time from now, by up to a quarter sooner or later, so that what failed together is not tried
/// together.
fn later(act: &mut Act<'_, '_>, minutes: i64) -> Timestamp {
    let (now, chance) = (act.at(), u16::from_le_bytes(act.random()) % 512);
    let seconds = minutes * 60 * (768 + i64::from(chance)) / 1024;
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now)
}
