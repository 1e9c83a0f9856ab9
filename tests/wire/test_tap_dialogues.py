"""Calls to a bureau from beginning to end: what is written, and what is said of each page."""

from __future__ import annotations

import pytest

from gatewayd.wire.tap import Page, TapCall, TapSettings
from gatewayd.wire.tap_codes import CODES, Verdict
from tests.wire.tap_script import A_BLOCK, B_BLOCK, FIRST_PAGE, GOODBYE, LOGON, SECOND_PAGE, Play, octets

ACCEPTED = "< 211 Page accepted<CR><ACK><CR>"
BOTH = (FIRST_PAGE, SECOND_PAGE)
LONG_PAGE = Page("long", "4711", "x" * 245)
MULTI = TapSettings(blocks_max=4)


def long_blocks() -> tuple[str, str]:
    return "> <STX>4711<CR>" + "x" * 244 + "<US>", "> <STX>x<CR><ETX>08:<CR>"


def test_one_page() -> None:
    play = Play().run(LOGON, A_BLOCK, ACCEPTED, GOODBYE)
    assert play.verdicts["a"] == Verdict("accepted", "page sent", "211", lines=("211 Page accepted",))
    assert (play.over.ended, play.over.version) == ("done", (1, 8))
    assert play.over.lines == ("110 1.8", "115 Goodbye")
    assert play.written == b""


def test_two_pages_in_one_call() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "accepted", "b": "accepted"}
    assert play.asked == ["a", "b"]


def test_an_unknown_pager_does_not_stop_the_next_one() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "< 511 Invalid Pager ID<CR><RS><CR>", B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "refused", "b": "accepted"}
    assert (play.verdicts["a"].code, play.verdicts["a"].scope) == ("511", "recipient")


def test_a_damaged_block_goes_again_and_nobody_is_asked_again() -> None:
    nak = "< 514 Checksum error<CR><NAK><CR>"
    play = Play().run(LOGON, A_BLOCK, nak, A_BLOCK, nak, A_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "accepted"}
    assert play.asked == ["a"]


def test_a_line_that_damages_everything_is_left() -> None:
    nak = "< <CR><NAK><CR>"
    play = Play(BOTH).run(LOGON, *[A_BLOCK, nak] * 4, GOODBYE)
    assert play.fates == {"a": "deferred", "b": "deferred"}
    assert {verdict.trouble for verdict in play.verdicts.values()} == {"line"}
    assert play.asked == ["a"]


def test_a_terminal_from_before_1_6() -> None:
    play = Play().run("> <CR>\n< ID=\n> <ESC>PG1<CR>\n< <CR><ACK><CR>\n< <ESC>[p<CR>", A_BLOCK)
    play.run("< <CR><ACK><CR>\n> <EOT><CR>\n< <ESC><EOT><CR>")
    assert play.verdicts == {"a": Verdict("accepted", "", "ack")}
    assert play.over.version is None


def test_a_text_of_several_lines_is_escaped_only_where_that_is_known() -> None:
    lines = Page("a", "4711", "two\nlines")
    Play((lines,)).run(LOGON, "> <STX>4711<CR>two<SUB>Jlines<CR><ETX>4<5<CR>")
    Play((lines,)).run(LOGON.replace("110 1.8", "110 1.5"), "> <STX>4711<CR>two lines<CR><ETX>")
    Play((lines,)).run(LOGON.replace("110 1.8", "Hello"), "> <STX>4711<CR>two lines<CR><ETX>")


def test_a_long_page_over_two_blocks() -> None:
    first, second = long_blocks()
    play = Play((LONG_PAGE,), MULTI).run(LOGON, first)
    play.written = b""
    play.run("< 211 Block accepted<CR><ACK><CR>", second, ACCEPTED, GOODBYE)
    assert play.fates == {"long": "accepted"}
    assert play.asked == ["long"]


