"""USSD: what is sent in which form, and what the answers of different makers say."""

from __future__ import annotations

from typing import TypeVar

import pytest

from gatewayd.text import gsm7_septets
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_steps import Dialogue
from gatewayd.wire.modem_ussd import Answer, Listener, ask, read_answer, release
from gatewayd.wire.septets import pack
from tests.wire.dialogue import Answer as Said
from tests.wire.dialogue import Play

T = TypeVar("T")


def play(dialogue: Dialogue[T], table: dict[str, Said | list[Said]]) -> tuple[T, list[str]]:
    modem = Play(table, default="ERROR")
    return modem.run(dialogue), modem.said


SAID = "Your balance is 5.20 GBP."


def packed(words: str) -> str:
    septets = gsm7_septets(words)
    assert septets is not None
    return pack(septets).hex().upper()


def wide(words: str) -> str:
    return words.encode("utf-16-be").hex().upper()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f'+CUSD: 0,"{SAID}",15', SAID),
        (f'+CUSD: 0,"{SAID}",0', SAID),
        (f'+CUSD:0,"{SAID}"', SAID),
        (f"+CUSD: 0,{SAID},15", SAID),
        (f'+CUSD: 0,"{packed(SAID)}",15', SAID),
        (f'+CUSD: 0,"{packed(SAID).lower()}",0', SAID),
        (f'+CUSD: 0,"{wide("Guthaben: 5,20 €")}",72', "Guthaben: 5,20 €"),
        (f'+CUSD: 0,"{wide("Guthaben: 5,20 €")}",15', "Guthaben: 5,20 €"),
        (f'+CUSD: 0,"{wide("Баланс: 100 руб")}",72', "Баланс: 100 руб"),
        ('+CUSD: 0,"He said "hi", then 5.00",15', 'He said "hi", then 5.00'),
        ('+CUSD: 0,"20261122",15', "20261122"),
        ('+CUSD: 0,"ABBA",15', "ABBA"),
    ],
)
def test_what_makers_write_is_one_sentence(line: str, words: str) -> None:
    assert read_answer(line) == Answer("over", words)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [("+CUSD: 2", "ended"), ("+CUSD: 4", "unsupported"), ("+CUSD: 5", "silent"), ("+CUSD: x", "unknown")],
)
def test_an_answer_without_words(line: str, meaning: str) -> None:
    assert read_answer(line) == Answer(meaning)  # type: ignore[arg-type]


def test_a_sentence_in_several_lines_is_put_together() -> None:
    listener = Listener()
    assert listener.hear("+CREG: 1") is None
    assert listener.hear('+CUSD: 1,"1 Balance') is None
    assert listener.hear("2 Top-up") is None
    assert listener.hear('3 Other",15') == Answer("asks", "1 Balance\n2 Top-up\n3 Other")
    assert listener.hear("2 Top-up") is None


def test_a_sentence_without_an_end_ends_at_its_limit() -> None:
    listener = Listener()
    heard = [listener.hear('+CUSD: 0,"for ever')] + [listener.hear("and ever") for _ in range(20)]
    assert [answer for answer in heard if answer] != []
    assert listener.hear("and ever") is None


def test_the_code_goes_plain_and_packed_to_a_huawei() -> None:
    answer, written = play(ask(Profile(), "*100#"), {'AT+CUSD=1,"*100#",15': "OK"})
    assert answer is None
    answer, written = play(ask(Profile(vendor="huawei"), "*100#"), {'AT+CUSD=1,"AA180C3602",15': "OK"})
    assert (answer, len(written)) == (None, 1)


def test_an_answer_before_the_ok_and_one_instead_of_it() -> None:
    table = {'AT+CUSD=1,"*100#",15': '+CUSD: 0,"1 pound\nand 5 p",15\nOK'}
    assert play(ask(Profile(), "*100#"), table)[0] == Answer("over", "1 pound\nand 5 p")
    assert play(ask(Profile(), "*100#"), {})[0] == Answer("unsupported")
    assert play(ask(Profile(), "*100#"), {'AT+CUSD=1,"*100#",15': None})[0] == Answer("silent")


def test_a_session_is_released() -> None:
    assert play(release(), {"AT+CUSD=2": "OK"})[1] == ["AT+CUSD=2"]
