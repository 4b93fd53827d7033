//! What a corpus wants of a store beyond [`demur_store`], whose names are here too.
//!
//! | file | what it does |
//! |---|---|
//! | `chunks` | reading one object as Parquet's reader wants it |
//! | `lock` | one change of a set at a time, by whichever machine |

mod chunks;
mod lock;

pub(crate) use chunks::Chunks;
pub(crate) use demur_store::{
    Address, Object, Ranged, folders_with_log, in_one_bucket, is_url, list, matching, openers,
    resolve,
};
pub use lock::Workplace;
pub(crate) use lock::{LOCK, Lock};
