"""How often something is done, as people write it: "6h", "1d", "90m", or so many seconds. Pure."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_FORM = re.compile(r"([0-9]{1,9}) ?([smhd])")


def seconds(told: Any) -> Any:
    """Of a length in words; a number passes. ValueError, with a sentence, for any other text."""
    if not isinstance(told, str):
        return told
    found = _FORM.fullmatch(told.strip().lower())
    if found is None:
        raise ValueError('must be a length of time, as in "6h", "90m" or "1d"')
    return int(found[1]) * _UNITS[found[2]]


Every = Annotated[int, BeforeValidator(seconds), Field(ge=60, le=31_622_400)]