def test_only_the_damaged_block_of_a_long_page_goes_again() -> None:
    first, second = long_blocks()
    play = Play((LONG_PAGE,), MULTI).run(LOGON, first)
    play.written = b""
    play.run("< <ACK><CR>", second, "< <NAK><CR>", second, "< <ACK><CR>", GOODBYE)
    assert play.fates == {"long": "accepted"}


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ("511 unknown<CR><RS><CR>", "refused"),
        ("<RS><CR>", "refused"),
        ("<ESC><EOT><CR>", "deferred"),
        ("501 slow<CR><ESC><EOT><CR>", "deferred"),
        (None, "deferred"),
    ],
)
def test_a_long_page_that_ends_before_its_last_block_was_never_sent(answer: str | None, fate: str) -> None:
    play = Play((LONG_PAGE, FIRST_PAGE), MULTI).run(LOGON)
    play.written = b""
    play.run(f"< {answer}") if answer else play.lose()
    if answer and "RS" in answer:
        play.run(A_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates["long"] == fate


def test_a_long_page_whose_first_block_is_not_answered_was_never_sent() -> None:
    play = Play((LONG_PAGE, FIRST_PAGE), MULTI).run(LOGON, "wait 10", "wait 10")
    assert play.fates == {"long": "deferred", "a": "deferred"}
    assert play.asked == ["long"]


def test_half_a_page_in_the_terminal_does_not_get_mixed_with_the_next_one() -> None:
    play = Play((LONG_PAGE, FIRST_PAGE), MULTI).run(LOGON, "< <ACK><CR>")
    play.written = b""
    play.run("< 512 later<CR><NAK><CR>", GOODBYE)
    assert play.fates == {"long": "deferred", "a": "deferred"}


def test_a_page_that_is_too_long_for_this_terminal_is_refused_unasked() -> None:
    play = Play((LONG_PAGE, FIRST_PAGE)).run(LOGON, A_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"long": "refused", "a": "accepted"}
    assert play.asked == ["a"]


def test_a_call_without_pages_tries_the_line() -> None:
    assert Play(()).run(LOGON, GOODBYE).over.ended == "done"


# -- what a call takes --------------------------------------------------------------------------------------------


def test_no_more_pages_than_a_call_takes() -> None:
    play = Play(BOTH, TapSettings(pages_max=1)).run(LOGON, A_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "accepted", "b": "deferred"}
    assert (play.verdicts["b"].after_s, play.verdicts["b"].trouble) == (0.0, "limit")


def test_no_page_is_begun_late_in_a_call() -> None:
    play = Play(BOTH, TapSettings(call_s_max=5.0)).run(LOGON, A_BLOCK, "wait 6", ACCEPTED, GOODBYE)
    assert play.fates == {"a": "accepted", "b": "deferred"}


def test_a_terminal_that_takes_no_more_is_believed() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "< 211 ok<CR>112 Maximum pages<CR><ACK><CR>", GOODBYE)
    assert play.fates == {"a": "accepted", "b": "deferred"}
    assert play.over.pages_max == 1


def test_a_terminal_that_ends_the_session_in_the_middle() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, "< 112 Maximum pages<CR><ESC><EOT><CR>")
    assert play.fates == {"a": "accepted", "b": "deferred"}
    assert (play.over.ended, play.over.pages_max) == ("cut", 1)
    assert play.written == b"", "the modem would read it as a command"


def test_the_time_of_a_session_teaches_nothing_about_pages() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, "< 113 Maximum time<CR><ESC><EOT><CR>")
    assert play.over.pages_max is None
    assert play.verdicts["b"].code == "113"
    play = Play(BOTH).run(LOGON, A_BLOCK, "< 211 ok<CR>113 Maximum time<CR><ACK><CR>", GOODBYE)
    assert (play.fates, play.over.pages_max) == ({"a": "accepted", "b": "deferred"}, None)


def test_a_page_may_join_a_call_and_come_first() -> None:
    play = Play(()).run("> <CR>\n< ID=\n> <ESC>PG1<CR>")
    assert play.call.add(FIRST_PAGE)
    assert play.call.add(SECOND_PAGE, first=True)
    play.run("< <ACK><CR><ESC>[p<CR>", B_BLOCK, ACCEPTED, A_BLOCK, ACCEPTED)
    assert not play.call.add(Page("c", "1", "late"))
    play.run(GOODBYE)
    assert list(play.fates) == ["b", "a"]


def test_a_key_is_one_page() -> None:
    with pytest.raises(ValueError, match="key"):
        Play((FIRST_PAGE, FIRST_PAGE))


# -- law 6 --------------------------------------------------------------------------------------------------------


