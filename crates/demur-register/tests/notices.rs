//! Who was told, who was not after all, and that neither depends on the order in which it is heard.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;

use common::*;
use demur_core::id::AccountId;
use demur_core::purpose::sample;
use demur_register::{Error, NoticeSummary, Register};
use proptest::prelude::*;

#[test]
fn the_earliest_notice_counts_and_known_ones_are_passed_over() {
    let mut register = in_memory();
    let account = |n: i64| AccountId::from(n);
    let told = |list: &[(i64, i64)]| -> Vec<_> {
        list.iter().map(|(n, at)| (account(*n), minute(*at))).collect()
    };
    let first = told(&[(1, 10), (2, 20), (1, 5), (1, 10)]);
    let done = register.record_notices(PURPOSE, first.clone(), minute(30)).unwrap();
    assert_eq!(done, NoticeSummary { recorded: 3, unchanged: 1 });
    let size = register.size().unwrap();
    let again = register.record_notices(PURPOSE, first, minute(31)).unwrap();
    assert_eq!(again, NoticeSummary { recorded: 0, unchanged: 4 });
    assert_eq!(register.size().unwrap(), size, "nothing new, no event");
    assert_eq!(register.newest_objection(PURPOSE).unwrap(), size);
    register.record_notices(PURPOSE, told(&[(2, 15), (3, 40)]), minute(41)).unwrap();

    let state = register.purpose_state(PURPOSE, None).unwrap();
    let earliest = |notices: &demur_register::Notices, n| notices.earliest(&account(n));
    assert_eq!(earliest(&state.notices, 1), Some(minute(5).as_microsecond()));
    assert_eq!(earliest(&state.notices, 2), Some(minute(15).as_microsecond()));
    assert_eq!(earliest(&state.notices, 4), None);
    assert_eq!(state.notices.earliest(&AccountId::from("1")), None);
    assert_eq!(state.notices.len(), 3);

    let then = register.purpose_state(PURPOSE, Some(size)).unwrap();
    assert_eq!(earliest(&then.notices, 2), Some(minute(20).as_microsecond()));
    assert_eq!(earliest(&then.notices, 3), None);
    let unknown = register.record_notices("ads", told(&[(1, 1)]), minute(50));
    assert!(matches!(unknown, Err(Error::NoSuchPurpose(_))));
}

#[test]
fn many_notices_are_all_found() {
    let mut register = in_memory();
    let at = |n: i64| minute(n % 977);
    let all = (0..30_000).map(|n| (AccountId::from(n), at(n)));
    register.record_notices(PURPOSE, all, minute(1000)).unwrap();
    let notices = register.purpose_state(PURPOSE, None).unwrap().notices;
    for n in 0..30_000 {
        assert_eq!(notices.earliest(&AccountId::from(n)), Some(at(n).as_microsecond()));
    }
    assert!((30_000..31_000).all(|n| notices.earliest(&AccountId::from(n)).is_none()));
    assert_eq!(register.verify().unwrap().notices, 30_000);
}

/// A batch as it is heard: accounts with minutes, and whether their notices came back.
#[derive(Clone, Debug)]
struct Heard {
    undelivered: bool,
    of: Vec<(i64, i64)>,
    by_sender: bool,
}

fn heard() -> impl Strategy<Value = Heard> {
    let of = prop::collection::vec((0..6i64, 0..12i64), 0..8);
    (prop::bool::weighted(0.3), of, any::<bool>()).prop_map(|(undelivered, of, by_sender)| Heard {
        undelivered,
        of,
        by_sender,
    })
}

fn record(register: &mut Register, heard: &Heard, at: i64) {
    let of = heard.of.iter().map(|(n, at)| (AccountId::from(*n), minute(*at)));
    let at = minute(at);
    match (heard.by_sender, heard.undelivered) {
        (false, false) => drop(register.record_notices(PURPOSE, of, at).unwrap()),
        (false, true) => drop(register.record_undelivered(PURPOSE, of, at).unwrap()),
        (true, false) => register.act(at, |act| act.add_notices(PURPOSE, of)).unwrap(),
        (true, true) => register.act(at, |act| act.add_undelivered(PURPOSE, of)).unwrap(),
    }
}

