//! The store in PostgreSQL, 15 or later: one log for any number of processes and machines.
//!
//! A writer holds an advisory lock until its transaction ends, so the log stays one sequence; a reader
//! has one snapshot of the database and waits for nobody. The connection is one that the calling thread
//! drives, so a register in PostgreSQL must not be used by a task of an asynchronous runtime.

mod address;
mod link;
mod pending;
mod queue;
mod read;
mod write;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio_postgres::Row;

pub use self::address::PostgresUrl;
use self::link::{Failed, Link, Params};
use self::pending::{Pending, Table};
use crate::error::{Error, Result};
use crate::store::{Each, Read, Store, Write};

/// What brings a database from version n to n + 1, in order. Entries are never changed.
const MIGRATIONS: [&str; 1] = [include_str!("1.sql")];

/// The oldest server that is tested.
const OLDEST: i32 = 150_000;

/// Begins a transaction that writes, once no other does: the lock is that of "DEMR" and the schema, so that
/// several registers in one database do not wait for each other.
const WRITING: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
                       SELECT pg_advisory_xact_lock(1145392466, hashtext(current_schema()))";
const READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How often, and how far apart, the server is asked what became of a commit.
const ASKED: u32 = 12;
const APART: Duration = Duration::from_secs(1);

pub(super) struct Postgres {
    url: PostgresUrl,
    /// `None` after it broke; the next transaction makes another.
    link: RefCell<Option<Link>>,
}

/// A transaction, reading or writing.
struct Tx<'c> {
    store: &'c Postgres,
    /// Whether the server knows of it yet: a reader's first question tells it.
    begun: Cell<bool>,
    /// What became of an earlier statement, after which the server takes no other.
    failed: Cell<Option<Broken>>,
    /// How many cursors are open, one inside the other.
    cursors: Cell<usize>,
    /// `None` where it only reads.
    writing: Option<Writing>,
}

/// Why a transaction can only be undone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// A statement was refused.
    Refused,
    /// The connection is gone.
    Gone,
}

/// What a transaction has besides that writes.
struct Writing {
    pending: RefCell<Pending>,
    /// The transaction's number, to ask for when its end was not heard.
    number: String,
    /// The server's process that carries it out.
    process: i32,
}