def test_nothing_of_a_page_goes_out_before_the_leave() -> None:
    for page, settings in ((FIRST_PAGE, TapSettings()), (LONG_PAGE, MULTI)):
        play = Play((page,), settings, decides=False).run(LOGON)
        assert play.asked == [page.key]
        assert play.written == b""
        assert play.call.decide(page.key, go=True, now=play.now)
        assert play.call.data_to_send().startswith(b"\x024711\r")


def test_a_page_that_is_withdrawn_is_not_sent_and_the_call_goes_on() -> None:
    play = Play(BOTH, withheld={"a"}).run(LOGON, B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "withdrawn", "b": "accepted"}
    assert Play(withheld={"a"}).run(LOGON, GOODBYE).fates == {"a": "withdrawn"}


def test_withdrawn_pages_take_no_room_in_the_call() -> None:
    play = Play(BOTH, TapSettings(pages_max=1), withheld={"a"}).run(LOGON, B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "withdrawn", "b": "accepted"}


def test_a_leave_that_comes_too_late_sends_nothing() -> None:
    play = Play(BOTH, decides=False).run(LOGON, "wait 4")
    assert not play.call.decide("a", go=True, now=play.now)
    play.run(GOODBYE)
    assert play.fates == {"a": "deferred", "b": "deferred"}
    assert not play.call.decide("a", go=True, now=play.now)


def test_a_leave_for_another_page_sends_nothing() -> None:
    play = Play(BOTH, decides=False).run(LOGON)
    assert not play.call.decide("b", go=True, now=play.now)
    assert play.call.data_to_send() == b""


def test_the_line_goes_while_the_leave_is_awaited() -> None:
    play = Play(BOTH, decides=False).run(LOGON).lose()
    assert play.fates == {"a": "deferred", "b": "deferred"}
    assert not play.call.decide("a", go=True, now=play.now)


# -- answers to the last block ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "fate", "code", "scope"),
    [
        ("<ACK>", "accepted", "ack", "message"),
        ("211 ok<CR><ACK>", "accepted", "211", "message"),
        ("212 cut<CR><ACK>", "accepted", "212", "message"),
        ("213 later<CR><ACK>", "accepted", "213", "message"),
        ("214 80 characters<CR><ACK>", "accepted", "214", "message"),
        ("299 new<CR><ACK>", "accepted", "299", "message"),
        ("114 news<CR>211 ok<CR><ACK>", "accepted", "211", "message"),
        ("511 but<CR><ACK>", "uncertain", "511", "message"),
        ("211 but<CR><RS>", "uncertain", "211", "message"),
        ("211 but<CR><ESC><EOT>", "uncertain", "211", "message"),
        ("<RS>", "refused", "rs", "message"),
        ("504 tone only<CR><RS>", "refused", "504", "message"),
        ("505 numeric<CR><RS>", "refused", "505", "message"),
        ("510 illegal<CR><RS>", "refused", "510", "recipient"),
        ("511 unknown<CR><RS>", "refused", "511", "recipient"),
        ("512 later<CR><RS>", "deferred", "512", "recipient"),
        ("512 later<CR><NAK>", "deferred", "512", "recipient"),
        ("513 long<CR><RS>", "refused", "513", "message"),
        ("515 format<CR><RS>", "refused", "515", "message"),
        ("516 quota<CR><RS>", "deferred", "516", "channel"),
        ("517 80 characters<CR><RS>", "refused", "517", "message"),
        ("599 new<CR><RS>", "refused", "599", "message"),
        ("<ESC><EOT>", "deferred", "esc eot", "channel"),
        # it waited for us after the last block: it may have taken the page, and the line have lost its ACK
        ("501 slow<CR><ESC><EOT>", "uncertain", "501", "message"),
        ("503 damaged<CR><ESC><EOT>", "deferred", "503", "channel"),
        ("506 invalid<CR><ESC><EOT>", "deferred", "506", "channel"),
        ("509 password<CR><ESC><EOT>", "deferred", "509", "channel"),
    ],
)
def test_each_answer(answer: str, fate: str, code: str, scope: str) -> None:
    play = Play().run(LOGON, A_BLOCK, f"< {answer}<CR>")
    if play.call.next_deadline() is not None:
        play.run(GOODBYE)
    verdict = play.verdicts["a"]
    assert (verdict.fate, verdict.code, verdict.scope) == (fate, code, scope)


def test_every_code_of_the_standard_is_known() -> None:
    assert sorted(CODES) == [*range(110, 116), *range(211, 215), *range(501, 518)]


