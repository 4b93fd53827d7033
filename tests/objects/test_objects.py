"""Corpora, account facts, training sets and snapshots in an object store: everything comes out as it does on a disk,
and nothing half-made is ever seen.

Run by `cargo xtask test objects`; the variable DEMUR names the program under test.
"""

import gzip
import io
import itertools
import json
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

import lake
import world
from store import BUCKET, Fault
from test_readers import DEMUR, KEEP, PURPOSE, by_id, demur, judge, set_up, slices

# Delta has no unsigned integers, so such a column cannot be used in its place.
COLUMNS = pa.schema([field for field in world.record_columns(False) if field.name != "views"])
LOG = "_delta_log/00000000000000000000.json"


def fails(folder, *arguments):
    """Runs a command that is refused, and returns what it says."""
    command = [DEMUR, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 1, f"{command} ended with {done.returncode}:\n{done.stderr}{done.stdout}"
    return done.stderr + done.stdout


def parquet(rows):
    out = io.BytesIO()
    rows = [{name: row[name] for name in COLUMNS.names} for row in rows]
    pq.write_table(pa.Table.from_pylist(rows, COLUMNS), out, row_group_size=300)
    return out.getvalue()


def lines(rows):
    names = ["record_id", "author_id", "kind", "visibility", "created_at", "text", "mentions", "tagged"]
    return "".join(json.dumps({name: row[name] for name in names}, default=str) + "\n" for row in rows).encode()


class Twins:
    """One platform twice: its files on the disk, and the same files in the store."""

    def __init__(self, store, platform, folder, third_party=KEEP):
        self.store, self.platform, self.name = store, platform, folder.name
        self.here, self.there = folder / "here", folder / "there"
        self.url = f"s3://{BUCKET}/{self.name}"
        for place, corpus in ((self.here, "corpus"), (self.there, f"{self.url}/corpus")):
            place.mkdir()
            set_up(place, platform, third_party, {"posts": f"{corpus}/parquet", "lines": f"{corpus}/lines/*"})
        for at, rows in enumerate(slices(platform.records)):
            self.write(f"corpus/parquet/year={at}/posts {at}.parquet", parquet(rows))
        packs = [lambda text: text, gzip.compress, zstandard.compress]
        for rows, pack, end in zip(slices(platform.records), packs, ["", ".gz", ".zst"]):
            self.write(f"corpus/lines/{len(end)}.jsonl{end}", pack(lines(rows)))
        # One that readers pass over.
        self.write("corpus/parquet/_odd/x.parquet", b"not Parquet")
        accounts = (self.here / "accounts.parquet").read_bytes()
        store.put(f"{self.name}/accounts.parquet", accounts)
        (self.there / "accounts.parquet").unlink()
        configuration = (self.there / "demur.toml").read_text()
        there = f'location = "{self.url}/accounts.parquet"'
        (self.there / "demur.toml").write_text(configuration.replace('location = "accounts.parquet"', there))
        for place in (self.here, self.there):
            demur(place, "check")
            demur(place, "objection", "import", "objections.csv")
            demur(place, "notice", "import", "deliveries.csv")

    def write(self, name, content):
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.store.put(f"{self.name}/{name}", content)

    def remove(self, name):
        (self.here / name).unlink()
        self.store.client.delete_object(Bucket=BUCKET, Key=f"{self.name}/{name}")

    def both(self, *arguments):
        return demur(self.here, *arguments), demur(self.there, *arguments)


@pytest.fixture
def twins(store, platform, tmp_path):
    return Twins(store, platform, tmp_path)


def same_counts(one, two):
    for what in ("input", "kept", "redacted", "dropped"):
        assert one[what] == two[what]


def of_disk(folder):
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != ".demur-lock")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def of_store(store, prefix):
    return {key: store.get(f"{prefix}{key}") for key in store.keys(prefix)}


def data(files):
    """What does not depend on when a set was built, and by whom."""
    return {name: content for name, content in files.items() if name != "manifest.json" and "_delta_log" not in name}


def table(url):
    return by_id(lake.with_delta(url))


def expected(platform):
    rows = [row for verdict, row in judge(platform, KEEP) if verdict == "keep"]
    return by_id(pa.Table.from_pylist([{name: row[name] for name in COLUMNS.names} for row in rows], COLUMNS))


