//! The case page, by both ways that lead to it.

use axum::http::StatusCode;
use demur_core::deadline;
use demur_core::objection::{Scope, Scopes, Status};
use demur_core::purpose::{Purpose, Review, sample};
use demur_notice::{Language, format};
use demur_register::checkpoint::verify_checkpoint;
use demur_register::event::{By, Contact, News, Route, Source, What};
use demur_register::merkle::verify_inclusion;
use demur_register::{Act, CaseId, Hash, Link, LinkKind, NewObjection, Receipt, Refusal};
use demur_web::acts;
use demur_web::settings::{Recipient, Settings};
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::post_room::{Sink, room};
use crate::sets::{build, purge, retract, run};
use crate::support::{PURPOSE, Site, id, mailing, moment};

fn manual() -> Purpose {
    Purpose { review: Review::Manual, ..sample() }
}

/// The personal address of a case's page.
fn page(site: &Site, case: CaseId) -> String {
    let link = Link {
        kind: LinkKind::Case(case),
        issued_at: moment(0),
        expires_at: moment(60 * 24 * 400),
    };
    format!("/c/{}", site.app.links.seal(&link))
}

/// Objects for an account and returns the case.
async fn objected(site: &Site, account: &str) -> CaseId {
    site.post(&site.link(account), "").await;
    site.only_case_of(account, false)
}

fn act<T>(
    site: &Site,
    act: impl FnOnce(&mut Act<'_, '_>) -> Result<T, demur_register::Error>,
) -> T {
    site.register().act(site.app.now(), act).unwrap()
}

fn refusal() -> Refusal {
    Refusal {
        by: "Ada Muster".into(),
        grounds: "Because <of> the balance.".into(),
        authority: "Agencia Española de Protección de Datos, https://www.aepd.es/".into(),
        court_route: "the courts".into(),
        ground: None,
    }
}

fn day(text: &str) -> String {
    let date: Date = text.parse().unwrap();
    format::date(Language::ENGLISH, date)
}

#[tokio::test]
async fn the_page_says_where_the_case_stands_and_by_when_it_is_answered() {
    let site = Site::new();
    let case = objected(&site, "bo").await;
    let shown = site.get(&page(&site, case)).await;
    assert_eq!(shown.status, StatusCode::OK);
    let zone = TimeZone::get("Europe/Dublin").unwrap();
    let due = deadline::due(moment(0), &zone, Some("IE")).due;
    for part in [
        &format!("Case {case}"),
        "Received",
        &day("2025-05-12"),
        &format::date(Language::ENGLISH, due),
        "Stored, but not used, since",
        "What you published",
        "What you said to AI features",
        "There is no decision yet.",
        "What your objection does not cover: What others published about you.",
        "No training data was made before your objection was in force.",
        "The data was passed on to nobody.",
        "Your objection has arrived</a>, 12 May 2025",
    ] {
        assert!(shown.says(part), "{part}: {}", shown.body);
    }
    assert!(!shown.says("style=") && !shown.says("<script"), "the policy lets neither in");
}

