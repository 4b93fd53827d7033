//! The command line: the one crate that wires all others.

mod alone;
mod cli;
mod commands;
mod compile;
mod config;
mod context;
mod demo;
mod digests;
mod failure;
mod lineage;
mod mailing;
mod notices;
mod output;
mod sets;
mod site;
mod tables;
mod tombstones;
mod workplace;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Output;

/// Builds take and give back large buffers all the time, which the system's allocator hands back to the
/// kernel each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !demur_corpus::is_decoding() {
            report(panic);
        }
    }));
    let out = Output::new(cli.global.json);
    match run(&cli, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if failure.is_finding() {
                out.result(&failure.to_string(), &failure.to_json());
            } else {
                out.warn(&format!("error: {failure}"));
                if cli.global.json {
                    out.result("", &failure.to_json());
                }
            }
            ExitCode::from(&failure)
        }
    }
}

fn run(cli: &Cli, out: Output) -> Result<(), Failure> {
    let path = &cli.global.config;
    match &cli.command {
        Command::Init { dir } => return commands::init::run(dir, out),
        Command::Check => return commands::check::run(path, out),
        Command::Demo(args) => return commands::demo::run(args, out),
        _ => {}
    }
    let context = Context::load(path, out)?;
    match &cli.command {
        Command::Serve { listen, json_log } => commands::serve::run(context, *listen, *json_log),
        Command::Objection(command) => commands::objection::run(&context, command),
        Command::Notice(command) => commands::notice::run(&context, command),
        Command::Snapshot { purpose, to } => {
            commands::snapshot::run(&context, purpose, to.as_deref())
        }
        Command::Build(args) => commands::build::run(&context, args),
        Command::Explain { purpose, corpus, record } => {
            commands::explain::run(&context, purpose, corpus, record)
        }
        Command::Audit { dir, list } => commands::audit::run(&context, dir, *list),
        Command::Key(command) => commands::key::run(&context, command),
        Command::Recipient(command) => commands::recipient::run(&context, command),
        Command::Register(command) => commands::register::run(&context, command),
        Command::Reviewer(command) => commands::reviewer::run(&context, command),
        Command::Run(command) => commands::run::run(&context, command),
        Command::Retract(args) => commands::retract::run(&context, args),
        Command::Purge(args) => commands::purge::run(&context, args),
        Command::Trace { account } => commands::trace::run(&context, account),
        Command::Status { all } => commands::status::run(&context, *all),
        Command::Gone { set } => commands::gone::run(&context, set),
        Command::Init { .. } | Command::Check | Command::Demo(_) => Ok(()),
    }
}
