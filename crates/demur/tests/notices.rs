//! Telling people and hearing what came back, with a mail server and with a folder.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
use serde_json::{Value, json};
use support::sink::{Sink, Taken};
use support::{AUTHORS, Platform, RECORDS};

const SEND: [&str; 4] = ["notice", "send", "assistant-training", "--json"];

/// A row of the account facts.
#[derive(Clone)]
struct Person {
    id: i64,
    birth: Option<i32>,
    region: Option<&'static str>,
    status: Option<&'static str>,
    person: Option<String>,
    email: Option<String>,
    locale: Option<&'static str>,
}

/// An adult in Ireland.
fn person(id: i64) -> Person {
    Person {
        id,
        birth: Some(3_653),
        region: Some("IE"),
        status: Some("active"),
        person: None,
        email: Some(format!("p{id}@example.org")),
        locale: Some("en-IE"),
    }
}

fn people(p: &Platform, people: &[Person]) {
    fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
        Arc::new(values.collect::<StringArray>())
    }
    p.parquet(
        "accounts.parquet",
        vec![
            ("account_id", Arc::new(people.iter().map(|p| p.id).collect::<Int64Array>())),
            ("birth_date", Arc::new(people.iter().map(|p| p.birth).collect::<Date32Array>())),
            ("region", texts(people.iter().map(|p| p.region))),
            ("status", texts(people.iter().map(|p| p.status))),
            ("person", texts(people.iter().map(|p| p.person.as_deref()))),
            ("email", texts(people.iter().map(|p| p.email.as_deref()))),
            ("locale", texts(people.iter().map(|p| p.locale))),
        ],
    );
}

/// A platform whose purpose starts so late that notices of today are in time. `mail` is the rest of its
/// `[mail]`.
fn platform(all: &[Person], mail: &str) -> Platform {
    let p = Platform::new();
    people(&p, all);
    p.configure(
        "status = \"status\"\n",
        "status = \"status\"\nperson = \"person\"\nemail = \"email\"\nlocale = \"locale\"\n",
    );
    p.configure("starts_on = 2025-05-27\nobject_by = 2025-05-27", "starts_on = 2090-05-27");
    p.configure(
        "refusals = \"allowed\"\n",
        "refusals = \"allowed\"\n\
         interest_text = \"To understand how people write.\"\n\
         retention = \"Two years.\"\n\
         translations = { de = { title = \"Training der KI\", interest = \"Verstehen, wie Menschen \
         schreiben.\", retention = \"Zwei Jahre.\" } }\n",
    );
    p.configure(
        "[accounts]",
        &format!(
            "[site]\nurl = \"https://privacy.example.com\"\ncontact = \"dpo@example.com\"\n\
             [mail]\nfrom = \"Example Platform <privacy@example.com>\"\n{mail}\n[accounts]"
        ),
    );
    p.demur(&["check"]).ok();
    p
}

fn to_sink(sink: &Sink) -> String {
    format!(
        "server = \"127.0.0.1:{}\"\nencryption = \"none\"\nconnections = 3\nper_second = 100000",
        sink.port
    )
}

fn send(p: &Platform) -> Value {
    p.demur(&SEND).ok().json()
}

fn status(p: &Platform) -> Value {
    p.demur(&["notice", "status", "assistant-training", "--json"]).ok().json()
}

fn plan(p: &Platform) -> Value {
    p.demur(&["notice", "plan", "assistant-training", "--json"]).ok().json()
}

/// The personal link in a mail.
fn link(taken: &Taken) -> String {
    let text = taken.decoded();
    let start = text.find("https://privacy.example.com/o/").unwrap();
    text[start..].split_whitespace().next().unwrap().to_owned()
}

fn report(taken: &Taken, action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.net\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example.net\n\n\
         Final-Recipient: rfc822; {}\nAction: {action}\nStatus: {status}\n\n\
         --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {}\n\n--b--\n",
        taken.to,
        taken.header("Message-ID")
    )
}

fn bounces(p: &Platform, path: &str) -> Value {
    p.demur(&["notice", "bounces", "assistant-training", path, "--json"]).ok().json()
}

