"""Keeps the posts that may be used, and says why the others may not."""

import sys
from pathlib import Path

import polars

import demur
from platform_columns import COLUMNS

platform = Path(sys.argv[1])
gate = demur.Gate(platform / "assistant-training.snapshot", COLUMNS)
posts = polars.read_parquet(platform / "corpus" / "*.parquet")

verdicts = polars.DataFrame(gate.verdicts(posts))
print(posts.hstack(verdicts).group_by("verdict", "reason").len().sort("len", descending=True))

lawful = gate.redact(posts)
polars.DataFrame(lawful).write_parquet(platform / "lawful.parquet")
print(lawful.counts["kept"] + lawful.counts["redacted"])
