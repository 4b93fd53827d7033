//! What lies on the desk to be sent, with all that composing it takes.

use demur_core::purpose::Purpose;
use demur_register::desk::{Drawer, Item};
use demur_register::{Case, CaseId, Error, Register};

use crate::acts::WaitingLetter;
use crate::mails::WaitingMail;

/// Something to be sent.
pub(super) struct Found {
    /// As it lay on the desk.
    pub(super) item: Item,
    /// What it is.
    pub(super) what: What,
}

/// What lies on the desk.
pub(super) enum What {
    /// A mail about no case.
    Mail(WaitingMail),
    /// A letter, the cases that it is about, and their purpose. A case that was erased is missing.
    Letter(Box<About>),
    /// Nothing that this program can read.
    Unreadable,
}

/// A letter and what it is about.
pub(super) struct About {
    pub(super) letter: WaitingLetter,
    pub(super) cases: Vec<Case>,
    pub(super) purpose: Option<Purpose>,
}

/// What was taken from the desk, read.
pub(super) fn find(register: &Register, taken: Vec<Item>) -> Result<Vec<Found>, Error> {
    taken.into_iter().map(|item| Ok(Found { what: read(register, &item)?, item })).collect()
}

fn read(register: &Register, item: &Item) -> Result<What, Error> {
    if item.key.drawer() == Drawer::Mail {
        return Ok(serde_json::from_str(&item.text).map_or(What::Unreadable, What::Mail));
    }
    match serde_json::from_str::<WaitingLetter>(&item.text) {
        Ok(letter) => Ok(What::Letter(Box::new(about(register, letter)?))),
        Err(_) => Ok(What::Unreadable),
    }
}

fn about(register: &Register, letter: WaitingLetter) -> Result<About, Error> {
    let mut cases = Vec::new();
    for case in std::iter::once(&letter.case).chain(&letter.also) {
        let Ok(case) = case.parse::<CaseId>() else { continue };
        cases.extend(register.case(&case)?);
    }
    let purpose = match cases.first() {
        Some(case) => register.latest_purpose(&case.summary.purpose)?,
        None => None,
    };
    Ok(About { letter, cases, purpose })
}
