//! What was said for a purpose since an earlier state of it: little, most of the time, so that what was
//! made of that state can be amended rather than made again.

use std::collections::BTreeMap;

use demur_core::id::AccountId;
use demur_core::rules::Objection;

use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::merkle::Hash;
use crate::store::CaseQuery;
use crate::subject::Identity;
use crate::training::newest;
use crate::writer::{load_root, load_subject};
use crate::{CaseId, Register};

/// What was said since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// How many events count now, as [`PurposeState::size`](crate::PurposeState::size) has it.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Whether somebody was told, or a notice came back.
    pub told: bool,
    /// Accounts of which something was said.
    pub accounts: Vec<SaidOf>,
}

/// What is said now under one account of which something was said since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidOf {
    /// A number for it, as [`Whose::of`](crate::Whose::of) has it.
    pub of: u64,
    /// The account.
    pub account: AccountId,
    /// Every objection to the purpose that arrived under it, those of before included.
    pub objections: Vec<Objection>,
    /// Whether any of them may do less now than it did then.
    pub less: bool,
}

impl Register {
    /// What was said for a purpose since its state had `since` events. `None` where that cannot be told
    /// by accounts: more than `most` events were entered, somebody was erased, or a single record was
    /// objected to.
    ///
    /// # Errors
    /// Where the log was never that long, or is damaged.
    pub fn said_since(&self, purpose: &str, since: u64, most: u64) -> Result<Option<Since>> {
        let tx = self.store.read()?;
        let size = newest(&*tx, purpose)?;
        if since > size {
            let what = format!("purpose `{purpose}` has {size} events, not yet {since}");
            return Err(Error::Invalid(what));
        }
        if size - since > most {
            return Ok(None);
        }
        let (mut told, mut whole) = (false, true);
        // Cases of which something was said, and whether it may do less than before.
        let mut cases: BTreeMap<CaseId, bool> = BTreeMap::new();
        tx.events(since..size, &mut |row| {
            let what = Event::parse(row.seq, &row.body)?.what;
            match &what {
                What::ObjectionReceived(received) => {
                    if received.purpose == purpose {
                        cases.insert(received.case, false);
                    }
                }
                What::NoticesDelivered { purpose: of, .. }
                | What::NoticesUndelivered { purpose: of, .. } => told |= of == purpose,
                What::ErasedStayOut { .. } | What::SubjectErased { .. } => whole = false,
                step => {
                    let grows = matches!(step, What::ReviewStarted(_) | What::ObjectionApproved(_));
                    if let Some(case) = step.case().filter(|_| step.status().is_some()) {
                        *cases.entry(case).or_default() |= !grows;
                    }
                }
            }
            Ok(())
        })?;

        // By subject: whether less may be in force.
        let mut subjects: BTreeMap<i64, bool> = BTreeMap::new();
        for (case, less) in cases {
            // A case that is gone was erased, by an event of its own.
            let Some(row) = tx.case(case)? else { return Ok(None) };
            if row.purpose == purpose {
                // What was not there then did nothing.
                *subjects.entry(row.subject).or_default() |= less && row.opened < since;
            }
        }
        let mut accounts = Vec::with_capacity(subjects.len());
        for (subject, less) in subjects {
            let query = CaseQuery {
                purpose: Some(purpose.to_owned()),
                subject: Some(subject),
                ..CaseQuery::default()
            };
            let mut objections = Vec::new();
            tx.cases(&query, &mut |row| {
                whole &= !row.names_record;
                objections.push(Objection {
                    account: None,
                    scopes: row.scopes,
                    record: None,
                    status: row.status,
                });
                Ok(())
            })?;
            let account = match load_subject(&*tx, &self.keys, subject)?.identity {
                Identity::Account(account) => account,
                Identity::Record(_) => return Ok(None),
                // Someone without an account who named no record: a person looks for what is meant.
                Identity::Contact(_) => continue,
            };
            for objection in &mut objections {
                objection.account = Some(account.clone());
            }
            accounts.push(SaidOf { of: subject.cast_unsigned(), account, objections, less });
        }
        if !whole {
            return Ok(None);
        }
        let root = load_root(&*tx, &self.keys, size)?;
        Ok(Some(Since { size, root, told, accounts }))
    }
}
