//! What recipients of data hear (Art. 19).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use demur_core::objection::Scopes;
use demur_core::purpose::{Purpose, Review, sample};
use demur_register::desk::Drawer;
use demur_register::event::{News, Source, What};
use demur_register::{CaseId, NewObjection, Refusal};
use demur_web::settings::{Recipient, Settings, Webhook};
use demur_web::webhooks::{self, signature};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::support::{PURPOSE, Site, id, moment};

const SECRET: &[u8] = b"a secret of two";
/// Longer than the longest wait after the first failure.
const SOON: SignedDuration = SignedDuration::from_secs(76);
/// Longer than the longest wait there is.
const DAYS: SignedDuration = SignedDuration::from_hours(31);

/// What a recipient got.
#[derive(Clone, Debug)]
pub struct Got {
    path: String,
    pub id: String,
    signature: String,
    content: String,
    body: Vec<u8>,
}

impl Got {
    pub fn said(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn event(&self) -> String {
        self.said()["event"].as_str().unwrap().to_owned()
    }
}

/// A recipient: it keeps what it gets, and answers as it was told to.
#[derive(Clone)]
struct Server {
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
    /// Whether it takes what comes and says nothing.
    is_silent: Arc<AtomicBool>,
    tell: mpsc::UnboundedSender<()>,
}

impl Server {
    fn new(tell: mpsc::UnboundedSender<()>) -> Self {
        let (got, answers, is_silent) = Default::default();
        Server { got, answers, is_silent, tell }
    }
}

/// A recipient and where it is.
pub struct Partner {
    server: Server,
    url: String,
    pub heard: mpsc::UnboundedReceiver<()>,
}

impl Partner {
    pub async fn new() -> Self {
        let (tell, heard) = mpsc::unbounded_channel();
        let server = Server::new(tell);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/demur?token=t0k3n", listener.local_addr().unwrap());
        let router = axum::Router::new().fallback(take).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Partner { server, url, heard }
    }

    /// How the next messages are answered; those after them are taken.
    fn answer(&self, answers: impl IntoIterator<Item = u16>) {
        let answers = answers.into_iter().map(|status| StatusCode::from_u16(status).unwrap());
        *self.server.answers.lock().unwrap() = answers.collect();
    }

    /// From now on it answers, or does not.
    pub fn be_silent(&self, is_silent: bool) {
        self.server.is_silent.store(is_silent, Ordering::SeqCst);
    }

    pub fn got(&self) -> Vec<Got> {
        self.server.got.lock().unwrap().clone()
    }

    /// The events of all that it got.
    fn events(&self) -> Vec<String> {
        self.got().iter().map(Got::event).collect()
    }

    /// A site that passes data on to it.
    pub fn site(&self) -> Site {
        self.site_of(Purpose { review: Review::Manual, ..sample() })
    }

    fn site_of(&self, purpose: Purpose) -> Site {
        Site::set_up(purpose, |settings| Settings {
            recipients: vec![recipient("partner", Some(&self.url))],
            ..settings
        })
    }
}

async fn take(State(server): State<Server>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let got = Got {
        path: uri.to_string(),
        id: header("demur-delivery"),
        signature: header("demur-signature"),
        content: headers[CONTENT_TYPE].to_str().unwrap().to_owned(),
        body: body.to_vec(),
    };
    server.got.lock().unwrap().push(got);
    let status = server.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::NO_CONTENT);
    let _ = server.tell.send(());
    if server.is_silent.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    (status, [(LOCATION, "/elsewhere")]).into_response()
}

fn recipient(id: &str, url: Option<&str>) -> Recipient {
    Recipient {
        id: id.into(),
        name: format!("{id} Ltd"),
        purposes: Vec::new(),
        webhook: url.map(|url| Webhook { url: url.into(), secret: SECRET.into() }),
    }
}

pub async fn round(site: &Site) {
    webhooks::round(&site.app).await.unwrap();
}

/// The site a while later, with everything told that is due then.
async fn later(site: &Site, time: SignedDuration) {
    // The site's clock goes by minutes.
    site.pass(time + SignedDuration::from_mins(1));
    round(site).await;
}

