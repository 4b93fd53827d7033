//! Reads `[site]`, `[mail]` and `[[recipient]]`: the way to people, and to those who get their data.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use demur_core::authority::{self, Authority};
use demur_notice::Language;
use demur_notice::mail::Sender;
use demur_notice::post::Security;

use super::address;
use super::corpus::id;
use super::problem::hint_for;
use super::reader::{Item, Section};

pub(super) const SITE_KEYS: [&str; 7] =
    ["url", "contact", "language", "authority", "listen", "proxies", "record_url"];

pub(super) const MAIL_KEYS: [&str; 10] = [
    "from",
    "server",
    "encryption",
    "user",
    "password_file",
    "certificate",
    "connections",
    "outbox",
    "per_second",
    "reminders",
];

pub(super) const RECIPIENT_KEYS: [&str; 5] = ["id", "name", "purposes", "url", "secret_file"];

/// `[site]`: where people find the privacy centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SiteConfig {
    /// What every link to people begins with, without a slash at its end.
    pub(crate) url: String,
    /// How to reach the controller's data protection.
    pub(crate) contact: String,
    /// The language of the configuration's own texts.
    pub(crate) language: Language,
    /// The authority that supervises the controller: named to people whose country has none of its
    /// own under the GDPR.
    pub(crate) authority: Option<&'static Authority>,
    /// Where the server listens.
    pub(crate) listen: SocketAddr,
    /// How many reverse proxies stand before it, each adding to `X-Forwarded-For`.
    pub(crate) proxies: u8,
    /// How the address of a record looks, with `{id}` for its id.
    pub(crate) record_url: Option<String>,
}

/// `[mail]`: who writes to people, and by which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailConfig {
    /// The sender's name as people see it; may be empty.
    pub(crate) from_name: String,
    /// The sender's address, to which bounces come.
    pub(crate) from_address: String,
    /// Where mails go.
    pub(crate) way: MailWay,
    /// How many go there in a second; none where there is no limit.
    pub(crate) per_second: Option<NonZeroU32>,
    /// Who is reminded of cases that fall due.
    pub(crate) reminders: Vec<String>,
}

/// Where mails go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MailWay {
    /// Into a folder, as `.eml` files.
    Outbox(PathBuf),
    /// To a server.
    Server(MailServer),
}

/// How to reach a mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailServer {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) user: Option<String>,
    /// The file with the password; none where the environment has it.
    pub(crate) password_file: Option<PathBuf>,
    /// A certificate to trust beside the public ones, in PEM.
    pub(crate) certificate: Option<PathBuf>,
    /// How many connections are open at once.
    pub(crate) connections: usize,
}

/// `[[recipient]]`: who gets data of a purpose, and is told of restriction and erasure (Art. 19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecipientConfig {
    /// Its short name.
    pub(crate) id: String,
    /// What people are told it is called.
    pub(crate) name: String,
    /// The purposes whose data it gets; all where none are named.
    pub(crate) purposes: Option<Vec<String>>,
    /// Where it is told, if it can be told that way.
    pub(crate) webhook: Option<Webhook>,
}

/// Where a recipient is told, and what signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) secret_file: PathBuf,
}

impl MailConfig {
    /// Who sends.
    pub(crate) fn sender(&self) -> Sender<'_> {
        Sender { name: &self.from_name, address: &self.from_address }
    }
}

impl RecipientConfig {
    /// Whether it gets data of a purpose.
    pub(crate) fn gets(&self, purpose: &str) -> bool {
        self.purposes.as_ref().is_none_or(|ids| ids.iter().any(|id| id == purpose))
    }
}

/// Mails a second to a server where nothing is said: what a server of one's own bears.
const USUAL_PACE: NonZeroU32 = NonZeroU32::new(50).expect("fifty is not zero");

