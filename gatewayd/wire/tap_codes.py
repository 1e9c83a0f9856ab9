"""What the answers of a paging terminal mean: response codes by class, and the verdict on one page.

The control octet rules what is said next, the code says what became of the page; where they contradict each other
nobody knows, and that is what the verdict says. Without a code: ACK took the page, RS refused it, ESC EOT and NAK took
nothing. Sources: TAP 1.8 appendix A; what terminals really answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from gatewayd.wire.tap_signs import Mark
from gatewayd.wire.tap_text import CHARS_MIN

Fate = Literal["accepted", "refused", "deferred", "uncertain", "withdrawn"]
Scope = Literal["message", "recipient", "channel"]
Trouble = Literal["", "line", "modem", "bureau", "logon", "limit"]

_CODED = re.compile(r"(\d{3})(?: (.*))?")
_COUNT = re.compile(r" *(\d{1,5})(?!\d)")
_VERSION = re.compile(r" *(\d{1,3})\.(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Coded:
    """A line that begins with a response code."""

    code: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one page ended. `trouble` tells what else is ill; `lines` is what the terminal said, not for the log."""

    fate: Fate
    reason: str = ""
    code: str = "ok"
    scope: Scope = "message"
    after_s: float = 0.0
    trouble: Trouble = ""
    truncated: bool = False  # accepted, but the bureau cut the text
    held: bool = False  # accepted, to be sent later
    chars_max: int | None = None  # the limit that the bureau told with the answer
    lines: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """`resends`: how often a NAK with this code is worth the same block again (None: as often as n2 allows)."""

    reason: str
    fate: Fate = "deferred"
    scope: Scope = "message"
    after_s: float = 0.0
    trouble: Trouble = ""
    ends_call: bool = False
    resends: int | None = 0


def _info(reason: str) -> Row:
    return Row(reason, resends=None)


def _call(reason: str, after_s: float, trouble: Trouble) -> Row:
    """It is about the call, not about the page."""
    return Row(reason, "deferred", "channel", after_s, trouble, ends_call=True)


CODES: dict[int, Row] = {
    # information
    110: _info("version of the protocol"),
    111: _info("still working"),
    114: _info("banner"),
    115: _info("farewell"),
    # no more in this call, but all is well
    112: Row("no more pages in this call", trouble="limit", ends_call=True),
    113: Row("no more time in this call", trouble="limit", ends_call=True),
    # the page is done
    211: Row("page sent", "accepted"),
    212: Row("the bureau cut the text, and sent it", "accepted"),
    213: Row("the bureau keeps it for later", "accepted"),
    214: Row("the bureau cut the text to its limit, and sent it", "accepted"),
    # the pager does not exist
    510: Row("not a pager number", "refused", "recipient"),
    511: Row("unknown pager number", "refused", "recipient"),
    # the pager cannot show this text
    504: Row("a tone-only pager takes no text", "refused"),
    505: Row("a numeric pager takes no letters", "refused"),
    513: Row("text too long", "refused"),
    517: Row("text longer than the limit", "refused"),
    # not now
    512: Row("cannot be delivered to this pager now", scope="recipient", after_s=60.0),
    516: _call("the quota is used up for now", 900.0, "limit"),
    506: _call("too many pages were refused in this call", 5.0, "limit"),
    # the line or the form of a block
    501: _call("the terminal waited too long for us", 5.0, "line"),
    502: Row("octets that fit no block", scope="channel", after_s=5.0, trouble="line", resends=None),
    503: _call("too many damaged blocks", 5.0, "line"),
    514: Row("damaged block", scope="channel", after_s=5.0, trouble="line", resends=None),
    515: Row("the block is not understood", "refused", resends=1),
    # the logon
    507: _call("the logon is not understood", 300.0, "logon"),
    508: _call("the service type is not offered", 900.0, "logon"),
    509: _call("the password is refused", 900.0, "logon"),
}

NO_REASON = " without a reason"
TOO_LONG = frozenset({"513", "517"})

_WITHOUT_CODE: dict[Mark, Row] = {
    Mark.ACK: Row("", "accepted"),
    Mark.NAK: Row("damaged on the line", scope="channel", after_s=5.0, trouble="line", resends=None),
    Mark.RS: Row(f"refused{NO_REASON}", "refused"),
    Mark.DISCONNECT: _call("the terminal ended the call", 5.0, "bureau"),
}

