"""The dialogue that puts one PDU on the air (3GPP TS 27.005 3.5.1, 4.3).

PDU mode is set with each submission, in the same command line where the modem takes that: in text mode, into which a
modem falls by a restart that nobody saw or by another program, the PDU's digits would go out as a text, to a number
made of its length, and the answer would look the same.

Nothing but the PDU and its control-Z is written between the prompt and the final result; a modem that prompts again
and then says nothing gets an ESC. Every way out says honestly whether the network can have the message: before `Submit`
never, after it only an answer tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.at_lines import reference_of
from gatewayd.wire.modem_errors import Verdict, classify
from gatewayd.wire.modem_notify import told_as_set
from gatewayd.wire.modem_steps import (
    BeforeSubmit,
    Dialogue,
    Escape,
    Interrupted,
    Listen,
    NoAnswer,
    Submit,
    hush,
    resync,
    watched,
)

PROMPT_TRIES = 2
STUCK_ESCAPE_S = 5.0  # how long a modem that was stuck in its prompt may take to answer the ESC
SPENT = "reference of the text before"
AFTER_ESCAPE_S = 1.0  # what is said after that answers nothing that comes later


@dataclass(slots=True)
class Manner:
    """How this modem wants it, and how long we wait. `one_line` is corrected by what the modem takes."""

    prompt_wait_s: float = 10.0
    submit_wait_s: float = 180.0
    vendor: str = ""
    prompts: bool = True  # False: no prompt ever (Nordic nRF91), the PDU follows at once
    echoes: bool = False  # it repeats what we write and cannot be told to leave that
    one_line: bool = True  # it takes several commands in one line
    spent: str = ""  # the reference of the text before, which may be said again
    notify: tuple[int, ...] = ()  # +CNMI as it was set


def send_pdu(pdu_hex: str, tpdu_octets: int, manner: Manner) -> Dialogue[Verdict]:
    """Send one SMS-SUBMIT; never raises."""
    command = f"AT+CMGS={tpdu_octets}"
    try:
        refusal = yield from (_to_the_prompt(tpdu_octets, manner) if manner.prompts else _into_pdu_mode(manner))
        if refusal is not None:
            return refusal
    except (Interrupted, NoAnswer) as news:
        return _not_sent(str(news))
    try:
        booked: bool = yield BeforeSubmit()
        if not booked:
            if manner.prompts:
                yield from _leave()
            return Verdict("withdrawn")
    except Interrupted as news:
        return _not_sent(str(news))
    try:
        step = Submit(pdu_hex, manner.submit_wait_s, command="" if manner.prompts else command, spent=manner.spent)
        answer: Result = yield step
        if answer.kind is Kind.PROMPT:
            return (yield from _leave_with_the_pdu(manner.vendor))
        return judge(answer, manner.vendor, manner.spent)
    except Interrupted as news:
        return Verdict("uncertain", f"{news} before the answer", "interrupted")


def _to_the_prompt(tpdu_octets: int, manner: Manner) -> Dialogue[Verdict | None]:
    """None with the prompt open; otherwise why this did not come to be, with nothing submitted.

    A command that is repeated by a modem whose echo was off may be the sign of a restart that nobody saw: the prompt is
    left and the echo put off. When notification is as it was set, nothing but the echo had come back, and all begins
    once more.
    """
    refusal = yield from _open_prompt(tpdu_octets, manner)
    if refusal is not _ECHOED:
        return refusal
    yield from watched(hush())
    if not (yield from watched(told_as_set(manner.notify))):
        return _ECHOED
    return (yield from _open_prompt(tpdu_octets, manner))


def _open_prompt(tpdu_octets: int, manner: Manner) -> Dialogue[Verdict | None]:
    """What is refused in one line is tried in two; when that leads to the prompt, it stays so on this line."""
    for one_line in (True, False) if manner.one_line else (False,) * PROMPT_TRIES:
        if not one_line and (refusal := (yield from _into_pdu_mode(manner))) is not None:
            return refusal
        command = f"AT+CMGF=0;+CMGS={tpdu_octets}" if one_line else f"AT+CMGS={tpdu_octets}"
        result: Result = yield Command(command, timeout_s=manner.prompt_wait_s, prompt=True)
        if result.kind is Kind.PROMPT and result.echoed and not manner.echoes:
            yield from _leave()
            return _ECHOED
        if result.kind is Kind.PROMPT:
            manner.one_line = one_line
            return None
        if result.kind is Kind.TIMEOUT:
            yield Escape()
            yield from resync(owing=True)
        elif not one_line:
            return _not_sent("OK instead of a prompt", after_s=2.0) if result.ok else _refused(result, manner)
    return _not_sent("no prompt")


def _into_pdu_mode(manner: Manner) -> Dialogue[Verdict | None]:
    """None when it is in PDU mode now; otherwise why nothing can be sent."""
    result: Result = yield Command("AT+CMGF=0")
    if result.kind is Kind.TIMEOUT:
        yield from resync(owing=True)
        return _not_sent("no answer to AT+CMGF=0")
    return None if result.ok else _refused(result, manner)


def _refused(result: Result, manner: Manner) -> Verdict:
    """By the modem, before anything was submitted."""
    return classify(result, vendor=manner.vendor, submitted=False)


def _leave() -> Dialogue[None]:
    """ESC at the prompt; the modem throws the command away."""
    try:
        left: Result = yield Escape()
        if left.kind is Kind.TIMEOUT:
            yield from resync()
    except (Interrupted, NoAnswer):
        return  # nothing was sent, which is all that matters here; the next command will find out


def _leave_with_the_pdu(vendor: str) -> Dialogue[Verdict]:
    """The modem has the PDU, prompts again and says nothing more: ESC, and what can honestly be said then.

    An OK to the ESC is no proof that the PDU was thrown away. A modem that did see the control-Z, and only said its
    prompt twice, gives up waiting for the network at any octet, with the text on the air (Fibocom), and says the same
    OK; so does an ERROR. Silence proves nothing at all. Only two things do: a reference, and a +CMS ERROR that tells
    why the network or the modem did not take it. All else is uncertain.

    "interrupted": a late answer still belongs to this attempt. Trouble "modem": nothing else goes out before a plain
    AT is answered, and a modem that does this again and again is restarted.
    """
    answer: Result = yield Escape(STUCK_ESCAPE_S)
    verdict = judge(answer, vendor)
    proven = verdict.trouble != "modem" if answer.kind is Kind.CMS else verdict.fate == "accepted"
    if verdict.fate == "accepted":
        verdict = replace(verdict, trouble="modem")
    elif not proven:
        verdict = Verdict("uncertain", "it prompted again after the text", "interrupted", trouble="modem")
    try:
        yield Listen(AFTER_ESCAPE_S)
    except Interrupted:
        return verdict  # what is known stays known; who comes next finds the line gone
    return verdict


def _not_sent(reason: str, *, after_s: float = 1.0) -> Verdict:
    return Verdict("deferred", reason, "modem", "channel", after_s, trouble="modem")


_ECHOED = _not_sent("the modem has lost its settings")


def judge(result: Result, vendor: str, spent: str = "") -> Verdict:
    """What the answer to a submitted PDU means."""
    if result.kind is Kind.CLOSED:
        return _not_sent("the modem closed the prompt")
    if result.ok:
        reference = reference_of(result.lines[0]) if result.lines else None
        if result.lines and spent and reference == spent:
            return Verdict("uncertain", "no answer but the one of the text before", SPENT, reference=reference)
        if result.lines:
            return Verdict("accepted", reference=reference)
        return Verdict("uncertain", "OK without a reference", "ok without +CMGS")
    if result.kind is Kind.TIMEOUT:
        return Verdict("uncertain", f"no answer within {result.took_s:.0f} s", "timeout")
    verdict = classify(result, vendor=vendor)
    if not result.lines:
        return verdict
    # "+CMGS: n" is said when the network has taken it; the refusal behind it may be of that, or of something else.
    reason = f"a reference and then a refusal: {verdict.reason}"
    return Verdict("uncertain", reason, f"{verdict.code} after +CMGS", trouble=verdict.trouble)
