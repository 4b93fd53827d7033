//! One connection, driven by the thread that waits for it: no other thread has to wake up for an answer.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{PostgresUrl, Tls};
use crate::error::{Error, Result};

/// How long to wait for one answer. Longer than for another writer, so that the server is the one to
/// give up.
const PATIENCE: Duration = Duration::from_secs(90);

/// What every session is told: whoever waits for a lock gives up as on SQLite, and whoever holds one and
/// stops working loses it.
const SETTINGS: &str = "SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = '15min'; \
                        SET synchronous_commit = on; SET client_min_messages = warning";

/// Arguments of a statement.
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// An open connection.
pub(super) struct Link {
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
    /// The server's process behind it.
    pub(super) process: i32,
    /// Owns the connection's task; `None` once it ends.
    runtime: Option<Runtime>,
}

/// A statement with its arguments, to be sent with others.
pub(super) struct Call<'a> {
    pub(super) doing: &'static str,
    pub(super) sql: &'a str,
    pub(super) params: Vec<Box<dyn ToSql + Sync + 'a>>,
}

/// Why a statement had no answer that counts.
pub(super) enum Failed {
    /// The connection is gone or silent: whatever was under way may or may not have happened.
    Gone(String),
    /// The server answered, and would not.
    Refused(Box<tokio_postgres::Error>),
}

impl Failed {
    fn of(error: tokio_postgres::Error) -> Self {
        let ends = match error.code() {
            // Shutdowns, restarts, and whoever is thrown out.
            Some(code) => {
                *code == SqlState::ADMIN_SHUTDOWN
                    || *code == SqlState::CRASH_SHUTDOWN
                    || *code == SqlState::CANNOT_CONNECT_NOW
                    || *code == SqlState::TOO_MANY_CONNECTIONS
                    || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
                    || code.code().starts_with("08")
            }
            None => {
                error.is_closed()
                    || std::error::Error::source(&error)
                        .is_some_and(|cause| cause.downcast_ref::<std::io::Error>().is_some())
            }
        };
        if ends { Failed::Gone(told(&error)) } else { Failed::Refused(Box::new(error)) }
    }

    /// The same for whoever reads it.
    pub(super) fn into_error(self, doing: &'static str, url: &PostgresUrl) -> Error {
        match self {
            Failed::Gone(why) => Error::Unreachable { register: url.to_string(), why },
            Failed::Refused(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                Error::Unreachable {
                    register: url.to_string(),
                    why: "another process has been writing for a minute and is not done".into(),
                }
            }
            Failed::Refused(error) => Error::Store { doing, source: told(&error).into() },
        }
    }
}

/// What went wrong, with what the server says of it. The driver's own words leave that out.
fn told(error: &tokio_postgres::Error) -> String {
    let hint = match error.code() {
        Some(code) if *code == SqlState::TOO_MANY_CONNECTIONS => {
            "; raise max_connections, or put a pooler in front of it"
        }
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            "; the register's user must own its schema (before it exists: GRANT CREATE ON SCHEMA)"
        }
        _ => "",
    };
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(db), _) => format!("{}{hint}", db.message()),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}

