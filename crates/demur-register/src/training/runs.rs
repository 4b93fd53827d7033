//! Training runs: which versions of which sets each of them read.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{behind, existing};
use crate::Register;
use crate::error::{Error, Result};
use crate::event::{Event, Moment, What};
use crate::projection::RunRow;
use crate::store::Read;

/// One version of one training set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetVersion {
    /// The set.
    pub set: String,
    /// The version of its table.
    pub version: u64,
}

impl fmt::Display for SetVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.set, self.version)
    }
}

/// A run that begins to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunStarted {
    /// Its id, a UUID.
    pub run: String,
    /// What its owner calls it; it need not be unique.
    pub name: String,
    /// What it reads.
    pub read: Vec<SetVersion>,
    /// Why it reads a version that is not the newest, or that lacks an objection in force.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub even_if_behind: Option<String>,
}

/// A run that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFinished {
    /// Its id.
    pub run: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should.
    Completed,
    /// By an error of its own.
    Failed,
    /// Somebody stopped it.
    Aborted,
}

impl Outcome {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Completed => "completed",
            Outcome::Failed => "failed",
            Outcome::Aborted => "aborted",
        }
    }
}

/// A run that is to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// What its owner calls it.
    pub name: String,
    /// Sets and versions; without a version, the set's newest.
    pub read: Vec<(String, Option<u64>)>,
    /// Why it may read a version that is not the newest, or that lacks an objection in force.
    pub even_if_behind: Option<String>,
}

/// A run in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub at: Timestamp,
    /// What was said then.
    pub started: RunStarted,
    /// When and how it ended.
    pub finished: Option<(Timestamp, Outcome)>,
}

impl Run {
    /// Which version of a set it read.
    #[must_use]
    pub fn version_of(&self, set: &str) -> Option<u64> {
        self.started.read.iter().find(|read| read.set == set).map(|read| read.version)
    }
}

impl Register {
    /// Enters a run that begins to read, under a new id. What it reads must be the newest version of a
    /// set, and one that knows every objection in force: any other would have it learn from people who
    /// said no. A reason lets it do so all the same, and is recorded.
    ///
    /// # Errors
    /// Where nothing is read or something twice, a set or version is not known or gone, or one is behind
    /// and no reason is given.
    pub fn start_run(&mut self, new: NewRun, at: Timestamp) -> Result<Run> {
        let NewRun { name, read, even_if_behind } = new;
        if name.trim().is_empty() {
            return Err(Error::Invalid("a run needs a name".into()));
        }
        if even_if_behind.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(Error::Invalid(
                "reading a version that is behind needs a reason: it is recorded".into(),
            ));
        }
        if read.is_empty() {
            return Err(Error::Invalid("a run reads at least one training set; name it".into()));
        }
        let mut writer = self.writer(at)?;
        let mut resolved: Vec<SetVersion> = Vec::with_capacity(read.len());
        for (set, version) in read {
            if resolved.iter().any(|read| read.set == set) {
                return Err(Error::Invalid(format!(
                    "training set \"{set}\" is named twice; a run reads one version of a set"
                )));
            }
            let version = readable(&*writer.tx, &set, version, even_if_behind.is_some())?;
            resolved.push(SetVersion { set, version });
        }
        let run = uuid(writer.at(), writer.draw());
        let started = RunStarted { run, name, read: resolved, even_if_behind };
        let at = writer.at().timestamp();
        let seq = writer.append(What::RunStarted(started.clone()), None)?;
        writer.tx.put_run(&RunRow { seq, run: started.run.clone(), finished: None })?;
        writer.commit()?;
        Ok(Run { at, started, finished: None })
    }

    /// Enters how a run ended.
    ///
    /// # Errors
    /// Where the run is not known, or has ended.
    pub fn finish_run(&mut self, run: &str, outcome: Outcome, at: Timestamp) -> Result<Run> {
        let mut writer = self.writer(at)?;
        let row = writer.tx.runs()?.into_iter().find(|row| row.run == run);
        let row = row.ok_or_else(|| {
            Error::Invalid(format!("the register knows no run {run}; `demur run list` lists them"))
        })?;
        let known = load(&*writer.tx, &row)?;
        if let Some((since, outcome)) = known.finished {
            let outcome = outcome.name();
            return Err(Error::Invalid(format!("run {run} has {outcome} already, at {since:.0}")));
        }
        let what = RunFinished { run: run.to_owned(), outcome };
        let at = writer.at().timestamp();
        let finished = writer.append(What::RunFinished(what), None)?;
        writer.tx.put_run(&RunRow { finished: Some(finished), ..row })?;
        writer.commit()?;
        Ok(Run { finished: Some((at, outcome)), ..known })
    }

    /// Every run, oldest first.
    ///
    /// # Errors
    /// Where the register cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let tx = self.store.read()?;
        tx.runs()?.iter().map(|row| load(&*tx, row)).collect()
    }
}

/// The version that a run may read.
fn readable(
    tx: &(impl Read + ?Sized),
    set: &str,
    version: Option<u64>,
    even_if_behind: bool,
) -> Result<u64> {
    let known = existing(tx, set)?;
    let newest = known.newest();
    let version = version.unwrap_or(newest.version);
    if known.version(version).is_none() {
        return Err(Error::Invalid(format!(
            "training set \"{set}\" has no version {version}; its newest is {}",
            newest.version
        )));
    }
    if even_if_behind {
        return Ok(version);
    }
    if version != newest.version {
        return Err(Error::Invalid(format!(
            "version {version} of training set \"{set}\" is not its newest, which is {}: read that one, \
             or give a reason with --even-if-behind",
            newest.version
        )));
    }
    let behind = behind::behind(tx, &known.committed.purpose, newest.snapshot_size)?;
    match behind.objections {
        0 => Ok(version),
        n => Err(Error::Invalid(format!(
            "training set \"{set}\" lacks {n} {} in force, so the run would learn from people who said \
             no: retract it first with `demur retract {set}`, or give a reason with --even-if-behind",
            if n == 1 { "objection" } else { "objections" }
        ))),
    }
}

fn load(tx: &(impl Read + ?Sized), row: &RunRow) -> Result<Run> {
    let event = |seq: u64| Event::parse(seq, &tx.event(seq)?.body);
    let began = event(row.seq)?;
    let What::RunStarted(started) = began.what else {
        return Err(Error::Damaged(format!("event {} begins no run", row.seq)));
    };
    let finished = row.finished.map(event).transpose()?.map(|event| match event.what {
        What::RunFinished(finished) => Ok((event.at.timestamp(), finished.outcome)),
        _ => Err(Error::Damaged(format!("run {} ends with an event that ends none", row.run))),
    });
    Ok(Run { at: began.at.timestamp(), started, finished: finished.transpose()? })
}

/// A UUID of version 7: milliseconds, then chance (RFC 9562).
fn uuid(at: Moment, chance: [u8; 10]) -> String {
    let millis = u64::try_from(at.micros() / 1000).unwrap_or_default();
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&chance);
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_id_is_a_uuid_of_version_7() {
        // The example of RFC 9562, appendix A.6.
        let at = Moment::from_micros(0x017F_22E2_79B0 * 1000).unwrap();
        let chance = [0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F];
        assert_eq!(uuid(at, chance), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }
}
