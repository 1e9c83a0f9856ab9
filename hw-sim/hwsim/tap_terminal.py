"""A bureau's TAP side: its lines, who is on them, and the rules that all calls share."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol

from hwsim.outlet import Wire
from hwsim.settings_by_name import choice
from hwsim.tap_call import Call
from hwsim.tap_faults import struck
from hwsim.tap_pages import QUOTA_SPAN_S

if TYPE_CHECKING:
    from hwsim.bureau import Bureau, Order, Page, State

TRANSPARENT_SINCE = "1.6"


@dataclass(slots=True)
class TapSettings:
    """How the terminal behaves on all its lines; every field can be set through the control API and a scene file."""

    version: str = "1.8"  # of TAP; "" plays a terminal of before 1.6: no message sequences, no SUB
    password: str = ""  # any if none is set
    banner: str = ""  # code 114 at logon
    banner_before_id: str = ""
    farewell: str = "Goodbye"
    id_with_cr: bool = False  # ID= and CR
    crs_before_id: int = field(default=1, metadata={"above_0": True})  # the CR that it answers, of each call
    id_unasked_s: float = 0.0  # ID= without a CR after so long, 0: never
    id_delay_s: float = 0.0
    go_ahead_delay_s: float = 0.0
    answer_delay_s: float = 0.0  # to each block
    patience_s: float = 30.0  # for the first CR
    t4_s: float = 4.0  # for the next block after an answer
    t5_s: float = 8.0  # for the logon after ID=
    block_s: float = 10.0  # within a block, from one piece to the next
    session_s: float = 180.0  # a call may last (113), 0: any time
    n3: int = 3  # how often ID= is sent again
    logons_max: int = 3
    errors_max: int = 3  # checksums (503), stray octets (502)
    invalid_max: int = 0  # RS before 506, 0: any number
    pages_max: int = 10  # in a call (112), 0: any number
    blocks_max: int = 0  # in a transaction, 0: any number
    strict_size: bool = True  # no block over 256 octets
    extra_fields: str = choice("refuse", "lines")  # a third field and more
    function_digit: bool = False  # the last digit of field 1
    id_min: int = 1
    id_max: int = 16
    chars_max: int = 0  # 0: as many as the pager shows
    long_pages: str = choice("truncate", "reject")
    tells_limit: bool = True  # 214 and 517 instead of 212 and 513
    quota_per_hour: int = 0  # pages for one pager (516), 0: any number
    good_bye: str = choice("polite", "bare", "drop")
    line_ends: str = choice("cr", "lf", "crlf")
    parity: str = choice("none", "even", "ignore")  # bit 8: 0 both ways; even parity both ways; nobody looks


class Line(Protocol):
    """Where calls come from."""

    name: str

    @property
    def address(self) -> str:
        """What a client opens or dials."""

    async def start(self) -> None:
        """From here on a caller can get through."""

    async def stop(self) -> None:
        """Ends all calls and opens no more."""


def _even(octet: int) -> int:
    return octet | (octet.bit_count() & 1) << 7


class Terminal:
    """One paging terminal. Lines make calls; what calls accept goes to the bureau."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.loop = bureau.loop
        self.dice = bureau.dice
        self.rules = bureau.rules
        self.settings = TapSettings()
        self.lines: list[Line] = []
        self.calls: list[Call] = []
        self.wire = Wire()
        self.echo = False  # a terminal that sends back what it hears
        self._numbers = count(1)
        self._paged: dict[str, deque[float]] = {}

    @property
    def transparent(self) -> bool:
        """SUB pairs are understood."""
        return self.settings.version >= TRANSPARENT_SINCE

    def call(self, line: str) -> Call | None:
        """Somebody gets through on a line; None if it is engaged by a fault."""
        if struck(self.rules, "call", line, None, self.dice):
            self.bureau.book("engaged", protocol="tap", line=line)
            return None
        call = Call(self, line, next(self._numbers))
        self.calls.append(call)
        self.book("call", call)
        return call

    def left(self, call: Call) -> None:
        """A call is over."""
        if call in self.calls:
            self.calls.remove(call)
        self.bureau.network.changed()

    def book(self, event: str, call: Call, **more: object) -> None:
        """One entry in the ledger."""
        self.bureau.book(event, protocol="tap", line=call.line, call=call.number, **more)

    def accept(self, order: Order) -> None:
        """A page for the bureau."""
        self._paged.setdefault(order.to, deque()).append(self.loop.time())
        self.bureau.accept(order, _nobody_asks)

    def within_quota(self, number: str) -> bool:
        """This pager may have one more page in this hour."""
        paged = self._paged.setdefault(number, deque())
        while paged and paged[0] <= self.loop.time() - QUOTA_SPAN_S:
            paged.popleft()
        return not self.settings.quota_per_hour or len(paged) < self.settings.quota_per_hour

    # Parity

    def with_parity(self, octets: bytes) -> bytes:
        """Our octets as the line has them."""
        return bytes([_even(octet) for octet in octets]) if self.settings.parity == "even" else octets

    def without_parity(self, octets: bytes) -> bytes | None:
        """The caller's seven bits; None if an octet's eighth is wrong."""
        clean = bytes([octet & 0x7F for octet in octets])
        if self.settings.parity == "ignore":
            return clean
        return clean if self.with_parity(clean) == octets else None

    # Life

    async def start(self) -> None:
        """Opens all lines."""
        for line in self.lines:
            await line.start()

    async def stop(self) -> None:
        """Ends all calls and closes the lines."""
        for call in list(self.calls):
            call.drop("stop")
        for line in self.lines:
            await line.stop()


def _nobody_asks(_page: Page, _state: State) -> None:
    """TAP has no receipts."""
