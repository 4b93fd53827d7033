//! Somebody clicks the direct link: how long until no training set has what is theirs.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use demur_core::id::AccountId;
use demur_register::{KeySource, Link, LinkKind, Options, OsEntropy, Register, RegisterUrl};
use jiff::SignedDuration;

use super::ground::{Ground, Setting};
use crate::load::client::{self, Pace};
use crate::load::server::{Server, now};
use crate::scale::PURPOSE;

/// When a server that does not follow is given up.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often the register is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Has these people click, one after the other, on a server of the setting that people leave. Seconds from
/// each click until every set lacks nothing.
pub(super) fn run(ground: &Ground, people: &[i64]) -> Result<Vec<f64>> {
    let folder = ground.folder_of(Setting::Leaving);
    let register = open(&folder)?;
    let server = Server::of(ground.program(), &folder.join("demur.toml"))?;
    let mut took = Vec::new();
    for person in people {
        let (account, purpose) = (AccountId::Number((*person).into()), PURPOSE.to_owned());
        let issued_at = now();
        let expires_at = issued_at + SignedDuration::from_hours(1);
        let kind = LinkKind::Object { account, purpose };
        let path = format!("/o/{}", register.links().seal(&Link { kind, issued_at, expires_at }));
        let before = register.newest_objection(PURPOSE)?;
        let answer = client::post(&[server.address], &[path], Pace { rate: 1, connections: 1 })?;
        let answered = Instant::now();
        let [(_, answer)] = answer.acknowledged[..] else { bail!("a click was not acknowledged") };
        let clicked = answered.checked_sub(answer).context("a click took longer than the clock")?;
        if register.newest_objection(PURPOSE)? == before {
            bail!("a click was acknowledged and is not in the register");
        }
        while !is_current(&register)? {
            if clicked.elapsed() > PATIENCE {
                bail!("the sets still have what is of somebody who clicked {PATIENCE:?} ago");
            }
            std::thread::sleep(LOOK);
        }
        took.push(clicked.elapsed().as_secs_f64());
    }
    server.stop()?;
    Ok(took)
}

/// Whether no set lacks an objection.
fn is_current(register: &Register) -> Result<bool> {
    for set in register.training_sets()?.into_iter().filter(|set| set.gone.is_none()) {
        if register.behind(&set.committed.set)?.objections > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn open(folder: &Path) -> Result<Register> {
    let file = |name: &str| -> PathBuf { folder.join(name) };
    let options = Options {
        url: RegisterUrl::parse("sqlite:demur.db", folder)?,
        key: KeySource::File(file("demur.key")),
        origin: Options::DEFAULT_ORIGIN.into(),
    };
    Ok(Register::open(options, Box::new(OsEntropy::new()), now())?)
}
