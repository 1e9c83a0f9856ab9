"""What the network's ledger says of a text, against what the daemon says of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

MARK = "(rpt) "
FAILED = {"failed", "expired", "undelivered"}


@dataclass(slots=True)
class Verdict:
    """One row of the table. `notes` are sentences of what must not be; `error`: the row could not be played."""

    way: str
    name: str
    texts: int = 0
    taken: int = 0  # texts that the network has, in whichever form
    lost: int = 0
    twice: int = 0
    in_doubt: int = 0
    repeats: int = 0
    copies: int = 0  # marked repeats of what had arrived
    failed: int = 0
    failed_but_taken: int = 0
    healthy_s: float | None = None
    lies: bool = False
    took_s: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def good(self) -> bool:
        if self.error or self.healthy_s is None:
            return False
        return self.lies or not (self.lost or self.twice or self.notes)


def copies(accepted: list[dict[str, Any]]) -> Counter[str]:
    """How often the network has each whole text; the parts of a long one are put together."""
    whole: Counter[str] = Counter()
    parts: dict[tuple[Any, ...], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in accepted:
        concat = entry.get("concat")
        if not concat:
            whole[entry["text"]] += 1
        else:
            key = (entry["from"], entry["to"], concat["ref"], concat["bits"], concat["total"])
            parts[key][concat["seq"]].append(entry["text"])
    for key, found in parts.items():
        if len(found) == key[-1]:
            text = "".join(found[number][0] for number in sorted(found))
            whole[text] += min(len(pieces) for pieces in found.values())
    return whole


def judge(verdict: Verdict, texts: dict[str, dict[str, Any]], accepted: list[dict[str, Any]]) -> None:
    """`texts`: what the daemon says of each text at the end."""
    there = copies(accepted)
    for text, message in texts.items():
        plain, marked, said = there[text], there[MARK + text], message["state"]
        verdict.texts += 1
        verdict.taken += bool(plain or marked)
        verdict.repeats += marked
        verdict.copies += marked if plain else max(0, marked - 1)
        verdict.in_doubt += said == "in_doubt"
        verdict.failed += said in FAILED
        verdict.failed_but_taken += said in {"failed", "expired"} and bool(plain or marked)
        if plain > 1:
            verdict.twice += plain - 1
            verdict.notes.append(f"{text[:30]!r} was sent {plain} times without a mark")
        if not plain and not marked and said not in FAILED | {"in_doubt"}:
            verdict.lost += 1
            verdict.notes.append(f"{text[:30]!r} is {said}, and the network never had it")
