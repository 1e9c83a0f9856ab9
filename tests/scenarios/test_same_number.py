"""One number at two bureaus: what the one says of it is nothing that the other has said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.tap_terminal import Terminal
from tests.house import ANNA, BEN
from tests.scenarios.bureau_by_hand import Lodge, play

PAGER = "470"
LATER = "512 Try later<CR><RS><CR>"
POLICY = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["ben"]
[[policies.steps]]
page = ["ben"]
wait_s = 900
"""


def other(directory: Path, settings: str = "") -> str:
    return f'[[tap]]\nname = "south"\nend = "unix:{directory}/tap"\nreopen_s_max = 30\n{settings}\n'


@pytest.mark.parametrize("kind", ["text", "page"])
def test_a_pager_id_of_two_people_at_two_bureaus(tmp_path: Path, kind: str) -> None:
    people = f"""
[[people]]
name = "anna"
devices = [{{ kind = "pager", number = "{PAGER}", channel = "south" }}]
[[people]]
name = "ben"
devices = [{{ kind = "pager", number = "{PAGER}", channel = "north" }}]
"""

    async def story(lodge: Lodge) -> None:
        terminal = Terminal(tmp_path / "tap")
        terminal.answers[PAGER] = [LATER]
        terminal.listen()
        try:
            await lodge.until(lambda: len(lodge.daemon.dispatch.up()) == 2, 60)
            await lodge.post("/api/v1/messages", {"to": "person:anna", "text": "for Anna"})
            await lodge.until(lambda: "for Anna" in "".join(terminal.said), 60)
            await lodge.pass_time(10)
            if kind == "text":
                await lodge.post("/api/v1/messages", {"to": "person:ben", "text": "for Ben"})
            else:
                await lodge.alert()
            await lodge.pass_time(2)
            assert len(lodge.bureau.texts) == 1
            assert (await lodge.message(1))["state"] == "queued", "hers waits"
        finally:
            terminal.unplug()

    play(tmp_path, story, people=people, policy=POLICY, config=other(tmp_path))


def test_a_phone_that_one_bureau_cannot_reach_is_tried_by_the_other(tmp_path: Path) -> None:
    people = f"""
[[people]]
name = "ben"
devices = [{{ number = "{BEN}", channel = "south" }}, {{ number = "{BEN}", channel = "north" }}]
[[people]]
name = "anna"
devices = [{{ number = "{ANNA}", channel = "north" }}]
"""

    async def story(lodge: Lodge) -> None:
        terminal = Terminal(tmp_path / "tap")
        terminal.answers[BEN.lstrip("+")] = terminal.answers[BEN] = [LATER]
        terminal.listen()
        try:
            await lodge.until(lambda: len(lodge.daemon.dispatch.up()) == 2, 60)
            await lodge.alert()
            await lodge.pass_time(30)
            assert len(lodge.bureau.texts) == 1
            assert not terminal.pages
        finally:
            terminal.unplug()

    play(tmp_path, story, people=people, policy=POLICY, config=other(tmp_path, "phone_numbers = true"))
