//! What of the register's figures everybody may see. Page, chart and files are all made of this, so that
//! none of them tells what another hides.

use std::collections::BTreeMap;
use std::time::Duration;

use demur_core::objection::{Scope, Scopes};
use demur_register::event::{Ground, Source};
use demur_register::{Figures, Times};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::protect::{self, Shown};

/// How many months are told one by one; earlier ones are told together.
pub(crate) const MONTHS: usize = 24;

/// The least limit: fewer would protect too little.
pub(crate) const LEAST_LIMIT: u64 = 5;

/// How an objection can stand, in the order of the tables.
pub(crate) const STANDINGS: [&str; 4] = ["approved", "refused", "withdrawn", "open"];

/// What withholding a count of each costs readers, where one must be withheld: how often a controller
/// refuses is what they come for.
const WEIGHTS: [u64; 4] = [1, 4, 3, 1];

/// Every way on which objections come.
pub(crate) const SOURCES: [Source; 5] =
    [Source::DirectLink, Source::PrivacyCentre, Source::Agent, Source::CommandLine, Source::Import];

/// Everything that is told.
pub(crate) struct Published {
    /// When it was counted.
    pub(crate) as_of: Timestamp,
    /// Counts below this are not told.
    pub(crate) limit: u64,
    /// Each purpose, in the order of the configuration.
    pub(crate) purposes: Vec<Told>,
}

/// What is told of one purpose.
pub(crate) struct Told {
    /// Its short name.
    pub(crate) purpose: String,
    /// The zone that its months are counted in.
    pub(crate) time_zone: String,
    /// All that were received.
    pub(crate) received: Shown,
    /// How they stand, in the order of [`STANDINGS`].
    pub(crate) standing: [Shown; 4],
    /// The same by month of receipt: how they stand, and all received.
    pub(crate) months: Vec<(Period, [Shown; 4], Shown)>,
    /// Received, by the way on which they came.
    pub(crate) sources: Vec<(Source, Shown)>,
    /// Received, by what they cover.
    pub(crate) scopes: Vec<(Covers, Shown)>,
    /// Refused, by ground.
    pub(crate) grounds: Vec<(Ground, Shown)>,
    /// From receipt to the answer; `None` where too few were answered.
    pub(crate) answer: Option<Limits>,
    /// From receipt to the effect.
    pub(crate) effect: Option<Limits>,
    /// Notices sent.
    pub(crate) sent: Series,
    /// Notices that came back.
    pub(crate) undelivered: Series,
}

/// A number by month, with its total.
pub(crate) struct Series {
    pub(crate) total: Shown,
    pub(crate) months: Vec<(Period, Shown)>,
}

/// The time that a row of a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    /// All before the first month that is told alone.
    Earlier,
    /// The month that begins on this day.
    Month(Date),
}

/// What an objection covers; each belongs to exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Covers {
    /// One single record.
    Item,
    /// Everything in these scopes.
    All(Scopes),
}

/// A time that was not exceeded, rounded up: an exact one would be that of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) number: u64,
    pub(crate) unit: Unit,
}

/// What a [`Limit`] is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Told {
    /// Hides what is small. `today` is the day in the purpose's zone.
    pub(crate) fn of(
        purpose: &str,
        time_zone: &str,
        figures: &Figures,
        today: Date,
        limit: u64,
    ) -> Self {
        let standing = |s: &demur_register::Standing| [s.approved, s.refused, s.withdrawn, s.open];
        let months = figures.months.iter().map(|(month, s)| (*month, standing(s))).collect();
        let (periods, rows) = by_period(&months, today);
        let table = protect::table(&rows, WEIGHTS, limit);
        let [approved, refused, ..] = table.columns;
        // That enough were answered to be timed must not be news either.
        let answered = [approved, refused].iter().any(|s| s.count().is_some_and(|n| n >= limit));

        let sources = SOURCES.map(|s| figures.sources.get(&s).copied().unwrap_or_default());
        let covers = Covers::all();
        let scopes: Vec<u64> = covers.iter().map(|covers| covers.count(figures)).collect();
        let grounds = Ground::ALL.map(|g| figures.grounds.get(&g).copied().unwrap_or_default());
        let sent = figures.notices.iter().map(|(month, told)| (*month, [told.sent])).collect();
        let back = figures.notices.iter().map(|(month, told)| (*month, [told.undelivered]));
        let shown = |total, values: &[u64]| protect::parts(total, values, limit);
        Told {
            purpose: purpose.to_owned(),
            time_zone: time_zone.to_owned(),
            received: table.total,
            standing: table.columns,
            months: periods
                .into_iter()
                .zip(table.rows)
                .map(|(p, (row, all))| (p, row, all))
                .collect(),
            sources: SOURCES.into_iter().zip(shown(table.total, &sources)).collect(),
            grounds: Ground::ALL.into_iter().zip(shown(refused, &grounds)).collect(),
            scopes: covers.into_iter().zip(shown(table.total, &scopes)).collect(),
            answer: limits(&figures.answer, limit).filter(|_| answered),
            effect: limits(&figures.effect, limit),
            sent: Series::of(&sent, today, limit),
            undelivered: Series::of(&back.collect(), today, limit),
        }
    }

    /// Whether there is anything to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.received == Shown::Count(0) && self.sent.total == Shown::Count(0)
    }
}

