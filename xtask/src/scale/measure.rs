//! Running the product as a user would, with a watch and a scale beside it.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How often memory is looked at. The kernel keeps the peak itself; only what a process takes in its
/// very last moments can be missed.
const PAUSE: Duration = Duration::from_millis(10);

/// What one command took.
pub(crate) struct Measured {
    pub(crate) took: Duration,
    /// Peak resident memory in bytes; only Linux tells it.
    pub(crate) memory: Option<u64>,
    /// What the command printed at its end.
    pub(crate) said: Value,
}

/// Runs `demur` with `--json` in a folder, its progress in sight, and fails where it does.
pub(crate) fn demur(program: &Path, folder: &Path, arguments: &[&str]) -> Result<Measured> {
    let shown = format!("demur {}", arguments.join(" "));
    eprintln!("\n$ {shown}");
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).arg("--json");
    run(command).with_context(|| shown)
}

/// Runs a program that prints one JSON object at its end.
pub(crate) fn run(mut command: Command) -> Result<Measured> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("it could not be started")?;
    let mut output = child.stdout.take().context("it has no output")?;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).map(|_| text)
    });
    let (process, ended) = (child.id(), AtomicBool::new(false));
    let (status, took, memory) = thread::scope(|scope| {
        let scale = scope.spawn(|| {
            let mut peak = None;
            while !ended.load(Ordering::Relaxed) {
                peak = peak_memory(process).max(peak);
                thread::sleep(PAUSE);
            }
            peak
        });
        let status = child.wait();
        let took = started.elapsed();
        ended.store(true, Ordering::Relaxed);
        (status, took, scale.join().ok().flatten())
    });
    let status = status.context("it cannot be waited for")?;
    let text = match reader.join() {
        Ok(text) => text.context("its output cannot be read")?,
        Err(_) => bail!("its output cannot be read"),
    };
    if !status.success() {
        bail!("it ended with {status}");
    }
    let said = serde_json::from_str(text.trim()).context("it printed no JSON at its end")?;
    Ok(Measured { took, memory, said })
}

/// The peak of a process so far: `VmHWM`, which is there on Linux while the process runs.
fn peak_memory(process: u32) -> Option<u64> {
    high_water(&std::fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_a_process_status() {
        assert_eq!(
            high_water("Name:\tdemur\nVmHWM:\t  123456 kB\nVmRSS:\t 1 kB\n"),
            Some(126_418_944)
        );
        assert_eq!(high_water("Name:\tdemur\n"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_command_is_measured_and_what_it_says_is_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 0.1; echo '{\"kept\": 3}'"]);
        let measured = run(command).unwrap();
        assert!(measured.took >= Duration::from_millis(100));
        assert!(measured.memory.is_some_and(|bytes| bytes > 100_000), "{:?}", measured.memory);
        assert_eq!(measured.said["kept"], 3);
    }

    #[test]
    #[cfg(unix)]
    fn a_command_that_fails_is_an_error() {
        assert!(run(Command::new("false")).is_err());
        assert!(run(Command::new("true")).is_err(), "it says nothing");
    }
}
