"""Faults by rule: what goes wrong with a submission, how often, for whom. README.md lists them with examples.

A rule strikes submissions; `Plan` is what all rules that struck one submission add up to. Faults that happen at once
(a reset, noise, a freeze) are in `mishaps`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any, TypeVar

from hwsim.numbers import subscriber

Value = TypeVar("Value")


NUMBER_MAX = 1e9  # seconds of thirty years, octets of a gigabyte
CMS_CODES = frozenset([*range(256), *range(300, 1000)])  # 27.005 3.2.5; from 512 on they are the makers'


class FaultError(ValueError):
    """The fault's description is wrong; the sentence says how."""


def number(value: object) -> float:
    """An option's value as a number of at least 0, and no larger than any sense."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise FaultError(f"not a number of at least 0: {value!r}")
    if value > NUMBER_MAX:
        raise FaultError(f"not a number of at most {NUMBER_MAX:.0f}: {value!r}")
    return float(value)


def share(value: object) -> float:
    """An option's value as a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise FaultError(f"not a number from 0 to 1: {value!r}")
    return float(value)


def whole(value: object) -> int:
    """An option's value as a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise FaultError(f"not a whole number of at least 0: {value!r}")
    return value


def octet(value: object) -> int:
    """An option's value as a number from 0 to 255."""
    if whole(value) > 255:
        raise FaultError(f"not a number from 0 to 255: {value!r}")
    return whole(value)


def cms_code(value: object) -> int:
    """An option's value as a +CMS ERROR."""
    code = whole(value)
    if code not in CMS_CODES:
        raise FaultError(f"not a +CMS ERROR, 0 to 255 or 300 to 999: {value!r}")
    return code


def phone_number(value: object) -> str:
    """An option's value as a number that somebody can have."""
    try:
        return subscriber(value)
    except ValueError:
        raise FaultError(f"no number: {value!r}") from None


def octets_of(value: object) -> bytes:
    """An option's value as octets in hexadecimal."""
    try:
        return bytes.fromhex(words(value))
    except ValueError:
        raise FaultError(f"not octets in hexadecimal: {value!r}") from None


def flag(value: object) -> bool:
    """An option's value as true or false."""
    if not isinstance(value, bool):
        raise FaultError(f"not true or false: {value!r}")
    return value


def words(value: object) -> str:
    """An option's value as a text."""
    if not isinstance(value, str):
        raise FaultError(f"not a text: {value!r}")
    return value


def read(name: str, kind: Callable[[object], Value], value: object) -> Value:
    """The value of the option of this name; raises FaultError, with the name."""
    try:
        return kind(value)
    except FaultError as wrong:
        raise FaultError(f"{name!r} is {wrong}") from None


def _statuses(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise FaultError(f"not a list of TP-ST values: {value!r}")
    return tuple(whole(status) for status in value)


_BOOKED: dict[str, Callable[[object], Any]] = {"submitted": flag}
KINDS: dict[str, dict[str, Callable[[object], Any]]] = {
    "refuse": {"cms": cms_code, **_BOOKED},
    "latency": {"seconds": number},
    "no_answer": {"blocking": flag, **_BOOKED},
    "late": {"seconds": number, "blocking": flag, **_BOOKED},
    "ok_only": _BOOKED,
    "answer_twice": {},
    "reset_after_submit": _BOOKED,
    "hangup_after_submit": {"back_after_s": number, **_BOOKED},
    "freeze_after_submit": {"seconds": number, **_BOOKED},
    "urc_inside": {"text": words},
    "urc_in_prompt": {"text": words},
    "no_prompt": {},
    "stuck_prompt": _BOOKED,
    "wrong_reference": {"mr": whole},
    "garbage_answer": {"octets": whole},
    "report": {
        "when": words,
        "delay_s": number,
        "jitter_s": number,
        "statuses": _statuses,
        "mr": whole,
        "recipient": words,
    },
    "lose": {},
    "deliver_twice": {},
    "listing": {"how": words},
}
Kinds = Mapping[str, Mapping[str, Callable[[object], Any]]]
SCOPE: dict[str, Callable[[object], Any]] = {
    "to": words,
    "times": whole,
    "skip": whole,
    "every": whole,
    "probability": share,
}
REPORTS = ("early", "normal", "never", "twice")
RECIPIENTS = ("as_sent", "national", "international")
LISTINGS = ("header_only", "hang", "fake")
AT_THE_PROMPT = frozenset({"no_prompt", "urc_in_prompt"})
NO_SUBMISSION = AT_THE_PROMPT | {"listing"}


@dataclass(slots=True)
class Rule:
    """Strikes a submission to `to` (anybody if None), after `skip` of them, each `every`-th, at most `times` times."""

    kind: str
    options: dict[str, Any] = field(default_factory=dict)
    to: str | None = None
    times: int | None = None
    skip: int = 0
    every: int = 1
    probability: float = 1.0
    seen: int = 0
    struck: int = 0

    def strikes(self, to: str | None, dice: Random) -> bool:
        """Counts this submission, and says whether the rule applies to it."""
        if self.to is not None and self.to != to:
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.seen - self.skip) % max(1, self.every):
            return False
        if self.probability < 1.0 and dice.random() >= self.probability:
            return False
        self.struck += 1
        return True

    def shown(self) -> dict[str, Any]:
        """As the control API shows it."""
        scope = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in {"options", "kind"}}
        return {"kind": self.kind, **self.options, **scope}


