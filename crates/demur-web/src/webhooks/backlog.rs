//! What recipients have not taken: to be looked at, and to be tried anew.

use demur_register::desk::{Drawer, Item};
use demur_register::event::News;
use demur_register::{CaseId, Error, Register};
use jiff::Timestamp;

use crate::webhooks::queue::{Queue, revive};

/// How many queues are read or tried anew together.
const MOST: usize = 100_000;

/// The messages about one case that a recipient has not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The recipient's short name.
    pub recipient: String,
    /// The case.
    pub case: CaseId,
    /// What there is to tell, in order.
    pub news: Vec<News>,
    /// How often the first of it was tried.
    pub attempts: u32,
    /// Why it was not taken the last time.
    pub why: Option<String>,
    /// When it is tried next; where it was given up, when that was.
    pub at: Timestamp,
    /// Whether it was given up.
    pub given_up: bool,
}

/// What waits, and what was given up, each in the order of its moments. Of each a hundred thousand at
/// most.
///
/// # Errors
/// Where the register cannot be read.
pub fn backlog(register: &Register) -> Result<Vec<Backlog>, Error> {
    let mut all = Vec::new();
    for (drawer, given_up) in [(Drawer::Delivery, false), (Drawer::Undeliverable, true)] {
        let items = register.items_due(drawer, Timestamp::MAX, MOST)?;
        all.extend(items.iter().filter_map(|item| Backlog::read(item, given_up)));
    }
    Ok(all)
}

/// Has everything tried anew that was given up, for one recipient or for all. Returns how many cases
/// that was.
///
/// # Errors
/// Where the register cannot be written.
pub fn replay(
    register: &mut Register,
    recipient: Option<&str>,
    at: Timestamp,
) -> Result<usize, Error> {
    let items = register.items_due(Drawer::Undeliverable, Timestamp::MAX, MOST)?;
    let is_meant = |item: &&Item| {
        Queue::read(item).is_some_and(|queue| recipient.is_none_or(|r| queue.recipient == r))
    };
    let meant: Vec<&Item> = items.iter().filter(is_meant).collect();
    register.act(at, |act| {
        let mut revived = 0;
        for item in meant {
            revived += usize::from(revive(act, item)?);
        }
        Ok(revived)
    })
}

impl Backlog {
    fn read(item: &Item, given_up: bool) -> Option<Self> {
        let queue = Queue::read(item)?;
        Some(Backlog {
            news: queue.waiting.iter().map(|waiting| waiting.news).collect(),
            recipient: queue.recipient,
            case: queue.case,
            attempts: queue.attempts,
            why: queue.why,
            at: item.due,
            given_up,
        })
    }
}
