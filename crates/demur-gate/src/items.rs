//! Single records that were objected to, for columns of integer ids: comparing numbers takes a fraction
//! of the time that printing and hashing each record's id would.

use std::collections::HashSet;

use demur_snapshot::Snapshot;

/// The record ids that are integers, as [`Snapshot::is_item`] would find them printed.
#[derive(Debug)]
pub(crate) struct NumberedItems {
    numbers: HashSet<i128>,
    /// A bit for each number, by a hash of its low 64 bits: what is not set here is no item.
    bits: Box<[u64]>,
    shift: u32,
}

impl NumberedItems {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let numbers: HashSet<i128> = snapshot.item_ids().filter_map(canonical).collect();
        let size = (numbers.len() * 64).next_power_of_two().clamp(1 << 6, 1 << 23);
        let mut items =
            NumberedItems { numbers, bits: vec![0; size / 64].into(), shift: 64 - size.ilog2() };
        for number in &items.numbers {
            let bit = items.bit(*number as u64);
            items.bits[(bit / 64) as usize] |= 1 << (bit % 64);
        }
        items
    }

    /// Whether a record with this id was objected to.
    pub(crate) fn holds(&self, id: i128) -> bool {
        let bit = self.bit(id as u64);
        self.bits[(bit / 64) as usize] >> (bit % 64) & 1 != 0 && self.numbers.contains(&id)
    }

    fn bit(&self, low: u64) -> u64 {
        // Fibonacci hashing: neighbouring ids get bits far apart.
        low.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift
    }
}

/// The integer that is printed like this and in no other way.
fn canonical(text: &[u8]) -> Option<i128> {
    let text = std::str::from_utf8(text).ok()?;
    let number: i128 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_printed_like_a_number_is_one() {
        let cases = [("7", Some(7)), ("-7", Some(-7)), ("0", Some(0))];
        for (text, number) in cases {
            assert_eq!(canonical(text.as_bytes()), number);
        }
        for text in ["+7", "07", "-0", " 7", "7 ", "7.0", "", "x", "\u{665}"] {
            assert_eq!(canonical(text.as_bytes()), None, "{text:?}");
        }
    }
}
