"""Every number of a +CMS and +CME error, and what it says of the text, its recipient, the modem, the SIM, the network.

Sources: 3GPP TS 24.011 annex E.1 and E.2 (1-127), TS 23.040 9.2.3.22 (128-255), TS 27.005 3.2.5 (300-511), TS 27.007
9.2 (+CME); what the standards leave open has a meaning by its group. From 512 on each vendor means something of its
own: manuals of Wavecom, Siemens, Quectel EC25, SIMCom SIM800 and SIM900 (which differ), Telit ME910, u-blox LENA-R8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Fate = Literal["accepted", "refused", "deferred", "uncertain", "withdrawn"]
Scope = Literal["message", "recipient", "channel"]
Trouble = Literal["", "subscription", "sim", "modem", "network", "smsc", "full"]


@dataclass(frozen=True, slots=True)
class Row:
    """What a number says of one submission. `trouble` tells what else is ill."""

    fate: Fate
    reason: str
    scope: Scope = "message"
    after_s: float = 0.0
    trouble: Trouble = ""
    vague: bool = False  # says too little to be believed when it comes late
    doubtful: bool = False  # a digit lost on the line makes the same: believed when it comes a second time


def _no(reason: str, scope: Scope = "message") -> Row:
    return Row("refused", reason, scope)


def _wait(reason: str, after_s: float, scope: Scope = "message", trouble: Trouble = "") -> Row:
    return Row("deferred", reason, scope, after_s, trouble)


def _pdu(reason: str) -> Row:
    """Somebody dislikes how the text is written. Ours are right, so at first it is the line that is suspected."""
    return Row("deferred", reason, "message", 2.0, doubtful=True)


def _vague(reason: str, after_s: float = 5.0) -> Row:
    """It went wrong, and nothing tells why: the modem, the SIM's credit, the number."""
    return Row("deferred", reason, "message", after_s, "modem", vague=True)


def _modem(reason: str, after_s: float = 60.0) -> Row:
    """The modem speaks of itself: no text and no number is to blame."""
    return Row("deferred", reason, "channel", after_s, "modem", vague=True)


def _network(reason: str, after_s: float = 30.0) -> Row:
    return Row("deferred", reason, "channel", after_s, "network")


def _sim(reason: str, after_s: float = 60.0) -> Row:
    return Row("deferred", reason, "channel", after_s, "sim")


def _contract(reason: str) -> Row:
    return Row("deferred", reason, "message", 900.0, "subscription")


def _full(reason: str) -> Row:
    return Row("deferred", reason, "channel", 5.0, "full")


def _maybe(reason: str) -> Row:
    return Row("uncertain", f"{reason}: it may have been sent", trouble="network")


def _all(codes: Iterable[int], row: Row) -> dict[int, Row]:
    return dict.fromkeys(codes, row)


_TEMPORARY = _wait("temporary failure", 5.0, trouble="network")
_UNKNOWN = _vague("unknown error")

CMS: Mapping[int, Row] = {
    # 24.011: every cause that is not there is cause 41
    **_all(range(1, 128), _TEMPORARY),
    1: _no("unassigned number", "recipient"),
    8: _contract("operator determined barring"),
    10: _contract("call barred"),
    17: _network("network failure"),
    21: _contract("short message transfer rejected"),
    22: _network("congestion"),
    27: _wait("destination out of order", 30.0, "recipient"),
    28: _no("unidentified subscriber", "channel"),  # we, not the recipient
    29: _contract("facility rejected"),
    30: _no("unknown subscriber", "channel"),
    38: _network("network out of order", 300.0),
    42: _network("congestion"),
    47: _network("resources unavailable"),
    50: _contract("facility not subscribed"),
    69: _contract("facility not implemented"),
    81: _pdu("invalid reference value"),
    95: _pdu("invalid message"),
    96: _pdu("invalid mandatory information"),
    97: _pdu("message type not implemented"),
    98: _pdu("message not compatible with the state"),
    99: _pdu("information element not implemented"),
    111: _pdu("protocol error"),
    127: _wait("interworking", 30.0),
    # 23.040: TP-PID, TP-DCS, TP-Command and others in groups of 16; what is reserved is as the group's "unspecified"
    **_all(range(128, 144), _no("protocol identifier not accepted")),
    128: _no("telematic interworking not supported"),
    129: _no("type 0 not supported"),
    130: _no("cannot replace a message"),
    **_all(range(144, 160), _no("data coding scheme not accepted")),
    144: _no("alphabet not supported"),
    145: _no("message class not supported"),
    **_all(range(160, 176), _no("command not accepted")),
    160: _no("command cannot be actioned"),
    161: _no("command unsupported"),
    **_all(range(176, 192), _no("TPDU not supported")),
    **_all(range(192, 208), _network("trouble in the service centre")),
    192: _network("service centre busy"),
    193: _contract("no subscription at the service centre"),
    194: _network("service centre system failure"),
    195: _no("invalid address", "recipient"),
    196: _no("destination barred", "recipient"),
    197: Row("accepted", "the service centre has it already"),
    198: _wait("validity format not supported", 1.0),
    199: _wait("validity not supported", 1.0),
    **_all(range(208, 224), _modem("error in the modem")),
    208: _full("SIM storage full"),
    209: _sim("no storage on the SIM"),
    211: _full("memory capacity exceeded"),
    212: _sim("SIM toolkit busy", 5.0),
    213: _sim("SIM data download error"),
    **_all(range(224, 255), _vague("an error of the application")),
    255: _vague("unspecified cause"),
    # 27.005: the modem's own
    300: _modem("modem failure"),
    301: _modem("SMS service reserved", 10.0),
    302: _modem("operation not allowed now", 2.0),
    303: _no("operation not supported", "channel"),
    304: _pdu("invalid PDU"),
    305: _pdu("invalid text parameter"),
    310: _sim("no SIM"),
    311: _sim("PIN required"),
    312: _sim("PH-SIM PIN required"),
    313: _sim("SIM failure"),
    314: _wait("SIM busy", 2.0, "channel"),
    315: _sim("wrong SIM"),
    316: _sim("PUK required"),
    317: _sim("PIN2 required"),
    318: _sim("PUK2 required"),
    320: _modem("memory failure"),
    321: _modem("invalid memory index", 2.0),
    322: _full("memory full"),
    330: _wait("service centre address unknown", 5.0, "channel", "smsc"),
    331: _network("no network service", 10.0),
    332: _maybe("network timeout"),
    340: _modem("no acknowledgement expected", 2.0),
    500: _UNKNOWN,
}

