//! How long sending takes, and until when it is in time.

use std::num::NonZeroU32;
use std::time::Duration;

use demur_core::day::{self, Zone};
use demur_core::purpose::Purpose;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::failure::Failure;

/// When a purpose's notices have to go out.
pub(crate) struct Schedule {
    /// How long it takes at the configured pace; none where there is no limit.
    pub(crate) takes: Option<Duration>,
    /// The last day, in the purpose's zone, on which a delivery leaves the days that the purpose asks
    /// for; none where it asks for no notice.
    pub(crate) last_day: Option<Date>,
    /// Whether sending from now on is in time to its end.
    pub(crate) in_time: bool,
}

impl Schedule {
    /// The schedule of so many mails, begun now.
    pub(crate) fn of(
        purpose: &Purpose,
        mails: u64,
        per_second: Option<NonZeroU32>,
        now: Timestamp,
    ) -> Result<Schedule, Failure> {
        let zone = Zone::named(&purpose.time_zone).map_err(Failure::input)?;
        let takes =
            per_second.map(|rate| Duration::from_secs_f64(mails as f64 / f64::from(rate.get())));
        let last = purpose.notice.required.then(|| {
            let days = i32::try_from(purpose.notice.days_before).unwrap_or(i32::MAX);
            day::of_date(purpose.starts_on).saturating_sub(days)
        });
        let micros = takes.map_or(0, |takes| takes.as_micros());
        let end = now.as_microsecond().saturating_add(i64::try_from(micros).unwrap_or(i64::MAX));
        let in_time = last.is_none_or(|last| zone.day(end).is_some_and(|end| end <= last));
        Ok(Schedule { takes, last_day: last.and_then(day::to_date), in_time })
    }
}

#[cfg(test)]
mod tests {
    use demur_core::purpose::sample;

    use super::*;

    fn schedule(now: &str, mails: u64) -> Schedule {
        Schedule::of(&sample(), mails, NonZeroU32::new(10), now.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_last_day_is_one_on_which_a_delivery_still_counts() {
        let schedule = schedule("2025-04-27T22:59:00Z", 600);
        assert_eq!(schedule.last_day.unwrap().to_string(), "2025-04-27");
        assert_eq!(schedule.takes, Some(Duration::from_secs(60)));
        // Midnight in Dublin, which is an hour ahead.
        assert!(!schedule.in_time);
        assert!(self::schedule("2025-04-27T22:58:00Z", 600).in_time);
    }

    #[test]
    fn where_no_notice_is_asked_for_it_is_never_late() {
        let mut purpose = sample();
        purpose.notice.required = false;
        let now = "2035-01-01T00:00:00Z".parse().unwrap();
        let schedule = Schedule::of(&purpose, 1, None, now).unwrap();
        assert!(schedule.in_time && schedule.last_day.is_none() && schedule.takes.is_none());
    }
}
