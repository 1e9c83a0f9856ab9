"""What a modem tells the house of itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from gatewayd.channels.contract import Health, House
from gatewayd.delivery.outcome import Deferred
from gatewayd.wire.modem_profile import Profile

_log = logging.getLogger("gatewayd.channels.modem")


class Status:
    """The last Health, told again when it changes and at each look."""

    def __init__(self, name: str, house: House, *, roaming_allowed: bool) -> None:
        self.health = Health()
        self.held = ""  # why it takes no texts although it could be asked
        self.concern = ""  # why a human is called for; it is told as long as that is so
        self._name = name
        self._house = house
        self._roaming_allowed = roaming_allowed
        self.oddities: Callable[[], dict[str, str]] = dict  # port, note, trouble: what is odd although it works

    @property
    def up(self) -> bool:
        return self.health.state == "up"

    def tell(self, *, always: bool = False, **changes: Any) -> None:
        if self.concern and changes.get("state", "up") != "up":
            changes |= {"state": "needs_human", "reason": self.concern}
        health = replace(self.health, **changes, concern=self.concern)
        if health == self.health and not always:
            return
        if health.state == self.health.state and health.reason not in ("", self.health.reason):
            told = {"event": "channel_reason", "channel": self._name, "state": health.state}
            _log.info("%s", health.reason, extra=told)  # a new state is told by the house
        if health.note not in ("", self.health.note):
            _log.warning("%s", health.note, extra={"event": "modem_odd", "channel": self._name})
        self.health = health
        self._house.health(self._name, health)

    def judge(self, profile: Profile) -> None:
        """Up or resting, by what the last look saw."""
        state: Literal["up", "resting"] = "up"
        reason = ""
        if not profile.registered:
            state, reason = "resting", f"not registered: {profile.registration}"
        elif profile.registration == "roaming" and not self._roaming_allowed:
            state, reason = "resting", "roaming is not allowed"
        elif self.held:
            state, reason = "resting", self.held
        self.tell(
            always=True,
            state=state,
            reason=reason,
            sim=profile.sim,
            signal_dbm=profile.signal_dbm,
            registration=profile.registration,
            operator=profile.operator,
            storage_used=profile.used,
            storage_size=profile.size,
            identity=profile.identity(),
            **self._odd(),
        )

    def _odd(self) -> dict[str, str]:
        """What is odd, and what a human is called for, although it works."""
        told = self.oddities()
        notes = (f"needs a human: {self.concern}" if self.concern else "", told.get("note", ""))
        return told | {"note": "; ".join(filter(None, notes))}

    def no_line(self, state: str, reason: str, trouble: str, port: str, met: Profile) -> None:
        """The port is closed, or could not be opened. `met`: whoever was found there, as far as it came."""
        self.tell(
            state=state,
            reason=reason,
            signal_dbm=None,
            registration="unknown",
            note="",
            trouble=trouble,
            port=port,
            identity=met.identity() if met.manufacturer or met.imei else self.health.identity,
        )

    def not_now(self) -> Deferred:
        """For a text that was not taken: another way may be better."""
        return Deferred(f"{self._name}: {self.health.reason or self.health.state}", "not ready", 1.0, "channel")
