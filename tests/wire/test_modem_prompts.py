"""Prompts of every shape, and the modem that prompts again after the text: what is written to it, when, and what is
said of the text's fate. Dialogue and AT core together, octet for octet.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.at import SECOND_PROMPT_WAIT_S, Urc
from gatewayd.wire.modem_errors import Verdict
from gatewayd.wire.modem_send import AFTER_ESCAPE_S, STUCK_ESCAPE_S, Manner, send_pdu
from gatewayd.wire.modem_steps import Escape, Interrupted, Listen, Step
from tests.wire.dialogue import Play
from tests.wire.over_octets import Line, Words

ESC = b"\x1b"
PDU = b"0011AABB\x1a"
COMMAND = b"AT+CMGF=0;+CMGS=9\r"
ASKED = (COMMAND, 0.1, b"\r\n> ")
AGAIN = (PDU, 0.1, b"\r\n> ")
GOOD = b"\r\n+CMGS: 5\r\n\r\nOK\r\n"


def send(line: Line, manner: Manner | None = None) -> Verdict:
    return line.run(send_pdu("0011AABB", 9, manner or Manner()))


def told(*words: tuple[bytes, float, bytes], portion: int = 1000) -> tuple[Line, Verdict]:
    line = Line(list(words), portion=portion)
    return line, send(line)


# -- prompts before the text ---------------------------------------------------------------------------------------

SHAPES = {
    "as the standard has it": b"\r\n> ",
    "without the space": b"\r\n>",
    "without a line before it": b"> ",
    "twice": b"\r\n> \r\n> ",
    "twice on one line": b"\r\n> > ",
    "behind news": b'\r\n+CMTI: "SM",3\r\n\r\n> ',
    "between news": b'\r\n+CMTI: "SM",3\r\n\r\n> \r\n^RSSI: 12\r\n',
    "with news on its line": b'\r\n> +CMTI: "SM",3\r\n',
    "behind news that was cut off": b"\r\n^RSS\xff\r\n> ",
    "with noise before and behind": b"\xff\xfe\r\n\0> \0\r\n\xa5\x80\r\n",
    "behind a header without its body": b"\r\n+CDS: 25\r\n\r\n> ",
}
ECHOES = {
    "glued to the echo": b"AT+CMGF=0;+CMGS=9> ",
    "glued to the echo, with a space": b"AT+CMGF=0;+CMGS=9 > ",
    "on the echo's line": b"AT+CMGF=0;+CMGS=9\r> ",
    "behind the echo": b"AT+CMGF=0;+CMGS=9\r\r\n> ",
    "before the echo": b"> AT+CMGF=0;+CMGS=9\r\r\n",
}


@pytest.mark.parametrize("portion", [1, 1000])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_prompt_is_seen_at_once(shape: str, portion: int) -> None:
    line, verdict = told((COMMAND, 0.1, SHAPES[shape]), (PDU, 3.0, GOOD), portion=portion)
    assert verdict == Verdict("accepted", reference="5")
    assert line.octets == COMMAND + PDU
    assert line.now == pytest.approx(3.1)


@pytest.mark.parametrize("portion", [1, 1000])
@pytest.mark.parametrize("shape", ECHOES)
def test_a_prompt_among_echoes_is_seen_at_once(shape: str, portion: int) -> None:
    line = Line([(COMMAND, 0.1, ECHOES[shape]), (PDU, 3.0, b"0011AABB\x1a" + GOOD)], portion=portion)
    assert send(line, Manner(echoes=True)) == Verdict("accepted", reference="5")
    assert line.octets == COMMAND + PDU
    assert line.now == pytest.approx(3.1)


OK = b"\r\nOK\r\n"
HUSHED = ((ESC, 0.1, OK), (b"ATE0\r", 0.1, b"ATE0\r" + OK), (b"AT+CMEE=1\r", 0.1, OK))
TOLD = Manner(notify=(2, 1, 0, 1, 0))


@pytest.mark.parametrize("shape", ["glued to the echo", "behind the echo"])
def test_an_echo_that_is_not_to_be_is_put_off_before_the_text(shape: str) -> None:
    asked = (b"AT+CNMI?\r", 0.1, b"\r\n+CNMI: 2,1,0,1,0\r\n" + OK)
    line = Line([(COMMAND, 0.1, ECHOES[shape]), *HUSHED, asked, ASKED, (PDU, 1.0, GOOD)])
    assert send(line, TOLD) == Verdict("accepted", reference="5")
    assert line.octets == COMMAND + ESC + b"ATE0\rAT+CMEE=1\rAT+CNMI?\r" + COMMAND + PDU


def test_with_an_echo_and_other_notifications_it_restarted_and_gets_no_text() -> None:
    asked = (b"AT+CNMI?\r", 0.1, b"\r\n+CNMI: 0,0,0,0,0\r\n" + OK)
    line = Line([(COMMAND, 0.1, ECHOES["behind the echo"]), *HUSHED, asked])
    verdict = send(line, TOLD)
    assert (verdict.fate, verdict.trouble) == ("deferred", "modem")
    assert line.octets == COMMAND + ESC + b"ATE0\rAT+CMEE=1\rAT+CNMI?\r"


def test_an_echo_that_stays_is_left_to_who_knows_the_modem() -> None:
    echoed = (COMMAND, 0.1, ECHOES["behind the echo"])
    line, verdict = told(echoed, *HUSHED, echoed, (ESC, 0.1, OK))
    assert (verdict.fate, verdict.trouble) == ("deferred", "modem")
    assert line.octets == COMMAND + ESC + b"ATE0\rAT+CMEE=1\r" + COMMAND + ESC


def test_a_damaged_echo_with_a_prompt_behind_it_costs_a_second_try_and_no_text() -> None:
    line, verdict = told(
        (COMMAND, 0.1, b"AT+C\xffS=9> "),
        (ESC, 0.1, b"\r\nOK\r\n"),
        (b"AT\r", 0.1, b"\r\nOK\r\n"),
        (b"AT+CMEE?\r", 0.1, b"\r\n+CMEE: 1\r\n\r\nOK\r\n"),
        (b"AT+CMGF=0\r", 0.1, b"\r\nOK\r\n"),
        (b"AT+CMGS=9\r", 0.1, b"\r\n> "),
        (PDU, 1.0, GOOD),
    )
    assert verdict.fate == "accepted"
    assert line.octets == COMMAND + ESC + b"AT\rAT+CMEE?\rAT+CMGF=0\rAT+CMGS=9\r" + PDU


# -- prompts after the text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("portion", [1, 1000])
@pytest.mark.parametrize("prompt", [b"\r\n> ", b"\r\n>", b"> ", b"\r\n> \r\n> ", b"0011AABB\x1a> ", b"\r\n\xff\r\n> "])
def test_a_prompt_after_the_text_is_left_when_nothing_else_comes(prompt: bytes, portion: int) -> None:
    line, verdict = told(ASKED, (PDU, 0.1, prompt), (ESC, 0.1, b"\r\nOK\r\n"), portion=portion)
    assert (verdict.fate, verdict.code, verdict.trouble) == ("uncertain", "interrupted", "modem")
    assert line.octets == COMMAND + PDU + ESC
    assert line.written[-1][0] == pytest.approx(0.2 + SECOND_PROMPT_WAIT_S), "it listened first"


def test_it_is_over_long_before_the_wait_for_an_answer_is() -> None:
    line, verdict = told(ASKED, AGAIN)
    assert (verdict.fate, verdict.code) == ("uncertain", "interrupted")
    assert line.now == pytest.approx(0.2 + SECOND_PROMPT_WAIT_S + STUCK_ESCAPE_S + AFTER_ESCAPE_S)
    assert line.now < 30 < Manner().submit_wait_s


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        (b"\r\nOK\r\n", "uncertain"),  # the same from a modem that gave up waiting for the network
        (b"\r\nERROR\r\n", "uncertain"),
        (b"\r\n+CME ERROR: 256\r\n", "uncertain"),
        (b"\r\n+CMS ERROR: 500\r\n", "uncertain"),
        (b"\r\n+CMS ERROR: 302\r\n", "uncertain"),
        (b"\r\n+CMS ERROR: 332\r\n", "uncertain"),
        (b"\r\n+CMS ERROR: 3\xb33\r\n", "uncertain"),  # damaged on its way
        (b"\r\n> ", "uncertain"),
        (b"\r\n+CMS ERROR: 304\r\n", "deferred"),
        (b"\r\n+CMS ERROR: 41\r\n", "deferred"),
        (b"\r\n+CMS ERROR: 331\r\n", "deferred"),
        (GOOD, "accepted"),
        (b"\r\n+CMGS: 5\r\n", "accepted"),
        (b"\r\n> \r\n^RSSI: 3\r\n" + GOOD, "accepted"),
    ],
)
def test_only_a_reason_or_a_reference_settles_it(said: bytes, fate: str) -> None:
    line, verdict = told(ASKED, AGAIN, (ESC, 0.1, said))
    assert verdict.fate == fate
    assert verdict.reference == ("5" if fate == "accepted" else None)
    assert line.octets.count(b"\x1a") == 1


def test_a_vendors_word_for_aborted_is_no_proof() -> None:
    line = Line([ASKED, AGAIN, (ESC, 0.1, b"\r\n+CMS ERROR: 512\r\n")])
    assert send(line, Manner(vendor="cinterion")).fate == "uncertain"


@pytest.mark.parametrize("after_s", [0.0, 4.0, 19.0])
@pytest.mark.parametrize(
    ("said", "fate"),
    [(GOOD, "accepted"), (b"\r\n+CMS ERROR: 1\r\n", "refused"), (b"\r\nOK\r\n", "uncertain")],
)
def test_a_modem_that_only_says_its_prompt_twice_is_let_be(after_s: float, said: bytes, fate: str) -> None:
    line, verdict = told(ASKED, AGAIN, (b"", after_s, said))
    assert verdict.fate == fate
    assert verdict.code != "interrupted"
    assert line.octets == COMMAND + PDU, "nothing is written into a submission"


@pytest.mark.parametrize("portion", [1, 1000])
@pytest.mark.parametrize(
    "said",
    [
        b"> 0011AABB\x1a\r\n",  # the line that it had been editing
        b"\r\n> \r\n0011AABB\x1a\r\n",
        b"> 0011A!BB\x1a\r\n",  # the same, damaged
        b"> 0011AA\r\n",
        b'\r\n+CUSD: 2,"Menu:\r\n> 1 balance\r\n> 2 bundles",15\r\n',
        b'\r\n+CMT: "+447700900123",,"26/11/22,10:00:00+00"\r\n> ok 42\r\n',
    ],
)
def test_an_echo_or_a_line_of_words_is_no_prompt_however_late_the_answer(said: bytes, portion: int) -> None:
    line, verdict = told(ASKED, (PDU, 0.1, said), (b"", 100.0, GOOD), portion=portion)
    assert verdict == Verdict("accepted", reference="5")
    assert line.octets == COMMAND + PDU


def test_a_prompt_behind_the_echo_of_the_text_is_a_new_one() -> None:
    line, verdict = told(ASKED, (PDU, 0.1, b"> 0011AABB\x1a\r\n\r\n> "), (ESC, 0.1, b"\r\nOK\r\n"))
    assert (verdict.fate, verdict.code) == ("uncertain", "interrupted")
    assert line.written[-1] == (pytest.approx(0.2 + SECOND_PROMPT_WAIT_S), ESC)


def test_news_meanwhile_is_heard_and_changes_nothing() -> None:
    news = b'\r\n+CMTI: "SM",3\r\n\r\n> \r\n+CREG: 2\r\n\r\n^RSSI: 3\r\n'
    line, verdict = told(ASKED, (PDU, 0.1, news), (ESC, 0.1, b"\r\nOK\r\n"))
    assert verdict.code == "interrupted"
    assert line.events == [Urc('+CMTI: "SM",3'), Urc("+CREG: 2"), Urc("^RSSI: 3")]
    assert line.written[-1][0] == pytest.approx(0.2 + SECOND_PROMPT_WAIT_S)


def test_one_prompt_after_the_other_does_not_put_it_off() -> None:
    storm: Words = [(b"", 1.0, b"\r\n> ") for _ in range(40)]
    line, verdict = told(ASKED, AGAIN, *storm)
    assert verdict.code == "interrupted"
    assert line.octets.startswith(COMMAND + PDU + ESC)
    assert line.written[2][0] == pytest.approx(0.2 + SECOND_PROMPT_WAIT_S)
    assert line.octets.count(b"\x1a") == 1


def test_a_wait_that_is_shorter_still_is_kept() -> None:
    line = Line([ASKED, AGAIN, (ESC, 0.1, b"\r\nOK\r\n")])
    assert send(line, Manner(submit_wait_s=5.0)).code == "interrupted"
    assert line.written[-1][0] == pytest.approx(5.1)


def test_a_reference_that_comes_after_the_ok_is_heard() -> None:
    line, verdict = told(ASKED, AGAIN, (ESC, 0.1, b"\r\nOK\r\n"), (b"", 0.5, GOOD))
    assert (verdict.fate, verdict.code) == ("uncertain", "interrupted")
    assert line.events == [Urc("+CMGS: 5")], "and settles the attempt as any late answer does"


def test_the_next_text_has_its_own_answer() -> None:
    words: Words = [ASKED, AGAIN, (ESC, 0.1, b"\r\nOK\r\n"), ASKED, (PDU, 3.0, b"\r\n+CMGS: 6\r\n\r\nOK\r\n")]
    line = Line(words)
    assert send(line).fate == "uncertain"
    began = line.now
    assert send(line) == Verdict("accepted", reference="6")
    assert line.now - began == pytest.approx(3.1)
    assert line.octets == COMMAND + PDU + ESC + COMMAND + PDU


@pytest.mark.parametrize(
    ("where", "on_escape", "fate"),
    [(Escape, None, "uncertain"), (Listen, "OK", "uncertain"), (Listen, "+CMGS: 5\nOK", "accepted")],
)
def test_the_line_ends_while_the_prompt_is_left(where: type[Step], on_escape: str | None, fate: str) -> None:
    play = Play({"AT+CMGF=0;+CMGS=9": ">"})
    play.on_submit, play.on_escape = ">", on_escape
    play.throw_at = lambda step: Interrupted("gone") if isinstance(step, where) else None
    assert play.run(send_pdu("0011AABB", 9, Manner())).fate == fate


# -- whatever the octets -------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [b"\r\n", b"> ", b">", b"\r\n> ", b"OK\r\n", b"\r\nERROR\r\n", GOOD, b"\r\n+CMGS: 5\r\n", b"0011AABB\x1a\r\n",
     b"0011AABB> ", b"\r\n+CMS ERROR: 304\r\n", b'\r\n+CMTI: "SM",3\r\n', b"\xff\xfe", b"\0", b"\r\n+CDS: 25\r\n", b"x"]
)  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from([0.1, 3.0, 15.0, 30.0]), st.lists(PIECES, max_size=4)), max_size=8),
    st.sampled_from([1, 3, 1000]),
)
def test_after_the_text_nothing_is_written_but_an_escape_that_was_waited_for(
    said: list[tuple[float, list[bytes]]], portion: int
) -> None:
    words: Words = [(PDU if i == 0 else b"", after_s, b"".join(pieces)) for i, (after_s, pieces) in enumerate(said)]
    line, verdict = told(ASKED, *words, portion=portion)
    after = line.octets.removeprefix(COMMAND + PDU)
    assert set(after) <= {0x1B}, "ESC or nothing"
    escapes = [at for at, data in line.written if data.startswith(ESC)]
    assert not escapes or escapes[0] >= 0.1 + SECOND_PROMPT_WAIT_S
    if verdict.fate == "accepted":
        assert b"+CMGS: 5" in b"".join(data for _, _, data in words)
    if verdict.code == "interrupted":
        assert escapes
    assert line.now < 300
