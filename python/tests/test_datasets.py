"""Hugging Face ``datasets``, streaming and not, against what the command line builds."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
import pytest

import demur
import demur.datasets
from conftest import COLUMNS


def load(platform, tmp_path, **more):
    files = [str(file) for file in platform.files]
    return datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path / "cache"), **more)


@pytest.fixture(autouse=True)
def quiet():
    datasets.disable_progress_bars()


def texts(rows):
    return {row["record_id"]: row["text"] for row in rows}


def test_in_memory(platform, tmp_path):
    posts = load(platform, tmp_path)
    kept = demur.datasets.gate(posts, platform.snapshot, COLUMNS)
    assert set(kept["record_id"]) == platform.kept.keys()
    assert kept.features == posts.features
    redacted = demur.datasets.gate(posts, platform.snapshot, COLUMNS, redact=True)
    assert texts(redacted) == texts(platform.redacted.values())


def test_streaming_reads_no_further_than_it_is_read(platform, tmp_path):
    posts = load(platform, tmp_path, streaming=True)
    kept = demur.datasets.gate(posts, platform.snapshot, COLUMNS, batch_size=100)
    assert isinstance(kept, datasets.IterableDataset)
    assert next(iter(kept))["record_id"] in platform.kept
    assert {row["record_id"] for row in kept} == platform.kept.keys()
    redacted = demur.datasets.gate(posts, platform.snapshot, COLUMNS, redact=True)
    assert texts(redacted) == texts(platform.redacted.values())

    pulled = []

    def rows():
        for row in platform.corpus.slice(0, 5000).to_pylist():
            pulled.append(row)
            yield row

    features = posts.features or load(platform, tmp_path).features
    endless = datasets.IterableDataset.from_generator(rows, features=features)
    next(iter(demur.datasets.gate(endless, platform.snapshot, COLUMNS, batch_size=100)))
    assert 0 < len(pulled) < 1000


def test_two_processes(platform, tmp_path):
    kept = demur.datasets.gate(load(platform, tmp_path), platform.snapshot, COLUMNS, num_proc=2)
    assert set(kept["record_id"]) == platform.kept.keys()


def test_parts_of_a_dictionary_are_judged_each(platform, tmp_path):
    parts = load(platform, tmp_path).train_test_split(0.5, seed=1)
    kept = demur.datasets.gate(parts, platform.snapshot, COLUMNS)
    assert set(kept["train"]["record_id"]) | set(kept["test"]["record_id"]) == platform.kept.keys()
    assert set(kept) == {"train", "test"}


def test_the_format_stays(platform, tmp_path):
    posts = load(platform, tmp_path).with_format("numpy", columns=["record_id"])
    kept = demur.datasets.gate(posts, platform.snapshot, COLUMNS)
    assert kept.format == posts.format and len(kept) == len(platform.kept)
    streamed = load(platform, tmp_path, streaming=True).with_format("numpy")
    first = next(iter(demur.datasets.gate(streamed, platform.snapshot, COLUMNS)))
    assert type(first["author_id"]) is type(next(iter(streamed))["author_id"])


def test_another_snapshot_under_the_same_name_is_not_answered_from_the_cache(own_platform, platform, tmp_path):
    posts = load(own_platform, tmp_path)
    before = demur.datasets.gate(posts, own_platform.snapshot, COLUMNS)
    author = before["author_id"][0]
    own_platform.object(author)
    own_platform.compile()
    after = demur.datasets.gate(posts, own_platform.snapshot, COLUMNS)
    assert author not in set(after["author_id"]) and len(after) < len(before) == len(platform.kept)


def test_what_is_wrong_is_said(platform, tmp_path):
    posts = load(platform, tmp_path).remove_columns("author_id")
    with pytest.raises(demur.ColumnError, match="there is no column `author_id`"):
        demur.datasets.gate(posts, platform.snapshot, COLUMNS)
    streamed = demur.datasets.gate(posts.to_iterable_dataset(), platform.snapshot, COLUMNS)
    with pytest.raises(demur.ColumnError, match="there is no column `author_id`"):
        next(iter(streamed))
