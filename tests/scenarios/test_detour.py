"""The channel of somebody's first device is sick: the page goes to the next soon, and the pager is not called twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatewayd.web.client import ClientError
from tests.channels.tap_terminal import Terminal
from tests.scenarios.test_group_call import Team, play

ANNA_ALONE = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
[[policies.steps]]
page = ["anna"]
wait_s = 900
"""
DOWN = {"kind": "drop", "back_after_s": 300, "refuse": True}


class Duty(Team):
    """Anna has a pager at north and a phone; nobody's group is called."""

    def __init__(self, directory: Path, **settings: object) -> None:
        super().__init__(directory, names=("anna", "cara"), **settings)  # type: ignore[arg-type]
        self.toml = (
            self.toml[: self.toml.index("default_policy")] + ANNA_ALONE + self.toml[self.toml.index("[[modems]]") :]
        )

    def pager_texts(self) -> list[str]:
        return [text.text for text in self.pagers["anna"].texts("edge2")]


async def moved_s(house: Team, within_s: float = 200) -> float:
    began = house.seconds
    await house.alert()
    await house.text(house.anna, "edge2", within_s)
    return house.seconds - began


def test_a_bureau_known_to_be_down_costs_no_time(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", DOWN)
        await house.pass_time(60)
        assert await moved_s(house) < 10
        assert (await house.message(1))["state"] == "queued", "the pager's copy waits for its bureau"
        house.anna.reply("ok")
        await house.acknowledged()
        assert (await house.message(1))["state"] == "withdrawn", "one ok for both"
        await house.pass_time(400)
        assert not house.pages(house.cara)

    play(tmp_path, story, house=Duty)


def test_the_pager_is_not_called_for_what_the_phone_has_shown(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", DOWN)
        await house.pass_time(60)
        await moved_s(house)
        await house.pass_time(400)
        assert (await house.message(1))["state"] == "withdrawn"
        assert not house.taken()
        assert "another device has shown it" in str(await house.message(1))

    play(tmp_path, story, house=Duty)


def test_a_phone_that_is_off_leaves_the_page_to_the_pager(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", DOWN)
        house.anna.switch(on=False)
        await house.pass_time(60)
        await house.alert()
        await house.shown("anna", within_s=400)

    play(tmp_path, story, house=Duty)


def test_a_bureau_that_is_redialled_for_a_moment_doubles_nothing(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "drop", "back_after_s": 5, "refuse": True})
        await house.alert()
        await house.shown("anna")
        await house.pass_time(60)
        assert not house.pages(house.anna)

    play(tmp_path, story, house=Duty)


FAULTS = [
    ("down", DOWN, 25),
    ("throttles", {"kind": "throttle"}, 40),
    ("says system error", {"kind": "reject", "status": "RSYSERR"}, 25),
    ("takes its number for unknown", {"kind": "reject", "status": 0x0410}, 25),
    ("has lost our session", {"kind": "reject", "status": "RINVBNDSTS"}, 25),
    ("drops the line", {"kind": "drop_after_submit", "submitted": False}, 25),
    ("does not answer", {"kind": "no_response", "submitted": False}, 65),
    ("is silent", {"kind": "tap_silence", "at": "id"}, 25),
    ("cannot deliver now", {"kind": "tap_rs", "code": 512}, 30),
    ("hangs up after each block", {"kind": "tap_drop_after_block", "submitted": False}, 30),
]


@pytest.mark.parametrize(("fault", "within_s"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_page_that_the_bureau_does_not_take_goes_by_phone_soon(
    tmp_path: Path, fault: dict[str, object], within_s: float
) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", fault)
        assert 15 < await moved_s(house) < within_s, "after the patience, not after the device's 120 s"
        await house.pass_time(60)
        house.street.clear_bureau_faults("north")
        await house.pass_time(240)
        assert len(house.pages(house.anna)) == 1
        assert not house.pager_texts()
        assert not house.pages(house.cara), "her phone has it: she has the time of the step"

    play(tmp_path, story, house=Duty, calm=False, tap=str(fault["kind"]).startswith("tap"))


@pytest.mark.parametrize("killed", [False, True], ids=["it lives", "it is killed"])
def test_where_no_other_channel_works_the_page_waits_for_the_first_that_does(tmp_path: Path, killed: bool) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", DOWN)
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 80})
        await house.pass_time(40)
        await house.alert()
        began = house.seconds
        await house.pass_time(30)
        if killed:
            await house.crash()
            await house.wake(modems_up=False)
        await house.pass_time(5)
        with pytest.raises(ClientError):
            await house.message(2)
        await house.text(house.anna, "edge2", 150)
        assert house.seconds - began < 115, "not after the device's 120 s, nor when its own channel is back"

    play(tmp_path, story, house=Duty)


@contextlib.contextmanager
def late_terminal(house: Team) -> Iterator[Terminal]:
    """Takes the place of north's: it prompts 45 s after each call began."""
    path = house.directory / "tap"
    path.unlink()
    terminal = Terminal(path, prompt=None)
    terminal.on_line = lambda: asyncio.get_running_loop().call_later(45, terminal.say, "ID=")
    terminal.listen()
    try:
        yield terminal
    finally:
        terminal.unplug()


def test_a_call_that_takes_longer_than_usual_is_not_waited_for(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        with late_terminal(house) as terminal:
            assert 18 < await moved_s(house) < 25
            await house.pass_time(60)
            assert (await house.message(1))["state"] == "withdrawn", "let in after 45 s, and the phone had shown it"
            house.anna.reply("ok")
            await house.acknowledged()
            await house.alert("h2/disk", summary="disk full")
            await house.until(lambda: terminal.pages, 60)
            assert len(house.pages(house.anna)) == 1, "now 45 s are as usual"

    play(tmp_path, story, house=Duty, tap=True, settings="n1 = 60")
