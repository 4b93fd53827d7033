//! Checking a training set against its own files, its corpus and the register, the slow way.
//!
//! Three questions, each answered record by record with the readable rules:
//! should this record be here today; should it have been here when the set was built; and is anything
//! here that the corpus does not account for, or missing that it does?

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use demur_core::day::Zone;
use demur_core::id::IdKind;
use demur_core::purpose::ThirdPartyRule;
use demur_core::redaction::{Span, redact};
use demur_core::rules::{Appearance, Place as Named, Reason, Record, Verdict, World, judge};
use roaring::RoaringBitmap;
use serde::Serialize;

use crate::digest;
use crate::error::{Error, Place};
use crate::files;
use crate::layout;
use crate::manifest::{MANIFEST, Manifest, Mode};
use crate::rows::Reader;
use crate::source::Format;
use crate::store;
use crate::table::Table;

/// What an audit compares a training set with.
#[derive(Debug)]
pub struct Request<'a> {
    /// The folder of the set.
    pub set: &'a Path,
    /// The folder of the configuration, where the corpora are looked for.
    pub folder: &'a Path,
    /// What account ids are.
    pub kind: IdKind,
    /// Everything known today.
    pub now: &'a World,
    /// Everything known when the set was built; `None` where it cannot be known any more.
    pub then: Option<&'a World>,
    /// How many findings to list of each sort; all are counted.
    pub list: usize,
}

/// What is wrong with one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is here, and may not be used by what the register says today.
    NoLongerLawful,
    /// It is here, and should not have been when the set was built.
    NeverLawful,
    /// It should be here and is not.
    Missing,
    /// It is here, and no record of the corpus accounts for it.
    Unaccounted,
}

impl Fault {
    /// The fault in words.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Fault::NoLongerLawful => "here, and may no longer be used",
            Fault::NeverLawful => "here, and should not have been from the start",
            Fault::Missing => "missing",
            Fault::Unaccounted => "here, and not from the corpus",
        }
    }
}

/// One record that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// The record's id.
    pub record: Option<String>,
    /// Where it lies, or where it should have come from.
    pub file: String,
    /// The rule that speaks against it.
    pub reason: Option<Reason>,
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records in the set.
    pub records: u64,
    /// Records of the corpus that were judged again.
    pub judged_again: u64,
    /// How many records are wrong, by fault and reason.
    pub faults: BTreeMap<Fault, BTreeMap<String, u64>>,
    /// The first of them.
    pub findings: Vec<Finding>,
    /// Records that may be used by now and are not in the set: they might not when it was copied, were erased, or
    /// are held back.
    pub not_copied: u64,
    /// Files that are damaged, missing, or not the set's.
    pub files: Vec<String>,
    /// What could not be checked, and why.
    pub unchecked: Vec<String>,
}

impl Report {
    /// Whether everything could be checked.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unchecked.is_empty()
    }

    /// Whether everything that was checked is as it should be.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.files.is_empty()
    }

    /// Records with that fault.
    #[must_use]
    pub fn count(&self, fault: Fault) -> u64 {
        self.faults.get(&fault).map_or(0, |reasons| reasons.values().sum())
    }

    fn add(&mut self, finding: Finding, list: usize) {
        let reason = finding.reason.map_or("", Reason::name).to_owned();
        *self.faults.entry(finding.fault).or_default().entry(reason).or_default() += 1;
        let same = self.findings.iter().filter(|f| f.fault == finding.fault).count();
        if same < list {
            self.findings.push(finding);
        }
    }
}

