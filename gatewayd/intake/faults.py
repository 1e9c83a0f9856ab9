"""What is wrong with a body, field by field, in words that help whoever wrote it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError


class Fault(NamedTuple):
    """One fault; `field` is a path such as "[3].severity", or "" for the body as a whole."""

    field: str
    message: str


class IntakeError(ValueError):
    """The payload cannot be taken in; nothing was kept. At least one fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{field}: {message}" if field else message for field, message in faults))
        self.faults = faults


def near(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" when one of the known words is close to `word`, or nothing."""
    close = difflib.get_close_matches(word[:100].lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def from_validation(error: ValidationError, model: type[BaseModel]) -> IntakeError:
    """Pydantic's findings as faults; at most 20, so that a list of thousands answers with a page and not a book."""
    found = error.errors(include_url=False, include_context=True)
    faults = [Fault(path(e["loc"]), _sentence(e, model)) for e in found[:20]]
    if len(found) > 20:
        faults.append(Fault("", f"and {len(found) - 20} more"))
    return IntakeError(*faults)


def path(location: Iterable[str | int]) -> str:
    """("to", 1) -> "to[1]"."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _sentence(found: Any, model: type[BaseModel]) -> str:
    kind = found["type"]
    if kind == "extra_forbidden":
        name = str(found["loc"][-1])
        return f"there is no field '{name[:100]}'{near(name, model.model_fields)}"
    if kind == "missing":
        return "is missing"
    if kind == "json_invalid":
        return f"the body is not JSON: {found['ctx']['error']}"
    if kind in {"literal_error", "enum"}:
        given = found["input"]
        allowed = found["ctx"]["expected"]
        words = [word.strip(" '") for word in allowed.replace(" or ", ",").split(",")]
        return f"must be {allowed}{near(given, words) if isinstance(given, str) else ''}"
    if kind == "value_error":
        return str(found["ctx"]["error"])
    message: str = found["msg"]
    return message[:1].lower() + message[1:]
