//! Mails that belong to no case and wait on the desk: one-time codes, reminders.

use demur_notice::Language;
use demur_register::desk::{Drawer, ItemKey};
use demur_register::{Act, Error};
use serde::{Deserialize, Serialize};

/// A mail that waits to be composed and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingMail {
    /// The address.
    pub to: String,
    /// BCP 47 tag.
    pub language: String,
    /// What it says.
    pub mail: MailKind,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailKind {
    /// A one-time code.
    Code {
        /// The code.
        code: String,
        /// For how long it is valid.
        minutes: u64,
    },
    /// A code was asked for, and no account has the address.
    NoAccount {},
    /// What reviewers are reminded of.
    Reminder {
        /// A line for each thing.
        lines: Vec<String>,
    },
}

/// Lays a mail on the desk, to be sent at once.
pub(crate) fn put(
    act: &mut Act<'_, '_>,
    to: &str,
    language: Language,
    mail: MailKind,
) -> Result<ItemKey, Error> {
    let name: [u8; 16] = act.random();
    let (to, language) = (to.to_owned(), language.code().to_owned());
    let text = serde_json::to_string(&WaitingMail { to, language, mail, attempts: 0 });
    let at = act.at();
    act.put(Drawer::Mail, &name, at, None, &text.unwrap_or_default())
}
