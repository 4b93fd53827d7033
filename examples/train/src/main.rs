//! Does a model forget whom the gate left out? It never learns them; this program measures that.
//!
//! On the demo's platform, chosen accounts post canaries: random phrases. Half of these accounts object.
//! `demur build` makes one training set from before and one from after; a small language model is
//! trained on each, and both are asked how likely they find the phrases. `docs/model-evidence.md` says what
//! came out; this program writes it.

mod canary;
mod evidence;
mod learn;
mod measure;
mod model;
mod page;
mod platform;
mod plot;
mod set;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail, ensure};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use canary::{OPENING, Plan, WORD};
use evidence::{Answer, Evidence, Measured};
use learn::Schedule;
use model::Shape;
use platform::{Set, Size};

const HELP: &str = "\
Usage: cargo run --release --manifest-path examples/train/Cargo.toml -- [OPTION...]

Trains a small language model on the demo's training set, with and without the gate, and measures how well it
remembers phrases of people who objected, of others, and such that nobody wrote. Takes under ten minutes on
two cores, once the product is built.

  --small         a minute instead, with few phrases; for tests
  --write-docs    write docs/model-evidence.md and its plot anew
  --seed N        phrases, authors and weights follow from it [default: 1]
  --demur FILE    the product's program [default: built first]
  --to DIR        where everything is made; an earlier one there is removed [default: target/evidence here]
";

/// How large everything is.
#[derive(Clone, Copy)]
struct Scale {
    size: Size,
    plan: Plan,
    /// Phrases that nobody wrote, among which ranks are estimated. One less than a power of two.
    samples: usize,
    schedule: Schedule,
    bounds: evidence::Bounds,
}

const FULL: Scale = Scale {
    size: Size { accounts: 1_000, records: 8_000 },
    plan: Plan { posts: &[1, 2, 4], each: 20, quoted: 4 },
    samples: (1 << 14) - 1,
    schedule: Schedule {
        shape: Shape { width: 128, depth: 2, heads: 4, context: 128 },
        epochs: 10,
        rows: 8,
        rate: 2e-3,
        seed: 0,
    },
    bounds: evidence::Bounds { p: 0.05, told_apart: 0.9 },
};

const SMALL: Scale = Scale {
    size: Size { accounts: 400, records: 1_000 },
    plan: Plan { posts: &[8], each: 10, quoted: 2 },
    samples: (1 << 10) - 1,
    schedule: Schedule {
        shape: Shape { width: 64, ..FULL.schedule.shape },
        epochs: 6,
        ..FULL.schedule
    },
    bounds: evidence::Bounds { p: 0.001, told_apart: 0.9 },
};

/// What was asked for.
struct Options {
    small: bool,
    write_docs: bool,
    seed: u64,
    demur: Option<PathBuf>,
    to: PathBuf,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.iter().any(|word| matches!(*word, "-h" | "--help")) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let ran = match words.as_slice() {
        // How this program calls itself, so that both models are trained at once, each on one core.
        ["learn", job, answer] => learn_one(Path::new(job), Path::new(answer)),
        words => match options(words) {
            Ok(options) => run(&options),
            Err(error) => {
                eprint!("{error}\n\n{HELP}");
                return ExitCode::from(2);
            }
        },
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn options(words: &[&str]) -> Result<Options> {
    let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join("evidence");
    let mut options = Options { small: false, write_docs: false, seed: 1, demur: None, to };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("`{word}` wants a value"));
        match *word {
            "--small" => options.small = true,
            "--write-docs" => options.write_docs = true,
            "--seed" => options.seed = value()?.parse().context("`--seed` wants a number")?,
            "--demur" => options.demur = Some(std::path::absolute(value()?)?),
            "--to" => options.to = std::path::absolute(value()?)?,
            other => bail!("there is no option `{other}`"),
        }
    }
    ensure!(!(options.small && options.write_docs), "the page is written from the full run");
    Ok(options)
}

