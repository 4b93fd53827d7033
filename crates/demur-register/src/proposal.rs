//! Refusals that a second reviewer must confirm, where the purpose says so: two people look before somebody
//! is told no.

use demur_core::objection::Status;
use demur_core::purpose::Refusals;
use jiff::Timestamp;

use crate::decide::{allow, is_open, purpose_of, sealed_parts};
use crate::error::{Error, Result};
use crate::event::{By, Event, What};
use crate::projection::CaseRow;
use crate::writer::{Writer, load_personal};
use crate::{Act, Case, CaseId, Refusal, Register};

/// A refusal that a reviewer has proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// When.
    pub at: Timestamp,
    /// It, with the proposing reviewer's name.
    pub refusal: Refusal,
}

impl Case {
    /// The proposal that stands: the last one, unless the case was decided or reopened since.
    #[must_use]
    pub fn proposal(&self) -> Option<Proposal> {
        let last = self.history.iter().rev().find(|entry| ends_search(&entry.what))?;
        let What::RefusalProposed(_) = last.what else { return None };
        let said = last.personal.clone()?;
        Some(Proposal {
            at: last.at,
            refusal: Refusal {
                by: said.by?,
                grounds: said.grounds?,
                authority: said.authority?,
                court_route: said.court_route?,
                ground: said.ground,
            },
        })
    }
}

impl Act<'_, '_> {
    /// Whether a refusal would be accepted, without making it.
    ///
    /// # Errors
    /// Those of [`refuse`](Self::refuse).
    pub fn may_refuse(&self, case: &CaseId, refusal: &Refusal) -> Result<()> {
        sealed_parts(refusal)?;
        let row = self.writer.tx.case(*case)?.ok_or(Error::NoSuchCase(*case))?;
        may_refuse(&row, self.writer, refusal)
    }

    /// Proposes to refuse a case, for another reviewer to confirm. A later proposal takes the place of an
    /// earlier one.
    ///
    /// # Errors
    /// Where the case is unknown or no longer open, a part of the refusal is empty, or the purpose forbids
    /// refusals or needs no second reviewer.
    pub fn propose_refusal(&mut self, case: &CaseId, refusal: &Refusal) -> Result<()> {
        let personal = sealed_parts(refusal)?;
        self.step(*case, By::Reviewer, Some(personal), What::RefusalProposed, |row, writer| {
            allow(row, is_open(row), "reopen it before deciding it anew")?;
            match purpose_of(writer, &row.purpose)?.refusals {
                Refusals::TwoReviewers => Ok(()),
                Refusals::Allowed => Err(Error::Invalid(format!(
                    "purpose \"{}\" asks for no second reviewer; refuse the case itself",
                    row.purpose
                ))),
                Refusals::Never => Err(Error::RefusalsForbidden(row.purpose.clone())),
            }
        })
    }

    /// Whether a refusal of the case is proposed and waits for a second reviewer.
    ///
    /// # Errors
    /// Where the case is unknown, or the register cannot be read.
    pub fn is_refusal_proposed(&self, case: &CaseId) -> Result<bool> {
        let row = self.writer.tx.case(*case)?.ok_or(Error::NoSuchCase(*case))?;
        standing(&row, self.writer).map(|proposal| proposal.is_some())
    }
}

impl Register {
    /// Proposes to refuse a case; see [`Act::propose_refusal`].
    ///
    /// # Errors
    /// As there.
    pub fn propose_refusal(
        &mut self,
        case: &CaseId,
        refusal: &Refusal,
        at: Timestamp,
    ) -> Result<()> {
        self.act(at, |act| act.propose_refusal(case, refusal))
    }
}

/// Whether two names are one reviewer's, however they are typed.
#[must_use]
pub fn is_same_reviewer(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Fails where a refusal may not be made.
pub(crate) fn may_refuse(row: &CaseRow, writer: &Writer<'_>, refusal: &Refusal) -> Result<()> {
    allow(row, is_open(row), "reopen it before deciding it anew")?;
    match purpose_of(writer, &row.purpose)?.refusals {
        Refusals::Allowed => Ok(()),
        Refusals::TwoReviewers => is_confirmed(row, writer, refusal),
        Refusals::Never => Err(Error::RefusalsForbidden(row.purpose.clone())),
    }
}

fn is_confirmed(row: &CaseRow, writer: &Writer<'_>, refusal: &Refusal) -> Result<()> {
    let needs = |what: &str| {
        Err(Error::Invalid(format!("purpose \"{}\" asks for two reviewers: {what}", row.purpose)))
    };
    let Some((by, grounds)) = standing(row, writer)? else {
        return needs("propose the refusal, and let another reviewer confirm it");
    };
    if is_same_reviewer(&by, &refusal.by) {
        return needs("who proposed the refusal cannot confirm it");
    }
    if grounds != refusal.grounds {
        return needs("the refusal must be confirmed on the grounds it was proposed on");
    }
    Ok(())
}

/// Who proposed a refusal that stands, and on which grounds.
fn standing(row: &CaseRow, writer: &Writer<'_>) -> Result<Option<(String, String)>> {
    for seq in writer.tx.history(row.opened)?.into_iter().rev() {
        let what = Event::parse(seq, &writer.tx.event(seq)?.body)?.what;
        if !ends_search(&what) {
            continue;
        }
        let What::RefusalProposed(_) = what else { return Ok(None) };
        let subject = writer.subject_of(row)?;
        let said = load_personal(&*writer.tx, &subject, seq)?.unwrap_or_default();
        return Ok(said.by.zip(said.grounds));
    }
    Ok(None)
}

/// Whether an event is a proposal, or ends those before it.
fn ends_search(what: &What) -> bool {
    matches!(what, What::RefusalProposed(_))
        || what.status().is_some_and(|status| status != Status::UnderReview)
}
