//! The site as people meet it: requests in, pages out, without a socket.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(unreachable_pub, reason = "the parts of one test program")]

mod api;
mod link;
mod ops;
mod snapshots;
mod support;
mod webhooks;
