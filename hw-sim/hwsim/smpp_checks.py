"""What a submission may look like (SMPP 3.4 4.4 and 4.7): in the order of the fields, each with its field's status.

A Violation is a request that breaks the standard, a Refusal one that this bureau does not take.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwsim.smpp_bodies import ALPHANUMERIC, NPIS, TONS, Submission
from hwsim.smpp_desk import number_of
from hwsim.smpp_pdu import Status, Tag, Violation
from hwsim.smpp_text import CODINGS, Content, content_of
from hwsim.smpp_time import BadTime, moment_of

if TYPE_CHECKING:
    from hwsim.smpp_centre import Account, Centre
    from hwsim.smpp_session import Session

DIGITS_MAX = 20
ALPHANUMERIC_NPI = 0
RATE_SPAN_S = 1.0
_LETTERS = re.compile(r"[ -~]{1,11}")


class Refusal(Exception):
    """The submission is well formed, and is not taken."""

    def __init__(self, status: Status, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status = status


def limits(centre: Centre, session: Session, account: Account) -> None:
    """Window and rate; raises Refusal."""
    settings = centre.settings
    window = settings.window if account.window is None else account.window
    if settings.window_policy == "throttle" and session.outstanding > window:
        raise Refusal(Status.RTHROTTLED, "window")
    rate = settings.rate_per_s if account.rate_per_s is None else account.rate_per_s
    now = centre.loop.time()
    while account.recent and account.recent[0] <= now - RATE_SPAN_S:
        account.recent.popleft()
    if rate and len(account.recent) >= rate:
        raise Refusal(Status[settings.rate_status], "rate")
    account.recent.append(now)


def reachable(centre: Centre, to: str) -> None:
    """Raises Refusal for a number that the bureau does not know, if that is its way."""
    if not centre.bureau.knows(to) and centre.bureau.settings.unknown_numbers == "refuse":
        raise Refusal(Status.RINVDSTADR)


def checked(centre: Centre, account: Account, submission: Submission) -> Content:
    """What it says, if every field is as it should be; raises Violation or Refusal."""
    settings = centre.settings
    if submission.service_type not in settings.service_types:
        raise Violation(Status.RINVSERTYP, f"service_type {submission.service_type!r}")
    _check_source(centre, account, submission)
    _check_dest(centre, submission)
    kind = submission.esm_class & 0x3C
    if kind not in {0, 0x08, 0x10}:
        raise Violation(Status.RINVESMCLASS, f"esm_class 0x{submission.esm_class:02X} from an ESME")
    if submission.priority > 3:
        raise Violation(Status.RINVPRTFLG, f"priority_flag {submission.priority}")
    check_registered(submission.registered)
    if submission.replace > 1:
        raise Violation(Status.RINVREPFLAG, f"replace_if_present_flag {submission.replace}")
    if submission.default_message:
        raise Violation(Status.RINVDFTMSGID, f"sm_default_msg_id {submission.default_message}")
    payload = submission.parameter(Tag.MESSAGE_PAYLOAD)
    if payload is not None and len(payload) > settings.payload_max:
        raise Violation(Status.RINVMSGLEN, f"message_payload of {len(payload)} octets")
    if submission.data_coding not in settings.codings:
        if settings.other_codings != "keep":
            raise Refusal(Status.RSUBMITFAIL, f"data_coding 0x{submission.data_coding:02X}")
        if submission.data_coding not in CODINGS:
            octets = submission.message if payload is None else payload
            return Content(octets.decode("latin-1"), "octets")
    return content_of(submission, settings.default_alphabet, long_alone=settings.long_alone)


def check_registered(flags: int) -> None:
    """registered_delivery (5.2.17), in which 11 and the highest three bits are reserved; raises Violation."""
    if flags & 0xE0 or flags & 3 == 3:
        raise Violation(Status.RINVREGDLVFLG, f"registered_delivery 0x{flags:02X}")


def _check_source(centre: Centre, account: Account, submission: Submission) -> None:
    source = submission.source
    if source.ton not in TONS:
        raise Violation(Status.RINVSRCTON, f"source_addr_ton {source.ton}")
    if source.npi not in NPIS:
        raise Violation(Status.RINVSRCNPI, f"source_addr_npi {source.npi}")
    if not source.value:
        return
    if source.ton == ALPHANUMERIC:
        if not _LETTERS.fullmatch(source.value):
            raise Violation(Status.RINVSRCADR, "an alphanumeric source_addr has 1 to 11 characters")
    elif not source.value.isdigit() or len(source.value) > DIGITS_MAX:
        raise Violation(Status.RINVSRCADR, "source_addr is not digits only")
    wanted = ALPHANUMERIC_NPI if source.ton == ALPHANUMERIC else 1
    if centre.settings.strict_npi and source.npi not in ({wanted} if source.ton in {1, ALPHANUMERIC} else {0, 1}):
        raise Violation(Status.RINVSRCNPI, f"source_addr_npi {source.npi} with TON {source.ton}")
    if account.sources is not None:
        shown = number_of(source, centre.network.settings.country)
        if shown not in account.sources and source.value not in account.sources:
            raise Refusal(Status.RINVSRCADR, "not a sender of this account")


def _check_dest(centre: Centre, submission: Submission) -> None:
    dest = submission.dest
    if dest.ton not in TONS or dest.ton not in centre.settings.destination_tons:
        raise Violation(Status.RINVDSTTON, f"dest_addr_ton {dest.ton}")
    if dest.npi not in NPIS:
        raise Violation(Status.RINVDSTNPI, f"dest_addr_npi {dest.npi}")
    if not dest.value.isdigit() or len(dest.value) > DIGITS_MAX:
        raise Violation(Status.RINVDSTADR, "destination_addr is not digits only")
    if centre.settings.strict_npi and dest.npi not in ({1} if dest.ton == 1 else {0, 1}):
        raise Violation(Status.RINVDSTNPI, f"dest_addr_npi {dest.npi} with TON {dest.ton}")


def times(centre: Centre, schedule: str, validity: str) -> tuple[float, float | None]:
    """Seconds until the first attempt, and of validity (None: the bureau's own); raises Violation."""
    now = centre.network.wall()
    defer_s, valid_s = 0.0, None
    try:
        if schedule:
            defer_s = moment_of(schedule, now) - now
    except BadTime as wrong:
        raise Violation(Status.RINVSCHED, str(wrong)) from None
    try:
        if validity:
            valid_s = moment_of(validity, now) - now
    except BadTime as wrong:
        raise Violation(Status.RINVEXPIRY, str(wrong)) from None
    if valid_s is not None and valid_s <= max(defer_s, 0.0):
        raise Violation(Status.RINVEXPIRY, f"validity_period {validity!r} is over before the message can be sent")
    if defer_s < 0:
        raise Violation(Status.RINVSCHED, f"schedule_delivery_time {schedule!r} is in the past")
    return defer_s, valid_s
