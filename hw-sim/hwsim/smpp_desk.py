"""What waits for an account: receipts, acknowledgements, and messages from people to its numbers.

Handed over to whichever of the account's binds can receive, within the window; what is not acknowledged with ESME_ROK
before the connection ends comes again after the next bind.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from hwsim.numbers import national
from hwsim.smpp_bodies import ALPHANUMERIC, Delivery, SmeAddress
from hwsim.smpp_faults import delivery_faults
from hwsim.smpp_pdu import VERSION_34, Pdu, Status
from hwsim.smpp_text import GSM7, part_of, parts_for
from hwsim.smsc import Envelope, Taken
from hwsim.tpdu import Concat

if TYPE_CHECKING:
    from hwsim.smpp_centre import Account, Centre
    from hwsim.smpp_session import Session

WAITING_MAX = 10_000
TRIES_MAX = 20
INTERNATIONAL, NATIONAL = 1, 2
LATER = frozenset({Status.RX_T_APPN, Status.RSYSERR, Status.RMSGQFUL, Status.RTHROTTLED})


@dataclass(slots=True, eq=False)
class Item:
    """One request that waits to be handed over. `after_bind` holds it until a bind later than that session."""

    kind: str  # receipt, intermediate, acknowledgement, message
    delivery: Delivery
    facts: dict[str, Any]  # for the ledger
    session: int = 0  # of the submission
    bind: str = "any"  # same or other than that of the submission, if there is one
    after_bind: int = 0
    tries: int = 0
    due: float = 0.0


class Desk:
    """The receiving side of one account; also the handset that answers at its numbers."""

    def __init__(self, centre: Centre, account: Account) -> None:
        self.account = account
        self.waiting: deque[Item] = deque()
        self._centre = centre
        self._turn = 0
        self._joining: dict[tuple[str, str, int, int], dict[int, str]] = {}
        self._ref = centre.dice.randrange(0x10000)

    # What the network calls

    def reachable(self) -> bool:
        """A bureau is always there."""
        return True

    def take(self, envelope: Envelope, done: Callable[[Taken], None]) -> None:
        """A person texts one of the account's numbers."""
        done(Taken.OK)
        data = envelope.data
        if data is None:
            return
        how, default = self._centre.settings.mo_long, self._centre.settings.default_alphabet
        source, dest = sme_address(str(envelope.sender)), sme_address(envelope.to)
        if default == GSM7 and (data.concat is None or how == "udh8"):
            parts = [part_of(data.text, data.concat)]
        else:
            text = data.text
            if data.concat:
                joined = self._join(str(envelope.sender), envelope.to, data.text, data.concat)
                if joined is None:
                    return
                text = joined
            self._ref += 1
            parts = parts_for(text, self._ref, how, default)
        for part in parts:
            delivery = Delivery(
                source,
                dest,
                part.message,
                part.esm_class,
                part.data_coding,
                part.tlvs,
                by_data_sm=self._centre.settings.mo_by == "data_sm",
            )
            facts = {"id": envelope.id, "from": str(envelope.sender), "to": envelope.to}
            self.put(Item("message", delivery, facts))

    def _join(self, sender: str, to: str, text: str, concat: Concat) -> str | None:
        """The whole text once its last part is there."""
        key = (sender, to, concat.ref, concat.total)
        parts = self._joining.setdefault(key, {})
        parts[concat.seq] = text
        if len(parts) < concat.total:
            return None
        del self._joining[key]
        return "".join([part for _, part in sorted(parts.items())])

    # Handing over

    def put(self, item: Item, delay_s: float = 0.0) -> None:
        """One more to be handed over, not before `delay_s`."""
        loop = self._centre.loop
        item.due = loop.time() + delay_s
        if len(self.waiting) >= WAITING_MAX:
            self._book("dropped", item, why="queue full")
            return
        self.waiting.append(item)
        if delay_s:
            loop.call_later(delay_s, self.serve)
        else:
            self.serve()

    def arrived(self, session: Session) -> None:
        """A bind of the account was answered: what waited for one is due."""
        for item in self.waiting:
            if item.after_bind and item.after_bind < session.number:
                item.after_bind = 0
        self.serve()

    def serve(self) -> None:
        """Hands over what is due, as far as the windows of the binds allow."""
        now = self._centre.loop.time()
        for item in list(self.waiting):
            if not any(session.receives and session.room > 0 for session in self._centre.bound(self.account)):
                return
            if item.after_bind or item.due > now + 0.0001:
                continue
            session = self._choose(item)
            if session is None:
                continue
            self.waiting.remove(item)
            item.tries += 1
            timeout_s = self._centre.settings.deliver_timeout_s
            make = partial(_request, item.delivery, session.version >= VERSION_34)
            faults = delivery_faults(self._centre.rules, item.facts.get("to", ""), self._centre.dice)
            if "delivery_twice" in faults:
                session.ask(make, _nothing, timeout_s)
            session.ask(make, partial(self._answered, item, session.number), timeout_s, cut="delivery_cut" in faults)

    def _choose(self, item: Item) -> Session | None:
        able = [session for session in self._centre.bound(self.account) if session.receives and session.room > 0]
        if item.bind == "other":
            able = [session for session in able if session.number != item.session] or able
        elif item.bind == "same":
            able = [session for session in able if session.number == item.session] or able
        if not able:
            return None
        self._turn += 1
        return able[self._turn % len(able)]

    def _answered(self, item: Item, session: int, status: int | None) -> None:
        """The ESME's word; None if there was none."""
        settings = self._centre.settings
        again = status is None or (status in LATER and settings.deliver_later == "retry")
        if status is None and settings.deliver_unanswered == "close":
            self._hang_up(session)
        if status == Status.ROK:
            self._book("handed", item, session=session)
        elif again and item.tries < TRIES_MAX:
            delay_s = settings.deliver_retry_s if status is not None else 0.0
            item.due = self._centre.loop.time() + delay_s
            self.waiting.appendleft(item)
            if delay_s:
                self._centre.loop.call_later(delay_s, self.serve)
        else:
            self._book("turned_away", item, session=session, status=status)
        self._centre.loop.call_soon(self.serve)

    def _hang_up(self, number: int) -> None:
        """A bureau that takes an ESME which does not answer for dead."""
        for session in self._centre.bound(self.account):
            if session.number == number:
                self._centre.book("closed", session=number, why="a delivery unanswered")
                session.close(reset=True)

    def _book(self, event: str, item: Item, **more: object) -> None:
        self._centre.book(event, line=self.account.system_id, kind=item.kind, tries=item.tries, **item.facts, **more)


def _nothing(_: int | None) -> None:
    """The answer to a copy changes nothing."""


def _request(delivery: Delivery, with_tlvs: bool, sequence: int) -> Pdu:
    return delivery.pdu(sequence, with_tlvs=with_tlvs)


def sme_address(written: str) -> SmeAddress:
    """ "+4477..." is international, digits alone are of unknown type, anything else is alphanumeric."""
    if written.startswith("+") and written[1:].isdigit():
        return SmeAddress(1, 1, written[1:])
    if written.isdigit() or not written:
        return SmeAddress(0, 0, written)
    return SmeAddress(ALPHANUMERIC, 0, written)


def number_of(address: SmeAddress, country: str) -> str:
    """The number that an SMPP address means to the network; short numbers and unknown types stay as they are."""
    if address.ton == ALPHANUMERIC or not address.value:
        return address.value
    if address.ton == INTERNATIONAL:
        return "+" + address.value
    return national(address.value, country, always=address.ton == NATIONAL)
