//! People who objected stay out when their accounts come back under other ids.
//!
//! The oracle of the random test is a third reading: it remembers in the clear whatever the account facts
//! ever said of everybody who objected, which the register keeps as keyed hashes only.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Date32Array, Int64Array, StringArray};
use serde_json::Value;
use support::{AUTHORS, Platform, RECORDS, dice};

/// A row of the account facts.
#[derive(Clone, Debug)]
struct Row {
    id: i64,
    email: Option<String>,
    person: Option<String>,
}

fn row(id: i64, email: &str, person: &str) -> Row {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Row { id, email: text(email), person: text(person) }
}

/// The platform with addresses and persons; nobody need be told.
fn platform(rows: &[Row]) -> Platform {
    let p = Platform::new();
    p.configure(
        "status = \"status\"\n",
        "status = \"status\"\nemail = \"email\"\nperson = \"person\"\n",
    );
    p.configure("notice = { required = true, days_before = 30 }", "notice = { required = false }");
    facts(&p, rows);
    p
}

fn facts(p: &Platform, rows: &[Row]) {
    let n = rows.len();
    let text =
        |of: fn(&Row) -> Option<&str>| Arc::new(rows.iter().map(of).collect::<StringArray>());
    p.parquet(
        "accounts.parquet",
        vec![
            ("account_id", Arc::new(rows.iter().map(|row| row.id).collect::<Int64Array>())),
            ("birth_date", Arc::new(Date32Array::from(vec![3_653; n]))),
            ("region", Arc::new(StringArray::from(vec!["IE"; n]))),
            ("status", Arc::new(StringArray::from(vec!["active"; n]))),
            ("email", text(|row| row.email.as_deref())),
            ("person", text(|row| row.person.as_deref())),
        ],
    );
}

/// The accounts whose records a fresh build keeps; it must be what its audit says.
#[track_caller]
fn kept(p: &Platform, name: &str) -> BTreeSet<i64> {
    let to = format!("sets/{name}");
    let built = p.build(&to);
    let audit = p.demur(&["audit", &to, "--json"]).ok().json();
    assert_eq!((&audit["clean"], &audit["complete"]), (&true.into(), &true.into()), "{audit}");
    let ids = p.ids(&to);
    p.demur(&["gone", built["set"].as_str().unwrap()]).ok();
    let authors = ids.iter().map(|id| id[1..].parse::<i64>().unwrap() % AUTHORS + 1).collect();
    assert_eq!(ids.len() as i64 % (RECORDS / AUTHORS), 0, "all of an author's records or none");
    authors
}

