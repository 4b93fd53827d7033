//! `demur objection`: what people said no to, and what became of it.

use std::path::Path;
use std::str::FromStr;

use demur_core::deadline::{self, SOON, Urgency};
use demur_core::id::{AccountId, IdKind, RecordId};
use demur_core::objection::{Effect, Scope, Scopes, Status};
use demur_core::purpose::{Purpose, Refusals};
use demur_core::{authority, day};
use demur_register::event::Source;
use demur_register::{
    Act, Case, CaseFilter, CaseId, CaseSummary, Extension, ImportSummary, NewObjection,
    ObjectionRow, Refusal, Register, is_same_reviewer,
};
use demur_web::acts;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::cli::{Add, Objection, Refuse};
use crate::context::{Context, case_id, now};
use crate::failure::Failure;
use crate::output::{grouped, table};
use crate::tables;
use crate::tombstones;

pub(crate) fn run(context: &Context, command: &Objection) -> Result<(), Failure> {
    match command {
        Objection::Import { file, purpose } => {
            let purpose = match purpose {
                Some(name) => Some(context.purpose(Some(name))?),
                None => context.purpose(None).ok(),
            };
            let mut register = context.register_to_tell()?;
            let summary = import(context, &mut register, file, purpose)?;
            tombstones::note_entered(context, &mut register);
            let words = format!(
                "{}: objections: {} new, {} moved on, {} known already",
                file.display(),
                grouped(summary.received as u64),
                grouped(summary.updated as u64),
                grouped(summary.unchanged as u64)
            );
            let json = json!({
                "received": summary.received,
                "updated": summary.updated,
                "unchanged": summary.unchanged,
            });
            context.out.result(&words, &json);
            Ok(())
        }
        Objection::Add(add) => self::add(context, add),
        Objection::Withdraw { case } => step(context, case, |register, case| {
            let account = account(register, case)?;
            let withdraw = |act: &mut Act<'_, '_>| match writes(context) {
                true => acts::withdraw(act, *case, account.as_ref()),
                false => act.withdraw(case),
            };
            Ok(register.act(now(), withdraw)?)
        }),
        Objection::Approve { case, by } => step(context, case, |register, case| {
            let account = account(register, case)?;
            let approve = |act: &mut Act<'_, '_>| match writes(context) {
                true => acts::approve(act, *case, account.as_ref(), by),
                false => act.approve(case, by),
            };
            Ok(register.act(now(), approve)?)
        }),
        Objection::Refuse(refuse) => self::refuse(context, refuse),
        Objection::Extend { case, by, reasons, months } => step(context, case, |register, case| {
            extend(context, register, case, by, reasons, *months)
        }),
        Objection::List { purpose, status, account, limit } => {
            let parse = |text: &String| Status::from_str(text).map_err(Failure::input);
            let filter = CaseFilter {
                purpose: purpose.clone(),
                status: status.as_ref().map(parse).transpose()?,
                account: account.as_ref().map(|id| context.account_id(id)).transpose()?,
            };
            list(context, &filter, *limit)
        }
        Objection::Show { case } => show(context, &context.existing_register()?, &case_id(case)?),
    }
}

/// Imports a file; rows without a purpose are about `purpose`.
pub(crate) fn import(
    context: &Context,
    register: &mut Register,
    file: &Path,
    purpose: Option<&Purpose>,
) -> Result<ImportSummary, Failure> {
    const COLUMNS: [&str; 7] =
        ["status", "received_at", "account_id", "scopes", "purpose", "reason", "record_id"];
    let kind = context.id_kind()?;
    let rows = tables::read(file, &COLUMNS, 2)?;
    let (mut objections, mut problems) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in &rows {
        match objection(row, kind, purpose) {
            Ok(objection) => objections.push(objection),
            Err(problem) => problems.push(format!("{}:{}: {problem}", file.display(), row.line)),
        }
    }
    refuse_if_any(&problems)?;
    let progress = context.out.progress("importing objections", Some(rows.len() as u64));
    let mut before = 0;
    let summary = register.import_objections(&objections, now(), &mut |done| {
        progress.add((done - before) as u64);
        before = done;
    });
    summary.map_err(|e| match e {
        demur_register::Error::Row { line, problem } => Failure::input(format!(
            "{}:{line}: {problem}\n  hint: nothing was imported",
            file.display()
        )),
        demur_register::Error::Conflict { .. } => {
            Failure::input(format!("{}: {e}\n  hint: nothing was imported", file.display()))
        }
        other => other.into(),
    })
}

