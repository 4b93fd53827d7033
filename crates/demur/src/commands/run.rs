//! `demur run`: which training runs read which versions of which sets.

use demur_register::{NewRun, Outcome, Run, SetVersion};
use serde_json::{Value, json};

use crate::cli;
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::lineage::Lineage;
use crate::output::table;

pub(crate) fn run(context: &Context, command: &cli::Run) -> Result<(), Failure> {
    match command {
        cli::Run::Start { sets, name, even_if_behind } => {
            let read = sets.iter().map(|read| (read.set.clone(), read.version)).collect();
            let (name, even_if_behind) = (name.clone(), even_if_behind.clone());
            start(context, NewRun { name, read, even_if_behind })
        }
        cli::Run::Finish { run, failed, aborted } => {
            let outcome = match (failed, aborted) {
                (true, _) => Outcome::Failed,
                (_, true) => Outcome::Aborted,
                _ => Outcome::Completed,
            };
            finish(context, run, outcome)
        }
        cli::Run::List => list(context),
    }
}

fn start(context: &Context, new: NewRun) -> Result<(), Failure> {
    let mut register = context.existing_register()?;
    let lineage = Lineage::open(context)?;
    let run = register.start_run(new, now())?;
    lineage.tell(context, &register, &run)?;
    // The id alone, so that a script can keep it for `run finish`.
    context.out.result(&run.started.run, &described(&run));
    Ok(())
}

fn finish(context: &Context, run: &str, outcome: Outcome) -> Result<(), Failure> {
    let mut register = context.existing_register()?;
    let lineage = Lineage::open(context)?;
    let run = register.finish_run(run, outcome, now())?;
    lineage.tell(context, &register, &run)?;
    let words = format!("run {} has {}", run.started.run, outcome.name());
    context.out.result(&words, &described(&run));
    Ok(())
}

fn list(context: &Context) -> Result<(), Failure> {
    let runs = context.existing_register()?.runs()?;
    let rows: Vec<Vec<String>> = runs.iter().rev().map(row).collect();
    let words = match rows.as_slice() {
        [] => "no run was entered yet".to_owned(),
        rows => table(&["run", "name", "began", "reads", "state"], rows, 5),
    };
    let json: Vec<Value> = runs.iter().rev().map(described).collect();
    context.out.result(&words, &json!({ "runs": json }));
    Ok(())
}

fn row(run: &Run) -> Vec<String> {
    let time = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let read: Vec<String> = run.started.read.iter().map(ToString::to_string).collect();
    let state = match run.finished {
        None => "running".to_owned(),
        Some((at, outcome)) => format!("{} {}", outcome.name(), time(at)),
    };
    let started = &run.started;
    vec![started.run.clone(), started.name.clone(), time(run.at), read.join("\n"), state]
}

fn described(run: &Run) -> Value {
    let read = |read: &SetVersion| json!({ "set": read.set, "version": read.version });
    json!({
        "run": run.started.run,
        "name": run.started.name,
        "read": run.started.read.iter().map(read).collect::<Vec<_>>(),
        "even_if_behind": run.started.even_if_behind,
        "started_at": run.at.to_string(),
        "finished_at": run.finished.map(|(at, _)| at.to_string()),
        "outcome": run.finished.map(|(_, outcome)| outcome.name()),
    })
}
