//! Figures on objections, for everybody to read: how many came, what became of them, how long it took.
//!
//! They are counted anew from the log and the table of cases each time; nothing is kept that could
//! drift away from what was said. Who was erased (Art. 17) is in none of them. They are exact, so small
//! ones can point at somebody: whoever publishes them must hide those first.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use demur_core::day::{self, Zone};
use demur_core::objection::{Scopes, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::event::{By, Ground, Moment, Source};
use crate::keys::Keys;
use crate::store::{CaseQuery, EventRow, Read};
use crate::writer::{load_personal, load_subject};
use crate::{CaseId, Register, TrainingSet, training};

/// The figures of one purpose. Months are named by their first day, in the purpose's zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Where the objections stand that arrived in a month.
    pub months: BTreeMap<Date, Standing>,
    /// How many came on each way.
    pub sources: BTreeMap<Source, u64>,
    /// How many cover exactly these scopes and name no single record.
    pub scopes: BTreeMap<Scopes, u64>,
    /// How many name a single record.
    pub items: u64,
    /// The refused ones by the kind of ground; where nobody chose any, [`Ground::Other`].
    pub grounds: BTreeMap<Ground, u64>,
    /// From receipt to the first decision. A decision that was imported is left out: the log knows when
    /// it was imported, not when it was taken.
    pub answer: Times,
    /// Of objections in force: from receipt, or from when it was opened again, until nothing that it
    /// covers is in use. That is the entry in the register, from which moment every build leaves the
    /// person out, or where older training sets held it, the version of the last of them that does not.
    pub effect: Times,
    /// Notices by the month in which the register was told of them.
    pub notices: BTreeMap<Date, Told>,
}

/// Where objections stand now; together they are all that were received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Approved.
    pub approved: u64,
    /// Refused.
    pub refused: u64,
    /// Withdrawn.
    pub withdrawn: u64,
    /// Received or under review.
    pub open: u64,
}

/// How long something took. A percentile is the value at its nearest rank: the smallest that at least so
/// many of a hundred cases did not exceed. It is always one that occurred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How many cases were timed, those that still wait included.
    pub count: u64,
    /// The 50th percentile; `None` where nothing was timed, or so many wait that it is not known yet.
    pub median: Option<Duration>,
    /// The 95th.
    pub p95: Option<Duration>,
}

/// Notices of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Delivered, as far as anybody knows.
    pub sent: u64,
    /// Come back later.
    pub undelivered: u64,
}

impl Standing {
    /// All of them.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.approved + self.refused + self.withdrawn + self.open
    }
}

impl Register {
    /// The figures of a purpose, its months counted in `zone`. Sealed parts are opened for refusals only.
    ///
    /// # Errors
    /// Where the register cannot be read or is damaged.
    pub fn figures(&self, purpose: &str, zone: &Zone) -> Result<Figures> {
        let tx = self.store.read()?;
        let mut count = Count::of(&*tx, purpose, zone)?;
        tx.events(0..u64::MAX, &mut |row| count.event(&row))?;
        count.finish(&*tx, &self.keys)
    }
}

/// What is counted of a case.
struct Counted {
    opened: u64,
    subject: i64,
    status: Status,
    received_at: Moment,
    /// Since which event it is in force, and when that was entered.
    in_force: Option<u64>,
    entered: Moment,
    /// The first decision: when, and whether that moment is known.
    decided: Option<(Moment, bool)>,
    /// The last refusal.
    refusal: u64,
}

struct Count<'a> {
    purpose: &'a str,
    zone: &'a Zone,
    figures: Figures,
    /// In the order of arrival in the log.
    cases: Vec<Counted>,
    places: HashMap<CaseId, u32>,
    /// The next case whose arrival the log tells of.
    next: usize,
}

impl<'a> Count<'a> {
    fn new(purpose: &'a str, zone: &'a Zone) -> Self {
        let (cases, places) = (Vec::new(), HashMap::new());
        Count { purpose, zone, figures: Figures::default(), cases, places, next: 0 }
    }

