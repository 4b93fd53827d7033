//! Delivered notices, millions at a time (Art. 13, 14, 21(4)).
//!
//! A batch is one event; its entries lie beside it in chunks of sorted account tags and times, and
//! the event carries the digest over them. Tags are keyed, so chunks alone name nobody.

use demur_core::id::AccountId;
use jiff::Timestamp;

use crate::Register;
use crate::error::{Error, Result};
use crate::event::What;
use crate::keys::{Tag, notice_tag};
use crate::merkle::Hash;
use crate::register::find_purpose;
use crate::store::{NoticeChunk, Read};
use crate::subject::account_text;

/// What recording notices changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeSummary {
    /// Deliveries that were new.
    pub recorded: usize,
    /// Deliveries that were known already.
    pub unchanged: usize,
}

/// One delivery: the account's tag as a number, and when, in µs since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    high: u64,
    low: u64,
    at: i64,
}

/// Bytes of an entry in a chunk.
const ENTRY: usize = 24;
/// Entries in a full chunk.
const CHUNK: usize = 8192;

impl Entry {
    fn new(tag: &Tag, at: i64) -> Self {
        let tag = u128::from_be_bytes(*tag);
        Entry { high: (tag >> 64) as u64, low: tag as u64, at }
    }

    fn to_bytes(self) -> [u8; ENTRY] {
        let mut bytes = [0; ENTRY];
        bytes[..8].copy_from_slice(&self.high.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.low.to_be_bytes());
        bytes[16..].copy_from_slice(&self.at.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; ENTRY]) -> Self {
        let eight = |from: usize| std::array::from_fn(|i| bytes[from + i]);
        Entry {
            high: u64::from_be_bytes(eight(0)),
            low: u64::from_be_bytes(eight(8)),
            at: i64::from_be_bytes(eight(16)),
        }
    }
}

/// Who was told of a purpose, and when first.
pub struct Notices {
    key: [u8; 32],
    /// One entry per account, sorted.
    entries: Vec<Entry>,
    /// Where the entries begin whose tags start with the bits of the index. Tags are random, so
    /// their leading bits cut the entries into even slices.
    starts: Vec<u32>,
    /// How many leading bits that takes.
    bits: u32,
}

impl Notices {
    fn new(key: [u8; 32], mut entries: Vec<Entry>) -> Self {
        sort(&mut entries);
        // Sorted by time within an account: the earliest stays.
        entries.dedup_by_key(|entry| (entry.high, entry.low));
        // Slices of some four entries: one cache line or two.
        let bits = (entries.len() / 4).max(1).ilog2();
        let mut starts = vec![0u32; (1 << bits) + 1];
        for entry in &entries {
            starts[slice_of(entry, bits) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Notices { key, entries, starts, bits }
    }

    /// When the account was first told, in µs since 1970 UTC; `None` where no delivery is known.
    #[must_use]
    pub fn earliest(&self, account: &AccountId) -> Option<i64> {
        let wanted = Entry::new(&notice_tag(&self.key, &account_text(account)), 0);
        let slice = slice_of(&wanted, self.bits);
        let slice = &self.entries[self.starts[slice] as usize..self.starts[slice + 1] as usize];
        let found = slice.binary_search_by_key(&(wanted.high, wanted.low), |e| (e.high, e.low));
        found.ok().map(|at| slice[at].at)
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

/// Sorts what is mostly sorted: batches come out of the store in order, one after the other.
fn sort(entries: &mut [Entry]) {
    if !entries.is_sorted() {
        entries.sort();
    }
}

impl Register {
    /// Records deliveries of a purpose's notice. What is known already, of the same account and
    /// moment, is passed over; where nothing is new, no event is written.
    ///
    /// # Errors
    /// Where the purpose was never recorded or the register cannot be written.
    pub fn record_notices(
        &mut self,
        purpose: &str,
        delivered: impl IntoIterator<Item = (AccountId, Timestamp)>,
        at: Timestamp,
    ) -> Result<NoticeSummary> {
        let key = self.keys.notice_key();
        let entry = |(account, delivered): (AccountId, Timestamp)| {
            Entry::new(&notice_tag(&key, &account_text(&account)), delivered.as_microsecond())
        };
        let mut entries: Vec<Entry> = delivered.into_iter().map(entry).collect();
        let given = entries.len();
        entries.sort_unstable();
        entries.dedup();

        let mut writer = self.writer(at)?;
        if find_purpose(&*writer.tx, |row| row.purpose == purpose)?.is_none() {
            return Err(Error::NoSuchPurpose(purpose.to_owned()));
        }
        let known = load_entries(&*writer.tx, purpose, u64::MAX)?;
        subtract(&mut entries, &known);
        let recorded = entries.len();
        let summary = NoticeSummary { recorded, unchanged: given - recorded };
        if recorded == 0 {
            return Ok(summary);
        }

        let seq = writer.size();
        let mut digests = Vec::new();
        for (part, entries) in (0u32..).zip(entries.chunks(CHUNK)) {
            let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.to_bytes()).collect();
            digests.extend(Hash::of(&bytes).0);
            writer.tx.add_notice_chunk(purpose, &NoticeChunk { seq, part, bytes })?;
        }
        let (purpose_name, digest) = (purpose.to_owned(), Hash::of(&digests));
        let count = recorded as u64;
        let what = What::NoticesDelivered { purpose: purpose_name, count, digest };
        writer.append(what, None)?;
        writer.touch(purpose);
        writer.commit()?;
        Ok(summary)
    }
}

/// Removes from `entries` what `known` has; both are sorted.
fn subtract(entries: &mut Vec<Entry>, known: &[Entry]) {
    let mut rest = known;
    entries.retain(|entry| {
        let smaller = rest.iter().take_while(|known| *known < entry).count();
        rest = &rest[smaller..];
        rest.first() != Some(entry)
    });
}

/// Every delivery for a purpose that events below `upto` recorded, sorted.
fn load_entries(tx: &(impl Read + ?Sized), purpose: &str, upto: u64) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    tx.notice_chunks(Some(purpose), upto, &mut |chunk| {
        let (whole, rest) = chunk.bytes.as_chunks::<ENTRY>();
        if !rest.is_empty() {
            let seq = chunk.seq;
            return Err(Error::Damaged(format!("the notices of event {seq} were cut short")));
        }
        entries.extend(whole.iter().map(Entry::from_bytes));
        Ok(())
    })?;
    sort(&mut entries);
    Ok(entries)
}

/// Who had been told of a purpose when the log had `upto` events.
pub(crate) fn load(
    tx: &(impl Read + ?Sized),
    key: [u8; 32],
    purpose: &str,
    upto: u64,
) -> Result<Notices> {
    Ok(Notices::new(key, load_entries(tx, purpose, upto)?))
}

/// How many entries a chunk holds.
pub(crate) fn count(chunk: &NoticeChunk) -> u64 {
    (chunk.bytes.len() / ENTRY) as u64
}
