"""Strict in writing, lenient in reading: logons, noise, echo, parity, flow control, and patience."""

from __future__ import annotations

import pytest

from gatewayd.wire.tap import TapSettings
from gatewayd.wire.tap_parity import with_even_parity
from gatewayd.wire.tap_signs import Reader
from tests.wire.tap_script import A_BLOCK, B_BLOCK, FIRST_PAGE, GOODBYE, LOGON, SECOND_PAGE, Play, octets

ACCEPTED = "< 211 Page accepted<CR><ACK><CR>"
BOTH = (FIRST_PAGE, SECOND_PAGE)
WOKEN = "> <CR>\n< ID=\n> <ESC>PG1<CR>"


@pytest.mark.parametrize(
    "prompt",
    [
        "ID=",
        "ID=<CR>",
        "<CR><LF>ID=<CR><LF>",
        "id=",
        "Id= ",
        "Welcome to the bureau<CR><LF>114 Hello<CR><LF>ID=",
        "ENTER YOUR ID=",
        "~{}|<NUL><DEL><ETX>~ID=",
        "I<NUL>D<NUL>=",
        "<XON>ID=",
        "IID=",
        "x" * 400 + "ID=",
        "<STX>ID=",
        "<ESC>[2J<ESC>[1;1HID=",
        "<ACK><CR><NAK><CR>ID=",
    ],
)
def test_every_prompt(prompt: str) -> None:
    play = Play().run("> <CR>", f"< {prompt}", "> <ESC>PG1<CR>\n< 110 1.8<CR><ACK><CR>\n< <ESC>[p<CR>")
    assert play.run(A_BLOCK, ACCEPTED, GOODBYE).fates == {"a": "accepted"}


@pytest.mark.parametrize(
    "answer",
    [
        "110 1.8<CR><ACK><CR><ESC>[p<CR>",
        "<ACK><CR><ESC>[p<CR>",
        "<CR><ACK><CR><CR><ESC>[p<CR>",
        "<LF><ACK><LF><LF><ESC>[p<LF>",
        "<CR><LF><ACK><CR><LF><CR><LF><ESC>[p<CR><LF>",
        "110 1.8<CR>Thank you for calling<CR> 980 is a number<CR><ACK><CR>114 News<CR><ESC>[p<CR>",
        "<ESC>[p<CR>",  # the go-ahead instead of the ACK
        "<ACK><ESC>[p<CR>",  # glued
        "Hello<ACK><CR>there<ESC>[p",
        "<ESC>[P<CR>",
        "<CR>ID=<CR>ID=<CR>110 1.8<CR><ACK><CR><ESC>[p<CR>",  # asked again before it heard us
        "<ESC>PG1<CR>110 1.8<CR><ACK><CR><ESC>[p<CR>",  # it echoes
        "<ACK><CR><ACK><CR><ESC>[p<CR><ESC>[p<CR>",
    ],
)
def test_every_way_to_take_a_logon(answer: str) -> None:
    play = Play().run(WOKEN, f"< {answer}")
    assert play.run(A_BLOCK, ACCEPTED, GOODBYE).fates == {"a": "accepted"}
    assert play.over.ended == "done"


@pytest.mark.parametrize(
    "answer",
    [
        "211 ok<CR><ACK><CR>",
        "<ACK><CR>",
        "<ACK><LF>",
        "211 ok<ACK><CR>",
        "2<NUL>11 ok<DEL><CR><LF><LF><ACK><LF>",
        "111 please wait<CR>111 please wait<CR>211 ok<CR><ACK><CR>",
        "<STX>4711<CR>first<CR><ETX>314<CR>211 ok<CR><ACK><CR>",  # it echoes
        "<STX>4711<CR>511 is our code<CR><ETX>314<CR>211 ok<CR><ACK><CR>",
        "<STX>4711<CR>first<CR><ETX>511<CR><ACK><CR>",  # a checksum is no code
        "<STX>4711<CR>first<ACK><CR>",  # an echo that broke off
        "<RS>x<NAK>y<ACK><CR>",  # control octets with letters behind them are noise
        " 511 indented is text<CR><ACK><CR>",
        "5110 is no code<CR><ACK><CR>",
    ],
)
def test_every_way_to_take_a_page(answer: str) -> None:
    play = Play().run(LOGON, A_BLOCK, f"< {answer}", GOODBYE)
    assert play.fates == {"a": "accepted"}


