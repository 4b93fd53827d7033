//! Taking lines out of a set of JSON lines: hidden and erased at once, as a bare file has no log.
//!
//! The files concerned are written anew, without the lines, into a folder that nobody scans. Then the next
//! manifests are written: the version without the lines, and the one in which their bytes are gone. From
//! here on the change is decided. Each new file takes the place of the old one by a rename: whoever has the
//! old one open reads it to its end, and whoever comes later reads the new one. A run that was interrupted
//! before the manifests lay there is forgotten by the next one, and finished after.
//!
//! In a store the same happens with objects: they are made on this machine, put below the folder's hidden part, and
//! copied into place inside the store, each of which is done whole or not at all. Whoever reads an object's old version
//! by ranges notices that there is another.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use demur_core::rules::Reason;
use demur_gate::{Gate, Outcome};
use demur_snapshot::Snapshot;
use roaring::RoaringBitmap;

use super::retract::{forget_indexes, take_next_index};
use super::{NEXT, prepare, purge};
use crate::build::jsonl::{Lens, Output};
use crate::build::{Progress, in_file};
use crate::digest;
use crate::error::{Error, Place};
use crate::files;
use crate::index::{Index, Posting, Postings};
use crate::jsonl::{Blocks, Lines};
use crate::judged::Judged;
use crate::layout;
use crate::manifest::{DataFile, Manifest, Moved, PurgedFile};
use crate::store;

/// The manifest of the version between the present one and the next: without the lines, whose bytes still
/// lie there.
pub(super) const BETWEEN: &str = "manifest.between.json";

/// In the folder of a set's work, where the set is in a store: what lines are fetched into and written to.
const HERE: &str = "lines";

/// Judges the lines of a set's file.
///
/// # Errors
/// Where the file cannot be read, or a line is none.
pub(super) fn judge(
    path: &Path,
    gate: &Gate,
    snapshot: &Arc<Snapshot>,
    progress: Progress<'_>,
) -> Result<Judged, Error> {
    let lens = Lens::new(gate, snapshot, path)?;
    let mut judged = Judged::default();
    each_batch(path, &lens, |first, batch| {
        // Nothing is taken out of a line that was written: the line goes.
        let verdicts = lens.gate.judge_in_place(batch).map_err(in_file(path))?;
        judged.counts.add(&verdicts.counts());
        let mut covered = vec![true; batch.num_rows()];
        for (nth, outcome) in verdicts.iter().enumerate() {
            let Outcome::Drop(reason) = outcome else { continue };
            judged.gone.insert(first + nth as u32);
            judged.reasons.push((first + nth as u32, reason));
            covered[nth] = !matches!(reason, Reason::KindNotCovered | Reason::NotPublic);
        }
        let each = |one: demur_gate::Appearance| {
            let row = first + one.row as u32;
            judged.postings.push(Posting { hash: one.hash, row, role: one.role, redacted: false });
        };
        lens.gate.appearances(batch, |nth| covered[nth], each).map_err(in_file(path))?;
        progress(batch.num_rows() as u64);
        Ok(())
    })?;
    Ok(judged)
}

/// The lines that have one of these record ids.
///
/// # Errors
/// As [`judge`].
pub(super) fn named(
    path: &Path,
    gate: &Gate,
    snapshot: &Arc<Snapshot>,
    ids: &[String],
) -> Result<Vec<u32>, Error> {
    let wanted: HashSet<&str> = ids.iter().map(String::as_str).collect();
    let lens = Lens::new(gate, snapshot, path)?;
    let mut rows = Vec::new();
    each_batch(path, &lens, |first, batch| {
        let found = lens.gate.records(batch, |id| wanted.contains(id)).map_err(in_file(path))?;
        rows.extend(found.into_iter().map(|row| first + row as u32));
        Ok(())
    })?;
    Ok(rows)
}

fn each_batch(
    path: &Path,
    lens: &Lens,
    mut each: impl FnMut(u32, &arrow::array::RecordBatch) -> Result<(), Error>,
) -> Result<(), Error> {
    let kind = lens.gate.snapshot().meta().id_kind;
    let mut blocks = Blocks::open(path, None)?;
    let mut chunk = lens.chunk();
    let (mut lines, mut first) = (Vec::new(), 0);
    while blocks.read(&mut lines)? {
        for line in &lines {
            let parsed =
                lens.fields.parse(&blocks.bytes()[line.at.clone()], kind, lens.gate.zone());
            let parsed = parsed.map_err(|what| {
                let hint = "somebody changed the file: do not read this set, and build it anew";
                Error::input(path, Some(Place::Line(line.number)), what, hint)
            })?;
            chunk.push(&parsed);
        }
        each(first, &chunk.finish())?;
        // Lines of one file are fewer than an index can name, so they fit.
        first += lines.len() as u32;
    }
    Ok(())
}

