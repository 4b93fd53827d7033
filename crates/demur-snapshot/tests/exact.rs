//! A snapshot answers exactly as plain maps would, for every id that is in it and every id that is not.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use demur_core::facts::{Age, Standing};
use demur_core::id::{AccountId, IdKind, RecordId};
use demur_core::objection::{Scope, Scopes, Status};
use demur_core::purpose::{self, Purpose};
use demur_core::rules::{Objection, Reason};
use demur_snapshot::{Amender, Compiler, Error, Key, Origin, Snapshot, Word};
use proptest::prelude::*;

fn origin(purpose: &Purpose) -> Origin<'_> {
    Origin {
        purpose,
        register_size: 7,
        register_root: "root".into(),
        accounts_digest: "facts".into(),
        facts_read: "columns".into(),
    }
}

fn adult(of_age_on: i32) -> Standing {
    Standing { age: Age::Adult, of_age_on, bar: None }
}

fn objection(account: AccountId, scopes: Scopes, status: Status) -> Objection {
    Objection { account: Some(account), scopes, record: None, status }
}

fn compile(
    purpose: &Purpose,
    fill: impl FnOnce(&mut Compiler),
) -> (tempfile::TempDir, PathBuf, u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snapshot");
    let mut compiler = Compiler::new(IdKind::Signed);
    fill(&mut compiler);
    let bytes = compiler.write(&path, origin(purpose)).unwrap().bytes;
    (folder, path, bytes)
}

/// Ids that collide in one byte or differ only in sign come up often.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0), -3..40i64, any::<i64>()]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{0,3}", "\\PC{0,12}"]
}

proptest! {
    #[test]
    fn numbers_are_found_exactly(
        known in prop::collection::vec((number(), 0..30_000i32), 0..300),
        asked in prop::collection::vec(number(), 0..300),
    ) {
        let purpose = purpose::sample();
        let (_folder, path, _) = compile(&purpose, |compiler| {
            for (id, day) in &known {
                compiler.account(Key::Number(*id as u64), adult(*day), None);
            }
        });
        let snapshot = Snapshot::open(path).unwrap();
        let asked: Vec<i64> = asked.into_iter().chain(known.iter().map(|(id, _)| *id)).collect();
        let mut words = vec![Word::ABSENT; asked.len()];
        snapshot.get_numbers(asked.iter().map(|id| *id as u64), &mut words);
        for (id, word) in asked.iter().zip(words) {
            prop_assert_eq!(word, snapshot.get(Key::Number(*id as u64)));
            let day = known.iter().filter(|(k, _)| k == id).map(|(_, day)| *day).max();
            match day {
                None => prop_assert_eq!(word, Word::ABSENT),
                Some(day) => {
                    prop_assert_eq!(word.age_reason(), None);
                    prop_assert!(word.was_minor_on(day - 1) && !word.was_minor_on(day));
                }
            }
        }
    }

    #[test]
    fn strings_are_found_exactly(
        known in prop::collection::vec((text(), 0..30_000i32), 0..200),
        asked in prop::collection::vec(text(), 0..200),
        records in prop::collection::vec(text(), 0..20),
    ) {
        let purpose = purpose::sample();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snapshot");
        let mut compiler = Compiler::new(IdKind::Text);
        for (id, day) in &known {
            compiler.account(Key::Text(id), adult(*day), None);
        }
        for record in &records {
            let item = Objection {
                account: None,
                scopes: Scopes::NONE,
                record: Some(RecordId(record.clone())),
                status: Status::Received,
            };
            compiler.objection(&purpose, &item).unwrap();
        }
        compiler.write(&path, origin(&purpose)).unwrap();
        let snapshot = Snapshot::open(path).unwrap();
        for id in asked.iter().chain(known.iter().map(|(id, _)| id)) {
            let word = snapshot.get(Key::Text(id));
            prop_assert_eq!(word != Word::ABSENT, known.iter().any(|(k, _)| k == id));
            prop_assert_eq!(snapshot.is_item(id), records.contains(id));
        }
        for record in &records {
            prop_assert!(snapshot.is_item(record));
        }
        prop_assert_eq!(snapshot.has_items(), !records.is_empty());
    }
}

#[test]
fn the_order_of_arrival_leaves_no_trace() {
    let purpose = purpose::sample();
    let file = |ids: Vec<i64>| {
        let (_folder, path, _) = compile(&purpose, |compiler| {
            for id in ids {
                compiler.account(
                    Key::Number(id as u64),
                    adult(id as i32),
                    Some(Key::Number(id as u64 / 2)),
                );
            }
        });
        std::fs::read(path).unwrap()
    };
    assert_eq!(file((0..500).collect()), file((0..500).rev().collect()));
}

