//! A snapshot file, mapped.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use demur_core::purpose::{Allowed, ThirdPartyRule};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::error::SnapshotError;
use crate::source;

/// The register and the account facts, compiled for one purpose into one file, mapped read-only.
///
/// It is checked against its checksum when it is opened; who has it open keeps the file it had,
/// whatever takes its place. `demur snapshot PURPOSE` writes one. Treat it as personal data.
///
/// Args:
///     path_or_url: The file, or the URL of an object (`s3://`, `gs://`, `az://`), which is fetched into a file without
///         a name in the folder for temporary files (`TMPDIR`). Credentials come from the environment, as for the
///         command line.
///     digest: Refuse any other content than this one's.
///
/// Raises:
///     SnapshotError: If it cannot be read, is cut short or damaged, is of another format version, or
///         is not the one of `digest`.
#[pyclass(frozen, module = "demur")]
pub(crate) struct Snapshot {
    pub(crate) inner: Arc<demur_snapshot::Snapshot>,
}

/// What tells a snapshot to another process: its path or URL, and its digest.
type Pickled<'py> = (Bound<'py, PyAny>, String);

#[pymethods]
impl Snapshot {
    #[new]
    #[pyo3(signature = (path_or_url, *, digest = None))]
    fn new(py: Python<'_>, path_or_url: PathBuf, digest: Option<&str>) -> PyResult<Self> {
        let path = source::place(&path_or_url);
        let inner = py.detach(|| source::open(&path))?;
        match digest {
            Some(digest) if digest != inner.digest() => Err(SnapshotError::new_err(format!(
                "{}: this is another snapshot than the one that was asked for ({} instead of {digest})\n  \
                 hint: where snapshots are replaced while a job runs, give each a name of its own",
                path.display(),
                inner.digest()
            ))),
            _ => Ok(Snapshot { inner: Arc::new(inner) }),
        }
    }

    /// Where it was opened: a path, or the text of a URL.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let path = self.inner.path();
        // A path in Python takes one of two slashes away.
        match path.to_str().filter(|_| demur_store::is_url(path)) {
            Some(url) => Ok(PyString::new(py, url).into_any()),
            None => path.into_bound_py_any(py),
        }
    }

    /// Writes it to a file, which must not be there yet, for its owner alone to read.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let write = || {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&path)?.write_all(self.inner.as_bytes())
        };
        let failed =
            |e| SnapshotError::new_err(format!("{}: could not write: {e}", path.display()));
        py.detach(write).map_err(failed)
    }

    /// BLAKE3 of its content, in lower-case hexadecimal.
    #[getter]
    fn digest(&self) -> &str {
        self.inner.digest()
    }

    /// Size of the file in bytes.
    #[getter]
    fn bytes(&self) -> usize {
        self.inner.bytes()
    }

    /// The purpose that it was compiled for.
    #[getter]
    fn purpose(&self) -> &str {
        self.inner.meta().purpose.id.as_str()
    }

    /// SHA-256 of the purpose as recorded in the register.
    #[getter]
    fn purpose_digest(&self) -> &str {
        &self.inner.meta().purpose_digest
    }

    /// How many events of the register it knows.
    #[getter]
    fn register_size(&self) -> u64 {
        self.inner.meta().register_size
    }

    /// The Merkle root of those events.
    #[getter]
    fn register_root(&self) -> &str {
        &self.inner.meta().register_root
    }

    /// Digest over the account facts' files.
    #[getter]
    fn accounts_digest(&self) -> &str {
        &self.inner.meta().accounts_digest
    }

    /// Accounts with facts.
    #[getter]
    fn accounts(&self) -> u64 {
        self.inner.meta().accounts
    }

    /// The kinds of record that the purpose uses, each with the visibilities that allow it; `None` where any does.
    #[getter]
    fn content(&self) -> BTreeMap<&str, Option<&[String]>> {
        let content = self.inner.meta().purpose.content.iter();
        content
            .map(|(kind, rule)| match &rule.visibility {
                Allowed::Any => (kind.as_str(), None),
                Allowed::Only(values) => (kind.as_str(), Some(values.as_slice())),
            })
            .collect()
    }

    /// Whether the purpose takes names out of texts.
    #[getter]
    fn redacts(&self) -> bool {
        let rules = &self.inner.meta().purpose.third_party;
        [rules.mentioned, rules.depicted].contains(&ThirdPartyRule::Redact)
    }

    fn __repr__(&self) -> String {
        let meta = self.inner.meta();
        format!(
            "<demur.Snapshot of {}: {} accounts, register of {} events, {}>",
            meta.purpose.id,
            meta.accounts,
            meta.register_size,
            self.inner.path().display()
        )
    }

    /// By path and digest: who unpickles it maps the same file, or fails.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Pickled<'py>)> {
        let open = py.import("demur._open")?.getattr("snapshot")?;
        Ok((open, (self.path(py)?, self.digest().to_owned())))
    }
}