/// Makes a change: `next` is the version without the lines `gone` of its files; those that were `indexed`
/// anew have a next index. Returns the manifests that
/// lead to what the folder has now.
///
/// # Errors
/// Where a file is not what it was, what was written reads otherwise, or the machine fails.
pub(super) fn commit(
    folder: &Path,
    work: &Path,
    next: Manifest,
    gone: &[(String, RoaringBitmap)],
    indexed: &[String],
) -> Result<Vec<Manifest>, Error> {
    forget_indexes(folder, indexed)?;
    if gone.is_empty() {
        prepare(folder, &next)?;
        indexed.iter().try_for_each(|file| take_next_index(folder, file))?;
        return Ok(vec![next]);
    }
    let staged = layout::staged(folder);
    if !store::is_url(folder) {
        std::fs::create_dir_all(&staged).map_err(|e| Error::io(&staged, "create", e))?;
    }
    let mut last = next.clone();
    last.version += 1;
    last.moved = Moved::default();
    for (path, rows) in gone {
        let Some(at) = last.files.iter().position(|file| file.path == *path) else { continue };
        let known = &mut last.files[at];
        let index = format!("_index/{}.purged-v{}.index", layout::stem(path), last.version);
        let present = match indexed.contains(path) {
            true => layout::next_index_of(path),
            false => layout::index_of(path),
        };
        purge::keep(folder, &present, &index)?;
        last.purged.push(PurgedFile {
            version: last.version,
            rows: known.rows,
            index,
            hidden: known.hidden.clone(),
        });
        last.hidden = last.hidden.saturating_sub(rows.len());
        last.erased += rows.len();
        match rewrite(folder, work, known, rows, &folder.join(present))? {
            Some(new) => *known = new,
            None => drop(last.files.remove(at)),
        }
    }
    files::sync_folder(&staged)?;
    files::sync_folder(&layout::indexes(folder))?;
    last.check()?;
    next.check()?;
    // What lay there was settled when the set was opened.
    for (name, manifest) in [(BETWEEN, &next), (NEXT, &last)] {
        if !files::write_new(&folder.join(name), manifest.to_json().as_bytes())? {
            return Err(not_alone(folder));
        }
    }
    files::sync_folder(folder)?;
    for file in indexed {
        // Of a file that was written anew there is another one.
        if !gone.iter().any(|(path, _)| path == file) {
            take_next_index(folder, file)?;
        }
    }
    install(folder, &last)?;
    remove_folder(&work.join(HERE))?;
    for file in last.files.iter().filter(|file| gone.iter().any(|(path, _)| *path == file.path)) {
        if digest::of_file(&folder.join(&file.path))? != file.blake3 {
            return Err(not_alone(folder));
        }
    }
    Ok(vec![next, last])
}

fn not_alone(folder: &Path) -> Error {
    let hint = "let one process at a time change it, and run the command again";
    Error::input(folder, None, "somebody else changed this set meanwhile", hint)
}

/// Writes a file anew without some of its lines, with its index, and reads it back; `None` where no line
/// stays. An object is fetched once, and the new one is brought to the store when it is known to be right.
fn rewrite(
    folder: &Path,
    work: &Path,
    known: &DataFile,
    gone: &RoaringBitmap,
    index: &Path,
) -> Result<Option<DataFile>, Error> {
    let (place, far) = (folder.join(&known.path), store::is_url(folder));
    let staged = layout::staged(folder).join(&known.path);
    let (old, new) = match far {
        // The ends of their names say how lines are packed.
        true => {
            let here = work.join(HERE);
            std::fs::create_dir_all(&here).map_err(|e| Error::io(&here, "create", e))?;
            (here.join(format!("old-{}", known.path)), here.join(format!("new-{}", known.path)))
        }
        false => (place.clone(), staged.clone()),
    };
    if far {
        files::download(&place, &old)?;
    }
    if digest::of_file(&old)? != known.blake3 {
        let hint = "nobody knows what its lines are now: do not read this set, and build it anew";
        return Err(Error::input(place, None, "it was changed since it was judged", hint));
    }
    let records = known.rows - gone.len();
    if records == 0 {
        return Ok(None);
    }
    let mut out = Output::create(&new)?;
    let mut lines = Lines::open(&old)?;
    let (mut line, mut row) = (Vec::new(), 0);
    while lines.next(&mut line)?.is_some() {
        if !gone.contains(row) {
            out.lines(&line)?;
        }
        row += 1;
    }
    let out = out.finish()?;
    out.sync_all().map_err(|e| Error::io(&new, "synchronise", e))?;
    if u64::from(row) != known.rows || !reads_alike(&new, &old, gone)? {
        let hint = "this is a bug in Demur or a broken disk; the set is as it was";
        return Err(Error::input(&new, None, "what was written reads otherwise", hint));
    }
    let lost = || {
        let hint = "run the command again: it makes the index anew";
        Error::input(folder, None, format!("the index of {} is damaged", known.path), hint)
    };
    let all = Index::open(index, known.rows).and_then(|mut index| index.all());
    let mut postings = Postings::default();
    for posting in all.map_err(|_| lost())?.into_iter().filter(|one| !gone.contains(one.row)) {
        // As many rows as are gone before it, it moves up.
        let row = posting.row - gone.rank(posting.row) as u32;
        postings.push(Posting { row, ..posting });
    }
    postings.write(&staged_index(folder, known), records)?;
    let (bytes, blake3) = (files::state(&new)?.bytes, digest::of_file(&new)?);
    if far {
        files::upload(&new, &staged)?;
    }
    Ok(Some(DataFile {
        bytes,
        records,
        rows: records,
        modified: None,
        tag: None,
        blake3,
        hidden: Vec::new(),
        taken: BTreeMap::new(),
        ..known.clone()
    }))
}

