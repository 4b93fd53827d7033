//! Thousands of people object in the same half minute, and the machine may die in the middle of it.

pub(crate) mod client;
pub(crate) mod server;

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use demur_core::id::AccountId;
use demur_register::CaseFilter;
use demur_snapshot::{Key, Snapshot};

use self::client::{Outcome, Pace};
use self::server::{Platform, Server};
use crate::chore;
use crate::postgres::cluster::Cluster;
use crate::shell;
use crate::workspace::Workspace;

/// How this chore goes.
pub(crate) const HELP: &str = "\
Usage: cargo xtask load [OPTION...]

Objects through direct links on a server of this machine, and checks every one afterwards: build first
with `cargo build --release`. Then once more, with the server killed in the middle.
  --postgres      on a register in PostgreSQL, which is started here, and through two servers
  --rate N        objections a second; 2,000 unless told
  --seconds N     for so long; 30 unless told
  --connections N over so many connections; 256 unless told
";

/// The time within which 99 of 100 are answered.
const PROMISE: Duration = Duration::from_millis(100);

/// What the database is told besides its defaults: the memory that a server of its own would have, and room
/// for what is written until it is tidied up. Every commit waits for the disk.
const SETTINGS: [&str; 2] = ["shared_buffers=512MB", "max_wal_size=4GB"];

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    rate: u32,
    seconds: u32,
    connections: usize,
    postgres: bool,
}

/// Runs the chore with what follows its name.
pub(crate) fn run(words: &[&str]) -> ExitCode {
    chore::run("load", words, parse, load)
}

fn parse(words: &[&str]) -> Result<Request, String> {
    let mut request = Request { rate: 2000, seconds: 30, connections: 256, postgres: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if *word == "--postgres" {
            request.postgres = true;
            continue;
        }
        let number: Option<u32> = words.next().and_then(|n| n.replace(['_', ','], "").parse().ok());
        let number = number.filter(|n| *n > 0).ok_or_else(|| format!("{word} wants a number"))?;
        match *word {
            "--rate" => request.rate = number,
            "--seconds" => request.seconds = number,
            "--connections" => request.connections = number as usize,
            other => return Err(format!("load has no option `{other}`")),
        }
    }
    Ok(request)
}

fn load(request: &Request) -> Result<()> {
    let workspace = Workspace::load()?;
    let demur = workspace.demur();
    if !demur.is_file() {
        bail!("{} is not there: `cargo build --release` makes it", demur.display());
    }
    let folder = workspace.target().join("load");
    let count = (request.rate * request.seconds) as usize;
    let pace = Pace { rate: request.rate, connections: request.connections };

    let cluster = request.postgres.then(|| Cluster::start(&SETTINGS)).transpose()?;
    let database = |name: &str| cluster.as_ref().map(|cluster| cluster.database(name)).transpose();
    let count_of_servers = if request.postgres { 2 } else { 1 };
    let start = |platform: &Platform| -> Result<Vec<Server>> {
        (0..count_of_servers).map(|_| Server::start(&demur, platform)).collect()
    };
    let addresses =
        |servers: &[Server]| servers.iter().map(|server| server.address).collect::<Vec<_>>();

    println!("{} objections a second for {} s, over direct links", request.rate, request.seconds);
    let platform = Platform::make(&demur, &folder, count, database("load")?.as_deref())?;
    let servers = start(&platform)?;
    let outcome = client::post(&addresses(&servers), &platform.paths, pace)?;
    servers.into_iter().try_for_each(Server::stop)?;
    let ninety_nine = report(&outcome);
    check(&demur, &platform, &outcome)?;
    if outcome.failed > 0 {
        bail!("{} objections were not acknowledged", outcome.failed);
    }
    if ninety_nine > PROMISE {
        bail!("99 of 100 were to be answered within {PROMISE:?}");
    }

    println!("\nThe same, and a server is killed in the middle");
    let platform = Platform::make(&demur, &folder, count / 2, database("killed")?.as_deref())?;
    let mut servers = start(&platform)?;
    let addresses = addresses(&servers);
    let half = Duration::from_secs(1).mul_f64(f64::from(request.seconds) / 4.0);
    let victim = servers.pop().context("no server was started")?;
    let killer = std::thread::spawn(move || {
        std::thread::sleep(half);
        victim.kill()
    });
    let outcome = client::post(&addresses, &platform.paths, pace)?;
    killer.join().map_err(|_| anyhow::anyhow!("the server could not be killed"))??;
    servers.into_iter().try_for_each(Server::stop)?;
    println!("  acknowledged: {}", outcome.acknowledged.len());
    if outcome.acknowledged.is_empty() || outcome.failed == 0 {
        bail!("the server was to be killed in the middle");
    }
    Server::start(&demur, &platform)?.stop()?;
    check(&demur, &platform, &outcome)
}

