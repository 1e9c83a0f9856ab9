"""A service that no file names is silenced by its incident's code, and ended by whoever else it pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import House, play
from tests.scenarios.test_asked_duty import code_in, said
from tests.scenarios.test_hand_over import TITLED
from tests.scenarios.test_silences_by_text import silences

ODD = "Printers [3rd floor]"


@pytest.mark.parametrize("words", ["unsilence Printers [3rd floor]", "unsilence printers [3rd FLOOR]", "unsilence"])
def test_who_is_told_how_to_end_it_can(tmp_path: Path, words: str) -> None:
    async def story(house: House) -> None:
        await house.alert(service=ODD)
        await house.text(house.anna, "10 CRITICAL")
        code = code_in(await said(house, house.anna, "silence 10 2h", f"nothing of {ODD} pages"))
        await said(house, house.anna, f"yes {code}", f"{ODD} is silenced")
        await house.text(house.ben, f"To end it: unsilence {ODD}")
        await said(house, house.ben, words, f"{ODD} pages again. Now: 10")
        assert not await silences(house)

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_pattern_of_the_operator_is_no_name(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/silences", {"services": ["print*"], "until": "+3h", "reason": "move"})
        await said(house, house.ben, "unsilence", "Nothing is silenced")
        assert len(await silences(house)) == 1

    play(tmp_path, story, policy=TITLED, modems=1)
