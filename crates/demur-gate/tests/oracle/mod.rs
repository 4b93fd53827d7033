//! A slow, obvious reading of the design's section 3: plain vectors, no index, no shared helper with
//! the code under test but the calendar.

use demur_core::day::Day;
use demur_core::id::AccountId;
use demur_core::purpose::{Purpose, ThirdPartyObjections, ThirdPartyRule};
use jiff::civil::{Date, date};

/// One row of the account facts.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) birth: Option<Date>,
    pub(crate) region: Option<&'static str>,
    pub(crate) status: Option<&'static str>,
    pub(crate) person: Option<i64>,
    /// Whether a notice was delivered in time.
    pub(crate) told: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) account: AccountId,
    pub(crate) record: Option<String>,
    pub(crate) scopes: Vec<&'static str>,
    pub(crate) status: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: Option<String>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) visibility: Option<&'static str>,
    pub(crate) author: Option<AccountId>,
    pub(crate) created: Option<Date>,
    pub(crate) text: Option<String>,
    /// `None` is a null list.
    pub(crate) mentioned: Option<Vec<Person>>,
    pub(crate) depicted: Option<Vec<Option<AccountId>>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: Option<AccountId>,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    Keep,
    /// The text afterwards, and whom the lists still name.
    Redact(String, Vec<AccountId>, Vec<AccountId>),
    Drop(&'static str),
}

pub(crate) fn judge(purpose: &Purpose, accounts: &[Account], said: &[Said], row: &Row) -> Judged {
    reason(purpose, accounts, said, row).unwrap_or_else(Judged::Drop)
}

fn reason(
    purpose: &Purpose,
    accounts: &[Account],
    said: &[Said],
    row: &Row,
) -> Result<Judged, &'static str> {
    let content = row.kind.and_then(|kind| purpose.content.get(kind)).ok_or("kind_not_covered")?;
    let visible = match row.visibility {
        Some(v) => content.visibility.permits(v),
        None => !content.visibility.is_needed(),
    };
    if !visible {
        return Err("not_public");
    }
    let in_force = || said.iter().filter(|s| !["refused", "withdrawn"].contains(&s.status));
    let items: Vec<&String> = in_force().filter_map(|s| s.record.as_ref()).collect();
    if !items.is_empty() && row.id.as_ref().is_none_or(|id| items.contains(&id)) {
        return Err("item_objected");
    }

    let author = row.author.as_ref().ok_or("author_unknown")?;
    let listings: Vec<&Account> = accounts.iter().filter(|a| a.id == *author).collect();
    if listings.is_empty() {
        return Err("author_unknown");
    }
    let of_age = |birth: Date| -> Day {
        let year = birth.year() + i16::from(purpose.minimum_age);
        let day = Date::new(year, birth.month(), birth.day()).unwrap_or(date(year, 3, 1));
        demur_core::day::of_date(day)
    };
    let asks_age = purpose.minimum_age > 0;
    for a in &listings {
        let unknown = (asks_age && a.birth.is_none())
            || (purpose.regions.is_needed() && a.region.is_none())
            || (purpose.account_status.is_needed() && a.status.is_none());
        if unknown {
            return Err("author_unknown");
        }
    }
    let births = || listings.iter().filter_map(|a| a.birth);
    if asks_age && births().any(|b| of_age(b) > demur_core::day::of_date(purpose.starts_on)) {
        return Err("author_minor");
    }
    if asks_age && purpose.needs_created() {
        let made = demur_core::day::of_date(row.created.ok_or("created_unknown")?);
        if births().any(|b| made < of_age(b)) {
            return Err("content_of_minor");
        }
    }
    if listings.iter().any(|a| a.region.is_some_and(|r| !purpose.regions.permits(r))) {
        return Err("author_outside_region");
    }
    if listings.iter().any(|a| a.status.is_some_and(|s| !purpose.account_status.permits(s))) {
        return Err("author_status");
    }
    if purpose.notice.required && listings.iter().any(|a| !a.told) {
        return Err("author_not_notified");
    }

    let own = everyone_joined(accounts, author);
    let about_author = |status: &[&str]| {
        in_force().any(|s| {
            s.record.is_none()
                && own.contains(&s.account)
                && s.scopes.contains(&content.scope.name())
                && status.contains(&s.status)
        })
    };
    if about_author(&["approved"]) {
        return Err("author_objected");
    }
    if about_author(&["received", "under_review"]) {
        return Err("author_restricted");
    }
    third_party(purpose, accounts, said, row, author)
}

