//! Measures the product on a platform of the size that it promises to bear.

pub(crate) mod chance;
pub(crate) mod configuration;
pub(crate) mod measure;
pub(crate) mod people;
pub(crate) mod platform;
mod records;
pub(crate) mod table;
mod words;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use self::measure::Measured;
use self::platform::{Platform, Sizes, bytes_below};
use crate::chore;
use crate::workspace::Workspace;

/// How this chore goes.
pub(crate) const HELP: &str = "\
Usage: cargo xtask scale [OPTION...]

Makes a large platform below target/platform, unless it is there, and measures `demur` on it: build
that first with `cargo build --release`. Peak memory is known on Linux only.
  --records N     20,000,000 unless told
  --accounts N    5,000,000 unless told
  --objections N  530,000 unless told
  --notices       nobody is selected who was not told in time; notices are imported too
  --keep          leave the register and the training sets where they are
";

/// Where everything goes that is measured; below the platform.
const MEASURED: &str = "measured";
pub(crate) const PURPOSE: &str = "assistant-training";
const GB: u64 = 1_000_000_000;

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    sizes: Sizes,
    notices: bool,
    keep: bool,
}

/// A promise. It is made for the sizes that this chore has by default.
#[derive(Clone, Copy)]
enum Limit {
    Seconds(u64),
    Bytes(u64),
}

/// A step's line in the table.
struct Line {
    step: String,
    measured: Measured,
    size: String,
    limit: Option<Limit>,
}

/// Runs the chore with what follows its name.
pub(crate) fn run(words: &[&str]) -> ExitCode {
    chore::run("scale", words, parse, scale)
}

fn parse(words: &[&str]) -> Result<Request, String> {
    let mut request = Request::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let size = match *word {
            "--notices" => {
                request.notices = true;
                continue;
            }
            "--keep" => {
                request.keep = true;
                continue;
            }
            "--records" => &mut request.sizes.records,
            "--accounts" => &mut request.sizes.accounts,
            "--objections" => &mut request.sizes.objections,
            other => return Err(format!("scale has no option `{other}`")),
        };
        let number = words.next().and_then(|n| n.replace(['_', ','], "").parse().ok());
        *size = number.ok_or_else(|| format!("{word} wants a number"))?;
    }
    let Sizes { records, accounts, objections } = request.sizes;
    if records < 1000 || accounts < 1000 {
        return Err("a platform has at least 1,000 records and 1,000 accounts".into());
    }
    if objections == 0 || objections > accounts {
        return Err("there is at least one objection, and at most one an account".into());
    }
    Ok(request)
}

fn scale(request: &Request) -> Result<()> {
    let workspace = Workspace::load()?;
    let demur = workspace.demur();
    let platform = Platform::prepare(workspace.target(), &request.sizes)?;
    describe(&platform, request)?;
    if !demur.is_file() {
        bail!("{} is not there: `cargo build --release` makes it", demur.display());
    }
    let folder = platform.file(MEASURED);
    clear(&platform)?;
    let lines = steps(&demur, &platform, request)?;
    let over = print(&lines);
    if request.keep {
        println!("\nThe register and the sets are in {}.", folder.display());
    } else {
        clear(&platform)?;
    }
    if over > 0 {
        bail!("limits exceeded: {over}");
    }
    Ok(())
}

/// What the platform consists of.
fn describe(platform: &Platform, request: &Request) -> Result<()> {
    let Sizes { records, accounts, objections } = request.sizes;
    println!(
        "\n{} records, {} accounts, {} objections; notices are {}",
        grouped(records),
        grouped(accounts),
        grouped(objections),
        if request.notices { "required" } else { "not required" },
    );
    let names = ["corpus", "accounts.parquet", "objections.parquet", "notices.parquet"];
    for name in names.into_iter().chain(["extract.jsonl"]) {
        println!("  {name:20} {:>10}", megabytes(bytes_below(&platform.file(name))?));
    }
    Ok(())
}