/// Fails with the first problems of an import, if there are any.
pub(crate) fn refuse_if_any(problems: &[String]) -> Result<(), Failure> {
    const SHOWN: usize = 20;
    if problems.is_empty() {
        return Ok(());
    }
    let mut text = problems[..problems.len().min(SHOWN)].join("\n");
    if problems.len() > SHOWN {
        text.push_str(&format!("\n… and {} more", problems.len() - SHOWN));
    }
    Err(Failure::input(format!(
        "{text}\n  hint: nothing was imported; mend the file and import it again"
    )))
}

fn objection(
    row: &tables::Row,
    kind: IdKind,
    purpose: Option<&Purpose>,
) -> Result<ObjectionRow, String> {
    let record = row.exact(6).map(|id| RecordId(id.to_owned()));
    let account = row.account(2, kind)?;
    if account.is_none() && record.is_none() {
        return Err("it names neither an `account_id` nor a `record_id`".into());
    }
    let scopes = match (row.get(3), &record) {
        (None, Some(_)) => Scopes::NONE,
        (text, _) => Scopes::parse(text.unwrap_or_default())?,
    };
    let purpose = match (row.get(4), purpose) {
        (Some(named), _) => named.to_owned(),
        (None, Some(purpose)) => purpose.id.clone(),
        (None, None) => return Err("it names no purpose; say which with --purpose".into()),
    };
    Ok(ObjectionRow {
        line: row.line,
        account,
        record,
        purpose,
        scopes,
        status: row.need(0, "status")?.parse()?,
        received_at: tables::moment(row.need(1, "received_at")?)
            .map_err(|e| format!("`received_at`: {e}"))?,
        reason: row.get(5).map(str::to_owned),
    })
}

fn add(context: &Context, add: &Add) -> Result<(), Failure> {
    let purpose = context.purpose(add.purpose.as_deref())?;
    let account = add.account.as_ref().map(|id| context.account_id(id)).transpose()?;
    let record = add.record.clone().map(RecordId);
    let scopes = match (add.scopes.as_slice(), &record) {
        ([], Some(_)) => Scopes::NONE,
        ([], None) => Scopes::OWN,
        (named, _) => named
            .iter()
            .map(|s| Scope::from_str(s))
            .collect::<Result<Scopes, _>>()
            .map_err(Failure::input)?,
    };
    let at = now();
    let received_at = match &add.received_at {
        Some(text) => tables::moment(text).map_err(Failure::input)?,
        None => at,
    };
    let mut register = context.register_to_tell()?;
    let objection = NewObjection {
        account,
        record,
        purpose: purpose.id.clone(),
        scopes,
        received_at,
        grounds: add.grounds.clone(),
        contact: None,
        source: Source::CommandLine,
    };
    let submit = |act: &mut Act<'_, '_>| match writes(context) {
        true => acts::submit(act, objection),
        false => act.submit(objection),
    };
    let case = register.act(at, submit)?.case;
    tombstones::note_entered(context, &mut register);
    show(context, &register, &case)
}

fn step(
    context: &Context,
    case: &str,
    act: impl FnOnce(&mut Register, &CaseId) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let case = case_id(case)?;
    let mut register = context.register_to_decide()?;
    act(&mut register, &case)?;
    show(context, &register, &case)
}

