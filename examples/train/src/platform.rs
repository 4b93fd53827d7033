//! The demo's platform with canaries in it, and what `demur` makes of it: two training sets, one from
//! before anybody objected, one from after.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use parquet::record::Field;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::canary::{Canary, Group};
use crate::set::{self, Post};

/// The demo's purpose and corpus.
const PURPOSE: &str = "assistant-training";
const CORPUS: &str = "posts";

/// How large the demo's platform is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) accounts: usize,
    pub(crate) records: usize,
}

/// The command line in a folder.
struct Demur<'a> {
    program: &'a Path,
    folder: &'a Path,
}

impl Demur<'_> {
    /// Runs it, and reads the object that it prints.
    fn run(&self, arguments: &[&str]) -> Result<Value> {
        let shown = format!("demur {}", arguments.join(" "));
        let output = Command::new(self.program)
            .args(arguments)
            .arg("--json")
            .current_dir(self.folder)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} could not be started", self.program.display()))?;
        if !output.status.success() {
            let (said, more) = (&output.stderr, &output.stdout);
            let (said, more) = (String::from_utf8_lossy(said), String::from_utf8_lossy(more));
            bail!("`{shown}` ended with {}\n{said}{more}", output.status);
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("`{shown}` printed no JSON"))
    }

    /// Builds a training set of that name.
    fn build(&self, name: &str) -> Result<Set> {
        let to = format!("training-sets/{name}");
        let said = self.run(&["build", PURPOSE, "--corpus", CORPUS, "--to", &to])?;
        let count = |key: &str| said[key].as_u64().with_context(|| format!("no `{key}`"));
        Ok(Set { folder: self.folder.join(to), read: count("input")?, kept: count("kept")? })
    }
}

/// A training set that was built.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) folder: PathBuf,
    /// Records of the corpus.
    pub(crate) read: u64,
    /// Records of the set.
    pub(crate) kept: u64,
}

/// Both training sets.
#[derive(Clone, Debug)]
pub(crate) struct Sets {
    /// Built before anybody objected.
    pub(crate) ungated: Set,
    /// Built afterwards.
    pub(crate) gated: Set,
    /// Posts with canaries in them.
    pub(crate) posts: usize,
    /// Accounts that wrote them.
    pub(crate) authors: usize,
    /// Accounts of these that objected.
    pub(crate) objectors: usize,
}

/// Makes everything below `folder`, which must not be there.
pub(crate) fn make(
    program: &Path,
    folder: &Path,
    size: Size,
    canaries: &[Canary],
    dice: &mut ChaCha8Rng,
) -> Result<Sets> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let (accounts, records) = (size.accounts.to_string(), size.records.to_string());
    let story = folder.join("demo");
    let outside = Demur { program, folder };
    outside.run(&["demo", "demo", "--accounts", &accounts, "--records", &records])?;
    let mut authors = blameless(&story)?;
    authors.shuffle(dice);

    // The same platform, on which nothing has happened yet.
    let platform = folder.join("platform");
    copy(&story, &platform, &["accounts.parquet", "demur.toml", "notices.csv", "objections.csv"])?;
    copy(&story.join("docs"), &platform.join("docs"), &[])?;
    copy(&story.join("corpus"), &platform.join("corpus"), &[])?;
    let (posts, objectors, all) = posts(canaries, &authors, dice)?;
    let corpus = platform.join("corpus");
    set::write(&corpus.join("canaries.parquet"), &corpus.join("part-000.parquet"), &posts)?;

    let demur = Demur { program, folder: &platform };
    demur.run(&["check"])?;
    demur.run(&["notice", "import", "notices.csv"])?;
    let ungated = demur.build("ungated")?;
    demur.run(&["objection", "import", "objections.csv"])?;
    for account in &objectors {
        demur.run(&["objection", "add", "--account", &account.to_string()])?;
    }
    let gated = demur.build("gated")?;
    demur.run(&["audit", "training-sets/gated"])?;
    ensure!(ungated.read == gated.read, "the two builds read different corpora");
    Ok(Sets { ungated, gated, posts: posts.len(), authors: all, objectors: objectors.len() })
}

