//! An account's tag with a moment: what a chunk of notices is made of.

use demur_core::id::AccountId;

use crate::keys::{Tag, notice_tag};
use crate::subject::account_text;

/// The account's tag as a number, and a moment in µs since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) high: u64,
    pub(super) low: u64,
    pub(super) at: i64,
}

/// Bytes of an entry in a chunk.
pub(super) const ENTRY: usize = 24;
/// Entries in a full chunk.
pub(super) const CHUNK: usize = 8192;

impl Entry {
    pub(super) fn of(key: &[u8; 32], account: &AccountId, at: i64) -> Self {
        Entry::new(&notice_tag(key, &account_text(account)), at)
    }

    fn new(tag: &Tag, at: i64) -> Self {
        let tag = u128::from_be_bytes(*tag);
        Entry { high: (tag >> 64) as u64, low: tag as u64, at }
    }

    /// Whose it is.
    pub(super) fn tag(&self) -> (u64, u64) {
        (self.high, self.low)
    }

    pub(super) fn to_bytes(self) -> [u8; ENTRY] {
        let mut bytes = [0; ENTRY];
        bytes[..8].copy_from_slice(&self.high.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.low.to_be_bytes());
        bytes[16..].copy_from_slice(&self.at.to_be_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; ENTRY]) -> Self {
        let eight = |from: usize| std::array::from_fn(|i| bytes[from + i]);
        Entry {
            high: u64::from_be_bytes(eight(0)),
            low: u64::from_be_bytes(eight(8)),
            at: i64::from_be_bytes(eight(16)),
        }
    }
}

/// Ascents that end beyond which sorting from scratch is faster than merging.
const RUNS: usize = 1000;

/// Sorts what is mostly sorted: an import is one long ascent, a sender's batches are many short ones.
pub(super) fn sort(entries: &mut [Entry]) {
    let descents = entries.windows(2).filter(|pair| pair[0] > pair[1]).count();
    match descents {
        0 => {}
        1..RUNS => entries.sort(),
        // Equal entries cannot be told apart, so their order does not matter.
        _ => entries.sort_unstable(),
    }
}

/// Removes deliveries that came back: those up to the last moment that `returned` names for the
/// account. Both are sorted.
pub(super) fn remove_returned(entries: &mut Vec<Entry>, returned: &[Entry]) {
    if returned.is_empty() {
        return;
    }
    let mut rest = returned;
    entries.retain(|entry| {
        while rest.first().is_some_and(|first| first.tag() < entry.tag()) {
            rest = &rest[1..];
        }
        let through = rest.iter().take_while(|first| first.tag() == entry.tag()).last();
        through.is_none_or(|through| through.at < entry.at)
    });
}

/// Removes from `entries` what `known` has; both are sorted.
pub(super) fn subtract(entries: &mut Vec<Entry>, known: &[Entry]) {
    let mut rest = known;
    entries.retain(|entry| {
        let smaller = rest.iter().take_while(|known| *known < entry).count();
        rest = &rest[smaller..];
        rest.first() != Some(entry)
    });
}
