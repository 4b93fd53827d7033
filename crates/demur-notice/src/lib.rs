//! What Demur says to people: the words, the letters, the notice, and the post that carries them.
//!
//! | module | what it answers |
//! |---|---|
//! | [`language`] | in which language someone is addressed |
//! | [`messages`] | what is said, in each of them |
//! | [`format`](mod@format) | how dates and numbers are written there |
//! | [`notice`] | the mail that brings the right to object to people's attention (Art. 21(4)) |
//! | [`letter`] | what a person is told as their case goes on (Art. 12, 18) |
//! | [`mod@reminder`] | what reviewers are reminded of |
//! | [`code`] | the mail that carries a one-time code, or says that nobody here has the address |
//! | [`reminder`] | what reviewers are reminded of |
//! | [`compose`] | a mail's subject, plain text and HTML |
//! | [`mail`] | the same as a message that a server takes |
//! | [`post`] | handing messages to a folder or a server |
//! | [`pace`] | how fast |
//! | [`dispatch`] | many at once, and which of them are under way |
//! | [`bounce`] | what came back |
//!
//! Nothing here asks a clock or a random source: the same case makes the same letter, byte for byte,
//! so that an auditor can be shown what a person was told. No error names a person's address.

pub mod bounce;
pub mod code;
pub mod compose;
pub mod dispatch;
pub mod format;
pub mod language;
pub mod letter;
pub mod mail;
pub mod messages;
pub mod notice;
pub mod pace;
mod page;
pub mod post;
pub mod reminder;

pub use compose::Composed;
pub use language::Language;
