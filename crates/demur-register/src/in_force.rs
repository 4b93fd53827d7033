//! What objections do to people's data right now, for many people at once.

use demur_core::id::AccountId;
use demur_core::objection::{Effect, Scopes};

use crate::Register;
use crate::error::Result;
use crate::store::{CaseQuery, Read};
use crate::subject::Identity;

/// What the objections of one person cover, for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// By objections that are not decided yet (Art. 18(1)(d)).
    pub restricted: Scopes,
    /// By objections that are approved.
    pub objected: Scopes,
}

impl Register {
    /// What is in force for each of `people`, who are given by all of their accounts. Objections to
    /// single records are not part of it.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn in_force(
        &self,
        purpose: &str,
        people: &[impl AsRef<[AccountId]>],
    ) -> Result<Vec<InForce>> {
        let tx = self.store.read()?;
        people.iter().map(|accounts| self.of_person(&*tx, purpose, accounts.as_ref())).collect()
    }

    fn of_person(&self, tx: &dyn Read, purpose: &str, accounts: &[AccountId]) -> Result<InForce> {
        let mut found = InForce { restricted: Scopes::NONE, objected: Scopes::NONE };
        for account in accounts {
            let tag = self.keys.subject_tag(&Identity::Account(account.clone()));
            let Some(subject) = tx.subject_by_tag(&tag)? else { continue };
            let query = CaseQuery {
                purpose: Some(purpose.to_owned()),
                subject: Some(subject.id),
                ..CaseQuery::default()
            };
            tx.cases(&query, &mut |row| {
                let covered = match row.status.effect() {
                    Effect::None => return Ok(()),
                    Effect::Restricted => &mut found.restricted,
                    Effect::Objected => &mut found.objected,
                };
                *covered = covered.iter().chain(row.scopes.iter()).collect();
                Ok(())
            })?;
        }
        Ok(found)
    }
}
