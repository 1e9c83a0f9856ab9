"""Settings that the control API and scene files change by name."""

from __future__ import annotations

from dataclasses import Field, field, fields
from math import inf
from typing import Any

from hwsim.faults import NUMBER_MAX, FaultError, phone_number, read


def signed(default: float) -> Any:
    """A field of a settings dataclass that may be below 0."""
    return field(default=default, metadata={"signed": True})


def choice(*words: str) -> Any:
    """A field of a settings dataclass that takes one of these words, the first by default."""
    return field(default=words[0], metadata={"choices": words})


def configure(settings: Any, values: dict[str, Any], what: str = "the network") -> None:
    """Sets fields of a settings dataclass by name, all or none; raises FaultError for an unknown name, or a value
    that the field does not take."""
    items = {item.name: item for item in fields(settings)}
    taken: dict[str, Any] = {}
    for name, value in values.items():
        if name not in items:
            raise FaultError(f"{what} has no setting {name!r}; there are {', '.join(items)}")
        taken[name] = _value(items[name], type(getattr(settings, name)), value)
    for name, value in taken.items():
        setattr(settings, name, value)


def _value(item: Field[Any], kind: type, value: Any) -> Any:
    if kind is list and isinstance(value, list):
        entries = item.default_factory() if callable(item.default_factory) else []
        return [_plain(item, type(entries[0]), entry) for entry in value] if entries else list(value)
    value = _plain(item, kind, value)
    choices = item.metadata.get("choices", ())
    if choices and value not in choices:
        raise FaultError(f"{item.name!r} is one of {', '.join(choices)}, not {value!r}")
    return value


def _plain(item: Field[Any], kind: type, value: Any) -> Any:
    """A value of that type; a number that counts or takes time is finite and not below 0."""
    if kind is float and type(value) is int and abs(value) <= NUMBER_MAX:
        value = float(value)
    if type(value) is not kind:
        raise FaultError(f"{item.name!r} is not a {kind.__name__}: {value!r}")
    if isinstance(value, int | float) and not (0 <= value < inf or (item.metadata.get("signed") and -inf < value < 0)):
        raise FaultError(f"{item.name!r} is not a number of at least 0: {value!r}")
    if isinstance(value, int | float) and abs(value) > NUMBER_MAX:
        raise FaultError(f"{item.name!r} is not a number of at most {NUMBER_MAX:.0f}: {value!r}")
    if item.metadata.get("number"):
        read(item.name, phone_number, value)
    if item.metadata.get("above_0") and not value:
        raise FaultError(f"{item.name!r} is not above 0")
    return value