/// Reads `[site]`.
pub(super) fn site(section: &Section<'_>) -> Option<SiteConfig> {
    let url = section
        .need(
            "url",
            "write `url = \"https://privacy.example.com\"`: what people's links begin with",
        )
        .and_then(|item| address::site(&item));
    let contact = section.need_text(
        "contact",
        "write `contact = \"privacy@example.com\"`: how people reach your data protection \
         (Art. 13(1)(b) GDPR)",
    );
    let language = match section.item("language") {
        None => Some(Language::ENGLISH),
        Some(item) => language(&item, item.as_text()),
    };
    let authority = match section.item("authority") {
        None => Some(None),
        Some(item) => {
            let found = item.as_text().and_then(authority::for_country);
            if found.is_none() {
                item.wrong(
                    "write the country whose data protection authority supervises you, such as \
                     `authority = \"IE\"`: it is named to people outside the EEA",
                );
            }
            found.map(Some)
        }
    };
    let listen = match section.item("listen") {
        None => Some(SocketAddr::from(([127, 0, 0, 1], 8080))),
        Some(item) => {
            let address = item.as_text().and_then(|text| text.parse().ok());
            if address.is_none() {
                item.wrong("write a number and a port, such as `listen = \"127.0.0.1:8080\"`");
            }
            address
        }
    };
    let proxies = match section.item("proxies") {
        None => Some(0),
        Some(item) => item.whole(0..=16),
    };
    let record_url = record_url(section);
    Some(SiteConfig {
        record_url: record_url?,
        url: url?,
        contact: contact?,
        language: language?,
        authority: authority?,
        listen: listen?,
        proxies: u8::try_from(proxies?).ok()?,
    })
}

/// Reads one of the languages in which people are addressed.
pub(super) fn language(item: &Item<'_>, code: Option<&str>) -> Option<Language> {
    let language = Language::all().find(|language| Some(language.code()) == code);
    if language.is_none() {
        let codes: Vec<&str> = Language::all().map(Language::code).collect();
        item.error(
            format!("`{}` is not a language in which people are addressed", code.unwrap_or("?")),
            format!("write one of {}", codes.join(", ")),
        );
    }
    language
}

/// The outer option is whether it could be read, the inner one whether it is there.
#[allow(clippy::option_option)]
fn record_url(section: &Section<'_>) -> Option<Option<String>> {
    let Some(item) = section.item("record_url") else { return Some(None) };
    let pattern = item.as_text().filter(|text| {
        text.matches("{id}").count() == 1
            && (text.starts_with("https://") || text.starts_with("http://"))
    });
    if pattern.is_none() {
        item.wrong("write an address with {id} for the record's id, such as \"https://platform.example/posts/{id}\"");
        return None;
    }
    Some(pattern.map(str::to_owned))
}

/// Reads `[mail]`.
pub(super) fn mail(section: &Section<'_>) -> Option<MailConfig> {
    const FROM: &str = "write `from = \"Example Platform <privacy@example.com>\"`: who writes to \
                        people, and where bounces come";
    let from = section.need("from", FROM).and_then(|item| {
        let text = item.text_or(FROM)?;
        let sender = Sender::parse(&text).map(|s| (s.name.to_owned(), s.address.to_owned()));
        if sender.is_none() {
            let fix = match text.is_ascii() {
                true => FROM.to_owned(),
                false => format!("{FROM}; a domain with other letters is written as xn--…"),
            };
            item.error(format!("`from` is \"{text}\", which is no e-mail address"), fix);
        }
        sender
    });
    let per_second = match section.item("per_second") {
        None => Some(None),
        Some(item) => item.whole(1..=100_000).map(|n| u32::try_from(n).ok()),
    };
    let way = match section.item("server") {
        Some(item) => server(section, &item).map(MailWay::Server),
        None => outbox(section).map(MailWay::Outbox),
    };
    let reminders = match section.item("reminders") {
        None => Some(Vec::new()),
        Some(item) => addresses(&item),
    };
    let (from_name, from_address) = from?;
    let (way, per_second) = (way?, per_second?.and_then(NonZeroU32::new));
    let per_second = match way {
        MailWay::Server(_) => per_second.or(Some(USUAL_PACE)),
        MailWay::Outbox(_) => per_second,
    };
    Some(MailConfig { from_name, from_address, way, per_second, reminders: reminders? })
}

fn addresses(item: &Item<'_>) -> Option<Vec<String>> {
    const FIX: &str = "write `reminders = [\"reviews@example.com\"]`: who is reminded of cases that \
                       fall due";
    let address = |entry: &Item<'_>| {
        let address = entry.as_text().filter(|text| demur_notice::mail::is_address(text));
        if address.is_none() {
            entry.wrong(FIX);
        }
        address.map(str::to_owned)
    };
    let all: Vec<Option<String>> = item.list(FIX)?.iter().map(address).collect();
    all.into_iter().collect()
}

