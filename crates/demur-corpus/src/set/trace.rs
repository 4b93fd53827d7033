//! Which rows of a set somebody is in, and what became of them: by the indexes, without reading the data.

use std::path::Path;

use demur_gate::Role;
use roaring::RoaringBitmap;
use serde::Serialize;

use super::hidden;
use crate::error::Error;
use crate::index::{Index, Posting};
use crate::layout;
use crate::manifest::{HiddenRows, Manifest};
use crate::source::Format;
use crate::table::{Table, TableFile};

/// How many rows somebody is in, by the way in which they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    /// As their author.
    pub author: u64,
    /// Named in the text by others.
    pub mentioned: u64,
    /// Shown by others.
    pub depicted: u64,
}

/// What a set holds or held of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// Rows that the set has.
    pub in_use: Held,
    /// Rows that were taken out and still lie in the files, by the version that took them out.
    pub hidden: Vec<(u64, Held)>,
    /// Rows whose bytes are gone: by the version that took them out and the one that removed them.
    pub erased: Vec<(u64, u64, Held)>,
    /// Files whose index is lost or damaged, so that nothing is known of them: `demur retract` makes it anew.
    pub unknown: Vec<String>,
    /// Lost or damaged lists of rows that were taken out, so that it is not known whose they were.
    pub lost: Vec<String>,
    /// Whether the table is at another version than the set: a change is under way, or somebody else made one.
    pub is_unsettled: bool,
}

impl Held {
    fn add(&mut self, role: Role) {
        match role {
            Role::Author(_) => self.author += 1,
            Role::Mentioned => self.mentioned += 1,
            Role::Depicted => self.depicted += 1,
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Held::default()
    }
}

/// Looks accounts up in the indexes of a set, by their hashes ([`demur_snapshot::Snapshot::hash`]).
///
/// # Errors
/// Where the table cannot be read, or a deletion vector is damaged.
pub fn trace(set: &Path, manifest: &Manifest, accounts: &[u64]) -> Result<Trace, Error> {
    let table = match manifest.data {
        Format::Parquet => Some(Table::open(set)?),
        Format::Jsonl => None,
    };
    let files = match &table {
        Some(table) => table.files().to_vec(),
        None => manifest.files.iter().map(TableFile::bare).collect(),
    };
    let is_unsettled = table.as_ref().is_some_and(|table| table.version() != manifest.version);
    let mut trace = Trace { is_unsettled, ..Trace::default() };
    for file in &files {
        let known = manifest.files.iter().find(|known| known.path == file.path);
        let Some(known) = known.filter(|known| known.rows == file.rows) else {
            trace.unknown.push(file.path.clone());
            continue;
        };
        let Some(postings) = postings(&set.join(layout::index_of(&file.path)), file.rows, accounts)
        else {
            trace.unknown.push(file.path.clone());
            continue;
        };
        if postings.is_empty() {
            continue;
        }
        let gone = match &table {
            Some(table) => table.gone(file)?,
            None => RoaringBitmap::new(),
        };
        let lists = lists(set, &known.hidden, &mut trace.lost);
        for posting in postings {
            if !gone.contains(posting.row) {
                trace.in_use.add(posting.role);
            } else if let Some(version) = left(&lists, posting.row) {
                entry(&mut trace.hidden, version).add(posting.role);
            }
        }
    }
    for file in &manifest.purged {
        let Some(postings) = postings(&set.join(&file.index), file.rows, accounts) else {
            trace.unknown.push(file.index.clone());
            continue;
        };
        let lists = lists(set, &file.hidden, &mut trace.lost);
        for posting in postings {
            let Some(version) = left(&lists, posting.row) else { continue };
            let at = trace.erased.iter().position(|(v, p, _)| (*v, *p) == (version, file.version));
            let at = at.unwrap_or_else(|| {
                trace.erased.push((version, file.version, Held::default()));
                trace.erased.len() - 1
            });
            trace.erased[at].2.add(posting.role);
        }
    }
    trace.hidden.sort_by_key(|(version, _)| *version);
    trace.erased.sort_by_key(|(version, purged, _)| (*version, *purged));
    Ok(trace)
}

fn postings(index: &Path, rows: u64, accounts: &[u64]) -> Option<Vec<Posting>> {
    let mut index = Index::open(index, rows).ok()?;
    let mut all = Vec::new();
    for account in accounts {
        all.extend(index.get(*account).ok()?);
    }
    // A row that two accounts of one person are in is one row for each role.
    all.sort_by_key(|posting| (posting.row, posting.role));
    all.dedup_by_key(|posting| (posting.row, posting.role));
    Some(all)
}

fn lists(set: &Path, lists: &[HiddenRows], lost: &mut Vec<String>) -> Vec<(u64, RoaringBitmap)> {
    let read = |list: &HiddenRows| {
        let rows = hidden::read(set, list);
        if rows.is_none() {
            lost.push(list.path.clone());
        }
        Some((list.version, rows?))
    };
    lists.iter().filter_map(read).collect()
}

/// The version that took a row out for the last time; none where it never was in the set.
fn left(lists: &[(u64, RoaringBitmap)], row: u32) -> Option<u64> {
    let out = lists.iter().rev().take_while(|(_, rows)| rows.contains(row));
    out.last().map(|(version, _)| *version)
}

fn entry(list: &mut Vec<(u64, Held)>, version: u64) -> &mut Held {
    let at = list.iter().position(|(known, _)| *known == version).unwrap_or_else(|| {
        list.push((version, Held::default()));
        list.len() - 1
    });
    &mut list[at].1
}
