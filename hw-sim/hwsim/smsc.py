"""The radio network with its short message service centre: routing by number, store and forward, validity, reports.

Rules from 3GPP TS 23.040: 3.2 (service elements), 9.2.3.12 (validity), 9.2.3.15 (TP-ST), 9.2.3.25 (duplicates),
10.3 (a phone that comes back is served at once).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from random import Random
from typing import Any, Protocol

from hwsim.faults import Plan, ReportPlan, Rule, plan_for
from hwsim.fields import Address, address_of
from hwsim.ledger import Ledger
from hwsim.numbers import dialled, national, rewritten
from hwsim.settings_by_name import choice, signed
from hwsim.subscription import Subscriptions
from hwsim.tpdu import Submit, UserData

DELIVERED, EXPIRED, UNREACHABLE_NUMBER, DELETED = 0x00, 0x46, 0x43, 0x47
OWN_CENTRE = "+447785016005"
CMS_BARRED, CMS_DUPLICATE, CMS_INVALID_ADDRESS, CMS_CODING = 8, 197, 195, 144
NO_FAULTS = Plan()


class Taken(Enum):
    """How a handset took a message."""

    OK = "ok"
    ABSENT = "absent"
    FULL = "full"
    FAILED = "failed"


class Handset(Protocol):
    """Whatever answers at a number: a phone, or a modem with a SIM."""

    def reachable(self) -> bool:
        """Switched on, registered, with a readable SIM."""

    def take(self, envelope: Envelope, done: Callable[[Taken], None]) -> None:
        """Hands over one message or report; `done` is called once, at once or later."""


@dataclass(slots=True)
class Report:
    """A status report on its way back: for which submission, with which TP-ST."""

    mr: int
    to: Address
    scts: float
    discharged: float
    status: int
    of_command: bool = False


@dataclass(slots=True)
class Envelope:
    """One message part (or one report) inside the service centre."""

    id: int
    origin: str
    sender: Address
    to: str
    scts: float
    expires: float
    modem: str | None = None
    data: UserData | None = None
    pid: int = 0
    mr: int = 0
    recipient: Address | None = None
    report_wanted: bool = False
    report_plan: ReportPlan | None = None
    single_shot: bool = False
    report: Report | None = None
    urgent: bool = False  # shown by the modem even in the middle of a command
    tries: int = 0
    settled: bool = False
    expiry: asyncio.TimerHandle | None = None
    told: Callable[[str], None] | None = None  # hears waiting, delivered, expired or failed


@dataclass(slots=True)
class NetworkSettings:
    """How the network behaves for everybody; every field can be set through the control API and a scene file."""

    latency_s: float = 0.0  # from the end of the PDU to the network's answer
    latency_jitter_s: float = 0.0  # up to so much more, by the dice
    latency_model: str = choice("fixed", "radio")  # radio: `airtime` on top, by access technology and +CMMS
    delivery_delay_s: float = 0.0
    report_delay_s: float = 0.2
    default_validity_s: float = 3 * 86400.0
    max_validity_s: float = 7 * 86400.0
    retry_s: list[float] = field(
        default_factory=lambda: [30.0, 300.0, 900.0, 1800.0, 3600.0], metadata={"above_0": True}
    )
    alert_s: float = 1.0  # a handset that comes back is served after this
    country: str = "44"
    zone_quarters: int = signed(0)
    scts_skew_s: float = signed(0.0)
    filter_limit: int = 0  # an operator's fraud filter: so many messages of one card in `filter_span_s`, 0: none
    filter_span_s: float = 3600.0
    filter_cms: int = 500  # what the next one gets; 0: it is taken, and nobody gets it
    # Its service centres; a submission for another one comes to nothing. An empty list: any will do.
    centres: list[str] = field(default_factory=lambda: [OWN_CENTRE], metadata={"number": True})
    unknown_centres: str = choice("refuse", "silence")  # an error, as the type of modem tells it; or none knows of it
    unknown_numbers: str = "report"  # accept, then TP-ST 0x43; "refuse": +CMS ERROR 1; "silence": accept for nothing


@dataclass(slots=True)
class _Line:
    """What waits for one number, in order; one message is handed over at a time."""

    waiting: deque[Envelope] = field(default_factory=deque)
    under_way: Envelope | None = None
    retry: asyncio.Handle | None = None
    serving: bool = False


class Network:
    """Accepts submissions, keeps them, hands them over, reports. `wall` gives epoch seconds, `loop` all waiting."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, wall: Callable[[], float], dice: Random, ledger: Ledger
    ) -> None:
        self.loop = loop
        self.wall = wall
        self.dice = dice
        self.ledger = ledger
        self.settings = NetworkSettings()
        self.rules: list[Rule] = []
        self.handsets: dict[str, Handset | None] = {}
        self.subscriptions = Subscriptions()
        self.changed: Callable[[], None] = lambda: None
        self._lines: dict[str, _Line] = {}
        self._last_id = 0

    # Subscribers

    def subscribe(self, number: str, handset: Handset | None) -> None:
        """Makes the number known, with the handset that answers at it now (None: known, but nowhere)."""
        self.handsets[number] = handset

    def came_back(self, number: str) -> None:
        """A handset registered, or has memory again: what waits is tried after `alert_s` (23.040 10.3)."""
        line = self._lines.get(number)
        if line and line.waiting and not line.under_way:
            self._retry_in(number, line, self.settings.alert_s)

    def waiting(self, number: str) -> int:
        """Messages and reports that wait for this number."""
        line = self._lines.get(number)
        return len(line.waiting) + (line.under_way is not None) if line else 0

    # Submission

    def plan(self, to: str, modem_rules: list[Rule]) -> Plan:
        """What the faults make of a submission to this number."""
        if not self.rules and not modem_rules:
            return NO_FAULTS
        return plan_for(to, [*self.rules, *modem_rules], self.dice)

    def dialled(self, address: Address) -> str:
        """The subscriber number behind a TP address."""
        return dialled(address, self.settings.country)

    def serves(self, centre: str) -> bool:
        """There is such a service centre: a number as the card has it, or as the PDU does."""
        own = self.settings.centres
        return not own or national(centre, self.settings.country) in own

    def refusal(self, submit: Submit, origin: str, mr: int) -> int | None:
        """The cause with which the SC turns this down for good reasons, None if it takes it."""
        if submit.to.alphanumeric:
            return CMS_INVALID_ADDRESS
        to = self.dialled(submit.to)
        if to not in self.handsets and self.settings.unknown_numbers == "refuse":
            return 1
        if submit.reject_duplicates and self.held(to, origin, mr):
            return CMS_DUPLICATE
        return self.subscriptions.refusal(origin, self.loop.time(), self.settings)

    def held(self, to: str, origin: str, mr: int) -> Envelope | None:
        """The last message of that reference that no handset has yet."""
        line = self._lines.get(to)
        held = [line.under_way, *line.waiting] if line else []
        ours = [item for item in held if item and item.origin == origin and item.mr == mr and not item.report]
        return ours[-1] if ours else None

    def accept(self, submit: Submit, *, origin: str, modem: str, mr: int, plan: Plan = NO_FAULTS) -> Envelope:
        """Takes responsibility for a submission: from here on the network has it, whatever the modem says."""
        now = self.wall()
        settings = self.settings
        validity = settings.default_validity_s if submit.validity_s is None else submit.validity_s
        if submit.valid_until is not None:
            validity = submit.valid_until - now
        envelope = Envelope(
            id=self.new_id(),
            origin=origin,
            sender=address_of(origin),
            to=self.dialled(submit.to),
            scts=now + settings.scts_skew_s,
            expires=self.loop.time() + min(validity, settings.max_validity_s),
            modem=modem,
            data=submit.data,
            pid=submit.pid,
            mr=mr,
            recipient=submit.to,
            report_wanted=submit.report,
            report_plan=plan.report,
            single_shot=submit.single_shot,
        )
        self._book_accepted(envelope, now, submit.tpdu, validity)
        if plan.report and plan.report.when == "early":
            self._report(envelope, (plan.report.statuses or (DELIVERED,))[-1])
        if self.subscriptions.charge(origin, self.loop.time(), settings) or plan.lose:
            self._book("lost", envelope)
            return envelope
        self._send_on(envelope)
        for _ in range(plan.copies - 1):
            self._send_on(replace(envelope, report_wanted=False))
        return envelope

    def originate(self, origin: str, to: str, data: UserData, *, pid: int = 0, sender: Address | None = None) -> None:
        """A person (or a service with a name) texts a number."""
        now = self.wall()
        validity = self.settings.default_validity_s
        envelope = Envelope(
            id=self.new_id(),
            origin=origin,
            sender=sender or address_of(origin),
            to=to,
            scts=now + self.settings.scts_skew_s,
            expires=self.loop.time() + validity,
            data=data,
            pid=pid,
        )
        self._book_accepted(envelope, now, b"", validity)
        self._send_on(envelope)

    def new_id(self) -> int:
        """The next number of a message: one series for all who book messages on this street."""
        self._last_id += 1
        return self._last_id

    def carry(
        self, number: int, origin: str, to: str, data: UserData, *, sender: Address, valid_s: float, once: bool = False,
        told: Callable[[str], None],
    ) -> Envelope:  # fmt: skip
        """Takes over a message that a bureau has booked as `number`; `told` hears what becomes of it: delivered,
        expired or failed, and before that waiting, each time the handset was not there."""
        envelope = Envelope(
            id=number,
            origin=origin,
            sender=sender,
            to=to,
            scts=self.wall() + self.settings.scts_skew_s,
            expires=self.loop.time() + valid_s,
            data=data,
            single_shot=once,
            told=told,
        )
        self._send_on(envelope)
        return envelope

    def withdraw(self, envelope: Envelope) -> bool:
        """Forgets a message that no handset has yet; False if it is too late."""
        line = self._lines.get(envelope.to)
        if envelope.settled or line is None or envelope not in line.waiting:
            return False
        envelope.settled = True
        line.waiting.remove(envelope)
        if envelope.expiry:
            envelope.expiry.cancel()
        return True

    # Store and forward

    def _send_on(self, envelope: Envelope) -> None:
        if envelope.to not in self.handsets:
            if self.settings.unknown_numbers == "report":
                self._give_up(envelope, UNREACHABLE_NUMBER, "failed")
            return
        line = self._lines.get(envelope.to)
        if line is None:
            line = self._lines[envelope.to] = _Line()
        line.waiting.append(envelope)
        if line.under_way is None and (line.retry is None or len(line.waiting) == 1):
            self._retry_in(envelope.to, line, 0.0 if envelope.report else self.settings.delivery_delay_s)
        elif not envelope.report:
            self._watch_expiry(envelope)

    def _retry_in(self, number: str, line: _Line, delay_s: float) -> None:
        if line.retry:
            line.retry.cancel()
        line.retry = self._after(delay_s, self._serve, number, line)

    def _serve(self, number: str, line: _Line) -> None:
        """Hands over what waits until one has to wait again."""
        line.retry = None
        line.serving = True
        while line.waiting and line.under_way is None and line.retry is None:
            envelope = line.waiting.popleft()
            if envelope.settled:
                continue
            handset = self.handsets.get(number)
            envelope.tries += 1
            line.under_way = envelope
            if handset is None or not handset.reachable():
                self._taken(number, line, envelope, Taken.ABSENT)
            else:
                handset.take(envelope, lambda how, item=envelope: self._taken(number, line, item, how))  # type: ignore[misc]
        line.serving = False

    def _taken(self, number: str, line: _Line, envelope: Envelope, how: Taken) -> None:
        """The handset's word on one message; only the first word counts."""
        if line.under_way is not envelope:
            return
        line.under_way = None
        if how is Taken.OK:
            self._delivered(envelope)
            if line.waiting and line.retry is None and not line.serving:
                self._retry_in(number, line, 0.0)
            return
        if envelope.single_shot:
            self._give_up(envelope, 0x62, "failed")
            return
        if envelope.told:
            envelope.told("waiting")
        line.waiting.appendleft(envelope)
        self._watch_expiry(envelope)
        if not envelope.settled:
            retries = self.settings.retry_s or [60.0]
            self._retry_in(number, line, retries[min(envelope.tries, len(retries)) - 1])

    def _watch_expiry(self, envelope: Envelope) -> None:
        if envelope.expiry is None and not envelope.settled:
            envelope.expiry = self.loop.call_at(envelope.expires, self._expired, envelope)

    def _expired(self, envelope: Envelope) -> None:
        if not envelope.settled:
            line = self._lines[envelope.to]
            if envelope in line.waiting:
                line.waiting.remove(envelope)
                self._give_up(envelope, EXPIRED, "expired")
            else:
                envelope.expiry = self.loop.call_later(1.0, self._expired, envelope)

    def _give_up(self, envelope: Envelope, status: int, event: str) -> None:
        envelope.settled = True
        self._book("report_lost" if envelope.report else event, envelope, status=status)
        self._final_report(envelope, status)
        if envelope.told:
            envelope.told(event)
        self.changed()

    def _delivered(self, envelope: Envelope) -> None:
        envelope.settled = True
        if envelope.expiry:
            envelope.expiry.cancel()
        if not envelope.report:
            self._book("delivered", envelope)
            self._final_report(envelope, DELIVERED)
            if envelope.told:
                envelope.told("delivered")
        self.changed()

    # Reports

    def delete(self, envelope: Envelope) -> bool:
        """Forgets a message because its sender wants that, and reports so; False if it is too late."""
        done = self.withdraw(envelope)
        if done:
            self._give_up(envelope, DELETED, "failed")
        return done

    def _final_report(self, envelope: Envelope, status: int) -> None:
        if not envelope.report_wanted or envelope.report:
            return
        plan = envelope.report_plan
        if plan is None:
            self._after(self.settings.report_delay_s, self._report, envelope, status)
            return
        if plan.when in {"never", "early"}:
            return
        delay_s = self.settings.report_delay_s if plan.delay_s is None else plan.delay_s
        if plan.jitter_s:
            delay_s += self.dice.uniform(0.0, plan.jitter_s)
        statuses = plan.statuses or (status,)
        for number, shown in enumerate(statuses * 2 if plan.when == "twice" else statuses, 1):
            self._after(delay_s * number, self._report, envelope, shown)

    def _report(self, envelope: Envelope, status: int) -> None:
        """Sends a status report to the submitter's SIM; it waits there like a message, for a day."""
        if not envelope.report_wanted:
            return
        now = self.wall()
        assert envelope.recipient
        mr, recipient = envelope.mr, envelope.recipient
        plan = envelope.report_plan
        if plan:
            mr = mr if plan.mr is None else plan.mr
            recipient = rewritten(recipient, plan.recipient, self.settings.country)
        report = Report(mr, recipient, envelope.scts, now + self.settings.scts_skew_s, status)
        self._book("report", envelope, status=status, mr=mr, reported_to=envelope.origin)
        self.tell(report, envelope.origin, urgent=bool(plan and plan.when == "early"))

    def tell(self, report: Report, origin: str, *, urgent: bool = False) -> None:
        """Sends a report to the card that it is for."""
        self._send_on(
            Envelope(
                id=self.new_id(),
                origin="",
                sender=report.to,
                to=origin,
                scts=self.wall(),
                expires=self.loop.time() + 86400.0,
                report=report,
                urgent=urgent,
            )
        )

    def _after(self, delay_s: float, act: Callable[..., None], *args: Any) -> asyncio.Handle:
        if delay_s:
            return self.loop.call_later(delay_s, act, *args)
        return self.loop.call_soon(act, *args)

    # The ledger

    def _book_accepted(self, envelope: Envelope, now: float, tpdu: bytes, validity_s: float) -> None:
        data = envelope.data
        assert data
        concat = data.concat
        self.ledger.write(
            {
                "event": "accepted",
                "at": now,
                "id": envelope.id,
                "from": envelope.origin,
                "modem": envelope.modem,
                "to": envelope.to,
                "text": data.text,
                "concat": concat and {"ref": concat.ref, "total": concat.total, "seq": concat.seq, "bits": concat.bits},
                "mr": envelope.mr if envelope.modem else None,
                "report_wanted": envelope.report_wanted,
                "valid_s": validity_s,
                "pid": envelope.pid,
                "dcs": data.dcs,
                "tpdu": tpdu.hex().upper(),
            }
        )
        self.changed()

    def _book(self, event: str, envelope: Envelope, **more: object) -> None:
        self.ledger.write(
            {
                "event": event,
                "at": self.wall(),
                "id": envelope.id,
                "from": envelope.origin,
                "to": envelope.to,
                **more,
            }
        )

    def book_refused(self, modem: str, origin: str, to: str, text: str, cms: int, *, why: str = "") -> None:
        """A submission that the network or a fault turned down; nothing was taken."""
        self.ledger.write(
            {
                "event": "refused",
                "at": self.wall(),
                "from": origin,
                "modem": modem,
                "to": to,
                "text": text,
                "cms": cms,
                **({"why": why} if why else {}),
            }
        )
