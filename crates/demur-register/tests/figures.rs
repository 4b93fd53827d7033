//! The figures, against a slow reading of every event, and by hand where a rule is worth a sentence.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::*;
use demur_core::day::Zone;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Review, sample};
use demur_register::event::{By, Ground, Source, What};
use demur_register::{
    CaseId, Figures, NewObjection, ObjectionRow, Refusal, Register, Standing, Times, Told,
    TrainingSetCommitted, TrainingSetRetracted,
};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::Value;

const DAY: i64 = 24 * 60;

fn figures(register: &Register) -> Figures {
    register.figures(PURPOSE, &Zone::named(&sample().time_zone).unwrap()).unwrap()
}

#[derive(Clone, Debug)]
enum Act {
    Submit { account: i64, scopes: usize, record: bool, days_ago: i64, source: usize },
    Decide { case: usize, what: u8, ground: Option<usize> },
    Import { account: i64, status: usize, days_ago: i64 },
    Notify { account: i64 },
    Erase { account: i64 },
    Build,
    Retract { set: usize },
    Elsewhere,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..9i64, 0..4usize, prop::bool::weighted(0.2), 0..70i64, 0..4usize).prop_map(
            |(account, scopes, record, days_ago, source)| Act::Submit {
                account, scopes, record, days_ago, source,
            }
        ),
        8 => (any::<usize>(), 0..6u8, prop::option::of(0..Ground::ALL.len()))
            .prop_map(|(case, what, ground)| Act::Decide { case, what, ground }),
        3 => (0..9i64, 0..5usize, 0..70i64)
            .prop_map(|(account, status, days_ago)| Act::Import { account, status, days_ago }),
        2 => (0..5i64).prop_map(|account| Act::Notify { account }),
        1 => (0..9i64).prop_map(|account| Act::Erase { account }),
        1 => Just(Act::Build),
        1 => any::<usize>().prop_map(|set| Act::Retract { set }),
        1 => Just(Act::Elsewhere),
    ]
}

const SCOPES: [&str; 4] =
    ["public_content", "ai_interactions", "third_party", "public_content|third_party"];
const SOURCES: [Source; 4] =
    [Source::CommandLine, Source::PrivacyCentre, Source::DirectLink, Source::Agent];

/// Does what can be done; steps that are refused leave no trace.
fn apply(register: &mut Register, cases: &mut Vec<CaseId>, act: &Act, at: Timestamp) {
    let ago = |days: i64| at - SignedDuration::from_mins(days * DAY);
    match act {
        Act::Submit { account, scopes, record, days_ago, source } => {
            let new = NewObjection {
                scopes: Scopes::parse(SCOPES[*scopes]).unwrap(),
                record: record.then(|| RecordId("post-1".into())),
                source: SOURCES[*source],
                ..objection(*account, ago(*days_ago))
            };
            cases.push(register.submit(new, at).unwrap());
        }
        Act::Decide { case, what, ground } if !cases.is_empty() => {
            let case = &cases[case % cases.len()];
            let refusal = Refusal { ground: ground.map(|n| Ground::ALL[n]), ..refusal() };
            let _ = match what {
                0 => register.start_review(case, "R", at),
                1 => register.approve(case, "R", at),
                2 | 3 => register.refuse(case, &refusal, at),
                4 => register.withdraw(case, at),
                _ => register.reopen(case, By::Person, None, at),
            };
        }
        Act::Decide { .. } => {}
        Act::Import { account, status, days_ago } => {
            let line = row(2, *account, Status::ALL[*status]);
            let line = ObjectionRow { received_at: ago(*days_ago), ..line };
            import(register, &[line], at).unwrap();
        }
        Act::Notify { account } => {
            register.record_notices(PURPOSE, [(AccountId::from(*account), at)], at).unwrap();
        }
        Act::Erase { account } => {
            register.erase_account(&AccountId::from(*account), at).unwrap();
        }
        Act::Build => build(register, at),
        Act::Retract { set } => retract(register, *set, at),
        Act::Elsewhere => {
            let purpose = demur_core::purpose::Purpose { id: "other".into(), ..sample() };
            register.record_purpose(&purpose, at).unwrap();
            let new = NewObjection { purpose: "other".into(), ..objection(77, at) };
            register.submit(new, at).unwrap();
            register.record_notices("other", [(AccountId::from(77), at)], at).unwrap();
        }
    }
}

