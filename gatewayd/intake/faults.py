"""What is wrong with a body, field by field, in words that help whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from gatewayd.near import did_you_mean

FAULTS_TOLD_MAX = 20
STEPS_TOLD_MAX = 12
TIME_FORM = "must be a time, as in 2026-05-01T02:03:04Z"


class Fault(NamedTuple):
    """One fault; `field` is a path such as "[3].severity", or "" for the body as a whole."""

    field: str
    message: str


class IntakeError(ValueError):
    """The payload cannot be taken in; nothing was kept. At least one fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{field}: {message}" if field else message for field, message in faults))
        self.faults = faults


def from_validation(error: ValidationError, model: type[BaseModel]) -> IntakeError:
    """Pydantic's findings as faults, not too many: a list of thousands is answered with a page and not a book."""
    found = error.errors(include_url=False, include_context=True)
    return told(Fault(path(e["loc"]), _sentence(e, model)) for e in found)


def told(faults: Iterable[Fault]) -> IntakeError:
    """The first FAULTS_TOLD_MAX of them, and how many more there are."""
    every = list(faults)
    more = len(every) - FAULTS_TOLD_MAX
    return IntakeError(*every[:FAULTS_TOLD_MAX], *([Fault("", f"and {more} more")] if more > 0 else []))


def path(location: Iterable[str | int]) -> str:
    """("to", 1) -> "to[1]". What is very long or very deep is cut: its sender knows it anyhow."""
    steps = list(location)
    text = ""
    for step in steps[:STEPS_TOLD_MAX]:
        text += f"[{step}]" if isinstance(step, int) else f".{step[:100]}" if text else step[:100]
    return text + "..." if len(steps) > STEPS_TOLD_MAX else text


def _sentence(found: Any, model: type[BaseModel]) -> str:
    kind, about = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(found["loc"][-1])
        return f"there is no field '{name[:100]}'{did_you_mean(name, model.model_fields)}"
    if kind in {"literal_error", "enum"}:
        given = found["input"]
        allowed = about["expected"]
        words = [word.strip(" '") for word in allowed.replace(" or ", ",").split(",")]
        return f"must be {allowed}{did_you_mean(given, words) if isinstance(given, str) else ''}"
    if kind == "value_error":
        return str(about["error"])
    if kind == "string_pattern_mismatch":
        return _FORMS.get(next((step for step in reversed(found["loc"]) if isinstance(step, str)), ""), _NAME_FORM)
    if kind == "string_too_long":
        return f"has {len(found['input'])} characters, at most {about['max_length']} are allowed"
    if said := _WORDS.get(kind):
        return said.format(**about)
    return str(found["msg"]).replace("Input should be", "must be")


_WORDS = {
    "missing": "is missing",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number, and not as long as that",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "list_type": "must be a list",
    "too_short": "must not be empty",
    "too_long": "has {actual_length} entries, at most {max_length} are allowed",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "datetime_parsing": TIME_FORM,
    "datetime_from_date_parsing": TIME_FORM,
    "timezone_aware": "lacks its zone; write 2026-05-01T02:03:04Z or 2026-05-01T02:03:04+02:00",
}
_NAME_FORM = "must be a name: at most 40 small letters, digits, '_', '-', '.', and begin with a letter or digit"
_FORMS = {
    "prefixes": "must be the beginning of a number: digits, with or without '+', as in '+4477'",
    "path": "must be an absolute path: begin with '/'",
}
