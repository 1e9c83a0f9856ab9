"""The words that go out; answers to replies are in `answers`. Pure.

Everything that a reader must have (code, how to answer) survives any cut.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from gatewayd import text
from gatewayd.model import Severity

CUT = "..."
_NO_SIGN = {"Cc", "Cs", "Zl", "Zp"}


def page(
    code: str, severity: Severity, service: str, summary: str, *, alerts: int, segments_max: int, drill: bool = False
) -> str:
    """`42 CRITICAL network: edge2 uplink down. Reply ok 42`, in one segment where it can be."""
    mark = "DRILL " if drill else ""
    more = f" (+{alerts - 1} more)" if alerts > 1 else ""
    return named(
        f"{mark}{code} {severity.upper()} ", plain(service), plain(summary), f"{more}. Reply ok {code}", segments_max
    )


def taken(code: str, by: str, summary: str, *, segments_max: int) -> str:
    return named(f"{code} taken by ", by, plain(summary), "", segments_max)


def cleared(code: str, summary: str, *, by: str, segments_max: int) -> str:
    if by:
        return named(f"{code} cleared by ", by, plain(summary), "", segments_max)
    return fitted(f"{code} cleared: ", plain(summary), "", segments_max)


def digest(open_ones: Sequence[tuple[str, str]], *, segments_max: int) -> str:
    """What is there in the morning and woke nobody: (code, summary)."""
    head = f"{len(open_ones)} open: " if len(open_ones) > 1 else "Open: "
    lines = [f"{code} {_begun(summary)}" for code, summary in open_ones]
    for shown in range(len(lines), 0, -1):
        more = f" +{len(lines) - shown} more, reply ?" if shown < len(lines) else f". Reply ok {open_ones[0][0]}"
        if fits(words := head + "; ".join(lines[:shown]) + more, segments_max):
            return words
    return fitted(head, lines[0], f" +{len(lines) - 1} more, reply ?", segments_max)


def _begun(summary: str) -> str:
    words = plain(summary)
    return words if len(words) <= 30 else words[:28].rstrip() + CUT


def test_page(person: str, number: int, *, words: bool) -> str:
    """A pager without words shows the first digits alone; no code of an incident begins with 0."""
    head = "" if words else "000 "
    return f"{head}Test page {number} for {person} from gatewayd. No need to act"


def plain(summary: str) -> str:
    """One line without control characters. What has no width stays: it holds signs together that are read as one."""
    line = " ".join("".join(" " if unicodedata.category(c) in _NO_SIGN else c for c in summary).split()).rstrip(".")
    return line if text.visible(line) else "no summary"


def named(head: str, name: str, body: str, tail: str, segments_max: int) -> str:
    """`head name: body tail`. The name is cut as well, when it leaves no room for anything else."""
    if fits(whole := f"{head}{name}: {body}{tail}", segments_max):
        return whole
    words = fitted(f"{head}{name}: ", body, tail, segments_max)
    return words if fits(words, segments_max) else fitted(head, f"{name}: {body}", tail, segments_max)


def fitted(head: str, body: str, tail: str, segments_max: int) -> str:
    """The longest head + body + tail within `segments_max`; only the body is ever cut."""
    if fits(whole := head + body + tail, segments_max):
        return whole
    low, high = 0, len(body)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(head + body[:middle].rstrip() + CUT + tail, segments_max):
            low = middle
        else:
            high = middle - 1
    return head + body[:low].rstrip() + CUT + tail


def fits(words: str, segments_max: int) -> bool:
    """Whether it can be sent, in that many segments."""
    try:
        text.fit(words, segments_max=segments_max)
    except text.TextError:
        return False
    return True
