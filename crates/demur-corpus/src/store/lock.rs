//! One change of a set at a time. On one machine the operating system sees to it; between machines an object does,
//! which only one of them can put.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files;

/// The name of the lock in a set's folder.
pub(crate) const LOCK: &str = ".demur-lock";

/// A folder of this machine in which work on sets in stores lies until it is there whole.
#[derive(Clone, Debug)]
pub struct Workplace {
    /// The folder.
    pub folder: PathBuf,
    /// A name for it that no other machine's has, so that it knows its own locks again.
    pub name: String,
}

/// What stands in a lock's object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    /// The name of the workplace.
    workplace: String,
    /// Its folder.
    folder: String,
    /// The machine: a workplace may have been copied to another, name and all.
    machine: String,
}

/// A set that nobody else changes.
#[derive(Debug)]
pub(crate) struct Lock {
    /// The operating system's lock: it ends with the process, however that ends. Its file stays, since
    /// whoever removes one may remove the next holder's.
    _file: File,
    /// The store's, and what stands in it.
    object: Option<(PathBuf, Vec<u8>)>,
}

impl Workplace {
    /// A folder for one set's work, by its URL.
    pub(crate) fn of(&self, url: &Path) -> PathBuf {
        let digest = blake3::hash(url.to_string_lossy().as_bytes()).to_hex();
        self.folder.join(&digest[..32])
    }

    fn holder(&self) -> Holder {
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        Holder {
            workplace: self.name.clone(),
            folder: self.folder.to_string_lossy().into_owned(),
            machine: machine.trim().to_owned(),
        }
    }
}

impl Lock {
    /// Takes the lock of a file on this machine.
    ///
    /// # Errors
    /// Where another process has it; `set` and `what` say what cannot be changed now.
    pub(crate) fn file(path: &Path, set: &Path, what: &str, hint: &str) -> Result<Lock, Error> {
        let file = File::create(path).map_err(|e| Error::io(path, "create", e))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file, object: None }),
            Err(TryLockError::WouldBlock) => Err(Error::input(set, None, what, hint)),
            Err(TryLockError::Error(e)) => Err(Error::io(path, "lock", e)),
        }
    }

    /// Takes the lock of a set in a store: first that of this machine, then that of all.
    ///
    /// # Errors
    /// Where somebody else has it, or the store fails.
    pub(crate) fn object(
        set: &Path,
        workplace: &Workplace,
        what: &str,
        hint: &str,
    ) -> Result<Lock, Error> {
        let here = workplace.of(set);
        std::fs::create_dir_all(&here).map_err(|e| Error::io(&here, "create", e))?;
        let mut lock = Lock::file(&here.join("lock"), set, what, hint)?;
        let object = set.join(LOCK);
        let holder = workplace.holder();
        let text =
            serde_json::to_vec(&holder).map_err(|e| Error::io(&object, "write", e.into()))?;
        // Where the same holder's name is there already, the process that put it has died: this one has the
        // machine's lock.
        if !files::write_new(&object, &text)? {
            let there = files::read(&object)?;
            let there: Option<Holder> = there.and_then(|text| serde_json::from_slice(&text).ok());
            let who = there.map_or("somebody".to_owned(), |other| {
                format!("{} on {}", other.folder, other.machine)
            });
            let hint = format!(
                "{hint}; if whoever that is was lost for good, delete {}",
                object.display()
            );
            return Err(Error::input(set, None, format!("{what}: {who}"), hint));
        }
        lock.object = Some((object, text));
        Ok(lock)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some((object, text)) = &self.object
            && files::read(object).is_ok_and(|there| there.as_ref() == Some(text))
        {
            // What stays for once is known again by what stands in it.
            let _ = files::remove(object);
        }
    }
}
