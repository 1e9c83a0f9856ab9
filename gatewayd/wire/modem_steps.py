"""What a dialogue with a modem may ask of the shell that runs it.

A dialogue is a generator: it yields a step, is sent the reply, and returns what it found out. When the port goes or
the modem restarts, `Interrupted` is thrown in at the step that waited.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from gatewayd.wire.at import Command, Kind, Result

T = TypeVar("T")
ALIGNED_S = 5.0  # for a command that a modem answers at once, when it has answered those before
NO_TEXTS_AGAIN_S = 600.0  # a device does not learn it; somebody may plug in another


@dataclass(frozen=True, slots=True)
class Submit:
    """Write the PDU and control-Z, then wait; replied with a Result. `command` only for modems without prompts.

    `spent`: a reference that is an answer only when no other comes.
    """

    pdu_hex: str
    timeout_s: float
    command: str = ""
    spent: str = ""


@dataclass(frozen=True, slots=True)
class Escape:
    """Write ESC; replied with a Result (OK, or TIMEOUT from modems that say nothing to it)."""

    wait_s: float = 0.2


@dataclass(frozen=True, slots=True)
class Listen:
    """Write nothing for a while; what comes in goes its own way. Replied with None."""

    for_s: float


@dataclass(frozen=True, slots=True)
class Wake:
    """Write a lone CR. Replied with None at once."""


@dataclass(frozen=True, slots=True)
class BeforeSubmit:
    """The attempt must be on disk now. Replied with True, or False: send nothing."""


@dataclass(frozen=True, slots=True)
class MayTryPin:
    """Replied with True when this PIN may be entered once into this SIM; that try is then on disk already.

    `tries`: how many the SIM says are left, None where it does not.
    """

    iccid_digest: str
    pin_digest: str
    tries: int | None = None


@dataclass(frozen=True, slots=True)
class SimOfPin:
    """Replied with the digest of the SIM that this PIN has opened before; "" when it has opened none."""

    pin_of: str


@dataclass(frozen=True, slots=True)
class PinResult:
    """What became of it; with `good` and no `pin_of`, it was found open. Replied with None after the commit.

    `tries`: how many were left after it failed; None where that cannot be relied on.
    """

    iccid_digest: str
    pin_digest: str
    good: bool
    pin_of: str = ""  # as in SimOfPin
    tries: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """From now on leave so much time between two commands. Replied with None at once."""

    gap_s: float


Step = Command | Submit | Escape | Listen | Wake | BeforeSubmit | MayTryPin | SimOfPin | PinResult | Gap
Dialogue = Generator[Step, Any, T]


class Interrupted(Exception):
    """The modem restarted or the port is gone while a step waited."""


class NoAnswer(Exception):
    """The modem does not answer at all: close the port and open it again."""


class Unusable(Exception):
    """No bring-up will succeed before somebody or something changes. `by_human`: not before a human acts."""

    def __init__(self, reason: str, *, by_human: bool, again_s: float = 30.0) -> None:
        super().__init__(reason)
        self.reason, self.by_human, self.again_s = reason, by_human, again_s


class NoTexts(Unusable):
    """AT is answered, and nothing that has to do with texts: another port of it does, or none."""

    def __init__(self, reason: str, *, again_s: float = NO_TEXTS_AGAIN_S) -> None:
        super().__init__(reason, by_human=True, again_s=again_s)


class WrongModem(Unusable):
    """Another modem is on this port than the one that is wanted."""


class WrongSim(Unusable):
    """Another SIM is in it than the one that the PIN belongs to."""


def try_each(*commands: Command) -> Dialogue[Result]:
    """The first good answer to any of these; otherwise the last bad one."""
    result = Result(Kind.ERROR)
    for command in commands:
        result = yield command
        if result.ok:
            break
    return result


def hush() -> Dialogue[None]:
    """Echo off once more, and numbers in errors, which are lost with it in a restart."""
    yield Command("ATE0")
    yield from try_each(Command("AT+CMEE=1"), Command("AT+CMEE=2"))


def resync(tries: int = 3, *, wait_s: float = 2.0, owing: bool = False) -> Dialogue[None]:
    """AT until it is answered; NoAnswer when it is not. `owing`: an earlier command has had no answer yet.

    That answer, or one of our own earlier ATs, may be the OK that was heard. It must not meet the next command, so then
    something is asked whose answer cannot be mistaken: answers come in order, and none is owed behind that one.
    """
    for attempt in range(tries):
        result: Result = yield Command("AT", timeout_s=wait_s, probe=True)
        if result.ok:
            if attempt or owing:
                yield from aligned()
            return
        if attempt == 0:
            yield Escape()
            yield Wake()
    raise NoAnswer("no answer to AT")


def aligned() -> Dialogue[None]:
    """Return when all earlier answers have come, as far as that can be known of a modem that can say neither of these.

    Two questions, for the second must not be taken for answered by a late answer to the first. A modem that refuses
    both (ZTE, before it was asked for its PIN) is up to date, by all that can be known. NoAnswer otherwise: what is
    owed may still come.
    """
    refused = True
    for name in ("+CMEE", "+CMGF"):
        result: Result = yield Command(f"AT{name}?", prefix=(f"{name}:",), timeout_s=ALIGNED_S, sure=True)
        if result.lines:
            return
        refused = refused and result.text not in {"", "OK"}
    if not refused:
        raise NoAnswer("no answer to AT")
    yield Listen(1.0)


def watched(dialogue: Dialogue[T]) -> Dialogue[T]:
    """The same, but a command without an answer is followed by an AT: a dead modem is not asked forty more things.

    An answer that breaks off goes to the dialogue first, so that what came is not lost.
    """
    try:
        step = next(dialogue)
        while True:
            try:
                reply = yield step
            except Interrupted as news:
                step = dialogue.throw(news)
                continue
            broke_off = isinstance(step, Command) and step.limit_s is not None and reply.lines
            if isinstance(step, Command) and not step.probe and reply.kind is Kind.TIMEOUT and not broke_off:
                yield from resync(owing=True)
            step = dialogue.send(reply)
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        dialogue.close()
