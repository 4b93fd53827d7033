//! The post room: what is sent, to whom, in which language, and what becomes of it.

use std::sync::{Arc, Mutex};

use demur_core::id::RecordId;
use demur_core::objection::{Scopes, Status};
use demur_core::purpose::{Purpose, Refusals, Review, sample};
use demur_notice::bounce::Status as Code;
use demur_notice::mail::Mail;
use demur_notice::post::{Post, Reply, SendError, Step};
use demur_register::desk::Drawer;
use demur_register::event::{Contact, Letter, Route, Source, What};
use demur_register::{CaseId, Extension, NewObjection, Refusal};
use demur_web::acts::{self, Stuck};
use demur_web::post_room::{PostRoom, Round};
use jiff::SignedDuration;

use crate::support::{PURPOSE, Site, id, mailing};

/// A server of sorts: what it was handed, and how it answers.
#[derive(Clone, Default)]
pub struct Sink(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    sent: Vec<Sent>,
    answers: Vec<SendError>,
}

/// A message, as far as tests look at it.
#[derive(Clone, Debug)]
pub struct Sent {
    pub id: String,
    pub raw: String,
}

impl Sent {
    /// A header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let line = head.lines().find(|line| line.starts_with(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {head}"))[name.len() + 2..].to_owned()
    }
}

impl Post for Sink {
    fn send(&mut self, mail: &Mail) -> Result<(), SendError> {
        let mut inner = self.0.lock().unwrap();
        if let Some(error) = inner.answers.pop() {
            return Err(error);
        }
        let raw = String::from_utf8(mail.bytes().to_vec()).unwrap();
        inner.sent.push(Sent { id: mail.message_id().to_owned(), raw });
        Ok(())
    }
}

impl Sink {
    pub fn sent(&self) -> Vec<Sent> {
        self.0.lock().unwrap().sent.clone()
    }

    /// The next answer is this one.
    pub fn answers(&self, error: SendError) {
        self.0.lock().unwrap().answers.push(error);
    }
}

pub fn room(site: &Site, sink: &Sink) -> PostRoom {
    PostRoom::new(Arc::clone(&site.app), Box::new(sink.clone()))
}

fn manual() -> Purpose {
    Purpose { review: Review::Manual, ..sample() }
}

fn reply() -> Reply {
    Reply { code: 550, status: Code::parse("5.1.1") }
}

fn refusal() -> Refusal {
    Refusal {
        by: "Ada Muster".into(),
        grounds: "Because of the balance.".into(),
        authority: "Data Protection Commission, https://www.dataprotection.ie/".into(),
        court_route: "the courts".into(),
        ground: None,
    }
}

fn only_case(site: &Site) -> CaseId {
    site.only_case().summary.case
}

fn letters_sent(site: &Site) -> Vec<Letter> {
    let history = site.only_case().history;
    let letter = |what: &What| match what {
        What::LetterSent { letter, .. } => Some(*letter),
        _ => None,
    };
    history.iter().filter_map(|entry| letter(&entry.what)).collect()
}

fn only_sent(round: Round) {
    assert_eq!(round, Round { sent: 1, ..Round::default() });
}

#[tokio::test]
async fn each_step_is_told_in_the_language_of_the_account() {
    let site = Site::set_up(manual(), mailing);
    let (sink, account) = (Sink::default(), id("ana"));
    let room = room(&site, &sink);
    site.post(&site.link("ana"), "").await;
    only_sent(room.round().await.unwrap());
    let case = only_case(&site);
    let zone = jiff::tz::TimeZone::get("Europe/Dublin").unwrap();
    let first = demur_core::deadline::due(site.app.now(), &zone, Some("IE")).due;
    let until = first.checked_add(jiff::Span::new().months(1)).unwrap();
    let extension =
        Extension { by: "Ada".into(), reasons: "Many cases.".into(), first_deadline: first, until };
    let registry = site.app.registry.clone();
    let about = account.clone();
    registry.act(move |act| acts::extend(act, case, Some(&about), &extension)).await.unwrap();
    only_sent(room.round().await.unwrap());
    let about = account.clone();
    registry.act(move |act| acts::approve(act, case, Some(&about), "Ada")).await.unwrap();
    only_sent(room.round().await.unwrap());
    registry.act(move |act| acts::withdraw(act, case, Some(&account))).await.unwrap();
    only_sent(room.round().await.unwrap());
    assert_eq!(room.round().await.unwrap(), Round::default());

    use Letter::{Approval, Extension as Longer, Receipt, Withdrawal};
    assert_eq!(letters_sent(&site), [Receipt, Longer, Approval, Withdrawal]);
    let sent = sink.sent();
    for mail in &sent {
        assert_eq!(mail.header("To"), "ana@example.org");
        assert_eq!(mail.header("Content-Language"), "es");
        assert!(mail.header("Subject").contains("=?utf-8?") || mail.raw.contains("expediente"));
        assert!(mail.id.ends_with("@platform.example"), "{}", mail.id);
    }
    let mut ids: Vec<&str> = sent.iter().map(|mail| mail.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 0);
}

