//! Days and instants of the demo, as numbers: days since 1970-01-01, and seconds since then.

/// A day, counted from 1970-01-01.
pub(super) type Day = i32;

/// 2012-01-01: the platform's first day.
pub(super) const FOUNDED: Day = 15_340;
/// 2024-02-01: the platform's AI answers for the first time.
pub(super) const AI_BEGINS: Day = 19_754;
/// 2025-04-14: the first notices go out and the first objections come in.
pub(super) const FIRST_NOTICE: Day = 20_192;
/// 2025-04-28: a notice delivered on this day or later comes too late for the start.
pub(super) const NOTICE_TOO_LATE: Day = 20_206;
/// 2025-05-27: the purpose starts.
pub(super) const START: Day = 20_235;
/// 2025-06-15: the corpus ends.
pub(super) const LAST_RECORD: Day = 20_254;
/// 2025-06-20: the last objection in the file.
pub(super) const LAST_OBJECTION: Day = 20_259;
/// 2007-05-27: who was born on this day comes of age on the day the purpose starts.
pub(super) const ADULT_IF_BORN_BY: Day = 13_660;
/// 2012-05-27: nobody on the platform was born later.
pub(super) const YOUNGEST: Day = 15_487;
/// Thirteen years, the age at which people may join.
pub(super) const JOINING_AGE: Day = 4_748;
/// Seconds of a day.
pub(super) const SECONDS: i64 = 86_400;

/// An instant as RFC 3339 in UTC; empty where it lies outside of what a calendar can name.
pub(super) fn rfc3339(second: i64) -> String {
    jiff::Timestamp::from_second(second).map(|t| t.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_days_they_claim() {
        let day = |day: Day| rfc3339(i64::from(day) * SECONDS);
        for (number, name) in [
            (FOUNDED, "2012-01-01"),
            (AI_BEGINS, "2024-02-01"),
            (FIRST_NOTICE, "2025-04-14"),
            (NOTICE_TOO_LATE, "2025-04-28"),
            (START, "2025-05-27"),
            (LAST_RECORD, "2025-06-15"),
            (LAST_OBJECTION, "2025-06-20"),
            (ADULT_IF_BORN_BY, "2007-05-27"),
            (YOUNGEST, "2012-05-27"),
        ] {
            assert_eq!(day(number), format!("{name}T00:00:00Z"));
        }
    }
}
