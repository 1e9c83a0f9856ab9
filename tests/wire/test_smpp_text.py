"""Texts in SMPP: what goes out in which octets, and what comes in from them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.text import BASIC, EXTENSION, fit
from gatewayd.wire.smpp_octets import SmppError
from gatewayd.wire.smpp_pdu import DataMessage, Message
from gatewayd.wire.smpp_text import Content, Incoming, Long, letters_for, read_content, write_part, write_text
from gatewayd.wire.smpp_tlv import Tlv
from gatewayd.wire.udh import Concat
from tests.wire.tpdu_builder import codes

LONGS: list[Long] = ["udh8", "udh16", "sar", "payload"]


def as_message(content: Content) -> Message:
    return Message(
        esm_class=content.esm_class,
        data_coding=content.data_coding,
        short_message=content.short_message,
        tlvs=content.tlvs,
    )


def came(octets: bytes = b"", **fields: Any) -> Incoming:
    return read_content(Message(short_message=octets, **fields))


# -- out ---------------------------------------------------------------------------------------------------------------


def test_the_default_alphabet_has_one_septet_in_each_octet() -> None:
    (content,) = write_text("£5 [x] @€", reference=1)
    assert content == Content(0, 0, bytes(codes("£5 [x] @€")))


def test_other_letters_go_as_ucs2_with_the_high_octet_first() -> None:
    (content,) = write_text("ÐŁ 😀", reference=1)
    assert content == Content(8, 0, bytes.fromhex("00D0 0141 0020 D83D DE00"))


def test_latin_1_only_where_the_bureau_takes_it() -> None:
    assert write_text("Århus á", reference=1)[0].data_coding == 8
    assert write_text("Århus á", reference=1, latin1=True) == (Content(3, 0, b"\xc5rhus \xe1"),)


@pytest.mark.parametrize(
    ("default", "text", "content"),
    [
        ("latin1", "£5 {x} é", Content(0, 0, b"\xa35 {x} \xe9")),
        ("ascii", "5 {x}_@", Content(0, 0, b"5 {x}_@")),
        ("ascii", "£5", Content(8, 0, b"\0\xa3\x005")),
        ("latin1", "€5", Content(8, 0, b"\x20\xac\x005")),
    ],
)
def test_a_bureau_with_another_default_alphabet(default: Any, text: str, content: Content) -> None:
    assert write_text(text, reference=1, default=default) == (content,)


@pytest.mark.parametrize(
    ("text", "long", "sizes"),
    [
        ("x" * 160, "udh8", [160]),
        ("x" * 161, "udh8", [6 + 153, 6 + 8]),
        ("x" * 161, "udh16", [7 + 152, 7 + 9]),
        ("x" * 161, "sar", [152, 9]),
        ("ш" * 70, "udh8", [140]),
        ("ш" * 71, "udh8", [6 + 134, 6 + 8]),
        ("ш" * 71, "udh16", [7 + 132, 7 + 10]),
        ("x" * 152 + "€" + "y" * 10, "udh8", [6 + 152, 6 + 12]),
        ("ш" * 66 + "😀" + "ш" * 10, "udh8", [6 + 132, 6 + 24]),
    ],
    ids=["160", "161", "161 wide", "161 sar", "70", "71", "71 wide", "escape at the border", "pair at the border"],
)
def test_where_a_long_text_is_cut(text: str, long: Long, sizes: list[int]) -> None:
    assert [len(content.short_message) for content in write_text(text, reference=0x1234, long=long)] == sizes


def test_signs_that_the_bureaus_default_lacks_have_the_room_of_ucs2() -> None:
    sizes = [len(content.short_message) for content in write_text("€" * 100, reference=1, default="latin1")]
    assert sizes == [6 + 134, 6 + 66]
    assert [len(content.short_message) for content in write_text("é" * 70, reference=1, default="ascii")] == [140]


def test_what_turns_the_writing_around_does_not_widen_the_alphabet() -> None:
    assert write_text("x" * 150 + "\u202e", reference=1) == (Content(0, 0, b"x" * 150),)


def test_the_header_of_a_part() -> None:
    first, second = write_text("x" * 200, reference=0x1234)
    assert (first.esm_class, first.short_message[:6].hex()) == (0x40, "050003340201")
    assert second.short_message[:6].hex() == "050003340202"
    first, second = write_text("x" * 200, reference=0x1234, long="udh16")
    assert (first.esm_class, first.short_message[:7].hex()) == (0x40, "06080412340201")


def test_sar_parameters_come_without_a_header() -> None:
    _, second = write_text("x" * 200, reference=0x1234, long="sar")
    assert second.esm_class == 0
    assert second.tlvs == (Tlv(0x020C, b"\x12\x34"), Tlv(0x020E, b"\2"), Tlv(0x020F, b"\2"))


def test_message_payload_carries_a_long_text_whole() -> None:
    assert write_text("x" * 200, reference=1, long="payload") == (Content(0, 0, b"", (Tlv(0x0424, b"x" * 200),)),)
    assert write_text("short", reference=1, long="payload") == (Content(0, 0, b"short"),)


@pytest.mark.parametrize("long", ["udh8", "sar"])
def test_parts_that_the_house_has_cut_are_written_as_they_are(long: Long) -> None:
    cut = fit("disk [full] " * 20)
    parts = [
        write_part(segment, "gsm7", concat=Concat(7, 8, len(cut.segments), number), long=long)
        for number, segment in enumerate(cut.segments, 1)
    ]
    texts = [read_content(as_message(part)) for part in parts]
    assert "".join(text.text or "" for text in texts) == "disk [full] " * 20
    assert [(text.concat.reference, text.concat.number) for text in texts if text.concat] == [(7, 1), (7, 2)]


@pytest.mark.parametrize(
    ("segment", "letters", "fields", "reason"),
    [
        ("x" * 161, "gsm7", {}, "161 units, there is room for 160"),
        ("x" * 154, "gsm7", {"concat": Concat(1, 8, 2, 1)}, "room for 153"),
        ("x" * 153, "gsm7", {"concat": Concat(1, 16, 2, 1)}, "room for 152"),
        ("ш" * 71, "ucs2", {}, "71 units, there is room for 70"),
        ("ш", "gsm7", {}, "not in the GSM 7-bit alphabet"),
        ("ш", "latin1", {}, "cannot be written in latin1"),
        ("\ud83d", "ucs2", {}, "cannot be written"),
        ("x", "gsm7", {"concat": Concat(1, 8, 2, 3)}, "part 3 of 2"),
        ("x", "gsm7", {"concat": Concat(1, 8, 2, 3), "long": "sar"}, "part 3 of 2"),
        ("x", "gsm7", {"concat": Concat(1, 8, 2, 1), "long": "payload"}, "whole ones"),
        ("€", "gsm7", {"default": "latin1"}, "cannot be written in latin1"),
    ],
)
def test_what_does_not_fit_is_refused(segment: str, letters: Any, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(SmppError, match=reason):
        write_part(segment, letters, **fields)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("a\x07b", {}),
        ("\ud83d", {}),
        ("x" * 400, {"parts_max": 2}),
        ("á" * 400, {"latin1": True, "parts_max": 2}),
    ],
    ids=["empty", "control", "half a pair", "too long", "too long in latin-1"],
)
@pytest.mark.parametrize("long", LONGS)
def test_what_cannot_be_sent_is_refused(text: str, fields: dict[str, Any], long: Long) -> None:
    with pytest.raises(SmppError):
        write_text(text, reference=1, long=long, **fields)


# -- in ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "octets", "text"),
    [
        (0x00, bytes(codes("ok [42] £@é")), "ok [42] £@é"),
        (0x01, b"ok [42]", "ok [42]"),
        (0x03, b"\xa3 \xe9", "£ é"),
        (0x06, b"\xbf\xe0", "Пр"),
        (0x08, "ok 😀".encode("utf-16-be"), "ok 😀"),
        (0x08, b"\xff\xfeo\0k\0", "ok"),
        (0x08, b"\xfe\xff\0o\0k", "ok"),
        (0x08, b"\0o\0k\xd8\x3d", "ok\ufffd"),
        (0x08, b"\0o\0k\0", "ok\ufffd"),
        (0x10, bytes(codes("£")), "£"),
        (0x18, "ш".encode("utf-16-be"), "ш"),
        (0xF0, bytes(codes("£")), "£"),
        (0xF1, bytes(codes("£")), "£"),
        (0x03, b"a\0b", "a\ufffdb"),
    ],
    ids=lambda value: f"{value:02X}" if isinstance(value, int) else "",
)
def test_every_alphabet_is_read(coding: int, octets: bytes, text: str) -> None:
    assert came(octets, data_coding=coding).text == text


@pytest.mark.parametrize("coding", [0x02, 0x04, 0x05, 0x09, 0x0D, 0x0F, 0xF5, 0x14])
def test_what_is_no_text_is_kept_as_octets(coding: int) -> None:
    incoming = came(b"\1\2\3", data_coding=coding)
    assert (incoming.text, incoming.data) == (None, b"\1\2\3")
    assert incoming.notes


def test_a_flash_text_says_its_class() -> None:
    assert came(b"x", data_coding=0xF0).message_class == 0
    assert came(b"x", data_coding=0x11).message_class == 1
    assert came(b"x").message_class is None


def test_the_text_may_be_in_the_payload() -> None:
    assert came(tlvs=(Tlv(0x0424, b"ok 42"),)).text == "ok 42"
    assert read_content(DataMessage(tlvs=(Tlv(0x0424, b"\0o\0k"),), data_coding=8)).text == "ok"
    assert came().text == ""


def test_a_header_in_the_payload() -> None:
    incoming = read_content(DataMessage(esm_class=0x40, tlvs=(Tlv(0x0424, bytes.fromhex("050003340201") + b"ok"),)))
    assert (incoming.text, incoming.concat) == ("ok", Concat(0x34, 8, 2, 1))


def test_a_payload_that_is_cut_off_is_no_text() -> None:
    incoming = read_content(Message(rest=b"\x04\x24\x00\x10ok"))
    assert incoming.text is None
    assert incoming.notes == ("undecodable: message_payload is cut off",)


def test_parts_are_numbered_by_either_way_and_the_header_counts() -> None:
    sar = (Tlv(0x020C, b"\x12\x34"), Tlv(0x020E, b"\3"), Tlv(0x020F, b"\2"))
    assert came(b"x", tlvs=sar).concat == Concat(0x1234, 16, 3, 2)
    both = came(bytes.fromhex("06080400070201") + b"x", esm_class=0x40, tlvs=sar)
    assert both.concat == Concat(7, 16, 2, 1)
    assert came(b"x", tlvs=sar[:2]).concat is None
    assert came(b"x", tlvs=(*sar[:2], Tlv(0x020F, b"\4"))).concat is None
    assert came(b"x", tlvs=(*sar[:2], Tlv(0x020F, b"\0"))).concat is None


def test_a_header_longer_than_the_text_makes_it_undecodable() -> None:
    for octets in (b"", b"\x05\x00", b"\xff" * 10):
        incoming = came(octets, esm_class=0x40)
        assert incoming.text is None
        assert incoming.notes == ("undecodable: header longer than the text",)


@pytest.mark.parametrize("coding", [2, 4, 5, 9, 0x0B, 0xF4, 0xF5, 0xF7, 0xFF])
def test_words_that_are_called_octets_are_words(coding: int) -> None:
    incoming = came(b"ok 42", data_coding=coding)
    assert (incoming.text, incoming.data, incoming.notes) == ("ok 42", None, ("8-bit data",))


def test_ports_are_said() -> None:
    incoming = came(bytes.fromhex("060504158F0000") + b"\1", esm_class=0x40, data_coding=4)
    assert (incoming.data, incoming.ports, incoming.notes) == (b"\1", (0x158F, 0), ("binary port 5519",))


# -- chance ------------------------------------------------------------------------------------------------------------

gsm_signs = st.sampled_from(BASIC.replace("\x1b", "").replace("\r", "") + "".join(EXTENSION.values()).replace("\f", ""))
texts = st.text(gsm_signs, max_size=400).map("x.".__add__)  # nothing to be seen is refused; "x@y@" may be UCS-2
long_texts = st.text(gsm_signs | st.sampled_from("шЖ😀🇬🇧á"), max_size=900).map("x.".__add__)


@given(long_texts, st.sampled_from(LONGS), st.integers(0, 0xFFFF))
def test_a_text_in_parts_is_the_same_text_again(text: str, long: Long, reference: int) -> None:
    incoming = [read_content(as_message(content)) for content in write_text(text, reference=reference, long=long)]
    assert "".join(part.text or "" for part in incoming) == text
    if len(incoming) > 1:
        numbers = [part.concat for part in incoming if part.concat]
        assert [concat.number for concat in numbers] == list(range(1, len(incoming) + 1))
        assert {concat.reference for concat in numbers} == {reference & (0xFF if long == "udh8" else 0xFFFF)}


@given(texts, st.sampled_from(["gsm7", "latin1", "ascii"]), st.booleans())
def test_every_default_alphabet_reads_what_it_writes(text: str, default: Any, latin1: bool) -> None:
    letters = letters_for(text, default, latin1=latin1)
    contents = write_text(text, reference=1, default=default, latin1=latin1)
    assert {content.data_coding for content in contents} == {{"gsm7": 0, "latin1": 3, "ucs2": 8}[letters]}
    assert "".join(read_content(as_message(content), default).text or "" for content in contents) == text


@given(st.binary(max_size=254), st.integers(0, 255), st.sampled_from([0, 0x40]))
def test_any_octets_are_a_text_or_kept(octets: bytes, coding: int, esm: int) -> None:
    incoming = came(octets, data_coding=coding, esm_class=esm)
    assert (incoming.text is None) != (incoming.data is None)
    if incoming.text is not None:
        incoming.text.encode()
        assert "\0" not in incoming.text
