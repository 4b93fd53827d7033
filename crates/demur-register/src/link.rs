//! Personal links: tokens that only this register makes and opens.
//!
//! Nothing is stored. A token is what it says, sealed under a key of the register's own; the nonce
//! follows from the content, so that the same mail sent twice carries the same link. Whoever holds it
//! may act for that account, or see that case (Art. 12(6): no further identification). Links made
//! before some moment can be revoked; see [`Act::revoke_links`].

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_core::id::AccountId;
use jiff::Timestamp;

use crate::desk::Drawer;
use crate::error::Result;
use crate::keys::LinkKey;
use crate::subject::{account_text, parse_account};
use crate::{Act, CaseId, Register};

/// Version of what is sealed.
const VERSION: u8 = 1;
/// The longest token that is looked at; what is longer was not made here.
const LONGEST: usize = 2048;

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Objecting for an account.
    Object {
        /// Who may act by it.
        account: AccountId,
        /// For which purpose.
        purpose: String,
    },
    /// Seeing one case, and withdrawing it.
    Case(CaseId),
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub kind: LinkKind,
    /// When it was made, to the second.
    pub issued_at: Timestamp,
    /// Until when it acts at once, to the second; afterwards it leads to a form.
    pub expires_at: Timestamp,
}

/// Makes and opens tokens, without asking the database.
#[derive(Clone)]
pub struct Links(LinkKey);

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It may be acted on.
    Valid,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl Links {
    /// The token of a link: URL-safe, unguessable, and the same each time.
    #[must_use]
    pub fn seal(&self, link: &Link) -> String {
        let mut open = vec![VERSION];
        for moment in [link.issued_at, link.expires_at] {
            open.extend(moment.as_second().to_be_bytes());
        }
        match &link.kind {
            LinkKind::Object { account, purpose } => {
                open.push(b'o');
                open.extend((purpose.len() as u32).to_be_bytes());
                open.extend(purpose.as_bytes());
                open.extend(account_text(account).as_bytes());
            }
            LinkKind::Case(case) => {
                open.push(b'c');
                open.extend(case.to_column().to_be_bytes());
            }
        }
        URL_SAFE_NO_PAD.encode(self.0.seal(&open))
    }

    /// What a token stands for; `None` where this register did not make it.
    #[must_use]
    pub fn open(&self, token: &str) -> Option<Link> {
        if token.len() > LONGEST {
            return None;
        }
        read(&self.0.open(&URL_SAFE_NO_PAD.decode(token).ok()?)?)
    }

    /// The token of any bytes, so that a fuzzer gets past the seal.
    #[cfg(any(test, fuzzing))]
    #[must_use]
    pub fn seal_bytes(&self, open: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.0.seal(open))
    }
}

/// What an opened token says.
fn read(open: &[u8]) -> Option<Link> {
    let rest = open.strip_prefix(&[VERSION])?;
    let (issued, rest) = rest.split_first_chunk::<8>()?;
    let (expires, rest) = rest.split_first_chunk::<8>()?;
    let (kind, rest) = rest.split_first()?;
    let second = |bytes: &[u8; 8]| Timestamp::from_second(i64::from_be_bytes(*bytes)).ok();
    let kind = match kind {
        b'o' => {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            let length = u32::from_be_bytes(*length) as usize;
            let (purpose, account) = rest.split_at_checked(length)?;
            LinkKind::Object {
                account: parse_account(std::str::from_utf8(account).ok()?)?,
                purpose: String::from_utf8(purpose.to_vec()).ok()?,
            }
        }
        b'c' => {
            let number: [u8; 8] = rest.try_into().ok()?;
            LinkKind::Case(CaseId::from_column(i64::from_be_bytes(number)))
        }
        _ => return None,
    };
    Some(Link { kind, issued_at: second(issued)?, expires_at: second(expires)? })
}

impl Register {
    /// What makes and opens this register's links.
    #[must_use]
    pub fn links(&self) -> Links {
        Links(self.keys.link_key())
    }

    /// Whether a link may still be acted on at `now`.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn link_state(&self, link: &Link, now: Timestamp) -> Result<LinkState> {
        if now >= link.expires_at {
            return Ok(LinkState::Expired);
        }
        let revoked = self.item(Drawer::Revocation, &revocation(&link.kind))?;
        Ok(judge(link, revoked.as_ref().map(|item| item.text.as_str())))
    }
}

impl Act<'_, '_> {
    /// The same inside a transaction.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn link_state(&self, link: &Link, now: Timestamp) -> Result<LinkState> {
        if now >= link.expires_at {
            return Ok(LinkState::Expired);
        }
        let revoked = self.item(Drawer::Revocation, &revocation(&link.kind))?;
        Ok(judge(link, revoked.as_ref().map(|item| item.text.as_str())))
    }

    /// Makes every link of this kind void that was issued up to `through`.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn revoke_links(&mut self, kind: &LinkKind, through: Timestamp) -> Result<()> {
        let text = through.as_second().to_string();
        // A mail from before may be opened years later: nothing clears this drawer.
        self.put(Drawer::Revocation, &revocation(kind), through, None, &text).map(drop)
    }
}

