//! Ids of mails: they recognise a mail that comes back, and say nothing of whom it went to.

use demur_core::id::AccountId;

use crate::Register;
use crate::keys;
use crate::subject::account_text;

/// Makes ids, without asking the database.
#[derive(Clone)]
pub struct MailIds([u8; 32]);

impl MailIds {
    /// The id of a notice, in 32 hexadecimal digits: the same each time, so that a second copy can be
    /// seen to be one. A notice that is sent after another one came back at `after` (µs since 1970) is
    /// another mail.
    #[must_use]
    pub fn notice(&self, purpose: &str, account: &AccountId, after: Option<i64>) -> String {
        let after = after.map(i64::to_le_bytes);
        let after = after.as_ref().map_or(&[][..], |bytes| &bytes[..]);
        let account = account_text(account);
        hex::encode(keys::tag(&self.0, "notice", &[purpose.as_bytes(), account.as_bytes(), after]))
    }
}

impl Register {
    /// What makes the ids of this register's mails.
    #[must_use]
    pub fn mail_ids(&self) -> MailIds {
        MailIds(self.keys.mail_key())
    }
}
