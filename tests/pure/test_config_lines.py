"""Every key path has the line on which it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.config.file import ConfigError, parse
from gatewayd.config.lines import KeyPath, line_of, lines_of, written

TEXT = '''\
# a comment with [brackets] and key = "value"
title = "a ] b # c"
dotted.key.deep = 1
"quoted key" . 'other' = 2

[table] # why not
multi = """
one = 1
[not.a.table]"""
literal = \'\'\'
[[nor.this]]\'\'\'
when = 1979-05-27 07:32:00
list = [
  1, # one
  "two",

  [3,
   4],
  { five = 5,  six.seven = [6] },
]

[[people]]
name = "anna"
[people.home]
town = "Leeds"
[[people.devices]]
number = 1
[[people.devices]]
number = 2

[[people]]
name = "bob"
[[people.devices]]
number = 3
'''


def test_tables_lists_inline_tables_and_dotted_keys() -> None:
    lines = lines_of(TEXT)
    expected: dict[KeyPath, int] = {
        ("title",): 2,
        ("dotted", "key", "deep"): 3,
        ("quoted key", "other"): 4,
        ("table",): 6,
        ("table", "multi"): 7,
        ("table", "literal"): 10,
        ("table", "when"): 12,
        ("table", "list"): 13,
        ("table", "list", 0): 14,
        ("table", "list", 1): 15,
        ("table", "list", 2): 17,
        ("table", "list", 2, 1): 18,
        ("table", "list", 3, "five"): 19,
        ("table", "list", 3, "six", "seven", 0): 19,
        ("people",): 22,
        ("people", 0, "home", "town"): 25,
        ("people", 0, "devices", 0, "number"): 27,
        ("people", 0, "devices", 1): 28,
        ("people", 1): 31,
        ("people", 1, "devices", 0, "number"): 34,
    }
    assert {at: lines.get(at) for at in expected} == expected


def test_what_is_not_there_has_the_line_of_the_table_around_it() -> None:
    lines = lines_of(TEXT)
    assert line_of(lines, ("people", 1, "devices", 0, "channel")) == 33
    assert line_of(lines, ("nowhere",)) is None
    assert line_of(lines, ()) is None


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\n\r\n[b]\r\nc = 2\r\n")["b", "c"] == 4


def test_paths_are_written_as_in_a_programme() -> None:
    assert written(("people", 1, "devices", 0, "number")) == "people[1].devices[0].number"


def paths(value: Any, at: KeyPath = ()) -> list[KeyPath]:
    """Every key path of what tomllib made of the text."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [p for key, inner in items for p in ((*at, key), *paths(inner, (*at, key)))]


def test_the_commented_example_is_known_to_the_last_key() -> None:
    text = (Path(__file__).parents[2] / "config" / "gateway.toml").read_text()
    lines, told = lines_of(text), text.splitlines()
    for at in paths(tomllib.loads(text)):
        if isinstance(at[-1], str):
            assert re.search(rf"\b{at[-1]}\b", told[lines[at] - 1]), at


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=9), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def toml_string(text: str) -> str:
    return '"' + "".join(f"\\U{ord(c):08x}" if not c.isalnum() else c for c in text) + '"'


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, list):
        return "[ # list\n" + "".join(f"{toml(v)},\n" for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_string(k)} = {toml(v)}" for k, v in value.items()) + " }"
    return repr(value)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.lists(st.dictionaries(KEYS, VALUES, max_size=3), max_size=3))
def test_no_text_that_toml_accepts_loses_the_scanner(top: dict[str, Any], tables: list[dict[str, Any]]) -> None:
    text = "".join(f"{toml_string(k)} = {toml(v)}\n" for k, v in top.items() if k != "t")
    for table in tables:
        text += "[[ t ]]\n" + "".join(f"{toml_string(k)} = {toml(v)}\n" for k, v in table.items())
    lines = lines_of(text)
    told = text.splitlines()
    for at in paths(tomllib.loads(text)):
        assert at in lines
        assert 1 <= lines[at] <= len(told)
    order = [lines[("t", i)] for i in range(len(tables))]
    assert order == [i + 1 for i, line in enumerate(told) if line == "[[ t ]]"]


def test_a_key_that_is_written_twice_is_named() -> None:
    with pytest.raises(ConfigError) as told:
        parse('state_dir = "/var/lib/gatewayd"\n[web]\nlimit = 1\nlimit = 2\n', environ={})
    assert "line 4: not TOML: 'limit' stands in this table twice" in str(told.value)
