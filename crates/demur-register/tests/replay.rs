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

#[test]
fn the_future_cannot_be_asked_for() {
    let register = in_memory();
    let error = register.purpose_state(PURPOSE, Some(3)).err().unwrap().to_string();
    assert!(error.contains("has 2 events, not yet 3"), "{error}");
    assert_eq!(register.newest_objection(PURPOSE).unwrap(), 0);
}
