//! Lists of rows that were taken out and still lie in a data file: what a purge has to remove, and what a
//! trace tells.

use std::path::Path;

use roaring::RoaringBitmap;

use crate::error::Error;
use crate::files;
use crate::layout;
use crate::manifest::{DataFile, HiddenRows};

/// Writes the list of one file as of a version.
pub(super) fn write(
    set: &Path,
    file: &DataFile,
    version: u64,
    rows: &RoaringBitmap,
) -> Result<HiddenRows, Error> {
    let name = layout::stem(&file.path);
    let path = format!("_index/{name}.v{version}.hidden");
    let mut bytes = Vec::with_capacity(rows.serialized_size());
    rows.serialize_into(&mut bytes).map_err(|e| Error::io(set.join(&path), "write", e))?;
    files::write(&set.join(&path), &bytes)?;
    let blake3 = blake3::hash(&bytes).to_hex().to_string();
    Ok(HiddenRows { version, path, rows: rows.len(), blake3 })
}

/// Reads one list; `None` where it is lost or damaged.
pub(super) fn read(set: &Path, list: &HiddenRows) -> Option<RoaringBitmap> {
    let bytes = files::read(&set.join(&list.path)).ok()??;
    let whole = blake3::hash(&bytes).to_hex().as_str() == list.blake3;
    whole.then(|| RoaringBitmap::deserialize_from(&bytes[..]).ok()).flatten()
}

/// The rows of a file that were taken out. Where the list is lost, every row that the table does not have.
pub(super) fn newest(set: &Path, file: &DataFile, gone: &RoaringBitmap) -> RoaringBitmap {
    match file.hidden.last() {
        None => RoaringBitmap::new(),
        Some(list) => read(set, list).unwrap_or_else(|| gone.clone()),
    }
}