#[test]
fn a_run_that_is_killed_is_continued_and_nobody_is_left_out() {
    let all: Vec<Person> = (1..=300).map(person).collect();
    for answered in [0, 15, 150, 297] {
        let sink = Sink::new();
        let p = platform(&all, &to_sink(&sink));
        sink.answer(Some(answered));
        let mut child =
            p.command(&SEND).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sink.wait_until_silent_to(3);

        // A second one at the same time would write to people twice.
        p.demur(&SEND).refused(&["are being sent by another process", "goes on where it stopped"]);
        child.kill().unwrap();
        child.wait().unwrap();
        let then = status(&p);
        let under_way = then["under_way"].as_u64().unwrap();
        assert!((3..=32).contains(&under_way), "{then}");
        assert_eq!(then["delivered"].as_u64().unwrap() + then["remaining"].as_u64().unwrap(), 300);

        sink.answer(None);
        let sent = send(&p);
        assert_eq!(sent["resumed"], under_way);
        assert_eq!(sent["remaining"], 0);
        assert_eq!(sent["delivered"], then["remaining"]);
        let mut copies: BTreeMap<String, Vec<Taken>> = BTreeMap::new();
        for taken in sink.taken() {
            copies.entry(taken.to.clone()).or_default().push(taken);
        }
        assert_eq!(copies.len(), 300, "somebody was left out");
        let twice: Vec<_> = copies.values().filter(|copies| copies.len() > 1).collect();
        assert!(twice.len() as u64 <= under_way, "only who was under way may get two");
        for two in twice {
            assert_eq!(two.len(), 2);
            assert_eq!(two[0].header("Message-ID"), two[1].header("Message-ID"));
            assert_eq!(link(&two[0]), link(&two[1]));
        }
        let ids: BTreeSet<String> =
            copies.values().map(|copies| copies[0].header("Message-ID")).collect();
        let links: BTreeSet<String> = copies.values().map(|copies| link(&copies[0])).collect();
        assert_eq!((ids.len(), links.len()), (300, 300));
        assert_eq!(send(&p)["delivered"], 0);
        assert_eq!(status(&p)["under_way"], 0);
        p.demur(&["register", "verify"]).ok();
    }
}

#[test]
fn a_notice_that_came_back_excludes_until_another_one_arrives() {
    let sink = Sink::new();
    let all: Vec<Person> = (1..=AUTHORS).map(person).collect();
    let p = platform(&all, &to_sink(&sink));
    assert_eq!(p.build("sets/a")["dropped"], json!({"author_not_notified": RECORDS}));
    assert_eq!(send(&p)["told"], AUTHORS);
    assert_eq!(p.build("sets/b")["kept"], RECORDS);

    let fifth = &sink.to("p5@example.org")[0];
    let sixth = &sink.to("p6@example.org")[0];
    let seventh = &sink.to("p7@example.org")[0];
    p.write("reports/new/1.eml", &report(fifth, "failed", "5.1.1"));
    p.write("reports/cur/2.eml", &report(sixth, "failed", "4.4.7"));
    p.write("reports/cur/3.eml", &report(seventh, "delayed", "4.4.1"));
    p.write("reports/cur/4.eml", "Subject: lunch\n\nat noon?\n");
    p.write(
        "reports/cur/5.eml",
        &report(seventh, "failed", "5.1.1").replace("Message-ID: <", "Message-ID: <0"),
    );
    p.write("reports/tmp/6.eml", &report(seventh, "failed", "5.1.1"));
    let heard = bounces(&p, "reports");
    assert_eq!(
        heard,
        json!({"purpose": "assistant-training", "files": 5, "without_report": 1, "failed": 3,
            "accounts": 2, "known": 0, "nobody": 1, "other": 1, "unreadable": []})
    );
    assert_eq!(p.build("sets/c")["dropped"], json!({"author_not_notified": 50}));

    let again = bounces(&p, "reports");
    assert_eq!((&again["accounts"], &again["known"]), (&json!(0), &json!(2)));
    p.write("notices.csv", "account_id,delivered_at\n5,2026-01-01T00:00:00Z\n");
    p.demur(&["notice", "import", "notices.csv"]).ok();
    assert_eq!(p.build("sets/d")["dropped"], json!({"author_not_notified": 50}));
    assert_eq!(send(&p)["delivered"], 0, "the address is known to be dead");
    let seen = status(&p);
    assert_eq!((&seen["returned"], &seen["accounts"]["returned"]), (&json!(2), &json!(2)));

    let mut mended = all.clone();
    mended[4].email = Some("new5@example.org".into());
    people(&p, &mended);
    let sent = p.demur(&[&SEND[..], &["--returned"]].concat()).ok().json();
    assert_eq!(sent["told"], 2);
    let second = &sink.to("new5@example.org")[0];
    assert_ne!(second.header("Message-ID"), fifth.header("Message-ID"), "another mail");
    let once_more = bounces(&p, "reports");
    assert_eq!((&once_more["accounts"], &once_more["known"]), (&json!(0), &json!(2)));
    assert_eq!(p.build("sets/e")["kept"], RECORDS);

    p.write("second.mbox", &format!("From a\n{}", report(second, "failed", "5.1.1")));
    assert_eq!(bounces(&p, "second.mbox")["accounts"], 1);
    assert_eq!(p.build("sets/f")["dropped"], json!({"author_not_notified": 25}));
}