CME: Mapping[int, Row] = {
    0: _modem("phone failure"),
    1: _modem("no connection to the phone"),
    2: _modem("link reserved", 10.0),
    3: _modem("operation not allowed", 2.0),
    4: _no("operation not supported", "channel"),
    5: _sim("PH-SIM PIN required"),
    6: _sim("PH-FSIM PIN required"),
    7: _sim("PH-FSIM PUK required"),
    10: _sim("no SIM"),
    11: _sim("PIN required"),
    12: _sim("PUK required"),
    13: _sim("SIM failure"),
    14: _wait("SIM busy", 2.0, "channel"),
    15: _sim("wrong SIM"),
    16: _sim("wrong password"),
    17: _sim("PIN2 required"),
    18: _sim("PUK2 required"),
    20: _full("memory full"),
    21: _modem("invalid index", 2.0),
    22: _modem("not found", 2.0),
    23: _modem("memory failure"),
    24: _pdu("text too long"),
    25: _pdu("invalid characters in the text"),
    26: _pdu("number too long"),
    27: _pdu("invalid characters in the number"),
    30: _network("no network service", 10.0),
    31: _maybe("network timeout"),
    32: _network("emergency calls only", 60.0),
    **_all(range(40, 49), _sim("the phone is locked to another network")),
    48: _sim("hidden key required"),
    49: _vague("EAP method not supported"),
    50: _pdu("incorrect parameters"),
    51: _modem("command disabled"),
    52: _vague("aborted"),
    53: _network("not attached", 60.0),
    54: _network("emergency calls only", 60.0),
    55: _modem("operation not allowed now"),
    56: _contract("fixed dialling numbers only"),
    57: _modem("out of service for another use", 10.0),
    58: _pdu("alphabet not supported"),
    59: _pdu("unexpected value"),
    60: _modem("system failure"),
    61: _pdu("data missing"),
    62: _contract("call barred"),
    63: _vague("message waiting subscription failure"),
    100: _UNKNOWN,
    # why the network does not let the modem in, or why it has no room
    **_all(range(101, 201), _network("rejected by the network")),
    122: _network("congestion"),
    126: _network("insufficient resources"),
    132: _contract("service option not supported"),
    133: _contract("service option not subscribed"),
    148: _vague("unspecified packet error"),
    177: _contract("operator determined barring"),
    # not in the standard, and the same in several manuals
    256: _wait("busy", 2.0, "channel"),
    257: _contract("call barred"),
    258: _wait("busy", 2.0, "channel"),
    259: _vague("aborted"),
    262: _sim("SIM blocked"),
    515: _wait("busy, initialising", 2.0, "channel"),
    536: _wait("initialising", 5.0, "channel"),
    770: _sim("SIM rejected by the network"),
    772: _sim("SIM powered down"),
}

