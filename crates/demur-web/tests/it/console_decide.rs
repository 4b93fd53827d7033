//! Deciding on the console: the letter is seen before it goes, and nothing happens before it was.

use axum::http::StatusCode;
use demur_core::objection::Status;
use demur_core::purpose::{Purpose, Refusals};
use demur_register::{CaseId, Refusal};
use demur_web::acts;
use jiff::SignedDuration;

use crate::console::{
    case, days_ago, encoded, events, fields, letter, looks, manual, message, objection, reviewer,
    submit,
};
use crate::post_room::{Sink, room};
use crate::support::{Answer, Site, id, mailing};

fn mailing_site(refusals: Refusals) -> Site {
    Site::set_up(Purpose { refusals, ..manual() }, mailing)
}

fn page(case: CaseId) -> String {
    format!("/console/case/{case}")
}

/// Previews a step and takes it; returns the preview.
async fn decide(site: &Site, cookie: &str, case: CaseId, form: &str, action: &str) -> Answer {
    let shown = site.post_as(cookie, &format!("{}/preview", page(case)), form).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    let action = format!("{}/{action}", page(case));
    let done = site.post_as(cookie, &action, &fields(&shown, &action)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(!done.leads_to().ends_with("moved"), "{}", done.leads_to());
    shown
}

/// Sends what waits and checks that the last letter is the one that was shown.
async fn sent_as_shown(site: &Site, sink: &Sink, shown: &Answer) {
    let before = sink.sent().len();
    room(site, sink).round().await.unwrap();
    let sent = sink.sent();
    assert_eq!(sent.len(), before + 1);
    let letter = letter(&sent[before]);
    assert!(letter.len() > 500 && shown.says(&letter), "{letter}\n---\n{}", shown.body);
}

const GROUNDS: &str = "grounds=Die+Gr%C3%BCnde%3A%0D%0A%3Cb%3Ezwei%3C%2Fb%3E.";

fn refusing() -> String {
    let authority = encoded("Commission Nationale, https://www.cnil.fr/");
    format!("act=refuse&{GROUNDS}&authority={authority}&court_route=Das+Gericht+in+Kassel.")
}

#[tokio::test]
async fn what_was_shown_is_what_is_sent() {
    let site = mailing_site(Refusals::Allowed);
    let cookie = reviewer(&site, "Ann Reviewer").await;
    for account in ["ana", "bo"] {
        let sink = Sink::default();
        let case = submit(&site, objection(account, days_ago(&site, 3)));
        room(&site, &sink).round().await.unwrap();

        let longer = format!("act=extend&months=2&reasons={}", encoded("Viele\r\nFälle & mehr"));
        let shown = decide(&site, &cookie, case, &longer, "extend").await;
        sent_as_shown(&site, &sink, &shown).await;

        let shown = decide(&site, &cookie, case, &refusing(), "refuse").await;
        assert!(
            shown.says("Das Gericht in Kassel."),
            "other words than the usual stand as they are"
        );
        sent_as_shown(&site, &sink, &shown).await;
        assert_eq!(self::case(&site, case).summary.status, Status::Refused);

        let again = |act: &mut demur_register::Act<'_, '_>| {
            acts::reopen(act, case, Some(&id(account)), demur_register::event::By::Person, None)
        };
        site.register().act(site.app.now(), again).unwrap();
        room(&site, &sink).round().await.unwrap();
        let shown = decide(&site, &cookie, case, "act=approve", "approve").await;
        sent_as_shown(&site, &sink, &shown).await;
    }
    let answered = submit(
        &site,
        message("w@example.org", "it is on the swimming club's page", days_ago(&site, 3)),
    );
    let sink = Sink::default();
    room(&site, &sink).round().await.unwrap();
    let shown = decide(&site, &cookie, answered, "act=approve", "approve").await;
    assert!(shown.says("<article class=\"letter\" lang=\"fr\""));
    sent_as_shown(&site, &sink, &shown).await;
}

#[tokio::test]
async fn a_preview_takes_no_step_and_hides_the_personal_link() {
    let site = mailing_site(Refusals::Allowed);
    let cookie = reviewer(&site, "Ann").await;
    let case = submit(&site, objection("ana", site.app.now()));
    let letters = site.register().count_items(demur_register::desk::Drawer::Letter).unwrap();
    for form in ["act=approve".to_owned(), refusing(), "act=extend&months=1&reasons=x".to_owned()] {
        let shown = site.post_as(&cookie, &format!("{}/preview", page(case)), &form).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.says("/c/…\"") && !shown.says("/c/A"));
    }
    assert_eq!(events(&site, case), ["objection_received"]);
    let after = site.register().count_items(demur_register::desk::Drawer::Letter).unwrap();
    assert_eq!(after, letters);
}

