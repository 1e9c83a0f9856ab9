"""The bureau's SMPP side: where it listens, its accounts and binds, and what it does with each request."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from hwsim import smpp_manage, smpp_submit
from hwsim.numbers import subscriber
from hwsim.outlet import Wire
from hwsim.settings_by_name import choice, signed
from hwsim.smpp_bodies import take_bind
from hwsim.smpp_desk import Desk
from hwsim.smpp_faults import bind_rule
from hwsim.smpp_outcome import USER_ACK, USER_ACK_CLASS, acknowledge
from hwsim.smpp_pdu import RESPONSE, VERSION_34, Command, Pdu, Status, Tag, c_string, tlv
from hwsim.smpp_receipt import STYLES
from hwsim.smpp_session import Phase, Session

if TYPE_CHECKING:
    from hwsim.bureau import Bureau
    from hwsim.faults import Rule
    from hwsim.smpp_listener import Listener
    from hwsim.smpp_outcome import Sent

PHASES = {
    Command.BIND_RECEIVER: Phase.RX,
    Command.BIND_TRANSMITTER: Phase.TX,
    Command.BIND_TRANSCEIVER: Phase.TRX,
}


@dataclass(slots=True)
class SmppSettings:
    """How the centre behaves for everybody; every field can be set through the control API and a scene file."""

    latency_s: float = 0.0  # from a request to its answer
    latency_jitter_s: float = 0.0  # up to so much more, by the dice; answers may overtake one another
    window: int = 10  # requests of an ESME that may wait for an answer
    window_policy: str = choice("throttle", "stall", "ignore")  # RTHROTTLED; reading stops; nothing
    rate_per_s: int = 0  # submissions per account and second, 0: any number
    rate_status: str = choice("RTHROTTLED", "RMSGQFUL")
    binds_max: int = 3  # per account
    bind_errors: str = choice("plain", "veiled")  # RINVSYSID and RINVPASWD, or RBINDFAIL for both
    init_s: float = 10.0  # for a bind after the connection
    enquire_s: float = 60.0  # an enquire_link after so long without a word, 0: never
    idle_s: float = 0.0  # an unbind after so long without a word, 0: never
    answer_s: float = 10.0  # for an answer to an enquire_link or unbind of ours
    deliver_window: int = 10  # deliver_sm of ours that may wait for an answer
    deliver_timeout_s: float = 30.0
    deliver_retry_s: float = 10.0  # after an answer that means later
    deliver_later: str = choice("retry", "forget")  # what such an answer means to it: again, or never
    deliver_unanswered: str = choice("again", "close")  # no answer in time: once more, or the connection ends
    receipt_delay_s: float = 0.2
    receipt_style: str = choice("standard", "mixed", *STYLES)  # mixed: by the dice
    receipt_bind: str = choice("any", "same", "other")  # that of the submission, or not that one
    zone_quarters: int = signed(0)  # of the dates in receipts
    clock_off_s: float = signed(0.0)  # its clock, as those dates show it, before (+) or behind (-) the street's
    message_ids: str = choice("hex", "HEX", "dec", "padded", "uuid", "dashed", "long")
    default_alphabet: str = choice("gsm7", "latin1", "ascii")  # what data_coding 0 means
    codings: list[int] = field(default_factory=lambda: [0, 1, 3, 8, 0xF0, 0xF1])
    other_codings: str = choice("refuse", "keep")  # kept ones are shown as Latin-1
    long_alone: bool = False  # short_message of more than one SMS without a header
    payload_max: int = 1530  # octets of message_payload
    destination_tons: list[int] = field(default_factory=lambda: [0, 1, 2, 3, 6])
    strict_npi: bool = True  # NPI 1 for digits (0 if TON 0), 0 for letters
    service_types: list[str] = field(default_factory=lambda: ["", "CMT", "CPT", "VMN", "VMA", "WAP", "USSD"])
    mo_long: str = choice("udh8", "udh16", "sar", "payload")  # udh8: as it came; else joined and cut again
    mo_by: str = choice("deliver_sm", "data_sm")
    pdu_octets_max: int = 70_000


@dataclass(slots=True)
class Account:
    """Who may bind. `numbers` are those that people answer to; the first is the sender if a submission has none."""

    system_id: str
    password: str = ""
    numbers: list[str] = field(default_factory=list)
    sources: list[str] | None = None  # senders it may use, None: any
    system_type: str | None = None  # None: any
    kinds: tuple[str, ...] = ("transmitter", "receiver", "transceiver")
    rate_per_s: int | None = None  # instead of the centre's
    window: int | None = None
    recent: deque[float] = field(default_factory=deque)


Handler = Callable[["Centre", Session, Pdu], None]


class Centre:
    """One SMPP message centre. Sessions call `handle`; what it accepts goes to the bureau."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.network = bureau.network
        self.loop = bureau.loop
        self.dice = bureau.dice
        self.settings = SmppSettings()
        self.wire = Wire()
        self.accounts: dict[str, Account] = {}
        self.desks: dict[str, Desk] = {}
        self.sessions: list[Session] = []
        self.sent: dict[str, Sent] = {}
        self.rules: list[Rule] = bureau.rules
        self.listeners: list[Listener] = []
        self.deaf = False  # connections are cut off at once
        self.quiet = False  # connections are accepted and nothing is said
        self._numbers = count(1)
        self._calls: set[asyncio.Task[None]] = set()
        self.message_numbers = count(self.dice.randrange(0x10000000, 0x7FFFFFFF))

    def add_account(self, account: Account) -> Account:
        """Opens an account; its numbers become known to the network."""
        if account.system_id in self.accounts:
            raise ValueError(f"there is an account {account.system_id!r} already")
        if not account.numbers:
            account.numbers = [f"6000{len(self.accounts)}"]
        taken = [number for number in account.numbers if self.bureau.knows(subscriber(number))]
        if taken:
            raise ValueError(f"the number {taken[0]} of the account {account.system_id} is taken")
        self.accounts[account.system_id] = account
        desk = self.desks[account.system_id] = Desk(self, account)
        for number in account.numbers:
            self.network.subscribe(number, desk)
        return account

    def book(self, event: str, **more: object) -> None:
        """One entry in the ledger."""
        self.bureau.book(event, protocol="smpp", **more)

    def acknowledge(self, page: int, text: str) -> bool:
        """The wearer acknowledged this page; False if it is none of ours or nobody asked for that."""
        for sent in self.sent.values():
            if sent.page and sent.page.id == page and sent.submission.registered & USER_ACK:
                acknowledge(self, sent, USER_ACK_CLASS, text)
                return True
        return False

    # Connections

    def connection(self) -> Session:
        """The protocol of a new connection."""
        return Session(self, next(self._numbers))

    def arrived(self, session: Session) -> bool:
        """A connection was made; False if it shall be cut off."""
        if self.deaf:
            return False
        session.silent = self.quiet
        self.sessions.append(session)
        self.network.changed()
        return True

    def left(self, session: Session) -> None:
        """A connection ended."""
        if session in self.sessions:
            self.sessions.remove(session)
            self.book("left", session=session.number, line=session.account.system_id if session.account else None)

    def bound(self, account: Account) -> list[Session]:
        """The account's sessions."""
        return [session for session in self.sessions if session.account is account and session.bound]

    # Requests

    def handle(self, session: Session, pdu: Pdu) -> None:
        """A request that is allowed now; raises Violation."""
        HANDLERS[pdu.command](self, session, pdu)

    def open_session(self, session: Session, pdu: Pdu) -> None:
        """A bind: checked, and answered as the faults have it."""
        wanted = take_bind(pdu.body)
        rule = bind_rule(self.rules, wanted.system_id, self.dice)
        kind = rule.kind if rule else ""
        options = rule.options if rule else {}
        account = self.accounts.get(wanted.system_id)
        phase = PHASES[Command(pdu.command)]
        status: int = self._bind_status(account, wanted.password, wanted.system_type, phase)
        if kind == "bind_refused":
            status = options.get("status", Status.RBINDFAIL)
        self.book(
            "bind", session=session.number, line=wanted.system_id, how=phase.value, status=int(status), fault=kind
        )
        if kind == "bind_unanswered":
            return
        if kind == "bind_dropped":
            session.close(reset=True)
            return
        if status or account is None:
            session.answer(pdu, status)
            return
        session.bind(account, phase, wanted.version)
        desk = self.desks[account.system_id]
        if kind == "bind_early_delivery":
            session.ready = True
            desk.arrived(session)
        self.loop.call_later(options.get("seconds", 5.0) if kind == "bind_slow" else 0.0, self._welcome, session, pdu)

    def _welcome(self, session: Session, pdu: Pdu) -> None:
        if session.account is None or not session.bound:
            return
        version = tlv(Tag.SC_INTERFACE_VERSION, bytes([VERSION_34])) if session.version >= VERSION_34 else b""
        body = c_string(self.bureau.name[:15]) + version
        session.welcome(Pdu(pdu.command | RESPONSE, Status.ROK, pdu.sequence, body))
        self.network.changed()
        self.desks[session.account.system_id].arrived(session)

    def _bind_status(self, account: Account | None, password: str, system_type: str, phase: Phase) -> Status:
        veiled = self.settings.bind_errors == "veiled"
        if account is None:
            return Status.RBINDFAIL if veiled else Status.RINVSYSID
        if password != account.password:
            return Status.RBINDFAIL if veiled else Status.RINVPASWD
        if account.system_type not in {None, system_type}:
            return Status.RINVSYSTYP
        if phase.value not in account.kinds:
            return Status.RBINDFAIL
        if len(self.bound(account)) >= self.settings.binds_max:
            return Status.RALYBND
        return Status.ROK

    def unbind(self, session: Session, pdu: Pdu) -> None:
        """The ESME lets go: answered, then closed."""
        session.answer(pdu, Status.ROK)
        session.unbound()

    def enquire(self, session: Session, pdu: Pdu) -> None:
        """A link check of theirs."""
        if not session.mute_enquire:
            session.answer(pdu, Status.ROK)

    # Life

    def call_out(self, host: str, port: int, outbind: bytes) -> None:
        """Connects to an ESME and sends it an outbind (2.2.1) of this body; a bind may follow as on any connection."""
        task = self.loop.create_task(self._call_out(host, port, outbind))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call_out(self, host: str, port: int, outbind: bytes) -> None:
        try:
            _, session = await self.loop.create_connection(self.connection, host, port)
        except OSError as gone:
            self.book("outbind_failed", why=str(gone))
            return
        session.say(Pdu(Command.OUTBIND, 0, session.next_number(), outbind))

    def listen_again(self) -> None:
        """Listens everywhere, after a time in which nobody did."""
        task = self.loop.create_task(self.start())
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def start(self) -> None:
        """Listens everywhere."""
        for listener in self.listeners:
            await listener.start()

    async def stop(self) -> None:
        """Ends everything at once."""
        for listener in self.listeners:
            listener.close()
        for call in self._calls:
            call.cancel()
        for session in list(self.sessions):
            session.close(reset=True)


def _refuse_multi(centre: Centre, session: Session, pdu: Pdu) -> None:
    """submit_multi is not offered by this bureau."""
    account = session.account
    centre.book("refused", line=account and account.system_id, status="ESME_RINVCMDID", command="submit_multi")
    session.answer(pdu, Status.RINVCMDID)


HANDLERS: dict[int, Handler] = {
    Command.BIND_RECEIVER: Centre.open_session,
    Command.BIND_TRANSMITTER: Centre.open_session,
    Command.BIND_TRANSCEIVER: Centre.open_session,
    Command.UNBIND: Centre.unbind,
    Command.ENQUIRE_LINK: Centre.enquire,
    Command.SUBMIT_SM: smpp_submit.submit,
    Command.DATA_SM: smpp_submit.submit,
    Command.SUBMIT_MULTI: _refuse_multi,
    Command.QUERY_SM: smpp_manage.query,
    Command.CANCEL_SM: smpp_manage.cancel,
    Command.REPLACE_SM: smpp_manage.replace,
}
