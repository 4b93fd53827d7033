//! Whatever is changed behind the register's back is found, and named by its event.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::id::AccountId;
use demur_core::objection::Status;
use demur_register::ProblemKind::{self, Changed, Missing, Moved, Projection, Unexpected};
use demur_register::{Error, Register};

/// Events: 0 opened, 1 purpose, 2 and 3 account 1 received and approved, 4 account 2 received,
/// 5 refused, 6 notices of accounts 1 to 3, 7 and 8 account 3 received and approved.
fn filled(place: &Place) -> Register {
    let mut register = place.register();
    register.submit(objection(1, minute(1)), minute(1)).unwrap();
    let case = register.submit(reviewed(2, minute(2)), minute(2)).unwrap();
    register.refuse(&case, &refusal(), minute(3)).unwrap();
    let notices = (1..4).map(|n| (AccountId::from(n), minute(n)));
    register.record_notices(PURPOSE, notices, minute(4)).unwrap();
    register.submit(objection(3, minute(5)), minute(5)).unwrap();
    assert_eq!(register.size().unwrap(), 9);
    register
}

/// What `verify` finds after `sql`: kind and event of each problem.
fn found(sql: &str) -> Vec<(ProblemKind, Option<u64>)> {
    let place = Place::new();
    let register = filled(&place);
    assert!(register.verify().unwrap().is_sound());
    place.tamper(sql);
    let problems = register.verify().unwrap().problems;
    for problem in &problems {
        assert!(problem.event.is_none_or(|seq| problem.text.contains(&format!("event {seq}"))));
    }
    problems.into_iter().map(|problem| (problem.kind, problem.event)).collect()
}

#[test]
fn an_untouched_register_is_sound() {
    let place = Place::new();
    let report = filled(&place).verify().unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!((report.size, report.personal_parts, report.notices, report.erased), (9, 4, 3, 0));
}

#[test]
fn a_changed_event_is_found() {
    let sql = "UPDATE event SET body = replace(body, 'refused', 'approved') WHERE seq = 5";
    let problems = found(sql);
    assert!(problems.contains(&(Changed, Some(5))), "{problems:?}");
    assert!(problems.contains(&(Projection, Some(4))), "{problems:?}");
    let cosmetic = "UPDATE event SET body = body || ' ' WHERE seq = 1";
    assert_eq!(found(cosmetic), [(Changed, Some(1))]);
}

#[test]
fn a_deleted_event_is_found() {
    let problems = found("DELETE FROM event WHERE seq = 3");
    assert!(problems.contains(&(Missing, Some(3))), "{problems:?}");
}

#[test]
fn swapped_events_are_found() {
    let swap = "UPDATE event SET seq = -1 WHERE seq = 1; UPDATE event SET seq = 1 WHERE seq = 6;
                UPDATE event SET seq = 6 WHERE seq = -1;";
    let problems = found(swap);
    assert!(problems.contains(&(Moved, Some(1))), "{problems:?}");
    assert!(problems.contains(&(Moved, Some(6))), "{problems:?}");
    let place = Place::new();
    let register = filled(&place);
    place.tamper(swap);
    let told: Vec<String> =
        register.verify().unwrap().problems.iter().map(ToString::to_string).collect();
    assert!(told.contains(&"event 1 was moved here from the place of event 6".into()), "{told:?}");
}

#[test]
fn a_truncated_log_is_found() {
    let problems = found("DELETE FROM event WHERE seq >= 7");
    assert!(problems.contains(&(Missing, Some(7))), "{problems:?}");
    assert!(problems.contains(&(Missing, Some(8))), "{problems:?}");
    let problems = found("UPDATE head SET size = 8");
    assert!(problems.contains(&(Changed, None)), "{problems:?}");
}

/// A log put back whole, end included, is consistent in itself: a checkpoint kept elsewhere tells.
#[test]
fn an_older_copy_is_told_by_a_checkpoint() {
    let place = Place::new();
    drop(place.register());
    place.back_up();
    let mut register = place.open(4).unwrap();
    register.submit(objection(1, minute(1)), minute(1)).unwrap();
    let text = register.checkpoint().unwrap();
    let checkpoint =
        demur_register::checkpoint::verify_checkpoint(&text, &register.public_key()).unwrap();
    drop(register);
    place.restore();
    let restored = place.open(5).unwrap();
    assert!(restored.verify().unwrap().is_sound());
    assert!(!restored.continues(&checkpoint).unwrap());
}

#[test]
fn changed_moved_and_lost_sealed_parts_are_found() {
    let flip = "UPDATE personal SET sealed = (SELECT wrapped FROM subject WHERE id = 2) \
                WHERE seq = 5";
    assert_eq!(found(flip), [(Changed, Some(5))]);
    let moved = "UPDATE personal SET seq = 3 WHERE seq = 5";
    assert_eq!(found(moved), [(Missing, Some(5)), (Unexpected, Some(3))]);
    let other_person = "UPDATE personal SET subject = 7 WHERE seq = 2";
    assert!(found(other_person).contains(&(Changed, Some(2))));
    let silent = "DELETE FROM subject WHERE id = 2";
    assert_eq!(found(silent), [(Missing, Some(2))], "deleting without saying so is no erasure");
}

