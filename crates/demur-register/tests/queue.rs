//! The queue against a list that is sorted by looking at every case.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::{BACK_TO_4, PURPOSE, about_record, in_memory, minute, objection, refusal, reviewed};
use demur_core::day::Zone;
use demur_core::deadline::{self, SOON, Urgency};
use demur_core::objection::{Effect, Status};
use demur_core::purpose::{Purpose, Review, sample};
use demur_register::event::{By, Contact, Route, Source, What};
use demur_register::{
    CaseFilter, CaseId, Extension, NewObjection, Place, QueueCounts, QueueFilter, Register,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// Counted in Dublin, with Irish holidays, and in Auckland, with none.
fn purposes() -> [Purpose; 2] {
    let manual = Purpose { review: Review::Manual, ..sample() };
    let far = Purpose {
        id: "ads".into(),
        time_zone: "Pacific/Auckland".into(),
        holidays: None,
        ..manual.clone()
    };
    [manual, far]
}

/// What happens to one case.
#[derive(Clone, Debug)]
struct Fate {
    /// When it arrives, in hours after the start.
    hours: i64,
    far: bool,
    extended: Option<u8>,
    status: Status,
    /// Whether the person objects again after a refusal or withdrawal.
    again: bool,
    sort: Sort,
    source: Source,
}

#[derive(Clone, Copy, Debug)]
enum Sort {
    Account,
    Record,
    Contact,
}

fn fate() -> impl Strategy<Value = Fate> {
    let sort = prop_oneof![Just(Sort::Account), Just(Sort::Record), Just(Sort::Contact)];
    let extended = prop_oneof![3 => Just(None), 1 => (1u8..=2).prop_map(Some)];
    let (status, source) = (0..Status::ALL.len(), 0..Source::ALL.len());
    let (far, again) = (any::<bool>(), any::<bool>());
    (0i64..24 * 70, far, extended, status, again, sort, source).prop_map(
        |(hours, far, extended, status, again, sort, source)| Fate {
            // Some arrive at the same moment.
            hours: hours / 5 * 5,
            far,
            extended,
            status: Status::ALL[status],
            again,
            sort,
            source: Source::ALL[source],
        },
    )
}

fn live(register: &mut Register, n: usize, fate: &Fate) {
    let purpose = &purposes()[usize::from(fate.far)];
    let at = minute(fate.hours * 60);
    let contact = Contact {
        email: format!("{n}@example.org"),
        language: "de".into(),
        route: Route::Guardian,
    };
    let base = NewObjection {
        purpose: purpose.id.clone(),
        source: fate.source,
        ..objection(i64::try_from(n).unwrap(), at)
    };
    let new = match fate.sort {
        Sort::Account => base,
        Sort::Record => NewObjection {
            purpose: purpose.id.clone(),
            source: fate.source,
            ..about_record(&n.to_string(), at)
        },
        Sort::Contact => NewObjection { account: None, contact: Some(contact), ..base },
    };
    let case = register.submit(new, at).unwrap();
    if let Some(months) = fate.extended {
        let zone = Zone::named(&purpose.time_zone).unwrap().time_zone().clone();
        let holidays = purpose.holidays.as_deref();
        let months = deadline::Extension::try_from(months).unwrap();
        let extension = Extension {
            by: "Rosalind".into(),
            reasons: "many".into(),
            first_deadline: deadline::due(at, &zone, holidays).due,
            until: deadline::extended(at, months, &zone, holidays).due,
        };
        register.extend(&case, &extension, at).unwrap();
    }
    match fate.status {
        Status::Received => {}
        Status::UnderReview => register.start_review(&case, "Rosalind", at).unwrap(),
        Status::Approved => register.approve(&case, "Rosalind", at).unwrap(),
        Status::Refused => register.refuse(&case, &refusal(), at).unwrap(),
        Status::Withdrawn => register.withdraw(&case, at).unwrap(),
    }
    if fate.again && matches!(fate.status, Status::Refused | Status::Withdrawn) {
        let later = at + SignedDuration::from_hours(24 * 9);
        register.reopen(&case, By::Person, None, later).unwrap();
    }
}

/// Cases and urgencies in the order of their days, found by opening each.
fn oracle(register: &Register, filter: &QueueFilter, now: Timestamp) -> Vec<(CaseId, Urgency)> {
    let mut found = Vec::new();
    for (arrival, case) in
        register.cases(&CaseFilter::default(), 10_000).unwrap().iter().enumerate()
    {
        let whole = register.case(&case.case).unwrap().unwrap();
        let purpose = purposes().into_iter().find(|p| p.id == case.purpose).unwrap();
        let zone = Zone::named(&purpose.time_zone).unwrap().time_zone().clone();
        let holidays = purpose.holidays.as_deref();
        // The time counts anew for whoever objects again, and an extension of before is over.
        let (mut from, mut extended) = (case.received_at, None);
        for entry in &whole.history {
            match &entry.what {
                What::ObjectionReopened(_) => (from, extended) = (entry.at, None),
                What::DeadlineExtended { until, .. } => extended = Some(*until),
                _ => {}
            }
        }
        let due = deadline::answer_by(from, extended, &zone, holidays);
        let urgency = Urgency::of(now, &due, &zone, SOON);
        let wanted = case.status.effect() == Effect::Restricted
            && filter.purpose.as_ref().is_none_or(|p| *p == case.purpose)
            && filter.status.is_none_or(|s| s == case.status)
            && filter.urgency.is_none_or(|u| u == urgency)
            && filter.source.is_none_or(|s| s == whole.source)
            && filter.names_record.is_none_or(|n| n == case.names_record)
            && filter.has_contact.is_none_or(|c| c == whole.contact.is_some())
            && filter.below.is_none_or(|size| whole.history[0].seq < size);
        if wanted {
            found.push(((due.due, from, arrival), case.case, urgency));
        }
    }
    found.sort_unstable_by_key(|(key, ..)| *key);
    found.into_iter().map(|(_, case, urgency)| (case, urgency)).collect()
}

/// The same, page by page, each place read back from its text.
fn paged(register: &Register, filter: &QueueFilter, now: Timestamp) -> Vec<(CaseId, Urgency)> {
    let mut all = Vec::new();
    let mut after: Option<Place> = None;
    loop {
        let page = register.queue(filter, now, after.as_ref(), 3).unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.place.to_string().parse().unwrap());
        all.extend(page.iter().map(|case| (case.case, case.urgency)));
    }
}