    fn of(tx: &dyn Read, purpose: &'a str, zone: &'a Zone) -> Result<Self> {
        let mut count = Count::new(purpose, zone);
        let Count { figures, cases, places, .. } = &mut count;
        let query = CaseQuery { purpose: Some(purpose.to_owned()), ..CaseQuery::default() };
        tx.cases(&query, &mut |row| {
            let month = figures.months.entry(month(zone, row.received_at)?).or_default();
            *match row.status {
                Status::Received | Status::UnderReview => &mut month.open,
                Status::Approved => &mut month.approved,
                Status::Refused => &mut month.refused,
                Status::Withdrawn => &mut month.withdrawn,
            } += 1;
            if row.names_record {
                figures.items += 1;
            } else {
                *figures.scopes.entry(row.scopes).or_default() += 1;
            }
            places.insert(row.case, cases.len() as u32);
            cases.push(Counted {
                opened: row.opened,
                subject: row.subject,
                status: row.status,
                received_at: row.received_at,
                in_force: row.in_force,
                entered: row.received_at,
                decided: None,
                refusal: 0,
            });
            Ok(())
        })?;
        Ok(count)
    }

    fn event(&mut self, row: &EventRow) -> Result<()> {
        if !matters(&row.body) {
            return Ok(());
        }
        let unreadable = || Error::Damaged(format!("event {} cannot be read", row.seq));
        let glance: Glance<'_> = serde_json::from_str(&row.body).map_err(|_| unreadable())?;
        let at = Moment::from(glance.at.parse::<Timestamp>().map_err(|_| unreadable())?);
        match glance.what {
            Seen::ObjectionReceived { source } => self.received(row.seq, at, source),
            Seen::ObjectionReopened { case } => {
                let place = self.places.get(&case.parse().map_err(|_| unreadable())?);
                let case = place.map(|place| &mut self.cases[*place as usize]);
                // A case that is open already can be said to be so again, which changes nothing.
                if let Some(case) = case.filter(|case| case.in_force == Some(row.seq)) {
                    case.entered = at;
                }
            }
            Seen::ObjectionApproved { case, by } => {
                self.decided(case.parse().map_err(|_| unreadable())?, at, by);
            }
            Seen::ObjectionRefused { case, by } => {
                let place = self.decided(case.parse().map_err(|_| unreadable())?, at, by);
                if let Some(place) = place {
                    self.cases[place].refusal = row.seq;
                }
            }
            Seen::NoticesDelivered { purpose, count } if purpose == self.purpose => {
                self.told(at)?.sent += count;
            }
            Seen::NoticesUndelivered { purpose, count } if purpose == self.purpose => {
                self.told(at)?.undelivered += count;
            }
            Seen::NoticesDelivered { .. } | Seen::NoticesUndelivered { .. } => {}
        }
        Ok(())
    }

    fn told(&mut self, at: Moment) -> Result<&mut Told> {
        Ok(self.figures.notices.entry(month(self.zone, at)?).or_default())
    }

    fn received(&mut self, seq: u64, at: Moment, source: Source) {
        // Both come in the order of the log; what is passed over is of another purpose, or erased.
        let Some(case) = self.cases.get_mut(self.next).filter(|case| case.opened == seq) else {
            return;
        };
        self.next += 1;
        case.entered = at;
        *self.figures.sources.entry(source).or_default() += 1;
    }

    /// Returns the place of the case, where it counts.
    fn decided(&mut self, case: CaseId, at: Moment, by: By) -> Option<usize> {
        let place = *self.places.get(&case)? as usize;
        self.cases[place].decided.get_or_insert((at, by != By::Import));
        Some(place)
    }

    fn finish(mut self, tx: &dyn Read, keys: &Keys) -> Result<Figures> {
        let answers = self.cases.iter().filter_map(|case| match case.decided {
            Some((at, true)) => Some(between(case.received_at, at)),
            _ => None,
        });
        self.figures.answer = Times::of(answers.collect(), 0);
        self.figures.effect = effect(&self.cases, &hidings(tx, self.purpose)?);
        for case in self.cases.iter().filter(|case| case.status == Status::Refused) {
            let subject = load_subject(tx, keys, case.subject)?;
            let said = load_personal(tx, &subject, case.refusal)?.unwrap_or_default();
            let ground = said.ground.unwrap_or(Ground::Other);
            *self.figures.grounds.entry(ground).or_default() += 1;
        }
        Ok(self.figures)
    }
}

/// What every version of a training set knows of the log, and when it was committed.
struct Hiding {
    versions: Vec<(u64, Moment)>,
    gone: Option<Moment>,
}

fn hidings(tx: &dyn Read, purpose: &str) -> Result<Vec<Hiding>> {
    let mut sets = training::all(tx)?;
    sets.retain(|set| set.committed.purpose == purpose);
    let of = |set: &TrainingSet| Hiding {
        versions: set.versions.iter().map(|v| (v.snapshot_size, Moment::from(v.at))).collect(),
        gone: set.gone.map(Moment::from),
    };
    Ok(sets.iter().map(of).collect())
}