impl Postgres {
    /// Whether a register lies there already.
    pub(super) fn is_present(&self) -> Result<bool> {
        if self.version()?.is_none() {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM meta WHERE name = 'public_key'";
        Ok(!self.ask("looking for it", sql, &[])?.is_empty())
    }

    /// With tables of the newest version.
    pub(super) fn prepared(self) -> Result<Self> {
        if self.version()? != Some(MIGRATIONS.len() as u32) {
            self.migrate()?;
        }
        Ok(self)
    }

    /// Connects to a server that will do.
    pub(super) fn connect(url: &PostgresUrl) -> Result<Self> {
        let store = Postgres { url: url.clone(), link: RefCell::new(Some(Link::open(url)?)) };
        let server = "SELECT current_setting('server_version_num')::int, \
                      current_setting('server_encoding'), current_setting('server_version'), \
                      current_schema()::text";
        let rows = store.ask("checking the server", server, &[])?;
        let row = rows.first().ok_or_else(|| Error::Damaged("the server has no version".into()))?;
        let unfit = |why: String| Error::Url(format!("the register's address {url}: {why}"));
        let version: i32 = get(row, 0)?;
        let (encoding, shown): (String, String) = (get(row, 1)?, get(row, 2)?);
        if version < OLDEST {
            return Err(unfit(format!("this is PostgreSQL {shown}; 15 or later is needed")));
        }
        if encoding != "UTF8" {
            return Err(unfit(format!(
                "the database has the encoding {encoding}; create it with ENCODING 'UTF8'"
            )));
        }
        if get::<Option<String>>(row, 3)?.is_none() {
            return Err(unfit("the schema that search_path names does not exist".into()));
        }
        Ok(store)
    }

    /// The version of its tables; `None` where there are none at all.
    fn version(&self) -> Result<Option<u32>> {
        let doing = "checking its version";
        let tables = "SELECT count(*), count(*) FILTER (WHERE relname = 'demur_register') \
                      FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
                      AND relkind IN ('r', 'p', 'v', 'm', 'f')";
        let rows = self.ask(doing, tables, &[])?;
        let row = rows.first().ok_or_else(|| Error::Damaged("nothing was counted".into()))?;
        match (get::<i64>(row, 0)?, get::<i64>(row, 1)?) {
            (0, _) => return Ok(None),
            (_, 0) => return Err(Error::NotARegister(self.url.to_string())),
            _ => {}
        }
        let rows = self.ask(doing, "SELECT version FROM demur_register", &[])?;
        let found = rows.first().map(|row| get::<i64>(row, 0)).transpose()?;
        let found = found.and_then(|found| u32::try_from(found).ok());
        let found = found.ok_or_else(|| Error::NotARegister(self.url.to_string()))?;
        let known = MIGRATIONS.len() as u32;
        if found > known { Err(Error::NewerSchema { found, known }) } else { Ok(Some(found)) }
    }

    /// Brings the tables to the newest version, once, however many processes want to.
    fn migrate(&self) -> Result<()> {
        let doing = "migrating it";
        self.run(doing, WRITING)?;
        let found = self.version()?;
        let mut script = String::new();
        if found.is_none() {
            script.push_str(
                "CREATE TABLE demur_register (one BIGINT PRIMARY KEY CHECK (one = 1), \
                 version BIGINT NOT NULL); INSERT INTO demur_register VALUES (1, 0);",
            );
        }
        for migration in &MIGRATIONS[found.unwrap_or_default() as usize..] {
            script.push_str(migration);
        }
        script.push_str(&format!("UPDATE demur_register SET version = {};", MIGRATIONS.len()));
        self.run(doing, &script)?;
        self.run(doing, "COMMIT")
    }

    /// Asks outside of a transaction.
    fn ask(&self, doing: &'static str, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
        self.with(|link| link.rows(None, sql, params)).map_err(|e| e.into_error(doing, &self.url))
    }

    fn run(&self, doing: &'static str, sql: &str) -> Result<()> {
        self.with(|link| link.run(sql)).map_err(|e| e.into_error(doing, &self.url))
    }

    /// Uses the connection; one that breaks is put away.
    fn with<T>(&self, use_it: impl FnOnce(&Link) -> Result<T, Failed>) -> Result<T, Failed> {
        let gone = || Failed::Gone("the connection was lost".into());
        let done = use_it(self.link.borrow().as_ref().ok_or_else(gone)?);
        if let Err(Failed::Gone(_)) = done {
            self.link.replace(None);
        }
        done
    }

    /// Uses the connection for what begins a transaction. Nothing is lost when it turns out to have
    /// broken meanwhile: another one is made, and the same begun again.
    fn begin<T>(
        &self,
        doing: &'static str,
        begin: impl Fn(&Link) -> Result<T, Failed>,
    ) -> Result<T> {
        let had = self.link.borrow().is_some();
        if had {
            match self.with(&begin) {
                Err(Failed::Gone(_)) => {}
                done => return done.map_err(|e| e.into_error(doing, &self.url)),
            }
        }
        let link = Link::open(&self.url)?;
        self.link.replace(Some(link));
        self.with(begin).map_err(|e| e.into_error(doing, &self.url))
    }

    /// Asks the server what became of a transaction whose end was not heard. `None` where it cannot be
    /// learnt.
    fn was_committed(&self, writing: &Writing) -> Option<bool> {
        for turn in 0..ASKED {
            if turn > 0 {
                std::thread::sleep(APART);
            }
            let Ok(link) = Link::open(&self.url) else { continue };
            self.link.replace(Some(link));
            let sql = "SELECT pg_xact_status($1::text::xid8)";
            let Ok(rows) = self.with(|link| link.rows(None, sql, &[&writing.number])) else {
                continue;
            };
            match rows.first().and_then(|row| get::<Option<String>>(row, 0).ok()).flatten() {
                Some(status) if status == "committed" => return Some(true),
                Some(status) if status == "aborted" => return Some(false),
                Some(_) => {
                    // Its process has not noticed yet that nobody listens.
                    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                               WHERE pid = $1 AND backend_xid = $2::text::xid8::xid";
                    let params: Params<'_> = &[&writing.process, &writing.number];
                    drop(self.with(|link| link.rows(None, end, params)));
                }
                None => return None,
            }
        }
        None
    }
}

impl Store for Postgres {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        Ok(Box::new(Tx {
            store: self,
            begun: Cell::new(false),
            failed: Cell::new(None),
            cursors: Cell::new(0),
            writing: None,
        }))
    }

    fn write(&mut self) -> Result<Box<dyn Write + '_>> {
        let (number, process) = self.begin("waiting to write", |link| {
            let sql = "SELECT pg_current_xact_id()::text";
            let rows = link.rows(Some(WRITING), sql, &[]);
            if let Err(Failed::Refused(_)) = rows {
                link.run("ROLLBACK")?;
            }
            let number = rows?.first().and_then(|row| get::<String>(row, 0).ok());
            Ok((number.unwrap_or_default(), link.process))
        })?;
        let writing = Writing { pending: RefCell::default(), number, process };
        Ok(Box::new(Tx {
            store: self,
            begun: Cell::new(true),
            failed: Cell::new(None),
            cursors: Cell::new(0),
            writing: Some(writing),
        }))
    }

    /// Has the space of deleted rows given back. What PostgreSQL cannot promise is in
    /// `docs/data-retention.md`.
    fn scrub(&self) -> Result<()> {
        let sql = "VACUUM (SKIP_LOCKED) subject, personal, objection, desk";
        self.begin("clearing deleted rows", |link| link.run(sql))
    }
}

