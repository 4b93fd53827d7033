//! Objections (Art. 21): what a person said no to, and how far the case has come.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What an objection, or a kind of record, is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// What the person published: posts, comments, photos.
    PublicContent,
    /// What the person said to the platform's AI.
    AiInteractions,
    /// What others published about the person.
    ThirdParty,
}

impl Scope {
    /// Every scope, in the order in which they are listed to people.
    pub const ALL: [Scope; 3] = [Scope::PublicContent, Scope::AiInteractions, Scope::ThirdParty];

    /// The name in files, configuration and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scope::PublicContent => "public_content",
            Scope::AiInteractions => "ai_interactions",
            Scope::ThirdParty => "third_party",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Scope::ALL
            .into_iter()
            .find(|s| s.name() == text)
            .ok_or_else(|| {
                format!(
                    "\"{text}\" is not a scope; scopes are public_content, ai_interactions and third_party"
                )
            })
    }
}

/// A set of [`Scope`]s.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "Vec<Scope>", from = "Vec<Scope>")]
pub struct Scopes(u8);

impl Scopes {
    /// What an objection covers when the person says nothing narrower: all that is their own.
    pub const OWN: Scopes = Scopes(0b011);
    /// No scope at all: an objection that names one record.
    pub const NONE: Scopes = Scopes(0);

    /// Whether `scope` is in the set.
    #[must_use]
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |s| self.contains(*s))
    }

    /// Reads `a|b`; an empty text is [`Scopes::OWN`].
    ///
    /// # Errors
    /// Names the part that is not a scope.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Scopes::OWN);
        }
        text.split('|').map(|part| part.trim().parse()).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Scopes(scopes.into_iter().fold(0, |bits, s| bits | 1 << s as u8))
    }
}

impl From<Vec<Scope>> for Scopes {
    fn from(scopes: Vec<Scope>) -> Self {
        scopes.into_iter().collect()
    }
}

impl From<Scopes> for Vec<Scope> {
    fn from(scopes: Scopes) -> Self {
        scopes.iter().collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, scope) in self.iter().enumerate() {
            if i > 0 {
                f.write_str("|")?;
            }
            f.write_str(scope.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// How far an objection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Arrived; from this moment the data is restricted (Art. 18(1)(d)).
    Received,
    /// A reviewer has it.
    UnderReview,
    /// Granted: the data is not used.
    Approved,
    /// Not granted, by a named person, with reasons.
    Refused,
    /// Taken back by the person.
    Withdrawn,
}

/// What an objection does to the data it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing: refused, withdrawn, or there is none.
    None,
    /// Undecided, so stored only (Art. 18(1)(d)).
    Restricted,
    /// Approved, so no longer used.
    Objected,
}

impl Status {
    /// Every status, in the order of a case's life.
    pub const ALL: [Status; 5] = [
        Status::Received,
        Status::UnderReview,
        Status::Approved,
        Status::Refused,
        Status::Withdrawn,
    ];

    /// The name in files, configuration and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Received => "received",
            Status::UnderReview => "under_review",
            Status::Approved => "approved",
            Status::Refused => "refused",
            Status::Withdrawn => "withdrawn",
        }
    }

    /// What an objection of this status does. Review can only lift what receipt has put in place.
    #[must_use]
    pub fn effect(self) -> Effect {
        match self {
            Status::Received | Status::UnderReview => Effect::Restricted,
            Status::Approved => Effect::Objected,
            Status::Refused | Status::Withdrawn => Effect::None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Status {
    type Err = String;
    /// Also reads `pending`, which other systems call what is received or under review here.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "received" => Ok(Status::Received),
            "pending" | "under_review" => Ok(Status::UnderReview),
            "approved" => Ok(Status::Approved),
            "refused" => Ok(Status::Refused),
            "withdrawn" => Ok(Status::Withdrawn),
            _ => Err(format!(
                "\"{text}\" is not a status; it is one of received, pending, approved, refused, withdrawn"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_as_written() {
        for bits in 1..8u8 {
            let scopes = Scopes(bits);
            assert_eq!(Scopes::parse(&scopes.to_string()), Ok(scopes));
        }
        assert_eq!(Scopes::parse(" "), Ok(Scopes::OWN));
        assert!(Scopes::parse("public_content|all").unwrap_err().contains("\"all\""));
    }

    #[test]
    fn both_words_for_undecided_restrict() {
        for word in ["received", "pending"] {
            assert_eq!(word.parse::<Status>().unwrap().effect(), Effect::Restricted);
        }
    }
}
