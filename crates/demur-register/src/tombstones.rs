//! Tombstones: what recognises a person who objected when their account comes back under another id.
//!
//! An objection hangs on an account id, and platforms give accounts new ids. So while an objection is in
//! force, the register keeps keyed hashes of everything that the account facts say of its person: the
//! e-mail addresses, the ids of linked accounts, the person id. An account that matches one is covered by
//! the objection, for as long as the objection is in force, whether or not the old account is still listed.
//!
//! A batch of tombstones is one event; its entries lie beside it in chunks of sorted tags, each with the
//! number of the subject that it leads to. Tags are keyed, so chunks alone name nobody.
//!
//! Whoever is erased (Art. 17) stays out: the tags are entered once more, with what their objections
//! covered and without anything that leads to a person.

use std::collections::BTreeMap;
use std::ops::Range;

use demur_core::id::AccountId;
use demur_core::objection::{Effect, Scopes, Status};
use jiff::Timestamp;

use crate::Register;
use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::keys::Tag;
use crate::merkle::Hash;
use crate::store::{NoticeChunk, Read};
use crate::training::newest;
use crate::writer::Writer;

/// A keyed hash of something that recognises a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark(Tag);

impl Mark {
    /// The hash.
    #[must_use]
    pub fn bytes(&self) -> [u8; 16] {
        self.0
    }
}

/// Computes [`Mark`]s; it holds a key that serves nothing else.
#[derive(Clone)]
pub struct Marker {
    pub(crate) key: [u8; 32],
}

impl Marker {
    /// The mark of an account id. Its text alone counts, so that it stays the same when a platform writes
    /// its numbers as texts.
    #[must_use]
    pub fn account(&self, id: &str) -> Mark {
        self.mark(b'a', id)
    }

    /// The mark of a person id.
    #[must_use]
    pub fn person(&self, id: &str) -> Mark {
        self.mark(b'p', id)
    }

    /// The mark of an e-mail address, without regard to capitals and surrounding space; `None` of what is
    /// no address: people do not share a person by leaving a field empty.
    #[must_use]
    pub fn email(&self, address: &str) -> Option<Mark> {
        let address = address.trim();
        let (local, domain) = address.split_once('@')?;
        if local.is_empty() || domain.is_empty() {
            return None;
        }
        if address.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
            return Some(self.mark(b'e', address));
        }
        Some(self.mark(b'e', &address.to_lowercase()))
    }

    fn mark(&self, sort: u8, text: &str) -> Mark {
        const SHORT: usize = 128;
        let mut bytes = [0; SHORT];
        if text.len() < SHORT {
            bytes[0] = sort;
            bytes[1..=text.len()].copy_from_slice(text.as_bytes());
            let whole = &bytes[..=text.len()];
            return Mark(shorten(blake3::keyed_hash(&self.key, whole)));
        }
        Mark(shorten(blake3::keyed_hash(&self.key, &[&[sort], text.as_bytes()].concat())))
    }
}

fn shorten(hash: blake3::Hash) -> Tag {
    *hash.as_bytes().first_chunk().expect("32 bytes have a first 16")
}

/// What a mark leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tombstone {
    /// The mark.
    pub mark: Mark,
    /// Whose: a number of [`PurposeState::whose`](crate::PurposeState::whose), or of
    /// [`Tombstones::erased`].
    pub of: u64,
}

/// What somebody's objections covered who was erased since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaysOut {
    /// The number that tombstones have for it.
    pub of: u64,
    /// What it covers.
    pub scopes: Scopes,
    /// Where it stood; a restriction is not lifted by being forgotten.
    pub status: Status,
}

/// All tombstones of a purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tombstones {
    /// Sorted, each once.
    pub entries: Vec<Tombstone>,
    /// Those that lead to nobody any more.
    pub erased: Vec<StaysOut>,
}

/// Bytes of an entry in a chunk.
const ENTRY: usize = 24;
/// Entries in a full chunk.
const CHUNK: usize = 8192;

/// Chunks lie among those of notices; what they are filed under is no purpose's name, as those have no
/// spaces.
fn filed_under(purpose: &str) -> String {
    format!("tombstones of {purpose}")
}

/// What an event says of the chunks beside it: under what they are filed, whether they are of somebody
/// erased, how many entries they have, and the digest over them.
pub(crate) fn batch_of(what: &What) -> Option<(String, bool, u64, Hash)> {
    match what {
        What::TombstonesKept { purpose, count, digest } => {
            Some((filed_under(purpose), false, *count, *digest))
        }
        What::ErasedStayOut { purpose, count, digest, .. } => {
            Some((filed_under(purpose), true, *count, *digest))
        }
        _ => None,
    }
}

impl Register {
    /// What computes marks for this register.
    #[must_use]
    pub fn marker(&self) -> Marker {
        Marker { key: self.keys.tombstone_key() }
    }

    /// The tombstones of a purpose that these events kept; `0..u64::MAX` for all.
    ///
    /// # Errors
    /// Where the register cannot be read, or a batch was cut short.
    pub fn tombstones(&self, purpose: &str, events: Range<u64>) -> Result<Tombstones> {
        load(&*self.store.read()?, purpose, events)
    }

