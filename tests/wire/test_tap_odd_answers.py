"""Answers of a terminal that nobody awaits, that lack their end, or that come to something else."""

from __future__ import annotations

import pytest

from gatewayd.wire.tap import Page
from tests.wire.tap_script import A_BLOCK, B_BLOCK, FIRST_PAGE, GOODBYE, LOGON, SECOND_PAGE, Play

BOTH = (FIRST_PAGE, SECOND_PAGE)
ACCEPTED = "< 211 ok<CR><ACK><CR>"


@pytest.mark.parametrize(
    ("answer", "fates"),
    [
        ("211 ok<CR><ACK>", {"a": "accepted", "b": "accepted"}),
        ("211 ok<ACK>", {"a": "accepted", "b": "accepted"}),
        ("<ACK>", {"a": "accepted", "b": "accepted"}),
        ("<RS>", {"a": "refused", "b": "accepted"}),
        ("511 unknown<RS>", {"a": "refused", "b": "accepted"}),
    ],
)
def test_an_answer_without_its_line_end_counts_when_nothing_follows_it(answer: str, fates: dict[str, str]) -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, f"< {answer}", "wait 10", B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == fates


def test_a_nak_without_its_line_end_has_the_block_again() -> None:
    assert Play().run(LOGON, A_BLOCK, "< <NAK>", "wait 10", A_BLOCK, ACCEPTED, GOODBYE).fates == {"a": "accepted"}


@pytest.mark.parametrize("noise", ["<ACK>x", "x<US><ACK>"])
def test_an_ack_among_noise_is_none(noise: str) -> None:
    assert Play().run(LOGON, A_BLOCK, f"< {noise}", "wait 10", GOODBYE).fates == {"a": "uncertain"}


# -- the second of two logons ------------------------------------------------------------------------------------------

TWO_LOGONS = """
> <CR>
< ID=<CR>
> <ESC>PG1<CR>
< ID=<CR>
wait 4
> <ESC>PG1<CR>
"""


@pytest.mark.parametrize("logon", ["110 1.8<CR><ACK><CR><ESC>[p<CR>", "<ACK><CR><ESC>[p<CR>"], ids=["1.8", "1.5"])
def test_the_answer_to_a_second_logon_is_none_to_a_page(logon: str) -> None:
    said = f"< {logon}"
    play = Play(BOTH).run(TWO_LOGONS, said, A_BLOCK, said, "< 511 unknown<CR><RS><CR>", B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "refused", "b": "accepted"}


def test_a_second_logon_that_is_not_answered_costs_no_page_with_a_code() -> None:
    play = Play(BOTH).run(
        TWO_LOGONS, "< 110 1.8<CR><ACK><CR><ESC>[p<CR>", A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, GOODBYE
    )
    assert play.fates == {"a": "accepted", "b": "accepted"}


def test_where_it_may_be_either_nobody_knows() -> None:
    play = Play().run(TWO_LOGONS, "< <ACK><CR><ESC>[p<CR>", A_BLOCK, "< <ACK><CR>", "wait 10", GOODBYE)
    assert play.fates == {"a": "uncertain"}


# -- an answer that nobody awaits -------------------------------------------------------------------------------


def test_an_rs_right_behind_the_ack_takes_the_page_back() -> None:
    glued = "< 211 ok<CR><ACK><CR>511 unknown<CR><RS><CR>"
    play = Play().run(LOGON, A_BLOCK, glued, GOODBYE)
    assert (play.fates, play.verdicts["a"].code) == ({"a": "refused"}, "511")


def test_an_ack_and_an_rs_without_a_reason_leave_a_doubt() -> None:
    play = Play().run(LOGON, A_BLOCK, "< 211 ok<CR><ACK><CR><RS><CR>", GOODBYE)
    assert play.fates == {"a": "uncertain"}


def test_an_rs_between_two_pages_takes_back_one_of_those_before_it() -> None:
    play = Play(BOTH, decides=False).run(LOGON)
    play.call.decide("a", go=True, now=play.now)
    play.pump()
    play.run(A_BLOCK, ACCEPTED, "< 511 unknown<CR><RS><CR>")
    play.call.decide("b", go=True, now=play.now)
    play.pump()
    play.run(B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "refused", "b": "accepted"}


def test_of_an_answer_too_many_and_a_refusal_nobody_knows_which_page_they_mean() -> None:
    third = Page("c", "4713", "third")
    play = Play((*BOTH, third)).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, "< 511 unknown<CR><RS><CR>")
    play.run("> <STX>4713<CR>third<CR><ETX>309<CR>", ACCEPTED, "> <EOT><CR>", ACCEPTED, "< <ESC><EOT><CR>")
    assert play.fates == {"a": "uncertain", "b": "refused", "c": "uncertain"}


def test_an_answer_that_is_said_twice_in_one_breath_is_one() -> None:
    twice = "< 211 ok<CR><ACK><CR>211 ok<CR><ACK><CR>"
    third = Page("c", "4713", "third")
    play = Play((*BOTH, third)).run(LOGON, A_BLOCK, twice, B_BLOCK, "< 511 unknown<CR><RS><CR>")
    play.run("> <STX>4713<CR>third<CR><ETX>309<CR>", twice, GOODBYE)
    assert play.fates == {"a": "accepted", "b": "refused", "c": "accepted"}


def test_a_terminal_may_acknowledge_our_goodbye() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, "< 511 unknown<CR><RS><CR>", "> <EOT><CR>")
    assert play.run("< <ACK><CR><ESC><EOT><CR>").fates == {"a": "accepted", "b": "refused"}


def test_an_answer_too_many_alone_takes_nothing_back() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, "> <EOT><CR>", ACCEPTED, "< <ESC><EOT><CR>")
    assert play.fates == {"a": "accepted", "b": "accepted"}
