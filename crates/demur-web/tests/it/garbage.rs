//! Whatever is sent to whichever address: the answer may be no, but it is an answer.

use std::sync::LazyLock;

use axum::http::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use axum::http::{Method, Request, StatusCode};
use demur_core::objection::Scopes;
use demur_web::routes;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::console::{manual, objection, reviewer, submit};
use crate::support::{PURPOSE, Site, URL, moment};

/// What the forms of the site send.
const FIELDS: [&str; 31] = [
    "about",
    "account",
    "act",
    "ai_interactions",
    "at",
    "authority",
    "case",
    "code",
    "country",
    "court_route",
    "email",
    "ground",
    "grounds",
    "items",
    "lang",
    "leave",
    "message",
    "months",
    "name",
    "names",
    "narrowed",
    "password",
    "position",
    "public_content",
    "purpose",
    "q",
    "reasons",
    "records",
    "text",
    "third_party",
    "which",
];

/// What of all that exists stands where.
#[derive(Clone, Debug)]
enum Value {
    Text(String),
    /// One of the values that are right somewhere.
    Right(Index),
    /// The same, and something behind it.
    Nearly(Index, String),
}

#[derive(Clone, Debug)]
struct Shot {
    route: Index,
    who: Index,
    places: Vec<Value>,
    fields: Vec<(&'static str, Value)>,
    raw: Option<String>,
    kind: &'static str,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "\\PC{0,12}",
        2 => any::<Vec<char>>().prop_map(|all| all.into_iter().take(40).collect()),
        1 => "-?[0-9]{1,25}",
        1 => (1usize..4, "\\PC").prop_map(|(times, text)| text.repeat(times * 9_000)),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::Text),
        any::<Index>().prop_map(Value::Right),
        (any::<Index>(), text()).prop_map(|(index, text)| Value::Nearly(index, text)),
    ]
}

fn shot() -> impl Strategy<Value = Shot> {
    let fields = prop::collection::vec((select(FIELDS.to_vec()), value()), 0..6);
    let raw = prop::option::weighted(0.2, "[ -~]{0,60}");
    let kinds = vec![
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=latin1",
        "application/json",
        "multipart/form-data; boundary=x",
        "nonsense",
    ];
    let kind = prop_oneof![4 => Just(kinds[0]), 1 => select(kinds)];
    let places = prop::collection::vec(value(), 2);
    (any::<Index>(), any::<Index>(), places, fields, raw, kind).prop_map(
        |(route, who, places, fields, raw, kind)| Shot { route, who, places, fields, raw, kind },
    )
}

/// A site with something in it, and what is right there.
struct Target {
    site: Site,
    cookies: Vec<String>,
    right: Vec<String>,
}

impl Target {
    async fn new() -> Self {
        let site = Site::with(manual());
        let case = submit(&site, objection("bo", moment(0)));
        let reviewer = reviewer(&site, "Ada").await;
        let person = site.enter("bo").await;
        let code = site.post("/privacy/code", "email=bo%40example.org").await;
        let ticket = site.post("/privacy/no-account/code", "email=x%40example.org").await;
        let last = |address: &str| address.rsplit(['/', '=']).next().unwrap_or_default().to_owned();
        let token = last(&site.link("ana"));
        let right = [
            &case.to_string(),
            PURPOSE,
            "bo",
            "ana",
            &token,
            &last(code.leads_to()),
            &last(ticket.leads_to()),
            "1",
            "approve",
            "extend",
            "refuse",
            "confirm",
            "ticked",
            "all",
            "de",
            "DE",
            "items",
            "mentions",
            "own",
            "guardian",
            "x@example.org",
            &Scopes::OWN.to_string(),
        ];
        let right = right.iter().map(|text| (*text).to_owned()).collect();
        Target { site, cookies: vec![String::new(), person, reviewer], right }
    }

    fn write(&self, value: &Value) -> String {
        let right = |index: &Index| index.get(&self.right).clone();
        match value {
            Value::Text(text) => text.clone(),
            Value::Right(index) => right(index),
            Value::Nearly(index, text) => right(index) + text,
        }
    }

    /// Sends it; what came back, and where it went.
    async fn hit(&self, shot: &Shot) -> (StatusCode, String) {
        // Who signed out is nobody for all that follows.
        let all: Vec<_> = routes().into_iter().filter(|r| !r.path.ends_with("/sign-out")).collect();
        let route = shot.route.get(&all);
        let mut places = shot.places.iter();
        let path: Vec<String> = route
            .path
            .split('/')
            .map(|part| match part.starts_with('{') {
                // A path is not longer than a server reads.
                true => places.next().map_or("x".into(), |value| encode(&self.write(value), 400)),
                false => part.to_owned(),
            })
            .collect();
        let form = match &shot.raw {
            Some(raw) => raw.clone(),
            None => {
                let pair = |(name, value): &(&str, Value)| {
                    format!("{name}={}", encode(&self.write(value), 30_000))
                };
                shot.fields.iter().map(pair).collect::<Vec<_>>().join("&")
            }
        };
        let path = path.join("/");
        let mut request = Request::builder().method(route.method.clone());
        if route.method == Method::GET {
            let query: String =
                form.chars().filter(|c| !" <>\"`{}|\\^#".contains(*c)).take(4000).collect();
            request = request.uri(format!("{path}?{query}"));
        } else {
            request = request.uri(&path).header(CONTENT_TYPE, shot.kind).header(ORIGIN, URL);
        }
        let cookie = shot.who.get(&self.cookies);
        if !cookie.is_empty() {
            request = request.header(COOKIE, cookie);
        }
        (self.site.send(request, &form).await.status, format!("{} {path}", route.method))
    }
}

/// Percent-encoded, and cut where that grows too long.
fn encode(text: &str, longest: usize) -> String {
    let bytes = text.bytes().take(longest / 3);
    bytes.map(|byte| format!("%{byte:02X}")).collect()
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap());
static TARGET: LazyLock<Target> = LazyLock::new(|| RUNTIME.block_on(Target::new()));

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_one_that_was_meant(shot in shot()) {
        let (status, path) = RUNTIME.block_on(TARGET.hit(&shot));
        prop_assert!(status.as_u16() < 500, "{} answers {}", path, status);
    }

    /// The form for a code: whoever tries gets another try or is told to wait, and never in.
    #[test]
    fn no_form_without_the_code_opens_a_session(
        at in value(),
        code in value(),
        account in prop::option::of(value()),
    ) {
        let target = &*TARGET;
        let fields = [("at", Some(at)), ("code", Some(code)), ("account", account)];
        let form: Vec<String> = fields
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", encode(&target.write(value.as_ref()?), 600))))
            .collect();
        let answer = RUNTIME.block_on(target.site.post("/privacy/enter", &form.join("&")));
        prop_assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        prop_assert_eq!(answer.cookie(), None);
    }
}
