//! The gate: snapshot × records → one verdict a record.
//!
//! A verdict is a function of (snapshot, record) alone: no clock, no randomness, no network.

mod columns;

pub use columns::{Columns, Created, People, Unit, Value};
