//! Judging a Parquet file by the columns that the verdict needs, and no others.

use std::sync::{Mutex, PoisonError};

use demur_core::rules::Reason;
use demur_gate::{Counts, Gate, Outcome};
use roaring::RoaringBitmap;

use crate::build::Progress;
use crate::error::Error;
use crate::index::{Posting, Postings};
use crate::parquet::ParquetFile;
use crate::share::share;

/// Rows a piece of work, about.
const PIECE: u64 = 1 << 19;

/// What judging one file came to.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Rows by verdict. A row from which names would have to be taken out counts as
    /// [`Reason::ThirdParty`]: in place, that cannot be done.
    pub(crate) counts: Counts,
    /// Rows that may not be used.
    pub(crate) gone: RoaringBitmap,
    /// Who is in the rows that are used, and in those that come back when an objection ends.
    pub(crate) postings: Postings,
    /// The reason of each row that was asked for and may not be used.
    pub(crate) reasons: Vec<(u32, Reason)>,
}

/// Judges all rows of all files, each with its gate; `done` takes each file as soon as it is judged, so
/// that what was gathered of it need not be kept. `ask` names rows of a file whose reasons are wanted.
///
/// # Errors
/// Where a file cannot be read; or those of `done`.
pub(crate) fn judge_each<T: Send>(
    files: &[(&ParquetFile, &Gate)],
    ask: impl Fn(usize, u32) -> bool + Sync,
    workers: usize,
    progress: Progress<'_>,
    done: impl Fn(usize, Judged) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let mut pieces = Vec::new();
    let mut open = Vec::new();
    for (at, (file, _)) in files.iter().enumerate() {
        let (mut first, before) = (0, pieces.len());
        for groups in file.pieces(PIECE) {
            let rows = file.rows_of(&groups);
            pieces.push((at, pieces.len() - before, first, groups));
            first += rows;
        }
        // A file without a row group has nothing to wait for.
        if pieces.len() == before {
            pieces.push((at, 0, 0, Vec::new()));
        }
        let parts: Vec<Option<Judged>> = (before..pieces.len()).map(|_| None).collect();
        open.push(Mutex::new(parts));
    }
    let finished = share(&pieces, workers, |(at, nth, first, groups)| {
        let (file, gate) = files[*at];
        let part = piece(file, gate, groups, *first, |row| ask(*at, row), progress)?;
        let mut parts = open[*at].lock().unwrap_or_else(PoisonError::into_inner);
        parts[*nth] = Some(part);
        if parts.iter().any(Option::is_none) {
            return Ok(None);
        }
        // Whoever judges the last piece of a file puts it together.
        let parts = std::mem::take(&mut *parts);
        let mut whole = Judged::default();
        for part in parts.into_iter().flatten() {
            whole.counts.add(&part.counts);
            whole.gone |= part.gone;
            whole.postings.append(part.postings);
            whole.reasons.extend(part.reasons);
        }
        done(*at, whole).map(|done| Some((*at, done)))
    })?;
    let mut finished: Vec<(usize, T)> = finished.into_iter().flatten().collect();
    finished.sort_by_key(|(at, _)| *at);
    Ok(finished.into_iter().map(|(_, done)| done).collect())
}

/// Judges all rows of all files, each with its gate. `ask` names rows of a file whose reasons are wanted.
///
/// # Errors
/// Where a file cannot be read.
pub(crate) fn judge(
    files: &[(&ParquetFile, &Gate)],
    ask: impl Fn(usize, u32) -> bool + Sync,
    workers: usize,
    progress: Progress<'_>,
) -> Result<Vec<Judged>, Error> {
    judge_each(files, ask, workers, progress, |_, judged| Ok(judged))
}

fn piece(
    file: &ParquetFile,
    gate: &Gate,
    groups: &[usize],
    first: u64,
    ask: impl Fn(u32) -> bool,
    progress: Progress<'_>,
) -> Result<Judged, Error> {
    let needed = gate.reads_in_place();
    let mut judged = Judged::default();
    judged.postings.reserve(usize::try_from(file.rows_of(groups)).unwrap_or(0));
    let in_file = |e| crate::build::in_file(&file.path)(e);
    // Rows of one file are fewer than an index can name, so they fit.
    let mut row = first as u32;
    let mut gone = Bits::with_room(file.rows_of(groups));
    let mut may_matter = Vec::new();
    for batch in file.read(Some(groups.to_vec()), Some(&needed))? {
        let batch = batch?;
        let verdicts = gate.judge_in_place(&batch).map_err(in_file)?;
        judged.counts.add(&verdicts.counts());
        may_matter.clear();
        may_matter.extend(verdicts.map(|outcome| match outcome {
            Outcome::Drop(reason) => reason.may_end(),
            Outcome::Keep | Outcome::Redact => true,
        }));
        gone.extend(verdicts.map(|outcome| matches!(outcome, Outcome::Drop(_))));
        for (nth, outcome) in verdicts.iter().enumerate() {
            if let Outcome::Drop(reason) = outcome
                && ask(row + nth as u32)
            {
                judged.reasons.push((row + nth as u32, reason));
            }
        }
        gate.appearances(
            &batch,
            |nth| may_matter[nth],
            |one| {
                judged.postings.push(Posting {
                    hash: one.hash,
                    row: row + one.row as u32,
                    role: one.role,
                    redacted: false,
                });
            },
        )
        .map_err(in_file)?;
        row += batch.num_rows() as u32;
        progress(batch.num_rows() as u64);
    }
    judged.gone = gone.at(first as u32);
    Ok(judged)
}

/// One bit a row.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    len: usize,
}

impl Bits {
    fn with_room(rows: u64) -> Self {
        Bits { bytes: Vec::with_capacity(usize::try_from(rows / 8 + 1).unwrap_or(0)), len: 0 }
    }

    fn extend(&mut self, bits: impl Iterator<Item = bool>) {
        for bit in bits {
            if self.len.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.len / 8;
            self.bytes[last] |= u8::from(bit) << (self.len % 8);
            self.len += 1;
        }
    }

    /// The rows whose bit is set, where the first bit stands for row `first`.
    fn at(self, first: u32) -> RoaringBitmap {
        RoaringBitmap::from_lsb0_bytes(first, &self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_stand_for_rows() {
        for first in [0, 1, 7, 65_530] {
            let rows: Vec<u32> = (0..100).filter(|n| n % 3 == 0 || n % 7 == 1).collect();
            let mut bits = Bits::with_room(100);
            bits.extend((0..100).map(|n| rows.contains(&n)));
            assert_eq!(bits.at(first), rows.iter().map(|row| row + first).collect());
        }
    }
}