#[tokio::test]
async fn a_rule_that_approves_at_once_makes_one_letter() {
    let site = Site::set_up(sample(), mailing);
    let sink = Sink::default();
    site.post(&site.link("bo"), "").await;
    only_sent(room(&site, &sink).round().await.unwrap());
    assert_eq!(letters_sent(&site), [Letter::Approval]);
    let mail = &sink.sent()[0];
    assert!(mail.header("Subject").contains("approved"), "{}", mail.raw);
    let number = only_case(&site).to_string();
    assert!(mail.raw.contains(&number));
}

#[tokio::test]
async fn a_receipt_that_was_overtaken_by_the_decision_is_not_sent() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    site.post(&site.link("bo"), "").await;
    let case = only_case(&site);
    let approve =
        |act: &mut demur_register::Act<'_, '_>| acts::approve(act, case, Some(&id("bo")), "Ada");
    site.register().act(site.app.now(), approve).unwrap();
    let round = room(&site, &sink).round().await.unwrap();
    assert_eq!((round.sent, round.dropped), (1, 1));
    assert_eq!(letters_sent(&site), [Letter::Approval]);
}

#[tokio::test]
async fn a_second_copy_after_a_crash_is_the_same_message() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    site.post(&site.link("bo"), "").await;
    let key = site.register().items_due(Drawer::Letter, site.app.now(), 1).unwrap().remove(0);
    only_sent(room(&site, &sink).round().await.unwrap());
    // The letter went out, and the machine stopped before the register had it.
    let position = site.only_case().history[0].seq + 1;
    let name = format!("{}/{position}", only_case(&site));
    let lay = |act: &mut demur_register::Act<'_, '_>| {
        act.put(Drawer::Letter, name.as_bytes(), key.due, Some(&id("bo")), &key.text)
    };
    site.register().act(site.app.now(), lay).unwrap();
    site.pass(SignedDuration::from_mins(3));
    only_sent(room(&site, &sink).round().await.unwrap());
    let sent = sink.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].id, sent[1].id);
    let link =
        |mail: &Sent| mail.raw.replace("=\r\n", "").split("/c/").nth(1).unwrap()[..40].to_owned();
    assert_eq!(link(&sent[0]), link(&sent[1]));
}

#[tokio::test]
async fn a_refusal_takes_effect_once_the_person_was_told() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    site.post(&site.link("ana"), "").await;
    room.round().await.unwrap();
    let case = only_case(&site);
    let refuse = |act: &mut demur_register::Act<'_, '_>| {
        acts::send_refusal(act, case, Some(&id("ana")), &refusal())
    };
    site.register().act(site.app.now(), refuse).unwrap();
    let status = |site: &Site| site.only_case().summary.status;
    assert_eq!(status(&site), Status::Received);

    let temporary = SendError::Temporary { at: Step::Recipient, reply: reply() };
    sink.answers(temporary);
    assert_eq!(room.round().await.unwrap().put_back, 1);
    assert_eq!(status(&site), Status::Received, "the letter has not gone out");
    assert_eq!(room.round().await.unwrap(), Round::default(), "not before a minute has passed");

    site.pass(SignedDuration::from_mins(1));
    only_sent(room.round().await.unwrap());
    assert_eq!(status(&site), Status::Refused);
    let history = site.only_case().history;
    let [.., refused, told] = &history[..] else { panic!("{history:?}") };
    assert!(matches!(refused.what, What::ObjectionRefused(_)));
    assert!(matches!(told.what, What::LetterSent { letter: Letter::Refusal, .. }));
    assert_eq!(refused.personal.as_ref().unwrap().by.as_deref(), Some("Ada Muster"));
    let mail = sink.sent().pop().unwrap();
    assert!(mail.raw.contains("dataprotection.ie"), "the authority that the reviewer named");
}