fn build(register: &mut Register, at: Timestamp) {
    let set = TrainingSetCommitted {
        set: format!("set-{}", register.size().unwrap()),
        purpose: PURPOSE.into(),
        purpose_digest: sample().digest(),
        snapshot_digest: "aa".into(),
        snapshot_size: register.size().unwrap(),
        snapshot_root: register.root().unwrap(),
        manifest_digest: blake3::hash(b"").to_hex().to_string(),
        input: 0,
        kept: 0,
        redacted: 0,
        dropped: 0,
    };
    register.commit_training_set(set, "", at).unwrap().unwrap();
}

/// One of the sets by everything that is known now; the last of three is given up instead.
fn retract(register: &mut Register, set: usize, at: Timestamp) {
    let sets = register.training_sets().unwrap();
    let left: Vec<_> = sets.iter().filter(|set| set.gone.is_none()).collect();
    let Some(known) = left.get(set % left.len().max(1)) else { return };
    let set = known.committed.set.clone();
    if left.len() == 3 {
        register.training_set_gone(&set, By::Operator, at).unwrap();
        return;
    }
    let set = TrainingSetRetracted {
        set,
        version: known.newest().version + 1,
        purpose_digest: sample().digest(),
        snapshot_digest: "aa".into(),
        snapshot_size: register.size().unwrap(),
        snapshot_root: register.root().unwrap(),
        manifest_digest: blake3::hash(b"").to_hex().to_string(),
        kept: 0,
        left: 0,
        returned: 0,
        history_kept: false,
    };
    register.retract_training_set(set, "", at).unwrap();
}

/// A case, as the oracle remembers it.
struct Remembered {
    /// Which event brought it into force, and from and until when it was entered.
    in_force: Option<(u64, Timestamp, Timestamp)>,
    received_at: Timestamp,
    source: Source,
    scopes: Scopes,
    names_record: bool,
    status: &'static str,
    decisions: Vec<(Timestamp, bool)>,
}

/// What each version of a set knew of the log, and when it was made.
#[derive(Default)]
struct Versions {
    versions: Vec<(u64, Timestamp)>,
    gone: Option<Timestamp>,
}

impl Versions {
    /// Nothing where the set was built after the event; the inner one is missing where it waits still.
    #[allow(clippy::option_option)]
    fn in_force_at(&self, seq: u64) -> Option<Option<Timestamp>> {
        let held = self.versions[0].0 <= seq;
        let hidden = self.versions.iter().find(|(size, _)| *size > seq).map(|(_, at)| *at);
        held.then_some(hidden.or(self.gone))
    }
}

