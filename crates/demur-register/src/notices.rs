//! Delivered notices, millions at a time (Art. 13, 14, 21(4)), and those that came back.
//!
//! A batch is one event; its entries lie beside it in chunks of sorted account tags and times, and
//! the event carries the digest over them. Tags are keyed, so chunks alone name nobody.
//!
//! What came back takes every earlier delivery with it: the delivery that counts is the earliest one
//! later than the account's last return. So the order in which events are entered does not matter, and
//! a list of old deliveries that is imported once more brings nobody back.

mod entry;
mod record;

use demur_core::id::AccountId;

use crate::Register;
use crate::error::{Error, Result};
use crate::store::{NoticeChunk, Read};
use entry::{ENTRY, Entry, remove_returned, sort};

/// What recording notices changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeSummary {
    /// Deliveries that were new.
    pub recorded: usize,
    /// Deliveries that were known already.
    pub unchanged: usize,
}

/// When notices were delivered and when they came back, in µs since 1970 UTC, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeHistory {
    /// Every delivery.
    pub delivered: Vec<i64>,
    /// Every return.
    pub undelivered: Vec<i64>,
}

/// Who was told of a purpose, and when first.
pub struct Notices {
    key: [u8; 32],
    /// The delivery that counts, one entry an account, sorted.
    entries: Vec<Entry>,
    /// Where the entries begin whose tags start with the bits of the index. Tags are random, so
    /// their leading bits cut the entries into even slices.
    starts: Vec<u32>,
    /// How many leading bits that takes.
    bits: u32,
    /// Every return, sorted. These are few.
    returned: Vec<Entry>,
}

impl Notices {
    fn new(key: [u8; 32], mut entries: Vec<Entry>, mut returned: Vec<Entry>) -> Self {
        sort(&mut entries);
        sort(&mut returned);
        returned.dedup();
        remove_returned(&mut entries, &returned);
        // Sorted by time within an account: the earliest stays.
        entries.dedup_by_key(|entry| entry.tag());
        // Slices of some four entries: one cache line or two.
        let bits = (entries.len() / 4).max(1).ilog2();
        let mut starts = vec![0u32; (1 << bits) + 1];
        for entry in &entries {
            starts[slice_of(entry, bits) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Notices { key, entries, starts, bits, returned }
    }

    /// When the account was first told, in µs since 1970 UTC, by a notice that did not come back;
    /// `None` where no such delivery is known.
    #[must_use]
    pub fn earliest(&self, account: &AccountId) -> Option<i64> {
        let wanted = Entry::of(&self.key, account, 0);
        let slice = slice_of(&wanted, self.bits);
        let slice = &self.entries[self.starts[slice] as usize..self.starts[slice + 1] as usize];
        let found = slice.binary_search_by_key(&wanted.tag(), Entry::tag);
        found.ok().map(|at| slice[at].at)
    }

    /// When a notice of the account last came back, in µs since 1970 UTC; no delivery up to then
    /// counts. `None` where none ever did.
    #[must_use]
    pub fn undelivered_through(&self, account: &AccountId) -> Option<i64> {
        self.returns(account).last()
    }

    /// Every moment at which a notice of the account came back, in order.
    pub fn returns(&self, account: &AccountId) -> impl Iterator<Item = i64> + use<'_> {
        let tag = (!self.returned.is_empty()).then(|| Entry::of(&self.key, account, 0).tag());
        let from = tag.map_or(0, |tag| self.returned.partition_point(|entry| entry.tag() < tag));
        let same = self.returned[from..].iter().take_while(move |entry| Some(entry.tag()) == tag);
        same.map(|entry| entry.at)
    }

    /// How many accounts were told.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nobody was told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The leading bits of an entry's tag; in two shifts, as there may be none.
fn slice_of(entry: &Entry, bits: u32) -> usize {
    (entry.high >> 1 >> (63 - bits)) as usize
}

impl Register {
    /// Who has been told of a purpose by now.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn notices(&self, purpose: &str) -> Result<Notices> {
        load(&*self.store.read()?, self.keys.notice_key(), purpose, u64::MAX)
    }

    /// When people were told of a purpose, and when that came back.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn notice_history(&self, purpose: &str) -> Result<NoticeHistory> {
        let (delivered, undelivered) = load_entries(&*self.store.read()?, purpose, u64::MAX)?;
        let moments = |mut entries: Vec<Entry>| {
            // One delivery that two lists name is one.
            entries.dedup();
            let mut moments: Vec<i64> = entries.into_iter().map(|entry| entry.at).collect();
            moments.sort_unstable();
            moments
        };
        Ok(NoticeHistory { delivered: moments(delivered), undelivered: moments(undelivered) })
    }
}

/// Every delivery and every return for a purpose that events below `upto` recorded, sorted.
fn load_entries(
    tx: &(impl Read + ?Sized),
    purpose: &str,
    upto: u64,
) -> Result<(Vec<Entry>, Vec<Entry>)> {
    let (mut delivered, mut undelivered) = (Vec::new(), Vec::new());
    tx.notice_chunks(Some(purpose), upto, &mut |chunk| {
        let (whole, rest) = chunk.bytes.as_chunks::<ENTRY>();
        if !rest.is_empty() {
            let seq = chunk.seq;
            return Err(Error::Damaged(format!("the notices of event {seq} were cut short")));
        }
        let entries = if chunk.undelivered { &mut undelivered } else { &mut delivered };
        entries.extend(whole.iter().map(Entry::from_bytes));
        Ok(())
    })?;
    sort(&mut delivered);
    sort(&mut undelivered);
    Ok((delivered, undelivered))
}

/// Who had been told of a purpose when the log had `upto` events.
pub(crate) fn load(
    tx: &(impl Read + ?Sized),
    key: [u8; 32],
    purpose: &str,
    upto: u64,
) -> Result<Notices> {
    let (delivered, undelivered) = load_entries(tx, purpose, upto)?;
    Ok(Notices::new(key, delivered, undelivered))
}

/// How many entries a chunk holds.
pub(crate) fn count(chunk: &NoticeChunk) -> u64 {
    (chunk.bytes.len() / ENTRY) as u64
}
