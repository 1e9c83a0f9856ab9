"""Two machines must not text each other for ever: what comes back of our own words, and how many answers are given."""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.store import journal
from gatewayd.store import replies as said
from gatewayd.store.db import Tx

ANSWERS_MAX = 6  # to one person within ANSWERS_US
ANSWERS_US = 900 * SECOND
OURS_US = 24 * 3600 * SECOND  # a page may be sent back this late
OURS_MAX = 20


def own_texts(tx: Tx, desk: Desk, person: str, *, now: int) -> list[str]:
    """What was sent to this person, or to a group of theirs, of late; the longest first."""
    names = desk.directory.addressed_with(person)
    texts = [t for name in names for t in said.texts_to(tx, name, since=now - OURS_US, limit=OURS_MAX)]
    return sorted(dict.fromkeys(texts), key=len, reverse=True)


def may_answer(tx: Tx, person: str, text: str, ours: Sequence[str], *, now: int) -> bool:
    """Not to our own words, and only so often. What changes an incident is answered in any case."""
    return text not in ours and said.answers_to(tx, person, since=now - ANSWERS_US) < ANSWERS_MAX


def withheld(tx: Tx, person: str, reason: str, *, now: int) -> None:
    journal.write(tx, "answer_withheld", now=now, reason=reason, private={"person": person})
