//! Reading one object, always the same version of it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStoreExt};
use tokio::task::JoinHandle;

use crate::client::{Address, begin, wait};
use crate::error::Error;
use crate::fault::explain;

/// Bytes of one request: enough that its latency does not count.
const PART: u64 = 8 << 20;
/// Requests at once, for one who waits.
const AT_ONCE: usize = 8;
/// Bytes between two wanted ranges that are rather read than asked about twice.
const GAP: u64 = 1 << 20;
/// Parts that are fetched before somebody who reads on wants them.
const AHEAD: usize = 3;

/// An object as it was when it was opened. Every later request asks for that version: where the object was
/// changed meanwhile, the request fails.
#[derive(Clone, Debug)]
pub struct Object {
    path: PathBuf,
    address: Address,
    meta: ObjectMeta,
}

impl Object {
    /// Asks which version there is; `None` for a path on this machine.
    ///
    /// # Errors
    /// Where there is no such object, or the store cannot be asked.
    pub fn open(path: &Path) -> Result<Option<Object>, Error> {
        let Some(address) = Address::of(path)? else { return Ok(None) };
        let meta = wait(address.store.head(&address.key)).map_err(|e| explain(path, "open", e))?;
        Ok(Some(Object { path: path.to_owned(), address, meta }))
    }

    /// Size in bytes.
    pub fn size(&self) -> u64 {
        self.meta.size
    }

    /// When it was last changed, in nanoseconds since 1970 UTC.
    pub fn modified(&self) -> i64 {
        self.meta.last_modified.timestamp_nanos_opt().unwrap_or(i64::MAX)
    }

    /// What the store calls this version of it.
    pub fn tag(&self) -> Option<&str> {
        self.meta.e_tag.as_deref()
    }

    /// Reads ranges, in their order, in few large requests.
    ///
    /// # Errors
    /// Where the store fails for long, the object was changed, or it ends before a range does.
    pub fn get(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, Error> {
        let spans = spans(ranges);
        let parts: Vec<Range<u64>> = spans.iter().flat_map(parts_of).collect();
        let fetched = stream::iter(parts).map(|part| self.part(part)).buffered(AT_ONCE);
        let fetched: Vec<(u64, Bytes)> = wait(fetched.try_collect())?;
        let mut fetched = fetched.into_iter().peekable();
        let joined = spans.iter().map(|span| {
            let mut parts = Vec::new();
            while let Some((_, bytes)) = fetched.next_if(|(start, _)| *start < span.end) {
                parts.push(bytes);
            }
            (span.start, join(parts))
        });
        let joined: Vec<(u64, Bytes)> = joined.collect();
        let cut = |range: &Range<u64>| {
            let at = joined.partition_point(|(start, _)| *start <= range.start) - 1;
            let (start, bytes) = &joined[at];
            bytes.slice((range.start - start) as usize..(range.end - start) as usize)
        };
        Ok(ranges.iter().map(cut).collect())
    }

    async fn part(&self, range: Range<u64>) -> Result<(u64, Bytes), Error> {
        let (start, wanted) = (range.start, range.end - range.start);
        if wanted == 0 {
            return Ok((start, Bytes::new()));
        }
        let options = GetOptions {
            if_match: self.meta.e_tag.clone(),
            range: Some(GetRange::Bounded(range)),
            ..GetOptions::default()
        };
        let read =
            async { self.address.store.get_opts(&self.address.key, options).await?.bytes().await };
        let bytes = read.await.map_err(|e| explain(&self.path, "read", e))?;
        if bytes.len() as u64 == wanted {
            return Ok((start, bytes));
        }
        let what = format!("the store gave {} bytes where {wanted} were asked for", bytes.len());
        Err(Error::io(&self.path, "read", io::Error::new(io::ErrorKind::UnexpectedEof, what)))
    }

    /// Reads a range from front to back, some way ahead of whoever reads.
    pub fn stream(&self, range: Range<u64>) -> Stream {
        let range = range.start..range.end.min(self.size());
        Stream { object: self.clone(), next: range, ahead: VecDeque::new(), block: Bytes::new() }
    }
}

/// Ranges put together where little lies between them, by where they begin.
fn spans(ranges: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut sorted: Vec<Range<u64>> = ranges.to_vec();
    sorted.sort_unstable_by_key(|range| range.start);
    let mut spans: Vec<Range<u64>> = Vec::new();
    for range in sorted {
        match spans.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(GAP) => {
                last.end = last.end.max(range.end);
            }
            _ => spans.push(range),
        }
    }
    spans
}

