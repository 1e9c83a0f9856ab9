"""Message ids of bureaus: opaque, but not always written the same way in the answer and in the receipt.

An id in the answer may be hexadecimal and in the receipt decimal, or the reverse; zeros in front and the case of
letters come and go. A bureau's mode says which of that to expect; the answer's id is kept under one key, and a
receipt's id gives the keys to look for, most likely first. Whoever looks should also compare the recipient.
"""

from __future__ import annotations

import re
from typing import Literal

IdMode = Literal["exact", "strip", "answer-hex", "receipt-hex", "auto"]

_DECIMAL = re.compile(r"[0-9]{1,64}")
_HEX = re.compile(r"(?:0x)?([0-9a-f]{1,64})", re.IGNORECASE)


def stored_key(answer_id: str, mode: IdMode) -> str:
    """Under which key the id of a submit_sm_resp is remembered; "" for no id."""
    return answer_id if mode == "exact" else _folded(answer_id)


def matching_keys(receipt_id: str, mode: IdMode) -> tuple[str, ...]:
    """The keys that the id of a receipt may have been stored under, most likely first; empty for no id.

    "exact": as it is. "strip": without zeros in front and regardless of case. "answer-hex": the answer was
    hexadecimal, the receipt is decimal. "receipt-hex": the reverse. "auto": all of these.
    """
    if mode == "exact":
        keys = [receipt_id]
    elif mode == "strip":
        keys = [_folded(receipt_id)]
    elif mode == "answer-hex":
        keys = [_as_hex(receipt_id), _folded(receipt_id)]
    elif mode == "receipt-hex":
        keys = [_as_decimal(receipt_id), _folded(receipt_id)]
    else:
        keys = [_folded(receipt_id), _as_hex(receipt_id), _as_decimal(receipt_id)]
    return tuple(dict.fromkeys(key for key in keys if key))


def _folded(text: str) -> str:
    """Without quotes, "0x", zeros in front, and case; an id of zeros alone keeps one."""
    bare = text.strip().strip("\"'").casefold()
    bare = bare.removeprefix("0x") if _HEX.fullmatch(bare) else bare
    return bare.lstrip("0") or bare[:1] or text


def _as_hex(text: str) -> str:
    """A decimal id in hexadecimal; "" when it is none."""
    bare = text.strip().strip("\"'")
    return f"{int(bare):x}" if _DECIMAL.fullmatch(bare) else ""


def _as_decimal(text: str) -> str:
    """A hexadecimal id in decimal; "" when it is none."""
    match = _HEX.fullmatch(text.strip().strip("\"'"))
    return str(int(match[1], 16)) if match else ""
