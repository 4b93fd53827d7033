//! Reading lines from plain, gzip or Zstandard files.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::error::{Error, Place};
use crate::files;

/// The longest line that is read, in bytes: one record of a corpus is far shorter, and a file without
/// line ends must not fill the memory.
pub(super) const LONGEST: u64 = 256 << 20;

/// The lines of one file of JSON lines, unpacked where it is compressed.
pub struct Lines<'a> {
    path: &'a Path,
    reader: Box<dyn BufRead>,
    number: u64,
}

impl<'a> Lines<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn open(path: &'a Path) -> Result<Self, Error> {
        let plain = unpacked(path)?;
        Ok(Lines { path, reader: Box::new(BufReader::with_capacity(1 << 20, plain)), number: 0 })
    }

    /// Reads the next line that is not blank into `line`, without its end, and returns its number,
    /// counted from 1; `None` at the end.
    ///
    /// # Errors
    /// Where the file cannot be read on, or a line is longer than 256 MiB.
    pub fn next(&mut self, line: &mut Vec<u8>) -> Result<Option<u64>, Error> {
        loop {
            line.clear();
            let read = (&mut self.reader)
                .take(LONGEST)
                .read_until(b'\n', line)
                .map_err(|e| cut_short(self.path, self.number + 1, &e))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            // Some editors put a byte order mark before the first line; it is no part of the record.
            if self.number == 1 && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            if read as u64 == LONGEST {
                return Err(too_long(self.path, self.number));
            }
            if line.last() == Some(&b'\n') {
                line.pop();
            }
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(self.number));
            }
        }
    }
}

/// A file's content, unpacked where its name says that it is compressed.
pub(super) fn unpacked(path: &Path) -> Result<Box<dyn Read>, Error> {
    let file = files::open(path, None)?;
    Ok(match path.extension().and_then(|e| e.to_str()) {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Some("zst") => Box::new(
            zstd::stream::read::Decoder::new(file).map_err(|e| Error::io(path, "open", e))?,
        ),
        _ => file,
    })
}

/// A file that cannot be read on; a compressed stream that ends too early says so here.
pub(super) fn cut_short(path: &Path, line: u64, why: &std::io::Error) -> Error {
    let hint = "it may have been cut short while it was copied; write it again";
    Error::input(path, Some(Place::Line(line)), format!("cannot be read on ({why})"), hint)
}

pub(super) fn too_long(path: &Path, line: u64) -> Error {
    let hint = "JSON lines have one record on each line";
    Error::input(path, Some(Place::Line(line)), "the line is longer than 256 MiB", hint)
}
