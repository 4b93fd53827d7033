"""How many records a second the gate judges from Python, on rows in memory and on one thread.

    gate_speed.py SNAPSHOT ROWS.parquet [--rounds N]

The same rows in the same batches as the example `throughput` of the crate `demur-gate` with `--threads 1`;
`cargo xtask bench --python` runs both.
"""

import argparse
import json
import time

import pyarrow.parquet

import demur

BATCH = 32_768
COLUMNS = {
    "record": "record_id",
    "author": "author_id",
    "kind": "kind",
    "visibility": "visibility",
    "created": "created_at",
    "mentioned": {"column": "mentions", "account": "user_id", "start": "start", "end": "end"},
    "depicted": "tagged",
}


def judge(gate, batches):
    kept = 0
    for batch in batches:
        counts = gate.verdicts(batch).counts
        kept += counts["kept"] + counts["redacted"]
    return kept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("snapshot")
    parser.add_argument("rows")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    gate = demur.Gate(given.snapshot, COLUMNS)
    batches = list(pyarrow.parquet.ParquetFile(given.rows).iter_batches(BATCH))
    seconds = []
    for _ in range(given.rounds):
        started = time.perf_counter()
        kept = judge(gate, batches)
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"kept": kept, "seconds": seconds}))


if __name__ == "__main__":
    main()
