//! BLAKE3 digests of files.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Error;

/// Digest of one file's content, in lower-case hexadecimal.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn of_file(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(|e| Error::io(path, "open", e))?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut block).map_err(|e| Error::io(path, "read", e))?;
        if n == 0 {
            return Ok(hasher.finalize().to_hex().to_string());
        }
        hasher.update(&block[..n]);
    }
}

/// Digests of several files, in their order, by so many threads.
///
/// # Errors
/// Where one cannot be read.
pub(crate) fn of_each(paths: &[PathBuf], threads: usize) -> Result<Vec<String>, Error> {
    let next = AtomicUsize::new(0);
    let thread = || {
        let next = || paths.get(next.fetch_add(1, Ordering::Relaxed));
        std::iter::from_fn(next).map(|path| (path, of_file(path))).collect::<Vec<_>>()
    };
    let mut digests: Vec<_> = std::thread::scope(|scope| {
        let threads = threads.clamp(1, paths.len().max(1));
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(thread)).collect();
        threads.into_iter().flat_map(|t| t.join().expect("a reader does not panic")).collect()
    });
    let place = |path: &PathBuf| paths.iter().position(|other| std::ptr::eq(other, path));
    digests.sort_by_key(|(path, _)| place(path));
    digests.into_iter().map(|(_, digest)| digest).collect()
}

/// Digest over the names and contents of several files, in the order given. Folders do not count, so
/// that a copy elsewhere has the same digest.
///
/// # Errors
/// Where one cannot be read.
pub(crate) fn of_files(paths: &[PathBuf]) -> Result<String, Error> {
    let mut all = blake3::Hasher::new();
    for path in paths {
        all.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        all.update(b"\0");
        all.update(of_file(path)?.as_bytes());
        all.update(b"\n");
    }
    Ok(all.finalize().to_hex().to_string())
}
