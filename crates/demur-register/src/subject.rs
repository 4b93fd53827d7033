//! Whom a sealed part is about.

use demur_core::id::{AccountId, RecordId};

use crate::event::Contact;
use crate::keys::SubjectKey;

/// What an objection hangs on: an account, else one record, else the address of someone who has
/// neither.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    Account(AccountId),
    Record(RecordId),
    Contact(String),
}

impl Identity {
    /// The identity of an objection; `None` where it names nothing.
    pub(crate) fn of(
        account: Option<&AccountId>,
        record: Option<&RecordId>,
        contact: Option<&Contact>,
    ) -> Option<Self> {
        match (account, record, contact) {
            (Some(account), ..) => Some(Identity::Account(account.clone())),
            (None, Some(record), _) => Some(Identity::Record(record.clone())),
            (None, None, Some(contact)) => Some(Identity::Contact(contact.email.clone())),
            (None, None, None) => None,
        }
    }

    /// The text that lookup tags are taken of. Accounts, records and addresses never share one.
    pub(crate) fn text(&self) -> String {
        match self {
            Identity::Account(account) => format!("a{}", account_text(account)),
            Identity::Record(record) => format!("r{record}"),
            Identity::Contact(email) => format!("c{email}"),
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.split_at_checked(1)? {
            ("a", account) => parse_account(account).map(Identity::Account),
            ("r", record) => Some(Identity::Record(RecordId(record.to_owned()))),
            ("c", email) => Some(Identity::Contact(email.to_owned())),
            _ => None,
        }
    }
}

/// An account id with its kind: the number 7 and the string "7" are different accounts.
#[must_use]
pub fn account_text(account: &AccountId) -> String {
    match account {
        AccountId::Number(number) => format!("n{number}"),
        AccountId::Text(text) => format!("t{text}"),
    }
}

/// Reads what [`account_text`] wrote.
#[must_use]
pub fn parse_account(text: &str) -> Option<AccountId> {
    match text.split_at_checked(1)? {
        ("n", number) => number.parse().ok().map(AccountId::Number),
        ("t", text) => Some(AccountId::Text(text.to_owned())),
        _ => None,
    }
}

/// A subject whose key is open.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) id: i64,
    pub(crate) identity: Identity,
    pub(crate) key: SubjectKey,
}
