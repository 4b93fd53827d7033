//! Moving a register: from one file to another, and where the test command names a server, to PostgreSQL
//! and back.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::id::AccountId;
use demur_core::objection::Status;
use demur_register::desk::Drawer;
use demur_register::{
    CaseFilter, Error, KeySource, Link, LinkKind, Options, Register, SeededEntropy,
};

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

#[test]
fn a_copy_with_a_new_key_opens_with_that_alone_and_says_the_same() {
    let (first, second) = (Place::new(), Place::new());
    let mut source = filled(&first);
    let kind = LinkKind::Object { account: 7.into(), purpose: PURPOSE.into() };
    let link = Link { kind, issued_at: minute(1), expires_at: minute(100) };
    let token = source.links().seal(&link);
    let receipt = source.checkpoint().unwrap();
    // The key that leaked is the first, and it was changed since.
    let first_key = KeySource::Hex(std::fs::read_to_string(first.key()).unwrap());
    source.rotate_key(&first.key()).unwrap();

    let same = source.copy_under(&second.options().url, &first_key, &mut |_| {}).unwrap_err();
    assert!(same.to_string().contains("present secret"), "{same}");
    let new_key = KeySource::File(second.key());
    let copied = source.copy_under(&second.options().url, &new_key, &mut |_| {}).unwrap();
    assert_eq!((copied.size, copied.root), (source.size().unwrap(), source.root().unwrap()));

    let mut copy = second.open(3).unwrap();
    let report = copy.verify().unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!(report.personal_parts, source.verify().unwrap().personal_parts);
    assert_eq!(copy.checkpoint().unwrap(), receipt, "others check by the same key");
    assert_eq!(copy.links().open(&token), Some(link), "a link that was sent still works");
    assert_eq!(now(&copy), now(&source));
    for (drawer, name) in [(Drawer::Letter, b"a"), (Drawer::Session, b"b")] {
        assert_eq!(copy.item(drawer, name).unwrap(), source.item(drawer, name).unwrap());
        assert!(copy.item(drawer, name).unwrap().is_some());
    }
    let before = now(&copy).len();
    copy.submit(objection(1005, minute(9)), minute(9)).unwrap();
    assert_eq!(now(&copy).len(), before, "the person is recognised");
    copy.erase_account(&AccountId::from(2), minute(9)).unwrap();
    assert!(copy.verify().unwrap().is_sound());
    drop(copy);

    // Neither key of before opens it; and for somebody who takes the lock off, the first one opens nothing in it.
    let with = |key: &KeySource| {
        let options = Options { key: key.clone(), ..second.options() };
        Register::open_existing(options, Box::new(SeededEntropy::new(4)), minute(9))
    };
    for key in [&first_key, &KeySource::File(first.key())] {
        assert!(matches!(with(key), Err(Error::WrongKey)));
    }
    second.tamper("DELETE FROM meta WHERE name = 'heirloom'");
    let forced = with(&first_key).unwrap();
    assert!(forced.purpose_state(PURPOSE, None).is_err());
    assert!(forced.cases(&CaseFilter::default(), 9).is_err());
    assert!(forced.item(Drawer::Session, b"b").is_err());
    assert!(!forced.verify().unwrap().is_sound());
}

#[test]
fn sealing_anew_leaves_no_sealed_bytes_of_before() {
    let (first, second) = (Place::for_file(), Place::for_file());
    let mut source = filled(&first);
    let key = KeySource::File(second.key());
    source.copy_under(&second.options().url, &key, &mut |_| {}).unwrap();
    let sealed = |place: &Place| {
        let all = "SELECT wrapped FROM subject UNION ALL SELECT sealed FROM personal \
                   UNION ALL SELECT sealed FROM desk UNION ALL SELECT seal FROM event \
                   UNION ALL SELECT seal FROM head";
        let file = rusqlite::Connection::open(place.db()).unwrap();
        let mut rows = file.prepare(all).unwrap();
        let rows = rows.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        rows.collect::<Result<std::collections::HashSet<_>, _>>().unwrap()
    };
    let (before, after) = (sealed(&first), sealed(&second));
    assert!(before.len() > 900 && before.len() == after.len());
    assert!(before.is_disjoint(&after));
}
