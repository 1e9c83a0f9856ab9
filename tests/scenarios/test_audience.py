"""Whom a page reaches, by severity, hour and skill, and on which of their devices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatewayd.config.file import ConfigError, parse
from gatewayd.store import journal
from tests.house import EPOCH, PEOPLE, House, play
from tests.scenarios.test_group_call import GROUP, Team
from tests.scenarios.test_group_call import POLICY as GROUP_POLICY
from tests.scenarios.test_group_call import play as play_team
from tests.scenarios.test_rota import ROTA, paged
from tests.tale import point

BY_KIND = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
[[policies.steps]]
page = ["anna"]
wait_s = 900
devices = { critical = ["pager", "phone"], error = "pager", warning = "phone", info = "phone" }
"""
OFFICE = """
[[calendars]]
name = "office"
zone = "Europe/London"
working = [{ days = "sun-fri", hours = "04:20-17:30" }]
[[rules]]
name = "by-day"
severities = ["critical"]
calendar = "office"
during = "working hours"
policy = "whole-team"
[[policies]]
name = "whole-team"
fallback = ["cara"]
[[policies.steps]]
page = ["team:noc"]
wait_s = 900
"""
NIGHTS = """
[[policies]]
name = "nights"
fallback = ["cara"]
[[policies.steps]]
page = ["ben"]
wait_s = 900
devices = ["phone"]
"""


class Office(Team):
    """Ben has the nights by his phone; by day the whole team is called by one number."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.toml = self.toml.replace('default_policy = "default"', 'default_policy = "nights"') + OFFICE + NIGHTS


class Kinds(Team):
    """Anna has a pager and a phone, and each severity its own."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.toml = self.toml.replace(GROUP_POLICY, BY_KIND)


def test_critical_pages_the_whole_team_by_one_call_in_working_hours_and_the_one_on_call_at_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.scenarios.test_group_call.Team", Office)

    async def story(house: Team) -> None:
        await house.alert("night", summary="Sunday, four in the morning")
        await house.text(house.ben, "Sunday, four in the morning")
        house.ben.reply("ok")
        assert house.taken() == []
        await house.until(lambda: "incident_acknowledged" in house.events())
        await house.pass_time(600)
        await house.alert("day", summary="minutes later they are at work")
        await house.shown("anna", "ben", contains="minutes later")
        assert len(house.taken(GROUP)) == 1

    play_team(tmp_path, story, calm=False)


def test_high_goes_to_the_pager_alone_low_to_the_phone_alone_critical_to_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.scenarios.test_group_call.Team", Kinds)

    async def story(house: Team) -> None:
        await house.alert("low", severity="warning", summary="disk 80 %")
        await house.text(house.anna, "disk 80 %")
        await house.alert("high", severity="error", summary="one of two lines down", service="lines")
        await house.shown("anna", contains="one of two lines down")
        await house.pass_time(600)
        assert not house.pagers["anna"].texts("disk 80 %")
        assert not house.anna.texts("one of two lines down")
        await house.alert("critical", summary="both lines down", service="both")
        await house.shown("anna", contains="both lines down")
        await house.text(house.anna, "both lines down", 200)

    play_team(tmp_path, story)


def test_whoever_cannot_be_paged_as_the_policy_says_is_named_with_the_line_all_at_once() -> None:
    by_pager = ROTA.replace('page = ["rota:noc"]', 'page = ["rota:noc"]\ndevices = ["pager", "phone"]')
    text = f"""
{by_pager}
[[modems]]
name = "modem1"
port = "/dev/ttyUSB0"
{PEOPLE}
[[policies]]
name = "direct"
fallback = ["cara"]
steps = [{{ page = ["anna"], devices = "pager" }}]
[[services]]
name = "db"
policy = "default"
needs = ["postgres"]
"""
    with pytest.raises(ConfigError) as refused:
        parse(text, now=int(EPOCH.timestamp()) * 1_000_000)
    said = [str(problem) for problem in refused.value.problems]
    assert [line.partition(": ")[2] for line in said] == [
        "rotas[0].fallback[0]: 'cara' has no pager, and a policy that pages 'noc' uses one",
        "rotas[0].layers[0].people[0]: 'anna' has no pager, and a policy that pages 'noc' uses one",
        "rotas[0].layers[0].people[1]: 'ben' has no pager, and a policy that pages 'noc' uses one",
        "policies[1].steps[0].devices: 'anna' has no pager, and this step uses one",
        "services[0].needs[0]: nobody has the skill 'postgres'",
    ]
    assert all(line.startswith("line ") for line in said)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('"sms"', 'must be "phone" or "pager", or both in the order of use: ["pager", "phone"]'),
        ('{ loud = "pager" }', "'loud' is no severity: critical, error, warning, info"),
    ],
)
def test_a_kind_or_a_severity_that_there_is_not_is_a_sentence(written: str, sentence: str) -> None:
    policy = f'[[policies]]\nname = "p"\nfallback = ["cara"]\nsteps = [{{ page = ["anna"], devices = {written} }}]\n'
    with pytest.raises(ConfigError, match="devices") as refused:
        parse(f'[[modems]]\nname = "m"\nport = "/dev/m"\n{PEOPLE}{policy}')
    assert [problem.message for problem in refused.value.problems] == [sentence]


SKILLED = PEOPLE.replace('full_name = "Ben"\n', 'full_name = "Ben"\nskills = ["postgres"]\n')
NEEDS = '[[services]]\nname = "db"\npolicy = "default"\nneeds = ["postgres"]\n'


@point(20)
def test_of_those_on_call_the_one_who_knows_the_database_is_paged_first(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", service="network")
        await house.until(lambda: paged(house) == ["anna"])
        await house.alert("b", service="db", summary="replica lags")
        await house.text(house.ben, "replica lags")
        assert paged(house) == ["anna", "ben"], "Anna is on call, Ben is her backup"
        await house.text(house.anna, "replica lags", 400)
        answer = await house.get("/api/v1/oncall", service="db")
        assert answer["service"]["order"] == "ben has postgres, and is paged first"
        assert [step["people"][0]["person"] for step in answer["service"]["steps"]] == ["ben", "anna"]
        rows = house.daemon.store.peek(journal.rows, limit=1000)
        told = [json.loads(r["words"])["why"] for r in rows if r["event"] == "skills_looked_at"]
        assert told == ["ben has postgres, and is paged first"]

    play(tmp_path, story, policy=ROTA + NEEDS, people=SKILLED)


@point(20)
def test_when_nobody_on_call_has_the_skill_the_one_on_call_is_paged_all_the_same(tmp_path: Path) -> None:
    skilled = PEOPLE.replace('full_name = "Cara"\n', 'full_name = "Cara"\nskills = ["postgres"]\n')

    async def story(house: House) -> None:
        await house.alert("b", service="db", summary="replica lags")
        await house.text(house.anna, "replica lags")
        answer = await house.get("/api/v1/oncall", service="db")
        assert answer["service"]["order"] == "nobody on call has postgres: whoever is on call is paged"
        await house.text(house.ben, "replica lags", 400)

    play(tmp_path, story, policy=ROTA + NEEDS, people=skilled)
