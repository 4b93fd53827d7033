//! A PostgreSQL server of one's own: on a port of its own, in a folder of its own, gone when it is dropped.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::debian::{self, is_root};
use crate::shell;

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The oldest version that Demur supports.
const OLDEST: u32 = 15;
/// Who runs the server where root may not.
pub(super) const SERVICE_USER: &str = "postgres";

/// A running server.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    settings: String,
}

/// How a server is stopped.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    /// Connections end, what was committed is written out.
    Fast,
    /// As a power cut would.
    Immediate,
}

impl Cluster {
    /// Makes a server and starts it. `settings` are its own, such as `fsync=off`.
    pub(crate) fn start(settings: &[&str]) -> Result<Self> {
        let programs = programs()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("demur-postgres-{port}"));
        std::fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        let settings = settings.iter().map(|setting| format!(" -c {setting}")).collect();
        let cluster = Cluster { programs, folder, port, settings };
        if is_root() {
            let mut own = Command::new("chown");
            quietly(own.arg(SERVICE_USER).arg(&cluster.folder))?;
        }
        let mut make = cluster.program("initdb");
        make.args(["--username=demur", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        quietly(make.arg("--no-sync").arg("--pgdata").arg(cluster.data()))?;
        cluster.up()?;
        Ok(cluster)
    }

    /// Starts it again; returns once it takes connections.
    pub(crate) fn up(&self) -> Result<()> {
        let folder = self.folder.display();
        let options =
            format!("-p {} -k {folder} -c listen_addresses=127.0.0.1{}", self.port, self.settings);
        let mut start = self.program("pg_ctl");
        start.args(["start", "--wait", "--silent", "--options", &options]);
        start.arg("--log").arg(self.folder.join("log")).arg("--pgdata").arg(self.data());
        quietly(&mut start)
            .with_context(|| std::fs::read_to_string(self.folder.join("log")).unwrap_or_default())
    }

    /// Stops it; returns once it is down.
    pub(crate) fn down(&self, how: Stop) -> Result<()> {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--wait", "--silent", "--mode", mode]);
        quietly(stop.arg("--pgdata").arg(self.data()))
    }

    /// Makes a database and returns its address.
    pub(crate) fn database(&self, name: &str) -> Result<String> {
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(format!("postgres://demur@127.0.0.1:{}/{name}", self.port))
    }

    /// Says who may connect from now on, in the words of `pg_hba.conf`.
    pub(crate) fn let_in(&self, rules: &str) -> Result<()> {
        std::fs::write(self.data().join("pg_hba.conf"), rules)?;
        let mut reload = self.program("pg_ctl");
        quietly(reload.arg("reload").arg("--pgdata").arg(self.data()))
    }

    /// Writes a back-up of a database to a file, as an operator would.
    pub(crate) fn back_up(&self, database: &str, file: &Path) -> Result<()> {
        let mut dump = self.client("pg_dump", database);
        quietly(dump.arg("--format=custom").arg("--file").arg(file))
    }

    /// Puts a back-up into an empty database.
    pub(crate) fn restore(&self, file: &Path, database: &str) -> Result<()> {
        quietly(self.client("pg_restore", database).arg("--exit-on-error").arg(file))
    }

    /// A program that connects to a database.
    fn client(&self, name: &str, database: &str) -> Command {
        let mut client = Command::new(self.programs.join(name));
        client.args(["--host", "127.0.0.1", "--username", "demur"]);
        client.args(["--port", &self.port.to_string(), "--dbname", database]);
        client
    }

    /// Runs a statement and returns what it printed.
    pub(crate) fn sql(&self, database: &str, sql: &str) -> Result<String> {
        let mut psql = self.client("psql", database);
        psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"]);
        psql.args(["--set", "ON_ERROR_STOP=1", "--command", sql]);
        let output = psql.stdin(Stdio::null()).output().context("psql could not be started")?;
        if !output.status.success() {
            bail!("{sql}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// One of the server's programs, which refuse to be run by root.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", SERVICE_USER, "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // Root's own folder is none that the server's user may be in.
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.down(Stop::Immediate) {
            eprintln!("xtask: {error:#}");
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// The folder with the server's programs, which are installed where they are missing and this user may
/// do that.
fn programs() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let missing = || {
        format!(
            "PostgreSQL {OLDEST} or later is not here: install it (Debian: `apt-get install \
             postgresql`), so that `initdb` is found below {DEBIAN} or on the PATH"
        )
    };
    debian::install(&["postgresql"]).with_context(missing)?;
    find().with_context(missing)
}

fn find() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())))
        .filter(|(version, path)| *version >= OLDEST && path.join("bin/initdb").is_file())
        .max();
    if let Some((_, path)) = newest {
        return Some(path.join("bin"));
    }
    let has = |folder: &PathBuf| folder.join("initdb").is_file() && is_new_enough(folder);
    std::env::split_paths(&std::env::var_os("PATH")?).find(has)
}

fn is_new_enough(programs: &Path) -> bool {
    let said = shell::ask(Command::new(programs.join("initdb")).arg("--version"));
    let version = said.as_deref().and_then(|said| said.split_whitespace().nth(2));
    let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major >= OLDEST)
}

/// Runs a program without its output, unless it fails.
pub(super) fn quietly(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    // A server that goes on running would keep a pipe open for ever.
    let log = tempfile::tempfile()?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?);
    let status = command.status().with_context(|| format!("{name} could not be started"))?;
    if !status.success() {
        use std::io::{Read, Seek};
        let (mut log, mut said) = (log, String::new());
        log.rewind()?;
        log.read_to_string(&mut said)?;
        bail!("{name} ended with {status}: {}", said.trim());
    }
    Ok(())
}
