//! Copying JSON lines: find the fields, judge, copy the bytes of the lines that stay.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use demur_core::rules::Reason;
use demur_gate::{Appearance, Columns, Gate, Outcome};
use demur_snapshot::Snapshot;

use super::syncs::Syncs;
use super::{Done, Finished, Input, Piece, Progress, Unreadable, unreadable};
use crate::error::{Error, Place};
use crate::files;
use crate::index::{MAX_ROWS, Posting, Postings};
use crate::jsonl::{Blocks, Chunk, Fields, Line, Role, gate_columns, redact_line};
use crate::source::{CorpusSource, Format};

/// Bytes of a file that is not compressed which one piece takes: its size does not depend on the
/// number of workers, so that the output does not either.
const PART: u64 = 64 << 20;

/// A file, or the bytes of it in which a piece's lines begin.
pub(super) struct Part<'a> {
    pub(super) path: &'a Path,
    bytes: Option<Range<u64>>,
}

/// How one corpus' lines are looked at.
pub(crate) struct Lens {
    pub(crate) fields: Fields,
    /// The columns of the corpus, as far as this purpose needs them.
    columns: Columns,
    pub(crate) gate: Gate,
}

impl Lens {
    /// Looks at the lines of a file through the gate of its corpus.
    pub(crate) fn new(gate: &Gate, snapshot: &Arc<Snapshot>, path: &Path) -> Result<Lens, Error> {
        let reads = gate.reads();
        let mut columns = gate.columns().clone();
        columns.text = columns.text.filter(|name| reads.contains(&name.as_str()));
        columns.mentioned = columns.mentioned.filter(|p| reads.contains(&p.column.as_str()));
        columns.depicted = columns.depicted.filter(|p| reads.contains(&p.column.as_str()));
        let gate = Gate::new(snapshot.clone(), gate_columns(&columns));
        let gate = gate.map_err(super::in_file(path))?;
        Ok(Lens { fields: Fields::new(&columns), columns, gate })
    }

    /// An empty chunk for its lines.
    pub(crate) fn chunk(&self) -> Chunk {
        Chunk::new(self.gate.snapshot().meta().id_kind, self.columns.text.is_some())
    }

    pub(super) fn all(
        corpora: &[(&CorpusSource, Vec<PathBuf>, Format)],
        gates: &[Gate],
        snapshot: &Arc<Snapshot>,
    ) -> Result<Vec<Lens>, Error> {
        let of = |((_, paths, _), gate): (&(&CorpusSource, Vec<PathBuf>, Format), &Gate)| {
            Lens::new(gate, snapshot, &paths[0])
        };
        corpora.iter().zip(gates).map(of).collect()
    }
}

pub(super) fn pieces<'a>(
    corpora: &'a [(&'a CorpusSource, Vec<PathBuf>, Format)],
    gates: &'a [Gate],
    lenses: &'a [Lens],
    folder: &Path,
) -> Result<Vec<Piece<'a>>, Error> {
    let mut pieces = Vec::new();
    for (corpus, (_, paths, _)) in corpora.iter().enumerate() {
        for (file, path) in paths.iter().enumerate() {
            let plain = path.extension().is_some_and(|e| e == "jsonl");
            let end = if plain { "jsonl" } else { "jsonl.zst" };
            for bytes in parts(path, plain)? {
                let output = folder.join(format!("part-{:05}.{end}", pieces.len()));
                let input = Input::Jsonl(Part { path, bytes }, &lenses[corpus]);
                pieces.push(Piece { gate: &gates[corpus], corpus, file, input, output });
            }
        }
    }
    Ok(pieces)
}

/// What of a file one piece takes, and the next.
fn parts(path: &Path, plain: bool) -> Result<Vec<Option<Range<u64>>>, Error> {
    let bytes = files::state(path)?.bytes;
    if !plain || bytes <= PART {
        return Ok(vec![None]);
    }
    // Whatever the last part has, it reads to the end.
    let starts = (0..bytes).step_by(PART as usize);
    let end = |start| if start + PART < bytes { start + PART } else { u64::MAX };
    Ok(starts.map(|start| Some(start..end(start))).collect())
}

