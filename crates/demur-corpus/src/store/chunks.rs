//! An object as Parquet's reader wants it: it asks for a page at a time, column by column, and all that it will
//! want of the row group, or of several small ones, is fetched at once.

use std::collections::VecDeque;
use std::io::Read;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use parquet::arrow::ProjectionMask;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{ChunkReader, Length};

use super::Object;
use crate::error::Error;

/// Bytes at the end of a file in which its footer mostly lies.
const TAIL: u64 = 256 << 10;
/// Bytes of small row groups that are fetched together.
const TOGETHER: u64 = 8 << 20;

/// One reader's view of an object. Copies share what was read.
#[derive(Clone)]
pub(crate) struct Chunks {
    object: Object,
    /// For each row group, where the wanted columns lie.
    groups: Arc<Vec<Vec<Range<u64>>>>,
    /// How many row groups a batch may take rows of: they are wanted again with each column.
    reach: usize,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    /// What was fetched, and the row group after it.
    fetched: VecDeque<(usize, Vec<(u64, Bytes)>)>,
    /// Why the store gave nothing more.
    failed: Option<Error>,
}

impl Chunks {
    /// For reading the footer.
    pub(crate) fn footer(object: Object) -> Self {
        Chunks { object, groups: Arc::default(), reach: 1, held: Arc::default() }
    }

    /// For reading some columns of some row groups.
    pub(crate) fn columns(
        object: Object,
        metadata: &ParquetMetaData,
        groups: Option<&[usize]>,
        columns: &ProjectionMask,
        batch: usize,
    ) -> Self {
        let wanted = |group: &usize| {
            let chunks = metadata.row_group(*group).columns().iter().enumerate();
            let chunks = chunks.filter(|(leaf, _)| columns.leaf_included(*leaf));
            let ranges = chunks.map(|(_, chunk)| {
                let (start, length) = chunk.byte_range();
                start..start.saturating_add(length).min(object.size()).max(start)
            });
            ranges.collect()
        };
        let all: Vec<usize> = (0..metadata.num_row_groups()).collect();
        let groups = groups.unwrap_or(&all);
        let rows = groups.iter().map(|group| metadata.row_group(*group).num_rows().max(0) as usize);
        let reach = reach(&rows.collect::<Vec<_>>(), batch);
        let groups = groups.iter().map(wanted).collect();
        Chunks { object, groups: Arc::new(groups), reach, held: Arc::default() }
    }

    /// Why reading failed, where the store was at fault and not the file.
    pub(crate) fn failed(&self) -> Option<Error> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).failed.take()
    }

    /// What is held from here on, to the end of its block; reads the row group that it belongs to.
    fn from(&self, start: u64, length: u64) -> Result<Option<Bytes>> {
        let end = start.checked_add(length).filter(|end| *end <= self.object.size());
        let Some(end) = end else {
            let what = format!("it ends before byte {start} and the {length} after it");
            return Err(ParquetError::EOF(what));
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = held.find(start, end) {
            return Ok(Some(found));
        }
        let inside = |range: &Range<u64>| range.start <= start && end <= range.end;
        let tail = self.object.size().saturating_sub(TAIL)..self.object.size();
        let first = self.groups.iter().position(|group| group.iter().any(inside));
        let (next, wanted) = match first {
            Some(first) => self.together(first),
            None if self.groups.is_empty() && inside(&tail) => (0, vec![tail]),
            None => return Ok(None),
        };
        let read = held.note(self.object.get(&wanted))?;
        // A batch that takes rows of this group takes none of those so far before it.
        let first = first.unwrap_or(0);
        held.fetched.retain(|(after, _)| after + self.reach > first + 1);
        held.fetched.push_back((next, wanted.iter().map(|range| range.start).zip(read).collect()));
        Ok(held.find(start, end))
    }

    /// What is wanted of a row group and of those after it, as long as they are small; and the one after.
    fn together(&self, first: usize) -> (usize, Vec<Range<u64>>) {
        let (mut next, mut wanted) = (first, Vec::new());
        let mut bytes = 0;
        while let Some(group) = self.groups.get(next) {
            bytes += group.iter().map(|range| range.end - range.start).sum::<u64>();
            if next > first && bytes > TOGETHER {
                break;
            }
            wanted.extend(group.iter().cloned());
            next += 1;
        }
        (next, wanted)
    }
}

/// How many neighbouring row groups a batch can take rows of.
fn reach(rows: &[usize], batch: usize) -> usize {
    let full = |first: usize| {
        let mut sum = 0;
        let filled = rows[first..].iter().position(|rows| {
            sum += rows;
            sum >= batch
        });
        filled.map_or(rows.len() - first, |at| at + 1)
    };
    // One more: it may begin with the last rows of a group.
    (0..rows.len()).map(full).max().unwrap_or(0) + 1
}

impl Held {
    fn find(&self, start: u64, end: u64) -> Option<Bytes> {
        self.fetched.iter().flat_map(|(_, blocks)| blocks).find_map(|(at, bytes)| {
            let inside = *at <= start && end <= at + bytes.len() as u64;
            inside.then(|| bytes.slice((start - at) as usize..))
        })
    }

    fn note<T>(&mut self, result: std::result::Result<T, Error>) -> Result<T> {
        result.map_err(|error| {
            let said = ParquetError::General(error.to_string());
            self.failed = Some(error);
            said
        })
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.object.size()
    }
}

impl ChunkReader for Chunks {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let least = u64::from(start < self.object.size());
        Ok(match self.from(start, least)? {
            Some(held) => Box::new(held.reader()),
            None => Box::new(self.object.stream(start..self.object.size())),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if let Some(held) = self.from(start, length as u64)? {
            return Ok(held.slice(..length));
        }
        let wanted = start..start + length as u64;
        let read = self.object.get(std::slice::from_ref(&wanted));
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(held.note(read)?.remove(0))
    }
}

#[cfg(test)]
mod tests {
    use super::reach;

    #[test]
    fn as_many_row_groups_are_held_as_a_batch_may_need() {
        assert_eq!(reach(&[100_000, 100_000, 5], 8192), 2);
        assert_eq!(reach(&[300, 300, 300, 100], 8192), 5);
        assert_eq!(reach(&[4096; 9], 8192), 3);
        assert_eq!(reach(&[], 8192), 1);
    }
}
