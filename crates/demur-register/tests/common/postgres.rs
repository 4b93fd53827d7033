//! Registers in PostgreSQL, each in a schema of its own.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use demur_register::RegisterUrl;
use tokio_postgres::{Client, NoTls};

/// The variable that names a database for tests; `cargo xtask test postgres` sets it. Without it, registers
/// are SQLite files.
pub const SERVER: &str = "DEMUR_TEST_POSTGRES";

/// A schema that goes away with its handle.
pub struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// A fresh one, where tests run on PostgreSQL.
    pub fn new() -> Option<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let server = std::env::var(SERVER).ok()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let schema = Schema { server, name: format!("t{}_{count}", std::process::id()) };
        schema.run(&format!("CREATE SCHEMA {}", schema.name));
        Some(schema)
    }

    pub fn url(&self) -> RegisterUrl {
        RegisterUrl::parse(&self.address(), Path::new("")).unwrap()
    }

    /// The same as a text.
    pub fn address(&self) -> String {
        format!("{}?options=-csearch_path%3D{}", self.server, self.name)
    }

    /// Runs statements in it.
    pub fn run(&self, sql: &str) {
        self.with(async |client| client.batch_execute(sql).await.unwrap());
    }

    /// The names of its tables.
    pub fn tables(&self) -> Vec<String> {
        let sql = "SELECT table_name::text FROM information_schema.tables \
                   WHERE table_schema = current_schema()";
        self.with(async |client| {
            client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
        })
    }

    /// Each table with all its bytes.
    pub fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let read = |table: String| {
            let bytes = self.with(async |client| {
                let copy = format!("COPY {table} TO STDOUT (FORMAT binary)");
                let mut copy = Box::pin(client.copy_out(&copy).await.unwrap());
                let mut all = Vec::new();
                while let Some(part) = futures_util::StreamExt::next(&mut copy).await {
                    all.extend(part.unwrap());
                }
                all
            });
            (table, bytes)
        };
        self.tables().into_iter().map(read).collect()
    }

    pub fn back_up(&self) {
        let name = &self.name;
        self.run(&format!("CREATE SCHEMA {name}_backup"));
        for table in self.tables() {
            self.run(&format!("CREATE TABLE {name}_backup.{table} AS TABLE {table}"));
        }
    }

    pub fn restore(&self) {
        let name = &self.name;
        let tables = self.tables();
        self.run(&format!(
            "SET session_replication_role = replica; TRUNCATE {}",
            tables.join(", ")
        ));
        for table in tables {
            let put = format!("INSERT INTO {table} SELECT * FROM {name}_backup.{table}");
            self.run(&format!("SET session_replication_role = replica; {put}"));
        }
        self.run(&format!("DROP SCHEMA {name}_backup CASCADE"));
    }

    fn with<T>(&self, use_it: impl AsyncFnOnce(Client) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&self.server, NoTls).await.unwrap();
            tokio::spawn(connection);
            let path =
                format!("SET search_path = {}; SET client_min_messages = warning", self.name);
            client.batch_execute(&path).await.unwrap();
            use_it(client).await
        })
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name));
    }
}