fn third_party(
    purpose: &Purpose,
    accounts: &[Account],
    said: &[Said],
    row: &Row,
    author: &AccountId,
) -> Result<Judged, &'static str> {
    let objects = |id: &AccountId| {
        let any = purpose.third_party.objections == ThirdPartyObjections::Any;
        let own = everyone_joined(accounts, id);
        said.iter().any(|s| {
            !["refused", "withdrawn"].contains(&s.status)
                && s.record.is_none()
                && own.contains(&s.account)
                && (any || s.scopes.contains(&"third_party"))
        })
    };
    let is_author = |id: &AccountId| id == author || one_person(accounts, author, id);
    let mentioned = row.mentioned.clone().unwrap_or_default();
    let depicted = row.depicted.clone().unwrap_or_default();
    let mut gone = Vec::new();
    let everyone = mentioned
        .iter()
        .map(|m| (purpose.third_party.mentioned, &m.id))
        .chain(depicted.iter().map(|d| (purpose.third_party.depicted, d)));
    for (rule, id) in everyone {
        if rule == ThirdPartyRule::Keep {
            continue;
        }
        let id = id.as_ref().ok_or("third_party")?;
        if is_author(id) || !objects(id) {
            continue;
        }
        if rule == ThirdPartyRule::Drop {
            return Err("third_party");
        }
        gone.push(id.clone());
    }
    if gone.is_empty() {
        return Ok(Judged::Keep);
    }
    for id in &gone {
        let spans: Vec<&Person> = mentioned.iter().filter(|m| m.id.as_ref() == Some(id)).collect();
        if spans.is_empty() || spans.iter().any(|m| m.start.is_none() || m.end.is_none()) {
            return Err("third_party");
        }
    }
    let text = row.text.clone().ok_or("redaction_impossible")?;
    let mut owner: Vec<Option<usize>> = vec![None; text.len()];
    for (nth, m) in mentioned.iter().enumerate() {
        let (Some(start), Some(end)) = (m.start, m.end) else { continue };
        if start < 0 || start >= end || end > text.len() as i64 {
            return Err("redaction_impossible");
        }
        let (start, end) = (start as usize, end as usize);
        if text.get(start..end).is_none() || owner[start..end].iter().any(Option::is_some) {
            return Err("redaction_impossible");
        }
        owner[start..end].fill(Some(nth));
    }
    let goes = |nth: usize| mentioned[nth].id.as_ref().is_some_and(|id| gone.contains(id));
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        match owner[at] {
            Some(nth) if goes(nth) => {
                if mentioned[nth].start == Some(at as i64) {
                    out.push_str("[person]");
                }
            }
            _ => out.push(c),
        }
    }
    let stay = |id: Option<AccountId>| id.filter(|id| !gone.contains(id));
    let left = mentioned.into_iter().filter_map(|m| stay(m.id)).collect();
    Ok(Judged::Redact(out, left, depicted.into_iter().filter_map(stay).collect()))
}

/// The account, and all reached from it over shared persons.
fn everyone_joined(accounts: &[Account], id: &AccountId) -> Vec<AccountId> {
    let mut joined = vec![id.clone()];
    loop {
        let persons: Vec<i64> =
            accounts.iter().filter(|a| joined.contains(&a.id)).filter_map(|a| a.person).collect();
        let more: Vec<AccountId> = accounts
            .iter()
            .filter(|a| a.person.is_some_and(|p| persons.contains(&p)) && !joined.contains(&a.id))
            .map(|a| a.id.clone())
            .collect();
        if more.is_empty() {
            return joined;
        }
        joined.extend(more);
    }
}

/// Whether both are listed under exactly one person, the same.
fn one_person(accounts: &[Account], a: &AccountId, b: &AccountId) -> bool {
    let person = |id: &AccountId| {
        let mut persons: Vec<i64> =
            accounts.iter().filter(|x| x.id == *id).filter_map(|x| x.person).collect();
        persons.sort_unstable();
        persons.dedup();
        if persons.len() == 1 { Some(persons[0]) } else { None }
    };
    person(a).is_some() && person(a) == person(b)
}
