//! `demur snapshot`: compile what is known now into one file.

use std::path::Path;

use serde_json::json;

use crate::compile;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{grouped, seconds, size};

pub(crate) fn run(context: &Context, purpose: &str, to: Option<&Path>) -> Result<(), Failure> {
    let purpose = context.purpose(Some(purpose))?;
    let mut register = context.register_to_judge()?;
    let path = to.map_or_else(
        || compile::default_path(context, purpose),
        |to| demur_corpus::resolve(Path::new(""), to),
    );
    let far = demur_corpus::is_url(&path);
    let file = if far { compile::default_path(context, purpose) } else { path.clone() };
    let fresh = compile::snapshot(context, &mut register, purpose, &file)?;
    if far {
        demur_corpus::upload(&file, &path)?;
    }
    let meta = fresh.snapshot.meta();
    let words = format!(
        "{}\n  {} accounts, {} accounts and records covered by objections\n  {}, register position {}, {}",
        path.display(),
        grouped(meta.accounts),
        grouped(meta.objecting),
        size(fresh.compiled.bytes),
        meta.register_size,
        seconds(fresh.took),
    );
    let json = json!({
        "path": path,
        "size": fresh.compiled.bytes,
        "digest": fresh.compiled.digest,
        "accounts": meta.accounts,
        "listed_twice": fresh.compiled.listed_twice,
        "objecting": meta.objecting,
        "objecting_unlisted": fresh.compiled.unlisted,
        "register_size": meta.register_size,
        "register_root": meta.register_root,
        "seconds": fresh.took.as_secs_f64(),
    });
    context.out.result(&words, &json);
    Ok(())
}
