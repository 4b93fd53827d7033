//! What every page has in common.

pub(crate) mod assets;
pub(crate) mod client;
pub(crate) mod frame;
pub(crate) mod headers;
pub(crate) mod limits;
pub(crate) mod origin;
pub(crate) mod problem;
