"""Settings that the control API and scene files change by name."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any

from hwsim.faults import FaultError


def choice(*words: str) -> Any:
    """A field of a settings dataclass that takes one of these words, the first by default."""
    return field(default=words[0], metadata={"choices": words})


def configure(settings: Any, values: dict[str, Any], what: str = "the network") -> None:
    """Sets fields of a settings dataclass by name, all or none; raises FaultError for an unknown name or a value of
    another type."""
    kinds = {item.name: type(getattr(settings, item.name)) for item in fields(settings)}
    choices = {item.name: item.metadata.get("choices", ()) for item in fields(settings)}
    for name, value in values.items():
        if name not in kinds:
            raise FaultError(f"{what} has no setting {name!r}; there are {', '.join(kinds)}")
        if kinds[name] is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not kinds[name]:
            raise FaultError(f"{name!r} is not a {kinds[name].__name__}: {value!r}")
        if choices.get(name) and value not in choices[name]:
            raise FaultError(f"{name!r} is one of {', '.join(choices[name])}, not {value!r}")
    for name, value in values.items():
        setattr(settings, name, kinds[name](value))
