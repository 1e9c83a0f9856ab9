"""Who is called too often in one night is offered relief, and the colleague must agree."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house import House, play
from tests.scenarios.test_asked_duty import code_in, on_call, outcomes, said
from tests.scenarios.test_hand_over import TITLED
from tests.scenarios.test_rota import paged

TIRING = TITLED.replace('title = "NOC"\n', 'title = "NOC"\nrelief_after = 3\n')


async def calls(house: House, *keys: str) -> None:
    """Anna is woken by each, takes it, and has twenty minutes."""
    for number, key in enumerate(keys):
        await house.pass_time(1_200 if number else 0)
        await house.alert(key, summary=f"fault {key}")
        await house.text(house.anna, f"fault {key}")
        await said(house, house.anna, "ok all", "yours")


def test_after_three_calls_relief_is_offered_and_ben_must_agree(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await calls(house, "a", "b")
        assert not house.anna.texts("calls tonight")
        await calls(house, "c")
        assert not house.anna.texts("calls tonight"), "it was the same call as the one a moment ago"
        await house.pass_time(1_200)
        await calls(house, "d")
        offer = await house.text(house.anna, "calls tonight")
        assert re.fullmatch(
            r"3 calls tonight\. Reply yes \d{4} and Ben is asked to take over until Sun 22 Nov 07:00", offer
        )
        await said(house, house.anna, f"relief {code_in(offer)}", "Ben is asked now. NOC stays with you")
        code = code_in(await house.text(house.ben, "Anna asks you to take NOC until Sun 22 Nov 07:00"))
        await said(house, house.ben, f"yes {code}", "You have NOC until Sun 22 Nov 07:00")
        await house.text(house.anna, "Ben has NOC until Sun 22 Nov 07:00")
        await house.alert("e")
        await house.until(lambda: paged(house)[-1] == "ben")
        assert (await on_call(house))["until"].startswith("2026-11-22T07:00:00")

    play(tmp_path, story, policy=TIRING, modems=1)


def test_an_offer_that_is_not_taken_up_is_made_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await calls(house, "a", "b", "c", "d", "e")
        await house.pass_time(3_700)
        assert len(house.anna.texts("calls tonight")) == 1
        assert not house.ben.texts("")
        assert outcomes(house) == ["no answer"]
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=TIRING, modems=1)


def test_relief_can_be_asked_for_at_any_time(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "relief please", "Reply yes")
        await said(house, house.anna, f"relief {code_in(asks)}", "Ben is asked now")

    play(tmp_path, story, policy=TITLED, modems=1)
