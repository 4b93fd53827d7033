//! What is in hand and not said: sessions, one-time codes, letters that wait to be sent.
//!
//! The log says what happened, for good. Much that serving people takes is of another sort: it is
//! written, used up and gone. It lies on the desk, in drawers, each item sealed and under a keyed tag,
//! so that the database alone shows neither an address nor a token. What is about a person of the
//! register is sealed under that person's own key and goes when the person is erased.
//!
//! The desk shares the log's transactions: an objection and the letter that confirms it are durable
//! together, or not at all.

use demur_core::id::AccountId;
use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::event::Moment;
use crate::keys::{Keys, Tag};
use crate::store::{DeskRow, Read};
use crate::subject::Identity;
use crate::writer::load_subject;
use crate::{Act, Register};

/// What lies together. Numbers are stored; a number is never given to another drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Drawer {
    /// Signed-in people, reviewers and auditors.
    Session = 1,
    /// One-time codes that were sent by mail.
    Code = 2,
    /// One-time addresses that hand a signed-in person over from the platform's app.
    Handover = 3,
    /// From when on personal links are void.
    Revocation = 4,
    /// Letters about cases, to be composed and sent.
    Letter = 5,
    /// Other mails to be sent: codes, reminders.
    Mail = 6,
    /// Messages to recipients of data (Art. 19), to be delivered.
    Delivery = 7,
    /// The same, given up after many attempts.
    Undeliverable = 8,
    /// Who may use the console.
    Reviewer = 9,
    /// Keys of the programming interface.
    ApiKey = 10,
    /// Answers already given, by idempotency key.
    Answer = 11,
    /// What people asked for that is no objection, waiting for a person.
    Request = 12,
    /// Signals that people's software sends for them (Art. 21(5)).
    Signal = 13,
    /// Failed attempts to sign in.
    Attempt = 14,
    /// Mails of a notice that are being sent this instant.
    Sending = 15,
    /// What background work remembers between two runs.
    Bookmark = 16,
    /// Who does this very instant what only one may do at a time; see [`crate::lease`].
    Lease = 17,
}

impl Drawer {
    /// All of them.
    pub const ALL: [Drawer; 17] = [
        Drawer::Session,
        Drawer::Code,
        Drawer::Handover,
        Drawer::Revocation,
        Drawer::Letter,
        Drawer::Mail,
        Drawer::Delivery,
        Drawer::Undeliverable,
        Drawer::Reviewer,
        Drawer::ApiKey,
        Drawer::Answer,
        Drawer::Request,
        Drawer::Signal,
        Drawer::Attempt,
        Drawer::Sending,
        Drawer::Bookmark,
        Drawer::Lease,
    ];

    /// The name in figures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Drawer::Session => "session",
            Drawer::Code => "code",
            Drawer::Handover => "handover",
            Drawer::Revocation => "revocation",
            Drawer::Letter => "letter",
            Drawer::Mail => "mail",
            Drawer::Delivery => "delivery",
            Drawer::Undeliverable => "undeliverable",
            Drawer::Reviewer => "reviewer",
            Drawer::ApiKey => "api_key",
            Drawer::Answer => "answer",
            Drawer::Request => "request",
            Drawer::Signal => "signal",
            Drawer::Attempt => "attempt",
            Drawer::Sending => "sending",
            Drawer::Bookmark => "bookmark",
            Drawer::Lease => "lease",
        }
    }
}

/// The place of an item; it says nothing of what lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemKey {
    pub(crate) drawer: Drawer,
    pub(crate) tag: Tag,
}

/// Something on the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its place.
    pub key: ItemKey,
    /// When it wants attention, or when it lapses.
    pub due: Timestamp,
    /// What it is; each drawer has its own form.
    pub text: String,
}

impl ItemKey {
    /// The drawer that it is in.
    #[must_use]
    pub fn drawer(&self) -> Drawer {
        self.drawer
    }

    /// The place as bytes: the same each time, and nothing that anyone without the key can foretell.
    #[must_use]
    pub fn bytes(&self) -> [u8; 17] {
        context(self)
    }
}

impl Register {
    /// What lies in a drawer under this name. Lapsed items count until they are cleared; look at
    /// [`Item::due`].
    ///
    /// # Errors
    /// Where the register cannot be read, or the item was changed by someone else.
    pub fn item(&self, drawer: Drawer, name: &[u8]) -> Result<Option<Item>> {
        find(&*self.store.read()?, &self.keys, drawer, name)
    }

    /// Up to `limit` items of a drawer that are due by `until`, the earliest first.
    ///
    /// # Errors
    /// As [`item`](Self::item).
    pub fn items_due(&self, drawer: Drawer, until: Timestamp, limit: usize) -> Result<Vec<Item>> {
        self.items_between(drawer, Timestamp::MIN, until, limit)
    }

