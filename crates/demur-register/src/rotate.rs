//! Another key for a register: the old one is refused from then on.
//!
//! Everything that a register seals, finds and signs hangs on its secret, which stays: links in mails keep
//! working, checkpoints keep their verifier, and nothing has to be written anew. The secret is closed under the
//! new key. A register's first key is the secret, and any later key gives it to whoever has a copy of the register
//! from its time: against them only another secret helps ([`Register::copy_under`]). The first key of all is the secret: who kept that one has to be shut out by
//! another secret ([`Register::copy_under`]).

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::Register;
use crate::entropy::draw;
use crate::error::{Error, Result};
use crate::keys::{self, KeySource, Keys};
use crate::store::Read;

/// The setting that holds the closed secret.
pub(crate) const SECRET: &str = "secret";

impl Register {
    /// Draws a new key, closes the register under it and writes it to `file`, in place of the one there. A
    /// crash on the way leaves either key valid, and the file says which once the register is opened again.
    /// Handles that are open stay so.
    ///
    /// # Errors
    /// Where the file or the register cannot be written.
    pub fn rotate_key(&mut self, file: &Path) -> Result<()> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { path, source }
        };
        let draft = draft(file);
        if draft.exists() {
            // Of a change that was interrupted before the register knew of it: the present key is another.
            std::fs::remove_file(&draft).map_err(failed(&draft))?;
        }
        let key = draw(&mut *self.entropy);
        keys::write(&draft, &key).map_err(failed(&draft))?;
        synchronise(&draft)?;
        let mut tx = self.store.write()?;
        tx.set_meta(SECRET, &self.keys.close(&key, &mut *self.entropy))?;
        tx.commit()?;
        std::fs::rename(&draft, file).map_err(failed(file))?;
        synchronise(file)
    }
}

/// The keys of a register, by the key that was just made for it or the one that is there.
pub(crate) fn open(source: &KeySource, created: Option<[u8; 32]>, tx: &dyn Read) -> Result<Keys> {
    let closed = tx.meta(SECRET)?;
    let open = |key: &[u8; 32]| Keys::open(key, closed.as_deref());
    let opened = open(&created.map_or_else(|| source.load(), Ok)?);
    let KeySource::File(file) = source else { return opened };
    let draft = draft(file);
    match opened {
        Err(Error::WrongKey) if draft.exists() => {
            // The register has the new key, and only its file has not taken the old one's place.
            let keys = open(&KeySource::File(draft.clone()).load()?)?;
            std::fs::rename(&draft, file)
                .map_err(|source| Error::Io { path: file.clone(), source })?;
            synchronise(file)?;
            Ok(keys)
        }
        opened => opened,
    }
}

/// Where a new key waits until the register knows it.
fn draft(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    file.with_file_name(name)
}

/// Makes sure that a file's name outlasts a power cut.
fn synchronise(file: &Path) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let synchronised = File::open(folder).and_then(|folder| folder.sync_all());
    synchronised.map_err(|source| Error::Io { path: folder.to_owned(), source })
}
