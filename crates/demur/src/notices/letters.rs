//! What each addressee is written: one notice for each language and authority, one link for each
//! person.

use std::collections::HashMap;

use demur_core::authority::Authority;
use demur_core::purpose::Purpose;
use demur_notice::mail::{Envelope, EnvelopeError, Mail};
use demur_notice::notice::Notice;
use demur_notice::{Composed, Language};
use demur_register::{Link, LinkKind, Links, MailIds, Notices, Register};
use jiff::{SignedDuration, Timestamp};

use super::audience::Addressee;
use crate::config::{MailConfig, SiteConfig};
use crate::context::Context;
use crate::failure::Failure;

/// How long a link objects by one click; afterwards it leads to a form. Longer than anybody keeps mails
/// in mind: the mail promises that objecting later works the same way.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(2 * 365 * 24);

/// Stands for the link while a notice is composed. It occurs in no text, as a token is longer than
/// any word.
const PLACE: &str = "----------------------------------------";

/// Makes the mails of one purpose.
pub(crate) struct Letters<'a> {
    purpose: &'a Purpose,
    mail: &'a MailConfig,
    notices: &'a Notices,
    links: Links,
    ids: MailIds,
    /// When links were made, as they say.
    issued_at: Timestamp,
    /// What links begin with.
    link: String,
    composed: HashMap<(Language, &'static str), Composed>,
}

impl<'a> Letters<'a> {
    /// Composes what the addressees need.
    ///
    /// # Errors
    /// Where the configuration lacks what a notice must say.
    pub(crate) fn new<'b>(
        context: &'a Context,
        register: &Register,
        purpose: &'a Purpose,
        notices: &'a Notices,
        addressees: impl Iterator<Item = &'b Addressee>,
        issued_at: Timestamp,
    ) -> Result<Self, Failure> {
        let (site, mail) = ways(context)?;
        if let Some(text) = context.config.text_of(&purpose.id)
            && let [missing, ..] = text.missing()[..]
        {
            return Err(Failure::input(format!(
                "purpose `{}` has no `{missing}`, and a notice must say it\n  hint: see `demur check`",
                purpose.id
            )));
        }
        let link = format!("{}/o/", site.url);
        let mut composed = HashMap::new();
        for addressee in addressees {
            let authority = addressee.authority.ok_or_else(|| no_authority(context))?;
            composed
                .entry((addressee.language, authority.country))
                .or_insert_with(|| compose(context, site, purpose, addressee.language, authority));
        }
        let (links, ids) = (register.links(), register.mail_ids());
        Ok(Letters { purpose, mail, notices, links, ids, issued_at, link, composed })
    }

    /// The way that the mails take.
    pub(crate) fn way(&self) -> &'a MailConfig {
        self.mail
    }

    /// The mail for somebody.
    ///
    /// # Errors
    /// Where their address, or the sender's, is none.
    pub(crate) fn mail(&self, to: &Addressee, date: Timestamp) -> Result<Mail, EnvelopeError> {
        let country = to.authority.map_or("", |authority| authority.country);
        let (Some(account), Some(composed)) =
            (to.accounts.first(), self.composed.get(&(to.language, country)))
        else {
            return Err(EnvelopeError::Recipient);
        };
        let token = self.links.seal(&Link {
            kind: LinkKind::Object { account: account.clone(), purpose: self.purpose.id.clone() },
            issued_at: self.issued_at,
            expires_at: self.issued_at + LINK_LIFE,
        });
        let after = self.notices.undelivered_through(account);
        let id = self.ids.notice(&self.purpose.id, account, after);
        let sender = self.mail.sender();
        let composed =
            composed.with_link(&format!("{}{PLACE}", self.link), &format!("{}{token}", self.link));
        Envelope {
            from: sender,
            to: &to.email,
            message_id: &format!("{id}@{}", sender.domain()),
            date,
            composed: &composed,
            list_unsubscribe: None,
        }
        .seal()
    }
}

/// What sending needs of the configuration.
fn ways(context: &Context) -> Result<(&SiteConfig, &MailConfig), Failure> {
    let config = &context.config;
    let missing = |section: &str, keys: &str| {
        Failure::input(format!(
            "{}: there is no [{section}], so nobody can be written to\n  hint: write [{section}], and under it {keys}; `demur init` shows how",
            config.path.display()
        ))
    };
    let site = config.site.as_ref().ok_or_else(|| missing("site", "`url` and `contact`"))?;
    let mail =
        config.mail.as_ref().ok_or_else(|| missing("mail", "`from`, and `server` or not"))?;
    if config.accounts.email.is_none() {
        return Err(Failure::input(format!(
            "{}: [accounts] names no column with addresses\n  hint: write `email = \"email\"` under [accounts]",
            config.path.display()
        )));
    }
    Ok((site, mail))
}

fn no_authority(context: &Context) -> Failure {
    Failure::input(format!(
        "{}: some of those to be told live where no authority is competent under the GDPR, and a notice names one\n  hint: write `authority = \"IE\"` under [site], with the country whose authority supervises you",
        context.config.path.display()
    ))
}

fn compose(
    context: &Context,
    site: &SiteConfig,
    purpose: &Purpose,
    language: Language,
    authority: &'static Authority,
) -> Composed {
    let told = context.config.told(purpose, language);
    let titled = Purpose { title: told.title.to_owned(), ..purpose.clone() };
    let recipients = context.config.recipients_of(&purpose.id);
    let recipients: Vec<&str> = recipients.map(|recipient| recipient.name.as_str()).collect();
    Notice {
        language,
        purpose: &titled,
        link: &format!("{}/o/{PLACE}", site.url),
        privacy_centre: &format!("{}/privacy", site.url),
        public_notice: &format!("{}/notice/{}", site.url, purpose.id),
        interest: told.interest.unwrap_or_default(),
        recipients: &recipients,
        transfers: told.transfers,
        retention: told.retention.unwrap_or_default(),
        contact: &site.contact,
        authority,
    }
    .compose()
}
