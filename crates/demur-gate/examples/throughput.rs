//! How many records a second the gate judges, alone, on rows in memory.
//!
//! `cargo run --release -p demur-gate --example throughput -- SNAPSHOT ROWS.parquet [--rounds N]
//! [--threads N]`, where the rows have the columns of the benchmark's platform (`cargo xtask bench
//! --keep` leaves both files). It prints one JSON object: how many rows stay, the seconds that each round
//! took, and how many loads a second a plain loop does on a table of the snapshot's size, each of whose
//! addresses is what the load before it found.
#![allow(clippy::print_stdout, reason = "this is a program for a terminal")]

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use demur_gate::{Columns, Created, Gate, People, Value};
use demur_snapshot::Snapshot;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Rows of a batch.
const BATCH: usize = 32_768;
/// Loads of the plain loop.
const LOADS: u32 = 20_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut rounds, mut threads, mut files) = (3, 2, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let number = arguments.next().and_then(|number| number.parse().ok());
            number.ok_or_else(|| format!("{argument} wants a number"))
        };
        match argument.as_str() {
            "--rounds" => rounds = number()?,
            "--threads" => threads = number()?,
            _ => files.push(argument.clone()),
        }
    }
    let [snapshot, rows] = files.as_slice() else {
        return Err("name a snapshot and a Parquet file".into());
    };
    let snapshot = Arc::new(Snapshot::open(snapshot)?);
    let gate = Gate::new(Arc::clone(&snapshot), columns())?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(rows)?)?;
    let batches: Vec<RecordBatch> =
        reader.with_batch_size(BATCH).build()?.collect::<Result<_, _>>()?;
    let records: usize = batches.iter().map(RecordBatch::num_rows).sum();

    let (mut kept, mut seconds) = (0, Vec::new());
    for _ in 0..rounds {
        let started = Instant::now();
        kept = judge(&gate, &batches, threads)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let loads = loads_a_second(snapshot.bytes());
    println!(
        "{{\"records\": {records}, \"kept\": {kept}, \"threads\": {threads}, \
         \"seconds\": {seconds:?}, \"loads_a_second\": {loads:.0}}}"
    );
    Ok(())
}

/// The columns of the platform.
fn columns() -> Columns {
    let column = |name: &str| Value::Column(name.to_owned());
    Columns {
        record: "record_id".into(),
        author: "author_id".into(),
        kind: column("kind"),
        visibility: column("visibility"),
        created: Created { column: "created_at".into(), unit: None },
        text: None,
        mentioned: Some(People {
            column: "mentions".into(),
            account: Some("user_id".into()),
            span: Some(("start".into(), "end".into())),
        }),
        depicted: Some(People { column: "tagged".into(), account: None, span: None }),
    }
}

/// Judges all batches; returns how many rows stay.
fn judge(gate: &Gate, batches: &[RecordBatch], threads: usize) -> Result<u64, Box<dyn Error>> {
    let share = batches.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let work = |share| {
            scope.spawn(move || -> Result<u64, demur_gate::Error> {
                let mut kept = 0;
                for batch in share {
                    let counts = gate.judge(batch)?.counts();
                    kept += counts.kept + counts.redacted;
                }
                Ok(kept)
            })
        };
        let workers: Vec<_> = batches.chunks(share).map(work).collect();
        let mut kept = 0;
        for worker in workers {
            kept += worker.join().map_err(|_| "a thread panicked")??;
        }
        Ok(kept)
    })
}

/// The plain loop: walks through one circle of all places of a table, in a random order.
fn loads_a_second(bytes: usize) -> f64 {
    let places = (bytes / size_of::<u32>()).max(2) as u32;
    let mut table: Vec<u32> = (0..places).collect();
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    // Sattolo's shuffle leaves one circle, so that the walk does not end in a small one.
    for last in (1..places as usize).rev() {
        let other = (u64::from(chance.next_u32()) * last as u64) >> 32;
        table.swap(last, other as usize);
    }
    let started = Instant::now();
    let mut at = 0;
    for _ in 0..LOADS {
        at = table[at as usize];
    }
    black_box(at);
    f64::from(LOADS) / started.elapsed().as_secs_f64()
}