LIMIT = Verdict("deferred", "no room in this call", "limit", trouble="limit")
SILENT = Verdict("deferred", "the terminal does not answer", "silent", "channel", 5.0, "line")
NO_PROMPT = Verdict("deferred", "no prompt (ID=) came", "silent", "channel", 5.0, "line")
NO_ANSWER = Verdict("deferred", "no answer to the logon", "silent", "channel", 5.0, "line")
NO_GO_AHEAD = Verdict(
    "deferred", "the logon was taken, but no go-ahead (ESC [ p) followed", "silent", "channel", 5.0, "line"
)
NO_LOGON = Verdict("deferred", "the logon is not accepted", "logon", "channel", 300.0, "logon")
NOISY = Verdict("deferred", "the line damages what is sent", "noise", "channel", 5.0, "line")
OWED = Verdict("deferred", "an answer to the page before may still come", "owed")
LOST = Verdict("deferred", "the line was lost", "lost", "channel", 5.0, "line")
STOPPED = Verdict("deferred", "stopped", "stopped", "channel")
LATE_LEAVE = Verdict("deferred", "the leave to send came too late", "no leave", after_s=1.0)
UNANSWERED = Verdict("uncertain", "no answer to the page", "no answer", trouble="line")
LOST_UNANSWERED = Verdict("uncertain", "the line was lost before the answer", "lost", trouble="line")
ONE_OF_SEVERAL = Verdict("uncertain", "one page of this call was refused after all", "rs", trouble="bureau")
WITHDRAWN = Verdict("withdrawn", "withdrawn before it was sent", "withdrawn")


def coded(line: str) -> Coded | None:
    """The code that this line begins with, or None. An indented number is text (appendix A)."""
    match = _CODED.fullmatch(line)
    return Coded(int(match[1]), match[2] or "") if match and match[1][0] in "125" else None


def version_of(said: Coded) -> tuple[int, int] | None:
    """(1, 8) of `110 1.8`."""
    match = _VERSION.match(said.text) if said.code == 110 else None
    return (int(match[1]), int(match[2])) if match else None


def chars_max_of(codes: Sequence[Coded]) -> int | None:
    """The limit told by `214 nnn ...` or `517 nnn ...`; some tell it with 513."""
    for said in codes:
        match = _COUNT.match(said.text) if said.code in {214, 513, 517} else None
        if match and int(match[1]) >= CHARS_MIN:  # less is no length of a text: the line has lost a digit
            return int(match[1])
    return None


def _first(codes: Sequence[Coded], classes: str) -> Coded | None:
    return next((said for said in codes if str(said.code)[0] in classes), None)


def row_of(mark: Mark, codes: Sequence[Coded]) -> tuple[str, Row]:
    """The code (or the control octet, where no code tells more) that decides, and what it means."""
    for said in codes:
        row = CODES.get(said.code)
        if row is not None and (said.code >= 500 or (row.ends_call and mark is not Mark.ACK)):
            return str(said.code), row
    told = _first(codes, "5")
    return (str(told.code) if told else mark.value), _WITHOUT_CODE[mark]


def judge(mark: Mark, codes: Sequence[Coded], *, doubt: bool = False, lines: Sequence[str] = ()) -> Verdict:
    """What an answer to a block means for its page; `lines` is what came with it.

    `doubt`: an earlier copy of the last block went unanswered. Then only an ACK, or a refusal that this page would
    have met at any time, tells its fate.
    """
    said, chars_max = tuple(lines), chars_max_of(codes)
    success, failure = _first(codes, "2"), _first(codes, "5")
    if mark is Mark.ACK:
        if failure is not None:
            return _contradiction(f"accepted, but with code {failure.code}", failure.code, said)
        numbers = {each.code for each in codes}
        label = str(success.code) if success else "ack"
        reason = CODES[success.code].reason if success and success.code in CODES else ""
        truncated, held = bool(numbers & {212, 214}), 213 in numbers
        return Verdict("accepted", reason, label, truncated=truncated, held=held, chars_max=chars_max, lines=said)
    if success is not None:
        return _contradiction(f"code {success.code}, but not acknowledged ({mark.value})", success.code, said)
    label, row = row_of(mark, codes)
    if doubt and (row.fate != "refused" or failure is None):
        return Verdict("uncertain", f"sent twice, then {row.reason}", label, trouble=row.trouble, lines=said)
    return Verdict(row.fate, row.reason, label, row.scope, row.after_s, row.trouble, chars_max=chars_max, lines=said)


def _contradiction(reason: str, code: int, lines: tuple[str, ...]) -> Verdict:
    return Verdict("uncertain", reason, str(code), trouble="bureau", lines=lines)


def with_words(verdict: Verdict, words: str) -> Verdict:
    """What the terminal said is told, where no code of it tells all."""
    if not words or verdict.fate == "accepted" or (verdict.code.isdigit() and int(verdict.code) in CODES):
        return verdict
    return replace(verdict, reason=f'{verdict.reason.removesuffix(NO_REASON)}; it said "{words}"')


def resends_allowed(mark: Mark, codes: Sequence[Coded], n2: int) -> int:
    """How often a block that was answered by NAK may go out again."""
    resends = row_of(mark, codes)[1].resends
    return n2 if resends is None else min(resends, n2)


def ends_call(codes: Sequence[Coded]) -> Verdict | None:
    """What the pages not yet offered get when these codes say that the call is over; None when it goes on."""
    for said in codes:
        row = CODES.get(said.code)
        if row is not None and row.ends_call:
            return Verdict("deferred", row.reason, str(said.code), row.scope, row.after_s, row.trouble)
    return None
