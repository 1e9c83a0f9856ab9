"""What the house has to say of itself: an incident of the service "gatewayd", paged like any other.

Its source is "desk", a name that no token can have: nobody else can end it. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Callable

from gatewayd.desk import Desk
from gatewayd.model import OWN_SERVICE, Report, Severity
from gatewayd.store.db import Tx

SOURCE = "desk"


class SelfReport:
    """`desk` is asked for anew each time: a reload replaces it."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def fires(self, tx: Tx, key: str, summary: str, *, severity: Severity = Severity.ERROR, now: int) -> int | None:
        """Something is wrong with us. Repeats are harmless. Returns its incident."""
        report = Report(SOURCE, key, OWN_SERVICE, severity, summary, "firing")
        return self._desk().report(tx, report, now=now).incident_id

    def clears(self, tx: Tx, key: str, *, now: int) -> None:
        """It is well again: the incident resolves itself. Harmless when there is none."""
        self._desk().report(tx, Report(SOURCE, key, OWN_SERVICE, Severity.ERROR, "", "resolved"), now=now)