/// Copies the files of these names, or all, from folder to folder.
fn copy(from: &Path, to: &Path, names: &[&str]) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name();
        if names.is_empty() || names.iter().any(|wanted| name == *wanted) {
            fs::copy(entry.path(), to.join(&name))
                .with_context(|| entry.path().display().to_string())?;
        }
    }
    Ok(())
}

/// An account whose posts may be used, and the time of its latest record.
type Author = (i64, i64);

/// Accounts with records in the demo's last set, in the order of their ids. Whoever is in there is of age, was told,
/// lives in the purpose's regions and did not object. Only those whose person has no second account, so that
/// an objection of one is never one of another.
fn blameless(story: &Path) -> Result<Vec<Author>> {
    let mut alone = BTreeMap::new();
    set::rows(&story.join("accounts.parquet"), ["account_id", "person_id"], |row| {
        if let [Field::Long(account), Field::Null] = row {
            alone.insert(account, None);
        }
    })?;
    for file in set::files(&story.join("training-sets").join("v2"))? {
        set::rows(&file, ["author_id", "created_at"], |row| {
            if let [Field::Long(author), Field::Long(at) | Field::TimestampMicros(at)] = row
                && let Some(latest) = alone.get_mut(&author)
            {
                *latest = (*latest).max(Some(at));
            }
        })?;
    }
    Ok(alone.into_iter().filter_map(|(account, at)| Some((account, at?))).collect())
}

/// What is posted, which of the accounts object, and how many accounts wrote something.
fn posts(
    canaries: &[Canary],
    authors: &[Author],
    dice: &mut ChaCha8Rng,
) -> Result<(Vec<Post>, Vec<i64>, usize)> {
    let needed: usize = canaries.iter().map(Canary::writers).sum();
    ensure!(authors.len() >= needed, "{needed} authors are needed, there are {}", authors.len());
    let mut free = authors.iter();
    let (mut posts, mut objectors) = (Vec::new(), Vec::new());
    for canary in canaries {
        for (nth, (author, at)) in free.by_ref().take(canary.writers()).enumerate() {
            if nth == 0 && matches!(canary.group, Group::Objected | Group::Quoted) {
                objectors.push(*author);
            }
            posts.extend((0..canary.posts).map(|_| (*author, *at, canary.text())));
        }
    }
    posts.shuffle(dice);
    let name = |(at, (author, created, text)): (usize, (i64, i64, String))| Post {
        record: format!("canary-{at}"),
        author,
        created,
        text,
    };
    Ok((posts.into_iter().enumerate().map(name).collect(), objectors, needed))
}

/// Where a phrase that should be gone still is, or one that should be there is not.
///
/// Texts are searched as they are read from the set, and so is every file of its folder as it is on the disk,
/// logs and indexes included.
pub(crate) fn search(set: &Set, canaries: &[Canary], gated: bool) -> Result<()> {
    let texts = set::texts(&set.folder)?;
    let disk = set::bytes(&set.folder)?;
    for canary in canaries {
        let wanted = match canary.group {
            Group::Unseen => 0,
            Group::Stayed => canary.posts,
            Group::Objected => {
                if gated {
                    0
                } else {
                    canary.posts
                }
            }
            Group::Quoted => {
                if gated {
                    canary.posts
                } else {
                    2 * canary.posts
                }
            }
        };
        let found = texts.iter().filter(|text| text.contains(&canary.secret)).count();
        let where_ = set.folder.display();
        ensure!(
            found == wanted,
            "{where_}: `{}` ({}) is there {found} times and not {wanted}",
            canary.secret,
            canary.group.about()
        );
        let secret = canary.secret.as_bytes();
        let raw = disk.windows(secret.len()).any(|window| window == secret);
        ensure!(wanted > 0 || !raw, "{where_}: the bytes of `{}` are in a file", canary.secret);
    }
    Ok(())
}
