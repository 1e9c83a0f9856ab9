"""query_sm, cancel_sm and replace_sm (SMPP 3.4 4.8 to 4.10)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hwsim.bureau import State
from hwsim.smpp_bodies import SmeAddress, Target, take_cancel, take_query, take_replace
from hwsim.smpp_checks import check_registered, times
from hwsim.smpp_desk import number_of
from hwsim.smpp_faults import cancel_rule
from hwsim.smpp_outcome import Sent
from hwsim.smpp_pdu import RESPONSE, Pdu, Status, Tag, Violation, c_string
from hwsim.smpp_receipt import CAUSES
from hwsim.smpp_text import SAR, content_of
from hwsim.smpp_time import written

if TYPE_CHECKING:
    from hwsim.smpp_centre import Centre
    from hwsim.smpp_session import Session


OF_THE_TEXT = frozenset({Tag.MESSAGE_PAYLOAD, *SAR})  # parameters that go with the text that is replaced


def _same(one: SmeAddress, other: SmeAddress) -> bool:
    return (one.ton, one.npi, one.value) == (other.ton, other.npi, other.value)


def _found(centre: Centre, session: Session, target: Target) -> Sent | None:
    """The account's message of this id and source address."""
    sent = centre.sent.get(target.message_id)
    if sent is None or sent.account is not session.account or not _same(sent.submission.source, target.source):
        return None
    return sent


def query(centre: Centre, session: Session, pdu: Pdu) -> None:
    """What became of a message."""
    target = take_query(pdu.body)
    sent = _found(centre, session, target)
    if sent is None or sent.page is None:
        session.answer(pdu, Status.RQUERYFAIL if target.message_id else Status.RINVMSGID)
        return
    page = sent.page
    final = written(page.changed_at, centre.settings.zone_quarters) if page.state.final else ""
    body = c_string(sent.message_id) + c_string(final) + bytes([page.state, CAUSES.get(page.state, 0)])
    session.say(Pdu(pdu.command | RESPONSE, Status.ROK, pdu.sequence, body))


def cancel(centre: Centre, session: Session, pdu: Pdu) -> None:
    """Takes back one message by its id, or all that wait for an address from an address."""
    target = take_cancel(pdu.body)
    struck = cancel_rule(centre.rules, _recipient(centre, target), centre.dice)
    if struck is not None:
        line = session.account.system_id if session.account else None
        centre.book("cancel", line=line, message_id=target.message_id, fault=struck.kind)
        if struck.kind == "cancel_refused":
            session.answer(pdu, struck.options.get("status", Status.RCANCELFAIL))
        return
    if target.message_id:
        if target.service_type:
            session.violation("a service_type beside the message_id of a cancel_sm (4.9.1)", None, pdu.encode())
        sent = _found(centre, session, target)
        named = target.dest if target.dest and target.dest.value else None  # it may be left out beside an id (4.9.1)
        if sent is not None and named and not _same(sent.submission.dest, named):
            sent = None
        done = sent is not None and sent.page is not None and centre.bureau.withdraw(sent.page)
    else:
        done = _cancel_group(centre, session, target)
    session.answer(pdu, Status.ROK if done else Status.RCANCELFAIL)


def _recipient(centre: Centre, target: Target) -> str | None:
    """Whose message is asked back."""
    sent = centre.sent.get(target.message_id)
    dest = sent.submission.dest if sent else target.dest
    return number_of(dest, centre.network.settings.country) if dest else None


def _cancel_group(centre: Centre, session: Session, target: Target) -> bool:
    country = centre.network.settings.country
    assert target.dest
    to, source = number_of(target.dest, country), number_of(target.source, country)
    done = False
    for sent in centre.sent.values():
        page = sent.page
        if page is None or sent.account is not session.account or page.state is not State.ENROUTE:
            continue
        fits = page.order.to == to and page.order.source == source
        if fits and target.service_type in {"", sent.submission.service_type}:
            done = centre.bureau.withdraw(page) or done
    return done


def replace(centre: Centre, session: Session, pdu: Pdu) -> None:
    """Puts another text in the place of a message that still waits."""
    wanted = take_replace(pdu.body)
    defer_s, valid_s = times(centre, wanted.schedule, wanted.validity)
    if wanted.default_message:
        raise Violation(Status.RINVDFTMSGID, f"sm_default_msg_id {wanted.default_message}")
    check_registered(wanted.registered)
    sent = _found(centre, session, wanted.target)
    if sent is None or sent.page is None:
        session.answer(pdu, Status.RREPLACEFAIL)
        return
    kept = [(tag, value) for tag, value in sent.submission.tlvs if tag not in OF_THE_TEXT]
    newer = dataclasses.replace(
        sent.submission, message=wanted.message, registered=wanted.registered, esm_class=0, tlvs=kept
    )
    content = content_of(newer, centre.settings.default_alphabet, long_alone=centre.settings.long_alone)
    done = centre.bureau.replace(sent.page, content.text, valid_s, defer_s if wanted.schedule else None)
    if done:
        sent.submission = newer
    session.answer(pdu, Status.ROK if done else Status.RREPLACEFAIL)
