"""A long text is put together as it was written, wherever it was cut."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.text import BASIC, EXTENSION, gsm7_part, gsm7_septets, gsm7_text, utf16_text, whole

SIGNS = st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=60)
GSM = st.text(st.sampled_from([*BASIC.replace("\x1b", ""), *EXTENSION.values()]), max_size=60)


def pieces(octets: bytes, cuts: list[int], unit: int) -> list[bytes]:
    places = sorted({0, len(octets), *(unit * (cut % (len(octets) // unit + 1)) for cut in cuts)})
    return [octets[start:end] for start, end in itertools.pairwise(places)]


@given(SIGNS, st.lists(st.integers(0, 1000), max_size=8))
def test_of_sixteen_bits(text: str, cuts: list[int]) -> None:
    parts = [utf16_text(piece, part=True) for piece in pieces(text.encode("utf-16-be"), cuts, 2)]
    assert whole("".join(parts)) == text
    for part in parts:
        part.encode("utf-8")  # a store takes it


@given(GSM, st.lists(st.integers(0, 1000), max_size=8))
def test_of_seven_bits(text: str, cuts: list[int]) -> None:
    septets = gsm7_septets(text)
    assert septets is not None
    assert whole("".join(map(gsm7_part, pieces(septets, cuts, 1)))) == text


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_whatever_comes_is_a_text(one: bytes, other: bytes) -> None:
    for joined in (whole(utf16_text(one, part=True) + utf16_text(other, part=True)), whole(gsm7_part(one))):
        joined.encode("utf-8")
    assert whole(gsm7_part(one)) == gsm7_text(one)
