//! Erasing a person (Art. 17).

use demur_core::id::AccountId;
use jiff::Timestamp;

use crate::Register;
use crate::error::Result;
use crate::event::What;
use crate::store::CaseQuery;
use crate::subject::Identity;
use crate::tombstones;

impl Register {
    /// Deletes everything readable about an account: its key, and with it the sealed parts and cases
    /// that only this key opens. What stays are events whose commitments nobody can resolve any
    /// more, and one event that says which cases were erased, so that a silent deletion is not taken
    /// for an erasure. What its objections covered stays out: keyed hashes of the account id, and of what
    /// [tombstones](crate::Tombstones) know of the person, are kept with it, and lead to nobody. Whoever
    /// is mentioned or depicted under an id that the account facts do not list is no longer recognised.
    ///
    /// Returns how many cases were erased.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn erase_account(&mut self, account: &AccountId, at: Timestamp) -> Result<usize> {
        let mut writer = self.writer(at)?;
        let tag = writer.keys.subject_tag(&Identity::Account(account.clone()));
        let Some(subject) = writer.tx.subject_by_tag(&tag)? else { return Ok(0) };
        let (mut cases, mut stood) = (Vec::new(), Vec::new());
        let query = CaseQuery { subject: Some(subject.id), ..CaseQuery::default() };
        writer.tx.cases(&query, &mut |row| {
            cases.push(row.case);
            stood.push((row.purpose, row.scopes, row.status));
            Ok(())
        })?;
        let erased = cases.len();
        let id = subject.id.cast_unsigned();
        tombstones::keep_erased(&mut writer, id, account, &stood)?;
        writer.append(What::SubjectErased { cases }, None)?;
        for (purpose, ..) in &stood {
            writer.touch(purpose);
        }
        writer.tx.delete_subject(subject.id)?;
        writer.commit()?;
        self.store.scrub()?;
        Ok(erased)
    }
}