/// A column as it is.
fn get<'r, T: tokio_postgres::types::FromSql<'r>>(row: &'r Row, column: usize) -> Result<T> {
    row.try_get(column)
        .map_err(|error| Error::Store { doing: "reading a column", source: Box::new(error) })
}

impl Tx<'_> {
    /// Sends what waits, where a question to these tables could see it.
    fn before(&self, tables: &[Table]) -> Result<()> {
        let Some(writing) = &self.writing else { return Ok(()) };
        if writing.pending.borrow().touches(tables) { self.send() } else { Ok(()) }
    }

    /// Runs something on the connection. What fails ends the transaction, but for what follows a mark
    /// that the server knows.
    fn on<T>(
        &self,
        doing: &'static str,
        run: impl FnOnce(&Link) -> Result<T, Failed>,
    ) -> Result<T> {
        match self.failed.get() {
            None => {}
            Some(Broken::Refused) => {
                return Err(Error::Store { doing, source: "an earlier step has failed".into() });
            }
            Some(Broken::Gone) => {
                let gone = Failed::Gone("the connection was lost".into());
                return Err(gone.into_error(doing, &self.store.url));
            }
        }
        self.store.with(run).map_err(|failed| {
            let gone = matches!(failed, Failed::Gone(_));
            self.failed.set(Some(if gone { Broken::Gone } else { Broken::Refused }));
            failed.into_error(doing, &self.store.url)
        })
    }

    /// All rows of a short list.
    fn rows(&self, doing: &'static str, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
        if self.begun.get() {
            return self.on(doing, |link| link.rows(None, sql, params));
        }
        let rows = self.store.begin(doing, |link| link.rows(Some(READING), sql, params));
        self.begun.set(true);
        self.failed.set(rows.is_err().then_some(Broken::Refused));
        rows
    }

    fn one<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.rows(doing, sql, params)?.first().map(read).transpose()
    }

    fn all<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: Params<'_>,
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.rows(doing, sql, params)?.iter().map(read).collect()
    }

    /// Row after row of a long list, `stride` of them in memory at a time. Other questions may be asked
    /// in between.
    fn each<T>(
        &self,
        (doing, stride): (&'static str, usize),
        sql: &str,
        params: Params<'_>,
        read: impl Fn(&Row) -> Result<T>,
        each: Each<'_, T>,
    ) -> Result<()> {
        if !self.begun.get() {
            self.store.begin(doing, |link| link.run(READING))?;
            self.begun.set(true);
        }
        let depth = self.cursors.get();
        let declare = format!("DECLARE c{depth} NO SCROLL CURSOR FOR {sql}");
        let fetch = format!("FETCH {stride} FROM c{depth}");
        let mut rows = self.on(doing, |link| link.declare(&declare, params, &fetch))?;
        self.cursors.set(depth + 1);
        let done = loop {
            let seen = rows.iter().try_for_each(|row| each(read(row)?));
            if seen.is_err() || rows.len() < stride {
                break seen;
            }
            match self.on(doing, |link| link.once(&fetch)) {
                Ok(next) => rows = next,
                Err(error) => break Err(error),
            }
        };
        self.cursors.set(depth);
        if self.failed.get().is_none() {
            self.on(doing, |link| link.run(&format!("CLOSE c{depth}")))?;
        }
        done
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        if self.begun.get() {
            // One that cannot even be undone is of no further use, and the server undoes what was sent.
            let undone = self.store.with(|link| link.run("ROLLBACK"));
            if undone.is_err() {
                self.store.link.replace(None);
            }
        }
    }
}

/// A fresh schema, where the test command names a server.
#[cfg(test)]
pub(super) fn schema(number: usize) -> Option<crate::RegisterUrl> {
    let server = std::env::var("DEMUR_TEST_POSTGRES").ok()?;
    let name = format!("u{}_{number}", std::process::id());
    let parse = |text: &str| crate::RegisterUrl::parse(text, std::path::Path::new("")).unwrap();
    let crate::RegisterUrl::Postgres(url) = parse(&server) else { panic!("{server}") };
    let link = Link::open(&url).unwrap();
    assert!(link.run(&format!("CREATE SCHEMA {name}")).is_ok());
    Some(parse(&format!("{server}?options=-csearch_path%3D{name}")))
}