def read_rule(description: Mapping[str, object], kinds: Kinds) -> Rule:
    """A rule of these kinds from its JSON form; raises FaultError for an unknown kind, option or value."""
    given = dict(description)
    kind = given.pop("kind", None)
    if not isinstance(kind, str) or kind not in kinds:
        raise FaultError(f"unknown fault {kind!r}; there are {', '.join(kinds)}")
    options: dict[str, Any] = {}
    scope: dict[str, Any] = {}
    for name, value in given.items():
        if name in kinds[kind]:
            options[name] = read(name, kinds[kind][name], value)
        elif name in SCOPE:
            scope[name] = read(name, SCOPE[name], value)
        else:
            raise FaultError(f"fault {kind!r} has no option {name!r}")
    return Rule(kind, options, **scope)


def rule_of(description: Mapping[str, object]) -> Rule:
    """A rule for submissions by modem from its JSON form; raises FaultError."""
    rule = read_rule(description, KINDS)
    kind, options = rule.kind, rule.options
    if options.get("when", "normal") not in REPORTS:
        raise FaultError(f"'when' is one of {', '.join(REPORTS)}")
    if options.get("recipient", "as_sent") not in RECIPIENTS:
        raise FaultError(f"'recipient' is one of {', '.join(RECIPIENTS)}")
    if options.get("how", "hang") not in LISTINGS:
        raise FaultError(f"'how' is one of {', '.join(LISTINGS)}")
    if rule.to is not None:
        read("to", phone_number, rule.to)
    if kind in NO_SUBMISSION and rule.to is not None:
        raise FaultError(f"{kind!r} happens before the recipient is known")
    return rule


@dataclass(slots=True)
class ReportPlan:
    """What becomes of the status reports: when, after how long (give or take), with which TP-ST one after the other;
    with which reference (None: that of the submission) and form of the recipient's number."""

    when: str = "normal"
    delay_s: float | None = None
    statuses: tuple[int, ...] = ()
    jitter_s: float = 0.0
    mr: int | None = None
    recipient: str = "as_sent"


@dataclass(slots=True)
class Plan:
    """What will happen to one submission. The default is a modem and a network in good health."""

    submitted: bool = True
    cms: int | None = None
    latency_s: float = 0.0
    answer: str = "normal"  # normal, none, ok_only, twice, stuck
    late_s: float = 0.0
    blocking: bool = True
    after: str = ""  # reset, hangup or freeze once the 0x1A is in
    after_s: float = 0.0
    urc: str | None = None
    reference: int | None = None
    garbage: int = 0
    report: ReportPlan | None = None
    lose: bool = False
    copies: int = 1


def plan_for(to: str, rules: Iterable[Rule], dice: Random) -> Plan:
    """The plan for one submission; later rules overrule earlier ones where they meet."""
    plan = Plan()
    for rule in rules:
        if rule.kind not in NO_SUBMISSION and rule.strikes(to, dice):
            _apply(plan, rule)
    return plan


_ANSWERS = {"no_answer": "none", "ok_only": "ok_only", "answer_twice": "twice", "stuck_prompt": "stuck"}


def _apply(plan: Plan, rule: Rule) -> None:
    options = rule.options
    kind = rule.kind
    if kind in _ANSWERS:
        plan.answer = _ANSWERS[kind]
        plan.blocking = options.get("blocking", False)
    elif kind.endswith("_after_submit"):
        plan.after, plan.answer = kind.removesuffix("_after_submit"), "none"
        plan.after_s = options.get("back_after_s", options.get("seconds", 2.0))
    elif kind == "refuse":
        plan.cms = options.get("cms", 500)
    elif kind == "latency":
        plan.latency_s = options.get("seconds", 1.0)
    elif kind == "late":
        plan.late_s, plan.blocking = options.get("seconds", 40.0), options.get("blocking", True)
    elif kind == "report":
        plan.report = ReportPlan(**{**options, "statuses": options.get("statuses", ())})
    elif kind == "urc_inside":
        plan.urc = options.get("text", "+CREG: 1")
    elif kind == "wrong_reference":
        plan.reference = options.get("mr", 255)
    elif kind == "garbage_answer":
        plan.garbage = options.get("octets", 16)
    elif kind == "lose":
        plan.lose = True
    elif kind == "deliver_twice":
        plan.copies = 2
    if kind in {"refuse", "stuck_prompt"} or "submitted" in options:
        plan.submitted = options.get("submitted", False)
