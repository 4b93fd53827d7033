//! Why a snapshot could not be written or used.

use std::path::PathBuf;

/// What can go wrong with a snapshot file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not a whole, undamaged snapshot.
    #[error("{}: {what}\n  hint: compile it again with `demur snapshot`; a build without --snapshot does so by itself", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What gives it away.
        what: String,
    },
    /// The file was written by another version of Demur.
    #[error("{}: this is snapshot format {found}, and this Demur reads format {known}\n  hint: compile it again with the Demur that will read it", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// Something that is no snapshot lies where one was to be written.
    #[error("{}: a file that is no snapshot is there already\n  hint: write the snapshot elsewhere with --to", path.display())]
    Taken {
        /// The file.
        path: PathBuf,
    },
    /// The machine failed.
    #[error("{}: could not {doing}: {source}", path.display())]
    Machine {
        /// The file.
        path: PathBuf,
        /// A verb.
        doing: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// More accounts than the format holds.
    #[error("{0} accounts are more than one snapshot holds (4,294,967,295)")]
    TooMany(usize),
}