@pytest.mark.parametrize(
    "noise",
    ["<ACK>", "<ACK>~", "x<ACK>{<CR>", "211 ok<CR>", "<ESC>[p<CR>", "ID=<CR>", "<EOT><CR>", "<XON>", "<ESC><ACK>{<CR>"],
)
def test_what_is_no_answer_to_a_page(noise: str) -> None:
    play = Play().run(LOGON, A_BLOCK, f"< {noise}")
    assert play.written == b""
    assert play.lose().fates == {"a": "uncertain"}


def test_an_answer_that_nobody_awaits_never_counts() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "< 211 ok<CR><ACK><CR><ACK><CR>211 ok<CR><ACK><CR>")
    play.run(B_BLOCK)
    assert play.lose().fates == {"a": "accepted", "b": "uncertain"}
    play = Play(decides=False).run(LOGON, "< 211 ok<CR><ACK><CR>")
    assert play.lose().fates == {"a": "deferred"}


def test_half_an_answer_from_before_the_block_is_none() -> None:
    play = Play(decides=False).run(LOGON, "< 211 ok<CR><ACK>")
    assert play.call.decide("a", go=True, now=play.now)
    play.pump()
    play.run(A_BLOCK, "< <CR>")
    assert play.lose().fates == {"a": "uncertain"}


def test_a_lone_start_of_text_is_no_echo_for_ever() -> None:
    play = Play().run(LOGON, A_BLOCK, "< <STX>" + "x" * 400 + "<CR>511 unknown<CR><RS><CR>", GOODBYE)
    assert play.verdicts["a"].code == "511"


def test_the_signs_of_one_read() -> None:
    def marks(named: str) -> list[str]:
        return [sign.text or sign.mark.value for sign in Reader().read(octets(named))]

    assert marks("211 ok  <CR><LF><ACK><CR>") == ["211 ok", "ack"]
    assert marks("<ACK><ESC><EOT><CR>") == ["esc eot"]
    assert marks("<ACK><NAK><CR>") == ["nak"]
    assert marks("<ACK><ESC>PG1<CR>x<CR>") == ["x"]
    assert marks("<ESC>[1p<ESC>[<CR>x<ESC><CR>") == ["x"]


def test_an_answer_before_the_block_has_left_is_none() -> None:
    play = Play(decides=False).run(LOGON)
    assert play.call.decide("a", go=True, now=play.now)
    play.call.receive(octets("211 ok<CR><ACK><CR>"), play.now)  # before anybody took the octets
    play.pump()
    assert play.lose().fates == {"a": "uncertain"}


def test_noise_is_counted() -> None:
    play = Play().run(LOGON, A_BLOCK, "< <ACK>~<ETB>", ACCEPTED, GOODBYE)
    assert (play.fates, play.over.noise_octets) == ({"a": "accepted"}, 2)


def test_parity_bits_are_no_matter() -> None:
    play = Play()
    for line in (LOGON + A_BLOCK + "\n" + ACCEPTED + GOODBYE).splitlines():
        if line.startswith(">"):
            play.expect(octets(line[2:]))
        elif line:
            play.say(with_even_parity(octets(line[2:])))
    assert play.fates == {"a": "accepted"}


def test_what_we_write_has_seven_bits_and_nothing_else() -> None:
    play = Play(BOTH)
    for line in (LOGON + ACCEPTED + "\n" + ACCEPTED + GOODBYE).splitlines():
        if line.startswith("<"):
            play.say(octets(line[2:]))
    assert max(play.written) < 0x80
    want = octets("<CR><ESC>PG1<CR>" + A_BLOCK[2:] + B_BLOCK[2:] + "<EOT><CR>")
    assert play.written == want


# -- waking and logon ---------------------------------------------------------------------------------------------


def test_a_terminal_is_woken_three_times_and_then_listened_to() -> None:
    play = Play().run("> <CR>", "wait 1.9")
    assert play.written == b""
    play.run("wait 0.1", "> <CR>", "wait 2", "> <CR>", "wait 7.9")
    assert play.call.next_deadline() is not None
    play.run("wait 0.2")
    assert (play.over.ended, play.fates, play.written) == ("silent", {"a": "deferred"}, b"")


