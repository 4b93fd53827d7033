//! Judging what Python hands over.

use std::sync::{Arc, Mutex};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use demur_gate::Columns;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3_arrow::PySchema;
use pyo3_arrow::input::AnyArray;

use crate::error::{self, ColumnError};
use crate::output::{Batch, Job, Stream};
use crate::snapshot::Snapshot;

/// Judges records by a snapshot: keep, redact, or drop with a reason.
///
/// A verdict follows from snapshot and record alone, and whatever is unknown is excluded.
///
/// Each method takes anything that speaks Arrow's PyCapsule interface. A record batch gives a `Batch`; a
/// table, data frame, relation or stream gives a `Stream`, which reads its source only as it is read
/// itself, once. Both speak the interface too. The interpreter's lock is released while it works.
///
/// Args:
///     snapshot: A `Snapshot`, or the path of one.
///     columns: Which column holds what, by the names of a `[[corpus]]` in `demur.toml`: `record`, `author`,
///         `kind`, `visibility`, `created`, and if there are such `text`, `mentioned`, `depicted`. A value is
///         a column's name, or a dictionary where the configuration has a table: `{"value": "post"}`,
///         `{"column": "ts", "unit": "ms"}`, `{"column": "mentions", "account": "user_id", "start": "start",
///         "end": "end"}`.
///
/// Raises:
///     SnapshotError: If the snapshot cannot be read.
///     ColumnError: If a name is missing, misspelt or not of its form.
#[pyclass(frozen, module = "demur")]
pub(crate) struct Gate {
    inner: Arc<demur_gate::Gate>,
    snapshot: Py<Snapshot>,
    /// The columns as JSON, in the form that manifests have.
    columns: String,
}

#[pymethods]
impl Gate {
    #[new]
    fn new(
        py: Python<'_>,
        snapshot: &Bound<'_, PyAny>,
        columns: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let snapshot: Bound<'_, Snapshot> = match snapshot.cast::<Snapshot>() {
            Ok(snapshot) => snapshot.clone(),
            Err(_) => py.get_type::<Snapshot>().call1((snapshot,))?.cast_into()?,
        };
        let columns: String =
            py.import("demur._columns")?.getattr("given")?.call1((columns,))?.extract()?;
        let read: Columns = serde_json::from_str(&columns)
            .map_err(|error| ColumnError::new_err(format!("columns: {error}")))?;
        let inner =
            demur_gate::Gate::new(snapshot.get().inner.clone(), read).map_err(error::of_gate)?;
        Ok(Gate { inner: Arc::new(inner), snapshot: snapshot.unbind(), columns })
    }

    /// The snapshot that it judges by.
    #[getter]
    fn snapshot(&self, py: Python<'_>) -> Py<Snapshot> {
        self.snapshot.clone_ref(py)
    }

    /// The names of the columns that a verdict needs; others need not be there to get one.
    #[getter]
    fn reads(&self) -> Vec<String> {
        self.inner.reads().into_iter().map(str::to_owned).collect()
    }

    /// The verdict on each row.
    ///
    /// Returns:
    ///     A row for each row, in order, with the columns `verdict` (keep, redact or drop) and `reason` (only
    ///     where it is drop), by the names that manifests use.
    ///
    /// Raises:
    ///     ColumnError: If a column is missing or of a type that cannot hold what it should.
    fn verdicts<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.run(py, data, Job::Verdicts)
    }

    /// The rows that may be used exactly as they are, as `demur build --mode overlay` has them: where a name
    /// would have to be taken out of a row, the row is left out. No column changes.
    ///
    /// Raises:
    ///     ColumnError: If a column is missing or of a type that cannot hold what it should.
    fn filter<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.run(py, data, Job::Filter)
    }

    /// The rows that may be used, as `demur build` has them: where the purpose says so, without the names
    /// of people who objected. The schema stays as it is.
    ///
    /// Raises:
    ///     ColumnError: If a column is missing or of a type that cannot hold what it should.
    fn redact<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.run(py, data, Job::Redact)
    }

    /// Whether data of this schema can be judged; anything with `__arrow_c_schema__`.
    ///
    /// Raises:
    ///     ColumnError: If a column is missing or of a type that cannot hold what it should.
    fn check(&self, schema: PySchema) -> PyResult<()> {
        self.inner.check(&schema.into_inner()).map_err(error::of_gate)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<demur.Gate by {}>", self.snapshot.bind(py).repr()?))
    }

    /// By the snapshot's path and digest: who unpickles it maps the same file, or fails.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (String, String, String))> {
        let open = py.import("demur._open")?.getattr("gate")?;
        let snapshot = &self.snapshot.get().inner;
        let path = snapshot.path().to_str().ok_or_else(|| {
            error::SnapshotError::new_err("the path of the snapshot is not in Unicode")
        })?;
        Ok((open, (path.to_owned(), snapshot.digest().to_owned(), self.columns.clone())))
    }
}

impl Gate {
    fn run<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        job: Job,
    ) -> PyResult<Bound<'py, PyAny>> {
        let speaks = |name| data.hasattr(name).unwrap_or(false);
        if !speaks("__arrow_c_array__") && !speaks("__arrow_c_stream__") {
            return Err(PyTypeError::new_err(format!(
                "a {} does not speak Arrow's PyCapsule interface\n  hint: give a record batch, a \
                 table, a data frame or a stream of PyArrow, Polars, DuckDB or the like",
                data.get_type().qualname()?
            )));
        }
        let gate = self.inner.clone();
        match data.extract::<AnyArray>()? {
            AnyArray::Array(array) => {
                let (array, field) = array.into_inner();
                let schema = schema_of(field.data_type(), field.metadata())?;
                let done = py.detach(|| job.batch(&gate, &schema, &array));
                let (batch, counts) = done.map_err(error::of_stream)?;
                Ok(Bound::new(py, Batch { batch, counts })?.into_any())
            }
            AnyArray::Stream(stream) => {
                let source = py.detach(|| stream.into_reader())?;
                let field = source.field();
                let schema = schema_of(field.data_type(), field.metadata())?;
                // What is wrong with the columns is said now, not when the first row is read.
                let (empty, _) = job
                    .judge(&gate, &RecordBatch::new_empty(schema.clone()))
                    .map_err(error::of_gate)?;
                let counts = Arc::new(Mutex::default());
                let judged = job.stream(gate, schema, source, counts.clone());
                Ok(Bound::new(py, Stream::new(judged, empty.schema(), counts))?.into_any())
            }
        }
    }
}

/// The columns of data that comes as structs, as Arrow's interface hands over tables.
fn schema_of(
    data_type: &DataType,
    metadata: &std::collections::HashMap<String, String>,
) -> PyResult<SchemaRef> {
    match data_type {
        DataType::Struct(fields) => {
            Ok(Arc::new(Schema::new_with_metadata(fields.clone(), metadata.clone())))
        }
        other => Err(ColumnError::new_err(format!(
            "this is a column of type {other}, not a table\n  hint: give a table that has the columns named"
        ))),
    }
}
