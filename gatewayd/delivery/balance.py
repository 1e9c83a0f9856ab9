"""What a card has left, read from the sentence in which its operator says so. Pure."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from gatewayd.delivery.every import Every

SAID_CHARACTERS_MAX = 500
_SUM = re.compile(r"-?[0-9]+(?:[.,][0-9]{3})*(?:[.,][0-9]*)?")
_AMOUNT = re.compile(r"-?[0-9]+(?:[.,' ][0-9]{3})*(?:[.,][0-9]{1,4})?")


class BalanceSettings(BaseModel):
    """`[modems.balance]`: what to ask the operator by USSD, how often, and how its answer is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ussd: Annotated[str, StringConstraints(pattern=r"^[*#0-9]{2,40}$")]  # "*100#"
    every: Every = 86_400
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None  # its first group is the sum
    warn_below: Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)] | None = None
    wait_s: Annotated[float, Field(ge=5, le=180)] = 60.0  # for the network's answer

    @field_validator("pattern")
    @classmethod
    def _legible(cls, pattern: str | None) -> str | None:
        try:
            found = re.compile(pattern or "()")
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"is no pattern: {error}") from error
        if found.groups < 1:
            raise ValueError('needs a group around the sum, as in "Balance: ([0-9.,]+)"')
        return pattern


def amount(said: str) -> float | None:
    """The first number in it; None: there is none."""
    found = _AMOUNT.search(said[:SAID_CHARACTERS_MAX])
    return number(found[0]) if found else None


def number(told: str) -> float | None:
    """As in "1,234.50", "1.234,50", "12,5": the last separator with other than three digits behind it is the point.

    What ends a sentence is none of it ("7.00."); None for what is no sum ("7.00.26").
    """
    digits = re.sub(r"[ ']", "", told.strip(" .,'\t\r\n"))
    if not _SUM.fullmatch(digits):
        return None
    whole, mark, rest = _split(digits)
    try:
        return float(f"{re.sub('[.,]', '', whole)}.{rest or 0}") if mark else float(re.sub("[.,]", "", digits))
    except ValueError:
        return None


def _split(digits: str) -> tuple[str, str, str]:
    at = max(digits.rfind("."), digits.rfind(","))
    if at < 0:
        return digits, "", ""
    rest, one_mark = digits[at + 1 :], len(set(re.sub("[^.,]", "", digits))) == 1
    if one_mark and (digits.count(digits[at]) > 1 or (len(rest) == 3 and digits[:at].lstrip("-") not in ("", "0"))):
        return digits, "", ""  # it groups thousands
    return digits[:at], digits[at], rest
