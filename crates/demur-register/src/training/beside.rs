//! What is kept beside the log about training sets: their manifests, and where they were last seen.
//! Neither is about people.

use crate::Register;
use crate::error::{Error, Result};

impl Register {
    /// The text of a manifest that the register kept.
    ///
    /// # Errors
    /// Where the register cannot be read, or the text was changed by someone else.
    pub fn manifest(&self, digest: &str) -> Result<Option<String>> {
        let text = self.store.read()?.manifest(digest)?;
        match text {
            Some(text) if digest_of(&text) != digest => {
                Err(Error::Damaged(format!("the manifest {digest} was changed by someone else")))
            }
            text => Ok(text),
        }
    }

    /// Keeps a manifest; returns its digest. Committing a version does so by itself.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn keep_manifest(&mut self, text: &str) -> Result<String> {
        let digest = digest_of(text);
        let mut tx = self.store.write()?;
        tx.add_manifest(&digest, text)?;
        tx.commit()?;
        Ok(digest)
    }

    /// Notes the folder or address at which a set was last seen.
    ///
    /// # Errors
    /// Where the register does not know the set, or cannot be written.
    pub fn set_place(&mut self, set: &str, place: &str) -> Result<()> {
        let mut tx = self.store.write()?;
        if !tx.training()?.iter().any(|row| row.set == set) {
            return Err(Error::Invalid(format!("the register knows no training set \"{set}\"")));
        }
        tx.set_place(set, place)?;
        tx.commit()
    }

    /// The folder or address at which a set was last seen.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn place_of(&self, set: &str) -> Result<Option<String>> {
        self.store.read()?.place(set)
    }
}

/// BLAKE3, as manifests name themselves.
pub(crate) fn digest_of(manifest: &str) -> String {
    blake3::hash(manifest.as_bytes()).to_hex().to_string()
}

/// Refuses a text that is not the manifest which an event would name.
pub(super) fn check_manifest(set: &str, digest: &str, text: &str) -> Result<()> {
    if digest_of(text) == digest {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "the manifest of training set \"{set}\" is not the one with digest {digest}"
    )))
}