fn outbox(section: &Section<'_>) -> Option<PathBuf> {
    for key in ["encryption", "user", "password_file", "certificate", "connections"] {
        if let Some(item) = section.item(key) {
            item.error(
                format!("`{key}` is about a server, and [mail] names none"),
                "write `server = \"mail.example.com:587\"` as well; without it, mails become files \
                 in a folder",
            );
        }
    }
    match section.item("outbox") {
        None => Some(PathBuf::from("outbox")),
        Some(item) => item.text().map(PathBuf::from),
    }
}

fn server(section: &Section<'_>, item: &Item<'_>) -> Option<MailServer> {
    if let Some(outbox) = section.item("outbox") {
        outbox.error(
            "`outbox` stands beside `server`, and mails go one way only",
            "remove one of the two: `server` sends them, `outbox` makes files of them",
        );
    }
    let address = address::server(item);
    let security = section.choice(
        "encryption",
        &[("starttls", Security::StartTls), ("tls", Security::Tls), ("none", Security::Plain)],
        Some(Security::StartTls),
    );
    if let (Some((host, _)), Some(Security::Plain), Some(item)) =
        (&address, security, section.item("encryption"))
        && !address::is_loopback(host)
    {
        item.error(
            format!("`encryption` is \"none\", and {host} is another machine"),
            "write \"starttls\" (usually port 587) or \"tls\" (port 465): mails name people, and \
             carry a link by which one can act for them",
        );
    }
    let [user, password_file, certificate] =
        ["user", "password_file", "certificate"].map(|key| section.text(key));
    if let (Some(item), None) = (section.item("password_file"), section.item("user")) {
        item.error(
            "`password_file` stands without `user`",
            "write `user = \"…\"`, the name under which the server knows you",
        );
    }
    let connections = match section.item("connections") {
        None => Some(4),
        Some(item) => item.whole(1..=64),
    };
    let (host, port) = address?;
    Some(MailServer {
        host,
        port,
        security: security?,
        user,
        password_file: password_file.map(PathBuf::from),
        certificate: certificate.map(PathBuf::from),
        connections: usize::try_from(connections?).ok()?,
    })
}

/// Reads one `[[recipient]]`; `purposes` are the ids that there are.
pub(super) fn recipient(section: &Section<'_>, purposes: &[String]) -> Option<RecipientConfig> {
    const PURPOSES: &str = "write the ids of the purposes whose data it gets, or leave `purposes` \
                            out where it gets data of all";
    let id = id(section);
    let name = section.need_text(
        "name",
        "write `name = \"Example Cloud Ltd, hosting\"`: what people are told of who gets their data",
    );
    let of = match section.item("purposes") {
        None => Some(None),
        Some(item) => item.texts(PURPOSES).map(Some),
    };
    for named in of.iter().flatten().flatten() {
        if let Some(item) = section.item("purposes").filter(|_| !purposes.contains(named)) {
            let known = purposes.iter().map(String::as_str);
            item.error(
                format!("`purposes` names `{named}`, and there is no [[purpose]] with that id"),
                hint_for(named, known, "there are"),
            );
        }
    }
    let webhook = match (section.item("url"), section.item("secret_file")) {
        (None, None) => Some(None),
        (Some(url), Some(secret)) => match (address::webhook(&url), secret.text()) {
            (Some(url), Some(file)) => Some(Some(Webhook { url, secret_file: file.into() })),
            _ => None,
        },
        (Some(item), None) => {
            item.error(
                "`url` stands without `secret_file`",
                "name a file with a secret of 16 bytes or more: it signs what goes to the \
                 recipient, who can tell it from a forgery by it",
            );
            None
        }
        (None, Some(item)) => {
            item.error(
                "`secret_file` stands without `url`",
                "write `url = \"https://recipient.example/demur\"`, or leave both out where you \
                 tell the recipient in another way",
            );
            None
        }
    };
    Some(RecipientConfig { id: id?, name: name?, purposes: of?, webhook: webhook? })
}
