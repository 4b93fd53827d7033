//! On what it was measured.

use std::fs;

use crate::shell;

/// The machine, in words; what the system does not tell is left out.
pub(crate) fn describe() -> Vec<(&'static str, String)> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let (cpu, memory, os) = (read("/proc/cpuinfo"), read("/proc/meminfo"), read("/etc/os-release"));
    let memory = value(&memory, "MemTotal", ':').and_then(|said| {
        let kibibytes: u64 = said.strip_suffix("kB")?.trim().parse().ok()?;
        Some(format!("{:.0} GiB", kibibytes as f64 / f64::from(1 << 20)))
    });
    let kernel = shell::ask(std::process::Command::new("uname").arg("-sr"));
    let os = value(&os, "PRETTY_NAME", '=').map(|name| name.trim_matches('"').to_owned());
    let system = [os, kernel].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let cpu = value(&cpu, "model name", ':').map(str::to_owned);
    [
        ("processor", cpu.map(|cpu| format!("{cpu}, {cores} cores"))),
        ("memory", memory),
        ("system", (!system.is_empty()).then_some(system)),
    ]
    .into_iter()
    .filter_map(|(what, said)| Some((what, said?)))
    .collect()
}

/// What a file of `key: value` says of a key.
fn value<'a>(text: &'a str, key: &str, between: char) -> Option<&'a str> {
    let pairs = text.lines().filter_map(|line| line.split_once(between));
    pairs.into_iter().find(|(name, _)| name.trim() == key).map(|(_, said)| said.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_key() {
        assert_eq!(value("a: 1\nmodel name\t: X 9\n", "model name", ':'), Some("X 9"));
        assert_eq!(value("NAME=\"A B\"\n", "NAME", '='), Some("\"A B\""));
        assert_eq!(value("NAME=x", "AME", '='), None);
    }
}
