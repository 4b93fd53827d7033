"""What Demur builds, read by the programs that people train with.

Run by `cargo xtask test readers`; the variable DEMUR names the program under test.
"""

import csv
import io
import json
import os
import random
import subprocess
from collections import Counter
from pathlib import Path

import deltalake
import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

import oracle
import world

DEMUR = Path(os.environ["DEMUR"]).resolve()
PURPOSE = "assistant-training"
PARTS = 3

KEEP = {"mentioned": "keep", "depicted": "drop", "objections": "third_party"}
REDACT = {"mentioned": "redact", "depicted": "drop", "objections": "any"}
DEPICTED = {"mentioned": "keep", "depicted": "redact", "objections": "any"}
BOTH = {"mentioned": "redact", "depicted": "redact", "objections": "any"}


@pytest.fixture(scope="session")
def platform():
    return world.Platform()


def demur(folder, *arguments):
    """Runs a command in a platform's folder and returns the JSON object that it prints."""
    command = [DEMUR, *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stderr}"
    return json.loads(done.stdout)


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def slices(rows):
    """The rows as the corpus' files hold them."""
    size = -(-len(rows) // PARTS)
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def set_up(folder, platform, third_party, corpora):
    """Everything but the corpora themselves."""
    for name in ("interest", "necessity", "balancing-test", "dpia"):
        document = folder / "docs" / f"{name}.md"
        document.parent.mkdir(exist_ok=True)
        document.write_text("Why this is so.\n")
    accounts = pa.Table.from_pylist(platform.accounts, world.ACCOUNT_COLUMNS)
    pq.write_table(accounts, folder / "accounts.parquet")
    tables = "".join(world.CORPUS.format(id=name, location=where) for name, where in corpora.items())
    (folder / "demur.toml").write_text(world.CONFIGURATION.format(corpora=tables, **third_party))
    write_csv(
        folder / "objections.csv",
        [
            {**row, "scopes": "|".join(row["scopes"]), "received_at": row["received_at"].isoformat()}
            for row in platform.objections
        ],
    )
    write_csv(
        folder / "deliveries.csv",
        [{"account_id": who, "delivered_at": at.isoformat()} for who, at in platform.notices.items()],
    )


def take_in(folder):
    """Imports, after the corpora are there."""
    demur(folder, "check")
    demur(folder, "objection", "import", "objections.csv")
    demur(folder, "notice", "import", "deliveries.csv")


def judge(platform, third_party):
    """What should come out, in order, and the counts."""
    judged = oracle.World(platform.accounts, platform.notices, platform.objections, third_party)
    outcomes = [judged.outcome(record) for record in platform.records]
    # A platform on which nothing happens would prove nothing.
    assert len({what for verdict, what in outcomes if verdict == "drop"}) >= 12
    return outcomes


def check_summary(summary, outcomes, folder):
    verdicts = Counter(verdict for verdict, _ in outcomes)
    reasons = Counter(what for verdict, what in outcomes if verdict == "drop")
    dropped = {reason: n for reason, n in summary["dropped"].items() if n}
    assert dropped == reasons
    assert (summary["kept"], summary["redacted"]) == (verdicts["keep"], verdicts["redact"])
    assert summary["input"] == len(outcomes) == summary["kept"] + summary["redacted"] + sum(dropped.values())
    assert Path(folder, summary["path"]).resolve() == (folder / "set").resolve()
    assert summary["register_size"] > len(reasons) and summary["register_root"] and summary["snapshot"]
    assert summary["seconds"] >= 0


def plain(value):
    """A value as all readers agree on it: maps are lists of pairs, times are in UTC."""
    if isinstance(value, dict):
        keys = list(value)
        is_entry = keys == ["key", "value"]
        return tuple(map(plain, value.values())) if is_entry else {key: plain(value[key]) for key in keys}
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value))
    if getattr(value, "tzinfo", None) is not None:
        value = value.astimezone(world.UTC)
    return value


def by_id(table):
    rows = {row["record_id"]: {name: plain(row[name]) for name in row} for row in table.to_pylist()}
    assert len(rows) == table.num_rows, "a record is there twice"
    return rows


def with_polars(path):
    return polars.scan_delta(str(path)).collect().to_arrow()


def with_delta(path):
    return deltalake.DeltaTable(str(path)).to_pyarrow_table()


def with_duckdb(path):
    with duckdb.connect() as connection:
        return connection.sql(f"SELECT * FROM read_parquet('{path}/*.parquet')").to_arrow_table()


READERS = {"polars": with_polars, "delta": with_delta, "duckdb": with_duckdb}
VARIANTS = {
    "keep": (KEEP, False),
    "redact": (REDACT, False),
    "redact-depicted-naive": (DEPICTED, True),
    "redact-both-naive": (BOTH, True),
}


@pytest.fixture(scope="module", params=VARIANTS)
def built(request, platform, tmp_path_factory):
    """A training set of Parquet, with what should be in it."""
    third_party, naive = VARIANTS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    columns = world.record_columns(naive)
    set_up(folder, platform, third_party, {"posts": "corpus/*.parquet"})
    (folder / "corpus").mkdir()
    for at, rows in enumerate(slices(platform.records)):
        rows = [{name: row[name] for name in columns.names} for row in rows]
        table = pa.Table.from_pylist(rows, columns)
        pq.write_table(table, folder / "corpus" / f"{at}.parquet", row_group_size=400)
    take_in(folder)
    summary = demur(folder, "build", PURPOSE, "--corpus", "posts", "--to", "set")
    outcomes = judge(platform, third_party)
    check_summary(summary, outcomes, folder)
    stay = [{name: row[name] for name in columns.names} for verdict, row in outcomes if verdict != "drop"]
    # Through Arrow once, so that a float of 32 bits has the value that it has in the corpus.
    expected = by_id(pa.Table.from_pylist(stay, columns))
    return folder / "set", columns, expected, outcomes


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_exactly_what_may_be_used(built, reader):
    path, columns, expected, _ = built
    table = READERS[reader](path)
    assert table.column_names == columns.names
    found = by_id(table)
    assert found.keys() == expected.keys()
    for record, row in expected.items():
        assert found[record] == row


