//! What `docs/operating.md` tells an operator to do, done: back-ups of a SQLite register, changes of its key, and
//! the files in `deploy/`.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};

use support::Platform;

/// Root and number of personal parts of a sound register.
#[track_caller]
fn verified(p: &Platform) -> (String, u64) {
    let said = p.demur(&["register", "verify", "--json"]).ok().json();
    (said["root"].as_str().unwrap().to_owned(), said["personal_parts"].as_u64().unwrap())
}

fn objected() -> Platform {
    let p = Platform::new().told();
    for account in ["3", "17"] {
        p.demur(&["objection", "add", "--account", account]).ok();
    }
    p
}

#[test]
fn a_copy_made_while_the_site_is_up_is_a_back_up_and_goes_on_where_it_was_made() {
    let p = objected();
    let before = verified(&p);
    std::fs::create_dir(p.path("back-up")).unwrap();
    let to = "sqlite:back-up/demur.db";
    p.demur(&["register", "copy", "sqlite:demur.db", to]).ok();
    p.demur(&["objection", "add", "--account", "20"]).ok();
    for name in ["demur.db", "demur.db-wal", "demur.db-shm"] {
        drop(std::fs::remove_file(p.path(name)));
    }
    // Beside its key an empty place is not taken for a new register.
    p.demur(&["build", "assistant-training", "--corpus", "posts", "--to", "no"])
        .refused(&["missing"]);

    std::fs::copy(p.path("back-up/demur.db"), p.path("demur.db")).unwrap();
    assert_eq!(verified(&p), before);
    assert_eq!(
        p.build("set")["dropped"]["author_objected"],
        2 * support::RECORDS / support::AUTHORS
    );
    p.demur(&["objection", "add", "--account", "20"]).ok();
    verified(&p);
}

#[test]
fn a_back_up_without_its_key_opens_for_nobody() {
    let p = objected();
    std::fs::rename(p.path("demur.key"), p.path("elsewhere.key")).unwrap();
    p.demur(&["register", "verify"]).refused(&["restore the key"]);
    assert!(!p.path("demur.key").exists());
    std::fs::rename(p.path("elsewhere.key"), p.path("demur.key")).unwrap();
    verified(&p);
}

#[test]
fn a_key_that_was_changed_and_a_register_that_was_sealed_anew_go_on() {
    let p = objected();
    let before = verified(&p);
    let first = std::fs::read_to_string(p.path("demur.key")).unwrap();
    p.demur(&["register", "rotate-key"]).ok();
    let second = std::fs::read_to_string(p.path("demur.key")).unwrap();
    assert_ne!(first, second);
    assert_eq!(verified(&p), before);

    let copy = ["register", "copy", "sqlite:demur.db", "sqlite:anew.db", "--new-key", "anew.key"];
    p.demur(&copy).ok();
    p.configure("sqlite:demur.db", "sqlite:anew.db");
    for old in [&first, &second] {
        let mut command = p.command(&["register", "verify"]);
        let ended = command.env("DEMUR_KEY", old.trim()).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    }
    p.configure("[register]", "[register]\nkey = \"anew.key\"");
    assert_eq!(verified(&p), before);
    p.demur(&["objection", "add", "--account", "20"]).ok();
    let dropped = 3 * support::RECORDS / support::AUTHORS;
    assert_eq!(p.build("set")["dropped"]["author_objected"], dropped);
    p.demur(&["audit", "set"]).ok();
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn deployed(name: &str) -> String {
    std::fs::read_to_string(root().join("deploy").join(name)).unwrap()
}

#[test]
fn the_container_file_copies_what_is_there_and_no_less_than_the_workspace_needs() {
    let file = deployed("Containerfile");
    let copied: Vec<&str> = file
        .lines()
        .filter_map(|line| line.strip_prefix("COPY ")?.rsplit_once(' '))
        .filter(|(from, _)| !from.starts_with("--from"))
        .flat_map(|(from, _)| from.split(' '))
        .collect();
    for name in &copied {
        assert!(root().join(name).exists(), "{name}");
    }
    // Cargo reads the manifest of every member, wanted or not.
    for needed in ["Cargo.toml", "Cargo.lock", "crates", "python", "xtask"] {
        assert!(copied.contains(&needed), "{needed}");
    }
    let version = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = version.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap();
    assert!(file.contains(&format!("rust:{}-", version.trim_matches('"'))));
    assert!(file.contains("\nUSER 65532"));
}

#[test]
fn units_call_commands_that_there_are() {
    let folder = std::fs::read_dir(root().join("deploy")).unwrap();
    let mut called = 0;
    for unit in folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        let text = deployed(&unit);
        for line in
            text.lines().filter_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/demur "))
        {
            let words = line
                .split(' ')
                .filter(|word| !word.contains(['/', '%', '$']) && *word != "--config");
            let words: Vec<&str> =
                words.take_while(|word| !word.starts_with("--")).chain(["--help"]).collect();
            Platform::new().demur(&words).ok();
            called += 1;
        }
    }
    assert!(called >= 3, "{called}");
}