#[test]
fn parts_that_are_filled_apart_make_the_same_file() {
    let purpose = purpose::sample();
    let fill = |compiler: &mut Compiler, ids: std::ops::Range<u64>| {
        for id in ids {
            let (text, person) = (format!("user {id}"), format!("person {}", id / 3));
            compiler.account(Key::Text(&text), adult(id as i32), Some(Key::Text(&person)));
        }
    };
    let write = |compiler: Compiler| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snapshot");
        compiler.write(&path, origin(&purpose)).unwrap();
        std::fs::read(path).unwrap()
    };
    let mut whole = Compiler::new(IdKind::Text);
    fill(&mut whole, 0..100);
    let mut parts = Compiler::new(IdKind::Text);
    for from in [0, 25, 50, 75] {
        let mut part = Compiler::new(IdKind::Text);
        fill(&mut part, from..from + 25);
        parts.absorb(part);
    }
    assert_eq!(write(parts), write(whole));
}

#[test]
fn an_objection_covers_every_account_of_the_person() {
    let purpose = purpose::sample();
    let person = |p: u64| Some(Key::Number(p));
    let (_folder, path, _) = compile(&purpose, |compiler| {
        // 1 and 2 are one person, 4 and 5 another; 3 is listed under both and joins them.
        for (account, of) in [(1, 10), (2, 10), (3, 10), (3, 11), (4, 11), (5, 11), (6, 12)] {
            compiler.account(Key::Number(account), adult(0), person(of));
        }
        let approved = objection(1.into(), Scopes::OWN, Status::Approved);
        compiler.objection(&purpose, &approved).unwrap();
        let ghost = objection(99.into(), Scopes::parse("third_party").unwrap(), Status::Received);
        compiler.objection(&purpose, &ghost).unwrap();
        let refused = objection(6.into(), Scopes::OWN, Status::Refused);
        compiler.objection(&purpose, &refused).unwrap();
    });
    let snapshot = Snapshot::open(path).unwrap();
    for account in 1..=5 {
        let word = snapshot.get(Key::Number(account));
        let reason = word.objection_reason(Scope::PublicContent);
        assert_eq!(reason, Some(Reason::AuthorObjected), "account {account}");
    }
    assert_eq!(snapshot.get(Key::Number(6)).objection_reason(Scope::PublicContent), None);
    let same = |a, b| snapshot.same_person(Key::Number(a), Key::Number(b));
    assert!(same(1, 2) && same(4, 5));
    assert!(!same(2, 4), "an account under two persons does not make them one");
    assert!(!same(1, 3) && same(3, 3), "and is certainly of neither");
    // Someone without account facts may object to what others publish.
    let ghost = snapshot.get(Key::Number(99));
    assert!(ghost.objects_as_third_party());
    assert_eq!(ghost.age_reason(), Some(Reason::AuthorUnknown));
    assert_eq!((snapshot.meta().accounts, snapshot.meta().objecting), (6, 6));
}

/// Of a few accounts, which person each listing names; and objections: account, effect, whether of others.
type Listings = Vec<(i64, Option<u64>)>;
type Said = Vec<(i64, bool, bool)>;

fn said(said: &Said) -> Vec<(i64, Objection)> {
    let objection = |&(id, approved, alone): &(i64, bool, bool)| {
        let scopes = if alone {
            [Scope::ThirdParty].into_iter().collect()
        } else {
            Scope::ALL.into_iter().collect()
        };
        let status = if approved { Status::Approved } else { Status::Received };
        (id, objection(AccountId::Number(id.into()), scopes, status))
    };
    said.iter().map(objection).collect()
}

fn lay_out(
    listings: &Listings,
    objections: &[(i64, Objection)],
    purpose: &Purpose,
) -> (tempfile::TempDir, Snapshot) {
    let (folder, path, _) = compile(purpose, |compiler| {
        for (id, person) in listings {
            compiler.account(Key::Number(*id as u64), adult(5), person.map(Key::Number));
        }
        for (_, objection) in objections {
            compiler.objection(purpose, objection).unwrap();
        }
    });
    let snapshot = Snapshot::open(path).unwrap();
    (folder, snapshot)
}

