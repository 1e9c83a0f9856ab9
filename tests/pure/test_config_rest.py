"""One early fault in the file does not hide what else is wrong with it, and makes nothing up."""

from __future__ import annotations

import pytest

from gatewayd.config.file import ConfigError, parse
from tests.tale import TEAM, policy, weekly

NOW = 1_795_320_000_000_000
HEAD = 'state_dir = "/tmp/x"\n[[modems]]\nname = "modem1"\nport = "/dev/ttyUSB0"\n'
SKILL = '[[services]]\nname = "db"\npolicy = "default"\nneeds = ["postgress"]\n'
LATE = weekly("anna", "ben", start="2026-12-05")  # a gap until then
NO_SKILL = "services[0].needs[0]"
GAP = "rotas[0].layers"


def places(*parts: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        parse("".join((HEAD, *parts)), now=NOW)
    return sorted(problem.path for problem in refused.value.problems)


def test_the_other_faults_are_told_beside_the_one_that_keeps_the_file_from_being_read() -> None:
    good = policy("rota:noc 300")
    assert places(good, TEAM, SKILL, LATE) == sorted([NO_SKILL, GAP])
    for wrong, place in (
        (LATE.replace("Europe/London", "Europe/Londn"), "rotas[0].zone"),
        (LATE.replace('fallback = ["dan"]', ""), "rotas[0].fallback"),
    ):
        assert places(good, TEAM, SKILL, wrong) == sorted([NO_SKILL, GAP, place])
    late = good.replace('fallback = ["dan"]', "")
    assert places(late, TEAM, SKILL, LATE) == sorted([NO_SKILL, GAP, "policies[0].fallback"])


def test_one_bad_value_of_a_list_hides_no_wrong_name_beside_it() -> None:
    wrong = weekly("anna", "bne", hand_over="mon 9:00", start="2025-12-01")
    told = places(policy("rota:noc 300"), TEAM, wrong)
    assert told == ["rotas[0].layers[0].hand_over[0]", "rotas[0].layers[0].people[1]"]


def test_nothing_is_said_of_what_may_be_in_the_part_that_cannot_be_read() -> None:
    shown = '[[teams]]\nname = "noc"\nmembers = []\n[[calendars]]\nname = "office"\nzone = 7\n'
    rule = '[[rules]]\nname = "by-day"\ncalendar = "office"\nduring = "working hours"\npolicy = "default"\n'
    assert places(policy("team:noc 300"), TEAM, shown, rule) == ["calendars[0].zone", "teams[0].members"]


def test_a_person_who_cannot_be_read_is_missed_by_nobody() -> None:
    people = TEAM.replace("+447700900112", "0")  # Ben's
    assert places(policy("rota:noc 300"), people, weekly("anna", "ben", start="2025-12-01")) == [
        "people[1].devices[0].number"
    ]


def test_a_key_that_is_written_twice_is_named() -> None:
    with pytest.raises(ConfigError) as refused:
        parse(HEAD + "[web]\nlimit = 1\nlimit = 2\n", now=NOW)
    told = [(problem.line, problem.message) for problem in refused.value.problems]
    assert told == [(7, "not TOML: 'limit' stands in this table twice")]


@pytest.mark.parametrize(
    "deep", ["a." * 1200 + "b = 1", "a = " + "[" * 40 + "]" * 40, "a = " + "{b = " * 30 + "1" + "}" * 30]
)
def test_what_is_nested_too_deeply_is_told_at_once(deep: str) -> None:
    with pytest.raises(ConfigError, match="nested too deeply"):
        parse(f"{HEAD}[web]\n{deep}\n", now=NOW)


@pytest.mark.parametrize(
    ("start", "said"),
    [("1969-12-31", "must be at least 1970-01-01"), ("2200-01-01", "must be less than 2200-01-01")],
)
def test_a_day_out_of_reach_is_told_as_a_day(start: str, said: str) -> None:
    rota = weekly("anna", "ben", start=start)
    with pytest.raises(ConfigError) as refused:
        parse("".join((HEAD, policy("rota:noc 300"), TEAM, SKILL, rota)), now=NOW)
    found = {problem.path: problem.message for problem in refused.value.problems}
    assert found["rotas[0].layers[0].start"] == said
    assert NO_SKILL in found, "the other faults are told as well"


def test_a_rule_that_would_never_fit_is_told() -> None:
    office = '[[calendars]]\nname = "office"\nzone = "Europe/London"\n'
    rule = '[[rules]]\nname = "by-day"\ncalendar = "office"\nduring = "working hours"\npolicy = "default"\n'
    config = parse("".join((HEAD, policy("dan 300"), TEAM, office, rule)), now=NOW)
    assert config.warnings == ("rules[0].during: never fits: calendar 'office' has no 'working' hours",)


def test_nobody_shadows_themselves() -> None:
    learns = weekly("anna", "ben", more='shadows = [{ person = "anna", of = "anna" }]')
    assert places(policy("rota:noc 300"), TEAM, learns) == ["rotas[0].shadows[0]"]


def test_maintenance_of_the_gateway_itself_keeps_nothing_and_is_told() -> None:
    work = '[[maintenance]]\nname = "work"\nservices = ["gatewayd"]\nzone = "UTC"\nwhen = [{ days = "sun" }]\n'
    config = parse("".join((HEAD, policy("dan 300"), TEAM, work)), now=NOW)
    assert config.warnings == (
        "maintenance[0].services: 'gatewayd' is the gateway itself: nothing keeps back what it says",
    )
