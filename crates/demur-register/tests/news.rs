//! What recipients of data must hear, and what is in force for many people at once.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use common::*;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Scope, Scopes, Status};
use demur_register::event::{By, Contact, News, Route};
use demur_register::{InForce, NewObjection, Register};

/// What there is to tell, read `limit` events at a time.
fn told(register: &Register, limit: u64) -> Vec<(Option<AccountId>, News)> {
    let (mut all, mut from) = (Vec::new(), 0);
    loop {
        let (news, next) = register.news_since(from, limit).unwrap();
        all.extend(news.into_iter().map(|news| (news.account, news.news)));
        if next == from {
            return all;
        }
        from = next;
    }
}

#[test]
fn every_turn_of_a_case_is_news_and_its_steps_are_not() {
    let mut register = in_memory();
    let case = register.submit(reviewed(1, minute(1)), minute(1)).unwrap();
    register.start_review(&case, "Ada", minute(2)).unwrap();
    register.refuse(&case, &refusal(), minute(3)).unwrap();
    register.reopen(&case, By::Authority, None, minute(4)).unwrap();
    register.approve(&case, "Ada", minute(5)).unwrap();
    register.withdraw(&case, minute(6)).unwrap();
    let one = Some(AccountId::from(1));
    let turns = [News::Restricted, News::Lifted, News::Restricted, News::Erased, News::Lifted];
    assert_eq!(told(&register, 100), turns.map(|news| (one.clone(), news)));
}

#[test]
fn what_a_rule_approves_at_once_is_one_piece_of_news_wherever_reading_stops() {
    let mut register = in_memory();
    for account in 1..=5 {
        register.submit(objection(account, minute(1)), minute(1)).unwrap();
    }
    let all: Vec<_> = (1..=5).map(|n: i64| (Some(n.into()), News::Erased)).collect();
    for limit in 1..=4 {
        assert_eq!(told(&register, limit), all, "{limit} events at a time");
    }
}

#[test]
fn imports_tell_where_they_arrive_and_nothing_of_what_was_over_before() {
    let mut register = in_memory();
    let rows = [
        row(2, 1, Status::Received),
        row(3, 2, Status::Approved),
        row(4, 3, Status::Refused),
        row(5, 4, Status::Withdrawn),
    ];
    import(&mut register, &rows, minute(1)).unwrap();
    let expected = [(Some(1.into()), News::Restricted), (Some(2.into()), News::Erased)];
    assert_eq!(told(&register, 3), expected);
    let (_, seen) = register.news_since(0, 100).unwrap();
    import(&mut register, &[row(2, 2, Status::Refused)], minute(2)).unwrap();
    let (news, _) = register.news_since(seen, 100).unwrap();
    assert_eq!(news.iter().map(|news| news.news).collect::<Vec<_>>(), [News::Lifted]);
}

#[test]
fn news_says_which_data_is_meant_or_is_none() {
    let mut register = in_memory();
    register.submit(about_record("post-1", minute(1)), minute(1)).unwrap();
    let own = NewObjection {
        record: Some(RecordId("post-2".into())),
        scopes: Scopes::NONE,
        ..objection(7, minute(1))
    };
    register.submit(own, minute(1)).unwrap();
    let stranger = NewObjection {
        account: None,
        contact: Some(Contact {
            email: "someone@example.org".into(),
            language: "en".into(),
            route: Route::Mentions,
        }),
        grounds: Some("the picture at the lake".into()),
        ..reviewed(0, minute(1))
    };
    register.submit(stranger, minute(1)).unwrap();
    register.submit(objection(8, minute(1)), minute(1)).unwrap();
    register.erase_account(&8.into(), minute(2)).unwrap();
    let (news, _) = register.news_since(0, 100).unwrap();
    let meant: Vec<_> = news.into_iter().map(|news| (news.account, news.record)).collect();
    let record = |id: &str| Some(RecordId(id.into()));
    assert_eq!(meant, [(None, record("post-1")), (Some(7.into()), record("post-2"))]);
}

#[test]
fn a_person_has_what_any_of_their_accounts_has() {
    let mut register = in_memory();
    let one = |scope: Scope| Scopes::from_iter([scope]);
    let restricted = one(Scope::ThirdParty);
    register.submit(reviewed(1, minute(1)), minute(1)).unwrap();
    let ai = NewObjection { scopes: one(Scope::AiInteractions), ..objection(2, minute(1)) };
    register.submit(ai, minute(1)).unwrap();
    let gone = register.submit(objection(3, minute(1)), minute(1)).unwrap();
    register.withdraw(&gone, minute(2)).unwrap();
    register.submit(about_record("post-1", minute(1)), minute(1)).unwrap();
    let people = [vec![1.into(), 2.into()], vec![2.into()], vec![3.into()], vec![4.into()]];
    let none = InForce { restricted: Scopes::NONE, objected: Scopes::NONE };
    let objected = one(Scope::AiInteractions);
    assert_eq!(
        register.in_force(PURPOSE, &people).unwrap(),
        [InForce { restricted, objected }, InForce { objected, ..none }, none, none]
    );
    assert_eq!(register.in_force("ads", &people).unwrap(), [none; 4]);
    let counted = register.count_cases().unwrap();
    let count = |status, count| (PURPOSE.to_owned(), status, count);
    let expected =
        [count(Status::Received, 2), count(Status::Approved, 1), count(Status::Withdrawn, 1)];
    assert_eq!(counted, expected);
}
