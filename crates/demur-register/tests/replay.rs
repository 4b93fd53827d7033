//! The state at any past size, against what was remembered at that size.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Effect, Scopes, Status};
use demur_core::purpose::sample;
use demur_core::rules::Objection;
use demur_register::event::By;
use demur_register::{CaseId, Hash, NewObjection, ObjectionRow, PurposeState, Register};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Act {
    Submit { account: i64, record: Option<u8>, scopes: usize },
    Decide { case: usize, what: u8 },
    Import { account: i64, status: usize, received: i64 },
    Notify { account: i64 },
    Bounce { account: i64, ago: i64 },
    Other,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..4i64, prop::option::weighted(0.3, 0..3u8), 0..3usize)
            .prop_map(|(account, record, scopes)| Act::Submit { account, record, scopes }),
        4 => (any::<usize>(), 0..5u8).prop_map(|(case, what)| Act::Decide { case, what }),
        3 => (0..4i64, 0..5usize, 0..3i64)
            .prop_map(|(account, status, received)| Act::Import { account, status, received }),
        1 => (0..4i64).prop_map(|account| Act::Notify { account }),
        1 => (0..4i64, 0..9i64).prop_map(|(account, ago)| Act::Bounce { account, ago }),
        1 => Just(Act::Other),
    ]
}

const SCOPES: [&str; 3] = ["public_content", "ai_interactions", "third_party"];

/// Does what can be done; what the register refuses is part of the test.
fn apply(register: &mut Register, cases: &mut Vec<CaseId>, act: &Act, n: i64) {
    let at = minute(n);
    match act {
        Act::Submit { account, record, scopes } => {
            let new = NewObjection {
                record: record.map(|n| RecordId(n.to_string())),
                scopes: Scopes::parse(SCOPES[*scopes]).unwrap(),
                ..objection(*account, at)
            };
            cases.push(register.submit(new, at).unwrap());
        }
        Act::Decide { case, what } if !cases.is_empty() => {
            let case = &cases[case % cases.len()];
            // Illegal steps fail, and must leave no trace.
            let _ = match what {
                0 => register.start_review(case, "R", at),
                1 => register.approve(case, "R", at),
                2 => register.refuse(case, &refusal(), at),
                3 => register.withdraw(case, at),
                _ => register.reopen(case, By::Person, None, at),
            };
        }
        Act::Import { account, status, received } => {
            let row = ObjectionRow {
                received_at: minute(-received),
                ..row(2, *account, Status::ALL[*status])
            };
            import(register, &[row], at).unwrap();
        }
        Act::Notify { account } => {
            register.record_notices(PURPOSE, [(AccountId::from(*account), at)], at).unwrap();
        }
        Act::Bounce { account, ago } => {
            let through = [(AccountId::from(*account), minute(n - ago))];
            register.record_undelivered(PURPOSE, through, at).unwrap();
        }
        Act::Decide { .. } | Act::Other => {
            let mut other = sample();
            other.id = "other".into();
            other.title = format!("version {n}");
            register.record_purpose(&other, at).unwrap();
            let elsewhere = NewObjection { purpose: "other".into(), ..objection(n, at) };
            register.submit(elsewhere, at).unwrap();
        }
    }
}

/// Who is excluded how, and since when each account is known to be told.
type Told = (Vec<(Option<AccountId>, Option<RecordId>, Scopes, Effect)>, Vec<Option<i64>>);

fn told(state: &PurposeState) -> Told {
    let effect = |o: &Objection| (o.account.clone(), o.record.clone(), o.scopes, o.status.effect());
    let earliest = (0..4).map(|n| state.notices.earliest(&AccountId::from(n))).collect();
    (state.objections.iter().map(effect).collect(), earliest)
}