/// Audits a training set.
///
/// # Errors
/// Where the folder is no training set, or a file cannot be read at all.
pub fn audit(request: &Request<'_>, manifest: &Manifest) -> Result<Report, Error> {
    let mut report = Report::default();
    let gone = check_files(request.set, manifest, &mut report)?;
    if !report.files.is_empty() {
        return Ok(report);
    }
    let zone = Zone::named(&manifest.purpose.time_zone).map_err(|e| {
        Error::input(request.set.join(MANIFEST), None, e, "the manifest is damaged")
    })?;

    // What is here, by content; each is struck off when the corpus accounts for it.
    let mut here: HashMap<[u8; 32], (i64, Finding)> = HashMap::new();
    for file in &manifest.files {
        let path = store::resolve(request.set, &file.path);
        let Some(corpus) = manifest.corpora.iter().find(|c| c.id == file.corpus) else {
            report.files.push(format!("{} is of no corpus of the set", file.path));
            continue;
        };
        let reader = Reader { columns: &corpus.columns, kind: request.kind, zone: &zone };
        let out = gone.get(&file.path);
        reader.for_each(&path, manifest.data, |place, record| {
            if let (Some(out), Place::Row(row)) = (out, &place)
                && u32::try_from(*row).is_ok_and(|row| out.contains(row))
            {
                return Ok(());
            }
            report.records += 1;
            let at = format!("{} {place}", file.path);
            let Some(record) = record else {
                report.files.push(format!("{at} cannot be read"));
                return Ok(());
            };
            let worlds =
                [(Fault::NoLongerLawful, Some(request.now)), (Fault::NeverLawful, request.then)];
            for (fault, world) in worlds {
                let Some(world) = world else { continue };
                let reason = match judge(&manifest.purpose, world, &record) {
                    Verdict::Keep => continue,
                    Verdict::Drop(reason) => reason,
                    // A name that should have been taken out.
                    Verdict::Redact(_) => Reason::ThirdParty,
                };
                let finding = Finding {
                    fault,
                    record: record.id.clone().map(|id| id.0),
                    file: at.clone(),
                    reason: Some(reason),
                };
                report.add(finding, request.list);
            }
            let finding = Finding {
                fault: Fault::Unaccounted,
                record: record.id.clone().map(|id| id.0),
                file: at,
                reason: None,
            };
            here.entry(fingerprint(&record)).or_insert((0, finding)).0 += 1;
            Ok(())
        })?;
    }
    let Some(then) = request.then else {
        let why = "the account facts have changed since the set was built, so what is missing or was \
                   never lawful cannot be told";
        report.unchecked.push(why.to_owned());
        return Ok(report);
    };
    compare(request, manifest, then, &zone, here, &mut report)?;
    Ok(report)
}

/// Judges the corpus again and strikes off what is here.
fn compare(
    request: &Request<'_>,
    manifest: &Manifest,
    then: &World,
    zone: &Zone,
    mut here: HashMap<[u8; 32], (i64, Finding)>,
    report: &mut Report,
) -> Result<(), Error> {
    let mut whole = true;
    // What has become lawful since a set was copied is not in it, what would look otherwise now does not,
    // and what was erased does not come back.
    let later_copy = manifest.mode == Mode::Copy && manifest.version > 0;
    let cannot_return = later_copy || manifest.erased > 0;
    for corpus in &manifest.corpora {
        let reader = Reader { columns: &corpus.columns, kind: request.kind, zone };
        for input in &corpus.files {
            let path = store::resolve(request.folder, &input.path);
            let same = files::is_file(&path)? && digest::of_file(&path)? == input.blake3;
            if !same {
                whole = false;
                let why = "it is not what the set was built from any more";
                report.unchecked.push(format!("{}: {why}", input.path));
                continue;
            }
            reader.for_each(
                &path,
                Format::of(&path).unwrap_or(manifest.data),
                |place, record| {
                    report.judged_again += 1;
                    let Some(record) = record else { return Ok(()) };
                    let expected = match judge(&manifest.purpose, then, &record) {
                        Verdict::Drop(_) => return Ok(()),
                        Verdict::Keep => record,
                        // Nothing can be taken out of a record in its place.
                        Verdict::Redact(_) if manifest.mode == Mode::Overlay => return Ok(()),
                        Verdict::Redact(gone) => without(&record, &gone),
                    };
                    match here.get_mut(&fingerprint(&expected)) {
                        Some((left, _)) if *left > 0 => *left -= 1,
                        _ if cannot_return || report.not_copied < manifest.held_back => {
                            report.not_copied += 1;
                        }
                        _ => report.add(
                            Finding {
                                fault: Fault::Missing,
                                record: expected.id.map(|id| id.0),
                                file: format!("{} {place}", input.path),
                                reason: None,
                            },
                            request.list,
                        ),
                    }
                    Ok(())
                },
            )?;
        }
    }
    let rules = &manifest.purpose.third_party;
    let redacts = [rules.mentioned, rules.depicted].contains(&ThirdPartyRule::Redact);
    if later_copy && redacts {
        let why = "names were taken out by what was known when the set was built, so records of it cannot \
                   be compared with the corpus one by one";
        report.unchecked.push(why.into());
    } else if whole {
        let mut left: Vec<(i64, Finding)> = here.into_values().filter(|(n, _)| *n > 0).collect();
        left.sort_by(|a, b| a.1.file.cmp(&b.1.file));
        for (n, finding) in left {
            for _ in 0..n {
                report.add(finding.clone(), request.list);
            }
        }
    }
    Ok(())
}

