"""The network or the modem delivers a reply again: it acts once, however long it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.clock import SECOND
from gatewayd.model import Incoming
from tests.house import ANNA, House, play


def test_a_reply_that_is_delivered_again_acts_once(tmp_path: Path) -> None:
    """By a network that missed our acknowledgement, and by a modem that does not delete, over a restart."""

    async def story(house: House) -> None:
        await house.alert(severity="warning")
        await house.text(house.anna, "edge2")
        reply = Incoming("modem1", "sim1", ANNA, False, "ok 10", house.clock.now(), raw="00")
        await house.daemon.inbox.received(reply)
        await house.text(house.anna, "10 is yours")
        await house.daemon.inbox.received(reply)
        await house.alert(severity="critical", summary="edge2 and edge3 down")
        await house.text(house.anna, "edge3")
        await house.sleep()
        await house.wake()
        await house.daemon.inbox.received(reply)
        await house.pass_time(5)
        assert (await house.incident())["state"] == "open", "it was said of what was known then"
        assert len((await house.get("/api/v1/inbox", all="true"))["texts"]) == 1
        again = Incoming("modem1", "sim1", ANNA, False, "ok 10", house.clock.now(), raw="01")
        await house.daemon.inbox.received(again)
        assert (await house.incident())["state"] == "acknowledged", "the same words a second time are said again"

    play(tmp_path, story)


def test_the_same_words_with_one_stamp_are_one_text_unless_a_header_tells_them_apart(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        stamp = house.clock.now()
        for reference in (None, None, (7, 8, 1, 1), (7, 8, 1, 1), (9, 8, 1, 1)):
            await house.daemon.inbox.received(Incoming("modem1", "sim1", ANNA, False, "?", stamp, "00", reference))
        assert len((await house.get("/api/v1/inbox", all="true"))["texts"]) == 3

    play(tmp_path, story, modems=1)


def test_two_damaged_texts_that_look_alike_are_both_shown(tmp_path: Path) -> None:
    """What is left of them is their beginning, which is the same on one day."""

    async def story(house: House) -> None:
        for _ in range(2):
            torn = Incoming("modem1", "sim1", ANNA, False, None, None, "00040C914477", note="undecodable", damaged=True)
            await house.daemon.inbox.received(torn)
        whole = Incoming("modem1", "sim1", ANNA, False, None, house.clock.now(), "00", note="binary")
        for _ in range(2):
            await house.daemon.inbox.received(whole)
        assert len((await house.get("/api/v1/inbox", all="true"))["texts"]) == 3

    play(tmp_path, story, modems=1)


@pytest.mark.parametrize("stamped", [True, False])
def test_a_second_ok_under_a_clock_that_stands_still_is_asked_back_not_swallowed(tmp_path: Path, stamped: bool) -> None:
    """Words, sender and stamp are those of the first: it may be that one come again, or meant for the second page."""

    async def story(house: House) -> None:
        await house.alert("edge1", summary="edge1 down", service="web")
        await house.text(house.anna, "edge1 down")
        still = house.clock.now() + 2 * SECOND if stamped else None
        same = Incoming("modem1", "sim1", ANNA, False, "ok", still, "00")
        await house.pass_time(3)
        await house.daemon.inbox.received(same)
        await house.text(house.anna, "is yours")
        await house.daemon.inbox.received(same)
        await house.pass_time(90)
        await house.alert("disk9", summary="disk9 full", service="db")
        page = await house.text(house.anna, "disk9 full")
        code = page.rpartition(" ")[2]
        await house.pass_time(40)
        await house.daemon.inbox.received(same)
        await house.text(house.anna, "came after your text")
        assert (await house.incident(2))["state"] == "open"
        told = len(house.anna.texts())
        await house.daemon.inbox.received(same)
        await house.pass_time(20)
        assert len(house.anna.texts()) == told, "nothing new has happened since: that is the same text again"
        await house.daemon.inbox.received(Incoming("modem1", "sim1", ANNA, False, f"ok {code}", still, "00"))
        assert (await house.incident(2))["state"] == "acknowledged"

    play(tmp_path, story)
