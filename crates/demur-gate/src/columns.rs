//! Which column of a corpus holds what: the names of a `[[corpus]]` table.

use serde::{Deserialize, Serialize};

/// Where the gate finds what the verdict needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// Record id: integer or string.
    pub record: String,
    /// Author's account id.
    pub author: String,
    /// Kind of record.
    pub kind: Value,
    /// Who may see it.
    pub visibility: Value,
    /// When it was made.
    pub created: Created,
    /// What it says; needed only to redact.
    pub text: Option<String>,
    /// Whom the text names.
    pub mentioned: Option<People>,
    /// Whom a picture shows.
    pub depicted: Option<People>,
}

/// A value that a column holds, or that all records share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// One value a record.
    Column(String),
    /// The same for all.
    Constant(String),
}

/// The column with a record's date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// A timestamp, date or ISO 8601 string; an integer where `unit` says what it counts.
    pub column: String,
    /// What an integer counts since 1970-01-01T00:00:00Z.
    pub unit: Option<Unit>,
}

/// What an integer date counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Microseconds.
    #[serde(rename = "us")]
    Micros,
    /// Nanoseconds.
    #[serde(rename = "ns")]
    Nanos,
}

/// A list of people in a record: a list of account ids, or of structs that hold one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// The list column.
    pub column: String,
    /// The field with the account id, where the list holds structs.
    pub account: Option<String>,
    /// The fields with the first byte of the name in the text and one past the last.
    pub span: Option<(String, String)>,
}

/// A part of a file that is read: a column, or one field of the structs that it lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed<'a> {
    /// The column.
    pub column: &'a str,
    /// The only field of it that is needed.
    pub field: Option<&'a str>,
}

impl<'a> From<&'a str> for Needed<'a> {
    fn from(column: &'a str) -> Self {
        Needed { column, field: None }
    }
}
