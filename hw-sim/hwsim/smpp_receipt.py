"""Delivery receipts as bureaus write them: SMPP 3.4 appendix B, and the ways in which real ones differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hwsim import alphabet
from hwsim.bureau import State
from hwsim.smpp_bodies import Delivery, SmeAddress
from hwsim.smpp_pdu import Tag, Tlv
from hwsim.smpp_time import short_date

RECEIPT, INTERMEDIATE = 0x04, 0x20
WORDS = {
    State.ENROUTE: "ENROUTE",
    State.DELIVERED: "DELIVRD",
    State.EXPIRED: "EXPIRED",
    State.DELETED: "DELETED",
    State.UNDELIVERABLE: "UNDELIV",
    State.ACCEPTED: "ACCEPTD",
    State.UNKNOWN: "UNKNOWN",
    State.REJECTED: "REJECTD",
}
CAUSES = {State.EXPIRED: 27, State.UNDELIVERABLE: 1, State.REJECTED: 69, State.UNKNOWN: 255}
ALL_KEYS = ("id", "sub", "dlvrd", "submit date", "done date", "stat", "err", "text")


@dataclass(frozen=True, slots=True)
class Style:
    """One bureau's way to write receipts. The default is the standard's own, with both optional parameters."""

    keys: tuple[str, ...] = ALL_KEYS
    case: str = "lower"  # of the keys: lower, upper, title
    separator: str = " "
    colon: str = ":"
    id_form: str = "same"  # same, hex, HEX, dec, padded, quoted, upper, lower
    date_digits: int = 10
    err: str = "{:03d}"
    text_chars: int = 20
    text_key: str = "text"
    words: Mapping[State, str] = field(default_factory=dict)
    tail: str = ""
    parameters: tuple[str, ...] = ("id", "state")  # and error
    id_nul: bool = True
    in_text: bool = True
    in_payload: bool = False
    comma: bool = False
    esm_class: int | None = None
    by_data_sm: bool = False


STANDARD = Style()
STYLES: dict[str, Style] = {
    "standard": STANDARD,
    "no-parameters": replace(STANDARD, parameters=()),
    "id-only": replace(STANDARD, parameters=("id",)),
    "state-only": replace(STANDARD, parameters=("state",)),
    "with-error": replace(STANDARD, parameters=("id", "state", "error")),
    "parameters-only": replace(STANDARD, in_text=False),
    "id-without-nul": replace(STANDARD, id_nul=False, in_text=False),
    "reordered": replace(
        STANDARD, keys=("stat", "err", "id", "done date", "submit date", "dlvrd", "sub", "text"), parameters=()
    ),
    "few-keys": replace(STANDARD, keys=("id", "submit date", "done date", "stat", "err"), parameters=()),
    "bare": replace(STANDARD, keys=("id", "stat"), parameters=()),
    "no-text": replace(STANDARD, keys=ALL_KEYS[:-1], parameters=()),
    "upper-keys": replace(STANDARD, case="upper", parameters=()),
    "title-keys": replace(STANDARD, case="title", parameters=(), text_key="Text"),
    "seconds": replace(STANDARD, date_digits=12, parameters=()),
    "century": replace(STANDARD, date_digits=14, parameters=()),
    "short-err": replace(STANDARD, err="{:d}", parameters=()),
    "long-err": replace(STANDARD, err="{:04d}", parameters=()),
    "hex-err": replace(STANDARD, err="{:02X}", parameters=()),
    "spaced": replace(STANDARD, colon=": ", parameters=()),
    "lines": replace(STANDARD, separator="\n", parameters=()),
    "extra": replace(STANDARD, tail=" charged:yes parts:1", keys=ALL_KEYS[:-1], parameters=()),
    "hex-id": replace(STANDARD, id_form="hex", parameters=()),
    "HEX-id": replace(STANDARD, id_form="HEX", parameters=()),
    "dec-id": replace(STANDARD, id_form="dec", parameters=()),
    "padded-id": replace(STANDARD, id_form="padded", parameters=()),
    "quoted-id": replace(STANDARD, id_form="quoted", parameters=()),
    "upper-id": replace(STANDARD, id_form="upper", parameters=()),
    "lower-id": replace(STANDARD, id_form="lower", parameters=()),
    "payload": replace(STANDARD, in_payload=True, parameters=()),
    "vendor-words": replace(
        STANDARD,
        words={State.ENROUTE: "BUFFRED", State.UNDELIVERABLE: "FAILED", State.DELIVERED: "DELIVERED"},
        parameters=(),
    ),
    "by-data-sm": replace(STANDARD, by_data_sm=True),
    "plain-class": replace(STANDARD, esm_class=0, parameters=()),
    "comma": replace(STANDARD, comma=True, parameters=()),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a receipt tells. `number` is the message id's number, None if it has none."""

    message_id: str
    number: int | None
    state: State
    submitted_at: float
    done_at: float
    text: str
    source: SmeAddress  # of the message: the receipt goes back to it
    dest: SmeAddress


