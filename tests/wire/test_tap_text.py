"""What a pager shows of a text: never another text, never too long, and never letters on a numeric pager."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.latin import plain
from gatewayd.wire.tap_blocks import octets_of
from gatewayd.wire.tap_text import CHARS_MIN, Fit, TapTextError, alpha, marked, numeric


def test_a_short_text_is_sent_as_it_is() -> None:
    assert alpha("42 CRITICAL web1 down") == Fit(("42 CRITICAL web1 down",))
    assert alpha("x" * 240) == Fit(("x" * 240,))


def test_a_long_text_is_cut_and_says_so() -> None:
    assert alpha("one two three four five", chars_max=16) == Fit(("one two three...",), cut=True)


def test_a_page_that_is_cut_still_tells_how_to_answer() -> None:
    page = "47 CRITICAL db1: the disk is at 99 percent, the log of yesterday too. Reply ok 47"
    assert alpha(page, chars_max=50).texts == ("47 CRITICAL db1: the disk is at 99... Reply ok 47",)
    assert alpha(page, chars_max=40, parts_max=2).texts == (
        "1/2 47 CRITICAL db1: the disk is at 99",
        "2/2 percent, the log of y... Reply ok 47",
    )
    assert alpha(page, chars_max=20).texts == ("47 CRITICAL db1:...",)  # no room for both


def test_a_part_that_goes_again_has_room_to_say_so() -> None:
    text = " ".join(f"word{number}" for number in range(60))
    parts = alpha(text, chars_max=80, parts_max=9).texts
    assert all(octets_of(part) <= 74 for part in parts)
    assert marked(parts[1], "(rpt) ", part=2, parts=len(parts)) == parts[1].replace(" ", " (rpt) ", 1)
    assert marked(parts[1], "", part=2, parts=len(parts)) == parts[1]


def test_a_long_text_in_numbered_parts() -> None:
    text = "one two three four five six seven"
    assert alpha(text, chars_max=20, parts_max=3) == Fit(("1/3 one two three", "2/3 four five six", "3/3 seven"))
    assert alpha(text, chars_max=20, parts_max=2) == Fit(("1/2 one two three", "2/2 four five six..."), cut=True)


def test_letters_that_grow_are_counted_as_they_are_sent() -> None:
    assert alpha("ä" * 8, chars_max=16).cut is False
    assert alpha("ä" * 9, chars_max=16).texts == ("aeaeaeaeaeaea...",)


def test_nothing_to_show() -> None:
    for text in ("", "  \n", "\x07\u200b"):
        with pytest.raises(TapTextError, match="empty"):
            alpha(text)
    with pytest.raises(TapTextError, match="chars_max"):
        alpha("x", chars_max=CHARS_MIN - 1)


@pytest.mark.parametrize("text", ["42", "U42", "0123 456-789", "(1) 2*3", " 42 "])
def test_what_a_numeric_pager_shows(text: str) -> None:
    assert numeric(text) == text.strip()


@pytest.mark.parametrize("text", ["", "U", " - ", "42 down", "u42", "42\n43", "４２", "4²", "1.5", "9" * 21])
def test_a_numeric_pager_never_gets_what_it_cannot_show(text: str) -> None:
    with pytest.raises(TapTextError) as caught:
        numeric(text)
    assert "down" not in str(caught.value)


@given(st.text(st.characters(max_codepoint=0x2100), min_size=1, max_size=900), st.integers(16, 250), st.integers(1, 9))
def test_parts_fit_and_lose_nothing_that_is_not_told(text: str, chars_max: int, parts_max: int) -> None:
    shown = plain(text).text
    if not shown:
        return
    made = alpha(text, chars_max=chars_max, parts_max=parts_max)
    assert 1 <= len(made.texts) <= parts_max
    assert all(octets_of(part) <= chars_max for part in made.texts)
    if len(made.texts) == 1:
        bodies = list(made.texts)
    else:
        heads, bodies = zip(*((part[:4], part[4:]) for part in made.texts), strict=True)
        assert list(heads) == [f"{n}/{len(made.texts)} " for n in range(1, len(made.texts) + 1)]
    whole = re.sub(r"[ \n]", "", "".join(bodies))
    wanted = re.sub(r"[ \n]", "", shown)
    if made.cut:
        cuts = [at for at in range(len(whole)) if whole.startswith("...", at)]
        assert any(wanted.startswith(whole[:at]) and wanted.endswith(whole[at + 3 :]) for at in cuts)
    else:
        assert whole == wanted
