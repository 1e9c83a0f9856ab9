"""docs/year.md from the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from proofs.year.behaviour import SERVICES, WORLD
from proofs.year.figures import Figures

HEAD = """\
# A year of a team of six

The real desk, store, queue, dispatch, inbox and due rows live through a year in virtual time, and so do two plain
policies: the same seed, so the same faults at the same times, the same networks, and the same people, who sleep,
travel by Tube, go swimming, forget to charge a phone, sleep on after an alarm and answer late. Whether somebody hears
the n-th alarm of a fault on a device does not depend on the policy that made it sound.

    make year                                            # this page
    .venv/bin/python -m proofs.year --seed 7 --days 30   # any other year or month, again exactly the same
    .venv/bin/python -m proofs.year --kind hard          # or "one device"
    .venv/bin/python -m proofs.year --story 12           # with the journal of a fault that took over half an hour

It is a model: its parameters (below) are estimates, chosen before the figures were seen. The figures compare policies
in one world and do not say what will happen in yours. Modems and the bureau are simulated above the AT and TAP level;
for what happens below it, see [fault-matrix.md](fault-matrix.md). Most days are mild: then somebody answers at once
under any policy. What differs is the bad day, and how many are woken.

**What counts**: critical faults that do not clear by themselves within half an hour, from the monitor's report until
somebody's answer is in the books (under "one text", which knows no answer: until somebody decides to act, which is
sooner). An answer after a day, or after the fault had ended, is none. **No text on any screen**: no device of anybody
showed a text about it. **Although a way was open**: for a quarter of an hour of that time there were somebody's
device and what serves it; for gatewayd this must be 0, or the run fails.

* **gatewayd**: at night and at weekends the on-call engineer of a weekly rota (phone 90 s, pager 90 s, second phone),
  after 300 s the backup, then everybody; in working hours everybody at once, by one call of the pagers' group. A hold
  of 120 s for a link that flaps, an inhibition behind the uplink, warnings in the digest of 09:15; defaults for all
  else. It is restarted every 30 days.
* **one text**: an SMS to the phone of whoever is on call, once. Texts wait for a modem; congestion is met with three
  more tries.
* **time only**: the on-call engineer's phone, pager and second phone 90 s apart, after 300 s the backup, after 600 s
  everybody, four rounds; no receipt and no refusal moves anything. It has the same modems and the same rota, every
  alert has its own texts, nothing is held or folded, and an answer is always understood.

{years}
## Parameters
Times end in `_s` (seconds), shares are between 0 and 1, lengths are log-normal about the value.
{parameters}
"""

OF_GROUP = 9  # rows that speak of a group of faults; the others speak of the whole year
TITLES = {"mild": "A year", "hard": "A hard year", "one device": "A year with one device"}
TOLD = {
    "hard": """People hear half of what sounds, leave phones silent and without battery; the networks lose, lie and
refuse, modems and SIMs are away, and the bureau is down every third day.""",
    "one device": """Of the eighteen devices of the team one works, each week another; the other seventeen are dead.
When it is a pager, nobody can answer but at the terminal.""",
}
GROUPS = {
    "all": "All",
    "one at a time": "Single faults, a link that flaps, the uplink",
    "in storms": "In storms",
}

ROWS = (
    "critical faults that stay",
    "acknowledged within 5 min",
    "within 10 min",
    "within 15 min",
    "median",
    "longest",
    "not within a day, or before the end",
    "of those: no text on any screen",
    "of those: although a way was open",
    "pages per person and night",
    "other texts per person and night",
    "most pages of one person in one night",
    "the same page twice within 4 min",
    "one text that the network showed twice",
    "marked repeats within 4 min",
    "texts on screens",
)


def table(lives: list[Figures], rows: tuple[str, ...] = ROWS) -> Iterator[str]:
    yield "| | " + " | ".join(life.way for life in lives) + " |"
    yield "|---" + "|---" * len(lives) + "|"
    columns = [_column(life) for life in lives]
    for place, name in enumerate(rows):
        yield f"| {name} | " + " | ".join(column[place] for column in columns) + " |"


def _column(life: Figures) -> list[str]:
    return [
        str(life.faults),
        *(f"{share:.1%}" for share in life.within.values()),
        f"{life.median_s / 60:.1f} min",
        f"{life.longest_s / 60:.0f} min",
        *map(str, (life.unanswered, life.never_reached, len(life.forgotten))),
        f"{life.night_pages:.2f}",
        f"{life.night_others:.2f}",
        *map(str, (life.worst_night, life.copies, life.copies_of_network, life.marked, life.texts)),
    ]


def _parameters() -> Iterator[str]:
    """Every number of behaviour.py, as it was."""
    yield "\n### Services\n"
    yield "| service | faults a week | critical | clear by themselves | after about |"
    yield "|---|---|---|---|---|"
    for s in SERVICES:
        yield f"| {s.name} | {s.per_week} | {s.critical:.0%} | {s.heals:.0%} | {s.heals_s:.0f} s |"
    for title, kept in (
        ("Groups of faults", WORLD.trouble),
        ("People", WORLD.human),
        ("Radio", WORLD.radio),
        ("Bureau", WORLD.bureau),
    ):
        yield f"\n### {title}\n"
        yield ", ".join(f"`{name}` {_shown(value)}" for name, value in asdict(kept).items()) + "."


def _shown(value: Any) -> str:
    return " to ".join(f"{v:g}" for v in value) if isinstance(value, tuple) else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Played:
    """One year and its lives, by group of faults."""

    seed: int
    days: int
    kind: str
    lives: list[dict[str, Figures]]

    @property
    def title(self) -> str:
        return f"{TITLES[self.kind]}: seed {self.seed}, {self.days} days"


def page(years: Sequence[Played]) -> str:
    """The first of them in full, of the others all faults together."""
    told: list[str] = []
    for place, year in enumerate(years):
        told.append(f"## {year.title}")
        if year.kind in TOLD:
            told.append(TOLD[year.kind])
        for group, title in GROUPS.items():
            if place == 0 and group != "all":
                told.append(f"### {title}")
            if place == 0 or group == "all":
                rows = ROWS if group == "all" else ROWS[:OF_GROUP]
                told.append("\n".join(table([life[group] for life in year.lives], rows)))
    return HEAD.format(years="\n\n".join(told) + "\n", parameters="\n".join(_parameters()))