/// A field that the configuration names and no line of a file has is a wrong name.
///
/// # Errors
/// Names the file, or the corpus where the field is a list.
pub(super) fn missing_fields(
    corpora: &[(&CorpusSource, Vec<PathBuf>, Format)],
    lenses: &[Lens],
    finished: &[Finished],
) -> Result<(), Error> {
    for (at, ((_, paths, _), lens)) in corpora.iter().zip(lenses).enumerate() {
        for (file, path) in paths.iter().enumerate() {
            let of_file = || finished.iter().filter(|f| (f.corpus, f.file) == (at, file));
            let unreadable = |f: &Finished| f.done.counts.dropped[Reason::Unreadable as usize - 1];
            let good: u64 = of_file().map(|f| f.done.input - unreadable(f)).sum();
            let has = |role: Role| of_file().any(|f| f.done.present[role as usize]);
            let never = lens.fields.required().find(|(role, _)| !has(*role));
            if let (Some((role, name)), true) = (never, good > 0) {
                let what =
                    format!("no line has it, and the configuration names it as `{}`", role.name());
                let place = Some(Place::Column(name.to_owned()));
                return Err(Error::input(path, place, what, "mend the name under [[corpus]]"));
            }
        }
    }
    missing_lists(corpora, lenses, finished)
}

/// A list of people that the purpose asks about, and that no line of a corpus has, is a wrong name: by
/// it, everybody in it would be overlooked.
fn missing_lists(
    corpora: &[(&CorpusSource, Vec<PathBuf>, Format)],
    lenses: &[Lens],
    finished: &[Finished],
) -> Result<(), Error> {
    for (at, ((source, paths, _), lens)) in corpora.iter().zip(lenses).enumerate() {
        let of_corpus = || finished.iter().filter(|f| f.corpus == at).map(|f| &f.done);
        for (role, name) in lens.fields.lists() {
            let never = !of_corpus().any(|done| done.present[role as usize]);
            if never && of_corpus().any(|done| done.input > 0) {
                let what = format!(
                    "no line of corpus `{}` has it, and the configuration names it as `{}`",
                    source.id,
                    role.name()
                );
                let place = Some(Place::Column(name.to_owned()));
                let hint =
                    "mend the name under [[corpus]]; leave the key out if the corpus lists nobody";
                return Err(Error::input(&paths[0], place, what, hint));
            }
        }
    }
    Ok(())
}

pub(super) fn copy(
    piece: &Piece<'_>,
    part: &Part<'_>,
    lens: &Lens,
    rule: Unreadable,
    syncs: &Syncs,
    progress: Progress<'_>,
) -> Result<Done, Error> {
    let (path, kind) = (part.path, piece.gate.snapshot().meta().id_kind);
    let mut out = Output::create(&piece.output)?;
    let mut blocks = Blocks::open(path, part.bytes.clone())?;
    let mut chunk = lens.chunk();
    let mut done = Done::default();
    let (mut lines, mut good) = (Vec::new(), Vec::new());
    while blocks.read(&mut lines)? {
        if u64::from(done.rows) + lines.len() as u64 > MAX_ROWS {
            let hint = "cut the file into several";
            return Err(Error::input(path, None, "it has more lines than an index can name", hint));
        }
        progress(lines.len() as u64);
        for line in lines.drain(..) {
            match lens.fields.parse(&blocks.bytes()[line.at.clone()], kind, lens.gate.zone()) {
                Ok(parsed) => {
                    for (all, one) in done.present.iter_mut().zip(parsed.present) {
                        *all |= one;
                    }
                    chunk.push(&parsed);
                    good.push(line);
                }
                Err(what) => {
                    let before = if rule == Unreadable::Fail { blocks.lines_before()? } else { 0 };
                    done.input += 1;
                    unreadable(path, before + line.number, what, rule, &mut done.counts)?;
                }
            }
        }
        judge(lens, path, &blocks, &mut chunk, &good, &mut out, &mut done)?;
        good.clear();
    }
    syncs.later(&piece.output, out.finish()?);
    Ok(done)
}

