//! Account facts, and where they leave an author before any record or objection is looked at.

use jiff::civil::Date;

use crate::day::{self, Day, Zone};
use crate::purpose::Purpose;
use crate::rules::Reason;

/// What the platform knows of one account, as one row of the account facts states it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts<'a> {
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// ISO 3166-1 alpha-2 code.
    pub region: Option<&'a str>,
    /// The platform's word for the account's state.
    pub status: Option<&'a str>,
}

/// How old an author is, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Of age on the purpose's start day, or the purpose asks for no age.
    Adult,
    /// Under age on that day.
    Minor,
    /// No facts, or one that the purpose needs is missing.
    Unknown,
}

/// What the account facts and the notices alone say of an author.
///
/// Two listings of one account are [combined](Standing::stricter), so that a contradiction never
/// lets more through than either listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Rules 4 and 5.
    pub age: Age,
    /// The day on which the author came of age; [`Day::MIN`] where the purpose asks for no age.
    pub of_age_on: Day,
    /// The first of rules 7 to 9 that excludes the author: [`Reason::AuthorOutsideRegion`],
    /// [`Reason::AuthorStatus`] or [`Reason::AuthorNotNotified`].
    pub bar: Option<Reason>,
}

impl Standing {
    /// Where an account without facts stands.
    pub const UNKNOWN: Standing = Standing { age: Age::Unknown, of_age_on: Day::MIN, bar: None };

    /// Judges one listing of an account. `notified` says whether the purpose's notice was in time,
    /// as [`notice_in_time`] has it.
    #[must_use]
    pub fn of(purpose: &Purpose, facts: &AccountFacts<'_>, notified: bool) -> Standing {
        let of_age_on = match facts.birth_date.filter(|d| (1800..=9999).contains(&d.year())) {
            _ if !purpose.needs_birth_date() => Some(Day::MIN),
            Some(birth) => day::birthday(birth, purpose.minimum_age).map(day::of_date),
            None => None,
        };
        let missing = (purpose.regions.is_needed() && facts.region.is_none())
            || (purpose.account_status.is_needed() && facts.status.is_none());
        let Some(of_age_on) = of_age_on.filter(|_| !missing) else {
            return Standing::UNKNOWN;
        };
        let age = if of_age_on > day::of_date(purpose.starts_on) { Age::Minor } else { Age::Adult };
        let bar = if facts.region.is_some_and(|r| !purpose.regions.permits(r)) {
            Some(Reason::AuthorOutsideRegion)
        } else if facts.status.is_some_and(|s| !purpose.account_status.permits(s)) {
            Some(Reason::AuthorStatus)
        } else if purpose.notice.required && !notified {
            Some(Reason::AuthorNotNotified)
        } else {
            None
        };
        Standing { age, of_age_on, bar }
    }

    /// The stricter of two listings of the same account, rule by rule.
    #[must_use]
    pub fn stricter(self, other: Standing) -> Standing {
        Standing {
            age: self.age.max(other.age),
            of_age_on: self.of_age_on.max(other.of_age_on),
            bar: match (self.bar, other.bar) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
        }
    }
}

/// Whether a notice delivered at `delivered` (µs since 1970 UTC) leaves the configured days before
/// the start (rule 9).
#[must_use]
pub fn notice_in_time(purpose: &Purpose, zone: &Zone, delivered: i64) -> bool {
    zone.day(delivered).is_some_and(|on| {
        i64::from(on) + i64::from(purpose.notice.days_before)
            <= i64::from(day::of_date(purpose.starts_on))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::{Allowed, sample};
    use jiff::civil::date;

    fn facts(birth: Date) -> AccountFacts<'static> {
        AccountFacts { birth_date: Some(birth), region: Some("IE"), status: Some("active") }
    }

    #[test]
    fn who_comes_of_age_on_the_start_day_is_adult() {
        let purpose = sample();
        let age = |birth| Standing::of(&purpose, &facts(birth), true).age;
        assert_eq!(age(date(2007, 5, 27)), Age::Adult);
        assert_eq!(age(date(2007, 5, 28)), Age::Minor);
    }

    #[test]
    fn a_missing_fact_excludes_only_where_the_purpose_needs_it() {
        let mut purpose = sample();
        let nothing = AccountFacts::default();
        assert_eq!(Standing::of(&purpose, &nothing, true), Standing::UNKNOWN);
        purpose.minimum_age = 0;
        purpose.regions = Allowed::Any;
        assert_eq!(Standing::of(&purpose, &nothing, true), Standing::UNKNOWN);
        purpose.account_status = Allowed::Any;
        assert_eq!(Standing::of(&purpose, &nothing, true).age, Age::Adult);
        assert_eq!(Standing::of(&purpose, &nothing, false).bar, Some(Reason::AuthorNotNotified));
    }

    #[test]
    fn an_impossible_birth_date_is_an_unknown_one() {
        let purpose = sample();
        for birth in [date(1, 1, 1), date(1799, 12, 31), date(-44, 3, 15)] {
            assert_eq!(Standing::of(&purpose, &facts(birth), true).age, Age::Unknown);
        }
    }

    #[test]
    fn contradicting_listings_never_let_more_through() {
        let purpose = sample();
        let adult = Standing::of(&purpose, &facts(date(1980, 1, 1)), true);
        let younger = Standing::of(&purpose, &facts(date(1990, 1, 1)), false);
        let both = adult.stricter(younger);
        assert_eq!(both, younger.stricter(adult));
        assert_eq!(both.of_age_on, younger.of_age_on);
        assert_eq!(both.bar, Some(Reason::AuthorNotNotified));
        assert_eq!(both.stricter(Standing::UNKNOWN).age, Age::Unknown);
    }

    #[test]
    fn notice_days_are_counted_in_the_purposes_zone() {
        let purpose = sample();
        let zone = Zone::named(&purpose.time_zone).unwrap();
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        // Dublin is an hour ahead in April: the last moment of the 27th there is 22:59:59 UTC.
        assert!(notice_in_time(&purpose, &zone, at("2025-04-27T22:59:59Z")));
        assert!(!notice_in_time(&purpose, &zone, at("2025-04-27T23:00:00Z")));
    }
}
