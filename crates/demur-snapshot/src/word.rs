//! What a snapshot holds of one account, in 32 bits.
//!
//! | bits | what |
//! |---|---|
//! | 0–21 | day on which the author came of age, counted from 1800-01-01 |
//! | 22–23 | 0 empty slot, 1 unknown, 2 minor, 3 adult |
//! | 24–25 | 0 nothing, 1 outside region, 2 status, 3 not notified |
//! | 26–27 | effect of objections to public content: 0 none, 1 restricted, 2 objected |
//! | 28–29 | the same for AI conversations |
//! | 30 | an objection counts for what others published |
//! | 31 | the person has another account |

use demur_core::day::Day;
use demur_core::facts::{Age, Standing};
use demur_core::objection::{Effect, Scope};
use demur_core::rules::Reason;

/// 1800-01-01, the earliest day on which anybody can have been born.
const FIRST_DAY: Day = -62_091;
const DAY_BITS: u32 = 22;
const DAY_MASK: u32 = (1 << DAY_BITS) - 1;
const AGE: u32 = 22;
const BAR: u32 = 24;
const PUBLIC: u32 = 26;
const AI: u32 = 28;
const THIRD: u32 = 30;
const LINKED: u32 = 31;

/// One account's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Word(pub(crate) u32);

impl Word {
    /// No such account: judged like one of which nothing is known, and which never objected.
    pub const ABSENT: Word = Word(0);
    /// An account of which only objections are known.
    pub(crate) const UNKNOWN: Word = Word(1 << AGE);

    pub(crate) fn of(standing: Standing) -> Word {
        let age = match standing.age {
            Age::Unknown => return Word::UNKNOWN,
            Age::Minor => 2,
            Age::Adult => 3,
        };
        let bar = match standing.bar {
            Some(Reason::AuthorOutsideRegion) => 1,
            Some(Reason::AuthorStatus) => 2,
            Some(Reason::AuthorNotNotified) => 3,
            _ => 0,
        };
        // Birth dates lie in 1800..=9999, so this spans less than 2^22 days; a purpose that asks for
        // no age has Day::MIN here.
        let day = standing.of_age_on.saturating_sub(FIRST_DAY).clamp(0, DAY_MASK as i32) as u32;
        Word(day | age << AGE | bar << BAR)
    }

    /// Combines two listings of one account: [`Standing::stricter`] on bits.
    pub(crate) fn stricter(self, other: Word) -> Word {
        let age = self.field(AGE).min(other.field(AGE));
        let day = (self.0 & DAY_MASK).max(other.0 & DAY_MASK);
        let bar = match (self.field(BAR), other.field(BAR)) {
            (0, b) => b,
            (a, 0) => a,
            (a, b) => a.min(b),
        };
        Word(day | age << AGE | bar << BAR).with_effects(self).with_effects(other)
    }

    /// Takes over the objections of another account of the same person.
    pub(crate) fn with_effects(self, other: Word) -> Word {
        let public = self.field(PUBLIC).max(other.field(PUBLIC));
        let ai = self.field(AI).max(other.field(AI));
        let third = (self.0 | other.0) & (1 << THIRD);
        let rest = self.without_effects().0;
        Word(rest | public << PUBLIC | ai << AI | third)
    }

    pub(crate) fn objecting(public: Effect, ai: Effect, third: bool) -> Word {
        Word((public as u32) << PUBLIC | (ai as u32) << AI | u32::from(third) << THIRD)
    }

    /// The same without objections.
    pub(crate) fn without_effects(self) -> Word {
        Word(self.0 & !(3 << PUBLIC | 3 << AI | 1 << THIRD))
    }

    /// Whether any objection counts.
    pub(crate) fn is_objecting(self) -> bool {
        self != self.without_effects()
    }

    /// Whether nothing is known of the account, or not whether it is listed at all.
    pub(crate) fn of_unknown_age(self) -> bool {
        self.field(AGE) < 2
    }

    pub(crate) fn linked(self) -> Word {
        Word(self.0 | 1 << LINKED)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.field(AGE) == 0
    }

    fn field(self, at: u32) -> u32 {
        self.0 >> at & 3
    }

    /// Rules 4 and 5: the reason for which the author's age excludes, if it does.
    #[must_use]
    pub fn age_reason(self) -> Option<Reason> {
        match self.field(AGE) {
            3 => None,
            2 => Some(Reason::AuthorMinor),
            _ => Some(Reason::AuthorUnknown),
        }
    }

