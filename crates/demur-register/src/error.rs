//! What can go wrong, in sentences for the person who can put it right.

use std::path::PathBuf;

use demur_core::objection::Status;
use jiff::Timestamp;

use crate::CaseId;

/// Why the register did not do what it was asked.
///
/// Messages name cases, lines and files; of people they name nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The register's address cannot be used.
    #[error("{0}")]
    Url(String),
    /// The register's name cannot stand in a checkpoint, or is not the one it was opened under.
    #[error("{0}")]
    Origin(String),
    /// There is no register where one was expected.
    #[error("there is no register at {0}; record a purpose first, or correct its address")]
    NotFound(String),
    /// There is a key and no register: beginning anew would forget who objected.
    #[error(
        "the register {register} is missing or empty, but its key {key} is here; restore the register \
         or correct its address; to begin anew, move the key away first"
    )]
    RegisterMissing {
        /// Where the register should be.
        register: String,
        /// Its key.
        key: PathBuf,
    },
    /// The file or the database is one of something else.
    #[error("{0} is not a Demur register; give the register a file or a database of its own")]
    NotARegister(String),
    /// Copying a register there was never finished.
    #[error(
        "{0} is a copy that was never finished, and may lack objections; remove it and copy again"
    )]
    UnfinishedCopy(String),
    /// A newer program wrote the register.
    #[error(
        "the register has schema version {found}, this program knows versions up to {known}; \
         install the newer Demur that wrote it"
    )]
    NewerSchema {
        /// The version that the register has.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The register exists and its key does not.
    #[error(
        "the register exists but its key file {0} does not; restore the key from your backup: \
         without it nobody can read who objected"
    )]
    KeyMissing(PathBuf),
    /// The key is not 32 bytes in hexadecimal.
    #[error("{0} is not a register key; a key is 64 hexadecimal digits")]
    KeyMalformed(String),
    /// The key belongs to another register.
    #[error(
        "this key does not belong to this register; use the key that it was created with, \
         or the one that it was given last"
    )]
    WrongKey,
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A row of an import cannot be accepted; nothing of the import was.
    #[error("line {line}: {problem}")]
    Row {
        /// The line that the row came from.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// Two rows of an import contradict each other; nothing of the import was accepted.
    #[error(
        "lines {first} and {second} are the same objection, once {first_status} and once \
         {second_status}; keep the one that holds"
    )]
    Conflict {
        /// The earlier line.
        first: u64,
        /// The later line.
        second: u64,
        /// What the earlier line says.
        first_status: Status,
        /// What the later line says.
        second_status: Status,
    },
    /// No case has this number.
    #[error("there is no case {0}; check the number for a typing mistake")]
    NoSuchCase(CaseId),
    /// The purpose was never recorded.
    #[error("the register knows no purpose \"{0}\"; record it first, or correct the name")]
    NoSuchPurpose(String),
    /// The case's status does not allow the step.
    #[error("case {case} is already {status} since {since}; {hint}")]
    Transition {
        /// The case.
        case: CaseId,
        /// Where it stands.
        status: Status,
        /// Since when.
        since: Timestamp,
        /// What can be done instead.
        hint: &'static str,
    },
    /// The purpose forbids refusals.
    #[error(
        "purpose \"{0}\" forbids refusing objections; approve the case, or record the purpose with \
         refusals allowed"
    )]
    RefusalsForbidden(String),
    /// An argument is incomplete or contradicts the law's limits.
    #[error("{0}")]
    Invalid(String),
    /// Another process holds by now what this one had leased.
    #[error(
        "another process has taken over \"{0}\", since this one was stopped for too long; it goes on \
         there, and nothing more was done here"
    )]
    LeaseLost(String),
    /// The register's content contradicts itself.
    #[error("the register is damaged: {0}; verify it, and restore a backup if need be")]
    Damaged(String),
    /// The database is out of reach. What was being done has not happened.
    #[error("the register {register} cannot be reached: {why}; nothing was written")]
    Unreachable {
        /// The register's address.
        register: String,
        /// What came of trying.
        why: String,
    },
    /// The database went away while it was told to commit, and cannot be asked what it did.
    #[error(
        "the register {register} went away while it was writing, and nobody knows whether it wrote; \
         look before you do the same again"
    )]
    OutcomeUnknown {
        /// The register's address.
        register: String,
    },
    /// The database refused.
    #[error("the register's database failed while {doing}: {source}")]
    Store {
        /// What was being done.
        doing: &'static str,
        /// What the database says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Whether the same may well succeed a little later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::Unreachable { .. } | Error::OutcomeUnknown { .. })
    }

    pub(crate) fn row(line: u64, problem: impl Into<String>) -> Self {
        Error::Row { line, problem: problem.into() }
    }
}

/// A result of this crate.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;
