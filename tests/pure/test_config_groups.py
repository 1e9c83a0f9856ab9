"""The group number of a team in the configuration: what is taken, and what is said when it is wrong."""

from __future__ import annotations

import pytest

from gatewayd.config.file import ConfigError, parse
from gatewayd.oncall.directory import GroupCall

BUREAUS = """\
[[modems]]
name = "modem1"
port = "/dev/gatewayd/modem1"
[[smpp]]
name = "north"
host = "smpp.north.example"
system_id = "acme"
[[tap]]
name = "south"
end = "tcp://tap.south.example:10001"
"""
PEOPLE = """\
[[people]]
name = "anna"
devices = [{ kind = "pager", number = "0047110", channel = "north" }]
[[people]]
name = "ben"
devices = [{ number = "+447700900123" }]
[[policies]]
name = "everybody"
steps = [{ page = ["team:noc"] }]
fallback = ["anna"]
"""
TEAM = '[[teams]]\nname = "noc"\nmembers = ["anna", "ben"]\n'
AT = "line 24: teams[0].group"


def with_group(group: str, rest: str = "") -> str:
    return f"{BUREAUS}{PEOPLE}{TEAM}group = {group}\n{rest}"


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, environ={})
    return [str(p) for p in caught.value.problems]


def test_who_has_a_pager_at_the_bureau_wears_the_number() -> None:
    found = parse(with_group('{ number = "0047100", channel = "north" }'), environ={}).directory
    assert found.group_calls(("ben", "team:noc")) == (GroupCall("noc", "north", ("anna",), 120),)
    assert found.group_calls(("anna", "ben")) == ()


def test_who_wears_it_may_be_said_and_letters_are_for_tap() -> None:
    group = '{ number = "A7100", channel = "south", worn_by = ["ben", "anna"], wait_s = 60 }'
    found = parse(with_group(group), environ={}).directory
    assert found.group_calls(("team:noc",)) == (GroupCall("noc", "south", ("ben", "anna"), 60),)
    assert problems(with_group(group.replace("south", "north"))) == [
        f"{AT}.number: the number of a group is 1 to 20 digits, without '+' and spaces"
    ]


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ('{ number = "1", channel = "nroth" }', ".channel: no channel 'nroth'; did you mean 'north'?"),
        ('{ number = "1", channel = "modem1" }', ".channel: 'modem1' is a modem; the number of a group is at a bureau"),
        (
            '{ number = "+4477", channel = "north" }',
            ".number: the number of a group is 1 to 20 digits, without '+' and spaces",
        ),
        (
            '{ number = "0047110", channel = "north" }',
            ".number: this is the pager of 'anna' alone, not a group's number",
        ),
        (
            '{ number = "1", channel = "south" }',
            ".channel: nobody of the team has a pager at 'south'; say who wears the group's: worn_by = [...]",
        ),
        ('{ number = "1", channel = "north", worn_by = ["anna", "cara"] }', ".worn_by[1]: 'cara' is not in the team"),
        ('{ number = "1", channel = "north", worn_by = [] }', ".worn_by: needs at least 1"),
        ('{ number = "1" }', ".channel: is missing"),
        ('{ number = "1", channel = "north", wait = 60 }', ".wait: unknown key 'wait'; did you mean 'wait_s'?"),
        ('"1"', ": must be a table"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(group: str, said: str) -> None:
    assert problems(with_group(group)) == [f"{AT}{said}"]


def test_a_number_belongs_to_one_group() -> None:
    other = '[[teams]]\nname = "dc"\nmembers = ["anna"]\ngroup = { number = "1", channel = "north" }\n'
    assert problems(with_group('{ number = "1", channel = "north" }', other)) == [
        "line 28: teams[1].group.number: this is the group's number of 'team:noc' already"
    ]
