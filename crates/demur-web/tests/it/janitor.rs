//! What has lapsed goes; what waits to be sent stays.

use demur_register::desk::Drawer;
use demur_web::janitor::tidy;
use jiff::SignedDuration;

use crate::support::{Site, moment};

#[tokio::test]
async fn lapsed_sessions_go_and_letters_stay() {
    let site = Site::new();
    site.register()
        .act(moment(0), |act| {
            act.put(Drawer::Session, b"old", moment(10), None, "{}")?;
            act.put(Drawer::Session, b"new", moment(90), None, "{}")?;
            act.put(Drawer::Letter, b"waiting", moment(10), None, "{}")
        })
        .unwrap();
    site.pass(SignedDuration::from_mins(60));
    assert_eq!(tidy(&site.app).await.unwrap(), 1);
    let register = site.register();
    assert!(register.item(Drawer::Session, b"new").unwrap().is_some());
    assert!(register.item(Drawer::Letter, b"waiting").unwrap().is_some());
}
