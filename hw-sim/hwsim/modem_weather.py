"""Bad weather for a modem: many faults, each with a small probability, and mishaps at random moments, all by seed.

Only faults after which an honest network still delivers what it took; nothing that was accepted is lost in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from hwsim.faults import FaultError, number, read, share

if TYPE_CHECKING:
    from hwsim.street import Street

PROBABILITY, MISHAP_EVERY_S = 0.01, 3600.0
RULES: tuple[dict[str, Any], ...] = (
    *({"kind": "late", "seconds": seconds} for seconds in (25, 40, 75, 90, 135)),
    {"kind": "late", "seconds": 40, "blocking": False},
    {"kind": "no_answer"},
    {"kind": "no_answer", "submitted": False},
    {"kind": "no_answer", "submitted": False, "blocking": True},
    *({"kind": "refuse", "cms": code} for code in (38, 42, 300, 314, 331, 500, 512)),
    {"kind": "refuse", "cms": 332, "submitted": True},
    {"kind": "latency", "seconds": 12},
    {"kind": "ok_only"},
    {"kind": "answer_twice"},
    {"kind": "reset_after_submit"},
    {"kind": "reset_after_submit", "submitted": False},
    {"kind": "hangup_after_submit", "back_after_s": 8},
    {"kind": "freeze_after_submit", "seconds": 60},
    {"kind": "urc_inside"},
    {"kind": "urc_in_prompt"},
    {"kind": "no_prompt"},
    {"kind": "stuck_prompt"},
    {"kind": "stuck_prompt", "submitted": True},
    {"kind": "garbage_answer"},
    {"kind": "deliver_twice"},
    {"kind": "listing", "how": "header_only"},
    *({"kind": "report", "when": when} for when in ("early", "never", "twice")),
    {"kind": "report", "delay_s": 120, "jitter_s": 600},
    {"kind": "report", "statuses": [0x20, 0x30, 0x00], "delay_s": 30},
)
MISHAPS: tuple[dict[str, Any], ...] = (
    {"kind": "reset"},
    {"kind": "reset", "noise": False, "seconds": 0.5},
    {"kind": "hangup", "back_after_s": 5},
    {"kind": "hangup", "back_after_s": 20, "power": True},
    {"kind": "freeze", "seconds": 90},
    {"kind": "noise", "octets": 64},
    {"kind": "stutter"},
    {"kind": "echo_on"},
    {"kind": "numeric"},
    {"kind": "half_open_prompt"},
    {"kind": "notifications_off"},
    {"kind": "mute", "seconds": 120},
    {"kind": "sim_busy", "seconds": 20},
    {"kind": "ring", "seconds": 20},
    {"kind": "foreign"},
    {"kind": "line", "flip": 0.01, "drop": 0.01, "nul": 0.01, "seconds": 30},
    {"kind": "brown_out", "times": 3, "every_s": 25},
    *({"kind": "registration", "stat": stat, "seconds": 120} for stat in (0, 2, 3)),
    {"kind": "signal", "rssi": 4, "noise": 3},
    {"kind": "signal", "rssi": 22, "noise": 2},
    {"kind": "storage_full", "free": 1},
)


class Weather:
    """What comes over one modem, until `clear`."""

    def __init__(self, street: Street, modem: str, description: Mapping[str, object]) -> None:
        given = dict(description)
        del given["kind"]
        self.probability = read("probability", share, given.pop("probability", PROBABILITY))
        self.every_s = read("mishap_every_s", number, given.pop("mishap_every_s", MISHAP_EVERY_S))
        if given:
            raise FaultError(f"the weather has no option {next(iter(given))!r}")
        self._street = street
        self._modem = modem
        self._dice = Random(f"{street.seed} {modem} weather")
        self._clear = False
        for rule in RULES:
            street.fault(modem, {**rule, "probability": self.probability})
        self._later(self._strike)

    def _later(self, act: Callable[[], None]) -> None:
        if self.every_s:
            self._street.loop.call_later(self._dice.expovariate(1.0 / self.every_s), act)

    def _strike(self) -> None:
        if self._clear:
            return
        mishap = self._dice.choice(MISHAPS)
        self._street.ledger.write({"event": "mishap", "at": self._street.wall(), "modem": self._modem, **mishap})
        self._street.attempt(
            partial(self._street.fault, self._modem, mishap), {"modem": self._modem, "kind": mishap["kind"]}
        )
        self._later(self._strike)

    def clear(self) -> None:
        """It is over; what is broken stays so."""
        self._clear = True