#[tokio::test]
async fn whoever_withdraws_first_is_not_refused_later() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    site.post(&site.link("bo"), "").await;
    room.round().await.unwrap();
    let (case, account) = (only_case(&site), id("bo"));
    let act = |act: &mut demur_register::Act<'_, '_>| {
        acts::send_refusal(act, case, Some(&account), &refusal())?;
        acts::withdraw(act, case, Some(&account))?;
        acts::reopen(act, case, Some(&account), demur_register::event::By::Person, None)
    };
    site.register().act(site.app.now(), act).unwrap();
    let round = room.round().await.unwrap();
    assert_eq!((round.sent, round.dropped), (2, 0), "withdrawal and receipt, no refusal");
    assert_eq!(site.only_case().summary.status, Status::Received);
}

#[tokio::test]
async fn a_purpose_that_came_to_forbid_refusals_sends_none() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    site.post(&site.link("bo"), "").await;
    room.round().await.unwrap();
    let case = only_case(&site);
    let refuse = |act: &mut demur_register::Act<'_, '_>| {
        acts::send_refusal(act, case, Some(&id("bo")), &refusal())
    };
    site.register().act(site.app.now(), refuse).unwrap();
    let never = Purpose { refusals: Refusals::Never, ..manual() };
    site.register().record_purpose(&never, site.app.now()).unwrap();
    assert_eq!(room.round().await.unwrap().stuck, 1);
    let stuck = acts::stuck_letters(&site.register(), 10).unwrap();
    assert_eq!(stuck[0].why, Stuck::RefusalsForbidden);
    assert_eq!(sink.sent().len(), 1);
}

#[tokio::test]
async fn nobody_without_an_address_is_refused_unseen() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    site.post(&site.link("cy"), "").await;
    assert_eq!(room.round().await.unwrap().stuck, 1);
    assert_eq!(acts::stuck_letters(&site.register(), 10).unwrap(), [], "a receipt is on the page");
    let case = only_case(&site);
    let refuse = |act: &mut demur_register::Act<'_, '_>| {
        acts::send_refusal(act, case, Some(&id("cy")), &refusal())
    };
    site.register().act(site.app.now(), refuse).unwrap();
    assert_eq!(room.round().await.unwrap().stuck, 1);
    assert_eq!(room.round().await.unwrap(), Round::default(), "it waits for a person");
    assert_eq!(site.only_case().summary.status, Status::Received);

    let stuck = acts::stuck_letters(&site.register(), 10).unwrap();
    assert_eq!((stuck.len(), stuck[0].case, stuck[0].why), (1, case, Stuck::NoAddress));
    let position = stuck[0].position;
    let told =
        |act: &mut demur_register::Act<'_, '_>| acts::told_otherwise(act, case, position, "Bea");
    assert!(site.register().act(site.app.now(), told).unwrap());
    assert_eq!(site.only_case().summary.status, Status::Refused);
    assert_eq!(site.register().count_items(Drawer::Letter).unwrap(), 0);
    let history = site.only_case().history;
    let looked = history.iter().find(|entry| matches!(entry.what, What::CaseViewed(_))).unwrap();
    assert_eq!(looked.personal.as_ref().unwrap().by.as_deref(), Some("Bea"));
}

#[tokio::test]
async fn a_decision_that_cannot_be_delivered_stays_in_sight_and_can_be_sent_again() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    site.post(&site.link("bo"), "").await;
    room.round().await.unwrap();
    let case = only_case(&site);
    let approve =
        |act: &mut demur_register::Act<'_, '_>| acts::approve(act, case, Some(&id("bo")), "Ada");
    site.register().act(site.app.now(), approve).unwrap();
    sink.answers(SendError::Recipient { at: Step::Recipient, reply: reply() });
    assert_eq!(room.round().await.unwrap().stuck, 1);
    assert_eq!(site.only_case().summary.status, Status::Approved, "an approval holds at once");
    let stuck = acts::stuck_letters(&site.register(), 10).unwrap();
    assert_eq!((stuck[0].letter, stuck[0].why), (Letter::Approval, Stuck::Refused));
    let position = stuck[0].position;
    let again = |act: &mut demur_register::Act<'_, '_>| acts::send_again(act, case, position);
    assert!(site.register().act(site.app.now(), again).unwrap());
    only_sent(room.round().await.unwrap());
    assert_eq!(letters_sent(&site), [Letter::Receipt, Letter::Approval]);
}

