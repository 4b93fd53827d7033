//! Handing messages over: to a folder, or to a server.

mod outbox;
mod smtp;

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

use crate::mail::Mail;

pub use outbox::FileOutbox;
pub use smtp::{Login, Security, SmtpConfig, SmtpPost};

/// Something that takes messages.
pub trait Post {
    /// Opens the way, so that what is wrong with it is said before anybody is written to.
    ///
    /// # Errors
    /// Where no way leads there.
    fn open(&mut self) -> Result<(), SendError> {
        Ok(())
    }

    /// Hands one message over.
    ///
    /// # Errors
    /// Says whether this recipient, this moment or the whole way is the trouble. After
    /// [`SendError::Connection`] the message may have arrived all the same; a second attempt carries
    /// the same message id.
    fn send(&mut self, mail: &Mail) -> Result<(), SendError>;

    /// Says goodbye after the last message.
    fn finish(&mut self) {}
}

/// Why a message was not handed over. No address is ever part of it, nor what a server said in words,
/// which often repeats one.
#[derive(Debug, Error)]
pub enum SendError {
    /// This recipient cannot be reached, and trying again will not help.
    #[error("the server refused {at} for good ({reply})")]
    Recipient {
        /// What it refused.
        at: Step,
        /// How it answered.
        reply: Reply,
    },
    /// Not now; the same message can be tried later.
    #[error("the server refused {at} for now ({reply})")]
    Temporary {
        /// What it refused.
        at: Step,
        /// How it answered.
        reply: Reply,
    },
    /// The server takes nothing from this sender, so every message would fail.
    #[error(
        "the server does not take mail from the configured sender ({reply}); check its address and the login"
    )]
    Sender {
        /// How it answered.
        reply: Reply,
    },
    /// The way to the server is broken.
    #[error("the mail server {server}: {problem}")]
    Connection {
        /// Its name and port.
        server: String,
        /// What is wrong.
        problem: String,
    },
    /// A file could not be written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
}

/// What a server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The sender.
    Sender,
    /// The recipient.
    Recipient,
    /// The message itself.
    Message,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Sender => "the sender",
            Step::Recipient => "the recipient",
            Step::Message => "the message",
        })
    }
}

/// A server's answer in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The reply code (RFC 5321); 0 where the server was not asked, as it could not have taken it.
    pub code: u16,
    /// The status code (RFC 3463), where it gave one.
    pub status: Option<crate::bounce::Status>,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        match self.status {
            Some(status) => write!(f, ", {status}"),
            None => Ok(()),
        }
    }
}