fn steps(demur: &Path, platform: &Platform, request: &Request) -> Result<Vec<Line>> {
    let config = Platform::config(request.notices);
    let run = |arguments: &[&str]| {
        let all = [&["--config", config], arguments].concat();
        measure::demur(demur, platform.folder(), &all)
    };
    let path = |name: &str| platform.file(MEASURED).join(name);
    let size = |name: &str| bytes_below(&path(name));
    let Sizes { accounts, objections, .. } = request.sizes;
    let mut lines = Vec::new();

    let import = run(&["objection", "import", "objections.parquet"])?;
    lines.push(Line {
        step: format!("import {} objections", grouped(objections)),
        measured: import,
        size: format!("register {}", megabytes(size("demur.db")?)),
        limit: Some(Limit::Seconds(30)),
    });
    if request.notices {
        let import = run(&["notice", "import", "notices.parquet"])?;
        lines.push(Line {
            step: "import notices".into(),
            measured: import,
            size: format!("register {}", megabytes(size("demur.db")?)),
            limit: None,
        });
    }
    let snapshot = run(&["snapshot", PURPOSE, "--to", "measured/purpose.snapshot"])?;
    let bytes = size("purpose.snapshot")?;
    let each = bytes as f64 / accounts as f64;
    lines.push(Line {
        step: format!("snapshot of {} accounts", grouped(accounts)),
        measured: snapshot,
        size: format!("{}, {each:.1} bytes an account", megabytes(bytes)),
        limit: Some(Limit::Seconds(5)),
    });
    for (corpus, limit) in [("posts", Some(Limit::Bytes(3 * GB))), ("extract", None)] {
        let to = format!("{MEASURED}/{corpus}");
        let build = run(&["build", PURPOSE, "--corpus", corpus, "--to", &to])?;
        let count = |key: &str| build.said[key].as_u64().unwrap_or_default();
        let size = format!("{}, {} kept", megabytes(size(corpus)?), grouped(count("kept")));
        lines.push(Line {
            step: format!("build from {} {corpus}", grouped(count("input"))),
            measured: build,
            size,
            limit,
        });
    }
    Ok(lines)
}

/// Makes the folder of what is measured, with nothing in it, and removes the snapshot that a build
/// compiles beside the configuration.
fn clear(platform: &Platform) -> Result<()> {
    let folder = platform.file(MEASURED);
    let snapshot = platform.file(&format!("{PURPOSE}.snapshot"));
    let remove = || {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        if snapshot.exists() {
            fs::remove_file(&snapshot)?;
        }
        fs::create_dir_all(&folder)
    };
    remove().with_context(|| format!("cannot clear {}", folder.display()))
}

/// Prints the table; returns how many limits are exceeded.
fn print(lines: &[Line]) -> usize {
    println!("\n{:32} {:>8} {:>12}  {:32} limit", "step", "seconds", "peak memory", "size");
    for line in lines {
        let Measured { took, memory, .. } = &line.measured;
        let limit = line.limit.map(|limit| {
            let broken = if limit.holds(*took, *memory) { "" } else { ", exceeded" };
            format!("{}{broken}", limit.words())
        });
        println!(
            "{:32} {:>8.1} {:>12}  {:32} {}",
            line.step,
            took.as_secs_f64(),
            memory.map_or_else(|| "not known".into(), megabytes),
            line.size,
            limit.unwrap_or_default()
        );
    }
    let broken = |line: &&Line| {
        let Measured { took, memory, .. } = &line.measured;
        line.limit.is_some_and(|limit| !limit.holds(*took, *memory))
    };
    lines.iter().filter(broken).count()
}

impl Limit {
    /// Memory that is not known is not held against anybody.
    fn holds(self, took: Duration, memory: Option<u64>) -> bool {
        match self {
            Limit::Seconds(most) => took < Duration::from_secs(most),
            Limit::Bytes(most) => memory.is_none_or(|bytes| bytes < most),
        }
    }

    fn words(self) -> String {
        match self {
            Limit::Seconds(most) => format!("under {most} s"),
            Limit::Bytes(most) => format!("under {} GB", most / GB),
        }
    }
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", grouped((bytes + 500_000) / 1_000_000))
}

/// A number with commas.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_wrong_ones_refused() {
        let request = parse(&["--records", "2_000_000", "--keep", "--objections", "5"]).unwrap();
        let sizes = Sizes { records: 2_000_000, objections: 5, ..Sizes::default() };
        assert_eq!(request, Request { sizes, notices: false, keep: true });
        assert_eq!(parse(&[]).unwrap(), Request::default());
        for wrong in [
            &["--records"][..],
            &["--records", "many"],
            &["--record", "1000"],
            &["--accounts", "1000"],
            &["--objections", "0"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn limits_are_held_against_what_they_speak_of() {
        let (short, long) = (Duration::from_secs(29), Duration::from_secs(30));
        assert!(Limit::Seconds(30).holds(short, Some(9 * GB)));
        assert!(!Limit::Seconds(30).holds(long, None));
        assert!(Limit::Bytes(3 * GB).holds(long, Some(3 * GB - 1)));
        assert!(!Limit::Bytes(3 * GB).holds(short, Some(3 * GB)));
        assert_eq!(grouped(20_000_000), "20,000,000");
    }
}
