//! The demo's platform: people, what they wrote, who was told and who objected, all from one seed.
//!
//! Nobody in it exists. The same seed and sizes give the same bytes, so a story told about the
//! platform stays true, and a changed verdict shows.

mod days;
mod dice;
mod files;
mod names;
mod objections;
mod people;
mod records;
mod regions;
#[cfg(test)]
mod tests;
mod texts;

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow, ensure};

use dice::Dice;
use objections::Objection;
use people::People;
use records::{Record, Scribe};
use texts::Pen;

/// Files that the corpus is split into.
const PARTS: usize = 8;
/// The fewest accounts that hold the story and every member state.
const FEWEST_ACCOUNTS: usize = 200;
/// The fewest records that hold the story.
const FEWEST_RECORDS: usize = 1_000;
/// Objections that name one record.
const ITEMS: usize = 20;

/// How large the platform is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Accounts with facts.
    pub accounts: usize,
    /// Records in the corpus.
    pub records: usize,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Platform {
    /// The person of the story: an adult in Ireland with an active account who was told in time, has
    /// no second account and did not object. Their account.
    pub late_objector: i64,
    /// What they are called.
    pub late_objector_name: String,
    /// Their records that everyone may see.
    pub late_objector_public: usize,
    /// One of these: a public post that shows and names nobody.
    pub late_objector_record: String,
    /// Accounts with facts.
    pub accounts: usize,
    /// Records in the corpus.
    pub records: usize,
    /// Lines of the objections, those that name one record included.
    pub objections: usize,
    /// Lines of the objections that name one record.
    pub record_objections: usize,
    /// Lines of the notices.
    pub notices: usize,
    /// Records with spans that cannot be redacted.
    pub broken_spans: usize,
}

/// Makes a platform below `folder`: `accounts.parquet`, `corpus/part-000.parquet` and on,
/// `objections.csv`, `notices.csv`. Files that are there already are replaced, each as a whole.
///
/// `progress` learns how many records are written.
///
/// # Errors
/// Sizes too small to hold the story; a folder or file that cannot be written.
pub(crate) fn generate(
    folder: &Path,
    seed: u64,
    size: &Size,
    progress: &mut dyn FnMut(u64),
) -> anyhow::Result<Platform> {
    ensure!(
        size.accounts >= FEWEST_ACCOUNTS && size.records >= FEWEST_RECORDS,
        "a platform needs at least {FEWEST_ACCOUNTS} accounts and {FEWEST_RECORDS} records"
    );
    let languages = texts::languages().map_err(|problem| anyhow!(problem))?;
    let people = People::draw(size.accounts, &mut Dice::new(seed, 0));
    let mut objections = objections::draw(&people, &languages, &mut Dice::new(seed, 1));
    let notices = objections::notices(&people, &mut Dice::new(seed, 2));
    let late_objector = &people.all[people.late_objector];
    let mut platform = Platform {
        late_objector: late_objector.id,
        late_objector_name: format!("{} {}", late_objector.first, late_objector.last),
        late_objector_public: 0,
        late_objector_record: String::new(),
        accounts: size.accounts,
        records: size.records,
        objections: 0,
        record_objections: 0,
        notices: notices.len(),
        broken_spans: 0,
    };

    let corpus = folder.join("corpus");
    fs::create_dir_all(&corpus).with_context(|| format!("cannot create {}", corpus.display()))?;
    files::accounts(folder.join("accounts.parquet"), &people)?;
    let (third_party, blameless) = who_is_who(&people, &objections);
    let scribe = Scribe::new(&people, &languages, size.records, third_party, blameless);
    let mut items = Items { every: size.records / ITEMS, found: Vec::new() };
    for part in 0..PARTS {
        let numbers = size.records * part / PARTS..size.records * (part + 1) / PARTS;
        let path = corpus.join(format!("part-{part:03}.parquet"));
        let mut dice = Dice::new(seed, 100 + part as u64);
        let mut table = files::Table::begin(path, files::corpus_schema(), &files::DISTINCT)?;
        let (mut rows, mut pen, mut record) =
            (files::Rows::new(), Pen::default(), Record::default());
        let mut waiting = 0;
        for number in numbers.clone() {
            let author = scribe.write(number, &mut record, &mut pen, &mut dice);
            platform.count(&scribe, number, &record);
            items.consider(number, author, &record, &people);
            rows.push(&record);
            waiting += 1;
            if waiting == files::ROW_GROUP / 4 || number + 1 == numbers.end {
                table.write(rows.take())?;
                waiting = 0;
                progress(number as u64 + 1);
            }
        }
        table.finish()?;
    }

    let mut dice = Dice::new(seed, 3);
    platform.record_objections = items.found.len();
    for (i, (record, author)) in items.found.into_iter().enumerate() {
        // Some say who they are; anyone may point at a record.
        let who = (i % 2 == 0).then(|| people.friend(author, &mut dice));
        let who = who.filter(|who| *who < people.accounts && *who != people.late_objector);
        objections.push(objections::of_record(who, record, &mut dice));
    }
    objections.sort_by_key(|objection| (objection.received, objection.who));
    platform.objections = objections.len();
    files::csv(
        &folder.join("objections.csv"),
        objections::COLUMNS,
        objections.iter().map(|objection| objection.fields(&people)),
    )?;
    files::csv(
        &folder.join("notices.csv"),
        ["account_id", "delivered_at"],
        notices.iter().map(|(second, account)| [account.to_string(), days::rfc3339(*second)]),
    )?;
    Ok(platform)
}

impl Platform {
    /// Takes note of what the story needs.
    fn count(&mut self, scribe: &Scribe<'_>, number: usize, record: &Record) {
        self.broken_spans += usize::from(scribe.is_broken(number));
        if scribe.is_late_objectors(number) && record.visibility == Some("public") {
            self.late_objector_public += 1;
            let alone = record.mentions.is_empty() && record.tagged.is_empty();
            if self.late_objector_record.is_empty() && record.kind == Some("post") && alone {
                self.late_objector_record.clone_from(&record.id);
            }
        }
    }
}

/// Records that someone objects to, spread over the corpus.
struct Items {
    every: usize,
    found: Vec<(String, usize)>,
}

impl Items {
    /// Takes the record if it is time for one and it is a public one of someone else.
    fn consider(&mut self, number: usize, author: usize, record: &Record, people: &People) {
        let due = number >= self.found.len() * self.every;
        let fits = record.visibility == Some("public")
            && matches!(record.kind, Some("post" | "comment" | "photo"))
            && people.is_plain_adult(author)
            && author != people.late_objector;
        if due && fits && self.found.len() < ITEMS {
            self.found.push((record.id.clone(), author));
        }
    }
}

/// Who objected to what others publish about them, and whose records nothing speaks against.
fn who_is_who(people: &People, objections: &[Objection]) -> (Vec<usize>, Vec<usize>) {
    let mut objected = vec![false; people.all.len()];
    let mut third_party = Vec::new();
    for objection in objections {
        if let Some(who) = objection.who {
            objected[who] = true;
            if objection.scopes.contains("third_party")
                && matches!(objection.status, "approved" | "pending" | "received")
            {
                third_party.push(who);
            }
        }
    }
    let blameless =
        |i: &usize| people.is_plain_adult(*i) && !objected[*i] && people.all[*i].person.is_none();
    let blameless = (0..people.accounts).filter(blameless).collect();
    (third_party, blameless)
}
