"""The gate on data of every shape that Arrow's interface brings, against what the command line builds."""

import pickle
import shutil
import sys
import threading
import time

import duckdb
import pandas
import polars
import pyarrow as pa
import pytest

import demur
from conftest import COLUMNS, by_id, demur as command


@pytest.fixture(scope="module")
def gate(platform):
    return demur.Gate(platform.snapshot, COLUMNS)


def retyped(table, **types):
    """The table with columns of other types that say the same."""
    for name, type in types.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table[name].cast(type))
    return table


def with_list(table, make):
    item = table.schema.field("tagged").type.value_type
    return retyped(table, tagged=make(item))


def viewed(table):
    """Lists whose entries stand in the reverse order of the rows."""
    lists = table["tagged"].combine_chunks()
    backwards = lists.take(pa.array(range(len(lists)))[::-1])
    sizes = pa.compute.list_value_length(lists)
    starts = backwards.offsets.slice(0, len(lists))[::-1]
    views = pa.ListViewArray.from_arrays(starts, sizes, backwards.values)
    return table.set_column(table.schema.get_field_index("tagged"), "tagged", views)


def scattered(table):
    """Batches of odd sizes, empty ones among them."""
    batches, at = [], 0
    for size in [0, 1, 0, 63, 64, 65, 4096, 0, 10_000, table.num_rows]:
        batches += table.slice(at, size).combine_chunks().to_batches() or [empty(table.schema)]
        at += size
    return pa.RecordBatchReader.from_batches(table.schema, batches)


def empty(schema):
    return pa.RecordBatch.from_pylist([], schema)


def padded(table):
    """Rows in the middle of larger buffers, so that every offset counts."""
    noise = table.slice(0, 1000)
    return pa.concat_tables([noise, table, noise]).combine_chunks().slice(1000, table.num_rows)


words = pa.dictionary(pa.int16(), pa.string())
SHAPES = {
    "table of chunks": lambda t: t,
    "one batch": lambda t: t.combine_chunks().to_batches()[0],
    "batches of odd sizes": scattered,
    "reader": lambda t: t.to_reader(777),
    "slices": padded,
    "dictionaries": lambda t: retyped(t, kind=words, visibility=words, text=pa.dictionary(pa.int32(), pa.string())),
    "views": lambda t: retyped(t, **dict.fromkeys(["record_id", "kind", "visibility", "text"], pa.string_view())),
    "large strings": lambda t: retyped(t, **dict.fromkeys(["record_id", "kind", "visibility", "text"], pa.large_string())),
    "large lists": lambda t: with_list(t, pa.large_list),
    "list views": viewed,
    "other times": lambda t: retyped(t, created_at=pa.timestamp("ns", "Europe/Dublin")),
    "polars": lambda t: polars.from_arrow(t),
    "polars rechunked slice": lambda t: polars.concat([polars.from_arrow(t.slice(0, 9))] * 2 + [polars.from_arrow(t)])[18:],
    "duckdb": lambda t: duckdb.connect().from_arrow(t),
}


def read(judged):
    if isinstance(judged, demur.Batch):
        return pa.Table.from_batches([pa.record_batch(judged)])
    return pa.table(judged)


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_the_shape_the_same_records_stay(platform, gate, shape):
    make = SHAPES[shape]
    redacted = gate.redact(make(platform.corpus))
    found = by_id(read(redacted))
    assert found.keys() == platform.redacted.keys()
    texts = lambda rows: {record: row["text"] for record, row in rows.items()}
    mentions = lambda rows: {record: row["mentions"] for record, row in rows.items()}
    assert texts(found) == texts(platform.redacted) and mentions(found) == mentions(platform.redacted)
    counts = {name: platform.counts[name] for name in ("input", "kept", "redacted", "dropped")}
    assert redacted.counts == counts

    kept = by_id(read(gate.filter(make(platform.corpus))))
    assert kept.keys() == platform.kept.keys()

    said = polars.DataFrame(gate.verdicts(make(platform.corpus)))
    assert said.height == platform.corpus.num_rows
    assert dict(said["verdict"].value_counts().rows()) == {
        "keep": counts["kept"], "redact": counts["redacted"], "drop": sum(counts["dropped"].values())
    }
    reasons = dict(said.filter(polars.col("verdict") == "drop")["reason"].value_counts().rows())
    assert reasons == counts["dropped"]
    assert said.filter(polars.col("verdict") != "drop")["reason"].null_count() == counts["kept"] + counts["redacted"]


