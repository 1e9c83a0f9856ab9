"""One SMPP session as a client (ESME): octets of the bureau in, events out. No socket, no clock.

Theory of operation. One session is one TCP connection, from its first octet to its last:

    OPEN -bind-> BINDING -good answer-> BOUND -unbind-> DRAINING -window empty or wait over-> UNBINDING -answer-> ENDED
                                        BOUND -peer's unbind-> PARTING -window empty or wait over-> ENDED

Every phase goes to ENDED when the link is lost, the stream makes no sense, or a wait is over. The window holds our
requests that have no answer yet, by sequence number and in the order of their deadlines. What has been handed out by
`data_to_send` counts as written, and nothing else does: so at each end the fate of every request is known exactly -
answered, uncertain, or certainly not sent. A request whose answer did not come in time leaves the window and stays in
a bounded memory, so that a late answer finds its owner.

Our answers to the peer's messages are the caller's to give, after they are on disk; enquire_link and unbind are
answered here. Any PDU is a sign of life. Of a peer that sends a thousand messages at once the caller has so many at a
time, the rest waits here, and what is no message overtakes it. While that is too much (`sated`), the caller does not
read, so that TCP holds the peer back; silence is no sign then, and `reads_again` ends it.

The caller: bind, then submit while `room`; after every call take `events` and `data_to_send`; call `on_deadline` at
`next_deadline`; call `lost` when the connection ends. Sources: SMPP 3.4 2.2 to 2.8, 4.1 to 4.11, 5.1, 7.2.
"""

from __future__ import annotations

from collections import deque
from enum import Enum

from gatewayd.wire.smpp_events import (
    Alerted,
    Answered,
    Arrived,
    BindRefused,
    Bound,
    Cause,
    Damaged,
    Ended,
    Event,
    NotSent,
    OutbindAsked,
    PeerLeaves,
    Pending,
    SessionSettings,
    Strange,
    Unanswered,
)
from gatewayd.wire.smpp_octets import INVALID_COMMAND, SmppError
from gatewayd.wire.smpp_pdu import (
    RESPONSE,
    SEQUENCE_MAX,
    Alert,
    Bind,
    BindResp,
    Body,
    Cancel,
    Command,
    DataMessage,
    Empty,
    Framer,
    Message,
    MessageResp,
    Outbind,
    Pdu,
    Query,
    QueryResp,
    Replace,
    command_name,
    decode,
    encode,
    read_header,
)
from gatewayd.wire.smpp_tlv import Tag, number_of

_NOT_BOUND = 0x04


class Phase(Enum):
    OPEN = "open"
    BINDING = "binding"
    BOUND = "bound"
    DRAINING = "draining"
    UNBINDING = "unbinding"
    PARTING = "parting"
    ENDED = "ended"


_BINDS = {
    "transceiver": Command.BIND_TRANSCEIVER,
    "transmitter": Command.BIND_TRANSMITTER,
    "receiver": Command.BIND_RECEIVER,
}
_BIND_ANSWERS = frozenset({command | RESPONSE for command in _BINDS.values()})
_CARRIERS = frozenset({Command.DELIVER_SM, Command.DATA_SM})  # of what people and receipts say
_REQUESTS: dict[type[Body], Command] = {
    Message: Command.SUBMIT_SM,
    DataMessage: Command.DATA_SM,
    Query: Command.QUERY_SM,
    Cancel: Command.CANCEL_SM,
    Replace: Command.REPLACE_SM,
}


