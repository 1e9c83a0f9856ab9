"""SMS-SUBMIT: golden PDUs, round trips, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.text import BASIC, EXTENSION, fit
from gatewayd.wire.tp_time import validity_seconds
from gatewayd.wire.tpdu import Concat, PduError, decode_submit, encode_submit, validity_octet
from tests.chance import examples

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY

text_signs = st.one_of(
    st.sampled_from(BASIC.replace("\x1b", "").replace("\r", "") + "".join(EXTENSION.values())),
    st.characters(exclude_categories=["Cs", "Cc"]),
    st.sampled_from("🔥😀👍🏽\u200d\ufe0f\u0301🇬🇧"),
)
recipients = st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True)


# ------------------------------------------------------------------------------------------------- golden PDUs


def test_hellohello() -> None:
    """The example that every manual of a modem prints: no report, relative validity of 4 days (0xAA)."""
    pdu = encode_submit("+46708251358", "hellohello", alphabet="gsm7", validity_s=4 * DAY, report=False)
    assert pdu.hex == "0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
    assert pdu.tpdu_octets == 23


def test_without_validity_to_a_short_code_with_report() -> None:
    pdu = encode_submit("8085", "hi", alphabet="gsm7", validity_s=None, report=True)
    assert pdu.hex == "00" + "2100" + "04810858" + "0000" + "02" + "E834"
    assert pdu.tpdu_octets == 11


def test_ucs2_with_a_surrogate_pair() -> None:
    pdu = encode_submit("+447700900123", "Ж😀", alphabet="ucs2", validity_s=300, report=False)
    assert pdu.hex == "00" + "1100" + "0C91447700091032" + "0008" + "00" + "06" + "0416D83DDE00"


def test_a_part_with_an_8_bit_reference_has_one_fill_bit() -> None:
    pdu = encode_submit("+123", "A", alphabet="gsm7", concat=Concat(0xAB, 8, 2, 1), validity_s=None, report=False)
    assert pdu.hex == "00" + "4100" + "039121F3" + "0000" + "08" + "050003AB0201" + "82"


def test_a_part_with_a_16_bit_reference_has_no_fill_bits() -> None:
    pdu = encode_submit("+123", "A", alphabet="gsm7", concat=Concat(0xABCD, 16, 2, 1), validity_s=None, report=False)
    assert pdu.hex == "00" + "4100" + "039121F3" + "0000" + "09" + "060804ABCD0201" + "41"


@pytest.mark.parametrize(
    ("alphabet", "flash", "dcs"),
    [("gsm7", False, 0x00), ("gsm7", True, 0x10), ("ucs2", False, 0x08), ("ucs2", True, 0x18)],
)
def test_flash_is_class_0(alphabet: str, flash: bool, dcs: int) -> None:
    pdu = encode_submit(
        "1", "a", alphabet="gsm7" if alphabet == "gsm7" else "ucs2", validity_s=None, report=False, flash=flash
    )
    submit = decode_submit(pdu.hex)
    assert submit.dcs == dcs
    assert submit.message_class == (0 if flash else None)
    assert submit.note == ("class 0" if flash else "")


def test_replacing_and_rejecting_duplicates() -> None:
    pdu = encode_submit(
        "1", "a", alphabet="gsm7", validity_s=None, report=False, reject_duplicates=True, replace_type=3
    )
    submit = decode_submit(pdu.hex)
    assert submit.pid == 0x43
    assert submit.reject_duplicates
    assert not submit.report


# ------------------------------------------------------------------------------------------------- round trips


@given(
    text=st.text(text_signs, min_size=1, max_size=320),
    recipient=recipients,
    reference=st.integers(0, 0xFFFF),
    wide=st.booleans(),
    validity_s=st.none() | st.integers(1, 70 * WEEK),
    report=st.booleans(),
)
@examples(300)
def test_a_text_comes_back_from_its_parts(
    text: str, recipient: str, reference: int, wide: bool, validity_s: int | None, report: bool
) -> None:
    width = 16 if wide else 8
    fitted = fit(text + "!", segments_max=255, reference_bits=width)
    total = len(fitted.segments)
    joined = ""
    for number, segment in enumerate(fitted.segments, 1):
        concat = Concat(reference % (1 << width), width, total, number) if total > 1 else None
        pdu = encode_submit(
            recipient, segment, alphabet=fitted.alphabet, concat=concat, validity_s=validity_s, report=report
        )
        assert pdu.tpdu_octets == len(pdu.hex) // 2 - 1 <= 164
        submit = decode_submit(pdu.hex)
        assert (submit.recipient, submit.concat, submit.report) == (recipient, concat, report)
        assert (submit.data, submit.note, submit.smsc, submit.reference) == (None, "", "", 0)
        assert (submit.validity_s is None) == (validity_s is None)
        assert submit == decode_submit(pdu.hex[2:], with_smsc=False)
        assert submit.text is not None
        joined += submit.text
    if not fitted.altered:
        assert joined == text + "!"
    assert joined == "".join(fitted.segments)


@pytest.mark.parametrize("concat", [None, Concat(7, 8, 3, 2), Concat(0x107, 16, 3, 2)])
@pytest.mark.parametrize("last", "@x€")
def test_all_lengths_of_a_segment(last: str, concat: Concat | None) -> None:
    """The end of the last octet is where others lose an "@"."""
    room = 160 if concat is None else 153 if concat.width == 8 else 152
    for length in range(room - (last == "€")):
        text = "".join(BASIC[(at * 7 + length) % 27] for at in range(length)) + last
        pdu = encode_submit("+1", text, alphabet="gsm7", concat=concat, validity_s=None, report=False)
        assert decode_submit(pdu.hex).text == text


def test_every_sign_of_the_alphabet() -> None:
    text = BASIC.replace("\x1b", "") + "".join(EXTENSION.values())
    pdu = encode_submit("+1", text, alphabet="gsm7", validity_s=None, report=False)
    assert decode_submit(pdu.hex).text == text


# ------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "recipient",
    ["", "+", "1" * 21, "+" + "1" * 21, "+44 7700", "+44-7700", "*100#", "Alice", "²", "٣", "+٤٤", "12a", "++1", "1\n"],
)
def test_what_is_no_number_is_refused(recipient: str) -> None:
    with pytest.raises(PduError, match="is not a number"):
        encode_submit(recipient, "x", alphabet="gsm7", validity_s=None, report=False)


@pytest.mark.parametrize(
    ("alphabet", "concat", "sign", "room"),
    [
        ("gsm7", None, "x", 160),
        ("gsm7", None, "€", 80),
        ("gsm7", Concat(1, 8, 2, 1), "x", 153),
        ("gsm7", Concat(1, 16, 2, 1), "x", 152),
        ("ucs2", None, "Ж", 70),
        ("ucs2", None, "😀", 35),
        ("ucs2", Concat(1, 8, 2, 1), "Ж", 67),
        ("ucs2", Concat(1, 16, 2, 1), "Ж", 66),
    ],
)
def test_a_segment_that_is_too_long_is_refused(alphabet: str, concat: Concat | None, sign: str, room: int) -> None:
    kind = "gsm7" if alphabet == "gsm7" else "ucs2"
    pdu = encode_submit("1", sign * room, alphabet=kind, concat=concat, validity_s=None, report=False)
    assert decode_submit(pdu.hex).text == sign * room
    with pytest.raises(PduError, match="there is room for"):
        encode_submit("1", sign * (room + 1), alphabet=kind, concat=concat, validity_s=None, report=False)


def test_a_segment_that_the_alphabet_does_not_carry_is_refused() -> None:
    with pytest.raises(PduError, match="not in the GSM 7-bit alphabet"):
        encode_submit("1", "Ж", alphabet="gsm7", validity_s=None, report=False)
    with pytest.raises(PduError, match="half a surrogate pair"):
        encode_submit("1", "\ud83d", alphabet="ucs2", validity_s=None, report=False)


@pytest.mark.parametrize(
    "concat",
    [
        Concat(256, 8, 2, 1),
        Concat(-1, 8, 2, 1),
        Concat(65536, 16, 2, 1),
        Concat(1, 8, 2, 0),
        Concat(1, 8, 2, 3),
        Concat(1, 8, 256, 1),
        Concat(1, 8, 0, 0),
    ],
)
def test_impossible_parts_are_refused(concat: Concat) -> None:
    with pytest.raises(PduError):
        encode_submit("1", "x", alphabet="gsm7", concat=concat, validity_s=None, report=False)


@pytest.mark.parametrize("replace_type", [0, 8, -1])
def test_impossible_replace_types_are_refused(replace_type: int) -> None:
    with pytest.raises(PduError, match="replace type"):
        encode_submit("1", "x", alphabet="gsm7", validity_s=None, report=False, replace_type=replace_type)


# ------------------------------------------------------------------------------------------------- validity


@pytest.mark.parametrize(
    ("validity_s", "octet"),
    [
        (1, 0), (300, 0), (301, 1), (600, 1), (12 * HOUR, 143), (12 * HOUR + 1, 144), (DAY, 167), (DAY + 1, 168),
        (2 * DAY, 168), (2 * DAY + 1, 169), (30 * DAY, 196), (30 * DAY + 1, 197), (35 * DAY, 197), (35 * DAY + 1, 198),
        (441 * DAY, 255), (441 * DAY + 1, 255), (10**9, 255),
    ],
)  # fmt: skip
def test_validity_at_the_borders(validity_s: int, octet: int) -> None:
    assert validity_octet(validity_s) == octet


def test_validity_is_rounded_up_to_the_next_step() -> None:
    steps = [validity_seconds(octet) for octet in range(256)]
    assert steps == sorted(set(steps))
    for octet, seconds in enumerate(steps):
        assert validity_octet(seconds) == octet
        assert validity_octet(seconds - 1) == octet
        assert validity_octet(seconds + 1) == min(octet + 1, 255)


@pytest.mark.parametrize("validity_s", [0, -1, -86400])
def test_a_validity_that_is_over_is_refused(validity_s: int) -> None:
    with pytest.raises(PduError, match="already over"):
        validity_octet(validity_s)
    with pytest.raises(PduError, match="already over"):
        encode_submit("1", "x", alphabet="gsm7", validity_s=validity_s, report=False)


# ------------------------------------------------------------------------------------------------- stored drafts


@pytest.mark.parametrize(
    ("first", "validity", "expected"),
    [("01", "", None), ("11", "AA", 4 * DAY), ("19", "62309221000000", None), ("09", "40000000000000", None)],
)
def test_every_validity_format_is_stepped_over(first: str, validity: str, expected: int | None) -> None:
    submit = decode_submit("00" + first + "2A" + "039121F3" + "0000" + validity + "02E834")
    assert (submit.text, submit.validity_s, submit.reference, submit.recipient) == ("hi", expected, 0x2A, "+123")


def test_a_draft_without_a_recipient_is_read() -> None:
    assert decode_submit("0001000081000002E834").recipient == ""


def test_a_deliver_is_no_submit() -> None:
    with pytest.raises(PduError, match="not a SUBMIT"):
        decode_submit("0004039121F3000000000000000000" + "02E834")


def test_every_cut_of_a_submit_is_refused_or_said() -> None:
    whole = encode_submit("+447700900123", "disk full", alphabet="gsm7", validity_s=900, report=True).hex
    for end in range(0, len(whole), 2):
        try:
            submit = decode_submit(whole[:end])
        except PduError:
            assert end <= 2 * 14
        else:
            assert submit.text is None
            assert submit.note.startswith("undecodable: body of")
            assert submit.recipient == "+447700900123"
