"""What "did you mean" offers, wherever a name is not there."""

from __future__ import annotations

from gatewayd.near import CHARACTERS_MAX, did_you_mean, near


def test_the_likeliest_comes_first_as_it_is_written_and_capitals_do_not_count() -> None:
    known = ["Network", "networks-east", "db"]
    assert near("NETWRK", known) == ["Network", "networks-east"]
    assert near("netwrk", known, most=1) == ["Network"]
    assert did_you_mean("netwrk", known) == "; did you mean 'Network'?"


def test_what_is_like_none_or_far_too_long_gets_no_guess() -> None:
    assert near("printer", ["db"]) == []
    assert did_you_mean("printer", ["db"]) == ""
    assert did_you_mean("db" + "x" * CHARACTERS_MAX * 1_000, ["db"]) == ""