def test_a_prompt_that_comes_again_after_the_last_cr() -> None:
    play = Play().run("> <CR>", "wait 2", "> <CR>", "wait 2", "> <CR>", "< I~D=", "wait 7.5", "< ID=", "> <ESC>PG1<CR>")
    assert play.call.next_deadline() is not None


def test_an_analogue_line_may_be_given_more_time() -> None:
    play = Play((FIRST_PAGE,), TapSettings(n1=20, t1_s=3.0))
    play.run(*["> <CR>", "wait 3"] * 19, "> <CR>\n< ID=\n> <ESC>PG1<CR>")


def test_the_password_is_written_and_never_shown() -> None:
    settings = TapSettings(password="s3cret")
    assert "s3cret" not in repr(settings)
    play = Play((FIRST_PAGE,), settings).run("> <CR>\n< ID=\n> <ESC>PG1s3cret<CR>")
    play.run("< <ESC>PG1s3cret<CR>PG1s3cret<CR>507 bad s3cret<CR>509 Invalid<CR><ESC><EOT><CR>")
    assert "s3cret" not in str(play.over.lines)
    assert "s3cret" not in repr(play.events)


@pytest.mark.parametrize(
    ("answer", "code", "after_s", "trouble"),
    [
        ("509 Invalid password<CR><ESC><EOT><CR>", "509", 900.0, "logon"),
        ("508 Invalid service<CR><ESC><EOT><CR>", "508", 900.0, "logon"),
        ("507 Invalid logon<CR><ESC><EOT><CR>", "507", 300.0, "logon"),
        ("<ESC><EOT><CR>", "esc eot", 5.0, "bureau"),
        ("516 quota<CR><ESC><EOT><CR>", "516", 900.0, "limit"),
        ("509 Invalid password<CR><NAK><CR>", "509", 900.0, "logon"),  # no use in a second try
        ("509 Invalid password<CR>ID=", "509", 900.0, "logon"),
        ("509 Invalid password<CR><RS><CR>", "509", 900.0, "logon"),
    ],
)
def test_a_logon_that_is_refused_is_the_channel_s_trouble(answer: str, code: str, after_s: float, trouble: str) -> None:
    play = Play(BOTH).run(WOKEN, f"< {answer}")
    assert (play.over.ended, play.written, play.asked) == ("refused", b"", [])
    for verdict in play.verdicts.values():
        assert (verdict.fate, verdict.scope) == ("deferred", "channel")
        assert (verdict.code, verdict.after_s, verdict.trouble) == (code, after_s, trouble)


@pytest.mark.parametrize("then", ["lost", "wait 10.1"], ids=["drops the line", "says no more"])
@pytest.mark.parametrize(
    ("answer", "code", "trouble"),
    [("509 Invalid password", "509", "logon"), ("508 no such service", "508", "logon"), ("516 quota", "516", "limit")],
)
def test_a_refusal_in_words_counts_though_no_goodbye_follows(then: str, answer: str, code: str, trouble: str) -> None:
    """To call again at once would be to hammer a password."""
    play = Play(BOTH).run(WOKEN, f"< {answer}<CR>")
    if then == "lost":
        play.lose()
    else:
        play.run(then)
    for verdict in play.verdicts.values():
        assert (verdict.fate, verdict.code, verdict.trouble) == ("deferred", code, trouble)


def test_a_terminal_that_says_why_and_drops_the_line_between_two_pages_is_heard() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "< 211 ok<CR><ACK><CR>", "> <STX>4712<CR>second<CR><ETX>369<CR>")
    play.run("< 516 quota for today<CR>")
    play.lose()
    assert play.fates["b"] == "uncertain", "its block was written whole"


def test_a_damaged_logon_is_written_again_but_not_for_ever() -> None:
    again = "< <NAK><CR>\n> <ESC>PG1<CR>"
    play = Play().run(WOKEN, again, again, again)
    play.run("< 110 1.8<CR><ACK><CR><ESC>[p<CR>", A_BLOCK)
    play = Play().run(WOKEN, again, again, again, "< <NAK><CR>")
    assert (play.over.ended, play.verdicts["a"].trouble) == ("refused", "logon")