/// The name under which a revocation lies.
fn revocation(kind: &LinkKind) -> Vec<u8> {
    match kind {
        LinkKind::Object { account, purpose } => {
            format!("o{}:{purpose}{}", purpose.len(), account_text(account)).into_bytes()
        }
        LinkKind::Case(case) => format!("c{case}").into_bytes(),
    }
}

/// A revocation that cannot be read revokes.
fn judge(link: &Link, revoked_through: Option<&str>) -> LinkState {
    match revoked_through {
        None => LinkState::Valid,
        Some(text) => match text.parse::<i64>() {
            Ok(through) if link.issued_at.as_second() > through => LinkState::Valid,
            _ => LinkState::Revoked,
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{KeySource, Options, RegisterUrl, SeededEntropy};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn register(key: &str) -> Register {
        let options = Options {
            url: RegisterUrl::Memory,
            key: KeySource::Hex(key.repeat(32)),
            origin: Options::DEFAULT_ORIGIN.into(),
        };
        Register::open(options, Box::new(SeededEntropy::new(1)), at(0)).unwrap()
    }

    fn link(kind: LinkKind) -> Link {
        Link { kind, issued_at: at(100), expires_at: at(1000) }
    }

    fn objecting() -> Link {
        let account = AccountId::Text("7".into());
        link(LinkKind::Object { account, purpose: "assistant-training".into() })
    }

    #[test]
    fn a_token_says_what_was_sealed_and_is_the_same_each_time() {
        let links = register("ab").links();
        let case = link(LinkKind::Case("7K3M-QZ4P-W2XC".parse().unwrap()));
        for link in [objecting(), case] {
            let token = links.seal(&link);
            assert_eq!(links.open(&token).unwrap(), link);
            assert_eq!(links.seal(&link), token);
        }
    }

    #[test]
    fn another_register_does_not_open_it() {
        let token = register("ab").links().seal(&objecting());
        assert_eq!(register("cd").links().open(&token), None);
    }

    #[test]
    fn links_expire_and_are_revoked_one_person_at_a_time() {
        let mut register = register("ab");
        let link = objecting();
        let state = |register: &Register, now| register.link_state(&link, at(now)).unwrap();
        assert_eq!(state(&register, 999), LinkState::Valid);
        assert_eq!(state(&register, 1000), LinkState::Expired);
        let other = LinkKind::Object {
            account: AccountId::Number(7),
            purpose: "assistant-training".into(),
        };
        register.act(at(150), |act| act.revoke_links(&other, at(150))).unwrap();
        assert_eq!(state(&register, 999), LinkState::Valid);
        register.act(at(150), |act| act.revoke_links(&link.kind, at(150))).unwrap();
        assert_eq!(state(&register, 999), LinkState::Revoked);
        let newer = Link { issued_at: at(151), ..link.clone() };
        assert_eq!(register.link_state(&newer, at(200)).unwrap(), LinkState::Valid);
    }

    /// What may stand under the seal: links, near misses of links, anything.
    fn sealed() -> impl Strategy<Value = Vec<u8>> {
        let moment = prop_oneof![-10i64..10, any::<i64>()].prop_map(i64::to_be_bytes);
        let object =
            ("[a-z]{0,3}", "[ntx]?[0-9+-]{0,3}", -1i64..2).prop_map(|(name, account, off)| {
                let length = (name.len() as i64 + off) as u32;
                [b"o", &length.to_be_bytes()[..], name.as_bytes(), account.as_bytes()].concat()
            });
        let case = prop::collection::vec(any::<u8>(), 7..10).prop_map(|c| [b"c", &c[..]].concat());
        let other = prop::collection::vec(any::<u8>(), 0..60);
        let rest = prop_oneof![object, case, other];
        (VERSION..VERSION + 2, prop::array::uniform2(moment), rest).prop_map(
            |(version, moments, rest)| [&[version], moments.as_flattened(), &rest].concat(),
        )
    }

    proptest! {
        /// A token that a mail program broke, or that somebody tries out, opens nothing.
        #[test]
        fn no_changed_token_opens(at in 0usize..200, to in "[A-Za-z0-9_-]", cut in 0usize..200) {
            let links = register("ab").links();
            let token = links.seal(&objecting());
            let at = at % token.len();
            let mut changed = token.clone();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != token);
            // The last letter holds bits that no byte takes; those must not make a second token.
            prop_assert_eq!(links.open(&changed), None);
            prop_assert_eq!(links.open(&token[..cut % token.len()]), None);
        }

        /// Only this register seals; but what it sealed may be from another version of it.
        #[test]
        fn whatever_was_sealed_is_read_as_a_link_or_not_at_all(open in sealed()) {
            let links = register("ab").links();
            if let Some(link) = links.open(&links.seal_bytes(&open)) {
                prop_assert_eq!(links.open(&links.seal(&link)), Some(link));
            }
        }

        #[test]
        fn no_text_makes_it_stumble(text in "\\PC{0,400}") {
            prop_assert_eq!(register("ab").links().open(&text), None);
        }
    }
}
