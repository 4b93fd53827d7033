//! A demo platform with a server on it, and everybody's direct link.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use demur_core::id::AccountId;
use demur_core::objection::Scope;
use demur_register::{KeySource, Link, LinkKind, Options, OsEntropy, Register, RegisterUrl};
use demur_snapshot::Word;
use jiff::{SignedDuration, Timestamp};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::shell;

/// What everybody objects to.
pub(crate) const PURPOSE: &str = "assistant-training";
/// Where the demo has its register.
const BESIDE: &str = "sqlite:demur.db";
/// Records of the platform; nobody asks for them here.
const RECORDS: &str = "1000";

/// The platform.
pub(crate) struct Platform {
    folder: PathBuf,
    /// Where its register is.
    url: RegisterUrl,
    /// Who objects, one account for each request.
    pub(crate) accounts: Vec<i64>,
    /// Their links.
    pub(crate) paths: Vec<String>,
}

impl Platform {
    /// Makes it anew, with so many people who have not objected. The register is beside it, or at an
    /// address where none is yet.
    pub(crate) fn make(
        demur: &Path,
        folder: &Path,
        people: usize,
        register: Option<&str>,
    ) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder).context("the last platform could not be removed")?;
        }
        let mut command = Command::new(demur);
        command.arg("demo").arg(folder).args(["--records", RECORDS, "--accounts"]);
        // The demo's own objections and its people of several accounts leave room enough.
        let wanted = people * 2;
        if shell::ask(command.arg(wanted.to_string())).is_none() {
            bail!("`demur demo` could not make the platform");
        }
        let url = RegisterUrl::parse(register.unwrap_or(BESIDE), folder)?;
        let (accounts, paths) = (Vec::new(), Vec::new());
        let mut platform = Platform { folder: folder.to_owned(), url, accounts, paths };
        platform.begin_anew()?;
        if let Some(register) = register {
            let file = platform.file("demur.toml");
            let text = fs::read_to_string(&file)?;
            if !text.contains(BESIDE) {
                bail!("{} does not say where the register is", file.display());
            }
            fs::write(&file, text.replace(BESIDE, register))?;
        }
        platform.accounts = platform.ids(people)?;
        let links = platform.register()?.links();
        let issued_at = now();
        let expires_at = issued_at + SignedDuration::from_hours(24);
        platform.paths = platform
            .accounts
            .iter()
            .map(|account| {
                let account = AccountId::Number((*account).into());
                let kind = LinkKind::Object { account, purpose: PURPOSE.into() };
                format!("/o/{}", links.seal(&Link { kind, issued_at, expires_at }))
            })
            .collect();
        Ok(platform)
    }

    /// A file of the platform.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The register.
    pub(crate) fn register(&self) -> Result<Register> {
        let options = Options {
            url: self.url.clone(),
            key: KeySource::File(self.file("demur.key")),
            origin: Options::DEFAULT_ORIGIN.into(),
        };
        Ok(Register::open(options, Box::new(OsEntropy::new()), now())?)
    }

    /// Where the people who object are written to, in their order.
    pub(crate) fn addresses(&self) -> Result<Vec<String>> {
        let mut addresses = Vec::new();
        for batch in self.facts()? {
            let batch = batch?;
            let column = batch.column_by_name("email").context("no email")?;
            addresses.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
        }
        addresses.truncate(self.accounts.len());
        Ok(addresses)
    }

    fn facts(&self) -> Result<ParquetRecordBatchReader> {
        let file = File::open(self.file("accounts.parquet"))?;
        Ok(ParquetRecordBatchReaderBuilder::try_new(file)?.build()?)
    }

    /// Takes the demo's register away, so that nobody has objected yet.
    fn begin_anew(&self) -> Result<()> {
        for name in ["demur.db", "demur.db-wal", "demur.db-shm", "demur.key"] {
            match fs::remove_file(self.file(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).context("the demo's register could not be removed");
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn ids(&self, count: usize) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        for batch in self.facts()? {
            let batch = batch?;
            let column = batch.column_by_name("account_id").context("no account_id")?;
            ids.extend(column.as_primitive::<Int64Type>().values().iter().copied());
        }
        ids.truncate(count);
        if ids.len() < count {
            bail!("the platform has too few accounts");
        }
        Ok(ids)
    }
}

/// The moment it is.
#[allow(clippy::disallowed_methods, reason = "a measurement begins now")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Whether nothing of an account's own is used.
pub(crate) fn is_out(word: Word) -> bool {
    [Scope::PublicContent, Scope::AiInteractions]
        .into_iter()
        .all(|scope| word.objection_reason(scope).is_some())
}

/// A running `demur serve`.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it on a free port.
    pub(crate) fn start(demur: &Path, platform: &Platform) -> Result<Self> {
        Self::of(demur, &platform.file("demur.toml"))
    }

    /// Starts one of a configuration on a free port.
    pub(crate) fn of(demur: &Path, configuration: &Path) -> Result<Self> {
        let mut child = Command::new(demur)
            .arg("--config")
            .arg(configuration)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the server could not be started")?;
        let output = child.stdout.take().context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line
            .split_whitespace()
            .find_map(|word| word.strip_prefix("http://").and_then(|address| address.parse().ok()));
        match address {
            Some(address) => Ok(Server { child, address }),
            None => {
                drop(child.kill());
                bail!("the server did not say where it listens: \"{}\"", line.trim())
            }
        }
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let ask = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        ask.context("`kill` could not be started")?;
        self.child.wait().context("the server cannot be waited for").map(drop)
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill().context("the server could not be killed")?;
        self.child.wait().context("the server cannot be waited for").map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that ended takes no harm from it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
