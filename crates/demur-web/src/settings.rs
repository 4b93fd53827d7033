//! What the operator decides, read from the configuration by whoever starts the site.

use std::collections::HashMap;
use std::time::Duration;

use demur_core::day::Zone;
use demur_core::purpose::Purpose;
use demur_notice::Language;
use jiff::tz::TimeZone;

/// How a site runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which people reach it, without a slash at its end.
    pub url: String,
    /// How people reach the controller's data protection.
    pub contact: String,
    /// How many reverse proxies stand before it; so many addresses at the end of `X-Forwarded-For` are
    /// theirs.
    pub proxies: usize,
    /// What data is used for, in the order of the configuration.
    pub purposes: Vec<PurposeSettings>,
    /// Who receives data (Art. 19).
    pub recipients: Vec<Recipient>,
    /// How the address of a record looks, with `{id}` for its id in the path, as in
    /// `https://platform.example/posts/{id}`; without it, people name records by their ids.
    pub record_url: Option<String>,
    /// Who writes to people; without it letters wait, and stand on the case page only.
    pub mail: Option<MailSettings>,
    /// The addresses of those who are reminded of cases that fall due.
    pub reminders: Vec<String>,
    /// How long things last.
    pub times: Times,
    /// Counts below this are not published; at least 5, whatever stands here.
    pub small_counts: u64,
    /// Where people sign in, if they have an account there.
    pub oidc_people: Option<Oidc>,
    /// Where reviewers and auditors sign in.
    pub oidc_staff: Option<StaffOidc>,
}

/// A provider of OpenID Connect, and this site as its client.
///
/// The provider sends browsers back to `/privacy/sign-in/callback` or
/// `/console/sign-in/oidc/callback`, behind the site's [`url`](Settings::url); those addresses are
/// registered with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Oidc {
    /// The provider's address exactly as it writes it itself, with its slash at the end or without.
    pub issuer: String,
    /// The name under which the provider knows this site.
    pub client_id: String,
    /// The secret that proves it; a public client has none.
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that says who it is: the account id as the platform writes it, for people; the name
    /// that the log and letters carry, for staff.
    pub account_claim: String,
}

/// A provider of OpenID Connect whose groups say what staff may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffOidc {
    /// The provider.
    pub provider: Oidc,
    /// The claim with someone's groups: a list of texts, or one text.
    pub groups_claim: String,
    /// Who is in this group decides.
    pub reviewer_group: Option<String>,
    /// Who is in this one, and not in the other, looks.
    pub auditor_group: Option<String>,
}

/// Shows whether there is a secret, never which.
impl std::fmt::Debug for Oidc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Oidc")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret.as_ref().map(|_| "…"))
            .field("scopes", &self.scopes)
            .field("account_claim", &self.account_claim)
            .finish()
    }
}

/// Who writes to people.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The name that is shown.
    pub from_name: String,
    /// The address, to which bounces come as well.
    pub from_address: String,
}

/// The limit of [`Settings::small_counts`] where the operator says nothing.
pub const SMALL_COUNTS: u64 = 10;

/// A purpose, and what people are told of it.
#[derive(Clone, Debug)]
pub struct PurposeSettings {
    /// The purpose.
    pub purpose: Purpose,
    /// What is said where a language has nothing of its own.
    pub text: PurposeText,
    /// The same by language.
    pub texts: HashMap<Language, PurposeText>,
}

/// What people are told of a purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PurposeText {
    /// What it is.
    pub title: String,
    /// The interest pursued, in plain words.
    pub interest: Option<String>,
    /// How long the data is kept.
    pub retention: Option<String>,
    /// Transfers outside the European Economic Area.
    pub transfers: Option<String>,
}

/// Someone to whom data is passed on.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// Short name.
    pub id: String,
    /// As people are told.
    pub name: String,
    /// The purposes whose data it receives; empty for all.
    pub purposes: Vec<String>,
    /// Where it is told of restrictions and erasures, and the secret that signs what it is told.
    pub webhook: Option<Webhook>,
}

/// Where a recipient is told.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// The secret of the signature (HMAC-SHA-256).
    pub secret: Vec<u8>,
}

/// How long things last.
#[derive(Clone, Debug)]
pub struct Times {
    /// A person's session.
    pub person_session: Duration,
    /// A reviewer's session.
    pub reviewer_session: Duration,
    /// A one-time code.
    pub code: Duration,
    /// A hand-over address.
    pub handover: Duration,
    /// A personal link in a letter.
    pub link: Duration,
}

impl Default for Times {
    fn default() -> Self {
        const HOUR: u64 = 3600;
        Times {
            person_session: Duration::from_secs(2 * HOUR),
            reviewer_session: Duration::from_secs(8 * HOUR),
            code: Duration::from_secs(HOUR / 2),
            handover: Duration::from_secs(120),
            link: Duration::from_secs(400 * 24 * HOUR),
        }
    }
}

impl Settings {
    /// The purpose of that name.
    #[must_use]
    pub fn purpose(&self, id: &str) -> Option<&PurposeSettings> {
        self.purposes.iter().find(|p| p.purpose.id == id)
    }

    /// Who answers for the first purpose: whoever has the site.
    #[must_use]
    pub fn controller(&self) -> &str {
        self.purposes.first().map_or(&self.url, |p| &p.purpose.controller)
    }

    /// The zone in which days are counted that belong to no purpose: that of the first.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.purposes.first().map_or(TimeZone::UTC, PurposeSettings::zone)
    }

    /// Whether people reach it over TLS, so that cookies may demand it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.url.starts_with("https:")
    }

    /// The recipients of a purpose's data.
    pub fn recipients_of<'a>(&'a self, purpose: &'a str) -> impl Iterator<Item = &'a Recipient> {
        self.recipients
            .iter()
            .filter(move |r| r.purposes.is_empty() || r.purposes.iter().any(|p| p == purpose))
    }
}

impl PurposeSettings {
    /// A purpose that is on record and no longer configured: its cases go on.
    pub(crate) fn of_record(purpose: Purpose) -> Self {
        let text = PurposeText { title: purpose.title.clone(), ..PurposeText::default() };
        PurposeSettings { purpose, text, texts: HashMap::new() }
    }

    /// The zone in which its days are counted; a name that is none was refused with the configuration.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        let zone = Zone::named(&self.purpose.time_zone);
        zone.map_or(TimeZone::UTC, |zone| zone.time_zone().clone())
    }

    /// What people are told, in their language as far as there is a text in it.
    #[must_use]
    pub fn text(&self, language: Language) -> &PurposeText {
        self.texts.get(&language).unwrap_or(&self.text)
    }
}
