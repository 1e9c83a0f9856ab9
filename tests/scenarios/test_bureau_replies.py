"""The same word to two pages, over connections that end and a daemon that begins again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA
from tests.scenarios.bureau_by_hand import Lodge, parameter, play
from tests.scenarios.test_bureau_receipts import OFFICE

NUMBER = 0x0204  # user_message_reference


async def page(lodge: Lodge, number: int) -> None:
    await lodge.alert(f"edge{number}", summary=f"edge{number} down", service=f"service{number}")
    await lodge.until(lambda: any(f"edge{number}" in text.text for text in lodge.bureau.texts))
    await lodge.pass_time(40)


async def broken(lodge: Lodge, how: str) -> None:
    """The connection is another one afterwards."""
    had = len(lodge.bureau.calls)
    if how == "link lost":
        lodge.bureau.call.hang_up()
    elif how == "restarted":
        await lodge.sleep()
        await lodge.wake()
    else:
        await lodge.crash()
        await lodge.wake()
    await lodge.until(lambda: len(lodge.bureau.calls) > had)
    await lodge.pass_time(3)


@pytest.mark.parametrize("how", ["link lost", "restarted", "killed"])
def test_the_same_word_over_two_connections_is_two_answers(tmp_path: Path, how: str) -> None:
    """The bureau said that it is there after it had our answer to the first: so that one will not come again."""

    async def story(lodge: Lodge) -> None:
        for number in (1, 2):
            await page(lodge, number)
            lodge.bureau.call.deliver(ANNA, "ok")
            await lodge.pass_time(5)
            assert (await lodge.incident(number))["state"] == "acknowledged"
            await broken(lodge, how)

    play(tmp_path, story, **OFFICE, settings="enquire_s = 2\nenquire_wait_s = 3")


@pytest.mark.parametrize("settings", ["binds = 2", 'bind = "transmitter and receiver"'])
def test_the_same_word_soon_after_over_a_connection_that_only_hears_is_two_answers(
    tmp_path: Path, settings: str
) -> None:
    async def story(lodge: Lodge) -> None:
        await lodge.until(lambda: len(lodge.bureau.calls) == 2)
        for number in (1, 2):
            await lodge.alert(f"edge{number}", summary=f"edge{number} down", service=f"service{number}")
            await lodge.until(lambda: any(f"edge{number}" in text.text for text in lodge.bureau.texts))  # noqa: B023
            await lodge.pass_time(2)
            quiet = next(call for call in lodge.bureau.calls if call is not lodge.bureau.texts[-1].call)
            quiet.deliver(ANNA, "ok")
            await lodge.pass_time(5)
            assert (await lodge.incident(number))["state"] == "acknowledged"

    play(tmp_path, story, **OFFICE, settings=settings)


@pytest.mark.parametrize("how", ["link lost", "killed"])
def test_a_word_whose_answer_may_be_lost_takes_no_later_page(tmp_path: Path, how: str) -> None:
    async def story(lodge: Lodge) -> None:
        await page(lodge, 1)
        lodge.bureau.call.deaf = True
        lodge.bureau.call.deliver(ANNA, "ok")
        await lodge.pass_time(2)
        assert (await lodge.incident(1))["state"] == "acknowledged"
        await broken(lodge, how)
        await page(lodge, 2)
        lodge.bureau.call.deliver(ANNA, "ok")
        await lodge.pass_time(5)
        assert (await lodge.incident(2))["state"] == "open"

    play(tmp_path, story, **OFFICE)


@pytest.mark.parametrize("second", [7, 8])
def test_what_a_bureau_numbers_is_told_apart_by_it(tmp_path: Path, second: int) -> None:
    async def story(lodge: Lodge) -> None:
        await page(lodge, 1)
        lodge.bureau.answering = lambda text: None
        lodge.bureau.call.deliver(ANNA, "ok", more=parameter(NUMBER, b"\0\7"))
        await lodge.pass_time(1)
        await broken(lodge, "killed")
        lodge.bureau.answering = lambda text: text.answer(str(len(lodge.bureau.texts)))
        await page(lodge, 2)
        lodge.bureau.call.deliver(ANNA, "ok", more=parameter(NUMBER, bytes((0, second))))
        await lodge.pass_time(5)
        assert (await lodge.incident(2))["state"] == ("open" if second == 7 else "acknowledged")

    play(tmp_path, story, **OFFICE)


SEAMS = {
    "pair": (8, "on my way \U0001f44d now".encode("utf-16-be"), 22, "on my way \U0001f44d now"),
    "escape": (0, b"cost \x1b\x655", 6, "cost €5"),
    "extension letter without a meaning": (0, b"cost \x1b5", 6, "cost 5"),
    "half of nothing": (8, b"\0o\0k\xd8\x3d\0!", 6, "ok\ufffd!"),
    "escaped escape": (0, b"a\x1b\x1be", 3, "a e"),
}


@pytest.mark.parametrize("seam", SEAMS)
def test_a_long_reply_that_is_cut_within_a_sign_is_whole(tmp_path: Path, seam: str) -> None:
    """A phone that cuts at 67 units of UCS-2 does not know what a pair is."""
    coding, octets, at, told = SEAMS[seam]

    async def story(lodge: Lodge) -> None:
        for number, piece in ((2, octets[at:]), (1, octets[:at])):
            header = bytes([5, 0, 3, 9, 2, number])
            lodge.bureau.call.deliver(ANNA, (header + piece).decode("latin-1"), esm=0x40, coding=coding)
        await lodge.pass_time(2)
        texts = (await lodge.get("/api/v1/inbox", all="true"))["texts"]
        assert [text["text"] for text in texts] == [told]

    play(tmp_path, story, **OFFICE)


def test_half_a_sign_whose_rest_never_comes_is_shown_as_such(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        piece = bytes([5, 0, 3, 9, 2, 1]) + b"\0o\0k\xd8\x3d"
        lodge.bureau.call.deliver(ANNA, piece.decode("latin-1"), esm=0x40, coding=8)
        await lodge.pass_time(700)
        texts = (await lodge.get("/api/v1/inbox", all="true"))["texts"]
        assert [text["text"] for text in texts] == ["ok\ufffd[...]"]

    play(tmp_path, story, **OFFICE)
