"""JSON as it comes in (RFC 8259): one reader for every door, so that what is refused is refused alike, in plain words.

What two readers could take for two things is no JSON to us: a name that is twice in one object, UTF-16, NaN.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from gatewayd.intake.faults import FAULTS_TOLD_MAX, Fault, IntakeError, path

DIGITS_MAX = 310  # a whole number of more digits is beyond what other programs can hold
PLACES_MAX = 100_000  # looked at to tell where the fault is

_BOM = b"\xef\xbb\xbf"
_SPELT_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF = "half a sign (a lone surrogate) stands in it"

# What the standard library says, in words for whoever wrote the body.
_SAID = {
    "Expecting value": "a value is expected",
    "Expecting ',' delimiter": "a ',' is expected",
    "Expecting ':' delimiter": "a ':' is expected",
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected",
    "Unterminated string starting at": "a text begins and does not end",
    "Invalid control character at": "a bare control character stands in a text",
    "Invalid \\escape": "there is no such escape",
    "Invalid \\uXXXX escape": "four hexadecimal digits belong to \\u",
    "Extra data": "something follows its end",
}


class _NumberError(ValueError):
    """A number that cannot be kept; the message says which."""


class _Twice(dict[str, Any]):
    """An object with names that are there twice."""

    names: tuple[str, ...] = ()


def read(body: bytes, *, forgiving: bool = False) -> Any:
    """The value; a BOM at the start is stepped over. Raises IntakeError with every place that is wrong.

    `forgiving` lets lone surrogates through, because some monitors cut their texts in the middle of a sign; whoever
    asks for that cleans them away.
    """
    twice: list[_Twice] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) == len(pairs):
            return table
        doubtful = _Twice(table)
        doubtful.names = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        twice.append(doubtful)
        return doubtful

    decoder = json.JSONDecoder(object_pairs_hook=made, parse_float=_float, parse_int=_int, parse_constant=_constant)
    value = _decoded(decoder, _text(body))
    if twice:
        name = twice[0].names[0]
        raise _faulty(_names_twice(value), f"'{name[:100]}' is there twice in one object")
    if not forgiving and _SPELT_SURROGATE.search(body) and not _whole(value):
        raise _faulty(_surrogates(value), _HALF)
    return value


def _text(body: bytes) -> str:
    encoding = json.detect_encoding(body)
    if not encoding.startswith("utf-8"):
        raise _no_json(f"it is in {encoding[:6].upper()}, and JSON is sent in UTF-8")
    try:
        return body.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        octet = body.removeprefix(_BOM)[error.start]
        raise _no_json(f"octet 0x{octet:02X} at position {error.start} is not UTF-8") from None


def _decoded(decoder: json.JSONDecoder, text: str) -> Any:
    if not text.strip(" \t\r\n"):
        raise _no_json("it is empty")
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        said = _SAID.get(error.msg, error.msg[:1].lower() + error.msg[1:])
        raise _no_json(f"{said} (line {error.lineno}, column {error.colno})") from None
    except _NumberError as error:
        raise _no_json(str(error)) from None
    except RecursionError:
        raise _no_json("it is nested too deeply") from None


def _no_json(why: str) -> IntakeError:
    return IntakeError(Fault("", f"the body is not JSON: {why}"))


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _NumberError(f"the number {digits[:20]} is too large")
    return number


def _int(digits: str) -> int:
    if len(digits) > DIGITS_MAX:
        raise _NumberError(f"the number {digits[:20]}... has {len(digits)} digits")
    return int(digits)


def _constant(name: str) -> float:
    raise _NumberError(f"there is no number {name}")


def _faulty(found: Iterator[Fault], otherwise: str) -> IntakeError:
    faults = list(islice(found, FAULTS_TOLD_MAX))
    return IntakeError(*faults or [Fault("", otherwise)])


def _names_twice(value: Any) -> Iterator[Fault]:
    for at, one in _places(value):
        if isinstance(one, _Twice):
            for name in one.names:
                yield Fault(_way((at, name)), f"'{name[:100]}' is there twice")


def _whole(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    except RecursionError:
        raise _no_json("it is nested too deeply") from None
    return True


def _surrogates(value: Any) -> Iterator[Fault]:
    for at, one in _places(value):
        if isinstance(one, str) and _SURROGATE.search(one):
            yield Fault(_way(at), _HALF)
        elif isinstance(one, dict):
            yield from (Fault(_way((at, name)), f"its name: {_HALF}") for name in one if _SURROGATE.search(name))


_Place = tuple["_Place", str | int] | None  # where one is: the place around it, and the step from there


def _places(value: Any) -> Iterator[tuple[_Place, Any]]:
    """The first PLACES_MAX values with their places, in the order of the body. No recursion: its depth is theirs."""
    waiting: list[tuple[_Place, Any]] = [(None, value)]
    for _ in range(PLACES_MAX):
        if not waiting:
            return
        at, one = waiting.pop()
        yield at, one
        if isinstance(one, dict):
            waiting += [((at, name), inner) for name, inner in reversed(one.items())]
        elif isinstance(one, list):
            waiting += [((at, i), one[i]) for i in reversed(range(len(one)))]


def _way(at: _Place) -> str:
    steps: list[str | int] = []
    while at is not None:
        at, step = at
        steps.append(step)
    return path(reversed(steps))
