"""What the terminal said stands in the reason, for whoever has nothing else to go by; and what must not stand there."""

from __future__ import annotations

import pytest

from gatewayd.wire.tap import Page
from tests.wire.tap_script import A_BLOCK, LOGON, Play

CUT = "<ESC><EOT><CR>"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("642 Strange thing happened<CR><RS><CR>", 'refused; it said "642 Strange thing happened"'),
        ("sorry<CR>599 Closed<CR><RS><CR>", 'refused; it said "599 Closed"'),
        ("<RS><CR>", "refused without a reason"),
        ("511 Invalid Pager ID<CR><RS><CR>", "unknown pager number"),
        (f"642 Strange thing<CR>{CUT}", 'the terminal ended the call; it said "642 Strange thing"'),
    ],
)
def test_an_answer_to_a_page(answer: str, reason: str) -> None:
    play = Play().run(LOGON, A_BLOCK, f"< {answer}").lose()
    assert play.verdicts["a"].reason == reason


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("< 511 unknown pager 4711<CR>", 'no answer to the page; it said "511 unknown pager ..."'),
        ("< 211 Page accepted<CR>", 'no answer to the page; it said "211 Page accepted"'),
        ("< 111 wait<CR>", "no answer to the page"),
        ("wait 0", "no answer to the page"),
    ],
)
def test_words_without_an_answer(said: str, reason: str) -> None:
    play = Play().run(LOGON, A_BLOCK, said, "wait 20", "> <EOT><CR>", f"< 115 Goodbye<CR>{CUT}")
    assert play.verdicts["a"].reason == reason
    play = Play().run(LOGON, A_BLOCK, said).lose()
    assert play.verdicts["a"].reason == reason.replace("no answer to the page", "the line was lost before the answer")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("> <CR>\nwait 20", "the terminal does not answer"),
        ("> <CR>\n< login:<CR>\nwait 20", 'no prompt (ID=) came; it said "login:"'),
        ("> <CR>\n< ID=<CR>\n> <ESC>PG1<CR>\nwait 10", "no answer to the logon"),
        ("> <CR>\n< ID=<CR>\n> <ESC>PG1<CR>\n< Hello?<CR>\nwait 10", 'no answer to the logon; it said "Hello?"'),
        (
            "> <CR>\n< ID=<CR>\n> <ESC>PG1<CR>\n< 110 1.8<CR><ACK><CR>\nwait 10",
            "the logon was taken, but no go-ahead (ESC [ p) followed",
        ),
        (
            f"> <CR>\n< ID=<CR>\n> <ESC>PG1<CR>\n< 116 closed for lunch<CR>{CUT}",
            'the terminal ended the call; it said "116 closed for lunch"',
        ),
        (f"> <CR>\n< ID=<CR>\n> <ESC>PG1<CR>\n< 509 Invalid password<CR>{CUT}", "the password is refused"),
        ("> <CR>\n< ID=<CR>\n> <ESC>PG1<CR>\n< Nobody<CR><RS><CR>", 'the logon is not accepted; it said "Nobody"'),
    ],
)
def test_how_far_a_call_came_that_let_nobody_in(script: str, reason: str) -> None:
    assert Play().run(script).lose().verdicts["a"].reason == reason


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("642 no pager 4711 here", '; it said "642 no pager ... here"'),
        ("642 call 02079460958 now", '; it said "642 call ... now"'),
        ("642 refused: CRITICAL db1 is down", ""),
        ("642 " + "x" * 200, '; it said "642 ' + "x" * 52 + '..."'),
    ],
)
def test_no_number_and_no_text_of_ours_is_repeated(line: str, words: str) -> None:
    page = Page("a", "4711", "42 CRITICAL db1 is down. Reply ok 42")
    play = Play((page,)).run(LOGON)
    play.written = b""
    play.run(f"< {line}<CR><RS><CR>").lose()
    assert play.verdicts["a"].reason == ("refused" + words if words else "refused without a reason")
