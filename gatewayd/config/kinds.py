"""Values of another kind than their key wants, which would be taken all the same: `true` for 1, "5" for 5, 1 for true.

TOML tells them apart, so whoever wrote one of them meant something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from gatewayd.config.lines import KeyPath

_DIGITS = re.compile(r"\s*[+-]?[0-9_]*\.?[0-9_]+([eE][+-]?[0-9]+)?\s*")
_NUMBERS = {"integer", "number"}

Schema = dict[str, Any]


def misfits(raw: dict[str, Any], model: type[BaseModel]) -> Iterator[tuple[KeyPath, str]]:
    """Their places and what they must be, whatever else is wrong with the file."""
    schema = _schema(model)
    yield from _amiss(raw, [schema], schema.get("$defs", {}), ())


_schema = cache(lambda model: model.model_json_schema())


def _amiss(raw: object, schemas: list[Schema], known: Schema, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """`schemas`: what may stand here, one of them."""
    here = [one for schema in schemas for one in _alternatives(schema, known)]
    if isinstance(raw, dict):
        for key, value in raw.items():
            inner = [s for one in here if isinstance(s := _property(one, key), dict)]
            yield from _amiss(value, inner, known, (*at, key))
    elif isinstance(raw, list):
        inner = [one["items"] for one in here if isinstance(one.get("items"), dict)]
        for i, value in enumerate(raw):
            yield from _amiss(value, inner, known, (*at, i))
    elif said := _said(raw, {one.get("type", "any") for one in here} - {"null"}):
        yield at, said


def _alternatives(schema: Schema, known: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _alternatives(known[schema["$ref"].rpartition("/")[2]], known)
    elif several := schema.get("anyOf") or schema.get("oneOf"):
        for one in several:
            yield from _alternatives(one, known)
    else:
        yield schema


def _property(schema: Schema, key: str) -> object:
    return schema.get("properties", {}).get(key) or schema.get("additionalProperties")


def _said(raw: object, kinds: set[str]) -> str | None:
    if kinds == {"boolean"}:
        return None if isinstance(raw, bool) else "must be true or false, without quotes"
    if not kinds or not kinds <= _NUMBERS:
        return None
    if isinstance(raw, bool):
        return "must be a number, not true or false"
    return "must be a number, without quotes" if isinstance(raw, str) and _DIGITS.fullmatch(raw) else None
