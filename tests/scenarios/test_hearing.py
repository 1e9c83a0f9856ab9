"""A page that nobody's phone has confirmed goes on to the next device, as soon as is usual for that phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA, BEN, CARA, EACH_ALONE, POLICY, House, play
from tests.scenarios.test_group_call import PAGER_OF, Team
from tests.scenarios.test_group_call import play as play_team

SECOND_PHONE = "+447700900121"
TWO_DEVICES = f"""
[[people]]
name = "anna"
devices = [{{ number = "{ANNA}", wait_s = 200 }}, {{ number = "{SECOND_PHONE}" }}]
[[people]]
name = "ben"
devices = [{{ number = "{BEN}" }}]
[[people]]
name = "cara"
devices = [{{ number = "{CARA}" }}]
"""
ANNA_ALONE = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
[[policies.steps]]
page = ["anna"]
wait_s = 900
"""
NEVER = {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]}


async def page_and_wait(house: House, key: str, within_s: float) -> float:
    """Seconds from the alert to the page on Anna's second device."""
    second = house.street.phones[SECOND_PHONE]
    began, before = house.seconds, len(second.texts("CRITICAL"))
    await house.alert(key, summary=f"{key} down")
    await house.until(lambda: len(second.texts("CRITICAL")) > before, within_s)
    return house.seconds - began


def test_a_phone_in_the_tube_sends_the_page_to_the_next_device(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        second = house.street.add_phone(SECOND_PHONE, "Anna's other")
        house.anna.switch(on=False)
        waited_s = await page_and_wait(house, "edge1", 150)
        assert 85 < waited_s < 110, "the usual 90 s, not the device's 200"
        assert "receipt_late" in house.events()
        house.anna.switch(on=True)
        await house.text(house.anna, "edge1 down", 1000)
        second.send("+447700900001", "ok")
        await house.text(second, "is yours", 60)
        incident = await house.incident()
        assert incident["state"] == "acknowledged"
        assert not house.ben.texts("edge1"), "her second device was in time"

    play(tmp_path, story, people=TWO_DEVICES)


def test_what_is_usual_for_a_phone_is_learnt(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.add_phone(SECOND_PHONE, "Anna's other")
        for n in range(6):
            await house.alert(f"edge{n}", summary=f"edge{n} down")
            await house.text(house.anna, f"edge{n} down")
            await house.pass_time(5)
            await house.alert(f"edge{n}", status="resolved")
        house.anna.switch(on=False)
        assert await page_and_wait(house, "core1", 60) < 35, "its receipts took a second: twenty are very late"

    play(tmp_path, story, people=TWO_DEVICES, config=EACH_ALONE)


def test_a_route_that_gives_no_receipts_is_known_after_a_while(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.add_phone(SECOND_PHONE, "Anna's other")
        house.street.fault(None, NEVER)
        waits = []
        for n in range(12):
            waits.append(await page_and_wait(house, f"edge{n}", 260))
            await house.post(f"/api/v1/incidents/{n + 1}/ack", {"by": "ben"})
            await house.pass_time(30)
        assert waits[0] < 110, "at first a missing receipt means something"
        assert waits[-1] > 190, "later only the device's time decides"
        assert "receipt_not_expected" in house.events()

    play(tmp_path, story, people=TWO_DEVICES, modems=1)


def test_one_device_that_is_not_heard_of_lets_the_next_person_be_asked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.switch(on=False)
        await house.alert()
        began = house.seconds
        await house.text(house.ben, "edge2", 200)
        assert 85 < house.seconds - began < 110, "not after the step's 300 s"
        house.anna.switch(on=True)
        await house.text(house.anna, "edge2", 2000)
        house.anna.send("+447700900001", "ok")
        await house.text(house.anna, "is yours", 60)
        await house.text(house.ben, "taken by Anna", 60)

    play(tmp_path, story, policy=POLICY)


class Pager(Team):
    """Anna has a pager at a bureau, and a phone."""

    def __init__(self, directory: Path, **settings: object) -> None:
        super().__init__(directory, names=("anna", "cara"), **settings)  # type: ignore[arg-type]
        begins, ends = self.toml.index("default_policy"), self.toml.index("[[modems]]")
        self.toml = self.toml[:begins] + ANNA_ALONE + self.toml[ends:] + EACH_ALONE


class PagerAlone(Pager):
    """Anna has nothing but her pager."""

    def __init__(self, directory: Path, **settings: object) -> None:
        super().__init__(directory, **settings)
        self.toml = self.toml.replace(f', {{ number = "{ANNA}" }}', "")


def test_a_bureau_by_tap_is_not_asked_for_receipts_from_its_first_page_on(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        for n in range(3):
            began = house.seconds
            await house.alert(f"edge{n}", summary=f"edge{n} down")
            await house.shown("anna", contains=f"edge{n} down")
            await house.text(house.anna, f"edge{n} down", 400)
            assert 115 < house.seconds - began < 130, "the time of her pager, not the 90 s of a receipt"
            await house.alert(f"edge{n}", status="resolved")
            await house.pass_time(60)
        assert "receipt_late" not in house.events()
        assert not house.pages(house.cara)

    play_team(tmp_path, story, house=Pager, tap=True)


def test_the_last_device_of_a_step_by_tap_has_all_of_its_time(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        began = house.seconds
        await house.alert()
        await house.shown("anna")
        await house.until(lambda: len(house.pagers["anna"].texts("edge2")) == 2, 1000)
        assert 895 < house.seconds - began < 910, "the step's time, as the policy has it"
        await house.text(house.cara, "edge2", 1000)
        assert 1795 < house.seconds - began < 1815

    play_team(tmp_path, story, house=PagerAlone, tap=True)


UNANSWERED = [("critical", 6, 20, 30), ("critical", 0, 55, 65), ("warning", 6, 20, 30), ("warning", 0, 60, 70)]


@pytest.mark.parametrize(("severity", "before", "least_s", "most_s"), UNANSWERED)
def test_a_text_that_its_bureau_does_not_answer_is_awaited_no_longer_than_its_receipt(
    tmp_path: Path, severity: str, before: int, least_s: float, most_s: float
) -> None:
    async def story(house: Team) -> None:
        for n in range(before):
            await house.alert(f"edge{n}", summary=f"edge{n} down")
            await house.shown("anna", contains=f"edge{n} down")
            await house.pass_time(5)
            await house.alert(f"edge{n}", status="resolved")
            await house.pass_time(20)
        house.street.bureau_fault("north", {"kind": "no_response", "submitted": False})
        taken, began = len(house.taken(PAGER_OF["anna"])), house.seconds
        await house.alert("core1", severity=severity, summary="core1 down")
        await house.text(house.anna, "core1 down", 400)
        assert least_s < house.seconds - began < most_s
        house.anna.reply(f"ok {house.anna.texts('core1 down')[0].text.split()[0]}")
        await house.acknowledged()
        await house.pass_time(600)
        unanswered = await house.message(taken + 1)
        assert unanswered["state"] == "in_doubt"
        assert len(unanswered["attempts"]) == (2 if most_s == 65 else 1), "only the patience sends it again"
        assert len(house.pages(house.anna)) == 1
        assert not house.pages(house.cara)

    play_team(tmp_path, story, house=Pager, calm=False)