impl Link {
    /// Connects.
    pub(super) fn open(url: &PostgresUrl) -> Result<Self> {
        let unreachable = |why: String| Error::Unreachable { register: url.to_string(), why };
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| unreachable(error.to_string()))?;
        let connect = async {
            let client = match url.tls() {
                Tls::Off => {
                    let (client, connection) = url.config().connect(NoTls).await?;
                    tokio::spawn(connection);
                    client
                }
                Tls::On(_) => {
                    let tls = MakeRustlsConnect::new((*tls(url)?).clone());
                    let (client, connection) = url.config().connect(tls).await?;
                    tokio::spawn(connection);
                    client
                }
            };
            client.batch_execute(SETTINGS).await?;
            let row = client.query_one("SELECT pg_backend_pid()", &[]).await?;
            let process = row.try_get(0)?;
            Ok::<_, Opening>((client, process))
        };
        let (client, process) = runtime.block_on(connect).map_err(|error| match error {
            Opening::Error(error) => error,
            Opening::Driver(error) => unreachable(told(&error)),
        })?;
        Ok(Link { client, statements: RefCell::default(), process, runtime: Some(runtime) })
    }

    /// Drives the connection until an answer is there. Must not be called by a task of an asynchronous
    /// runtime, which would have to wait with it.
    fn wait<T>(
        &self,
        patience: Option<Duration>,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failed> {
        let Some(runtime) = &self.runtime else { return Err(Failed::Gone("it is closed".into())) };
        runtime.block_on(async {
            match patience {
                None => answer.await.map_err(Failed::of),
                Some(patience) => tokio::time::timeout(patience, answer)
                    .await
                    .map_err(|_| Failed::Gone("it does not answer".into()))?
                    .map_err(Failed::of),
            }
        })
    }

    /// The statement, prepared once.
    fn prepared(&self, sql: &str) -> Result<Statement, Failed> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let statement = self.wait(Some(PATIENCE), self.client.prepare(sql))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Runs statements without arguments, however long they take.
    pub(super) fn run(&self, sql: &str) -> Result<(), Failed> {
        self.wait(None, self.client.batch_execute(sql))
    }

    /// Rows of a statement; `before` is sent ahead of it in the same breath.
    pub(super) fn rows(
        &self,
        before: Option<&str>,
        sql: &str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, Failed> {
        let statement = self.prepared(sql)?;
        let Some(before) = before else {
            return self.wait(Some(PATIENCE), self.client.query(&statement, params));
        };
        self.wait(Some(PATIENCE), async {
            let first = self.client.batch_execute(before);
            let then = self.client.query(&statement, params);
            let (first, then) = futures_util::future::join(first, then).await;
            first.and(then)
        })
    }

    /// Opens a cursor and takes its first rows, in the same breath.
    pub(super) fn declare(
        &self,
        declare: &str,
        params: Params<'_>,
        fetch: &str,
    ) -> Result<Vec<Row>, Failed> {
        let statement = self.prepared(declare)?;
        self.wait(Some(PATIENCE), async {
            let opened = self.client.execute(&statement, params);
            let rows = self.client.query_typed(fetch, &[]);
            let (opened, rows) = futures_util::future::join(opened, rows).await;
            opened.and(rows)
        })
    }

    /// Rows of a statement that is not worth preparing.
    pub(super) fn once(&self, sql: &str) -> Result<Vec<Row>, Failed> {
        self.wait(Some(PATIENCE), self.client.query_typed(sql, &[]))
    }

    /// Runs a statement; says how many rows it changed.
    pub(super) fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64, Failed> {
        let statement = self.prepared(sql)?;
        self.wait(Some(PATIENCE), self.client.execute(&statement, params))
    }

    /// Sends statements one behind the other without waiting in between, and `last` behind them all. The
    /// first that fails is the one that is told of.
    pub(super) fn pipeline(
        &self,
        calls: &[Call<'_>],
        last: Option<&str>,
    ) -> Result<(), (&'static str, Failed)> {
        let statements = calls
            .iter()
            .map(|call| self.prepared(call.sql).map_err(|failed| (call.doing, failed)))
            .collect::<Result<Vec<_>, _>>()?;
        let params: Vec<Vec<&(dyn ToSql + Sync)>> =
            calls.iter().map(|call| call.params.iter().map(|param| &**param).collect()).collect();
        let sent = async {
            let each = statements.iter().zip(&params);
            let each = join_all(each.map(|(sql, params)| self.client.execute(sql, params)));
            let end = async {
                match last {
                    Some(last) => self.client.batch_execute(last).await,
                    None => Ok(()),
                }
            };
            Ok(futures_util::future::join(each, end).await)
        };
        let (each, end) = self.wait(Some(PATIENCE), sent).map_err(|failed| ("writing", failed))?;
        for (call, done) in calls.iter().zip(each) {
            done.map_err(|error| (call.doing, Failed::of(error)))?;
        }
        end.map_err(|error| ("committing", Failed::of(error)))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Waiting for it here could be inside another runtime, which forbids that.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Why no connection came about.
enum Opening {
    Error(Error),
    Driver(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Opening {
    fn from(error: tokio_postgres::Error) -> Self {
        Opening::Driver(error)
    }
}

impl From<Error> for Opening {
    fn from(error: Error) -> Self {
        Opening::Error(error)
    }
}

/// Who may vouch for the server.
fn tls(url: &PostgresUrl) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    let wrong = |why: String| Error::Url(format!("the register's address {url}: {why}"));
    match url.tls() {
        Tls::On(Some(path)) => {
            let shown = path.display();
            let all = CertificateDer::pem_file_iter(path)
                .map_err(|error| wrong(format!("sslrootcert {shown}: {error}")))?;
            for one in all {
                let one = one.map_err(|error| wrong(format!("sslrootcert {shown}: {error}")))?;
                roots.add(one).map_err(|error| wrong(format!("sslrootcert {shown}: {error}")))?;
            }
        }
        _ => {
            // Certificates that cannot be read vouch for nobody; others still may.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        let hint = "no authority is known that could vouch for the server; install the system's \
                    certificates, or name a file with sslrootcert";
        return Err(wrong(hint.into()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
