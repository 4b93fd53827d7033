//! The gate: snapshot × records → one verdict a record: keep, redact, or drop with a reason.
//!
//! A verdict is a function of (snapshot, record) alone: no clock, no randomness, no network.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (columns, batch): (demur_gate::Columns, arrow::array::RecordBatch) = todo();
//! let snapshot = Arc::new(demur_snapshot::Snapshot::open("assistant-training.snapshot")?);
//! let gate = demur_gate::Gate::new(snapshot, columns)?;
//! let verdicts = gate.judge(&batch)?;
//! let lawful = gate.apply(&batch, &verdicts)?;
//! # Ok(()) }
//! # fn todo() -> (demur_gate::Columns, arrow::array::RecordBatch) { unreachable!() }
//! ```

mod appearances;
mod apply;
pub mod arrays;
mod columns;
mod error;
mod gate;
mod items;
mod third_party;

pub use appearances::{Appearance, Role};
pub use columns::{Columns, Created, Needed, People, Unit, Value};
pub use error::Error;
pub use gate::{Counts, Gate, Outcome, Verdicts};
pub use third_party::{Entry, Redaction};