def test_the_log_lists_the_files_that_are_there(built):
    path, columns, expected, _ = built
    table = deltalake.DeltaTable(str(path))
    listed = sorted(Path(file).name for file in table.file_uris())
    assert listed == sorted(file.name for file in path.glob("*.parquet")) and listed
    assert table.version() == 0
    rows = [pq.read_metadata(path / name).num_rows for name in listed]
    assert sum(rows) == len(expected) and all(rows)
    types = {field.name: json.loads(field.type.to_json()) for field in table.schema().fields}
    assert list(types) == columns.names
    assert (types["record_id"], types["created_at"], types["price"]) == ("long", "timestamp", "decimal(12,2)")
    assert types.get("local_time") in (None, "timestamp_ntz")
    # Delta has no unsigned integers; a dictionary is a way to store strings.
    assert (types["views"], types["kind"]) == ("long", "string")


def test_redacted_records_name_nobody_who_said_no(built, platform):
    path, _, _, outcomes = built
    found = by_id(with_polars(path))
    before = {record["record_id"]: record for record in platform.records}
    redacted = [record["record_id"] for verdict, record in outcomes if verdict == "redact"]
    manifest = json.loads((path / "manifest.json").read_text())
    assert manifest["counts"]["redacted"] == len(redacted)
    assert bool(redacted) == ("redact" in manifest["purpose"]["third_party"].values())
    for record in redacted:
        was, now = before[record], found[record]
        stay = [mention for mention in now["mentions"] if mention is not None]
        users = {mention["user_id"] for mention in stay}
        assert now["text"].count("[person]") == len(was["mentions"]) - len(now["mentions"]) > 0
        gone = {mention["user_id"] for mention in was["mentions"] if mention} - users
        assert gone and not gone & set(now["tagged"] or [])
        # Whoever stays is still where the list says.
        for old, new in zip([m for m in was["mentions"] if m and m["user_id"] in users], stay, strict=True):
            if None not in (old["start"], old["end"]):
                name = was["text"].encode()[old["start"] : old["end"]]
                assert now["text"].encode()[new["start"] : new["end"]] == name


def write_line(dice, record):
    """One record as some program might have written it; no two write alike."""
    optional = ["author_id", "kind", "visibility", "created_at", "text", "mentions", "tagged"]
    # What is null is now and then left out.
    names = ["record_id", *(name for name in optional if record[name] is not None or dice.random() < 0.5)]
    dice.shuffle(names)
    values = {name: record[name] for name in names}
    if values.get("created_at"):
        values["created_at"] = values["created_at"].isoformat()
    extra = {"score": 1e-7, "nested": {"author_id": 7, "a": [1.50, None, "\u2028"]}, "text_2": "\\\"}{"}
    values = {**values, **extra} if dice.random() < 0.5 else {**extra, **values}
    separators = dice.choice([(",", ":"), (", ", ": "), (" ,\t", " : ")])
    line = json.dumps(values, ensure_ascii=dice.random() < 0.5, separators=separators)
    return (dice.choice(["", " "]) + line).encode()


def unpack(path):
    data = path.read_bytes()
    if path.suffix != ".zst":
        return data
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
        return reader.read()


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.zst"])
@pytest.mark.parametrize("third_party", [KEEP, REDACT], ids=["keep", "redact"])
def test_json_lines_that_stay_are_the_same_bytes(platform, tmp_path, third_party, ending):
    dice = random.Random(7)
    lines = [write_line(dice, record) for record in platform.records]
    set_up(tmp_path, platform, third_party, {"lines": f"lines/*.{ending}"})
    (tmp_path / "lines").mkdir()
    for at, part in enumerate(slices(lines)):
        data = b"\n".join(part) + (b"\n" if at else b"")
        if ending.endswith("zst"):
            data = zstandard.ZstdCompressor().compress(data)
        (tmp_path / "lines" / f"{at}.{ending}").write_bytes(data)
    take_in(tmp_path)
    summary = demur(tmp_path, "build", PURPOSE, "--corpus", "lines", "--to", "set")
    outcomes = judge(platform, third_party)
    check_summary(summary, outcomes, tmp_path)

    files = sorted((tmp_path / "set").glob("*.jsonl*"))
    assert files and all(file.name.endswith(f".{ending}") for file in files)
    found = b"".join(map(unpack, files)).split(b"\n")
    assert found.pop() == b""
    stay = [(line, *outcome) for line, outcome in zip(lines, outcomes) if outcome[0] != "drop"]
    assert len(found) == len(stay)
    for now, (before, verdict, record) in zip(found, stay):
        if verdict == "keep":
            assert now == before
            continue
        # Only these three change; the rest of the line says what it said.
        changed = {name: record[name] for name in ("text", "mentions", "tagged")}
        was = json.loads(before)
        assert json.loads(now) == {**was, **{name: value for name, value in changed.items() if name in was}}