fn refuse(context: &Context, refuse: &Refuse) -> Result<(), Failure> {
    let country = refuse.country.as_deref().unwrap_or_default();
    let authority = match (&refuse.authority, authority::for_country(country)) {
        (Some(named), _) => named.clone(),
        (None, Some(found)) => format!("{} ({}), {}", found.name, found.english, found.web),
        (None, None) => {
            return Err(Failure::input(format!(
                "no supervisory authority is known for \"{country}\"\n  hint: name it with --authority; countries are two capital letters"
            )));
        }
    };
    let court_route = match &refuse.court_route {
        Some(text) => text.clone(),
        None => authority::court_route(country).english.to_owned(),
    };
    let refusal = Refusal {
        by: refuse.by.clone(),
        grounds: refuse.grounds.clone(),
        authority,
        court_route,
        ground: refuse.ground,
    };
    step(context, &refuse.case, |register, case| {
        if is_first_of_two(register, case, &refusal.by)? {
            context.out.warn(
                "the refusal is proposed; another reviewer confirms it with the same command, on the same grounds",
            );
            return Ok(register.propose_refusal(case, &refusal, now())?);
        }
        if !writes(context) {
            return Ok(register.refuse(case, &refusal, now())?);
        }
        let account = account(register, case)?;
        let send =
            |act: &mut Act<'_, '_>| acts::send_refusal(act, *case, account.as_ref(), &refusal);
        register.act(now(), send)?;
        context.out.warn(
            "the refusal takes effect once its letter has gone out, which `demur serve` sees to; until then the restriction holds (Art. 18(3) GDPR)",
        );
        Ok(())
    })
}

/// Whether people are written to. Then whoever decides here has the same letters sent as the console.
fn writes(context: &Context) -> bool {
    context.config.site.is_some() && context.config.mail.is_some()
}

/// The account of a case.
fn account(register: &Register, case: &CaseId) -> Result<Option<AccountId>, Failure> {
    Ok(register.case(case)?.and_then(|known| known.summary.account))
}

/// Whether a refusal by `by` is the proposal that another reviewer must confirm.
fn is_first_of_two(register: &Register, case: &CaseId, by: &str) -> Result<bool, Failure> {
    let Some(known) = register.case(case)? else { return Ok(false) };
    let purpose = register.latest_purpose(&known.summary.purpose)?;
    let needs_two = purpose.is_some_and(|p| p.refusals == Refusals::TwoReviewers);
    let confirms = known.proposal().is_some_and(|p| !is_same_reviewer(&p.refusal.by, by));
    Ok(needs_two && !confirms)
}

fn extend(
    context: &Context,
    register: &mut Register,
    case: &CaseId,
    by: &str,
    reasons: &str,
    months: u8,
) -> Result<(), Failure> {
    let Some(known) = register.case(case)? else {
        return Err(demur_register::Error::NoSuchCase(*case).into());
    };
    let summary = known.summary;
    let purpose = register.latest_purpose(&summary.purpose)?;
    let (zone, holidays) = clock(purpose.as_ref());
    let extension =
        deadline::Extension::try_from(months).map_err(|e| Failure::input(e.to_string()))?;
    let first = deadline::due(summary.due_from, &zone, holidays);
    let at = now();
    let already = summary.extended_until.is_some();
    let until = deadline::may_extend(at, summary.due_from, extension, already, &zone, holidays)
        .map_err(|e| Failure::input(format!("case {case}: {e}")))?;
    let extension = Extension {
        by: by.to_owned(),
        reasons: reasons.to_owned(),
        first_deadline: first.due,
        until: until.due,
    };
    let account = summary.account;
    let extend = |act: &mut Act<'_, '_>| match writes(context) {
        true => acts::extend(act, *case, account.as_ref(), &extension),
        false => act.extend(case, &extension),
    };
    Ok(register.act(at, extend)?)
}

/// The zone and the holidays in which a purpose's deadlines run.
fn clock(purpose: Option<&Purpose>) -> (TimeZone, Option<&str>) {
    let zone = purpose.and_then(|p| day::Zone::named(&p.time_zone).ok());
    let zone = zone.map_or(TimeZone::UTC, |z| z.time_zone().clone());
    (zone, purpose.and_then(|p| p.holidays.as_deref()))
}

/// When a case must be answered, in words.
fn due(summary: &CaseSummary, purpose: Option<&Purpose>) -> (String, Option<Urgency>) {
    if summary.status.effect() != Effect::Restricted {
        return ("answered".into(), None);
    }
    let (zone, holidays) = clock(purpose);
    let due = deadline::answer_by(summary.due_from, summary.extended_until, &zone, holidays);
    let date = due.due;
    let urgency = Urgency::of(now(), &due, &zone, SOON);
    let word = match urgency {
        Urgency::Overdue => ", overdue",
        Urgency::DueSoon => ", soon",
        Urgency::Open => "",
    };
    (format!("{date}{word}"), Some(urgency))
}

