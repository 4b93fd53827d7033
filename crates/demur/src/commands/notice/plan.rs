//! `demur notice plan`: who is affected, and what telling them takes.

use std::collections::BTreeMap;
use std::time::Duration;

use demur_core::purpose::Purpose;
use demur_notice::Language;
use serde_json::{Value, json};

use crate::context::{Context, now};
use crate::failure::Failure;
use crate::notices::audience::{Audience, Stands, audience};
use crate::notices::schedule::Schedule;
use crate::output::{grouped, table};

pub(super) fn run(context: &Context, purpose: &str) -> Result<(), Failure> {
    let purpose = context.purpose(Some(purpose))?;
    let register = context.register_to_tell()?;
    let state = register.purpose_state(&purpose.id, None)?;
    let audience = audience(context, purpose, &state, false)?;
    let rate = context.config.mail.as_ref().and_then(|mail| mail.per_second);
    let schedule = Schedule::of(purpose, audience.addressees.len() as u64, rate, now())?;
    let languages = languages(&audience);
    let words = format!(
        "{}\n{}\n{}",
        standing(&audience),
        spoken(context, purpose, &languages),
        when(purpose, &schedule)
    );
    let without_authority = audience.addressees.iter().filter(|to| to.authority.is_none()).count();
    if without_authority > 0 {
        context.out.warn(&format!(
            "warning: {} of the mails name no authority to complain to, and are not sent\n  hint: write `authority = \"IE\"` under [site], with the country whose authority supervises you",
            grouped(without_authority as u64)
        ));
    }
    if audience.nobody > 0 {
        context.out.warn(&format!(
            "warning: rows of the account facts without an account id: {}",
            grouped(audience.nobody)
        ));
    }
    context.out.result(&words, &json(purpose, &audience, &languages, &schedule));
    Ok(())
}

/// Where accounts stand: the name in JSON, and in words.
pub(super) const STANDS: [(Stands, &str, &str); 12] = [
    (Stands::ToTell, "to_tell", "to be told"),
    (Stands::Told, "told", "told"),
    (Stands::Objected, "objected", "objected to all of it, so there is nothing to tell"),
    (Stands::Returned, "returned", "the notice came back"),
    (Stands::NoAddress, "no_address", "no e-mail address is known"),
    (Stands::BadAddress, "bad_address", "the e-mail address cannot be read"),
    (Stands::Minor, "minor", "not affected: under age"),
    (Stands::Region, "region", "not affected: outside the purpose's regions"),
    (Stands::Status, "status", "not affected: the account's state is not used"),
    (Stands::BirthUnknown, "birth_date_unknown", "not used: nobody knows the birth date"),
    (Stands::RegionUnknown, "region_unknown", "not used: nobody knows the region"),
    (Stands::StatusUnknown, "status_unknown", "not used: nobody knows the account's state"),
];

/// Accounts by where they stand, as JSON.
pub(super) fn standing_json(audience: &Audience) -> Value {
    let count = |stands| audience.accounts.get(&stands).copied().unwrap_or_default();
    STANDS.iter().map(|(stands, name, _)| ((*name).to_owned(), json!(count(*stands)))).collect()
}

fn standing(audience: &Audience) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (stands, _, words) in STANDS {
        if let Some(count) = audience.accounts.get(&stands) {
            rows.push(vec![words.to_owned(), grouped(*count)]);
        }
    }
    rows.push(vec!["all accounts".into(), grouped(audience.accounts.values().sum())]);
    table(&["", "accounts"], &rows, 1)
}

/// How many mails go out in each language.
fn languages(audience: &Audience) -> BTreeMap<Language, u64> {
    let mut languages = BTreeMap::new();
    for addressee in &audience.addressees {
        *languages.entry(addressee.language).or_default() += 1;
    }
    languages
}

fn spoken(context: &Context, purpose: &Purpose, languages: &BTreeMap<Language, u64>) -> String {
    if languages.is_empty() {
        return "no mail is to be sent".to_owned();
    }
    let row = |(language, mails): (&Language, &u64)| {
        let told = context.config.told(purpose, *language);
        let note = match (told.interest.is_none() || told.retention.is_none(), told.is_mixed) {
            (true, _) => "cannot be sent: `interest_text` or `retention` is missing",
            (_, true) => "partly untranslated: see `translations` of the purpose",
            (_, false) => "",
        };
        vec![language.endonym(), note.to_owned(), grouped(*mails)]
    };
    let mut rows: Vec<Vec<String>> = languages.iter().map(row).collect();
    rows.push(vec!["all mails".into(), String::new(), grouped(languages.values().sum())]);
    table(&["language", "", "mails"], &rows, 2)
}

fn when(purpose: &Purpose, schedule: &Schedule) -> String {
    let takes = match schedule.takes {
        Some(takes) => format!("sending takes {} at the configured pace", hours(takes)),
        None => "no pace is configured, so sending takes as long as the server does".to_owned(),
    };
    let Some(last) = schedule.last_day else {
        return format!("{takes}; the purpose asks for no notice before it starts");
    };
    let (days, starts, zone) = (purpose.notice.days_before, purpose.starts_on, &purpose.time_zone);
    let rule = format!(
        "{last} ({zone}) is the last day on which a delivery leaves {days} days before {starts}"
    );
    match schedule.in_time {
        true => format!("{takes}\n{rule}"),
        false => format!(
            "{takes}\n{rule}\ntoo late: whoever is told after that day is excluded; move `starts_on`, or `days_before`"
        ),
    }
}

/// A long duration as people say it, rounded up.
fn hours(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().ceil() as u64;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

fn json(
    purpose: &Purpose,
    audience: &Audience,
    languages: &BTreeMap<Language, u64>,
    schedule: &Schedule,
) -> Value {
    let languages: serde_json::Map<String, Value> =
        languages.iter().map(|(l, mails)| (l.code().to_owned(), json!(mails))).collect();
    json!({
        "purpose": purpose.id,
        "accounts": standing_json(audience),
        "mails": audience.addressees.len(),
        "languages": languages,
        "seconds": schedule.takes.map(|takes| takes.as_secs_f64()),
        "last_day": schedule.last_day.map(|day| day.to_string()),
        "in_time": schedule.in_time,
    })
}
