//! Many lines at once, where they lie: each is looked at in the block that was read, and copied by
//! nobody but the writer.

use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::ops::Range;
use std::path::Path;

use super::lines::{LONGEST, cut_short, too_long, unpacked};
use crate::error::Error;
use crate::files;

/// Bytes that are read at once: few enough to stay in a processor's cache until they are written.
const BLOCK: usize = 1 << 20;

/// The lines of a file, or of those that begin in a part of it, block by block.
pub(crate) struct Blocks<'a> {
    path: &'a Path,
    reader: Box<dyn Read>,
    /// Where the first line begins.
    first: u64,
    /// Lines that begin here or later belong to the next part.
    end: u64,
    bytes: Vec<u8>,
    /// Bytes that are read, and of those, the ones whose lines were handed out.
    filled: usize,
    used: usize,
    /// Where the next line begins in the file, and how many came before it.
    offset: u64,
    number: u64,
    at_end: bool,
    /// Why nothing more could be read; told once the lines before it were handed out.
    failed: Option<std::io::Error>,
}

/// A line that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it stands in the block, without its end.
    pub(crate) at: Range<usize>,
    /// Its number, counted from 1 at the first line of the part.
    pub(crate) number: u64,
}

impl<'a> Blocks<'a> {
    /// Opens a file; of one that is not compressed, `part` names the bytes in which lines begin.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub(crate) fn open(path: &'a Path, part: Option<Range<u64>>) -> Result<Self, Error> {
        let Range { start, end } = part.unwrap_or(0..u64::MAX);
        let (reader, first) =
            if start == 0 { (unpacked(path)?, 0) } else { first_line(path, start)? };
        Ok(Blocks {
            path,
            reader,
            first,
            end,
            bytes: vec![0; BLOCK],
            filled: 0,
            used: 0,
            offset: first,
            number: 0,
            at_end: first >= end,
            failed: None,
        })
    }

    /// Reads the next lines into `lines`, as places of [`bytes`](Self::bytes); false at the end.
    ///
    /// # Errors
    /// Where the file cannot be read on, or a line is longer than 256 MiB.
    pub(crate) fn read(&mut self, lines: &mut Vec<Line>) -> Result<bool, Error> {
        lines.clear();
        while lines.is_empty() && !self.at_end {
            if let Some(why) = self.failed.take() {
                return Err(cut_short(self.path, self.lines_before()? + self.number + 1, &why));
            }
            self.bytes.copy_within(self.used..self.filled, 0);
            self.filled -= self.used;
            self.used = 0;
            if self.filled as u64 >= LONGEST {
                return Err(too_long(self.path, self.lines_before()? + self.number + 1));
            }
            if self.filled == self.bytes.len() {
                self.bytes.resize(2 * self.filled, 0);
            }
            let no_more = self.fill();
            self.split(lines, no_more);
        }
        Ok(!lines.is_empty())
    }

    /// What the last lines are places of.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// How many lines of the file come before the part. Only a line that is shown to somebody needs it.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(crate) fn lines_before(&self) -> Result<u64, Error> {
        let count = || -> Result<u64, Error> {
            let failed = |e| Error::io(self.path, "read", e);
            let mut before =
                BufReader::with_capacity(BLOCK, files::open(self.path, Some(0..self.first))?);
            let mut lines = 0;
            loop {
                let block = before.fill_buf().map_err(failed)?;
                if block.is_empty() {
                    return Ok(lines);
                }
                lines += memchr::memchr_iter(b'\n', block).count() as u64;
                let read = block.len();
                before.consume(read);
            }
        };
        if self.first == 0 { Ok(0) } else { count() }
    }

    /// Fills the block up. Whether the file ends there.
    fn fill(&mut self) -> bool {
        while self.filled < self.bytes.len() {
            match self.reader.read(&mut self.bytes[self.filled..]) {
                Ok(0) => return true,
                Ok(read) => self.filled += read,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => {
                    self.failed = Some(e);
                    return false;
                }
            }
        }
        false
    }

    fn split(&mut self, lines: &mut Vec<Line>, no_more: bool) {
        let ends = memchr::memchr_iter(b'\n', &self.bytes[..self.filled]);
        // The last line need not have an end.
        let last =
            (no_more && self.bytes[..self.filled].last() != Some(&b'\n')).then_some(self.filled);
        for end in ends.chain(last) {
            if self.offset >= self.end {
                break;
            }
            let mut at = self.used..end;
            self.used = self.filled.min(end + 1);
            self.offset += (self.used - at.start) as u64;
            self.number += 1;
            // Some editors put a byte order mark before the first line; it is no part of the record.
            if self.first == 0 && self.number == 1 && self.bytes[at.clone()].starts_with(MARK) {
                at.start += MARK.len();
            }
            if self.bytes[at.clone()].last() == Some(&b'\r') {
                at.end -= 1;
            }
            if !self.bytes[at.clone()].iter().all(u8::is_ascii_whitespace) {
                lines.push(Line { at, number: self.number });
            }
        }
        self.at_end = no_more || self.offset >= self.end;
    }
}

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Goes to the first line that begins at `start` or later.
fn first_line(path: &Path, start: u64) -> Result<(Box<dyn Read>, u64), Error> {
    // A line begins at `start` where the byte before it ends one.
    let mut skipping = BufReader::new(files::open(path, Some(start - 1..u64::MAX))?);
    let skipped = skipping.skip_until(b'\n').map_err(|e| Error::io(path, "read", e))?;
    let offset = start - 1 + skipped as u64;
    Ok((files::open(path, Some(offset..u64::MAX))?, offset))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::jsonl::Lines;

    fn all(path: &Path, part: Option<Range<u64>>) -> Vec<(u64, Vec<u8>)> {
        let mut blocks = Blocks::open(path, part).unwrap();
        let (mut lines, mut all) = (Vec::new(), Vec::new());
        while blocks.read(&mut lines).unwrap() {
            let before = blocks.lines_before().unwrap();
            let line = |l: &Line| (before + l.number, blocks.bytes()[l.at.clone()].to_vec());
            all.extend(lines.iter().map(line));
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn parts_have_the_lines_of_the_whole_each_once(
            text in "(\u{feff}|)([ab\u{e4}]{0,9}(\n|\r\n|\n\n| \n)){0,12}[ab]{0,3}",
            size in 1u64..40,
        ) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("lines.jsonl");
            std::fs::write(&path, &text).unwrap();
            let (mut one_by_one, mut line) = (Vec::new(), Vec::new());
            let mut lines = Lines::open(&path).unwrap();
            while let Some(number) = lines.next(&mut line).unwrap() {
                one_by_one.push((number, line.clone()));
            }
            prop_assert_eq!(&all(&path, None), &one_by_one);
            let parts = (0..text.len() as u64).step_by(size as usize);
            let parts: Vec<_> = parts.flat_map(|at| all(&path, Some(at..at + size))).collect();
            prop_assert_eq!(&parts, &one_by_one);
        }
    }

    #[test]
    fn lines_longer_than_a_block_are_read_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines.jsonl");
        let long = "x".repeat(5 * BLOCK / 2);
        std::fs::write(&path, format!("a\n{long}\nb\n{long}")).unwrap();
        let lengths: Vec<_> = all(&path, None).into_iter().map(|(n, l)| (n, l.len())).collect();
        assert_eq!(lengths, [(1, 1), (2, long.len()), (3, 1), (4, long.len())]);
        let second = all(&path, Some(2..BLOCK as u64));
        assert_eq!(second.len(), 1);
        assert!(all(&path, Some(BLOCK as u64..2 * BLOCK as u64)).is_empty());
    }
}
