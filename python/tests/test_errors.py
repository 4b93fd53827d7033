"""What is wrong, in the words of the command line."""

import shutil

import polars
import pyarrow as pa
import pytest

import demur
from conftest import COLUMNS, PURPOSE, run


@pytest.fixture
def gate(platform):
    return demur.Gate(platform.snapshot, COLUMNS)


def told(platform, *arguments):
    done = run(platform.folder, *arguments)
    assert done.returncode == 1, done.stderr
    return done.stderr


def build(platform, snapshot):
    return told(platform, "build", PURPOSE, "--corpus", "posts", "--snapshot", snapshot, "--to", "never")


def test_a_snapshot_that_cannot_be_used_is_called_what_the_command_line_calls_it(platform, tmp_path):
    content = platform.snapshot.read_bytes()
    wrong = {
        "short": content[:-100],
        "changed": content[:2000] + bytes([content[2000] ^ 1]) + content[2001:],
        "empty": b"",
        "foreign": b"PAR1" * 100,
        "newer": content[:8] + b"\x63" + content[9:],
    }
    for name, broken in wrong.items():
        path = tmp_path / f"{name}.snapshot"
        path.write_bytes(broken)
        with pytest.raises(demur.SnapshotError) as error:
            demur.Snapshot(path)
        assert str(error.value) in build(platform, path), name
        with pytest.raises(demur.SnapshotError):
            demur.Gate(path, COLUMNS)


def test_a_snapshot_that_is_not_there_is_named(tmp_path):
    with pytest.raises(demur.SnapshotError, match="nowhere.snapshot: could not"):
        demur.Snapshot(tmp_path / "nowhere.snapshot")


def test_a_column_that_does_not_fit_is_called_what_the_command_line_calls_it(platform, gate):
    corpus = platform.corpus
    retyped = corpus.set_column(1, "author_id", corpus["author_id"].cast(pa.string()))
    for data in (corpus.drop_columns(["author_id"]), retyped, corpus.rename_columns([n.upper() for n in corpus.column_names])):
        with pytest.raises(demur.ColumnError) as of_stream:
            gate.filter(data)
        with pytest.raises(demur.ColumnError) as of_batch:
            gate.redact(data.combine_chunks().to_batches()[0])
        with pytest.raises(demur.ColumnError) as of_schema:
            gate.check(data.schema)
        assert str(of_stream.value) == str(of_batch.value) == str(of_schema.value)
    toml = (platform.folder / "demur.toml").read_text()
    other = platform.folder / "wrong.toml"
    other.write_text(toml.replace('author = "author_id"', 'author = "Author_id"'))
    with pytest.raises(demur.ColumnError) as error:
        demur.Gate(platform.snapshot, {**COLUMNS, "author": "Author_id"}).check(corpus.schema)
    said = told(platform, "check", "--config", other)
    assert "`Author_id`" in str(error.value) and "did you mean `author_id`?" in str(error.value)
    assert "did you mean `author_id`?" in said


def test_names_that_are_wrong_are_all_reported_at_once(platform):
    names = {"record": "record_id", "autor": "author_id", "kind": 7, "visibility": {"column": "v"}, "created": {"column": "c", "unit": "m"}}
    with pytest.raises(demur.ColumnError) as error:
        demur.Gate(platform.snapshot, names)
    for what in (
        "unknown key `autor` in columns\n  hint: did you mean `author`?",
        "`kind` is the number 7\n  hint: write",
        "unknown key `column` in `visibility` of columns",
        '`unit` is "m"\n  hint: write "unit": "s", or "ms" or "us" or "ns"',
    ):
        assert what in str(error.value)
    assert "columns has no `author`" not in str(error.value)
    with pytest.raises(demur.ColumnError, match="columns has no `record`"):
        demur.Gate(platform.snapshot, {})
    both = {**COLUMNS, "mentioned": "tagged"}
    with pytest.raises(demur.ColumnError, match="`mentioned` and `depicted` are one column, `tagged`"):
        demur.Gate(platform.snapshot, both)
    half = {**COLUMNS, "mentioned": {"column": "mentions", "account": "user_id", "start": "start"}}
    with pytest.raises(demur.ColumnError, match="`mentioned` has `start` without `end`"):
        demur.Gate(platform.snapshot, half)


def test_what_does_not_speak_arrow_is_refused(gate):
    with pytest.raises(TypeError, match="a list does not speak Arrow's PyCapsule interface"):
        gate.filter([1, 2])
    with pytest.raises(demur.ColumnError, match="not a table"):
        gate.filter(pa.array([1, 2]))
    with pytest.raises(demur.ColumnError, match="not a table"):
        gate.filter(polars.Series("author_id", [1, 2]))


def test_rows_that_are_null_as_a_whole_are_refused(platform, gate):
    rows = platform.corpus.slice(0, 10).to_struct_array().combine_chunks()
    with_null = pa.concat_arrays([rows, pa.nulls(1, rows.type)])
    with pytest.raises(RuntimeError, match="some rows are null as a whole"):
        gate.filter(with_null)
    stream = gate.filter(pa.chunked_array([rows, with_null]))
    assert len(next(stream)) <= 10
    with pytest.raises(RuntimeError, match="some rows are null as a whole"):
        next(stream)
    with pytest.raises(ValueError, match="ended in an error"):
        next(stream)


def test_what_goes_wrong_in_the_source_ends_the_stream(platform, gate):
    def batches():
        yield platform.corpus.to_batches(max_chunksize=100)[0]
        raise KeyError("the disk is on fire")

    stream = gate.filter(pa.RecordBatchReader.from_batches(platform.corpus.schema, batches()))
    next(stream)
    with pytest.raises(RuntimeError, match="the disk is on fire"):
        next(stream)
    with pytest.raises(ValueError, match="ended in an error"):
        next(stream)


def test_errors_have_one_ancestor():
    assert issubclass(demur.SnapshotError, demur.Error) and issubclass(demur.ColumnError, demur.Error)
    assert issubclass(demur.Error, ValueError)
