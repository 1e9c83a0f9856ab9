"""The send dialogue: what it says of the fate of a text, and what it never writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.at_lines import reference_of
from gatewayd.wire.modem_errors import Verdict
from gatewayd.wire.modem_send import Manner, judge, send_pdu
from gatewayd.wire.modem_steps import BeforeSubmit, Interrupted, NoAnswer, Submit, resync
from tests.wire.dialogue import Play

PROMPT = "AT+CMGF=0;+CMGS=9"
ALONE = "AT+CMGS=9"


def send(play: Play, manner: Manner | None = None) -> Verdict:
    return play.run(send_pdu("0011", 9, manner or Manner()))


def test_a_good_send() -> None:
    play = Play({PROMPT: ">"})
    verdict = send(play)
    assert (verdict.fate, verdict.reference) == ("accepted", "5")
    assert play.said == [PROMPT, "<0011>"]
    assert [type(step) for step in play.steps] == [Command, BeforeSubmit, Submit]


def test_withdrawn_while_the_prompt_was_awaited() -> None:
    play = Play({PROMPT: ">"})
    play.booked = False
    assert send(play).fate == "withdrawn"
    assert play.said[:2] == [PROMPT, "<ESC>"]
    assert "<0011>" not in play.said


def test_a_prompt_that_stays_away_is_asked_for_twice() -> None:
    play = Play({PROMPT: None, ALONE: ">"})
    assert send(play).fate == "accepted"
    assert play.said == [PROMPT, "<ESC>", "AT", "AT+CMEE?", "AT+CMGF=0", ALONE, "<0011>"]
    play = Play({PROMPT: None, ALONE: None})
    assert (send(play).fate, "<0011>" in play.said) == ("deferred", False)
    assert (play.said.count(PROMPT), play.said.count(ALONE)) == (1, 1)


@pytest.mark.parametrize("answer", ["ERROR", "OK", "+CMS ERROR: 303", "+CME ERROR: 3"])
def test_a_modem_that_wants_one_command_a_line_is_set_to_pdu_mode_before_each_text(answer: str) -> None:
    play, manner = Play({PROMPT: answer, ALONE: ">"}), Manner()
    assert send(play, manner).fate == "accepted"
    assert play.said == [PROMPT, "AT+CMGF=0", ALONE, "<0011>"]
    play.said.clear()
    assert send(play, manner).fate == "accepted"
    assert play.said == ["AT+CMGF=0", ALONE, "<0011>"], "it is not asked twice whether it takes two"


@pytest.mark.parametrize("prompts", [True, False])
@pytest.mark.parametrize("answer", ["ERROR", "+CMS ERROR: 310", None])
def test_without_pdu_mode_nothing_is_sent(answer: str | None, prompts: bool) -> None:
    play = Play({"AT+CMGF=0": answer, ALONE: ">"})
    assert send(play, Manner(one_line=False, prompts=prompts)).fate == "deferred"
    assert "<0011>" not in play.said


def test_a_refusal_of_both_forms_is_that_of_the_text_and_says_nothing_of_the_form() -> None:
    play, manner = Play({PROMPT: "+CMS ERROR: 331", ALONE: "+CMS ERROR: 331"}), Manner()
    assert (send(play, manner).code, manner.one_line) == ("cms 331", True)


def test_a_modem_that_has_died_before_the_prompt() -> None:
    play = Play(default=None)
    assert send(play).fate == "deferred"


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ("+CMGS: 5\nOK", "accepted"),
        ('+CMGS: 5,"26/11/22,10:00:00+00"\nOK', "accepted"),
        ("OK", "uncertain"),
        (None, "uncertain"),
        ("+CMS ERROR: 332", "uncertain"),
        ("+CMS ERROR: 1", "refused"),
        ("+CMS ERROR: 41", "deferred"),
        ("ERROR", "deferred"),
        ("+CMGS: 7\n+CMS ERROR: 500", "uncertain"),
        ("+CMGS: 7\n+CMS ERROR: 1", "uncertain"),
        ("+CMGS: 7\nERROR", "uncertain"),
    ],
)
def test_answers(answer: str | None, fate: str) -> None:
    play = Play({PROMPT: ">"})
    play.on_submit = answer
    assert send(play).fate == fate


def test_the_line_ends_before_and_after_the_pdu() -> None:
    for where, fate in ((Command, "deferred"), (BeforeSubmit, "deferred"), (Submit, "uncertain")):
        play = Play({PROMPT: ">"})
        play.throw_at = lambda step, where=where: Interrupted("gone") if isinstance(step, where) else None
        assert send(play).fate == fate


def test_an_error_instead_of_a_prompt() -> None:
    play = Play({PROMPT: "+CMS ERROR: 332", ALONE: "+CMS ERROR: 332"})
    assert send(play).fate == "deferred"
    assert not any(isinstance(step, BeforeSubmit) for step in play.steps)


def test_a_prompt_that_was_closed_meanwhile_means_not_sent() -> None:
    assert judge(Result(Kind.CLOSED), "").fate == "deferred"


def test_a_modem_without_prompts() -> None:
    play = Play()
    assert send(play, Manner(prompts=False)).fate == "accepted"
    assert [type(step) for step in play.steps] == [Command, BeforeSubmit, Submit]
    play = Play()
    play.booked = False
    assert send(play, Manner(prompts=False)).fate == "withdrawn"
    assert play.said == ["AT+CMGF=0"]


def test_references() -> None:
    said = ("+CMGS: 0", "+CMGS:255", "+CMGS: 65535", '+CMGS: 7,"x"', "+CMGS: x", "+CMGS: ")
    assert [reference_of(line) for line in said] == ["0", "255", "255", "7", None, None]


def test_after_a_late_answer_to_at_the_others_are_awaited() -> None:
    play = Play({"AT": [None, "OK"]})
    play.run(resync())
    assert play.said == ["AT", "<ESC>", "AT", "AT+CMEE?"]
    assert play.listened_s == 0.0, "the answer to that proves that no other is to come"


def test_a_modem_that_cannot_say_how_it_is_set_is_given_a_moment() -> None:
    play = Play({"AT": [None, "OK"], "AT+CMEE?": "ERROR", "AT+CMGF?": "ERROR"})
    play.run(resync())
    assert play.said == ["AT", "<ESC>", "AT", "AT+CMEE?", "AT+CMGF?"]
    assert play.listened_s == 1.0


def test_a_modem_that_answers_an_at_and_nothing_else_has_not_answered() -> None:
    """The OK was owed to somebody: what else is owed must not meet what comes next."""
    with pytest.raises(NoAnswer):
        Play({"AT": [None, "OK"], "AT+CMEE?": None, "AT+CMGF?": None}).run(resync())


@given(
    st.lists(st.sampled_from([">", "OK", "ERROR", None, "+CMS ERROR: 332"]), min_size=1, max_size=6),
    st.sampled_from(["+CMGS: 5\nOK", "OK", None, "ERROR", "+CMS ERROR: 513"]),
    st.booleans(),
    st.integers(0, 12),
)
def test_no_pdu_without_a_booking_and_no_claim_without_knowledge(
    answers: list[str | None], on_submit: str | None, booked: bool, interrupted_at: int
) -> None:
    play = Play({PROMPT: list(answers), "AT": list(answers)})
    play.booked, play.on_submit = booked, on_submit
    play.throw_at = lambda step: Interrupted("gone") if len(play.steps) == interrupted_at else None
    verdict = send(play)
    submits = [step for step in play.steps if isinstance(step, Submit)]
    assert len(submits) <= 1
    assert not submits or booked
    if verdict.fate in {"accepted", "uncertain"}:
        assert submits
    if verdict.fate == "withdrawn":
        assert not submits