def test_a_prompt_after_the_logon_is_answered_when_nothing_else_comes() -> None:
    play = Play().run(WOKEN, "< ID=", "wait 3.9")
    assert play.written == b""
    play.run("wait 0.2", "> <ESC>PG1<CR>", "< <ACK><CR><ESC>[p<CR>", A_BLOCK)


def test_a_logon_that_is_only_ever_asked_for_again() -> None:
    again = "< ID=\nwait 4\n> <ESC>PG1<CR>"
    play = Play().run(WOKEN, again, again, again, "< ID=\nwait 4")
    assert (play.over.ended, play.fates) == ("refused", {"a": "deferred"})


def test_a_word_that_holds_a_prompt_is_none() -> None:
    play = Play().run(WOKEN, "< 507 BAD ID=x<CR>", "wait 5")
    assert play.written == b""


def test_silence_after_the_logon() -> None:
    play = Play().run(WOKEN, "wait 10")
    assert (play.over.ended, play.written) == ("silent", b"")
    play = Play().run(WOKEN, "< <ACK><CR>", "wait 10", "> <EOT><CR>", "wait 10")
    assert (play.over.ended, play.fates) == ("silent", {"a": "deferred"})


@pytest.mark.parametrize("upto", ["> <CR>", WOKEN, WOKEN + "\n< <ACK><CR>", LOGON])
def test_a_terminal_that_hangs_up_at_any_step_before_a_page(upto: str) -> None:
    for play in (Play(decides=False).run(upto, "< <ESC><EOT><CR>"), Play(decides=False).run(upto).lose()):
        assert play.fates == {"a": "deferred"}
        assert play.written == b""


# -- time ---------------------------------------------------------------------------------------------------------


def test_please_wait_is_believed_only_so_often() -> None:
    play = Play().run(LOGON, A_BLOCK)
    for _ in range(6):
        play.run("wait 9", "< 111 please wait<CR>")
    assert play.written == b""
    play.run("wait 9", "< 111 please wait<CR>", "wait 1", "> <EOT><CR>")


def test_junk_does_not_put_off_the_end() -> None:
    play = Play().run(LOGON, A_BLOCK)
    for _ in range(20):
        play.run("wait 0.5", "< more and more words<CR>")
    play.run("> <EOT><CR>")


def test_a_slow_line_has_time_for_its_octets() -> None:
    play = Play(line_bps=300).run(LOGON, A_BLOCK)  # 16 octets: 0.53 s
    play.run("wait 10.4")
    assert play.written == b""
    play.run("wait 0.2", "> <EOT><CR>")


def test_the_deadline_is_where_it_is_said_to_be() -> None:
    play = Play().run(LOGON, A_BLOCK)
    assert play.call.next_deadline() == play.now + 10.0


# -- XON and XOFF -------------------------------------------------------------------------------------------------


def test_nothing_is_written_while_the_terminal_says_stop() -> None:
    play = Play().run(LOGON.replace("[p<CR>", "[p<CR><XOFF>"))
    assert play.written == b""
    play.run("wait 5", "< <XON>", A_BLOCK, "wait 9.9")
    assert play.written == b""
    play.run(ACCEPTED, GOODBYE)
    assert play.fates == {"a": "accepted"}


def test_a_stop_that_was_line_noise_passes() -> None:
    play = Play().run(LOGON.replace("[p<CR>", "[p<CR><XOFF>"), "wait 10", A_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "accepted"}


def test_a_page_held_back_to_the_end_was_not_sent() -> None:
    play = Play().run(LOGON.replace("[p<CR>", "[p<CR><XOFF>"))
    assert play.lose().fates == {"a": "deferred"}


def test_a_page_held_back_too_long_is_not_sent_any_more() -> None:
    play = Play((FIRST_PAGE,), TapSettings(xoff_s_max=60.0)).run(LOGON.replace("[p<CR>", "[p<CR><XOFF>"), "wait 15")
    play.run("< <XON>", GOODBYE)
    assert (play.fates, play.written) == ({"a": "deferred"}, b"")


def test_stop_and_go_for_ever_ends() -> None:
    play = Play().run(LOGON, A_BLOCK)
    for _ in range(400):
        if play.call.next_deadline() is not None:
            play.run("< <XOFF>", "wait 1", "< <XON>")
    assert play.fates == {"a": "uncertain"}