#[tokio::test]
async fn a_review_starts_and_two_clicks_decide_once() {
    let site = mailing_site(Refusals::Allowed);
    let cookie = reviewer(&site, "Ann").await;
    let case = submit(&site, objection("bo", site.app.now()));
    site.post_as(&cookie, &format!("{}/review", page(case)), "").await;
    assert_eq!(self::case(&site, case).summary.status, Status::UnderReview);
    let approve = format!("{}/approve", page(case));
    let first = site.post_as(&cookie, &approve, "").await;
    let second = site.post_as(&cookie, &approve, "").await;
    assert!(first.leads_to().ends_with("?done=approved"));
    assert!(second.leads_to().ends_with("?done=moved"));
    assert_eq!(events(&site, case), ["objection_received", "review_started", "objection_approved"]);
    let shown = site.get_as(&cookie, second.leads_to()).await;
    assert!(shown.says("Nothing was changed") && !shown.says("/preview"));
}

#[tokio::test]
async fn more_time_is_offered_once_inside_the_first_month_and_with_reasons() {
    let site = mailing_site(Refusals::Allowed);
    let cookie = reviewer(&site, "Ann").await;
    let fresh = submit(&site, objection("bo", site.app.now()));
    let late = submit(&site, objection("ana", days_ago(&site, 40)));
    let form = |case| format!("{}/extend", page(case));

    let refused = site.get_as(&cookie, &form(late)).await;
    assert!(refused.says("Not possible") && !refused.says("name=\"reasons\""));
    assert!(site.get_as(&cookie, &page(late)).await.says("No extension: the time to answer ended"));
    site.post_as(&cookie, &form(late), "months=1&reasons=many").await;
    assert_eq!(events(&site, late), ["objection_received"]);

    let preview = format!("{}/preview", page(fresh));
    let without = site.post_as(&cookie, &preview, "act=extend&months=2&reasons=+").await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.says("href=\"#reasons\"") && without.says("value=\"2\" checked"));
    let months = site.post_as(&cookie, &preview, "act=extend&months=3&reasons=many").await;
    assert_eq!(months.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(months.says(">many</textarea>"), "what was typed is kept");

    decide(&site, &cookie, fresh, "act=extend&months=2&reasons=many", "extend").await;
    // Received on 12 May: two more months end on 12 August.
    let until = self::case(&site, fresh).summary.extended_until.unwrap();
    assert_eq!(until, jiff::civil::date(2025, 8, 12));
    assert!(site.get_as(&cookie, &page(fresh)).await.says("12 August 2025"));
    assert!(site.get_as(&cookie, &form(fresh)).await.says("once is all there is"));
}

#[tokio::test]
async fn a_refusal_is_offered_with_all_its_parts_filled_in() {
    let site = mailing_site(Refusals::Allowed);
    let cookie = reviewer(&site, "Ann").await;
    let case = submit(&site, objection("ana", site.app.now()));
    let form = format!("{}/refuse", page(case));
    let shown = site.get_as(&cookie, &form).await;
    for part in
        ["Agencia Española", "https://www.aepd.es/", "docs/balancing-test.md", "lang=\"es\""]
    {
        assert!(shown.says(part), "{part}");
    }
    let other = site.get_as(&cookie, &format!("{form}?country=PL")).await;
    assert!(other.says("https://uodo.gov.pl/") && !other.says("www.aepd.es"));
    let unknown = submit(&site, objection("cy", site.app.now()));
    let shown = site.get_as(&cookie, &format!("{}/refuse", page(unknown))).await;
    assert!(shown.says("dataprotection.ie"), "that of the country from which people are answered");

    let missing = "act=refuse&grounds=+&authority=x&court_route=";
    let again = site.post_as(&cookie, &format!("{}/preview", page(case)), missing).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.says("href=\"#grounds\"") && again.says("href=\"#court_route\""));
    assert!(!again.says("href=\"#authority\""));
    site.post_as(&cookie, &form, missing).await;
    assert_eq!(events(&site, case), ["objection_received"]);
}

