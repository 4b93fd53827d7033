//! The platform's accounts, who of them objected, and who was told.

use std::ops::Range;
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{
    ArrayRef, Date32Builder, Int64Builder, StringBuilder, TimestampMicrosecondArray,
};

use super::chance::{Dice, HeavyTail, Shuffle, mix};
use super::platform::UTC;
use super::table::{Table, rows};

/// 2025-05-27, the day on which the purpose starts, in days since 1970-01-01.
pub(super) const START: i32 = 20_235;
/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

const BATCH: u64 = 100_000;

/// Streams of chance, apart from those of the corpus files.
const ACCOUNTS: u64 = 1 << 32;
const OBJECTIONS: u64 = (1 << 32) + 1;
const NOTICES: u64 = (1 << 32) + 2;
const PERSONS: u64 = (1 << 32) + 3;

/// About four of five live in the Union.
const REGIONS: [(Option<&str>, u64); 37] = [
    (Some("DE"), 150),
    (Some("FR"), 123),
    (Some("IT"), 106),
    (Some("ES"), 88),
    (Some("PL"), 66),
    (Some("RO"), 34),
    (Some("NL"), 32),
    (Some("BE"), 21),
    (Some("CZ"), 20),
    (Some("SE"), 19),
    (Some("PT"), 19),
    (Some("GR"), 19),
    (Some("HU"), 17),
    (Some("AT"), 17),
    (Some("BG"), 12),
    (Some("DK"), 11),
    (Some("FI"), 10),
    (Some("SK"), 10),
    (Some("IE"), 10),
    (Some("HR"), 7),
    (Some("LT"), 5),
    (Some("SI"), 4),
    (Some("LV"), 3),
    (Some("EE"), 3),
    (Some("CY"), 2),
    (Some("LU"), 1),
    (Some("MT"), 1),
    (Some("GB"), 60),
    (Some("US"), 48),
    (Some("CH"), 24),
    (Some("BR"), 18),
    (Some("NO"), 16),
    (Some("CA"), 12),
    (Some("TR"), 10),
    (Some("UA"), 8),
    (Some("IN"), 4),
    (None, 5),
];
const STATES: [(Option<&str>, u64); 5] = [
    (Some("active"), 860),
    (Some("deactivated"), 95),
    (Some("suspended"), 30),
    (Some("memorialised"), 13),
    (None, 2),
];
const DECISIONS: [(&str, u64); 5] =
    [("approved", 850), ("pending", 80), ("received", 30), ("refused", 20), ("withdrawn", 20)];
const SCOPES: [(Option<&str>, u64); 5] = [
    (None, 900),
    (Some("public_content|ai_interactions|third_party"), 60),
    (Some("ai_interactions"), 15),
    (Some("public_content"), 15),
    (Some("third_party"), 10),
];

/// Who is on the platform. Nothing is stored: an account is its number, and all else follows.
#[derive(Clone, Copy)]
pub(crate) struct People {
    seed: u64,
    accounts: u64,
    tail: HeavyTail,
    by_rank: Shuffle,
}

impl People {
    pub(crate) fn new(seed: u64, accounts: u64) -> Self {
        let by_rank = Shuffle::new(accounts, seed ^ 0xA11);
        Self { seed, accounts, tail: HeavyTail::new(accounts), by_rank }
    }

    /// An account's id: anywhere in 64 bits, no two alike. Numbers past the last account give ids that
    /// nobody has.
    pub(crate) fn id(&self, number: u64) -> i64 {
        mix(mix(self.seed) ^ number) as i64
    }

    /// Somebody, the busy ones more often.
    pub(super) fn somebody(&self, dice: &mut Dice) -> u64 {
        self.by_rank.at(self.tail.draw(dice))
    }

    /// Somebody who has left: no account facts speak of them.
    pub(super) fn nobody(&self, dice: &mut Dice) -> u64 {
        self.accounts + dice.below(self.accounts)
    }

    /// The person behind an account, where it is known that they have others: of forty times three
    /// neighbours, one three is one person's.
    fn person(&self, number: u64) -> Option<u64> {
        let three = number / 3;
        let known =
            number < self.accounts && mix(mix(self.seed ^ PERSONS) ^ three).is_multiple_of(40);
        known.then_some(three)
    }

