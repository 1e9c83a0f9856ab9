"""Bad weather: many faults at once, each with a small probability, so that a seed is a story nobody wrote.

Only faults after which an honest bureau still knows what it has: nothing that was accepted is lost here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hwsim.faults import FaultError

PROBABILITY = 0.02
SMPP: tuple[dict[str, Any], ...] = (
    {"kind": "throttle"},
    {"kind": "queue_full"},
    {"kind": "reject", "status": "RSYSERR"},
    {"kind": "slow", "seconds": 3},
    {"kind": "slow", "seconds": 90},
    {"kind": "no_response"},
    {"kind": "no_response", "submitted": False},
    {"kind": "drop_after_submit"},
    {"kind": "drop_after_submit", "submitted": False},
    {"kind": "drop_mid_pdu"},
    {"kind": "response_twice"},
    {"kind": "response_reordered"},
    {"kind": "unknown_parameter"},
    {"kind": "empty_id"},
    {"kind": "garbage_response", "octets": 7},
    {"kind": "receipt", "when": "early"},
    {"kind": "receipt", "when": "twice"},
    {"kind": "receipt", "when": "never"},
    {"kind": "receipt", "when": "after_reconnect"},
    {"kind": "receipt", "delay_s": 120},
    {"kind": "receipt", "id": "unknown"},
    {"kind": "receipt", "style": "mixed"},
    {"kind": "bind_refused"},
    {"kind": "bind_slow", "seconds": 8},
    {"kind": "bind_unanswered"},
    {"kind": "bind_dropped"},
)
TAP: tuple[dict[str, Any], ...] = (
    *({"kind": "tap_silence", "at": step} for step in ("id", "logon", "go_ahead", "block", "eot")),
    *({"kind": "tap_disconnect", "at": step} for step in ("id", "logon", "go_ahead", "block", "eot")),
    *({"kind": "tap_slow", "at": step, "seconds": 3} for step in ("id", "logon", "block")),
    {"kind": "tap_nak"},
    {"kind": "tap_nak", "at": "logon"},
    {"kind": "tap_rs", "code": 512},
    {"kind": "tap_lose_ack"},
    {"kind": "tap_lose_block"},
    {"kind": "tap_drop_after_block"},
    {"kind": "tap_late_rs"},
    {"kind": "tap_please_wait", "seconds": 3},
    {"kind": "tap_noise", "at": "id"},
    {"kind": "tap_id_again"},
    {"kind": "tap_glued"},
    {"kind": "tap_bare"},
    {"kind": "tap_full"},
    {"kind": "tap_engaged"},
)


def weather(description: Mapping[str, object]) -> list[dict[str, Any]]:
    """The faults of {"kind": "weather", "probability": 0.02, "only": "smpp" or "tap"}; raises FaultError."""
    given = dict(description)
    del given["kind"]
    probability, only = given.pop("probability", PROBABILITY), given.pop("only", None)
    if given:
        raise FaultError(f"the weather has no option {next(iter(given))!r}")
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise FaultError(f"'probability' is not a number from 0 to 1: {probability!r}")
    if only not in {None, "smpp", "tap"}:
        raise FaultError(f"'only' is smpp or tap, not {only!r}")
    chosen = [*(SMPP if only != "tap" else ()), *(TAP if only != "smpp" else ())]
    return [{**fault, "probability": probability} for fault in chosen]