    /// Up to `limit` items of a drawer that are due from then until then, the earliest first.
    ///
    /// # Errors
    /// As [`item`](Self::item).
    pub fn items_between(
        &self,
        drawer: Drawer,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Item>> {
        let tx = self.store.read()?;
        let mut rows = Vec::new();
        let due = Moment::from(from).micros()..=Moment::from(until).micros();
        tx.desk_due(drawer as u8, due, limit, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        rows.into_iter().map(|row| open(&*tx, &self.keys, drawer, row)).collect()
    }

    /// How many items a drawer holds.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn count_items(&self, drawer: Drawer) -> Result<u64> {
        self.store.read()?.desk_count(drawer as u8)
    }
}

impl Act<'_, '_> {
    /// What lies in a drawer under this name, as this transaction sees it.
    ///
    /// # Errors
    /// As [`Register::item`].
    pub fn item(&self, drawer: Drawer, name: &[u8]) -> Result<Option<Item>> {
        find(&*self.writer.tx, self.writer.keys, drawer, name)
    }

    /// Puts an item into a drawer, in the place of one of the same name. Where it is `about` an account
    /// that the register knows, it is sealed under that account's key and goes with it.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn put(
        &mut self,
        drawer: Drawer,
        name: &[u8],
        due: Timestamp,
        about: Option<&AccountId>,
        text: &str,
    ) -> Result<ItemKey> {
        let key = place(self.writer.keys, drawer, name);
        let subject = match about {
            None => None,
            Some(account) => {
                let tag = self.writer.keys.subject_tag(&Identity::Account(account.clone()));
                self.writer.tx.subject_by_tag(&tag)?.map(|row| row.id)
            }
        };
        self.write(key, due, subject, text)?;
        Ok(key)
    }

    /// Gives an item another text and due moment, in nobody's hands; where it is gone, nothing happens.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn put_back(&mut self, key: &ItemKey, due: Timestamp, text: &str) -> Result<()> {
        match self.writer.tx.desk(key.drawer as u8, &key.tag)? {
            Some(row) => self.write(*key, due, row.subject, text),
            None => Ok(()),
        }
    }

    /// Takes an item away; says whether it was there, so that of two who want it one gets it.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn remove(&mut self, key: &ItemKey) -> Result<bool> {
        self.writer.tx.delete_desk(key.drawer as u8, &key.tag)
    }

    /// Takes away what lies under this name; says whether it was there.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn remove_named(&mut self, drawer: Drawer, name: &[u8]) -> Result<bool> {
        self.remove(&place(self.writer.keys, drawer, name))
    }

    /// Clears a drawer of what was due before then; returns how much that was.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn lapse(&mut self, drawer: Drawer, before: Timestamp) -> Result<u64> {
        self.writer.tx.lapse_desk(drawer as u8, Moment::from(before).micros())
    }

    /// Random bytes, fit for keys and tokens.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        self.writer.draw()
    }

    fn write(
        &mut self,
        key: ItemKey,
        due: Timestamp,
        subject: Option<i64>,
        text: &str,
    ) -> Result<()> {
        let salt: [u8; 24] = self.writer.draw();
        let own = subject.map(|id| load_subject(&*self.writer.tx, self.writer.keys, id));
        let own = own.transpose()?.map(|subject| subject.key);
        let sealed = self.writer.keys.seal_item(own.as_ref(), salt, &context(&key), text);
        let due = Moment::from(due).micros();
        self.writer.tx.put_desk(&DeskRow {
            drawer: key.drawer as u8,
            key: key.tag,
            due,
            subject,
            sealed,
            hold: None,
        })
    }
}

fn place(keys: &Keys, drawer: Drawer, name: &[u8]) -> ItemKey {
    ItemKey { drawer, tag: keys.desk_tag(drawer as u8, name) }
}

/// What binds sealed bytes to their place.
fn context(key: &ItemKey) -> [u8; 17] {
    context_of(key.drawer as u8, &key.tag)
}

pub(crate) fn context_of(drawer: u8, tag: &Tag) -> [u8; 17] {
    let mut bytes = [0; 17];
    bytes[0] = drawer;
    bytes[1..].copy_from_slice(tag);
    bytes
}

fn find(tx: &dyn Read, keys: &Keys, drawer: Drawer, name: &[u8]) -> Result<Option<Item>> {
    let row = tx.desk(drawer as u8, &place(keys, drawer, name).tag)?;
    row.map(|row| open(tx, keys, drawer, row)).transpose()
}

pub(crate) fn open(tx: &dyn Read, keys: &Keys, drawer: Drawer, row: DeskRow) -> Result<Item> {
    let key = ItemKey { drawer, tag: row.key };
    let own = row.subject.map(|id| load_subject(tx, keys, id)).transpose()?;
    let own = own.map(|subject| subject.key);
    let changed = || Error::Damaged("something on the desk was changed by someone else".into());
    let text = keys.open_item(own.as_ref(), &context(&key), &row.sealed).ok_or_else(changed)?;
    let due = Moment::from_micros(row.due).ok_or_else(changed)?.timestamp();
    Ok(Item { key, due, text })
}

