//! Two processes on one register, one of which may die at any moment: what must happen once does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::StatusCode;
use demur_core::objection::Status;
use demur_notice::mail::Mail;
use demur_notice::post::{Post, SendError};
use demur_register::desk::Drawer;
use demur_register::event::{News, What};
use demur_register::{CaseFilter, CaseId};
use demur_web::post_room::{PostRoom, Round};
use demur_web::settings::Settings;
use demur_web::{acts, clocks};
use jiff::SignedDuration;
use tokio::sync::mpsc;

use crate::console::{PASSWORD, days_ago, encoded, fields, manual, message, objection, submit};
use crate::console::{case, reviewer};
use crate::post_room::{Sink, room};
use crate::support::{Site, id, mailing};
use crate::webhooks::{Partner, round, told};

/// Longer than a lease lasts.
const LAPSED: SignedDuration = SignedDuration::from_mins(1);

/// A way on which the process stops dead, with a mail handed over and nothing noted.
struct Hanging {
    sink: Sink,
    /// How many it hands over before.
    first: usize,
    hangs: mpsc::UnboundedSender<()>,
    go: std::sync::mpsc::Receiver<()>,
}

impl Post for Hanging {
    fn send(&mut self, mail: &Mail) -> Result<(), SendError> {
        self.sink.send(mail)?;
        if self.sink.sent().len() > self.first && self.hangs.send(()).is_ok() {
            // Whoever waits for this has died, or says when it goes on.
            let _ = self.go.recv();
        }
        Ok(())
    }
}

/// A post room that hangs after so many mails, what tells that it does, and what lets it go on.
fn hanging(
    site: &Site,
    sink: &Sink,
    first: usize,
) -> (PostRoom, mpsc::UnboundedReceiver<()>, std::sync::mpsc::Sender<()>) {
    let (hangs, hung) = mpsc::unbounded_channel();
    let (let_go, go) = std::sync::mpsc::channel();
    let post = Hanging { sink: sink.clone(), first, hangs, go };
    (PostRoom::new(Arc::clone(&site.app), Box::new(post)), hung, let_go)
}

fn with_letters(count: usize) -> Site {
    let site = Site::set_up(manual(), mailing);
    for n in 0..count {
        submit(&site, message(&format!("p{n}@example.org"), "my photos", site.app.now()));
    }
    assert_eq!(letters(&site), count as u64);
    site
}

fn letters(site: &Site) -> u64 {
    site.register().count_items(Drawer::Letter).unwrap()
}

/// Every case has one letter in the log, and the log is sound.
fn each_letter_is_noted_once(site: &Site, count: usize) {
    let (cases, register) = (site.cases(), site.register());
    assert_eq!(cases.len(), count);
    for summary in cases {
        let history = register.case(&summary.case).unwrap().unwrap().history;
        let sent = history.iter().filter(|entry| matches!(entry.what, What::LetterSent { .. }));
        assert_eq!(sent.count(), 1);
    }
    assert!(register.verify().unwrap().is_sound());
}

fn ids(sinks: &[&Sink]) -> Vec<String> {
    sinks.iter().flat_map(|sink| sink.sent()).map(|mail| mail.id).collect()
}

