//! What every store must do, whatever database is behind it.

use demur_core::objection::{Scopes, Status};
use jiff::civil::date;

use super::*;
use crate::entropy::SeededEntropy;
use crate::event::{Moment, Source};
use crate::training::{Version, VersionKind};

/// Runs the whole suite; `store` gives a fresh, empty store each time.
fn conforms(mut store: impl FnMut() -> Box<dyn Store>) {
    starts_empty(&mut *store());
    returns_what_was_written(&mut *store());
    forgets_what_was_not_committed(&mut *store());
    filters_cases(&mut *store());
    lists_open_cases_in_both_orders(&mut *store());
    tells_what_is_in_force_since(&mut *store());
    erases_a_subject_with_all_that_is_its_own(&mut *store());
    keeps_the_log_when_projections_go(&mut *store());
    keeps_what_is_in_hand(&mut *store());
    gives_each_thing_on_the_desk_to_one(&mut *store());
    undoes_one_act_and_keeps_the_others(&mut *store());
    sees_its_own_changes(&mut *store());
    lists_more_than_it_fetches_at_a_time(&mut *store());
}

#[test]
fn sqlite_in_memory_conforms() {
    conforms(|| open(&RegisterUrl::Memory).unwrap());
}

#[test]
fn sqlite_in_a_file_conforms() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = 0;
    conforms(|| {
        files += 1;
        open(&RegisterUrl::File(dir.path().join(format!("{files}.db")))).unwrap()
    });
    let twice = || open(&RegisterUrl::File(dir.path().join("twice.db"))).unwrap();
    shows_one_moment(&mut *twice(), &mut *twice());
}

/// The database that the test command names; a file where it names none, as in all other tests.
#[test]
fn the_database_under_test_conforms() {
    let dir = tempfile::tempdir().unwrap();
    let mut count = 0;
    let mut url = || {
        count += 1;
        postgres::schema(count)
            .unwrap_or_else(|| RegisterUrl::File(dir.path().join(format!("{count}.db"))))
    };
    conforms(|| open(&url()).unwrap());
    let twice = url();
    shows_one_moment(&mut *open(&twice).unwrap(), &mut *open(&twice).unwrap());
}

fn case(opened: u64, subject: i64) -> CaseRow {
    CaseRow {
        opened,
        case: CaseId::draw(&mut SeededEntropy::new(opened)),
        subject,
        purpose: "assistant-training".into(),
        scopes: Scopes::OWN,
        names_record: false,
        has_contact: false,
        source: Source::DirectLink,
        status: Status::Received,
        received_at: Moment::from_micros(-5).unwrap(),
        due_from: Moment::from_micros(-4).unwrap(),
        identity: [opened as u8; 16],
        changed: opened,
        changed_at: Moment::from_micros(7).unwrap(),
        extended_until: None,
        imported: None,
        in_force: Some(opened),
    }
}

fn subject(id: i64) -> SubjectRow {
    SubjectRow { id, tag: [id as u8; 16], wrapped: vec![1, 2, 3] }
}

fn version_of(set: &str, version: u64) -> VersionRow {
    let seq = version + set.len() as u64 + u64::from(set == "v2");
    let version = Version {
        version,
        at: Moment::from_micros(-3).unwrap().timestamp(),
        seq,
        kind: VersionKind::Retracted,
        kept: 5,
        left: 3,
        returned: 2,
        purged: 1,
        snapshot_size: 7,
        purpose_digest: "p".into(),
        manifest_digest: "m".into(),
        history_kept: version > 0,
    };
    VersionRow { set: set.into(), version }
}

fn event(seq: u64) -> EventRow {
    let body = format!("{{\"n\":{seq}}}");
    EventRow { seq, leaf: Hash::leaf(body.as_bytes()), body, seal: [seq as u8; 16] }
}

