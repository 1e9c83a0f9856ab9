"""A person answers with a long text and a part of it does not come, or comes late: they are heard, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from gatewayd.model import Incoming
from tests.house import ANNA, STRANGER, House, play

FILLER = "I am on my way, the traffic is heavy and the car is cold; " * 6


def hold_back(house: House, numbers: Iterable[int]) -> Callable[[], None]:
    """The network keeps these parts of long texts until the call."""
    network, kept = house.street.network, []
    originate = network.originate

    def hold(origin: Any, to: Any, data: Any, **more: Any) -> Any:
        if data.concat and data.concat.seq in numbers:
            kept.append((origin, to, data, more))
            return None
        return originate(origin, to, data, **more)

    network.originate = hold

    def release() -> None:
        network.originate = originate
        for origin, to, data, more in kept:
            originate(origin, to, data, **more)

    return release


async def inbox(house: House) -> list[dict[str, Any]]:
    return list((await house.get("/api/v1/inbox", all="true"))["texts"])


async def heard(house: House, text: str, number: int, total: int, **more: Any) -> None:
    """A modem hands over one part."""
    told = {"sender": ANNA, "sender_alphanumeric": False} | more
    await house.daemon.inbox.received(
        Incoming(
            "modem1",
            "sim1",
            text=text,
            sent_at=house.clock.now(),
            raw=f"{number}",
            concat=(9, 8, total, number),
            **told,
        )
    )


def test_the_middle_is_lost(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        hold_back(house, [2])
        house.anna.reply("ok 10 " + FILLER)
        await house.text(house.anna, "10 is yours", 35)
        (text,) = await inbox(house)
        assert text["text"].startswith("ok 10 I am on my way")
        assert text["text"].count("[...]") == 1
        assert not text["text"].endswith("[...]")
        assert text["note"] == "parts missing: 2"

    play(tmp_path, story)


def test_the_end_comes_late_and_takes_nothing_more(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        release = hold_back(house, [2, 3])
        house.anna.reply("ok 10 " + FILLER)
        await house.text(house.anna, "10 is yours", 35)
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        release()
        await house.until(lambda: house.events().count("text_received") == 3)
        await house.pass_time(60)
        assert (await house.incident(2))["state"] == "open"
        assert house.events().count("incident_acknowledged") == 1
        assert len(house.anna.texts("is yours")) == 1
        assert not house.anna.texts("Not understood"), "it is not answered a second time"
        last, middle, first = await inbox(house)
        assert [text["result"] for text in (first, middle, last)] == ["acknowledged", "late_part", "late_part"]
        assert {text["incident"] for text in (first, middle, last)} == {1}
        assert middle["note"] == "part 2 of 3, late: text 1 was read without it"
        assert middle["text"].startswith("[...]")
        assert middle["text"].endswith("[...]")
        assert not last["text"].endswith("[...]")
        unread = (await house.get("/api/v1/inbox"))["texts"]
        assert len(unread) == 2, "a person should read what nobody acted on"

    play(tmp_path, story)


def test_a_stranger_waits_longer(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        hold_back(house, [3])
        house.stranger.send("+447700900001", "dear customer " + FILLER)
        await house.pass_time(590)
        assert await inbox(house) == []
        await house.pass_time(30)
        (text,) = await inbox(house)
        assert text["result"] == "stray"
        assert text["text"].endswith("[...]")
        assert text["sender"] == STRANGER

    play(tmp_path, story)


def test_the_wait_survives_a_crash_and_the_modem_is_heard_first(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        release = hold_back(house, [3])
        house.anna.reply("ok 10 " + FILLER)
        await house.pass_time(20)
        await house.crash()
        await house.pass_time(200)
        release()
        await house.wake()
        await house.text(house.anna, "10 is yours", 40)
        (text,) = await inbox(house)
        assert "[...]" not in text["text"], "the end waited in the modem"

    play(tmp_path, story)


def test_off_for_days_with_half_a_text(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        hold_back(house, [3])
        house.stranger.send("+447700900001", "dear customer " + FILLER)
        await house.pass_time(20)
        await house.sleep()
        await house.pass_time(3 * 24 * 3600)
        await house.wake()
        await house.pass_time(60)
        (text,) = await inbox(house)
        assert text["note"] == "parts missing: 3"

    play(tmp_path, story)


def test_the_beginning_comes_last_and_late(tmp_path: Path) -> None:
    """What comes without its beginning takes nothing; the beginning does, however late."""

    async def story(house: House) -> None:
        await house.alert(severity="warning")
        await house.text(house.anna, "edge2")
        release = hold_back(house, [1])
        house.anna.reply("ok 10 " + FILLER)
        await house.until(lambda: house.anna.texts("Not understood"), 620)
        assert (await house.incident())["state"] == "open"
        release()
        await house.text(house.anna, "10 is yours")
        whole, rest = await inbox(house)
        assert rest["text"].startswith("[...]")
        assert "[...]" not in whole["text"]

    play(tmp_path, story)


def test_what_a_gap_may_hide_is_asked_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        await heard(house, "ok all", 1, 2)
        await house.text(house.anna, "Not clear", 40)
        await house.pass_time(700)
        await heard(house, "ok 1", 1, 3)
        await house.text(house.anna, "Which one?", 40)
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["open", "open"]

    play(tmp_path, story)


def test_a_name_of_digits_is_nobodys_in_parts_either(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        for number in (1, 2):
            await heard(house, "ok 10 ", number, 2, sender="07700900111", sender_alphanumeric=True)
        await house.pass_time(60)
        assert (await house.incident())["state"] == "open"
        assert {text["result"] for text in await inbox(house)} == {"stray"}

    play(tmp_path, story)


def test_another_long_text_under_the_same_reference_loses_neither(tmp_path: Path) -> None:
    """Some phones give every long text the same reference; the rest of the first one never came."""

    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await heard(house, "I was asleep, what ", 1, 2)
        await heard(house, "I was asleep, what ", 1, 2)
        await house.pass_time(5)
        await heard(house, "ok 10 ", 1, 2)
        await heard(house, "on my way", 2, 2)
        await house.text(house.anna, "10 is yours", 10)
        texts = {text["text"]: text for text in await inbox(house)}
        assert set(texts) == {"I was asleep, what [...]", "ok 10 on my way"}
        assert texts["I was asleep, what [...]"]["note"] == "parts missing: 2"

    play(tmp_path, story)