def id_in_form(message_id: str, number: int | None, form: str) -> str:
    """The message id as this form writes it."""
    if form == "quoted":
        return f'"{message_id}"'
    if form in {"upper", "lower"}:
        return message_id.upper() if form == "upper" else message_id.lower()
    if number is None or form == "same":
        return message_id
    return {"hex": f"{number:x}", "HEX": f"{number:X}", "dec": str(number), "padded": f"{number:012d}"}[form]


def _line(facts: Facts, style: Style, quarters: int) -> str:
    cause = CAUSES.get(facts.state, 0)
    word = style.words.get(facts.state) or WORDS[facts.state]
    if style.comma:
        when = short_date(facts.done_at, 10, quarters)
        status = {State.DELIVERED: "00", State.ENROUTE: "01"}.get(facts.state, "02")
        accepted = short_date(facts.submitted_at, 10, quarters)
        return f"{status},{when} {status},{when} {accepted},{cause},{facts.dest.value},{facts.source.value},0"
    values = {
        "id": id_in_form(facts.message_id, facts.number, style.id_form),
        "sub": "001",
        "dlvrd": "001" if facts.state is State.DELIVERED else "000",
        "submit date": short_date(facts.submitted_at, style.date_digits, quarters),
        "done date": short_date(facts.done_at, style.date_digits, quarters),
        "stat": word,
        "err": style.err.format(cause),
        "text": facts.text[: style.text_chars],
    }
    named = []
    for key in style.keys:
        name = style.text_key if key == "text" else key
        name = name.upper() if style.case == "upper" else name.title() if style.case == "title" else name
        named.append(f"{name}{style.colon}{values[key]}")
    return style.separator.join(named) + style.tail


def _octets(line: str) -> bytes:
    """In the default alphabet; what it lacks is shown as "?"."""
    return b"".join([alphabet.septets_of(char) if alphabet.fits(char) else b"?" for char in line])


def receipt(facts: Facts, style: Style, *, intermediate: bool = False, quarters: int = 0) -> Delivery:
    """The receipt (or intermediate notification) on its way back to who sent the message."""
    shown_id = id_in_form(facts.message_id, facts.number, "same" if style.in_text else style.id_form)
    by_name = {
        "id": (Tag.RECEIPTED_MESSAGE_ID, shown_id.encode("latin-1") + (b"\0" if style.id_nul else b"")),
        "state": (Tag.MESSAGE_STATE, bytes([facts.state])),
        "error": (Tag.NETWORK_ERROR_CODE, b"\x03" + CAUSES.get(facts.state, 0).to_bytes(2, "big")),
    }
    tlvs: list[Tlv] = [by_name[name] for name in style.parameters]
    message = _octets(_line(facts, style, quarters)) if style.in_text else b""
    if style.in_payload:
        tlvs.append((Tag.MESSAGE_PAYLOAD, message))
        message = b""
    esm_class = INTERMEDIATE if intermediate else RECEIPT
    return Delivery(
        source=facts.dest,
        dest=facts.source,
        message=message[:254],
        esm_class=esm_class if style.esm_class is None else style.esm_class,
        tlvs=tuple(tlvs),
        by_data_sm=style.by_data_sm,
    )
