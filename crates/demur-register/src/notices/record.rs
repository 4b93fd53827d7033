//! Recording that notices were delivered, or came back.

use demur_core::id::AccountId;
use jiff::Timestamp;

use super::NoticeSummary;
use super::entry::{CHUNK, Entry, subtract};
use crate::error::{Error, Result};
use crate::event::What;
use crate::merkle::Hash;
use crate::register::find_purpose;
use crate::store::NoticeChunk;
use crate::writer::Writer;
use crate::{Act, Register};

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
        self.record_news(purpose, false, delivered, at)
    }

    /// Records that notices did not arrive: for each account, none that was delivered up to that
    /// moment counts any more. What is known already is passed over.
    ///
    /// # Errors
    /// As [`record_notices`](Self::record_notices).
    pub fn record_undelivered(
        &mut self,
        purpose: &str,
        through: impl IntoIterator<Item = (AccountId, Timestamp)>,
        at: Timestamp,
    ) -> Result<NoticeSummary> {
        self.record_news(purpose, true, through, at)
    }

    fn record_news(
        &mut self,
        purpose: &str,
        undelivered: bool,
        moments: impl IntoIterator<Item = (AccountId, Timestamp)>,
        at: Timestamp,
    ) -> Result<NoticeSummary> {
        let mut writer = self.writer(at)?;
        let mut entries = entries(&writer, moments);
        let given = entries.len();
        entries.dedup();
        must_know(&writer, purpose)?;
        let known = super::load_entries(&*writer.tx, purpose, u64::MAX)?;
        subtract(&mut entries, if undelivered { &known.1 } else { &known.0 });
        let recorded = entries.len();
        if recorded > 0 {
            append(&mut writer, purpose, undelivered, &entries)?;
            writer.commit()?;
        }
        Ok(NoticeSummary { recorded, unchanged: given - recorded })
    }
}

impl Act<'_, '_> {
    /// Records deliveries without looking at those that are known: for a sender, who asked before it
    /// began whom to write to. Saying one twice does no harm.
    ///
    /// # Errors
    /// Where the purpose was never recorded or the register cannot be written.
    pub fn add_notices(
        &mut self,
        purpose: &str,
        delivered: impl IntoIterator<Item = (AccountId, Timestamp)>,
    ) -> Result<()> {
        self.add(purpose, false, delivered)
    }

    /// The same for notices that did not arrive; see [`Register::record_undelivered`].
    ///
    /// # Errors
    /// As [`add_notices`](Self::add_notices).
    pub fn add_undelivered(
        &mut self,
        purpose: &str,
        through: impl IntoIterator<Item = (AccountId, Timestamp)>,
    ) -> Result<()> {
        self.add(purpose, true, through)
    }

    fn add(
        &mut self,
        purpose: &str,
        undelivered: bool,
        moments: impl IntoIterator<Item = (AccountId, Timestamp)>,
    ) -> Result<()> {
        let mut entries = entries(self.writer, moments);
        entries.dedup();
        if entries.is_empty() {
            return Ok(());
        }
        must_know(self.writer, purpose)?;
        append(self.writer, purpose, undelivered, &entries)
    }
}

/// The entries of accounts and moments, sorted.
fn entries(
    writer: &Writer<'_>,
    moments: impl IntoIterator<Item = (AccountId, Timestamp)>,
) -> Vec<Entry> {
    let key = writer.keys.notice_key();
    let entry =
        |(account, at): (AccountId, Timestamp)| Entry::of(&key, &account, at.as_microsecond());
    let mut entries: Vec<Entry> = moments.into_iter().map(entry).collect();
    entries.sort_unstable();
    entries
}

fn must_know(writer: &Writer<'_>, purpose: &str) -> Result<()> {
    match find_purpose(&*writer.tx, |row| row.purpose == purpose)? {
        Some(_) => Ok(()),
        None => Err(Error::NoSuchPurpose(purpose.to_owned())),
    }
}

/// One event, with its entries in chunks beside it.
fn append(
    writer: &mut Writer<'_>,
    purpose: &str,
    undelivered: bool,
    entries: &[Entry],
) -> Result<()> {
    let seq = writer.size();
    let mut digests = Vec::new();
    for (part, entries) in (0u32..).zip(entries.chunks(CHUNK)) {
        let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.to_bytes()).collect();
        digests.extend(Hash::of(&bytes).0);
        let purpose = purpose.to_owned();
        writer.tx.add_notice_chunk(&NoticeChunk { seq, part, purpose, undelivered, bytes })?;
    }
    let (name, count, digest) = (purpose.to_owned(), entries.len() as u64, Hash::of(&digests));
    let what = match undelivered {
        false => What::NoticesDelivered { purpose: name, count, digest },
        true => What::NoticesUndelivered { purpose: name, count, digest },
    };
    writer.append(what, None)?;
    writer.touch(purpose);
    Ok(())
}
