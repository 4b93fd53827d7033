"""A training job that late objections reach: run `demur snapshot assistant-training` while it goes on."""

import sys
from pathlib import Path

import demur.torch

platform, training_set = Path(sys.argv[1]), Path(sys.argv[2])
batches = demur.torch.loader(
    training_set, platform / "assistant-training.snapshot", select=["text"], batch_size=64
)

seen = 0
for batch in batches:
    texts = batch["text"]  # tokenize, forward, backward, step
    seen += len(texts)
print(seen)
