"""The examples run as they are, and keep what the command line keeps."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def demo(platform, tmp_path_factory):
    """The platform as somebody has it who ran the demo and `demur snapshot`."""
    folder = tmp_path_factory.mktemp("example") / "demo"
    folder.mkdir()
    for name in ("corpus", "copied"):
        (folder / name).symlink_to(platform.folder / name)
    (folder / "assistant-training.snapshot").symlink_to(platform.snapshot)
    return folder


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py") if path.name != "platform_columns.py"))
def test_example(demo, platform, name, tmp_path):
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    more = []
    if name == "training_loop.py":
        more.append(demo / "copied")
        if importlib.util.find_spec("torch") is None:
            env["PYTHONPATH"] = str(Path(__file__).parent / "stand_in")
    command = [sys.executable, EXAMPLES / name, demo, *more]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == str(len(platform.redacted)), done.stdout
