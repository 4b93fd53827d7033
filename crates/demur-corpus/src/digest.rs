//! BLAKE3 digests of files.
//!
//! BLAKE3 is a tree: parts of a file are hashed by any number of threads, and put together to the
//! digest that one would find.

use std::collections::HashMap;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use blake3::hazmat::{self, ChainingValue, HasherExt, Mode};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files::{self, State};
use crate::share::share;
use crate::store;

/// Bytes that one thread hashes at once. Longer files are cut where the tree has a branch.
const PART: u64 = 16 << 20;

/// Digest of one file's content, in lower-case hexadecimal, by one thread.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn of_file(path: &Path) -> Result<String, Error> {
    let mut hasher = blake3::Hasher::new();
    feed(&mut hasher, files::open(path, None)?).map_err(|e| Error::io(path, "read", e))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Digests of several files, in their order, by so many threads.
///
/// # Errors
/// Where one cannot be read.
pub(crate) fn of_each(paths: &[PathBuf], threads: usize) -> Result<Vec<String>, Error> {
    let look = || share(paths, store::openers(paths), |path| files::state(path));
    let before = look()?;
    let files: Vec<_> = paths.iter().map(|path| Identity::of(path)).collect();
    let seen = paths.iter().zip(&before).zip(&files);
    let seen = seen.map(|((path, state), file)| known(path, state).or(recognised(path, *file)));
    let known: Vec<_> = seen.collect();
    let mut parts = Vec::new();
    let mut trees = Vec::new();
    for ((path, state), known) in paths.iter().zip(&before).zip(&known) {
        trees.push(known.is_none().then(|| tree(path, 0, state.bytes, &mut parts)));
    }
    let next = AtomicUsize::new(0);
    let thread = || {
        let next = || next.fetch_add(1, Ordering::Relaxed);
        let hash = |at| parts.get(at).map(|part: &Part<'_>| (at, part.hash()));
        std::iter::repeat_with(next).map_while(hash).collect::<Vec<_>>()
    };
    let mut hashes: Vec<(usize, Result<Hashed, Error>)> = std::thread::scope(|scope| {
        let threads = threads.clamp(1, parts.len().max(1));
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(thread)).collect();
        threads.into_iter().flat_map(|t| t.join().expect("a reader does not panic")).collect()
    });
    hashes.sort_unstable_by_key(|(at, _)| *at);
    let hashes = hashes.into_iter().map(|(_, hash)| hash).collect::<Result<Vec<_>, Error>>()?;
    let digest = |tree: Tree| tree.root(&hashes).to_hex().to_string();
    let digests = trees.into_iter().zip(known);
    let digests = digests.map(|(tree, known)| known.or(tree.map(digest)).unwrap_or_default());
    let digests: Vec<String> = digests.collect();
    for ((path, file), digest) in paths.iter().zip(files).zip(&digests) {
        if let Some(file) = file.filter(|_| file == Identity::of(path)) {
            note(FileDigest { path: path.to_owned(), file, blake3: digest.clone() }, false);
        }
    }
    if paths.iter().any(|path| store::is_url(path)) {
        let after = look()?;
        let same = before.iter().zip(&after).map(|(before, after)| before == after);
        for (((path, state), same), digest) in paths.iter().zip(&before).zip(same).zip(&digests) {
            if same {
                remember(path, state, digest);
            }
        }
    }
    Ok(digests)
}

/// Digests of versions of objects that this process has read: to ask for the version costs one request.
static KNOWN: LazyLock<Mutex<HashMap<PathBuf, (State, String)>>> = LazyLock::new(Mutex::default);

fn known(path: &Path, state: &State) -> Option<String> {
    state.tag.as_ref()?;
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.get(path).filter(|(of, _)| of == state).map(|(_, digest)| digest.clone())
}

fn remember(path: &Path, state: &State, digest: &str) {
    if state.tag.is_some() {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(path.to_owned(), (state.clone(), digest.to_owned()));
    }
}

/// Which file of this machine it is, and since when its content is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    device: u64,
    inode: u64,
    bytes: u64,
    /// In nanoseconds since 1970 UTC.
    modified: i64,
}

impl Identity {
    /// `None` of objects in a store, and where the system does not number its files.
    fn of(path: &Path) -> Option<Identity> {
        if store::is_url(path) {
            return None;
        }
        let meta = std::fs::metadata(path).ok()?;
        let modified = files::modified(path, &meta).ok()?;
        let (device, inode) = files::number(&meta)?;
        Some(Identity { device, inode, bytes: meta.len(), modified })
    }
}

/// A file of this machine, with the digest of its content. Whoever finds the same file with the same size
/// and time of change need not read all of it again: a build touches columns that it judges by, and
/// hashing would touch the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    path: PathBuf,
    #[serde(flatten)]
    file: Identity,
    blake3: String,
}

/// What was noted of files: by this process, which reads again what it has to vouch for, or by an earlier
/// one whose word is taken.
static NOTED: LazyLock<Mutex<HashMap<PathBuf, (FileDigest, bool)>>> = LazyLock::new(Mutex::default);

fn note(file: FileDigest, is_trusted: bool) {
    let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    match noted.get(&file.path) {
        Some((known, true)) if *known == file => {}
        _ => drop(noted.insert(file.path.clone(), (file, is_trusted))),
    }
}

fn recognised(path: &Path, file: Option<Identity>) -> Option<String> {
    let noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    let (known, is_trusted) = noted.get(path)?;
    (*is_trusted && Some(known.file) == file).then(|| known.blake3.clone())
}

/// The digest of a file that is what it was when an earlier run hashed it, whose word is taken.
pub(crate) fn trusted(path: &Path) -> Option<String> {
    recognised(path, Identity::of(path))
}

