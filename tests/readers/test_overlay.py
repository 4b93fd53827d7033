"""Covered-up training sets: exactly the lawful rows for whoever reads the table, nothing for whoever does not."""

import os

import datasets
import deltalake
import duckdb
import polars
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

import world
from test_readers import DEPICTED, KEEP, PURPOSE, by_id, demur, judge, platform, set_up, slices, take_in  # noqa: F401

# Delta has no unsigned integers, so such a column cannot be used in its place.
NOT_IN_PLACE = {"views"}


def with_polars(path):
    return polars.scan_delta(str(path)).collect().to_arrow()


def with_delta(path):
    builder = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(str(path)))
    return pa.table(builder.execute("SELECT * FROM t").read_all())


READERS = {"polars": with_polars, "delta": with_delta}


@pytest.fixture(scope="module", params=[KEEP, DEPICTED], ids=["keep", "redact"])
def built(request, platform, tmp_path_factory):
    folder = tmp_path_factory.mktemp("overlay")
    all_columns = world.record_columns(False)
    columns = pa.schema([field for field in all_columns if field.name not in NOT_IN_PLACE])
    set_up(folder, platform, request.param, {"posts": "corpus/*.parquet"})
    (folder / "corpus").mkdir()
    for at, rows in enumerate(slices(platform.records)):
        rows = [{name: row[name] for name in columns.names} for row in rows]
        pq.write_table(pa.Table.from_pylist(rows, columns), folder / "corpus" / f"{at}.parquet", row_group_size=400)
    take_in(folder)
    demur(folder, "build", PURPOSE, "--corpus", "posts", "--mode", "overlay", "--to", "set")
    # In its place nothing can be taken out of a record: it is left out.
    outcomes = judge(platform, request.param)
    stay = [{name: row[name] for name in columns.names} for verdict, row in outcomes if verdict == "keep"]
    return folder, by_id(pa.Table.from_pylist(stay, columns))


@pytest.fixture(scope="module")
def retracted(built):
    """The set once more, without the person who wrote the most of it."""
    folder, expected = built
    before = {reader: by_id(read(folder / "set")) for reader, read in READERS.items()}
    authors = [row["author_id"] for row in expected.values()]
    author = max(set(authors), key=authors.count)
    demur(folder, "objection", "add", "--account", author)
    [done] = demur(folder, "retract")["sets"]
    assert done["left"] >= authors.count(author) > 0
    gone = {record for record, row in expected.items() if row["author_id"] == author}
    return folder, before, gone


@pytest.mark.parametrize("reader", READERS)
def test_the_table_has_exactly_what_may_be_used(built, retracted, reader):
    _, expected = built
    folder, before, gone = retracted
    assert before[reader] == expected
    after = by_id(READERS[reader](folder / "set"))
    assert not gone & after.keys() and after.keys() <= expected.keys()
    assert all(row == expected[record] for record, row in after.items())
    with pytest.raises(Exception):
        deltalake.DeltaTable(str(folder / "set"), version=0)


def test_the_readers_agree(retracted):
    folder, _, _ = retracted
    one, two = (by_id(read(folder / "set")) for read in READERS.values())
    assert one == two and one


def test_who_ignores_the_table_finds_nothing(built):
    folder, _ = built
    path = folder / "set"
    files = [file for file in path.rglob("*.parquet") if "_delta_log" not in file.parts]
    assert not files
    with duckdb.connect() as connection, pytest.raises(duckdb.IOException):
        connection.sql(f"SELECT * FROM read_parquet('{path}/*.parquet')").fetchall()
    assert pa.dataset.dataset(path, format="parquet", exclude_invalid_files=True).count_rows() == 0
    os.environ["HF_HUB_OFFLINE"] = "1"
    with pytest.raises((FileNotFoundError, ValueError, datasets.exceptions.DatasetNotFoundError)):
        datasets.load_dataset("parquet", data_dir=str(path), cache_dir=str(folder / "cache"))