def test_what_the_bureau_did_to_the_text() -> None:
    def verdict(answer: str) -> Verdict:
        return Play().run(LOGON, A_BLOCK, f"< {answer}<CR>", GOODBYE).verdicts["a"]

    assert verdict("214 80 characters maximum, truncated<CR><ACK>").chars_max == 80
    assert verdict("214 80 characters maximum, truncated<CR><ACK>").truncated
    assert verdict("517 120, rejected<CR><RS>").chars_max == 120
    assert verdict("517 too long<CR><RS>").chars_max is None
    assert verdict("213 held<CR><ACK>").held


def test_a_block_that_is_not_understood_goes_again_once() -> None:
    nak = "< 515 format<CR><NAK><CR>"
    play = Play(BOTH).run(LOGON, A_BLOCK, nak, A_BLOCK, nak, B_BLOCK, ACCEPTED, GOODBYE)
    assert play.fates == {"a": "refused", "b": "accepted"}


def test_a_quota_that_is_used_up_ends_the_call() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "< 516 quota<CR><RS><CR>", GOODBYE)
    assert play.fates == {"a": "deferred", "b": "deferred"}
    assert play.verdicts["b"].after_s == 900.0
    assert play.asked == ["a"]


# -- no answer ----------------------------------------------------------------------------------------------------


def test_a_page_without_an_answer_is_uncertain_and_is_not_written_again() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "wait 10", "> <EOT><CR>", "wait 11")
    assert play.fates == {"a": "uncertain", "b": "deferred"}
    assert play.over.ended == "silent"
    assert play.written == b""


@pytest.mark.parametrize(
    ("late", "fate"),
    [
        ("211 ok<CR><ACK><CR>", "accepted"),
        ("<ACK><CR>", "uncertain"),  # it may answer the EOT
        ("511 unknown<CR><RS><CR>", "refused"),
        ("514 damaged<CR><NAK><CR>", "deferred"),
        ("<NAK><CR>", "uncertain"),
        ("115 bye<CR>", "uncertain"),
    ],
)
def test_an_answer_that_comes_late_still_tells(late: str, fate: str) -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "wait 10", "> <EOT><CR>", f"< {late}<ESC><EOT><CR>")
    assert play.fates == {"a": fate, "b": "deferred"}


def test_the_code_came_in_time_and_the_ack_late() -> None:
    play = Play().run(LOGON, A_BLOCK, "< 211 ok<CR>", "wait 10", "< <ACK><CR>", "> <EOT><CR>", "< <ESC><EOT><CR>")
    assert play.fates == {"a": "accepted"}


def test_rather_two_pages_than_a_late_one_if_the_operator_wants_it_so() -> None:
    settings = TapSettings(resend_unanswered=True)
    play = Play(BOTH, settings).run(LOGON, A_BLOCK, "wait 10", A_BLOCK, ACCEPTED, GOODBYE)
    # the first copy's answer may still come, and must not count for the second page
    assert play.fates == {"a": "accepted", "b": "deferred"}
    play = Play((FIRST_PAGE,), settings).run(LOGON, *[A_BLOCK, "wait 10"] * 4, "> <EOT><CR>", "wait 10")
    assert play.fates == {"a": "uncertain"}


@pytest.mark.parametrize(
    ("answer", "fate"), [("<RS>", "uncertain"), ("512 x<CR><RS>", "uncertain"), ("511 x<CR><RS>", "refused")]
)
def test_a_refused_copy_says_little_of_the_first_one(answer: str, fate: str) -> None:
    settings = TapSettings(resend_unanswered=True)
    play = Play((FIRST_PAGE,), settings).run(LOGON, A_BLOCK, "wait 10", A_BLOCK, f"< {answer}<CR>", GOODBYE)
    assert play.fates == {"a": fate}


# -- the line goes ------------------------------------------------------------------------------------------------


def test_the_line_goes_before_the_answer() -> None:
    assert Play(BOTH).run(LOGON, A_BLOCK).lose().fates == {"a": "uncertain", "b": "deferred"}
    assert Play(BOTH).run(LOGON, A_BLOCK, "< 211 Page acc").lose().fates["a"] == "uncertain"
    assert Play(BOTH).run(LOGON, A_BLOCK, "< <ACK>").lose().fates["a"] == "uncertain"


