"""A call to a team's group of which nobody knows whether the pagers have shown it, or which came back."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.test_group_call import GROUP, PAGER_OF, Team, play


def test_a_call_whose_answer_never_comes_is_repeated_with_the_mark_and_then_left_to_their_own_devices(
    tmp_path: Path,
) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "no_response", "to": GROUP})
        house.street.bureau_fault("north", {"kind": "receipt", "when": "never"})
        await house.alert()
        await house.until(lambda: len(house.taken(PAGER_OF["anna"])) == 1, 400)
        assert all(text.startswith("(rpt) ") for text in house.taken(GROUP)[1:])
        assert house.events().count("message_repeated") == house.events().count("doubt_given_up") == 1
        await house.text(house.anna, "edge2", 300)
        await house.text(house.ben, "edge2", 300)

    play(tmp_path, story)


def test_a_call_in_doubt_is_shown_once_more_by_each_pager_with_the_mark_and_not_a_third_time(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "tap_lose_ack", "to": GROUP})
        await house.alert()
        await house.until(lambda: all(len(house.pagers[name].texts("edge2")) == 2 for name in ("anna", "ben")), 60)
        for name in ("anna", "ben"):
            first, again = (text.text for text in house.pagers[name].texts("edge2"))
            assert again == f"(rpt) {first}"
        await house.pass_time(300)
        assert len(house.taken()) == 3, "what their own pagers have taken needs no further call"
        assert "message_repeated" not in house.events()

    play(tmp_path, story, tap=True, calm=False)


def test_the_receipts_of_pages_with_the_mark_are_understood(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "receipt", "when": "never", "to": GROUP})
        await house.alert()
        await house.until(lambda: len(house.taken()) == 3, 110)
        assert house.taken(PAGER_OF["anna"])[0].startswith("(rpt) 10 CRITICAL")
        await house.pass_time(30)
        states = [m["state"] for m in (await house.incident())["messages"] if m["device"] == "pager1"]
        assert states == ["delivered", "delivered"]

    play(tmp_path, story)


def test_a_call_whose_receipt_is_late_is_made_up_for_by_their_own_pagers(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "receipt", "when": "normal", "delay_s": 200, "to": GROUP})
        await house.alert()
        await house.until(lambda: len(house.taken()) == 3, 110)
        assert len(house.taken(PAGER_OF["anna"])) == len(house.taken(PAGER_OF["ben"])) == 1
        await house.pass_time(200)
        states = [m["state"] for m in (await house.incident())["messages"] if m["device"] == "group"]
        assert states == ["delivered"]

    play(tmp_path, story)


def test_a_call_that_was_taken_and_did_not_arrive_is_made_up_for(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "receipt", "states": ["UNDELIVERABLE"], "to": GROUP})
        await house.alert()
        await house.until(lambda: len(house.taken(PAGER_OF["anna"])) == len(house.taken(PAGER_OF["ben"])) == 1, 30)
        await house.text(house.anna, "edge2", 200)

    play(tmp_path, story)