#[test]
fn everybody_is_written_to_in_their_language() {
    let mut all: Vec<Person> = (1..=4).map(person).collect();
    all[1].locale = Some("de_AT");
    all[1].region = Some("AT");
    all[2].locale = Some("nl-NL");
    all[3].locale = Some("fr");
    let p = platform(&all, "outbox = \"mails\"");
    let planned = plan(&p);
    assert_eq!(planned["languages"], json!({"en": 2, "de": 1, "fr": 1}));
    let words = p.demur(&["notice", "plan", "assistant-training"]).ok().stdout;
    assert!(words.contains("Français") && words.contains("partly untranslated"), "{words}");

    let ran = p.demur(&SEND).ok();
    assert_eq!(ran.json()["delivered"], 4);
    assert!(ran.stderr.contains("not all, in Français\n"), "{ran:?}");
    let mails: Vec<String> =
        p.files("mails", ".eml").iter().map(|f| std::fs::read_to_string(f).unwrap()).collect();
    let german = mails.iter().find(|m| m.contains("To: p2@example.org")).unwrap();
    assert!(german.contains("Content-Language: de\r\n"));
    let german = support::sink::decode(german);
    for words in [
        "Ihr Widerspruchsrecht",
        "Training der KI",
        "Verstehen, wie Menschen schreiben.",
        "Zwei Jahre.",
        "Österreichische Datenschutzbehörde",
        "https://privacy.example.com/notice/assistant-training",
        "dpo@example.com",
    ] {
        assert!(german.contains(words), "{words}: {german}");
    }
    assert!(!german.contains("Training the AI assistant"), "one language throughout");
    assert_eq!(mails.iter().filter(|m| m.contains("Content-Language: en\r\n")).count(), 2);
}

#[test]
fn who_cannot_be_written_to_costs_nobody_else_their_notice() {
    let sink = Sink::new();
    let mut all: Vec<Person> = (1..=20).map(person).collect();
    all[0].email = None;
    all[1].email = Some("  ".into());
    all[2].email = Some("not an address".into());
    all[3].email = Some("x@example.org\r\nBcc: y@example.org".into());
    all[4].birth = None;
    all[5].region = None;
    all[6].status = None;
    all[7].birth = Some(40_000);
    all[8].region = Some("US");
    all[9].status = Some("suspended");
    all[10].email = Some("gone11@example.org".into());
    all[11].email = Some("later12@example.org".into());
    let p = platform(&all, &to_sink(&sink));
    p.demur(&["objection", "add", "--account", "13"]).ok();
    p.demur(&["objection", "add", "--account", "14", "--scope", "public_content"]).ok();

    let planned = plan(&p);
    assert_eq!(
        planned["accounts"],
        json!({"to_tell": 9, "told": 0, "objected": 1, "returned": 0, "no_address": 2,
            "bad_address": 2, "minor": 1, "region": 1, "status": 1, "birth_date_unknown": 1,
            "region_unknown": 1, "status_unknown": 1})
    );
    assert_eq!(planned["last_day"], "2090-04-27");
    let ran = p.demur(&SEND).ok();
    let sent = ran.json();
    assert_eq!(
        sent,
        json!({"purpose": "assistant-training", "delivered": 8, "told": 8, "refused": 1, "later": 0,
            "uncertain": 0, "resumed": 0, "remaining": 0, "refused_accounts": ["11"],
            "bad_addresses": ["3", "4"]})
    );
    assert!(ran.stderr.contains("account 11"), "{ran:?}");
    assert!(ran.stderr.contains("accounts 3, 4"), "{ran:?}");
    assert!(!ran.stderr.contains('@'), "no address is ever printed: {ran:?}");
    assert_eq!(sink.to("later12@example.org").len(), 1);
    let accounts = &status(&p)["accounts"];
    assert_eq!((&accounts["told"], &accounts["returned"]), (&json!(8), &json!(1)));
}

