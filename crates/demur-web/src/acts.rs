//! What people and reviewers do, and what follows from it: each act of the register together with the
//! letter that tells the person, in one transaction. So no case is ever decided without its letter, and
//! no letter goes out for what did not happen.

use demur_core::id::AccountId;
use demur_core::objection::Status;
use demur_register::desk::{Drawer, ItemKey};
use demur_register::event::{By, Ground, Letter, What};
use demur_register::{
    Act, Case, CaseId, Error, Extension, NewObjection, Refusal, Register, Submitted,
};
use jiff::Timestamp;
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
    /// Other cases that the same form opened and that this letter tells of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) also: Vec<String>,
    /// Whether it was given up: a person has to do something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stuck: Option<Stuck>,
    /// A refusal that takes effect once the person was told (Art. 18(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<WaitingRefusal>,
}

/// Why a letter was given up. Never an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stuck {
    /// There is no address to write to.
    NoAddress,
    /// The address is none.
    BadAddress,
    /// The recipient's server refuses the recipient or the letter for good.
    Refused,
    /// It was tried for days.
    TooLong,
    /// A part that the law asks for is missing: no supervisory authority is known, or no reasons.
    Incomplete,
    /// The purpose no longer allows refusals.
    RefusalsForbidden,
}

/// The parts of a refusal that waits for its letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaitingRefusal {
    pub(crate) by: String,
    pub(crate) grounds: String,
    pub(crate) authority: String,
    pub(crate) court_route: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ground: Option<Ground>,
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

/// Takes in all that one form brought. Whoever has no account gets one letter for each purpose, about all
/// that is new.
///
/// # Errors
/// Those of [`Act::submit`]; then none of them is taken in.
pub(crate) fn submit_all(
    act: &mut Act<'_, '_>,
    all: Vec<NewObjection>,
) -> Result<Vec<Submitted>, Error> {
    let mut submitted = Vec::with_capacity(all.len());
    let mut noted: Vec<(String, WaitingLetter)> = Vec::new();
    for new in all {
        if new.account.is_some() {
            submitted.push(submit(act, new)?);
            continue;
        }
        let purpose = new.purpose.clone();
        let one = act.submit(new)?;
        submitted.push(one);
        if !one.is_new {
            continue;
        }
        let case = one.case.to_string();
        match noted.iter_mut().find(|(of, _)| *of == purpose) {
            Some((_, letter)) => letter.also.push(case),
            None => noted.push((purpose, WaitingLetter::new(case, Letter::Receipt, act.size()))),
        }
    }
    for (_, letter) in noted {
        lay(act, None, &letter)?;
    }
    Ok(submitted)
}

