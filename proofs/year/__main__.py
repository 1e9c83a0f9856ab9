"""`python -m proofs.year [--seed N] [--days D]`: a year of a team, by gatewayd and by two plain policies.

Status 1: a critical fault reached nobody though somebody could be reached, or the books are not in order.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from proofs.year import behaviour
from proofs.year.figures import Figures, figures
from proofs.year.lives import Life, by_gatewayd, by_plain
from proofs.year.page import GROUPS, Played, page, table

PAGE = Path("docs/year.md")
PROCESSES = 2
KINDS: dict[str, tuple[str, ...]] = {"one at a time": ("alone", "flapping", "uplink"), "in storms": ("storm",)}
WRITTEN = ((1, "mild"), (2, "mild"), (1, "hard"), (1, "one device"))  # seed, kind


@dataclass(frozen=True, slots=True)
class Told:
    """A life, as it comes back from its process."""

    figures: dict[str, Figures]
    stories: dict[int, list[str]]
    broken: list[str]
    took_s: float


def tell(asked: tuple[str, int, int, str]) -> Told:
    way, seed, days, kind = asked
    behaviour.choose(kind)
    plays: dict[str, Callable[[], Life]] = {
        "gatewayd": partial(by_gatewayd, seed, days),
        "one text": partial(by_plain, "one text", seed, days),
        "time only": partial(by_plain, "time only", seed, days),
    }
    life = plays[way]()
    found = {group: figures(life, kinds=KINDS.get(group, ())) for group in GROUPS}
    return Told(found, life.stories, life.broken, life.took_s)


def year(seed: int, days: int, *, kind: str, story: int = 0) -> tuple[Played, list[str]]:
    """Played by all three, and told on the terminal. Returns what is wrong as well."""
    asked = [(way, seed, days, kind) for way in ("gatewayd", "one text", "time only")]
    with get_context("fork").Pool(PROCESSES, maxtasksperchild=1) as pool:
        lives = pool.map(tell, asked, chunksize=1)
    ours, all_of_it = lives[0], lives[0].figures["all"]
    played = Played(seed, days, kind, [life.figures for life in lives])
    print(played.title)
    for group, title in GROUPS.items():
        print(f"{title}:", *table([life.figures[group] for life in lives]), sep="\n")
    for number, lines in sorted(ours.stories.items()):
        way = "though a way was open all the time" if number in all_of_it.slow else "with no way to anybody for a while"
        print(f"fault {number} took over half an hour, {way}")
        if number == story:
            print(*lines, sep="\n")
    wrong = [*ours.broken, *(f"fault {n} reached nobody though a way was open" for n in all_of_it.forgotten)]
    print(*wrong, f"{sum(life.took_s for life in lives):.0f} s: {len(wrong)} wrong", sep="\n", flush=True)
    return played, wrong


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--kind", choices=("mild", "hard", "one device"), default="mild")
    parser.add_argument("--story", type=int, default=0, metavar="FAULT", help="show the journal of a slow one")
    parser.add_argument("--write", action="store_true", help=f"play the years of {PAGE} and write it")
    args = parser.parse_args(argv)
    if not args.write:
        return 1 if year(args.seed, args.days, kind=args.kind, story=args.story)[1] else 0
    played = [year(seed, args.days, kind=kind) for seed, kind in WRITTEN]
    PAGE.write_text(page([one for one, _ in played]))
    return 1 if any(wrong for _, wrong in played) else 0


if __name__ == "__main__":
    sys.exit(main())
