//! Copying JSON lines: find the fields, judge, copy the bytes of the lines that stay.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use demur_gate::{Columns, Gate, Outcome};
use demur_snapshot::Snapshot;

use super::{Done, Finished, Input, Piece, Progress, Unreadable, unreadable};
use crate::error::{Error, Place};
use crate::jsonl::{Chunk, Fields, Lines, gate_columns, redact_line};
use crate::source::{CorpusSource, Format};

/// Lines a batch.
const BATCH: usize = 4096;

/// How one corpus' lines are looked at.
pub(super) struct Lens {
    fields: Fields,
    /// The columns of the corpus, as far as this purpose needs them.
    columns: Columns,
    gate: Gate,
}

impl Lens {
    pub(super) fn all(
        corpora: &[(&CorpusSource, Vec<PathBuf>, Format)],
        gates: &[Gate],
        snapshot: &Arc<Snapshot>,
    ) -> Result<Vec<Lens>, Error> {
        let lens = |((_, paths, _), gate): (&(&CorpusSource, Vec<PathBuf>, Format), &Gate)| {
            let reads = gate.reads();
            let mut columns = gate.columns().clone();
            columns.text = columns.text.filter(|name| reads.contains(&name.as_str()));
            columns.mentioned = columns.mentioned.filter(|p| reads.contains(&p.column.as_str()));
            columns.depicted = columns.depicted.filter(|p| reads.contains(&p.column.as_str()));
            let gate = Gate::new(snapshot.clone(), gate_columns(&columns));
            let gate = gate.map_err(super::in_file(&paths[0]))?;
            Ok(Lens { fields: Fields::new(&columns), columns, gate })
        };
        corpora.iter().zip(gates).map(lens).collect()
    }
}

pub(super) fn pieces<'a>(
    corpora: &'a [(&'a CorpusSource, Vec<PathBuf>, Format)],
    gates: &'a [Gate],
    lenses: &'a [Lens],
    folder: &Path,
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for (corpus, (_, paths, _)) in corpora.iter().enumerate() {
        for (file, path) in paths.iter().enumerate() {
            let plain = path.extension().is_some_and(|e| e == "jsonl");
            let end = if plain { "jsonl" } else { "jsonl.zst" };
            let output = folder.join(format!("part-{:05}.{end}", pieces.len()));
            let input = Input::Jsonl(path, &lenses[corpus]);
            pieces.push(Piece { gate: &gates[corpus], corpus, file, input, output });
        }
    }
    pieces
}

/// A list of people that the purpose asks about, and that no line of a corpus has, is a wrong name: by
/// it, everybody in it would be overlooked.
pub(super) fn missing_lists(
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
    path: &Path,
    lens: &Lens,
    rule: Unreadable,
    progress: Progress<'_>,
) -> Result<Done, Error> {
    let snapshot = piece.gate.snapshot();
    let kind = snapshot.meta().id_kind;
    let mut out = Output::create(&piece.output)?;
    let mut lines = Lines::open(path)?;
    let mut chunk = Chunk::new(kind, lens.columns.text.is_some());
    let mut pending = Pending::default();
    let mut done = Done::default();
    let mut line = Vec::new();
    let (mut read, mut good) = (0, 0);
    while let Some(number) = lines.next(&mut line)? {
        read += 1;
        match lens.fields.parse(&line, kind, lens.gate.zone()) {
            Ok(parsed) => {
                good += 1;
                for (all, one) in done.present.iter_mut().zip(parsed.present) {
                    *all |= one;
                }
                chunk.push(&parsed);
                pending.push(&line, number);
            }
            Err(what) => {
                done.input += 1;
                unreadable(path, number, what, rule, &mut done.counts)?;
            }
        }
        if pending.len() == BATCH {
            flush(lens, path, &mut chunk, &mut pending, &mut out, &mut done)?;
            progress(read);
            read = 0;
        }
    }
    flush(lens, path, &mut chunk, &mut pending, &mut out, &mut done)?;
    progress(read);
    let never = lens.fields.required().find(|(role, _)| !done.present[*role as usize]);
    if let (Some((role, name)), true) = (never, good > 0) {
        let what = format!("no line has it, and the configuration names it as `{}`", role.name());
        let place = Some(Place::Column(name.to_owned()));
        return Err(Error::input(path, place, what, "mend the name under [[corpus]]"));
    }
    out.finish()?;
    Ok(done)
}

/// Lines that wait for their verdicts.
#[derive(Default)]
struct Pending {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    numbers: Vec<u64>,
}

impl Pending {
    fn push(&mut self, line: &[u8], number: u64) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
        self.numbers.push(number);
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn line(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.numbers.clear();
    }
}

fn flush(
    lens: &Lens,
    path: &Path,
    chunk: &mut Chunk,
    pending: &mut Pending,
    out: &mut Output<'_>,
    done: &mut Done,
) -> Result<(), Error> {
    if pending.len() == 0 {
        return Ok(());
    }
    let batch = chunk.finish();
    let verdicts = lens.gate.judge(&batch).map_err(super::in_file(path))?;
    done.input += pending.len() as u64;
    done.counts.add(&verdicts.counts());
    let redactions: HashMap<usize, _> = verdicts.redactions().iter().map(|r| (r.row, r)).collect();
    for (row, outcome) in verdicts.iter().enumerate() {
        match outcome {
            Outcome::Drop(_) => {}
            Outcome::Keep => out.line(pending.line(row))?,
            Outcome::Redact => {
                let line = pending.line(row);
                let redacted = redact_line(line, &lens.fields, &lens.columns, redactions[&row]);
                let redacted = redacted.map_err(|what| {
                    let place = Some(Place::Line(pending.numbers[row]));
                    Error::input(path, place, what, "mend the line")
                })?;
                out.line(&redacted)?;
            }
        }
    }
    pending.clear();
    Ok(())
}

/// The file that kept lines go to.
struct Output<'a> {
    path: &'a Path,
    to: Sink,
}

enum Sink {
    Plain(BufWriter<File>),
    Zstd(Box<zstd::stream::write::Encoder<'static, BufWriter<File>>>),
}

impl<'a> Output<'a> {
    fn create(path: &'a Path) -> Result<Self, Error> {
        let failed = |e| Error::io(path, "create", e);
        let file = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
        let to = if path.extension().is_some_and(|e| e == "zst") {
            Sink::Zstd(Box::new(zstd::stream::write::Encoder::new(file, 3).map_err(failed)?))
        } else {
            Sink::Plain(file)
        };
        Ok(Output { path, to })
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Error> {
        let to: &mut dyn Write = match &mut self.to {
            Sink::Plain(to) => to,
            Sink::Zstd(to) => to,
        };
        to.write_all(line)
            .and_then(|()| to.write_all(b"\n"))
            .map_err(|e| Error::io(self.path, "write", e))
    }

    fn finish(self) -> Result<(), Error> {
        let failed = |e| Error::io(self.path, "write", e);
        let buffered = match self.to {
            Sink::Plain(to) => to,
            Sink::Zstd(to) => to.finish().map_err(failed)?,
        };
        let file = buffered.into_inner().map_err(|e| failed(e.into_error()))?;
        file.sync_all().map_err(failed)
    }
}
