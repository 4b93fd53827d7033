//! The store in SQLite: a file, or memory for tests and trials.

mod queue;
mod read;
mod training;
mod write;

use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::RegisterUrl;
use crate::error::{Error, Result};
use crate::store::{Read, Store, Write};

/// What brings a database from version n to n + 1, in order. Entries are never changed.
const MIGRATIONS: [&str; 6] = [
    include_str!("1.sql"),
    include_str!("2.sql"),
    include_str!("3.sql"),
    include_str!("4.sql"),
    include_str!("5.sql"),
    include_str!("6.sql"),
];

/// "DEMR": marks the file as a register, so that no other database is taken for one.
const APPLICATION: i32 = 0x4445_4d52;

/// How long to wait for another writer: the largest imports take some ten seconds.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Sqlite {
    connection: Connection,
}

/// A transaction, reading or writing.
struct Tx<'c> {
    tx: Transaction<'c>,
}

/// Names what failed.
fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> Error {
    move |error| Error::Store { doing, source: Box::new(error) }
}

impl Sqlite {
    pub(super) fn open(url: &RegisterUrl) -> Result<Self> {
        let opened = match url {
            RegisterUrl::File(path) => Connection::open(path),
            RegisterUrl::Memory => Connection::open_in_memory(),
            RegisterUrl::Postgres(_) => return Err(Error::NotARegister(url.place())),
        };
        let mut connection = opened.map_err(failed("opening it"))?;
        connection.busy_timeout(PATIENCE).map_err(failed("opening it"))?;
        // Set before the first table, or never: larger pages make flatter trees of random tags.
        connection.pragma_update(None, "page_size", 8192).map_err(failed("opening it"))?;
        migrate(&mut connection, url)?;
        configure(&connection).map_err(failed("being configured"))?;
        Ok(Sqlite { connection })
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Erased means overwritten, not merely unlinked.
    connection.pragma_update(None, "secure_delete", true)?;
    // In KiB when negative: most of a large import stays in memory until it is committed.
    connection.pragma_update(None, "cache_size", -262_144)?;
    // Plans follow the statement alone; otherwise every new argument prepares it again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn migrate(connection: &mut Connection, url: &RegisterUrl) -> Result<()> {
    let foreign = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => Error::NotARegister(url.place()),
        _ => failed("checking its version")(error),
    };
    let tx =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(foreign)?;
    let number = |pragma| tx.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let application = number("application_id").map_err(foreign)?;
    let found = number("user_version").map_err(foreign)?.cast_unsigned();
    let tables = "SELECT count(*) FROM sqlite_master";
    let tables: i64 = tx.query_row(tables, [], |row| row.get(0)).map_err(foreign)?;
    if tables > 0 && application != APPLICATION {
        return Err(Error::NotARegister(url.place()));
    }
    let known = MIGRATIONS.len() as u32;
    if found > known {
        return Err(Error::NewerSchema { found, known });
    }
    for migration in &MIGRATIONS[found as usize..] {
        tx.execute_batch(migration).map_err(failed("migrating it"))?;
    }
    if found < known {
        tx.pragma_update(None, "application_id", APPLICATION).map_err(failed("migrating it"))?;
        tx.pragma_update(None, "user_version", known).map_err(failed("migrating it"))?;
    }
    tx.commit().map_err(failed("migrating it"))
}

impl Store for Sqlite {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        let tx = self.connection.unchecked_transaction().map_err(failed("starting to read"))?;
        Ok(Box::new(Tx { tx }))
    }

    fn write(&mut self) -> Result<Box<dyn Write + '_>> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("waiting to write"))?;
        Ok(Box::new(Tx { tx }))
    }

    fn scrub(&self) -> Result<()> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(failed("clearing its journal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_of_the_first_version_is_brought_forward_with_what_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute("INSERT INTO notice_chunk VALUES (2, 0, 'p', x'0102')", []).unwrap();
        old.pragma_update(None, "application_id", APPLICATION).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);

        let store = Sqlite::open(&RegisterUrl::File(path)).unwrap();
        let tx = store.read().unwrap();
        let mut chunks = Vec::new();
        tx.notice_chunks(None, u64::MAX, &mut |chunk| {
            chunks.push((chunk.purpose, chunk.undelivered, chunk.bytes));
            Ok(())
        })
        .unwrap();
        assert_eq!(chunks, [("p".to_owned(), false, vec![1, 2])]);
        assert_eq!(tx.desk_count(1).unwrap(), 0, "later tables are there");
    }

    /// Every table, index and trigger, as the database describes it.
    fn schema(connection: &Connection) -> Vec<(String, Option<String>)> {
        let all = "SELECT name, sql FROM sqlite_master ORDER BY name";
        let mut all = connection.prepare(all).unwrap();
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn a_register_of_any_earlier_schema_gets_the_present_one() {
        let dir = tempfile::tempdir().unwrap();
        let open = |name: &str| Sqlite::open(&RegisterUrl::File(dir.path().join(name))).unwrap();
        let fresh = schema(&open("fresh").connection);
        assert!(fresh.len() > 20);
        for version in 1..MIGRATIONS.len() {
            let name = version.to_string();
            let earlier = Connection::open(dir.path().join(&name)).unwrap();
            for migration in &MIGRATIONS[..version] {
                earlier.execute_batch(migration).unwrap();
            }
            earlier.pragma_update(None, "application_id", APPLICATION).unwrap();
            earlier.pragma_update(None, "user_version", version as u32).unwrap();
            assert_ne!(schema(&earlier), fresh);
            drop(earlier);
            assert_eq!(schema(&open(&name).connection), fresh, "from version {version}");
        }
    }
}