#[tokio::test]
async fn a_purpose_that_forbids_refusals_offers_none() {
    let site = mailing_site(Refusals::Never);
    let cookie = reviewer(&site, "Ann").await;
    let case = submit(&site, objection("bo", site.app.now()));
    let shown = site.get_as(&cookie, &page(case)).await;
    assert!(shown.says("forbids refusals") && !shown.says("/refuse\""));
    let form = site.get_as(&cookie, &format!("{}/refuse", page(case))).await;
    assert_eq!(form.status, StatusCode::SEE_OTHER);
    let forced = site.post_as(&cookie, &format!("{}/refuse", page(case)), &refusing()).await;
    assert!(forced.leads_to().ends_with("moved"));
    room(&site, &Sink::default()).round().await.unwrap();
    assert_eq!(self::case(&site, case).summary.status, Status::Received);
}

#[tokio::test]
async fn a_refusal_waits_for_its_letter_and_can_be_taken_back() {
    let site = mailing_site(Refusals::Allowed);
    let cookie = reviewer(&site, "Ann").await;
    let case = submit(&site, objection("bo", site.app.now()));
    decide(&site, &cookie, case, &refusing(), "refuse").await;
    let shown = site.get_as(&cookie, &page(case)).await;
    assert!(shown.says("waits for its letter") && shown.says("take-back"));
    assert_eq!(self::case(&site, case).summary.status, Status::Received);
    let twice = site.post_as(&cookie, &format!("{}/refuse", page(case)), &refusing()).await;
    assert!(twice.leads_to().ends_with("moved"), "one refusal waits at a time");

    site.post_as(&cookie, &format!("{}/take-back", page(case)), "").await;
    let sink = Sink::default();
    room(&site, &sink).round().await.unwrap();
    assert_eq!(sink.sent().len(), 1, "the receipt");
    assert_eq!(self::case(&site, case).summary.status, Status::Received);

    decide(&site, &cookie, case, &refusing(), "refuse").await;
    decide(&site, &cookie, case, "act=approve", "approve").await;
    room(&site, &sink).round().await.unwrap();
    assert_eq!(sink.sent().len(), 2, "whoever is approved hears of no refusal");
    assert_eq!(self::case(&site, case).summary.status, Status::Approved);
}

#[tokio::test]
async fn two_reviewers_refuse_where_the_purpose_asks_for_two() {
    let site = mailing_site(Refusals::TwoReviewers);
    let (ann, ben) = (reviewer(&site, "Ann").await, reviewer(&site, "Ben").await);
    let sink = Sink::default();
    let case = submit(&site, objection("ana", site.app.now()));
    room(&site, &sink).round().await.unwrap();

    let shown = decide(&site, &ann, case, &refusing(), "refuse").await;
    assert!(shown.says("Another reviewer must confirm"));
    assert_eq!(events(&site, case)[2..], ["refusal_proposed"]);
    room(&site, &sink).round().await.unwrap();
    assert_eq!(sink.sent().len(), 1, "a proposal is no letter");

    // Whoever proposed cannot confirm.
    let own = site.get_as(&ann, &page(case)).await;
    assert!(own.says("Another reviewer must confirm it") && !own.says("Preview and confirm"));
    let herself = format!("{}&act=confirm", refusing().replace("act=refuse&", ""));
    site.post_as(&ann, &format!("{}/refuse", page(case)), &herself).await;
    assert!(!site.get_as(&ann, &page(case)).await.says("take-back"));

    // What another confirms is what was proposed, and nothing else.
    let other = herself.replace("Die+", "Andere+");
    let moved = site.post_as(&ben, &format!("{}/refuse", page(case)), &other).await;
    assert!(moved.leads_to().ends_with("moved"));
    let shown = decide(&site, &ben, case, "act=confirm", "refuse").await;
    sent_as_shown(&site, &sink, &shown).await;
    let refused = self::case(&site, case);
    assert_eq!(refused.summary.status, Status::Refused);
    let by: Vec<_> = refused
        .history
        .iter()
        .filter_map(|e| {
            e.personal.as_ref()?.grounds.as_ref().map(|_| e.personal.clone().unwrap().by.unwrap())
        })
        .collect();
    assert_eq!(by, ["Ann", "Ben"]);
}

