//! Everything that can be stored in PostgreSQL as well, stored there.

pub(crate) mod cluster;
mod receivers;
mod rounds;
mod tls;

use anyhow::Result;

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
    let words: &[&str] = if ask(&mut cargo(&["nextest", "--version"])).is_some() {
        &["nextest", "run"]
    } else {
        &["test", "--lib", "--tests"]
    };
    let mut tests = cargo(words);
    tests.args(["--package", "demur-register", "--features", "demur-register/postgres-tests"]);
    run(tests.env(VARIABLE, &database))?;
    drop(cluster);
    // As the tests have it: another choice of packages would compile half of them anew.
    run(cargo(&["test", "--no-run", "--lib", "--bins", "--tests"]).args(PRODUCT))?;
    let demur =
        workspace.target().join("debug").join(format!("demur{}", std::env::consts::EXE_SUFFIX));
    rounds::check(workspace, &demur)?;
    tls::check(workspace, &demur)
}