/// For each account, when it was told and through when its notices came back: the obvious way.
fn expected(all: &[Heard]) -> BTreeMap<i64, (Option<i64>, Option<i64>)> {
    let of = |account: i64, undelivered: bool| {
        let batches = all.iter().filter(move |heard| heard.undelivered == undelivered);
        let entries = batches.flat_map(|heard| &heard.of);
        entries.filter(move |(n, _)| *n == account).map(|(_, at)| minute(*at).as_microsecond())
    };
    let one = |account| {
        let through = of(account, true).max();
        let counts = of(account, false).filter(|at| through.is_none_or(|through| *at > through));
        (account, (counts.min(), through))
    };
    (0..6).map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_delivery_that_counts_is_the_first_that_did_not_come_back(
        all in prop::collection::vec(heard(), 0..8),
        order in any::<u64>(),
    ) {
        let mut shuffled = all.clone();
        shuffled.sort_by_key(|heard| (format!("{heard:?}").len() as u64).wrapping_mul(order | 1));
        for batches in [&all, &shuffled] {
            let mut register = in_memory();
            for (at, heard) in (20..).zip(batches) {
                record(&mut register, heard, at);
            }
            let state = register.purpose_state(PURPOSE, None).unwrap().notices;
            let now = register.notices(PURPOSE).unwrap();
            for (account, (counts, through)) in expected(&all) {
                let account = AccountId::from(account);
                prop_assert_eq!(state.earliest(&account), counts);
                prop_assert_eq!(now.earliest(&account), counts);
                prop_assert_eq!(now.undelivered_through(&account), through);
                let returns: Vec<i64> = now.returns(&account).collect();
                prop_assert!(returns.is_sorted() && returns.last().copied() == through);
            }
            prop_assert!(register.verify().unwrap().is_sound());
        }
    }
}

#[test]
fn an_old_list_brings_nobody_back() {
    let mut register = in_memory();
    let one = || [(AccountId::from(1), minute(1))];
    register.record_notices(PURPOSE, one(), minute(2)).unwrap();
    let back = [(AccountId::from(1), minute(5))];
    register.record_undelivered(PURPOSE, back.clone(), minute(6)).unwrap();
    let again = register.record_undelivered(PURPOSE, back, minute(7)).unwrap();
    assert_eq!(again, NoticeSummary { recorded: 0, unchanged: 1 });
    register.record_notices(PURPOSE, one(), minute(8)).unwrap();
    register.act(minute(9), |act| act.add_notices(PURPOSE, one())).unwrap();
    assert_eq!(register.notices(PURPOSE).unwrap().earliest(&AccountId::from(1)), None);

    let history = register.notice_history(PURPOSE).unwrap();
    assert_eq!(history.delivered, [minute(1).as_microsecond()], "said twice, delivered once");
    assert_eq!(history.undelivered, [minute(5).as_microsecond()]);
    register.record_notices(PURPOSE, [(AccountId::from(1), minute(10))], minute(10)).unwrap();
    let told = register.notices(PURPOSE).unwrap().earliest(&AccountId::from(1));
    assert_eq!(told, Some(minute(10).as_microsecond()));
}

#[test]
fn a_build_outlives_deliveries_but_no_return() {
    let mut register = in_memory();
    let told = |n: i64, at| [(AccountId::from(n), minute(at))];
    register.record_notices(PURPOSE, told(1, 1), minute(1)).unwrap();
    let since = register.newest_objection(PURPOSE).unwrap();
    let excludes_more = |register: &Register| register.excludes_more(PURPOSE, since).unwrap();

    register.record_notices(PURPOSE, told(2, 2), minute(2)).unwrap();
    let mut other = sample();
    other.id = "other".into();
    register.record_purpose(&other, minute(2)).unwrap();
    let elsewhere =
        demur_register::NewObjection { purpose: "other".into(), ..objection(1, minute(2)) };
    let case = register.submit(elsewhere, minute(2)).unwrap();
    register.withdraw(&case, minute(2)).unwrap();
    register.record_undelivered("other", told(1, 2), minute(2)).unwrap();
    register.record_notices(PURPOSE, told(3, 3), minute(3)).unwrap();
    assert!(!excludes_more(&register), "more people may be used, none fewer");

    register.record_undelivered(PURPOSE, told(1, 4), minute(4)).unwrap();
    assert!(excludes_more(&register));
}

#[test]
fn ids_of_mails_are_the_same_each_time_and_name_nobody() {
    let ids = in_memory().mail_ids();
    let id = |account: &AccountId, after| ids.notice(PURPOSE, account, after);
    let account = AccountId::from(7);
    assert_eq!(id(&account, None), in_memory().mail_ids().notice(PURPOSE, &account, None));
    let others = [
        id(&AccountId::from(8), None),
        id(&AccountId::from("7"), None),
        id(&account, Some(0)),
        ids.notice("other", &account, None),
    ];
    assert!(others.iter().all(|other| *other != id(&account, None)));
    assert!(id(&account, None).bytes().all(|b| b.is_ascii_hexdigit()));
}
