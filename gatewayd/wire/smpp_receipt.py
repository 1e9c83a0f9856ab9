"""Delivery receipts in deliver_sm and data_sm, in every form that bureaus write (SMPP 3.4 5.2.12, 5.3.2, appendix B).

The parameters (receipted_message_id, message_state, network_error_code) are trusted before the text, and the text
before nothing. Its form is each vendor's own: keys in any order and case, some missing, dates of any length. What
cannot be read is absent and said in `notes`; nothing is guessed and nothing raises.

What a person wrote is never taken for a receipt: esm_class must say so, or parameters that no phone can write, or the
bureau's configuration (`by_text`) for those that do not set esm_class - and then the whole form must be there. What has
such a form and is not taken for a receipt `resembles` one, and should be nobody's reply either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import IntEnum
from functools import lru_cache
from urllib.parse import unquote

from gatewayd.wire.dcs import read_dcs
from gatewayd.wire.smpp_address import Address
from gatewayd.wire.smpp_guess import begins_with_header, width_of
from gatewayd.wire.smpp_pdu import DataMessage, Message
from gatewayd.wire.smpp_text import UDH_INDICATOR, payload_of
from gatewayd.wire.smpp_time import read_time
from gatewayd.wire.smpp_tlv import Tag, number_of, octets_of, text_of

# esm_class, bits 5 to 2
_TYPE = 0x3C
_RECEIPT = 0x04
_DELIVERY_ACK = 0x08
_USER_ACK = 0x10
_INTERMEDIATE = 0x20

_TEXT_CHARACTERS_MAX = 4096


class State(IntEnum):
    """message_state (5.2.28; 0 and 9 are from SMPP 5.0)."""

    SCHEDULED = 0
    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8
    SKIPPED = 9


# ACCEPTED is final in the standard, but bureaus say it when they took the message over.
_ON_ITS_WAY = frozenset({State.SCHEDULED, State.ENROUTE, State.ACCEPTED})

_WORDS: dict[str, State] = {
    **dict.fromkeys(("SCHEDULED", "SCHEDLD"), State.SCHEDULED),
    **dict.fromkeys(("ENROUTE", "ENROUTED", "BUFFRED", "BUFFERD", "BUFFERED"), State.ENROUTE),
    **dict.fromkeys(("DELIVRD", "DELIVERD", "DELIVERED"), State.DELIVERED),
    **dict.fromkeys(("EXPIRED", "EXPIRD"), State.EXPIRED),
    **dict.fromkeys(("DELETED", "DELETD"), State.DELETED),
    **dict.fromkeys(("UNDELIV", "UNDELIVRD", "UNDELIVERED", "UNDELIVERABLE", "FAILED"), State.UNDELIVERABLE),
    **dict.fromkeys(("ACCEPTD", "ACCEPTED", "ACKED"), State.ACCEPTED),
    **dict.fromkeys(("UNKNOWN", "UNKNOWND"), State.UNKNOWN),
    **dict.fromkeys(("REJECTD", "REJECTED"), State.REJECTED),
    "SKIPPED": State.SKIPPED,
}

_KEY = re.compile(
    r"(?<!\w)(?:(?P<id>(?:msg|message)?[ _-]?id)|(?P<sub>sub)|(?P<dlvrd>dlvrd)|(?P<submitted>submit[ _-]?date)"
    r"|(?P<done>done[ _-]?date)|(?P<stat>stat(?:us|e)?)|(?P<err>err(?:or)?(?:[ _-]?code)?)|(?P<text>text))\s*[:=]",
    re.IGNORECASE,
)
_BARE_STATE = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_QUOTED_OR_WORD = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))")
_FIRST_WORD = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s,;&]*))")
_QUERY = re.compile(r"\s*(?:message_?|msg_?)?id=[^&\s]+(?:&[A-Za-z_+%0-9]+=[^&]*)+", re.IGNORECASE)
# A large British carrier (2002): status, its time, time of acceptance, error, destination, originator, reserved
_COMMAS = re.compile(r"\s*(\d\d),(\d{10,14}),(\d{10,14}),([^,]*),([^,]*),([^,]*)(?:,.*)?", re.DOTALL)
_COMMA_STATES = {"00": State.DELIVERED, "01": State.ENROUTE}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message, as far as the bureau can be understood."""

    ids: tuple[str, ...]  # the parameter's, then the text's, in each way to read them; opaque, see smpp_message_id
    state: State | None  # None: it cannot be read, so nothing may be closed on it
    final: bool
    recipient: Address  # of the message that it speaks of
    reference: int | None = None  # our user_message_reference, from bureaus that repeat it
    error: str = ""  # "err" as it came: digits, hex or letters of the bureau's own
    network_error: tuple[int, int] | None = None  # network type and its code
    submitted_at: int | None = None  # microseconds UTC
    done_at: int | None = None
    text: str = field(default="", repr=False)  # the beginning of ours; all of it when it is no receipt
    notes: tuple[str, ...] = ()


