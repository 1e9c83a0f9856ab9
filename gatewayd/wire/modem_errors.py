"""What a refusal of a modem means for one submission: the tables of modem_codes.py, and what time and repetition add.

A number that only says "it went wrong" (500, 300, a plain ERROR, whatever nobody knows) long after the PDU was written
does not say that the network did not take it: fast it is a try that failed, late it is a doubt.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from gatewayd.wire.at import Kind, Result
from gatewayd.wire.modem_codes import Fate, Row, Scope, Trouble, row_of
from gatewayd.wire.modem_words import CME_WORDS, CMS_WORDS, plain

__all__ = ["Fate", "Scope", "Trouble", "Verdict", "Watch", "classify", "number_of"]

# An unspecific error later than this may follow a submission that did go out. A network that is there takes 5 to 10 s;
# a Quectel has said 350 after 135 s, when its radio layers had tried one after the other.
SLOW_ANSWER_S = 25.0
EARLY_AGAIN_S = 2.0  # after a refusal that cannot be of this text
DOUBTED_MAX = 16
_SHARED = ("subscription", "modem", "network")  # troubles that two recipients in a row make the channel's


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one submission ended. `trouble` tells what else is ill: the SIM, its contract, the modem, the network."""

    fate: Fate
    reason: str = ""
    code: str = "ok"
    scope: Scope = "message"
    after_s: float = 0.0
    reference: str | None = None
    trouble: Trouble = ""
    doubtful: bool = False  # it speaks of how the text is written: the line may have lost a digit
    perhaps_sent: bool = False  # it says too little of a text that was written out: only most likely it was not taken


def number_of(result: Result) -> tuple[Kind, int | None]:
    """Which table and number an error answer means, words included."""
    if result.code is not None or result.kind not in {Kind.CME, Kind.CMS}:
        return result.kind, result.code
    words = plain(result.text.partition(":")[2])
    first, second = (CMS_WORDS, CME_WORDS) if result.kind is Kind.CMS else (CME_WORDS, CMS_WORDS)
    if words in first:
        return result.kind, first[words]
    other = Kind.CME if result.kind is Kind.CMS else Kind.CMS
    return (other, second[words]) if words in second else (result.kind, None)


def classify(result: Result, *, vendor: str = "", submitted: bool = True) -> Verdict:
    """What an error answer to a submission means. `submitted`: the PDU had been written before it came."""
    kind, code = number_of(result)
    row: Row | None = None
    if code is not None:
        row = row_of("cms" if kind is Kind.CMS else "cme", code, vendor)
    if row is None:
        row = Row("deferred", f"error of the modem: {result.text}", after_s=30.0, trouble="modem", vague=True)
    label = f"{kind.value} {code}" if code is not None else result.text.lower()[:40]
    fate, reason, after_s = row.fate, row.reason, row.after_s
    if not submitted and (row.doubtful or (fate == "refused" and row.scope != "channel")):
        # Only its length had been said: a digit of that was lost, somebody else wrote too, or an earlier text is meant.
        return Verdict("deferred", f"{reason}, before the text", label, "channel", EARLY_AGAIN_S, trouble="modem")
    if not submitted and fate in {"uncertain", "accepted"}:
        fate, after_s = "deferred", 10.0
    elif submitted and row.vague and result.took_s > SLOW_ANSWER_S:
        fate, reason = "uncertain", f"{reason}, after {result.took_s:.0f} s: it may have been sent"
    perhaps = submitted and row.vague and fate == "deferred"
    return Verdict(
        fate, reason, label, row.scope, after_s, trouble=row.trouble, doubtful=row.doubtful, perhaps_sent=perhaps
    )


class Watch:
    """What one refusal cannot tell and two can: a barred SIM from a barred number, a wrong text from a bad line.

    The same trouble with two recipients and no success between is the channel's, and counts against no text any more.
    A refusal that speaks of how a text is written is believed when the same recipient meets it again.
    """

    def __init__(self) -> None:
        self._met: dict[Trouble, set[str]] = {}  # who met this trouble since the last success, up to two
        self._doubted: deque[str] = deque(maxlen=DOUBTED_MAX)

    def saw(self, recipient: str, verdict: Verdict) -> Verdict:
        """The verdict in the light of those before it."""
        if verdict.fate == "accepted":
            self._met.clear()
            self._doubted.clear()
            return verdict
        if verdict.fate != "deferred":
            return verdict
        if verdict.doubtful:
            if recipient in self._doubted:
                self._doubted.remove(recipient)
                return replace(verdict, fate="refused", after_s=0.0)
            self._doubted.append(recipient)
            return verdict
        if verdict.scope != "message" or verdict.trouble not in _SHARED:
            return verdict
        met = self._met.setdefault(verdict.trouble, set())
        if len(met) < 2:
            met.add(recipient)
        return replace(verdict, scope="channel") if len(met) > 1 else verdict
