//! A case's life: which steps are possible, and what they say when they are not.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Refusals, Review, sample};
use demur_register::event::{By, Contact, Letter, News, Route};
use demur_register::{CaseFilter, CaseId, Error, Extension, NewObjection, Refusal, Register};
use jiff::civil::date;

fn status(register: &Register, case: &CaseId) -> Status {
    register.case(case).unwrap().unwrap().summary.status
}

#[test]
fn ones_own_data_is_approved_by_rule_and_nothing_else_is() {
    let mut register = in_memory();
    let case = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    assert_eq!(status(&register, &case), Status::Approved);
    for waiting in [reviewed(2, minute(1)), about_record("post-1", minute(1))] {
        let case = register.submit(waiting, minute(1)).unwrap();
        assert_eq!(status(&register, &case), Status::Received);
    }
    let own_post = NewObjection { record: Some(RecordId("7".into())), ..objection(3, minute(1)) };
    let case = register.submit(own_post, minute(1)).unwrap();
    assert_eq!(status(&register, &case), Status::Received);

    let mut manual = sample();
    manual.review = Review::Manual;
    let mut register = with_purpose(in_memory(), &manual);
    let case = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    assert_eq!(status(&register, &case), Status::Received);
}

#[test]
fn an_act_sees_whom_a_case_is_about() {
    let mut register = in_memory();
    let one = register.submit(reviewed(1, minute(1)), minute(1)).unwrap();
    let record = register.submit(about_record("post-1", minute(1)), minute(1)).unwrap();
    register
        .act(minute(2), |act| {
            assert_eq!(act.about(&one)?.account, Some(AccountId::Number(1)));
            let about = act.about(&record)?;
            assert_eq!((about.account, about.contact), (None, None));
            assert_eq!(about.record, Some(RecordId("post-1".into())));
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_open_objection_is_not_doubled() {
    let mut register = in_memory();
    let first = register.submit(reviewed(1, minute(1)), minute(1)).unwrap();
    let size = register.size().unwrap();
    assert_eq!(register.submit(reviewed(1, minute(5)), minute(5)).unwrap(), first);
    assert_eq!(register.size().unwrap(), size);

    assert_ne!(register.submit(objection(1, minute(5)), minute(5)).unwrap(), first, "other scopes");
    assert_ne!(register.submit(reviewed(2, minute(5)), minute(5)).unwrap(), first, "someone else");
    assert_ne!(register.submit(reviewed("1", minute(5)), minute(5)).unwrap(), first, "a text id");
    let record = NewObjection { record: Some(RecordId("7".into())), ..reviewed(1, minute(5)) };
    let about_7 = register.submit(record.clone(), minute(5)).unwrap();
    assert_ne!(about_7, first, "a single record");
    assert_eq!(register.submit(record, minute(5)).unwrap(), about_7);

    register.withdraw(&first, minute(6)).unwrap();
    let again = register.submit(reviewed(1, minute(1)), minute(7)).unwrap();
    assert_ne!(again, first, "a withdrawn case does not stand in the way");
}

#[test]
fn a_case_goes_only_where_its_status_allows() {
    type Act = fn(&mut Register, &CaseId) -> Result<(), Error>;
    let acts: [(&str, Act); 5] = [
        ("review", |r, c| r.start_review(c, "Rosalind", minute(9))),
        ("approve", |r, c| r.approve(c, "Rosalind", minute(9))),
        ("refuse", |r, c| r.refuse(c, &refusal(), minute(9))),
        ("withdraw", |r, c| r.withdraw(c, minute(9))),
        ("reopen", |r, c| r.reopen(c, By::Person, None, minute(9))),
    ];
    let legal = |from: Status| match from {
        Status::Received => vec!["review", "approve", "refuse", "withdraw"],
        Status::UnderReview => vec!["approve", "refuse", "withdraw"],
        Status::Approved => vec!["withdraw"],
        Status::Refused => vec!["withdraw", "reopen"],
        Status::Withdrawn => vec!["reopen"],
    };
    for from in Status::ALL {
        for (name, act) in &acts {
            let mut register = in_memory();
            let case = register.submit(reviewed(1, minute(1)), minute(1)).unwrap();
            match from {
                Status::Received => {}
                Status::UnderReview => register.start_review(&case, "R", minute(2)).unwrap(),
                Status::Approved => register.approve(&case, "R", minute(2)).unwrap(),
                Status::Refused => register.refuse(&case, &refusal(), minute(2)).unwrap(),
                Status::Withdrawn => register.withdraw(&case, minute(2)).unwrap(),
            }
            let size = register.size().unwrap();
            let result = act(&mut register, &case);
            if legal(from).contains(name) {
                result.unwrap();
                assert_eq!(register.size().unwrap(), size + 1);
            } else {
                let error = result.unwrap_err().to_string();
                let told = format!("case {case} is already {from} since 2025-04-14T08:");
                assert!(error.starts_with(&told), "{error}");
                assert_eq!(register.size().unwrap(), size, "{name} from {from} wrote something");
            }
        }
    }
}

#[test]
fn a_refusal_needs_every_part_and_a_purpose_that_admits_it() {
    let mut register = in_memory();
    let case = register.submit(reviewed(1, minute(1)), minute(1)).unwrap();
    for (part, incomplete) in [
        ("reviewer", Refusal { by: " ".into(), ..refusal() }),
        ("grounds", Refusal { grounds: String::new(), ..refusal() }),
        ("authority", Refusal { authority: String::new(), ..refusal() }),
        ("court route", Refusal { court_route: String::new(), ..refusal() }),
    ] {
        let error = register.refuse(&case, &incomplete, minute(2)).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
    let mut never = sample();
    never.refusals = Refusals::Never;
    register.record_purpose(&never, minute(3)).unwrap();
    let error = register.refuse(&case, &refusal(), minute(4)).unwrap_err();
    assert!(matches!(error, Error::RefusalsForbidden(_)), "{error}");
    assert_eq!(status(&register, &case), Status::Received);
}

#[test]
fn a_deadline_is_extended_once_in_time_and_with_reasons() {
    let mut register = in_memory();
    let case = register.submit(reviewed(1, minute(0)), minute(0)).unwrap();
    let good = Extension {
        by: "Rosalind".into(),
        reasons: "three thousand objections at once".into(),
        first_deadline: date(2025, 5, 14),
        until: date(2025, 7, 14),
    };
    let day = 24 * 60;
    for (why, extension, at) in [
        ("its reasons", Extension { reasons: String::new(), ..good.clone() }, minute(0)),
        ("first month ended", good.clone(), minute(31 * day)),
        ("two months", Extension { until: date(2025, 7, 22), ..good.clone() }, minute(0)),
        ("not later", Extension { until: date(2025, 5, 14), ..good.clone() }, minute(0)),
    ] {
        let error = register.extend(&case, &extension, at).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    register.extend(&case, &good, minute(30 * day)).unwrap();
    let extended = register.case(&case).unwrap().unwrap();
    assert_eq!(extended.summary.extended_until, Some(good.until));
    let error = register.extend(&case, &good, minute(1)).unwrap_err();
    assert!(error.to_string().contains("only once"), "{error}");
    register.approve(&case, "Rosalind", minute(40 * day)).unwrap();
    let error = register.extend(&case, &good, minute(1)).unwrap_err();
    assert!(error.to_string().contains("no deadline"), "{error}");
}

#[test]
fn a_case_tells_its_whole_story() {
    let mut register = in_memory();
    let new = NewObjection { grounds: Some("my poems".into()), ..reviewed(1, minute(1)) };
    let case = register.submit(new, minute(2)).unwrap();
    register.start_review(&case, "Rosalind", minute(3)).unwrap();
    register.refuse(&case, &refusal(), minute(4)).unwrap();
    register.reopen(&case, By::Authority, Some("order 12/25"), minute(5)).unwrap();
    register.approve(&case, "Henrike", minute(6)).unwrap();

    let story = register.case(&case).unwrap().unwrap();
    assert_eq!(story.summary.status, Status::Approved);
    assert_eq!(story.summary.account, Some(AccountId::from(1)));
    assert_eq!(story.summary.received_at, minute(1));
    assert_eq!(story.summary.changed_at, minute(6));
    assert_eq!(story.grounds.as_deref(), Some("my poems"));
    let told: Vec<_> = story
        .history
        .iter()
        .map(|entry| {
            let personal = entry.personal.clone().unwrap_or_default();
            (entry.what.name(), entry.what.by().unwrap(), personal.by, personal.grounds)
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            ("objection_received", By::Person, None, text("my poems")),
            ("review_started", By::Reviewer, text("Rosalind"), None),
            (
                "objection_refused",
                By::Reviewer,
                text("Rosalind Verifier"),
                text("safety of the network")
            ),
            ("objection_reopened", By::Authority, None, text("order 12/25")),
            ("objection_approved", By::Reviewer, text("Henrike"), None),
        ]
    );
    let refused = story.history[2].personal.clone().unwrap();
    assert_eq!(refused.authority.as_deref(), Some("Data Protection Commission"));
    assert_eq!(refused.court_route.as_deref(), Some("Circuit Court"));
}

#[test]
fn what_names_nobody_or_covers_nothing_is_turned_away() {
    let mut register = in_memory();
    let nobody = NewObjection { account: None, ..objection(1, minute(1)) };
    let nothing = NewObjection { scopes: Scopes::NONE, ..objection(1, minute(1)) };
    let elsewhere = NewObjection { purpose: "ads".into(), ..objection(1, minute(1)) };
    for (new, why) in [(nobody, "an account"), (nothing, "covers nothing"), (elsewhere, "\"ads\"")]
    {
        let error = register.submit(new, minute(1)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let unknown: CaseId = "0000-0000-0000".parse().unwrap();
    assert!(matches!(register.withdraw(&unknown, minute(1)), Err(Error::NoSuchCase(_))));
    assert_eq!(register.case(&unknown).unwrap(), None);
}

#[test]
fn cases_are_listed_by_account_status_and_purpose() {
    let mut register = in_memory();
    let approved = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    let waiting = register.submit(reviewed(1, minute(2)), minute(2)).unwrap();
    let other = register.submit(about_record("post-1", minute(3)), minute(3)).unwrap();
    let list = |filter: CaseFilter, limit| -> Vec<CaseId> {
        register.cases(&filter, limit).unwrap().iter().map(|case| case.case).collect()
    };
    let all = CaseFilter::default;
    assert_eq!(list(all(), 10), [approved, waiting, other]);
    assert_eq!(list(all(), 2), [approved, waiting]);
    let of = |id: i64| CaseFilter { account: Some(AccountId::from(id)), ..all() };
    assert_eq!(list(of(1), 10), [approved, waiting]);
    assert_eq!(list(of(2), 10), []);
    assert_eq!(list(CaseFilter { status: Some(Status::Approved), ..of(1) }, 10), [approved]);
    assert_eq!(list(CaseFilter { purpose: Some("ads".into()), ..all() }, 10), []);
}

#[test]
fn someone_without_an_account_is_heard_and_looking_leaves_a_trace() {
    let mut register = in_memory();
    let contact = |words: &str| Contact {
        email: "ana@example.org".into(),
        language: words.into(),
        route: Route::Guardian,
    };
    let new = |words: &str| NewObjection {
        account: None,
        contact: Some(contact("es")),
        grounds: Some(words.to_owned()),
        scopes: Scopes::OWN,
        ..objection("x", minute(1))
    };
    let case = register.submit(new("photos of my child"), minute(1)).unwrap();
    assert_eq!(register.submit(new("photos of my child"), minute(2)).unwrap(), case);
    assert_ne!(register.submit(new("and of her school"), minute(2)).unwrap(), case);

    register.act(minute(3), |act| act.view(&case, "R. Viewer")).unwrap();
    register.act(minute(4), |act| act.letter_sent(&case, Letter::Receipt)).unwrap();
    register.act(minute(5), |act| act.recipient_told(&case, "labeller", News::Restricted)).unwrap();
    let found = register.case(&case).unwrap().unwrap();
    assert_eq!(found.contact, Some(contact("es")));
    assert_eq!((found.summary.status, found.summary.changed_at), (Status::Received, minute(1)));
    let names: Vec<_> = found.history.iter().map(|entry| entry.what.name()).collect();
    assert_eq!(names, ["objection_received", "case_viewed", "letter_sent", "recipient_told"]);
    let viewer = found.history[1].personal.as_ref().unwrap().by.as_deref();
    assert_eq!(viewer, Some("R. Viewer"));
    // Whom it is about is not known to the machine, so no row is judged by it.
    let state = register.purpose_state(PURPOSE, None).unwrap();
    assert!(state.objections.iter().all(|o| o.account.is_none() && o.record.is_none()));
    assert!(register.verify().unwrap().is_sound());
}
