//! Corpora in, training sets out.
//!
//! | module | what it does |
//! |---|---|
//! | `source`, `parquet`, `jsonl` | which files, and reading them |
//! | [`build`] | snapshot × corpus → a training set, staged out of sight |
//! | `delta`, [`manifest`] | what lies beside the data |
//! | `store` | the same by the URLs of object stores |
//! | [`rows`], [`audit`] | the slow way: a record at a time, to check the fast one |

mod accounts;
pub mod audit;
pub mod build;
mod delta;
mod digest;
mod index;
mod jsonl;
mod judged;
mod layout;
pub mod manifest;
mod moves;
mod parquet;
pub mod rows;
pub mod set;
mod share;
mod source;
mod store;
mod table;
mod tree;
mod vectors;

pub use accounts::{Account, Accounts, Contact, Kin, Piece};
pub use demur_store::files::{State, download, is_folder, state, upload};
pub use demur_store::{Error, Place, SCHEMES, is_url, resolve};
pub use digest::{FileDigest, noted_digests, trust_digests};
pub use jsonl::Lines;
pub use parquet::{is_decoding, parquet_rows, parquet_schema};
pub use source::{AccountSource, CorpusSource, Format, expand};
pub use store::Workplace;

use demur_store::{error, files};
