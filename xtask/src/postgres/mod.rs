//! Everything that can be stored in PostgreSQL as well, stored there.

pub(crate) mod cluster;
mod receivers;
mod rounds;
mod tls;

use std::fs;

use anyhow::{Context, Result};

use self::cluster::Cluster;
use crate::shell::{ask, cargo, run};
use crate::test::PRODUCT;
use crate::workspace::Workspace;

/// The variable under which tests look for a database; without it they use SQLite.
const VARIABLE: &str = "DEMUR_TEST_POSTGRES";

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    // What is written here has to outlive processes, not the machine.
    let cluster = Cluster::start(&["fsync=off", "max_connections=200"])?;
    let database = cluster.database("test")?;
    // As the other tests have it: another choice of packages would compile half of them anew.
    let mut tests = if ask(&mut cargo(&["nextest", "--version"])).is_some() {
        cargo(&["nextest", "run", "--filterset", "package(demur-register)"])
    } else {
        cargo(&["test"])
    };
    tests.args(PRODUCT).arg("--lib");
    for name in of_register(workspace)? {
        tests.args(["--test", &name]);
    }
    run(tests.env(VARIABLE, &database))?;
    drop(cluster);
    run(cargo(&["test", "--no-run", "--lib", "--bins", "--tests"]).args(PRODUCT))?;
    let demur =
        workspace.target().join("debug").join(format!("demur{}", std::env::consts::EXE_SUFFIX));
    rounds::check(workspace, &demur)?;
    tls::check(workspace, &demur)
}

/// The integration tests of the register, by name: the one that only a server can pass runs where it is named.
fn of_register(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.root().join("crates/demur-register/tests");
    let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let tests = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    Ok(tests.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect())
}