async fn object(site: &Site, account: &str) -> CaseId {
    site.post(&site.link(account), "").await;
    let cases = site.cases();
    cases.iter().rfind(|case| case.account == Some(id(account))).unwrap().case
}

fn refusal() -> Refusal {
    Refusal {
        by: "Ada".into(),
        grounds: "safety".into(),
        authority: "an authority".into(),
        court_route: "a court".into(),
        ground: None,
    }
}

/// What the register says a case's recipients were told.
pub fn told(site: &Site, case: CaseId) -> Vec<(String, News)> {
    let history = site.register().case(&case).unwrap().unwrap().history;
    let told = history.into_iter().filter_map(|entry| match entry.what {
        What::RecipientTold { recipient, news, .. } => Some((recipient, news)),
        _ => None,
    });
    told.collect()
}

fn waiting(site: &Site) -> (u64, u64) {
    let register = site.register();
    let count = |drawer| register.count_items(drawer).unwrap();
    (count(Drawer::Delivery), count(Drawer::Undeliverable))
}

#[tokio::test]
async fn a_recipient_hears_of_a_restriction_in_a_signed_message() {
    let partner = Partner::new().await;
    let site = partner.site();
    let case = object(&site, "bo").await;
    round(&site).await;
    let got = partner.got();
    assert_eq!(got.len(), 1);
    let message = &got[0];
    assert_eq!(
        message.said(),
        json!({
            "id": message.id, "occurred_at": moment(0).to_string(), "event": "restricted",
            "purpose": PURPOSE, "case": case.to_string(), "account": "bo",
            "scopes": ["public_content", "ai_interactions"],
        })
    );
    assert_eq!(message.signature, signature(SECRET, moment(0), &message.body));
    assert_eq!(message.content, "application/json");
    assert_eq!(message.path, "/demur?token=t0k3n");
    assert_eq!(told(&site, case), [("partner".to_owned(), News::Restricted)]);
    assert_eq!(waiting(&site), (0, 0));
    round(&site).await;
    assert_eq!(partner.got().len(), 1, "nobody hears anything twice");
}

#[tokio::test]
async fn every_turn_of_a_case_is_told_in_order() {
    let partner = Partner::new().await;
    let site = partner.site();
    let case = object(&site, "bo").await;
    let mut register = site.register();
    register.approve(&case, "Ada", moment(1)).unwrap();
    register.withdraw(&case, moment(2)).unwrap();
    register.reopen(&case, demur_register::event::By::Person, None, moment(3)).unwrap();
    register.refuse(&case, &refusal(), moment(4)).unwrap();
    round(&site).await;
    assert_eq!(partner.events(), ["restricted", "erased", "lifted", "restricted", "lifted"]);
    let mut moments: Vec<Value> =
        partner.got().iter().map(|got| got.said()["occurred_at"].clone()).collect();
    moments.dedup();
    assert_eq!(moments.len(), 5);
    assert_eq!(told(&site, case).len(), 5);
}

#[tokio::test]
async fn what_a_rule_approves_at_once_is_told_once() {
    let partner = Partner::new().await;
    let site = partner.site_of(sample());
    object(&site, "bo").await;
    round(&site).await;
    assert_eq!(partner.events(), ["erased"]);
}

#[tokio::test]
async fn it_does_not_matter_how_an_objection_came_in() {
    let partner = Partner::new().await;
    let site = partner.site();
    let record = NewObjection {
        account: None,
        record: Some(demur_core::id::RecordId("post-7".into())),
        purpose: PURPOSE.into(),
        scopes: Scopes::NONE,
        received_at: moment(0),
        grounds: None,
        contact: None,
        source: Source::CommandLine,
    };
    site.register().submit(record, moment(0)).unwrap();
    round(&site).await;
    let said = partner.got()[0].said();
    assert_eq!((&said["record"], said.get("account")), (&json!("post-7"), None));
    assert_eq!(said["scopes"], json!([]));
}