fn parts_of(span: &Range<u64>) -> impl Iterator<Item = Range<u64>> + use<> {
    let end = span.end;
    (span.start..end.max(span.start + 1))
        .step_by(PART as usize)
        .map(move |start| start..end.min(start + PART))
}

fn join(mut parts: Vec<Bytes>) -> Bytes {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut all = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
    parts.iter().for_each(|part| all.extend_from_slice(part));
    all.freeze()
}

/// An object that is read from front to back.
pub struct Stream {
    object: Object,
    /// What nobody has asked for yet.
    next: Range<u64>,
    ahead: VecDeque<JoinHandle<Result<(u64, Bytes), Error>>>,
    block: Bytes,
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.block.is_empty() {
            while self.ahead.len() < AHEAD && !self.next.is_empty() {
                let end = self.next.end.min(self.next.start + PART);
                let (object, part) = (self.object.clone(), self.next.start..end);
                self.next.start = end;
                self.ahead.push_back(begin(async move { object.part(part).await }));
            }
            let Some(first) = self.ahead.pop_front() else { return Ok(0) };
            let part = wait(first).map_err(io::Error::other)?;
            self.block = part.map_err(io::Error::other)?.1;
        }
        let read = into.len().min(self.block.len());
        into[..read].copy_from_slice(&self.block.split_to(read));
        Ok(read)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.ahead.iter().for_each(JoinHandle::abort);
    }
}

/// A file or an object of which parts are read, mostly onwards.
#[derive(Debug)]
pub enum Ranged {
    /// A file.
    File(File),
    /// An object, and the block of it that was read last.
    Object(Box<Object>, u64, Bytes),
}

/// Bytes of an object that are read at least.
const BLOCK: u64 = 1 << 20;

impl Ranged {
    /// Opens it.
    pub fn open(path: &Path) -> io::Result<Ranged> {
        match Object::open(path).map_err(io::Error::other)? {
            None => File::open(path).map(Ranged::File),
            Some(object) => Ok(Ranged::of(object)),
        }
    }

    /// An object that was opened.
    #[must_use]
    pub fn of(object: Object) -> Ranged {
        Ranged::Object(Box::new(object), 0, Bytes::new())
    }

    /// Its size in bytes.
    pub fn size(&self) -> io::Result<u64> {
        match self {
            Ranged::File(file) => Ok(file.metadata()?.len()),
            Ranged::Object(object, ..) => Ok(object.size()),
        }
    }

    /// Reads what begins at a place.
    pub fn read_at(&mut self, at: u64, into: &mut [u8]) -> io::Result<()> {
        match self {
            Ranged::File(file) => read_file_at(file, at, into),
            Ranged::Object(object, start, block) => {
                let end = at + into.len() as u64;
                if end > object.size() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                if at < *start || end > *start + block.len() as u64 {
                    let wanted = at..end.max(at + BLOCK).min(object.size());
                    let read = object.get(std::slice::from_ref(&wanted));
                    let read = read.map_err(io::Error::other)?.remove(0);
                    (*start, *block) = (at, read);
                }
                let from = (at - *start) as usize;
                into.copy_from_slice(&block[from..from + into.len()]);
                Ok(())
            }
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

#[cfg(not(unix))]
fn read_file_at(mut file: &File, at: u64, into: &mut [u8]) -> io::Result<()> {
    use io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_ranges_are_read_together_and_far_ones_apart() {
        let far = 40 << 20;
        let wanted = [far..far + 5, 10..20, 0..4, 20 + GAP..30 + GAP];
        assert_eq!(spans(&wanted), [0..30 + GAP, far..far + 5]);
        let parts: Vec<_> = parts_of(&(3..3 + 2 * PART + 1)).collect();
        assert_eq!(parts, [3..3 + PART, 3 + PART..3 + 2 * PART, 3 + 2 * PART..4 + 2 * PART]);
        assert!(parts_of(&(7..7)).eq([Range { start: 7, end: 7 }]));
    }
}
