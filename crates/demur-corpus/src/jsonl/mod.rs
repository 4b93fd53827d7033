//! JSON lines: find the fields that the verdict needs, and copy the bytes of the lines that stay.
//!
//! A line is never parsed and printed again. Only where a name has to go are the values of the text
//! and of the lists replaced inside the line.

mod batch;
mod blocks;
mod lines;
mod record;
mod redact;

pub(crate) use batch::{Chunk, gate_columns};
pub(crate) use blocks::{Blocks, Line};
pub use lines::Lines;
pub(crate) use record::{Fields, Present, Role};
pub(crate) use redact::redact_line;
