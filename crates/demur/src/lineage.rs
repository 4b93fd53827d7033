//! What training runs read, as OpenLineage run events: added to a file, and posted where that is asked
//! for. The register is the record; these events let other systems' lineage know of it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use demur_register::{Outcome, Register, Run, SetVersion};
use demur_web::webhooks::post_json;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::config::LineageConfig;
use crate::context::Context;
use crate::failure::Failure;

const SCHEMA: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const VERSION_SCHEMA: &str = "https://openlineage.io/spec/facets/1-0-0/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet";
const LINKS_SCHEMA: &str = "https://openlineage.io/spec/facets/1-0-0/SymlinksDatasetFacet.json#/$defs/SymlinksDatasetFacet";
/// Which program says so, as a package URL.
const PRODUCER: &str = concat!("pkg:generic/demur@", env!("CARGO_PKG_VERSION"));

/// Where events go: opened before anything is entered, so that no run begins of which the file could
/// not tell.
pub(crate) struct Lineage<'a> {
    config: &'a LineageConfig,
    path: PathBuf,
    file: File,
}

impl<'a> Lineage<'a> {
    /// # Errors
    /// Where the file cannot be written.
    pub(crate) fn open(context: &'a Context) -> Result<Self, Failure> {
        let config = &context.config.lineage;
        let path = context.path(&config.file);
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let file = file.map_err(|error| failed(&path, &error, "nothing was entered"))?;
        Ok(Lineage { config, path, file })
    }

    /// Whether what is added begins a line of its own.
    fn ends_a_line(&mut self) -> bool {
        let mut last = [b'\n'];
        // Of an empty file, there is nothing before.
        let read = self.file.seek(SeekFrom::End(-1)).and_then(|_| self.file.read(&mut last));
        read.is_err() || last == [b'\n']
    }

    /// Adds a run's latest event to the file and posts it. An address that does not take it is told as a
    /// warning: the event is in the file.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub(crate) fn tell(
        mut self,
        context: &Context,
        register: &Register,
        run: &Run,
    ) -> Result<(), Failure> {
        let event = event(register, run)?.to_string();
        let entered = format!("the register knows the run {} all the same", run.started.run);
        // A full disk may have cut the last line short.
        let start = if self.ends_a_line() { "" } else { "\n" };
        // One write, so that the lines of two commands do not mix.
        let added = self.file.write_all(format!("{start}{event}\n").as_bytes());
        added
            .and_then(|()| self.file.sync_data())
            .map_err(|error| failed(&self.path, &error, &entered))?;
        if let Some(url) = &self.config.post_to
            && let Err(why) = post(url, event)
        {
            context.out.warn(&format!(
                "warning: the lineage event was not taken by the address in `post_to`: {why}\n  hint: it is the last line of {}; post it from there",
                self.path.display()
            ));
        }
        Ok(())
    }
}

fn failed(path: &Path, error: &std::io::Error, entered: &str) -> Failure {
    Failure::machine(format!("{}: could not write: {error}\n  hint: {entered}", path.display()))
}

fn post(url: &str, event: String) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(post_json(url, event))
}

/// The run event of where a run stands.
fn event(register: &Register, run: &Run) -> Result<Value, Failure> {
    let (kind, at): (&str, Timestamp) = match run.finished {
        None => ("START", run.at),
        Some((at, Outcome::Completed)) => ("COMPLETE", at),
        Some((at, Outcome::Failed)) => ("FAIL", at),
        Some((at, Outcome::Aborted)) => ("ABORT", at),
    };
    let inputs = run.started.read.iter().map(|read| dataset(register, read));
    Ok(json!({
        "eventType": kind,
        "eventTime": at.to_string(),
        "run": { "runId": run.started.run },
        "job": { "namespace": register.origin(), "name": run.started.name },
        "inputs": inputs.collect::<Result<Vec<_>, _>>()?,
        "outputs": [],
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
    }))
}

/// A set is named after the register, which outlives its folder; where it lies is a second name.
fn dataset(register: &Register, read: &SetVersion) -> Result<Value, Failure> {
    let facet = |schema: &str, name: &str, value: Value| json!({ "_producer": PRODUCER, "_schemaURL": schema, name: value });
    let version = read.version.to_string();
    let mut facets = json!({ "version": facet(VERSION_SCHEMA, "datasetVersion", version.into()) });
    if let Some(place) = register.place_of(&read.set)? {
        let (namespace, name) = location(&place);
        let place = json!([{ "namespace": namespace, "name": name, "type": "LOCATION" }]);
        facets["symlinks"] = facet(LINKS_SCHEMA, "identifiers", place);
    }
    Ok(json!({ "namespace": register.origin(), "name": read.set, "facets": facets }))
}

/// A folder or address as OpenLineage names it: the store, and the place in it.
fn location(place: &str) -> (String, String) {
    let address = place.split_once("://").filter(|(scheme, _)| *scheme != "file");
    match address {
        Some((scheme, rest)) => {
            let (store, path) = rest.split_once('/').unwrap_or((rest, ""));
            (format!("{scheme}://{store}"), path.to_owned())
        }
        None => ("file".to_owned(), place.trim_start_matches("file://").to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_by_store_and_path() {
        for (place, namespace, name) in [
            ("/data/sets/a", "file", "/data/sets/a"),
            ("file:///data/sets/a", "file", "/data/sets/a"),
            ("s3://bucket/sets/a", "s3://bucket", "sets/a"),
        ] {
            assert_eq!(location(place), (namespace.to_owned(), name.to_owned()));
        }
    }
}