#[tokio::test]
async fn trouble_that_lasts_for_days_is_given_up_and_shown() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    site.post(&site.link("bo"), "").await;
    room.round().await.unwrap();
    let case = only_case(&site);
    let approve =
        |act: &mut demur_register::Act<'_, '_>| acts::approve(act, case, Some(&id("bo")), "Ada");
    site.register().act(site.app.now(), approve).unwrap();
    let mut put_back = 0;
    loop {
        sink.answers(SendError::Temporary { at: Step::Message, reply: reply() });
        let round = room.round().await.unwrap();
        if round.stuck == 1 {
            break;
        }
        put_back += round.put_back;
        assert!(put_back < 50, "it is never given up");
        site.pass(SignedDuration::from_hours(12));
    }
    assert!(put_back > 5);
    assert_eq!(acts::stuck_letters(&site.register(), 10).unwrap()[0].why, Stuck::TooLong);
}

#[tokio::test]
async fn a_broken_way_costs_no_letter_and_is_not_tried_for_each() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    for account in ["ana", "bo"] {
        site.post(&site.link(account), "").await;
    }
    let broken = || SendError::Connection { server: "x:25".into(), problem: "gone".into() };
    sink.answers(broken());
    let round = room.round().await.unwrap();
    assert!(round.is_broken);
    assert_eq!((round.put_back, round.sent), (1, 0));
    site.pass(SignedDuration::from_mins(1));
    assert_eq!(room.round().await.unwrap().sent, 2);
}

#[tokio::test]
async fn one_form_makes_one_receipt_that_is_entered_for_each_case() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let email = "dana@example.net";
    let contact = Contact { email: email.into(), language: "fr".into(), route: Route::Items };
    let new = |record: &str| NewObjection {
        account: None,
        record: Some(RecordId(record.into())),
        purpose: PURPOSE.into(),
        scopes: Scopes::NONE,
        received_at: site.app.now(),
        grounds: None,
        contact: Some(contact.clone()),
        source: Source::PrivacyCentre,
    };
    let submit = |act: &mut demur_register::Act<'_, '_>| acts::submit(act, new("r-1"));
    site.register().act(site.app.now(), submit).unwrap();
    only_sent(room(&site, &sink).round().await.unwrap());
    let mail = &sink.sent()[0];
    assert_eq!((mail.header("To"), mail.header("Content-Language")), (email.into(), "fr".into()));
}

#[tokio::test]
async fn it_runs_until_it_is_told_to_stop() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    site.post(&site.link("bo"), "").await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = demur_web::post_room::run(Arc::clone(&site.app), Box::new(sink.clone()), async {
        drop(stopped.await)
    });
    stop.send(()).unwrap();
    running.await;
    assert_eq!(sink.sent().len(), 1, "what was begun is finished");
    assert_eq!(letters_sent(&site), [Letter::Receipt]);
}

#[tokio::test]
async fn codes_go_first_and_leave_no_address_behind() {
    let site = Site::set_up(manual(), mailing);
    let sink = Sink::default();
    let room = room(&site, &sink);
    site.post(&site.link("bo"), "").await;
    site.post("/privacy/code", "email=nobody@example.org").await;
    site.post("/privacy/no-account/code", "email=dana@example.net").await;
    assert_eq!(room.round().await.unwrap().sent, 3);
    let mut to: Vec<String> = sink.sent().iter().map(|mail| mail.header("To")).collect();
    to[..2].sort();
    assert_eq!(to, ["dana@example.net", "nobody@example.org", "bo@example.org"]);
    assert_eq!(site.register().count_items(Drawer::Mail).unwrap(), 0);

    site.post("/privacy/no-account/code", "email=dana@example.net").await;
    sink.answers(SendError::Recipient { at: Step::Recipient, reply: reply() });
    room.round().await.unwrap();
    assert_eq!(site.register().count_items(Drawer::Mail).unwrap(), 0, "a code is not kept");

    site.post("/privacy/no-account/code", "email=dana@example.net").await;
    for _ in 0..3 {
        sink.answers(SendError::Temporary { at: Step::Message, reply: reply() });
        room.round().await.unwrap();
        site.pass(SignedDuration::from_hours(1));
    }
    let left = site.register().count_items(Drawer::Mail).unwrap();
    assert_eq!(left, 0, "nor one that has expired");
}
