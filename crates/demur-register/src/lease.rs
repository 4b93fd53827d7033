//! Work that must happen once, whoever does it: any number of processes share a register, and each of
//! them may end at any moment.
//!
//! There are two sorts. Of **things on the desk**, a process takes some into its hands
//! ([`Act::take`]); nobody else gets them until that hold lapses, and only in the hand that took it last can
//! a thing be found again ([`Act::in_hand`]). A **named lease** ([`Act::lease`]) is held by one at a time,
//! for work that is not made of things on the desk.
//!
//! Both are renewed while the work goes on and lapse when its worker dies. Both are fenced: each has a
//! number drawn for the occasion, so that a worker who was stopped for so long that another took over finds
//! out in the very transaction in which it would note what it did. What a lease cannot undo is what was done
//! outside the register before: a mail that was handed over by someone who died before noting so is handed
//! over again. Such a second copy carries the same id.
//!
//! Moments come from the clocks of those who ask, so these must agree to within a few seconds.

use jiff::Timestamp;

use crate::desk::{Drawer, Item, ItemKey, open};
use crate::error::Result;
use crate::event::Moment;
use crate::keys::Tag;
use crate::store::Hold;
use crate::{Act, Register};

/// What one worker holds of the desk: a number drawn for the occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hand(Tag);

/// A named lease in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    name: String,
    by: Tag,
}

impl Lease {
    /// What it is a lease of.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn text(&self) -> String {
        hex::encode(self.by)
    }
}

impl Register {
    /// Whether a drawer has something that is due by `now` and that nobody holds then.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn is_waiting(&self, drawer: Drawer, now: Timestamp) -> Result<bool> {
        self.store.read()?.desk_waits(drawer as u8, Moment::from(now).micros())
    }

    /// Until when somebody has a lease; `None` where it can be had. Looking costs less than trying.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn leased_until(&self, name: &str, now: Timestamp) -> Result<Option<Timestamp>> {
        let lease = self.item(Drawer::Lease, name.as_bytes())?;
        Ok(lease.map(|lease| lease.due).filter(|until| *until > now))
    }
}

impl Act<'_, '_> {
    /// An empty hand.
    pub fn hand(&mut self) -> Hand {
        Hand(self.random())
    }

    /// Takes up to `limit` things of a drawer that are due and that nobody holds, the earliest first.
    ///
    /// # Errors
    /// Where the register cannot be written, or an item was changed by someone else.
    pub fn take(
        &mut self,
        drawer: Drawer,
        hand: Hand,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Item>> {
        let hold = Hold { by: hand.0, until: Moment::from(until).micros() };
        let now = self.writer.at().micros();
        let rows = self.writer.tx.hold_desk(drawer as u8, now, &hold, limit)?;
        rows.into_iter().map(|row| open(&*self.writer.tx, self.writer.keys, drawer, row)).collect()
    }

    /// Keeps what a hand holds until then; returns how much that still is.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn keep(&mut self, hand: Hand, until: Timestamp) -> Result<u64> {
        let until = Moment::from(until).micros();
        self.writer.tx.prolong_desk(&Hold { by: hand.0, until })
    }

