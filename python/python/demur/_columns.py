"""Which column holds what: the names of a ``[[corpus]]`` table, as a dictionary."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any, Union

from demur._demur import ColumnError

Columns = Mapping[str, Union[str, Mapping[str, str]]]

KEYS = ["record", "author", "kind", "visibility", "created", "text", "mentioned", "depicted"]
UNITS = ["s", "ms", "us", "ns"]
RECORD = 'write "record": "record_id": the column with the record\'s id'
AUTHOR = 'write "author": "author_id": the column with the author\'s account id'
CREATED = (
    'write "created": "created_at" for a column of timestamps, dates or ISO 8601 strings, or '
    '"created": {"column": "ts", "unit": "ms"} for integers'
)
TEXT = 'write "text": "text": the column with what it says, or leave the key out'


def parse(columns: Columns) -> str:
    """The columns as JSON, in the form that manifests have.

    Raises:
        ColumnError: Naming all that is wrong.
    """
    if not isinstance(columns, Mapping):
        raise ColumnError(f"columns is {_describe(columns)}\n  hint: write a dictionary with the keys {_list(KEYS)}")
    problems: list[str] = []
    table = _Table("columns", columns, KEYS, problems)
    read: dict[str, Any] = {
        "record": table.text("record", RECORD),
        "author": table.text("author", AUTHOR),
        "kind": _value(table, "kind", "post"),
        "visibility": _value(table, "visibility", "public"),
        "created": _created(table),
        "text": table.text("text", TEXT, needed=False),
        "mentioned": _people(table, "mentioned"),
        "depicted": _people(table, "depicted"),
    }
    one, other = read["mentioned"], read["depicted"]
    if one and other and one["column"] is not None and one["column"] == other["column"]:
        table.problem(
            f"`mentioned` and `depicted` are one column, `{one['column']}`",
            "name it once, under the rule that shall hold for it",
        )
    if problems:
        raise ColumnError("\n".join(problems))
    return json.dumps(read)


def given(columns: Columns | str) -> str:
    """The same, where they may be JSON already."""
    return columns if isinstance(columns, str) else parse(columns)


class _Table:
    """A dictionary of the columns, and what is wrong with it."""

    def __init__(self, name: str, entries: Mapping[str, Any], known: list[str], problems: list[str]) -> None:
        self.name, self.entries, self.problems = name, entries, problems
        self.misspelt: set[str] = set()
        for key in entries:
            if key in known:
                continue
            absent = [name for name in known if name not in entries]
            near = difflib.get_close_matches(str(key).lower(), absent, 1) or difflib.get_close_matches(str(key), known, 1)
            self.misspelt.update(near)
            fix = f"did you mean `{near[0]}`?" if near else f"the keys here are {_list(known)}"
            self.problem(f"unknown key `{key}` in {name}", fix)

    def problem(self, what: str, fix: str) -> None:
        self.problems.append(f"{what}\n  hint: {fix}")

    def get(self, key: str, fix: str, needed: bool = True) -> Any:
        """A value; ``None`` where it is not there, which is a problem if it is needed."""
        value = self.entries.get(key)
        if value is None and needed and key not in self.misspelt:
            self.problem(f"{self.name} has no `{key}`", fix)
        return value

    def text(self, key: str, fix: str, needed: bool = True) -> str | None:
        value = self.get(key, fix, needed)
        if value is None:
            return None
        if isinstance(value, str) and value.strip():
            return value
        self.problem(f"`{key}` is {_describe(value)}", fix)
        return None

    def table(self, key: str, known: list[str]) -> _Table | None:
        value = self.entries.get(key)
        if not isinstance(value, Mapping):
            return None
        return _Table(f"`{key}` of {self.name}", value, known, self.problems)


def _value(table: _Table, key: str, example: str) -> dict[str, str | None]:
    fix = (
        f'write "{key}": "{key}" where a column says it, or "{key}": {{"value": "{example}"}} where it is the same '
        "for all records"
    )
    if inner := table.table(key, ["value"]):
        return {"constant": inner.text("value", fix)}
    return {"column": table.text(key, fix)}


def _created(table: _Table) -> dict[str, str | None]:
    inner = table.table("created", ["column", "unit"])
    if inner is None:
        return {"column": table.text("created", CREATED), "unit": None}
    unit = inner.entries.get("unit")
    if unit is not None and unit not in UNITS:
        inner.problem(f"`unit` is {_describe(unit)}", 'write "unit": "s", or "ms" or "us" or "ns"')
    return {"column": inner.text("column", CREATED), "unit": unit}


def _people(table: _Table, key: str) -> dict[str, Any] | None:
    fix = (
        f'write "{key}": "column" for a list of account ids, or "{key}": {{"column": "column", "account": "user_id", '
        '"start": "start", "end": "end"} for a list of structs'
    )
    inner = table.table(key, ["column", "account", "start", "end"])
    if inner is None:
        column = table.text(key, fix, needed=False)
        return {"column": column, "account": None, "span": None} if column else None
    column = inner.text("column", fix)
    account = inner.text(
        "account", f'name the field that holds the account id, or write "{key}": "{column or "column"}" alone'
    )
    start, end = (inner.text(name, fix, needed=False) for name in ("start", "end"))
    if (start is None) != (end is None):
        there, absent = ("end", "start") if start is None else ("start", "end")
        inner.problem(f"`{key}` has `{there}` without `{absent}`", "name both fields of the span, or neither")
    return {"column": column, "account": account, "span": [start, end] if start and end else None}


def _describe(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"' if value else "an empty string"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    return "a dictionary" if isinstance(value, Mapping) else f"a {type(value).__qualname__}"


def _list(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
