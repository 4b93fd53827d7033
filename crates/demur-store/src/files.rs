//! Small files and folders, written so that they are there after a power cut; and the same of objects in a
//! store, which are there once it says so.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use object_store::{Error as Fault, ObjectStoreExt, PutMode, WriteMultipart};

use crate::error::Error;
use crate::list::list;
use crate::{Address, Object, explain, is_url, wait};

/// Bytes of one part of an object that is written in several, and the most that is written in one.
const PART: usize = 8 << 20;
/// Parts that are under way at once.
const AT_ONCE: usize = 4;

/// Writes a small file and synchronises it.
///
/// # Errors
/// Where the machine fails.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    if let Some(address) = Address::of(path)? {
        let content = Bytes::copy_from_slice(content);
        let put = wait(address.store.put(&address.key, content.into()));
        return put.map(drop).map_err(|e| explain(path, "write", e));
    }
    let failed = |e| Error::io(path, "write", e);
    let mut file = File::create(path).map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// Writes a small file that must not be there yet; `false` where it is, with other content.
///
/// # Errors
/// Where the machine fails.
pub fn write_new(path: &Path, content: &[u8]) -> Result<bool, Error> {
    if let Some(address) = Address::of(path)? {
        let content = Bytes::copy_from_slice(content);
        let put = address.store.put_opts(&address.key, content.into(), PutMode::Create.into());
        return match wait(put) {
            Ok(_) => Ok(true),
            Err(Fault::AlreadyExists { .. }) => Ok(false),
            Err(fault) => Err(explain(path, "write", fault)),
        };
    }
    let write = |mut file: File| file.write_all(content).and_then(|()| file.sync_all());
    match File::create_new(path) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
        file => file.and_then(write).map(|()| true).map_err(|e| Error::io(path, "write", e)),
    }
}

/// Reads a small file; `None` where there is none.
///
/// # Errors
/// Where the machine fails.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    if let Some(address) = Address::of(path)? {
        let get = async { address.store.get(&address.key).await?.bytes().await };
        return match wait(get) {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(fault) if is_missing(&fault) => Ok(None),
            Err(fault) => Err(explain(path, "read", fault)),
        };
    }
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io(path, "read", e)),
    }
}

/// An object that is not there, in a bucket that is.
fn is_missing(fault: &Fault) -> bool {
    matches!(fault, Fault::NotFound { .. }) && !fault.to_string().contains("NoSuchBucket")
}

/// Whether a file is there.
///
/// # Errors
/// Where the store cannot be asked.
pub fn is_file(path: &Path) -> Result<bool, Error> {
    let Some(address) = Address::of(path)? else { return Ok(path.is_file()) };
    match wait(address.store.head(&address.key)) {
        Ok(_) => Ok(true),
        Err(Fault::NotFound { .. }) => Ok(false),
        Err(fault) => Err(explain(path, "open", fault)),
    }
}

/// Whether a folder is there: in a store, whether anything lies below it.
///
/// # Errors
/// Where the store cannot be asked.
pub fn is_folder(path: &Path) -> Result<bool, Error> {
    if is_url(path) { Ok(!list(path)?.is_empty()) } else { Ok(path.is_dir()) }
}

/// Opens a file, or a stretch of it, to read it from front to back.
///
/// # Errors
/// Where it cannot be opened.
pub fn open(path: &Path, range: Option<Range<u64>>) -> Result<Box<dyn Read>, Error> {
    if let Some(object) = Object::open(path)? {
        return Ok(Box::new(object.stream(range.unwrap_or(0..u64::MAX))));
    }
    let failed = |e| Error::io(path, "open", e);
    let mut file = File::open(path).map_err(failed)?;
    let Some(range) = range else { return Ok(Box::new(file)) };
    file.seek(SeekFrom::Start(range.start)).map_err(failed)?;
    Ok(Box::new(file.take(range.end - range.start)))
}

/// What a file is, as far as its store or folder knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Size in bytes.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970 UTC.
    pub modified: i64,
    /// What the store calls this version of it.
    pub tag: Option<String>,
}

/// Looks at a file without reading it.
///
/// # Errors
/// Where it is not there.
pub fn state(path: &Path) -> Result<State, Error> {
    if let Some(object) = Object::open(path)? {
        let tag = object.tag().map(str::to_owned);
        return Ok(State { bytes: object.size(), modified: object.modified(), tag });
    }
    let meta = std::fs::metadata(path).map_err(|e| Error::io(path, "open", e))?;
    Ok(State { bytes: meta.len(), modified: modified(path, &meta)?, tag: None })
}

