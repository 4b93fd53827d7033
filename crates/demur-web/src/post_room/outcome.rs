//! What becomes of a mail once it was tried, and entering it.

use demur_notice::post::SendError;
use demur_register::lease::Hand;
use demur_register::{Act, Error};
use jiff::{SignedDuration, Timestamp};

use crate::acts::{self, Stuck, WaitingLetter};
use crate::mails::{MailKind, WaitingMail};

use super::found::{About, Found, What};
use super::log;

/// Minutes until a mail is tried again, after the first attempt, the second, and so on.
const BACKOFF: [i64; 5] = [1, 5, 30, 2 * 60, 12 * 60];
/// Attempts after which a letter is given up: four days, as mail servers do.
const LONGEST: u32 = 12;
/// Attempts after which a code is of no use any more.
const LONGEST_CODE: u32 = 3;

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was handed over.
    Sent,
    /// It is tried again.
    PutBack {
        /// Whether this very mail is the trouble, and not the way.
        is_its_own: bool,
    },
    /// It is given up.
    Stuck(Stuck),
    /// There is nothing to be said any more.
    Drop,
}

impl Outcome {
    /// What the post's answer means.
    pub(super) fn of(found: &Found, answer: Result<(), SendError>) -> Self {
        let error = match answer {
            Ok(()) => return Outcome::Sent,
            Err(error) => error,
        };
        log(&error);
        match error {
            SendError::Recipient { .. } => Outcome::Stuck(Stuck::Refused),
            SendError::Temporary { .. } if found.attempts() + 1 >= found.longest() => {
                Outcome::Stuck(Stuck::TooLong)
            }
            SendError::Temporary { .. } => Outcome::PutBack { is_its_own: true },
            SendError::Sender { .. } | SendError::Connection { .. } | SendError::File { .. } => {
                Outcome::PutBack { is_its_own: false }
            }
        }
    }

    /// Whether nothing else would get through either.
    pub(super) fn is_broken(self) -> bool {
        self == Outcome::PutBack { is_its_own: false }
    }

    /// Enters it, unless what lay on the desk was taken away or replaced meanwhile, or is in other hands.
    pub(super) fn enter(
        self,
        act: &mut Act<'_, '_>,
        hand: Hand,
        found: &Found,
    ) -> Result<(), Error> {
        let key = &found.item.key;
        if act.in_hand(key, hand)?.is_none() {
            return Ok(());
        }
        match (self, &found.what) {
            (Outcome::Sent, What::Letter(about)) => {
                acts::letter_went_out(act, key, &about.letter).map(drop)
            }
            (Outcome::PutBack { is_its_own: true }, _) => {
                let due = after(act.at(), found.attempts());
                act.put_back(key, due, &found.once_more())
            }
            (Outcome::PutBack { is_its_own: false }, _) => {
                act.put_back(key, after(act.at(), 0), &found.item.text)
            }
            (Outcome::Stuck(why), What::Letter(about)) if is_owed(&about.letter) => {
                let stuck = WaitingLetter { stuck: Some(why), ..about.letter.clone() };
                act.put_back(key, acts::NEVER, &stuck.text())
            }
            _ => act.remove(key).map(drop),
        }
    }
}

impl Found {
    fn attempts(&self) -> u32 {
        match &self.what {
            What::Mail(mail) => mail.attempts,
            What::Letter(about) => about.letter.attempts,
            What::Unreadable => 0,
        }
    }

    fn longest(&self) -> u32 {
        match &self.what {
            What::Mail(WaitingMail { mail: MailKind::Code { .. }, .. }) => LONGEST_CODE,
            _ => LONGEST,
        }
    }

    /// The same with one attempt more.
    fn once_more(&self) -> String {
        match &self.what {
            What::Mail(mail) => {
                let mail = WaitingMail { attempts: mail.attempts + 1, ..mail.clone() };
                serde_json::to_string(&mail).unwrap_or_default()
            }
            What::Letter(about) => {
                let About { letter, .. } = &**about;
                WaitingLetter { attempts: letter.attempts + 1, ..letter.clone() }.text()
            }
            What::Unreadable => self.item.text.clone(),
        }
    }
}

/// Whether the person has a right to this letter, so that someone must see that they get it. A receipt
/// and the confirmation of what they did themselves stand on the case page.
fn is_owed(letter: &WaitingLetter) -> bool {
    use demur_register::event::Letter;
    match letter.letter {
        Letter::Approval | Letter::Refusal | Letter::Extension | Letter::Lifting => true,
        Letter::Receipt | Letter::Withdrawal => false,
    }
}

fn after(now: Timestamp, attempts: u32) -> Timestamp {
    let at = usize::try_from(attempts).unwrap_or(usize::MAX).min(BACKOFF.len() - 1);
    now.checked_add(SignedDuration::from_mins(BACKOFF[at])).unwrap_or(now)
}
