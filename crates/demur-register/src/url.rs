//! Where a register lies.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The address of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterUrl {
    /// A SQLite file.
    File(PathBuf),
    /// A SQLite database in memory, gone with the handle.
    Memory,
}

impl RegisterUrl {
    /// Reads `sqlite:path` (relative paths from `base`) or `sqlite::memory:`.
    ///
    /// # Errors
    /// Where the address has no scheme, or one that is not supported.
    pub fn parse(text: &str, base: &Path) -> Result<Self> {
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(Error::Url(format!(
                "\"{text}\" is not the address of a register; write sqlite:{text}"
            )));
        };
        if scheme != "sqlite" {
            return Err(Error::Url(format!(
                "\"{scheme}:\" registers are not supported yet; write sqlite:demur.db"
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

    /// Whether a register may lie there already: a file with something in it.
    pub(crate) fn is_present(&self) -> bool {
        match self {
            RegisterUrl::File(path) => path.metadata().is_ok_and(|file| file.len() > 0),
            RegisterUrl::Memory => false,
        }
    }

    /// The path for messages.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            RegisterUrl::File(path) => path.clone(),
            RegisterUrl::Memory => ":memory:".into(),
        }
    }
}

impl fmt::Display for RegisterUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite:{}", self.path().display())
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
        assert!(parse("postgres://db").unwrap_err().to_string().contains("not supported yet"));
        assert!(parse("demur.db").unwrap_err().to_string().contains("sqlite:demur.db"));
        assert!(parse("sqlite:").unwrap_err().to_string().contains("no path"));
    }
}
