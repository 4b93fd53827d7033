//! Where a snapshot lies, and what a training set's objects hold.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use demur_store::{Error, Object, Ranged, is_url, resolve};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{self, SnapshotError};

/// How often fetching begins anew where a snapshot is replaced meanwhile.
const TRIES: usize = 5;

/// A path or URL in the form in which it is compared: one place has one name.
pub(crate) fn place(path_or_url: &Path) -> PathBuf {
    let text = path_or_url.to_str().unwrap_or_default();
    match text.strip_prefix("file://") {
        Some(path) => PathBuf::from(path),
        None if is_url(path_or_url) => resolve(Path::new(""), path_or_url),
        None if text.contains("://") => path_or_url.to_owned(),
        None => std::path::absolute(path_or_url).unwrap_or_else(|_| path_or_url.to_owned()),
    }
}

/// Maps a snapshot. One in a store is fetched into a file without a name, so that nothing of it stays when
/// nobody has it open, however that comes.
pub(crate) fn open(place: &Path) -> PyResult<demur_snapshot::Snapshot> {
    if !is_url(place) {
        let is_foreign = place.to_str().is_some_and(|text| text.contains("://"));
        return match is_foreign && !place.exists() {
            true => Err(SnapshotError::new_err(format!(
                "{}: such URLs are not read\n  hint: write it as s3://bucket/name, gs:// or az:// alike",
                place.display()
            ))),
            false => demur_snapshot::Snapshot::open(place).map_err(|e| error::of_snapshot(&e)),
        };
    }
    let file = fetch(place).map_err(|e| SnapshotError::new_err(e.to_string()))?;
    demur_snapshot::Snapshot::opened(&file, place).map_err(|e| error::of_snapshot(&e))
}

fn fetch(url: &Path) -> Result<File, Error> {
    for attempt in 1.. {
        let object = look(url)?;
        let failed = |e| Error::io(url, "fetch", e);
        let mut file = tempfile::tempfile().map_err(failed)?;
        match io::copy(&mut object.stream(0..object.size()), &mut file) {
            Ok(_) => return Ok(file),
            // Of one that was replaced, the version that was asked for is not there any more.
            Err(_) if attempt < TRIES && look(url)?.tag() != object.tag() => {}
            Err(e) => return Err(failed(e)),
        }
    }
    unreachable!("the last attempt returns")
}

fn look(url: &Path) -> Result<Object, Error> {
    Object::open(url)?.ok_or_else(|| {
        Error::input(url, None, "not a URL", "write it as s3://bucket/name, gs:// or az:// alike")
    })
}

/// An object in a store, always the same version of it.
///
/// Args:
///     url: Its URL.
///
/// Raises:
///     Error: If it is not there, or the store cannot be asked; when it is read, also if it was changed.
#[pyclass(frozen, module = "demur._demur")]
pub(crate) struct StoredObject {
    object: Object,
    ranged: Mutex<Ranged>,
}

#[pymethods]
impl StoredObject {
    #[new]
    fn new(py: Python<'_>, url: PathBuf) -> PyResult<Self> {
        let object = py.detach(|| look(&resolve(Path::new(""), url)));
        let object = object.map_err(|e| error::Error::new_err(e.to_string()))?;
        Ok(StoredObject { ranged: Mutex::new(Ranged::of(object.clone())), object })
    }

    /// Size in bytes.
    #[getter]
    fn bytes(&self) -> u64 {
        self.object.size()
    }

    /// What tells this version from others: size, time and the store's own name for it.
    #[getter]
    fn version(&self) -> (u64, i64, Option<&str>) {
        (self.object.size(), self.object.modified(), self.object.tag())
    }

    /// What it holds from a place on; fewer bytes at its end.
    fn read_at<'py>(&self, py: Python<'py>, at: u64, length: u64) -> PyResult<Bound<'py, PyBytes>> {
        let length = length.min(self.object.size().saturating_sub(at));
        let mut into = vec![0; usize::try_from(length)?];
        py.detach(|| {
            let mut ranged = self.ranged.lock().unwrap_or_else(PoisonError::into_inner);
            ranged.read_at(at, &mut into)
        })
        .map_err(|e| error::Error::new_err(e.to_string()))?;
        Ok(PyBytes::new(py, &into))
    }
}
