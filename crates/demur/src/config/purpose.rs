//! Reads `[[purpose]]`.

use demur_core::day::Zone;
use demur_core::deadline::holidays::{countries, has_calendar};
use demur_core::purpose::{
    Allowed, ContentOfMinors, LegalBasis, NoticeRule, Purpose, References, Refusals, Review,
    Signals, ThirdPartyObjections, ThirdPartyRule, ThirdPartyRules, resolve_regions,
};

use super::content;
use super::corpus::id;
use super::problem::near;
use super::reader::{Item, Section};

pub(super) const PURPOSE_KEYS: [&str; 26] = [
    "id",
    "title",
    "controller",
    "legal_basis",
    "interest",
    "necessity",
    "balancing_test",
    "dpia",
    "starts_on",
    "object_by",
    "time_zone",
    "holidays",
    "minimum_age",
    "content_of_minors",
    "regions",
    "account_status",
    "content",
    "notice",
    "review",
    "refusals",
    "third_party",
    "signals",
    "interest_text",
    "retention",
    "transfers",
    "translations",
];

const STATUS_FIX: &str = "write `account_status = [\"active\", \"deactivated\"]`, or \"any\" \
                          where the state of an account does not matter";

/// Reads one `[[purpose]]`. Every key is read before anything is given up, so that one run reports
/// all that is wrong.
pub(super) fn purpose(section: &Section<'_>) -> Option<Purpose> {
    let id = id(section);
    let title = section.need_text(
        "title",
        "write `title = \"Training the AI assistant\"`: what people are told this is",
    );
    let controller = section.need_text(
        "controller",
        "write `controller = \"Example Platform Ltd\"`: who answers for it (Art. 4(7) GDPR)",
    );
    let legal_basis = section.choice(
        "legal_basis",
        &[("legitimate-interests", LegalBasis::LegitimateInterests)],
        None,
    );
    let references = references(section);
    let starts_on = section
        .need("starts_on", "write `starts_on = 2025-05-27`: the first day on which data is used")
        .and_then(|item| item.date());
    let object_by = match section.item("object_by") {
        None => starts_on,
        Some(item) => {
            let date = item.date();
            if let (Some(date), Some(start)) = (date, starts_on)
                && date > start
            {
                section.reader.warning(
                    item.line,
                    format!("`object_by` is {date}, after the use has begun on {start}"),
                    "advise people to object by the first day of use, or earlier",
                );
            }
            date
        }
    };
    let time_zone = time_zone(section);
    let holidays = holidays(section);
    let minimum_age = section
        .need("minimum_age", "write `minimum_age = 18`, or 0 where age does not matter")
        .and_then(|item| item.whole(0..=150))
        .and_then(|age| u8::try_from(age).ok());
    let content_of_minors = section.choice(
        "content_of_minors",
        &[("exclude", ContentOfMinors::Exclude), ("include", ContentOfMinors::Include)],
        Some(ContentOfMinors::Exclude),
    );
    let regions = regions(section);
    let account_status =
        section.need("account_status", STATUS_FIX).and_then(|item| any_or_list(&item, STATUS_FIX));
    let content = content::content(section);
    let notice = notice(section);
    let review = section.choice(
        "review",
        &[("automatic", Review::Automatic), ("manual", Review::Manual)],
        Some(Review::Manual),
    );
    let refusals = section.choice(
        "refusals",
        &[
            ("allowed", Refusals::Allowed),
            ("two_reviewers", Refusals::TwoReviewers),
            ("never", Refusals::Never),
        ],
        Some(Refusals::Allowed),
    );
    let third_party = third_party(section);
    let signals = section.choice(
        "signals",
        &[("ignore", Signals::Ignore), ("record", Signals::Record), ("object", Signals::Object)],
        Some(Signals::Record),
    );
    Some(Purpose {
        id: id?,
        title: title?,
        controller: controller?,
        legal_basis: legal_basis?,
        references: references?,
        starts_on: starts_on?,
        object_by: object_by?,
        time_zone: time_zone?,
        holidays: holidays?,
        minimum_age: minimum_age?,
        content_of_minors: content_of_minors?,
        regions: regions?,
        account_status: account_status?,
        content: content?,
        notice: notice?,
        review: review?,
        refusals: refusals?,
        third_party: third_party?,
        signals: signals?,
    })
}

fn references(section: &Section<'_>) -> Option<References> {
    let need = |key: &str, example: &str, law: &str| {
        section.need_text(
            key,
            &format!(
                "write `{key} = \"docs/{example}.md\"`, or a URL: {law}, and a purpose without it \
                 is not opened"
            ),
        )
    };
    let interest = need("interest", "interest", "Art. 6(1)(f) GDPR asks which interest is pursued");
    let necessity = need(
        "necessity",
        "necessity",
        "Art. 6(1)(f) GDPR asks why the interest cannot be reached with less",
    );
    let balancing_test = need(
        "balancing_test",
        "balancing-test",
        "Art. 6(1)(f) GDPR asks for a balance against people's rights",
    );
    let dpia = need("dpia", "dpia", "Art. 35 GDPR asks for a data protection impact assessment");
    Some(References {
        interest: interest?,
        necessity: necessity?,
        balancing_test: balancing_test?,
        dpia: dpia?,
    })
}

