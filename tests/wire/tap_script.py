"""Plays a paging terminal's part from a script, and puts down what the call did.

A script is lines of `>` (what we must write), `<` (what the terminal says) and `wait` (nothing for so many seconds),
with control octets by name: `> <ESC>PG1<CR>`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from gatewayd.wire.tap import BeforeSubmit, CallOver, Event, Page, PageOver, Revoked, TapCall, TapSettings
from gatewayd.wire.tap_codes import Verdict

STANDARD = TapSettings()
NAMES = {
    "NUL": 0x00, "STX": 0x02, "ETX": 0x03, "EOT": 0x04, "ACK": 0x06, "LF": 0x0A, "CR": 0x0D, "XON": 0x11, "XOFF": 0x13,
    "NAK": 0x15, "ETB": 0x17, "SUB": 0x1A, "ESC": 0x1B, "RS": 0x1E, "US": 0x1F, "DEL": 0x7F,
}  # fmt: skip

LOGON = """
> <CR>
< ID=
> <ESC>PG1<CR>
< 110 1.8<CR><ACK><CR>
< <ESC>[p<CR>
"""
GOODBYE = """
> <EOT><CR>
< 115 Goodbye<CR><ESC><EOT><CR>
"""
FIRST_PAGE = Page("a", "4711", "first")
SECOND_PAGE = Page("b", "4712", "second")
A_BLOCK = "> <STX>4711<CR>first<CR><ETX>314<CR>"
B_BLOCK = "> <STX>4712<CR>second<CR><ETX>369<CR>"


def octets(named: str) -> bytes:
    pieces = re.split(r"<([A-Z]+)>", named)
    return b"".join(bytes([NAMES[piece]]) if at % 2 else piece.encode("latin-1") for at, piece in enumerate(pieces))


class Play:
    """One call against a script."""

    def __init__(
        self,
        pages: Sequence[Page] = (FIRST_PAGE,),
        settings: TapSettings = STANDARD,
        *,
        withheld: Collection[str] = (),
        decides: bool = True,
        line_bps: int = 0,
        portion: int = 0,
    ) -> None:
        self.call = TapCall(pages, settings)
        self.now = 100.0
        self.events: list[Event] = []
        self.written = b""
        self.withheld, self.decides, self.portion = withheld, decides, portion
        self.call.start(self.now, line_bps=line_bps)
        self.pump()

    def run(self, *scripts: str) -> Play:
        for line in "\n".join(scripts).splitlines():
            kind, _, rest = line.partition(" ")
            if kind == ">":
                self.expect(octets(rest))
            elif kind == "<":
                self.say(octets(rest))
            elif kind == "wait":
                self.wait(float(rest))
            else:
                assert not line, line
        return self

    def say(self, data: bytes) -> None:
        size = self.portion or len(data) or 1
        for at in range(0, len(data), size):
            self.call.receive(data[at : at + size], self.now)
        self.pump()

    def expect(self, data: bytes) -> None:
        assert self.written[: len(data)] == data, (self.written, data)
        self.written = self.written[len(data) :]

    def wait(self, seconds: float) -> None:
        """Let the time pass, deadline by deadline."""
        until = self.now + seconds
        while (at := self.call.next_deadline()) is not None and at <= until:
            self.now = max(self.now, at)
            self.call.on_deadline(self.now)
            self.pump()
        self.now = until

    def lose(self, *, unsent_octets: int = 0) -> Play:
        self.call.lost(self.now, unsent_octets=unsent_octets)
        self.pump()
        return self

    def pump(self) -> None:
        """What the shell does after each step: take the events, answer BeforeSubmit, write."""
        while True:
            self.written += self.call.data_to_send()
            events = self.call.events()
            if not events:
                return
            self.events += events
            for event in events:
                if isinstance(event, BeforeSubmit) and self.decides:
                    went = self.call.decide(event.key, go=event.key not in self.withheld, now=self.now)
                    assert went == (event.key not in self.withheld)

    @property
    def asked(self) -> list[str]:
        return [event.key for event in self.events if isinstance(event, BeforeSubmit)]

    @property
    def over(self) -> CallOver:
        overs = [event for event in self.events if isinstance(event, CallOver)]
        assert len(overs) == 1, self.events
        assert self.events[-1] is overs[0]
        assert self.call.next_deadline() is None
        return overs[0]

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The last word on each page, as the events told it; the same as in CallOver."""
        told: dict[str, Verdict] = {}
        for event in self.events:
            if isinstance(event, PageOver):
                assert event.key not in told, "told twice"
                told[event.key] = event.verdict
            elif isinstance(event, Revoked):
                assert told[event.key].fate == "accepted"
                told[event.key] = event.verdict
        assert dict(self.over.verdicts) == told
        return told

    @property
    def fates(self) -> dict[str, str]:
        return {key: verdict.fate for key, verdict in self.verdicts.items()}