fn object(p: &Platform, account: i64) -> String {
    let done = p.demur(&["objection", "add", "--account", &account.to_string(), "--json"]);
    done.ok().json()["case"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_account_id_with_the_same_address_stays_out() {
    let p = platform(&[row(3, "Mo@example.org", ""), row(4, "else@example.org", "")]);
    let case = object(&p, 3);
    // No snapshot was compiled yet, and the old account is gone for good.
    facts(&p, &[row(9, " mo@EXAMPLE.org", ""), row(4, "else@example.org", "")]);
    assert_eq!(kept(&p, "a"), BTreeSet::from([4]));
    let why =
        p.demur(&["explain", "assistant-training", "--corpus", "posts", "--record", "r8"]).ok();
    assert!(why.stdout.contains("of the same person under another account"), "{why:?}");

    // It came back under a third id with another address, while the second id was still known by both.
    facts(&p, &[row(9, "mo@example.org", "p1"), row(4, "else@example.org", "")]);
    assert_eq!(kept(&p, "b"), BTreeSet::from([4]));
    facts(&p, &[row(12, "other@example.org", "p1"), row(4, "else@example.org", "")]);
    assert_eq!(kept(&p, "c"), BTreeSet::from([4]));
    facts(&p, &[row(9, "", ""), row(4, "else@example.org", "")]);
    assert_eq!(kept(&p, "d"), BTreeSet::from([4]));

    // The person takes the objection back: nothing of it lasts.
    p.demur(&["objection", "withdraw", &case]).ok();
    assert_eq!(kept(&p, "e"), BTreeSet::from([4, 9]));
    p.demur(&["register", "verify"]).ok();
}

#[test]
fn who_is_imported_is_recognised_too_and_a_refusal_lifts_it() {
    let p =
        platform(&[row(3, "mo@example.org", "p"), row(5, "", "p"), row(4, "e@example.org", "")]);
    let import = |status: &str| {
        let file = format!("account_id,status,received_at\n3,{status},2025-05-01\n");
        p.write("objections.csv", &file);
        p.demur(&["objection", "import", "objections.csv"]).ok();
    };
    import("approved");
    // The linked account lost its person, and the one that objected is gone.
    facts(&p, &[row(5, "", ""), row(8, "mo@example.org", ""), row(4, "e@example.org", "")]);
    assert_eq!(kept(&p, "a"), BTreeSet::from([4]));
    import("refused");
    assert_eq!(kept(&p, "b"), BTreeSet::from([4, 5, 8]));
}

#[test]
fn people_who_share_a_mailbox_are_out_together_and_a_set_follows() {
    let p =
        platform(&[row(3, "both@example.org", ""), row(4, "both@example.org", ""), row(5, "", "")]);
    assert_eq!(kept(&p, "a"), BTreeSet::from([3, 4, 5]));
    p.build("sets/b");
    object(&p, 3);
    let done = p.demur(&["retract", "sets/b", "--json"]).ok().json();
    assert_eq!(
        (&done["sets"][0]["left"], &done["sets"][0]["judged_anew"]),
        (&50.into(), &Value::Null)
    );
    let audit = p.demur(&["audit", "sets/b", "--json"]).ok().json();
    assert_eq!((&audit["clean"], &audit["complete"]), (&true.into(), &true.into()), "{audit}");
}

#[test]
fn where_nothing_is_new_nothing_is_written_and_the_snapshot_is_the_same() {
    let p = platform(&[row(3, "mo@example.org", "p"), row(4, "e@example.org", "")]);
    object(&p, 3);
    let snapshot = || p.demur(&["snapshot", "assistant-training", "--json"]).ok().json();
    let events = || p.demur(&["register", "verify", "--json"]).ok().json()["events"].clone();
    let (first, before) = (snapshot(), events());
    let second = snapshot();
    assert_eq!((&first["digest"], before), (&second["digest"], events()));
}

/// What was ever known of everybody who objected, in the clear.
#[derive(Default)]
struct Memory(BTreeMap<i64, BTreeSet<String>>);

impl Memory {
    /// Whose signs an account has; what the facts say of it is remembered with them.
    fn look(&mut self, facts: &[Row], in_force: &BTreeSet<i64>) -> BTreeSet<i64> {
        let signs = |row: &Row| {
            let email = row.email.as_ref().map(|email| format!("e{}", email.to_lowercase()));
            let person = row.person.as_ref().map(|person| format!("p{person}"));
            [Some(format!("a{}", row.id)), email, person].into_iter().flatten().collect::<Vec<_>>()
        };
        let mut out = BTreeSet::new();
        for who in in_force {
            let known = self.0.entry(*who).or_default();
            known.insert(format!("a{who}"));
            loop {
                let before = known.len();
                for row in facts {
                    if signs(row).iter().any(|sign| known.contains(sign)) {
                        known.extend(signs(row));
                        out.insert(row.id);
                    }
                }
                if known.len() == before {
                    break;
                }
            }
        }
        out
    }
}

#[test]
fn whatever_the_facts_forget_the_register_remembers() {
    let mut roll = dice(11);
    let random = |rows: u64, roll: &mut dyn FnMut(u64) -> u64| -> Vec<Row> {
        let mut facts = Vec::new();
        for _ in 0..rows {
            let sign =
                |letter: &str, n: u64| if n < 14 { format!("{letter}{n}") } else { String::new() };
            let mut email = sign("m", roll(24));
            if !email.is_empty() {
                email =
                    if roll(2) == 0 { format!("{email}@X.org") } else { format!("{email}@x.org") };
            }
            let person = sign("q", roll(40));
            // An account may be listed twice, with other facts.
            facts.push(row(roll(AUTHORS as u64) as i64 + 1, &email, &person));
        }
        facts
    };
    let mut now = random(24, &mut roll);
    let p = platform(&now);
    let mut memory = Memory::default();
    let mut cases: BTreeMap<i64, String> = BTreeMap::new();
    for round in 0..16 {
        for _ in 0..roll(3) {
            let account = roll(AUTHORS as u64) as i64 + 1;
            match cases.remove(&account) {
                Some(case) => drop(p.demur(&["objection", "withdraw", &case]).ok()),
                None => drop(cases.insert(account, object(&p, account))),
            }
            let in_force = cases.keys().copied().collect();
            memory.look(&now, &in_force);
        }
        if roll(3) > 0 {
            now = random(24, &mut roll);
            facts(&p, &now);
        }
        let out = memory.look(&now, &cases.keys().copied().collect());
        let listed: BTreeSet<i64> = now.iter().map(|row| row.id).collect();
        let wanted: BTreeSet<i64> = listed.difference(&out).copied().collect();
        assert_eq!(kept(&p, &format!("r{round}")), wanted, "round {round}: {now:?} {cases:?}");
    }
    p.demur(&["register", "verify"]).ok();
}