#[tokio::test]
async fn who_has_no_address_is_told_otherwise() {
    let site = mailing_site(Refusals::Allowed);
    let cookie = reviewer(&site, "Ann").await;
    let case = submit(&site, objection("cy", site.app.now()));
    let shown = site.get_as(&cookie, &page(case)).await;
    assert!(shown.says("No address of this person is known"));
    decide(&site, &cookie, case, &refusing(), "refuse").await;
    let sink = Sink::default();
    room(&site, &sink).round().await.unwrap();
    assert!(sink.sent().is_empty());
    assert_eq!(self::case(&site, case).summary.status, Status::Received);

    let failed = site.get_as(&cookie, "/console/mails").await;
    assert!(failed.says(&case.to_string()) && failed.says("no address"));
    assert!(site.get_as(&cookie, "/console").await.says("<span class=\"status overdue\">1</span>"));
    let told = format!("{}/told", page(case));
    let again = format!("{}/again", page(case));
    let position = fields(&failed, &again);
    site.post_as(&cookie, &again, &position).await;
    room(&site, &sink).round().await.unwrap();
    let shown = site.get_as(&cookie, &page(case)).await;
    site.post_as(&cookie, &told, &fields(&shown, &told)).await;
    assert_eq!(self::case(&site, case).summary.status, Status::Refused);
    assert!(site.get_as(&cookie, "/console/mails").await.says("None."));
}

#[tokio::test]
async fn every_look_at_a_case_is_in_the_audit_trail() {
    let site = mailing_site(Refusals::Allowed);
    let ann = reviewer(&site, "Ann").await;
    let otto = crate::console::auditor(&site).await;
    let case = submit(&site, objection("ana", site.app.now()));
    let other = submit(&site, objection("bo", site.app.now()));
    for path in ["/console", "/console?urgency=in_time", "/console/record", "/console/mails"] {
        let shown = site.get_as(&ann, path).await;
        assert!(!shown.says("ana") && !shown.says("bo@"), "a list shows no person's data");
    }
    assert!(looks(&site, case).is_empty());
    site.get_as(&ann, &page(case)).await;
    site.pass(SignedDuration::from_mins(5));
    site.get_as(&otto, &page(case)).await;
    site.get_as(&ann, &format!("{}/refuse", page(case))).await;
    site.post_as(&ann, &format!("{}/preview", page(case)), "act=approve").await;
    // A list of what somebody's accounts objected to is a look as well.
    site.get_as(&otto, "/console/search?q=ana-work").await;
    assert_eq!(looks(&site, case), ["Ann", "Otto", "Ann", "Ann", "Otto"]);
    assert!(looks(&site, other).is_empty());
    let shown = site.get_as(&otto, &page(case)).await;
    assert!(shown.says("Who looked at this case (6)") && shown.says("Ann, <span"));
    assert!(site.register().verify().unwrap().is_sound());
}

#[tokio::test]
async fn a_proposal_of_the_command_line_can_be_confirmed_here() {
    let site = mailing_site(Refusals::TwoReviewers);
    let ben = reviewer(&site, "Ben").await;
    let case = submit(&site, objection("ana", site.app.now()));
    let refusal = Refusal {
        by: "Ann".into(),
        grounds: "  the grounds \r\n of Ann ".into(),
        authority: "An authority".into(),
        court_route: "A court".into(),
        ground: None,
    };
    site.register().propose_refusal(&case, &refusal, site.app.now()).unwrap();
    decide(&site, &ben, case, "act=confirm", "refuse").await;
    room(&site, &Sink::default()).round().await.unwrap();
    assert_eq!(self::case(&site, case).summary.status, Status::Refused);
}