@pytest.mark.parametrize("corpus", ["posts", "lines"])
def test_a_corpus_in_a_store_gives_the_bytes_that_it_gives_on_a_disk(twins, corpus):
    one, two = twins.both("build", PURPOSE, "--corpus", corpus, "--to", "set")
    same_counts(one, two)
    assert one["kept"] > 0
    assert data(of_disk(twins.here / "set")) == data(of_disk(twins.there / "set"))
    one, two = twins.both("audit", "set")
    assert one["clean"] and one["complete"]
    assert one["report"] == two["report"]


def test_a_build_makes_few_requests(twins, store):
    store.requests.clear()
    demur(twins.there, "build", PURPOSE, "--corpus", "posts", "--to", "set")
    asked = [path for method, path in store.requests if method == "GET" and "/corpus/parquet/year" in path]
    # Of each file the footer, once to count rows and once to read them; its row groups, which are small, together;
    # and all bytes for the digest.
    assert len(asked) == 4 * len(slices(twins.platform.records))


def test_a_set_in_a_store_is_the_one_that_would_lie_on_a_disk(twins, platform, store):
    url = f"{twins.url}/sets/one"
    demur(twins.here, "build", PURPOSE, "--corpus", "posts", "--to", "set")
    demur(twins.there, "build", PURPOSE, "--corpus", "posts", "--to", url)
    assert data(of_disk(twins.here / "set")) == data(of_store(store, f"{twins.name}/sets/one/"))
    assert table(url) == by_id(lake.with_polars(url)) == expected(platform)
    assert demur(twins.there, "audit", url)["report"] == demur(twins.here, "audit", "set")["report"]
    said = fails(twins.there, "build", PURPOSE, "--corpus", "posts", "--to", url)
    assert url in said and "is there already" in said
    # Lines, too; their set is there with its manifest.
    url = f"{twins.url}/sets/lines"
    demur(twins.here, "build", PURPOSE, "--corpus", "lines", "--to", "lines")
    demur(twins.there, "build", PURPOSE, "--corpus", "lines", "--to", url)
    assert data(of_disk(twins.here / "lines")) == data(of_store(store, f"{twins.name}/sets/lines/"))


def test_what_is_large_is_read_and_written_in_parts(twins, platform, store):
    """60 MB of lines, more than one request takes in either direction, some of which fail."""
    long = [{**row, "text": (row["text"] or "") + "x" * 20_000} for row in platform.records]
    for name in ("0.jsonl", "3.jsonl.gz", "4.jsonl.zst"):
        twins.remove(f"corpus/lines/{name}")
    twins.write("corpus/lines/long.jsonl", lines(long))
    url = f"{twins.url}/sets/long"
    demur(twins.here, "build", PURPOSE, "--corpus", "lines", "--to", "set")
    reading = lambda method, path: method == "GET" and "long.jsonl" in path
    writing = lambda method, path: method == "PUT" and "partNumber=2" in path
    with store.failing(
        Fault("cut", reading, 2), Fault("unavailable", writing, 1), Fault("lost", writing, 1)
    ):
        demur(twins.there, "build", PURPOSE, "--corpus", "lines", "--to", url)
    written = data(of_store(store, f"{twins.name}/sets/long/"))
    assert data(of_disk(twins.here / "set")) == written
    assert sum(map(len, written.values())) > 8 << 20


@pytest.mark.parametrize("mode", ["copy", "overlay"])
def test_somebody_leaves_a_set_in_a_store_as_one_on_a_disk(twins, platform, store, mode):
    url, corpus = f"{twins.url}/sets/two", f"{twins.name}/corpus/"
    before = of_store(store, corpus)
    places = [(twins.here, "set"), (twins.there, url)]
    for place, target in places:
        demur(place, "build", PURPOSE, "--corpus", "posts", "--mode", mode, "--to", target)
    full = table(url)
    assert full == expected(platform)
    if mode == "overlay":
        assert not [key for key in store.keys(f"{twins.name}/sets/two/") if key.endswith((".parquet", ".rows"))]
    authors = [row["author_id"] for row in full.values()]
    author = max(set(authors), key=authors.count)
    own = {record for record, row in full.items() if row["author_id"] == author}
    results = []
    for place, target in places:
        demur(place, "objection", "add", "--account", author)
        [retracted] = demur(place, "retract")["sets"]
        if place == twins.there:
            shown = table(url)
            # The person may have other accounts.
            assert own <= full.keys() - shown.keys()
            assert all(full[record] == row for record, row in shown.items())
        hidden = demur(place, "trace", author)
        [purged] = demur(place, "purge")["sets"]
        audit, erased = demur(place, "audit", target), demur(place, "trace", author)
        assert audit["clean"]
        [status] = demur(place, "status")["sets"]
        assert status["objections_lacking"] == 0 and status["erased_records"] == purged["records"]
        held = [[line["held"] for line in trace["sets"][0]["records"]] for trace in (hidden, erased)]
        counts = [retracted[what] for what in ("version", "records", "left", "returned", "hidden")]
        results.append((counts, purged["records"], purged["files"], audit["report"], held))
    assert results[0] == results[1]
    assert purged["records"] == retracted["left"] == len(full) - len(shown)
    assert table(url) == shown
    # Of the corpus itself nothing was touched.
    assert of_store(store, corpus) == before
    with pytest.raises(Exception):
        lake.with_delta(url, version=0)


