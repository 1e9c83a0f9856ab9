"""What goes wrong between an ESME and the message centre, by rule. README.md lists the kinds with examples.

A rule strikes binds, submissions, cancel_sm or what the centre hands over; `Plan` is what the rules add up to for one
submission. Faults that happen at once (a drop, silence, an unbind) are in `smpp_mishaps`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hwsim.bureau import State
from hwsim.faults import FaultError, Rule, flag, number, whole
from hwsim.smpp_pdu import Status
from hwsim.smpp_receipt import STYLES


def status_of(value: object) -> int:
    """A status by number or by name ("RTHROTTLED", "ESME_RTHROTTLED")."""
    if isinstance(value, str):
        try:
            return Status[value.upper().removeprefix("ESME_")]
        except KeyError:
            raise FaultError(f"no such status: {value!r}") from None
    return whole(value)


def _states(value: object) -> tuple[State, ...]:
    if not isinstance(value, list) or not value:
        raise FaultError(f"not a list of message states: {value!r}")
    try:
        return tuple(State[str(name).upper()] for name in value)
    except KeyError as wrong:
        raise FaultError(f"no such message state: {wrong}; there are {', '.join(State.__members__)}") from None


def style_name(value: object) -> str:
    """The name of a receipt style, or "mixed"."""
    if value != "mixed" and value not in STYLES:
        raise FaultError(f"no such receipt style: {value!r}; there are mixed, {', '.join(STYLES)}")
    return str(value)


def _one_of(*choices: str) -> Any:
    def choice(value: object) -> str:
        if value not in choices:
            raise FaultError(f"{value!r} is not one of {', '.join(choices)}")
        return str(value)

    return choice


_BOOKED = {"submitted": flag}
SUBMIT_KINDS: dict[str, dict[str, Any]] = {
    "throttle": {},
    "queue_full": {},
    "reject": {"status": status_of, **_BOOKED},
    "slow": {"seconds": number},
    "no_response": _BOOKED,
    "drop_after_submit": {"reset": flag, **_BOOKED},
    "drop_mid_pdu": {"octets": whole, **_BOOKED},
    "response_twice": {},
    "response_reordered": {},
    "wrong_sequence": {},
    "nack_response": {"status": status_of, **_BOOKED},
    "garbage_response": {"octets": whole},
    "bad_length_response": {"length": whole},
    "empty_id": {},
    "unterminated_id": {},
    "unknown_parameter": {},
    "lose_page": {},
    "page_twice": {},
    "receipt": {
        "when": _one_of("normal", "early", "never", "twice", "after_reconnect"),
        "delay_s": number,
        "states": _states,
        "style": style_name,
        "id": _one_of("right", "unknown", "empty"),
        "bind": _one_of("any", "same", "other"),
    },
}
BIND_KINDS: dict[str, dict[str, Any]] = {
    "bind_refused": {"status": status_of},
    "bind_slow": {"seconds": number},
    "bind_unanswered": {},
    "bind_dropped": {},
    "bind_early_delivery": {},
}
DELIVERY_KINDS: dict[str, dict[str, Any]] = {
    "delivery_cut": {},
    "delivery_twice": {},
}
MANAGE_KINDS: dict[str, dict[str, Any]] = {
    "cancel_refused": {"status": status_of},
    "cancel_unanswered": {},
}
SMPP_KINDS = {**SUBMIT_KINDS, **BIND_KINDS, **DELIVERY_KINDS, **MANAGE_KINDS}


@dataclass(slots=True)
class ReceiptPlan:
    """What becomes of a message's receipts."""

    when: str = "normal"
    delay_s: float | None = None
    states: tuple[State, ...] = ()
    style: str | None = None
    id: str = "right"
    bind: str = "any"


@dataclass(slots=True)
class Plan:
    """What will happen to one submission. The default is a centre in good health."""

    status: int | None = None
    submitted: bool = True
    answer: str = "normal"  # normal, none, twice, later, nack, cut, drop
    late_s: float = 0.0
    octets: int | None = None
    reset: bool = False
    garbage: int = 0
    length: int | None = None
    sequence_off: int = 0
    id: str = "right"  # right, empty, unterminated
    unknown_parameter: bool = False
    lose: bool = False
    copies: int = 1
    receipt: ReceiptPlan = field(default_factory=ReceiptPlan)


_ANSWERS = {
    "no_response": "none",
    "drop_after_submit": "drop",
    "drop_mid_pdu": "cut",
    "response_twice": "twice",
    "response_reordered": "later",
    "nack_response": "nack",
}
_STATUSES = {
    "throttle": Status.RTHROTTLED,
    "queue_full": Status.RMSGQFUL,
    "reject": Status.RSYSERR,
    "nack_response": Status.RSYSERR,
}


def plan_for(to: str, rules: Iterable[Rule], dice: Random) -> Plan:
    """The plan for one submission; later rules overrule earlier ones where they meet."""
    plan = Plan()
    for rule in rules:
        if rule.kind in SUBMIT_KINDS and rule.strikes(to, dice):
            _apply(plan, rule)
    return plan


def _apply(plan: Plan, rule: Rule) -> None:
    kind, options = rule.kind, rule.options
    if kind in _ANSWERS:
        plan.answer = _ANSWERS[kind]
        plan.octets = options.get("octets")
        plan.reset = options.get("reset", False)
    if kind in _STATUSES:
        plan.status = int(options.get("status", _STATUSES[kind]))
        plan.submitted = False
    if kind == "slow":
        plan.late_s = options.get("seconds", 5.0)
    elif kind == "garbage_response":
        plan.garbage = options.get("octets", 16)
    elif kind == "bad_length_response":
        plan.length = options.get("length", 7)
    elif kind == "wrong_sequence":
        plan.sequence_off = 1000
    elif kind in {"empty_id", "unterminated_id"}:
        plan.id = kind.removesuffix("_id")
    elif kind == "unknown_parameter":
        plan.unknown_parameter = True
    elif kind == "lose_page":
        plan.lose = True
    elif kind == "page_twice":
        plan.copies = 2
    elif kind == "receipt":
        plan.receipt = ReceiptPlan(**options)
    plan.submitted = options.get("submitted", plan.submitted)


def bind_rule(rules: Iterable[Rule], system_id: str, dice: Random) -> Rule | None:
    """The first rule that strikes this bind; its "to" is a system_id."""
    return next((rule for rule in rules if rule.kind in BIND_KINDS and rule.strikes(system_id, dice)), None)


def cancel_rule(rules: Iterable[Rule], number: str | None, dice: Random) -> Rule | None:
    """The first rule that strikes this cancel_sm; its "to" is the number of the message's recipient."""
    return next((rule for rule in rules if rule.kind in MANAGE_KINDS and rule.strikes(number, dice)), None)


def delivery_faults(rules: Iterable[Rule], number: str, dice: Random) -> set[str]:
    """The kinds that strike what is handed over now; their "to" is the account's number or the pager's."""
    return {rule.kind for rule in rules if rule.kind in DELIVERY_KINDS and rule.strikes(number, dice)}
