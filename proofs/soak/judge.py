"""What the network's ledger says against the books: laws 3, 6 and 8, beside tests/invariants.py."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from proofs.soak.fleet import Fleet

MARK = "(rpt) "
ALONE, PART = 160, 153
PLAIN = frozenset("\n !\"#%&'()*+,-./:;<=>?0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@_$")
ON_THE_AIR = {"sent", "delivered", "unconfirmed"}  # undelivered: a part failed, and is told so
MESSAGES = (
    "SELECT m.recipient, m.text, m.state, m.id, EXISTS (SELECT 1 FROM journal j WHERE j.message_id = m.id"
    " AND j.event = 'message_settled') AS settled FROM message m ORDER BY m.id"
)


def broken(fleet: Fleet) -> list[str]:
    """A sentence for each breach."""
    air = Air(fleet)
    return [*_twice(fleet, air), *_taken(fleet, air), *_without_a_row(fleet, air)]


def parts_of(text: str) -> list[str]:
    """As the network sees them; [] for a text with letters that count otherwise."""
    if not PLAIN.issuperset(text):
        return []
    if len(text) <= ALONE:
        return [text]
    return [text[start : start + PART] for start in range(0, len(text), PART)]


class Air:
    """What the network took of the fleet, as whole texts: parts belong together by sender and reference."""

    def __init__(self, fleet: Fleet) -> None:
        self.times: Counter[str] = Counter()  # parts for each number
        self._groups: dict[tuple[str, int], dict[Any, Counter[tuple[int, str]]]] = defaultdict(dict)
        for entry in fleet.street.ledger.entries:
            if entry["event"] != "accepted" or not entry["modem"]:
                continue
            self.times[entry["to"]] += 1
            concat = entry["concat"] or {"total": 1, "seq": 1, "ref": -1}
            groups = self._groups[entry["to"], concat["total"]]
            groups.setdefault((entry["from"], concat["ref"]), Counter())[concat["seq"], entry["text"]] += 1

    def copies(self, to: str, text: str) -> int:
        parts = list(enumerate(parts_of(text), 1))
        groups = self._groups.get((to, len(parts)), {}).values()
        return sum(min(group[part] for part in parts) for group in groups)


def _twice(fleet: Fleet, air: Air) -> Iterator[str]:
    """Nothing is twice on the air without the mark."""
    meant = Counter((row["recipient"], row["text"]) for row in fleet.rows(MESSAGES) if parts_of(row["text"]))
    for (to, text), times in meant.items():
        if not text.startswith(MARK) and (there := air.copies(to, text)) > times:
            yield f"{text[:60]!r} to {to} was taken {there} times, meant {times} times, without a mark"


def _taken(fleet: Fleet, air: Air) -> Iterator[str]:
    """What is told as sent is there, in one piece, with the mark or without."""
    for row in fleet.rows(MESSAGES):
        to, text = row["recipient"], row["text"]
        if row["state"] not in ON_THE_AIR or row["settled"] or not parts_of(text):
            continue
        if not air.copies(to, text) and not air.copies(to, MARK + text):
            yield f"message {row['id']} ({text[:40]!r}) is {row['state']}, and the network never had all of it"


def _without_a_row(fleet: Fleet, air: Air) -> Iterator[str]:
    """No text went out without its attempt on disk."""
    booked = Counter(row["recipient"] for row in fleet.rows("SELECT recipient FROM attempt"))
    for to, times in air.times.items():
        if times > booked[to]:
            yield f"the network took {times} texts for {to}, and the books know {booked[to]} attempts"
