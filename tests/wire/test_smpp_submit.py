"""What a bureau is asked for: addresses, validity, receipts; and what its statuses mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import smpplib.consts
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.smpp_address import Address, Numbering, read_address, recipient_address, sender_address
from gatewayd.wire.smpp_octets import SmppError
from gatewayd.wire.smpp_pdu import Command, Message, Pdu, encode
from gatewayd.wire.smpp_status import STATUSES, classify, status_of
from gatewayd.wire.smpp_submit import Manner, submit_message
from gatewayd.wire.smpp_text import Content
from gatewayd.wire.smpp_time import absolute_time, read_time, relative_period
from gatewayd.wire.smpp_tlv import Tlv

NOON = int(datetime(2026, 11, 22, 12, 0, tzinfo=UTC).timestamp()) * 1_000_000
OK = Content(0, 0, b"disk full")


def submit(manner: Manner | None = None, **asked: Any) -> Message:
    values = {"validity_s": 1800, "report": True, "now_us": NOON} | asked
    return submit_message("+447700900123", OK, manner or Manner(), **values)


# -- the message -------------------------------------------------------------------------------------------------------


def test_a_page_asks_for_its_receipt_and_ends_in_time() -> None:
    message = submit(priority=3)
    assert (message.dest_addr_ton, message.dest_addr_npi, message.destination_addr) == (1, 1, "447700900123")
    assert (message.registered_delivery, message.priority_flag) == (0x01, 3)
    assert message.validity_period == "000000003000000R"
    assert (message.short_message, message.data_coding, message.esm_class) == (b"disk full", 0, 0)
    assert message.tlvs == ()


def test_what_a_bureau_can_be_asked_for() -> None:
    manner = Manner(sender="Gateway", validity="absolute", intermediate=True, references=True, mode=3)
    message = submit(manner, reference=0x1234)
    assert (message.source_addr_ton, message.source_addr_npi, message.source_addr) == (5, 0, "Gateway")
    assert message.validity_period == "261122123000000+"
    assert message.registered_delivery == 0x11
    assert message.esm_class == 0x03
    assert message.tlvs == (Tlv(0x0204, b"\x12\x34"),)
    assert submit(manner, report=False).registered_delivery == 0
    assert submit(Manner(validity="none")).validity_period == ""


def test_the_parameters_of_the_text_stay() -> None:
    content = Content(8, 0x40, b"", (Tlv(0x0424, b"\0x"),))
    message = submit_message("12345", content, Manner(references=True), validity_s=60, report=False, now_us=NOON)
    assert [tlv.tag for tlv in message.tlvs] == [0x0204, 0x0424]
    assert (message.data_coding, message.esm_class) == (8, 0x40)
    assert encode(Pdu(Command.SUBMIT_SM, 1, 0, message))


@pytest.mark.parametrize(
    ("manner", "asked"),
    [
        (Manner(), {"validity_s": 0}),
        (Manner(), {"priority": 4}),
        (Manner(sender="twelve chars"), {}),
        (Manner(sender="Ωmega"), {}),
        (Manner(references=True), {"reference": 65536}),
    ],
    ids=["over", "priority", "long name", "other letters", "reference"],
)
def test_what_cannot_be_asked_for(manner: Manner, asked: dict[str, Any]) -> None:
    with pytest.raises(SmppError):
        submit(manner, **asked)


# -- addresses ---------------------------------------------------------------------------------------------------------


def test_recipients() -> None:
    assert recipient_address("+447700900123", Numbering()) == Address(1, 1, "447700900123")
    assert recipient_address("+447700900123", Numbering(plus=True)) == Address(1, 1, "+447700900123")
    assert recipient_address("60777", Numbering(short=(3, 0))) == Address(3, 0, "60777")
    assert sender_address("", Numbering()) == Address(0, 0, "")
    assert sender_address("+447700900000", Numbering()) == Address(1, 1, "447700900000")
    for number in ("", "+", "44 7700", "0x12", "٤٤٧٧", "4" * 21, "Gateway"):
        with pytest.raises(SmppError):
            recipient_address(number, Numbering())


@pytest.mark.parametrize(
    ("address", "number", "letters"),
    [
        (Address(1, 1, "447700900123"), "+447700900123", False),
        (Address(1, 1, "+447700900123"), "+447700900123", False),
        (Address(0, 1, "447700900123"), "+447700900123", False),
        (Address(0, 0, "00447700900123"), "+447700900123", False),
        (Address(0, 1, "07700900123"), "07700900123", False),
        (Address(2, 1, "7700900123"), "7700900123", False),
        (Address(0, 0, "60777"), "60777", False),
        (Address(5, 0, "Bureau"), "Bureau", True),
        (Address(5, 0, "12345"), "12345", True),
        (Address(0, 0, "Bureau"), "Bureau", True),
        (Address(9, 9, ""), "", False),
    ],
    ids=repr,
)
def test_senders(address: Address, number: str, letters: bool) -> None:
    assert read_address(address, Numbering()) == (number, letters)


def test_a_bureau_that_writes_national_numbers() -> None:
    assert read_address(Address(0, 1, "447700900123"), Numbering(bare="as they are")) == ("447700900123", False)


@given(st.integers(0, 255), st.text(st.characters(max_codepoint=255), max_size=30))
def test_any_address_is_read(ton: int, value: str) -> None:
    assert "\0" not in read_address(Address(ton, 0, value), Numbering())[0]


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "000000000001000R"),
        (1800, "000000003000000R"),
        (3600, "000000010000000R"),
        (86_400, "000001000000000R"),
        (90_061, "000001010101000R"),
        (10**9, "000030235959000R"),
    ],
)
def test_a_relative_period(seconds: int, text: str) -> None:
    assert relative_period(seconds) == text


def period_seconds(text: str) -> int:
    """What a relative period of less than a month says."""
    match = re.fullmatch(r"0000(\d\d)(\d\d)(\d\d)(\d\d)000R", text)
    assert match, text
    days, hours, minutes, seconds = map(int, match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@given(st.integers(1, 31 * 86_400 - 1))
def test_a_period_says_what_was_asked(seconds: int) -> None:
    assert period_seconds(relative_period(seconds)) == seconds


def test_an_absolute_time_is_read_again() -> None:
    assert absolute_time(NOON) == "261122120000000+"
    assert read_time("261122120000000+", UTC) == NOON
    assert read_time("261122130000004+", UTC) == NOON
    assert read_time("261122110000004-", UTC) == NOON


HELSINKI = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    "written",
    ["2611221400", "261122140000", "20261122140000", "202611221400", "2026-11-22 14:00:00", "26/11/22 14:00"],
)
def test_dates_are_local_to_the_bureau(written: str) -> None:
    assert read_time(written, HELSINKI) == NOON


@pytest.mark.parametrize(
    "written", ["", "0000000000", "2613221400", "261122", "26112214", "soon", "٢٦١١٢٢١٤٠٠", "2" * 15]
)
def test_what_is_no_date(written: str) -> None:
    assert read_time(written, UTC) is None


@given(st.text(max_size=20) | st.from_regex(r"\A\d{8,17}[+-]?\Z"))
def test_any_date(written: str) -> None:
    read_time(written, HELSINKI)


# -- statuses ----------------------------------------------------------------------------------------------------------


def test_every_status_of_the_standard_has_its_row() -> None:
    theirs = {value for name, value in vars(smpplib.consts).items() if name.startswith("SMPP_ESME_R")}
    assert set(STATUSES) == theirs
    for code, row in STATUSES.items():
        if code not in (0x00,):
            assert getattr(smpplib.consts, "SMPP_ESME_R" + row.name) == code


@pytest.mark.parametrize(
    ("code", "fate", "scope", "kind"),
    [
        (0x00, "accepted", "message", "ok"),
        (0x58, "deferred", "channel", "throttled"),
        (0x14, "deferred", "channel", "throttled"),
        (0x08, "deferred", "message", "transient"),
        (0x64, "deferred", "message", "transient"),
        (0x0B, "refused", "channel", "recipient"),
        (0x0A, "refused", "channel", "message"),
        (0x04, "deferred", "channel", "session"),
        (0x0E, "deferred", "channel", "login"),
        (0x0400, "deferred", "message", "unknown"),
        (0x0101, "deferred", "message", "unknown"),
        (0xFFFFFFFF, "deferred", "message", "unknown"),
    ],
)
def test_what_a_status_means_for_a_message(code: int, fate: str, scope: str, kind: str) -> None:
    verdict = classify(code)
    assert (verdict.fate, verdict.scope, verdict.kind) == (fate, scope, kind)
    assert verdict.reason
    assert (verdict.after_s > 0) == ((fate, scope) == ("deferred", "channel")), "the house knows how long a text rests"


def test_a_bureau_has_its_own_table() -> None:
    own: dict[int, Any] = {0x0401: "login", 0x040A: "recipient", 0x45: "recipient"}
    assert classify(0x040A, own).fate == "refused"
    assert classify(0x0401, own).scope == "channel"
    assert status_of(0x45, own).kind == "recipient"
    assert status_of(0x0402, own).kind == "unknown"
    assert classify(0x0432).code == "smpp 0x432"
