//! What the tests share: registers in fresh folders, and moments.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod postgres;

use std::path::{Path, PathBuf};

use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Purpose, sample};
use demur_register::event::Source;
use demur_register::{
    Error, KeySource, NewObjection, ObjectionRow, Options, Refusal, Register, RegisterUrl,
    SeededEntropy,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

pub use self::postgres::Schema;

pub const PURPOSE: &str = "assistant-training";

/// Makes a register one of schema 4 again, which lacks some tables and columns.
pub const BACK_TO_4: &str =
    "DROP INDEX objection_in_force; ALTER TABLE objection DROP COLUMN in_force;
     ALTER TABLE training_set DROP COLUMN gone; DROP TABLE training_version; DROP TABLE run;
     DROP TABLE training_place; DROP TABLE manifest; DROP INDEX desk_held;
     ALTER TABLE desk DROP COLUMN held_by; ALTER TABLE desk DROP COLUMN held_until;
     PRAGMA user_version = 4;";

/// Minutes after an arbitrary start.
pub fn minute(n: i64) -> Timestamp {
    let start: Timestamp = "2025-04-14T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(n)
}

/// A folder with room for one register; where the test command names a server, the register itself is in PostgreSQL.
pub struct Place {
    pub dir: TempDir,
    pub postgres: Option<Schema>,
}

impl Place {
    pub fn new() -> Self {
        Place { dir: tempfile::tempdir().unwrap(), postgres: Schema::new() }
    }

    /// One for a file, whatever the others are in.
    pub fn for_file() -> Self {
        Place { dir: tempfile::tempdir().unwrap(), postgres: None }
    }

    pub fn db(&self) -> PathBuf {
        self.dir.path().join("demur.db")
    }

    pub fn key(&self) -> PathBuf {
        self.dir.path().join("demur.key")
    }

    pub fn options(&self) -> Options {
        let url = match &self.postgres {
            Some(schema) => schema.url(),
            None => RegisterUrl::File(self.db()),
        };
        Options { url, ..options(self.dir.path()) }
    }

    pub fn open(&self, seed: u64) -> Result<Register, Error> {
        Register::open(self.options(), Box::new(SeededEntropy::new(seed)), minute(0))
    }

    /// A register that knows the sample purpose.
    pub fn register(&self) -> Register {
        with_purpose(self.open(1).unwrap(), &sample())
    }

    /// Changes rows behind the register's back.
    pub fn tamper(&self, sql: &str) {
        match &self.postgres {
            Some(schema) => schema.run(sql),
            None => {
                let file = rusqlite::Connection::open(self.db()).unwrap();
                file.pragma_update(None, "foreign_keys", true).unwrap();
                file.execute_batch(sql).unwrap();
            }
        }
    }

    /// Everything that lies on the disk of it, or in its tables.
    pub fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let files = std::fs::read_dir(self.dir.path()).unwrap().map(|file| {
            let path = file.unwrap().path();
            (path.display().to_string(), std::fs::read(path).unwrap())
        });
        let tables = self.postgres.iter().flat_map(Schema::contents);
        files.chain(tables).collect()
    }

    /// Keeps a copy aside; no handle may be open.
    pub fn back_up(&self) {
        match &self.postgres {
            Some(schema) => schema.back_up(),
            None => drop(std::fs::copy(self.db(), self.dir.path().join("backup")).unwrap()),
        }
    }

    /// Puts the copy in the register's place.
    pub fn restore(&self) {
        match &self.postgres {
            Some(schema) => schema.restore(),
            None => drop(std::fs::copy(self.dir.path().join("backup"), self.db()).unwrap()),
        }
    }
}

pub fn options(dir: &Path) -> Options {
    Options {
        url: RegisterUrl::parse("sqlite:demur.db", dir).unwrap(),
        key: KeySource::File(dir.join("demur.key")),
        origin: Options::DEFAULT_ORIGIN.into(),
    }
}

pub fn in_memory() -> Register {
    // Nobody gives the schema back: the server goes away with all of them.
    let schema = Schema::new().map(std::mem::ManuallyDrop::new);
    let options = Options {
        url: schema.map_or(RegisterUrl::Memory, |schema| schema.url()),
        key: KeySource::Hex("07".repeat(32)),
        origin: Options::DEFAULT_ORIGIN.into(),
    };
    let register = Register::open(options, Box::new(SeededEntropy::new(1)), minute(0)).unwrap();
    with_purpose(register, &sample())
}

pub fn with_purpose(mut register: Register, purpose: &Purpose) -> Register {
    register.record_purpose(purpose, minute(0)).unwrap();
    register
}

pub fn objection(account: impl Into<AccountId>, at: Timestamp) -> NewObjection {
    NewObjection {
        account: Some(account.into()),
        record: None,
        purpose: PURPOSE.into(),
        scopes: Scopes::OWN,
        received_at: at,
        grounds: None,
        contact: None,
        source: Source::PrivacyCentre,
    }
}

/// An objection that no rule approves.
pub fn reviewed(account: impl Into<AccountId>, at: Timestamp) -> NewObjection {
    NewObjection { scopes: Scopes::parse("third_party").unwrap(), ..objection(account, at) }
}

pub fn about_record(record: &str, at: Timestamp) -> NewObjection {
    NewObjection {
        account: None,
        record: Some(RecordId(record.into())),
        scopes: Scopes::NONE,
        ..objection(0, at)
    }
}

pub fn refusal() -> Refusal {
    Refusal {
        by: "Rosalind Verifier".into(),
        grounds: "safety of the network".into(),
        authority: "Data Protection Commission".into(),
        court_route: "Circuit Court".into(),
        ground: None,
    }
}

pub fn row(line: u64, account: impl Into<AccountId>, status: Status) -> ObjectionRow {
    ObjectionRow {
        line,
        account: Some(account.into()),
        record: None,
        purpose: PURPOSE.into(),
        scopes: Scopes::OWN,
        status,
        received_at: minute(-1000),
        reason: None,
    }
}

pub fn import(
    register: &mut Register,
    rows: &[ObjectionRow],
    at: Timestamp,
) -> Result<demur_register::ImportSummary, Error> {
    register.import_objections(rows, at, &mut |_| {})
}

/// What the register says of accounts now: account, record, status.
pub fn now(register: &Register) -> Vec<demur_core::rules::Objection> {
    register.purpose_state(PURPOSE, None).unwrap().objections
}
