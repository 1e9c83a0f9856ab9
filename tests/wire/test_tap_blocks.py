"""Blocks of TAP: checksums that other programs computed, continuation, SUB pairs, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.tap_blocks import Page, PageError, blocks_of, checksum, octets_of, text_room
from gatewayd.wire.tap_settings import TapSettings
from tests.wire.tap_script import octets

LONG = TapSettings(blocks_max=9)


def page(text: str, settings: TapSettings = LONG, *, escapes: bool = True) -> tuple[bytes, ...]:
    return blocks_of(Page("k", "4711", text), settings, escapes=escapes)


def unframed(blocks: tuple[bytes, ...]) -> tuple[bytes, list[int]]:
    """The information in all blocks, and the terminators; each block is checked on the way."""
    info, ends = b"", []
    for block in blocks:
        assert block[:1] == b"\x02"
        assert block[-1:] == b"\r"
        assert checksum(block[:-4]) == block[-4:-1]
        info += block[1:-5]
        ends.append(block[-5])
    return info, ends


@pytest.mark.parametrize(
    ("text", "framed"),
    [
        ("", "<STX>4711<CR><CR><ETX>0><<CR>"),
        ("CRITICAL web1 down", "<STX>4711<CR>CRITICAL web1 down<CR><ETX>69><CR>"),
        ("two\nlines", "<STX>4711<CR>two<SUB>Jlines<CR><ETX>4<5<CR>"),
        ("a\r\nb\x1bc\x1ad", "<STX>4711<CR>a<SUB>M<SUB>Jb<SUB>[c<SUB>Zd<CR><ETX>42:<CR>"),
        ("~" * 60, "<STX>4711<CR>" + "~" * 60 + "<CR><ETX>>74<CR>"),
    ],
)
def test_blocks_as_others_compute_them(text: str, framed: str) -> None:
    assert page(text) == (octets(framed),)


def test_the_standard_s_own_checksum() -> None:
    assert checksum(octets("<STX>123<CR>ABC<CR><ETX>")) == b"17;"
    assert checksum(octets("<STX>HELLO <US>").replace(b"H", b"4711\rH")) == b"28?"


def test_a_text_of_244_fits_one_block_and_one_of_245_needs_two() -> None:
    assert [len(block) for block in page("x" * 244)] == [256]
    blocks = page("x" * 245)
    assert len(blocks) == 2
    info, ends = unframed(blocks)
    assert info == b"4711\r" + b"x" * 245 + b"\r"
    assert ends == [0x1F, 0x03]
    assert blocks[1][1:3] == b"x\r"  # no block of a lone CR


def test_a_terminal_that_wants_etb_for_us() -> None:
    settings = TapSettings(blocks_max=9, etb_for_us=True)
    assert unframed(page("x" * 300, settings))[1] == [0x17, 0x03]


def test_a_field_that_ends_with_its_block_ends_with_etb() -> None:
    settings = TapSettings(blocks_max=9, line_breaks="fields", info_octets_max=40)
    info, ends = unframed(page("x" * 34 + "\nnext", settings))
    assert info == b"4711\r" + b"x" * 34 + b"\rnext\r"
    assert ends == [0x17, 0x03]


@pytest.mark.parametrize(
    ("line_breaks", "escapes", "info"),
    [
        ("auto", True, b"4711\rone\x1aJtwo\r"),
        ("auto", False, b"4711\rone two\r"),
        ("escape", False, b"4711\rone\x1aJtwo\r"),
        ("fields", True, b"4711\rone\rtwo\r"),
        ("fields", False, b"4711\rone\rtwo\r"),
        ("space", True, b"4711\rone two\r"),
    ],
)
def test_line_breaks_as_the_bureau_wants_them(line_breaks: str, escapes: bool, info: bytes) -> None:
    settings = TapSettings(line_breaks=line_breaks)
    assert unframed(page("one\ntwo  \n", settings, escapes=escapes))[0] == info


def test_controls_that_cannot_be_escaped_are_left_out() -> None:
    assert unframed(page("a\x03b\x7fc\x04", escapes=False))[0] == b"4711\rabc\r"


@pytest.mark.parametrize(
    ("pager", "text"),
    [("", "x"), ("47 11", "x"), ("47\r11", "x"), ("9" * 33, "x"), ("４７", "x"), ("4711", "ä"), ("4711", "x" * 245)],
)
def test_what_cannot_be_written_is_refused_and_not_repeated(pager: str, text: str) -> None:
    with pytest.raises(PageError) as caught:
        blocks_of(Page("k", pager, text), TapSettings(), escapes=True)
    assert "4711" not in str(caught.value)


def test_pager_and_text_do_not_show_in_a_log() -> None:
    assert "4711" not in repr(Page("k", "4711", "secret"))
    assert "secret" not in repr(Page("k", "4711", "secret"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "a\rb"},
        {"password": "with space"},
        {"service": "PG"},
        {"service": "P\r1"},
        {"info_octets_max": 251},
        {"n1": 0},
        {"n2": -1},
        {"t3_s": 0.0},
    ],
)
def test_settings_that_would_break_the_framing(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError) as caught:
        TapSettings(**wrong)  # type: ignore[arg-type]
    assert "with space" not in str(caught.value)


ascii_text = st.text(st.characters(max_codepoint=0x7E), max_size=900)


@given(ascii_text, st.integers(40, 250), st.sampled_from(["auto", "escape", "fields", "space"]), st.booleans())
def test_every_text_comes_out_of_its_blocks_again(text: str, room: int, line_breaks: str, escapes: bool) -> None:
    settings = TapSettings(blocks_max=99, info_octets_max=room, line_breaks=line_breaks)  # type: ignore[arg-type]
    blocks = page(text, settings, escapes=escapes)
    info, ends = unframed(blocks)
    assert max(map(len, blocks)) <= room + 6
    assert ends[-1] == 0x03
    assert set(ends[:-1]) <= {0x17, 0x1F}
    for block in blocks:
        assert block[-6] != 0x1A, "a SUB pair over two blocks"
        assert not set(block[1:-5]) & {0x02, 0x03, 0x04, 0x17, 0x1B, 0x1F, 0x0A}
    if line_breaks == "escape":
        decoded = b"".join(
            bytes([pair[1] - 0x40]) if pair[:1] == b"\x1a" else pair
            for pair in (info[at : at + 1] if info[at] != 0x1A else info[at : at + 2] for at in _starts(info))
        )
        assert decoded == b"4711\r" + text.rstrip(" \n").encode() + b"\r"


def _starts(info: bytes) -> list[int]:
    starts, at = [], 0
    while at < len(info):
        starts.append(at)
        at += 2 if info[at] == 0x1A else 1
    return starts


@given(ascii_text, st.integers(1, 5), st.integers(40, 250))
def test_a_text_within_the_room_is_never_refused(text: str, blocks_max: int, info_octets_max: int) -> None:
    settings = TapSettings(blocks_max=blocks_max, info_octets_max=info_octets_max)
    room = text_room("4711", settings)
    while octets_of(text) > room:
        text = text[:-1]
    for escapes in (False, True):
        assert len(page(text, settings, escapes=escapes)) <= blocks_max
