//! Appending: one exclusive transaction in which events, their sealed parts and the projections
//! change together.

use std::collections::BTreeMap;

use demur_core::objection::Scopes;

use crate::CaseId;
use crate::entropy::{Entropy, draw};
use crate::error::{Error, Result};
use crate::event::{Event, Moment, Personal, Received, Source, VERSION, What};
use crate::keys::{self, Keys, Tag};
use crate::merkle::{self, Frontier, Hash};
use crate::projection::{CaseRow, Link, changes_exclusion};
use crate::store::{EventRow, HeadRow, PersonalRow, Read, SubjectRow, Write};
use crate::subject::{Identity, Subject};

/// The log's end and all that hangs on it, held exclusively. Dropped, it leaves no trace.
pub(crate) struct Writer<'a> {
    pub(crate) tx: Box<dyn Write + 'a>,
    pub(crate) keys: &'a Keys,
    entropy: &'a mut (dyn Entropy + Send),
    at: Moment,
    frontier: Frontier,
    /// The log up to the last event that changed who is excluded, by purpose.
    newest: BTreeMap<String, Frontier>,
}

/// A personal part, ready to lie beside the next event.
pub(crate) struct Sealed {
    pub(crate) commitment: Hash,
    subject: i64,
    bytes: Vec<u8>,
}

/// An objection that arrives.
pub(crate) struct Arrival<'a> {
    pub(crate) purpose: &'a str,
    pub(crate) scopes: Scopes,
    pub(crate) received_at: Moment,
    pub(crate) source: Source,
    pub(crate) identity: Tag,
    pub(crate) personal: Personal,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(
        tx: Box<dyn Write + 'a>,
        keys: &'a Keys,
        entropy: &'a mut (dyn Entropy + Send),
        at: Moment,
    ) -> Result<Self> {
        let frontier = load_frontier(&*tx, keys)?;
        Ok(Writer { tx, keys, entropy, at, frontier, newest: BTreeMap::new() })
    }

    /// Runs one act at its own moment. Where it fails, what it wrote is undone, and the writer is as
    /// it was.
    pub(crate) fn act<T>(
        &mut self,
        at: Moment,
        act: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let before = (self.frontier.clone(), self.newest.clone());
        self.at = at;
        self.tx.mark()?;
        let done = act(self);
        if done.is_err() {
            self.tx.undo_to_mark()?;
            (self.frontier, self.newest) = before;
        }
        self.tx.release_mark()?;
        done
    }

    /// The moment that what follows is entered at.
    pub(crate) fn at(&self) -> Moment {
        self.at
    }

    /// Random bytes.
    pub(crate) fn draw<const N: usize>(&mut self) -> [u8; N] {
        draw(self.entropy)
    }

    /// How many events the log has by now.
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over them.
    pub(crate) fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// Appends an event and returns its place.
    pub(crate) fn append(&mut self, what: What, part: Option<Sealed>) -> Result<u64> {
        let seq = self.size();
        let body = Event { v: VERSION, at: self.at, what }.canonical();
        let leaf = Hash::leaf(body.as_bytes());
        let seal = self.keys.seal_place(seq, &leaf);
        self.tx.add_event(&EventRow { seq, body, leaf, seal })?;
        if let Some(Sealed { subject, bytes: sealed, .. }) = part {
            self.tx.add_personal(&PersonalRow { seq, subject, sealed })?;
        }
        self.frontier.push(leaf);
        Ok(seq)
    }

    /// Notes that the last event changed who is excluded for a purpose.
    pub(crate) fn touch(&mut self, purpose: &str) {
        match self.newest.get_mut(purpose) {
            Some(newest) => newest.clone_from(&self.frontier),
            None => drop(self.newest.insert(purpose.to_owned(), self.frontier.clone())),
        }
    }

    /// Finds a subject, or adds it with a key of its own. A new one is named after the event that
    /// introduces it, so that no name is ever used twice.
    pub(crate) fn subject(&mut self, identity: Identity) -> Result<Subject> {
        let tag = self.keys.subject_tag(&identity);
        if let Some(row) = self.tx.subject_by_tag(&tag)? {
            return open_subject(self.keys, &row);
        }
        let id = self.size().cast_signed();
        let subject = Subject { id, identity, key: draw(self.entropy) };
        let wrapped = self.keys.wrap(&subject, &tag, self.entropy);
        self.tx.add_subject(&SubjectRow { id, tag, wrapped })?;
        Ok(subject)
    }

    /// The subject of a case.
    pub(crate) fn subject_of(&self, row: &CaseRow) -> Result<Subject> {
        load_subject(&*self.tx, self.keys, row.subject)
    }

    /// Seals a personal part for the next event.
    pub(crate) fn seal(&mut self, subject: &Subject, personal: &Personal) -> Sealed {
        let json = serde_json::to_string(personal).expect("a personal part holds only strings");
        let seq = self.size();
        let (commitment, bytes) = keys::seal_personal(&subject.key, seq, &json, self.entropy);
        Sealed { commitment, subject: subject.id, bytes }
    }

    /// Opens a case. The caller saves it with [`save`](Self::save), perhaps after further steps.
    pub(crate) fn receive(&mut self, subject: &Subject, arrival: Arrival<'_>) -> Result<CaseRow> {
        let part = self.seal(subject, &arrival.personal);
        let received = Received {
            case: CaseId::draw(self.entropy),
            purpose: arrival.purpose.to_owned(),
            scopes: arrival.scopes,
            names_record: arrival.personal.record.is_some(),
            received_at: arrival.received_at,
            source: arrival.source,
            commitment: part.commitment,
        };
        let seq = self.size();
        let has_contact = arrival.personal.contact.is_some();
        let link = Link { subject: subject.id, identity: arrival.identity, has_contact };
        let row = CaseRow::open(seq, self.at, &received, link);
        self.append(What::ObjectionReceived(received), Some(part))?;
        self.touch(&row.purpose);
        Ok(row)
    }

    /// Takes a step in a case. The caller saves it.
    pub(crate) fn step(
        &mut self,
        row: &mut CaseRow,
        what: What,
        part: Option<Sealed>,
    ) -> Result<()> {
        let seq = self.size();
        row.apply(seq, self.at, &what);
        let touches = changes_exclusion(&what);
        self.append(what, part)?;
        self.tx.add_history(row.opened, seq)?;
        if touches {
            self.touch(&row.purpose);
        }
        Ok(())
    }

    /// Writes a case down.
    pub(crate) fn save(&mut self, row: &CaseRow) -> Result<()> {
        self.tx.put_case(row)
    }

    /// Makes everything durable and returns the log's size.
    pub(crate) fn commit(mut self) -> Result<u64> {
        for (purpose, log) in &self.newest {
            let (size, root) = (log.size(), log.root());
            self.tx.set_newest(purpose, size)?;
            let known = [&self.keys.seal_head(size, &root)[..], &root.0].concat();
            self.tx.set_meta(&root_of(purpose), &known)?;
        }
        let (size, root) = (self.frontier.size(), self.frontier.root());
        let frontier = self.frontier.to_bytes();
        let seal = self.keys.seal_head(size, &root);
        self.tx.set_head(&HeadRow { size, frontier, seal })?;
        self.tx.commit()?;
        Ok(size)
    }
}