fn distinct(ids: &[String]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_post_rooms_send_each_letter_once() {
    let site = with_letters(200);
    let other = site.beside();
    let sinks = [Sink::default(), Sink::default()];
    let work = |site: &Site, sink: &Sink| {
        let (room, registry) = (room(site, sink), site.app.registry.clone());
        let left = move || {
            let registry = registry.clone();
            async move { registry.read(|register| register.count_items(Drawer::Letter)).await }
        };
        async move {
            while left().await.unwrap() > 0 {
                room.round().await.unwrap();
            }
        }
    };
    let (one, two) =
        tokio::join!(tokio::spawn(work(&site, &sinks[0])), tokio::spawn(work(&other, &sinks[1])));
    one.and(two).unwrap();
    let ids = ids(&[&sinks[0], &sinks[1]]);
    assert_eq!((ids.len(), distinct(&ids)), (200, 200));
    each_letter_is_noted_once(&site, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_post_room_held_when_it_died_another_sends() {
    let site = with_letters(9);
    let other = site.beside();
    let (first, second) = (Sink::default(), Sink::default());
    let (dying, mut hung, _go) = hanging(&other, &first, 2);
    let dying = tokio::spawn(async move { dying.round().await });
    hung.recv().await.unwrap();
    // The third was handed over. What became of the two before it is noted by and by.
    while letters(&site) > 7 {
        tokio::task::yield_now().await;
    }
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    drop(other);

    let living = room(&site, &second);
    assert_eq!(living.round().await.unwrap(), Round::default(), "they are in other hands");
    site.pass(LAPSED);
    assert_eq!(living.round().await.unwrap(), Round { sent: 7, ..Round::default() });
    assert_eq!((first.sent().len(), second.sent().len(), letters(&site)), (3, 7, 0));
    // Only the one that was handed over and not noted came twice, and as one.
    let (before, after) = (ids(&[&first]), ids(&[&second]));
    assert!(after.contains(&before[2]) && !after.contains(&before[0]));
    assert_eq!(distinct(&ids(&[&first, &second])), 9);
    each_letter_is_noted_once(&site, 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_room_that_was_stopped_for_long_notes_nothing_that_another_noted() {
    let site = with_letters(2);
    let other = site.beside();
    let (first, second) = (Sink::default(), Sink::default());
    let (slow, mut hung, go) = hanging(&other, &first, 0);
    let slow = tokio::spawn(async move { slow.round().await });
    hung.recv().await.unwrap();
    site.pass(LAPSED);
    assert_eq!(room(&site, &second).round().await.unwrap(), Round { sent: 2, ..Round::default() });
    each_letter_is_noted_once(&site, 2);
    let size = site.register().size().unwrap();
    drop((go, hung));
    slow.await.unwrap().unwrap();
    assert_eq!(site.register().size().unwrap(), size);
    assert_eq!(distinct(&ids(&[&first, &second])), 2);
    each_letter_is_noted_once(&site, 2);
}

#[tokio::test]
async fn what_is_not_tried_on_a_broken_way_is_another_ones_at_once() {
    let site = with_letters(3);
    let other = site.beside();
    let (broken, whole) = (Sink::default(), Sink::default());
    broken.answers(SendError::Connection {
        server: "mx.example.net".into(),
        problem: "no connection".into(),
    });
    let round = room(&other, &broken).round().await.unwrap();
    assert!(round.is_broken && round.put_back == 1);
    assert_eq!(room(&site, &whole).round().await.unwrap(), Round { sent: 2, ..Round::default() });
}

/// What came of each case at a recipient, in the order of arrival; each message once.
fn heard(partner: &Partner) -> BTreeMap<CaseId, Vec<String>> {
    let got = partner.got();
    let ids: BTreeSet<&str> = got.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(ids.len(), got.len(), "nobody hears anything twice");
    let mut heard: BTreeMap<CaseId, Vec<String>> = BTreeMap::new();
    for message in &got {
        let case = message.said()["case"].as_str().unwrap().parse().unwrap();
        heard.entry(case).or_default().push(message.event());
    }
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_tell_a_recipient_everything_once_and_in_order() {
    let partner = Partner::new().await;
    let site = partner.site();
    let other = site.beside();
    let now = site.app.now();
    let cases: Vec<CaseId> =
        (0..40).map(|n| submit(&site, objection(&format!("user-{n}"), now))).collect();
    for (n, case) in cases.iter().enumerate() {
        tokio::join!(round(&site), round(&other));
        let about = id(&format!("user-{n}"));
        site.register().act(now, |act| acts::withdraw(act, *case, Some(&about))).unwrap();
    }
    tokio::join!(round(&site), round(&other));
    let heard = heard(&partner);
    assert_eq!(heard.len(), cases.len());
    assert!(heard.values().all(|events| events == &["restricted", "lifted"]));
    for case in cases {
        assert_eq!(told(&site, case).len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_nobody_noted_comes_again_as_the_same() {
    let mut partner = Partner::new().await;
    let site = partner.site();
    let other = site.beside();
    let case = submit(&site, objection("bo", site.app.now()));
    partner.be_silent(true);
    let dying = Arc::clone(&other.app);
    let dying = tokio::spawn(async move { demur_web::webhooks::round(&dying).await });
    partner.heard.recv().await.unwrap();
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    drop(other);
    partner.be_silent(false);

    round(&site).await;
    assert_eq!(partner.got().len(), 1, "another has it in hand");
    site.pass(LAPSED);
    round(&site).await;
    let got = partner.got();
    assert_eq!((got.len(), &got[0].id), (2, &got[1].id));
    assert_eq!(told(&site, case), [("partner".to_owned(), News::Restricted)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_one_reminds() {
    let site = Site::set_up(manual(), |settings| Settings {
        reminders: vec!["ann@platform.example".into()],
        ..mailing(settings)
    });
    let other = site.beside();
    submit(&site, objection("ana", days_ago(&site, 60)));
    for day in 1..=5 {
        let (one, two) = tokio::join!(clocks::remind(&site.app), clocks::remind(&other.app));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(site.register().count_items(Drawer::Mail).unwrap(), day);
        site.pass(SignedDuration::from_hours(24));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bulk_approval_is_done_once_by_whoever_is_there() {
    const MANY: usize = 500;
    let site = Site::new();
    let other = site.beside();
    let cookie = reviewer(&site, "Ann").await;
    let now = site.app.now();
    let mut register = site.register();
    let mut batch = register.batch().unwrap();
    for n in 0..MANY {
        batch.act(now, |act| acts::submit(act, objection(&format!("user-{n}"), now))).unwrap();
    }
    batch.commit().unwrap();
    let asked = site.post_as(&cookie, "/console/bulk", "which=all").await;
    let form = fields(&asked, "/console/bulk/start");
    let job = form.split('&').find_map(|field| field.strip_prefix("id=")).unwrap().to_owned();

    // One who had begun on it has died.
    let lease = format!("bulk approval {job}");
    let until = now + SignedDuration::from_secs(30);
    let dead = other.app.registry.act(move |act| act.lease(&lease, until)).await.unwrap();
    assert!(dead.is_some());
    let begun = site.post_as(&cookie, "/console/bulk/start", &form).await;
    for site in [&site, &other] {
        demur_web::resume_bulk(Arc::clone(&site.app)).await.unwrap();
    }
    site.pass(LAPSED);
    let page = loop {
        for site in [&site, &other] {
            demur_web::resume_bulk(Arc::clone(&site.app)).await.unwrap();
        }
        let page = site.get_as(&cookie, begun.leads_to()).await;
        if !page.says("Look again") {
            break page;
        }
    };
    assert!(page.says("<dd>500</dd>") && !page.says("decided meanwhile"), "{}", page.body);
    let cases = site.register().cases(&CaseFilter::default(), 10_000).unwrap();
    assert!(cases.iter().all(|case| case.status == Status::Approved));
    // A receipt and an approval each.
    assert_eq!(letters(&site), 2 * MANY as u64);
    let approvals = case(&site, cases[7].case).history;
    assert_eq!(approvals.iter().filter(|entry| entry.what.status().is_some()).count(), 2);
}

#[tokio::test]
async fn a_limit_is_the_same_however_many_servers_there_are() {
    let site = Site::new();
    let other = site.beside();
    reviewer(&site, "Ann").await;
    // One attempt was the right one.
    let wrong = format!("name=Ann&password={}", encoded("not that one"));
    for n in 1..10 {
        let answer = [&site, &other][n % 2].post("/console/sign-in", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{n}");
    }
    let right = format!("name=Ann&password={}", encoded(PASSWORD));
    for site in [&site, &other] {
        let answer = site.post("/console/sign-in", &right).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "the right one waits as well");
    }
    site.pass(SignedDuration::from_mins(1));
    let answer = other.post("/console/sign-in", &right).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}