class SmppSession:
    """See the module. `now` is monotonic seconds everywhere; `first_sequence` is for tests of the wrap."""

    def __init__(self, settings: SessionSettings, *, first_sequence: int = 1) -> None:
        self.settings = settings
        self.phase = Phase.OPEN
        self._framer = Framer(settings.pdu_octets_max)
        self._events: list[Event] = []
        self._out: deque[tuple[int, bytes]] = deque()  # sequence of a windowed request, or 0
        self._untaken: set[int] = set()
        self._window: dict[int, Pending] = {}
        self._late: dict[int, Pending] = {}
        self._own: dict[int, Command] = {}  # bind, enquire_link and unbind that wait for their answers
        self._arrived: dict[int, Arrived] = {}
        self._held: deque[bytes] = deque()  # messages of the peer that wait until the caller has answered others
        self._held_octets = 0
        self._arrivals = 0
        self._sequence = first_sequence - 1
        self._heard_at = 0.0
        self._enquired_at = 0.0
        self.proven_at = float("-inf")  # what we had said by then has been read: a later request of ours was answered
        self._phase_deadline: float | None = None
        self._enquiry: tuple[int, float] | None = None  # sequence, deadline
        self._parting_sequence = 0

    # -- what we say ---------------------------------------------------------------------------------------------------

    def bind(self, now: float) -> None:
        """Log in. Only in OPEN. SmppError, and nothing written, when a setting does not fit the protocol."""
        assert self.phase is Phase.OPEN, f"bind while {self.phase}"
        settings = self.settings
        body = Bind(
            system_id=settings.system_id,
            password=settings.password,
            system_type=settings.system_type,
            interface_version=settings.interface_version,
            addr_ton=settings.addr_ton,
            addr_npi=settings.addr_npi,
            address_range=settings.address_range,
        )
        self._ask(_BINDS[settings.mode], body)
        self.phase, self._phase_deadline = Phase.BINDING, now + settings.bind_wait_s

    @property
    def ended(self) -> bool:
        return self.phase is Phase.ENDED

    @property
    def room(self) -> int:
        """How many requests may be added now."""
        if self.phase is not Phase.BOUND or self.settings.mode == "receiver":
            return 0
        return self.settings.window_max - len(self._window)

    def submit(self, body: Message | DataMessage | Query | Cancel | Replace, key: str, now: float) -> int:
        """Put a request into the window; its sequence number. Only while there is `room`.

        SmppError, and nothing changed, when the body cannot be written.
        """
        assert self.room > 0, f"no room while {self.phase}"
        sequence, command = self._next_sequence(), _REQUESTS[type(body)]
        octets = encode(Pdu(command, sequence, 0, body), octets_max=self.settings.pdu_octets_max)
        self._sequence = sequence
        self._window[sequence] = Pending(sequence, command, key, now)
        self._untaken.add(sequence)
        self._out.append((sequence, octets))
        return sequence

    def withdraw(self, sequence: int) -> bool:
        """Take a request back. False when its octets have left or it is not in the window."""
        if sequence not in self._untaken:
            return False
        self._drop(sequence)
        return True

    def answer(self, arrived: Arrived, status: int = 0) -> bool:
        """Answer a message of the peer. False when it cannot be any more: the peer will send it again."""
        if self._arrived.get(arrived.number) is not arrived:
            return False  # of a session before this one, perhaps
        del self._arrived[arrived.number]
        self._say(arrived.command | RESPONSE, arrived.sequence, status, MessageResp())
        while self._held and len(self._arrived) < self.settings.arrived_max:
            self._release()
        return True

    @property
    def sated(self) -> bool:
        """Nothing more should be read for now."""
        return self._held_octets >= self.settings.held_octets_max

    def reads_again(self, now: float) -> None:
        """It is not `sated` any more: what was not heard meanwhile does not count."""
        self._heard_at = now
        if self._enquiry is not None:
            self._enquiry = self._enquiry[0], now + self.settings.enquire_wait_s

    def unbind(self, now: float) -> None:
        """Leave: no new requests, wait a little for the answers that are out, log out. Ended follows."""
        if self.phase is Phase.BOUND:
            self.phase, self._phase_deadline = Phase.DRAINING, now + self.settings.drain_wait_s
            self._window_moved(now)
        elif self.phase in (Phase.OPEN, Phase.BINDING):
            self._end("unbound", "left before it was bound")

    def lost(self, now: float, reason: str = "connection lost") -> None:
        """The connection is gone; `now` for symmetry of the calls. Ended tells the fate of every request."""
        del now
        self._end("lost", reason)

    def data_to_send(self, octets_max: int | None = None) -> bytes:
        """Whole PDUs for the socket, at least one if there is any. What is handed out here counts as written."""
        taken = bytearray()
        while self._out and (not taken or octets_max is None or len(taken) + len(self._out[0][1]) <= octets_max):
            sequence, octets = self._out.popleft()
            self._untaken.discard(sequence)
            taken += octets
        return bytes(taken)

    # -- time ----------------------------------------------------------------------------------------------------------

    def next_deadline(self) -> float | None:
        """When `on_deadline` wants to be called, whatever comes in."""
        if self.ended:
            return None
        times = [] if self._phase_deadline is None else [self._phase_deadline]
        if self._window:
            times.append(self._oldest().asked_at + self.settings.answer_wait_s)
        if self.sated:
            pass
        elif self._enquiry is not None:
            times.append(self._enquiry[1])
        elif self.phase is Phase.BOUND:
            times.append(self._heard_at + self.settings.idle_s)
        return min(times, default=None)

    def on_deadline(self, now: float) -> None:
        if self._phase_deadline is not None and now >= self._phase_deadline:
            self._phase_over(now)
        while self._window and now >= self._oldest().asked_at + self.settings.answer_wait_s:
            self._give_up_waiting(self._oldest(), now)
        if self.sated:
            return
        if self._enquiry is not None and now >= self._enquiry[1]:
            self._end("dead link", f"nothing heard for {now - self._heard_at:.0f} s")
        elif self.phase is Phase.BOUND and self._enquiry is None and now >= self._heard_at + self.settings.idle_s:
            self._enquire(now)

    def _oldest(self) -> Pending:
        return next(iter(self._window.values()))

    def _phase_over(self, now: float) -> None:
        if self.phase is Phase.BINDING:
            self._end("no answer", "bind was not answered")
        elif self.phase is Phase.DRAINING:
            self._log_out(now)
        elif self.phase is Phase.UNBINDING:
            self._end("unbound", "unbind was not answered")
        elif self.phase is Phase.PARTING:
            self._part()

    def _give_up_waiting(self, pending: Pending, now: float) -> None:
        if pending.sequence in self._untaken:
            self._drop(pending.sequence)
            self._events.append(NotSent(pending))
        else:
            del self._window[pending.sequence]
            self._late[pending.sequence] = pending
            if len(self._late) > self.settings.late_max:
                del self._late[next(iter(self._late))]
            self._events.append(Unanswered(pending))
            if self.phase is Phase.BOUND and self._heard_at <= pending.asked_at and self._enquiry is None:
                self._enquire(now)  # nothing at all since then: rather the link than this one answer
        self._window_moved(now)

    def prove(self, since: float, now: float) -> None:
        """Ask once whether the peer has read what we said at `since`; `proven_at` tells."""
        if self.phase is Phase.BOUND and self._enquiry is None and max(self.proven_at, self._enquired_at) <= since:
            self._enquire(now)

    def _enquire(self, now: float) -> None:
        self._enquired_at = now
        self._own = {sequence: asked for sequence, asked in self._own.items() if asked is not Command.ENQUIRE_LINK}
        self._enquiry = self._ask(Command.ENQUIRE_LINK, Empty()), now + self.settings.enquire_wait_s

    # -- what the peer says --------------------------------------------------------------------------------------------

    def events(self) -> list[Event]:
        """Everything that happened since the last call, in order."""
        events, self._events = self._events, []
        return events

    def receive(self, data: bytes, now: float) -> None:
        """Take octets in any portions; the events do not depend on the portions."""
        if self.ended:
            return
        self._framer.feed(data)
        while not self.ended:
            try:
                frame = self._framer.next_frame()
            except SmppError as error:
                self._say(Command.GENERIC_NACK, 0, error.status)
                self._events.append(Damaged(str(error)))
                self._end("stream lost", str(error))
                return
            if frame is None:
                return
            self._heard_at, self._enquiry = now, None
            self._frame(frame, now)

    def _frame(self, frame: bytes, now: float) -> None:
        full = self._held or len(self._arrived) >= self.settings.arrived_max
        if full and read_header(frame).command in _CARRIERS:
            self._held.append(frame)
            self._held_octets += len(frame)
        else:
            self._understand(frame, now)

    def _release(self) -> None:
        frame = self._held.popleft()
        self._held_octets -= len(frame)
        self._understand(frame, self._heard_at)

    def _understand(self, frame: bytes, now: float) -> None:
        try:
            pdu = decode(frame)
        except SmppError as error:
            header = read_header(frame)
            self._events.append(Damaged(f"{command_name(header.command)}: {error}", frame))
            if header.command in _CARRIERS:
                self._say(header.command | RESPONSE, header.sequence, error.status, MessageResp())
            else:
                self._say(Command.GENERIC_NACK, header.sequence, error.status)
            return
        if pdu.command >= RESPONSE:
            self._response(pdu, now)
        else:
            self._request(pdu, now)

    def _request(self, pdu: Pdu, now: float) -> None:
        body = pdu.body
        if pdu.command == Command.ENQUIRE_LINK:
            self._say(Command.ENQUIRE_LINK_RESP, pdu.sequence)
        elif pdu.command == Command.UNBIND:
            self._peer_leaves(pdu.sequence, now)
        elif pdu.command in _CARRIERS and isinstance(body, Message | DataMessage):
            self._arrive(pdu, body)
        elif isinstance(body, Alert):
            self._events.append(Alerted(body))
        elif isinstance(body, Outbind):
            self._events.append(OutbindAsked(body))
        else:
            self._say(Command.GENERIC_NACK, pdu.sequence, INVALID_COMMAND)
            self._events.append(Strange(pdu, f"{command_name(pdu.command)} is not for a client"))

    def _arrive(self, pdu: Pdu, body: Message | DataMessage) -> None:
        if self.phase is Phase.OPEN:
            self._say(pdu.command | RESPONSE, pdu.sequence, _NOT_BOUND, MessageResp())
        else:
            self._arrivals += 1
            arrived = Arrived(self._arrivals, pdu.command, pdu.sequence, body)
            self._arrived[arrived.number] = arrived
            self._events.append(arrived)

    def _peer_leaves(self, sequence: int, now: float) -> None:
        self._events.append(PeerLeaves())
        if self.phase is Phase.PARTING:
            return
        for pending in [self._window[untaken] for untaken in sorted(self._untaken)]:
            self._drop(pending.sequence)
            self._events.append(NotSent(pending))
        wait_s = 0.0 if self.phase is Phase.UNBINDING else self.settings.parting_wait_s
        self._parting_sequence = sequence
        self.phase, self._phase_deadline = Phase.PARTING, now + wait_s
        if wait_s <= 0:
            self._part()
        else:
            self._window_moved(now)

    def _response(self, pdu: Pdu, now: float) -> None:
        asked = self._own.get(pdu.sequence)
        if asked is not None and self._answers(pdu, asked):
            del self._own[pdu.sequence]
            self._own_answered(asked, pdu)
            return
        for pool in (self._window, self._late):
            pending = pool.get(pdu.sequence)
            if pending is not None and pending.sequence not in self._untaken and self._answers(pdu, pending.command):
                del pool[pdu.sequence]
                self._answered(pending, pdu, now, late=pool is self._late)
                self._window_moved(now)
                return
        self._events.append(Strange(pdu, f"{command_name(pdu.command)} answers nothing of ours"))

    @staticmethod
    def _answers(pdu: Pdu, asked: int) -> bool:
        """Some peers answer one kind of bind with another's response."""
        if asked in _BINDS.values() and pdu.command in _BIND_ANSWERS:
            return True
        return pdu.command in (asked | RESPONSE, Command.GENERIC_NACK)

    def _own_answered(self, asked: Command, pdu: Pdu) -> None:
        if asked is Command.UNBIND:
            self._end("unbound", "unbound")
        elif asked is Command.ENQUIRE_LINK:
            self.proven_at = max(self.proven_at, self._enquired_at)
        elif self.phase is not Phase.BINDING:
            return
        elif pdu.status == 0 and isinstance(pdu.body, BindResp):
            self.phase, self._phase_deadline = Phase.BOUND, None
            self._events.append(Bound(pdu.body.system_id, number_of(pdu.body.tlvs, Tag.SC_INTERFACE_VERSION)))
        else:
            self._events.append(BindRefused(pdu.status))
            self._end("refused", f"bind was refused with status 0x{pdu.status:X}")

    def _answered(self, pending: Pending, pdu: Pdu, now: float, *, late: bool) -> None:
        message_id = pdu.body.message_id if isinstance(pdu.body, MessageResp | QueryResp) else ""
        self.proven_at = max(self.proven_at, pending.asked_at)
        nack = pdu.command == Command.GENERIC_NACK
        self._events.append(
            Answered(pending, pdu.status, message_id, pdu.body, now - pending.asked_at, late=late, nack=nack)
        )

    # -- ends ----------------------------------------------------------------------------------------------------------

    def _window_moved(self, now: float) -> None:
        """Whoever waits for an empty window may go on."""
        if self._window:
            return
        if self.phase is Phase.DRAINING:
            self._log_out(now)
        elif self.phase is Phase.PARTING:
            self._part()

    def _log_out(self, now: float) -> None:
        self.phase, self._phase_deadline = Phase.UNBINDING, now + self.settings.unbind_wait_s
        self._ask(Command.UNBIND, Empty())

    def _part(self) -> None:
        self._say(Command.UNBIND_RESP, self._parting_sequence)
        self._end("peer left", "the peer unbound")

    def _end(self, cause: Cause, reason: str) -> None:
        if self.ended:
            return
        unsent = tuple(pending for pending in self._window.values() if pending.sequence in self._untaken)
        uncertain = tuple(pending for pending in self._window.values() if pending.sequence not in self._untaken)
        for pending in unsent:
            self._drop(pending.sequence)
        self.phase, self._phase_deadline, self._enquiry = Phase.ENDED, None, None
        while self._held:  # nobody can answer them any more, but they were read: the peer may not say them again
            self._release()
        for memory in (self._window, self._late, self._own, self._arrived):
            memory.clear()
        self._events.append(Ended(cause, reason, uncertain, unsent))

    # -- octets and numbers --------------------------------------------------------------------------------------------

    def _drop(self, sequence: int) -> None:
        """Take an unwritten request out of everything."""
        self._untaken.discard(sequence)
        self._window.pop(sequence, None)
        self._out = deque(item for item in self._out if item[0] != sequence)

    def _ask(self, command: Command, body: Body) -> int:
        """A request of the session itself."""
        sequence = self._next_sequence()
        octets = encode(Pdu(command, sequence, 0, body))
        self._sequence = sequence
        self._own[sequence] = command
        self._out.append((0, octets))
        return sequence

    def _say(self, command: int, sequence: int, status: int = 0, body: Body | None = None) -> None:
        """A response. A peer that asks and asks, and reads nothing, is alive by what it says, but of no use."""
        self._out.append((0, encode(Pdu(command, sequence, status, body or Empty()))))
        if len(self._out) > self.settings.unread_max:
            self._out.clear()
            self._end("stream lost", "it does not read our answers")

    def _next_sequence(self) -> int:
        """The next number that nothing of ours waits under."""
        sequence = self._sequence
        while True:
            sequence = sequence + 1 if sequence < SEQUENCE_MAX else 1
            if sequence not in self._window and sequence not in self._late and sequence not in self._own:
                return sequence