fn time_zone(section: &Section<'_>) -> Option<String> {
    let item = section.need(
        "time_zone",
        "write `time_zone = \"Europe/Dublin\"`: the zone in which days are counted",
    )?;
    let name = item.text()?;
    if Zone::named(&name).is_err() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let fix = match near(&name, known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "write an IANA name such as \"Europe/Dublin\"".to_owned(),
        };
        item.error(format!("`time_zone` is \"{name}\", which is not a time zone"), fix);
        return None;
    }
    Some(name)
}

/// The outer option is whether it could be read, the inner one whether it is there.
#[allow(clippy::option_option)]
fn holidays(section: &Section<'_>) -> Option<Option<String>> {
    let Some(item) = section.item("holidays") else { return Some(None) };
    let country = item.text()?;
    if !has_calendar(&country) {
        item.error(
            format!("`holidays` is \"{country}\", a country without a calendar in Demur"),
            format!(
                "write one of {}; without `holidays` only weekends move a deadline, which is never \
                 later",
                countries().join(", ")
            ),
        );
        return None;
    }
    Some(Some(country))
}

fn regions(section: &Section<'_>) -> Option<Allowed> {
    const FIX: &str = "write `regions = [\"EU\"]`: EU, EEA or two-letter country codes in \
                       capitals, or \"any\" where the region does not matter";
    let item = section.need("regions", FIX)?;
    if item.as_text() == Some("any") {
        return Some(Allowed::Any);
    }
    let mut codes = Vec::new();
    let mut sound = true;
    for entry in item.list(FIX)? {
        let resolved = entry.as_text().and_then(|name| resolve_regions(&[name]).ok());
        match resolved {
            None => {
                entry.wrong("write EU, EEA or a two-letter country code in capitals");
                sound = false;
            }
            Some(resolved) => codes.extend(resolved),
        }
        let usual = match entry.as_text() {
            Some("UK") => Some("GB"),
            Some("EL") => Some("GR"),
            _ => None,
        };
        if let (Some(usual), Some(written)) = (usual, entry.as_text()) {
            section.reader.warning(
                entry.line,
                format!("an entry of `regions` is \"{written}\", which is not an ISO 3166-1 code"),
                format!("write \"{usual}\", unless the accounts really hold \"{written}\""),
            );
        }
    }
    let codes = resolve_regions(&codes).ok()?;
    sound.then_some(Allowed::Only(codes))
}

/// Reads `"any"`, or a list of strings that is not empty.
pub(super) fn any_or_list(item: &Item<'_>, fix: &str) -> Option<Allowed> {
    if item.as_text() == Some("any") {
        return Some(Allowed::Any);
    }
    item.texts(fix).map(Allowed::Only)
}

fn notice(section: &Section<'_>) -> Option<NoticeRule> {
    const FIX: &str = "say whether people must have been told: write `notice = { required = true, \
                       days_before = 30 }`, or `notice = { required = false }`";
    let item = section.need("notice", FIX)?;
    let table = item.table(item.within(section), &["required", "days_before"], FIX)?;
    let required = table.need("required", FIX).and_then(|item| item.truth());
    let days_before = match (table.item("days_before"), required) {
        (Some(item), _) => item.whole(0..=3650),
        (None, Some(true)) => table
            .need(
                "days_before",
                "write how many days before the start the notice must have arrived",
            )
            .and_then(|item| item.whole(0..=3650)),
        (None, _) => Some(0),
    };
    Some(NoticeRule { required: required?, days_before: u32::try_from(days_before?).ok()? })
}

fn third_party(section: &Section<'_>) -> Option<ThirdPartyRules> {
    const FIX: &str = "say what happens to records about someone who objected: write \
                       `third_party = { mentioned = \"keep\", depicted = \"drop\", objections = \
                       \"third_party\" }`";
    const RULES: [(&str, ThirdPartyRule); 3] = [
        ("keep", ThirdPartyRule::Keep),
        ("redact", ThirdPartyRule::Redact),
        ("drop", ThirdPartyRule::Drop),
    ];
    let item = section.need("third_party", FIX)?;
    let known = ["mentioned", "depicted", "objections"];
    let table = item.table(item.within(section), &known, FIX)?;
    let mentioned = table.choice("mentioned", &RULES, None);
    let depicted = table.choice("depicted", &RULES, None);
    let objections = table.choice(
        "objections",
        &[("third_party", ThirdPartyObjections::ThirdParty), ("any", ThirdPartyObjections::Any)],
        Some(ThirdPartyObjections::ThirdParty),
    );
    Some(ThirdPartyRules { mentioned: mentioned?, depicted: depicted?, objections: objections? })
}
