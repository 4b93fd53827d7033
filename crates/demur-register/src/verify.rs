//! Checking everything, and recreating what can be recreated.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;

use crate::decide::objection_tag;
use crate::error::Result;
use crate::event::{Event, Personal, What};
use crate::keys::{self, Keys};
use crate::merkle::{Frontier, Hash};
use crate::notices;
use crate::projection::{CaseRow, Link, Picture, VersionRow};
use crate::store::{CaseQuery, EventRow, Read};
use crate::subject::{Identity, Subject, account_text};
use crate::tombstones;
use crate::training::digest_of;
use crate::{CaseId, Register};

/// What a check of the whole register found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many events the log says it has.
    pub size: u64,
    /// The root over the events that are there.
    pub root: Hash,
    /// Sealed parts that were opened and match their commitments.
    pub personal_parts: u64,
    /// Sealed parts that were erased, as the log records.
    pub erased: u64,
    /// Deliveries of notices that match their events.
    pub notices: u64,
    /// Notices that came back, and match their events.
    pub undelivered: u64,
    /// Tombstones that match their events.
    pub tombstones: u64,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// The event concerned, where there is one.
    pub event: Option<u64>,
    /// It in a sentence.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Something is not what was written.
    Changed,
    /// Something that was written is gone.
    Missing,
    /// An event stands in another's place.
    Moved,
    /// Something was added that the log does not know.
    Unexpected,
    /// A table of current state disagrees with the log; [`Register::rebuild`] puts it right.
    Projection,
}

impl Register {
    /// Checks every event, sealed part, notice and table against the log, and the log against its
    /// end. A log cut short together with its end is found only by comparing with a checkpoint kept
    /// elsewhere ([`Register::continues`]).
    ///
    /// # Errors
    /// Where the register cannot be read at all; whatever is wrong inside it is in the report.
    pub fn verify(&self) -> Result<VerifyReport> {
        verify(&*self.store.read()?, &self.keys)
    }

    /// Drops the tables of current state and recreates them from the log and the sealed parts.
    ///
    /// # Errors
    /// Where the log or a sealed part is damaged: [`verify`](Self::verify) says where.
    pub fn rebuild(&mut self, at: Timestamp) -> Result<()> {
        let mut writer = self.writer(at)?;
        let size = writer.size();
        let mut picture = Picture::default();
        let mut opener = Opener::new(writer.keys);
        let tx = &*writer.tx;
        tx.events(0..size, &mut |row| {
            let event = Event::parse(row.seq, &row.body)?;
            let link = match &event.what {
                What::ObjectionReceived(_) => opener.link(tx, row.seq, &event)?,
                _ => None,
            };
            picture.apply(row.seq, &event, link);
            Ok(())
        })?;

        let tx = &mut writer.tx;
        tx.clear_projections()?;
        picture.cases().try_for_each(|row| tx.put_case(row))?;
        picture.history.iter().try_for_each(|(opened, seq)| tx.add_history(*opened, *seq))?;
        picture.purposes.iter().try_for_each(|row| tx.add_purpose(row))?;
        picture.training.iter().try_for_each(|row| tx.put_training(row))?;
        picture.versions.iter().try_for_each(|row| tx.add_version(row))?;
        picture.runs.iter().try_for_each(|row| tx.put_run(row))?;
        picture.newest.iter().try_for_each(|(purpose, size)| tx.set_newest(purpose, *size))?;
        writer.commit().map(drop)
    }
}

/// Checks all that one view of a store shows.
pub(crate) fn verify(tx: &dyn Read, keys: &Keys) -> Result<VerifyReport> {
    let mut check = Check::new(tx, keys);
    check.log()?;
    check.strays()?;
    check.notices()?;
    check.manifests()?;
    check.projections()?;
    Ok(check.report())
}

/// What became of an event's sealed part.
enum Part {
    Missing,
    Unreadable,
    Opened(Hash, Box<Personal>, Subject),
}

/// Opens sealed parts, remembering the last subject: events of one person often follow each other.
struct Opener<'a> {
    keys: &'a Keys,
    last: Option<Subject>,
}

impl<'a> Opener<'a> {
    fn new(keys: &'a Keys) -> Self {
        Opener { keys, last: None }
    }

