//! Taking over objections and notices: again and again, all or nothing.

mod common;

use common::*;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Refusals, sample};
use demur_register::event::By;
use demur_register::{ImportSummary, ObjectionRow, Register};
use jiff::SignedDuration;

fn summary(received: usize, updated: usize, unchanged: usize) -> ImportSummary {
    ImportSummary { received, updated, unchanged }
}

fn statuses(register: &Register) -> Vec<Status> {
    now(register).iter().map(|objection| objection.status).collect()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let mut register = in_memory();
    let rows: Vec<ObjectionRow> =
        (0..).zip(Status::ALL).map(|(n, status)| row(n, n as i64, status)).collect();
    assert_eq!(import(&mut register, &rows, minute(1)).unwrap(), summary(5, 0, 0));
    assert_eq!(statuses(&register), Status::ALL);
    let (size, root) = (register.size().unwrap(), register.root().unwrap());
    assert_eq!(import(&mut register, &rows, minute(2)).unwrap(), summary(0, 0, 5));
    assert_eq!((register.size().unwrap(), register.root().unwrap()), (size, root));
}

#[test]
fn a_status_that_moved_there_moves_here() {
    for from in Status::ALL {
        for to in Status::ALL.into_iter().filter(|to| *to != from) {
            let mut register = in_memory();
            import(&mut register, &[row(2, 1, from)], minute(1)).unwrap();
            let moved = import(&mut register, &[row(2, 1, to)], minute(2)).unwrap();
            assert_eq!(moved, summary(0, 1, 0), "{from} to {to}");
            assert_eq!(statuses(&register), [to]);
            assert!(register.verify().unwrap().is_sound());
        }
    }
}

/// An old export must not undo what people did here since.
#[test]
fn a_file_that_says_nothing_new_does_not_undo_what_happened_here() {
    let mut register = in_memory();
    let file = [row(2, 1, Status::Refused), row(3, 2, Status::Approved)];
    import(&mut register, &file, minute(1)).unwrap();
    let cases = register.cases(&Default::default(), 9).unwrap();
    register.reopen(&cases[0].case, By::Person, None, minute(2)).unwrap();
    register.withdraw(&cases[1].case, minute(2)).unwrap();
    assert_eq!(import(&mut register, &file, minute(3)).unwrap(), summary(0, 0, 2));
    assert_eq!(statuses(&register), [Status::Received, Status::Withdrawn]);
    let news = [row(3, 2, Status::Received)];
    assert_eq!(import(&mut register, &news, minute(4)).unwrap(), summary(0, 1, 0));
    assert_eq!(statuses(&register), [Status::Received, Status::Received]);
}

#[test]
fn one_bad_row_and_nothing_is_taken() {
    let mut never = sample();
    never.id = "strict".into();
    never.refusals = Refusals::Never;
    let mut register = with_purpose(in_memory(), &never);
    let size = register.size().unwrap();
    let good = row(2, 1, Status::Approved);
    for (bad, why) in [
        (
            ObjectionRow { account: None, ..row(3, 2, Status::Approved) },
            "line 3: an objection names",
        ),
        (ObjectionRow { scopes: Scopes::NONE, ..row(3, 2, Status::Approved) }, "line 3"),
        (
            ObjectionRow { purpose: "ads".into(), ..row(3, 2, Status::Approved) },
            "no purpose \"ads\"",
        ),
        (
            ObjectionRow { purpose: "strict".into(), ..row(3, 2, Status::Refused) },
            "forbids refusing",
        ),
        (row(3, 1, Status::Withdrawn), "lines 2 and 3 are the same objection, once approved"),
    ] {
        let error = import(&mut register, &[good.clone(), bad], minute(1)).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(register.size().unwrap(), size);
        assert_eq!(now(&register), []);
    }
    let twice = [good.clone(), ObjectionRow { line: 9, ..good }];
    assert_eq!(import(&mut register, &twice, minute(1)).unwrap(), summary(1, 0, 1));
}

#[test]
fn whatever_tells_two_objections_apart_makes_two_cases() {
    let mut register = in_memory();
    let base = row(1, 1, Status::Received);
    let rows = [
        base.clone(),
        row(2, "1", Status::Received),
        ObjectionRow { scopes: Scopes::parse("third_party").unwrap(), ..base.clone() },
        ObjectionRow { record: Some(RecordId("1".into())), ..base.clone() },
        ObjectionRow { record: Some(RecordId("1".into())), account: None, ..base.clone() },
        ObjectionRow {
            received_at: base.received_at + SignedDuration::from_micros(1),
            ..base.clone()
        },
    ];
    assert_eq!(import(&mut register, &rows, minute(1)).unwrap(), summary(6, 0, 0));
    let told: Vec<_> = now(&register).into_iter().map(|o| (o.account, o.record)).collect();
    let (one, record) = (Some(AccountId::from(1)), Some(RecordId("1".into())));
    assert_eq!(told[1], (Some(AccountId::from("1")), None), "kinds of id come back");
    assert_eq!(told[3..5], [(one, record.clone()), (None, record)]);
}

#[test]
fn progress_ends_at_the_number_of_rows() {
    let rows: Vec<ObjectionRow> = (0..9000).map(|n| row(n, n as i64, Status::Approved)).collect();
    let mut heard = Vec::new();
    in_memory().import_objections(&rows, minute(1), &mut |done| heard.push(done)).unwrap();
    assert_eq!(heard, [0, 4096, 8192, 9000]);
}
