"""What the house says of its own channels and disk: a metric always, an incident where `[self_report]` names a policy.

The page goes like any other, and who needs a human is asked last (muster.py): by another one than it speaks of, while
there is one. That of a full disk goes in the room that the ballast leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from gatewayd.channels.contract import Health
from gatewayd.delivery.own_troubles import Clears, Fires, SelfReportSettings, Sign, Troubles
from gatewayd.metrics import CHANNEL_NEEDS_HUMAN
from gatewayd.model import Severity
from gatewayd.oncall import own_words
from gatewayd.oncall.languages import ENGLISH
from gatewayd.self_report import SOURCE, SelfReport
from gatewayd.store import own
from gatewayd.store.db import Tx

KEY = "channel/"
DISK = "disk"


class ChannelWatch:
    """`look` now and then. What it finds is written by `write`, which is given a function of `tx`."""

    def __init__(self, report: SelfReport, write: Callable[[Callable[..., None]], None]) -> None:
        self.settings = SelfReportSettings()  # replaced by what the file says
        self._report = report
        self._write = write
        self._troubles = Troubles()
        self._gauged: dict[str, bool] = {}
        self._writable = True

    def begin(self, tx: Tx, configured: Collection[str], *, now: int) -> None:
        """At a start and after a reload: what nobody can heal any more, and what nobody wants to be told."""
        for key in own.firing_keys(tx, SOURCE, KEY):
            if self.settings.policy is None or key.removeprefix(KEY) not in configured:
                self._report.clears(tx, key, now=now)
        if own.firing_keys(tx, SOURCE, DISK) and (self._writable or self.settings.policy is None):
            self._report.clears(tx, DISK, now=now)

    def look(self, healths: Mapping[str, Health], now: float, *, writable: bool = True) -> None:
        """`now` is monotonic; `writable`: whether the disk has room for new work."""
        if writable is not self._writable:
            self._writable = writable
            if self.settings.policy is not None:
                self._write(partial(self._tell_disk, full=not writable))
        signs = [_sign(name, health) for name, health in healths.items()]
        for sign in signs:
            if self._gauged.get(sign.channel) != bool(sign.concern):
                self._gauged[sign.channel] = bool(sign.concern)
                CHANNEL_NEEDS_HUMAN.labels(sign.channel).set(bool(sign.concern))
        for gone in self._gauged.keys() - healths.keys():
            del self._gauged[gone]  # its gauge goes with it
        for found in self._troubles.look(signs, self.settings, now):
            if self.settings.policy is not None:
                self._write(partial(self._tell, found))

    def _tell_disk(self, tx: Tx, *, full: bool, now: int) -> None:
        if full is self._writable:
            return  # it could be written only when it was not true any more
        if full:
            self._report.fires(tx, DISK, own_words.words_of(ENGLISH).disk, severity=Severity.CRITICAL, now=now)
        else:
            self._report.clears(tx, DISK, now=now)

    def _tell(self, found: Fires | Clears, tx: Tx, *, now: int) -> None:
        if isinstance(found, Fires):
            self._report.fires(tx, KEY + found.channel, found.summary, severity=self.settings.severity, now=now)
        else:
            self._report.clears(tx, KEY + found.channel, now=now)


def _sign(name: str, health: Health) -> Sign:
    told = f"{health.state}{f': {health.reason}' if health.reason else ''}"
    concern = health.concern or (health.reason or "it does not say why" if health.state == "needs_human" else "")
    return Sign(name, health.state == "up", concern, told)
