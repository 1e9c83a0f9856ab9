"""Asking: what agreements by text have in common: the code for who asks, what bounds all of it, the words.

Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from secrets import randbelow
from typing import Any, Final

from gatewayd.clock import SECOND
from gatewayd.model import Priority
from gatewayd.notices import Notices
from gatewayd.oncall import asked_words, hushed
from gatewayd.oncall.directory import Directory
from gatewayd.roster import Roster
from gatewayd.store import asked_duty as kept
from gatewayd.store import hand_overs, journal, succession, waiting
from gatewayd.store.db import Row, Tx

ECHO_US = 600 * SECOND  # for the code to come back
CONSENT_US = 900 * SECOND  # for each of those who have to agree
TOLD_US = 3_600 * SECOND  # later than this it is no news
OPEN_MAX = 3  # of one person's asking
TOO_MANY = "too many wrong codes"
LOCKED_US = 3_600 * SECOND  # after so many, nothing can be asked in their name for so long


def four_digits() -> int:
    return 1_000 + randbelow(9_000)


class Asking:
    """Built anew at each reload; owns nothing but its settings."""

    NOTICE: Final = "hand_over"  # the kind of its texts

    def __init__(
        self, directory: Directory, roster: Roster, notices: Notices, *, draw: Callable[[], int] = four_digits
    ) -> None:
        self._directory = directory
        self.roster = roster
        self._notices = notices
        self._draw = draw

    def called(self, name: str) -> str:
        known = self._directory.person(name)
        return known.called if known else name

    def language(self, person: str) -> str:
        known = self._directory.person(person)
        return known.language if known else "en"

    def title(self, rota: str) -> str:
        known = self.roster.plans.get(rota)
        return (known.rota.title if known else "") or rota

    def silenced_now(self, tx: Tx, words: str, person: str, rotas: Collection[str], *, now: int) -> str:
        """What stands behind `words` to whoever takes these rotas: what is kept back now of their services."""
        silences = waiting.silences(tx, now=now)
        plan = next((self.roster.plans[name] for name in rotas if name in self.roster.plans), None)
        kept_back = hushed.of(self._directory, silences, rotas, now=now)
        return hushed.told(words, kept_back, plan.zone, self.language(person)) if plan else ""

    def goes_over(self, tx: Tx, rota: str, outgoing: str, incoming: str, *, now: int) -> list[str]:
        """The duty has changed hands: what is open is the incoming one's as well, and what pages by it pages them.

        Returns the codes of what is open.
        """
        succession.look_again(tx, rota, now=now)
        return succession.told(tx, rota, outgoing, incoming, now=now)

    def _handed(
        self, tx: Tx, rota: str, outgoing: str, incoming: str, why: str, *, change: int | None, now: int
    ) -> list[str]:  # fmt: skip
        """It changes hands at this instant, and both sides are told by the one who calls. Returns what is open."""
        hand_overs.now_with(tx, rota, incoming, now=now)
        journal.write(
            tx, "hand_over", now=now, rota=rota, change=change,
            private={"outgoing": outgoing, "incoming": incoming, "why": why},
        )  # fmt: skip
        return self.goes_over(tx, rota, outgoing, incoming, now=now)

    def _refused_to(self, tx: Tx, asker: str, *, now: int) -> str:
        """Why nothing can be asked in their name now; "" = it can be."""
        if kept.guessed(tx, asker, TOO_MANY, since=now - LOCKED_US):
            return asked_words.said("too_many", self.language(asker))
        return asked_words.said("too_much", self.language(asker)) if kept.open_count(tx, asker) >= OPEN_MAX else ""

    def _code(self, tx: Tx, *, now: int) -> str | None:
        """None: all of them are in use."""
        return kept.take_code(tx, self._draw(), now=now)

    def _end(
        self, tx: Tx, row: Row, outcome: str, *, now: int, reason: str = "", change: int | None = None
    ) -> None:  # fmt: skip
        kept.end(tx, row["id"], outcome, now=now)
        self._note(tx, "duty_settled", row, now=now, outcome=outcome, change=change, reason=reason)

    def _note(self, tx: Tx, event: str, row: Row, *, now: int, reason: str = "", **facts: Any) -> None:
        private = {"person": row["person"], "successor": row["successor"], "asker": row["asker"]}
        private |= {"reason": reason} if reason else {}  # it may name people
        journal.write(tx, event, now=now, asked_duty=row["id"], rota=row["rota"], private=private, **facts)

    def _tell(
        self, tx: Tx, person: str, words: str, *, now: int, number: str = "", urgent: bool = False,
        within_us: int = TOLD_US,
    ) -> None:  # fmt: skip
        priority = Priority.HIGH if urgent else Priority.NORMAL
        self._notices.tell(
            tx, self.NOTICE, person, words, priority=priority, until=now + within_us, number=number, now=now
        )
