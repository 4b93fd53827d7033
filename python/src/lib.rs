//! The gate in Python: the native half of the package `demur`.
//!
//! Everything that carries data goes in and out through Arrow's PyCapsule interface, so that neither
//! side copies it, and PyArrow is not needed. The other half is in `python/demur`: reading the names of
//! columns, and the engines that are handed a gate.

mod error;
mod gate;
mod output;
mod snapshot;
mod source;

use pyo3::prelude::*;

/// The native half of `demur`.
#[pymodule]
fn _demur(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("Error", module.py().get_type::<error::Error>())?;
    module.add("SnapshotError", module.py().get_type::<error::SnapshotError>())?;
    module.add("ColumnError", module.py().get_type::<error::ColumnError>())?;
    module.add_class::<snapshot::Snapshot>()?;
    module.add_class::<gate::Gate>()?;
    module.add_class::<source::StoredObject>()?;
    module.add_class::<output::Batch>()?;
    module.add_class::<output::Stream>()
}
