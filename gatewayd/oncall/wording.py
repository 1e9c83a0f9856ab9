"""The words that go out; answers to replies are in `answers`. Pure.

Everything that a reader must have (code, how to answer) survives any cut.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from gatewayd import text
from gatewayd.model import Severity
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.own_summaries import read_in
from gatewayd.oncall.page_words import how_bad, words_of

CUT = "..."
_NO_SIGN = {"Cc", "Cs", "Zl", "Zp"}


def page(
    code: str, severity: Severity, service: str, summary: str, *, alerts: int, segments_max: int,
    drill: bool = False, again: bool = False, language: str = ENGLISH, host: str = "",
) -> str:  # fmt: skip
    """`42 CRITICAL network: edge2 uplink down. Reply ok 42`, in one segment where it can be. `again`: it was paged to
    the same person before. `host`: what the service and the summary do not say of where it is, `42 CRITICAL db db1:`"""
    words = words_of(language)
    mark = f"{words.drill} " if drill else ""
    tail = and_more(alerts - 1, language) + (words.again if again else "")
    tail += words.reply.format(code=code)
    head = f"{mark}{code} {how_bad(severity, language)} "
    name = f"{plain(service)} {host}" if host else plain(service)
    return named(head, name, about(summary, language), tail, segments_max)


def taken(code: str, by: str, summary: str, language: str = ENGLISH, *, segments_max: int) -> str:
    return named(words_of(language).taken.format(code=code), by, about(summary, language), "", segments_max)


def joined(
    code: str, severity: Severity, summary: str, language: str = ENGLISH, *, alerts: int, still: bool = False,
    host: str = "", segments_max: int,
) -> str:  # fmt: skip
    """To whoever has taken it: `10 also CRITICAL: core router on fire (+3 more)`. `alerts`: new ones, with this.

    `still`: what they knew of is over, and of what fires besides they had only read the number. `host`: where this one
    is, if there is room: `10 also CRITICAL db1: disk full`.
    """
    words = words_of(language)
    frame, bad = words.still if still else words.joined, how_bad(severity, language)
    body, tail = about(summary, language), and_more(alerts - 1, language)
    bare = fitted(frame.format(code=code, severity=bad), body, tail, segments_max)
    if not host:
        return bare
    named_at = frame.format(code=code, severity=f"{bad} {host}") + body + tail
    return named_at if fits(named_at, _segments(bare, segments_max)) else bare


def and_more(others: int, language: str = ENGLISH) -> str:
    """How many others fire: ` (+3 more)`; nothing, when there are none."""
    return words_of(language).more.format(n=others) if others > 0 else ""


def back(code: str, summary: str, language: str = ENGLISH, *, segments_max: int) -> str:
    """To whoever had taken it: `10 is open again, nobody has closed it: core router on fire`."""
    return fitted(words_of(language).back.format(code=code), about(summary, language), "", segments_max)


def cleared(code: str, summary: str, language: str = ENGLISH, *, by: str, segments_max: int) -> str:
    words = words_of(language)
    if by:
        return named(words.cleared_by.format(code=code), by, about(summary, language), "", segments_max)
    return fitted(words.cleared.format(code=code), about(summary, language), "", segments_max)


def digest(
    open_ones: Sequence[tuple[str, str]], language: str = ENGLISH, *, hosts: Sequence[str] = (), segments_max: int
) -> str:
    """What is there in the morning and woke nobody: (code, summary). `hosts`: where the first of them are, as far as
    there is room."""
    said = words_of(language)
    head = said.open.format(n=len(open_ones)) if len(open_ones) > 1 else said.open_one
    reply = said.reply.format(code=open_ones[0][0])

    def line(entry: tuple[str, str], host: str = "") -> str:
        return f"{entry[0]} {at(host)}{_begun(entry[1], language)}"

    def whole(shown: Sequence[str]) -> str:
        more = said.further.format(n=len(lines) - len(shown)) if len(shown) < len(lines) else reply
        return head + "; ".join(shown) + more

    lines = [*map(line, open_ones)]
    if told := listed(whole, lines, [*map(line, open_ones, hosts)], segments_max):
        return told
    tail = said.further.format(n=len(lines) - 1) if len(lines) > 1 else reply
    return fitted(head, lines[0], tail, segments_max)


def _begun(summary: str, language: str) -> str:
    words = about(summary, language)
    return words if len(words) <= 30 else words[:28].rstrip() + CUT


def test_page(person: str, number: int, language: str = ENGLISH, *, words: bool) -> str:
    """A pager without words shows the first digits alone; no code of an incident begins with 0."""
    head = "" if words else "000 "
    return head + words_of(language).test.format(n=number, name=person)


def about(summary: str, language: str) -> str:
    """A summary as it is told: on one line, and what the house says itself in the language of who reads it."""
    return read_in(plain(summary), language)


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


def at(host: str) -> str:
    """Before a summary in a list: `db1: `."""
    return f"{host}: " if host else ""


def listed(
    whole: Callable[[Sequence[str]], str], lines: Sequence[str], named_at: Sequence[str], segments_max: int
) -> str:
    """`whole` of as many lines as there is room for, and of those as many as need no more segments for it as in
    `named_at`, which has the names of machines. "": there is room for none."""
    for shown in range(len(lines), 0, -1):
        if fits(bare := whole(lines[:shown]), segments_max):
            segments = _segments(bare, segments_max)
            names = range(min(shown, len(named_at)), 0, -1)
            found = (whole([*named_at[:n], *lines[n:shown]]) for n in names)
            return next((words for words in found if fits(words, segments)), bare)
    return ""


def _segments(words: str, segments_max: int) -> int:
    return next((n for n in range(1, segments_max) if fits(words, n)), segments_max)


def fits(words: str, segments_max: int) -> bool:
    """Whether it can be sent, in that many segments."""
    try:
        text.fit(words, segments_max=segments_max)
    except text.TextError:
        return False
    return True
