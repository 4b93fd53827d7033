//! Giving a copy of a register another secret.
//!
//! [`Register::rotate_key`](crate::Register::rotate_key) closes the secret anew and leaves it what it is. Whoever has
//! had the secret itself, which the first key is, is shut out by this only: every person's key is renewed, every
//! sealed part and all that is on the desk closed anew with it, and every seal of the log made anew. The log stays as
//! it is, to the byte: it holds commitments, which do not depend on keys. So the root is the same, and so is every
//! checkpoint and receipt given out.
//!
//! Three keys stay, closed under the new secret (the *heirloom*): the one that tags are taken with, because the log
//! has digests over tags of notices and tombstones; the one that links are sealed under, because mails were sent with
//! them; and the one that signs checkpoints, because others check by it. Whoever had the earlier secret can still
//! make links, recognise tags and sign, and open nothing.

use crate::desk;
use crate::entropy::{Entropy, draw};
use crate::error::{Error, Result};
use crate::keys::{self, Keys, Tag};
use crate::merkle::{Frontier, Hash};
use crate::rotate;
use crate::store::{DeskRow, EventRow, HeadRow, PersonalRow, Read, SubjectRow};
use crate::subject::Subject;
use crate::writer::{open_subject, root_of};

/// The setting that holds the keys that stay.
pub(crate) const HEIRLOOM: &str = "heirloom";

/// From one secret to another, row by row. Rows come from a register that was found sound.
pub(crate) struct Reseal<'a> {
    from: &'a Keys,
    to: &'a Keys,
    entropy: &'a mut dyn Entropy,
    /// The person of the last row: rows of one person often follow each other.
    last: Option<Subject>,
}

impl<'a> Reseal<'a> {
    pub(crate) fn new(from: &'a Keys, to: &'a Keys, entropy: &'a mut dyn Entropy) -> Self {
        Reseal { from, to, entropy, last: None }
    }

    pub(crate) fn subject(&mut self, row: &mut SubjectRow) -> Result<()> {
        let mut subject = open_subject(self.from, row)?;
        subject.key = self.to.renewed(&subject.key);
        row.wrapped = self.to.wrap(&subject, &row.tag, self.entropy);
        Ok(())
    }

    pub(crate) fn event(&self, row: &mut EventRow) {
        row.seal = self.to.seal_place(row.seq, &row.leaf);
    }

    pub(crate) fn personal(&mut self, from: &dyn Read, row: &mut PersonalRow) -> Result<()> {
        let [earlier, new] = self.own_keys(from, row.subject)?;
        row.sealed = keys::reseal_personal(&earlier, &new, row.seq, &row.sealed, self.entropy)
            .ok_or_else(|| {
                Error::Damaged(format!("the sealed part of event {} was changed", row.seq))
            })?;
        Ok(())
    }

    pub(crate) fn desk(&mut self, from: &dyn Read, row: &mut DeskRow) -> Result<()> {
        let own = row.subject.map(|id| self.own_keys(from, id)).transpose()?;
        let [earlier, new] = own.map_or([None, None], |keys| keys.map(Some));
        let context = desk::context_of(row.drawer, &row.key);
        let text =
            self.from.open_item(earlier.as_ref(), &context, &row.sealed).ok_or_else(|| {
                Error::Damaged("something on the desk was changed by someone else".into())
            })?;
        row.sealed = self.to.seal_item(new.as_ref(), draw(self.entropy), &context, &text);
        Ok(())
    }

    pub(crate) fn head(&self, row: &mut HeadRow) -> Result<()> {
        let frontier = Frontier::from_bytes(row.size, &row.frontier)
            .ok_or_else(|| Error::Damaged("the end of the log was changed".into()))?;
        row.seal = self.to.seal_head(row.size, &frontier.root());
        Ok(())
    }

    /// Settings that are sealed, and the keys that stay.
    pub(crate) fn settings(
        &mut self,
        from: &dyn Read,
        settings: &mut Vec<(String, Vec<u8>)>,
    ) -> Result<()> {
        for (purpose, size) in from.newest()? {
            let name = root_of(&purpose);
            // One that is not whole is found out by reading the log, and not needed.
            settings
                .retain_mut(|(found, value)| *found != name || self.root(size, value).is_some());
        }
        settings.retain(|(name, _)| name != HEIRLOOM && name != rotate::SECRET);
        settings.push((HEIRLOOM.to_owned(), self.to.seal_heirloom(self.entropy)));
        Ok(())
    }

    fn root(&self, size: u64, value: &mut Vec<u8>) -> Option<()> {
        let (seal, root) = value.split_first_chunk::<{ size_of::<Tag>() }>()?;
        let root = Hash(root.try_into().ok()?);
        let is_sealed = self.from.seal_head(size, &root) == *seal;
        *value = is_sealed.then(|| [&self.to.seal_head(size, &root)[..], &root.0].concat())?;
        Some(())
    }

    /// A person's key, and what becomes of it.
    fn own_keys(&mut self, from: &dyn Read, id: i64) -> Result<[keys::SubjectKey; 2]> {
        if self.last.as_ref().is_none_or(|last| last.id != id) {
            self.last = Some(crate::writer::load_subject(from, self.from, id)?);
        }
        let earlier = self.last.as_ref().map(|subject| subject.key);
        let earlier = earlier.ok_or_else(|| Error::Damaged("a person has no key".into()))?;
        Ok([earlier, self.to.renewed(&earlier)])
    }
}
