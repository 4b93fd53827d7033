"""Snapshots and training sets by URL, from an S3 server that these tests start."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import demur
from conftest import COLUMNS, PURPOSE, demur as command

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "objects"))
from store import BUCKET, Fault, Store

sys.path.pop(0)

URL = f"s3://{BUCKET}/now.snapshot"


@pytest.fixture(scope="module")
def store():
    store = Store()
    before = dict(os.environ)
    os.environ.update(store.environment())
    yield store
    os.environ.clear()
    os.environ.update(before)
    store.stop()


@pytest.fixture
def given(platform, store):
    """The platform's snapshot in the store."""
    store.put("now.snapshot", platform.snapshot.read_bytes())
    return URL


def test_a_snapshot_by_url_is_the_one_at_the_path(platform, given):
    here, there = demur.Snapshot(platform.snapshot), demur.Snapshot(given)
    assert there.path == given and there.digest == here.digest and there.bytes == here.bytes
    judged = [pa.table(demur.Gate(snapshot, COLUMNS).filter(platform.corpus)) for snapshot in (here, there)]
    assert judged[0] == judged[1] and judged[0].num_rows == len(platform.kept)
    assert demur.Snapshot(platform.snapshot.as_uri()).digest == here.digest
    # In another process, too.
    program = "import pickle, sys; print(pickle.load(sys.stdin.buffer).snapshot.path)"
    gate = pickle.dumps(demur.Gate(there, COLUMNS))
    assert subprocess.run([sys.executable, "-c", program], input=gate, capture_output=True, check=True).stdout.decode().strip() == given


def test_a_snapshot_by_url_is_checked_like_a_file(platform, store, tmp_path):
    content = platform.snapshot.read_bytes()
    wrong = {"short": content[:-100], "changed": content[:2000] + bytes([content[2000] ^ 1]) + content[2001:], "foreign": b"PAR1" * 100}
    for name, broken in wrong.items():
        file, url = tmp_path / f"{name}.snapshot", f"s3://{BUCKET}/{name}.snapshot"
        file.write_bytes(broken)
        store.put(f"{name}.snapshot", broken)
        with pytest.raises(demur.SnapshotError) as here:
            demur.Snapshot(file)
        with pytest.raises(demur.SnapshotError) as there:
            demur.Snapshot(url)
        assert str(there.value) == str(here.value).replace(str(file), url)
    with pytest.raises(demur.SnapshotError, match="asked for"):
        store.put("right.snapshot", content)
        demur.Snapshot(f"s3://{BUCKET}/right.snapshot", digest="0" * 64)
    for url, what in ((f"s3://{BUCKET}/none", "no such object"), ("s3://nobody/x", "s3://nobody/x"), ("ftp://host/x", "such URLs are not read")):
        with pytest.raises(demur.SnapshotError, match=what):
            demur.Snapshot(url)


def test_a_store_that_fails_for_a_while_is_waited_for(platform, store, given):
    reading = lambda method, path: method == "GET" and "now.snapshot" in path
    with store.failing(Fault("unavailable", reading, 2), Fault("cut", reading, 1)):
        assert demur.Snapshot(given).bytes == platform.snapshot.stat().st_size


def test_a_snapshot_that_is_replaced_while_it_is_fetched_is_fetched_anew(own_platform, store, given):
    old = demur.Snapshot(given).digest
    own_platform.object(1)
    own_platform.compile()
    with store.gate(lambda method, path: method == "GET" and "now.snapshot" in path) as gate:
        program = f"import demur; print(demur.Snapshot({given!r}).digest)"
        other = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        assert gate.reached.wait(60)
        store.put("now.snapshot", own_platform.snapshot.read_bytes())
    digest = other.communicate(timeout=60)[0].decode().strip()
    assert digest == demur.Snapshot(own_platform.snapshot).digest != old


