"""A query before the gate and one behind it; rows pass from one to the other as a stream."""

import sys
from pathlib import Path

import duckdb
import pyarrow

import demur
from platform_columns import COLUMNS

platform = Path(sys.argv[1])
gate = demur.Gate(platform / "assistant-training.snapshot", COLUMNS)

with duckdb.connect() as before, duckdb.connect() as behind:
    posts = before.sql(f"SELECT * FROM read_parquet('{platform}/corpus/*.parquet')")
    lawful = pyarrow.RecordBatchReader.from_stream(gate.redact(posts))
    print(behind.sql("SELECT count(*) FROM lawful").fetchall()[0][0])
