"""Which attempt a delivery report speaks of, and what the reports of all parts mean for the message. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gatewayd.model import SECOND, AttemptState, MessageState
from gatewayd.numbers import same_subscriber

WINDOW_US = 600 * SECOND  # the SMSC's clock may be off by this much
NEAR_US = 90 * SECOND  # where it says so to the minute, and is right
ZONES_US = 14 * 3600 * SECOND  # where it writes another zone's time than we were told
FINAL = ("delivered", "failed", "gave_up")


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt as the matcher sees it. `alive_until`: a report may come as late as this."""

    id: int
    message_id: int
    recipient: str
    state: AttemptState
    reference: str | None
    reference_before: str | None
    started_at: int
    alive_until: int
    receipt: str = ""
    text: str = ""
    perhaps_sent: bool = False  # it was deferred by an error that says too little
    round: int = 0
    awaited: bool = False  # it was accepted, and its own report is still to come


@dataclass(frozen=True, slots=True)
class Match:
    """`applied`: the attempt's own report; `settles`: it also ends the attempt's doubt; else why nobody's."""

    verdict: Literal["applied", "settles", "repeated", "early", "ambiguous", "unknown"]
    attempt: Tried | None = None
    reason: str = ""
    rivals: tuple[Tried, ...] = ()  # the attempts in doubt that fit alike, and nothing else does


def match(reference: str, recipient: str, sent_at: int | None, tried: Sequence[Tried], *, now: int) -> Match:
    """`tried`: attempts of the same SIM within living memory.

    Key: reference, subscriber and time. References repeat after 256 messages, so the newest one without a final
    report wins; the SMSC's time stamp, when it has one, must be near the submission. A report that no accepted
    attempt owns can settle the one attempt in doubt it fits; and one that fits no other proves that a text went out
    whose modem said, vaguely, that it did not.
    """
    same = [t for t in tried if same_subscriber(t.recipient, recipient) and t.started_at <= now <= t.alive_until]
    owners = [t for t in same if t.state is AttemptState.ACCEPTED and t.reference == reference]
    near = [t for t in owners if sent_at is None or abs(sent_at - t.started_at) <= WINDOW_US]
    open_ones = [t for t in near if t.receipt not in FINAL]
    if open_ones:
        return Match("applied", max(open_ones, key=lambda t: (t.started_at, t.id)))
    fitting = _fitting(
        reference, sent_at, [t for t in same if t.state in (AttemptState.IN_DOUBT, AttemptState.STARTED)]
    )
    settled = [
        t for t in fitting if t.state is AttemptState.IN_DOUBT and all(t.started_at > o.started_at for o in near)
    ]
    if settled and any(t.state is AttemptState.STARTED for t in fitting):
        return Match("early", reason="an attempt whose answer has not come yet fits as well")
    denied = _denied(reference, sent_at, same, tried)
    if len(settled) == 1:
        if any(t.message_id != settled[0].message_id for t in denied):
            return Match("ambiguous", reason="a text that was said not to be sent fits as well")
        return Match("settles", settled[0], "the only attempt in doubt that fits")
    if len(settled) > 1:
        return Match("ambiguous", reason=f"{len(settled)} attempts in doubt fit")
    if any(t.state is AttemptState.STARTED for t in fitting):
        return Match("early", reason="its answer has not come yet")
    if denied and not owners:
        return _gone_out_after_all(denied, sent_at)
    skewed = [t for t in owners if t.receipt not in FINAL]
    if skewed:
        return Match("applied", max(skewed, key=lambda t: (t.started_at, t.id)), "the network's clock is off")
    if owners:
        return Match("repeated", max(owners, key=lambda t: t.started_at), "its final report had come already")
    return Match("unknown", reason="no attempt fits")


def _denied(reference: str, sent_at: int | None, same: Sequence[Tried], tried: Sequence[Tried]) -> list[Tried]:
    """Attempts to this subscriber that were denied vaguely and fit by reference and time. A reference that the network
    has told for any other text of these minutes is that one's; a report without a stamp proves nothing.
    """
    if sent_at is None:
        return []
    of_another = (
        t.state is AttemptState.ACCEPTED and t.reference == reference and abs(sent_at - t.started_at) <= WINDOW_US
        for t in tried
    )
    if any(of_another):
        return []
    near = [
        t
        for t in same
        if t.perhaps_sent and t.state is AttemptState.DEFERRED and abs(sent_at - t.started_at) <= WINDOW_US
    ]
    return _fitting(reference, sent_at, near)


def _gone_out_after_all(denied: Sequence[Tried], sent_at: int | None) -> Match:
    if len({t.message_id for t in denied}) > 1:
        return Match("ambiguous", reason=f"{len(denied)} texts that were said not to be sent fit")
    nearest = min(denied, key=lambda t: (abs((sent_at or 0) - t.started_at), t.id))
    return Match("settles", nearest, "it was sent, though the modem said that it was not")


