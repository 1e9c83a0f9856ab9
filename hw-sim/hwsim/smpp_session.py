"""One connection of an ESME: framing, session state, windows, link checks, and what a bad line does to the bytes.

SMPP 3.4 2.2 (states), 2.4 and 7.2 (timers), 2.9 (windows). What requests mean is the centre's business (`smpp_centre`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hwsim.outlet import Outlet
from hwsim.smpp_pdu import RESPONSE, SEQUENCE_MAX, BadLength, Command, Pdu, Status, Violation, status_name, take_frame

if TYPE_CHECKING:
    from hwsim.smpp_centre import Account, Centre

SHOWN_OCTETS = 64
UNSENT_OCTETS_MAX = 4_000_000
LAST_WORDS_S = 0.2
HELD_S = 5.0
BEHIND_MAX = 100  # so many refusals wait for the answer to a bind at most
SPOILT_MAX = 100  # so many things we said wait for a generic_nack at most


class Phase(Enum):
    """Session states (2.2)."""

    OPEN = "open"
    TX = "transmitter"
    RX = "receiver"
    TRX = "transceiver"
    CLOSED = "closed"


_SENDING = frozenset({Phase.TX, Phase.TRX})
_BOUND = frozenset({Phase.TX, Phase.RX, Phase.TRX})
_OPEN = frozenset({Phase.OPEN})
# In which states an ESME may send which request (2.3). A bind in another state gets RALYBND, the rest RINVBNDSTS.
ALLOWED: dict[int, frozenset[Phase]] = {
    Command.BIND_RECEIVER: _OPEN,
    Command.BIND_TRANSMITTER: _OPEN,
    Command.BIND_TRANSCEIVER: _OPEN,
    Command.UNBIND: _BOUND,
    Command.ENQUIRE_LINK: _BOUND,
    Command.SUBMIT_SM: _SENDING,
    Command.SUBMIT_MULTI: _SENDING,
    Command.DATA_SM: _SENDING,
    Command.QUERY_SM: _SENDING,
    Command.CANCEL_SM: _SENDING,
    Command.REPLACE_SM: _SENDING,
    Command.DELIVER_SM: frozenset(),
}
BINDS = frozenset({Command.BIND_RECEIVER, Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER})


@dataclass(slots=True)
class _Asked:
    """A request of ours that waits for its answer."""

    command: int
    answered: Callable[[int | None], None]
    timer: asyncio.TimerHandle


def _flaw_of_answer(command: int, answer: Pdu) -> str:
    """What is wrong with the body of an answer to us (4.2.2, 4.6.2, 4.7.2, 4.11.2); nothing follows an error."""
    body = answer.body
    match command:
        case Command.DELIVER_SM if body != b"\0" and (body or not answer.status):
            return "the message_id of a deliver_sm_resp is not one NULL"
        case Command.DATA_SM if b"\0" not in body and (body or not answer.status):
            return "the message_id of a data_sm_resp is not ended by NULL"
        case Command.ENQUIRE_LINK | Command.UNBIND if body:
            return f"{Command(command).name.lower()}_resp with a body"
    return ""


class Session(asyncio.Protocol):
    """The centre's end of one connection. All waiting is the loop's."""

    def __init__(self, centre: Centre, number: int) -> None:
        self.centre = centre
        self.number = number
        self.loop = centre.loop
        self.phase = Phase.OPEN
        self.account: Account | None = None
        self.version = 0x34
        self.silent = False  # half open: nothing is heard and nothing said
        self.mute_enquire = False
        self.ready = False  # messages may be handed over
        self._answered_bind = False
        self._behind: deque[Pdu] = deque(maxlen=BEHIND_MAX)  # refusals of what came too early
        self._open: set[int] = set()  # sequence numbers of their requests that we have not answered yet
        self.held: bytes | None = None  # a response that waits for the next one to overtake it
        self._transport: asyncio.Transport | None = None
        self._stream = bytearray()
        self._asked: dict[int, _Asked] = {}
        self._spoilt: deque[int | None] = deque(maxlen=SPOILT_MAX)
        self._sequence = 0
        self._theirs = 0  # sequence number of their last request
        self._stalled = False
        self._outlet = Outlet(self.loop, self._write)
        self._enquiring = False
        self._heard_at = self.loop.time()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # The transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there; while the centre is deaf it is cut off at once."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self.centre.arrived(self):
            transport.abort()
            return
        self._after("init", self.centre.settings.init_s, self._init_over)

    def data_received(self, data: bytes) -> None:
        """Octets of any number of PDUs."""
        if self.silent:
            return
        self._heard_at = self.loop.time()
        self._stream += data
        self._read()

    def connection_lost(self, _exc: Exception | None) -> None:
        """The connection is gone, whoever ended it."""
        self.phase = Phase.CLOSED
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        asked, self._asked = self._asked, {}
        self.centre.left(self)
        for waiting in asked.values():
            waiting.timer.cancel()
            waiting.answered(None)

    def close(self, *, reset: bool = False) -> None:
        """Ends the connection; with `reset` at once, without what is still to be sent."""
        if self._transport:
            if reset:
                self._transport.abort()
            else:
                self._transport.close()

    @property
    def bound(self) -> bool:
        """After a bind that was accepted, before the end."""
        return self.phase in _BOUND

    @property
    def receives(self) -> bool:
        """Bound so that messages can be handed over."""
        return self.ready and self.phase in {Phase.RX, Phase.TRX}

    @property
    def room(self) -> int:
        """How many more requests of ours may wait for an answer."""
        return self.centre.settings.deliver_window - len(self._asked)

    def _after(self, name: str, delay_s: float, act: Callable[[], None]) -> None:
        previous = self._timers.pop(name, None)
        if previous:
            previous.cancel()
        if delay_s > 0:
            self._timers[name] = self.loop.call_later(delay_s, act)

    # Requests of theirs

    def _read(self) -> None:
        while self.phase is not Phase.CLOSED and not self._stalled and not self.silent:
            try:
                pdu = take_frame(self._stream, self.centre.settings.pdu_octets_max)
            except BadLength as lost:
                self.violation(str(lost), Status.RINVCMDLEN, bytes(self._stream[:SHOWN_OCTETS]))
                self.say(Pdu(Command.GENERIC_NACK, Status.RINVCMDLEN, lost.sequence))
                self._stream.clear()
                self.close()
                return
            if pdu is None:
                return
            self._take(pdu)

    def _take(self, pdu: Pdu) -> None:
        if not 1 <= pdu.sequence <= SEQUENCE_MAX and pdu.command != Command.GENERIC_NACK:
            self.violation(f"sequence_number 0x{pdu.sequence:08X} is out of range", None, pdu.encode())
        if pdu.is_response:
            self._answered(pdu)
            return
        if 0 < pdu.sequence <= self._theirs < SEQUENCE_MAX and pdu.sequence not in self._open:
            sentence = f"sequence_number {pdu.sequence} after {self._theirs} (3.2)"
            self.violation(sentence, None, pdu.encode(), pdu.command)
        self._theirs = pdu.sequence
        try:
            self._check(pdu)
            self.centre.handle(self, pdu)
        except Violation as broken:
            self.violation(str(broken), broken.status, pdu.encode(), pdu.command)
            self.answer(pdu, broken.status)

    def _check(self, pdu: Pdu) -> None:
        allowed = ALLOWED.get(pdu.command)
        if allowed is None:
            raise Violation(Status.RINVCMDID, f"command_id 0x{pdu.command:08X}")
        if pdu.status:
            self.violation("command_status of a request is not 0", None, pdu.encode(), pdu.command)
        if self.phase not in allowed:
            status = Status.RALYBND if pdu.command in BINDS else Status.RINVBNDSTS
            raise Violation(status, f"{Command(pdu.command).name.lower()} in state {self.phase.value}")
        if self.bound and not self._answered_bind:
            raise Violation(Status.RINVBNDSTS, f"{Command(pdu.command).name.lower()} before the answer to the bind")
        if pdu.command in {Command.UNBIND, Command.ENQUIRE_LINK} and pdu.body:
            raise Violation(Status.RINVCMDLEN, f"{Command(pdu.command).name.lower()} with a body")

    def violation(self, sentence: str, status: Status | None, pdu: bytes, command: int = 0) -> None:
        """Puts it into the ledger; a bind's octets stay out of it, for they hold a password."""
        self.centre.book(
            "violation",
            line=self.account.system_id if self.account else None,
            session=self.number,
            rule=sentence,
            answer=status_name(status) if status is not None else None,
            pdu=None if command in BINDS else pdu[:SHOWN_OCTETS].hex().upper(),
        )

    @property
    def outstanding(self) -> int:
        """How many of their requests wait for our answer."""
        return len(self._open)

    def begin(self, sequence: int) -> None:
        """One more request waits for our answer; reading stops when the window is full and that is the policy."""
        if sequence in self._open:
            self.violation(f"sequence_number {sequence} is that of a request without an answer yet", None, b"")
        self._open.add(sequence)
        settings = self.centre.settings
        if settings.window_policy == "stall" and self.outstanding >= settings.window and self._transport:
            self._stalled = True
            self._transport.pause_reading()

    def end(self, sequence: int) -> None:
        """A request has had its answer, or never will."""
        self._open.discard(sequence)
        if self._stalled and self.outstanding < self.centre.settings.window and self._transport:
            self._stalled = False
            if not self._transport.is_closing():
                self._transport.resume_reading()
            self._read()

    # What we say

    def answer(self, pdu: Pdu, status: int, body: bytes = b"") -> None:
        """The response to a request: header only unless all is well (4.4.2 and its like); generic_nack if the command
        has no response."""
        command = pdu.command | RESPONSE if pdu.command in ALLOWED else Command.GENERIC_NACK
        said = Pdu(command, status, pdu.sequence, body)
        if self.bound and not self._answered_bind:
            self._behind.append(said)  # in order: the bind's answer comes first
        else:
            self.say(said)

    def welcome(self, answer: Pdu) -> None:
        """The answer to the bind; from now on requests are welcome and messages may be handed over."""
        self.say(answer)
        self._answered_bind = self.ready = True
        while self._behind:
            self.say(self._behind.popleft())

    def say(self, pdu: Pdu) -> None:
        """Sends one PDU."""
        self.send(pdu.encode())

    def send(self, data: bytes) -> None:
        """Sends octets, as the line takes them: at once, or in pieces."""
        if self.silent or self._transport is None or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > UNSENT_OCTETS_MAX:
            self._transport.abort()
            return
        self._outlet.send(data, self.centre.wire)

    def _write(self, data: bytes) -> None:
        if self._transport and not self.silent and not self._transport.is_closing():
            self._transport.write(data)

    def spoil(self, octets: bytes, sequence: int | None = None) -> None:
        """Sends what no ESME can make sense of. One generic_nack may answer it (4.3): with this sequence number, or
        with any if what was sent has none."""
        self._spoilt.append(sequence)
        self.send(octets)

    def expect_nack(self) -> None:
        """What goes out next may be answered by one generic_nack with any sequence number."""
        self._spoilt.append(None)

    def _nacked(self, sequence: int) -> bool:
        """A generic_nack that answers something spoilt, which is then settled."""
        for fits in (sequence, None):
            if fits in self._spoilt:
                self._spoilt.remove(fits)
                self.centre.book("nacked", session=self.number, sequence=sequence)
                return True
        return False

    def hold(self, data: bytes) -> None:
        """Keeps a response back until the next one has gone, or for a while if none comes."""
        self.let_go()
        self.held = data
        self.loop.call_later(HELD_S, self.let_go)

    def let_go(self) -> None:
        """Sends what is held back."""
        held, self.held = self.held, None
        if held:
            self.send(held)

    # Requests of ours

    def ask(
        self, make: Callable[[int], Pdu], answered: Callable[[int | None], None], timeout_s: float, *, cut: bool = False
    ) -> None:
        """Sends a request with the next sequence number; `answered` hears its status once, None if none came. `cut`:
        the connection ends in the middle of it."""
        pdu = make(self.next_number())
        timer = self.loop.call_later(timeout_s, self._unanswered, pdu.sequence)
        self._asked[pdu.sequence] = _Asked(pdu.command, answered, timer)
        if cut:
            octets = pdu.encode()
            self.send(octets[: len(octets) // 2])
            self.close()
        else:
            self.say(pdu)

    def next_number(self) -> int:
        """The sequence_number of our next request."""
        self._sequence = self._sequence % SEQUENCE_MAX + 1
        return self._sequence

    def _unanswered(self, sequence: int) -> None:
        waiting = self._asked.pop(sequence)
        self.centre.book("unanswered", session=self.number, command=Command(waiting.command).name.lower())
        waiting.answered(None)

    def _answered(self, pdu: Pdu) -> None:
        waiting = self._asked.get(pdu.sequence)
        nack = pdu.command == Command.GENERIC_NACK
        if waiting is None:
            if nack and self._nacked(pdu.sequence):
                return
            if pdu.sequence > self._sequence or not pdu.sequence:
                self.violation("a response to nothing that was asked", None, pdu.encode())
            return
        if not nack and pdu.command != waiting.command | RESPONSE:
            self.violation("a response of another kind than the request", None, pdu.encode())
            return
        if flaw := "" if nack else _flaw_of_answer(waiting.command, pdu):
            self.violation(flaw, None, pdu.encode())
        del self._asked[pdu.sequence]
        waiting.timer.cancel()
        waiting.answered(pdu.status)

    # Timers

    def bind(self, account: Account, phase: Phase, version: int) -> None:
        """The bind was accepted."""
        self.account, self.phase, self.version = account, phase, version
        self._after("init", 0.0, self._init_over)
        self.watch()

    def watch(self) -> None:
        """Sees to the enquire_link timer; the settings may have changed."""
        self._after("enquire", self.centre.settings.enquire_s, self._enquire_when_idle)
        self._after("idle", self.centre.settings.idle_s, self._idle)

    def _init_over(self) -> None:
        if self.silent:
            return
        self.centre.book("closed", session=self.number, why="no bind in time")
        self.close()

    def _enquire_when_idle(self) -> None:
        left_s = self._heard_at + self.centre.settings.enquire_s - self.loop.time()
        if left_s > 0.001:
            self._after("enquire", left_s, self._enquire_when_idle)
            return
        self.enquire()
        self._after("enquire", self.centre.settings.enquire_s, self._enquire_when_idle)

    def enquire(self) -> None:
        """Asks whether the ESME is there; without an answer the connection ends."""
        if self._enquiring or not self.bound:
            return
        self._enquiring = True
        self.ask(lambda number: Pdu(Command.ENQUIRE_LINK, 0, number), self._enquired, self.centre.settings.answer_s)

    def _enquired(self, status: int | None) -> None:
        self._enquiring = False
        if status is None and self.phase is not Phase.CLOSED and not self.silent:
            self.centre.book("closed", session=self.number, why="enquire_link unanswered")
            self.close(reset=True)

    def _idle(self) -> None:
        left_s = self._heard_at + self.centre.settings.idle_s - self.loop.time()
        if left_s > 0.001:
            self._after("idle", left_s, self._idle)
            return
        self.centre.book("closed", session=self.number, why="idle")
        self.unbind()

    def unbind(self) -> None:
        """Asks the ESME to let go, and closes once it has answered or does not."""
        if not self.bound:
            self.close()
            return
        self.ask(lambda number: Pdu(Command.UNBIND, 0, number), lambda _: self.unbound(), self.centre.settings.answer_s)

    def unbound(self) -> None:
        """Nothing more is exchanged; the connection ends in a moment."""
        if self.phase is not Phase.CLOSED:
            self.phase = Phase.OPEN
            self._answered_bind = self.ready = False
            self.centre.network.changed()
            self._after("init", LAST_WORDS_S, self.close)