    /// Lets go of what a hand still holds: it is anybody's at once.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn let_go(&mut self, hand: Hand) -> Result<u64> {
        self.writer.tx.prolong_desk(&Hold { by: hand.0, until: i64::MIN })
    }

    /// A thing, if this hand was the last to take it and nobody has put it anew since. Only then may what
    /// became of it be noted. Putting it back, or taking it away, ends the hold.
    ///
    /// # Errors
    /// As [`Register::item`].
    pub fn in_hand(&self, key: &ItemKey, hand: Hand) -> Result<Option<Item>> {
        let row = self.writer.tx.desk(key.drawer as u8, &key.tag)?;
        let row = row.filter(|row| row.hold.is_some_and(|hold| hold.by == hand.0));
        row.map(|row| open(&*self.writer.tx, self.writer.keys, key.drawer, row)).transpose()
    }

    /// Takes a lease until then, unless somebody has it.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn lease(&mut self, name: &str, until: Timestamp) -> Result<Option<Lease>> {
        let known = self.item(Drawer::Lease, name.as_bytes())?;
        if known.is_some_and(|known| known.due > self.at()) {
            return Ok(None);
        }
        self.seize(name, until).map(Some)
    }

    /// Takes a lease even if somebody has it: for those who know that its holder has died.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn seize(&mut self, name: &str, until: Timestamp) -> Result<Lease> {
        let lease = Lease { name: name.to_owned(), by: self.random() };
        self.put(Drawer::Lease, name.as_bytes(), until, None, &lease.text())?;
        Ok(lease)
    }

    /// Whether a lease is still this one's: it may have lapsed, but nobody has taken it since.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn holds(&self, lease: &Lease) -> Result<bool> {
        let known = self.item(Drawer::Lease, lease.name.as_bytes())?;
        Ok(known.is_some_and(|known| known.text == lease.text()))
    }

    /// Keeps a lease until then; says whether it still could.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn renew(&mut self, lease: &Lease, until: Timestamp) -> Result<bool> {
        let holds = self.holds(lease)?;
        if holds {
            self.put(Drawer::Lease, lease.name.as_bytes(), until, None, &lease.text())?;
        }
        Ok(holds)
    }

    /// Gives a lease back, where it is still this one's.
    ///
    /// # Errors
    /// Where the register cannot be written.
    pub fn release(&mut self, lease: &Lease) -> Result<()> {
        if self.holds(lease)? {
            self.remove_named(Drawer::Lease, lease.name.as_bytes())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeySource, Options, RegisterUrl, SeededEntropy};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn register(dir: &tempfile::TempDir, seed: u64) -> Register {
        let options = Options {
            url: RegisterUrl::File(dir.path().join("r.db")),
            key: KeySource::Hex("17".repeat(32)),
            origin: Options::DEFAULT_ORIGIN.into(),
        };
        Register::open(options, Box::new(SeededEntropy::new(seed)), at(0)).unwrap()
    }

    fn put(register: &mut Register, name: &str, due: i64) {
        register
            .act(at(0), |act| act.put(Drawer::Mail, name.as_bytes(), at(due), None, name))
            .unwrap();
    }

    /// What one takes at a moment for ten seconds, and in which hand.
    fn take(register: &mut Register, now: i64, limit: usize) -> (Hand, Vec<Item>) {
        register
            .act(at(now), |act| {
                let hand = act.hand();
                Ok((hand, act.take(Drawer::Mail, hand, at(now + 10), limit)?))
            })
            .unwrap()
    }

    fn texts(items: &[Item]) -> Vec<&str> {
        items.iter().map(|item| &item.text[..]).collect()
    }

    #[test]
    fn two_take_different_things_and_what_one_who_died_held_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (register(&dir, 1), register(&dir, 2));
        for (name, due) in [("late", 30), ("b", 2), ("a", 1), ("c", 3)] {
            put(&mut one, name, due);
        }
        let (_, taken) = take(&mut one, 5, 2);
        assert_eq!(texts(&taken), ["a", "b"]);
        assert!(other.is_waiting(Drawer::Mail, at(5)).unwrap());
        let (hand, taken) = take(&mut other, 5, 2);
        assert_eq!(texts(&taken), ["c"]);
        assert!(!one.is_waiting(Drawer::Mail, at(14)).unwrap());
        assert_eq!(texts(&take(&mut other, 14, 9).1), [] as [&str; 0]);
        // One died; the other goes on for longer.
        drop(one);
        assert_eq!(other.act(at(14), |act| act.keep(hand, at(24))).unwrap(), 1);
        assert_eq!(texts(&take(&mut other, 15, 9).1), ["a", "b"]);
        assert_eq!(texts(&take(&mut other, 24, 9).1), ["c"]);
    }

    #[test]
    fn whoever_lost_a_thing_cannot_settle_it() {
        let dir = tempfile::tempdir().unwrap();
        let (mut slow, mut quick) = (register(&dir, 1), register(&dir, 2));
        put(&mut slow, "a", 1);
        let (first, taken) = take(&mut slow, 5, 1);
        let key = taken[0].key;
        let has = |register: &mut Register, hand| {
            register.act(at(20), |act| act.in_hand(&key, hand)).unwrap().is_some()
        };
        assert!(has(&mut slow, first), "it lapsed, but nobody took it");
        let (second, taken) = take(&mut quick, 15, 1);
        assert_eq!(texts(&taken), ["a"]);
        assert!(!has(&mut slow, first) && has(&mut quick, second));
        assert_eq!(slow.act(at(20), |act| act.keep(first, at(90))).unwrap(), 0);
        assert_eq!(slow.act(at(20), |act| act.let_go(first)).unwrap(), 0);
        assert!(!quick.is_waiting(Drawer::Mail, at(24)).unwrap());
        // What is put anew is another thing, and what is put back is anybody's.
        put(&mut slow, "a", 1);
        assert!(!has(&mut quick, second));
        let (third, _) = take(&mut quick, 20, 1);
        quick.act(at(20), |act| act.put_back(&key, at(21), "again")).unwrap();
        assert!(!has(&mut quick, third));
        let (fourth, taken) = take(&mut slow, 21, 1);
        assert_eq!(texts(&taken), ["again"]);
        slow.act(at(21), |act| act.let_go(fourth)).unwrap();
        assert_eq!(texts(&take(&mut quick, 21, 1).1), ["again"]);
    }

    #[test]
    fn a_lease_is_one_holders_until_it_is_released_or_lapses() {
        let dir = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (register(&dir, 1), register(&dir, 2));
        let lease = |register: &mut Register, now, until| {
            register.act(at(now), |act| act.lease("set v1", at(until))).unwrap()
        };
        let first = lease(&mut one, 1, 10).unwrap();
        assert_eq!(lease(&mut other, 9, 20), None);
        assert_eq!(other.leased_until("set v1", at(9)).unwrap(), Some(at(10)));
        assert!(other.act(at(9), |act| act.lease("set v2", at(10))).unwrap().is_some());
        assert!(one.act(at(9), |act| act.renew(&first, at(20))).unwrap());
        assert_eq!(lease(&mut other, 19, 30), None);
        assert_eq!(other.leased_until("set v1", at(20)).unwrap(), None);
        // It lapsed, and is its holder's as long as nobody takes it.
        assert!(one.act(at(20), |act| act.holds(&first)).unwrap());
        let second = lease(&mut other, 20, 30).unwrap();
        assert!(!one.act(at(21), |act| act.holds(&first)).unwrap());
        assert!(!one.act(at(21), |act| act.renew(&first, at(99))).unwrap());
        one.act(at(21), |act| act.release(&first)).unwrap();
        assert!(other.act(at(21), |act| act.holds(&second)).unwrap());
        other.act(at(21), |act| act.release(&second)).unwrap();
        let third = lease(&mut one, 21, 30).unwrap();
        let fourth = other.act(at(22), |act| act.seize("set v1", at(30))).unwrap();
        assert!(!one.act(at(22), |act| act.holds(&third)).unwrap());
        assert!(other.act(at(22), |act| act.holds(&fourth)).unwrap());
    }
}
