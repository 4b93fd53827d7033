//! Reports of all kinds, and bytes that are none.

use demur_notice::bounce::{self, Action, Status};
use proptest::prelude::*;

fn report(action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.net\r\n\
         Subject: Undelivered Mail\r\n\
         Message-ID: <report@mx.example.net>\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\
         \tboundary=\"=_b 1\"\r\n\
         \r\n\
         preamble\r\n\
         --=_b 1\r\n\
         Content-Type: text/plain\r\n\
         \r\n\
         Action: failed\r\n\
         \r\n\
         --=_b 1\r\n\
         Content-Type: message/delivery-status\r\n\
         \r\n\
         Reporting-MTA: dns; mx.example.net\r\n\
         \r\n\
         Final-Recipient: rfc822; person@example.org\r\n\
         Action: {action}\r\n\
         Status: {status}\r\n\
         Diagnostic-Code: smtp; 550 5.1.1\r\n \
         Action: delivered\r\n\
         \r\n\
         --=_b 1\r\n\
         Content-Type: text/rfc822-headers\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\
         \r\n\
         Subject: x\r\n\
         Message-Id:\r\n <n1=2B2@exam=\r\nple.com>\r\n\
         \r\n\
         --=_b 1--\r\n\
         Message-ID: <epilogue@example.com>\r\n"
    )
}

#[test]
fn only_final_failures_count() {
    for (action, status, undelivered, given_up) in [
        ("failed", "5.1.1", true, false),
        ("Failed", "5.7.26 (policy)", true, false),
        ("failed", "4.4.7", false, true),
        ("failed", "nonsense", false, true),
        ("delayed", "4.2.2", false, false),
        ("delayed", "5.1.1", false, false),
        ("delivered", "2.0.0", false, false),
        ("relayed", "5.1.1", false, false),
    ] {
        let found = bounce::read(report(action, status).as_bytes());
        assert_eq!(found.len(), 1, "{action} {status}");
        assert_eq!(found[0].message_id.as_deref(), Some("n1+2@example.com"));
        assert_eq!(found[0].recipient.as_deref(), Some("person@example.org"));
        assert_eq!(found[0].is_undelivered(), undelivered, "{action} {status}");
        assert_eq!(found[0].is_given_up(), given_up, "{action} {status}");
        assert!(!format!("{found:?}").contains("person@"));
    }
}

#[test]
fn a_mailbox_holds_many() {
    let ordinary = "Subject: hello\n\nFrom here on\n>From there\nAction: failed\n";
    let one = report("failed", "5.1.1").replace("\r\n", "\n");
    let two = report("delayed", "4.4.1").replace("\r\n", "\n").replace("n1", ">From n3");
    let mbox = format!("From a Mon\n{one}\nFrom b Tue\n{ordinary}\nFrom c Wed\n{two}\n");
    let found = bounce::read(mbox.as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].action, found[1].action), (Action::Failed, Action::Delayed));
    assert_eq!(found[0].status, Some(Status { class: 5, subject: 1, detail: 1 }));
}

#[test]
fn a_whole_message_may_come_back_and_inside_another_part() {
    let base64 = "TWVzc2FnZS1JRDogPG45QGV4YW1wbGUuY29tPg0KDQpib2R5DQo=";
    let text = format!(
        "Content-Type: multipart/mixed; boundary=out\n\n--out\n\
         Content-Type: multipart/report; x=\"a;b\"; BOUNDARY=in\n\n--in\n\
         Content-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; x\n\n\
         Original-Recipient: rfc822;<a@example.org>\nAction: failed\nStatus: 5.2.1\n\n\
         Final-Recipient: rfc822;b@example.org\nAction: failed\nStatus: 5.2.2\n\n--in\n\
         Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{base64}\n--in--\n--out--\n"
    );
    let found = bounce::read(text.as_bytes());
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|b| b.message_id.as_deref() == Some("n9@example.com")));
    let recipients: Vec<_> = found.iter().map(|b| b.recipient.as_deref().unwrap()).collect();
    assert_eq!(recipients, ["a@example.org", "b@example.org"]);
}

#[test]
fn what_is_no_report_yields_nothing() {
    for text in ["", "\n\n", "From ", "Subject: x\n\nAction: failed\nStatus: 5.0.0\n"] {
        assert_eq!(bounce::read(text.as_bytes()), [], "{text}");
    }
    let cut = report("failed", "5.1.1");
    let cut = &cut[..cut.find("Content-Type: text/rfc822").unwrap()];
    assert_eq!(bounce::read(cut.as_bytes())[0].message_id, None);
}

#[test]
fn status_codes_are_read_strictly() {
    assert_eq!(Status::parse(" 5.1.10 ok").unwrap().to_string(), "5.1.10");
    for text in ["", "5", "5.1", "5.1.1.1", "3.1.1", "5.1.9999", "5.+1.1", "x.y.z", "261.1.1"] {
        assert_eq!(Status::parse(text), None, "{text}");
    }
}

#[test]
fn an_id_that_is_none_is_not_taken_for_one_and_nothing_is_shown_of_those_that_are() {
    let named = "Message-ID: <n.1.abc@privacy.example>";
    let with = |header: &str| {
        let own = "Message-Id:\r\n <n1=2B2@exam=\r\nple.com>";
        let whole = report("failed", "5.1.1");
        assert!(whole.contains(own));
        bounce::read(whole.replace(own, header).as_bytes()).remove(0)
    };
    assert_eq!(with(named).message_id.as_deref(), Some("n.1.abc@privacy.example"));
    assert!(!format!("{:?}", with(named)).contains('@'));
    let long = format!("Message-ID: <{}>", "x".repeat(2000));
    for wrong in [
        "Message-ID: <unclosed person@example.org",
        "Message-ID: <a b@c>",
        "Message-ID: <=C3=A9@c>",
        &long,
    ] {
        assert_eq!(with(wrong).message_id, None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_complaint(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = bounce::read(&bytes);
    }

    #[test]
    fn any_damage_to_a_report_is_survived(
        at in 0usize..900,
        with in prop::collection::vec(any::<u8>(), 0..20),
        cut in 0usize..900,
        mailbox in any::<bool>(),
    ) {
        let mut bytes = if mailbox { b"From x\n".to_vec() } else { Vec::new() };
        bytes.extend(report("failed", "5.1.1").into_bytes());
        let at = at.min(bytes.len());
        bytes.splice(at..at, with);
        bytes.truncate(bytes.len() - cut.min(bytes.len()));
        let _ = bounce::read(&bytes);
    }
}