    /// Whom somebody names: anybody, and one time in ten their own accounts, where they have several.
    pub(super) fn named_by(&self, author: Option<u64>, dice: &mut Dice) -> u64 {
        match author.and_then(|author| self.person(author)) {
            Some(three) if dice.per_mille(100) => {
                (three * 3 + dice.below(3)).min(self.accounts - 1)
            }
            _ => self.somebody(dice),
        }
    }

    /// Writes `account_id`, `birth_date`, `region`, `status`, `person_id` of everybody.
    pub(crate) fn write_accounts(&self, table: &mut Table) -> Result<()> {
        let mut dice = Dice::new(self.seed, ACCOUNTS);
        for first in (0..self.accounts).step_by(BATCH as usize) {
            let (mut ids, mut births) = (Int64Builder::new(), Date32Builder::new());
            let (mut regions, mut states) = (StringBuilder::new(), StringBuilder::new());
            let mut persons = Int64Builder::new();
            for number in first..self.accounts.min(first + BATCH) {
                ids.append_value(self.id(number));
                // From 14 to 77 years old.
                let age = 5_113 + dice.below(23_000) as i32;
                births.append_option((!dice.per_mille(5)).then_some(START - age));
                regions.append_option(dice.weighed(&REGIONS));
                states.append_option(dice.weighed(&STATES));
                persons.append_option(self.person(number).map(|person| person as i64));
            }
            let columns: [(&str, ArrayRef); 5] = [
                ("account_id", Arc::new(ids.finish())),
                ("birth_date", Arc::new(births.finish())),
                ("region", Arc::new(regions.finish())),
                ("status", Arc::new(states.finish())),
                ("person_id", Arc::new(persons.finish())),
            ];
            table.write(&rows(columns)?)?;
        }
        Ok(())
    }

    /// Writes `account_id`, `status`, `received_at`, `scopes`: one objection an account.
    pub(super) fn write_objections(&self, objections: u64, table: &mut Table) -> Result<()> {
        self.write_some_objections(0..objections, objections, table)
    }

    /// The same of a part of them.
    pub(crate) fn write_some_objections(
        &self,
        part: Range<u64>,
        objections: u64,
        table: &mut Table,
    ) -> Result<()> {
        let mut dice = Dice::new(self.seed, OBJECTIONS + (part.start << 33));
        let order = Shuffle::new(self.accounts, self.seed ^ 0x0B7);
        // From six weeks before the start to four weeks after it.
        let (from, span) = (i64::from(START - 42) * DAY, 70 * DAY);
        for first in part.clone().step_by(BATCH as usize) {
            let numbers = first..part.end.min(first + BATCH);
            let ids = numbers.clone().map(|n| Some(self.id(order.at(n))));
            let (mut states, mut scopes) = (StringBuilder::new(), StringBuilder::new());
            let mut moments = Vec::new();
            for n in numbers.clone() {
                states.append_value(dice.weighed(&DECISIONS));
                scopes.append_option(dice.weighed(&SCOPES));
                let step = (n as f64 / objections as f64 * span as f64) as i64;
                moments.push(from + step + dice.below(600_000_000) as i64);
            }
            let columns: [(&str, ArrayRef); 4] = [
                ("account_id", Arc::new(ids.collect::<arrow::array::Int64Array>())),
                ("status", Arc::new(states.finish())),
                ("received_at", moments_array(moments)),
                ("scopes", Arc::new(scopes.finish())),
            ];
            table.write(&rows(columns)?)?;
        }
        Ok(())
    }

    /// Writes `account_id`, `delivered_at` of 98 in a hundred accounts; some were told too late.
    pub(super) fn write_notices(&self, table: &mut Table) -> Result<()> {
        let mut dice = Dice::new(self.seed, NOTICES);
        for first in (0..self.accounts).step_by(BATCH as usize) {
            let (mut ids, mut moments) = (Int64Builder::new(), Vec::new());
            for number in first..self.accounts.min(first + BATCH) {
                if dice.per_mille(20) {
                    continue;
                }
                let before = if dice.per_mille(15) { 20 } else { 43 };
                ids.append_value(self.id(number));
                let day = START - before + dice.below(12) as i32;
                moments.push(i64::from(day) * DAY + dice.below(DAY as u64) as i64);
            }
            let columns: [(&str, ArrayRef); 2] =
                [("account_id", Arc::new(ids.finish())), ("delivered_at", moments_array(moments))];
            table.write(&rows(columns)?)?;
        }
        Ok(())
    }
}

fn moments_array(micros: Vec<i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(micros).with_timezone(UTC))
}
