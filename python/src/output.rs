//! What a gate gives back: a batch for a batch, a stream for a stream.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int8Array, RecordBatch, StringArray, StructArray,
};
use arrow::datatypes::{DataType, Field, FieldRef, Int8Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use demur_gate::{Counts, Gate, Outcome, Verdicts};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{
    ArrayIterator, ArrayReader, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule,
};

use crate::error;

/// What is asked of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Verdicts,
    Filter,
    Redact,
}

impl Job {
    /// Judges one batch, and gives what was asked for.
    pub(crate) fn judge(
        self,
        gate: &Gate,
        batch: &RecordBatch,
    ) -> Result<(RecordBatch, Counts), demur_gate::Error> {
        let verdicts = match self {
            Job::Filter => gate.judge_in_place(batch)?,
            Job::Verdicts | Job::Redact => gate.judge(batch)?,
        };
        let given = match self {
            Job::Verdicts => table_of(&verdicts)?,
            Job::Filter | Job::Redact => gate.apply(batch, &verdicts)?,
        };
        Ok((given, verdicts.counts()))
    }

    /// Judges one array of structs, which is how a table's rows come.
    pub(crate) fn batch(
        self,
        gate: &Gate,
        schema: &SchemaRef,
        array: &ArrayRef,
    ) -> Result<(RecordBatch, Counts), ArrowError> {
        // Arrow trusts its neighbours, and ends in a panic where one broke its word. That must not
        // tear down an interpreter, and not let a row through.
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let rows = rows(schema, array)?;
            self.judge(gate, &rows).map_err(|error| ArrowError::ExternalError(Box::new(error)))
        }));
        judged.unwrap_or_else(|_| {
            Err(ArrowError::CDataInterface(
                "the data breaks a rule of the Arrow format, so nothing of this batch was judged"
                    .into(),
            ))
        })
    }

    /// Judges a stream as it is read. Batches of which nothing is left are passed over.
    pub(crate) fn stream(
        self,
        gate: Arc<Gate>,
        schema: SchemaRef,
        source: Box<dyn ArrayReader + Send>,
        counts: Arc<Mutex<Counts>>,
    ) -> Batches {
        Box::new(source.filter_map(move |array| {
            let judged = array.and_then(|array| self.batch(&gate, &schema, &array));
            match judged {
                Ok((batch, more)) => {
                    lock(&counts).add(&more);
                    (batch.num_rows() > 0).then_some(Ok((batch, more)))
                }
                Err(error) => Some(Err(error)),
            }
        }))
    }
}

type Batches = Box<dyn Iterator<Item = Result<(RecordBatch, Counts), ArrowError>> + Send>;

/// The rows of an array of structs.
fn rows(schema: &SchemaRef, array: &ArrayRef) -> Result<RecordBatch, ArrowError> {
    let wrong = |what: &str| ArrowError::SchemaError(what.to_owned());
    let rows = array.as_struct_opt().ok_or_else(|| wrong("a batch is not a table"))?;
    if rows.null_count() > 0 {
        return Err(wrong("some rows are null as a whole, so there is nothing to judge them by"));
    }
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(schema.clone(), rows.columns().to_vec(), &options)
}

/// Verdicts as a table of two columns of strings, each distinct string once.
fn table_of(verdicts: &Verdicts) -> Result<RecordBatch, ArrowError> {
    const WORDS: [&str; 3] = ["keep", "redact", "drop"];
    let reasons = demur_core::rules::Reason::ALL;
    let words: Int8Array = verdicts
        .iter()
        .map(|verdict| match verdict {
            Outcome::Keep => 0,
            Outcome::Redact => 1,
            Outcome::Drop(_) => 2,
        })
        .collect::<Vec<i8>>()
        .into();
    let why: Int8Array = verdicts
        .iter()
        .map(|verdict| match verdict {
            Outcome::Drop(reason) => Some(reason as i8 - 1),
            Outcome::Keep | Outcome::Redact => None,
        })
        .collect();
    let words = DictionaryArray::<Int8Type>::try_new(
        words,
        Arc::new(StringArray::from_iter_values(WORDS)),
    )?;
    let names = StringArray::from_iter_values(reasons.iter().map(|reason| reason.name()));
    let why = DictionaryArray::<Int8Type>::try_new(why, Arc::new(names))?;
    let schema = Schema::new(vec![
        Field::new("verdict", words.data_type().clone(), false),
        Field::new("reason", why.data_type().clone(), true),
    ]);
    RecordBatch::try_new(Arc::new(schema), vec![Arc::new(words), Arc::new(why)])
}

