//! Training sets in the register of a site, as the command line makes them.

use demur_register::{NewRun, Run, TrainingSetCommitted, TrainingSetPurged, TrainingSetRetracted};

use crate::support::{PURPOSE, Site};

const MANIFEST: &str = "{}";

fn digest() -> String {
    blake3::hash(MANIFEST.as_bytes()).to_hex().to_string()
}

/// Builds a set of 3,001 records by what the register says now.
pub fn build(site: &Site, name: &str) {
    let mut register = site.register();
    let set = TrainingSetCommitted {
        set: name.into(),
        purpose: PURPOSE.into(),
        purpose_digest: register.latest_purpose(PURPOSE).unwrap().unwrap().digest(),
        snapshot_digest: "00".into(),
        snapshot_size: register.size().unwrap(),
        snapshot_root: register.root().unwrap(),
        manifest_digest: digest(),
        input: 4000,
        kept: 3000,
        redacted: 1,
        dropped: 999,
    };
    register.commit_training_set(set, MANIFEST, site.app.now()).unwrap().unwrap();
}

/// Takes 7 records out of it by what the register says now.
pub fn retract(site: &Site, name: &str) {
    let mut register = site.register();
    let last = register.training_set(name).unwrap().unwrap().newest().clone();
    let set = TrainingSetRetracted {
        set: name.into(),
        version: last.version + 1,
        purpose_digest: last.purpose_digest,
        snapshot_digest: "01".into(),
        snapshot_size: register.size().unwrap(),
        snapshot_root: register.root().unwrap(),
        manifest_digest: digest(),
        kept: last.kept - 7,
        left: 7,
        returned: 0,
        history_kept: false,
    };
    register.retract_training_set(set, MANIFEST, site.app.now()).unwrap();
}

/// Removes what was hidden in it.
pub fn purge(site: &Site, name: &str) {
    let mut register = site.register();
    let known = register.training_set(name).unwrap().unwrap();
    let set = TrainingSetPurged {
        set: name.into(),
        version: known.newest().version + 1,
        manifest_digest: digest(),
        records: known.hidden_records(),
        files: 1,
    };
    register.purge_training_set(set, MANIFEST, site.app.now()).unwrap();
}

/// Begins a run that reads its newest version.
pub fn run(site: &Site, name: &str, set: &str) -> Run {
    let (name, read) = (name.into(), vec![(set.into(), None)]);
    let even_if_behind = Some("as a test".into());
    site.register().start_run(NewRun { name, read, even_if_behind }, site.app.now()).unwrap()
}
