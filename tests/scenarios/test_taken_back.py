"""A bureau by TAP that takes back one page of a call, and does not say which."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.test_group_call import PAGER_OF, Team, play

NAMES = ("anna", "ben", "dave")


def test_pages_of_which_one_was_taken_back_go_again_each_in_a_call_of_its_own(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "tap_late_rs", "code": 511, "to": PAGER_OF["ben"]})
        everybody = [f"person:{name}" for name in NAMES]
        await house.post("/api/v1/messages", {"to": everybody, "text": "all of you", "priority": "critical"})
        await house.pass_time(20)
        assert [(await house.message(n))["state"] for n in (1, 2, 3)] == ["in_doubt"] * 3
        await house.pass_time(90)
        found = [await house.message(n) for n in (1, 2, 3)]
        assert [message["state"] for message in found] == ["sent", "failed", "sent"]
        assert "511" in found[1]["reason"]
        assert [text.text for text in house.pagers["dave"].inbox] == ["all of you", "(rpt) all of you"]

    play(tmp_path, story, tap=True, names=NAMES, calm=False)


def test_what_waits_meanwhile_is_not_kept_waiting_by_these(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "tap_late_rs", "code": 511, "to": PAGER_OF["ben"]})
        everybody = [f"person:{name}" for name in NAMES]
        await house.post("/api/v1/messages", {"to": everybody, "text": "all of you", "priority": "high"})
        await house.pass_time(20)
        house.street.clear_bureau_faults("north")
        await house.pass_time(99)
        for n in range(3):
            await house.post("/api/v1/messages", {"to": "person:anna", "text": f"new {n}", "priority": "high"})
        await house.pass_time(30)
        assert [(await house.message(n))["state"] for n in range(1, 7)] == ["sent"] * 6

    play(tmp_path, story, tap=True, names=NAMES, calm=False)
