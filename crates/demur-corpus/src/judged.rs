//! Judging a Parquet file by the columns that the verdict needs, and no others.

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
    /// Who is in the rows that the purpose covers, used or not: anybody's objection may end.
    pub(crate) postings: Postings,
    /// The reason of each row that was asked for and may not be used.
    pub(crate) reasons: Vec<(u32, Reason)>,
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
    let mut pieces = Vec::new();
    for (at, (file, _)) in files.iter().enumerate() {
        let mut first = 0;
        for groups in file.pieces(PIECE) {
            let rows = file.rows_of(&groups);
            pieces.push((at, first, groups));
            first += rows;
        }
    }
    let parts = share(&pieces, workers, |(at, first, groups)| {
        let (file, gate) = files[*at];
        piece(file, gate, groups, *first, |row| ask(*at, row), progress)
    })?;
    let mut judged: Vec<Judged> = files.iter().map(|_| Judged::default()).collect();
    for ((at, ..), part) in pieces.iter().zip(parts) {
        let whole = &mut judged[*at];
        whole.counts.add(&part.counts);
        whole.gone |= part.gone;
        whole.postings.append(part.postings);
        whole.reasons.extend(part.reasons);
    }
    Ok(judged)
}

fn piece(
    file: &ParquetFile,
    gate: &Gate,
    groups: &[usize],
    first: u64,
    ask: impl Fn(u32) -> bool,
    progress: Progress<'_>,
) -> Result<Judged, Error> {
    let mut columns = gate.reads();
    columns.extend(gate.reads_people());
    columns.retain(|name| gate.columns().text.as_deref() != Some(*name));
    let mut judged = Judged::default();
    let in_file = |e| crate::build::in_file(&file.path)(e);
    // Rows of one file are fewer than an index can name, so they fit.
    let mut row = first as u32;
    for batch in file.read(Some(groups.to_vec()), Some(&columns))? {
        let batch = batch?;
        let verdicts = gate.judge_in_place(&batch).map_err(in_file)?;
        judged.counts.add(&verdicts.counts());
        let mut covered = vec![true; batch.num_rows()];
        for (nth, outcome) in verdicts.iter().enumerate() {
            let Outcome::Drop(reason) = outcome else { continue };
            let at = row + nth as u32;
            judged.gone.insert(at);
            if ask(at) {
                judged.reasons.push((at, reason));
            }
            covered[nth] = !matches!(reason, Reason::KindNotCovered | Reason::NotPublic);
        }
        gate.appearances(
            &batch,
            |nth| covered[nth],
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
    Ok(judged)
}
