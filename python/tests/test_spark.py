"""Spark with two workers in processes of their own, against what the command line builds."""

import itertools
import os
import shutil
import sys

import polars
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

import demur
import demur.spark
from conftest import COLUMNS, PURPOSE, by_id
from conftest import demur as run_demur


@pytest.fixture(scope="module")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("demur")
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "1g",
        "spark.sql.session.timeZone": "Europe/Dublin",
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def posts(spark, platform):
    return spark.read.parquet(str(platform.folder / "corpus")).repartition(8)


def test_spark_keeps_the_same_records(posts, platform):
    kept = demur.spark.gate(posts, platform.snapshot, COLUMNS)
    assert kept.schema == posts.schema
    assert {row.record_id for row in kept.select("record_id").collect()} == platform.kept.keys()


def test_spark_drops_what_nobody_may_use_before_python_sees_it(spark, platform):
    """Every kind and visibility with every other, unknown ones and none, of somebody whose posts stay and of nobody."""
    author = next(row["author_id"] for row in platform.kept.values() if row["kind"] == "post")
    created = max(row["created_at"] for row in platform.kept.values())
    kinds = ["post", "comment", "photo", "ai_interaction", "Post", "message", None]
    visibilities = ["public", "friends", "Public", "", None]
    rows = [
        {"record_id": str(at), "author_id": of, "kind": kind, "visibility": visibility, "created_at": created}
        for at, (of, kind, visibility) in enumerate(itertools.product([author, None], kinds, visibilities))
    ]
    table = pa.Table.from_pylist(rows, platform.corpus.select(list(rows[0])).schema)
    for visibility in ("visibility", {"value": "public"}, {"value": "friends"}):
        columns = {"record": "record_id", "author": "author_id", "kind": "kind", "created": "created_at"}
        columns["visibility"] = visibility
        expected = by_id(pa.table(demur.Gate(platform.snapshot, columns).filter(table))).keys()
        for redact in (False, True):
            kept = demur.spark.gate(spark.createDataFrame(table), platform.snapshot, columns, redact=redact)
            assert {row.record_id for row in kept.collect()} == expected
        seen = demur.spark._promising(spark.createDataFrame(table), demur.Snapshot(platform.snapshot), demur.spark.parse(columns))
        assert seen.count() == len(expected) > 0


def test_spark_4_0_which_has_no_arrow_functions_keeps_them_too(posts, platform, monkeypatch):
    monkeypatch.delattr(demur.spark.functions, "arrow_udf")
    kept = demur.spark.gate(posts, platform.snapshot, COLUMNS)
    assert {row.record_id for row in kept.select("record_id").collect()} == platform.kept.keys()


def test_spark_redacts_the_same_records(posts, platform):
    redacted = by_id(demur.spark.gate(posts, platform.snapshot, COLUMNS, redact=True).toArrow())
    assert redacted.keys() == platform.redacted.keys()
    for record, row in redacted.items():
        expected = platform.redacted[record]
        assert (row["text"], row["mentions"]) == (expected["text"], expected["mentions"])


def test_the_snapshot_goes_to_the_executors_as_it_was(posts, platform, tmp_path):
    path = tmp_path / "a.snapshot"
    shutil.copy(platform.snapshot, path)
    kept = demur.spark.gate(posts, path, COLUMNS).select("record_id")
    path.unlink()
    assert kept.count() == len(platform.kept)
    with pytest.raises(demur.SnapshotError):
        demur.spark.gate(posts, path, COLUMNS)


def test_each_worker_process_maps_it_once(spark, posts, platform):
    for _ in range(2):
        assert demur.spark.gate(posts, platform.snapshot, COLUMNS).count() == len(platform.kept)

    def opened(batches):
        from demur import _open

        for _ in batches:
            pass
        yield pa.RecordBatch.from_pydict({"pid": [os.getpid()], "maps": [_open.snapshot.cache_info().misses]})

    said = spark.range(0, 800, 1, 8).mapInArrow(opened, "pid long, maps long").collect()
    assert max(row.maps for row in said) == 1


def test_spark_says_on_the_driver_what_is_wrong_with_the_columns(posts, platform):
    with pytest.raises(demur.ColumnError, match="there is no column `author_id`"):
        demur.spark.gate(posts.drop("author_id"), platform.snapshot, COLUMNS)


def test_where_no_name_is_taken_out_spark_sends_ids_alone(posts, own_platform):
    configuration = own_platform.folder / "demur.toml"
    configuration.write_text(configuration.read_text().replace('mentioned = "redact"', 'mentioned = "drop"'))
    own_platform.compile()
    given = ["--corpus", "posts", "--snapshot", own_platform.snapshot, "--mode", "overlay", "--to", "without"]
    built = run_demur(own_platform.folder, "build", PURPOSE, *given)
    assert built["redacted"] == 0 and built["dropped"]["third_party"] > 10
    expected = by_id(polars.scan_delta(str(own_platform.folder / "without")).collect().to_arrow()).keys()
    assert demur.spark._ids(demur.spark.parse(COLUMNS))[1] == {"mentions": ("mentions", "user_id")}
    kept = demur.spark.gate(posts, own_platform.snapshot, COLUMNS)
    assert kept.schema == posts.schema
    assert {row.record_id for row in kept.select("record_id").collect()} == expected
