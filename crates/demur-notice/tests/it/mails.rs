//! Envelopes and the folder of messages.

use demur_notice::mail::{Envelope, EnvelopeError, Mail, Sender};
use demur_notice::post::{FileOutbox, Post};
use demur_notice::{Composed, Language};
use jiff::Timestamp;

pub(crate) fn composed() -> Composed {
    Composed {
        language: Language::from_locale("pl").unwrap(),
        subject: "Państwa prawo do sprzeciwu – ".repeat(6),
        text: ".\n..two\nFrom me\nZażółć gęślą jaźń\n".into(),
        html: format!("<p>{}</p>\n", "ż".repeat(2000)),
    }
}

pub(crate) fn envelope<'a>(composed: &'a Composed, to: &'a str, id: &'a str) -> Envelope<'a> {
    Envelope {
        from: Sender {
            name: "Größe\r\nBcc: evil@example.com, & Söhne",
            address: "privacy@example.com",
        },
        to,
        message_id: id,
        date: Timestamp::from_second(1_748_304_000).unwrap(),
        composed,
        list_unsubscribe: None,
    }
}

pub(crate) fn mail(id: &str) -> Mail {
    envelope(&composed(), "person@example.org", id).seal().unwrap()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let one = mail("n1@example.com");
    assert_eq!(one.bytes(), mail("n1@example.com").bytes());
    assert_ne!(one.bytes(), mail("n2@example.com").bytes());
    let text = std::str::from_utf8(one.bytes()).unwrap();
    assert!(text.is_ascii(), "{text}");
    for header in [
        "Message-ID: <n1@example.com>\r\n",
        "Date: Tue, 27 May 2025 00:00:00 +0000\r\n",
        "Content-Type: multipart/alternative;",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Language: pl\r\n",
        "MIME-Version: 1.0\r\n",
        "To: person@example.org\r\n",
        "Subject: =?utf-8?b?",
    ] {
        assert!(text.contains(header), "{header}: {text}");
    }
    assert!(!text.contains("\r\nBcc:"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains('\n')));
    assert_eq!(format!("{one:?}"), format!("Mail(n1@example.com, {} bytes)", one.bytes().len()));
}

#[test]
fn what_is_no_address_is_refused_without_repeating_it() {
    let composed = composed();
    let good = envelope(&composed, "person@example.org", "n1@example.com");
    let seal = |envelope: Envelope<'_>| envelope.seal().map(|_| ()).unwrap_err();
    for to in ["", "person", "a@b@c", "x@example.org\r\nBcc: y@example.org", "<x@example.org>"] {
        let error = seal(Envelope { to, ..good });
        assert_eq!(error, EnvelopeError::Recipient, "{to}");
        assert!(to.is_empty() || !error.to_string().contains(to));
    }
    let from = Sender { name: "", address: "nobody" };
    assert_eq!(seal(Envelope { from, ..good }), EnvelopeError::Sender);
    for message_id in ["", "a", "a@", "@b", "../a@b", "a/b@c", "<a@b>", "a@b\r\n", "a@b@c", ".a@b"]
    {
        assert_eq!(seal(Envelope { message_id, ..good }), EnvelopeError::MessageId, "{message_id}");
    }
    for url in ["http://x", "https://x y", "https://x>", "javascript:x"] {
        let error = seal(Envelope { list_unsubscribe: Some(url), ..good });
        assert_eq!(error, EnvelopeError::ListUnsubscribe, "{url}");
    }
    let date = Timestamp::from_second(-1).unwrap();
    assert_eq!(seal(Envelope { date, ..good }), EnvelopeError::Date);
    let sealed =
        Envelope { list_unsubscribe: Some("https://example.com/u"), ..good }.seal().unwrap();
    let text = std::str::from_utf8(sealed.bytes()).unwrap();
    assert!(text.contains("List-Unsubscribe: <https://example.com/u>\r\n"), "{text}");
}

#[test]
fn the_folder_holds_each_message_once_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = FileOutbox::open(folder.path().join("out/box")).unwrap();
    std::fs::write(folder.path().join("out/box/n1@example.com.part"), "half").unwrap();
    for id in ["n1@example.com", "n2@example.com", "n1@example.com"] {
        outbox.send(&mail(id)).unwrap();
    }
    let names = |folder: &std::path::Path| {
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&folder.path().join("out/box")), ["n1@example.com.eml", "n2@example.com.eml"]);
    let one = mail("n1@example.com");
    assert_eq!(std::fs::read(outbox.path(&one)).unwrap(), one.bytes());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = FileOutbox::open(file.join("box")).unwrap_err().to_string();
    assert!(error.contains("box"), "{error}");
}
