//! Identifiers: accounts, records, and the canonical form in which they are compared.
//!
//! A pseudonymous key is personal data (Art. 4(5)), so these types print only where a command asks
//! for it, and never in logs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the platform's account ids are, fixed by the type of the account column of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdKind {
    /// Signed integers of up to 64 bits.
    Signed,
    /// Unsigned integers of up to 64 bits.
    Unsigned,
    /// Strings, compared byte by byte.
    Text,
}

impl fmt::Display for IdKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdKind::Signed => "a 64-bit integer",
            IdKind::Unsigned => "an unsigned 64-bit integer",
            IdKind::Text => "a string",
        })
    }
}

/// One account on the platform.
///
/// Numbers are held wide enough for both 64-bit kinds, so that a signed and an unsigned column can
/// be compared by value: `-1` and `18446744073709551615` are different accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountId {
    /// An integer id.
    Number(i128),
    /// A string id.
    Text(String),
}

impl AccountId {
    /// Reads an id as a person or a CSV file writes it.
    ///
    /// # Errors
    /// Says what the id should look like where `text` is empty, or is not a number of that kind.
    pub fn parse(kind: IdKind, text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err(format!("the account id is empty; it should be {kind}"));
        }
        let number = match kind {
            IdKind::Text => return Ok(AccountId::Text(text.to_owned())),
            IdKind::Signed => text.parse::<i64>().map(i128::from).ok(),
            IdKind::Unsigned => text.parse::<u64>().map(i128::from).ok(),
        };
        number.map(AccountId::Number).ok_or_else(|| {
            format!("\"{text}\" is not an account id; the account facts say it should be {kind}")
        })
    }

    /// The id as it looks in a column of `kind`: a number that no such column can hold is nobody's.
    #[must_use]
    pub fn fits(&self, kind: IdKind) -> bool {
        match (self, kind) {
            (AccountId::Number(n), IdKind::Signed) => i64::try_from(*n).is_ok(),
            (AccountId::Number(n), IdKind::Unsigned) => u64::try_from(*n).is_ok(),
            (AccountId::Text(_), IdKind::Text) => true,
            _ => false,
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AccountId::Number(n) => write!(f, "{n}"),
            AccountId::Text(t) => f.write_str(t),
        }
    }
}

impl From<i64> for AccountId {
    fn from(n: i64) -> Self {
        AccountId::Number(n.into())
    }
}

impl From<&str> for AccountId {
    fn from(t: &str) -> Self {
        AccountId::Text(t.to_owned())
    }
}

/// One record of a corpus, by the id that its record column holds; integers in decimal.
///
/// An objection to one record holds for every corpus that has a record of that id: which of two
/// records a person meant is unknown, so both stay out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub String);

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