/// The figures as anybody would count them who reads the whole log from its beginning.
fn oracle(register: &Register) -> Figures {
    let mut cases: BTreeMap<String, Remembered> = BTreeMap::new();
    let mut figures = Figures::default();
    let mut sets: BTreeMap<String, Versions> = BTreeMap::new();
    for seq in 0..register.size().unwrap() {
        let event: Value = serde_json::from_str(&register.event(seq).unwrap().unwrap()).unwrap();
        let at: Timestamp = text(&event["at"]).parse().unwrap();
        let (kind, what) = event["what"].as_object().unwrap().iter().next().unwrap();
        match kind.as_str() {
            "objection_received" if what["purpose"] == PURPOSE => {
                let received: Timestamp = text(&what["received_at"]).parse().unwrap();
                let case = Remembered {
                    in_force: Some((seq, received, at)),
                    received_at: text(&what["received_at"]).parse().unwrap(),
                    source: serde_json::from_value(what["source"].clone()).unwrap(),
                    scopes: serde_json::from_value(what["scopes"].clone()).unwrap(),
                    names_record: what["names_record"].as_bool().unwrap(),
                    status: "open",
                    decisions: Vec::new(),
                };
                cases.insert(text(&what["case"]).to_owned(), case);
            }
            "notices_delivered" if what["purpose"] == PURPOSE => {
                figures.notices.entry(month(at)).or_default().sent +=
                    what["count"].as_u64().unwrap();
            }
            "training_set_committed" | "training_set_retracted" => {
                let size = what["snapshot_size"].as_u64().unwrap();
                sets.entry(text(&what["set"]).to_owned()).or_default().versions.push((size, at));
            }
            "training_set_gone" => sets.get_mut(text(&what["set"])).unwrap().gone = Some(at),
            "subject_erased" => {
                for case in what["cases"].as_array().unwrap() {
                    cases.remove(text(case));
                }
            }
            _ => {
                let Some(case) = what.get("case").and_then(|case| cases.get_mut(text(case))) else {
                    continue;
                };
                let status = match kind.as_str() {
                    "objection_approved" => "approved",
                    "objection_refused" => "refused",
                    "objection_withdrawn" => "withdrawn",
                    "objection_reopened" | "review_started" => "open",
                    _ => continue,
                };
                case.status = status;
                match status {
                    "refused" | "withdrawn" => case.in_force = None,
                    _ => case.in_force = case.in_force.or(Some((seq, at, at))),
                }
                if matches!(status, "approved" | "refused") {
                    case.decisions.push((at, what["by"] == "import"));
                }
            }
        }
    }

    let (mut answers, mut effects, mut waiting) = (Vec::new(), Vec::new(), 0);
    for (number, case) in &cases {
        let standing = figures.months.entry(month(case.received_at)).or_default();
        match case.status {
            "approved" => standing.approved += 1,
            "refused" => standing.refused += 1,
            "withdrawn" => standing.withdrawn += 1,
            _ => standing.open += 1,
        }
        *figures.sources.entry(case.source).or_default() += 1;
        match case.names_record {
            true => figures.items += 1,
            false => *figures.scopes.entry(case.scopes).or_default() += 1,
        }
        if case.status == "refused" {
            *figures.grounds.entry(ground(register, number)).or_default() += 1;
        }
        if let Some((seq, start, entered)) = case.in_force {
            let until = sets.values().filter_map(|set| set.in_force_at(seq));
            let until = until.chain([Some(entered)]).reduce(|a, b| Some(a?.max(b?))).flatten();
            match until {
                Some(until) => effects.push(until.duration_since(start)),
                None => waiting += 1,
            }
        }
        if let Some((at, false)) = case.decisions.first() {
            answers.push(at.duration_since(case.received_at));
        }
    }
    (figures.answer, figures.effect) = (times(&answers, 0), times(&effects, waiting));
    figures
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn month(at: Timestamp) -> Date {
    at.in_tz(&sample().time_zone).unwrap().date().first_of_month()
}

fn ground(register: &Register, case: &str) -> Ground {
    let case = register.case(&case.parse().unwrap()).unwrap().unwrap();
    let refused = case.history.iter().rfind(|e| matches!(e.what, What::ObjectionRefused(_)));
    let personal = refused.unwrap().personal.as_ref();
    personal.and_then(|said| said.ground).unwrap_or(Ground::Other)
}

/// The smallest of the values that so many percent of all do not exceed.
fn times(all: &[SignedDuration], waiting: usize) -> Times {
    let count = all.len() + waiting;
    let percentile = |percent: usize| {
        let reached =
            |v: &&SignedDuration| all.iter().filter(|x| x <= v).count() * 100 >= percent * count;
        all.iter().filter(reached).min().map(|v| Duration::try_from(*v).unwrap())
    };
    Times { count: count as u64, median: percentile(50), p95: percentile(95) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn counted_fast_and_counted_slowly_are_the_same(
        acts in prop::collection::vec(act(), 1..60),
        step in 1..900i64,
        manual in any::<bool>(),
    ) {
        let review = if manual { Review::Manual } else { Review::Automatic };
        let mut register =
            with_purpose(in_memory(), &demur_core::purpose::Purpose { review, ..sample() });
        let mut cases = Vec::new();
        for (n, act) in (1..).zip(&acts) {
            apply(&mut register, &mut cases, act, minute(n * step));
        }
        prop_assert_eq!(figures(&register), oracle(&register));
    }
}

#[test]
fn nothing_is_counted_where_nothing_happened() {
    assert_eq!(figures(&in_memory()), Figures::default());
}

#[test]
fn months_are_those_of_the_purposes_zone() {
    let mut register = in_memory();
    let at: Timestamp = "2025-05-31T23:30:00Z".parse().unwrap();
    register.submit(reviewed(1, at), at).unwrap();
    register.record_notices(PURPOSE, [(AccountId::from(1), at)], at).unwrap();
    let figures = figures(&register);
    let june = date(2025, 6, 1);
    assert_eq!(figures.months, [(june, Standing { open: 1, ..Standing::default() })].into());
    assert_eq!(figures.notices, [(june, Told { sent: 1, ..Told::default() })].into());
}

#[test]
fn what_was_imported_late_took_effect_late_and_was_answered_nobody_knows_when() {
    let mut register = in_memory();
    let line = ObjectionRow { received_at: minute(0), ..row(2, 1, Status::Approved) };
    import(&mut register, &[line], minute(DAY)).unwrap();
    let figures = figures(&register);
    let one_day = Some(Duration::from_secs(DAY as u64 * 60));
    assert_eq!(figures.effect, Times { count: 1, median: one_day, p95: one_day });
    assert_eq!(figures.answer, Times::default());
}

#[test]
fn an_objection_has_effect_when_the_last_set_let_go_of_it() {
    let mut register = in_memory();
    build(&mut register, minute(0));
    build(&mut register, minute(0));
    register.submit(objection(1, minute(1)), minute(1)).unwrap();
    register.submit(objection(2, minute(2)), minute(2)).unwrap();
    retract(&mut register, 0, minute(3));
    assert_eq!(figures(&register).effect, Times { count: 2, median: None, p95: None });
    retract(&mut register, 1, minute(11));
    let minutes = |n: u64| Some(Duration::from_secs(n * 60));
    let told = Times { count: 2, median: minutes(9), p95: minutes(10) };
    assert_eq!(figures(&register).effect, told);
    register.submit(objection(3, minute(12)), minute(12)).unwrap();
    let told = Times { count: 3, median: minutes(10), p95: None };
    assert_eq!(figures(&register).effect, told, "who waits has waited longest");
    build(&mut register, minute(13));
    assert_eq!(figures(&register).effect, told, "a later set never held it");
}

#[test]
fn the_first_answer_counts_and_the_last_standing() {
    let mut register = in_memory();
    let case = register.submit(reviewed(1, minute(0)), minute(0)).unwrap();
    let security = Refusal { ground: Some(Ground::Security), ..refusal() };
    register.refuse(&case, &security, minute(10)).unwrap();
    assert_eq!(figures(&register).grounds, [(Ground::Security, 1)].into());
    register.reopen(&case, By::Authority, None, minute(20)).unwrap();
    register.approve(&case, "R", minute(30)).unwrap();
    let figures = figures(&register);
    assert_eq!(figures.grounds, [].into());
    assert_eq!(figures.months[&date(2025, 4, 1)], Standing { approved: 1, ..Standing::default() });
    assert_eq!(figures.answer.median, Some(Duration::from_secs(600)));
}
