//! `demur register`: the log itself.

use std::path::Path;

use demur_register::{KeySource, Options, OsEntropy, RegisterUrl};
use serde_json::json;

use crate::cli::Register;
use crate::context::{Context, KEY_VARIABLE, now};
use crate::failure::Failure;
use crate::output::grouped;

pub(crate) fn run(context: &Context, command: &Register) -> Result<(), Failure> {
    if let Register::Copy { from, to, new_key } = command {
        return copy(context, from, to, new_key.as_deref());
    }
    let mut register = context.existing_register()?;
    match command {
        Register::Copy { .. } => {}
        Register::RotateKey { to } => {
            let file = match (to, std::env::var(KEY_VARIABLE)) {
                (Some(to), Ok(_)) => to.clone(),
                (None, Err(_)) => context.path(&context.config.register.key),
                (Some(_), Err(_)) => {
                    return Err(Failure::input(format!(
                        "the register's key is in {}, and the new one takes its place there; leave --to out, or copy the file afterwards",
                        context.path(&context.config.register.key).display()
                    )));
                }
                (None, Ok(_)) => {
                    return Err(Failure::input(format!(
                        "the key comes from {KEY_VARIABLE}, which this program cannot change; say with --to in which file the new one is left"
                    )));
                }
            };
            if to.is_some() {
                not_there(&file)?;
            }
            register.rotate_key(&file)?;
            let words = format!(
                "the register has a new key, in {}\n  the old key is refused from now on, and still opens copies of the register from before: destroy those that you need no longer, and the key with them\n  if somebody may have kept a key or a copy, this does not shut them out; sealing everything anew does: demur register copy FROM TO --new-key FILE\n  back up the new key apart from the register; without it nobody can read who objected",
                file.display()
            );
            context.out.result(&words, &json!({ "key": file }));
        }
        Register::Verify => {
            let report = register.verify()?;
            let problems: Vec<_> = report
                .problems
                .iter()
                .map(|p| json!({ "event": p.event, "what": p.text }))
                .collect();
            let json = json!({
                "events": report.size,
                "root": report.root.to_string(),
                "personal_parts": report.personal_parts,
                "erased": report.erased,
                "notices": report.notices,
                "undelivered": report.undelivered,
                "tombstones": report.tombstones,
                "problems": problems,
            });
            if !report.is_sound() {
                let lines: Vec<&str> = report.problems.iter().map(|p| p.text.as_str()).collect();
                let text = format!(
                    "the register is not what it was:\n  {}\n  hint: restore a backup; compare its checkpoint with one you published",
                    lines.join("\n  ")
                );
                return Err(Failure::finding(text, json));
            }
            let words = format!(
                "the register is sound\n  {} events, root {}\n  {} personal parts opened and compared, {} erased, {} notices delivered, {} returned, {} tombstones",
                grouped(report.size),
                report.root,
                grouped(report.personal_parts),
                grouped(report.erased),
                grouped(report.notices),
                grouped(report.undelivered),
                grouped(report.tombstones)
            );
            context.out.result(&words, &json);
        }
        Register::Rebuild => {
            register.rebuild(now())?;
            let size = register.size()?;
            let words = format!("rebuilt from {} events", grouped(size));
            context.out.result(&words, &json!({ "events": size }));
        }
        Register::Checkpoint => {
            let checkpoint = register.checkpoint()?;
            let key = register.verifier_key();
            let words = format!("{checkpoint}\nverify with the key {key}");
            context.out.result(&words, &json!({ "checkpoint": checkpoint, "key": key }));
        }
    }
    Ok(())
}

fn copy(context: &Context, from: &str, to: &str, new_key: Option<&Path>) -> Result<(), Failure> {
    let folder = &context.config.folder;
    let to = RegisterUrl::parse(to, folder)?;
    let options = Options { url: RegisterUrl::parse(from, folder)?, ..context.register_options()? };
    let from = options.url.clone();
    let mut register =
        demur_register::Register::open_existing(options, Box::new(OsEntropy::new()), now())?;
    let copied = match new_key {
        None => register.copy_to(&to, &mut |_| {})?,
        Some(file) => {
            not_there(file)?;
            let key = KeySource::File(file.to_owned());
            register.copy_under(&to, &key, &mut |_| {})?
        }
    };
    let sealed = new_key.map_or_else(String::new, |file| {
        format!(
            "\n  everything sealed anew under the key in {}: name it in [register] too, and destroy the old key with the old register",
            file.display()
        )
    });
    let words = format!(
        "copied {from} to {to}\n  {} events, root {}, the same on both sides\n  {} personal parts opened and compared, {} things on the desk\n  now write the new address into [register], and remove the old register: it is no longer written to{sealed}",
        grouped(copied.size),
        copied.root,
        grouped(copied.personal_parts),
        grouped(copied.items)
    );
    let json = json!({
        "events": copied.size,
        "root": copied.root.to_string(),
        "personal_parts": copied.personal_parts,
        "items": copied.items,
    });
    context.out.result(&words, &json);
    Ok(())
}

/// A new key goes into a new file.
fn not_there(file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::input(format!(
            "{}: this file is there already, and may be somebody's key; name one that is not",
            file.display()
        )));
    }
    Ok(())
}
