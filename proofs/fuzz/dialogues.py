"""The dialogues with a modem (bring-up, look, listing, sending) when its answers are damaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatewayd.wire.at import AtCore, Command, Kind, Phase, Reset, Result
from gatewayd.wire.modem_bringup import bring_up, look
from gatewayd.wire.modem_profile import Profile, Wishes
from gatewayd.wire.modem_send import Manner, send_pdu
from gatewayd.wire.modem_steps import (
    BeforeSubmit,
    Dialogue,
    Escape,
    Gap,
    Interrupted,
    Listen,
    MayTryPin,
    NoAnswer,
    Step,
    Submit,
    Unusable,
    Wake,
    watched,
)
from gatewayd.wire.modem_storage import Slot, empty, listing, read
from proofs.fuzz import tpdu
from proofs.fuzz.at import SAMPLES
from proofs.fuzz.course import Breach, Core, Course, must
from tests.wire.dialogue import GOOD

STEPS_MAX = 5000
_PDU = tpdu.SAMPLES[0].hex().upper()
_ANSWERS: dict[str, str] = {
    **GOOD,
    "AT+CMGL=4": f"+CMGL: 1,0,,24\n{_PDU}\n+CMGL: 2,1,,24\n{_PDU}\nOK",
    "AT+CMGD=?": "+CMGD: (0-3,7),(0-4)\nOK",
    "AT+CPMS?": '+CPMS: "ME",2,23,"ME",2,23,"ME",2,23\nOK',
    "AT+CPINR": "+CPINR: SIM PIN,3,10\nOK",
    "AT+CESQ": "+CESQ: 99,99,255,255,20,60\nOK",
}
_SENT = ("+CMGS: 83\nOK", "+CMGS: 83\nOK", "OK", "+CMS ERROR: 38", "ERROR", "+CMGS: 5,\nOK", "> ")


class Modem:
    """Answers each step as a good modem would, or something damaged, or nothing; the AT core reads it."""

    def __init__(self, course: Course) -> None:
        self.course, self.core, self.now = course, AtCore(), 100.0
        self.hurt = course.dice.choice((0.1, 0.3, 0.7))
        self.booked = self.submitted = self.steps = 0

    def run(self, dialogue: Dialogue[Any]) -> Any:
        """As the channel's own talk does."""
        try:
            step = next(dialogue)
            while True:
                self.steps += 1
                must(self.steps < STEPS_MAX, "no end in sight")
                try:
                    reply = self._reply(step)
                except Interrupted as news:
                    step = dialogue.throw(news)
                else:
                    step = dialogue.send(reply)
        except StopIteration as stop:
            return stop.value
        finally:
            if self.core.phase is Phase.PROMPTED:
                self.core.escape(0.0, self.now)
            self.core.abandon()
            self.core.data_to_send()

    def _reply(self, step: Step) -> object:
        if self.course.maybe(0.003) and not isinstance(step, Submit):
            raise Interrupted("the port is gone")
        match step:
            case Command():
                self.core.execute(step, self.now)
                slot = f"+CMGR: 1,,24\n{_PDU}\nOK" if step.text.startswith("AT+CMGR=") else "OK"
                return self._result("> " if step.prompt else _ANSWERS.get(step.text, slot))
            case Submit():
                if not self.core.submit(step.pdu_hex, step.timeout_s, self.now, command=step.command):
                    return Result(Kind.CLOSED)
                self.submitted += 1
                must(self.submitted <= self.booked, "submitted and not booked")
                if self.course.maybe(0.02):
                    raise Interrupted("the port is gone")
                return self._result(self.course.dice.choice(_SENT))
            case Escape():
                self.core.escape(step.wait_s, self.now)
                return self._result("OK")
            case Listen():
                self.now += step.for_s
                self._listen()
            case Wake():
                self.core.wake()
            case Gap():
                self.core.gap_s = step.gap_s
            case BeforeSubmit():
                self._listen()  # the prompt may close meanwhile
                booked = self.course.maybe(0.9)
                self.booked += booked
                return booked
            case MayTryPin():
                return self.course.maybe(0.5)
        return None

    def _listen(self) -> None:
        if self.course.maybe(self.hurt / 4):
            self.core.receive(self.course.damage(SAMPLES), self.now)
            self._events()

    def _events(self) -> Result | None:
        results = []
        for event in self.core.events():
            if isinstance(event, Reset):
                raise Interrupted("the modem restarted")
            if isinstance(event, Result):
                results.append(event)
        must(len(results) <= 1, "two results of one command")
        return results[0] if results else None

    def _result(self, words: str) -> Result:
        """The answer comes at once; without one, time passes until the core has had enough."""
        good = words if words == "> " else "\r\n" + words.replace("\n", "\r\n") + "\r\n"
        octets = good.encode()
        if self.course.maybe(self.hurt):
            octets = self.course.damage([octets, octets, octets, *SAMPLES])
        self.now += 0.05
        self.core.on_deadline(self.now)
        self.core.data_to_send()
        self.core.receive(octets, self.now)
        for _ in range(20):
            if (result := self._events()) is not None:
                return result
            deadline = self.core.next_deadline()
            must(deadline is not None, "a command that nobody ends")
            assert deadline is not None
            self.now = max(self.now, deadline)
            self.core.on_deadline(self.now)
        raise Breach("a command that never ends")


def play(course: Course) -> None:
    profile, wishes = Profile(), Wishes("m1", pin="1234" if course.maybe(0.5) else None)
    modem = Modem(course)
    try:
        profile = modem.run(watched(bring_up(wishes)))
        course.fates["up"] += 1
    except (NoAnswer, Unusable, Interrupted) as news:
        course.fates[type(news).__name__] += 1
        profile = Profile(storages=("ME", "SM"))
    work: list[Callable[[], Dialogue[Any]]] = [
        lambda: look(profile), lambda: listing(profile), lambda: read(profile, Slot("ME", 1)),
        lambda: empty(profile, Slot("SM", 2), None),
    ]  # fmt: skip
    for begin in course.dice.sample(work, 2):
        try:
            modem.run(watched(begin()))
        except (NoAnswer, Interrupted) as news:
            course.fates[type(news).__name__] += 1
    for _ in range(3):
        _send(course, modem)


def _send(course: Course, modem: Modem) -> None:
    """A text that was not submitted is never accepted or uncertain."""
    before = modem.submitted
    manner = Manner(prompts=course.maybe(0.9), echoes=course.maybe(0.1))
    verdict = modem.run(send_pdu(tpdu.SAMPLES[10].hex(), 23, manner))
    course.fates[verdict.fate] += 1
    sent = modem.submitted - before
    must(sent <= 1, "submitted twice")
    must(sent or verdict.fate not in {"accepted", "uncertain"}, f"{verdict.fate} and never submitted")
    must(not sent or verdict.fate != "withdrawn", "withdrawn after it was submitted")


CORES = (Core("modem", play, 50_000),)
