//! What came back: delivery status notifications (RFC 3464) from a file or a mailbox.
//!
//! A report is written by strangers and read with care: it can be forged, and then it marks a notice
//! as undelivered, which excludes that person's data. The other way round nothing is to be gained.
//! Bytes of any kind are read without complaint; what is no report yields nothing.

mod mime;

use std::fmt;

use mime::Part;

/// A line of a mail is no longer than this (RFC 5322, 2.1.1), so neither is an id.
const LONGEST_ID: usize = 998;

/// What a report says about one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The id of the message that was sent, without angle brackets, from the headers that came back.
    pub message_id: Option<String>,
    /// The address that was tried last.
    pub recipient: Option<String>,
    /// What became of it.
    pub action: Action,
    /// Why.
    pub status: Option<Status>,
}

/// What a mail server did (RFC 3464, 2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It gave up.
    Failed,
    /// It is still trying.
    Delayed,
    /// It delivered, relayed or expanded it, or says something unknown.
    Other,
}

/// A status code (RFC 3463), such as 5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// 2 success, 4 temporary, 5 permanent.
    pub class: u8,
    /// Where: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl Status {
    /// Reads `5.1.1`; anything behind a space or bracket is comment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Status> {
        let code = text.trim().split([' ', '\t', '(', ';']).next()?;
        let mut parts = code.split('.').map(|part| {
            let digits = part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| digits)
        });
        let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
        let known = matches!(class, 2 | 4 | 5) && parts.next().is_none();
        known.then_some(Status { class: class as u8, subject, detail })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl Bounce {
    /// Whether the message will never arrive: the server gave up and says that this is final.
    #[must_use]
    pub fn is_undelivered(&self) -> bool {
        self.action == Action::Failed && self.status.is_some_and(|status| status.class == 5)
    }

    /// Whether the server gave up without calling the cause permanent: a host that stayed silent for
    /// days (4.4.7), or no code at all. The message did not arrive; another one might.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.action == Action::Failed && !self.is_undelivered()
    }
}

/// Shows whether there is an address and an id, never which: strangers write both, and an id that they
/// wrote may hold an address.
impl fmt::Debug for Bounce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounce")
            .field("message_id", &self.message_id.as_ref().map(|_| "…"))
            .field("recipient", &self.recipient.as_ref().map(|_| "…"))
            .field("action", &self.action)
            .field("status", &self.status)
            .finish()
    }
}

/// Every report in a single message or an mbox file; one entry for each recipient.
#[must_use]
pub fn read(bytes: &[u8]) -> Vec<Bounce> {
    let mut found = Vec::new();
    if bytes.starts_with(b"From ") {
        for message in mime::mbox(bytes) {
            report(&message, &mut found);
        }
    } else {
        report(bytes, &mut found);
    }
    found
}

fn report(message: &[u8], found: &mut Vec<Bounce>) {
    let mut statuses = Vec::new();
    let mut message_id = None;
    mime::walk(message, &mut |part: &Part<'_>| match part.kind.as_str() {
        "message/delivery-status" | "message/global-delivery-status" => {
            statuses.extend(recipients(&part.body));
        }
        "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/global-headers"
            if message_id.is_none() =>
        {
            message_id = mime::header(&part.body, "message-id").and_then(|id| bare(&id));
        }
        _ => {}
    });
    found.extend(
        statuses
            .into_iter()
            .map(|bounce: Bounce| Bounce { message_id: message_id.clone(), ..bounce }),
    );
}

/// The groups of fields that speak of recipients; the first group is about the message.
fn recipients(body: &[u8]) -> Vec<Bounce> {
    let groups = mime::groups(body);
    let of = |group: &[u8]| {
        let action = mime::header(group, "action")?;
        let field = |name| mime::header(group, name).and_then(|value| typed(&value));
        let action = match action.trim().to_ascii_lowercase().as_str() {
            "failed" => Action::Failed,
            "delayed" => Action::Delayed,
            _ => Action::Other,
        };
        Some(Bounce {
            message_id: None,
            recipient: field("final-recipient").or_else(|| field("original-recipient")),
            action,
            status: mime::header(group, "status").and_then(|status| Status::parse(&status)),
        })
    };
    groups.into_iter().filter_map(of).collect()
}

/// The value of `rfc822; someone@example.com`.
fn typed(value: &str) -> Option<String> {
    let value = value.split_once(';').map_or(value, |(_, value)| value).trim();
    let value = value.trim_start_matches('<').trim_end_matches('>');
    (!value.is_empty()).then(|| value.to_owned())
}

/// A message id without its brackets and what stands around them; `None` where it is none.
fn bare(id: &str) -> Option<String> {
    let inner = match id.split_once('<') {
        Some((_, rest)) => rest.split_once('>')?.0,
        None => id,
    };
    let inner = inner.trim();
    let is_id = inner.len() <= LONGEST_ID && inner.bytes().all(|byte| byte.is_ascii_graphic());
    (is_id && !inner.is_empty()).then(|| inner.to_owned())
}