def match_named(
    references: Sequence[str], recipient: str, tried: Sequence[Tried], *, quotes: str = "", says: str = ""
) -> Match | None:
    """A bureau's report: `references` are the forms its message's name may have, the one to expect first.

    Sure is the expected form with the recipient, and with how the text began where the bureau repeats that (`quotes`).
    None: no attempt is surely meant, see `match_likely`.
    """
    owners = [
        t
        for t in tried
        if t.state is AttemptState.ACCEPTED and t.reference in references[:1] and _fits(t, recipient, None, quotes)
    ]
    return _newest(owners, says) if owners else None


def match_likely(
    references: Sequence[str],
    recipient: str,
    tried: Sequence[Tried],
    doubts: Sequence[Tried],
    *,
    own_reference: int | None = None,
    quotes: str = "",
    says: str = "",
) -> Match:
    """A bureau's report that names nothing surely. `doubts`: attempts whose names we have not been told.

    A form that is not the expected one may be another message's name: recipient and words must agree. With the expected
    form a recipient, or words, may be written in a way of the bureau's own, but not both. Neither counts while an
    attempt without a name could be meant as well.
    """
    known = [t for t in tried if t.state is AttemptState.ACCEPTED and t.reference in references]
    agree = [t for t in known if _fits(t, recipient, own_reference, quotes)]
    by_name = [t for t in known if t.reference == references[0]]
    owners = agree or [t for t in by_name if same_subscriber(t.recipient, recipient) or _quoted(quotes, t.text)]
    doubt = match_doubt(recipient, doubts, own_reference=own_reference, quotes=quotes)
    if not owners or doubt.verdict == "early":
        return doubt
    if doubt.verdict == "settles" and quotes and not agree:
        return doubt  # its words agree
    if doubt.verdict != "unknown":
        return Match("ambiguous", reason="an attempt in doubt fits as well")
    if len({t.reference for t in owners}) > 1:
        return Match("ambiguous", reason="its name in several forms fits")
    return _newest(owners, says)


def _newest(owners: Sequence[Tried], says: str) -> Match:
    open_ones = [t for t in owners if _open(t, says)]
    if open_ones:
        return Match("applied", max(open_ones, key=lambda t: (t.started_at, t.id)))
    return Match("repeated", max(owners, key=lambda t: t.started_at), "its final report had come already")


def _open(tried: Tried, says: str) -> bool:
    """Whoever gave up may have been wrong; any other final word is never replaced."""
    return tried.receipt not in FINAL or (tried.receipt, says) == ("gave_up", "delivered")


def match_doubt(recipient: str, tried: Sequence[Tried], *, own_reference: int | None, quotes: str) -> Match:
    """A bureau's report that bears a name we were not told: it may settle a doubt, if it is the only one that fits.

    `own_reference`: the number of our attempt modulo 65536; `quotes`: how the text began. A text that was accepted may
    be meant as well while its report is awaited: a bureau may write names in another way than it answered.
    """
    fits = [t for t in tried if _fits(t, recipient, own_reference, quotes)]
    fitting = [t for t in fits if t.state in (AttemptState.IN_DOUBT, AttemptState.STARTED)]
    if any(t.state is AttemptState.STARTED for t in fitting):
        return Match("early", reason="the answer of an attempt that fits has not come yet")
    if any(t.awaited and (t.message_id != d.message_id or t.round == d.round) for t in fits for d in fitting):
        return Match("ambiguous", reason="a text that was accepted, and whose report is awaited, fits as well")
    if len(fitting) == 1:
        return Match("settles", fitting[0], "the only attempt in doubt that fits")
    if fitting:
        return Match("ambiguous", reason=f"{len(fitting)} attempts in doubt fit", rivals=tuple(fitting))
    return Match("unknown", reason="no attempt fits")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bureau's report of which only is known that it speaks of one of several attempts in doubt."""

    names: frozenset[str]
    says: str
    came_at: int


def pair(doubts: Sequence[Tried], reports: Sequence[Waiting]) -> Tried | None:
    """The attempt that the first of these reports ends, where there is one for each of the doubts; None: nobody knows.

    `reports`: all that fit these doubts and no other attempt. Which of them is whose cannot be told, and need not be:
    either the doubts are one round of one message, or all reports say the same. Two reports of one name are one.
    """
    final = [report for report in reports if report.says in FINAL]
    told = [r for n, r in enumerate(final) if not any(r.names & before.names for before in final[:n])]
    if not reports or reports[0].says not in FINAL or len(told) != len(doubts):
        return None
    if len({(t.message_id, t.round) for t in doubts}) > 1 and len({report.says for report in final}) > 1:
        return None
    begun = sorted(doubts, key=lambda t: (t.started_at, t.id))
    came = sorted(report.came_at for report in told)
    if any(at < t.started_at for at, t in zip(came, begun, strict=True)):
        return None
    return begun[0]


