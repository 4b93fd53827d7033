//! Mapping a file read-only: with `prefetch`, the only places in Demur with `unsafe`.
#![allow(unsafe_code)]

use std::fs::File;
use std::path::Path;

use memmap2::{Mmap, MmapMut, MmapOptions};

use crate::error::Error;

/// Maps a file.
///
/// Snapshots are written under a temporary name, synchronised and renamed into place, and never
/// changed afterwards: a mapped file keeps its bytes even when a newer one takes its name. Whoever
/// overwrites one in place breaks that promise and the readers with it, as with a program's binary.
pub(crate) fn map(path: &Path) -> Result<Mmap, Error> {
    let failed = |source| Error::Machine { path: path.to_owned(), doing: "open", source };
    map_file(&File::open(path).map_err(failed)?, path)
}

/// Maps a file that is open, and that nobody changes either.
pub(crate) fn map_file(file: &File, path: &Path) -> Result<Mmap, Error> {
    let failed = |source| Error::Machine { path: path.to_owned(), doing: "map", source };
    // SAFETY: the promise above; a file cut short meanwhile ends the process with SIGBUS rather than
    // letting a record through.
    unsafe { Mmap::map(file) }.map_err(failed)
}

/// Maps a file so that what is written to the memory is nobody else's: the file stays as it is. `None` where
/// there is no such file.
pub(crate) fn copy(path: &Path) -> Result<Option<MmapMut>, Error> {
    let failed = |doing| move |source| Error::Machine { path: path.to_owned(), doing, source };
    let file = match File::open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(failed("open"))?,
    };
    // SAFETY: as above.
    unsafe { MmapOptions::new().map_copy(&file) }.map_err(failed("map")).map(Some)
}