fn run(options: &Options) -> Result<()> {
    let root = root()?;
    let demur = options.demur.clone().map_or_else(|| build(&root), Ok)?;
    let started = Instant::now();
    let scale = if options.small { SMALL } else { FULL };
    let schedule = Schedule { seed: options.seed, ..scale.schedule };
    let mut dice = ChaCha8Rng::seed_from_u64(options.seed);
    clear(&options.to)?;

    eprintln!("1. A platform with canaries, and two training sets");
    let (canaries, samples) = canary::draw(&scale.plan, scale.samples, &mut dice);
    let sets = platform::make(&demur, &options.to, scale.size, &canaries, &mut dice)?;
    platform::search(&sets.ungated, &canaries, false)?;
    platform::search(&sets.gated, &canaries, true)?;
    eprintln!(
        "   {} records before anybody objected, {} after; no objector's phrase is left, all others are there",
        sets.ungated.kept, sets.gated.kept
    );

    eprintln!("2. A model of each, side by side");
    let secrets = canaries.iter().map(|canary| canary.secret.clone()).chain(samples).collect();
    let job = |name: &str, set: &Set| Job {
        name: name.to_owned(),
        set: set.folder.clone(),
        schedule,
        asked: canaries.len(),
        secrets: Vec::clone(&secrets),
    };
    let answers = train([job("ungated", &sets.ungated), job("gated", &sets.gated)], &options.to)?;
    let measured = answers.map(|answer| Measured::new(answer, canaries.len()));

    eprintln!("3. What they remember\n");
    let sizes = (scale.size, scale.samples, schedule);
    let evidence = Evidence::new(canaries, sets, measured, sizes, &mut dice);
    print!("{}", page::summary(&evidence));
    eprintln!("\nafter {:.0} s", started.elapsed().as_secs_f64());
    evidence.judge(scale.bounds)?;
    if options.write_docs {
        page::write(&root.join("docs"), &evidence, started.elapsed())?;
    }
    Ok(())
}
/// What a model is trained on, and asked.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Job {
    name: String,
    set: PathBuf,
    schedule: Schedule,
    /// Phrases that anybody wrote, or that are compared with them: the first so many of `secrets`.
    asked: usize,
    secrets: Vec<String>,
}

/// Trains both at once: two processes with one thread each, which compute the same numbers every time.
fn train(jobs: [Job; 2], folder: &Path) -> Result<[Answer; 2]> {
    let itself = std::env::current_exe()?;
    let mut running = Vec::new();
    for job in jobs {
        let [asked, said] =
            ["job", "answer"].map(|what| folder.join(format!("{}.{what}.json", job.name)));
        fs::write(&asked, serde_json::to_vec(&job)?)
            .with_context(|| asked.display().to_string())?;
        let child = Command::new(&itself)
            .arg("learn")
            .args([&asked, &said])
            .env("RAYON_NUM_THREADS", "1")
            // Tensors come and go by the megabyte; glibc need not give them back each time.
            .env("MALLOC_MMAP_THRESHOLD_", "1073741824")
            .env("MALLOC_TRIM_THRESHOLD_", "1073741824")
            .spawn()?;
        running.push((job.name, child, said));
    }
    let mut answers = Vec::new();
    for (name, mut child, said) in running {
        ensure!(child.wait()?.success(), "the {name} model could not be trained");
        answers.push(serde_json::from_slice(&fs::read(said)?)?);
    }
    answers.try_into().map_err(|_| anyhow!("two models were asked for"))
}

/// Trains one model, and asks it.
fn learn_one(job: &Path, answer: &Path) -> Result<()> {
    let job: Job = serde_json::from_slice(&fs::read(job)?)?;
    let (model, course) = learn::train(&job.name, &set::texts(&job.set)?, &job.schedule)?;
    let surprise = learn::surprise(&model, OPENING, &job.secrets)?;
    // Who knows the first word is asked for the other two.
    let begun: Vec<String> =
        job.secrets[..job.asked].iter().map(|s| format!("{OPENING}{}", &s[..WORD])).collect();
    let rest = job.secrets.first().map_or(0, |secret| secret.len() - WORD);
    let written = learn::complete(&model, &begun, rest)?;
    let completed = written.iter().zip(&job.secrets).map(|(w, secret)| *w == secret[WORD..]);
    let said = Answer { course, surprise, completed: completed.collect() };
    fs::write(answer, serde_json::to_vec(&said)?).with_context(|| answer.display().to_string())
}

/// The repository.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().and_then(Path::parent).map(Path::to_owned).context("there is no repository")
}

/// Builds the product as it is shipped, and says where it is.
fn build(root: &Path) -> Result<PathBuf> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--package", "demur"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    ensure!(output.status.success(), "the product does not build");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "demur")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo did not say where the product is")
}

/// Removes what an earlier run made, and nothing else.
fn clear(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let shown = folder.display();
    let ours = folder.join("demo").join(".demur-demo").exists();
    ensure!(ours, "{shown}: this is not of an earlier run; name another folder with --to");
    fs::remove_dir_all(folder).with_context(|| shown.to_string())
}
