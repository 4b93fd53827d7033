//! Training sets over time: frozen, taken back from, purged, given up, and read by runs.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::purpose::{Purpose, sample};
use demur_register::event::By;
use demur_register::{
    Behind, Hash, Held, NewRun, Outcome, ProblemKind, Register, Run, TrainingSetCommitted,
    TrainingSetPurged, TrainingSetRetracted, VersionKind,
};

const MANIFEST: &str = r#"{"of":"a set"}"#;

fn digest(manifest: &str) -> String {
    blake3::hash(manifest.as_bytes()).to_hex().to_string()
}

/// A build of everything that the register says now.
fn set(register: &Register, name: &str) -> TrainingSetCommitted {
    TrainingSetCommitted {
        set: name.into(),
        purpose: PURPOSE.into(),
        purpose_digest: sample().digest(),
        snapshot_digest: "aa".into(),
        snapshot_size: register.size().unwrap(),
        snapshot_root: register.root().unwrap(),
        manifest_digest: digest(MANIFEST),
        input: 10,
        kept: 7,
        redacted: 1,
        dropped: 2,
    }
}

/// A retraction by everything that the register says now; two records leave.
fn retraction(register: &Register, set: &str, version: u64, kept: u64) -> TrainingSetRetracted {
    TrainingSetRetracted {
        set: set.into(),
        version,
        purpose_digest: sample().digest(),
        snapshot_digest: "aa".into(),
        snapshot_size: register.size().unwrap(),
        snapshot_root: register.root().unwrap(),
        manifest_digest: digest(MANIFEST),
        kept,
        left: 2,
        returned: 0,
        history_kept: false,
    }
}

fn purge(set: &str, version: u64) -> TrainingSetPurged {
    let manifest_digest = digest("purged");
    TrainingSetPurged { set: set.into(), version, manifest_digest, records: 2, files: 1 }
}

fn build(register: &mut Register, name: &str, n: i64) {
    let set = set(register, name);
    register.commit_training_set(set, MANIFEST, minute(n)).unwrap().unwrap();
}

fn retract(register: &mut Register, name: &str, version: u64, kept: u64, n: i64) {
    let retraction = retraction(register, name, version, kept);
    register.retract_training_set(retraction, MANIFEST, minute(n)).unwrap();
}

fn run_of(read: &[(&str, Option<u64>)]) -> NewRun {
    NewRun {
        name: "nightly".into(),
        read: read.iter().map(|(set, version)| ((*set).into(), *version)).collect(),
        even_if_behind: None,
    }
}