fn list(context: &Context, filter: &CaseFilter, limit: usize) -> Result<(), Failure> {
    let register = context.existing_register()?;
    let purposes = register.purposes()?;
    let cases = register.cases(filter, limit)?;
    let purpose = |id: &str| purposes.iter().rfind(|p| p.id == id);
    let line = |c: &CaseSummary| {
        vec![
            c.case.to_string(),
            c.account.as_ref().map_or_else(|| "—".into(), ToString::to_string),
            covers(c),
            c.status.to_string(),
            c.received_at.strftime("%Y-%m-%d %H:%M").to_string(),
            due(c, purpose(&c.purpose)).0,
        ]
    };
    let rows: Vec<Vec<String>> = cases.iter().map(line).collect();
    let mut words =
        table(&["case", "account", "covers", "status", "received (UTC)", "due"], &rows, 6);
    if cases.len() == limit {
        words.push_str(&format!("\nthe first {limit}; more with --limit"));
    }
    let json: Vec<Value> = cases.iter().map(|c| summary_json(c, purpose(&c.purpose))).collect();
    context.out.result(&words, &json!({ "cases": json }));
    Ok(())
}

fn covers(case: &CaseSummary) -> String {
    match (case.names_record, case.scopes.is_empty()) {
        (true, true) => "one record".into(),
        (true, false) => format!("one record, {}", case.scopes),
        (false, _) => case.scopes.to_string(),
    }
}

fn summary_json(case: &CaseSummary, purpose: Option<&Purpose>) -> Value {
    json!({
        "case": case.case.to_string(),
        "account": case.account.as_ref().map(ToString::to_string),
        "purpose": case.purpose,
        "scopes": case.scopes,
        "names_record": case.names_record,
        "status": case.status,
        "received_at": case.received_at.to_string(),
        "changed_at": case.changed_at.to_string(),
        "due": due(case, purpose).0,
    })
}

fn show(context: &Context, register: &Register, id: &CaseId) -> Result<(), Failure> {
    let Some(case) = register.case(id)? else {
        return Err(demur_register::Error::NoSuchCase(*id).into());
    };
    let purpose = register.latest_purpose(&case.summary.purpose)?;
    let words = words(&case, purpose.as_ref());
    let mut json = summary_json(&case.summary, purpose.as_ref());
    json["record"] = json!(case.record);
    json["grounds"] = json!(case.grounds);
    json["history"] = case
        .history
        .iter()
        .map(|entry| json!({ "event": entry.seq, "at": entry.at.to_string(), "what": entry.what.name() }))
        .collect();
    context.out.result(&words, &json);
    Ok(())
}

fn words(case: &Case, purpose: Option<&Purpose>) -> String {
    let summary = &case.summary;
    let mut lines = vec![format!("case {}", summary.case)];
    let mut line = |name: &str, value: String| lines.push(format!("  {name:<10}{value}"));
    line("purpose", summary.purpose.clone());
    if let Some(account) = &summary.account {
        line("account", account.to_string());
    }
    if let Some(record) = &case.record {
        line("record", record.to_string());
    }
    line("covers", covers(summary));
    let status = match summary.status.effect() {
        Effect::Restricted => format!("{}: the data is stored and not used", summary.status),
        Effect::Objected => format!("{}: the data is not used", summary.status),
        Effect::None => format!("{}: it excludes nothing", summary.status),
    };
    line("status", status);
    line("received", summary.received_at.strftime("%Y-%m-%d %H:%M UTC").to_string());
    line("due", due(summary, purpose).0);
    if let Some(grounds) = &case.grounds {
        line("says", grounds.clone());
    }
    lines.push("  history".to_owned());
    for entry in &case.history {
        let at = entry.at.strftime("%Y-%m-%d %H:%M:%S");
        let by = entry.personal.as_ref().and_then(|p| p.by.as_deref());
        let by = by.map(|name| format!(" by {name}")).unwrap_or_default();
        let name = entry.what.name().replace('_', " ");
        lines.push(format!("    {at}  {name}{by}  (event {})", entry.seq));
        for part in entry.personal.iter().flat_map(|p| [&p.grounds, &p.authority, &p.court_route]) {
            // What the person said is shown above.
            if let Some(text) = part.as_ref().filter(|t| Some(*t) != case.grounds.as_ref()) {
                lines.push(format!("      {text}"));
            }
        }
    }
    lines.join("\n")
}
