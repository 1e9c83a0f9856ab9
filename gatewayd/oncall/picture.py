"""A rota as a picture for the terminal: a line for each week, a mark at each hand-over, and what stands out.

The days of a week are cells of equal width, whatever clocks do in them. `|` begins a duty (a hand-over); the filling
tells why: plain for a turn, marked for an override, for a swap or an absence, and for a gap in which only the fallback
is there. 80 columns are enough; `ascii_only` is for terminals that know nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gatewayd.oncall import civil
from gatewayd.oncall.civil import DAY_NAMES, MONTH_NAMES
from gatewayd.oncall.duty import Source, Span
from gatewayd.oncall.rota import Plan

WIDTH_MIN = 44
LABEL = 8  # "30 Nov  "
LISTED_MAX = 40  # of what stands out, below the picture


@dataclass(frozen=True, slots=True)
class Marks:
    """How things are drawn."""

    edge: str
    back: str  # an edge that is no hand-over: the same person goes on for another reason
    fill: dict[Source, str]


FINE = Marks("│", "┆", {"turn": "─", "next": "╌", "swap": "╌", "override": "═", "fallback": "░"})
PLAIN = Marks("|", ":", {"turn": "-", "next": "~", "swap": "~", "override": "=", "fallback": "."})
LEGEND = (("turn", "turn"), ("swap", "swap or absence"), ("override", "override"), ("fallback", "GAP: fallback"))


def picture(plan: Plan, spans: Sequence[Span], *, width: int = 80, ascii_only: bool = False) -> list[str]:
    """The weeks that the spans touch, no line wider than `width`."""
    if not spans:
        return []
    width = max(width, WIDTH_MIN)
    marks = PLAIN if ascii_only else FINE
    cell = (width - LABEL) // 7
    first, last = civil.day_of(plan.zone, spans[0].since), civil.day_of(plan.zone, spans[-1].until - 1)
    monday = first - civil.weekday(first)
    heading = f"{plan.rota.title or plan.name}, {plan.zone.key}, from {_dated(first)} {date.fromordinal(first).year}"
    if ascii_only:
        heading = heading.encode("ascii", "replace").decode()
    lines = [_cut(heading, width, marks), ""]
    lines.append((" " * LABEL + "".join(name.capitalize().ljust(cell) for name in DAY_NAMES)).rstrip())
    while monday <= last:
        lines.append(_label(monday) + _week(plan, spans, monday, cell, marks))
        monday += 7
    keys = "  ".join(f"{marks.fill[source] * 2} {text}" for source, text in LEGEND)  # type: ignore[index]
    lines += ["", _cut(f"{marks.edge} hand-over  {keys}", width, marks)]
    told = list(_standing_out(plan, spans))
    lines += [_cut(line, width, marks) for line in told[:LISTED_MAX]]
    if len(told) > LISTED_MAX:
        lines.append(f"and {len(told) - LISTED_MAX} more")
    return lines


def _week(plan: Plan, spans: Sequence[Span], monday: int, cell: int, marks: Marks) -> str:
    """One line: what holds at the beginning of each column, and the edge of what begins within it."""
    columns: list[int] = []
    for day in range(monday, monday + 7):
        begin, end = civil.instant(plan.zone, day, 0), civil.instant(plan.zone, day + 1, 0)
        columns += [begin + (end - begin) * n // cell for n in range(cell)]
    columns.append(civil.instant(plan.zone, monday + 7, 0))
    line = [" "] * (len(columns) - 1)
    for number, span in enumerate(spans):
        inside = [n for n in range(len(line)) if columns[n] < span.until and span.since < columns[n + 1]]
        if not inside:
            continue
        start = inside[0]
        handed = number == 0 or spans[number - 1].duty.person != span.duty.person
        line[start : inside[-1] + 1] = marks.fill[span.duty.source] * len(inside)
        begins = columns[start] <= span.since
        if begins:
            line[start] = marks.edge if handed else marks.back
        room = len(inside) - begins
        name = span.duty.person[:room] if room > 1 else ""
        line[start + begins : start + begins + len(name)] = name
    return "".join(line).rstrip()


def _standing_out(plan: Plan, spans: Sequence[Span]) -> Iterator[str]:
    """What is no plain turn, as sentences: gaps first."""
    for urgent in (True, False):
        for span in spans:
            if span.duty.source == "turn" or span.duty.is_gap is not urgent:
                continue
            when = f"{civil.shown(plan.zone, span.since)} - {civil.shown(plan.zone, span.until)}"
            yield f"{'GAP ' if urgent else ''}{when}: {span.duty.person}, {span.duty.why}"


def _dated(ordinal: int) -> str:
    day = date.fromordinal(ordinal)
    return f"{day.day} {MONTH_NAMES[day.month - 1]}"


def _label(monday: int) -> str:
    return _dated(monday).rjust(LABEL - 2).ljust(LABEL)


def _cut(line: str, width: int, marks: Marks) -> str:
    return line if len(line) <= width else line[: width - 2] + ("…" if marks is FINE else "..")
