"""Plays the modem's part in a dialogue from a table of answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gatewayd.wire.at import Command, Kind, Result, final_result
from gatewayd.wire.modem_steps import (
    BeforeSubmit,
    Dialogue,
    Escape,
    Listen,
    MayTryPin,
    PinResult,
    SimOfPin,
    Step,
    Submit,
)

T = TypeVar("T")

GOOD = {
    "AT+CGMI": "huawei\nOK",
    "AT+CGMM": "E173\nOK",
    "AT+CGMR": "11.126.16.04.437\nOK",
    "AT+CFUN?": "+CFUN: 1\nOK",
    "AT+CCID": "+CCID: 8944110065000000001F\nOK",
    "AT+CPIN?": "+CPIN: READY\nOK",
    "AT+CIMI": "234150000000001\nOK",
    "AT+CREG?": "+CREG: 2,1\nOK",
    "AT+CGREG?": "+CGREG: 2,1\nOK",
    "AT+CEREG?": "ERROR",
    "AT+CEREG=2": "ERROR",
    "AT+CEREG=1": "ERROR",
    "AT+CSCA?": '+CSCA: "+447700900000",145\nOK',
    "AT+CSMS=0": "+CSMS: 1,1,1\nOK",
    "AT+CPMS=?": '+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")\nOK',
    'AT+CPMS="ME","ME","ME"': "+CPMS: 2,23,2,23,2,23\nOK",
    "AT+CNMI=?": "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)\nOK",
    "AT+CNMI?": "+CNMI: 2,1,0,1,0\nOK",
    "AT+CSQ": "+CSQ: 18,99\nOK",
    "AT+CMEE?": "+CMEE: 1\nOK",
    "AT+COPS?": '+COPS: 0,0,"A, B",7\nOK',
}

Answer = str | None  # None: silence
Table = dict[str, Answer | list[Answer]]


def result_of(text: Answer, command: Command | None = None) -> Result:
    """Lines, the last of them final; None is a timeout."""
    if text is None:
        return Result(Kind.TIMEOUT, took_s=command.timeout_s if command else 0.0)
    *lines, last = text.split("\n")
    if last == ">":
        return Result(Kind.PROMPT, tuple(lines))
    final = final_result(last)
    assert final is not None, text
    return Result(final.kind, tuple(lines), final.code, final.text)


class Play:
    """The course of one dialogue: what was said, and every step."""

    def __init__(self, table: Table | None = None, *, default: Answer = "OK", may_try_pin: bool = True) -> None:
        self.table: Table = {"AT+CMEE?": "+CMEE: 1\nOK", **(table or {})}
        self.default = default
        self.may_try_pin = may_try_pin
        self.booked = True
        self.sim_of_pin = ""
        self.on_submit: Answer = "+CMGS: 5\nOK"
        self.on_escape: Answer = None
        self.said: list[str] = []
        self.steps: list[Step] = []
        self.listened_s = 0.0
        self.throw_at: Callable[[Step], Exception | None] = lambda step: None

    def run(self, dialogue: Dialogue[T]) -> T:
        reply: Any = None
        try:
            step = next(dialogue)
            while True:
                self.steps.append(step)
                assert len(self.steps) < 2000, "no end in sight"
                error = self.throw_at(step)
                if error is not None:
                    step = dialogue.throw(error)
                    continue
                reply = self._reply(step)
                step = dialogue.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result

    def _reply(self, step: Step) -> Any:
        match step:
            case Command():
                self.said.append(step.text)
                return result_of(self._look_up(step.text), step)
            case Submit():
                self.said.append(f"<{step.pdu_hex}>")
                return result_of(self.on_submit)
            case Escape():
                self.said.append("<ESC>")
                return result_of(self.on_escape)
            case BeforeSubmit():
                return self.booked
            case MayTryPin():
                return self.may_try_pin
            case SimOfPin():
                return self.sim_of_pin
            case Listen():
                self.listened_s += step.for_s
        return None

    def _look_up(self, text: str) -> Answer:
        answer = self.table.get(text, self.default)
        if isinstance(answer, list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return answer

    @property
    def pin_results(self) -> list[bool]:
        return [step.good for step in self.steps if isinstance(step, PinResult)]
