//! Errors as Python exceptions, in the words that the command line uses.

use arrow::error::ArrowError;
use pyo3::create_exception;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

create_exception!(
    demur,
    Error,
    PyValueError,
    "Something that Demur cannot judge by, or cannot judge."
);
create_exception!(
    demur,
    SnapshotError,
    Error,
    "A snapshot cannot be read, or is not the one that is needed."
);
create_exception!(
    demur,
    ColumnError,
    Error,
    "The columns named do not fit each other, or not the data."
);

/// What is wrong with a snapshot.
pub(crate) fn of_snapshot(error: &demur_snapshot::Error) -> PyErr {
    SnapshotError::new_err(error.to_string())
}

/// What is wrong with the data that a gate was given.
pub(crate) fn of_gate(error: demur_gate::Error) -> PyErr {
    match error {
        demur_gate::Error::Arrow(what) => Error::new_err(what),
        columns => ColumnError::new_err(columns.to_string()),
    }
}

/// What ended a stream: the gate, the source's own exception, or its message.
pub(crate) fn of_stream(error: ArrowError) -> PyErr {
    let ArrowError::ExternalError(inner) = error else {
        return PyRuntimeError::new_err(error.to_string());
    };
    match inner.downcast::<demur_gate::Error>() {
        Ok(error) => of_gate(*error),
        Err(inner) => match inner.downcast::<PyErr>() {
            Ok(error) => *error,
            Err(inner) => PyRuntimeError::new_err(inner.to_string()),
        },
    }
}
