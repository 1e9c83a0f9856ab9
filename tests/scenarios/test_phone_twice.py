"""One phone that stands twice among a person's devices: by the modem first, then by a bureau."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA
from tests.scenarios.test_group_call import Team, play
from tests.scenarios.test_hearing import SECOND_PHONE, Pager

PAGED = "10 CRITICAL network: edge2 uplink down. Reply ok 10"
AGAIN = "(rpt) " + PAGED
BY_MODEM, BY_BUREAU = (f'{{ number = "{ANNA}", channel = "{name}", wait_s = 60 }}' for name in ("modem1", "north"))


class Twice(Pager):
    """Anna's phone by the modem, the same by the bureau, and another one."""

    def __init__(self, directory: Path, **settings: object) -> None:
        super().__init__(directory, **settings)
        begins, ends = self.toml.index("devices = ["), self.toml.index("\n", self.toml.index("devices = ["))
        devices = ", ".join((BY_MODEM, BY_BUREAU, f'{{ number = "{SECOND_PHONE}" }}'))
        self.toml = f"{self.toml[:begins]}devices = [{devices}]{self.toml[ends:]}"

    async def begin(self) -> None:
        await super().begin()
        self.second = self.street.add_phone(SECOND_PHONE, "Anna's other")


def test_what_has_shown_the_page_is_not_texted_again_by_another_way(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        began = house.seconds
        await house.alert()
        await house.text(house.second, "edge2", 200)  # type: ignore[attr-defined]
        assert 55 < house.seconds - began < 65, "the time of her first device, and no more"
        await house.pass_time(300)
        assert house.pages(house.anna) == [PAGED]

    play(tmp_path, story, house=Twice)


def test_a_copy_that_waited_for_its_modem_is_marked_behind_the_other_one(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.anna.switch(on=False)
        house.street.fault("modem1", {"kind": "registration", "stat": 0})
        await house.alert()
        await house.pass_time(120)
        house.street.fault("modem1", {"kind": "registration", "stat": 1})
        await house.pass_time(120)
        house.anna.switch(on=True)
        await house.until(lambda: len(house.pages(house.anna)) == 2, 600)
        assert house.pages(house.anna)[1] == AGAIN

    play(tmp_path, story, house=Twice)


@pytest.mark.parametrize("off", [True, False], ids=["off", "no receipt"])
def test_where_nothing_is_known_the_second_copy_is_marked(tmp_path: Path, off: bool) -> None:
    async def story(house: Team) -> None:
        house.anna.switch(on=not off)
        house.street.fault("modem1", {"kind": "report", "when": "never"})
        await house.alert()
        await house.pass_time(100)
        house.anna.switch(on=True)
        await house.until(lambda: len(house.pages(house.anna)) == 2, 600)
        assert sorted(house.pages(house.anna)) == sorted([PAGED, AGAIN])

    play(tmp_path, story, house=Twice)
