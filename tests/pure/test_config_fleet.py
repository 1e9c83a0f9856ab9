"""What `check` says of pools, budgets, proof of life and balances."""

from __future__ import annotations

import pytest

from gatewayd.config.file import ConfigError, parse

BASE = """
default_policy = "night"
[[modems]]
name = "modem1"
port = "unix:/run/m1"
{balance}
[[modems]]
name = "modem2"
port = "unix:/run/m2"
[[people]]
name = "anna"
devices = [{{ number = "+447700900123" }}]
[[policies]]
name = "night"
steps = [{{ page = ["anna"] }}]
fallback = ["anna"]
{more}
"""


def problems(more: str = "", balance: str = "") -> list[str]:
    try:
        parse(BASE.format(more=more, balance=balance), environ={}, now=0)
    except ConfigError as error:
        return [f"{problem.path}: {problem.message}" for problem in error.problems]
    return []


GOOD = """
[pool]
sticky_s = 86400
tell = ["anna"]
[[ways]]
channel = "modem1"
cost = 0.04
weight = 2
network = "EE"
per_minute = 10
burst = 5
per_hour = 200
budget = 25
budget_parts = 500
zone = "Europe/London"
[[routes]]
prefix = "+4478"
only = ["network:EE"]
[proof_of_life]
every = "6h"
numbers = { modem1 = "+447700900001", modem2 = "+447700900002" }
pairs = [["modem1", "modem2"]]
"""
BALANCE = '[modems.balance]\nussd = "*100#"\nevery = "1d"\npattern = "is ([0-9.]+)"\nwarn_below = 5\n'


def test_all_of_it_is_taken() -> None:
    assert problems(GOOD, BALANCE) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[pool]\ntell = ["ana"]\n', "pool.tell[0]: there is no 'ana'"),
        ('[[ways]]\nchannel = "modem1"\nburst = 3\n', "burst: says nothing without per_minute"),
        ('[[ways]]\nchannel = "modem1"\nbudget = 3\n', "budget: is never used up"),
        ('[[ways]]\nchannel = "modem1"\nbudget_stops = false\n', "budget_stops: there is no budget"),
        ('[proof_of_life]\nevery = "6h"\n', "needs the numbers of the SIMs in two modems"),
        ('[proof_of_life]\nevery = "often"\n', "must be a length of time"),
        (
            '[proof_of_life]\nevery = "6h"\nnumbers = { modem1 = "+447700900001", m9 = "+447700900002" }\n',
            "no modem 'm9'",
        ),
        (
            '[proof_of_life]\nevery = "6h"\nnumbers = { modem1 = "+447700900001" }\npairs = [["modem1", "modem2"]]\n',
            "the number of 'modem2' is not in numbers",
        ),
        (
            (
                '[proof_of_life]\nevery = "6h"\nnumbers = { modem1 = "+447700900001", modem2 = "+447700900002" }\n'
                'pairs = [["modem1", "modem1"]]\n'
            ),
            "a SIM that texts itself proves little",
        ),
        (
            '[proof_of_life]\nevery = "6h"\nnumbers = { modem1 = "+447700900001", modem2 = "+447700900001" }\n',
            "numbers.modem2: this is the number of the SIM in 'modem1' already",
        ),
        ('[ports]\nlook_at = ["dev/*"]\n', "look_at[0]: must be a path from the root"),
    ],
)
def test_what_does_not_fit_is_told(more: str, said: str) -> None:
    assert any(said in problem for problem in problems(more)), problems(more)


@pytest.mark.parametrize(
    ("balance", "said"),
    [
        ('[modems.balance]\nussd = "call me"\n', "must be a code of digits"),
        ('[modems.balance]\nussd = "*100#"\npattern = "no group"\n', "needs a group around the sum"),
        ('[modems.balance]\nussd = "*100#"\npattern = "("\n', "is no pattern"),
    ],
)
def test_a_balance_that_cannot_be_asked_is_told(balance: str, said: str) -> None:
    assert any(said in problem for problem in problems(balance=balance)), problems(balance=balance)
