"""`who` by text and `gatewayd oncall --service` say whom an alert would page now: by rule, rota and skill."""

from __future__ import annotations

from pathlib import Path

from tests.tale import Tale, person, policy, tell, weekly

RULES = """
[[calendars]]
name = "office"
zone = "Europe/London"
working = [{ days = "mon-fri", hours = "08:30-17:30" }]
[[teams]]
name = "noc"
members = ["anna", "ben", "cara"]
[[policies]]
name = "whole-team"
steps = [{ page = ["team:noc"] }]
fallback = ["dan"]
[[rules]]
name = "by-day"
severities = ["critical"]
calendar = "office"
during = "working hours"
policy = "whole-team"
"""
POLICY = policy("rota:noc 300", "backup:noc 300")
ROTA = weekly("anna", "ben", "cara", start="2026-11-16")


def test_by_day_it_is_the_team_of_the_rule_by_night_whoever_has_the_duty(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        t.says("cara", "who network")
        assert "Anna, Ben and Cara" in await t.hears("cara", "network")
        day = (await t.get("/api/v1/oncall", service="network"))["service"]
        assert day["policy"] == "whole-team"
        assert day["rule"] == "rule 'by-day' (working hours of 'office': wed 08:30-17:30)"
        night = (await t.get("/api/v1/oncall", service="network", at="23:00"))["service"]
        assert (night["policy"], night["rule"], night["steps"][0]["people"][0]["person"]) == ("default", "", "ben")
        lesser = (await t.get("/api/v1/oncall", service="network", severity="error"))["service"]
        assert lesser["policy"] == "default"
        await t.fault("edge2 down")
        for name in ("anna", "ben", "cara"):
            await t.hears(name, "10 CRITICAL")

    tell(tmp_path, story, POLICY, ROTA, RULES, at="2026-11-25 10:00")


def test_who_names_first_whoever_has_the_skill(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        t.says("anna", "who db")
        assert "Ben" in await t.hears("anna", "db")
        await t.fault("disk full", service="db")
        await t.hears("ben", "10 CRITICAL")

    people = "".join(person(name) for name in ("anna", "cara", "dan")) + person("ben") + 'skills = ["postgres"]\n'
    db = '[[services]]\nname = "db"\npolicy = "default"\nneeds = ["postgres"]\n'
    tell(tmp_path, story, policy("anna 300", "ben 300"), db, people=people)