def read_receipt(message: Message | DataMessage, *, zone: tzinfo = UTC, by_text: bool = False) -> Receipt | None:
    """None: not a receipt, so a person's text. `zone`: that of the bureau's dates.

    esm_class says receipt and nothing in it can be read: a Receipt without ids and state, with the text whole.
    """
    text = _text(message)
    said, state_said = _scan(text), number_of(message.tlvs, Tag.MESSAGE_STATE)
    id_said = text_of(message.tlvs, Tag.RECEIPTED_MESSAGE_ID) or ""
    kind = message.esm_class & _TYPE
    by_esm = bool(kind & (_RECEIPT | _INTERMEDIATE))
    by_parameters = bool(id_said) and state_said is not None
    commas = _COMMAS.fullmatch(text) if not said else None
    complete = "id" in said and _state_of(said.get("stat", "")) is not None and len(said.keys() - {"text"}) >= 3
    in_form = complete and text.lstrip()[:2].casefold() == "id"
    if not (
        by_esm
        or by_parameters
        or (kind == _DELIVERY_ACK and (id_said or complete))
        or (kind & _USER_ACK and in_form)
        or (by_text and (commas is not None or in_form))
    ):
        return None
    recipient = Address(message.source_addr_ton, message.source_addr_npi, message.source_addr)
    notes: list[str] = []
    if not said and not id_said and state_said is None:
        if commas is not None:
            return _of_commas(commas, zone)
        return Receipt((), None, final=False, recipient=recipient, text=text, notes=("no receipt in it",))
    state = _state(state_said, said, notes)
    return Receipt(
        ids=tuple(dict.fromkeys(i for i in (id_said, _bare(id_said), *_ids_in(said.get("id", ""))) if i)),
        state=state,
        final=_is_final(state, intermediate=kind & _INTERMEDIATE != 0 and not kind & _RECEIPT),
        recipient=recipient,
        reference=number_of(message.tlvs, Tag.USER_MESSAGE_REFERENCE),
        error=_first_word(said.get("err", "")),
        network_error=_network_error(octets_of(message.tlvs, Tag.NETWORK_ERROR_CODE)),
        submitted_at=_date(said, "submitted", zone, notes),
        done_at=_date(said, "done", zone, notes),
        text=said.get("text", ""),
        notes=tuple(notes),
    )


def resembles(message: Message | DataMessage) -> bool:
    """Whether its text has the form of a receipt, which only a machine writes, though nothing else says so."""
    text = _text(message)
    said = _scan(text).keys() - {"text"}
    keys = text.lstrip()[:2].casefold() == "id" and {"id", "stat"} <= said and len(said) >= 3
    return keys or _COMMAS.fullmatch(text) is not None


def _text(message: Message | DataMessage) -> str:
    """ASCII whatever the data_coding says, unless it is UCS-2; 0x11, which means nothing there, is "_" in GSM 7-bit.

    A header that is announced and is none is the beginning of the text.
    """
    octets = payload_of(message)
    if message.esm_class & UDH_INDICATOR and begins_with_header(octets):
        octets = octets[octets[0] + 1 :]
    octets = octets[: 2 * _TEXT_CHARACTERS_MAX]
    wide = width_of(octets) or ("utf-16-be" if _is_ucs2(message.data_coding) and b"\0" in octets else "")
    text = octets.decode(wide, "replace") if wide else octets.decode("latin-1")
    return _unfolded(text).replace("\0", " ").replace("\x11", "_")


