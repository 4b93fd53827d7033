//! Mails about no case, waiting on the desk until the post takes them: one-time codes and what goes
//! with them, reminders. They are composed when they are sent, so the desk holds as little text as can be.

use demur_notice::code::{Code, NoAccount};
use demur_notice::reminder::reminder;
use demur_notice::{Composed, Language};
use demur_register::desk::{Drawer, ItemKey};
use demur_register::{Act, Error};
use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// A mail in [`Drawer::Mail`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingMail {
    /// Distinguishes it from every other: the part of its Message-ID before the `@`, so that a second
    /// attempt is recognised as one.
    pub id: String,
    /// The address that it goes to.
    pub to: String,
    /// BCP 47 tag of the language that it is in.
    pub language: String,
    /// What it says.
    pub mail: MailKind,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
}

/// What a waiting mail says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// A one-time code.
    Code {
        /// As it is to be typed.
        code: String,
        /// How long it is valid.
        minutes: u64,
    },
    /// That no account has the address.
    NoAccount,
    /// What reviewers are reminded of.
    Reminder {
        /// A line for each thing.
        lines: Vec<String>,
    },
}

impl WaitingMail {
    /// What is sent.
    #[must_use]
    pub fn compose(&self, settings: &Settings) -> Composed {
        let language = Language::from_locale(&self.language).unwrap_or_default();
        let (controller, contact) = (settings.controller(), settings.contact.as_str());
        match &self.mail {
            MailKind::Code { code, minutes } => {
                Code { language, code, minutes: *minutes, controller, contact }.compose()
            }
            MailKind::NoAccount => {
                let form = format!("{}/privacy/no-account", settings.url);
                NoAccount { language, form: &form, controller, contact }.compose()
            }
            MailKind::Reminder { lines } => reminder(lines, &format!("{}/console", settings.url)),
        }
    }
}

/// Puts a mail on the desk, to be sent at once.
///
/// # Errors
/// Where the register cannot be written.
pub(crate) fn put(
    act: &mut Act<'_, '_>,
    to: &str,
    language: Language,
    mail: MailKind,
) -> Result<ItemKey, Error> {
    let id = hex::encode(act.random::<16>());
    let (to, language) = (to.to_owned(), language.code().to_owned());
    let waiting = WaitingMail { id, to, language, mail, attempts: 0 };
    let text = serde_json::to_string(&waiting).unwrap_or_default();
    let at = act.at();
    act.put(Drawer::Mail, waiting.id.as_bytes(), at, None, &text)
}

/// Says that there is a mail, and nothing of what is in it.
impl std::fmt::Debug for WaitingMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WaitingMail({}, attempt {})", self.id, self.attempts)
    }
}