impl Hiding {
    /// When an objection in force since event `seq` was in force in the set; `None` where it is not yet.
    fn at(&self, seq: u64) -> Option<Moment> {
        // No version knows less than the one before it.
        let first = self.versions.partition_point(|(size, _)| *size <= seq);
        match self.versions.get(first) {
            // The set was built after it, and never held what it covers.
            _ if first == 0 => Some(Moment::from(Timestamp::MIN)),
            Some((_, at)) => Some(*at),
            None => self.gone,
        }
    }
}

fn effect(cases: &[Counted], sets: &[Hiding]) -> Times {
    let (mut micros, mut waiting) = (Vec::new(), 0);
    for case in cases {
        let Some(seq) = case.in_force else { continue };
        // Opened again, it is timed from then.
        let start = if seq == case.opened { case.received_at } else { case.entered };
        let later = |latest: Moment, set: &Hiding| Some(latest.max(set.at(seq)?));
        let latest = sets.iter().try_fold(case.entered, later);
        match latest {
            Some(at) => micros.push(between(start, at)),
            None => waiting += 1,
        }
    }
    Times::of(micros, waiting)
}

impl Times {
    /// Of so many microseconds each, and of cases that wait still, longer than all others.
    fn of(mut micros: Vec<u64>, waiting: usize) -> Self {
        let count = micros.len() + waiting;
        let mut percentile = |p: usize| {
            let rank = (count * p).div_ceil(100);
            let at = rank.checked_sub(1).filter(|at| *at < micros.len())?;
            Some(Duration::from_micros(*micros.select_nth_unstable(at).1))
        };
        let (median, p95) = (percentile(50), percentile(95));
        Times { count: count as u64, median, p95 }
    }
}

/// The parts of an [`Event`](crate::Event) that count: there are millions, and hashes, dates and texts
/// take most of the time of reading one whole.
#[derive(Deserialize)]
struct Glance<'a> {
    at: &'a str,
    #[serde(borrow)]
    what: Seen<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Seen<'a> {
    ObjectionReceived { source: Source },
    ObjectionReopened { case: &'a str },
    ObjectionApproved { case: &'a str, by: By },
    ObjectionRefused { case: &'a str, by: By },
    NoticesDelivered { purpose: Cow<'a, str>, count: u64 },
    NoticesUndelivered { purpose: Cow<'a, str>, count: u64 },
}

/// Whether an event counts, by the name that its text begins with; most of a log are letters and views.
fn matters(body: &str) -> bool {
    const BEFORE: &str = "\"what\":{\"";
    const COUNTED: [&str; 6] = [
        "objection_received",
        "objection_reopened",
        "objection_approved",
        "objection_refused",
        "notices_delivered",
        "notices_undelivered",
    ];
    let name = body.find(BEFORE).map(|at| &body[at + BEFORE.len()..]);
    let name = name.and_then(|name| name.split_once('"'));
    name.is_some_and(|(name, _)| COUNTED.contains(&name))
}

/// Microseconds from `start` to `end`; what is dated after its own entry took no time.
fn between(start: Moment, end: Moment) -> u64 {
    u64::try_from(end.micros().saturating_sub(start.micros())).unwrap_or_default()
}

/// The first day of the month that a moment lies in.
fn month(zone: &Zone, at: Moment) -> Result<Date> {
    let day = zone.day(at.micros()).and_then(day::to_date);
    day.map(Date::first_of_month)
        .ok_or_else(|| Error::Damaged(format!("{at} is a moment that no calendar holds")))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::merkle::Hash;

    #[test]
    fn notices_that_came_back_count_in_the_month_of_that_news() {
        let zone = Zone::named("Europe/Dublin").unwrap();
        let mut count = Count::new("p", &zone);
        for (seq, (purpose, back)) in (0..).zip([("p", 3), ("other", 5), ("p", 4)]) {
            let body = format!(
                r#"{{"v":1,"at":"2025-05-31T23:30:00.000000Z","what":{{"notices_undelivered":{{"purpose":"{purpose}","count":{back},"digest":"00"}}}}}}"#
            );
            count.event(&EventRow { seq, body, leaf: Hash([0; 32]), seal: [0; 16] }).unwrap();
        }
        let told = Told { sent: 0, undelivered: 7 };
        assert_eq!(count.figures.notices, [(date(2025, 6, 1), told)].into());
    }
}
