//! Refusals that a second reviewer must confirm, where the purpose says so: two people look before somebody
//! is told no.

use demur_core::objection::Status;
use demur_core::purpose::Refusals;
use jiff::Timestamp;

use crate::decide::{allow, is_open, purpose_of};
use crate::error::{Error, Result};
use crate::event::{Event, What};
use crate::projection::CaseRow;
use crate::writer::{Writer, load_personal};
use crate::{Case, Refusal};

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
pub(crate) fn standing(row: &CaseRow, writer: &Writer<'_>) -> Result<Option<(String, String)>> {
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