def test_a_block_that_never_left_whole_was_certainly_not_sent() -> None:
    assert Play().run(LOGON, A_BLOCK).lose(unsent_octets=2).fates == {"a": "deferred"}
    assert Play().run(LOGON, A_BLOCK).lose(unsent_octets=1).fates == {"a": "uncertain"}  # only its CR is missing
    play = Play(decides=False).run(LOGON)
    assert play.call.decide("a", go=True, now=play.now)
    play.call.lost(play.now)  # before anybody took the octets
    play.pump()
    assert play.fates == {"a": "deferred"}


def test_a_line_that_drops_after_our_goodbye_is_an_orderly_end() -> None:
    play = Play().run(LOGON, A_BLOCK, ACCEPTED, "> <EOT><CR>").lose()
    assert (play.fates, play.over.ended) == ({"a": "accepted"}, "done")


def test_a_terminal_that_never_says_goodbye() -> None:
    play = Play().run(LOGON, A_BLOCK, ACCEPTED, "> <EOT><CR>", "wait 10")
    assert (play.fates, play.over.ended) == ({"a": "accepted"}, "done")


@pytest.mark.parametrize("early", ["<ACK>", "211 ok<CR><ACK>", "211 Page acc", "<RS>"])
def test_an_answer_begun_before_the_block_left_is_none_to_it(early: str) -> None:
    play = Play(decides=False).run(LOGON)
    assert play.call.decide("a", go=True, now=play.now)
    play.run(f"< {early}", A_BLOCK, "< <CR>", "wait 10", GOODBYE)
    assert play.fates == {"a": "uncertain"}


def test_a_terminal_that_ends_the_session_before_the_block_left() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "< <ACK><CR><XOFF>", "< 112 Maximum pages<CR><ESC><EOT><CR>")
    assert (play.fates, play.over.pages_max, play.written) == ({"a": "accepted", "b": "deferred"}, 1, b"")
    play = Play().run(LOGON.replace("[p<CR>", "[p<CR><XOFF>"), "< 501 slow<CR><ESC><EOT><CR>")
    assert (play.fates, play.written) == ({"a": "deferred"}, b"")


# -- RS after EOT -------------------------------------------------------------------------------------------------

LATE_RS = "> <EOT><CR>\n< 511 One page had an invalid ID<CR><RS><CR>115 Goodbye<CR><ESC><EOT><CR>"


def test_one_page_that_is_taken_back_is_known() -> None:
    play = Play().run(LOGON, A_BLOCK, ACCEPTED, LATE_RS)
    assert play.fates == {"a": "refused"}
    assert play.verdicts["a"].code == "511"


def test_of_several_pages_nobody_knows_which_was_taken_back() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, LATE_RS)
    assert play.fates == {"a": "uncertain", "b": "uncertain"}


def test_a_page_that_was_refused_at_once_is_not_meant() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, "< 510 bad<CR><RS><CR>", B_BLOCK, ACCEPTED, LATE_RS)
    assert (play.verdicts["a"].code, play.verdicts["b"].code) == ("510", "511")


def test_taken_back_or_late_refused_when_a_page_has_no_answer() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK, ACCEPTED, B_BLOCK, "wait 10", LATE_RS)
    assert play.fates == {"a": "uncertain", "b": "uncertain"}


# -- stopping -----------------------------------------------------------------------------------------------------


def test_stopped_while_a_page_is_out_waits_for_its_answer() -> None:
    play = Play(BOTH).run(LOGON, A_BLOCK)
    play.call.stop(play.now)
    play.pump()
    assert not play.call.add(Page("c", "1", "x"))
    play.run(ACCEPTED, GOODBYE)
    assert play.fates == {"b": "deferred", "a": "accepted"}


@pytest.mark.parametrize("upto", ["", "> <CR>\n< ID=", LOGON])
def test_stopped_before_any_page_was_sent(upto: str) -> None:
    play = Play(decides=False).run(upto)
    play.call.stop(play.now)
    play.pump()
    play.wait(30.0)
    assert play.fates == {"a": "deferred"}
    assert octets("<STX>") not in play.written


def test_no_line_no_page() -> None:
    call = TapCall(BOTH)
    call.fail(Verdict("deferred", "engaged", "busy", "channel", 60.0), 5.0)
    *pages, over = call.events()
    assert [event.verdict.code for event in pages] == ["busy", "busy"]
    assert over.ended == "failed"
    assert call.data_to_send() == b""