_WAVECOM = {
    512: _wait("radio connection not established", 5.0, trouble="network"),
    513: _maybe("no acknowledgement by the lower layer"),
    514: _network("congestion"),
    515: _wait("initialising", 2.0, "channel"),
}
_SIEMENS = {
    512: _vague("aborted by the user"),
    513: _vague("unable to store"),
    514: _vague("invalid status"),
    515: _pdu("invalid character in the address"),
    516: _pdu("invalid length"),
    517: _pdu("invalid character in the PDU"),
    518: _pdu("invalid parameter"),
    521: _maybe("a timer expired"),
    522: _modem("operation not allowed now", 2.0),
    532: _sim("SIM not ready", 5.0),
    535: _wait("protocol stack busy", 5.0, "channel"),
    **_all(range(549, 555), _pdu("invalid PDU length")),
}
_MEDIATEK = {
    513: _pdu("message too long"),
    514: _pdu("invalid parameter"),
    515: _modem("unable to store"),
    516: _modem("invalid bearer"),
    517: _modem("invalid service mode"),
    518: _modem("invalid storage"),
    519: _pdu("invalid format"),
    520: _wait("too many long texts at once", 10.0, "channel"),
    521: _wait("not ready", 5.0, "channel"),
    522: _modem("no service for texts", 10.0),
    524: _pdu("reserved message type"),
    525: _wait("no room in the relay layer", 5.0, "channel"),
    528: _vague("more-to-send state"),
    529: _contract("texts are not allowed"),
    530: _network("packet service suspended", 10.0),
    531: _full("memory full"),
    532: _sim("SIM refreshing", 5.0),
}
_QUECTEL = {**_MEDIATEK, 512: _sim("SIM not ready", 5.0), 532: _UNKNOWN}
_SIMCOM = {  # SIM800 is a MediaTek; where SIM900 means another thing, what does less harm
    **_MEDIATEK,
    **_all(range(224, 227), _maybe("connection to the service centre broken")),
    **_all(range(323, 326), _pdu("invalid input")),
    512: _sim("SIM not ready", 5.0),
    513: _vague("message too long, or unread records"),
    514: _vague("invalid parameter"),
    515: _wait("unable to store, or busy", 5.0, "channel"),
    528: _pdu("invalid characters in the PDU"),
    **_all(range(533, 541), _pdu("invalid PDU")),
}
_TELIT = {
    510: _wait("message blocked", 30.0),
    512: _wait("no resources for texts", 5.0, "channel"),
    513: _maybe("no acknowledgement in time"),
    514: _wait("lower layer error", 5.0, trouble="network"),
    515: _maybe("no response from the network"),
}
_RELAYED = (1, 8, 10, None, 21, None, 27, 28, 29, 30, 38, 41, 42, 47, 50, 69, 81, 95, 96, 97, 98, 99, 111, 127)
_UBLOX = {
    **{350 + place: CMS[cause] for place, cause in enumerate(_RELAYED) if cause is not None},
    287: _network("network failure"),
    290: _network("no resources"),
    296: _network("radio in use by the other SIM", 10.0),
    297: _network("out of service for the other SIM", 10.0),
    353: _modem("modem failure"),
    355: _no("number changed", "recipient"),
    512: _vague("relay protocol"),
    513: _maybe("a timer expired"),
    514: _wait("not available for texts", 10.0, "channel"),
    515: _wait("not available for texts", 10.0, "channel"),
    **_all(range(516, 536), _pdu("invalid PDU")),
    521: _wait("validity missing", 1.0),
    525: _wait("service centre address unknown", 5.0, "channel", "smsc"),
    526: _wait("service centre address invalid", 5.0, "channel", "smsc"),
    **_all((536, 537), _modem("no resources", 5.0)),
    538: _maybe("connection lost"),
    539: _wait("another text is on its way", 5.0, "channel"),
    543: _contract("rejected by the SIM"),
    **_all((544, 545, 546), _contract("fixed dialling numbers only")),
    604: _network("no service", 10.0),
    605: _network("access barred", 60.0),
    606: _wait("busy", 5.0, "channel"),
    620: _maybe("lower layer failure"),
    625: _maybe("a timer expired"),
}
VENDORS: Mapping[str, Mapping[int, Row]] = {
    "wavecom": _WAVECOM,
    "sierra": _WAVECOM,
    "siemens": _SIEMENS,
    "cinterion": _SIEMENS,
    "gemalto": _SIEMENS,
    "quectel": _QUECTEL,
    "simcom": _SIMCOM,
    "telit": _TELIT,
    "u-blox": _UBLOX,
}
VENDORS_CME: Mapping[str, Mapping[int, Row]] = {
    "telit": {
        257: _network("rejected by the network"),
        262: _network("service not available"),
        **_all(range(550, 700), _UNKNOWN),
    },
}
NOBODYS = {513: _maybe("vendor error 513")}  # a timer of three vendors; that is all that is known without its name


def row_of(kind: Literal["cms", "cme"], code: int, vendor: str) -> Row | None:
    """The vendor's meaning, then the standard's; None: nobody has told what it means."""
    own = (VENDORS if kind == "cms" else VENDORS_CME).get(vendor)
    if own is not None and code in own:
        return own[code]
    if kind == "cms":
        return CMS.get(code) or (NOBODYS.get(code) if own is None else None)
    # some answer a text with +CME and a number of 27.005
    return CME.get(code) or (CMS.get(code) if 300 <= code <= 511 else None)
