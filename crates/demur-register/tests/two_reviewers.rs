//! Refusals that two people must look at.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::objection::Status;
use demur_core::purpose::{Purpose, Refusals, Review, sample};
use demur_register::event::By;
use demur_register::{CaseId, Error, Refusal, Register};

fn register(refusals: Refusals) -> (Register, CaseId) {
    let purpose = Purpose { refusals, review: Review::Manual, ..sample() };
    let mut register = with_purpose(in_memory(), &purpose);
    let case = register.submit(objection(1, minute(1)), minute(1)).unwrap();
    (register, case)
}

fn by(name: &str) -> Refusal {
    Refusal { by: name.into(), ..refusal() }
}

/// Why something was not done.
fn why(done: Result<(), Error>) -> String {
    done.unwrap_err().to_string()
}

fn status(register: &Register, case: &CaseId) -> Status {
    register.case(case).unwrap().unwrap().summary.status
}

#[test]
fn a_refusal_stands_once_another_reviewer_confirms_it() {
    let (mut register, case) = register(Refusals::TwoReviewers);
    assert!(why(register.refuse(&case, &by("Ann"), minute(2))).contains("two reviewers"));
    register.propose_refusal(&case, &by("Ann"), minute(2)).unwrap();
    let open = register.case(&case).unwrap().unwrap();
    assert_eq!(open.summary.status, Status::Received, "a proposal decides nothing");
    assert_eq!(open.proposal().unwrap().refusal, by("Ann"));
    for herself in ["Ann", " ann ", "ANN"] {
        assert!(why(register.refuse(&case, &by(herself), minute(3))).contains("cannot confirm"));
    }
    let other = Refusal { grounds: "something else".into(), ..by("Ben") };
    assert!(why(register.refuse(&case, &other, minute(3))).contains("grounds"));
    assert!(register.act(minute(3), |act| act.is_refusal_proposed(&case)).unwrap());
    register.act(minute(3), |act| act.may_refuse(&case, &by("Ben"))).unwrap();
    register.refuse(&case, &by("Ben"), minute(3)).unwrap();
    assert_eq!(status(&register, &case), Status::Refused);
    assert!(register.verify().unwrap().is_sound());
}

#[test]
fn the_last_proposal_counts() {
    let (mut register, case) = register(Refusals::TwoReviewers);
    register.propose_refusal(&case, &by("Ann"), minute(2)).unwrap();
    register.start_review(&case, "Ben", minute(3)).unwrap();
    let better = Refusal { grounds: "better ones".into(), ..by("Ben") };
    register.propose_refusal(&case, &better, minute(4)).unwrap();
    assert!(register.refuse(&case, &by("Ben"), minute(5)).is_err());
    register.refuse(&case, &Refusal { by: "Ann".into(), ..better }, minute(5)).unwrap();
}

#[test]
fn a_case_that_was_reopened_needs_a_new_proposal() {
    let (mut register, case) = register(Refusals::TwoReviewers);
    register.propose_refusal(&case, &by("Ann"), minute(2)).unwrap();
    register.withdraw(&case, minute(3)).unwrap();
    register.reopen(&case, By::Person, None, minute(4)).unwrap();
    assert_eq!(register.case(&case).unwrap().unwrap().proposal(), None);
    assert!(register.refuse(&case, &by("Ben"), minute(5)).is_err());
}

#[test]
fn only_a_purpose_that_asks_for_two_takes_proposals() {
    let (mut once, case) = register(Refusals::Allowed);
    assert!(why(once.propose_refusal(&case, &by("Ann"), minute(2))).contains("no second reviewer"));
    once.refuse(&case, &by("Ann"), minute(2)).unwrap();
    let (mut never, case) = register(Refusals::Never);
    let forbidden = never.propose_refusal(&case, &by("Ann"), minute(2));
    assert!(matches!(forbidden, Err(Error::RefusalsForbidden(_))));
    let incomplete = Refusal { grounds: " ".into(), ..by("Ann") };
    let (mut two, case) = register(Refusals::TwoReviewers);
    assert!(why(two.propose_refusal(&case, &incomplete, minute(2))).contains("grounds"));
}