/// Takes an earlier run's word for these files, as long as they are what they were. Only for what a build
/// says of its corpus: an audit reads everything.
pub fn trust_digests(files: Vec<FileDigest>) {
    files.into_iter().for_each(|file| note(file, true));
}

/// What a later run may be told of these files: of those that were hashed, are what they were, and were last
/// changed before `until`, in nanoseconds since 1970 UTC. A file that was changed within the clock's
/// last tick could change once more without a trace.
#[must_use]
pub fn noted_digests(paths: &[PathBuf], until: i64) -> Vec<FileDigest> {
    let noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = paths.iter().filter_map(|path| noted.get(path).map(|(known, _)| known));
    let is_old = |known: &&FileDigest| {
        known.file.modified < until && Identity::of(&known.path) == Some(known.file)
    };
    known.filter(is_old).cloned().collect()
}

/// Digest over the names and contents of several files, in the order given. Folders do not count, so
/// that a copy elsewhere has the same digest.
///
/// # Errors
/// Where one cannot be read.
pub(crate) fn of_files(paths: &[PathBuf]) -> Result<String, Error> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let mut all = blake3::Hasher::new();
    for (path, digest) in paths.iter().zip(of_each(paths, threads)?) {
        all.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        all.update(b"\0");
        all.update(digest.as_bytes());
        all.update(b"\n");
    }
    Ok(all.finalize().to_hex().to_string())
}

/// A stretch of a file.
struct Part<'a> {
    path: &'a Path,
    start: u64,
    length: u64,
    /// Whether it is the whole file, which has a digest of its own.
    whole: bool,
}

/// What a part came to.
enum Hashed {
    Whole(blake3::Hash),
    Part(ChainingValue),
}

impl Part<'_> {
    fn hash(&self) -> Result<Hashed, Error> {
        let failed = |e| Error::io(self.path, "read", e);
        // A whole file that has grown meanwhile is hashed as it is now.
        let end = if self.whole { u64::MAX } else { self.start + self.length };
        let file = files::open(self.path, Some(self.start..end))?;
        let mut hasher = blake3::Hasher::new();
        if self.whole {
            feed(&mut hasher, file).map_err(failed)?;
            return Ok(Hashed::Whole(hasher.finalize()));
        }
        hasher.set_input_offset(self.start);
        let read = feed(&mut hasher, file).map_err(failed)?;
        if read != self.length {
            let hint = "do it again when nobody writes there";
            return Err(Error::input(self.path, None, "it was cut short while it was read", hint));
        }
        Ok(Hashed::Part(hasher.finalize_non_root()))
    }
}

/// How the parts of a file are put together; numbers are places in the list of parts.
enum Tree {
    Leaf(usize),
    Branch(Box<Tree>, Box<Tree>),
}

fn tree<'a>(path: &'a Path, start: u64, length: u64, parts: &mut Vec<Part<'a>>) -> Tree {
    if length <= PART {
        parts.push(Part { path, start, length, whole: start == 0 });
        return Tree::Leaf(parts.len() - 1);
    }
    let left = hazmat::left_subtree_len(length);
    let first = tree(path, start, left, parts);
    let second = tree(path, start + left, length - left, parts);
    // The first part of several is none that is whole.
    if let Tree::Leaf(at) = first {
        parts[at].whole = false;
    }
    Tree::Branch(Box::new(first), Box::new(second))
}

impl Tree {
    fn root(&self, hashes: &[Hashed]) -> blake3::Hash {
        match self {
            Tree::Leaf(at) => match &hashes[*at] {
                Hashed::Whole(hash) => *hash,
                Hashed::Part(_) => unreachable!("a file of one part is hashed whole"),
            },
            Tree::Branch(left, right) => {
                hazmat::merge_subtrees_root(&left.value(hashes), &right.value(hashes), Mode::Hash)
            }
        }
    }

    fn value(&self, hashes: &[Hashed]) -> ChainingValue {
        match self {
            Tree::Leaf(at) => match &hashes[*at] {
                Hashed::Part(value) => *value,
                Hashed::Whole(_) => unreachable!("a part of a file is not hashed whole"),
            },
            Tree::Branch(left, right) => hazmat::merge_subtrees_non_root(
                &left.value(hashes),
                &right.value(hashes),
                Mode::Hash,
            ),
        }
    }
}

/// Reads to the end; returns how many bytes there were.
fn feed(hasher: &mut blake3::Hasher, mut from: impl Read) -> std::io::Result<u64> {
    let mut block = vec![0; 256 << 10];
    let mut all = 0;
    loop {
        let read = match from.read(&mut block) {
            Ok(0) => return Ok(all),
            Ok(read) => read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hasher.update(&block[..read]);
        all += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_by_parts_are_those_of_the_whole() {
        let dir = tempfile::tempdir().unwrap();
        let part = PART as usize;
        let lengths = [0, 1, 1025, part - 1, part, part + 1, 3 * part + 5, 5 * part];
        let paths: Vec<_> = (0..lengths.len()).map(|n| dir.path().join(n.to_string())).collect();
        for (path, length) in paths.iter().zip(lengths) {
            let bytes: Vec<u8> = (0..length).map(|at| (at / 7 + at / 65_537) as u8).collect();
            std::fs::write(path, bytes).unwrap();
        }
        let each: Vec<_> = paths.iter().map(|path| of_file(path).unwrap()).collect();
        assert_eq!(of_each(&paths, 3).unwrap(), each);
        let whole = blake3::hash(&std::fs::read(&paths[6]).unwrap());
        assert_eq!(each[6], whole.to_hex().to_string());
    }
}
