"""Counts the posts that may be used, judged in Ray's workers."""

import sys
from pathlib import Path

import ray

import demur.ray
from platform_columns import COLUMNS

platform = Path(sys.argv[1])
ray.init(num_cpus=2, include_dashboard=False)

posts = ray.data.read_parquet(str(platform / "corpus"))
lawful = demur.ray.gate(posts, platform / "assistant-training.snapshot", COLUMNS, redact=True)
print(lawful.count())
