//! The public notice: everything that Art. 13 and 14 ask for, and nothing that nobody stated.

use axum::http::StatusCode;
use demur_core::purpose::{Purpose, Review, sample};
use demur_notice::Language;
use demur_web::settings::{PurposeSettings, PurposeText, Recipient, Settings};
use jiff::SignedDuration;

use crate::support::Site;

const NOTICE: &str = "/notice/assistant-training";

fn stated(settings: Settings) -> Settings {
    let text = |interest: &str| PurposeText {
        title: "Training <the> assistant".into(),
        interest: Some(interest.into()),
        retention: Some("24 months".into()),
        transfers: Some("None.".into()),
    };
    let german = Language::from_locale("de").unwrap();
    let purposes = settings.purposes.into_iter().map(|purpose| PurposeSettings {
        text: text("A useful assistant"),
        texts: [(german, text("Eine nützliche Assistenz"))].into(),
        ..purpose
    });
    let recipient = |name: &str, purposes: Vec<String>| Recipient {
        id: name.to_lowercase(),
        name: name.into(),
        purposes,
        webhook: None,
    };
    Settings {
        purposes: purposes.collect(),
        recipients: vec![
            recipient("Cloud", Vec::new()),
            recipient("Elsewhere", vec!["another".into()]),
        ],
        ..settings
    }
}

#[tokio::test]
async fn the_notice_has_all_its_parts_with_the_right_to_object_before_all_else() {
    let mut purpose = Purpose { review: Review::Manual, ..sample() };
    purpose.references.balancing_test = "https://platform.example/balancing.pdf".into();
    let site = Site::set_up(purpose, stated);
    let shown = site.get(NOTICE).await;
    assert_eq!(shown.status, StatusCode::OK);
    for part in [
        "Example Platform Ltd",
        "privacy@platform.example",
        "Training &#60;the&#62; assistant",
        "A useful assistant",
        "Article 6(1)(f)",
        "27 May 2025",
        "Photos and their captions",
        "under 18",
        "Where the data comes from",
        "<dd>Cloud</dd>",
        "24 months",
        "Transfers outside",
        "Articles 15 to 18",
        "href=\"https://platform.example/balancing.pdf\"",
        "docs/dpia.md",
    ] {
        assert!(shown.says(part), "{part}: {}", shown.body);
    }
    assert!(!shown.says("Elsewhere") && !shown.says("href=\"docs/"), "{}", shown.body);
    let at = |part: &str| shown.body.find(part).unwrap();
    assert!(at("Your right to object") < at("Who is responsible"));
    assert!(at("href=\"/privacy/no-account\"") < at("Who is responsible"));
    let german = site.get(&format!("{NOTICE}?lang=de")).await;
    assert!(german.says("Eine nützliche Assistenz") && german.says("<html lang=\"de\">"));
}

#[tokio::test]
async fn what_nobody_stated_is_left_out() {
    let site = Site::new();
    let shown = site.get(NOTICE).await;
    assert!(shown.says("The data was passed on to nobody.") || shown.says("passed on to nobody"));
    for part in ["Legitimate interest pursued", "How long it is stored", "Transfers outside"] {
        assert!(!shown.says(part), "{part}: {}", shown.body);
    }
}

#[tokio::test]
async fn after_the_start_it_no_longer_advises_a_day() {
    let site = Site::new();
    assert!(site.get(NOTICE).await.says("We advise you to object by 27 May 2025"));
    site.pass(SignedDuration::from_hours(24 * 30));
    let shown = site.get(NOTICE).await;
    assert!(shown.says("Data use began on 27 May 2025") && !shown.says("We advise you"));
}

#[tokio::test]
async fn another_purpose_has_none() {
    assert_eq!(Site::new().get("/notice/another").await.status, StatusCode::NOT_FOUND);
}
