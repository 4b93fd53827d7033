//! The large platform: made once from a seed, used by every later run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use super::configuration::Configuration;
use super::people::People;
use super::records::{self, Part};
use super::table::Table;
use super::words::Lexicon;

/// The zone of every moment.
pub(crate) const UTC: &str = "UTC";

/// Everything follows from this number.
const SEED: u64 = 21;
/// How many files the corpus has.
const FILES: u64 = 8;
/// Counted up whenever the same sizes would come out differently.
const EDITION: u64 = 2;
/// Written last, so that half a platform is never taken for one.
const MARKER: &str = "platform.json";

/// The configurations: notices are asked for in the second. Not in the first: the limits speak of
/// objections, and delivering five million notices first would be the longest step of all.
const CONFIGURATIONS: [(&str, bool); 2] = [("demur.toml", false), ("demur-notices.toml", true)];

/// How large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) records: u64,
    pub(crate) accounts: u64,
    pub(crate) objections: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { records: 20_000_000, accounts: 5_000_000, objections: 530_000 }
    }
}

/// A platform that is there as a whole.
pub(crate) struct Platform {
    folder: PathBuf,
}

impl Platform {
    /// The folder of a platform of these sizes below `target`.
    fn at(target: &Path, sizes: &Sizes) -> Self {
        let Sizes { records, accounts, objections } = sizes;
        let name = format!("{records}-{accounts}-{objections}");
        Self { folder: target.join("platform").join(name) }
    }

    /// Finds the platform or makes it.
    pub(crate) fn prepare(target: &Path, sizes: &Sizes) -> Result<Self> {
        let platform = Self::at(target, sizes);
        let wanted = json!({
            "edition": EDITION,
            "seed": SEED,
            "records": sizes.records,
            "accounts": sizes.accounts,
            "objections": sizes.objections,
        });
        if platform.marker().as_ref() == Some(&wanted) {
            eprintln!("the platform is there: {}", platform.folder.display());
        } else {
            let started = Instant::now();
            platform.make(sizes)?;
            write(&platform.file(MARKER), &format!("{wanted:#}\n"))?;
            eprintln!(
                "made {} in {:.0} s",
                platform.folder.display(),
                started.elapsed().as_secs_f64()
            );
        }
        Ok(platform)
    }

    fn marker(&self) -> Option<Value> {
        serde_json::from_slice(&fs::read(self.file(MARKER)).ok()?).ok()
    }

    /// One of its files.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where the platform is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The configuration, with notices required or not.
    pub(super) fn config(notices: bool) -> &'static str {
        CONFIGURATIONS[usize::from(notices)].0
    }

    fn make(&self, sizes: &Sizes) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).with_context(|| shown(&self.folder))?;
        }
        let corpus = self.file("corpus");
        fs::create_dir_all(&corpus).with_context(|| shown(&corpus))?;
        eprintln!("making {}, once", self.folder.display());
        for (name, notices) in CONFIGURATIONS {
            let configuration = Configuration {
                platform: Path::new(""),
                made: Path::new("measured"),
                corpora: &[("posts", "corpus/*.parquet"), ("extract", "extract.jsonl")],
                notices,
                persons: false,
                mentioned: "keep",
                depicted: "drop",
            };
            write(&self.file(name), &configuration.text())?;
        }
        let people = People::new(SEED, sizes.accounts);
        let lexicon = Lexicon::new(SEED);
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let next = AtomicU64::new(0);
        // The long files first, the people's tables while the last of those are written.
        let work = || -> Result<()> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                match number {
                    0..FILES => self.write_part(sizes, &people, &lexicon, number)?,
                    _ if number - FILES < 3 => self.write_table(sizes, &people, number - FILES)?,
                    _ => return Ok(()),
                }
            }
        };
        thread::scope(|scope| {
            let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            let ended = running.into_iter().map(|worker| {
                worker.join().map_err(|_| anyhow!("a thread that made the platform panicked"))?
            });
            ended.collect()
        })
    }

    fn write_part(
        &self,
        sizes: &Sizes,
        people: &People,
        lexicon: &Lexicon,
        number: u64,
    ) -> Result<()> {
        let first = sizes.records * number / FILES;
        let rows = sizes.records * (number + 1) / FILES - first;
        let path = self.file("corpus").join(format!("part-{number:03}.parquet"));
        let lines = (number == 0).then(|| self.file("extract.jsonl"));
        records::write(SEED, people, lexicon, Part { number, first, rows }, &path, lines.as_deref())
    }

    fn write_table(&self, sizes: &Sizes, people: &People, number: u64) -> Result<()> {
        let name = ["accounts.parquet", "objections.parquet", "notices.parquet"][number as usize];
        let mut table = Table::begin(&self.file(name));
        match number {
            0 => people.write_accounts(&mut table)?,
            1 => people.write_objections(sizes.objections, &mut table)?,
            _ => people.write_notices(&mut table)?,
        }
        table.finish()
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| shown(path))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The bytes of a file, or of all files below a folder.
pub(crate) fn bytes_below(path: &Path) -> Result<u64> {
    let facts = fs::metadata(path).with_context(|| shown(path))?;
    if !facts.is_dir() {
        return Ok(facts.len());
    }
    let mut bytes = 0;
    for entry in fs::read_dir(path).with_context(|| shown(path))? {
        bytes += bytes_below(&entry.with_context(|| shown(path))?.path())?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sizes_give_the_same_bytes_and_are_made_once() {
        let sizes = Sizes { records: 4_000, accounts: 900, objections: 90 };
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let made = folders.each_ref().map(|f| Platform::prepare(f.path(), &sizes).unwrap());
        let names = ["accounts.parquet", "objections.parquet", "notices.parquet", "extract.jsonl"];
        let parts = (0..FILES).map(|number| format!("corpus/part-{number:03}.parquet"));
        for name in names.map(str::to_owned).into_iter().chain(parts) {
            let [one, other] = made.each_ref().map(|p| fs::read(p.file(&name)).unwrap());
            assert!(one == other, "{name}");
        }
        let lines = fs::read_to_string(made[0].file("extract.jsonl")).unwrap();
        assert_eq!(lines.lines().count(), 400);

        let extra = made[0].file("extra");
        fs::write(&extra, "").unwrap();
        Platform::prepare(folders[0].path(), &sizes).unwrap();
        assert!(extra.exists());
        fs::remove_file(made[0].file(MARKER)).unwrap();
        Platform::prepare(folders[0].path(), &sizes).unwrap();
        assert!(!extra.exists());
    }
}
