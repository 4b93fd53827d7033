//! What every command starts from: the configuration, the register, the clock.

use std::path::{Path, PathBuf};

use demur_core::id::{AccountId, IdKind};
use demur_core::purpose::Purpose;
use demur_corpus::{Accounts, CorpusSource, Workplace};
use demur_register::{CaseId, KeySource, Options, OsEntropy, Register, RegisterUrl};
use jiff::Timestamp;

use crate::config::{self, Config, Problem};
use crate::failure::Failure;
use crate::output::Output;
use crate::workplace;

/// The environment variable that holds the register's key, in hexadecimal, instead of a file.
pub(crate) const KEY_VARIABLE: &str = "DEMUR_KEY";

/// A loaded configuration and what goes with it.
pub(crate) struct Context {
    pub(crate) config: Config,
    pub(crate) out: Output,
    /// What the author of the configuration should hear before anything is judged by it.
    warnings: Vec<Problem>,
}

/// The moment it is.
#[allow(clippy::disallowed_methods, reason = "the command line is where time enters")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

impl Context {
    pub(crate) fn load(path: &Path, out: Output) -> Result<Context, Failure> {
        let loaded = config::load(path)?;
        Ok(Context { config: loaded.config, out, warnings: loaded.warnings })
    }

    /// A path, or a URL, as the configuration means it.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        demur_corpus::resolve(&self.config.folder, relative)
    }

    /// Where work on what lies at a place is done, if that is in an object store.
    pub(crate) fn workplace(&self, place: &Path) -> Result<Workplace, Failure> {
        workplace::open(&self.config.folder, place)
    }

    /// Opens the register to look at it; it must be there.
    pub(crate) fn existing_register(&self) -> Result<Register, Failure> {
        Ok(Register::open_existing(self.register_options()?, Box::new(OsEntropy::new()), now())?)
    }

    pub(crate) fn register_options(&self) -> Result<Options, Failure> {
        let settings = &self.config.register;
        let key = match std::env::var(KEY_VARIABLE) {
            Ok(hex) => KeySource::Hex(hex),
            Err(_) => KeySource::File(self.path(&settings.key)),
        };
        Ok(Options {
            url: RegisterUrl::parse(&settings.url, &self.config.folder)?,
            key,
            origin: settings.name.clone().unwrap_or_else(|| Options::DEFAULT_ORIGIN.to_owned()),
        })
    }

    /// Opens the register to enter something; the first entry begins it.
    pub(crate) fn register_to_tell(&self) -> Result<Register, Failure> {
        let entropy = Box::new(OsEntropy::new());
        self.with_purposes(Register::open(self.register_options()?, entropy, now())?)
    }

    /// Opens the register to decide a case of it; it must be there.
    pub(crate) fn register_to_decide(&self) -> Result<Register, Failure> {
        self.with_purposes(self.existing_register()?)
    }

    /// Opens the register to judge by it. Where nobody has entered anything yet, it begins here as
    /// well, and says so: a register that was lost would look the same.
    pub(crate) fn register_to_judge(&self) -> Result<Register, Failure> {
        for warning in &self.warnings {
            self.out.warn(&warning.to_string());
        }
        let options = self.register_options()?;
        if let KeySource::Hex(_) = options.key {
            // Without a key file nothing tells a first register from a lost one.
            return self.register_to_decide();
        }
        let url = options.url.clone();
        let register = Register::open(options, Box::new(OsEntropy::new()), now())?;
        if register.size()? <= 1 {
            self.out.warn(&format!(
                "warning: the register {url} is new and knows of no objection; import those there are before you train on anything"
            ));
        }
        self.with_purposes(register)
    }

    /// Records every purpose of the configuration, so that what people object to, and what is built,
    /// always has a version on record.
    fn with_purposes(&self, mut register: Register) -> Result<Register, Failure> {
        for purpose in &self.config.purposes {
            register.record_purpose(purpose, now())?;
        }
        Ok(register)
    }

    /// The purpose of that name, or the only one where no name is given.
    pub(crate) fn purpose(&self, name: Option<&str>) -> Result<&Purpose, Failure> {
        match (name, self.config.purposes.as_slice()) {
            (Some(name), _) => Ok(self.config.purpose(name)?),
            (None, [only]) => Ok(only),
            (None, many) => {
                let names: Vec<&str> = many.iter().map(|p| p.id.as_str()).collect();
                let names = names.join(", ");
                Err(Failure::input(format!("say which purpose with --purpose: {names}")))
            }
        }
    }

    pub(crate) fn corpora(&self, names: &[String]) -> Result<Vec<&CorpusSource>, Failure> {
        let mut corpora: Vec<&CorpusSource> = Vec::new();
        for name in names {
            let corpus = self.config.corpus(name)?;
            if corpora.iter().any(|c| c.id == corpus.id) {
                return Err(Failure::input(format!("corpus `{name}` is named twice")));
            }
            corpora.push(corpus);
        }
        Ok(corpora)
    }

    pub(crate) fn accounts(&self) -> Result<Accounts<'_>, Failure> {
        Ok(Accounts::open(&self.config.accounts, &self.config.folder)?)
    }

    /// Reads an account id from the command line.
    pub(crate) fn account_id(&self, text: &str) -> Result<AccountId, Failure> {
        AccountId::parse(self.id_kind()?, text).map_err(Failure::input)
    }

    pub(crate) fn id_kind(&self) -> Result<IdKind, Failure> {
        Ok(self.accounts()?.id_kind())
    }
}

/// Reads a case number from the command line.
pub(crate) fn case_id(text: &str) -> Result<CaseId, Failure> {
    text.parse().map_err(|e| Failure::input(format!("\"{text}\" is not a case: {e}")))
}
