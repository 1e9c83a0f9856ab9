"""Words for pagers that show plain ASCII: what is left of a summary in letters that they have not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatewayd.web.client import ClientError
from tests.scenarios.test_group_call import GROUP, Team, play

DOWN = "服务器宕机 🔥"


def lost(house: Team) -> list[int]:
    """Of each try that began: how many characters its pager cannot show."""
    rows = house.daemon.store.peek(
        lambda reader: reader.all("SELECT facts FROM journal WHERE event = 'characters_lost' ORDER BY seq")
    )
    return [json.loads(row["facts"])["characters"] for row in rows]


def test_a_summary_of_which_nothing_is_left_is_told_by_its_key_and_phones_read_it_whole(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert(summary=DOWN)
        await house.shown("anna", "ben", contains="edge2/link")
        assert house.taken(GROUP) == ["10 CRITICAL network: edge2/link. Reply ok 10"]
        await house.text(house.cara, DOWN)
        await house.text(house.anna, DOWN, 200)
        assert lost(house) == []

    play(tmp_path, story, tap=True)


@pytest.mark.parametrize(
    ("summary", "shown", "without"), [("服务器 db1 down", "??? db1 down", [3]), ("Сервер db1", "Server db1", [])]
)
def test_what_is_lost_of_a_summary_is_counted_in_the_journal(
    tmp_path: Path, summary: str, shown: str, without: list[int]
) -> None:
    async def story(house: Team) -> None:
        await house.alert(summary=summary)
        await house.shown("anna", "ben", contains="db1")
        assert house.taken(GROUP) == [f"10 CRITICAL network: {shown}. Reply ok 10"]
        assert lost(house) == without

    play(tmp_path, story, tap=True)


def test_a_letter_that_an_sms_has_no_room_for_costs_a_pager_nothing(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert(summary="łącze " + "bardzo " * 40 + "KONIEC")
        await house.shown("anna", "ben", contains="KONIEC. Reply ok 10")
        first, second = house.taken(GROUP)
        assert first.startswith("1/2 10 CRITICAL network: lacze bardzo")
        assert second.endswith("bardzo KONIEC. Reply ok 10")

    play(tmp_path, story, tap=True)


def test_a_text_is_as_long_for_a_pager_as_what_it_shows(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        words = "ż" + "x" * 209
        found = await house.post("/api/v1/messages", {"to": "person:anna", "text": words})
        assert found["messages"][0]["to"] == "person:anna"
        await house.shown("anna", contains="z" + "x" * 209)
        with pytest.raises(ClientError, match="needs 4 segments"):
            await house.post("/api/v1/messages", {"to": ["person:anna", "person:cara"], "text": words})
        with pytest.raises(ClientError, match="segments"):
            await house.post("/api/v1/messages", {"to": "person:anna", "text": words * 4})

    play(tmp_path, story, tap=True)
