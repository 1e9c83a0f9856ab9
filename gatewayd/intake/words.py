"""Words of monitors made fit to keep: cleaned of what no phone can show, and limited.

Cutting is marked. A report is never refused for being long-winded: the alert matters more than its prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from gatewayd.intake import jsontext
from gatewayd.model import Severity
from gatewayd.text import STEERING, visible

KEY_CHARACTERS_MAX = 255
SERVICE_CHARACTERS_MAX = 80
SUMMARY_CHARACTERS_MAX = 1_000
DETAILS_MAX = 64
DETAIL_NAME_CHARACTERS_MAX = 100
DETAIL_CHARACTERS_MAX = 1_000
DETAILS_CHARACTERS_MAX = 16_000
CUT = " [cut]"

# Everything below space but tab and line feed, DEL, C1, and lone surrogates (JSON can spell them, no disk keeps them).
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLANKS = re.compile(r"\s+")

_SEVERITIES = {
    **dict.fromkeys(
        ("critical", "crit", "page", "emergency", "emerg", "disaster", "fatal", "alert", "p1", "sev1", "down"),
        Severity.CRITICAL,
    ),
    **dict.fromkeys(("error", "err", "high", "major", "severe", "average", "p2", "sev2"), Severity.ERROR),
    **dict.fromkeys(("warning", "warn", "minor", "medium", "moderate", "p3", "sev3"), Severity.WARNING),
    **dict.fromkeys(
        ("info", "information", "informational", "notice", "none", "low", "ok", "debug", "p4", "p5", "sev4", "sev5"),
        Severity.INFO,
    ),
}


def load(body: bytes) -> Any:
    """The JSON of a monitor. Lone surrogates pass and are cleaned later. Raises IntakeError."""
    return jsontext.read(body, forgiving=True)


def clean(text: str, characters_max: int) -> str:
    """Without control characters, surrogates and what turns the writing direction around, trimmed and limited.

    A cut is marked. Nothing at all when a reader would see nothing of it.
    """
    if not text.isprintable():  # nearly all are; the patterns cost ten times as much
        text = STEERING.sub("", _UNFIT.sub(" ", text[: characters_max * 4]))
    text = text.strip()
    if not visible(text):
        return ""
    if len(text) > characters_max:
        return text[: characters_max - len(CUT)] + CUT
    return text


def one_line(text: str, characters_max: int) -> str:
    """As `clean`, with every run of blanks and line ends made one space."""
    if "  " in text or not text.isprintable():
        text = _BLANKS.sub(" ", text[: characters_max * 4])
    return clean(text, characters_max)


def key(text: str) -> str:
    """What identifies a fault at its source. A very long one keeps its beginning and a digest of all of it."""
    plain = text if text.isprintable() else _UNFIT.sub(" ", text)
    if len(plain) <= KEY_CHARACTERS_MAX:
        return plain
    return plain[: KEY_CHARACTERS_MAX - 33] + "~" + sha256(plain.encode()).hexdigest()[:32]


def severity(word: Any) -> Severity:
    """What monitors call it, on our scale; `error` when nothing or something unheard-of is said.

    Somebody routed this alert here, so it must be heard; but an undeclared urgency must not outrank a declared one.
    """
    if not isinstance(word, str):
        return Severity.ERROR
    return _SEVERITIES.get(word.strip().lower(), Severity.ERROR)


def details(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Names and values as text, limited in number and size; what was left out is counted under "details_cut"."""
    kept: dict[str, str] = {}
    room, left_out = DETAILS_CHARACTERS_MAX, 0
    for name, value in pairs:
        if value is None or value == "":
            continue
        name = one_line(str(name), DETAIL_NAME_CHARACTERS_MAX)
        text = clean(spoken(value), DETAIL_CHARACTERS_MAX)
        if len(kept) >= DETAILS_MAX or len(name) + len(text) > room:
            left_out += 1
            continue
        room -= len(name) + len(text)
        kept[name] = text
    if left_out:
        kept["details_cut"] = f"{left_out} more"
    return kept


def spoken(value: Any) -> str:
    """Any JSON value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return "(nested too deep to show)"


def moment(text: Any) -> int | None:
    """RFC 3339 as microseconds UTC; None for the zero time of Go, for no time and for nonsense."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return microseconds(at) if at.tzinfo else None


def microseconds(at: datetime) -> int | None:
    """Since 1970 UTC; None for a time before that."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds if since.days >= 0 else None
