//! What differs between two snapshots: whom a training set has to be brought up to date about.

use crate::format::{Slot, hash_text};
use crate::snapshot::{Key, Snapshot};
use crate::word::Word;

/// What a later snapshot says otherwise than an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Accounts with other entries, ordered by hash.
    pub accounts: Vec<Changed>,
    /// Records that were objected to since.
    pub items: Vec<String>,
    /// Records whose objections have ended since.
    pub items_back: Vec<String>,
}

/// One account with another entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its hash ([`Snapshot::hash`]).
    pub hash: u64,
    /// What the earlier snapshot says.
    pub before: Word,
    /// What the later one says.
    pub after: Word,
}

impl Changed {
    /// Whether only objections differ, and nothing that the account facts or notices say.
    #[must_use]
    pub fn is_of_objections(&self) -> bool {
        // Of accounts without an entry nothing is known, as of those that are there for an objection alone.
        let rest = |word: Word| match word.is_empty() {
            true => Word::UNKNOWN,
            false => word.without_effects(),
        };
        rest(self.before) == rest(self.after)
    }
}

impl Snapshot {
    /// The number by which accounts are ordered: one-to-one for integer ids, a 64-bit hash for strings.
    #[must_use]
    pub fn hash(id: Key<'_>) -> u64 {
        match id {
            Key::Number(n) => crate::format::mix(n),
            Key::Text(text) => hash_text(text),
        }
    }

    /// What this snapshot says otherwise than `earlier`. `None` where entries cannot be told apart by
    /// account: the rules or the account facts have changed, or which columns of them are read, or by which
    /// version of the program; or two string ids share a hash.
    #[must_use]
    pub fn changes_since(&self, earlier: &Snapshot) -> Option<Changes> {
        let (now, then) = (self.meta(), earlier.meta());
        if now.purpose_digest != then.purpose_digest
            || now.accounts_digest != then.accounts_digest
            || now.facts_read.is_none()
            || now.facts_read != then.facts_read
            || now.id_kind != then.id_kind
        {
            return None;
        }
        if self.digest() == earlier.digest() {
            return Some(Changes::default());
        }
        if let Some((of, changes)) = &self.amended
            && of == earlier.digest()
        {
            return Some(changes.clone());
        }
        let mut changes = Changes::default();
        let mut before = earlier.taken().peekable();
        let mut after = self.taken().peekable();
        let mut last = None;
        loop {
            let next = [before.peek(), after.peek()].into_iter().flatten().map(Slot::hash).min();
            let Some(hash) = next else { break };
            if last == Some(hash) {
                return None;
            }
            last = Some(hash);
            let word = |slot: Option<Slot>| slot.map_or(Word::ABSENT, |slot| slot.word);
            let before = word(before.next_if(|slot| slot.hash() == hash));
            let after = word(after.next_if(|slot| slot.hash() == hash));
            if before != after {
                changes.accounts.push(Changed { hash, before, after });
            }
        }
        let (mut now, mut then): (Vec<&[u8]>, Vec<&[u8]>) =
            (self.item_ids().collect(), earlier.item_ids().collect());
        now.sort_unstable();
        then.sort_unstable();
        let missing = |all: &[&[u8]], from: &[&[u8]]| -> Vec<String> {
            let missing = all.iter().filter(|id| from.binary_search(id).is_err());
            missing.map(|id| String::from_utf8_lossy(id).into_owned()).collect()
        };
        changes.items = missing(&now, &then);
        changes.items_back = missing(&then, &now);
        Some(changes)
    }

    fn taken(&self) -> impl Iterator<Item = Slot> {
        self.slots().iter().copied().filter(|slot| !slot.word.is_empty())
    }
}
