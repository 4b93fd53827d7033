//! Moving a register: from one file to another, and where the test command names a server, to PostgreSQL
//! and back.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::id::AccountId;
use demur_core::objection::Status;
use demur_register::desk::Drawer;
use demur_register::{CaseFilter, Error, Register, SeededEntropy};

/// A register with something of everything.
fn filled(place: &Place) -> Register {
    let mut register = place.register();
    let rows: Vec<_> = (0..900).map(|n| row(n, 1000 + n as i64, Status::Approved)).collect();
    import(&mut register, &rows, minute(1)).unwrap();
    let case = register.submit(reviewed(2, minute(2)), minute(2)).unwrap();
    register.refuse(&case, &refusal(), minute(3)).unwrap();
    register.submit(about_record("post-7", minute(3)), minute(3)).unwrap();
    let notices = (1..4).map(|n| (AccountId::from(n), minute(n)));
    register.record_notices(PURPOSE, notices, minute(4)).unwrap();
    register.submit(objection(3, minute(5)), minute(5)).unwrap();
    register.erase_account(&AccountId::from(3), minute(5)).unwrap();
    register
        .act(minute(6), |act| {
            act.put(Drawer::Letter, b"a", minute(7), Some(&AccountId::from(2)), "sealed")?;
            act.put(Drawer::Session, b"b", minute(8), None, "open")
        })
        .unwrap();
    register
}

/// Opens what lies at `to` under the key of `from`.
fn open(from: &Place, to: &Place) -> Result<Register, Error> {
    let options = demur_register::Options { url: to.options().url, ..from.options() };
    Register::open_existing(options, Box::new(SeededEntropy::new(3)), minute(9))
}

#[test]
fn a_copy_says_what_its_source_says_and_goes_on_from_there() {
    let (first, second, third) = (Place::for_file(), Place::new(), Place::for_file());
    let mut source = filled(&first);
    let copied = source.copy_to(&second.options().url, &mut |_| {}).unwrap();
    let mut copy = open(&first, &second).unwrap();
    assert_eq!((copied.size, copied.root), (source.size().unwrap(), source.root().unwrap()));
    assert_eq!(copied.items, 2);
    let back = copy.copy_to(&third.options().url, &mut |_| {}).unwrap();
    assert_eq!(back, copied);

    let last = open(&first, &third).unwrap();
    for register in [&copy, &last] {
        assert_eq!(register.checkpoint().unwrap(), source.checkpoint().unwrap());
        assert_eq!(now(register), now(&source));
        let cases = |r: &Register| r.cases(&CaseFilter::default(), 2000).unwrap();
        assert_eq!(cases(register), cases(&source));
        for (drawer, name) in [(Drawer::Letter, b"a"), (Drawer::Session, b"b")] {
            assert_eq!(register.item(drawer, name).unwrap(), source.item(drawer, name).unwrap());
            assert!(register.item(drawer, name).unwrap().is_some());
        }
    }
    copy.submit(objection(4, minute(9)), minute(9)).unwrap();
    assert!(copy.verify().unwrap().is_sound());
}

#[test]
fn a_copy_takes_no_place_that_is_taken_and_no_register_that_is_damaged() {
    let (first, second) = (Place::new(), Place::new());
    let mut source = filled(&first);
    drop(second.register());
    let taken = source.copy_to(&second.options().url, &mut |_| {}).unwrap_err();
    assert!(taken.to_string().contains("is not empty"), "{taken}");
    assert!(open(&second, &second).unwrap().verify().unwrap().is_sound(), "and it is left alone");

    let third = Place::new();
    first.tamper("DELETE FROM history");
    let damaged = source.copy_to(&third.options().url, &mut |_| {}).unwrap_err();
    assert!(damaged.to_string().contains("is not sound"), "{damaged}");
    // What was begun there is nobody's register now.
    let unusable = open(&first, &third).err().unwrap();
    assert!(matches!(unusable, Error::UnfinishedCopy(_) | Error::NotFound(_)), "{unusable}");
    let begun = demur_register::Options { url: third.options().url, ..first.options() };
    let anew = Register::open(begun, Box::new(SeededEntropy::new(3)), minute(9));
    assert!(anew.is_err(), "nor is it begun anew");
}