fn state(register: &Register, upto: Option<u64>) -> PurposeState {
    register.purpose_state(PURPOSE, upto).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_past_can_be_replayed(acts in prop::collection::vec(act(), 1..25)) {
        let mut register = in_memory();
        let mut cases = Vec::new();
        let mut remembered: Vec<(u64, Hash, Told)> = Vec::new();
        for (n, act) in (1..).zip(&acts) {
            apply(&mut register, &mut cases, act, n);
            let now = state(&register, None);
            let same = state(&register, Some(now.size));
            prop_assert_eq!((told(&now), now.root), (told(&same), same.root));
            prop_assert_eq!(now.size, register.newest_objection(PURPOSE).unwrap());
            remembered.push((register.size().unwrap(), register.root().unwrap(), told(&now)));
        }
        for (size, root, then) in &remembered {
            let replayed = state(&register, Some(*size));
            prop_assert_eq!((replayed.size, replayed.root), (*size, *root));
            prop_assert_eq!(&told(&replayed), then);
        }

        let report = register.verify().unwrap();
        prop_assert!(report.is_sound(), "{:?}", report.problems);
        let before = state(&register, None);
        let (size, newest) = (register.size().unwrap(), register.newest_objection(PURPOSE).unwrap());
        register.rebuild(minute(100)).unwrap();
        prop_assert!(register.verify().unwrap().is_sound());
        let after = state(&register, None);
        prop_assert_eq!(&after.objections, &before.objections);
        prop_assert_eq!(told(&after), told(&before));
        prop_assert_eq!(register.size().unwrap(), size);
        prop_assert_eq!(register.newest_objection(PURPOSE).unwrap(), newest);
    }
}

/// The objections of one account that name no record.
fn of_account(state: &PurposeState, account: &AccountId) -> Vec<Objection> {
    let theirs = |said: &&Objection| said.account.as_ref() == Some(account);
    state.objections.iter().filter(theirs).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whoever amends what was made of an earlier state misses nobody: accounts that are not named had
    /// the same said of them then, and those of whom less may be in force are marked.
    #[test]
    fn what_was_said_since_is_all_that_differs(
        before in prop::collection::vec(act(), 0..15),
        after in prop::collection::vec(act(), 0..8),
    ) {
        let mut register = in_memory();
        let mut cases = Vec::new();
        for (n, act) in (1..).zip(&before) {
            apply(&mut register, &mut cases, act, n);
        }
        let then = state(&register, None);
        for (n, act) in (100..).zip(&after) {
            apply(&mut register, &mut cases, act, n);
        }
        let now = state(&register, None);
        // To be looked at changes nothing for anybody's data, nor for a record's.
        let records = |state: &PurposeState| {
            let mut said = told(state).0;
            said.retain(|(_, record, _, _)| record.is_some());
            said
        };
        let Some(since) = register.said_since(PURPOSE, then.size, 1000).unwrap() else {
            prop_assert!(!records(&now).is_empty(), "what could be told was not");
            return Ok(());
        };
        prop_assert_eq!((since.size, since.root), (now.size, now.root));
        prop_assert_eq!(records(&then), records(&now));
        prop_assert!(since.told || told(&then).1 == told(&now).1);
        for account in (0..4).map(AccountId::from) {
            let (was, is) = (of_account(&then, &account), of_account(&now, &account));
            match since.accounts.iter().find(|one| one.account == account) {
                None => {
                    let does = |said: &Objection| (said.scopes, said.status.effect());
                    let (was, is): (Vec<_>, Vec<_>) =
                        (was.iter().map(does).collect(), is.iter().map(does).collect());
                    prop_assert_eq!(was, is);
                }
                Some(one) => {
                    prop_assert_eq!(&one.objections, &is);
                    let less = was.iter().zip(&is).any(|(was, is)| is.status.effect() < was.status.effect());
                    prop_assert!(one.less || !less);
                }
            }
        }
    }
}

#[test]
fn much_or_an_erased_person_cannot_be_told_by_accounts() {
    let mut register = in_memory();
    let since = state(&register, None).size;
    for n in 0..3 {
        register.submit(objection(n, minute(n)), minute(n)).unwrap();
    }
    // Each arrives and is approved by rule.
    let size = register.newest_objection(PURPOSE).unwrap();
    let told = |register: &Register, most| register.said_since(PURPOSE, since, most).unwrap();
    assert_eq!(told(&register, size - since).unwrap().accounts.len(), 3);
    assert_eq!(told(&register, size - since - 1), None);
    assert_eq!(register.said_since("other", 0, 10).unwrap().unwrap().accounts, []);
    let error = register.said_since(PURPOSE, size + 1, 10).unwrap_err().to_string();
    assert!(error.contains("not yet"), "{error}");
    register.erase_account(&AccountId::from(1), minute(9)).unwrap();
    assert_eq!(told(&register, 1000), None);
}

#[test]
fn the_future_cannot_be_asked_for() {
    let register = in_memory();
    let error = register.purpose_state(PURPOSE, Some(3)).err().unwrap().to_string();
    assert!(error.contains("has 2 events, not yet 3"), "{error}");
    assert_eq!(register.newest_objection(PURPOSE).unwrap(), 0);
}