fn filters(size: u64) -> Vec<QueueFilter> {
    let all = QueueFilter::default;
    vec![
        all(),
        QueueFilter { purpose: Some("ads".into()), ..all() },
        QueueFilter { purpose: Some("unheard of".into()), ..all() },
        QueueFilter { status: Some(Status::UnderReview), ..all() },
        QueueFilter { urgency: Some(Urgency::Overdue), ..all() },
        QueueFilter { urgency: Some(Urgency::DueSoon), ..all() },
        QueueFilter { urgency: Some(Urgency::Open), source: Some(Source::Agent), ..all() },
        QueueFilter { names_record: Some(true), ..all() },
        QueueFilter { has_contact: Some(false), urgency: Some(Urgency::Overdue), ..all() },
        QueueFilter { has_contact: Some(true), below: Some(size / 2), ..all() },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_queue_is_what_looking_at_every_case_would_give(
        fates in prop::collection::vec(fate(), 0..60),
        days in 0i64..150,
    ) {
        let mut register = in_memory();
        for purpose in purposes() {
            register.record_purpose(&purpose, minute(0)).unwrap();
        }
        for (n, fate) in fates.iter().enumerate() {
            live(&mut register, n, fate);
        }
        let now = minute(0) + SignedDuration::from_hours(24 * days);
        for filter in filters(register.size().unwrap()) {
            let told = oracle(&register, &filter, now);
            prop_assert_eq!(&paged(&register, &filter, now), &told, "{:?}", filter);
            let every = oracle(&register, &QueueFilter { urgency: None, ..filter.clone() }, now);
            let pressing = |urgency| every.iter().filter(|(_, u)| *u == urgency).count() as u64;
            let counts = QueueCounts {
                open: every.len() as u64,
                overdue: pressing(Urgency::Overdue),
                due_soon: pressing(Urgency::DueSoon),
            };
            prop_assert_eq!(register.queue_counts(&filter, now).unwrap(), counts);
        }
        prop_assert!(register.verify().unwrap().is_sound());
        register.rebuild(now).unwrap();
        prop_assert_eq!(
            paged(&register, &QueueFilter::default(), now),
            oracle(&register, &QueueFilter::default(), now)
        );
    }

    #[test]
    fn no_text_from_an_address_makes_a_queue_stumble(text in "\\PC{0,40}", near in "[0-9.:-]{0,30}") {
        let register = in_memory();
        for text in [text, near] {
            if let Ok(place) = text.parse::<Place>() {
                register.queue(&QueueFilter::default(), minute(0), Some(&place), 1).unwrap();
            }
        }
    }
}

#[test]
fn cases_are_counted_by_purpose_and_status() {
    let mut register = in_memory();
    register.submit(objection(1, minute(1)), minute(1)).unwrap();
    register.submit(objection(2, minute(1)), minute(1)).unwrap();
    register.submit(reviewed(1, minute(1)), minute(1)).unwrap();
    let tally = register.tally().unwrap();
    let of = |status, count| (PURPOSE.to_owned(), status, count);
    assert_eq!(tally, [of(Status::Received, 1), of(Status::Approved, 2)]);
}

/// A register from before queues existed learns from its events how its cases arrived, and from when
/// their time counts.
#[test]
fn an_older_register_learns_what_its_queue_needs() {
    let place = common::Place::for_file();
    let mut register = place.register();
    let agent = NewObjection { source: Source::Agent, ..reviewed(1, minute(1)) };
    let case = register.submit(agent, minute(1)).unwrap();
    for (account, extended_again) in [(2, false), (3, true)] {
        let case = register.submit(reviewed(account, minute(1)), minute(1)).unwrap();
        let extension = Extension {
            by: "Rosalind".into(),
            reasons: "many".into(),
            first_deadline: jiff::civil::date(2025, 5, 14),
            until: jiff::civil::date(2025, 7, 14),
        };
        register.extend(&case, &extension, minute(2)).unwrap();
        register.withdraw(&case, minute(3)).unwrap();
        register.reopen(&case, By::Person, None, minute(4)).unwrap();
        if extended_again {
            register.extend(&case, &extension, minute(5)).unwrap();
        }
    }
    drop(register);
    place.tamper(BACK_TO_4);
    place.tamper(
        "DROP INDEX objection_open; DROP INDEX objection_extended; \
         ALTER TABLE objection DROP COLUMN source; ALTER TABLE objection DROP COLUMN contact; \
         ALTER TABLE objection DROP COLUMN due_from; \
          UPDATE objection SET extended_until = '2025-07-14' WHERE opened > 2; \
          PRAGMA user_version = 3;",
    );
    let register = place.open(2).unwrap();
    assert!(register.verify().unwrap().is_sound(), "{:?}", register.verify().unwrap().problems);
    let filter = QueueFilter { source: Some(Source::Agent), ..QueueFilter::default() };
    let found = register.queue(&filter, minute(2), None, 9).unwrap();
    assert_eq!(found.iter().map(|case| case.case).collect::<Vec<_>>(), [case]);
}
