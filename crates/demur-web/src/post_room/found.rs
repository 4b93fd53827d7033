//! What lies on the desk to be sent, with all that composing it takes.

use demur_core::purpose::Purpose;
use demur_register::desk::{Drawer, Item};
use demur_register::{Case, CaseId, Error, Register};
use jiff::Timestamp;

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

/// Up to `many` of each that are due, codes first: somebody waits for them.
pub(super) fn find(register: &Register, now: Timestamp, many: usize) -> Result<Vec<Found>, Error> {
    let mut all = Vec::new();
    for item in register.items_due(Drawer::Mail, now, many)? {
        let what = serde_json::from_str(&item.text).map_or(What::Unreadable, What::Mail);
        all.push(Found { item, what });
    }
    for item in register.items_due(Drawer::Letter, now, many)? {
        let what = match serde_json::from_str::<WaitingLetter>(&item.text) {
            Ok(letter) => What::Letter(Box::new(about(register, letter)?)),
            Err(_) => What::Unreadable,
        };
        all.push(Found { item, what });
    }
    Ok(all)
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
