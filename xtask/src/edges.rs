//! Which crate may depend on which.
//!
//! A build is judged by a snapshot and by nothing else; were the gate able to ask the register, some
//! day it would. So the edges are listed here, and one that is not listed fails the test.

use anyhow::{Result, bail};
use serde_json::Value;

/// Each crate with all that it may depend on, from the plain types outwards.
const EDGES: [(&str, &[&str]); 10] = [
    ("demur-core", &[]),
    ("demur-register", &["demur-core"]),
    ("demur-snapshot", &["demur-core"]),
    ("demur-gate", &["demur-core", "demur-snapshot"]),
    ("demur-store", &[]),
    ("demur-corpus", &["demur-core", "demur-snapshot", "demur-gate", "demur-store"]),
    ("demur-notice", &["demur-core"]),
    ("demur-web", &["demur-core", "demur-register", "demur-notice"]),
    (
        "demur",
        &[
            "demur-core",
            "demur-register",
            "demur-snapshot",
            "demur-gate",
            "demur-corpus",
            "demur-notice",
            "demur-web",
        ],
    ),
    ("demur-python", &["demur-core", "demur-snapshot", "demur-gate", "demur-store"]),
];

/// Fails where a crate of the workspace depends on another that it should not know. Dependencies of
/// tests are free.
pub(crate) fn check(metadata: &Value) -> Result<()> {
    let wrong = wrong_edges(metadata);
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n  "));
    }
    eprintln!("{} crates, every edge is listed", EDGES.len());
    Ok(())
}

/// Everything that is wrong, a sentence each.
fn wrong_edges(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut wrong = Vec::new();
    for (name, _) in EDGES {
        if !names.contains(&name) {
            wrong.push(format!("{name} is listed in xtask/src/edges.rs, but it is not a crate"));
        }
    }
    for package in packages {
        let Some(name) = package["name"].as_str() else { continue };
        let Some(may) = allowed(name) else {
            if name != "xtask" {
                wrong.push(format!(
                    "{name} is not listed in xtask/src/edges.rs: say what it may know"
                ));
            }
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(on) = dependency["name"].as_str() else { continue };
            let is_inside = names.contains(&on);
            if is_inside && dependency["kind"] != "dev" && !may.contains(&on) {
                let reversed = allowed(on).is_some_and(|back| back.contains(&name));
                let why = if reversed {
                    "the edge points the other way"
                } else {
                    "no such edge is listed"
                };
                wrong.push(format!("{name} must not depend on {on}: {why}"));
            }
        }
    }
    wrong
}

fn allowed(name: &str) -> Option<&'static [&'static str]> {
    EDGES.into_iter().find(|(listed, _)| *listed == name).map(|(_, may)| may)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The workspace as listed, with one more dependency.
    fn with(from: &str, on: &str, kind: Option<&str>) -> Value {
        let dependency = |name: &str, kind: Option<&str>| json!({ "name": name, "kind": kind });
        let mut packages: Vec<Value> = EDGES
            .iter()
            .map(|(name, may)| {
                let listed = may.iter().map(|on| dependency(on, None));
                let outside = std::iter::once(dependency("serde", None));
                json!({ "name": name, "dependencies": listed.chain(outside).collect::<Vec<_>>() })
            })
            .collect();
        packages.push(json!({ "name": "xtask", "dependencies": [] }));
        let package = packages.iter_mut().find(|package| package["name"] == from).unwrap();
        package["dependencies"].as_array_mut().unwrap().push(dependency(on, kind));
        json!({ "packages": packages })
    }

    #[test]
    fn every_crate_knows_only_crates_listed_before_it() {
        for (at, (name, may)) in EDGES.iter().enumerate() {
            for on in *may {
                assert!(EDGES[..at].iter().any(|(before, _)| before == on), "{name} → {on}");
            }
        }
    }

    #[test]
    fn the_listed_edges_pass() {
        assert_eq!(wrong_edges(&with("demur", "rand", None)), Vec::<String>::new());
    }

    #[test]
    fn a_reversed_edge_fails_and_is_named() {
        let wrong = wrong_edges(&with("demur-core", "demur-gate", None));
        assert_eq!(
            wrong,
            ["demur-core must not depend on demur-gate: the edge points the other way"]
        );
    }

    #[test]
    fn nothing_between_core_and_command_line_knows_the_register() {
        for from in ["demur-snapshot", "demur-gate", "demur-corpus"] {
            let wrong = wrong_edges(&with(from, "demur-register", None));
            assert_eq!(
                wrong,
                [format!("{from} must not depend on demur-register: no such edge is listed")]
            );
        }
    }

    #[test]
    fn build_scripts_count_and_tests_do_not() {
        let kind = |kind| wrong_edges(&with("demur-register", "demur-snapshot", Some(kind))).len();
        assert_eq!((kind("build"), kind("dev")), (1, 0));
    }

    #[test]
    fn the_chores_are_nobodys_dependency() {
        assert_eq!(wrong_edges(&with("demur", "xtask", None)).len(), 1);
    }

    #[test]
    fn new_and_vanished_crates_are_reported() {
        let mut metadata = with("demur", "rand", None);
        metadata["packages"][1]["name"] = "demur-new".into();
        let wrong = wrong_edges(&metadata);
        assert!(wrong.iter().any(|w| w.contains("demur-register is listed")), "{wrong:?}");
        assert!(wrong.iter().any(|w| w.contains("demur-new is not listed")), "{wrong:?}");
    }
}