    fn open(&mut self, tx: &dyn Read, seq: u64) -> Result<Part> {
        let Some(row) = tx.personal(seq)? else { return Ok(Part::Missing) };
        if self.last.as_ref().is_none_or(|last| last.id != row.subject) {
            let closed = tx.subject(row.subject)?;
            self.last = closed.and_then(|row| self.keys.unwrap(row.id, &row.tag, &row.wrapped));
        }
        let Some(subject) = &self.last else { return Ok(Part::Unreadable) };
        let opened = keys::open_personal(&subject.key, seq, &row.sealed);
        let read = opened
            .and_then(|(hash, json)| Some((hash, Box::new(serde_json::from_str(&json).ok()?))));
        Ok(match read {
            Some((hash, personal)) => Part::Opened(hash, personal, subject.clone()),
            None => Part::Unreadable,
        })
    }

    /// Whom an arrival is about; `None` where that was erased.
    fn link(&mut self, tx: &dyn Read, seq: u64, event: &Event) -> Result<Option<Link>> {
        match self.open(tx, seq)? {
            Part::Missing => Ok(None),
            Part::Unreadable => {
                Err(crate::Error::Damaged(format!("the sealed part of event {seq} was changed")))
            }
            Part::Opened(_, personal, subject) => Ok(link(self.keys, event, &personal, &subject)),
        }
    }
}

fn link(keys: &Keys, event: &Event, personal: &Personal, subject: &Subject) -> Option<Link> {
    let What::ObjectionReceived(new) = &event.what else { return None };
    let identity = objection_tag(keys, personal, &new.purpose, new.scopes, new.received_at);
    Some(Link { subject: subject.id, identity, has_contact: personal.contact.is_some() })
}

/// What an event says of a batch of notices, or of tombstones.
struct Batch {
    /// What its entries are.
    of: &'static str,
    /// Of which purpose, and whether they came back, or are of somebody erased.
    filed: (String, bool),
    count: u64,
    digest: Hash,
}

struct Check<'a> {
    tx: &'a dyn Read,
    keys: &'a Keys,
    opener: Opener<'a>,
    size: u64,
    frontier: Frontier,
    picture: Picture,
    /// Events that carry commitments, and those whose sealed part is gone, with their case.
    committed: HashSet<u64>,
    gone: Vec<(u64, Option<CaseId>)>,
    erased_cases: HashSet<CaseId>,
    /// Events whose seal is for another place: moved here, or replaced.
    displaced: Vec<EventRow>,
    missing: BTreeSet<u64>,
    /// Batches of notices and tombstones by event.
    batches: BTreeMap<u64, Batch>,
    report: VerifyReport,
}

impl<'a> Check<'a> {
    fn new(tx: &'a dyn Read, keys: &'a Keys) -> Self {
        Check {
            tx,
            keys,
            opener: Opener::new(keys),
            size: 0,
            frontier: Frontier::default(),
            picture: Picture::default(),
            committed: HashSet::new(),
            gone: Vec::new(),
            erased_cases: HashSet::new(),
            displaced: Vec::new(),
            missing: BTreeSet::new(),
            batches: BTreeMap::new(),
            report: VerifyReport {
                size: 0,
                root: Hash::of(b""),
                personal_parts: 0,
                erased: 0,
                notices: 0,
                undelivered: 0,
                tombstones: 0,
                problems: Vec::new(),
            },
        }
    }

    fn problem(&mut self, kind: ProblemKind, event: Option<u64>, text: String) {
        self.report.problems.push(Problem { kind, event, text });
    }

    fn at(&mut self, kind: ProblemKind, seq: u64, text: &str) {
        self.problem(kind, Some(seq), format!("event {seq} {text}"));
    }

    /// The events themselves, their sealed parts, and the log's end.
    fn log(&mut self) -> Result<()> {
        let head = self.tx.head()?;
        self.size = head.as_ref().map_or(0, |head| head.size);
        let mut next = 0;
        let tx = self.tx;
        tx.events(0..u64::MAX, &mut |row| {
            self.missing.extend(next..row.seq.min(self.size));
            next = row.seq + 1;
            self.event(row)
        })?;
        self.missing.extend(next..self.size);
        self.places();

        let stored = head.and_then(|head| {
            let frontier = Frontier::from_bytes(head.size, &head.frontier)?;
            (self.keys.seal_head(head.size, &frontier.root()) == head.seal).then_some(frontier)
        });
        match stored {
            None => self.problem(
                ProblemKind::Changed,
                None,
                "the log's recorded end was changed, or is missing".into(),
            ),
            Some(stored) if stored != self.frontier && self.report.is_sound() => self.problem(
                ProblemKind::Changed,
                None,
                "the events do not give the root that the log's end records".into(),
            ),
            Some(_) => {}
        }
        Ok(())
    }

