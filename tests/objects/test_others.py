"""What stand-ins for Google's and Azure's stores allow: a corpus from both; sets into the second, and rows back out of them."""

import json
import os
from contextlib import contextmanager

import pytest

from others import Azure, Google
from test_objects import Twins, data, fails, of_disk, same_counts
from test_readers import PURPOSE, demur


@contextmanager
def serving(kind, folder):
    store = kind(folder)
    before = dict(os.environ)
    os.environ.update(store.environment)
    try:
        yield store
    finally:
        os.environ.clear()
        os.environ.update(before)
        store.stop()


@pytest.fixture
def azure(tmp_path_factory):
    with serving(Azure, tmp_path_factory.mktemp("azure")) as store:
        yield store


@pytest.fixture
def google(tmp_path_factory):
    with serving(Google, tmp_path_factory.mktemp("google")) as store:
        yield store


@pytest.mark.parametrize("corpus", ["posts", "lines"])
def test_a_corpus_in_googles_store_gives_the_bytes_that_it_gives_on_a_disk(google, platform, tmp_path, corpus):
    twins = Twins(google, platform, tmp_path)
    one, two = twins.both("build", PURPOSE, "--corpus", corpus, "--to", "set")
    same_counts(one, two)
    assert data(of_disk(twins.here / "set")) == data(of_disk(twins.there / "set"))
    one, two = twins.both("audit", "set")
    assert two["clean"] and one["report"] == two["report"]


SETS = [("posts", "copy"), ("posts", "overlay"), ("lines", "copy")]


def test_a_set_goes_to_azures_store_and_people_leave_it(azure, platform, tmp_path):
    twins = Twins(azure, platform, tmp_path)
    for corpus, mode in SETS:
        name, url = f"{corpus}-{mode}", f"{twins.url}/sets/{corpus}-{mode}"
        results = []
        for place, target in ((twins.here, name), (twins.there, url)):
            built = demur(place, "build", PURPOSE, "--corpus", corpus, "--mode", mode, "--to", target)
            results.append((built, demur(place, "audit", target)))
        same_counts(results[0][0], results[1][0])
        assert results[0][1]["report"] == results[1][1]["report"] and results[1][1]["clean"]
        assert "is there already" in fails(twins.there, "build", PURPOSE, "--corpus", corpus, "--to", url)

    # One change at a time: the lock is put on condition that nobody else has.
    account = next(row["author_id"] for row in platform.records if (row["author_id"] or 0) > 0)
    for place in (twins.here, twins.there):
        demur(place, "objection", "add", f"--account={account}")
    lock = {"workplace": "x", "folder": "/elsewhere", "machine": "another"}
    azure.put(f"{twins.name}/sets/posts-copy/.demur-lock", json.dumps(lock).encode())
    said = fails(twins.there, "retract", f"{twins.url}/sets/posts-copy")
    assert "another process" in said and "/elsewhere on another" in said
    azure.remove(f"{twins.name}/sets/posts-copy/.demur-lock")

    here, there = (demur(place, "retract", "--purge")["sets"] for place in (twins.here, twins.there))
    counts = lambda sets: sorted([done[what] for what in ("records", "left", "hidden")] for done in sets)
    assert counts(here) == counts(there) and all(done["hidden"] == 0 for done in there)
    assert sum(done["left"] for done in there) > 0
    for corpus, mode in SETS:
        one, two = demur(twins.here, "audit", f"{corpus}-{mode}"), demur(twins.there, "audit", f"{twins.url}/sets/{corpus}-{mode}")
        assert two["clean"] and one["report"] == two["report"]
    assert all(status["objections_lacking"] == 0 for status in demur(twins.there, "status")["sets"])
    # A snapshot, too.
    url = f"{twins.url}/now.snapshot"
    assert demur(twins.there, "snapshot", PURPOSE, "--to", url)["size"] == demur(twins.here, "snapshot", PURPOSE)["size"]
