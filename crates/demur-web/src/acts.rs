//! What people and reviewers do, and what follows from it: each act of the register together with the
//! letter that tells the person, in one transaction. So no case is ever decided without its letter, and
//! no letter goes out for what did not happen.

use demur_core::id::AccountId;
use demur_core::objection::Status;
use demur_register::desk::{Drawer, ItemKey};
use demur_register::event::Letter;
use demur_register::{Act, CaseId, Error, Extension, NewObjection, Refusal, Submitted};
use serde::{Deserialize, Serialize};

/// A letter that waits on the desk to be composed and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaitingLetter {
    /// The case that it is about.
    pub(crate) case: String,
    /// Which letter.
    pub(crate) letter: Letter,
    /// The log's size when it was put there; makes letters of one case distinct.
    pub(crate) position: u64,
    /// How often it was tried.
    #[serde(default)]
    pub(crate) attempts: u32,
    /// A refusal that takes effect once the person was told (Art. 18(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<WaitingRefusal>,
}

/// The parts of a refusal that waits for its letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaitingRefusal {
    pub(crate) by: String,
    pub(crate) grounds: String,
    pub(crate) authority: String,
    pub(crate) court_route: String,
}

/// Takes an objection in. The person gets one letter: that it is approved where a rule approved it, and
/// else that it has arrived.
///
/// # Errors
/// Those of [`Act::submit`].
pub fn submit(act: &mut Act<'_, '_>, new: NewObjection) -> Result<Submitted, Error> {
    let account = new.account.clone();
    let submitted = act.submit(new)?;
    if submitted.is_new {
        let letter = match submitted.status {
            Status::Approved => Letter::Approval,
            _ => Letter::Receipt,
        };
        put_letter(act, submitted.case, letter, account.as_ref())?;
    }
    Ok(submitted)
}

/// Takes an objection back, as its person wishes.
///
/// # Errors
/// Those of [`Act::withdraw`].
pub fn withdraw(
    act: &mut Act<'_, '_>,
    case: CaseId,
    account: Option<&AccountId>,
) -> Result<(), Error> {
    act.withdraw(&case)?;
    put_letter(act, case, Letter::Withdrawal, account).map(drop)
}

/// Approves a case.
///
/// # Errors
/// Those of [`Act::approve`].
pub fn approve(
    act: &mut Act<'_, '_>,
    case: CaseId,
    account: Option<&AccountId>,
    reviewer: &str,
) -> Result<(), Error> {
    act.approve(&case, reviewer)?;
    put_letter(act, case, Letter::Approval, account).map(drop)
}

/// Extends a deadline.
///
/// # Errors
/// Those of [`Act::extend`].
pub fn extend(
    act: &mut Act<'_, '_>,
    case: CaseId,
    account: Option<&AccountId>,
    extension: &Extension,
) -> Result<(), Error> {
    act.extend(&case, extension)?;
    put_letter(act, case, Letter::Extension, account).map(drop)
}

/// Has a refusal sent. The restriction holds until the person was told (Art. 18(3)): the refusal is
/// entered together with the note that its letter went out.
///
/// # Errors
/// Where the register cannot be written.
pub fn send_refusal(
    act: &mut Act<'_, '_>,
    case: CaseId,
    account: Option<&AccountId>,
    refusal: &Refusal,
) -> Result<(), Error> {
    let Refusal { by, grounds, authority, court_route } = refusal.clone();
    let parts = WaitingRefusal { by, grounds, authority, court_route };
    put(act, case, Letter::Refusal, account, Some(parts)).map(drop)
}

/// Puts a letter on the desk.
pub(crate) fn put_letter(
    act: &mut Act<'_, '_>,
    case: CaseId,
    letter: Letter,
    account: Option<&AccountId>,
) -> Result<ItemKey, Error> {
    put(act, case, letter, account, None)
}

/// Where a refusal lies that waits for its letter: a case has one at most.
pub(crate) fn refusal_name(case: CaseId) -> Vec<u8> {
    format!("{case}/refusal").into_bytes()
}

fn put(
    act: &mut Act<'_, '_>,
    case: CaseId,
    letter: Letter,
    account: Option<&AccountId>,
    refusal: Option<WaitingRefusal>,
) -> Result<ItemKey, Error> {
    let position = act.size();
    let name = match refusal {
        Some(_) => refusal_name(case),
        None => format!("{case}/{position}").into_bytes(),
    };
    let waiting = WaitingLetter { case: case.to_string(), letter, position, attempts: 0, refusal };
    let text = serde_json::to_string(&waiting).unwrap_or_default();
    let at = act.at();
    act.put(Drawer::Letter, &name, at, account, &text)
}