#[cfg(test)]
mod tests {
    use demur_core::objection::Scopes;
    use demur_core::purpose::sample;

    use super::*;
    use crate::event::Source;
    use crate::{KeySource, NewObjection, Options, RegisterUrl, SeededEntropy};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn register() -> Register {
        let options = Options {
            url: RegisterUrl::Memory,
            key: KeySource::Hex("17".repeat(32)),
            origin: Options::DEFAULT_ORIGIN.into(),
        };
        let mut register = Register::open(options, Box::new(SeededEntropy::new(1)), at(0)).unwrap();
        register.record_purpose(&sample(), at(0)).unwrap();
        register
    }

    fn objection(account: i128) -> NewObjection {
        NewObjection {
            account: Some(AccountId::Number(account)),
            record: None,
            purpose: sample().id,
            scopes: Scopes::OWN,
            received_at: at(1),
            grounds: None,
            contact: None,
            source: Source::DirectLink,
        }
    }

    #[test]
    fn an_item_is_found_replaced_and_used_once() {
        let mut register = register();
        let put = |act: &mut Act<'_, '_>, text| act.put(Drawer::Code, b"a", at(9), None, text);
        register.act(at(2), |act| put(act, "one")).unwrap();
        register.act(at(2), |act| put(act, "two")).unwrap();
        assert_eq!(register.item(Drawer::Code, b"a").unwrap().unwrap().text, "two");
        assert_eq!(register.item(Drawer::Session, b"a").unwrap(), None);
        assert_eq!(register.count_items(Drawer::Code).unwrap(), 1);
        let take = |act: &mut Act<'_, '_>| act.remove_named(Drawer::Code, b"a");
        assert!(register.act(at(3), take).unwrap());
        assert!(!register.act(at(3), take).unwrap());
    }

    #[test]
    fn items_come_in_the_order_of_their_moments_and_lapse() {
        let mut register = register();
        for (name, due) in [("late", 30), ("early", 10), ("middle", 20)] {
            let put =
                |act: &mut Act<'_, '_>| act.put(Drawer::Mail, name.as_bytes(), at(due), None, name);
            register.act(at(2), put).unwrap();
        }
        let due = |register: &Register, until, limit| -> Vec<String> {
            let items = register.items_due(Drawer::Mail, at(until), limit).unwrap();
            items.into_iter().map(|item| item.text).collect()
        };
        assert_eq!(due(&register, 20, 10), ["early", "middle"]);
        assert_eq!(due(&register, 40, 1), ["early"]);
        let between = register.items_between(Drawer::Mail, at(11), at(20), 10).unwrap();
        assert_eq!(between.iter().map(|item| &item.text[..]).collect::<Vec<_>>(), ["middle"]);
        assert_eq!(register.act(at(3), |act| act.lapse(Drawer::Mail, at(20))).unwrap(), 1);
        assert_eq!(due(&register, 40, 10), ["middle", "late"]);
    }

    #[test]
    fn what_is_about_a_person_goes_with_the_person() {
        let mut register = register();
        let account = AccountId::Number(7);
        register.submit(objection(7), at(1)).unwrap();
        let put = |act: &mut Act<'_, '_>| {
            act.put(Drawer::Letter, b"receipt", at(2), Some(&account), "to be sent")
        };
        register.act(at(2), put).unwrap();
        assert_eq!(register.item(Drawer::Letter, b"receipt").unwrap().unwrap().text, "to be sent");
        register.erase_account(&account, at(3)).unwrap();
        assert_eq!(register.item(Drawer::Letter, b"receipt").unwrap(), None);
    }

    #[test]
    fn an_act_that_fails_leaves_the_others_standing() {
        let mut register = register();
        let before = register.size().unwrap();
        let mut batch = register.batch().unwrap();
        let first = batch.act(at(5), |act| act.submit(objection(1))).unwrap().case;
        let failed: Result<()> = batch.act(at(6), |act| {
            act.submit(objection(2))?;
            act.put(Drawer::Mail, b"x", at(6), None, "never")?;
            Err(Error::Invalid("after all not".into()))
        });
        assert!(failed.is_err());
        let third = batch.act(at(7), |act| act.submit(objection(3))).unwrap().case;
        batch.commit().unwrap();

        let accounts: Vec<_> = register
            .cases(&crate::CaseFilter::default(), 10)
            .unwrap()
            .into_iter()
            .map(|case| (case.case, case.account.unwrap(), case.received_at))
            .collect();
        assert_eq!(
            accounts,
            [(first, AccountId::Number(1), at(1)), (third, AccountId::Number(3), at(1))]
        );
        assert_eq!(register.count_items(Drawer::Mail).unwrap(), 0);
        assert_eq!(register.size().unwrap(), before + 2 * events_of_one());
        assert!(register.verify().unwrap().is_sound());
    }

    /// An objection under the example's review.
    fn events_of_one() -> u64 {
        let mut register = register();
        let before = register.size().unwrap();
        register.submit(objection(9), at(1)).unwrap();
        register.size().unwrap() - before
    }
}