/// The log's end; empty where nothing was ever written.
///
/// # Errors
/// Where someone without the key has moved it: nothing is appended to such a log.
pub(crate) fn load_frontier(tx: &(impl Read + ?Sized), keys: &Keys) -> Result<Frontier> {
    let Some(head) = tx.head()? else { return Ok(Frontier::default()) };
    Frontier::from_bytes(head.size, &head.frontier)
        .filter(|frontier| keys.seal_head(head.size, &frontier.root()) == head.seal)
        .ok_or_else(|| Error::Damaged("the end of the log was changed by someone else".into()))
}

/// Under which name the root is kept that a purpose's snapshots are bound to. Events that have nothing
/// to do with the purpose, such as its own builds, follow it in the log.
pub(crate) fn root_of(purpose: &str) -> String {
    format!("root of {purpose}")
}

/// The root when the log had `size` events. It is at hand for the log's end, and for what is newest of
/// a purpose; any other takes reading every leaf before it.
///
/// # Errors
/// Where the log was never that long.
pub(crate) fn load_root(tx: &(impl Read + ?Sized), keys: &Keys, size: u64) -> Result<Hash> {
    let end = load_frontier(tx, keys)?;
    if size == end.size() {
        return Ok(end.root());
    }
    for (purpose, _) in tx.newest()?.into_iter().filter(|(_, newest)| *newest == size) {
        let known = tx.meta(&root_of(&purpose))?.unwrap_or_default();
        if let Some((seal, root)) = known.split_first_chunk::<16>()
            && let Ok(root) = <[u8; 32]>::try_from(root)
            && keys.seal_head(size, &Hash(root)) == *seal
        {
            return Ok(Hash(root));
        }
    }
    let leaves = tx.leaves(size)?;
    if leaves.len() as u64 != size {
        let has = leaves.len();
        return Err(Error::Invalid(format!("the register has {has} events, not yet {size}")));
    }
    Ok(merkle::root(&leaves))
}

pub(crate) fn load_subject(tx: &(impl Read + ?Sized), keys: &Keys, id: i64) -> Result<Subject> {
    let row = tx.subject(id)?;
    let row = row.ok_or_else(|| Error::Damaged("a case has lost its subject".into()))?;
    open_subject(keys, &row)
}

pub(crate) fn open_subject(keys: &Keys, row: &SubjectRow) -> Result<Subject> {
    keys.unwrap(row.id, &row.tag, &row.wrapped).ok_or_else(|| {
        Error::Damaged(format!("the key of the subject of event {} was changed", row.id))
    })
}

/// The personal part beside an event, where there is one.
pub(crate) fn load_personal(
    tx: &(impl Read + ?Sized),
    subject: &Subject,
    seq: u64,
) -> Result<Option<Personal>> {
    let Some(row) = tx.personal(seq)? else { return Ok(None) };
    keys::open_personal(&subject.key, seq, &row.sealed)
        .and_then(|(_, json)| serde_json::from_str(&json).ok())
        .map(Some)
        .ok_or_else(|| Error::Damaged(format!("the sealed part of event {seq} was changed")))
}