#[tokio::test]
async fn a_case_is_seen_by_its_own_person_only() {
    let site = Site::new();
    let case = objected(&site, "ana").await;
    let address = format!("/privacy/case/{case}");
    for account in ["ana", "ana-work"] {
        let cookie = site.enter(account).await;
        assert_eq!(site.get_as(&cookie, &address).await.status, StatusCode::OK, "{account}");
    }
    let other = site.enter("bo").await;
    for step in ["", "/letter/1", "/receipt.json", "/withdraw"] {
        let path = format!("{address}{step}");
        assert_eq!(site.get_as(&other, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(site.get(&path).await.leads_to(), "/privacy", "{path}");
    }
    for step in ["/withdraw", "/again"] {
        let path = format!("{address}{step}");
        assert_eq!(site.post_as(&other, &path, "").await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(site.post(&path, "").await.leads_to(), "/privacy", "{path}");
    }
    let unknown = site.get_as(&other, "/privacy/case/7K3M-QZ4P-W2XC").await;
    let foreign = site.get_as(&other, &address).await;
    assert_eq!(unknown.body, foreign.body.replace(&case.to_string(), "7K3M-QZ4P-W2XC"));
    assert_eq!(site.only_case().summary.status, Status::Received);
}

#[tokio::test]
async fn a_link_that_no_longer_works_leads_to_a_form() {
    let site = Site::new();
    let case = objected(&site, "bo").await;
    let address = page(&site, case);
    let leads = |answer: crate::support::Answer| {
        answer.status == StatusCode::OK
            && answer.says("/privacy/no-account")
            && !answer.says(&case.to_string())
    };
    assert!(leads(site.get(&format!("{address}x")).await), "broken");
    let objecting = site.link("bo").replace("/o/", "/c/");
    assert!(leads(site.get(&objecting).await), "made for something else");
    act(&site, |act| act.revoke_links(&LinkKind::Case(case), moment(0)));
    for step in ["", "/letter/1", "/receipt.json", "/withdraw"] {
        assert!(leads(site.get(&format!("{address}{step}")).await), "revoked: {step}");
    }
    assert!(leads(site.post(&format!("{address}/withdraw"), "").await));
    assert_eq!(site.only_case().summary.status, Status::Received);
    site.pass(SignedDuration::from_hours(24 * 500));
    assert!(leads(site.get(&page(&site, case)).await), "expired");
}

#[tokio::test]
async fn withdrawing_asks_first_and_happens_once() {
    let site = Site::new();
    let case = objected(&site, "bo").await;
    let address = page(&site, case);
    let asked = site.get(&format!("{address}/withdraw")).await;
    assert!(asked.says("may be used again") && asked.says("Leave it as it is"));
    assert_eq!(site.only_case().summary.status, Status::Received, "asking does nothing");
    for _ in 0..2 {
        let done = site.post(&format!("{address}/withdraw"), "").await;
        assert_eq!((done.status, done.leads_to()), (StatusCode::SEE_OTHER, address.as_str()));
    }
    let history = site.only_case().history;
    let withdrawn = |what: &What| matches!(what, What::ObjectionWithdrawn(_));
    assert_eq!(history.iter().filter(|entry| withdrawn(&entry.what)).count(), 1);
    let shown = site.get(&address).await;
    assert!(shown.says("You have withdrawn your objection") && !shown.says("Answer due by"));
    let asked = site.get(&format!("{address}/withdraw")).await;
    assert_eq!(asked.leads_to(), address, "there is nothing to withdraw");
}

#[tokio::test]
async fn a_closed_case_can_be_opened_again_and_counts_its_month_anew() {
    let site = Site::new();
    let case = objected(&site, "bo").await;
    let address = page(&site, case);
    assert!(!site.get(&address).await.says("What has changed?"));
    site.post(&format!("{address}/again"), "text=nothing").await;
    assert_eq!(site.only_case().history.len(), 1, "an open case is not opened again");
    site.post(&format!("{address}/withdraw"), "").await;
    site.pass(SignedDuration::from_hours(24 * 40));
    assert!(site.get(&address).await.says("What has changed?"));

    let long = format!("text={}", "x".repeat(4001));
    let answer = site.post(&format!("{address}/again"), &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.says(&"x".repeat(4001)), "what was typed is kept");

    let form = "text=I+%3Cb%3Emoved%3C%2Fb%3E";
    assert_eq!(site.post(&format!("{address}/again"), form).await.leads_to(), address);
    let shown = site.get(&address).await;
    let zone = TimeZone::get("Europe/Dublin").unwrap();
    let due = deadline::due(site.app.now(), &zone, Some("IE")).due;
    assert!(shown.says(&format::date(Language::ENGLISH, due)), "{}", shown.body);
    assert!(shown.says("I &#60;b&#62;moved") && !shown.says("<b>moved"), "{}", shown.body);
    let reopened = site.only_case().history.into_iter().rfind(
        |entry| matches!(&entry.what, What::ObjectionReopened(step) if step.by == By::Person),
    );
    assert!(reopened.is_some());
}

#[tokio::test]
async fn a_refusal_is_shown_once_it_is_in_force_with_its_letter() {
    let site = Site::set_up(manual(), mailing);
    let case = objected(&site, "ana").await;
    let address = page(&site, case);
    act(&site, |act| acts::send_refusal(act, case, Some(&id("ana")), &refusal()));
    let look = async |path: &str| site.get(&format!("{address}{path}?lang=en")).await;
    let waiting = look("").await;
    assert!(!waiting.says("Refused") && !waiting.says("Ada Muster"), "{}", waiting.body);

    room(&site, &Sink::default()).round().await.unwrap();
    let shown = look("").await;
    assert!(shown.says("Refused on 12 May 2025 by Ada Muster."), "{}", shown.body);
    assert!(shown.says("aepd.es") && shown.says("where you habitually live"));
    assert!(!shown.says("What stays usable"), "nothing is kept out any more");
    let letter = look("/letter/2").await;
    assert_eq!(letter.status, StatusCode::OK);
    for part in ["Because &lt;of&gt; the balance.", "Agencia Española", "class=\"letter\"", "<h2>"]
    {
        assert!(letter.says(part), "{part}: {}", letter.body);
    }
    assert!(!letter.says("style="));
    assert!(site.get(&format!("{address}/letter/2")).await.says("<html lang=\"es\">"));
    for none in ["/letter/0", "/letter/3", "/letter/x"] {
        assert_eq!(look(none).await.status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn an_approval_says_whether_a_rule_or_a_person_decided() {
    let site = Site::with(sample());
    let shown = site.get(&page(&site, objected(&site, "bo").await)).await;
    assert!(shown.says("Approved on 12 May 2025.") && shown.says("A rule decided"));

    let site = Site::new();
    let case = objected(&site, "bo").await;
    act(&site, |act| acts::approve(act, case, Some(&id("bo")), "Ada Muster"));
    let shown = site.get(&page(&site, case)).await;
    assert!(shown.says("Approved on 12 May 2025 by Ada Muster."), "{}", shown.body);
    assert!(!shown.says("A rule decided"));
}

#[tokio::test]
async fn training_data_from_before_is_named_as_not_yet_taken_out() {
    let site = Site::new();
    build(&site, "v1");
    let case = objected(&site, "bo").await;
    build(&site, "v2");
    let address = page(&site, case);
    let shown = site.get(&address).await;
    let row = "<th scope=\"row\">v1</th><td>12 May 2025</td><td>Not yet</td><td>Not yet</td>";
    assert!(shown.says(row), "{}", shown.body);
    assert!(shown.says("holds nothing that it covers: v2."), "{}", shown.body);

    site.post(&format!("{address}/withdraw"), "").await;
    build(&site, "v3");
    let shown = site.get(&address).await;
    assert!(shown.says("<th scope=\"row\">v3</th>") && !shown.says("Not yet"), "{}", shown.body);
    assert!(shown.says("holds nothing that it covers: v2."));
}

#[tokio::test]
async fn what_became_of_older_training_data_is_shown_with_its_moments() {
    let site = Site::new();
    build(&site, "v1");
    let early = run(&site, "nightly", "v1");
    let case = objected(&site, "bo").await;
    let address = page(&site, case);
    let cell = |text: &str| format!("<td>{text}</td>");
    site.pass(SignedDuration::from_mins(5));
    retract(&site, "v1");
    run(&site, "after-all", "v1");
    let row = |hidden: &str, erased: &str| {
        format!("<th scope=\"row\">v1</th><td>12 May 2025</td>{}{}", cell(hidden), cell(erased))
    };
    let time = |site: &Site| {
        let zone = TimeZone::get("Europe/Dublin").unwrap();
        format::date_time(Language::ENGLISH, zone.to_datetime(site.app.now()))
    };
    let hidden = time(&site);
    let shown = site.get(&address).await;
    assert!(shown.says(&row(&hidden, "Not yet")), "{}", shown.body);
    assert!(shown.says("These training runs read that training data before"));
    let nightly = "<th scope=\"row\">nightly</th><td>v1</td><td>12 May 2025</td>";
    assert!(shown.says(&format!("{nightly}<td>Not yet</td>")), "{}", shown.body);
    assert!(!shown.says("after-all"), "what read the version without them is none of it");

    site.pass(SignedDuration::from_mins(5));
    purge(&site, "v1");
    let outcome = demur_register::Outcome::Completed;
    site.register().finish_run(&early.started.run, outcome, site.app.now()).unwrap();
    let shown = site.get(&address).await;
    assert!(shown.says(&row(&hidden, &time(&site))), "{}", shown.body);
    assert!(shown.says(&format!("{nightly}<td>12 May 2025</td>")), "{}", shown.body);
}

#[tokio::test]
async fn training_data_that_was_removed_as_a_whole_is_told_apart_from_erased_records() {
    let site = Site::new();
    build(&site, "v1");
    let case = objected(&site, "bo").await;
    site.register().training_set_gone("v1", By::Operator, site.app.now()).unwrap();
    let shown = site.get(&page(&site, case)).await;
    assert!(shown.says("<td>Removed as a whole</td>") && !shown.says("Not yet"), "{}", shown.body);
}

#[tokio::test]
async fn a_receipt_can_be_checked_by_anyone_and_shows_nobody_else() {
    let site = Site::new();
    let case = objected(&site, "bo").await;
    objected(&site, "ana").await;
    act(&site, |act| act.view(&case, "Ada Muster"));
    let answer = site.get(&format!("{}/receipt.json", page(&site, case))).await;
    assert_eq!(answer.headers["content-type"], "application/json");
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains(&case.to_string()));
    assert!(!answer.says("ana") && !answer.says("Ada Muster"), "{}", answer.body);

    let receipt: Receipt = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((receipt.format.as_str(), receipt.case), ("demur-receipt/1", case));
    let said = verify_checkpoint(&receipt.checkpoint, &site.register().public_key()).unwrap();
    assert_eq!(receipt.events.len(), 1);
    for event in &receipt.events {
        let leaf = Hash::leaf(event.event.as_bytes());
        assert!(verify_inclusion(leaf, event.index, said.size, said.root, &event.proof));
    }
}

#[tokio::test]
async fn everybody_who_got_the_data_is_listed_with_what_they_were_told() {
    let recipient = |id: &str, name: &str, purposes: &[&str]| Recipient {
        id: id.into(),
        name: name.into(),
        purposes: purposes.iter().map(|p| (*p).to_owned()).collect(),
        webhook: None,
    };
    let recipients = vec![
        recipient("cloud", "Example Cloud Ltd", &[]),
        recipient("lab", "Example Lab", &[PURPOSE]),
        recipient("other", "Somebody Else", &["another-purpose"]),
    ];
    let site = Site::set_up(manual(), |settings| Settings { recipients, ..settings });
    let case = objected(&site, "bo").await;
    act(&site, |act| act.recipient_told(&case, "cloud", News::Restricted));
    let shown = site.get(&page(&site, case)).await;
    assert!(shown.says("<th scope=\"row\">Example Cloud Ltd</th><td>12 May 2025</td>"));
    assert!(shown.says("<th scope=\"row\">Example Lab</th><td>Not yet</td>"), "{}", shown.body);
    assert!(!shown.says("Somebody Else") && !shown.says("Told of the erasure on"));
}

#[tokio::test]
async fn the_authority_is_that_of_the_country_and_else_it_is_said_that_nobody_knows() {
    let site = Site::new();
    let german = site.get(&page(&site, objected(&site, "bo").await)).await;
    assert!(german.says("bfdi.bund.de") && german.says("Laender-node"), "{}", german.body);
    assert!(!german.says("edpb.europa.eu"));
    let unknown = site.get(&page(&site, objected(&site, "dee").await)).await;
    for part in ["in which country you live", "dataprotection.ie", "edpb.europa.eu"] {
        assert!(unknown.says(part), "{part}: {}", unknown.body);
    }
    assert!(!unknown.says("where you habitually live"), "nobody knows whether it is in the EEA");

    let dee = site.only_case_of("dee", false);
    act(&site, |act| act.refuse(&dee, &refusal()));
    let refused = site.get(&page(&site, dee)).await;
    assert!(refused.says("aepd.es") && !refused.says("dataprotection.ie"), "what the letter says");
    assert!(refused.says("where you habitually live"));
}

#[tokio::test]
async fn nobody_is_told_of_a_restriction_before_it_is_known_what_is_meant() {
    let site = Site::new();
    let contact =
        Contact { email: "dana@example.net".into(), language: "fr".into(), route: Route::Mentions };
    let new = NewObjection {
        account: None,
        record: None,
        purpose: PURPOSE.into(),
        scopes: [Scope::ThirdParty].into_iter().collect::<Scopes>(),
        received_at: moment(0),
        grounds: Some("My name is Dana".into()),
        contact: Some(contact),
        source: Source::PrivacyCentre,
    };
    let case = act(&site, |act| acts::submit(act, new)).case;
    let address = page(&site, case);
    assert!(site.get(&address).await.says("<html lang=\"fr\">"), "the language they wrote in");
    let shown = site.get(&format!("{address}?lang=en")).await;
    for part in ["A person looks for", "All content that names me or shows me", "My name is Dana"] {
        assert!(shown.says(part), "{part}: {}", shown.body);
    }
    for part in ["Stored, but not used, since", "What stays usable", "No training data was made"] {
        assert!(!shown.says(part), "{part}: {}", shown.body);
    }
}

#[tokio::test]
async fn whatever_language_was_chosen_stays_on_every_step() {
    let site = Site::new();
    let case = objected(&site, "bo").await;
    let address = page(&site, case);
    let shown = site.get(&format!("{address}?lang=pl")).await;
    let letter = shown.address(&format!("{address}/letter")).unwrap();
    assert!(letter.ends_with("/letter/1?lang=pl"), "{letter}");
    let withdraw = shown.address(&format!("{address}/withdraw")).unwrap();
    assert!(site.get(&withdraw).await.says("<html lang=\"pl\">"));
    let done = site.post(&withdraw, "").await;
    assert_eq!(done.leads_to(), format!("{address}?lang=pl"));
}
