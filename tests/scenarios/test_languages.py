"""Each one reads pages and news in his own language; a group's number in the one that all of it read."""

from __future__ import annotations

from pathlib import Path

from tests.house import PEOPLE, House, play

BOTH = PEOPLE.replace('full_name = "Anna"', 'full_name = "Anna"\nlanguage = "de-AT"').replace(
    'full_name = "Ben"', 'full_name = "Ben"\nlanguage = "pl"'
)


def test_pages_and_news_are_in_the_language_of_whoever_reads_them(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        assert await house.text(house.anna, "10 KRIT") == "10 KRITISCH network: edge2 uplink down. Antworte ok 10"
        page = await house.text(house.ben, "10 PILNE", 400)
        assert page == "10 PILNE network: edge2 uplink down. Odpisz ok 10"
        house.ben.reply("tak")
        await house.text(house.ben, "10: twoje. edge2 uplink down")
        assert await house.text(house.anna, "10: ") == "10: übernommen von Ben: edge2 uplink down"
        await house.alert(status="resolved")
        assert await house.text(house.anna, "10: vorbei") == "10: vorbei. edge2 uplink down"
        assert await house.text(house.ben, "10: po") == "10: po wszystkim. edge2 uplink down"
        said = [t["text"] for t in (await house.incident())["messages"]]
        assert len(said) == 6, "all of them are found among the texts of the incident"
        await house.post("/api/v1/people/anna/test-page")
        await house.text(house.anna, "Testruf 1 für Anna von gatewayd. Nichts zu tun")

    play(tmp_path, story, people=BOTH)
