//! How many objections one address may bring in a day. It keeps a person who reads them from drowning in
//! what a program sends; whoever reaches it loses nothing and goes on the next day.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

/// New cases of one address and day, after which its next form waits. The form that reaches it is still
/// taken whole.
const MOST: usize = 100;

/// Counts by the keyed digest of an address, for one day at a time.
#[derive(Default)]
pub(crate) struct PerDay(Mutex<Today>);

#[derive(Default)]
struct Today {
    day: Option<Date>,
    counts: HashMap<[u8; 32], usize>,
}

impl PerDay {
    /// Whether an address may bring more today.
    pub(super) fn has_room(&self, key: &[u8; 32], day: Date) -> bool {
        let today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        today.day != Some(day) || today.counts.get(key).is_none_or(|count| *count < MOST)
    }

    /// Counts what it brought. Another day forgets all of the one before.
    pub(super) fn count(&self, key: [u8; 32], day: Date, new: usize) {
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if today.day != Some(day) {
            *today = Today { day: Some(day), counts: HashMap::new() };
        }
        *today.counts.entry(key).or_default() += new;
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_has_its_limit_and_the_next_one_begins_anew() {
        let (limit, day) = (PerDay::default(), date(2025, 5, 12));
        limit.count([1; 32], day, MOST - 1);
        assert!(limit.has_room(&[1; 32], day));
        limit.count([1; 32], day, 50);
        assert!(!limit.has_room(&[1; 32], day) && limit.has_room(&[2; 32], day));
        assert!(limit.has_room(&[1; 32], date(2025, 5, 13)));
    }
}
