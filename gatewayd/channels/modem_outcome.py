"""Between the house's words and the modem's: a submission as a PDU, a verdict as an outcome."""

from __future__ import annotations

from gatewayd.channels.contract import Submission
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from gatewayd.wire import tpdu
from gatewayd.wire.modem_errors import Verdict


def encode(submission: Submission, *, validity: bool = True) -> tpdu.SubmitPdu:
    """The SMS-SUBMIT of one part; raises tpdu.PduError."""
    concat = None
    if submission.parts > 1:
        concat = tpdu.Concat(submission.concat_reference, 8, submission.parts, submission.part)
    return tpdu.encode_submit(
        submission.recipient,
        submission.segment,
        alphabet=submission.alphabet,
        concat=concat,
        validity_s=submission.validity_s if validity else None,
        report=submission.report,
    )


def outcome_of(verdict: Verdict) -> Outcome:
    match verdict.fate:
        case "accepted":
            return Accepted(verdict.reference, verdict.code)
        case "refused":
            return Refused(verdict.reason, verdict.code, verdict.scope)
        case "deferred":
            return Deferred(verdict.reason, verdict.code, verdict.after_s, verdict.scope, verdict.perhaps_sent)
        case "uncertain":
            return Uncertain(verdict.reason, verdict.code)
        case "withdrawn":
            return Withdrawn()
