//! The snapshot: the register and the account facts, compiled for one purpose into one immutable file
//! that any number of workers can map.
//!
//! It is exact: keys are compared, not only their hashes. It holds account ids and classes, no e-mail
//! address, no name and no birth date (the day on which someone came of age, which the verdict needs,
//! is one year's arithmetic away from it: treat the file as personal data).
//!
//! - [`Compiler`] takes accounts and objections and writes the file.
//! - [`Amender`] makes the next one from the last, where little was said since.
//! - [`Snapshot`] maps it and answers lookups, one by one or a batch at a time, and says what has changed
//!   since an earlier one.

mod amend;
mod changes;
mod compile;
mod error;
mod format;
mod map;
mod prefetch;
mod snapshot;
mod word;

pub use amend::Amender;
pub use changes::{Changed, Changes};
pub use compile::{Compiled, Compiler, Origin};
pub use error::Error;
pub use format::Meta;
pub use snapshot::{Key, Snapshot};
pub use word::Word;
