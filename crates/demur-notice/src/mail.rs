//! A mail as a message that a server takes (RFC 5322), the same bytes for the same input.

use std::fmt;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::Address;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue, MessageId};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::compose::{Composed, one_line};

/// The longest message id; with its suffix it is a file's name.
const LONGEST_ID: usize = 200;

/// A mail with all that stands around it.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// Who sends it.
    pub from: Sender<'a>,
    /// The address that it goes to.
    pub to: &'a str,
    /// `part@domain`, without angle brackets. A second attempt carries the same one, so that who gets
    /// both copies can see that they are one.
    pub message_id: &'a str,
    /// When it was written.
    pub date: Timestamp,
    /// What it says.
    pub composed: &'a Composed,
    /// Where these mails can be declined: `https:` or `mailto:`. A notice has none: its link objects,
    /// and no mail program may do that by itself.
    pub list_unsubscribe: Option<&'a str>,
}

/// Who sends a mail.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The name that is shown.
    pub name: &'a str,
    /// The address, to which bounces come as well.
    pub address: &'a str,
}

impl<'a> Sender<'a> {
    /// Reads `Example Platform <privacy@example.com>`, or an address alone. The domain is one that a
    /// message id can bear: a name in ASCII.
    ///
    /// ```
    /// use demur_notice::mail::Sender;
    /// let sender = Sender::parse("Example Platform <privacy@example.com>").unwrap();
    /// assert_eq!((sender.name, sender.address), ("Example Platform", "privacy@example.com"));
    /// assert!(Sender::parse("privacy@").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>') {
            Some(text) => text.rsplit_once('<')?,
            None => ("", text),
        };
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')).unwrap_or(name);
        let sender = Sender { name, address };
        let sound = address.parse::<Address>().is_ok()
            && !name.contains(['<', '>', '"'])
            && is_message_id(&format!("a@{}", sender.domain()));
        sound.then_some(sender)
    }

    /// What stands behind the @ of the address.
    #[must_use]
    pub fn domain(&self) -> &'a str {
        self.address.rsplit('@').next().unwrap_or_default()
    }
}

/// Whether somebody can be written to under this address, as far as its form says.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// Why an envelope makes no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// The recipient's address cannot be read.
    #[error("the recipient's address is not an e-mail address")]
    Recipient,
    /// The sender's address cannot be read.
    #[error("the sender's address is not an e-mail address")]
    Sender,
    /// The message id is not `part@domain`.
    #[error("a message id is part@domain in ASCII letters, digits and -._+=")]
    MessageId,
    /// The address for declining is none.
    #[error("the address for declining starts with https: or mailto: and has no spaces")]
    ListUnsubscribe,
    /// The date is before the years that a mail can bear.
    #[error("the date of a mail lies after 1970")]
    Date,
}

/// A message ready to be sent.
#[derive(Clone)]
pub struct Mail {
    pub(crate) message_id: String,
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bytes: Vec<u8>,
}

impl Mail {
    /// Its id, without angle brackets.
    #[must_use]
    pub fn message_id(&self) -> &str {
        &self.message_id
    }

    /// The whole message.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Says which message it is and how long, never to whom it goes.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({}, {} bytes)", self.message_id, self.bytes.len())
    }
}

impl Envelope<'_> {
    /// The message.
    ///
    /// # Errors
    /// Where an address or the id is not one.
    pub fn seal(&self) -> Result<Mail, EnvelopeError> {
        if !is_message_id(self.message_id) {
            return Err(EnvelopeError::MessageId);
        }
        let seconds = u64::try_from(self.date.as_second()).map_err(|_| EnvelopeError::Date)?;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let to: Address = self.to.parse().map_err(|_| EnvelopeError::Recipient)?;
        let from: Address = self.from.address.parse().map_err(|_| EnvelopeError::Sender)?;
        let name = Some(one_line(self.from.name)).filter(|name| !name.is_empty());

        let mut builder = Message::builder()
            .from(Mailbox::new(name, from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .subject(self.composed.subject.clone())
            .date(date)
            .header(MessageId::from(format!("<{}>", self.message_id)))
            .header(AutoSubmitted)
            .header(ContentLanguage(self.composed.language.code().to_owned()));
        if let Some(url) = self.list_unsubscribe {
            if !is_declining(url) {
                return Err(EnvelopeError::ListUnsubscribe);
            }
            builder = builder.header(ListUnsubscribe(format!("<{url}>")));
        }
        let parts = MultiPart::alternative()
            .boundary(boundary(self.message_id))
            .singlepart(part(ContentType::TEXT_PLAIN, &self.composed.text))
            .singlepart(part(ContentType::TEXT_HTML, &self.composed.html));
        // What else a builder refuses is a message without sender or recipient.
        let message = builder.multipart(parts).map_err(|_| EnvelopeError::Recipient)?;
        let message_id = self.message_id.to_owned();
        Ok(Mail { message_id, from, to, bytes: message.formatted() })
    }
}

fn part(kind: ContentType, body: &str) -> SinglePart {
    SinglePart::builder().header(kind).body(body.replace('\n', "\r\n"))
}

/// A line that occurs in no body: nobody chooses a text by the hash of an id.
fn boundary(message_id: &str) -> String {
    let digest = Sha256::digest(message_id.as_bytes());
    digest.iter().take(16).fold(String::from("demur-"), |line, byte| line + &format!("{byte:02x}"))
}

/// Narrower than RFC 5322: the id is also a file's name.
pub(crate) fn is_message_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._+=".contains(&b);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain);
    id.len() <= LONGEST_ID
        && id.split_once('@').is_some_and(|(local, domain)| part(local) && part(domain))
}

fn is_declining(url: &str) -> bool {
    (url.starts_with("https:") || url.starts_with("mailto:"))
        && url.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}

/// Keeps out-of-office answers away (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

/// Which language the mail is in (RFC 3282).
#[derive(Clone)]
struct ContentLanguage(String);

/// Where such mails can be declined (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

macro_rules! header {
    ($type:ident, $name:literal, $parse:expr, $display:expr) => {
        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(text: &str) -> Result<Self, BoxError> {
                Ok($parse(text))
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $display(self))
            }
        }
    };
}

header!(AutoSubmitted, "Auto-Submitted", |_| AutoSubmitted, |_: &Self| "auto-generated".to_owned());
header!(ContentLanguage, "Content-Language", |t: &str| ContentLanguage(t.into()), |h: &Self| h
    .0
    .clone());
header!(ListUnsubscribe, "List-Unsubscribe", |t: &str| ListUnsubscribe(t.into()), |h: &Self| h
    .0
    .clone());
