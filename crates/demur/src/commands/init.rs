//! `demur init`: a commented configuration.

use std::path::Path;

use serde_json::json;

use crate::config;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(dir: &Path, out: Output) -> Result<(), Failure> {
    let path = dir.join("demur.toml");
    let failed =
        |e: std::io::Error| Failure::machine(format!("{}: could not write: {e}", path.display()));
    std::fs::create_dir_all(dir).map_err(failed)?;
    if path.exists() {
        return Err(Failure::input(format!(
            "{}: is there already\n  hint: edit it, or run `demur init` in another folder",
            path.display()
        )));
    }
    std::fs::write(&path, config::template()).map_err(failed)?;
    let words = format!(
        "wrote {}\n\nnext: fill in your columns, then\n  demur check --config {}",
        path.display(),
        path.display()
    );
    out.result(&words, &json!({ "path": path }));
    Ok(())
}