#[tokio::test]
async fn what_was_not_taken_is_tried_again_and_says_the_same() {
    let partner = Partner::new().await;
    let site = partner.site();
    partner.answer([500, 302]);
    let case = object(&site, "bo").await;
    round(&site).await;
    round(&site).await;
    assert_eq!(partner.got().len(), 1, "not before its time");
    assert!(told(&site, case).is_empty());
    later(&site, SOON).await;
    assert_eq!(partner.got().len(), 2, "a redirect is not followed, and is no answer");
    later(&site, SOON + SOON).await;
    let got = partner.got();
    assert_eq!(got.len(), 3);
    assert!(got.iter().all(|one| one.id == got[0].id && one.body == got[0].body));
    assert_ne!(got[0].signature, got[2].signature, "it is signed for the moment");
    assert_eq!(told(&site, case).len(), 1);
    assert_eq!(waiting(&site), (0, 0));
}

#[tokio::test]
async fn one_case_holds_up_itself_and_no_other() {
    let partner = Partner::new().await;
    let site = partner.site();
    partner.answer([400]);
    let stuck = object(&site, "bo").await;
    round(&site).await;
    site.register().withdraw(&stuck, moment(0)).unwrap();
    object(&site, "cy").await;
    round(&site).await;
    let of = |partner: &Partner, account: &str| -> Vec<String> {
        let got = partner.got();
        got.iter().filter(|got| got.said()["account"] == account).map(Got::event).collect()
    };
    assert_eq!(of(&partner, "cy"), ["restricted"]);
    assert_eq!(of(&partner, "bo"), ["restricted"], "its withdrawal waits behind it");
    later(&site, SOON).await;
    assert_eq!(of(&partner, "bo"), ["restricted", "restricted", "lifted"]);
}

#[tokio::test]
async fn who_cannot_be_reached_is_told_everything_once_they_can() {
    let partner = Partner::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let gone = format!("http://{address}/");
    let site = Site::set_up(Purpose { review: Review::Manual, ..sample() }, |settings| Settings {
        recipients: vec![recipient("gone", Some(&gone)), recipient("partner", Some(&partner.url))],
        ..settings
    });
    for n in 0..40 {
        object(&site, &format!("user-{n}")).await;
    }
    round(&site).await;
    assert_eq!(partner.got().len(), 40, "the other one hears of all");
    let tried = webhooks::backlog(&site.register()).unwrap();
    assert_eq!(tried.len(), 40);
    let tried = tried.iter().filter(|waiting| waiting.attempts > 0).count();
    assert!((1..=8).contains(&tried), "{tried} were tried in vain, and the rest kept back");

    let (tell, _heard) = mpsc::unbounded_channel();
    let server = Server::new(tell);
    let back = TcpListener::bind(address).await.unwrap();
    let router = axum::Router::new().fallback(take).with_state(server.clone());
    tokio::spawn(async move { axum::serve(back, router).await.unwrap() });
    later(&site, SOON).await;
    assert_eq!(server.got.lock().unwrap().len(), 40);
    assert_eq!(waiting(&site), (0, 0));
}

#[tokio::test]
async fn what_is_given_up_is_kept_listed_and_tried_anew_on_demand() {
    let partner = Partner::new().await;
    let site = partner.site();
    partner.answer([503; 12]);
    let case = object(&site, "bo").await;
    round(&site).await;
    for _ in 0..11 {
        assert_eq!(waiting(&site), (1, 0));
        later(&site, DAYS).await;
    }
    assert_eq!((partner.got().len(), waiting(&site)), (12, (0, 1)));
    later(&site, DAYS).await;
    assert_eq!(partner.got().len(), 12);

    let listed = webhooks::backlog(&site.register()).unwrap();
    assert_eq!(listed.len(), 1);
    let one = &listed[0];
    assert_eq!((one.case, one.news.as_slice()), (case, [News::Restricted].as_slice()));
    assert_eq!((one.recipient.as_str(), one.attempts, one.given_up), ("partner", 12, true));
    assert_eq!(one.why.as_deref(), Some("it answered 503"));

    let mut register = site.register();
    let now = site.app.now();
    assert_eq!(webhooks::replay(&mut register, Some("other"), now).unwrap(), 0);
    assert_eq!(webhooks::replay(&mut register, Some("partner"), now).unwrap(), 1);
    assert_eq!(webhooks::replay(&mut register, None, now).unwrap(), 0);
    round(&site).await;
    let got = partner.got();
    assert_eq!((got.len(), waiting(&site)), (13, (0, 0)));
    assert_eq!(got[12].id, got[0].id);
    assert_eq!(told(&site, case).len(), 1);
}