#[test]
fn a_training_set_is_frozen_only_while_nobody_has_objected_since() {
    let mut register = in_memory();
    let case = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    let first = set(&register, "v1");
    let size = register.commit_training_set(first.clone(), MANIFEST, minute(2)).unwrap().unwrap();
    assert_eq!(size, register.size().unwrap());
    assert_eq!(register.commit_training_set(first.clone(), MANIFEST, minute(3)).unwrap(), Ok(size));

    // Events that exclude nobody do not make a snapshot stale; any other does.
    let second = set(&register, "v2");
    register.commit_training_set(set(&register, "v1b"), MANIFEST, minute(3)).unwrap().unwrap();
    register.withdraw(&case, minute(4)).unwrap();
    let size = register.size().unwrap();
    let stale =
        register.commit_training_set(second.clone(), MANIFEST, minute(5)).unwrap().unwrap_err();
    assert_eq!((stale.newer_than, stale.newest), (second.snapshot_size, size));
    assert_eq!(register.size().unwrap(), size, "nothing was written");
    let third = set(&register, "v3");
    let waiting = register.submit(reviewed(2, minute(6)), minute(6)).unwrap();
    assert!(register.commit_training_set(third, MANIFEST, minute(7)).unwrap().is_err());
    let fourth = set(&register, "v4");
    register.start_review(&waiting, "Rosalind", minute(8)).unwrap();
    register.commit_training_set(fourth, MANIFEST, minute(9)).unwrap().unwrap();

    let good = set(&register, "v5");
    for (bad, why) in [
        (TrainingSetCommitted { kept: 8, ..good.clone() }, "does not add up"),
        (TrainingSetCommitted { snapshot_root: Hash::of(b""), ..good.clone() }, "this register"),
        (TrainingSetCommitted { snapshot_size: 999, ..good.clone() }, "this register"),
        (TrainingSetCommitted { purpose_digest: "cc".into(), ..good.clone() }, "no purpose"),
        (TrainingSetCommitted { manifest_digest: "bb".into(), ..good.clone() }, "not the one"),
        (TrainingSetCommitted { set: "v1".into(), ..good }, "already named"),
    ] {
        let error =
            register.commit_training_set(bad, MANIFEST, minute(10)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let names: Vec<String> =
        register.training_sets().unwrap().into_iter().map(|set| set.committed.set).collect();
    assert_eq!(names, ["v1", "v1b", "v4"]);
    assert_eq!(register.training_set("v1").unwrap().unwrap().committed, first);
    assert_eq!(register.training_set("v9").unwrap(), None);
}

#[test]
fn a_set_lives_from_build_to_purge() {
    let mut register = in_memory();
    let early = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    build(&mut register, "v", 2);
    let case = register.submit(objection(2, minute(3)), minute(3)).unwrap();
    let held = |register: &Register, case| {
        let case = register.case(case).unwrap().unwrap();
        register.training_set("v").unwrap().unwrap().held(|size| case.was_in_force(size))
    };
    assert_eq!(held(&register, &early), Held::Never);
    assert_eq!(held(&register, &case), Held::InUse);
    retract(&mut register, "v", 1, 6, 4);
    assert_eq!(held(&register, &case), Held::Hidden(minute(4)));
    let late = register.submit(objection(3, minute(5)), minute(5)).unwrap();
    register.purge_training_set(purge("v", 3), "purged", minute(6)).unwrap();
    let erased = Held::Erased { hidden: minute(4), at: minute(6) };
    assert_eq!(held(&register, &case), erased);
    assert_eq!(held(&register, &late), Held::InUse, "a purge knows no more than what it purges");
    retract(&mut register, "v", 4, 4, 7);
    assert_eq!(held(&register, &late), Held::Hidden(minute(7)));
    assert_eq!(held(&register, &early), Held::Never);

    let set = register.training_set("v").unwrap().unwrap();
    let told: Vec<_> = set.versions.iter().map(|v| (v.version, v.kind.name(), v.kept)).collect();
    assert_eq!(told, [(0, "built", 8), (1, "retracted", 6), (3, "purged", 6), (4, "retracted", 4)]);
    assert_eq!((set.hidden_records(), set.erased_records()), (2, 2));
    assert_eq!(set.last(VersionKind::Purged).unwrap().at, minute(6));
    let case = register.case(&case).unwrap().unwrap();
    let seq = case.history[0].seq;
    assert_eq!(set.held_since(seq), erased);
    assert_eq!((set.hidden_at(seq), set.erased_at(seq)), (Some(minute(4)), Some(minute(6))));
    assert_eq!(register.training_sets().unwrap(), [set]);

    let report = register.verify().unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    let before = register.training_sets().unwrap();
    register.rebuild(minute(8)).unwrap();
    assert_eq!(register.training_sets().unwrap(), before);
    assert!(register.verify().unwrap().is_sound());
}

#[test]
fn who_objects_again_is_in_use_only_after_their_records_came_back() {
    let mut register = in_memory();
    build(&mut register, "v", 1);
    let case = register.submit(objection(1, minute(2)), minute(2)).unwrap();
    retract(&mut register, "v", 1, 6, 3);
    let held = |register: &Register| {
        let case = register.case(&case).unwrap().unwrap();
        register.training_set("v").unwrap().unwrap().held(|size| case.was_in_force(size))
    };
    register.withdraw(&case, minute(4)).unwrap();
    register.reopen(&case, By::Person, None, minute(5)).unwrap();
    assert_eq!(held(&register), Held::Hidden(minute(3)), "no version was made in between");
    assert_eq!(register.behind("v").unwrap(), Behind::default());

    register.withdraw(&case, minute(6)).unwrap();
    let back = TrainingSetRetracted { left: 0, returned: 2, ..retraction(&register, "v", 2, 8) };
    register.retract_training_set(back, MANIFEST, minute(7)).unwrap();
    register.reopen(&case, By::Person, None, minute(8)).unwrap();
    assert_eq!(held(&register), Held::InUse);
    assert_eq!(
        register.behind("v").unwrap(),
        Behind { objections: 1, oldest: Some(minute(8)) },
        "its age counts from when it was opened again"
    );
    retract(&mut register, "v", 3, 6, 9);
    assert_eq!(held(&register), Held::Hidden(minute(9)));
    assert_eq!(register.training_set("v").unwrap().unwrap().hidden_records(), 2);
}

#[test]
fn a_retraction_is_checked_as_a_build_is() {
    let mut register = in_memory();
    build(&mut register, "v", 1);
    register.submit(objection(1, minute(2)), minute(2)).unwrap();
    let good = retraction(&register, "v", 1, 6);
    for (bad, why) in [
        (TrainingSetRetracted { set: "w".into(), ..good.clone() }, "no training set \"w\""),
        (
            TrainingSetRetracted { kept: 7, ..good.clone() },
            "8 records before, 2 left, 0 returned, 7",
        ),
        (TrainingSetRetracted { snapshot_root: Hash::of(b""), ..good.clone() }, "this register"),
        (TrainingSetRetracted { snapshot_size: 99, ..good.clone() }, "this register"),
        (TrainingSetRetracted { purpose_digest: "cc".into(), ..good.clone() }, "no purpose"),
        (TrainingSetRetracted { version: 0, ..good.clone() }, "at version 0 already"),
        (TrainingSetRetracted { manifest_digest: "dd".into(), ..good.clone() }, "not the one"),
    ] {
        let error = register.retract_training_set(bad, MANIFEST, minute(3)).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    // Somebody objects meanwhile: the table has the version already, and the set is behind by one.
    register.submit(objection(2, minute(3)), minute(3)).unwrap();
    let size = register.retract_training_set(good.clone(), MANIFEST, minute(5)).unwrap();
    let again = register.retract_training_set(good.clone(), MANIFEST, minute(6)).unwrap();
    assert_eq!(again, size, "an interrupted retraction may say it again");
    assert_eq!(register.behind("v").unwrap().objections, 1);

    // What comes back must not come back to a register that knows more.
    let purpose = &sample().id;
    let done = register.while_current(purpose, good.snapshot_size, minute(7), || "done").unwrap();
    assert!(done.is_err());
    let known = register.size().unwrap();
    let done = register.while_current(purpose, known, minute(7), || "done").unwrap();
    assert_eq!((done, register.size().unwrap()), (Ok("done"), known), "nothing was written");

    let size = register.purge_training_set(purge("v", 2), "purged", minute(7)).unwrap();
    let again = register.purge_training_set(purge("v", 2), "purged", minute(8)).unwrap();
    assert_eq!((again, register.size().unwrap()), (size, size));
    let other = TrainingSetPurged { records: 9, ..purge("v", 2) };
    assert!(register.purge_training_set(other, "purged", minute(9)).is_err());
}

#[test]
fn a_set_that_is_gone_takes_no_more_acts() {
    let mut register = in_memory();
    build(&mut register, "v", 1);
    let case = register.submit(objection(1, minute(2)), minute(2)).unwrap();
    register.training_set_gone("v", By::Operator, minute(3)).unwrap();
    let set = register.training_set("v").unwrap().unwrap();
    assert_eq!(set.gone, Some(minute(3)));
    let case = register.case(&case).unwrap().unwrap();
    assert_eq!(set.held(|size| case.was_in_force(size)), Held::Gone(minute(3)));
    let retraction = retraction(&register, "v", 1, 6);
    for error in [
        register.retract_training_set(retraction, MANIFEST, minute(4)).unwrap_err(),
        register.purge_training_set(purge("v", 1), "purged", minute(4)).unwrap_err(),
        register.training_set_gone("v", By::Operator, minute(4)).unwrap_err(),
        register.start_run(run_of(&[("v", None)]), minute(4)).unwrap_err(),
    ] {
        assert!(error.to_string().contains("no longer exists"), "{error}");
    }
    assert!(register.verify().unwrap().is_sound());
}

#[test]
fn a_run_reads_the_newest_version_and_no_excluded_person() {
    let mut register = in_memory();
    build(&mut register, "a", 1);
    build(&mut register, "b", 1);
    let first = register.start_run(run_of(&[("a", None), ("b", Some(0))]), minute(2)).unwrap();
    assert_eq!(first.version_of("b"), Some(0));
    register.submit(objection(1, minute(3)), minute(3)).unwrap();
    assert_eq!(register.behind("a").unwrap(), Behind { objections: 1, oldest: Some(minute(3)) });
    retract(&mut register, "a", 1, 6, 4);
    assert_eq!(register.behind("a").unwrap(), Behind::default());

    let refused = |register: &mut Register, read: &[(&str, Option<u64>)], why: &str| {
        let error = register.start_run(run_of(read), minute(5)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    };
    refused(&mut register, &[("b", None)], "lacks 1 objection in force");
    refused(&mut register, &[("a", Some(0))], "not its newest, which is 1");
    refused(&mut register, &[("a", Some(7))], "has no version 7; its newest is 1");
    refused(&mut register, &[("c", None)], "no training set \"c\"");
    refused(&mut register, &[("a", None), ("a", Some(1))], "named twice");
    refused(&mut register, &[], "at least one training set");
    let anyway = |reason: &str| NewRun {
        even_if_behind: Some(reason.into()),
        ..run_of(&[("a", Some(0)), ("b", None)])
    };
    assert!(register.start_run(anyway(" "), minute(5)).is_err(), "a reason says something");
    let second = register.start_run(anyway("comparison, never published"), minute(5)).unwrap();

    let id = second.started.run.clone();
    register.finish_run(&id, Outcome::Failed, minute(6)).unwrap();
    let twice = register.finish_run(&id, Outcome::Completed, minute(7)).unwrap_err().to_string();
    assert!(twice.contains("has failed already"), "{twice}");
    assert!(register.finish_run("none", Outcome::Completed, minute(7)).is_err());
    let second = Run { finished: Some((minute(6), Outcome::Failed)), ..second };
    assert_eq!(register.runs().unwrap(), [first, second]);

    assert!(register.verify().unwrap().is_sound());
    let runs = register.runs().unwrap();
    register.rebuild(minute(8)).unwrap();
    assert_eq!(register.runs().unwrap(), runs);
}

#[test]
fn only_objections_to_the_own_purpose_that_are_still_in_force_are_lacking() {
    let mut register = with_purpose(in_memory(), &Purpose { id: "ads".into(), ..sample() });
    build(&mut register, "v", 1);
    let new = demur_register::NewObjection { purpose: "ads".into(), ..objection(1, minute(2)) };
    register.submit(new, minute(2)).unwrap();
    assert_eq!(register.behind("v").unwrap(), Behind::default());
    let taken_back = register.submit(objection(2, minute(3)), minute(3)).unwrap();
    register.submit(reviewed(3, minute(4)), minute(5)).unwrap();
    assert_eq!(register.behind("v").unwrap(), Behind { objections: 2, oldest: Some(minute(3)) });
    register.withdraw(&taken_back, minute(6)).unwrap();
    assert_eq!(register.behind("v").unwrap(), Behind { objections: 1, oldest: Some(minute(4)) });
    assert!(register.behind("w").is_err());
}

#[test]
fn manifests_and_places_are_kept_beside_the_log() {
    let place = Place::new();
    let mut register = place.register();
    build(&mut register, "v", 1);
    assert_eq!(register.manifest(&digest(MANIFEST)).unwrap().as_deref(), Some(MANIFEST));
    assert_eq!(register.keep_manifest("more").unwrap(), digest("more"));
    assert_eq!(register.manifest(&digest("more")).unwrap().as_deref(), Some("more"));
    assert_eq!(register.manifest("none").unwrap(), None);
    assert_eq!(register.place_of("v").unwrap(), None);
    register.set_place("v", "/sets/v").unwrap();
    register.set_place("v", "/moved/v").unwrap();
    assert_eq!(register.place_of("v").unwrap().as_deref(), Some("/moved/v"));
    assert!(register.set_place("w", "/w").is_err());
    register.rebuild(minute(2)).unwrap();
    assert!(register.place_of("v").unwrap().is_some(), "a rebuild touches neither");

    place.tamper("UPDATE manifest SET text = text || ' '");
    assert!(register.manifest(&digest(MANIFEST)).is_err());
    let problems = register.verify().unwrap().problems;
    let found: Vec<_> = problems.iter().map(|problem| (problem.kind, problem.event)).collect();
    assert!(found.contains(&(ProblemKind::Changed, Some(2))), "{problems:?}");
    assert_eq!(found.len(), 2);
}

/// What a register of the version before has no tables for is read out of its log.
#[test]
fn an_older_register_learns_its_versions_and_what_is_in_force() {
    let place = Place::for_file();
    let mut register = place.register();
    for (n, ends) in (1..).zip(["", "w", "wr", "wrw", "wrwr", "f", "fr", "fra"]) {
        let case = register.submit(reviewed(n, minute(n)), minute(n)).unwrap();
        for step in ends.chars() {
            match step {
                'w' => register.withdraw(&case, minute(n)).unwrap(),
                'r' => register.reopen(&case, By::Person, None, minute(n)).unwrap(),
                'f' => register.refuse(&case, &refusal(), minute(n)).unwrap(),
                _ => register.approve(&case, "Rosalind", minute(n)).unwrap(),
            }
        }
        build(&mut register, &format!("v{n}"), n);
    }
    let sets = register.training_sets().unwrap();
    drop(register);
    place.tamper(BACK_TO_4);
    let register = place.open(5).unwrap();
    let report = register.verify().unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!(register.training_sets().unwrap(), sets);
}
