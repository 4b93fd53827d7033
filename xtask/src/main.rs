//! Developer chores, run as `cargo xtask CHORE`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "chores talk to a developer")]

mod bench;
mod browser;
mod chore;
mod debian;
mod deploy;
mod edges;
mod evidence;
mod load;
mod needs;
mod objects;
mod postgres;
mod python;
mod readers;
mod scale;
mod shell;
mod simulate;
mod test;
mod wheel;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let wants_help = words.iter().any(|word| matches!(*word, "-h" | "--help" | "help"));
    match words.split_first() {
        _ if wants_help => {
            print!("{}", help());
            ExitCode::SUCCESS
        }
        Some((&"test", steps)) => test::run(steps),
        Some((&"scale", options)) => scale::run(options),
        Some((&"bench", options)) => bench::run(options),
        Some((&"load", options)) => load::run(options),
        Some((&"simulate", options)) => simulate::run(options),
        Some((&"evidence", options)) => evidence::run(options),
        Some((chore, _)) => usage(&format!("there is no chore `{chore}`")),
        None => usage("name a chore"),
    }
}

/// Wrong usage: what was wrong, then how it goes.
fn usage(wrong: &str) -> ExitCode {
    eprint!("xtask: {wrong}\n\n{}", help());
    ExitCode::from(2)
}

fn help() -> String {
    let mut help = String::from(
        "Usage: cargo xtask test [STEP...]\n\n\
         Runs every step, or those named, in this order, and stops at the first that fails:\n",
    );
    for step in &test::STEPS {
        help.push_str(&format!("  {:9} {}\n", step.name, step.about));
    }
    help.push('\n');
    help.push_str(scale::HELP);
    help.push('\n');
    help.push_str(bench::HELP);
    help.push('\n');
    help.push_str(load::HELP);
    help.push('\n');
    help.push_str(simulate::HELP);
    help.push('\n');
    help.push_str(evidence::HELP);
    help
}
