"""docs/fault-matrix.md from the verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from proofs.matrix.judge import Verdict
from proofs.matrix.rows import TEXTS, Way

HEAD = """\
# The fault matrix

Every fault that the simulated street can play ([hw-sim/README.md](../hw-sim/README.md) says what each does), against
the whole daemon: real HTTP, real SQLite, the real protocols on sockets, in virtual time. Under each fault {texts} texts
are posted over some minutes, every second one critical, some of them long; when the fault ends, one more is posted,
the probe; then all is left alone until nothing waits any more. The judge is the network's own ledger of what it took.

Made by `make matrix` (its last section by `make matrix-peers`) on {date}, with {machine}.

* **taken**: texts that the network has. **lost**: the daemon says neither that it failed nor that it is in doubt, and
  the network never had it. **twice**: sent again without the mark "(rpt)". Both are 0, or the row is wrong.
* **in doubt**: nobody could say at the end, and the operator is told so. **repeats**: sent again with the mark after a
  doubt, and taken; **copies**: those of them whose text had arrived.
* **failed**: told as failed, expired or undelivered; of a page that was asked back, that the bureau let it go.
* **healthy**: seconds from the end of the fault until the network has the probe and the channel is up.
* ¹ What the modem or bureau says of a text is false, and nothing shows it; such rows are shown and not judged.
* ² Something else is not as it must be; under the table is what.

Where two faults strike at once, somebody texts us meanwhile, too: a row in which one of these was not heard is wrong.

A fault strikes every text of its time. What is in doubt is sent once more and not again (`repeats_max`), so a fault
that takes everything for long leaves doubts.
"""
TITLES: dict[Way, str] = {
    "modem": "One modem",
    "two modems": "Two modems, the fault at the first",
    "two faults": "One modem, two faults at once",
    "smpp": "A bureau by SMPP",
    "tap": "A bureau by TAP, on a line of its own",
    "dial": "A bureau by TAP, dialled",
}
_COLUMNS = "fault", "taken", "lost", "twice", "in doubt", "repeats", "copies", "failed", "healthy"


def page(verdicts: list[Verdict], machine: str, now: datetime, before: str) -> str:
    """The whole page: new tables for the ways that were played, and what else was there before."""
    text = HEAD.format(texts=TEXTS, date=f"{now:%Y-%m-%d}", machine=machine)
    for title, section in _sections(before).items():
        text = with_section(text, title, section)
    for way, title in TITLES.items():
        if rows := [verdict for verdict in verdicts if verdict.way == way]:
            text = with_section(text, title, "\n".join(_table(rows)))
    return text


def with_section(page: str, title: str, section: str) -> str:
    """The page with the section of that title replaced, or added at its end."""
    sections = _sections(page) | {title: section.strip("\n")}
    head = page.partition("\n## ")[0].rstrip("\n")
    return "\n\n".join([head, *(f"## {title}\n\n{section}" for title, section in sections.items())]) + "\n"


def _sections(page: str) -> dict[str, str]:
    parts = [part.partition("\n") for part in page.split("\n## ")[1:]]
    return {title: section.strip("\n") for title, _, section in parts}


def _loud(count: int) -> str:
    return f"**{count}**" if count else "0"


def _table(verdicts: list[Verdict]) -> Iterator[str]:
    yield "| " + " | ".join(_COLUMNS) + " |"
    yield "|---" * len(_COLUMNS) + "|"
    for verdict in verdicts:
        healthy = "never" if verdict.healthy_s is None else f"{verdict.healthy_s:.0f} s"
        cells = (
            verdict.name + (" ¹" if verdict.lies else " ²" if not verdict.good else ""),
            f"{verdict.taken} of {verdict.texts}",
            *map(_loud, (verdict.lost, verdict.twice)),
            *(verdict.in_doubt, verdict.repeats, verdict.copies, verdict.failed),
            healthy,
        )
        yield "| " + " | ".join(map(str, cells)) + " |"
    judged = [verdict for verdict in verdicts if not verdict.lies]
    texts, taken = sum(v.texts for v in judged), sum(v.taken for v in judged)
    sums = [
        sum(getattr(v, name) for v in judged) for name in ("lost", "twice", "in_doubt", "repeats", "copies", "failed")
    ]
    yield "| " + " | ".join(map(str, ("**all but ¹**", f"{taken} of {texts}", *sums, ""))) + " |"
    for verdict in judged:
        if told := [verdict.error] * bool(verdict.error) or verdict.notes:
            yield f"\n² {verdict.name}: {told[0]}"
