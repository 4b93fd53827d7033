//! Configurations as a person gets them wrong, and what they are told.

mod data;

use std::path::Path;

use demur_core::objection::Scope;
use demur_core::purpose::{
    Allowed, ContentOfMinors, Refusals, Review, Signals, ThirdPartyObjections,
};
use demur_gate::{Created, People, Unit, Value};

use super::*;

const BASE: &str = include_str!("base.toml");

fn say(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

fn outcome(text: &str) -> String {
    match parse(Path::new("demur.toml"), text) {
        Ok(loaded) => say(&loaded.warnings),
        Err(problems) => say(&problems),
    }
}

#[test]
fn broken_configurations_are_told_what_is_wrong() {
    let transcript = include_str!("broken.txt");
    let mut actual = transcript.split("== ").next().unwrap().to_owned();
    for case in transcript.split("== ").skip(1) {
        let (name, _) = case.split_once('\n').unwrap();
        actual += &format!("== {name}\n");
        let mut text = BASE.to_owned();
        let mut edits: Vec<(&str, String)> = Vec::new();
        for line in case.lines().filter(|line| line.starts_with(['-', '+'])) {
            actual += &format!("{line}\n");
            let content = line[1..].strip_prefix(' ').unwrap_or_default();
            match (line.starts_with('-'), edits.last_mut()) {
                (true, _) => edits.push((content, String::new())),
                (false, Some((_, new))) => *new += &format!("{content}\n"),
                (false, None) => panic!("{name}: a + without its -"),
            }
        }
        for (old, new) in edits {
            let old = format!("{old}\n");
            assert_eq!(text.matches(&old).count(), 1, "{name}: {old}");
            text = text.replace(&old, &new);
        }
        actual += &format!("{}\n", outcome(&text));
    }
    let (actual, expected) = (actual.trim_end(), transcript.trim_end());
    assert_eq!(actual, expected, "\nthis is what was said:\n{actual}\n");
}

#[test]
fn the_base_and_the_template_are_sound() {
    assert_eq!(outcome(BASE), "");
    assert_eq!(outcome(template()), "");
    // Every optional key that the template only mentions works as well.
    let all: Vec<&str> =
        template().lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    let is_prose = |line: &&str| line.contains(" = ") || line.starts_with('[');
    let keys = all.into_iter().filter(is_prose).filter(|line| !line.contains("in visibility"));
    let text: String = keys.map(|line| format!("{line}\n")).collect();
    let text = text.replace("without visibility say which: story", "# story");
    assert_eq!(outcome(&text), "", "{text}");
}

#[test]
fn a_configuration_becomes_what_it_says() {
    let config = parse(Path::new("demo/demur.toml"), BASE).unwrap().config;
    assert_eq!(config.folder, Path::new("demo"));
    let corpus = &config.corpora[0].columns;
    assert_eq!(corpus.kind, Value::Column("kind".into()));
    let mentioned = People {
        column: "mentions".into(),
        account: Some("user_id".into()),
        span: Some(("start".into(), "end".into())),
    };
    assert_eq!(corpus.mentioned, Some(mentioned));
    let purpose = &config.purposes[0];
    assert_eq!(purpose.regions, demur_core::purpose::sample().regions);
    assert_eq!(purpose.content["post"].scope, Scope::PublicContent);
    assert_eq!(purpose.content["ai_interaction"].scope, Scope::AiInteractions);
    assert_eq!(purpose.content["ai_interaction"].visibility, Allowed::Any);
    assert_eq!(config.lines.of("corpus.0.author"), Some(15));
    assert_eq!(config.lines.of("corpus.0.mentioned.start"), Some(20));
    assert_eq!(config.lines.of("purpose.0.holidays"), Some(23));
    assert_eq!(config.lines.of("nowhere"), None);
}

#[test]
fn what_is_left_out_has_its_default() {
    let optional = ["url", "object_by", "content_of_minors", "review", "refusals"];
    let text: String = BASE
        .lines()
        .filter(|line| !optional.iter().any(|key| line.starts_with(&format!("{key} = "))))
        .map(|line| format!("{line}\n"))
        .collect();
    let text = text
        .replace(", objections = \"third_party\"", "")
        .replace("kind = \"kind\"", "kind = { value = \"post\" }")
        .replace("created = \"created_at\"", "created = { column = \"ts\", unit = \"ms\" }")
        .replace("required = true, days_before = 30", "required = false")
        .replace("starts_on = 2025-05-27", "starts_on = \"2025-05-27\"");
    let config = parse(Path::new("demur.toml"), &text).unwrap().config;
    assert_eq!(config.register, RegisterConfig::default());
    assert_eq!(config.folder, Path::new(""));
    let columns = &config.corpora[0].columns;
    assert_eq!(columns.kind, Value::Constant("post".into()));
    assert_eq!(columns.created, Created { column: "ts".into(), unit: Some(Unit::Millis) });
    let purpose = &config.purposes[0];
    assert_eq!(purpose.object_by, purpose.starts_on);
    assert_eq!(purpose.content_of_minors, ContentOfMinors::Exclude);
    assert_eq!(purpose.review, Review::Manual);
    assert_eq!(purpose.refusals, Refusals::Allowed);
    assert_eq!(purpose.third_party.objections, ThirdPartyObjections::ThirdParty);
    assert_eq!((purpose.notice.required, purpose.notice.days_before), (false, 0));
}

/// The base with a way to people on top and words behind.
fn with_people() -> String {
    format!(
        "[site]\nurl = \"https://privacy.example.com/\"\ncontact = \"dpo@example.com\"\n\
         [mail]\nfrom = \"Example Platform <dpo@example.com>\"\n\
         [[recipient]]\nid = \"cloud\"\nname = \"Example Cloud Ltd\"\n\
         url = \"http://localhost:9000/hook?of=demur\"\nsecret_file = \"cloud.secret\"\n\
         [[recipient]]\nid = \"other\"\nname = \"Other Ltd\"\npurposes = [\"training\"]\n\
         {BASE}signals = \"object\"\ninterest_text = \"To understand.\"\nretention = \"Two years.\"\n\
         translations = {{ de = {{ title = \"Training der KI\", interest = \"Verstehen.\" }} }}\n"
    )
    .replace("[[corpus]]", "email = \"email\"\n[[corpus]]")
    .replace("refusals = \"allowed\"", "refusals = \"two_reviewers\"")
}

#[test]
fn the_way_to_people_becomes_what_it_says() {
    let loaded = parse(Path::new("demur.toml"), &with_people()).unwrap();
    assert_eq!(say(&loaded.warnings), "");
    let config = loaded.config;
    let site = config.site.as_ref().unwrap();
    assert_eq!(site.url, "https://privacy.example.com");
    assert_eq!((site.listen.to_string().as_str(), site.proxies), ("127.0.0.1:8080", 0));
    let mail = config.mail.as_ref().unwrap();
    assert_eq!(mail.sender().name, "Example Platform");
    assert_eq!(mail.sender().domain(), "example.com");
    assert_eq!((&mail.way, mail.per_second), (&MailWay::Outbox("outbox".into()), None));
    let purpose = &config.purposes[0];
    assert_eq!((purpose.refusals, purpose.signals), (Refusals::TwoReviewers, Signals::Object));
    let recipients: Vec<_> = config.recipients_of("training").map(|r| r.id.as_str()).collect();
    assert_eq!(recipients, ["cloud", "other"]);
    assert_eq!(config.recipients_of("another").count(), 1);
    let webhook = config.recipients[0].webhook.as_ref().unwrap();
    assert_eq!(webhook.url, "http://localhost:9000/hook?of=demur");
}

#[test]
fn people_are_told_in_their_language_where_somebody_translated() {
    let config = parse(Path::new("demur.toml"), &with_people()).unwrap().config;
    let told =
        |code| config.told(&config.purposes[0], demur_notice::Language::from_locale(code).unwrap());
    let (english, german, french) = (told("en"), told("de"), told("fr"));
    assert_eq!((english.title, english.is_mixed), ("Training the AI assistant", false));
    assert_eq!((german.title, german.interest), ("Training der KI", Some("Verstehen.")));
    assert_eq!((german.retention, german.is_mixed), (Some("Two years."), true));
    assert_eq!((french.interest, french.transfers), (Some("To understand."), None));
    assert!(french.is_mixed);
}

#[test]
fn the_usual_server_is_spoken_to_securely_and_slowly() {
    let text = with_people().replace("[mail]\n", "[mail]\nserver = \"mail.example.com:587\"\n");
    let mail = parse(Path::new("demur.toml"), &text).unwrap().config.mail.unwrap();
    let MailWay::Server(server) = mail.way else { panic!("{:?}", mail.way) };
    assert_eq!((server.host.as_str(), server.port), ("mail.example.com", 587));
    assert_eq!(server.security, demur_notice::post::Security::StartTls);
    assert_eq!((server.connections, mail.per_second.map(u32::from)), (4, Some(50)));
}

#[test]
fn a_scope_can_be_stated() {
    let text = BASE.replace(
        "ai_interaction = \"any\"",
        "search = { visibility = \"any\", scope = \"ai_interactions\" }",
    );
    let config = parse(Path::new("demur.toml"), &text).unwrap().config;
    assert_eq!(config.purposes[0].content["search"].scope, Scope::AiInteractions);
}

#[test]
fn an_empty_file_lacks_everything() {
    assert_eq!(
        outcome(""),
        "\
demur.toml:1: there is no [accounts]
  hint: write [accounts], and under it `location` and `account`: whoever is not in there is unknown, and excluded
demur.toml:1: warning: there is no [[corpus]]
  hint: write one: without it there is nothing to judge
demur.toml:1: warning: there is no [[purpose]]
  hint: write one: without it nothing can be built
"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demur.toml");
    let said = load(&path).map(|_| ()).unwrap_err()[0].to_string();
    assert!(said.ends_with("\n  hint: write one with `demur init`, or name another with --config"));
    std::fs::write(&path, b"[register]\nurl = \"\xff\"\n").unwrap();
    let problem = load(&path).map(|_| ()).unwrap_err().remove(0);
    assert_eq!((problem.line, problem.what.as_str()), (Some(2), "is not UTF-8"));
}

#[test]
fn a_name_on_the_command_line_that_is_none() {
    let config = parse(Path::new("demur.toml"), BASE).unwrap().config;
    assert_eq!(config.purpose("training").unwrap().id, "training");
    assert_eq!(config.corpus("posts").unwrap().id, "posts");
    assert_eq!(
        config.purpose("trainig").unwrap_err().to_string(),
        "demur.toml: there is no [[purpose]] with the id `trainig`\n  hint: did you mean `training`?"
    );
    assert_eq!(
        config.corpus("chats").unwrap_err().to_string(),
        "demur.toml: there is no [[corpus]] with the id `chats`\n  hint: the only one is posts"
    );
}
