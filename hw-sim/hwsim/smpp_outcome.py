"""What the account learns about a page: receipts as registered_delivery asks for them, and as the faults spoil them.

SMPP 3.4 5.2.17 (registered_delivery), 2.11 (receipts and acknowledgements), appendix B.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwsim.bureau import Page, State
from hwsim.smpp_bodies import Delivery, Submission
from hwsim.smpp_desk import Item, sme_address
from hwsim.smpp_faults import ReceiptPlan
from hwsim.smpp_receipt import STYLES, Facts, Style, receipt

if TYPE_CHECKING:
    from hwsim.smpp_centre import Account, Centre

FAILURES = frozenset({State.EXPIRED, State.DELETED, State.UNDELIVERABLE, State.UNKNOWN, State.REJECTED})
ON_OUTCOME, ON_FAILURE = 1, 2
DELIVERY_ACK, USER_ACK, INTERMEDIATE = 0x04, 0x08, 0x10
ACK_CLASS, USER_ACK_CLASS = 0x08, 0x10


@dataclass(slots=True)
class Sent:
    """A message that this centre gave an id to. `number` is the id's, if it has one."""

    message_id: str
    number: int | None
    account: Account
    session: int
    submission: Submission
    plan: ReceiptPlan
    page: Page | None = None
    notified: bool = False  # an intermediate notification went out


def outcome(centre: Centre, sent: Sent, page: Page, state: State) -> None:
    """The page reached a state: tells the account if it asked for that."""
    wanted = sent.submission.registered
    plan = sent.plan
    if state is State.ENROUTE:
        if wanted & INTERMEDIATE and not sent.notified:
            sent.notified = True
            _issue(centre, sent, page, state, intermediate=True)
        return
    if state is State.DELIVERED and wanted & DELIVERY_ACK:
        acknowledge(centre, sent, ACK_CLASS, "")
    how = wanted & 3
    if not (how == ON_OUTCOME or (how == ON_FAILURE and state in FAILURES)) or plan.when in {"never", "early"}:
        return
    states = plan.states or (state,)
    for number, shown in enumerate(states * 2 if plan.when == "twice" else states, 1):
        _issue(centre, sent, page, shown, times=number)


def early(centre: Centre, sent: Sent) -> None:
    """A receipt that is there before the answer to the submission."""
    if sent.submission.registered & 3 and sent.page:
        for state in sent.plan.states or (State.DELIVERED,):
            _issue(centre, sent, sent.page, state, times=0)


def _issue(
    centre: Centre, sent: Sent, page: Page, state: State, *, intermediate: bool = False, times: int = 1
) -> None:  # fmt: skip
    plan, settings = sent.plan, centre.settings
    style = _style(centre, plan)
    message_id, number = sent.message_id, sent.number
    if plan.id == "unknown":
        number = centre.dice.randrange(0x10000000)
        message_id = f"{number:x}"
    elif plan.id == "empty":
        message_id, number = "", None
    submission = sent.submission
    source = submission.source if submission.source.value else sme_address(sent.account.numbers[0])
    at, now = (moment + settings.clock_off_s for moment in (page.at, centre.network.wall()))
    facts = Facts(message_id, number, state, at, now, page.order.text, source, submission.dest)
    kind = "intermediate" if intermediate else "receipt"
    booked = {"id": page.id, "message_id": sent.message_id, "state": state.name, "to": page.order.to}
    centre.book("receipt", line=sent.account.system_id, kind=kind, **booked)
    item = Item(
        kind,
        receipt(facts, style, intermediate=intermediate, quarters=settings.zone_quarters),
        booked,
        session=sent.session,
        bind=plan.bind if plan.bind != "any" else settings.receipt_bind,
    )
    if plan.when == "after_reconnect":
        item.after_bind = max([session.number for session in centre.bound(sent.account)], default=sent.session)
    delay_s = settings.receipt_delay_s if plan.delay_s is None else plan.delay_s
    centre.desks[sent.account.system_id].put(item, delay_s * times)


def _style(centre: Centre, plan: ReceiptPlan) -> Style:
    name = plan.style or centre.settings.receipt_style
    return STYLES[centre.dice.choice(sorted(STYLES)) if name == "mixed" else name]


def acknowledge(centre: Centre, sent: Sent, esm_class: int, text: str) -> None:
    """An acknowledgement by the pager (0x08) or its wearer (0x10): bits 2 and 3 of registered_delivery (2.11)."""
    submission = sent.submission
    source = submission.source if submission.source.value else sme_address(sent.account.numbers[0])
    message = f"id:{sent.message_id} {text}".rstrip().encode("ascii", "replace")
    delivery = Delivery(submission.dest, source, message[:254], esm_class)
    booked = {"id": sent.page.id if sent.page else None, "message_id": sent.message_id}
    kind = "delivery_ack" if esm_class == ACK_CLASS else "user_ack"
    centre.book("receipt", line=sent.account.system_id, kind=kind, **booked)
    centre.desks[sent.account.system_id].put(Item(kind, delivery, booked, session=sent.session))
