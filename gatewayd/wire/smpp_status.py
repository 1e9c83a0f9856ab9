"""What a command_status means for one request: the table of SMPP 3.4 5.1.3, sorted by what is to be done about it.

A bureau that answers with an error has not taken the message: no id, no charge, no receipt. So an answer never leaves
a doubt; only a missing answer does. Codes of vendors (0x400 to 0x4FF), reserved ones and those of SMPP 5.0 say "no" as
well, but not why nor for how long: they count as a failed try that may succeed later or by another way, and a bureau's
own table can tell better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["ok", "throttled", "transient", "session", "login", "recipient", "message", "unknown"]
Fate = Literal["accepted", "refused", "deferred"]
Scope = Literal["message", "channel"]

OK = 0x00
SYSTEM_ERROR = 0x08
MESSAGE_QUEUE_FULL = 0x14
BIND_FAILED = 0x0D
THROTTLED = 0x58
TRY_AGAIN = 0x64  # what a client answers when it cannot keep a message now
NEVER_AGAIN = 0x65


@dataclass(frozen=True, slots=True)
class Status:
    """One row of the table. `name` is that of the standard without "ESME_R"."""

    code: int
    name: str
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one submission ended.

    Refused and deferred both mean: certainly not sent. scope "channel" with a refusal: another channel may do it (a
    bureau that does not know a number says nothing about a SIM); with a deferral: the bind needs rest or a new
    login, the message did not fail.
    """

    fate: Fate
    kind: Kind
    reason: str
    code: str
    scope: Scope
    after_s: float = 0.0


def _rows(kind: Kind, rows: Mapping[int, tuple[str, str]]) -> dict[int, Status]:
    return {code: Status(code, name, kind, words) for code, (name, words) in rows.items()}


STATUSES: dict[int, Status] = {
    **_rows("ok", {OK: ("OK", "no error")}),
    **_rows(
        "throttled",
        {
            MESSAGE_QUEUE_FULL: ("MSGQFUL", "message queue full"),
            THROTTLED: ("THROTTLED", "too many messages"),
        },
    ),
    **_rows(
        "transient",
        {
            SYSTEM_ERROR: ("SYSERR", "system error"),
            0x11: ("CANCELFAIL", "cancel failed"),
            0x13: ("REPLACEFAIL", "replace failed"),
            0x45: ("SUBMITFAIL", "submit failed"),
            TRY_AGAIN: ("X_T_APPN", "temporary error of the receiver"),
            0x67: ("QUERYFAIL", "query failed"),
            0xFE: ("DELIVERYFAILURE", "delivery failed"),
            0xFF: ("UNKNOWNERR", "unknown error"),
        },
    ),
    **_rows(
        "session",
        {
            0x02: ("INVCMDLEN", "invalid command length"),
            0x03: ("INVCMDID", "invalid command"),
            0x04: ("INVBNDSTS", "not bound for this"),
            0x05: ("ALYBND", "already bound"),
        },
    ),
    **_rows(
        "login",
        {
            BIND_FAILED: ("BINDFAIL", "bind failed"),
            0x0E: ("INVPASWD", "invalid password"),
            0x0F: ("INVSYSID", "invalid system_id"),
            0x53: ("INVSYSTYP", "invalid system_type"),
        },
    ),
    **_rows(
        "recipient",
        {
            0x0B: ("INVDSTADR", "invalid destination address"),
            0x33: ("INVNUMDESTS", "invalid number of destinations"),
            0x34: ("INVDLNAME", "invalid distribution list"),
            0x40: ("INVDESTFLAG", "invalid destination flag"),
            0x44: ("CNTSUBDL", "cannot submit to a distribution list"),
            0x50: ("INVDSTTON", "invalid destination TON"),
            0x51: ("INVDSTNPI", "invalid destination NPI"),
        },
    ),
    **_rows(
        "message",
        {
            0x01: ("INVMSGLEN", "invalid message length"),
            0x06: ("INVPRTFLG", "invalid priority"),
            0x07: ("INVREGDLVFLG", "invalid registered_delivery"),
            0x0A: ("INVSRCADR", "invalid source address"),
            0x0C: ("INVMSGID", "invalid message id"),
            0x15: ("INVSERTYP", "invalid service type"),
            0x42: ("INVSUBREP", "invalid submit with replace"),
            0x43: ("INVESMCLASS", "invalid esm_class"),
            0x48: ("INVSRCTON", "invalid source TON"),
            0x49: ("INVSRCNPI", "invalid source NPI"),
            0x54: ("INVREPFLAG", "invalid replace_if_present"),
            0x55: ("INVNUMMSGS", "invalid number of messages"),
            0x61: ("INVSCHED", "invalid scheduled delivery time"),
            0x62: ("INVEXPIRY", "invalid validity period"),
            0x63: ("INVDFTMSGID", "predefined message not found"),
            NEVER_AGAIN: ("X_P_APPN", "permanent error of the receiver"),
            0x66: ("X_R_APPN", "rejected by the receiver"),
            0xC0: ("INVOPTPARSTREAM", "error in the optional parameters"),
            0xC1: ("OPTPARNOTALLWD", "optional parameter not allowed"),
            0xC2: ("INVPARLEN", "invalid parameter length"),
            0xC3: ("MISSINGOPTPARAM", "optional parameter missing"),
            0xC4: ("INVOPTPARAMVAL", "invalid optional parameter value"),
        },
    ),
}

# Fate, scope and rest in seconds of each kind.
_FATES: dict[Kind, tuple[Fate, Scope, float]] = {
    "ok": ("accepted", "message", 0.0),
    "throttled": ("deferred", "channel", 1.0),
    "transient": ("deferred", "message", 0.0),  # the house knows its first pause
    "session": ("deferred", "channel", 5.0),
    "login": ("deferred", "channel", 60.0),
    "recipient": ("refused", "channel", 0.0),
    "message": ("refused", "channel", 0.0),
    "unknown": ("deferred", "message", 0.0),
}


def status_of(code: int, own: Mapping[int, Kind] | None = None) -> Status:
    """The row of a command_status; `own` are the kinds that a bureau gives to codes of its own."""
    row = STATUSES.get(code)
    kind = (own or {}).get(code, row.kind if row else "unknown")
    if row is not None:
        return Status(code, row.name, kind, row.words)
    words = "error of the bureau's own" if 0x400 <= code <= 0x4FF else "unknown error code"
    return Status(code, "", kind, words)


def another_host_may_take(code: int, own: Mapping[int, Kind] | None = None) -> bool:
    """Whether a refused login may be tried at another address of the bureau at once.

    Not when it is a word on the name, its password or the system_type, which are as wrong there, and are counted until
    the account is locked; nor when the account was too busy.
    """
    kind = status_of(code, own).kind
    return kind not in ("login", "throttled") or (code == BIND_FAILED and not (own or {}).get(code))


def classify(code: int, own: Mapping[int, Kind] | None = None) -> Verdict:
    """What the answer to a submission means."""
    row = status_of(code, own)
    fate, scope, after_s = _FATES[row.kind]
    return Verdict(fate, row.kind, row.words, f"smpp 0x{code:02X}", scope, after_s)
