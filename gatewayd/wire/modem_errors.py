"""What a refusal of a modem means for one submission: the tables of +CMS and +CME errors, and of vendors.

Sources: 3GPP TS 24.011 annex E (1-127), TS 23.040 9.2.3.22 (128-255), TS 27.005 3.2.5 (300-511), TS 27.007 9.2 (+CME).
From 512 on each vendor means something of its own. A code that only says "it went wrong" long after the PDU was
written does not say that the network did not take it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gatewayd.wire.at import Kind, Result

Fate = Literal["accepted", "refused", "deferred", "uncertain", "withdrawn"]
Scope = Literal["message", "recipient", "channel"]
Trouble = Literal["", "subscription", "sim", "modem", "network", "smsc", "full"]

SLOW_ANSWER_S = 25.0  # an unspecific error later than this may follow a submission that did go out


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


@dataclass(frozen=True, slots=True)
class _Row:
    fate: Fate
    reason: str
    scope: Scope = "message"
    after_s: float = 0.0
    trouble: Trouble = ""
    vague: bool = False  # says too little to be believed after SLOW_ANSWER_S


def _no(reason: str, scope: Scope = "message", trouble: Trouble = "") -> _Row:
    return _Row("refused", reason, scope, trouble=trouble)


def _wait(reason: str, after_s: float, scope: Scope = "message", trouble: Trouble = "") -> _Row:
    return _Row("deferred", reason, scope, after_s, trouble)


def _modem(reason: str, after_s: float = 5.0) -> _Row:
    return _Row("deferred", reason, "message", after_s, "modem", vague=True)


def _sim(reason: str, after_s: float = 60.0) -> _Row:
    return _Row("deferred", reason, "channel", after_s, "sim")


def _contract(reason: str) -> _Row:
    return _Row("deferred", reason, "message", 900.0, "subscription")


_UNKNOWN_FATE = "network timeout: it may have been sent"

CMS: dict[int, _Row] = {
    # the network's RP causes
    1: _no("unassigned number", "recipient"),
    8: _contract("operator determined barring"),
    10: _contract("call barred"),
    17: _wait("network failure", 30.0),
    21: _contract("short message transfer rejected"),
    22: _wait("congestion", 30.0, "channel", "network"),
    27: _wait("destination out of order", 30.0, "recipient"),
    28: _no("unidentified subscriber", "channel"),
    29: _contract("facility rejected"),
    30: _no("unknown subscriber", "channel"),
    38: _wait("network out of order", 300.0, "channel", "network"),
    41: _wait("temporary failure", 5.0),
    42: _wait("congestion", 30.0, "channel", "network"),
    47: _wait("resources unavailable", 30.0),
    50: _contract("facility not subscribed"),
    69: _contract("facility not implemented"),
    81: _no("invalid reference value"),
    95: _no("invalid message"),
    96: _no("invalid mandatory information"),
    97: _no("message type not implemented"),
    98: _no("message not compatible with the state"),
    99: _no("information element not implemented"),
    111: _no("protocol error"),
    127: _wait("interworking", 30.0),
    # the service centre's TP-FCS
    128: _no("telematic interworking not supported"),
    129: _no("type 0 not supported"),
    130: _no("cannot replace a message"),
    143: _no("protocol identifier not accepted"),
    144: _no("alphabet not supported"),
    145: _no("message class not supported"),
    159: _no("data coding scheme not accepted"),
    160: _no("command cannot be actioned"),
    161: _no("command unsupported"),
    175: _no("command not accepted"),
    176: _no("TPDU not supported"),
    192: _wait("service centre busy", 30.0, "channel", "network"),
    193: _contract("no subscription at the service centre"),
    194: _wait("service centre system failure", 30.0),
    195: _no("invalid address", "recipient"),
    196: _no("destination barred", "recipient"),
    197: _Row("accepted", "the service centre has it already"),
    198: _wait("validity not supported", 1.0),
    199: _wait("validity format not supported", 1.0),
    208: _sim("SIM storage full", 5.0),
    209: _sim("no storage on the SIM"),
    210: _modem("error in the modem"),
    212: _sim("SIM toolkit busy", 5.0),
    213: _sim("SIM data download error"),
    255: _modem("unspecified cause"),
    # the modem's own
    300: _modem("modem failure"),
    301: _modem("SMS service reserved", 10.0),
    302: _modem("operation not allowed now", 2.0),
    303: _no("operation not supported", "channel"),
    304: _no("invalid PDU"),
    305: _no("invalid text parameter"),
    310: _sim("no SIM"),
    311: _sim("PIN required"),
    312: _sim("PH-SIM PIN required"),
    313: _sim("SIM failure"),
    314: _wait("SIM busy", 2.0, "channel"),
    315: _sim("wrong SIM"),
    316: _sim("PUK required"),
    317: _sim("PIN2 required"),
    318: _sim("PUK2 required"),
    320: _modem("memory failure", 2.0),
    321: _modem("invalid memory index", 2.0),
    322: _wait("memory full", 5.0, "channel", "full"),
    330: _wait("service centre address unknown", 5.0, "channel", "smsc"),
    331: _wait("no network service", 10.0, "channel", "network"),
    332: _Row("uncertain", _UNKNOWN_FATE, trouble="network"),
    340: _modem("no acknowledgement expected", 2.0),
    500: _modem("unknown error"),
}

CME: dict[int, _Row] = {
    3: _modem("operation not allowed", 2.0),
    4: _no("operation not supported", "channel"),
    10: _sim("no SIM"),
    11: _sim("PIN required"),
    12: _sim("PUK required"),
    13: _sim("SIM failure"),
    14: _wait("SIM busy", 2.0, "channel"),
    15: _sim("wrong SIM"),
    16: _sim("wrong password"),
    17: _sim("PIN2 required"),
    18: _sim("PUK2 required"),
    20: _wait("memory full", 5.0, "channel", "full"),
    30: _wait("no network service", 10.0, "channel", "network"),
    31: _Row("uncertain", _UNKNOWN_FATE, trouble="network"),
    32: _wait("emergency calls only", 60.0, "channel", "network"),
    100: _modem("unknown error"),
    256: _wait("busy", 2.0, "channel"),
    262: _sim("SIM blocked"),
    515: _wait("busy, initialising", 2.0, "channel"),
    536: _wait("initialising", 5.0, "channel"),
    772: _sim("SIM powered down"),
}

_WAVECOM = {
    512: _wait("radio connection not established", 5.0),
    513: _Row("uncertain", "no acknowledgement by the lower layer: it may have been sent"),
    514: _wait("congestion", 30.0),
    515: _wait("initialising", 2.0, "channel"),
}
_SIEMENS = {
    512: _modem("aborted by the user"),
    513: _modem("unable to store"),
    514: _modem("invalid status"),
    515: _no("invalid character in the address", "recipient"),
    516: _no("invalid length"),
    517: _no("invalid character in the PDU"),
    518: _no("invalid parameter"),
    521: _Row("uncertain", "a timer expired: it may have been sent"),
    532: _sim("SIM not ready", 5.0),
} | {code: _no("invalid PDU length") for code in range(549, 555)}
_QUALCOMM = {
    512: _sim("SIM not ready", 5.0),
    513: _no("message too long"),
    514: _no("invalid parameter"),
    515: _modem("unable to store"),
}
VENDORS: dict[str, dict[int, _Row]] = {
    "wavecom": _WAVECOM,
    "sierra": _WAVECOM,
    "siemens": _SIEMENS,
    "cinterion": _SIEMENS,
    "gemalto": _SIEMENS,
    "quectel": _QUALCOMM,
    "simcom": _QUALCOMM,
}
_UNKNOWN_VENDOR = {513: _Row("uncertain", "vendor error 513: it may have been sent")}

# What +CMEE=2 and modems without numbers say, to the number of the same meaning.
WORDS: dict[str, tuple[Kind, int]] = {
    "sim not inserted": (Kind.CME, 10),
    "sim pin required": (Kind.CME, 11),
    "sim puk required": (Kind.CME, 12),
    "sim failure": (Kind.CME, 13),
    "sim busy": (Kind.CME, 14),
    "sim wrong": (Kind.CME, 15),
    "incorrect password": (Kind.CME, 16),
    "memory full": (Kind.CMS, 322),
    "no network service": (Kind.CMS, 331),
    "no network": (Kind.CMS, 331),
    "network timeout": (Kind.CMS, 332),
    "smsc address unknown": (Kind.CMS, 330),
    "operation not allowed": (Kind.CMS, 302),
    "operation not supported": (Kind.CMS, 303),
    "invalid pdu mode parameter": (Kind.CMS, 304),
    "phone failure": (Kind.CMS, 300),
    "me failure": (Kind.CMS, 300),
    "temporary failure": (Kind.CMS, 41),
    "congestion": (Kind.CMS, 42),
    "network out of order": (Kind.CMS, 38),
    "short message transfer rejected": (Kind.CMS, 21),
    "unassigned number": (Kind.CMS, 1),
    "unassigned (unallocated) number": (Kind.CMS, 1),
    "unknown error": (Kind.CMS, 500),
}


def number_of(result: Result) -> tuple[Kind, int | None]:
    """Which table and number an error answer means, words included."""
    if result.code is not None or result.kind not in {Kind.CME, Kind.CMS}:
        return result.kind, result.code
    words = result.text.partition(":")[2].strip().lower()
    return WORDS.get(words, (result.kind, None))


def classify(result: Result, *, vendor: str = "", submitted: bool = True) -> Verdict:
    """What an error answer to a submission means. `submitted`: the PDU had been written before it came."""
    kind, code = number_of(result)
    row: _Row | None = None
    if code is not None and kind is Kind.CMS:
        row = VENDORS.get(vendor, _UNKNOWN_VENDOR).get(code) if code >= 512 else CMS.get(code)
    elif code is not None and kind is Kind.CME:
        row = CME.get(code)
    if row is None:
        row = _Row("deferred", f"error of the modem: {result.text}", after_s=30.0, trouble="modem", vague=True)
    label = f"{kind.value} {code}" if code is not None else result.text.lower()[:40]
    fate, reason, after_s = row.fate, row.reason, row.after_s
    if not submitted and fate in {"uncertain", "accepted"}:
        fate, after_s = "deferred", 10.0
    elif submitted and row.vague and result.took_s > SLOW_ANSWER_S:
        fate, reason = "uncertain", f"{reason}, after {result.took_s:.0f} s: it may have been sent"
    return Verdict(fate, reason, label, row.scope, after_s, trouble=row.trouble)


class SubscriptionWatch:
    """Tells a barred SIM from a barred number: the same trouble with two recipients and no success between."""

    def __init__(self) -> None:
        self._recipients: set[str] = set()

    def saw(self, recipient: str, verdict: Verdict) -> Verdict:
        """The verdict, widened to the channel once a second recipient has met the same kind of refusal."""
        if verdict.fate == "accepted":
            self._recipients.clear()
        if verdict.trouble != "subscription":
            return verdict
        if len(self._recipients) < 2:
            self._recipients.add(recipient)
        if len(self._recipients) < 2:
            return verdict
        return Verdict(verdict.fate, verdict.reason, verdict.code, "channel", verdict.after_s, trouble=verdict.trouble)