proptest! {
    /// What an amended snapshot says is what compiling says, to the byte; and where every account is
    /// listed once, few are left to the compiler.
    #[test]
    fn amending_is_compiling(
        listings in prop::collection::vec((0..30i64, prop::option::of(0..9u64)), 0..40),
        once: bool,
        before in prop::collection::vec((0..33i64, any::<bool>(), any::<bool>()), 0..8),
        more in prop::collection::vec((0..33i64, any::<bool>(), any::<bool>()), 0..8),
        ends in prop::option::of(0..33i64),
    ) {
        let purpose = purpose::sample();
        let mut listings = listings;
        if once {
            listings.sort_unstable();
            listings.dedup_by_key(|(id, _)| *id);
        }
        let (before, more) = (said(&before), said(&more));
        let (_one, last) = lay_out(&listings, &before, &purpose);
        let mut all: Vec<_> = before.iter().chain(&more).cloned().collect();
        if let Some(ends) = ends {
            all.retain(|(id, _)| *id != ends);
        }
        let (_two, expected) = lay_out(&listings, &all, &purpose);

        let persons = |id: i64| listings.iter().filter(move |(of, _)| *of == id).filter_map(|(_, person)| *person);
        let is_alone = |id: i64| persons(id).all(|person| {
            listings.iter().all(|(of, theirs)| *of == id || *theirs != Some(person))
        });
        let is_listed = |id: i64| listings.iter().any(|(of, _)| *of == id);
        let amended = Amender::new(&last, &purpose).and_then(|mut amender| {
            for (id, objection) in more.iter().filter(|(id, _)| Some(*id) != ends) {
                if !amender.add(Key::Number(*id as u64), std::slice::from_ref(objection)) {
                    return None;
                }
            }
            match ends {
                Some(id) if !amender.replace(Key::Number(id as u64), &[]) => None,
                _ => Some(amender),
            }
        });
        match amended {
            Some(amended) => {
                let folder = tempfile::tempdir().unwrap();
                let before = std::fs::read(last.path()).unwrap();
                let amended = amended.amend(|digest| folder.path().join(digest), origin(&purpose)).unwrap();
                // A description that has grown out of its place moves all that follows.
                prop_assert_eq!(amended.is_some(), last.bytes() == expected.bytes());
                let Some(amended) = amended else { return Ok(()) };
                prop_assert_eq!(amended.as_bytes(), expected.as_bytes());
                prop_assert_eq!(amended.digest(), expected.digest());
                prop_assert_eq!(amended.changes_since(&last), expected.changes_since(&last));
                prop_assert_eq!(std::fs::read(last.path()).unwrap(), before, "the last one stays");
                amended.save().unwrap();
                let again = Snapshot::open(amended.path()).unwrap();
                prop_assert_eq!(again.meta(), expected.meta());
            }
            None => {
                let said = more.iter().map(|(id, _)| *id).chain(ends);
                let simple = said.clone().all(is_listed) && ends.is_none_or(is_alone);
                prop_assert!(!(once && simple), "left to the compiler without need");
            }
        }
    }
}

#[test]
fn an_objection_that_cannot_be_placed_stops_the_compiler() {
    let purpose = purpose::sample();
    let mut compiler = Compiler::new(IdKind::Signed);
    let stray = objection("anna".into(), Scopes::OWN, Status::Approved);
    assert!(compiler.objection(&purpose, &stray).unwrap_err().contains("\"anna\""));
}

#[test]
fn damage_of_any_byte_is_noticed() {
    let purpose = purpose::sample();
    let (_folder, path, _) = compile(&purpose, |compiler| {
        for id in 0..20 {
            compiler.account(Key::Number(id), adult(0), None);
        }
    });
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let error = Snapshot::open(&path).unwrap_err();
        assert!(
            matches!(error, Error::Damaged { .. } | Error::Version { .. }),
            "byte {at}: {error}"
        );
    }
    for length in [0, 10, 63, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(Snapshot::open(&path).is_err(), "cut at {length}");
    }
    assert!(
        Snapshot::open(path.with_file_name("nowhere")).unwrap_err().to_string().contains("open")
    );
}

#[test]
fn an_account_costs_at_most_sixteen_bytes() {
    let purpose = purpose::sample();
    let accounts = 200_000u64;
    let (_folder, _path, bytes) = compile(&purpose, |compiler| {
        for id in 0..accounts {
            compiler.account(Key::Number(id.wrapping_mul(0x9E37_79B9_7F4A_7C15)), adult(0), None);
        }
    });
    assert!(bytes <= accounts * 16, "{bytes} bytes for {accounts} accounts");
}
