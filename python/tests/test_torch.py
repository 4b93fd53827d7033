"""The training loader: a late objection takes effect in a running job, and nothing fails open.

PyTorch itself takes part where it is installed; otherwise the stand-in beside this file does.
"""

import importlib.util
import os
import sys
from itertools import chain
from pathlib import Path

import polars
import pytest

import demur
from conftest import demur as command, run

if importlib.util.find_spec("torch"):
    import demur.torch
else:
    # Only for the loader: other packages look at what `torch` is where they find it imported.
    sys.path.insert(0, str(Path(__file__).parent / "stand_in"))
    import demur.torch

    sys.path.pop(0)
    for name in [name for name in sys.modules if name.partition(".")[0] == "torch"]:
        del sys.modules[name]

SETS = ["copied", "overlay"]


def flat(batches, column="record_id"):
    return list(chain.from_iterable(batch[column] for batch in batches))


@pytest.mark.parametrize("which", SETS)
@pytest.mark.parametrize("workers", [0, 1, 3])
def test_it_reads_the_whole_set_once(platform, which, workers):
    table = getattr(platform, which)
    loader = demur.torch.loader(table, platform.snapshot, batch_size=32, num_workers=workers)
    records = flat(loader)
    # In place nothing can be taken out of a record; what was redacted stays so.
    expected = platform.redacted if which == "copied" else platform.kept
    assert len(records) == len(set(records)) and set(records) == expected.keys()
    assert sorted(flat(loader, "text")) == sorted(row["text"] for row in expected.values())


def test_ranks_share_the_set(platform):
    parts = [flat(demur.torch.loader(platform.overlay, platform.snapshot, rank=at, world_size=3, num_workers=2)) for at in range(3)]
    assert sum(map(len, parts)) == len(set(chain(*parts))) == len(platform.kept)
    assert set(chain(*parts)) == platform.kept.keys()


def test_only_the_columns_asked_for(platform):
    [first, *_] = demur.torch.loader(platform.copied, platform.snapshot, select=["text", "record_id"], batch_size=7)
    assert list(first) == ["text", "record_id"] and len(first["text"]) == 7
    [row, *_] = demur.torch.loader(platform.copied, platform.snapshot, batch_size=None)
    assert row == platform.redacted[row["record_id"]]
    with pytest.raises(demur.Error, match="there is no column `texts`"):
        next(iter(demur.torch.loader(platform.copied, platform.snapshot, select=["texts"])))


@pytest.mark.parametrize("which", SETS)
def test_a_late_objection_takes_effect_in_a_running_job(own_platform, which):
    loader = demur.torch.loader(getattr(own_platform, which), own_platform.snapshot, batch_size=16)
    expected = flat(loader, "author_id")
    running = iter(loader)
    before = flat([next(running) for _ in range(5)], "author_id")
    # The author of the row that would come next, in the middle of what was judged already.
    author = expected[len(before)]
    assert author in expected[len(before) :]
    own_platform.object(author)
    assert next(running)["author_id"][0] == author, "nothing changes before there is a new snapshot"
    own_platform.compile()
    after = flat(running, "author_id")
    assert author not in after and len(after) > len(expected) / 2


def test_a_snapshot_that_vanished_stops_the_job(own_platform):
    running = iter(demur.torch.loader(own_platform.copied, own_platform.snapshot, batch_size=4))
    next(running)
    own_platform.snapshot.unlink()
    with pytest.raises(demur.SnapshotError, match="nobody knows who objected since"):
        next(running)
    with pytest.raises(demur.SnapshotError):
        demur.torch.loader(own_platform.copied, own_platform.snapshot)


@pytest.mark.parametrize("content", [b"", b"half", None])
def test_a_snapshot_that_cannot_be_read_stops_the_job(own_platform, content):
    running = iter(demur.torch.loader(own_platform.overlay, own_platform.snapshot, batch_size=4))
    next(running)
    broken = own_platform.folder / "broken"
    broken.write_bytes(own_platform.snapshot.read_bytes()[:-1] if content is None else content)
    os.replace(broken, own_platform.snapshot)
    with pytest.raises(demur.SnapshotError):
        next(running)
    with pytest.raises(StopIteration):
        next(running)


def test_an_older_snapshot_stops_the_job(own_platform):
    old = own_platform.folder / "old.snapshot"
    old.write_bytes(own_platform.snapshot.read_bytes())
    table = own_platform.copied
    author = flat(demur.torch.loader(table, old), "author_id")[0]
    own_platform.object(author)
    own_platform.compile()
    running = iter(demur.torch.loader(table, own_platform.snapshot, batch_size=4))
    next(running)
    os.replace(old, own_platform.snapshot)
    with pytest.raises(demur.SnapshotError, match="events of the register, fewer than"):
        next(running)


def test_what_was_taken_back_is_not_read_again(own_platform):
    table = own_platform.overlay
    author = flat(demur.torch.loader(table, own_platform.snapshot), "author_id")[0]
    own_platform.object(author)
    done = run(own_platform.folder, "retract", "--json")
    assert done.returncode in (0, 1), done.stderr
    # The snapshot that the set was built by is older than what was taken out of it since.
    with pytest.raises(demur.SnapshotError, match="fewer than"):
        demur.torch.loader(table, own_platform.snapshot)
    own_platform.compile()
    expected = polars.scan_delta(str(table)).collect()
    records = flat(demur.torch.loader(table, own_platform.snapshot))
    assert author not in set(expected["author_id"])
    assert sorted(records) == sorted(expected["record_id"])


def test_another_purposes_snapshot_and_what_is_no_set_are_refused(own_platform, tmp_path):
    configuration = own_platform.folder / "demur.toml"
    configuration.write_text(configuration.read_text().replace('id = "assistant-training"', 'id = "search"'))
    other = tmp_path / "other.snapshot"
    command(own_platform.folder, "snapshot", "search", "--to", other)
    with pytest.raises(demur.SnapshotError, match="this snapshot is for search, and the training set for assistant-training"):
        demur.torch.loader(own_platform.copied, other)
    with pytest.raises(demur.Error, match="give the folder of a training set"):
        demur.torch.loader(own_platform.folder, own_platform.snapshot)
