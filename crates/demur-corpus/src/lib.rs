//! Corpora in, training sets out.

mod error;
mod source;

pub use error::{Error, Place};
pub use source::{AccountSource, CorpusSource, Format, expand};