#[test]
fn changed_notices_are_found() {
    let later = "UPDATE notice_chunk SET bytes = (SELECT wrapped FROM subject WHERE id = 2)";
    assert_eq!(found(later), [(Changed, Some(6))]);
    assert_eq!(found("DELETE FROM notice_chunk"), [(Missing, Some(6))]);
    let extra = "INSERT INTO notice_chunk (seq, part, purpose, bytes, undelivered) \
                 SELECT 5, part, purpose, bytes, undelivered FROM notice_chunk";
    assert_eq!(found(extra), [(Unexpected, Some(5))]);
    let filed_elsewhere = "UPDATE notice_chunk SET purpose = 'ads'";
    assert_eq!(found(filed_elsewhere), [(Changed, Some(6))]);
    let returned = "UPDATE notice_chunk SET undelivered = NOT undelivered";
    assert_eq!(found(returned), [(Changed, Some(6))]);
}

#[test]
fn a_return_cannot_be_made_a_delivery() {
    let place = Place::new();
    let mut register = filled(&place);
    let back = [(AccountId::from(1), minute(6))];
    register.record_undelivered(PURPOSE, back, minute(6)).unwrap();
    let report = register.verify().unwrap();
    assert_eq!((report.is_sound(), report.notices, report.undelivered), (true, 3, 1));
    place.tamper("UPDATE notice_chunk SET undelivered = false");
    let problems = register.verify().unwrap().problems;
    assert_eq!(
        problems.iter().map(|p| (p.kind, p.event)).collect::<Vec<_>>(),
        [(Changed, Some(9))]
    );
}

#[test]
fn wrong_projections_are_found_and_rebuilt() {
    for sql in [
        "UPDATE objection SET status = 4 WHERE opened = 2",
        "DELETE FROM objection WHERE opened = 4",
        "UPDATE objection SET purpose = 'ads'",
        "UPDATE objection SET extended_until = '2030-01-01'",
        "DELETE FROM history",
        "DELETE FROM purpose_version",
        "UPDATE newest SET size = 1",
        "INSERT INTO training_set VALUES (3, 'never built', NULL)",
        "INSERT INTO training_version VALUES (3, 'v', 1, 0, 1, 9, 0, 0, 0, 9, 'p', 'm', false)",
        "INSERT INTO run VALUES (3, 'never started', NULL)",
        "UPDATE objection SET in_force = NULL WHERE opened = 2",
    ] {
        let place = Place::new();
        let mut register = filled(&place);
        let before = now(&register);
        place.tamper(sql);
        let problems = register.verify().unwrap().problems;
        assert!(!problems.is_empty(), "{sql}");
        assert!(problems.iter().all(|p| p.kind == Projection), "{sql}: {problems:?}");
        register.rebuild(minute(9)).unwrap();
        assert!(register.verify().unwrap().is_sound(), "{sql}");
        assert_eq!(now(&register), before);
    }
}

#[test]
fn nothing_is_appended_to_a_log_whose_end_was_changed() {
    let place = Place::new();
    let mut register = filled(&place);
    place.tamper("UPDATE head SET size = 8");
    let error = register.submit(objection(9, minute(9)), minute(9)).unwrap_err();
    assert!(matches!(error, Error::Damaged(_)), "{error}");
    assert!(register.purpose_state(PURPOSE, None).is_err());
}

#[test]
fn an_erased_person_leaves_the_log_whole() {
    let place = Place::new();
    let mut register = filled(&place);
    let old = register.purpose_state(PURPOSE, None).unwrap();
    assert_eq!(register.erase_account(&AccountId::from(2), minute(9)).unwrap(), 1);
    let report = register.verify().unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!((report.size, report.personal_parts, report.erased), (10, 2, 2));
    let left: Vec<_> = now(&register).into_iter().filter_map(|o| o.account).collect();
    assert_eq!(left, [AccountId::from(1), AccountId::from(3)]);
    assert_eq!(register.newest_objection(PURPOSE).unwrap(), 10);

    let then = register.purpose_state(PURPOSE, Some(9)).unwrap();
    assert_eq!((then.size, then.root), (old.size, old.root), "the past keeps its root");
    assert_eq!(then.objections.len(), 2);
    register.rebuild(minute(10)).unwrap();
    assert!(register.verify().unwrap().is_sound());
    assert_eq!(register.erase_account(&AccountId::from(2), minute(11)).unwrap(), 0);

    let again = register.submit(reviewed(2, minute(12)), minute(12)).unwrap();
    assert_eq!(register.case(&again).unwrap().unwrap().summary.status, Status::Received);
    assert!(register.verify().unwrap().is_sound());
}
