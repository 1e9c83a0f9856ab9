"""docs/configuration.md has every key of the configuration, and what counts where it is not there."""

from __future__ import annotations

import enum
import re
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from gatewayd.config.file import Config

PAGE = Path("docs/configuration.md").read_text()
NOT_OF_THE_FILE = {"secrets", "warnings", "policies.but", "policies.teams"}
SECTIONS = {
    (re.sub(r"[`\[\]]", "", part.partition("\n")[0]) if part.startswith("`") else ""): part
    for part in PAGE.split("\n## ")[1:]
}


def tables(kind: object) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in typing.get_args(kind):
        yield from tables(inner)


def keys(table: type[BaseModel], path: str = "", known: tuple[type, ...] = ()) -> Iterator[tuple[str, str, object]]:
    """(section, key, what counts without it) of every key that is not itself a table."""
    for name, field in table.model_fields.items():
        there = f"{path}.{name}".lstrip(".")
        inner = next(tables(field.annotation), None)
        if there in NOT_OF_THE_FILE or name == "dialling":
            continue
        if inner is None:
            yield path, name, ... if field.is_required() else field.default
        elif inner not in known:
            yield from keys(inner, there, (*known, inner))


KEYS = [*keys(Config)]


def row(section: str, key: str) -> str:
    """The second column."""
    found = re.search(rf"^\| `{key}` \| (.*?) \| \S.* \|$", SECTIONS[section], re.M)
    assert found is not None, f"docs/configuration.md, {section or 'top'}: no row for {key}"
    return found[1]


def test_every_key_has_its_row_and_a_plain_default_is_true() -> None:
    for section, key, default in KEYS:
        if section == "inhibitions.of":
            section = "inhibitions.by"
        said = row(section, key)
        if default is ... and section not in {"tap"}:
            assert said == "**required**", (section, key)
        default = default.value if isinstance(default, enum.Enum) else default
        if isinstance(default, bool):
            assert said == f"`{str(default).lower()}`", (section, key)
        elif isinstance(default, int | float):
            assert float(said.strip("`")) == default, (section, key)
        elif isinstance(default, str):
            assert said == (f'`"{default}"`' if default else "-"), (section, key)


@pytest.mark.parametrize("section", [name for name in SECTIONS if name != "dialling"])
def test_no_row_speaks_of_a_key_that_is_not_there(section: str) -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", SECTIONS[section], re.M))
    assert told == {key for where, key, _ in KEYS if where == section}