/// Whether a file has the lines of another that are not gone, in their order.
fn reads_alike(new: &Path, old: &Path, gone: &RoaringBitmap) -> Result<bool, Error> {
    let (mut new, mut old) = (Lines::open(new)?, Lines::open(old)?);
    let (mut read, mut wanted, mut row) = (Vec::new(), Vec::new(), 0);
    while old.next(&mut wanted)?.is_some() {
        if !gone.contains(row) && (new.next(&mut read)?.is_none() || read != wanted) {
            return Ok(false);
        }
        row += 1;
    }
    Ok(new.next(&mut read)?.is_none())
}

fn staged_index(folder: &Path, file: &DataFile) -> std::path::PathBuf {
    let name = layout::index_of(&file.path);
    let name = Path::new(&name).file_name().unwrap_or_default();
    layout::staged(folder).join(name)
}

/// Lets the staged files take their places, and removes what the next manifest does not name.
fn install(folder: &Path, next: &Manifest) -> Result<(), Error> {
    for file in &next.files {
        let (index, own) = (staged_index(folder, file), layout::index_of(&file.path));
        for (from, to) in [(layout::staged(folder).join(&file.path), &file.path), (index, &own)] {
            if files::is_file(&from)? {
                files::rename(&from, &folder.join(to))?;
            }
        }
    }
    for path in layout::line_files(folder)? {
        if !next.files.iter().any(|file| file.path == path) {
            files::remove(&folder.join(path))?;
        }
    }
    forget_staged(folder)?;
    purge::sweep(folder, next, &[])
}

fn forget_staged(folder: &Path) -> Result<(), Error> {
    let staged = layout::staged(folder);
    if store::is_url(folder) {
        return store::list(&staged)?.iter().try_for_each(|entry| files::remove(&entry.path));
    }
    remove_folder(&staged)
}

fn remove_folder(folder: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(folder, "remove", e)),
        _ => Ok(()),
    }
}

/// Settles what an interrupted change left: finishes it where every file of the next manifest is there,
/// in its place or beside it, and returns the manifests that lead to it; forgets it otherwise.
///
/// # Errors
/// Where the machine fails.
pub(super) fn interrupted(
    folder: &Path,
    work: &Path,
    present: &Manifest,
) -> Result<Option<Vec<Manifest>>, Error> {
    remove_folder(&work.join(HERE))?;
    let between = Manifest::read_from(folder, BETWEEN).ok().map(|(manifest, _)| manifest);
    let next = Manifest::read_from(folder, NEXT).ok().map(|(manifest, _)| manifest);
    let next = next.filter(|next| {
        let before = between.as_ref().map_or(present.version, |between| between.version);
        next.set == present.set && next.version == before + 1
    });
    if let Some(next) = next
        && is_whole(folder, &next)?
    {
        install(folder, &next)?;
        return Ok(Some(between.into_iter().chain([next]).collect()));
    }
    let unfinished = [NEXT, BETWEEN].map(|name| folder.join(name));
    let mut is_there = files::is_folder(&layout::staged(folder))?;
    for path in &unfinished {
        is_there |= files::is_file(path)?;
    }
    if is_there {
        for path in &unfinished {
            files::remove(path)?;
        }
        forget_staged(folder)?;
        purge::sweep(folder, present, &[])?;
    }
    Ok(None)
}

/// Whether each file of a manifest lies in its place, or staged beside it.
fn is_whole(folder: &Path, next: &Manifest) -> Result<bool, Error> {
    for file in &next.files {
        let places = [folder.join(&file.path), layout::staged(folder).join(&file.path)];
        let mut found = false;
        for place in &places {
            found = found || files::is_file(place)? && digest::of_file(place)? == file.blake3;
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}
