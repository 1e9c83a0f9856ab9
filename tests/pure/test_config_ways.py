"""Rules of routes and ways in the configuration: what is taken, and what is said when they are wrong."""

from __future__ import annotations

import pytest

from gatewayd.config.file import ConfigError, parse

HOUSE = """\
[[modems]]
name = "modem1"
port = "/dev/gatewayd/modem1"
[[modems]]
name = "modem2"
port = "/dev/gatewayd/modem2"
[[smpp]]
name = "north"
host = "smpp.north.example"
system_id = "acme"
[[tap]]
name = "south"
end = "tcp://127.0.0.1:5000"
[[people]]
name = "anna"
devices = [
  { number = "+447700900123" },
  { number = "+447800900123", channel = "modem2" },
  { kind = "pager", number = "0047110", channel = "north" },
]
[[policies]]
name = "everybody"
steps = [{ page = ["anna"] }]
fallback = ["anna"]
"""
LINES = HOUSE.count("\n")


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(HOUSE + text, environ={})
    return [str(p) for p in caught.value.problems]


def test_rules_and_ways_are_read() -> None:
    config = parse(
        HOUSE
        + """
[[routes]]
prefix = "+4478"
only = ["modem2"]
because = "that network"
[[ways]]
channel = "modem1"
cost = 0.04
costs = { "+33" = 0.11, "+" = 0.2 }
hours = ["mon-fri 08:00-18:00", "sat,sun 22:00-06:00"]
zone = "Europe/London"
critical_any_hour = true
""",
        environ={},
    )
    plan = config.plan
    assert plan.forbids("+447800900123", "modem1") == "routes[0] (that network)"
    assert not plan.forbids("+447800900123", "modem2")
    assert not plan.forbids("+447700900123", "modem1")
    assert [plan.cost("modem1", to) for to in ("60777", "+33612345678", "+447700900123")] == [40_000, 110_000, 200_000]
    assert plan.cost("modem2", "+33612345678") == 0


def test_an_unknown_channel_is_told_with_its_line() -> None:
    assert problems('[[routes]]\nprefix = "+4479"\nonly = ["modem3"]\n[[ways]]\nchannel = "nort"\n') == [
        f"line {LINES + 3}: routes[0].only[0]: no channel 'modem3'; did you mean 'modem2'?",
        f"line {LINES + 5}: ways[0].channel: no channel 'nort'; did you mean 'north'?",
    ]


def test_a_rule_that_never_counts_is_told() -> None:
    text = '[[routes]]\nprefix = "+447"\nnever = ["south"]\n[[routes]]\nnumber = "+447700900123"\nonly = ["modem1"]\n'
    assert problems(text) == [
        f"line {LINES + 5}: routes[1].number: never counts: routes[0] before it fits all of these; put this one first"
    ]


def test_a_device_that_a_rule_leaves_without_a_way_is_told() -> None:
    assert problems('[[routes]]\nprefix = "+4478"\nonly = ["modem1"]\n') == [
        "line 18: people[0].devices[1].channel: routes[0] forbids 'modem2' for this number"
    ]
    assert problems('[[routes]]\nprefix = "+4477"\nnever = ["modem1", "modem2"]\n') == [
        "line 17: people[0].devices[0].number: routes[0] leaves no channel for this number"
    ]
    assert problems('[[routes]]\nnumber = "0047110"\nonly = ["south"]\n') == [
        "line 19: people[0].devices[2].channel: routes[0] forbids 'north' for this number"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[routes]]\nonly = ["modem1"]', "routes[0]: give it a prefix or a number"),
        ('[[routes]]\nprefix = "+44"', "give it the channels that may be used (only) or those that may not (never)"),
        ('[[routes]]\nprefix = "+4479"\nonly = ["south"]', "routes[0].only: only bureaus that page pagers"),
        ('[dialling]\ncountry_code = "44"\ntrunk_prefix = "0"\n[[routes]]\nprefix = "078"\nonly = ["north"]', "+44..."),
        ('[[routes]]\nprefix = "07 8"\nonly = ["north"]', "routes[0].prefix: must be"),
        ('[[ways]]\nchannel = "north"\n[[ways]]\nchannel = "north"', "ways[1].channel: 'north' has a table already"),
        ('[[ways]]\nchannel = "modem1"\nsession_pause_s = 5', "'modem1' is a modem: it has no sessions"),
        (
            '[[ways]]\nchannel = "south"\nper_session = 5',
            "ways[0].per_session: 'south' is called by TAP: say pages_max",
        ),
        ('[[ways]]\nchannel = "north"\nhours = ["8-18"]', "ways[0].hours: write days and times"),
        ('[[ways]]\nchannel = "north"\nzone = "Europe/Londn"', "ways[0].zone: there is no time zone 'Europe/Londn'"),
        ('[[ways]]\nchannel = "north"\ncritical_any_hour = true', "there are no hours that it could break"),
        ('[[ways]]\nchannel = "north"\ncost = -1', "ways[0].cost: must be at least 0"),
        ('[[ways]]\nchannel = "north"\ncosts = { "x y" = 1 }', "ways[0].costs"),
        ('[[ways]]\nchannel = "north"\ncosst = 1', "unknown key 'cosst'; did you mean 'cost'?"),
    ],
)
def test_what_is_wrong_is_said_in_words(text: str, said: str) -> None:
    found = problems(text + "\n")
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("line ")


RULED = """
[[routes]]
prefix = "+4478"
only = ["network:EE"]
[[ways]]
channel = "modem1"
network = "O2"
"""


def test_a_rule_of_a_network_that_no_sim_is_of_is_odd() -> None:
    """It leaves no way, or forbids nothing; a modem whose network nobody says may yet tell that it is of it."""
    assert parse(HOUSE + RULED, environ={}).warnings == ()
    both = RULED + '[[ways]]\nchannel = "modem2"\nnetwork = "Vodafone"\n'
    told = "routes[0].only[0]: no channel is of the network 'EE', as [[ways]] has it"
    assert parse(HOUSE + both, environ={}).warnings == (told,)
    misspelt = both.replace('only = ["network:EE"]', 'never = ["modem1", "network:Vodaphone"]')
    told = "routes[0].never[1]: no channel is of the network 'Vodaphone', as [[ways]] has it; did you mean 'Vodafone'?"
    assert parse(HOUSE + misspelt, environ={}).warnings == (told,)
    assert parse(HOUSE + both.replace('"Vodafone"', '"ee"'), environ={}).warnings == ()
    bureau = both.replace("network:EE", "network:North") + '[[ways]]\nchannel = "north"\nnetwork = "north"\n'
    assert parse(HOUSE + bureau, environ={}).warnings == ()
