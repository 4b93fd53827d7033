//! The texts, the letters and the post, from the outside.

#![allow(clippy::unwrap_used)]

mod bounces;
mod claims;
mod dispatch;
mod letters;
mod mails;
mod smtp;
mod texts;