def test_nothing_of_a_fetched_snapshot_stays(given, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    snapshot = demur.Snapshot(given)
    assert not list(tmp_path.iterdir())
    snapshot.save(tmp_path / "kept.snapshot")
    assert demur.Snapshot(tmp_path / "kept.snapshot").digest == snapshot.digest
    assert (tmp_path / "kept.snapshot").stat().st_mode & 0o077 == 0


def test_ray_takes_a_snapshot_by_url(platform, given):
    import demur.ray

    snapshot = demur.Snapshot(given)
    content = demur.ray._content(snapshot)
    assert content.tobytes() == platform.snapshot.read_bytes()


# The table's reader keeps Python from running while it waits for the store, which runs here: so the loader runs elsewhere.
LOADER = """
import json, sys
from test_torch import demur, flat
arguments = json.loads(sys.argv[1])
loader = demur.torch.loader(arguments["table"], arguments["snapshot"], batch_size=16, num_workers=arguments["workers"], look_every=0.05)
running, rows = iter(loader), []
for step in range(arguments["pause"]):
    rows.append(next(running))
print(json.dumps(flat(rows, "author_id")), flush=True)
sys.stdin.readline()
rows = list(running)
print(json.dumps([flat(rows, "author_id"), flat(rows)]), flush=True)
"""


def loading(table, snapshot, pause=0, workers=0):
    arguments = json.dumps({"table": str(table), "snapshot": str(snapshot), "pause": pause, "workers": workers})
    command = [sys.executable, "-c", LOADER, arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=Path(__file__).parent, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def ends(process):
    output, errors = process.communicate("\n", timeout=120)
    assert process.returncode == 0, errors
    return json.loads(output.splitlines()[-1])


@pytest.fixture
def far(platform, own_platform, store):
    """A copied and a covered-up set in the store, of a corpus there, with a snapshot there."""
    prefix = own_platform.folder.parent.name
    for file in own_platform.files:
        store.put(f"{prefix}/corpus/{file.name}", file.read_bytes())
    configuration = own_platform.folder / "demur.toml"
    text = configuration.read_text()
    located = [line for line in text.splitlines() if line.startswith("location") and "corpus" in line]
    assert len(located) == 1, located
    configuration.write_text(text.replace(located[0], f'location = "s3://{BUCKET}/{prefix}/corpus/*.parquet"'))
    own_platform.url = f"s3://{BUCKET}/{prefix}"
    own_platform.far_snapshot = f"{own_platform.url}/now.snapshot"
    command(own_platform.folder, "snapshot", PURPOSE, "--to", own_platform.far_snapshot)
    for mode in ("copy", "overlay"):
        given = ["--corpus", "posts", "--snapshot", own_platform.far_snapshot, "--mode", mode]
        command(own_platform.folder, "build", PURPOSE, *given, "--to", f"{own_platform.url}/{mode}")
    return own_platform


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("mode", ["copy", "overlay"])
def test_the_loader_reads_a_set_in_a_store(far, platform, mode, workers):
    expected = platform.redacted if mode == "copy" else platform.kept
    _, records = ends(loading(f"{far.url}/{mode}", far.far_snapshot, workers=workers))
    assert sorted(records) == sorted(expected)


@pytest.mark.parametrize("mode", ["copy", "overlay"])
def test_a_late_objection_reaches_a_job_through_the_store(far, mode):
    expected, _ = ends(loading(f"{far.url}/{mode}", far.far_snapshot))
    job = loading(f"{far.url}/{mode}", far.far_snapshot, pause=5)
    before = json.loads(job.stdout.readline())
    author = expected[len(before)]
    far.object(author)
    command(far.folder, "snapshot", PURPOSE, "--to", far.far_snapshot)
    after, _ = ends(job)
    assert author not in after and len(after) > len(expected) / 2


def test_a_snapshot_that_vanished_from_the_store_stops_the_job(far, store):
    job = loading(f"{far.url}/copy", far.far_snapshot, pause=2)
    assert job.stdout.readline()
    store.client.delete_object(Bucket=BUCKET, Key=far.far_snapshot.removeprefix(f"s3://{BUCKET}/"))
    output, errors = job.communicate("\n", timeout=120)
    assert job.returncode != 0 and "nobody knows who objected since" in errors and not output
