//! A small platform with its site, and a browser of sorts.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use demur_core::id::AccountId;
use demur_core::purpose::{Purpose, Review, sample};
use demur_notice::Language;
use demur_register::{
    Case, CaseFilter, CaseId, CaseSummary, KeySource, Link, LinkKind, Options, Register,
    RegisterUrl, SeededEntropy,
};
use demur_web::directory::{Directory, Person};
use demur_web::registry::Registry;
use demur_web::settings::{
    MailSettings, PurposeSettings, PurposeText, SMALL_COUNTS, Settings, Times,
};
use demur_web::{App, Clock};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tower::ServiceExt;

/// The purpose of every test.
pub const PURPOSE: &str = "assistant-training";
/// Where the site says it is.
pub const URL: &str = "https://privacy.example";

/// Ana has two accounts and reads Spanish; Bo has one and no language; Cy has no address; Dee and Eli
/// share one.
pub struct People;

pub fn id(text: &str) -> AccountId {
    AccountId::Text(text.into())
}

impl Directory for People {
    fn person(&self, account: &AccountId) -> Option<Person> {
        let (accounts, email, language, country): (&[&str], _, _, _) =
            match account.to_string().as_str() {
                "ana" | "ana-work" => {
                    (&["ana", "ana-work"], Some("ana@example.org"), Some("es"), Some("ES"))
                }
                "bo" => (&["bo"], Some("bo@example.org"), None, Some("DE")),
                "cy" => (&["cy"], None, Some("de"), None),
                "dee" => (&["dee"], Some("family@example.org"), None, None),
                "eli" => (&["eli"], Some("family@example.org"), None, None),
                _ => return None,
            };
        Some(Person {
            account: account.clone(),
            accounts: accounts.iter().copied().map(id).collect(),
            email: email.map(str::to_owned),
            language: language.and_then(Language::from_locale),
            country: country.map(str::to_owned),
        })
    }

    fn with_email(&self, email: &str) -> Vec<AccountId> {
        match email.to_lowercase().as_str() {
            "ana@example.org" => vec![id("ana"), id("ana-work")],
            "bo@example.org" => vec![id("bo")],
            "family@example.org" => vec![id("dee"), id("eli")],
            _ => Vec::new(),
        }
    }

    fn parse(&self, text: &str) -> Option<AccountId> {
        Some(id(text))
    }
}

/// Settings under which mails can be sent.
pub fn mailing(settings: Settings) -> Settings {
    let (from_name, from_address) = ("Example Platform".into(), "privacy@platform.example".into());
    Settings { mail: Some(MailSettings { from_name, from_address }), ..settings }
}

/// A site with its register in a folder of its own.
pub struct Site {
    pub dir: Arc<TempDir>,
    pub app: Arc<App>,
    router: Router,
    minutes: Arc<AtomicI64>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Whether the page says this somewhere.
    pub fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// Where it sends the browser.
    pub fn leads_to(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that it sets, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let value = self.headers.get(SET_COOKIE)?.to_str().unwrap();
        Some(value.split(';').next().unwrap().to_owned())
    }

    /// The first address in the page that begins like this.
    pub fn address(&self, start: &str) -> Option<String> {
        let at = self.body.find(&format!("\"{start}"))? + 1;
        let end = self.body[at..].find('"')?;
        Some(self.body[at..at + end].replace("&amp;", "&"))
    }
}

impl Site {
    /// A site whose purpose is reviewed by people.
    pub fn new() -> Self {
        Site::with(Purpose { review: Review::Manual, ..sample() })
    }

    /// A site for this purpose.
    pub fn with(purpose: Purpose) -> Self {
        Site::set_up(purpose, |settings| settings)
    }

    /// A site with other settings.
    pub fn set_up(purpose: Purpose, change: impl FnOnce(Settings) -> Settings) -> Self {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let minutes = Arc::new(AtomicI64::new(0));
        let clock: Clock = {
            let minutes = Arc::clone(&minutes);
            Arc::new(move || moment(minutes.load(Ordering::SeqCst)))
        };
        let mut writer = register(&dir, 1);
        writer.record_purpose(&purpose, moment(0)).unwrap();
        let readers = vec![register(&dir, 2), register(&dir, 3)];
        let links = writer.links();
        let registry = Registry::start(writer, readers, Arc::clone(&clock));
        let title = purpose.title.clone();
        let settings = change(Settings {
            url: URL.into(),
            contact: "privacy@platform.example".into(),
            proxies: 0,
            purposes: vec![PurposeSettings {
                purpose,
                text: PurposeText { title, ..PurposeText::default() },
                texts: std::collections::HashMap::new(),
            }],
            recipients: Vec::new(),
            record_url: None,
            mail: None,
            reminders: Vec::new(),
            times: Times::default(),
            oidc_people: None,
            oidc_staff: None,
            small_counts: SMALL_COUNTS,
        });
        let app = Arc::new(App::new(settings, Arc::new(People), registry, links, clock));
        let router = demur_web::router(Arc::clone(&app));
        Site { dir, app, router, minutes }
    }