    fn event(&mut self, row: EventRow) -> Result<()> {
        let seq = row.seq;
        let leaf = Hash::leaf(row.body.as_bytes());
        self.frontier.push(leaf);
        if seq >= self.size {
            self.at(ProblemKind::Unexpected, seq, "lies beyond the log's recorded end");
        }
        if leaf != row.leaf {
            self.at(ProblemKind::Changed, seq, "was changed: its text is not what was hashed");
        } else if self.keys.seal_place(seq, &leaf) != row.seal {
            self.displaced.push(row.clone());
        }
        let Ok(event) = Event::parse(seq, &row.body) else {
            self.at(ProblemKind::Changed, seq, "cannot be read");
            return Ok(());
        };
        match &event.what {
            What::NoticesDelivered { purpose, count, digest } => {
                let (of, filed) = ("notices", (purpose.clone(), false));
                self.batches.insert(seq, Batch { of, filed, count: *count, digest: *digest });
            }
            What::NoticesUndelivered { purpose, count, digest } => {
                let (of, filed) = ("notices", (purpose.clone(), true));
                self.batches.insert(seq, Batch { of, filed, count: *count, digest: *digest });
            }
            What::SubjectErased { cases } => self.erased_cases.extend(cases),
            what => {
                if let Some((name, erased, count, digest)) = tombstones::batch_of(what) {
                    let (of, filed) = ("tombstones", (name, erased));
                    self.batches.insert(seq, Batch { of, filed, count, digest });
                }
            }
        }
        let link = self.personal_part(seq, &event)?;
        self.picture.apply(seq, &event, link);
        Ok(())
    }

    fn personal_part(&mut self, seq: u64, event: &Event) -> Result<Option<Link>> {
        let Some(commitment) = event.what.commitment() else { return Ok(None) };
        self.committed.insert(seq);
        match self.opener.open(self.tx, seq)? {
            Part::Missing => self.gone.push((seq, event.what.case())),
            Part::Unreadable => {
                self.at(ProblemKind::Changed, seq, "has a sealed part that was changed");
            }
            Part::Opened(hash, personal, subject) => {
                if hash != commitment || !is_about(&event.what, &personal, &subject) {
                    let text = "has a sealed part that is not the one that it commits to";
                    self.at(ProblemKind::Changed, seq, text);
                }
                self.report.personal_parts += 1;
                return Ok(link(self.keys, event, &personal, &subject));
            }
        }
        Ok(None)
    }

    /// Tells moved events from replaced ones, and says what is missing.
    fn places(&mut self) {
        let displaced = std::mem::take(&mut self.displaced);
        let open: Vec<u64> =
            displaced.iter().map(|row| row.seq).chain(self.missing.iter().copied()).collect();
        for row in displaced {
            let fits = |seq: &&u64| self.keys.seal_place(**seq, &row.leaf) == row.seal;
            let text = match open.iter().find(fits) {
                Some(from) => format!("was moved here from the place of event {from}"),
                None => "is not the one that was written in its place".to_owned(),
            };
            self.at(ProblemKind::Moved, row.seq, &text);
        }
        for seq in std::mem::take(&mut self.missing) {
            self.at(ProblemKind::Missing, seq, "is missing");
        }
        for (seq, case) in std::mem::take(&mut self.gone) {
            if case.is_some_and(|case| self.erased_cases.contains(&case)) {
                self.report.erased += 1;
            } else {
                let text = "has lost its sealed part, and no erasure is recorded";
                self.at(ProblemKind::Missing, seq, text);
            }
        }
    }

    /// Sealed parts that no event commits to.
    fn strays(&mut self) -> Result<()> {
        let mut strays = Vec::new();
        self.tx.personal_links(&mut |(seq, _)| {
            if !self.committed.contains(&seq) {
                strays.push(seq);
            }
            Ok(())
        })?;
        for seq in strays {
            self.at(ProblemKind::Unexpected, seq, "has a sealed part that it does not commit to");
        }
        Ok(())
    }

