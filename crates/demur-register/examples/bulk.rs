//! How long a large register takes: `cargo run --release -p demur-register --example bulk`.
//!
//! 530,000 objections, four in five approved, and five million notices, in a file on disk.

#![allow(clippy::print_stdout, reason = "its figures are all that it is for")]

use std::time::Instant;

use demur_core::day::Zone;
use demur_core::id::AccountId;
use demur_core::objection::{Scopes, Status};
use demur_core::purpose;
use demur_register::{
    KeySource, ObjectionRow, Options, OsEntropy, QueueFilter, Register, RegisterUrl,
};
use jiff::{SignedDuration, Timestamp};

const OBJECTIONS: i64 = 530_000;
const NOTICES: i64 = 5_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let options = Options {
        url: RegisterUrl::parse("sqlite:bulk.db", dir.path())?,
        key: KeySource::File(dir.path().join("bulk.key")),
        origin: Options::DEFAULT_ORIGIN.into(),
    };
    let at: Timestamp = "2025-05-27T00:00:00Z".parse()?;
    let mut register = Register::open(options, Box::new(OsEntropy::new()), at)?;
    let purpose = purpose::sample();
    register.record_purpose(&purpose, at)?;

    let rows: Vec<ObjectionRow> = (0..OBJECTIONS).map(|n| row(n, &purpose.id, at)).collect();
    timed("import 530,000 objections", || register.import_objections(&rows, at, &mut |_| {}))?;
    timed("import them again", || register.import_objections(&rows, at, &mut |_| {}))?;
    let delivered = (0..NOTICES).map(|n| (AccountId::from(n), at));
    timed("record 5,000,000 notices", || register.record_notices(&purpose.id, delivered, at))?;
    let state = timed("state now", || register.purpose_state(&purpose.id, None))?;
    let then = timed("state replayed", || register.purpose_state(&purpose.id, Some(state.size)))?;
    assert_eq!(then.objections, state.objections);
    let found = timed("look 5,000,000 notices up", || {
        (0..NOTICES).filter_map(|n| state.notices.earliest(&AccountId::from(n))).count()
    });
    assert_eq!(found, 5_000_000);
    let zone = Zone::named(&purpose.time_zone)?;
    let figures = timed("figures", || register.figures(&purpose.id, &zone))?;
    assert_eq!(figures.effect.count, OBJECTIONS.unsigned_abs());
    let all = QueueFilter::default();
    let page = timed("a page of the queue", || register.queue(&all, at, None, 50))?;
    let middle = page.last().map(|case| case.place);
    timed("the next one", || register.queue(&all, at, middle.as_ref(), 50))?;
    timed("count what is open", || register.queue_counts(&all, at))?;
    timed("read who was told", || register.notices(&purpose.id))?;
    sent_in_groups(&mut register, at)?;
    timed("checkpoint", || register.checkpoint())?;
    timed("inclusion proof", || register.inclusion_proof(7))?;
    let report = timed("verify", || register.verify())?;
    assert!(report.is_sound(), "{:?}", report.problems.first());
    timed("rebuild", || register.rebuild(at))?;
    let bytes = dir.path().join("bulk.db").metadata()?.len();
    println!("{:<32}{:>8} MB", "size on disk", bytes / 1_000_000);
    Ok(())
}

/// The same notices for another purpose, 64 at a time as a sender records them, 50,000 of which came
/// back.
fn sent_in_groups(register: &mut Register, at: Timestamp) -> Result<(), demur_register::Error> {
    let mut purpose = purpose::sample();
    purpose.id = "sent".to_owned();
    register.record_purpose(&purpose, at)?;
    timed("record 5,000,000 by 64", || -> Result<(), demur_register::Error> {
        let mut batch = register.batch()?;
        for first in (0..NOTICES).step_by(64) {
            let group = (first..NOTICES.min(first + 64)).map(|n| (AccountId::from(n), at));
            batch.act(at, |act| act.add_notices("sent", group))?;
        }
        batch.commit()
    })?;
    timed("read who was told", || register.notices("sent"))?;
    let returned = (0..NOTICES).step_by(100).map(|n| (AccountId::from(n), at));
    timed("record 50,000 returns", || register.record_undelivered("sent", returned, at))?;
    let told = timed("read who was told", || register.notices("sent"))?;
    assert_eq!(told.len(), 4_950_000);
    Ok(())
}

fn row(n: i64, purpose: &str, at: Timestamp) -> ObjectionRow {
    ObjectionRow {
        line: n.unsigned_abs() + 2,
        account: Some(AccountId::from(n * 9)),
        record: None,
        purpose: purpose.to_owned(),
        scopes: Scopes::OWN,
        status: if n % 5 == 0 { Status::UnderReview } else { Status::Approved },
        received_at: at - SignedDuration::from_secs(n),
        reason: (n % 10 == 0).then(|| "I do not want to be in there.".to_owned()),
    }
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    println!("{what:<32}{:>8.2} s", start.elapsed().as_secs_f64());
    result
}
