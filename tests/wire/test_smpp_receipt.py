"""Delivery receipts as bureaus write them, and the ids in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.smpp_address import Address
from gatewayd.wire.smpp_message_id import IdMode, matching_keys, stored_key
from gatewayd.wire.smpp_pdu import DataMessage, Message
from gatewayd.wire.smpp_receipt import Receipt, State, read_receipt
from gatewayd.wire.smpp_tlv import Tlv

STANDARD = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 Text:disk full on"
)


def at(hour: int, minute: int, second: int = 0) -> int:
    return int(datetime(2026, 11, 22, hour, minute, second, tzinfo=UTC).timestamp()) * 1_000_000


def message(text: str, *, esm: int = 0x04, **fields: Any) -> Message:
    return Message(
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="447700900123",
        esm_class=esm,
        short_message=text.encode("latin-1"),
        **fields,
    )


def receipt(text: str, **fields: Any) -> Receipt:
    found = read_receipt(message(text, **fields))
    assert found is not None
    return found


def tlvs(message_id: bytes | None = None, state: bytes | None = None, *more: Tlv) -> tuple[Tlv, ...]:
    pairs = ((0x001E, message_id), (0x0427, state))
    return (*(Tlv(tag, value) for tag, value in pairs if value is not None), *more)


# -- text forms --------------------------------------------------------------------------------------------------------


def test_the_form_of_the_standard() -> None:
    assert receipt(STANDARD) == Receipt(
        ids=("0123456789",),
        state=State.DELIVERED,
        final=True,
        recipient=Address(1, 1, "447700900123"),
        error="000",
        submitted_at=at(12, 0),
        done_at=at(12, 1),
        text="disk full on",
    )


def test_the_form_of_a_query() -> None:
    query = (
        "id=0123456789&sub=001&dlvrd=001&submit+date=2611221200&done%20date=2611221201&stat=DELIVRD&err=000"
        "&text=disk%20full%20on"
    )
    assert receipt(query) == receipt(STANDARD)
    assert read_receipt(message(query, esm=0)) is None
    assert read_receipt(message(query, esm=0), by_text=True) == receipt(STANDARD)


IDS = {
    "uuid": ("id:3b08ca73-4244-4717-9e88-082414ff3d2e stat:DELIVRD", "3b08ca73-4244-4717-9e88-082414ff3d2e"),
    "hex": ("id:a29f6845555647139e5c8f3b817f2c9a sub:001 stat:DELIVRD", "a29f6845555647139e5c8f3b817f2c9a"),
    "dashes and lines": ("id:ab_c-1.2 stat:DELIVRD", "ab_c-1.2"),
    "quoted": ('id:"0042" stat:DELIVRD', "0042"),
    "single quotes": ("id:'0042' stat:DELIVRD", "0042"),
    "space before": ("id: 0042 stat: DELIVRD", "0042"),
    "equals sign": ("id=0042 stat=DELIVRD", "0042"),
    "commas": ("id:0042,sub:001,dlvrd:001,stat:DELIVRD", "0042"),
    "upper case": ("ID:0042 SUB:001 STAT:DELIVRD", "0042"),
    "another order": ("stat:DELIVRD err:000 done date:2611221201 id:0042", "0042"),
    "text first": ("text:disk full id:0042 stat:DELIVRD", "0042"),
    "lines": ("id:0042\nsub:001\nstat:DELIVRD\n", "0042"),
    "more keys": ("mcc:234 id:0042 price:0.04 stat:DELIVRD", "0042"),
    "word before": ("DLR id:0042 stat:DELIVRD", "0042"),
    "a query": ("id=0042&sub=001&dlvrd=001&submit+date=2611221200&stat=DELIVRD&err=000", "0042"),
    "a query with escapes": ("msgid=00%2D42&status=DELIVRD&text=disk%20full", "00-42"),
    "a query with words": ("id=0042&stat=DELIVRD&text=this & that", "0042"),
    "message id": ("message_id:0042 status:DELIVERED", "0042"),
}


@pytest.mark.parametrize("name", IDS)
def test_ids_in_every_dress(name: str) -> None:
    text, message_id = IDS[name]
    found = receipt(text)
    assert (found.ids[0], found.state) == (message_id, State.DELIVERED)


@pytest.mark.parametrize(
    ("word", "state", "final"),
    [
        ("DELIVRD", State.DELIVERED, True),
        ("delivrd", State.DELIVERED, True),
        ("DELIVERED", State.DELIVERED, True),
        ("EXPIRED", State.EXPIRED, True),
        ("DELETED", State.DELETED, True),
        ("UNDELIV", State.UNDELIVERABLE, True),
        ("FAILED", State.UNDELIVERABLE, True),
        ("UNKNOWN", State.UNKNOWN, True),
        ("REJECTD", State.REJECTED, True),
        ("ACCEPTD", State.ACCEPTED, False),
        ("ACKED", State.ACCEPTED, False),
        ("ENROUTE", State.ENROUTE, False),
        ("ENROUTED", State.ENROUTE, False),
        ("BUFFRED", State.ENROUTE, False),
        ("BUFFERD", State.ENROUTE, False),
        ("2", State.DELIVERED, True),
        ("005", State.UNDELIVERABLE, True),
    ],
)
def test_every_state(word: str, state: State, final: bool) -> None:
    found = receipt(f"id:1 stat:{word} err:000")
    assert (found.state, found.final, found.notes) == (state, final, ())


@pytest.mark.parametrize("word", ["DELIVERY_FAILED", "SENDING", "999", "²"])
def test_nothing_is_closed_on_a_state_that_nobody_knows(word: str) -> None:
    found = receipt(f"id:1 stat:{word}")
    assert (found.ids, found.state, found.final) == (("1",), None, False)
    assert found.notes == (f"unknown state {word!r}",)


@pytest.mark.parametrize(
    ("text", "done_at"),
    [
        ("done date:2611221201", at(12, 1)),
        ("done date:261122120130", at(12, 1, 30)),
        ("done date:20261122120130", at(12, 1, 30)),
        ("done date:261122120130000+", at(12, 1, 30)),
        ("done date:261122150130012+", at(12, 1, 30)),
        ("done_date:2026-11-22 12:01:30", at(12, 1, 30)),
        ("DoneDate:2611221201", at(12, 1)),
    ],
)
def test_every_date(text: str, done_at: int) -> None:
    assert receipt(f"id:1 {text} stat:DELIVRD").done_at == done_at


def test_dates_are_local_to_the_bureau() -> None:
    found = read_receipt(message(STANDARD), zone=timezone(timedelta(hours=2)))
    assert found is not None
    assert found.done_at == at(10, 1)


def test_a_bad_date_is_absent_and_said() -> None:
    found = receipt("id:1 submit date:2613992561 done date:0000000000 stat:DELIVRD")
    assert (found.state, found.submitted_at, found.done_at) == (State.DELIVERED, None, None)
    assert found.notes == ("submitted date cannot be read",)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("err:0000 text:x", "0000"),
        ("err: 0", "0"),
        ("err:1F text:", "1F"),
        ("err:ABC", "ABC"),
        ("error code:34", "34"),
        ("", ""),
    ],
    ids=["four digits", "space", "hex", "letters", "long key", "none"],
)
def test_errors_are_the_bureaus_own(text: str, error: str) -> None:
    assert receipt(f"id:1 stat:UNDELIV {text}").error == error


def test_missing_keys() -> None:
    found = receipt("id:1526758174 submit date:1701240904 done date:1701240904 stat:DELIVRD err:000 text:hellow")
    assert (found.ids, found.state, found.text) == (("1526758174",), State.DELIVERED, "hellow")
    assert receipt("stat:EXPIRED").state is State.EXPIRED
    assert receipt("id:7").ids == ("7",)
    assert receipt("id: sub:001 stat:UNDELIV").ids == ()


def test_a_state_without_its_key() -> None:
    found = receipt("id:ce5b sub:000 dlvrd:000 submit date:261122120000 done date:261122120100 DELIVRD err:000 Text:")
    assert (found.state, found.done_at) == (State.DELIVERED, at(12, 1))


@pytest.mark.parametrize("own", ["stat:UNDELIV", "id:99 stat:EXPIRED", "err:1 UNDELIV"])
def test_what_our_own_text_says_is_not_the_receipt(own: str) -> None:
    found = receipt(f"id:1 stat:DELIVRD err:000 text:{own}")
    assert (found.ids, found.state, found.error, found.text) == (("1",), State.DELIVERED, "000", own)
    found = receipt(f"id:1 done date:2611221201 DELIVRD text:{own}")
    assert (found.ids, found.state) == (("1",), State.DELIVERED)


def test_the_commas_of_a_large_carrier() -> None:
    found = receipt("00,2611221201,2611221200,000,447700900123,60777,")
    assert (found.ids, found.state, found.final) == ((), State.DELIVERED, True)
    assert (found.recipient.value, found.done_at, found.submitted_at) == ("447700900123", at(12, 1), at(12, 0))
    assert not receipt("01,2611221201,2611221200,027,447700900123,60777,x").final
    assert receipt("44,2611221201,2611221200,027,447700900123,60777,x").state is None


# -- parameters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [b"ABC12", b"ABC12\0", b" ABC12 \0", b'"ABC12"\0'])
def test_the_id_of_the_parameter(value: bytes) -> None:
    assert receipt("", tlvs=tlvs(value, b"\2")).ids[-1] == "ABC12"


def test_parameters_are_trusted_before_the_text() -> None:
    found = receipt(STANDARD, tlvs=tlvs(b"75BCD15\0", b"\5", Tlv(0x0423, b"\3\0\x1b"), Tlv(0x0204, b"\x12\x34")))
    assert found.ids == ("75BCD15", "0123456789")
    assert (found.state, found.network_error, found.reference) == (State.UNDELIVERABLE, (3, 27), 0x1234)
    assert found.notes == ("the text says delivered",)
    assert found.done_at == at(12, 1)


def test_an_id_without_a_state_and_the_reverse() -> None:
    assert receipt("stat:EXPIRED", tlvs=tlvs(b"7\0")).state is State.EXPIRED
    assert receipt("", tlvs=tlvs(b"7\0")).state is None
    assert receipt("id:7", tlvs=tlvs(None, b"\2")).ids == ("7",)


def test_a_state_that_nobody_knows_leaves_it_to_the_text() -> None:
    found = receipt("id:7 stat:DELIVRD", tlvs=tlvs(b"7\0", b"\x2a"))
    assert (found.state, found.notes) == (State.DELIVERED, ("unknown message_state 42",))


def test_data_sm_and_payload() -> None:
    found = read_receipt(DataMessage(esm_class=4, source_addr="44", tlvs=(Tlv(0x0424, STANDARD.encode()),)))
    assert found is not None
    assert (found.ids, found.state) == (("0123456789",), State.DELIVERED)
    assert receipt("", tlvs=(Tlv(0x0424, STANDARD.encode()),)).ids == ("0123456789",)


def test_whatever_the_data_coding_says() -> None:
    for coding in (0, 1, 3, 4, 8, 0xF0, 0xF5):
        assert receipt("id:ab_c$1 stat:DELIVRD", data_coding=coding).ids == ("ab_c$1",)
    wide = Message(esm_class=4, data_coding=8, short_message="id:7 stat:DELIVRD text:шум".encode("utf-16-be"))
    found = read_receipt(wide)
    assert found is not None
    assert (found.ids, found.text) == (("7",), "шум")


def test_intermediate_notifications_close_nothing_but_what_is_delivered() -> None:
    assert not receipt("id:7 stat:UNDELIV", esm=0x20).final
    assert not receipt("id:7 stat:ENROUTE", esm=0x20).final
    assert receipt("id:7 stat:DELIVRD", esm=0x20).final
    assert receipt("id:7 stat:UNDELIV", esm=0x24).final


# -- what a person wrote -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ok 42", "id: 5 sub 3", "id:5 stat:DELIVRD", "stat:DELIVRD", "see " + STANDARD, ""])
@pytest.mark.parametrize("esm", [0x00, 0x03, 0x40, 0x80, 0x10, 0x18, 0x50])
def test_a_normal_message_is_a_persons_text(text: str, esm: int) -> None:
    assert read_receipt(message("\0" * (esm & 0x40 == 0x40) + text, esm=esm)) is None


@pytest.mark.parametrize("esm", [0x00, 0x03, 0x40, 0x80])
def test_a_person_may_write_the_form_of_a_receipt(esm: int) -> None:
    assert read_receipt(message("\0" * (esm == 0x40) + STANDARD, esm=esm)) is None


@pytest.mark.parametrize("esm", [0x08, 0x10, 0x18, 0x50])
def test_an_acknowledgement_in_the_whole_form_of_a_receipt_is_one(esm: int) -> None:
    found = receipt(STANDARD, esm=esm)
    assert (found.ids, found.state) == (("0123456789",), State.DELIVERED)


def test_a_header_that_is_announced_and_not_there() -> None:
    header = b"\x05\0\x03\x07\x01\x01"
    assert receipt(STANDARD, esm=0x44) == receipt(STANDARD)
    assert receipt("id:7 stat:DELIVRD", esm=0x44).ids == ("7",)
    assert receipt(header.decode("latin-1") + STANDARD, esm=0x44) == receipt(STANDARD)
    assert read_receipt(message(STANDARD, esm=0x40), by_text=True) == receipt(STANDARD)


@pytest.mark.parametrize("codec", ["utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("coding", [0, 1, 3, 4, 8, 0xF0])
def test_wide_letters_whatever_the_data_coding_says(codec: str, coding: int) -> None:
    body = Message(esm_class=4, data_coding=coding, short_message="id:7 stat:DELIVRD text:шум".encode(codec))
    found = read_receipt(body)
    assert found is not None
    assert (found.ids, found.state, found.text) == (("7",), State.DELIVERED, "шум")


def test_a_wrong_esm_class_is_read_only_where_the_bureau_is_known_for_it() -> None:
    found = read_receipt(message(STANDARD, esm=0), by_text=True)
    assert found is not None
    assert found.ids == ("0123456789",)
    for text in ("ok 42", "id: 5 sub 3", "id:5 stat:fine err:no", "see id:5 stat:DELIVRD err:0", "id:5 stat:DELIVRD"):
        assert read_receipt(message(text, esm=0), by_text=True) is None, text


def test_parameters_that_no_phone_writes_make_a_receipt_of_it() -> None:
    found = read_receipt(message("", esm=0, tlvs=tlvs(b"7\0", b"\2")))
    assert found is not None
    assert found.state is State.DELIVERED
    assert read_receipt(message("ok 42", esm=0, tlvs=tlvs(b"7\0"))) is None
    assert read_receipt(message("ok 42", esm=0, tlvs=tlvs(None, b"\2"))) is None


def test_acknowledgements_of_phones() -> None:
    assert read_receipt(message("ok", esm=0x08)) is None
    found = read_receipt(message(STANDARD, esm=0x08))
    assert found is not None
    assert read_receipt(message("ok", esm=0x10)) is None


def test_what_only_esm_class_calls_a_receipt_keeps_its_text() -> None:
    found = receipt("ok 42")
    assert (found.ids, found.state, found.final, found.text) == ((), None, False, "ok 42")
    assert found.notes == ("no receipt in it",)


@given(st.binary(max_size=254), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=70), st.binary(max_size=5))
def test_any_octets(octets: bytes, esm: int, coding: int, message_id: bytes, state: bytes) -> None:
    body = Message(short_message=octets, esm_class=esm, data_coding=coding, tlvs=tlvs(message_id, state))
    for by_text in (False, True):
        read_receipt(body, by_text=by_text)


keys = st.sampled_from(["id", "sub", "dlvrd", "submit date", "done date", "stat", "err", "text", "ID", "Stat", "extra"])
values = st.text(st.characters(max_codepoint=255), max_size=20) | st.sampled_from(
    ["DELIVRD", "2611221200", "00", '"x"']
)


@given(st.lists(st.tuples(keys, values), max_size=12))
def test_any_keys(pairs: list[tuple[str, str]]) -> None:
    found = receipt(" ".join(f"{key}:{value}" for key, value in pairs))
    assert all(found.ids)
    assert not found.final or found.state is not None


# -- ids ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "answer", "in_receipt"),
    [
        ("exact", "00AF", "00AF"),
        ("strip", "00B8BE19", "b8be19"),
        ("strip", "0000000042", "42"),
        ("strip", "42", '"0042"'),
        ("strip", "3B08CA73-4244", "3b08ca73-4244"),
        ("strip", "0", "000"),
        ("answer-hex", "1F", "31"),
        ("answer-hex", "0x1F", "0000000031"),
        ("answer-hex", "00B8BE19", "12107289"),
        ("answer-hex", "00B8BE19", "B8BE19"),
        ("receipt-hex", "31", "1F"),
        ("receipt-hex", "0031", "0x001f"),
        ("auto", "1F", "31"),
        ("auto", "31", "1F"),
        ("auto", "0031", "31"),
    ],
)
def test_an_answer_and_its_receipt_meet(mode: IdMode, answer: str, in_receipt: str) -> None:
    assert stored_key(answer, mode) in matching_keys(in_receipt, mode)


@pytest.mark.parametrize(
    ("mode", "answer", "in_receipt"),
    [
        ("exact", "00AF", "AF"),
        ("exact", "af", "AF"),
        ("strip", "1F", "31"),
        ("answer-hex", "31", "1F"),
        ("auto", "", ""),
    ],
)
def test_an_answer_and_a_strange_receipt_do_not(mode: IdMode, answer: str, in_receipt: str) -> None:
    assert stored_key(answer, mode) not in matching_keys(in_receipt, mode)


def test_the_most_likely_key_comes_first() -> None:
    assert matching_keys("10", "answer-hex") == ("a", "10")
    assert matching_keys("10", "receipt-hex") == ("16", "10")
    assert matching_keys("10", "auto") == ("10", "a", "16")
    assert matching_keys("", "exact") == ()


@given(st.integers(0, 2**64), st.integers(0, 4))
def test_every_number_meets_itself(number: int, zeros: int) -> None:
    padding = "0" * zeros
    assert stored_key(f"{padding}{number:X}", "answer-hex") in matching_keys(f"{number:010}", "answer-hex")
    assert stored_key(f"{padding}{number}", "receipt-hex") in matching_keys(f"{number:08x}", "receipt-hex")


@given(st.text(max_size=80), st.sampled_from(["exact", "strip", "answer-hex", "receipt-hex", "auto"]))
def test_any_id_meets_itself(message_id: str, mode: IdMode) -> None:
    key = stored_key(message_id, mode)
    assert not key or key in matching_keys(message_id, mode)


MODES: tuple[IdMode, ...] = ("exact", "strip", "answer-hex", "receipt-hex", "auto")
any_id = st.binary(min_size=1, max_size=65).map(lambda octets: octets.replace(b"\0", b"\1").decode("latin-1"))


def meets(mode: IdMode, answer: str, found: Receipt) -> bool:
    return stored_key(answer, mode) in {key for one in found.ids for key in matching_keys(one, mode)}


@given(
    any_id | st.sampled_from(["a,b", "0", "000", " ", '"', "0x", "a b", "%s", "\xb2", "\xdf", "7" * 65, "00AF,00B0"])
)
def test_an_id_of_any_octets_in_the_parameter_meets_its_answer(answer: str) -> None:
    assert all(stored_key(answer, mode) for mode in MODES)
    for end in (b"", b"\0"):
        found = receipt("", tlvs=tlvs(answer.encode("latin-1") + end, b"\2"))
        assert all(meets(mode, answer, found) for mode in MODES)


@pytest.mark.parametrize("answer", ["a,b", "00AF,00B0", "a;b", "a b", "a'b", "50%,x", "7/8=9", "\xe9,1"])
@pytest.mark.parametrize("form", [
    "id:{} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:CRITICAL",
    "id: {} stat:DELIVRD", "stat:DELIVRD id:{}", 'id:"{}" stat:DELIVRD', "id:{}, stat:DELIVRD", "id:{};stat:DELIVRD",
    "id:{} DELIVRD err:000",
])  # fmt: skip
def test_an_id_in_the_text_is_not_cut_at_a_comma(answer: str, form: str) -> None:
    found = receipt(form.format(answer))
    assert found.state is State.DELIVERED
    assert all(meets(mode, answer, found) for mode in MODES)