    /// The same site, started anew with other settings.
    pub fn reopen(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.app.settings.clone();
        change(&mut settings);
        let clock = Arc::clone(&self.app.clock);
        let (dir, minutes) = (self.dir, self.minutes);
        let readers = vec![register(&dir, 12)];
        let registry = Registry::start(register(&dir, 11), readers, Arc::clone(&clock));
        let links = self.app.links.clone();
        let app = Arc::new(App::new(settings, Arc::new(People), registry, links, clock));
        let router = demur_web::router(Arc::clone(&app));
        Site { dir, app, router, minutes }
    }

    /// Another process on the same register, at the same time and with the same settings.
    pub fn beside(&self) -> Self {
        let clock = Arc::clone(&self.app.clock);
        let readers = vec![self.register()];
        let registry = Registry::start(self.register(), readers, Arc::clone(&clock));
        let (settings, links) = (self.app.settings.clone(), self.app.links.clone());
        let app = Arc::new(App::new(settings, Arc::new(People), registry, links, clock));
        let router = demur_web::router(Arc::clone(&app));
        Site { dir: Arc::clone(&self.dir), app, router, minutes: Arc::clone(&self.minutes) }
    }

    /// Lets time pass.
    pub fn pass(&self, time: SignedDuration) {
        self.minutes.fetch_add(time.as_mins(), Ordering::SeqCst);
    }

    /// The register, to look at what really happened.
    pub fn register(&self) -> Register {
        // Each draws numbers of its own, so that two never give a case the same one.
        static NEXT: AtomicU64 = AtomicU64::new(100);
        register(&self.dir, NEXT.fetch_add(1, Ordering::SeqCst))
    }

    /// Every case there is.
    pub fn cases(&self) -> Vec<CaseSummary> {
        self.register().cases(&CaseFilter::default(), 1000).unwrap()
    }

    /// The only case there is.
    pub fn only_case(&self) -> Case {
        let cases = self.cases();
        assert_eq!(cases.len(), 1, "{cases:?}");
        self.register().case(&cases[0].case).unwrap().unwrap()
    }

    /// The number of the only case that an account has, of those that name a record or of the others.
    pub fn only_case_of(&self, account: &str, names_record: bool) -> CaseId {
        let is_meant =
            |c: &CaseSummary| c.account == Some(id(account)) && c.names_record == names_record;
        let cases: Vec<_> = self.cases().into_iter().filter(is_meant).collect();
        assert_eq!(cases.len(), 1, "{cases:?}");
        cases[0].case
    }

    /// The direct link of an account, as a notice carries it.
    pub fn link(&self, account: &str) -> String {
        let link = Link {
            kind: LinkKind::Object { account: id(account), purpose: PURPOSE.into() },
            issued_at: moment(0),
            expires_at: moment(60 * 24 * 400),
        };
        format!("/o/{}", self.app.links.seal(&link))
    }

    /// Signs a person in by their link and returns the cookie.
    pub async fn enter(&self, account: &str) -> String {
        let answer = self.post(&format!("{}/privacy", self.link(account)), "").await;
        assert_eq!((answer.status, answer.leads_to()), (StatusCode::SEE_OTHER, "/privacy"));
        answer.cookie().unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), "").await
    }

    /// Looks at a page with a session's cookie.
    pub async fn get_as(&self, cookie: &str, path: &str) -> Answer {
        self.send(Request::get(path).header(COOKIE, cookie), "").await
    }

    /// Sends a form of this site.
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        self.send(own_form(path), form).await
    }

    /// Sends a form of this site with a session's cookie.
    pub async fn post_as(&self, cookie: &str, path: &str, form: &str) -> Answer {
        self.send(own_form(path).header(COOKIE, cookie), form).await
    }

    /// Sends any request.
    pub async fn send(&self, request: axum::http::request::Builder, body: &str) -> Answer {
        let request =
            request.header(HOST, "privacy.example").body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

fn own_form(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(ORIGIN, URL)
}

/// Minutes after the site began, two weeks before the sample purpose starts.
pub fn moment(minutes: i64) -> Timestamp {
    let start: Timestamp = "2025-05-12T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

/// The register of that folder; of two with the same seed, both draw the same.
pub fn register(dir: &TempDir, seed: u64) -> Register {
    let options = Options {
        url: RegisterUrl::File(dir.path().join("demur.db")),
        key: KeySource::Hex("31".repeat(32)),
        origin: Options::DEFAULT_ORIGIN.into(),
    };
    Register::open(options, Box::new(SeededEntropy::new(seed)), moment(0)).unwrap()
}
