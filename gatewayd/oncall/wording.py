"""The words that go out. Pure. Everything that a reader must have (code, how to answer) survives any cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from gatewayd import text
from gatewayd.model import Severity

CUT = "..."
_NO_SIGN = {"Cc", "Cs", "Zl", "Zp"}
OTHERS_NAMED_MAX = 3  # a team may have two hundred members


def page(code: str, severity: Severity, service: str, summary: str, *, alerts: int, segments_max: int) -> str:
    """`42 CRITICAL network: edge2 uplink down. Reply ok 42`, in one segment where it can be."""
    more = f" (+{alerts - 1} more)" if alerts > 1 else ""
    return _named(
        f"{code} {severity.upper()} ", _plain(service), _plain(summary), f"{more}. Reply ok {code}", segments_max
    )


def taken(code: str, by: str, summary: str, *, segments_max: int) -> str:
    return _named(f"{code} taken by ", by, _plain(summary), "", segments_max)


def yours(code: str, summary: str, others: Sequence[str], *, segments_max: int) -> str:
    head, body = f"{code} is yours: ", _plain(summary)
    if not others:
        return _fitted(head, body, "", segments_max)
    words = _fitted(head, body, f". {_few(others)} told", segments_max)
    return words if _fits(words, segments_max) else _fitted(head, body, f". {len(others)} told", segments_max)


def cleared(code: str, summary: str, *, by: str, segments_max: int) -> str:
    if by:
        return _named(f"{code} cleared by ", by, _plain(summary), "", segments_max)
    return _fitted(f"{code} cleared: ", _plain(summary), "", segments_max)


def already(code: str, by: str, *, over: bool) -> str:
    """Answer to an `ok` that came after somebody else's, or after the end."""
    return f"{code} is over already" if over else f"{code} is with {by} already"


def unknown_code(codes: Sequence[str]) -> str:
    return f"No incident of yours has code {', '.join(codes)}. Reply ? for the list"


def listing(open_ones: Sequence[tuple[str, str, str]], *, question: str, segments_max: int) -> str:
    """What is open: (code, summary, owner). `question` says what was unclear."""
    if not open_ones:
        return f"{question}Nothing is open for you".strip()
    lines = [f"{code} {_short(summary)}{f' ({owner})' if owner else ''}" for code, summary, owner in open_ones]
    tail = f". Reply ok {open_ones[0][0]}"
    for shown in range(len(lines), 0, -1):
        more = f" +{len(lines) - shown} more" if shown < len(lines) else ""
        words = question + "; ".join(lines[:shown]) + more + tail
        if _fits(words, segments_max):
            return words
    return _fitted(question, lines[0], f" +{len(lines) - 1} more{tail}", segments_max)


def not_understood() -> str:
    return "Not understood. Reply ok CODE to take an incident, ? for the list"


def test_page(person: str, number: int, *, words: bool) -> str:
    """A pager without words shows the first digits alone; no code of an incident begins with 0."""
    head = "" if words else "000 "
    return f"{head}Test page {number} for {person} from gatewayd. No need to act"


def _plain(summary: str) -> str:
    """One line without control characters. What has no width stays: it holds signs together that are read as one."""
    line = " ".join("".join(" " if unicodedata.category(c) in _NO_SIGN else c for c in summary).split()).rstrip(".")
    return line if text.visible(line) else "no summary"


def _short(summary: str) -> str:
    plain = _plain(summary)
    return plain if len(plain) <= 30 else plain[:28].rstrip() + CUT


def _few(names: Sequence[str]) -> str:
    """ "Anna, Ben and Cara", or the first of many and how many more there are."""
    if len(names) > OTHERS_NAMED_MAX + 1:
        names = [*names[:OTHERS_NAMED_MAX], f"{len(names) - OTHERS_NAMED_MAX} others"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _named(head: str, name: str, body: str, tail: str, segments_max: int) -> str:
    """`head name: body tail`. The name is cut as well, when it leaves no room for anything else."""
    if _fits(whole := f"{head}{name}: {body}{tail}", segments_max):
        return whole
    words = _fitted(f"{head}{name}: ", body, tail, segments_max)
    return words if _fits(words, segments_max) else _fitted(head, f"{name}: {body}", tail, segments_max)


def _fitted(head: str, body: str, tail: str, segments_max: int) -> str:
    """The longest head + body + tail within `segments_max`; only the body is ever cut."""
    if _fits(whole := head + body + tail, segments_max):
        return whole
    low, high = 0, len(body)
    while low < high:
        middle = (low + high + 1) // 2
        if _fits(head + body[:middle].rstrip() + CUT + tail, segments_max):
            low = middle
        else:
            high = middle - 1
    return head + body[:low].rstrip() + CUT + tail


def _fits(words: str, segments_max: int) -> bool:
    try:
        text.fit(words, segments_max=segments_max)
    except text.TextError:
        return False
    return True
