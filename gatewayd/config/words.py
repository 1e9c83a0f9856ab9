"""What the schema says of a key, in the words of the file. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from pydantic import BaseModel

from gatewayd.config.lines import KeyPath, written
from gatewayd.near import did_you_mean, near

TABLES = (
    "log",
    "dialling",
    "web",
    "delivery",
    "storms",
    "reachability",
    "site_visits",
    "pool",
    "proof_of_life",
    "self_report",
    "heartbeat",
)  # a limit in the wrong one of these is sent to its own
TOP_KEYS = ("state_dir", "socket", "default_policy")  # of no table
SAID_CHARACTERS_MAX = 300
NOT_KEYS = frozenset({"secrets", "warnings"})  # fields of the configuration that nobody writes into the file
_WORDS = {
    "missing": "is missing",
    "string_type": "must be text, in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "takes at most {max_length} characters",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "path_type": "must be a path, in quotes",
    "tuple_type": "must be a list: [...]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "dataclass_type": "must be a table",
    "literal_error": "must be {expected}",
    "too_short": "needs at least {min_length}",
    "too_long": "takes at most {max_length}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "timezone_aware": "must say its zone, as in 2026-12-01T02:00:00Z or 2026-12-01T02:00:00+01:00",
}
_NAME_FORM = "must be a name: at most 40 small letters, digits, '_', '-', '.', and begin with a letter or digit"
_FORMS = {
    "country_code": 'must be digits only, as in "44"',
    "trunk_prefix": 'must be digits only, as in "0"',
    "listen": 'must be an address and a port, as in "127.0.0.1:8480" or "[::1]:8480"',
    "language": 'must be the code of a language, as in "en"',
    "url": "must begin with https:// or http://",
    "at": 'must be a time of day, as in "09:00"',
    "digest": 'must be a time of day, as in "08:30"',
    "imei": "must be 14 to 16 digits",
    "iccid": "must be 18 to 20 digits",
    "look_at": 'must be a path from the root, with * for what differs, as in "/dev/serial/by-id/*"',
    "tls_ca_file": "must be the absolute path of a file",
    "host": 'must be a name or an address, as in "smpp.example", "2001:db8::7"',
    "tls_name": 'must be a name, as in "smpp.north.example"',
    "smsc": 'must be the number of the service centre, as in "+447700900999"',
    "prefix": 'must be how a number begins, as in "+4478", or the id of a pager, without spaces',
    "number": 'must be a number, as in "+447800900123", or the id of a pager, without spaces',
    "numbers": 'must be the numbers of our SIMs, as in { modem1 = "+447700900001" }',
    "ussd": 'must be a code of digits, * and #, as in "*100#"',
    "costs": 'must be how numbers begin, as in { "+33" = 0.11 }',
    "statuses": 'must be a status of the bureau, as in "0x0401"',
}
_NAMED = {"person": "people", "team": "teams", "policy": "policies", "rota": "rotas", "calendar": "calendars"}
_NOT_THERE = re.compile(rf"no ((?:{'|'.join(_NAMED)})(?:(?:, | or )(?:{'|'.join(_NAMED)}))*) '([^']*)'")


def place(fault: Mapping[str, Any]) -> KeyPath:
    """Where pydantic found it; a key that is wrong itself is told with its table."""
    at: KeyPath = tuple(fault["loc"])
    return at[:-2] if at[-1:] == ("[key]",) else at


def echo(fault: Mapping[str, Any], raw: dict[str, Any]) -> bool:
    """A list whose items are all refused counts as empty too; only the items are news."""
    told = value_at(raw, place(fault))
    return fault["type"] == "too_short" and isinstance(told, list) and len(told) >= fault["ctx"]["min_length"]


def sentence(fault: Mapping[str, Any], at: KeyPath, raw: dict[str, Any], root: type[BaseModel]) -> str:
    """`root` is the model of the whole file: where a key is unknown, it tells those that are known."""
    kind, about = fault["type"], fault.get("ctx", {})
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        key = str(at[-1])
        return f"unknown key '{key}'{_elsewhere(key, root, at[:-1]) or did_you_mean(key, known_keys(at[:-1], root))}"
    if kind == "tuple_type" and isinstance(value_at(raw, at), dict):
        return f"must be a list: write [[{written(at)}]] with two brackets on each side"
    if kind == "string_pattern_mismatch":
        key = next((k for k in reversed(at) if isinstance(k, str)), "")
        return _FORMS.get(key, _NAME_FORM)
    if kind == "value_error":
        return str(about.get("error", fault["msg"]))
    words = _WORDS.get(kind)
    if words is None:
        return str(fault["msg"]).replace("Input should be", "must be")
    return words.format(**{name: _bound(bound) for name, bound in about.items()})


def _bound(bound: object) -> object:
    """A number without the digits that nobody wrote; a day, which comes in the words of Python, as in the file."""
    if isinstance(bound, int | float):
        return f"{bound:.12g}"
    day = re.fullmatch(r"datetime\.date\((\d+), (\d+), (\d+)\)", str(bound))
    return "{:04}-{:02}-{:02}".format(*map(int, day.groups())) if day else bound


def brief(said: str) -> str:
    """Nobody needs to read all of what somebody's script put in the wrong place."""
    return said if len(said) <= SAID_CHARACTERS_MAX else f"{said[:SAID_CHARACTERS_MAX]}..."


def near_name(said: str, raw: Mapping[str, Any]) -> str:
    """Of a sentence that a name is not there: the one that may be meant, as it is written there."""
    found = _NOT_THERE.fullmatch(said)
    if not found:
        return ""
    sorts = re.split(", | or ", found[1])
    prefix, _, bare = found[2].rpartition(":")
    meant: dict[str, str] = {}
    for sort in sorts:
        own = sort if len(sorts) > 1 and sort in ("team", "rota") else ""
        tables = raw.get(_NAMED[sort])
        if isinstance(tables, list) and prefix in ("", own):
            names = [table.get("name") for table in tables if isinstance(table, dict)]
            meant |= {name: f"{own}:{name}" if own else name for name in names if isinstance(name, str)}
    close = near(bare, meant, most=1)
    return f"; did you mean '{meant[close[0]]}'?" if close else ""


def value_at(raw: object, at: KeyPath) -> object:
    for key in at:
        try:
            raw = raw[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def known_keys(at: KeyPath, root: type[BaseModel]) -> list[str]:
    """The keys that the table at this path may have."""
    kind: object = root
    for key in at:
        if isinstance(key, str):
            kind = _table_type(_field_types(kind).get(key))
    return [k for k in _field_types(kind) if k not in NOT_KEYS]


def _elsewhere(key: str, root: type[BaseModel], table: KeyPath) -> str:
    """A key of another table: each limit is set in one place only. What follows a [table] belongs to it."""
    if table and key in TOP_KEYS:
        return "; it belongs to the top of the file, before the first [table]"
    tables = [name for name in TABLES if key in known_keys((name,), root)]
    return f"; it belongs to [{tables[0]}]" if tables else ""


def _field_types(kind: object) -> dict[str, object]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return {f.name: f.type for f in fields(kind)}
    return {}


def _table_type(annotation: object) -> object:
    """The model inside `tuple[Model, ...]` or `Model | None`."""
    inner = [_table_type(a) for a in get_args(annotation)]
    return next((i for i in inner if _field_types(i)), annotation)
