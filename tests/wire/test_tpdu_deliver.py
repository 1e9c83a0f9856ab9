"""SMS-DELIVER and SMS-STATUS-REPORT, from golden PDUs and from a builder that shares no code with the decoder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.tpdu import Concat, Deliver, PduError, StatusReport, decode
from tests.chance import examples
from tests.wire.tpdu_builder import (
    CODES,
    ESCAPED,
    NOON,
    body7,
    body7_codes,
    body8,
    deliver,
    packed,
    stamp,
    status_report,
)


def received(pdu_hex: str) -> Deliver:
    message = decode(pdu_hex)
    assert isinstance(message, Deliver)
    return message


def reported(pdu_hex: str) -> StatusReport:
    message = decode(pdu_hex)
    assert isinstance(message, StatusReport)
    return message


FIRST = datetime(2000, 1, 2, tzinfo=UTC).replace(tzinfo=None)
LAST = datetime(2099, 12, 30, tzinfo=UTC).replace(tzinfo=None)


def at(*fields: int, east: timedelta = timedelta(0)) -> int:
    year, month, day, hour, minute, second = fields
    local = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return round((local - east).timestamp()) * 1_000_000


# ------------------------------------------------------------------------------------------------- golden PDUs


def test_how_are_you() -> None:
    message = received("07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07")
    assert message.sender == "+31641600986"
    assert message.text == "How are you?"
    assert message.smsc == "+31624000000"
    assert message.sent_at == at(2002, 8, 26, 19, 37, 41)


def test_hellohello() -> None:
    message = received("07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37")
    assert message.sender == "27838890001"  # type of number 4, a subscriber's
    assert message.text == "hellohello"
    assert message.smsc == "+27381000015"
    assert message.note == ""


def test_an_alphanumeric_sender() -> None:
    message = received(deliver("Alice", body7("hi")))
    assert (message.sender, message.sender_alphanumeric) == ("Alice", True)
    assert deliver("Alice", body7("hi"))[18:22] == "09D0"


# ------------------------------------------------------------------------------------------------- senders


@given(st.text(st.sampled_from(sorted(CODES.keys() - {"\x1b"})), min_size=1, max_size=10).map(lambda name: name + "x"))
def test_letters_of_a_sender(name: str) -> None:
    message = received(deliver(name, body7("hi")))
    assert (message.sender, message.sender_alphanumeric, message.text) == (name, True, "hi")


def test_a_sender_may_end_with_an_at_sign() -> None:
    for length in range(1, 11):
        name = "z" * length + "@"
        assert received(deliver(name, body7("hi"))).sender == name


@given(st.from_regex(r"\+?[0-9*#abc]{1,20}", fullmatch=True))
def test_digits_of_a_sender(number: str) -> None:
    message = received(deliver(number, body7("hi")))
    assert (message.sender, message.sender_alphanumeric, message.text) == (number, False, "hi")


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("0081", ""),
        ("0091", ""),
        ("0C814477F9001032", None),  # a filler in the middle
        ("0C914477009010F2", "+44770009012"),  # a filler that was counted as a digit
        ("15810000000000000000000000", None),  # 21 digits
    ],
)
def test_odd_addresses(address: str, sender: str | None) -> None:
    pdu = "00" + "04" + address + "0000" + NOON.hex() + "02E834"
    if sender is None:
        with pytest.raises(PduError):
            decode(pdu)
    else:
        assert received(pdu).sender == sender
        assert received(pdu).text == "hi"


@pytest.mark.parametrize("smsc", ["", "+447785016005", "1234567", "+12345678901234567890"])
def test_service_centres(smsc: str) -> None:
    pdu = deliver("+123", body7("hi"), smsc=smsc)
    assert received(pdu).smsc == smsc
    bare = decode(pdu[2 + 2 * int(pdu[:2], 16) :], with_smsc=False)
    assert isinstance(bare, Deliver)
    assert (bare.text, bare.smsc) == ("hi", "")


def test_an_odd_service_centre_costs_no_message() -> None:
    pdu = deliver("+123", body7("hi"), smsc="")
    for odd in ("0191", "0391F1F2", "02D0FF"):
        assert (received(odd + pdu[2:]).text, received(odd + pdu[2:]).sender) == ("hi", "+123")


# ------------------------------------------------------------------------------------------------- alphabets


@given(st.text(st.sampled_from(sorted((CODES.keys() | ESCAPED.keys()) - {"\x1b"})), max_size=80))
def test_septets(text: str) -> None:
    assert received(deliver("+123", body7(text))).text == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=35))
def test_ucs2(text: str) -> None:
    assert received(deliver("+123", body8(text.encode("utf-16-be")), dcs=0x08)).text == text


@pytest.mark.parametrize(
    ("udh", "concat"),
    [
        ("0003AB0302", Concat(0xAB, 8, 3, 2)),
        ("0804ABCD0302", Concat(0xABCD, 16, 3, 2)),
    ],
)
def test_parts_of_all_lengths(udh: str, concat: Concat) -> None:
    header = bytes.fromhex(udh)
    for length in range(153 - (concat.width == 16) + 1):
        text = "".join("@abcdefgh"[at % 9] for at in range(length, 0, -1))
        message = received(deliver("+123", body7(text, header), udh=True))
        assert (message.text, message.concat, message.note) == (text, concat, "")
    text = "Ж" * 66
    message = received(deliver("+123", body8(text.encode("utf-16-be"), header), udh=True, dcs=0x08))
    assert (message.text, message.concat) == (text, concat)


def test_half_pairs_and_nul_never_come_out() -> None:
    for octets, text in [
        ("0061D83D", "a\ufffd"),
        ("DE000061", "\ufffda"),
        ("0061006200", "ab\ufffd"),
        ("0061000000620000", "a\ufffdb"),
    ]:
        assert received(deliver("+123", body8(bytes.fromhex(octets)), dcs=0x08)).text == text


@pytest.mark.parametrize(
    ("udh", "septets", "text", "note"),
    [
        ("240101", [0x1B, 0x63], "ç", ""),
        ("250101", [0x04], "€", ""),
        ("240103250103", [0x04, 0x1B, 0x7B], "êã", ""),
        ("240102", [0x1B, 0x61, 0x1B, 0x65], "á€", ""),
        ("24010E", [0x1B, 0x65, 0x6F], "€o", "national table 14 is not known"),
        ("25010E", [0x6F, 0x6B], "ok", "national table 14 is not known"),
        ("2501022401FF", [0x1B, 0x28], "{", "national table 2 is not known; national table 255 is not known"),
    ],
)
def test_national_tables(udh: str, septets: list[int], text: str, note: str) -> None:
    message = received(deliver("+123", body7_codes(septets, bytes.fromhex(udh)), udh=True))
    assert (message.text, message.note) == (text, note)


SEVEN, EIGHT, UCS2, COMPRESSED = "seven", "eight", "ucs2", "compressed"


def _expected_coding(dcs: int) -> str:
    """TS 23.038 section 4, written down group by group."""
    if dcs <= 0x7F:
        if dcs & 0x20:
            return COMPRESSED
        return {0: SEVEN, 1: EIGHT, 2: UCS2, 3: SEVEN}[dcs >> 2 & 3]
    if 0xE0 <= dcs <= 0xEF:
        return UCS2
    if dcs in (0xF4, 0xF5, 0xF6, 0xF7, 0xFC, 0xFD, 0xFE, 0xFF):
        return EIGHT
    return SEVEN


@pytest.mark.parametrize("dcs", range(256))
def test_every_data_coding_scheme(dcs: int) -> None:
    coding = _expected_coding(dcs)
    if coding == SEVEN:
        message = received(deliver("+123", body7("ok 42"), dcs=dcs))
    else:
        message = received(deliver("+123", body8("ok 42".encode("utf-16-be")), dcs=dcs))
    if coding in (SEVEN, UCS2):
        assert (message.text, message.data) == ("ok 42", None)
    else:
        assert (message.text, message.data) == (None, "ok 42".encode("utf-16-be"))
        assert ("compressed" if coding == COMPRESSED else "binary") in message.note
    has_class = (dcs < 0x80 and dcs & 0x10) or dcs >= 0xF0
    assert message.message_class == (dcs & 3 if has_class else None)
    assert ("class 0" in message.note) == (message.message_class == 0)
    assert ("reserved" in message.note) == (0x80 <= dcs < 0xC0 or (dcs < 0x80 and dcs & 0x0C == 0x0C))
    assert message.dcs == dcs


@pytest.mark.parametrize(
    ("dcs", "note"),
    [
        (0xC8, "message waiting: voicemail"),
        (0xC0, "no message waiting: voicemail"),
        (0xD9, "message waiting: fax"),
        (0xEA, "message waiting: email"),
        (0xDB, "message waiting: other"),
    ],
)
def test_message_waiting(dcs: int, note: str) -> None:
    body = body8("ok".encode("utf-16-be")) if dcs >= 0xE0 else body7("ok")
    assert received(deliver("+123", body, dcs=dcs)).note == note


# ------------------------------------------------------------------------------------------------- headers


def test_binary_to_a_port() -> None:
    message = received(deliver("+123", body8(b"\x01\x02", bytes.fromhex("050404D2162E")), udh=True, dcs=0x04))
    assert (message.text, message.data, message.ports) == (None, b"\x01\x02", (1234, 5678))
    assert message.note == "binary port 1234"


def test_text_to_an_8_bit_port() -> None:
    message = received(deliver("+123", body7("hi", bytes.fromhex("0402F0F1")), udh=True))
    assert (message.text, message.ports, message.note) == ("hi", (0xF0, 0xF1), "port 240")


@pytest.mark.parametrize(
    ("udh", "concat"),
    [
        ("0003010200", None),  # part 0
        ("0003010203", None),  # part 3 of 2
        ("0003010000", None),
        ("00020102", None),  # lengths that the element cannot have
        ("000401020304", None),
        ("0803010203", None),
        ("700155", None),  # an unknown element
        ("7F00", None),
        ("7001550003AB0201", Concat(0xAB, 8, 2, 1)),
        ("0003AA02010003AB0201", Concat(0xAB, 8, 2, 1)),  # the last one counts
        ("0003AB0201" + "0804ABCD0201", Concat(0xABCD, 16, 2, 1)),
        ("0003AB0201" + "0003AB0209", Concat(0xAB, 8, 2, 1)),  # an impossible one does not
    ],
)
def test_odd_headers_cost_no_text(udh: str, concat: Concat | None) -> None:
    message = received(deliver("+123", body7("ok 42", bytes.fromhex(udh)), udh=True))
    assert (message.text, message.concat, message.note) == ("ok 42", concat, "")


@pytest.mark.parametrize("udh", ["0003AB", "0003AB020170", "0003AB02017005AA"])
def test_a_header_whose_last_element_is_cut_off_counts_for_nothing(udh: str) -> None:
    message = received(deliver("+123", body7("ok 42", bytes.fromhex(udh)), udh=True))
    assert (message.text, message.concat) == ("ok 42", None)
    assert message.note == "header ignored: its last element is cut off"


@pytest.mark.parametrize("dcs", [0x00, 0x04, 0x08])
def test_a_header_longer_than_the_body_leaves_no_text(dcs: int) -> None:
    message = received(deliver("+123", (4, b"\x09\x01\x02\x03"), udh=True, dcs=dcs))
    assert (message.text, message.data) == (None, b"\x09\x01\x02\x03")
    assert message.note == "undecodable: header longer than the body"


def test_a_header_that_ends_inside_the_last_septet_leaves_no_text() -> None:
    message = received(deliver("+123", (7, bytes.fromhex("060804ABCD0201")), udh=True))
    assert (message.text, message.note) == (None, "undecodable: header longer than the body")


def test_an_empty_header_is_one_octet() -> None:
    length, octets = 2 + 3, b"\x00" + packed([*b"abc"], 6)
    assert received(deliver("+123", (length, octets), udh=True)).text == "abc"


# ------------------------------------------------------------------------------------------------- lengths


def test_surplus_octets_are_not_text() -> None:
    pdu = deliver("+123", body7("ok 42")) + "FFFF"
    assert (received(pdu).text, received(pdu).note) == ("ok 42", "")
    pdu = deliver("+123", body8("ok".encode("utf-16-be"), bytes.fromhex("0003AB0201")), udh=True, dcs=8) + "00410042"
    assert received(pdu).text == "ok"


@pytest.mark.parametrize("dcs", [0x00, 0x04, 0x08])
def test_a_body_that_is_cut_off_is_never_a_text(dcs: int) -> None:
    body = body7("ok 42 thanks") if dcs == 0 else body8("ok 42".encode("utf-16-be"))
    whole = deliver("+447700900123", body, dcs=dcs, scts=NOON)
    start = len(whole) - 2 * len(body[1])
    for end in range(start, len(whole), 2):
        message = received(whole[:end])
        assert message.text is None
        assert message.data == bytes.fromhex(whole[start:end])
        assert message.note.startswith("undecodable: body of")
        assert message.sender == "+447700900123"
        assert message.sent_at is not None


def test_the_sender_survives_every_cut_behind_it() -> None:
    whole = deliver("+447700900123", body7("ok 42"), smsc="+447785016005")
    sender_ends = 2 * (8 + 1 + 8)
    for end in range(0, len(whole), 2):
        if end < sender_ends:
            with pytest.raises(PduError):
                decode(whole[:end])
        else:
            message = received(whole[:end])
            assert (message.sender, message.text) == ("+447700900123", None)
            assert message.note.startswith("undecodable: ")
            assert message.smsc == "+447785016005"


@pytest.mark.parametrize("pdu", ["", " ", "0", "00", "0x", "07 91", "zz", "0004039", "00" * 513, "٠٠", "00é0"])
def test_what_is_no_pdu_is_refused(pdu: str) -> None:
    with pytest.raises(PduError):
        decode(pdu)


def test_white_space_around_the_hex_and_small_letters_are_harmless() -> None:
    assert received("\r\n " + deliver("+123", body7("hi")).lower() + "\r\n").text == "hi"


@pytest.mark.parametrize(("first", "error"), [(0x01, "message type 1"), (0x05, "message type 1")])
def test_a_submit_report_is_refused(first: int, error: str) -> None:
    with pytest.raises(PduError, match=error):
        decode(deliver("+123", body7("hi"), first=first))


def test_the_reserved_type_is_taken_for_a_deliver() -> None:
    assert received(deliver("+123", body7("hi"), first=0x03)).text == "hi"


@pytest.mark.parametrize(("pid", "note"), [(0x40, "type 0"), (0x7F, "for the SIM"), (0x00, ""), (0x41, "")])
def test_protocol_identifiers(pid: int, note: str) -> None:
    message = received(deliver("+123", body7("hi"), pid=pid))
    assert (message.pid, message.note, message.text) == (pid, note, "hi")


# ------------------------------------------------------------------------------------------------- times


@given(st.datetimes(FIRST, LAST), st.integers(-56, 56))
@examples(200)
def test_time_stamps_in_all_zones(local: datetime, quarters: int) -> None:
    fields = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    message = received(deliver("+123", body7("hi"), scts=stamp(*fields, quarters)))
    assert message.sent_at == at(*fields, east=timedelta(minutes=15 * quarters))


@pytest.mark.parametrize(
    "scts",
    [
        "00000000000000",
        "FFFFFFFFFFFFFF",
        stamp(2026, 13, 1, 0, 0, 0).hex(),
        stamp(2026, 2, 30, 0, 0, 0).hex(),
        stamp(2026, 1, 1, 24, 0, 0).hex(),
        stamp(2026, 1, 1, 0, 0, 60).hex(),
        stamp(2026, 1, 1, 0, 0, 0, 57).hex(),
        "62109A21000000",
        "621092210000F0",
    ],
)
def test_a_time_that_is_none_is_none(scts: str) -> None:
    message = received(deliver("+123", body7("hi"), scts=bytes.fromhex(scts)))
    assert (message.sent_at, message.text) == (None, "hi")


# ------------------------------------------------------------------------------------------------- status reports


@given(st.integers(0, 255), st.integers(0, 255), st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True))
def test_a_status_report(reference: int, status: int, recipient: str) -> None:
    done = stamp(2026, 3, 29, 12, 0, 7, -14)
    report = reported(status_report(reference, recipient, status, done=done))
    assert (report.reference, report.recipient, report.status) == (reference, recipient, status)
    assert report.sent_at == at(2026, 3, 29, 12, 0, 0)
    assert report.done_at == at(2026, 3, 29, 12, 0, 7, east=timedelta(minutes=-210))
    assert report.smsc == "+447785016005"


def test_the_tail_of_a_status_report_is_ignored() -> None:
    assert reported(status_report(1, "+123", 0, tail=bytes.fromhex("0700000441E19058"))).status == 0


def test_zero_times_cost_no_report() -> None:
    report = reported(status_report(1, "+123", 0x46, sent=bytes(7), done=bytes(7)))
    assert (report.status, report.sent_at, report.done_at) == (0x46, None, None)


def test_a_report_without_its_status_is_refused() -> None:
    whole = status_report(1, "+123", 0)
    for end in range(0, len(whole), 2):
        with pytest.raises(PduError):
            decode(whole[:end])