/// Prints the figures and returns the 99th percentile.
fn report(outcome: &Outcome) -> Duration {
    let mut times: Vec<Duration> = outcome.acknowledged.iter().map(|(_, took)| *took).collect();
    times.sort();
    let at = |share: f64| {
        let rank = (times.len() as f64 * share).ceil() as usize;
        times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    };
    let rate = times.len() as f64 / outcome.took.as_secs_f64();
    println!(
        "  acknowledged: {} in {:.1} s, {rate:.0} a second",
        times.len(),
        outcome.took.as_secs_f64()
    );
    for (name, share) in [("median", 0.5), ("95th percentile", 0.95), ("99th percentile", 0.99)] {
        println!("  {name}: {:.1} ms", at(share).as_secs_f64() * 1000.0);
    }
    println!("  longest: {:.1} ms", at(1.0).as_secs_f64() * 1000.0);
    at(0.99)
}

/// Looks into the register and into the next snapshot: nothing acknowledged is missing, nobody objected
/// twice, and the log is whole.
fn check(demur: &Path, platform: &Platform, outcome: &Outcome) -> Result<()> {
    let register = platform.register()?;
    let mut cases: HashMap<AccountId, usize> = HashMap::new();
    for case in register.cases(&CaseFilter::default(), usize::MAX)? {
        if let Some(account) = case.account {
            *cases.entry(account).or_default() += 1;
        }
    }
    let snapshot = platform.file("next.snapshot");
    let mut command = std::process::Command::new(demur);
    command.arg("--config").arg(platform.file("demur.toml"));
    command.args(["snapshot", server::PURPOSE, "--to"]).arg(&snapshot);
    if shell::ask(&mut command).is_none() {
        bail!("the next snapshot could not be compiled");
    }
    let snapshot = Snapshot::open(&snapshot)?;
    for (number, _) in &outcome.acknowledged {
        let account = platform.accounts[*number];
        match cases.get(&AccountId::Number(account.into())) {
            Some(1) => {}
            found => bail!("an acknowledged objection is in the register {found:?} times"),
        }
        if !server::is_out(snapshot.get(Key::Number(account.cast_unsigned()))) {
            bail!("an acknowledged objection is not in the next snapshot");
        }
    }
    let report = register.verify()?;
    if !report.is_sound() {
        bail!("the log is damaged");
    }
    println!(
        "  checked: {} acknowledged, each once in the register and out in the next snapshot; {} events verified",
        outcome.acknowledged.len(),
        report.size
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_numbers() {
        let request = Request { rate: 100, seconds: 5, connections: 256, postgres: false };
        assert_eq!(parse(&["--rate", "100", "--seconds", "5"]), Ok(request));
        assert!(parse(&["--rate"]).is_err_and(|wrong| wrong.contains("--rate")));
        assert!(parse(&["--rate", "0"]).is_err());
        assert!(parse(&["--speed", "5"]).is_err_and(|wrong| wrong.contains("--speed")));
    }
}