def test_rows_that_stay_are_what_they_were(platform, gate):
    before = by_id(platform.corpus)
    filtered = pa.table(gate.filter(platform.corpus))
    assert filtered.schema == platform.corpus.schema
    assert all(before[record] == row for record, row in by_id(filtered).items())
    assert pa.table(gate.redact(platform.corpus)).schema == platform.corpus.schema


def test_the_text_is_needed_only_to_redact(platform):
    names = {name: column for name, column in COLUMNS.items() if name != "text"}
    gate = demur.Gate(platform.snapshot, names)
    assert "text" not in gate.reads
    narrow = platform.corpus.drop_columns(["text"])
    assert by_id(pa.table(gate.filter(narrow))).keys() == platform.kept.keys()


def test_nulls_keep_rows_out(platform, gate):
    reasons = {
        "kind": "kind_not_covered",
        "visibility": "not_public",
        "author_id": "author_unknown",
        "created_at": "created_unknown",
    }
    kept = pa.table(gate.filter(platform.corpus)).filter(pa.compute.field("kind") != "ai_interaction")
    for column, reason in reasons.items():
        at = kept.schema.get_field_index(column)
        field = kept.schema.field(column).with_nullable(True)
        blank = kept.set_column(at, field, pa.nulls(kept.num_rows, field.type))
        stream = gate.filter(blank)
        assert pa.table(stream).num_rows == 0
        assert stream.counts["dropped"] == {reason: kept.num_rows}


def test_empty_data_gives_empty_data(platform, gate):
    nothing = platform.corpus.schema.empty_table()
    for method in (gate.filter, gate.redact):
        assert pa.table(method(nothing)).schema == nothing.schema
        batch = method(empty(nothing.schema))
        assert len(batch) == 0 and pa.record_batch(batch).schema == nothing.schema
    assert pa.table(gate.verdicts(nothing)).column_names == ["verdict", "reason"]


def test_a_stream_stays_a_stream(platform, gate):
    pulled = []

    def batches():
        for batch in platform.corpus.to_batches(max_chunksize=500):
            pulled.append(batch.num_rows)
            yield batch

    stream = gate.filter(pa.RecordBatchReader.from_batches(platform.corpus.schema, batches()))
    assert not pulled
    first = next(stream)
    assert len(pulled) == 1 and 0 < len(first) < 500
    assert stream.counts["input"] == first.counts["input"] == 500
    reader = pa.RecordBatchReader.from_stream(stream)
    reader.read_next_batch()
    assert len(pulled) == 2
    rest = reader.read_all()
    assert sum(pulled) == platform.corpus.num_rows == stream.counts["input"]
    assert rest.num_rows < len(platform.kept)


def test_a_stream_is_read_once_and_says_so(platform, gate):
    stream = gate.filter(platform.corpus)
    pa.table(stream)
    for read in (pa.table, next, polars.DataFrame):
        with pytest.raises(Exception, match="it can be read once"):
            read(stream)


