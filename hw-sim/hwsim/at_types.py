"""Which parameters commands take (27.005, 27.007): a string stands in quotes, a number does not (V.250 5.4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwsim.at_line import READ, SET, Request
from hwsim.commands import ERROR, Final, cme, cms

if TYPE_CHECKING:
    from hwsim.modem import Modem

# s: a string, n: a number; what is left out may be.
_TYPES = {
    **dict.fromkeys(("+CSQ", "+CESQ", "+CPAS", "+CLAC", "+CNUM", "+CIMI", "+CGMI", "+CGMM", "+CGMR", "+CLCC"), ""),
    **dict.fromkeys(("+CMEE", "+CREG", "+CGREG", "+CEREG", "+CGSMS", "+CLIP"), "n"),
    "+CSCS": "s",
    "+CPIN": "ss",
    "+CPINR": "s",
    "+CLCK": "snsn",
    "+CPWD": "sss",
    "+COPS": "nnsn",
    "+CPOL": "nnsnnnn",
    "+CUSD": "nsn",
    "+CFUN": "nn",
}
_SMS_TYPES = {
    **dict.fromkeys(("+CMGF", "+CSDH", "+CMMS", "+CSMS"), "n"),
    "+CPMS": "sss",
    "+CSCA": "sn",
    "+CNMI": "nnnnn",
    "+CMGR": "nn",
    "+CMGD": "nn",
    "+CMSS": "nsn",
    "+CNMA": "nn",
    "+CSCB": "nss",
    "+CSAS": "n",
    "+CRES": "n",
}
_PDU_MODE = {"+CMGC": "n", "+CMGS": "n", "+CMGW": "nn", "+CMGL": "nn"}
_TEXT_MODE = {"+CMGC": "nnnnsn", "+CMGS": "sn", "+CMGW": "sns", "+CMGL": "sn"}
# What is done, not kept: there is nothing to read.
_ACTIONS = frozenset(
    {"+CSQ", "+CESQ", "+CPAS", "+CLAC", "+CNUM", "+CIMI", "+CLCC", "+CHUP", "+GCAP", "+CCID"}
    | {"+CMGC", "+CMGS", "+CMGW", "+CMGL", "+CMGR", "+CMGD", "+CMSS", "+CNMA", "+CSAS", "+CRES"}
)
_ADDRESSED = frozenset({"+CMGC", "+CMGS", "+CMGW", "+CMSS"})
_CMS = {"+CNMI": 303, "+CSCB": 303, "+CSMS": 303, "+CPMS": 302}


def wrong(modem: Modem, request: Request) -> Final | None:
    """The error that parameters of another type, or too many, earn; None if all is well or nobody minds."""
    kind = modem.personality
    if request.form == READ and kind.strict_types and request.name in _ACTIONS:
        return ERROR
    if request.form != SET or not kind.strict_types or (kind.bare_address and request.name in _ADDRESSED):
        return None
    text_mode = modem.settings.text_mode
    sms = {**_SMS_TYPES, **(_TEXT_MODE if text_mode else _PDU_MODE)}.get(request.name)
    types = _TYPES.get(request.name) if sms is None else sms
    if types is None or _fit(request, types):
        return None
    return cme(50) if sms is None else cms(_CMS.get(request.name, 305 if text_mode else 304))


def _fit(request: Request, types: str) -> bool:
    pieces = request.pieces()
    if len(pieces) > len(types):
        return False
    return all(not piece or request.quoted(place) == (types[place] == "s") for place, piece in enumerate(pieces))
