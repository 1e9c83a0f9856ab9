"""Who is told of money: that a month's budget is nearly used, that it stops a SIM, that a card has little left.

The counting is purse.py's, in the transaction that settles a part; what is told waits as a row. Every method is a
function of `tx`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from zoneinfo import ZoneInfo

from gatewayd.clock import SECOND
from gatewayd.delivery import balance, budget
from gatewayd.delivery.balance import BalanceSettings
from gatewayd.delivery.plan import Plan, PoolSettings
from gatewayd.metrics import BALANCE
from gatewayd.model import Priority
from gatewayd.notices import Notices
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.notice_words import words_of
from gatewayd.purse import KIND
from gatewayd.roster import Roster
from gatewayd.self_report import SelfReport
from gatewayd.store import balances, journal, messages, spending
from gatewayd.store.db import Tx

TOLD_WITHIN_US = 12 * 3_600 * SECOND  # later than this it is no news

log = logging.getLogger("gatewayd.budget")


class Treasurer:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(
        self,
        pool: PoolSettings,
        plan: Plan,
        cards: Mapping[str, BalanceSettings],
        *,
        roster: Roster,
        notices: Notices,
        report: SelfReport,
    ) -> None:
        self._pool = pool
        self._plan = plan
        self._cards = cards  # by modem
        self._roster = roster
        self._notices = notices
        self._report = report

    def due(self, tx: Tx, number: int, *, now: int) -> None:
        """A level of a budget was reached, or the month of one that was spent is over."""
        messages.end_wait(tx, KIND, number)
        row = spending.spend_of(tx, number)
        way = self._plan.ways.get(row["channel"]) if row is not None else None
        if row is None or way is None or (month := way.month) is None or not row["told"]:
            return
        key, zone = f"budget/{row['channel']}", ZoneInfo(way.zone)
        if budget.month_of(now, zone) != row["month"]:
            self._report.clears(tx, key, now=now)
            return
        over, sums = row["told"] >= budget.LEVELS[-1], (row["cost"], row["parts"])

        def words(language: str) -> str:
            said = words_of(language)
            used = month.told(*sums) if said is words_of(ENGLISH) else month.figures(*sums)
            told = said.budget.format(channel=row["channel"], percent=row["told"], month=row["month"], used=used)
            return told + (said.stops if over and month.stops else "")

        self._tell(tx, words, now=now)
        if over and self._pool.incident:
            self._report.fires(tx, key, words(ENGLISH), now=now)
            messages.set_wait(tx, KIND, number, budget.month_ends(now, zone))

    def balance(self, tx: Tx, channel: str, sim: str, said: str, found: float | None, *, now: int) -> None:
        """What the operator answered. A card that has less than it should is told of once, until it has more."""
        settings = self._cards.get(channel)
        if settings is None:
            return
        before = balances.of(tx, sim)
        was_low = before is not None and bool(before["low"])
        below = settings.warn_below
        low = was_low if found is None or below is None else found < below
        balances.note(tx, sim, channel, found, said[: balance.SAID_CHARACTERS_MAX], low=low, now=now)
        journal.write(tx, "balance", now=now, channel=channel, amount=found, low=low, private={"said": said})
        told = {"event": "balance", "channel": channel, "amount": found}
        if found is None:
            tx.after_commit(partial(log.warning, "the answer about %s's balance tells no sum", channel, extra=told))
            return
        tx.after_commit(partial(BALANCE.labels(channel).set, found))
        key = f"balance/{channel}"
        if low and not was_low:

            def words(language: str) -> str:
                return words_of(language).low.format(channel=channel, amount=f"{found:g}", below=f"{below:g}")

            tx.after_commit(partial(log.warning, "%s", words(ENGLISH), extra=told))
            self._tell(tx, words, now=now)
            if self._pool.incident:
                self._report.fires(tx, key, words(ENGLISH), now=now)
        elif was_low and not low:
            self._report.clears(tx, key, now=now)

    def _tell(self, tx: Tx, words: Callable[[str], str], *, now: int) -> None:
        """Each in the language of theirs."""
        for person in self._roster.members(tx, self._pool.tell, now=now):
            until = now + TOLD_WITHIN_US
            said = words(self._notices.language(person))
            self._notices.tell(tx, "notice", person, said, priority=Priority.NORMAL, until=until, now=now)

    def begin(self, tx: Tx) -> None:
        """At a start: what was said last."""
        for row in balances.all_of_them(tx):
            if row["amount"] is not None and row["channel"] in self._cards:
                tx.after_commit(partial(BALANCE.labels(row["channel"]).set, row["amount"]))
