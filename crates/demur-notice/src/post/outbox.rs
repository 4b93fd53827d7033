//! Messages as files, for whoever has no server configured.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Post, SendError};
use crate::mail::Mail;

/// A folder of `.eml` files named by message id.
///
/// A file is whole or not there: it is written under a temporary name first. The same message id
/// again leaves the file as it is.
#[derive(Debug)]
pub struct FileOutbox {
    folder: PathBuf,
}

impl FileOutbox {
    /// Opens the folder and makes it where it is missing.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, SendError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
        Ok(FileOutbox { folder })
    }

    /// Where a message lies, or would lie.
    #[must_use]
    pub fn path(&self, mail: &Mail) -> PathBuf {
        self.folder.join(format!("{}.eml", mail.message_id))
    }
}

impl Post for FileOutbox {
    fn send(&mut self, mail: &Mail) -> Result<(), SendError> {
        let path = self.path(mail);
        if path.try_exists().map_err(|error| failed(&path, error))? {
            return Ok(());
        }
        let half = self.folder.join(format!("{}.part", mail.message_id));
        write(&half, &mail.bytes).map_err(|error| failed(&half, error))?;
        fs::rename(&half, &path).map_err(|error| failed(&path, error))
    }
}

/// Writes to the disk, as whoever was written to is not written to again.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_data()
}

fn failed(path: &Path, error: io::Error) -> SendError {
    SendError::File { path: path.to_owned(), error }
}