/// A lock on numbers or on a source: what a panic left behind is as good as before it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts in the form that manifests have.
fn counts_of<'py>(py: Python<'py>, counts: &Counts) -> PyResult<Bound<'py, PyDict>> {
    let dropped = PyDict::new(py);
    for (reason, n) in counts.reasons() {
        dropped.set_item(reason.name(), n)?;
    }
    let all = PyDict::new(py);
    all.set_item("input", counts.total())?;
    all.set_item("kept", counts.kept)?;
    all.set_item("redacted", counts.redacted)?;
    all.set_item("dropped", dropped)?;
    Ok(all)
}

fn struct_field(schema: &Schema) -> FieldRef {
    let field = Field::new("", DataType::Struct(schema.fields().clone()), false);
    Arc::new(field.with_metadata(schema.metadata().clone()))
}

fn struct_array(batch: RecordBatch) -> ArrayRef {
    Arc::new(StructArray::from(batch))
}

/// Some rows that a gate has judged; it speaks Arrow's PyCapsule interface.
///
/// `pyarrow.record_batch(batch)`, `polars.DataFrame(batch)` and the like take it without copying it.
#[pyclass(frozen, module = "demur")]
pub(crate) struct Batch {
    pub(crate) batch: RecordBatch,
    pub(crate) counts: Counts,
}

#[pymethods]
impl Batch {
    /// How many rows the gate was given, and what became of them: `input`, `kept`, `redacted`, and `dropped` by
    /// reason.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        counts_of(py, &self.counts)
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<demur.Batch of {} rows>", self.batch.num_rows())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.batch.schema().as_ref())
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyTuple>> {
        let field = struct_field(self.batch.schema_ref());
        to_array_pycapsules(py, field, &struct_array(self.batch.clone()), requested_schema)
    }
}

/// Rows that a gate judges as they are read, once; it speaks Arrow's PyCapsule interface.
///
/// `pyarrow.RecordBatchReader.from_stream(stream)`, `polars.DataFrame(stream)`, a DuckDB query that names it
/// and the like read it; a loop over it gives one `Batch` after the other.
#[pyclass(frozen, module = "demur")]
pub(crate) struct Stream {
    batches: Mutex<Option<Batches>>,
    schema: SchemaRef,
    counts: Arc<Mutex<Counts>>,
}

impl Stream {
    pub(crate) fn new(batches: Batches, schema: SchemaRef, counts: Arc<Mutex<Counts>>) -> Self {
        Stream { batches: Mutex::new(Some(batches)), schema, counts }
    }
}

#[pymethods]
impl Stream {
    /// What became of the rows read so far: `input`, `kept`, `redacted`, and `dropped` by reason.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = *lock(&self.counts);
        counts_of(py, &counts)
    }

    fn __iter__(stream: PyRef<'_, Self>) -> PyRef<'_, Self> {
        stream
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        let next = py.detach(|| {
            let mut batches = lock(&self.batches);
            let Some(open) = batches.as_mut() else { return Err(()) };
            let next = open.next();
            if matches!(next, Some(Err(_))) {
                // Nobody goes on behind an error and takes what is left for the whole.
                *batches = None;
            }
            Ok(next)
        });
        match next {
            Err(()) => Err(read_before()),
            Ok(None) => Ok(None),
            Ok(Some(Err(error))) => Err(error::of_stream(error)),
            Ok(Some(Ok((batch, counts)))) => Ok(Some(Batch { batch, counts })),
        }
    }

    fn __repr__(&self) -> String {
        format!("<demur.Stream of {} columns>", self.schema.fields().len())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.schema.as_ref())
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let batches = py.detach(|| lock(&self.batches).take()).ok_or_else(read_before)?;
        let arrays = batches.map(|judged| judged.map(|(batch, _)| struct_array(batch)));
        let reader = ArrayIterator::new(arrays, struct_field(&self.schema));
        to_stream_pycapsule(py, Box::new(reader), requested_schema)
    }
}

/// Silence instead would look like a corpus of which nothing may be used, or a set that is complete.
fn read_before() -> PyErr {
    PyValueError::new_err(
        "this stream was read before, or ended in an error; it can be read once\n  hint: call the gate again",
    )
}