/// Judges the lines that could be read, and writes those that stay.
fn judge(
    lens: &Lens,
    path: &Path,
    blocks: &Blocks<'_>,
    chunk: &mut Chunk,
    lines: &[Line],
    out: &mut Output<'_>,
    done: &mut Done,
) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let batch = chunk.finish();
    let verdicts = lens.gate.judge(&batch).map_err(super::in_file(path))?;
    done.input += lines.len() as u64;
    done.counts.add(&verdicts.counts());
    let redactions: HashMap<usize, _> = verdicts.redactions().iter().map(|r| (r.row, r)).collect();
    let bytes = blocks.bytes();
    let (kind, mut redacted_lines) = (lens.gate.snapshot().meta().id_kind, Vec::new());
    let mut places = vec![None; lines.len()];
    // Lines that stay one after the other are written at once.
    let mut run = 0..0;
    for (row, (line, outcome)) in lines.iter().zip(verdicts.iter()).enumerate() {
        match outcome {
            Outcome::Drop(_) => continue,
            Outcome::Keep if line.at.start == run.end + 1 && !run.is_empty() => {
                run.end = line.at.end;
            }
            Outcome::Keep => {
                out.lines(&bytes[run])?;
                run = line.at.clone();
            }
            Outcome::Redact => {
                out.lines(&bytes[std::mem::take(&mut run)])?;
                let text = &bytes[line.at.clone()];
                let redacted = redact_line(text, &lens.fields, &lens.columns, redactions[&row]);
                match redacted {
                    Ok(redacted) => {
                        out.lines(&redacted)?;
                        redacted_lines.push((done.rows, redacted));
                    }
                    Err(what) => {
                        let place = Some(Place::Line(blocks.lines_before()? + line.number));
                        return Err(Error::input(path, place, what, "mend the line"));
                    }
                }
            }
        }
        if outcome == Outcome::Keep {
            places[row] = Some(done.rows);
        }
        done.rows += 1;
    }
    out.lines(&bytes[run])?;
    let gone_out = |row: usize| places[row].map(|place| (place, false));
    gather(lens, path, &batch, gone_out, &mut done.postings)?;
    if redacted_lines.is_empty() {
        return Ok(());
    }
    // Who was taken out of a line is not in it any more.
    let mut chunk = lens.chunk();
    for (_, line) in &redacted_lines {
        let parsed = lens.fields.parse(line, kind, lens.gate.zone());
        chunk.push(&parsed.map_err(|what| Error::input(path, None, what, "mend the line"))?);
    }
    let gone_out = |row: usize| Some((redacted_lines[row].0, true));
    gather(lens, path, &chunk.finish(), gone_out, &mut done.postings)
}

/// Notes who is in the lines that go out, at the place where they go, and whether names were taken out.
fn gather(
    lens: &Lens,
    path: &Path,
    batch: &RecordBatch,
    place: impl Fn(usize) -> Option<(u32, bool)>,
    postings: &mut Postings,
) -> Result<(), Error> {
    let each = |one: Appearance| {
        if let Some((row, redacted)) = place(one.row) {
            postings.push(Posting { hash: one.hash, row, role: one.role, redacted });
        }
    };
    let wanted = |row: usize| place(row).is_some();
    lens.gate.appearances(batch, wanted, each).map_err(super::in_file(path))
}

/// The file that kept lines go to.
pub(crate) struct Output<'a> {
    path: &'a Path,
    to: Sink,
}

enum Sink {
    Plain(BufWriter<File>),
    Zstd(Box<zstd::stream::write::Encoder<'static, BufWriter<File>>>),
}

impl<'a> Output<'a> {
    pub(crate) fn create(path: &'a Path) -> Result<Self, Error> {
        let failed = |e| Error::io(path, "create", e);
        let file = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
        let to = if path.extension().is_some_and(|e| e == "zst") {
            Sink::Zstd(Box::new(zstd::stream::write::Encoder::new(file, 3).map_err(failed)?))
        } else {
            Sink::Plain(file)
        };
        Ok(Output { path, to })
    }

    /// Writes lines without the end of the last, and that end; nothing where there are none.
    pub(crate) fn lines(&mut self, lines: &[u8]) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        let to: &mut dyn Write = match &mut self.to {
            Sink::Plain(to) => to,
            Sink::Zstd(to) => to,
        };
        to.write_all(lines)
            .and_then(|()| to.write_all(b"\n"))
            .map_err(|e| Error::io(self.path, "write", e))
    }

    pub(crate) fn finish(self) -> Result<File, Error> {
        let failed = |e| Error::io(self.path, "write", e);
        let buffered = match self.to {
            Sink::Plain(to) => to,
            Sink::Zstd(to) => to.finish().map_err(failed)?,
        };
        buffered.into_inner().map_err(|e| failed(e.into_error()))
    }
}
