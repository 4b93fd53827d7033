//! Reviewers are reminded of what nears its date.

use demur_register::desk::Drawer;
use demur_web::clocks::remind;
use demur_web::mails::{MailKind, WaitingMail};
use jiff::SignedDuration;

use crate::console::{days_ago, manual, objection, submit};
use crate::post_room::{Sink, room};
use crate::support::{Site, mailing};

fn site() -> Site {
    Site::set_up(manual(), |settings| demur_web::settings::Settings {
        reminders: vec!["ann@platform.example".into(), "ben@platform.example".into()],
        ..mailing(settings)
    })
}

fn mails(site: &Site) -> Vec<WaitingMail> {
    let items = site.register().items_due(Drawer::Mail, site.app.now(), 100).unwrap();
    items.iter().map(|item| serde_json::from_str(&item.text).unwrap()).collect()
}

#[tokio::test]
async fn each_reviewer_is_reminded_once_a_day_of_what_presses() {
    let site = site();
    let late = submit(&site, objection("ana", days_ago(&site, 60)));
    let soon = submit(&site, objection("bo", days_ago(&site, 27)));
    let far = submit(&site, objection("cy", days_ago(&site, 1)));
    assert_eq!(remind(&site.app).await.unwrap(), 2);
    assert_eq!(remind(&site.app).await.unwrap(), 0, "once a day, however often it starts");
    let mails = mails(&site);
    let mut to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["ann@platform.example", "ben@platform.example"]);
    let MailKind::Reminder { lines } = &mails[0].mail else { panic!("{:?}", mails[0]) };
    let text = lines.join("\n");
    assert!(text.contains("Overdue: 1") && text.contains("within 7 days: 1"), "{text}");
    assert!(text.contains(&late.to_string()) && text.contains(&soon.to_string()));
    assert!(!text.contains(&far.to_string()) && !text.contains("ana") && !text.contains('@'));

    let sink = Sink::default();
    room(&site, &sink).round().await.unwrap();
    let sent = sink.sent();
    assert!(sent.iter().any(|mail| mail.header("To") == "ann@platform.example"));

    site.pass(SignedDuration::from_hours(24));
    assert_eq!(remind(&site.app).await.unwrap(), 2, "the next day again");
}

#[tokio::test]
async fn nobody_is_mailed_where_nothing_presses() {
    let site = site();
    submit(&site, objection("ana", days_ago(&site, 1)));
    assert_eq!(remind(&site.app).await.unwrap(), 0);
    site.pass(SignedDuration::from_hours(24 * 28));
    assert_eq!(remind(&site.app).await.unwrap(), 2);
    let silent = Site::new();
    submit(&silent, objection("ana", days_ago(&silent, 60)));
    assert_eq!(remind(&silent.app).await.unwrap(), 0, "nobody is named");
}