def test_duckdb_and_pandas_read_what_comes_out(platform, gate):
    lawful = pa.RecordBatchReader.from_stream(gate.filter(platform.corpus))
    with duckdb.connect() as connection:
        [[count]] = connection.sql("SELECT count(DISTINCT record_id) FROM lawful").fetchall()
    assert count == len(platform.kept)
    names = {name: COLUMNS[name] for name in ("record", "author", "kind", "visibility", "created", "text")}
    plain = demur.Gate(platform.snapshot, names)
    frame = platform.corpus.select(list(names.values())).to_pandas(types_mapper={pa.int64(): pandas.Int64Dtype()}.get)
    said = pa.table(plain.verdicts(frame)).to_pandas()
    assert (said["reason"] == "author_unknown").sum() == platform.counts["dropped"]["author_unknown"]


def test_threads_share_a_gate(platform, gate):
    found = [None] * 4

    def work(at):
        found[at] = by_id(pa.table(gate.filter(platform.corpus.slice(at * 7500, 7500))))

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set().union(*found) == platform.kept.keys()


def test_a_constant_stands_for_a_column(platform):
    posts = platform.corpus.filter(pa.compute.field("kind") == "post")
    gate = demur.Gate(platform.snapshot, {**COLUMNS, "kind": {"value": "post"}})
    expected = {record for record, row in platform.kept.items() if row["kind"] == "post"}
    assert by_id(pa.table(gate.filter(posts.drop_columns(["kind"])))).keys() == expected


def test_integer_dates_say_what_they_count(platform):
    micros = platform.corpus["created_at"].cast(pa.int64())
    at = platform.corpus.schema.get_field_index("created_at")
    table = platform.corpus.set_column(at, "ts", micros)
    gate = demur.Gate(platform.snapshot, {**COLUMNS, "created": {"column": "ts", "unit": "us"}})
    assert by_id(pa.table(gate.filter(table))).keys() == platform.kept.keys()


def test_a_pickled_gate_judges_by_the_same_file_or_not_at_all(platform, tmp_path):
    path = tmp_path / "a.snapshot"
    shutil.copy(platform.snapshot, path)
    packed = pickle.dumps(demur.Gate(path, COLUMNS))
    again = pickle.loads(packed)
    assert by_id(pa.table(again.filter(platform.corpus))).keys() == platform.kept.keys()
    packed = pickle.dumps(demur.Snapshot(path))
    demur._open.snapshot.cache_clear()
    demur._open.gate.cache_clear()
    others = [other for other in (platform.folder / "snapshots").iterdir() if other.stem not in again.snapshot.digest]
    shutil.copy(others[0], tmp_path / "new")
    (tmp_path / "new").replace(path)
    with pytest.raises(demur.SnapshotError, match="another snapshot than the one that was asked for"):
        pickle.loads(packed)


def test_a_snapshot_says_what_it_is(platform):
    snapshot = demur.Snapshot(platform.snapshot)
    said = command(platform.folder, "snapshot", "assistant-training", "--to", "again.snapshot")
    assert snapshot.digest == said["digest"] and snapshot.bytes == said["size"]
    assert (snapshot.register_size, snapshot.register_root) == (said["register_size"], said["register_root"])
    assert (snapshot.purpose, snapshot.accounts, snapshot.redacts) == ("assistant-training", 3000, True)
    public = dict.fromkeys(["post", "comment", "photo"], ["public"])
    assert snapshot.content == {**public, "ai_interaction": None}
    assert snapshot.path == platform.snapshot


def test_the_interpreter_runs_on_while_a_gate_works(platform, gate):
    """With a switch interval of a year, another thread counts on only where this one lets go of the lock."""
    batch = pa.concat_tables([platform.corpus] * 20).combine_chunks().to_batches()[0]
    count, done = [0], threading.Event()

    def work():
        while not done.is_set():
            count[0] += 1
            time.sleep(0)

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=work)
    thread.start()
    try:
        sys.setswitchinterval(31_536_000)
        for _ in range(1000):
            before = count[0]
            gate.filter(batch)
            if count[0] > before:
                break
        else:
            pytest.fail("nothing else ran")
    finally:
        sys.setswitchinterval(interval)
        done.set()
        thread.join()
