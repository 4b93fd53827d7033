//! Training sets, their versions and runs in SQL.

use rusqlite::Row;

use super::read::{entry, moment, number};
use crate::projection::{RunRow, TrainingRow, VersionRow};
use crate::training::{Version, VersionKind};

pub(super) const SETS: &str = "SELECT seq, set_id, gone FROM training_set ORDER BY seq";

pub(super) const RUNS: &str = "SELECT seq, run_id, finished FROM run ORDER BY seq";

/// The columns that [`version`] reads.
macro_rules! select_version {
    ($rest:literal) => {
        concat!(
            "SELECT seq, set_id, version, at, kind, kept, left_records, returned, purged, \
             snapshot_size, purpose_digest, manifest_digest, history_kept FROM training_version ",
            $rest
        )
    };
}

pub(super) const VERSIONS: &str = select_version!("ORDER BY seq");

pub(super) const VERSIONS_OF: &str = select_version!("WHERE set_id = ?1 ORDER BY version");

/// The index `objection_in_force` holds all that it asks for.
pub(super) const IN_FORCE_SINCE: &str = "SELECT count(*), min(due_from) FROM objection \
                                         WHERE purpose = ?1 AND in_force >= ?2 AND opened >= ?2";

pub(super) fn set(row: &Row<'_>) -> rusqlite::Result<TrainingRow> {
    Ok(TrainingRow { seq: number(row, 0)?, set: row.get(1)?, gone: event(row, 2)? })
}

pub(super) fn run(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow { seq: number(row, 0)?, run: row.get(1)?, finished: event(row, 2)? })
}

pub(super) fn version(row: &Row<'_>) -> rusqlite::Result<VersionRow> {
    let version = Version {
        seq: number(row, 0)?,
        version: number(row, 2)?,
        at: moment(row, 3)?.timestamp(),
        kind: entry(row, 4, &VersionKind::ALL)?,
        kept: number(row, 5)?,
        left: number(row, 6)?,
        returned: number(row, 7)?,
        purged: number(row, 8)?,
        snapshot_size: number(row, 9)?,
        purpose_digest: row.get(10)?,
        manifest_digest: row.get(11)?,
        history_kept: row.get(12)?,
    };
    Ok(VersionRow { set: row.get(1)?, version })
}

fn event(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    row.get::<_, Option<i64>>(column).map(|seq| seq.map(i64::cast_unsigned))
}