#[tokio::test]
async fn what_was_given_up_goes_ahead_of_what_comes_later() {
    let partner = Partner::new().await;
    let site = partner.site();
    partner.answer([503; 12]);
    let case = object(&site, "bo").await;
    round(&site).await;
    for _ in 0..11 {
        later(&site, DAYS).await;
    }
    assert_eq!(waiting(&site), (0, 1));
    site.register().approve(&case, "Ada", site.app.now()).unwrap();
    round(&site).await;
    assert_eq!(partner.events()[12..], ["restricted", "erased"]);
    assert_eq!(waiting(&site), (0, 0));
}

#[tokio::test]
async fn recipients_hear_of_the_purposes_whose_data_they_get() {
    let partner = Partner::new().await;
    let other = Partner::new().await;
    let site = Site::set_up(Purpose { review: Review::Manual, ..sample() }, |settings| Settings {
        recipients: vec![
            Recipient { purposes: vec!["ads".into()], ..recipient("ads-only", Some(&other.url)) },
            Recipient {
                purposes: vec![PURPOSE.into()],
                ..recipient("partner", Some(&partner.url))
            },
            recipient("by-post", None),
        ],
        ..settings
    });
    object(&site, "bo").await;
    round(&site).await;
    assert_eq!((partner.got().len(), other.got().len()), (1, 0));
}

#[tokio::test]
async fn of_someone_who_was_erased_nothing_is_told() {
    let partner = Partner::new().await;
    let site = partner.site();
    partner.answer([500, 500]);
    object(&site, "bo").await;
    round(&site).await;
    object(&site, "cy").await;
    let mut register = site.register();
    for account in ["bo", "cy"] {
        register.erase_account(&id(account), moment(1)).unwrap();
    }
    later(&site, DAYS).await;
    assert_eq!(partner.events(), ["restricted"], "only what was sent before");
    assert_eq!(waiting(&site), (0, 0));
}

#[tokio::test]
async fn many_cases_are_each_told_once() {
    let partner = Partner::new().await;
    let site = partner.site();
    let rows: Vec<_> = (0..700)
        .map(|n| demur_register::ObjectionRow {
            line: n,
            account: Some(id(&format!("user-{n}"))),
            record: None,
            purpose: PURPOSE.into(),
            scopes: Scopes::OWN,
            status: demur_core::objection::Status::Approved,
            received_at: moment(0),
            reason: None,
        })
        .collect();
    site.register().import_objections(&rows, moment(0), &mut |_| {}).unwrap();
    round(&site).await;
    let mut accounts: Vec<String> =
        partner.got().iter().map(|got| got.said()["account"].to_string()).collect();
    accounts.sort();
    accounts.dedup();
    assert_eq!((partner.got().len(), accounts.len(), waiting(&site)), (700, 700, (0, 0)));
}

#[tokio::test]
async fn the_worker_tells_what_happens_while_it_runs_and_stops_when_asked() {
    let mut partner = Partner::new().await;
    let site = partner.site();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(webhooks::run(Arc::clone(&site.app), async { drop(stopped.await) }));
    object(&site, "bo").await;
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, partner.heard.recv()).await.unwrap().unwrap();
    object(&site, "cy").await;
    tokio::time::timeout(patience, partner.heard.recv()).await.unwrap().unwrap();
    drop(stop);
    tokio::time::timeout(patience, worker).await.unwrap().unwrap().unwrap();
    assert_eq!(partner.events(), ["restricted", "restricted"]);
    assert_eq!(waiting(&site), (0, 0), "what was begun was finished");
}

#[test]
fn the_documented_signature_is_right() {
    let text = include_str!("../../../../docs/webhooks.md");
    let of = |name: &str| {
        let start = format!("{name} = \"");
        let line = text.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("{name}")).trim_end_matches('"').replace("\\\"", "\"")
    };
    let (header, at) = (of("header"), of("signed_at"));
    let at: Timestamp = at.parse().unwrap();
    assert_eq!(header, signature(of("secret").as_bytes(), at, of("body").as_bytes()));
}
