//! Amending: the snapshot that compiling would give after a few more objections, made from the one before.
//! Its file is mapped once more, and only what changes is copied.
//!
//! Only words change: whoever is listed keeps the slot, and the accounts of a person are known from the
//! links. Whatever the file does not tell is left to the compiler.

use std::collections::BTreeMap;
use std::path::PathBuf;

use demur_core::objection::Effect;
use demur_core::purpose::Purpose;
use demur_core::rules::Objection;

use crate::changes::{Changed, Changes};
use crate::compile::{Origin, effects_of};
use crate::error::Error;
use crate::format::Meta;
use crate::snapshot::{Key, Snapshot};
use crate::word::Word;

/// Collects what has changed since a snapshot.
#[derive(Debug)]
pub struct Amender<'a> {
    last: &'a Snapshot,
    purpose: &'a Purpose,
    /// New words, by slot.
    words: BTreeMap<usize, Word>,
    /// (person, slot) of linked accounts, sorted.
    persons: Vec<(u32, u32)>,
}

impl<'a> Amender<'a> {
    /// Begins with `last`, whose rules are those of `purpose`. `None` where the file does not tell which
    /// accounts belong to one person: some account is listed under several, or an earlier version wrote it.
    #[must_use]
    pub fn new(last: &'a Snapshot, purpose: &'a Purpose) -> Option<Self> {
        if last.meta().of_several_persons != Some(0) {
            return None;
        }
        let mut persons: Vec<_> =
            last.links().iter().map(|link| (link.person, link.slot)).collect();
        persons.sort_unstable();
        Some(Amender { last, purpose, words: BTreeMap::new(), persons })
    }

    /// Takes objections in that count for an account besides what `last` knows of it; those that it knows
    /// may be among them. They cover all accounts of the person. Says whether that could be done: not for
    /// an account that is not listed, and not for an objection to a single record.
    #[must_use]
    pub fn add(&mut self, account: Key<'_>, objections: &[Objection]) -> bool {
        let Some(word) = self.effects(objections) else { return false };
        let Some(slot) = self.last.find(account) else { return word == Word::ABSENT };
        for slot in self.of_person(slot) {
            let known = self.word(slot);
            self.words.insert(slot, known.with_effects(word));
        }
        true
    }

    /// Has exactly these objections count for an account, whatever `last` knows. Says whether that could
    /// be done: not for somebody who has another account, not for an account that is or might be listed
    /// for its objections alone, not for an objection to a single record, and not where others of the account
    /// may have been entered under an id of another kind.
    #[must_use]
    pub fn replace(&mut self, account: Key<'_>, objections: &[Objection]) -> bool {
        let Some(word) = self.effects(objections) else { return false };
        let Some(slot) = self.last.find(account) else { return word == Word::ABSENT };
        let known = self.word(slot);
        let of_other_kinds = self.last.meta().of_other_kinds;
        if known.is_linked() || known.of_unknown_age() || of_other_kinds != Some(0) {
            return false;
        }
        self.words.insert(slot, known.without_effects().with_effects(word));
        true
    }

    /// What objections come to together; `None` where one names a record.
    fn effects(&self, objections: &[Objection]) -> Option<Word> {
        let in_force = |objection: &&Objection| objection.status.effect() != Effect::None;
        objections.iter().filter(in_force).try_fold(Word::ABSENT, |word, objection| {
            if objection.record.is_some() {
                return None;
            }
            Some(word.with_effects(effects_of(self.purpose, objection)))
        })
    }

    fn word(&self, slot: usize) -> Word {
        self.words.get(&slot).copied().unwrap_or_else(|| self.last.slots()[slot].word)
    }

    fn of_person(&self, slot: usize) -> Vec<usize> {
        let Some(person) = self.last.person(slot) else { return vec![slot] };
        let first = self.persons.partition_point(|(other, _)| *other < person);
        let theirs = self.persons[first..].iter().take_while(|(other, _)| *other == person);
        theirs.map(|(_, slot)| *slot as usize).collect()
    }

    /// The amended snapshot. It is called what `path` makes of its digest, and lies nowhere until somebody
    /// [saves](Snapshot::save) it. `None` where what it says of itself takes more room than its place has.
    ///
    /// # Errors
    /// Where the last one cannot be mapped once more.
    pub fn amend(
        self,
        path: impl FnOnce(&str) -> PathBuf,
        origin: Origin<'_>,
    ) -> Result<Option<Snapshot>, Error> {
        let (before, after) = self.words.iter().fold((0, 0), |(before, after), (slot, word)| {
            let was = self.last.slots()[*slot].word;
            (before + u64::from(was.is_objecting()), after + u64::from(word.is_objecting()))
        });
        let meta = Meta {
            register_size: origin.register_size,
            register_root: origin.register_root,
            accounts_digest: origin.accounts_digest,
            facts_read: Some(origin.facts_read),
            objecting: self.last.meta().objecting + after - before,
            ..self.last.meta().clone()
        };
        let mut next = self.last.changed(&meta, &self.words, path)?;
        if let Some(next) = &mut next {
            next.amended = self.changes().map(|changes| (self.last.digest().to_owned(), changes));
        }
        Ok(next)
    }

    /// The words that are others now, by account; `None` where two accounts share a hash.
    fn changes(&self) -> Option<Changes> {
        let (slots, mut changes) = (self.last.slots(), Changes::default());
        for (slot, after) in &self.words {
            let (hash, before) = (slots[*slot].hash(), slots[*slot].word);
            let neighbours = [slot.checked_sub(1), Some(slot + 1)].into_iter().flatten();
            let mut neighbours = neighbours.filter_map(|at| slots.get(at));
            if neighbours.any(|other| !other.word.is_empty() && other.hash() == hash) {
                return None;
            }
            if before != *after {
                changes.accounts.push(Changed { hash, before, after: *after });
            }
        }
        Some(changes)
    }
}
