//! Which objects a URL stands for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::path::Path as Key;
use object_store::{Error as Fault, ObjectStoreExt};

use crate::client::{Address, wait};
use crate::error::Error;
use crate::fault::explain;

/// An object below a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path inside the folder.
    pub name: String,
    /// Its URL.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// All objects below a folder, at any depth, in the order of their names.
///
/// # Errors
/// Where the store does not list them.
pub fn list(folder: &Path) -> Result<Vec<Entry>, Error> {
    let Some(address) = Address::of(folder)? else {
        return Err(Error::input(folder, None, "not a URL", "name a folder in a store"));
    };
    let all = address.store.list(Some(&address.key)).try_collect::<Vec<_>>();
    let all = wait(all).map_err(|e| explain(folder, "list", e))?;
    let mut entries: Vec<Entry> = all
        .into_iter()
        .filter_map(|meta| {
            let name: Vec<_> = meta.location.prefix_match(&address.key)?.collect();
            let name = name.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("/");
            let path = address.url_of(&meta.location);
            (!name.is_empty()).then_some(Entry { name, path, bytes: meta.size })
        })
        .collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// The objects that a location stands for (an object, a folder or a glob), and whether they were named
/// rather than found in a folder. Names below a folder that begin with `.` or `_` are passed over.
///
/// # Errors
/// Where the store cannot be asked, or the glob is none.
pub fn matching(location: &Path) -> Result<(Vec<PathBuf>, bool), Error> {
    let text = location.to_string_lossy();
    if let Some(special) = text.find(['*', '?', '[']) {
        let folder = Path::new(&text[..text[..special].rfind('/').unwrap_or(special)]);
        let pattern = glob::Pattern::new(&text).map_err(|e| {
            let hint = "see the glob's syntax: * ? [a-z] **";
            Error::input(location, None, format!("not a glob: {e}"), hint)
        })?;
        let options =
            glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::default() };
        let shown = shown_below(folder)?;
        let matches = |path: &PathBuf| pattern.matches_with(&path.to_string_lossy(), options);
        return Ok((shown.into_iter().filter(matches).collect(), true));
    }
    let Some(address) = Address::of(location)? else { return Ok((Vec::new(), true)) };
    if !address.key.as_ref().is_empty() {
        match wait(address.store.head(&address.key)) {
            Ok(_) => return Ok((vec![location.to_owned()], true)),
            Err(Fault::NotFound { .. }) => {}
            Err(fault) => return Err(explain(location, "open", fault)),
        }
    }
    Ok((shown_below(location)?, false))
}

fn shown_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let hidden = |name: &str| name.split('/').any(|part| part.starts_with(['.', '_']));
    let entries = list(folder)?.into_iter().filter(|entry| !hidden(&entry.name));
    Ok(entries.map(|entry| entry.path).collect())
}

/// The first folder above one of these objects that is a table, and of which kind.
///
/// # Errors
/// Where the store does not say.
pub fn folders_with_log(paths: &[PathBuf]) -> Result<Option<(PathBuf, &'static str)>, Error> {
    let mut folders = BTreeSet::new();
    let mut of_bucket = None;
    for path in paths {
        let Some(address) = Address::of(path)? else { continue };
        let parts: Vec<_> = address.key.parts().collect();
        folders.extend((0..parts.len()).map(|n| Key::from_iter(parts[..n].iter().cloned())));
        of_bucket.get_or_insert(address);
    }
    let Some(address) = &of_bucket else { return Ok(None) };
    let look = |folder: Key| async move {
        let failed = |fault| explain(&address.url_of(&folder), "list", fault);
        let log = folder.clone().join("_delta_log");
        if address.store.list(Some(&log)).next().await.transpose().map_err(failed)?.is_some() {
            return Ok(Some((address.url_of(&folder), "Delta")));
        }
        let version = folder.clone().join("metadata").join("version-hint.text");
        match address.store.head(&version).await {
            Ok(_) => Ok(Some((address.url_of(&folder), "Iceberg"))),
            Err(Fault::NotFound { .. }) => Ok(None),
            Err(fault) => Err(failed(fault)),
        }
    };
    let looked = stream::iter(folders.into_iter().map(look)).buffered(16);
    let looked: Vec<Option<(PathBuf, &str)>> = wait(looked.try_collect())?;
    Ok(looked.into_iter().flatten().next())
}
