//! How fast mails go out: arithmetic on times that the caller gives.

use std::num::NonZeroU32;
use std::time::Duration;

/// A limit of so many mails a second, with a few at once allowed after a pause.
///
/// Times are counted from any fixed moment. Nothing waits here: the caller is told how long to.
///
/// ```
/// use std::time::Duration;
/// use demur_notice::pace::Pace;
/// let mut pace = Pace::per_second(10.try_into().unwrap(), 1.try_into().unwrap());
/// assert_eq!(pace.reserve(Duration::ZERO), Duration::ZERO);
/// assert_eq!(pace.reserve(Duration::ZERO), Duration::from_millis(100));
/// ```
#[derive(Clone, Debug)]
pub struct Pace {
    interval: Duration,
    /// How far ahead of an even pace a burst may run.
    slack: Duration,
    /// When the next mail is due at an even pace.
    due: Duration,
}

impl Pace {
    /// `rate` mails a second, `burst` of them without a gap.
    #[must_use]
    pub fn per_second(rate: NonZeroU32, burst: NonZeroU32) -> Pace {
        let interval = Duration::from_secs(1) / rate.get();
        Pace { interval, slack: interval * (burst.get() - 1), due: Duration::ZERO }
    }

    /// Takes the next place at `now` and says how long to wait for it.
    pub fn reserve(&mut self, now: Duration) -> Duration {
        let due = self.due.max(now);
        self.due = due.saturating_add(self.interval);
        due.saturating_sub(now.saturating_add(self.slack))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(rate: u32, burst: u32) -> Pace {
        Pace::per_second(rate.try_into().unwrap(), burst.try_into().unwrap())
    }

    #[test]
    fn a_second_holds_no_more_than_the_rate_and_a_burst() {
        let mut pace = pace(50, 5);
        let mut now = Duration::ZERO;
        let mut sent = 0;
        while now < Duration::from_secs(10) {
            now += pace.reserve(now);
            sent += 1;
        }
        assert!((500..=506).contains(&sent), "{sent}");
    }

    #[test]
    fn a_pause_saves_up_one_burst_and_no_more() {
        let mut pace = pace(10, 3);
        let later = Duration::from_secs(3600);
        let waits: Vec<_> = (0..5).map(|_| pace.reserve(later).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 100, 200]);
    }

    #[test]
    fn time_that_stands_still_or_runs_back_never_breaks_it() {
        let mut pace = pace(1, 1);
        pace.reserve(Duration::from_secs(5));
        assert_eq!(pace.reserve(Duration::from_secs(4)), Duration::from_secs(2));
        assert_eq!(pace.reserve(Duration::MAX), Duration::ZERO);
        pace.reserve(Duration::MAX);
    }
}