    /// Rule 6: whether a record of that day was made before the author came of age.
    #[must_use]
    pub fn was_minor_on(self, day: Day) -> bool {
        i64::from(day) - i64::from(FIRST_DAY) < i64::from(self.0 & DAY_MASK)
    }

    /// Rules 7 to 9: the first that excludes the author.
    #[must_use]
    pub fn bar(self) -> Option<Reason> {
        match self.field(BAR) {
            1 => Some(Reason::AuthorOutsideRegion),
            2 => Some(Reason::AuthorStatus),
            3 => Some(Reason::AuthorNotNotified),
            _ => None,
        }
    }

    /// Rule 10: what the objections of the author's person do to records of that scope.
    #[must_use]
    pub fn objection_reason(self, scope: Scope) -> Option<Reason> {
        let at = match scope {
            Scope::PublicContent => PUBLIC,
            Scope::AiInteractions => AI,
            Scope::ThirdParty => return None,
        };
        match self.field(at) {
            0 => None,
            1 => Some(Reason::AuthorRestricted),
            _ => Some(Reason::AuthorObjected),
        }
    }

    /// Rules 4, 5 and 7 to 10 together, for a record that was not made while its author was a minor: the
    /// reason for which the author's entry excludes it, if it does.
    #[must_use]
    pub fn author_reason(self, scope: Scope) -> Option<Reason> {
        self.age_reason().or_else(|| self.bar()).or_else(|| self.objection_reason(scope))
    }

    /// Rule 11: whether an objection of the person counts for what others published.
    #[must_use]
    pub fn objects_as_third_party(self) -> bool {
        self.0 >> THIRD & 1 != 0
    }

    /// All that rules 4, 5 and 7 to 10 look at, as a number below 256: words of one group get the same
    /// verdict from them, so that a table can hold it.
    #[must_use]
    pub fn group(self) -> u8 {
        (self.0 >> AGE) as u8
    }

    /// Some word of a group.
    #[must_use]
    pub fn of_group(group: u8) -> Word {
        Word(u32::from(group) << AGE)
    }

    /// Rule 6: the day on which the author came of age, where that is known.
    #[must_use]
    pub fn of_age_on(self) -> Day {
        (self.0 & DAY_MASK) as Day + FIRST_DAY
    }

    /// Whether the person has another account.
    #[must_use]
    pub fn is_linked(self) -> bool {
        self.0 >> LINKED != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demur_core::day;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn the_first_day_is_the_first_of_1800() {
        assert_eq!(FIRST_DAY, day::of_date(date(1800, 1, 1)));
        assert!(day::of_date(date(9999, 12, 31)) - FIRST_DAY < DAY_MASK as i32);
    }

    fn standing() -> impl Strategy<Value = Standing> {
        let bar = prop_oneof![
            Just(None),
            Just(Some(Reason::AuthorOutsideRegion)),
            Just(Some(Reason::AuthorStatus)),
            Just(Some(Reason::AuthorNotNotified))
        ];
        prop_oneof![
            Just(Standing::UNKNOWN),
            (-62_091..2_900_000i32, prop::bool::ANY, bar).prop_map(|(day, minor, bar)| Standing {
                age: if minor { Age::Minor } else { Age::Adult },
                of_age_on: day,
                bar,
            })
        ]
    }

    proptest! {
        #[test]
        fn bits_say_what_standings_say(a in standing(), b in standing(), day: i32) {
            for (standing, word) in [(a, Word::of(a)), (a.stricter(b), Word::of(a).stricter(Word::of(b)))] {
                let reason = match standing.age {
                    Age::Adult => None,
                    Age::Minor => Some(Reason::AuthorMinor),
                    Age::Unknown => Some(Reason::AuthorUnknown),
                };
                prop_assert_eq!(word.age_reason(), reason);
                let alike = Word::of_group(word.group());
                prop_assert_eq!(alike.age_reason(), reason);
                prop_assert_eq!(alike.bar(), word.bar());
                prop_assert_eq!(word.was_minor_on(day), day < word.of_age_on());
                if standing.age != Age::Unknown {
                    prop_assert_eq!(word.bar(), standing.bar);
                    prop_assert_eq!(word.was_minor_on(day), day < standing.of_age_on);
                }
            }
        }
    }
}