/// When a file was last changed, in nanoseconds since 1970 UTC.
///
/// # Errors
/// Where the file system does not know.
pub fn modified(path: &Path, meta: &Metadata) -> Result<i64, Error> {
    let at = meta.modified().map_err(|e| Error::io(path, "read", e))?;
    let nanos = match at.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()),
        Err(before) => i64::try_from(before.duration().as_nanos()).map(|nanos| -nanos),
    };
    Ok(nanos.unwrap_or(i64::MAX))
}

/// Device and number of a file, which stay when it is renamed and not when another takes its name;
/// `None` where the system does not number files.
pub fn number(meta: &Metadata) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((meta.dev(), meta.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = meta;
        None
    }
}

/// Synchronises a folder's entries. A store has none.
///
/// # Errors
/// Where the machine fails.
pub fn sync_folder(folder: &Path) -> Result<(), Error> {
    if is_url(folder) {
        return Ok(());
    }
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| Error::io(folder, "synchronise", e))
}

/// Removes a file, if it is there.
///
/// # Errors
/// Where the machine fails.
pub fn remove(path: &Path) -> Result<(), Error> {
    if let Some(address) = Address::of(path)? {
        return match wait(address.store.delete(&address.key)) {
            Err(fault) if !is_missing(&fault) => Err(explain(path, "remove", fault)),
            _ => Ok(()),
        };
    }
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::io(path, "remove", e)),
        _ => Ok(()),
    }
}

/// Gives a file another name, which may be one that is taken.
///
/// # Errors
/// Where the machine fails.
pub fn rename(path: &Path, to: &Path) -> Result<(), Error> {
    if is_url(to) {
        copy(path, to)?;
        return remove(path);
    }
    std::fs::rename(path, to).map_err(|e| Error::io(to, "replace", e))
}

/// Gives a file a second name, which stays when the first goes; `false` where there is no such file.
///
/// # Errors
/// Where the machine fails.
pub fn link(path: &Path, to: &Path) -> Result<bool, Error> {
    if is_url(to) {
        return Ok(is_file(path)? && copy(path, to).map(|()| true)?);
    }
    match std::fs::hard_link(path, to) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(false),
        Err(e) => Err(Error::io(to, "link", e)),
    }
}

/// Copies an object inside its store.
fn copy(path: &Path, to: &Path) -> Result<(), Error> {
    let (Some(from), Some(address)) = (Address::of(path)?, Address::of(to)?) else {
        return Err(Error::input(path, None, "not in the same store", "report this"));
    };
    wait(from.store.copy(&from.key, &address.key)).map_err(|e| explain(to, "write", e))
}

/// Brings a file of this machine to a store. It is there whole or not at all.
///
/// # Errors
/// Where the file cannot be read or the store fails.
pub fn upload(file: &Path, to: &Path) -> Result<(), Error> {
    let failed = |e| Error::io(file, "read", e);
    let mut from = File::open(file).map_err(failed)?;
    let length = from.metadata().map_err(failed)?.len();
    if length <= PART as u64 {
        let mut content = Vec::with_capacity(length as usize);
        from.read_to_end(&mut content).map_err(failed)?;
        return write(to, &content);
    }
    let Some(address) = Address::of(to)? else {
        return Err(Error::input(to, None, "not a URL", "name an object in a store"));
    };
    let refused = |e| explain(to, "write", e);
    let upload = wait(address.store.put_multipart(&address.key)).map_err(refused)?;
    let mut parts = wait(async { WriteMultipart::new_with_chunk_size(upload, PART) });
    loop {
        let mut block = Vec::with_capacity(PART);
        let read = (&mut from).take(PART as u64).read_to_end(&mut block);
        let result = match read {
            Ok(0) => break,
            Ok(_) => wait(async {
                parts.wait_for_capacity(AT_ONCE).await?;
                parts.put(block.into());
                Ok(())
            })
            .map_err(refused),
            Err(e) => Err(failed(e)),
        };
        if let Err(error) = result {
            // Parts of nothing cost money until somebody removes them.
            let _ = wait(parts.abort());
            return Err(error);
        }
    }
    wait(parts.finish()).map(drop).map_err(refused)
}

/// Fetches an object into a file of this machine.
///
/// # Errors
/// Where the store fails or the file cannot be written.
pub fn download(from: &Path, file: &Path) -> Result<(), Error> {
    let failed = |e| Error::io(file, "write", e);
    let mut out = File::create(file).map_err(failed)?;
    let mut source = open(from, None)?;
    let mut block = vec![0; 1 << 20];
    loop {
        let read = source.read(&mut block).map_err(|e| Error::io(from, "read", e))?;
        if read == 0 {
            return out.sync_all().map_err(failed);
        }
        out.write_all(&block[..read]).map_err(failed)?;
    }
}
