"""Streams the posts that may be used; nothing is read before it is asked for."""

import sys
from pathlib import Path

from datasets import load_dataset

import demur.datasets
from platform_columns import COLUMNS

platform = Path(sys.argv[1])
files = sorted(str(file) for file in (platform / "corpus").glob("*.parquet"))
posts = load_dataset("parquet", data_files=files, split="train", streaming=True)

lawful = demur.datasets.gate(posts, platform / "assistant-training.snapshot", COLUMNS, redact=True)
print(sum(1 for post in lawful))