/// Every file of the set is there and unchanged, the table lists exactly these, and no other data lies
/// beside them. Returns the rows of each file that the table does not have.
fn check_files(
    set: &Path,
    manifest: &Manifest,
    report: &mut Report,
) -> Result<HashMap<String, RoaringBitmap>, Error> {
    for file in &manifest.files {
        let path = store::resolve(set, &file.path);
        if !files::is_file(&path)? {
            report.files.push(format!("{} is missing", file.path));
        } else if digest::of_file(&path)? != file.blake3 {
            report.files.push(format!("{} is not what was built", file.path));
        }
    }
    let mut listed: Vec<&str> = manifest.files.iter().map(|f| f.path.as_str()).collect();
    listed.sort_unstable();
    for name in layout::all_files(set)? {
        let is_log = name.starts_with(crate::delta::LOG);
        let is_data = Format::of(Path::new(&name)).is_some() || name.ends_with(".rows");
        if is_data && !is_log && listed.binary_search(&name.as_str()).is_err() {
            report.files.push(format!("{name} does not belong to the set"));
        }
    }
    let mut gone = HashMap::new();
    if manifest.data == Format::Parquet {
        let table = Table::open(set)?;
        if table.files().iter().map(|file| file.path.as_str()).ne(listed) {
            report.files.push("the Delta log does not list the files of the manifest".into());
        }
        if table.version() != manifest.version {
            report.files.push(format!(
                "the table is at version {}, the manifest at {}",
                table.version(),
                manifest.version
            ));
        }
        for file in table.files() {
            gone.insert(file.path.clone(), table.gone(file)?);
        }
    }
    Ok(gone)
}

fn fingerprint(record: &Record) -> [u8; 32] {
    *blake3::hash(format!("{record:?}").as_bytes()).as_bytes()
}

/// The record as it should look without these people.
fn without(record: &Record, gone: &[demur_core::id::AccountId]) -> Record {
    let goes = |a: &Appearance| a.account.as_ref().is_some_and(|id| gone.contains(id));
    let all: Vec<&Appearance> = record.mentioned.iter().chain(&record.depicted).collect();
    let spans: Vec<Span> = all
        .iter()
        .filter_map(|a| match a.place {
            Named::At(start, end) => Some(Span { start, end, remove: goes(a) }),
            _ => None,
        })
        .collect();
    // The rules redact only where this succeeds.
    let Ok(redacted) = redact(record.text.as_deref().unwrap_or_default(), &spans) else {
        return record.clone();
    };
    let mut moved = redacted.spans.into_iter();
    let mut left = |list: &[Appearance]| -> Vec<Appearance> {
        let mut left = Vec::new();
        for a in list {
            let place = match a.place {
                Named::At(..) => moved.next().flatten().map_or(a.place, |(s, e)| Named::At(s, e)),
                other => other,
            };
            if !goes(a) {
                left.push(Appearance { account: a.account.clone(), place });
            }
        }
        left
    };
    let mentioned = left(&record.mentioned);
    let depicted = left(&record.depicted);
    Record { text: Some(redacted.text), mentioned, depicted, ..record.clone() }
}
