"""Codes: short, far apart, none twice."""

from __future__ import annotations

import itertools

from gatewayd.oncall.codes import pool


def test_every_code_once_and_the_short_ones_first() -> None:
    codes = [code for code, _ in pool()]
    assert len(codes) == len(set(codes)) == 90 + 900 + 9000
    assert [len(code) for code in codes] == sorted(len(code) for code in codes)
    assert all(len(code) == digits and code[0] != "0" for code, digits in pool())


def test_neighbours_in_time_differ_in_more_than_one_digit() -> None:
    codes = [code for code, _ in pool()]
    for one, other in itertools.pairwise(codes):
        if len(one) == len(other):
            assert sum(a != b for a, b in zip(one, other, strict=True)) > 1, (one, other)