def _is_ucs2(coding: int) -> bool:
    return coding == 8 or (coding >= 0x10 and read_dcs(coding).alphabet == "ucs2")


def _unfolded(text: str) -> str:
    """`id=7&sub=001&submit+date=2611221200&stat=DELIVRD`, as in a URL, in the usual dress."""
    if not _QUERY.fullmatch(text):
        return text
    pairs = (pair.partition("=") for pair in text.strip().split("&"))
    return " ".join(f"{unquote(key.replace('+', ' '))}:{unquote(value)}" for key, _, value in pairs)


def _scan(text: str) -> dict[str, str]:
    """The values of the keys; the first of a kind counts. "text" takes the rest, which quotes us.

    Only where id or state are still missing is the rest looked through as well: some vendors write it first.
    """
    said: dict[str, str] = {}
    found = list(_KEY.finditer(text))
    for at, match in enumerate(found):
        key = match.lastgroup or ""
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        if key == "text" and "id" in said and ("stat" in said or _bare_state(said)):
            said["text"] = text[match.end() :].strip()
            return said
        said.setdefault(key, text[match.end() : end].strip())
    return said


def _state(state_said: int | None, said: dict[str, str], notes: list[str]) -> State | None:
    written = said.get("stat", "") or _bare_state(said)
    by_text = _state_of(written)
    if written and by_text is None:
        notes.append(f"unknown state {_first_word(written)[:20]!r}")
    if state_said is None:
        return by_text
    if state_said not in State.__members__.values():
        notes.append(f"unknown message_state {state_said}")
        return by_text
    state = State(state_said)
    if by_text is not None and by_text is not state:
        notes.append(f"the text says {by_text.name.lower()}")
    return state


def _bare_state(said: dict[str, str]) -> str:
    """Some leave the key out: "done date:1809031208 DELIVRD err:000"."""
    match = _BARE_STATE.search(" ".join(value for key, value in said.items() if key != "text"))
    return match[0] if match else ""


@lru_cache(maxsize=256)
def _state_of(written: str) -> State | None:
    word = _first_word(written).upper()
    if word.isascii() and word.isdecimal() and len(word) <= 3 and int(word) in State.__members__.values():
        return State(int(word))
    return _WORDS.get(word)


def _is_final(state: State | None, *, intermediate: bool) -> bool:
    """A failure in an intermediate notification is one try of several; what is delivered is delivered."""
    if state is None or state in _ON_ITS_WAY:
        return False
    return not intermediate or state is State.DELIVERED


def _date(said: dict[str, str], key: str, zone: tzinfo, notes: list[str]) -> int | None:
    """A date may be followed by a state without its key."""
    written = said.get(key, "")
    if not written:
        return None
    at = read_time(_BARE_STATE.sub("", written), zone)
    if at is None and written.strip("0: -/") != "":
        notes.append(f"{key} date cannot be read")
    return at


def _network_error(value: bytes | None) -> tuple[int, int] | None:
    return (value[0], int.from_bytes(value[1:], "big")) if value is not None and len(value) == 3 else None


def _of_commas(match: re.Match[str], zone: tzinfo) -> Receipt:
    state = _COMMA_STATES.get(match[1])
    return Receipt(
        ids=(),
        state=state,
        final=_is_final(state, intermediate=False),
        recipient=Address(0, 0, match[5].strip()),
        error=match[4].strip(),
        submitted_at=read_time(match[3], zone),
        done_at=read_time(match[2], zone),
        notes=() if state is not None else (f"unknown state {match[1]!r}",),
    )


def _first_word(value: str) -> str:
    match = _FIRST_WORD.match(value)
    return _bare(next((group for group in match.groups() if group), "")) if match else ""


def _ids_in(value: str) -> tuple[str, ...]:
    """What a text may mean as the id, most likely first: any sign may be part of one, and words may follow it."""
    match = _QUOTED_OR_WORD.match(value)
    word = next((group for group in match.groups() if group), "") if match else ""
    plain = _BARE_STATE.sub("", value).strip()
    return _bare(word.rstrip(",;&")), _first_word(value), plain.rstrip(",;&").rstrip(), word, plain, value


def _bare(value: str) -> str:
    return value.strip().strip("\"'").strip()
