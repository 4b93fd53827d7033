"""The package as it is installed."""

import ast
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import demur
from demur import _demur


def test_the_stub_says_what_there_is():
    stub = ast.parse((Path(demur.__file__).parent / "_demur.pyi").read_text())
    hints_only = {"SpeaksSchema", "SpeaksArray", "SpeaksStream", "Counts"}
    declared = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    there = {name for name, value in vars(_demur).items() if isinstance(value, type)}
    assert declared.keys() - hints_only == there
    for name in there - {"Error", "SnapshotError", "ColumnError"}:
        methods = {node.name for node in declared[name].body if isinstance(node, ast.FunctionDef)}
        own = {key for key in vars(getattr(_demur, name)) if key not in ("__doc__", "__module__", "__repr__")}
        assert methods - {"__new__"} == own - {"__new__"}, name


def test_everything_public_is_documented():
    assert (Path(demur.__file__).parent / "py.typed").exists()
    for name in demur.__all__:
        value = getattr(demur, name)
        assert value.__doc__, name
        if isinstance(value, type) and value.__module__ == "demur" and not issubclass(value, Exception):
            for method, member in vars(value).items():
                assert method.startswith("_") or member.__doc__, f"{name}.{method}"


def test_the_gate_needs_no_other_package():
    check = (
        "import sys, demur; loaded = {name.split('.')[0] for name in sys.modules}; "
        "sys.exit(bool(loaded & {'pyarrow', 'numpy', 'pandas', 'polars'}))"
    )
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0
    needed = importlib.metadata.requires("demur") or []
    assert all("extra ==" in requirement for requirement in needed)
    assert importlib.metadata.version("demur") == demur.__version__