def test_an_object_that_changes_under_an_overlay_is_refused(twins, store):
    url = f"{twins.url}/sets/three"
    demur(twins.there, "build", PURPOSE, "--corpus", "posts", "--mode", "overlay", "--to", url)
    [key, *_] = (key for key in store.keys(f"{twins.name}/corpus/parquet/") if key.startswith("year=1"))
    key = f"{twins.name}/corpus/parquet/{key}"
    content = bytearray(store.get(key))
    content[len(content) // 2] ^= 1
    store.put(key, bytes(content))
    demur(twins.there, "objection", "add", "--account", "1")
    said = fails(twins.there, "retract")
    assert "was changed since it was judged" in said and "year=1" in said


def test_a_slow_failing_and_half_answering_store_changes_nothing(twins, platform, store):
    url = f"{twins.url}/sets/four"
    reading = lambda method, path: method == "GET" and ".parquet" in path
    writing = lambda method, path: method == "PUT" and "part-" in path
    committing = lambda method, path: method == "PUT" and "_delta_log" in path
    listing = lambda method, path: method == "GET" and "list-type" in path
    with store.failing(
        Fault("slow", reading, 2),
        Fault("cut", reading, 3),
        Fault("unavailable", reading, 3),
        Fault("unavailable", listing, 2),
        Fault("unavailable", writing, 2),
        Fault("lost", writing, 2),
        Fault("unavailable", committing, 1),
        Fault("lost", committing, 1),
    ):
        demur(twins.there, "build", PURPOSE, "--corpus", "posts", "--to", url)
    assert table(url) == expected(platform)
    demur(twins.there, "objection", "add", "--account", "1")
    with store.failing(Fault("lost", committing, 2), Fault("cut", reading, 1)):
        [done] = demur(twins.there, "retract", "--purge")["sets"]
    assert done["hidden"] == 0
    assert demur(twins.there, "audit", url)["clean"]
    [status] = demur(twins.there, "status")["sets"]
    assert status["version"] == done["version"] and status["objections_lacking"] == 0


def killed_at(store, folder, applies, *arguments):
    """Runs a command and kills it when it makes a request, which the store then does all the same."""
    with store.gate(applies) as gate:
        command = [DEMUR, *map(str, arguments)]
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert gate.reached.wait(60), process.communicate()[1]
        process.kill()
        process.communicate()


def test_a_build_that_is_killed_leaves_no_half_set(twins, platform, store):
    url = f"{twins.url}/sets/five"
    prefix = f"{twins.name}/sets/five/"
    build = ("build", PURPOSE, "--corpus", "posts", "--to", url)
    # In the middle of the upload: nothing is visible, and the next build begins anew.
    killed_at(store, twins.there, lambda method, path: method == "PUT" and "part-00002" in path, *build)
    assert LOG not in store.keys(prefix)
    demur(twins.there, *build)
    assert table(url) == expected(platform)
    assert ".demur-lock" not in store.keys(prefix)

    # Between the register's commit and the last put: the next build beside it publishes it.
    url = f"{twins.url}/sets/six"
    prefix = f"{twins.name}/sets/six/"
    build = ("build", PURPOSE, "--corpus", "posts", "--to", url)
    killed_at(store, twins.there, lambda method, path: method == "PUT" and path.endswith("manifest.json"), *build)
    assert LOG not in store.keys(prefix)
    assert "has it now" in fails(twins.there, *build)
    assert table(url) == expected(platform)
    assert demur(twins.there, "audit", url)["clean"]
    assert len(demur(twins.there, "status")["sets"]) == 2


def test_a_retraction_that_is_killed_is_finished_by_the_next(twins, store):
    url = f"{twins.url}/sets/seven"
    demur(twins.there, "build", PURPOSE, "--corpus", "posts", "--mode", "overlay", "--to", url)
    committing = lambda method, path: method == "PUT" and "_delta_log" in path
    for account, step in ((1, committing), (2, lambda method, path: method == "PUT" and path.endswith("/manifest.json"))):
        demur(twins.there, "objection", "add", "--account", account)
        killed_at(store, twins.there, step, "retract")
        [done] = demur(twins.there, "retract")["sets"]
        [status] = demur(twins.there, "status")["sets"]
        assert status["version"] == done["version"] and status["objections_lacking"] == 0
        assert demur(twins.there, "audit", url)["clean"]


def lines_of(files):
    """The records of a set of JSON lines, by the bytes that lie in its folder."""
    packed = {name: content for name, content in files.items() if name.endswith((".jsonl", ".jsonl.zst"))}
    assert not [name for name in packed if "/" in name], "something staged was left"
    unpack = lambda name, content: zstandard.ZstdDecompressor().stream_reader(content).read() if name.endswith(".zst") else content
    return [json.loads(line) for name, content in packed.items() for line in unpack(name, content).splitlines()]


def same_lines(twins, store, name):
    """The records of both sets, which have the same files to the byte."""
    here, there = of_disk(twins.here / name), of_store(store, f"{twins.name}/sets/{name}/")
    assert data(here) == data(there)
    assert not {"manifest.next.json", "manifest.between.json", ".demur-lock"} & there.keys()
    return lines_of(there)


def test_somebody_leaves_lines_in_a_store_as_on_a_disk(twins, store):
    url, corpus = f"{twins.url}/sets/lines", f"{twins.name}/corpus/"
    before = of_store(store, corpus)
    places = [(twins.here, "lines"), (twins.there, url)]
    for place, target in places:
        demur(place, "build", PURPOSE, "--corpus", "lines", "--to", target)
    full = same_lines(twins, store, "lines")
    authors = [row["author_id"] for row in full]
    author = max(set(authors), key=authors.count)
    results = []
    for place, target in places:
        demur(place, "objection", "add", f"--account={author}")
        [done] = demur(place, "retract")["sets"]
        [status] = demur(place, "status")["sets"]
        assert status["objections_lacking"] == 0 and status["version"] == done["version"]
        purged = demur(place, "purge")["sets"]
        audit, trace = demur(place, "audit", target), demur(place, "trace", author)
        assert audit["clean"]
        counts = [done[what] for what in ("version", "records", "left", "returned", "hidden")]
        results.append((counts, audit["report"], [line["held"] for line in trace["sets"][0]["records"]], len(purged)))
    assert results[0] == results[1]
    left = same_lines(twins, store, "lines")
    assert author not in [row["author_id"] for row in left]
    assert len(full) - len(left) == done["left"] >= authors.count(author) and done["hidden"] == 0
    assert of_store(store, corpus) == before


def test_a_store_that_fails_while_lines_leave_it_changes_nothing(twins, store):
    url = f"{twins.url}/sets/lines"
    for place, target in ((twins.here, "lines"), (twins.there, url)):
        demur(place, "build", PURPOSE, "--corpus", "lines", "--to", target)
    author = same_lines(twins, store, "lines")[0]["author_id"]
    for place in (twins.here, twins.there):
        demur(place, "objection", "add", f"--account={author}")
    demur(twins.here, "retract")
    set_of = lambda path: "/sets/lines/" in path
    with store.failing(
        Fault("slow", lambda method, path: method == "GET" and set_of(path), 2),
        Fault("cut", lambda method, path: method == "GET" and set_of(path) and "part-" in path, 2),
        Fault("unavailable", lambda method, path: method == "PUT" and ".demur-next" in path, 2),
        Fault("lost", lambda method, path: method == "PUT" and ".demur-next" in path, 1),
        Fault("lost", lambda method, path: method == "PUT" and "manifest.between" in path, 1),
        Fault("lost", lambda method, path: method == "PUT" and "manifest.next" in path, 1),
        Fault("lost", lambda method, path: method == "PUT" and path.endswith(".jsonl") and ".demur-next" not in path, 1),
        Fault("unavailable", lambda method, path: method == "POST" and "?delete" in path, 1),
    ):
        [done] = demur(twins.there, "retract")["sets"]
    assert done["left"] > 0
    same_lines(twins, store, "lines")
    assert demur(twins.there, "audit", url)["clean"]


def deletion(nth):
    """Applies to a deletion; what is deleted stands in the request's body."""
    seen = itertools.count(1)
    return lambda method, path: method == "POST" and "?delete" in path and next(seen) == nth


def test_lines_whose_retraction_is_killed_are_taken_out_by_the_next(twins, store):
    """At each of its steps: what lies in the store is the old file or the new one, and the next run ends it."""
    url, prefix = f"{twins.url}/sets/lines", f"{twins.name}/sets/lines/"
    for place, target in ((twins.here, "lines"), (twins.there, url)):
        demur(place, "build", PURPOSE, "--corpus", "lines", "--to", target)
    in_place = lambda path: ".jsonl" in path and ".demur-next" not in path
    steps = [
        lambda method, path: method == "PUT" and ".demur-next" in path,
        lambda method, path: method == "PUT" and "manifest.between" in path,
        lambda method, path: method == "PUT" and "manifest.next" in path,
        lambda method, path: method == "PUT" and in_place(path),
        *(deletion(nth) for nth in (1, 4, 6)),
        lambda method, path: method == "PUT" and path.endswith("/manifest.json"),
    ]
    gone = set()
    for step in steps:
        [author, *_] = {row["author_id"] for row in lines_of(of_store(store, prefix))} - gone
        gone.add(author)
        for place in (twins.here, twins.there):
            demur(place, "objection", "add", f"--account={author}")
        demur(twins.here, "retract")
        killed_at(store, twins.there, step, "retract")
        demur(twins.there, "retract")
        assert author not in [row["author_id"] for row in same_lines(twins, store, "lines")]
        [status] = demur(twins.there, "status")["sets"]
        assert status["objections_lacking"] == 0
        assert demur(twins.there, "audit", url)["clean"]


@pytest.mark.parametrize("corpus, what", [("posts", "_delta_log"), ("lines", "manifest.next")])
def test_a_put_that_arrives_after_somebody_elses_changes_nothing(twins, platform, store, corpus, what):
    """Whoever sent it was killed; its request is still on its way while the next one changes the set."""
    url, prefix = f"{twins.url}/sets/late", f"{twins.name}/sets/late/"
    built = demur(twins.there, "build", PURPOSE, "--corpus", corpus, "--to", url)
    assert built["kept"] > 0
    authors = {row["author_id"] for row in expected(platform).values()}
    first, second, third = sorted(authors)[:3]
    demur(twins.there, "objection", "add", f"--account={first}")
    with store.gate(lambda method, path: method == "PUT" and what in path) as gate:
        command = [DEMUR, "retract"]
        process = subprocess.Popen(command, cwd=twins.there, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert gate.reached.wait(60)
        process.kill()
        process.communicate()
        demur(twins.there, "objection", "add", f"--account={second}")
        [done] = demur(twins.there, "retract")["sets"]
        before, shown = data(of_store(store, prefix)), table(url) if corpus == "posts" else None
    store.settle()
    late = {"manifest.next.json"} & set(store.keys(prefix))
    assert bool(late) == (corpus == "lines"), "the late request was to arrive"
    assert {name: content for name, content in data(of_store(store, prefix)).items() if name not in late} == before
    # An entry of the log may take the name of one that is gone, behind the checkpoint that readers begin with.
    if corpus == "posts":
        assert table(url) == by_id(lake.with_polars(url)) == shown
    assert demur(twins.there, "audit", url)["clean"]
    demur(twins.there, "objection", "add", f"--account={third}")
    [next] = demur(twins.there, "retract")["sets"]
    assert next["version"] > done["version"]
    entries = [name for name in store.keys(f"{prefix}_delta_log/") if name.endswith(".json")]
    assert all(int(name.partition(".")[0]) >= done["version"] for name in entries), entries
    assert "manifest.next.json" not in store.keys(prefix)
    [status] = demur(twins.there, "status")["sets"]
    assert status["version"] == next["version"] and status["objections_lacking"] == 0
    assert demur(twins.there, "audit", url)["clean"]


def test_of_two_who_change_one_set_at_once_one_does(twins, platform, store, tmp_path):
    """Two machines, as far as Demur can tell: one register, two folders to work in."""
    other = tmp_path / "other"
    other.mkdir()
    configuration = (twins.there / "demur.toml").read_text()
    configuration = configuration.replace("sqlite:demur.db", f"sqlite:{twins.there}/demur.db")
    key = f'url = "sqlite:{twins.there}/demur.db"\nkey = "{twins.there}/demur.key"'
    (other / "demur.toml").write_text(configuration.replace(f'url = "sqlite:{twins.there}/demur.db"', key))
    (other / "docs").symlink_to(twins.there / "docs")
    url = f"{twins.url}/sets/eight"
    build = ("build", PURPOSE, "--corpus", "posts", "--to", url)
    with store.gate(lambda method, path: method == "PUT" and "part-00001" in path) as gate:
        first = subprocess.Popen([DEMUR, *build], cwd=twins.there, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert gate.reached.wait(60)
        assert "another build is writing there" in fails(other, *build)
    assert first.wait(120) == 0, first.stderr.read()
    assert table(url) == expected(platform)

    demur(twins.there, "objection", "add", "--account", "1")
    with store.gate(lambda method, path: method == "PUT" and "_delta_log" in path) as gate:
        first = subprocess.Popen([DEMUR, "retract"], cwd=twins.there, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert gate.reached.wait(60)
        # The register says so first; should it not know, the lock in the store does.
        assert "another process" in fails(other, "retract", url)
    assert first.wait(120) == 0, first.stderr.read()
    [done] = demur(other, "retract", url)["sets"]
    assert not done["changed"]
    assert demur(other, "audit", url)["clean"]

    # Somebody who is not Demur commits between Demur's look and its commit: it looks again.
    demur(twins.there, "objection", "add", "--account", "2")
    with store.gate(lambda method, path: method == "PUT" and "_delta_log" in path) as gate:
        command = [DEMUR, "retract", "--json"]
        first = subprocess.Popen(command, cwd=twins.there, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert gate.reached.wait(60)
        log = f"{twins.name}/sets/eight/_delta_log/"
        newest = max(int(name[:20]) for name in store.keys(log) if name.endswith(".json"))
        store.put(f"{log}{newest + 1:020}.json", b'{"commitInfo":{"operation":"NOTHING"}}\n')
    output, _ = first.communicate(timeout=120)
    assert first.returncode == 0
    [done] = json.loads(output)["sets"]
    assert done["version"] == newest + 2
    assert demur(twins.there, "audit", url)["clean"]


def test_a_snapshot_goes_to_a_store_and_comes_from_it(twins, store):
    url = f"{twins.url}/snapshots/now.snapshot"
    one, two = demur(twins.here, "snapshot", PURPOSE), demur(twins.there, "snapshot", PURPOSE, "--to", url)
    # The registers have roots of their own, so only the size can be the same.
    assert one["size"] == two["size"] == len(store.get(f"{twins.name}/snapshots/now.snapshot"))
    built = demur(twins.there, "build", PURPOSE, "--corpus", "posts", "--snapshot", url, "--to", "set")
    assert built["snapshot"] == two["digest"]
    demur(twins.there, "objection", "add", "--account", "1")
    assert url in fails(twins.there, "build", PURPOSE, "--corpus", "posts", "--snapshot", url, "--to", "late")


def test_what_is_wrong_is_said_with_the_url_and_what_to_do(twins, store, monkeypatch):
    build = ("build", PURPOSE, "--corpus", "posts", "--to")
    said = fails(twins.there, *build, "s3://no-such-bucket/set")
    assert "s3://no-such-bucket/set" in said and "no such bucket" in said
    # Readers look for a table's files in its own bucket.
    said = fails(twins.there, *build, "set", "--mode", "overlay")
    assert f"{twins.url}/corpus/parquet/year=0" in said and "--mode copy" in said
    assert "--mode copy" in fails(twins.here, *build, f"{twins.url}/sets/nine", "--mode", "overlay")
    configuration = (twins.there / "demur.toml").read_text()
    (twins.there / "demur.toml").write_text(configuration.replace("/corpus/parquet", "/corpus/nothing"))
    said = fails(twins.there, *build, "set")
    assert f"{twins.url}/corpus/nothing: no file is there" in said
    # The folder of a table also holds rows that were taken out of it.
    store.put(f"{twins.name}/corpus/_delta_log/{0:020}.json", b"{}")
    (twins.there / "demur.toml").write_text(configuration)
    assert "this is a Delta table" in fails(twins.there, *build, "set")
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    assert "AWS_ALLOW_HTTP" in fails(twins.there, *build, f"{twins.url}/sets/nine")