fn collect<T>(query: impl FnOnce(Each<'_, T>) -> Result<()>) -> Vec<T> {
    let mut all = Vec::new();
    query(&mut |row| {
        all.push(row);
        Ok(())
    })
    .unwrap();
    all
}

fn starts_empty(store: &mut dyn Store) {
    let tx = store.read().unwrap();
    assert_eq!(tx.head().unwrap(), None);
    assert_eq!(tx.meta("public_key").unwrap(), None);
    assert_eq!(tx.leaves(u64::MAX).unwrap(), []);
    assert!(collect(|each| tx.events(0..u64::MAX, each)).is_empty());
    assert!(tx.event(0).is_err());
}

fn returns_what_was_written(store: &mut dyn Store) {
    let head = HeadRow { size: 2, frontier: vec![9; 32], seal: [3; 16] };
    let personal = PersonalRow { seq: 1, subject: 1, sealed: vec![4; 40] };
    let mut known = case(1, 1);
    let chunks = [0, 1].map(|part| NoticeChunk {
        seq: 2,
        part,
        purpose: "p".into(),
        undelivered: part == 1,
        bytes: vec![part as u8; 24],
    });
    let version = PurposeRow { seq: 0, purpose: "assistant-training".into(), digest: "d1".into() };
    let mut set = TrainingRow { seq: 3, set: "v1".into(), gone: None };
    let versions = [version_of("v1", 0), version_of("v2", 0), version_of("v1", 4)];
    let mut run = RunRow { seq: 4, run: "r1".into(), finished: None };

    let mut tx = store.write().unwrap();
    tx.set_meta("origin", b"first").unwrap();
    tx.set_meta("origin", b"second").unwrap();
    (0..2).for_each(|seq| tx.add_event(&event(seq)).unwrap());
    tx.set_head(&HeadRow { size: 1, ..head.clone() }).unwrap();
    tx.set_head(&head).unwrap();
    tx.add_subject(&subject(1)).unwrap();
    tx.add_personal(&personal).unwrap();
    tx.put_case(&known).unwrap();
    known.status = Status::Withdrawn;
    known.due_from = Moment::from_micros(8).unwrap();
    known.extended_until = Some(date(2025, 8, 27));
    known.imported = Some(Status::Approved);
    known.in_force = None;
    tx.put_case(&known).unwrap();
    tx.add_history(1, 5).unwrap();
    tx.add_history(1, 4).unwrap();
    tx.add_purpose(&version).unwrap();
    chunks.iter().for_each(|chunk| tx.add_notice_chunk(chunk).unwrap());
    tx.put_training(&set).unwrap();
    set.gone = Some(9);
    tx.put_training(&set).unwrap();
    versions.iter().for_each(|row| tx.add_version(row).unwrap());
    tx.put_run(&run).unwrap();
    run.finished = Some(7);
    tx.put_run(&run).unwrap();
    ["/old", "/sets/v1"].iter().for_each(|place| tx.set_place("v1", place).unwrap());
    ["text", "other"].iter().for_each(|text| tx.add_manifest("d", text).unwrap());
    tx.set_newest("p", 2).unwrap();
    tx.set_newest("p", 3).unwrap();
    tx.commit().unwrap();

    let tx = store.read().unwrap();
    assert_eq!(tx.meta("origin").unwrap().as_deref(), Some(&b"second"[..]));
    assert_eq!(tx.metas().unwrap(), [("origin".to_owned(), b"second".to_vec())]);
    assert_eq!(collect(|each| tx.events(0..9, each)), [event(0), event(1)]);
    assert_eq!(collect(|each| tx.events(1..2, each)), [event(1)]);
    assert_eq!(tx.event(1).unwrap(), event(1));
    assert_eq!(tx.leaves(1).unwrap(), [event(0).leaf]);
    assert_eq!(tx.head().unwrap(), Some(head));
    assert_eq!(tx.personal(1).unwrap(), Some(personal));
    assert_eq!(tx.personal(0).unwrap(), None);
    assert_eq!(collect(|each| tx.personal_links(each)), [(1, 1)]);
    assert_eq!(tx.subject(1).unwrap(), Some(subject(1)));
    assert_eq!(tx.subject_by_tag(&[1; 16]).unwrap(), Some(subject(1)));
    assert_eq!(tx.subject_by_tag(&[2; 16]).unwrap(), None);
    assert_eq!(collect(|each| tx.subjects(each)), [subject(1)]);
    assert_eq!(tx.case(known.case).unwrap(), Some(known.clone()));
    assert_eq!(tx.case_by_identity(&known.identity).unwrap(), Some(known));
    assert_eq!(tx.history(1).unwrap(), [4, 5]);
    assert_eq!(tx.histories().unwrap(), [(1, 4), (1, 5)]);
    assert_eq!(tx.purposes().unwrap(), [version]);
    assert_eq!(collect(|each| tx.notice_chunks(Some("p"), 3, each)), chunks);
    assert_eq!(collect(|each| tx.notice_chunks(None, 3, each)), chunks);
    assert!(collect(|each| tx.notice_chunks(Some("p"), 2, each)).is_empty());
    assert!(collect(|each| tx.notice_chunks(Some("q"), 3, each)).is_empty());
    assert_eq!(tx.training().unwrap(), [set]);
    assert_eq!(tx.training_versions(None).unwrap(), versions);
    let own = [versions[0].clone(), versions[2].clone()];
    assert_eq!(tx.training_versions(Some("v1")).unwrap(), own);
    assert_eq!(tx.runs().unwrap(), [run]);
    assert_eq!(tx.place("v1").unwrap().as_deref(), Some("/sets/v1"));
    assert_eq!(tx.place("v2").unwrap(), None);
    assert_eq!(tx.manifest("d").unwrap().as_deref(), Some("text"), "the first one stays");
    assert_eq!(collect(|each| tx.manifests(each)), [("d".to_owned(), "text".to_owned())]);
    assert_eq!(tx.newest().unwrap(), [("p".to_owned(), 3)]);
}

fn forgets_what_was_not_committed(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    tx.add_event(&event(0)).unwrap();
    tx.set_newest("p", 1).unwrap();
    drop(tx);
    let mut tx = store.write().unwrap();
    assert!(tx.event(0).is_err());
    assert_eq!(tx.newest().unwrap(), []);
    tx.add_event(&event(0)).unwrap();
    let again = tx.add_event(&event(0)).and_then(|()| tx.commit());
    assert!(again.is_err(), "an event is written once");
    assert!(store.read().unwrap().event(0).is_err(), "and what held it twice leaves no trace");
}

/// Acts of one transaction, each undone or kept, however much of it the store has sent on by then.
fn undoes_one_act_and_keeps_the_others(store: &mut dyn Store) {
    for ask in [false, true] {
        let mut tx = store.write().unwrap();
        let base = if ask { 10 } else { 0 };
        for (n, keeps) in [(1, true), (2, false), (3, true), (4, false)] {
            let id = base + n;
            tx.mark().unwrap();
            tx.add_subject(&subject(id)).unwrap();
            tx.add_event(&event(id.cast_unsigned())).unwrap();
            tx.put_case(&case(id.cast_unsigned(), id)).unwrap();
            tx.put_desk(&on_desk(1, id as u8, id)).unwrap();
            if n > 1 {
                assert!(tx.delete_desk(1, &[(base + 1) as u8; 16]).unwrap(), "the first one's");
            }
            if ask {
                let query = CaseQuery { subject: Some(id), ..CaseQuery::default() };
                assert_eq!(collect(|each| tx.cases(&query, each)).len(), 1);
                assert_eq!(tx.desk_count(1).unwrap(), if n == 4 { 2 } else { 1 });
            }
            if !keeps {
                tx.undo_to_mark().unwrap();
                assert_eq!(tx.subject_by_tag(&[id as u8; 16]).unwrap(), None);
                assert_eq!(tx.case(case(id.cast_unsigned(), id).case).unwrap(), None);
            } else if n == 3 {
                tx.put_desk(&on_desk(1, (base + 1) as u8, 99)).unwrap();
            }
            tx.release_mark().unwrap();
        }
        tx.lapse_desk(1, i64::MAX).unwrap();
        assert_eq!(tx.desk_count(1).unwrap(), 0);
        tx.commit().unwrap();
        let tx = store.read().unwrap();
        let kept: Vec<i64> = collect(|each| tx.subjects(each)).iter().map(|row| row.id).collect();
        assert!(kept.ends_with(&[base + 1, base + 3]) && kept.len() == if ask { 4 } else { 2 });
        assert_eq!(collect(|each| tx.cases(&CaseQuery::default(), each)).len(), kept.len());
        assert_eq!(collect(|each| tx.events(0..99, each)).len(), kept.len());
    }
}

fn on_desk(drawer: u8, key: u8, due: i64) -> DeskRow {
    DeskRow { drawer, key: [key; 16], due, subject: None, sealed: vec![1], hold: None }
}

/// What was read is put again, and read again: a store may remember, and must not remember wrongly.
fn sees_its_own_changes(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    assert_eq!(tx.subject_by_tag(&[1; 16]).unwrap(), None);
    assert_eq!(tx.case_by_identity(&[1; 16]).unwrap(), None);
    assert_eq!(tx.desk(1, &[1; 16]).unwrap(), None);
    tx.expect(&[[1; 16], [2; 16]], &[[1; 16], [2; 16]]).unwrap();
    tx.add_subject(&subject(1)).unwrap();
    let mut row = case(1, 1);
    tx.put_case(&row).unwrap();
    tx.put_desk(&on_desk(1, 1, 5)).unwrap();
    row.status = Status::Approved;
    tx.put_case(&row).unwrap();
    for ask in [false, true] {
        if ask {
            tx.commit().unwrap();
            tx = store.write().unwrap();
            tx.expect(&[[1; 16], [2; 16]], &[[1; 16], [2; 16]]).unwrap();
        }
        assert_eq!(tx.subject_by_tag(&[1; 16]).unwrap(), Some(subject(1)));
        assert_eq!(tx.subject_by_tag(&[2; 16]).unwrap(), None);
        assert_eq!(tx.subject(1).unwrap(), Some(subject(1)));
        assert_eq!(tx.case_by_identity(&row.identity).unwrap(), Some(row.clone()));
        assert_eq!(tx.case(row.case).unwrap(), Some(row.clone()));
        assert_eq!(tx.desk(1, &[1; 16]).unwrap(), Some(on_desk(1, 1, 5)));
        assert_eq!(tx.count_cases().unwrap(), [(row.purpose.clone(), Status::Approved, 1)]);
    }
    let later = CaseRow { identity: row.identity, ..case(2, 1) };
    tx.put_case(&later).unwrap();
    assert_eq!(tx.case_by_identity(&row.identity).unwrap(), Some(later), "the latest one");
    assert!(tx.delete_desk(1, &[1; 16]).unwrap());
    assert!(!tx.delete_desk(1, &[1; 16]).unwrap());
    tx.put_desk(&on_desk(1, 1, 7)).unwrap();
    assert_eq!(collect(|each| tx.desk_due(1, 0..=9, 9, each)), [on_desk(1, 1, 7)]);
    tx.delete_subject(1).unwrap();
    assert_eq!(tx.subject_by_tag(&[1; 16]).unwrap(), None);
    assert_eq!(tx.case(row.case).unwrap(), None);
    assert_eq!(tx.case_by_identity(&row.identity).unwrap(), None);
}

/// Questions inside of questions, and more rows than any store fetches at a time.
fn lists_more_than_it_fetches_at_a_time(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    (0..9000).for_each(|seq| tx.add_event(&event(seq)).unwrap());
    assert_eq!(tx.leaves(u64::MAX).unwrap().len(), 9000, "before they are committed");
    tx.commit().unwrap();
    let tx = store.read().unwrap();
    let mut seen = 0;
    tx.events(0..9000, &mut |row| {
        assert_eq!(row.seq, seen);
        seen += 1;
        if seen % 1000 == 0 {
            assert_eq!(tx.event(seen - 1)?, row);
            assert_eq!(collect(|each| tx.events(0..5000, each)).len(), 5000);
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, 9000);
    let stops = tx.events(0..9000, &mut |_| Err(Error::Invalid("enough".into())));
    assert!(stops.is_err_and(|error| error.to_string() == "enough"));
    assert_eq!(tx.leaves(3).unwrap().len(), 3, "and it can be asked again");
}

/// A view does not change while others write.
fn shows_one_moment(store: &mut dyn Store, other: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    tx.add_event(&event(0)).unwrap();
    tx.commit().unwrap();
    let view = store.read().unwrap();
    assert_eq!(view.leaves(9).unwrap().len(), 1);
    let mut tx = other.write().unwrap();
    tx.add_event(&event(1)).unwrap();
    assert_eq!(view.leaves(9).unwrap().len(), 1);
    tx.commit().unwrap();
    assert_eq!(view.leaves(9).unwrap().len(), 1);
    drop(view);
    assert_eq!(store.read().unwrap().leaves(9).unwrap().len(), 2);
}

fn filters_cases(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    [1, 2].iter().for_each(|id| tx.add_subject(&subject(*id)).unwrap());
    let mut rows = [case(1, 1), case(2, 2), case(3, 1), case(4, 2)];
    rows[1].purpose = "ads".into();
    rows[2].status = Status::Approved;
    rows[3].identity = rows[0].identity;
    rows.iter().for_each(|row| tx.put_case(row).unwrap());
    let opened = |query: CaseQuery| -> Vec<u64> {
        collect(|each| tx.cases(&query, each)).iter().map(|row| row.opened).collect()
    };
    let all = CaseQuery::default;
    assert_eq!(opened(all()), [1, 2, 3, 4]);
    assert_eq!(opened(CaseQuery { limit: Some(2), ..all() }), [1, 2]);
    assert_eq!(opened(CaseQuery { purpose: Some("ads".into()), ..all() }), [2]);
    assert_eq!(opened(CaseQuery { subject: Some(1), ..all() }), [1, 3]);
    let approved = CaseQuery { subject: Some(1), status: Some(Status::Approved), ..all() };
    assert_eq!(opened(approved), [3]);
    let counted = tx.count_cases().unwrap();
    let of = |purpose: &str, status, count| (purpose.to_owned(), status, count);
    let purpose = rows[0].purpose.as_str();
    assert_eq!(
        counted,
        [
            of("ads", rows[1].status, 1),
            of(purpose, rows[0].status, 2),
            of(purpose, Status::Approved, 1)
        ]
    );
    let latest = tx.case_by_identity(&rows[0].identity).unwrap().unwrap();
    assert_eq!(latest.opened, 4, "the latest case of an identity is found");
}

fn lists_open_cases_in_both_orders(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    tx.add_subject(&subject(1)).unwrap();
    let mut rows: Vec<CaseRow> = (1..=7).map(|opened| case(opened, 1)).collect();
    let received = |row: &mut CaseRow, at| row.due_from = Moment::from_micros(at).unwrap();
    rows.iter_mut().zip([30, 10, 20, 20, 40, 10, 10]).for_each(|(row, at)| received(row, at));
    rows[4].status = Status::Approved;
    for (row, day) in [(5, 3), (6, 2)] {
        rows[row].extended_until = Some(date(2025, 9, day));
        rows[row].status = Status::UnderReview;
    }
    rows[3].source = Source::Agent;
    rows[3].has_contact = true;
    rows[0].names_record = true;
    rows.iter().for_each(|row| tx.put_case(row).unwrap());

    let all = |span| OpenQuery {
        purpose: "assistant-training".into(),
        span,
        status: None,
        source: None,
        names_record: None,
        has_contact: None,
        below: None,
    };
    let opened = |query: &OpenQuery| -> Vec<u64> {
        let listed = collect(|each| tx.open_cases(query, 9, each));
        assert_eq!(tx.count_open(query).unwrap(), listed.len() as u64);
        listed.iter().map(|row| row.opened).collect()
    };
    let received = |after, before| all(OpenSpan::Received { after, before });
    let whole = received((i64::MIN, None), i64::MAX);
    assert_eq!(opened(&whole), [2, 3, 4, 1]);
    assert_eq!(collect(|each| tx.open_cases(&whole, 2, each)), [rows[1].clone(), rows[2].clone()]);
    assert_eq!(opened(&received((20, None), i64::MAX)), [3, 4, 1]);
    assert_eq!(opened(&received((20, Some(3)), 30)), [4]);
    let extended = |after, until| all(OpenSpan::Extended { after, until });
    let first = (Date::MIN, i64::MIN, None);
    assert_eq!(opened(&extended(first, Date::MAX)), [7, 6]);
    assert_eq!(opened(&extended((date(2025, 9, 2), 10, Some(7)), Date::MAX)), [6]);
    assert_eq!(opened(&extended(first, date(2025, 9, 2))), [7]);

    assert!(opened(&OpenQuery { purpose: "ads".into(), ..whole.clone() }).is_empty());
    let reviewed = Some(Status::UnderReview);
    assert!(opened(&OpenQuery { status: reviewed, ..whole.clone() }).is_empty());
    assert_eq!(opened(&OpenQuery { source: Some(Source::Agent), ..whole.clone() }), [4]);
    assert_eq!(opened(&OpenQuery { names_record: Some(true), ..whole.clone() }), [1]);
    assert_eq!(opened(&OpenQuery { has_contact: Some(false), ..whole.clone() }), [2, 3, 1]);
    assert_eq!(opened(&OpenQuery { below: Some(3), ..whole.clone() }), [2, 1]);
    let of = |status, count| ("assistant-training".to_owned(), status, count);
    let tally = [of(Status::Received, 4), of(Status::UnderReview, 2), of(Status::Approved, 1)];
    assert_eq!(tx.count_cases().unwrap(), tally);
}

fn tells_what_is_in_force_since(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    tx.add_subject(&subject(1)).unwrap();
    let mut rows: Vec<CaseRow> = (1..=6).map(|opened| case(opened, 1)).collect();
    rows[1].in_force = Some(9);
    rows[2].in_force = None;
    rows[3].purpose = "ads".into();
    rows[5].due_from = Moment::from_micros(-20).unwrap();
    rows.iter().for_each(|row| tx.put_case(row).unwrap());
    let count = |since| tx.count_in_force_since("assistant-training", since).unwrap();
    assert_eq!(count(0), (4, Some(rows[5].due_from)));
    assert_eq!(count(5), (2, Some(rows[5].due_from)));
    assert_eq!(count(7), (0, None));
    let again = |since| collect(|each| tx.in_force_again_since("assistant-training", since, each));
    assert_eq!((again(2), again(3)), (vec![], vec![rows[1].clone()]));
    assert_eq!((again(9), again(10)), (vec![rows[1].clone()], vec![]));
}

fn erases_a_subject_with_all_that_is_its_own(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    for id in [1, 2] {
        let seq = id as u64;
        tx.add_subject(&subject(id)).unwrap();
        tx.add_event(&event(seq)).unwrap();
        tx.add_personal(&PersonalRow { seq, subject: id, sealed: vec![1] }).unwrap();
        tx.put_case(&case(seq, id)).unwrap();
    }
    tx.delete_subject(1).unwrap();
    tx.commit().unwrap();
    store.scrub().unwrap();
    let tx = store.read().unwrap();
    assert_eq!(collect(|each| tx.personal_links(each)), [(2, 2)]);
    assert_eq!(collect(|each| tx.cases(&CaseQuery::default(), each)), [case(2, 2)]);
    assert_eq!(tx.event(1).unwrap(), event(1), "the log stays whole");
}

fn keeps_the_log_when_projections_go(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    tx.add_event(&event(0)).unwrap();
    tx.add_subject(&subject(1)).unwrap();
    tx.add_personal(&PersonalRow { seq: 0, subject: 1, sealed: vec![1] }).unwrap();
    tx.put_case(&case(0, 1)).unwrap();
    tx.add_history(0, 1).unwrap();
    tx.set_newest("p", 1).unwrap();
    tx.put_training(&TrainingRow { seq: 0, set: "v1".into(), gone: None }).unwrap();
    tx.add_version(&version_of("v1", 0)).unwrap();
    tx.put_run(&RunRow { seq: 0, run: "r1".into(), finished: None }).unwrap();
    tx.set_place("v1", "/sets/v1").unwrap();
    tx.add_manifest("d", "text").unwrap();
    tx.clear_projections().unwrap();
    assert_eq!((tx.training().unwrap(), tx.runs().unwrap()), (vec![], vec![]));
    assert_eq!(tx.training_versions(None).unwrap(), []);
    assert!(tx.place("v1").unwrap().is_some() && tx.manifest("d").unwrap().is_some());
    assert!(collect(|each| tx.cases(&CaseQuery::default(), each)).is_empty());
    assert_eq!((tx.histories().unwrap(), tx.newest().unwrap()), (vec![], vec![]));
    assert_eq!(tx.event(0).unwrap(), event(0));
    assert!(tx.personal(0).unwrap().is_some());
}

fn item(drawer: u8, key: u8, due: i64) -> DeskRow {
    DeskRow { drawer, key: [key; 16], due, subject: None, sealed: vec![key], hold: None }
}

fn keeps_what_is_in_hand(store: &mut dyn Store) {
    let mut tx = store.write().unwrap();
    tx.add_subject(&subject(1)).unwrap();
    let own = DeskRow { subject: Some(1), ..item(5, 1, 10) };
    let all = [own.clone(), item(5, 2, -30), item(5, 3, 20), item(6, 1, 10)];
    all.iter().for_each(|row| tx.put_desk(row).unwrap());
    assert_eq!(tx.desk(5, &[1; 16]).unwrap(), Some(own));
    assert_eq!(tx.desk(6, &[2; 16]).unwrap(), None);
    let due = |tx: &dyn Write, due, limit| -> Vec<u8> {
        let rows = collect(|each| tx.desk_due(5, due, limit, each));
        rows.iter().map(|row| row.key[0]).collect()
    };
    assert_eq!(due(&*tx, i64::MIN..=20, 9), [2, 1, 3], "both ends belong to a stretch");
    assert_eq!(due(&*tx, i64::MIN..=20, 2), [2, 1]);
    assert_eq!(due(&*tx, -29..=19, 9), [1]);
    assert_eq!((tx.desk_count(5).unwrap(), tx.desk_count(7).unwrap()), (3, 0));
    tx.put_desk(&item(5, 2, 99)).unwrap();
    assert_eq!(due(&*tx, i64::MIN..=i64::MAX, 9), [1, 3, 2], "one of the same key was replaced");
    assert!(tx.delete_desk(5, &[3; 16]).unwrap() && !tx.delete_desk(5, &[3; 16]).unwrap());
    tx.delete_subject(1).unwrap();
    assert_eq!(due(&*tx, i64::MIN..=i64::MAX, 9), [2], "what is about somebody goes with them");
    assert_eq!((tx.lapse_desk(5, 99).unwrap(), tx.lapse_desk(5, 100).unwrap()), (0, 1));
    assert_eq!(tx.desk_count(6).unwrap(), 1);
}

/// Leases: taken by one, lapsing, prolonged and let go of under their number.
fn gives_each_thing_on_the_desk_to_one(store: &mut dyn Store) {
    let hold = |by: u8, until| Hold { by: [by; 16], until };
    let keys = |rows: Vec<DeskRow>| -> Vec<u8> { rows.iter().map(|row| row.key[0]).collect() };
    let mut tx = store.write().unwrap();
    let all = [item(5, 4, 4), item(5, 2, 2), item(5, 3, 2), item(5, 1, 9), item(6, 7, 1)];
    all.iter().for_each(|row| tx.put_desk(row).unwrap());
    tx.commit().unwrap();

    let mut tx = store.write().unwrap();
    assert!(!tx.desk_waits(5, 1).unwrap() && tx.desk_waits(5, 2).unwrap());
    let taken = tx.hold_desk(5, 4, &hold(1, 10), 2).unwrap();
    let held = |row: &DeskRow, hold| DeskRow { hold: Some(hold), ..row.clone() };
    assert_eq!(taken, [held(&all[1], hold(1, 10)), held(&all[2], hold(1, 10))], "by due, then key");
    tx.commit().unwrap();

    // Somebody else gets what is left, and nothing of another drawer.
    let mut tx = store.write().unwrap();
    assert_eq!(tx.desk(5, &[2; 16]).unwrap().unwrap().hold, Some(hold(1, 10)));
    assert_eq!(keys(tx.hold_desk(5, 4, &hold(2, 8), 9).unwrap()), [4]);
    assert!(!tx.desk_waits(5, 7).unwrap());
    assert!(tx.hold_desk(5, 7, &hold(3, 20), 9).unwrap().is_empty());
    drop(tx);

    // What was not committed was not taken. A hold lapses at its end and not before.
    let mut tx = store.write().unwrap();
    assert_eq!(keys(tx.hold_desk(5, 4, &hold(2, 8), 9).unwrap()), [4]);
    assert_eq!(keys(tx.hold_desk(5, 8, &hold(3, 20), 9).unwrap()), [4]);
    assert_eq!(tx.prolong_desk(&hold(2, 50)).unwrap(), 0, "it is another's now");
    assert_eq!(tx.prolong_desk(&hold(1, 12)).unwrap(), 2);
    assert_eq!(keys(tx.hold_desk(5, 10, &hold(4, 20), 9).unwrap()), [1]);
    // Put anew, it is nobody's; its key and text do not matter.
    tx.put_desk(&item(5, 2, 2)).unwrap();
    assert_eq!(keys(tx.hold_desk(5, 10, &hold(5, i64::MAX), 9).unwrap()), [2]);
    assert_eq!(tx.prolong_desk(&hold(1, i64::MIN)).unwrap(), 1);
    assert_eq!(keys(tx.hold_desk(5, 10, &hold(6, 20), 9).unwrap()), [3], "it was let go of");
    assert!(tx.delete_desk(5, &[3; 16]).unwrap(), "what is held can be taken away");
}