    fn notices(&mut self) -> Result<()> {
        #[derive(Default)]
        struct Found {
            count: u64,
            digests: Vec<u8>,
            filed: BTreeSet<(String, bool)>,
        }
        let mut found: BTreeMap<u64, Found> = BTreeMap::new();
        self.tx.notice_chunks(None, u64::MAX, &mut |chunk| {
            let found = found.entry(chunk.seq).or_default();
            found.count += notices::count(&chunk);
            found.digests.extend(Hash::of(&chunk.bytes).0);
            found.filed.insert((chunk.purpose, chunk.undelivered));
            Ok(())
        })?;
        for (seq, Batch { of, filed, count, digest }) in std::mem::take(&mut self.batches) {
            let there = found.remove(&seq).unwrap_or_default();
            if there.count < count {
                let text = format!("recorded {count} {of}, of which {} are left", there.count);
                self.at(ProblemKind::Missing, seq, &text);
            } else if Hash::of(&there.digests) != digest {
                self.at(ProblemKind::Changed, seq, &format!("has {of} that were changed"));
            } else if there.filed.iter().any(|found| *found != filed) {
                self.at(ProblemKind::Changed, seq, &format!("has {of} that were filed as others"));
            } else if of == "tombstones" {
                self.report.tombstones += count;
            } else if filed.1 {
                self.report.undelivered += count;
            } else {
                self.report.notices += count;
            }
        }
        for seq in found.into_keys() {
            self.at(ProblemKind::Unexpected, seq, "has notices that it does not record");
        }
        Ok(())
    }

    /// Manifests against the digests that they are kept under. One that was never kept is none that is
    /// wrong: older programs kept none.
    fn manifests(&mut self) -> Result<()> {
        let mut changed = Vec::new();
        self.tx.manifests(&mut |(digest, text)| {
            if digest_of(&text) != digest {
                changed.push(digest);
            }
            Ok(())
        })?;
        for digest in changed {
            let named = |row: &&VersionRow| row.version.manifest_digest == digest;
            let event = self.picture.versions.iter().find(named).map(|row| row.version.seq);
            let of = event.map_or_else(String::new, |seq| format!(" that event {seq} names"));
            let text = format!("the manifest {digest}{of} was changed");
            self.problem(ProblemKind::Changed, event, text);
        }
        Ok(())
    }

    /// The tables of current state against the picture that the log gives.
    fn projections(&mut self) -> Result<()> {
        let mut stored: HashMap<u64, CaseRow> = HashMap::new();
        self.tx.cases(&CaseQuery::default(), &mut |row| {
            stored.insert(row.opened, row);
            Ok(())
        })?;
        let mut wrong = Vec::new();
        for told in self.picture.cases() {
            match stored.remove(&told.opened) {
                Some(row) if row == *told => {}
                Some(row) if row.status != told.status => wrong.push((
                    row.opened,
                    format!(
                        "case {} is {} in the tables, {} in the log",
                        told.case, row.status, told.status
                    ),
                )),
                Some(row) => wrong.push((
                    row.opened,
                    format!("case {} differs between the tables and the log", told.case),
                )),
                None => {
                    wrong.push((told.opened, format!("case {} is not in the tables", told.case)))
                }
            }
        }
        for row in stored.into_values() {
            wrong.push((row.opened, format!("case {} is in the tables, not in the log", row.case)));
        }
        wrong.sort_unstable();
        for (seq, text) in wrong {
            self.problem(ProblemKind::Projection, Some(seq), format!("{text} (event {seq})"));
        }

        let tx = self.tx;
        let newest: Vec<_> = self.picture.newest.clone().into_iter().collect();
        for (same, what) in [
            (tx.histories()? == self.picture.history, "histories of cases"),
            (tx.purposes()? == self.picture.purposes, "versions of purposes"),
            (tx.training()? == self.picture.training, "training sets"),
            (tx.training_versions(None)? == self.picture.versions, "versions of training sets"),
            (tx.runs()? == self.picture.runs, "training runs"),
            (tx.newest()? == newest, "newest objections"),
        ] {
            if !same {
                let text = format!("the table of {what} disagrees with the log");
                self.problem(ProblemKind::Projection, None, text);
            }
        }
        Ok(())
    }

    fn report(self) -> VerifyReport {
        VerifyReport { size: self.size, root: self.frontier.root(), ..self.report }
    }
}

/// Whether a sealed part is about the subject that it is filed under.
fn is_about(what: &What, personal: &Personal, subject: &Subject) -> bool {
    if !matches!(what, What::ObjectionReceived(_)) {
        return true;
    }
    match &subject.identity {
        Identity::Account(account) => personal.account.as_deref() == Some(&*account_text(account)),
        Identity::Record(record) => {
            personal.account.is_none() && personal.record.as_deref() == Some(record.0.as_str())
        }
        Identity::Contact(email) => {
            personal.account.is_none()
                && personal.record.is_none()
                && personal.contact.as_ref().is_some_and(|contact| contact.email == *email)
        }
    }
}
