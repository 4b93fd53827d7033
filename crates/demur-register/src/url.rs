//! Where a register lies.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::store::PostgresUrl;

/// The address of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterUrl {
    /// A SQLite file.
    File(PathBuf),
    /// A SQLite database in memory, gone with the handle.
    Memory,
    /// A PostgreSQL database.
    Postgres(PostgresUrl),
}

impl RegisterUrl {
    /// Reads `sqlite:path` (relative paths from `base`), `sqlite::memory:` or
    /// `postgres://user@host/database`, which the variables of the environment complete that `psql`
    /// knows as well: `PGPASSWORD` above all.
    ///
    /// # Errors
    /// Where the address has no scheme, or one that is not supported.
    pub fn parse(text: &str, base: &Path) -> Result<Self> {
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(Error::Url(format!(
                "\"{text}\" is not the address of a register; write sqlite:{text}"
            )));
        };
        if matches!(scheme, "postgres" | "postgresql") {
            let environment = |name: &str| std::env::var(name).ok();
            return PostgresUrl::parse(text, base, &environment).map(RegisterUrl::Postgres);
        }
        if scheme != "sqlite" {
            return Err(Error::Url(format!(
                "\"{scheme}:\" registers are not supported; write sqlite:demur.db or \
                 postgres://user@host/database"
            )));
        }
        match rest.strip_prefix("//").unwrap_or(rest) {
            ":memory:" => Ok(RegisterUrl::Memory),
            "" => {
                Err(Error::Url("the register's address has no path; write sqlite:demur.db".into()))
            }
            path => Ok(RegisterUrl::File(base.join(path))),
        }
    }

    /// The place for messages: a path, or an address without its password.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            RegisterUrl::File(path) => path.display().to_string(),
            RegisterUrl::Memory => ":memory:".into(),
            RegisterUrl::Postgres(url) => url.to_string(),
        }
    }
}

impl fmt::Display for RegisterUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegisterUrl::Postgres(url) => write!(f, "{url}"),
            RegisterUrl::File(_) | RegisterUrl::Memory => write!(f, "sqlite:{}", self.place()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_relative_to_the_base() {
        let parse = |text| RegisterUrl::parse(text, Path::new("/srv/demur"));
        let file = |path: &str| RegisterUrl::File(path.into());
        assert_eq!(parse("sqlite:demur.db").unwrap(), file("/srv/demur/demur.db"));
        assert_eq!(parse("sqlite:///var/demur.db").unwrap(), file("/var/demur.db"));
        assert_eq!(parse("sqlite::memory:").unwrap(), RegisterUrl::Memory);
        assert!(parse("mysql://db").unwrap_err().to_string().contains("postgres://user@host"));
        let postgres = parse("postgres://demur:s3cret@db.example/demur").unwrap();
        assert_eq!(postgres.to_string(), "postgres://demur@db.example/demur");
        assert!(parse("demur.db").unwrap_err().to_string().contains("sqlite:demur.db"));
        assert!(parse("sqlite:").unwrap_err().to_string().contains("no path"));
    }
}
