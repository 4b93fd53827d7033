//! The site as people meet it: requests in, pages out, without a socket.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(unreachable_pub, reason = "the parts of one test program")]

mod access;
mod api;
mod case;
mod centre;
mod console;
mod console_access;
mod console_bulk;
mod console_clocks;
mod console_decide;
mod console_found;
mod console_queue;
mod elsewhere;
mod figures;
mod garbage;
mod identity;
mod janitor;
mod language;
mod leases;
mod link;
mod no_account;
mod oidc;
mod ops;
mod person_pages;
mod post_room;
mod provider;
mod public_notice;
mod sets;
mod signal;
mod snapshots;
mod support;
mod webhooks;