def match_nameless(
    recipient: str, accepted_at: int, tried: Sequence[Tried], *, quotes: str = "", says: str = ""
) -> Match:
    """A bureau's report that names no message: its recipient, how the text began where it repeats that, and when the
    bureau says that it took it (often the minute only) must mean one message. Its clock may be off, or its zone, where
    the recipient had one message only.
    """
    fitting = [
        t
        for t in tried
        if t.state in (AttemptState.ACCEPTED, AttemptState.IN_DOUBT, AttemptState.STARTED)
        and _fits(t, recipient, None, quotes)
        and abs(accepted_at - t.started_at) <= ZONES_US
    ]
    near = [t for t in fitting if abs(accepted_at - t.started_at) <= NEAR_US]
    roughly = [t for t in fitting if abs(accepted_at - t.started_at) <= WINDOW_US]
    found = near or roughly or fitting
    if not found:
        return Match("unknown", reason="no attempt fits")
    if any(t.state is AttemptState.STARTED for t in found):
        return Match("early", reason="the answer of an attempt that fits has not come yet")
    open_ones = [t for t in found if _open(t, says)]
    if len({t.message_id for t in (open_ones if near else found)}) > 1:
        return Match("ambiguous", reason="several messages fit")
    if not open_ones:
        return Match("repeated", max(found, key=lambda t: t.id), "its final report had come already")
    first = min(open_ones, key=lambda t: t.id)  # parts of one message: which of them does not matter
    return Match("settles" if first.state is AttemptState.IN_DOUBT else "applied", first, "the only message that fits")


def _fits(tried: Tried, recipient: str, own_reference: int | None, quotes: str) -> bool:
    own = own_reference is None or tried.id % 65536 == own_reference
    return own and same_subscriber(tried.recipient, recipient) and _quoted(quotes, tried.text)


def _quoted(quotes: str, text: str) -> bool:
    """Bureaus repeat the first 20 characters, some of them with other letters: only plain ones are compared."""
    if not quotes:
        return True
    told, own = (re.sub(r"[^0-9A-Za-z]", "", part) for part in (quotes[:20], text))
    return told.casefold()[: 20 if text.isascii() else 12] in own.casefold()


def _fitting(reference: str, sent_at: int | None, doubts: Sequence[Tried]) -> list[Tried]:
    """Where the SIM's last reference before the attempt is known, the network's must be its near successor.

    Where it is not known, as for the first text after a restart, an attempt that began after a nearest one fits as
    well: the nearest one may never have been on the air. One that began before it has an earlier reference.
    """
    timely = [t for t in doubts if sent_at is None or sent_at >= t.started_at - WINDOW_US]
    steps = {t.id: _step(t.reference_before, reference) for t in timely}
    nearest = [t for t in timely if steps[t.id] == 1]
    if nearest:
        since = min(t.started_at for t in nearest)
        return [*nearest, *(t for t in timely if steps[t.id] is None and t.started_at >= since)]
    return [t for t in timely if (step := steps[t.id]) is None or 1 < step <= 1 + len(doubts)]


def _step(before: str | None, reference: str) -> int | None:
    """How far `reference` lies behind `before` in the SIM's 8-bit count; None when that cannot be told."""
    if before is None or not before.isdecimal() or not reference.isdecimal():
        return None
    return (int(reference) - int(before)) % 256


@dataclass(frozen=True, slots=True)
class PartTried:
    round: int
    part: int
    parts: int
    state: AttemptState
    receipt: str


def roll_up(tries: Sequence[PartTried]) -> MessageState | None:
    """What all attempts together say; None while parts of the newest round are still to be tried. A round that was
    begun anew in other parts, because the channel has learnt what fits, is a sending of its own.

    Delivered when every part of one round is; undelivered when a part of a round came back and no other round arrived
    whole; sent when every part of a round was accepted; in doubt when only the fate of some parts is open.
    """
    sendings = sorted({(t.round, t.parts) for t in tries})
    found = [_round([t for t in tries if (t.round, t.parts) == sending]) for sending in sendings]
    for state in (MessageState.DELIVERED, MessageState.SENT):
        if state in found:
            return state
    return found[-1] if found else None


def _round(tries: Sequence[PartTried]) -> MessageState | None:
    marks = {_best([t for t in tries if t.part == part]) for part in range(1, tries[0].parts + 1)}
    if marks == {"delivered"}:
        return MessageState.DELIVERED
    if "came back" in marks:
        return MessageState.UNDELIVERED
    if marks <= {"delivered", "accepted"}:
        return MessageState.SENT
    if marks <= {"delivered", "accepted", "in_doubt"}:
        return MessageState.IN_DOUBT
    return None


def _best(tries: Sequence[PartTried]) -> str:
    marks = {_mark(t) for t in tries}
    return next((m for m in ("delivered", "came back", "accepted", "in_doubt") if m in marks), "open")


def _mark(tried: PartTried) -> str:
    if tried.receipt == "delivered":
        return "delivered"
    if tried.receipt in ("failed", "gave_up"):
        return "came back"
    return tried.state.value
