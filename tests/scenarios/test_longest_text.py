"""A text that was taken in can be sent, whatever becomes of its first try."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA, House, play

LONGEST = "[delivery]\nsegments_max = 10\n"


@pytest.mark.parametrize("words", ["€" * 760, "ж" * 670], ids=["gsm7", "ucs2"])
def test_ten_segments_arrive_whole_and_once_more_with_the_mark(tmp_path: Path, words: str) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "no_answer", "submitted": False, "times": 1})
        asked = {"to": ANNA, "text": words, "priority": "critical"}
        (taken,) = (await house.post("/api/v1/messages", asked))["messages"]
        assert taken["segments"] == 10
        await house.until(lambda: house.anna.texts("(rpt)"), 300)
        assert house.anna.texts("(rpt)")[-1].text == "(rpt) " + words
        assert (await house.message())["repeats"] == 1

    play(tmp_path, story, config=LONGEST)


def test_a_long_summary_is_cut_to_what_the_same_limit_says(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert(summary="x" * 900)
        page = await house.text(house.anna, "xxx")
        assert page.endswith("x.... Reply ok 10")
        assert len(page) == 160
        assert (await house.message())["parts"] == 1

    play(tmp_path, story, config="[delivery]\nsegments_max = 1\n")