#[test]
fn one_person_gets_one_mail_for_all_accounts_with_one_address() {
    let sink = Sink::new();
    let mut all: Vec<Person> = (1..=6).map(person).collect();
    for at in [0, 2, 3] {
        all[at].person = Some("anna".into());
        all[at].email = Some(if at == 2 { "ANNA@example.org" } else { "anna@example.org" }.into());
    }
    all[3].email = Some("anna.second@example.org".into());
    // The same address without a word that it is one person: each link acts for its own account.
    all[4].email = Some("shared@example.org".into());
    all[5].email = Some("shared@example.org".into());
    let p = platform(&all, &to_sink(&sink));
    let sent = send(&p);
    assert_eq!((&sent["delivered"], &sent["told"]), (&json!(5), &json!(6)));
    assert_eq!(sink.to("shared@example.org").len(), 2);
    let mails = sink.to("anna@example.org");
    assert_eq!(mails.len(), 1);
    p.write("back.eml", &report(&mails[0], "failed", "5.1.1"));
    assert_eq!(bounces(&p, "back.eml")["accounts"], 2, "both were told by it");
    assert_eq!(status(&p)["accounts"]["told"], 4);
}

#[test]
fn a_limit_leaves_the_rest_for_later() {
    let all: Vec<Person> = (1..=10).map(person).collect();
    let p = platform(&all, "");
    let sent = p.demur(&[&SEND[..], &["--limit", "3"]].concat()).ok().json();
    assert_eq!((&sent["delivered"], &sent["remaining"]), (&json!(3), &json!(7)));
    assert_eq!(p.files("outbox", ".eml").len(), 3);
    assert_eq!(send(&p)["delivered"], 7);
    assert_eq!(p.files("outbox", ".eml").len(), 10);
}

#[test]
fn what_is_missing_is_said_before_anybody_is_written_to() {
    let all: Vec<Person> = (1..=3).map(person).collect();
    let p = platform(&all, "");
    let remove = |from: &str, words: &[&str]| {
        let text = std::fs::read_to_string(p.path("demur.toml")).unwrap();
        p.configure(from, "");
        p.demur(&SEND).refused(words);
        p.write("demur.toml", &text);
    };
    remove("[mail]\nfrom = \"Example Platform <privacy@example.com>\"\n", &["there is no [mail]"]);
    remove(
        "[site]\nurl = \"https://privacy.example.com\"\ncontact = \"dpo@example.com\"\n",
        &["there is no [site]"],
    );
    remove("email = \"email\"\n", &["[accounts] names no column with addresses"]);
    remove("retention = \"Two years.\"\n", &["has no `retention`"]);
    p.configure("regions = [\"EU\"]", "regions = [\"EU\", \"GB\"]");
    let mut abroad = all.clone();
    abroad[2].region = Some("GB");
    people(&p, &abroad);
    p.demur(&SEND).refused(&["no authority is competent", "authority = \"IE\""]);
    p.configure("contact = \"dpo", "authority = \"IE\"\ncontact = \"dpo");
    assert_eq!(send(&p)["delivered"], 3);
}

#[test]
fn a_server_that_is_not_there_is_named_and_nothing_is_noted() {
    let all: Vec<Person> = (1..=3).map(person).collect();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let p = platform(&all, &format!("server = \"127.0.0.1:{port}\"\nencryption = \"none\""));
    let ran = p.demur(&SEND);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.contains(&format!("127.0.0.1:{port}")), "{ran:?}");
    assert_eq!(status(&p)["under_way"], 0);
}

#[test]
fn what_cannot_be_read_among_reports_is_named_and_stops_nothing() {
    let sink = Sink::new();
    let p = platform(&[person(1), person(2)], &to_sink(&sink));
    send(&p);
    let address_only = report(&sink.to("p1@example.org")[0], "failed", "5.1.1");
    let address_only = address_only.split("--b\nContent-Type: text/rfc822").next().unwrap();
    p.write("reports/b.eml", address_only);
    p.write("reports/.hidden", &report(&sink.to("p2@example.org")[0], "failed", "5.1.1"));
    std::os::unix::fs::symlink("nowhere", p.path("reports/a.eml")).unwrap();
    let args = ["notice", "bounces", "assistant-training", "reports", "--json"];
    let ran = p.demur(&args).refused(&["a.eml", "cannot be read"]);
    let heard = ran.json();
    assert_eq!((&heard["accounts"], &heard["files"]), (&json!(1), &json!(1)));
    assert!(!ran.stderr.contains('@'), "{ran:?}");
    assert_eq!(status(&p)["accounts"]["returned"], 1);
    let args = ["notice", "bounces", "assistant-training", "elsewhere"];
    p.demur(&args).refused(&["elsewhere: cannot be read", "a Maildir"]);
}
