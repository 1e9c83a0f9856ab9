"""submit_sm and data_sm: given to the bureau, and answered as the faults have it (SMPP 3.4 4.4 and 4.7)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from hwsim.bureau import Order
from hwsim.smpp_bodies import Submission, take_data, take_submit
from hwsim.smpp_checks import Refusal, checked, limits, reachable, times
from hwsim.smpp_desk import number_of
from hwsim.smpp_faults import Plan, plan_for
from hwsim.smpp_outcome import Sent, early, outcome
from hwsim.smpp_pdu import RESPONSE, VERSION_34, Command, Pdu, Status, Violation, c_string, status_name, tlv
from hwsim.smpp_text import Content

if TYPE_CHECKING:
    from hwsim.smpp_centre import Account, Centre
    from hwsim.smpp_session import Session

SENT_MAX = 50_000
EARLY_RECEIPT_LEAD_S = 0.5
VENDOR_TAG = 0x1403
DATAGRAM = 1


def submit(centre: Centre, session: Session, pdu: Pdu) -> None:
    """A request to page somebody."""
    submission = take_data(pdu.body) if pdu.command == Command.DATA_SM else take_submit(pdu.body)
    account = session.account
    assert account
    to = number_of(submission.dest, centre.network.settings.country)
    session.begin(pdu.sequence)
    if submission.tlvs and session.version < VERSION_34:
        session.violation("optional parameters from an ESME of before 3.4 (3.2.3)", None, pdu.encode())
    try:
        limits(centre, session, account)
        content = checked(centre, account, submission)
        defer_s, valid_s = times(centre, submission.schedule, submission.validity)
        reachable(centre, to)
    except Refusal as no:
        _refuse(centre, session, pdu, to, no.status)
        return
    except Violation as broken:
        session.violation(str(broken), broken.status, pdu.encode())
        _refuse(centre, session, pdu, to, broken.status)
        return
    source = number_of(submission.source, centre.network.settings.country) or account.numbers[0]
    order = Order(
        line=account.system_id, protocol="smpp", source=source, to=to, text=content.text, concat=content.concat,
        valid_s=valid_s, defer_s=defer_s, once=submission.esm_class & 3 == DATAGRAM,
    )  # fmt: skip
    plan = plan_for(to, centre.rules, centre.dice)
    latency_s = centre.settings.latency_s
    if centre.settings.latency_jitter_s:
        latency_s += centre.dice.uniform(0.0, centre.settings.latency_jitter_s)
    arrive = partial(_arrive, centre, session, account, pdu, submission, content, order, plan)
    if latency_s:
        centre.loop.call_later(latency_s, arrive)
    else:
        arrive()


def _refuse(centre: Centre, session: Session, pdu: Pdu, to: str, status: int) -> None:
    account = session.account
    centre.book("refused", line=account and account.system_id, to=to, status=status_name(status))
    session.answer(pdu, status)
    session.end(pdu.sequence)


def _arrive(
    centre: Centre, session: Session, account: Account, pdu: Pdu, submission: Submission, content: Content,
    order: Order, plan: Plan,
) -> None:  # fmt: skip
    """The latency is over: the bureau takes it or not, then the answer goes as the plan has it."""
    message_id = ""
    if plan.submitted:
        sent = _accept(centre, session, account, submission, content, order, plan)
        message_id = sent.message_id
    else:
        status = status_name(plan.status) if plan.status is not None else None
        centre.book("refused", line=account.system_id, to=order.to, status=status, text=order.text)
    respond = partial(_respond, centre, session, pdu, message_id, plan)
    late_s = plan.late_s
    if plan.receipt.when == "early" and plan.submitted:
        early(centre, sent)
        late_s = late_s or EARLY_RECEIPT_LEAD_S
    if late_s:
        centre.loop.call_later(late_s, respond)
    else:
        respond()


def _accept(
    centre: Centre, session: Session, account: Account, submission: Submission, content: Content, order: Order,
    plan: Plan,
) -> Sent:  # fmt: skip
    number, message_id = _new_id(centre)
    sent = Sent(message_id, number, account, session.number, submission, plan.receipt)
    if submission.replace:
        _replace_older(centre, sent, order)
    order.lose, order.copies = plan.lose, plan.copies
    order.details = {
        "session": session.number,
        "message_id": message_id,
        "report_wanted": bool(submission.registered & 3),
        "registered": submission.registered,
        "esm_class": submission.esm_class,
        "pid": submission.protocol_id,
        "dcs": submission.data_coding,
        "service_type": submission.service_type,
        "priority": submission.priority,
        "defer_s": order.defer_s,
        "parameters": {f"0x{tag:04X}": value.hex().upper()[:512] for tag, value in submission.tlvs},
    }
    for flaw in content.flaws:
        session.violation(flaw, None, b"")
    centre.sent[message_id] = sent
    if len(centre.sent) > SENT_MAX:
        del centre.sent[next(iter(centre.sent))]
    sent.page = centre.bureau.accept(order, partial(outcome, centre, sent))
    return sent


def _replace_older(centre: Centre, sent: Sent, order: Order) -> None:
    """replace_if_present_flag (5.2.18): takes the place of a page of the same sender, recipient and service type that
    is still waiting."""
    for older in centre.sent.values():
        page = older.page
        if page is None or older.account is not sent.account:
            continue
        same_kind = older.submission.service_type == sent.submission.service_type
        same_ends = (page.order.to, page.order.source) == (order.to, order.source)
        if same_kind and same_ends and centre.bureau.withdraw(page):
            return


def _new_id(centre: Centre) -> tuple[int | None, str]:
    """A message id in the form of the settings, and its number if it has one."""
    number = next(centre.message_numbers)
    spread = centre.dice.getrandbits(128)
    forms: dict[str, Callable[[], tuple[int | None, str]]] = {
        "hex": lambda: (number, f"{number:x}"),
        "HEX": lambda: (number, f"{number:X}"),
        "dec": lambda: (number, str(number)),
        "padded": lambda: (number, f"{number:012d}"),
        "uuid": lambda: (None, str(UUID(int=spread, version=4))),
        "dashed": lambda: (None, f"{number:x}-{spread & 0xFFFF:04x}_1"),
        "long": lambda: (None, f"{spread:032x}{number:032x}"),
    }
    return forms[centre.settings.message_ids]()


# The answer


def _respond(centre: Centre, session: Session, pdu: Pdu, message_id: str, plan: Plan) -> None:
    session.end(pdu.sequence)
    if plan.answer == "none":
        return
    if plan.answer == "drop":
        session.close(reset=plan.reset)
        return
    data = _octets(centre, pdu, message_id, plan)
    if plan.answer == "cut":
        cut = len(data) // 2 if plan.octets is None else plan.octets
        session.send(data[:cut])
        session.close()
        return
    if plan.answer == "later":
        session.hold(data)
        return
    if plan.garbage or plan.length is not None:
        session.expect_nack()
    session.send(data * 2 if plan.answer == "twice" else data)
    session.let_go()


def _octets(centre: Centre, pdu: Pdu, message_id: str, plan: Plan) -> bytes:
    """The response on the wire, right or wrong."""
    sequence = pdu.sequence + plan.sequence_off
    if plan.answer == "nack":
        answer = Pdu(Command.GENERIC_NACK, plan.status or Status.RSYSERR, sequence)
    elif plan.status:
        answer = Pdu(pdu.command | RESPONSE, plan.status, sequence)
    else:
        body = {"right": c_string(message_id), "empty": b"\0", "unterminated": message_id.encode()}[plan.id]
        if plan.unknown_parameter:
            body += tlv(VENDOR_TAG, b"\x01\x02\x03")
        answer = Pdu(pdu.command | RESPONSE, Status.ROK, sequence, body)
    data = answer.encode()
    if plan.length is not None:
        data = plan.length.to_bytes(4, "big") + data[4:]
    return centre.dice.randbytes(plan.garbage) + data
