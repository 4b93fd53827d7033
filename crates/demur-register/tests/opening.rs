//! Opening registers: keys, names, versions, several handles; and what lies on the disk.

mod common;

use common::*;
use demur_core::objection::Status;
use demur_core::purpose::sample;
use demur_register::checkpoint::verify_checkpoint;
use demur_register::merkle::{verify_consistency, verify_inclusion};
use demur_register::{
    Error, Hash, KeySource, Link, LinkKind, NewObjection, Options, Register, SeededEntropy,
};

fn reopen(options: Options) -> Result<Register, Error> {
    Register::open_existing(options, Box::new(SeededEntropy::new(2)), minute(1))
}

fn message(result: Result<Register, Error>) -> String {
    result.err().expect("it should not open").to_string()
}

#[test]
fn a_register_is_found_again_with_its_key() {
    let place = Place::new();
    assert!(message(reopen(place.options())).contains("no register at"));
    assert!(!place.db().exists() && !place.key().exists(), "looking creates nothing");
    assert!(place.postgres.iter().all(|schema| schema.tables().is_empty()));
    let mut register = place.register();
    let case = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    drop(register);
    let register = reopen(place.options()).unwrap();
    assert!(register.case(&case).unwrap().is_some());
    assert!(register.verify().unwrap().is_sound());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = place.key().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn without_its_own_key_and_name_it_stays_closed() {
    let place = Place::new();
    let key = {
        let _register = place.register();
        std::fs::read_to_string(place.key()).unwrap()
    };
    let with = |key| Options { key, ..place.options() };
    reopen(with(KeySource::Hex(key))).unwrap();
    assert!(message(reopen(with(KeySource::Hex("ab".repeat(32))))).contains("does not belong"));
    assert!(message(reopen(with(KeySource::Hex("abc".into())))).contains("64 hexadecimal digits"));
    let renamed = Options { origin: "other".into(), ..place.options() };
    assert!(message(reopen(renamed)).contains("named \"demur.local/register\""));
    let spaced = Options { origin: "my register".into(), ..place.options() };
    assert!(message(reopen(spaced)).contains("without spaces"));
    std::fs::remove_file(place.key()).unwrap();
    let lost = message(place.open(3));
    assert!(lost.contains("restore the key"), "{lost}");
    assert!(!place.key().exists(), "no second key is made for an existing register");
}

#[test]
fn a_new_key_takes_the_place_of_the_old_one() {
    let place = Place::new();
    let old_key = place.dir.path().join("old.key");
    let (case, token, root, verifier) = {
        let mut register = place.register();
        let case = register.submit(objection(1, minute(1)), minute(1)).unwrap();
        std::fs::copy(place.key(), &old_key).unwrap();
        let kind = LinkKind::Object { account: 7.into(), purpose: PURPOSE.into() };
        let link = Link { kind, issued_at: minute(1), expires_at: minute(100) };
        let token = register.links().seal(&link);
        register.rotate_key(&place.key()).unwrap();
        // Whoever has it open goes on.
        register.submit(objection(2, minute(2)), minute(2)).unwrap();
        (case, token, register.root().unwrap(), register.verifier_key())
    };
    let old = Options { key: KeySource::File(old_key.clone()), ..place.options() };
    assert!(message(reopen(old)).contains("given last"));

    let mut register = reopen(place.options()).unwrap();
    assert!(register.verify().unwrap().is_sound());
    assert_eq!((register.root().unwrap(), register.verifier_key()), (root, verifier));
    assert!(register.case(&case).unwrap().is_some());
    assert!(register.links().open(&token).is_some(), "a link that was sent still works");
    assert_eq!(now(&register).len(), 2);
    register.submit(objection(1, minute(3)), minute(3)).unwrap();
    assert_eq!(now(&register).len(), 2, "the person is recognised");

    // The machine stops when the register has the next key and the file has not.
    let second = std::fs::read_to_string(place.key()).unwrap();
    register.rotate_key(&place.key()).unwrap();
    drop(register);
    let draft = place.dir.path().join("demur.key.new");
    std::fs::rename(place.key(), &draft).unwrap();
    std::fs::write(place.key(), &second).unwrap();
    assert!(reopen(place.options()).unwrap().verify().unwrap().is_sound());
    assert!(!draft.exists() && std::fs::read_to_string(place.key()).unwrap() != second);
    // A draft that the register never heard of is no key.
    std::fs::write(&draft, "ab".repeat(32)).unwrap();
    reopen(place.options()).unwrap().rotate_key(&place.key()).unwrap();
    assert!(!draft.exists());
    reopen(place.options()).unwrap();
}

#[test]
fn other_databases_and_newer_versions_are_left_alone() {
    let place = Place::new();
    drop(place.register());
    place.tamper(match place.postgres {
        Some(_) => "UPDATE demur_register SET version = 9",
        None => "PRAGMA user_version = 9",
    });
    let newer = message(reopen(place.options()));
    assert!(newer.contains("version 9") && newer.contains("install the newer Demur"), "{newer}");

    let place = Place::new();
    place.tamper("CREATE TABLE customers (name TEXT)");
    assert!(message(place.open(1)).contains("not a Demur register"));
    let place = Place::for_file();
    std::fs::write(place.db(), vec![b'x'; 5000]).unwrap();
    assert!(message(place.open(1)).contains("not a Demur register"));
}

#[test]
fn a_register_that_went_missing_is_not_begun_anew_beside_its_key() {
    let place = Place::new();
    drop(place.register());
    match &place.postgres {
        Some(schema) => schema.run(&format!("DROP TABLE {} CASCADE", schema.tables().join(", "))),
        None => std::fs::remove_file(place.db()).unwrap(),
    }
    let missing = message(place.open(2));
    assert!(missing.contains("missing or empty, but its key"), "{missing}");
    assert!(message(reopen(place.options())).contains("no register at"));
}

#[test]
fn two_handles_write_one_log() {
    let place = Place::new();
    let mut a = place.register();
    let mut b = place.open(7).unwrap();
    std::thread::scope(|scope| {
        for (register, first) in [(&mut a, 0), (&mut b, 1000)] {
            scope.spawn(move || {
                for n in first..first + 40 {
                    register.submit(objection(n, minute(n)), minute(n)).unwrap();
                }
            });
        }
    });
    assert_eq!(a.size().unwrap(), 2 + 160);
    assert_eq!(a.root().unwrap(), b.root().unwrap());
    assert_eq!(now(&a).len(), 80);
    assert!(a.verify().unwrap().is_sound());
}

#[test]
fn nothing_personal_lies_in_the_clear() {
    let place = Place::new();
    let mut register = place.register();
    let named = "account-holder-48151623";
    let mut imported = row(2, named, Status::UnderReview);
    imported.reason = Some("my grandmother's recipes".into());
    import(&mut register, &[imported], minute(1)).unwrap();
    register.submit(about_record("recording-4711", minute(1)), minute(1)).unwrap();
    let grounds = Some("a most peculiar reason".to_owned());
    let case = register.submit(NewObjection { grounds, ..reviewed(named, minute(2)) }, minute(2));
    register.refuse(&case.unwrap(), &refusal(), minute(3)).unwrap();
    register.record_notices(PURPOSE, [(named.into(), minute(4))], minute(4)).unwrap();
    drop(register);
    if place.postgres.is_none() {
        place.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    let mut log = 0;
    for (name, bytes) in place.contents() {
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        for text in [named, "grandmother", "recording-4711", "peculiar", "Rosalind", "Circuit"] {
            assert!(!holds(text), "{text} in {name}");
        }
        log += usize::from(holds("objection_refused"));
    }
    assert_eq!(log, 1, "the log itself can be read");
}

#[test]
fn checkpoints_and_proofs_convince_someone_else() {
    let mut register = in_memory();
    let early = register.checkpoint().unwrap();
    let early = verify_checkpoint(&early, &register.public_key()).unwrap();
    for n in 0..9 {
        register.submit(objection(n, minute(n)), minute(n)).unwrap();
    }
    let late = verify_checkpoint(&register.checkpoint().unwrap(), &register.public_key()).unwrap();
    assert_eq!((late.size, late.root), (register.size().unwrap(), register.root().unwrap()));
    assert_eq!((early.size, late.size), (2, 20));

    let proof = register.consistency_proof(early.size).unwrap().unwrap();
    assert!(verify_consistency(early.size, late.size, early.root, late.root, &proof));
    assert!(register.continues(&early).unwrap());
    let mut forged = early;
    forged.root = Hash::of(b"another history");
    assert!(!register.continues(&forged).unwrap());

    for seq in 0..late.size {
        let leaf = Hash::leaf(register.event(seq).unwrap().unwrap().as_bytes());
        let proof = register.inclusion_proof(seq).unwrap().unwrap();
        assert!(verify_inclusion(leaf, seq, late.size, late.root, &proof));
    }
    assert_eq!(register.inclusion_proof(late.size).unwrap(), None);
    assert_eq!(register.event(late.size).unwrap(), None);
}

#[test]
fn purposes_keep_their_versions() {
    let mut register = in_memory();
    let first = sample();
    let mut second = sample();
    second.minimum_age = 21;
    assert!(!register.record_purpose(&first, minute(1)).unwrap(), "known already");
    assert!(register.record_purpose(&second, minute(2)).unwrap());
    assert_eq!(register.latest_purpose(PURPOSE).unwrap(), Some(second.clone()));
    assert_eq!(register.purpose_by_digest(&first.digest()).unwrap(), Some(first.clone()));
    assert!(register.record_purpose(&first, minute(3)).unwrap(), "going back is news");
    assert_eq!(register.latest_purpose(PURPOSE).unwrap(), Some(first.clone()));
    assert_eq!(register.purposes().unwrap(), [first]);
    assert_eq!(register.latest_purpose("ads").unwrap(), None);
    assert_eq!(register.purpose_by_digest(&second.digest()).unwrap(), Some(second));
}
