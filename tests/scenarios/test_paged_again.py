"""A page that somebody had before says so, and whoever had taken what is open again hears of it."""

from __future__ import annotations

from pathlib import Path

from tests.tale import Tale, person, policy, tell, weekly

POLICY = policy("rota:noc 300", "backup:noc 300")
ROTA = weekly("anna", "ben", "cara", start="2026-11-02")
GERMAN = person("dan").replace('full_name = "Dan"', 'full_name = "Dan"\nlanguage = "de"')


def test_the_page_of_a_later_round_is_marked_and_the_first_one_is_not(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(32)
        first, second, third = t.heard("anna", "10 CRITICAL")
        assert first == "10 CRITICAL network: edge2 down. Reply ok 10"
        assert second == third == "10 CRITICAL network: edge2 down (again). Reply ok 10"
        assert [text.endswith("edge2 down. Antworte ok 10") for text in t.heard("dan", "10 KRITISCH")] == [True, False]
        assert "(erneut)" in t.heard("dan", "10 KRITISCH")[1]

    people = "".join(person(name) for name in ("anna", "ben", "cara")) + GERMAN
    tell(tmp_path, story, POLICY, ROTA, at="2026-11-25 01:00", people=people)


def test_who_had_taken_it_hears_that_it_comes_back_and_to_whom_it_goes_is_told_it_is_not_new(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(6)
        t.says("ben", "ok")
        await t.minutes(60)
        assert t.heard("ben", "open again") == ["10 is open again, nobody has closed it: edge2 down"]
        assert t.heard("anna", "10 CRITICAL")[-1] == "10 CRITICAL network: edge2 down (again). Reply ok 10"
        assert not t.heard("anna", "open again")  # she is paged

    back = policy("rota:noc 300", "backup:noc 300", more="comes_back_s = 3540")
    tell(tmp_path, story, back, ROTA, at="2026-11-25 01:00")


def test_another_device_of_the_same_page_shows_the_same_words(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(4)
        words = "10 CRITICAL network: edge2 down. Reply ok 10"
        assert t.heard("anna", "CRITICAL") == [words]
        assert [text.text for text in t.seconds_of["anna"].texts("CRITICAL")] == [words]

    people = person("anna", "phone 60", "second") + person("dan")
    tell(tmp_path, story, policy("anna 300"), people=people)


def test_a_later_page_that_was_gathered_and_is_alone_in_its_text_is_marked_too(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(1.5)
        for name in ("edge3", "edge4", "edge5", "edge6"):
            await t.fault(f"{name} down")
        await t.minutes(0.6)
        for name in ("edge3", "edge4", "edge5", "edge6"):
            await t.over(f"{name} down")
        await t.hears("anna", "edge2 down (again). Reply ok 10", 120)
        assert "page_folded" in [e for e in t.events() if e in ("page_folded", "pages_carried")]
        assert not t.heard("anna", "more (")
        assert len(t.heard("anna", "edge2 down. Reply")) == 1

    tell(tmp_path, story, policy("anna 60", "ben 60"))
