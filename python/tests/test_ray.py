"""Ray Data with two workers, against what the command line builds."""

import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
import ray

import demur
import demur.ray
from conftest import COLUMNS, by_id


@pytest.fixture(scope="module")
def posts(platform):
    ray.init(num_cpus=2, include_dashboard=False, configure_logging=True, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray.data.read_parquet([str(file) for file in platform.files]).repartition(8)
    ray.shutdown()


def collected(ds):
    return by_id(pa.concat_tables(table for table in ds.iter_batches(batch_format="pyarrow", batch_size=None)))


def test_ray_keeps_the_same_records(posts, platform):
    assert collected(demur.ray.gate(posts, platform.snapshot, COLUMNS)).keys() == platform.kept.keys()


def test_ray_redacts_the_same_records(posts, platform):
    redacted = collected(demur.ray.gate(posts, platform.snapshot, COLUMNS, redact=True, batch_size=100))
    assert redacted.keys() == platform.redacted.keys()
    assert all(row["text"] == platform.redacted[record]["text"] for record, row in redacted.items())


def test_workers_that_do_not_find_the_file_get_it_from_the_object_store(posts, platform, tmp_path):
    path = tmp_path / "a.snapshot"
    shutil.copy(platform.snapshot, path)
    kept = demur.ray.gate(posts, path, COLUMNS)
    # Somebody else's file is in its place by the time that Ray begins.
    (tmp_path / "b").write_bytes(b"another")
    (tmp_path / "b").replace(path)
    assert collected(kept).keys() == platform.kept.keys()
    [landed] = Path(tempfile.gettempdir()).glob(f"demur-*/{demur.Snapshot(platform.snapshot).digest[:32]}.snapshot")
    assert landed.parent.stat().st_mode & 0o077 == 0
    landed.unlink()


def test_what_is_wrong_is_said(posts, platform, tmp_path):
    with pytest.raises(demur.SnapshotError):
        demur.ray.gate(posts, tmp_path / "nowhere.snapshot", COLUMNS)
    without = demur.ray.gate(posts.drop_columns(["author_id"]), platform.snapshot, COLUMNS)
    with pytest.raises(Exception, match="there is no column `author_id`"):
        without.materialize()
