"""The demo's platform, with what the command line makes of it: what every engine must agree with.

Run by `cargo xtask test python`; the variable DEMUR names the command line under test.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

DEMUR = Path(os.environ["DEMUR"]).resolve()
PURPOSE = "assistant-training"
COLUMNS = {
    "record": "record_id",
    "author": "author_id",
    "kind": "kind",
    "visibility": "visibility",
    "created": "created_at",
    "text": "text",
    "mentioned": {"column": "mentions", "account": "user_id", "start": "start", "end": "end"},
    "depicted": "tagged",
}
RULE = 'third_party = { mentioned = "keep", depicted = "drop", objections = "third_party" }'
REDACT = 'third_party = { mentioned = "redact", depicted = "drop", objections = "any" }'


def run(folder, *arguments):
    command = [DEMUR, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def demur(folder, *arguments):
    """Runs a command in a platform's folder and returns the JSON object that it prints."""
    done = run(folder, *arguments, "--json")
    assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stderr}"
    return json.loads(done.stdout)


def by_id(table):
    rows = {row["record_id"]: row for row in table.to_pylist()}
    assert len(rows) == table.num_rows, "a record is there twice"
    return rows


class Platform:
    """A folder with a register, a corpus, a snapshot, and two training sets made by it."""

    def __init__(self, folder):
        self.folder = folder
        self.snapshot = folder / "given.snapshot"
        self.copied, self.overlay = folder / "copied", folder / "overlay"
        self.files = sorted((folder / "corpus").glob("*.parquet"))

    @classmethod
    def make(cls, folder):
        done = run(folder.parent, "demo", folder, "--accounts", 3000, "--records", 30_000)
        assert done.returncode == 0, done.stderr
        configuration = folder / "demur.toml"
        text = configuration.read_text()
        assert RULE in text
        configuration.write_text(text.replace(RULE, REDACT))
        platform = cls(folder)
        platform.compile()
        given = ["--corpus", "posts", "--snapshot", platform.snapshot]
        platform.counts = demur(folder, "build", PURPOSE, *given, "--to", platform.copied)
        demur(folder, "build", PURPOSE, *given, "--mode", "overlay", "--to", platform.overlay)
        # A platform on which nothing happens would prove nothing.
        assert platform.counts["redacted"] > 10 and len(platform.counts["dropped"]) >= 12
        platform.corpus = pa.concat_tables(map(pq.read_table, platform.files))
        platform.redacted = by_id(polars.scan_delta(str(platform.copied)).collect().to_arrow())
        platform.kept = by_id(polars.scan_delta(str(platform.overlay)).collect().to_arrow())
        return platform

    def compile(self):
        return demur(self.folder, "snapshot", PURPOSE, "--to", self.snapshot)

    def object(self, account):
        demur(self.folder, "objection", "add", "--account", account)


@pytest.fixture(scope="session")
def platform(tmp_path_factory):
    """Shared by all tests; none changes it."""
    return Platform.make(tmp_path_factory.mktemp("platform") / "demo")


@pytest.fixture
def own_platform(platform, tmp_path):
    """A copy in which people may object; the covered-up set's links are made anew."""
    folder = tmp_path / "demo"
    shutil.copytree(platform.folder, folder, ignore=shutil.ignore_patterns("overlay", "training-sets"))
    own = Platform(folder)
    demur(folder, "build", PURPOSE, "--corpus", "posts", "--snapshot", own.snapshot, "--mode", "overlay", "--to", "overlay")
    return own