    /// Whose objections to a purpose arrived before the log had `since` events and are in force since a
    /// later one, as [`Whose::of`](crate::Whose::of) has them.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn in_force_again(&self, purpose: &str, since: u64) -> Result<Vec<u64>> {
        let mut again = Vec::new();
        self.store.read()?.in_force_again_since(purpose, since, &mut |row| {
            again.push(row.subject.cast_unsigned());
            Ok(())
        })?;
        Ok(again)
    }

    /// Keeps tombstones that were made of a state when the log had `since` events. Returns its size and
    /// root after them, which a snapshot of that state may be bound to as well; `None` where something
    /// else was said for the purpose meanwhile.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn keep_tombstones(
        &mut self,
        purpose: &str,
        since: u64,
        tombstones: &mut Vec<Tombstone>,
        at: Timestamp,
    ) -> Result<Option<(u64, Hash)>> {
        let mut writer = self.writer(at)?;
        let same = newest(&*writer.tx, purpose)? == since;
        keep(&mut writer, purpose, tombstones)?;
        let after = (writer.size(), writer.root());
        writer.commit()?;
        Ok(same.then_some(after))
    }
}

/// Enters tombstones of people who are in the register.
pub(crate) fn keep(
    writer: &mut Writer<'_>,
    purpose: &str,
    tombstones: &mut Vec<Tombstone>,
) -> Result<()> {
    let name = purpose.to_owned();
    let (count, digest) = file(writer, purpose, false, tombstones)?;
    writer.append(What::TombstonesKept { purpose: name, count, digest }, None)?;
    writer.touch(purpose);
    Ok(())
}

/// Enters the tombstones of somebody who is being erased, for each way in which their objections stood.
pub(crate) fn keep_erased(
    writer: &mut Writer<'_>,
    subject: u64,
    account: &AccountId,
    cases: &[(String, Scopes, Status)],
) -> Result<()> {
    let own = Marker { key: writer.keys.tombstone_key() }.account(&account.to_string());
    let mut by_purpose: BTreeMap<&str, Vec<(Scopes, Status)>> = BTreeMap::new();
    for (purpose, scopes, status) in cases {
        let known = by_purpose.entry(purpose).or_default();
        let in_force = status.effect() != Effect::None && !scopes.is_empty();
        if in_force && !known.contains(&(*scopes, *status)) {
            known.push((*scopes, *status));
        }
    }
    for (purpose, stood) in by_purpose.into_iter().filter(|(_, stood)| !stood.is_empty()) {
        let all = load(&*writer.tx, purpose, 0..u64::MAX)?;
        let of_subject = all.entries.iter().filter(|entry| entry.of == subject);
        let mut marks: Vec<Mark> = of_subject.map(|entry| entry.mark).chain([own]).collect();
        marks.sort_unstable();
        marks.dedup();
        for (scopes, status) in stood {
            // They lead to the event itself, and to nobody.
            let of = writer.size();
            let mut entries = marks.iter().map(|mark| Tombstone { mark: *mark, of }).collect();
            let (count, digest) = file(writer, purpose, true, &mut entries)?;
            let purpose = purpose.to_owned();
            writer.append(What::ErasedStayOut { purpose, scopes, status, count, digest }, None)?;
        }
        writer.touch(purpose);
    }
    Ok(())
}

/// Lays entries beside the next event.
fn file(
    writer: &mut Writer<'_>,
    purpose: &str,
    erased: bool,
    tombstones: &mut Vec<Tombstone>,
) -> Result<(u64, Hash)> {
    tombstones.sort_unstable();
    tombstones.dedup();
    let seq = writer.size();
    let mut digests = Vec::new();
    for (part, entries) in (0u32..).zip(tombstones.chunks(CHUNK)) {
        let mut bytes = Vec::with_capacity(entries.len() * ENTRY);
        for entry in entries {
            bytes.extend(entry.mark.0);
            bytes.extend(entry.of.to_be_bytes());
        }
        digests.extend(Hash::of(&bytes).0);
        let purpose = filed_under(purpose);
        let chunk = NoticeChunk { seq, part, purpose, undelivered: erased, bytes };
        writer.tx.add_notice_chunk(&chunk)?;
    }
    Ok((tombstones.len() as u64, Hash::of(&digests)))
}

fn load(tx: &(impl Read + ?Sized), purpose: &str, events: Range<u64>) -> Result<Tombstones> {
    let mut all = Tombstones::default();
    let mut erased = Vec::new();
    tx.notice_chunks(Some(&filed_under(purpose)), events.end, &mut |chunk| {
        if chunk.seq < events.start {
            return Ok(());
        }
        let (whole, rest) = chunk.bytes.as_chunks::<ENTRY>();
        if !rest.is_empty() {
            let seq = chunk.seq;
            return Err(Error::Damaged(format!("the tombstones of event {seq} were cut short")));
        }
        all.entries.extend(whole.iter().map(|bytes| {
            let (mark, of) = bytes.split_first_chunk::<16>().expect("an entry has 24 bytes");
            let of = u64::from_be_bytes(of.try_into().expect("8 bytes follow a mark"));
            Tombstone { mark: Mark(*mark), of }
        }));
        if chunk.undelivered {
            erased.push(chunk.seq);
        }
        Ok(())
    })?;
    all.entries.sort_unstable();
    all.entries.dedup();
    erased.dedup();
    for seq in erased {
        let event = Event::parse(seq, &tx.event(seq)?.body)?;
        let What::ErasedStayOut { scopes, status, .. } = event.what else {
            return Err(Error::Damaged(format!("event {seq} keeps nobody out")));
        };
        all.erased.push(StaysOut { of: seq, scopes, status });
    }
    Ok(all)
}