impl Series {
    fn of(months: &BTreeMap<Date, [u64; 1]>, today: Date, limit: u64) -> Self {
        let (periods, rows) = by_period(months, today);
        let values: Vec<u64> = rows.into_iter().map(|[value]| value).collect();
        let total = Shown::alone(values.iter().sum(), limit);
        let shown = protect::parts(total, &values, limit);
        Series { total, months: periods.into_iter().zip(shown).collect() }
    }
}

impl Covers {
    /// All of them, in the order in which they are listed.
    pub(crate) fn all() -> Vec<Covers> {
        let set = |bits: usize| {
            let all = Scope::ALL.into_iter().enumerate();
            all.filter(|(at, _)| bits >> at & 1 == 1).map(|(_, scope)| scope).collect::<Scopes>()
        };
        (1..1 << Scope::ALL.len())
            .map(|bits| Covers::All(set(bits)))
            .chain([Covers::Item])
            .collect()
    }

    fn count(self, figures: &Figures) -> u64 {
        match self {
            Covers::Item => figures.items,
            Covers::All(scopes) => figures.scopes.get(&scopes).copied().unwrap_or_default(),
        }
    }
}

/// One row a month without gaps up to the month of `today`, and one for all that lies before. What is
/// dated later counts as of today.
fn by_period<const N: usize>(
    months: &BTreeMap<Date, [u64; N]>,
    today: Date,
) -> (Vec<Period>, Vec<[u64; N]>) {
    let last = today.first_of_month();
    let Some(first) = months.keys().next() else { return (Vec::new(), Vec::new()) };
    let back = (0..MONTHS as i64).map(|n| last.saturating_sub(n.months()));
    let mut starts: Vec<Date> = back.take_while(|start| start >= first || *start == last).collect();
    starts.reverse();
    let mut rows = vec![[0; N]; starts.len()];
    let mut earlier = None;
    for (month, values) in months {
        let row = match starts.binary_search(&(*month).min(last)) {
            Ok(at) => &mut rows[at],
            Err(_) => earlier.get_or_insert([0; N]),
        };
        row.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    let periods = starts.into_iter().map(Period::Month);
    match earlier {
        Some(row) => {
            (std::iter::once(Period::Earlier).chain(periods).collect(), [vec![row], rows].concat())
        }
        None => (periods.collect(), rows),
    }
}

/// Median and 95th percentile; `None` where so many cases wait that it is not known yet.
pub(crate) type Limits = [Option<Limit>; 2];

/// Both, unless they are of too few.
fn limits(times: &Times, limit: u64) -> Option<Limits> {
    (times.count >= limit).then(|| [times.median, times.p95].map(|time| time.map(Limit::of)))
}

impl Limit {
    /// Up to two of the next larger unit, the smaller one says enough.
    fn of(time: Duration) -> Self {
        let seconds = time.as_micros().div_ceil(1_000_000).max(1) as u64;
        let unit = match seconds {
            0..120 => Unit::Seconds,
            120..7200 => Unit::Minutes,
            7200..172_800 => Unit::Hours,
            _ => Unit::Days,
        };
        Limit { number: seconds.div_ceil(unit.seconds()), unit }
    }

    /// The same in seconds.
    pub(crate) fn seconds(self) -> u64 {
        self.number * self.unit.seconds()
    }
}

impl Unit {
    fn seconds(self) -> u64 {
        match self {
            Unit::Seconds => 1,
            Unit::Minutes => 60,
            Unit::Hours => 3600,
            Unit::Days => 86_400,
        }
    }
}

#[cfg(test)]
mod tests {
    use demur_register::Standing;
    use jiff::civil::date;

    use super::*;

    fn told(figures: &Figures) -> Told {
        Told::of("p", "UTC", figures, date(2025, 5, 12), 10)
    }

    fn approved(count: u64) -> Standing {
        Standing { approved: count, ..Standing::default() }
    }

    fn effect(count: u64, seconds: u64) -> Times {
        let time = Some(Duration::from_secs(seconds));
        Times { count, median: time, p95: time }
    }

    #[test]
    fn months_have_no_gaps_and_old_ones_stand_together() {
        let months = [(2019, 3, 20), (2020, 1, 30), (2025, 2, 40), (2025, 4, 50)];
        let months = months.map(|(year, month, count)| (date(year, month, 1), approved(count)));
        let told = told(&Figures { months: months.into(), ..Figures::default() });
        assert_eq!(told.months.len(), MONTHS + 1);
        let row = |at: usize| (told.months[at].0, told.months[at].2);
        assert_eq!(row(0), (Period::Earlier, Shown::Count(50)));
        assert_eq!(row(MONTHS), (Period::Month(date(2025, 5, 1)), Shown::Count(0)));
        assert_eq!(row(MONTHS - 1), (Period::Month(date(2025, 4, 1)), Shown::Count(50)));
        assert_eq!(row(MONTHS - 2), (Period::Month(date(2025, 3, 1)), Shown::Count(0)));
        assert_eq!(told.received, Shown::Count(140));
    }

    #[test]
    fn what_is_dated_in_the_future_counts_as_of_today() {
        let months = [(date(2025, 5, 1), approved(20)), (date(2031, 1, 1), approved(30))];
        let told = told(&Figures { months: months.into(), ..Figures::default() });
        let row = (Period::Month(date(2025, 5, 1)), Shown::Count(50));
        assert_eq!(told.months.iter().map(|m| (m.0, m.2)).collect::<Vec<_>>(), [row]);
    }

    #[test]
    fn where_the_refused_are_not_told_their_grounds_are_not_either() {
        let month = Standing { approved: 500, refused: 7, withdrawn: 0, open: 40 };
        let told = told(&Figures {
            months: [(date(2025, 5, 1), month)].into(),
            grounds: [(Ground::Security, 7)].into(),
            ..Figures::default()
        });
        assert_eq!((told.received, told.standing[1]), (Shown::Count(547), Shown::Few));
        assert!(told.grounds.iter().all(|(_, shown)| *shown == Shown::Withheld));
    }

    #[test]
    fn where_fewer_came_than_the_limit_nothing_is_told_of_them() {
        let month = Standing { approved: 5, refused: 4, withdrawn: 0, open: 0 };
        let told = told(&Figures {
            months: [(date(2025, 4, 1), month)].into(),
            sources: [(Source::DirectLink, 9)].into(),
            scopes: [(Scopes::OWN, 9)].into(),
            grounds: [(Ground::Security, 4)].into(),
            answer: effect(9, 5),
            effect: effect(9, 5),
            ..Figures::default()
        });
        assert_eq!(told.received, Shown::Few);
        let months = told.months.iter().flat_map(|(_, row, all)| row.iter().chain([all]));
        let parts = told.sources.iter().map(|(_, shown)| shown);
        let parts = parts.chain(told.scopes.iter().map(|(_, shown)| shown));
        let parts = parts.chain(told.grounds.iter().map(|(_, shown)| shown));
        assert!(months.chain(parts).chain(&told.standing).all(|s| *s == Shown::Withheld));
        assert_eq!((told.answer, told.effect), (None, None));
    }

    #[test]
    fn times_of_few_are_not_told_and_others_are_rounded_up() {
        let told_of = |count, seconds| {
            told(&Figures { effect: effect(count, seconds), ..Figures::default() }).effect
        };
        assert_eq!(told_of(9, 5), None);
        let rounded = |seconds| told_of(10, seconds)?[0].map(|median| (median.number, median.unit));
        assert_eq!(rounded(0), Some((1, Unit::Seconds)));
        assert_eq!(rounded(119), Some((119, Unit::Seconds)));
        assert_eq!(rounded(121), Some((3, Unit::Minutes)));
        assert_eq!(rounded(7201), Some((3, Unit::Hours)));
        assert_eq!(rounded(86_400 * 3 + 1), Some((4, Unit::Days)));
    }

    #[test]
    fn every_combination_of_scopes_is_listed_once() {
        let all = Covers::all();
        assert_eq!(all.len(), 8);
        assert!(all.contains(&Covers::All(Scopes::OWN)) && all.contains(&Covers::Item));
    }
}
