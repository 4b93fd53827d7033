//! What recognises people when their accounts come back under other ids.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::id::AccountId;
use demur_core::objection::Status;
use demur_core::purpose::sample;
use demur_register::event::{Contact, Route};
use demur_register::{NewObjection, Register, Tombstone};

fn kept(register: &mut Register, email: &str) -> u64 {
    let state = register.purpose_state(PURPOSE, None).unwrap();
    let of = state.whose[0].of;
    let mark = register.marker().email(email).unwrap();
    let after = register
        .keep_tombstones(PURPOSE, state.size, &mut vec![Tombstone { mark, of }], minute(3))
        .unwrap();
    let (size, root) = after.expect("nothing else was said");
    let state = register.purpose_state(PURPOSE, None).unwrap();
    assert_eq!((state.size, state.root), (size, root), "a snapshot of it is bound to this");
    of
}

#[test]
fn an_address_is_the_same_however_it_is_written() {
    let register = in_memory();
    let marker = register.marker();
    assert_eq!(marker.email(" Zoë.Q@Example.ORG "), marker.email("zoë.q@example.org"));
    assert_ne!(marker.email("a@example.org"), marker.email("b@example.org"));
    // A field that is left empty, or filled with something, makes nobody anybody's twin.
    for nobody in ["", " ", "-", "none", "n/a", "@", "a@", "@b"] {
        assert_eq!(marker.email(nobody), None, "{nobody:?}");
    }
    let long = "x".repeat(300);
    assert_ne!(marker.account(&long), marker.account(&long[1..]));
    assert_ne!(marker.account("7"), marker.person("7"));
}

#[test]
fn tombstones_are_in_the_log_and_nothing_of_them_can_be_taken_away() {
    let place = Place::new();
    let mut register = place.register();
    register.submit(objection(1, minute(1)), minute(1)).unwrap();
    let before = register.purpose_state(PURPOSE, None).unwrap().size;
    let of = kept(&mut register, "a@example.org");
    let report = register.verify().unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.tombstones, report.notices), (1, 0));
    assert!(register.tombstones(PURPOSE, 0..before).unwrap().entries.is_empty());
    let all = register.tombstones(PURPOSE, 0..u64::MAX).unwrap();
    let mark = register.marker().email("a@example.org").unwrap();
    assert_eq!(all.entries, [Tombstone { mark, of }]);

    register.rebuild(minute(4)).unwrap();
    assert!(register.verify().unwrap().is_sound());
    // What was said meanwhile is no reason to forget whom the facts name, only to look again.
    register.submit(objection(2, minute(1)), minute(5)).unwrap();
    let mut more = vec![Tombstone { mark: register.marker().person("p"), of }];
    assert_eq!(register.keep_tombstones(PURPOSE, before, &mut more, minute(5)).unwrap(), None);
    assert_eq!(register.tombstones(PURPOSE, 0..u64::MAX).unwrap().entries.len(), 2);
    drop(register);
    place.tamper("DELETE FROM notice_chunk");
    let problems = place.open(2).unwrap().verify().unwrap().problems;
    assert!(
        problems[0].text.contains("recorded 1 tombstones, of which 0 are left"),
        "{problems:?}"
    );
}

#[test]
fn whoever_is_erased_stays_out() {
    let mut register = in_memory();
    let case = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    register.submit(objection(2, minute(1)), minute(1)).unwrap();
    let of = kept(&mut register, "a@example.org");
    register.erase_account(&AccountId::from(1), minute(9)).unwrap();
    let all = register.tombstones(PURPOSE, 0..u64::MAX).unwrap();
    let [out] = all.erased.as_slice() else { panic!("{all:?}") };
    assert!(out.status.effect() != Status::Withdrawn.effect() && !out.scopes.is_empty());
    let marker = register.marker();
    let marks = [marker.account("1"), marker.email("a@example.org").unwrap()];
    for mark in marks {
        assert!(all.entries.contains(&Tombstone { mark, of: out.of }), "{all:?}");
    }
    assert!(register.case(&case).unwrap().is_none());
    let state = register.purpose_state(PURPOSE, None).unwrap();
    assert!(state.whose.iter().all(|whose| whose.of != of), "nothing leads to a person");
    assert!(register.verify().unwrap().is_sound());
    register.rebuild(minute(10)).unwrap();
    assert!(register.verify().unwrap().is_sound());

    // Whose objection is over is forgotten whole.
    let case = register.submit(objection(3, minute(1)), minute(11)).unwrap();
    register.withdraw(&case, minute(12)).unwrap();
    register.erase_account(&AccountId::from(3), minute(13)).unwrap();
    assert_eq!(register.tombstones(PURPOSE, 0..u64::MAX).unwrap().erased.len(), 1);
}

#[test]
fn who_is_answered_at_an_address_is_recognised_by_it() {
    let mut register = in_memory();
    let email = "locked.out@example.org".to_owned();
    let contact = Contact { email, language: "en".into(), route: Route::LockedOut };
    let new = NewObjection { account: None, contact: Some(contact), ..objection(1, minute(1)) };
    register.submit(new, minute(1)).unwrap();
    let state = register.purpose_state(&sample().id, None).unwrap();
    let mark = register.marker().email("Locked.Out@example.org").unwrap();
    let wanted = [Tombstone { mark, of: state.whose[0].of }];
    assert_eq!(register.tombstones(PURPOSE, 0..state.size).unwrap().entries, wanted);
}