/// Takes in what a reviewer found for someone who described it in words. Whoever wrote has had a receipt
/// for that; a letter follows only where a rule approves at once.
///
/// # Errors
/// Those of [`Act::submit`].
pub(crate) fn submit_found(act: &mut Act<'_, '_>, new: NewObjection) -> Result<Submitted, Error> {
    let account = new.account.clone();
    let submitted = act.submit(new)?;
    if submitted.is_new && submitted.status == Status::Approved {
        put_letter(act, submitted.case, Letter::Approval, account.as_ref())?;
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
    take_back_refusal(act, case)?;
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
    take_back_refusal(act, case)?;
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

/// Opens a closed case again. The person gets a receipt, as for a new one.
///
/// # Errors
/// Those of [`Act::reopen`].
pub fn reopen(
    act: &mut Act<'_, '_>,
    case: CaseId,
    account: Option<&AccountId>,
    by: By,
    grounds: Option<&str>,
) -> Result<(), Error> {
    act.reopen(&case, by, grounds)?;
    put_letter(act, case, Letter::Receipt, account).map(drop)
}

/// Has a refusal sent. The restriction holds until the person was told (Art. 18(3)): the refusal is
/// entered together with the note that its letter went out.
///
/// # Errors
/// Those of [`Act::refuse`]; or where another refusal of the case waits for its letter.
pub fn send_refusal(
    act: &mut Act<'_, '_>,
    case: CaseId,
    account: Option<&AccountId>,
    refusal: &Refusal,
) -> Result<(), Error> {
    act.may_refuse(&case, refusal)?;
    if is_refusal_waiting(act, case)? {
        return Err(Error::Invalid(format!(
            "a refusal of case {case} waits for its letter already"
        )));
    }
    let Refusal { by, grounds, authority, court_route, ground } = refusal.clone();
    let parts = WaitingRefusal { by, grounds, authority, court_route, ground };
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

fn put(
    act: &mut Act<'_, '_>,
    case: CaseId,
    letter: Letter,
    account: Option<&AccountId>,
    refusal: Option<WaitingRefusal>,
) -> Result<ItemKey, Error> {
    let position = act.size();
    let waiting =
        WaitingLetter { refusal, ..WaitingLetter::new(case.to_string(), letter, position) };
    lay(act, account, &waiting)
}

/// Lays a letter on the desk, to be sent at once.
fn lay(
    act: &mut Act<'_, '_>,
    account: Option<&AccountId>,
    waiting: &WaitingLetter,
) -> Result<ItemKey, Error> {
    let at = act.at();
    act.put(Drawer::Letter, &waiting.name(), at, account, &waiting.text())
}

impl WaitingLetter {
    fn new(case: String, letter: Letter, position: u64) -> Self {
        let (attempts, also, stuck, refusal) = (0, Vec::new(), None, None);
        WaitingLetter { case, letter, position, attempts, also, stuck, refusal }
    }

    /// The name under which it lies on the desk.
    fn name(&self) -> Vec<u8> {
        match self.refusal {
            Some(_) => refusal_name(&self.case),
            None => letter_name(&self.case, self.position),
        }
    }

    /// What lies there.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Enters that a letter went out and takes it from the desk; a refusal takes effect with it. Says
/// whether it was still there.
///
/// # Errors
/// Where the register cannot be written.
pub(crate) fn letter_went_out(
    act: &mut Act<'_, '_>,
    key: &ItemKey,
    letter: &WaitingLetter,
) -> Result<bool, Error> {
    if !act.remove(key)? {
        return Ok(false);
    }
    let cases = std::iter::once(&letter.case).chain(&letter.also);
    let cases: Vec<CaseId> = cases.filter_map(|case| case.parse().ok()).collect();
    if let (Some(parts), Some(case)) = (&letter.refusal, cases.first()) {
        let WaitingRefusal { by, grounds, authority, court_route, ground } = parts.clone();
        let refusal = Refusal { by, grounds, authority, court_route, ground };
        match act.refuse(case, &refusal) {
            // Whoever withdrew this instant, or was granted it, is not refused; nor is anybody whose
            // purpose forbids it by now.
            Ok(()) | Err(Error::Transition { .. } | Error::RefusalsForbidden(_)) => {}
            Err(error) => return Err(error),
        }
    }
    for case in &cases {
        match act.letter_sent(case, letter.letter) {
            Ok(()) | Err(Error::NoSuchCase(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// A reviewer says that someone who cannot be written to was told otherwise, by post or on the
/// telephone: the letter counts as sent, and a refusal takes effect. Says whether it still waited.
///
/// # Errors
/// Where the case is unknown, the reviewer has no name, or the register cannot be written.
pub fn told_otherwise(
    act: &mut Act<'_, '_>,
    case: CaseId,
    position: u64,
    reviewer: &str,
) -> Result<bool, Error> {
    let Some((key, letter)) = waiting(act, case, position)? else { return Ok(false) };
    // Who says so stands in the log.
    act.view(&case, reviewer)?;
    letter_went_out(act, &key, &letter)
}

/// When a letter that was given up is due: in the year 9000, after all others.
pub(crate) const NEVER: Timestamp = Timestamp::constant(221_845_392_000, 0);

/// A letter that was given up; a person has to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StuckLetter {
    /// The case that it is about.
    pub case: CaseId,
    /// Which of the case's letters; see [`told_otherwise`] and [`send_again`].
    pub position: u64,
    /// What it says.
    pub letter: Letter,
    /// Why it was given up.
    pub why: Stuck,
}

/// Up to `limit` letters that were given up.
///
/// # Errors
/// Where the register cannot be read.
pub fn stuck_letters(register: &Register, limit: usize) -> Result<Vec<StuckLetter>, Error> {
    let items = register.items_between(Drawer::Letter, NEVER, NEVER, limit)?;
    let stuck = |text: &str| {
        let waiting: WaitingLetter = serde_json::from_str(text).ok()?;
        let WaitingLetter { position, letter, .. } = waiting;
        Some(StuckLetter {
            case: waiting.case.parse().ok()?,
            position,
            letter,
            why: waiting.stuck?,
        })
    };
    Ok(items.iter().filter_map(|item| stuck(&item.text)).collect())
}

/// Has a letter that was given up sent once more, as when an address was corrected. Says whether it was
/// there.
///
/// # Errors
/// Where the register cannot be written.
pub fn send_again(act: &mut Act<'_, '_>, case: CaseId, position: u64) -> Result<bool, Error> {
    let Some((key, letter)) = waiting(act, case, position)? else { return Ok(false) };
    let at = act.at();
    act.put_back(&key, at, &WaitingLetter { attempts: 0, stuck: None, ..letter }.text())?;
    Ok(true)
}

/// Takes back a refusal whose letter has not gone out yet. Says whether there was one.
///
/// # Errors
/// Where the register cannot be written.
pub fn take_back_refusal(act: &mut Act<'_, '_>, case: CaseId) -> Result<bool, Error> {
    act.remove_named(Drawer::Letter, &refusal_name(&case.to_string()))
}

/// Whether a refusal of a case waits for its letter.
///
/// # Errors
/// Where the register cannot be read.
pub(crate) fn is_refusal_waiting(act: &Act<'_, '_>, case: CaseId) -> Result<bool, Error> {
    Ok(act.item(Drawer::Letter, &refusal_name(&case.to_string()))?.is_some())
}

/// The letters of a case that have not gone out yet, oldest first.
///
/// # Errors
/// Where the register cannot be read.
pub(crate) fn waiting_letters(
    register: &Register,
    case: &Case,
) -> Result<Vec<WaitingLetter>, Error> {
    let number = case.summary.case.to_string();
    // A letter is laid on the desk right after the event that it tells of.
    let tells =
        |what: &What| what.status().is_some() || matches!(what, What::DeadlineExtended { .. });
    let telling = case.history.iter().filter(|entry| tells(&entry.what));
    let names = telling.map(|entry| letter_name(&number, entry.seq + 1));
    let mut found = Vec::new();
    for name in names.chain([refusal_name(&number)]) {
        if let Some(item) = register.item(Drawer::Letter, &name)? {
            found.extend(serde_json::from_str::<WaitingLetter>(&item.text));
        }
    }
    Ok(found)
}

fn letter_name(case: &str, position: u64) -> Vec<u8> {
    format!("{case}/{position}").into_bytes()
}

/// Of one case, one refusal waits at a time.
pub(crate) fn refusal_name(case: &str) -> Vec<u8> {
    format!("{case}/refusal").into_bytes()
}

fn waiting(
    act: &Act<'_, '_>,
    case: CaseId,
    position: u64,
) -> Result<Option<(ItemKey, WaitingLetter)>, Error> {
    let case = case.to_string();
    for name in [letter_name(&case, position), refusal_name(&case)] {
        let Some(item) = act.item(Drawer::Letter, &name)? else { continue };
        let letter = serde_json::from_str::<WaitingLetter>(&item.text).ok();
        if let Some(letter) = letter.filter(|letter| letter.position == position) {
            return Ok(Some((item.key, letter)));
        }
    }
    Ok(None)
}
