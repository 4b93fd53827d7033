//! What Demur decides, as plain types and pure functions: purposes, account facts, objections, the
//! verdict's rules and the legal clocks.
//!
//! Nothing in this crate reads a file, a clock or a network. Whatever it says can therefore be said
//! again a year later, from the same inputs, by an auditor.
//!
//! | module | what it answers |
//! |---|---|
//! | [`id`] | who and which record: identifiers and their canonical form |
//! | [`purpose`] | for what data is used, on which legal basis, by which rules |
//! | [`facts`] | what is known of an account, and where that alone leaves it |
//! | [`objection`] | what a person said no to, and how far the case has come |
//! | [`rules`] | may this record be used, and which rule decided |
//! | [`redaction`] | taking a person's name out of a text that stays |
//! | [`day`] | which calendar day a moment is, in the purpose's time zone |
//! | [`deadline`] | by when an objection must be answered |
//! | [`authority`] | who supervises, in which country |

pub mod authority;
pub mod day;
pub mod deadline;
pub mod facts;
pub mod id;
pub mod objection;
pub mod purpose;
pub mod redaction;
pub mod rules;
