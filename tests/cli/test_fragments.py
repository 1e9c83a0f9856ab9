"""What the documents show can be copied: fragments of the configuration are good, commands can be typed so."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest import MonkeyPatch

from gatewayd.cli.arguments import parser
from gatewayd.config.file import parse
from gatewayd.metrics import exposition

REPOSITORY = Path(__file__).parents[2]
GUIDES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
OF_THE_STREET = {"hw-sim.md"}  # its tables are those of scenes

HOUSE = """
default_policy = "night"
[dialling]
country_code = "44"
trunk_prefix = "0"
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
[[people]]
name = "anna"
devices = [{ number = "07700 900123" }, { kind = "pager", number = "0047110", channel = "north" }]
[[people]]
name = "bob"
devices = [{ number = "07700 900124" }]
[[people]]
name = "ben"
devices = [{ number = "07700 900125" }, { kind = "pager", number = "0047111", channel = "north" }]
[[people]]
name = "cara"
devices = [{ number = "07700 900126" }]
[[people]]
name = "dora"
devices = [{ number = "07700 900127" }]
[[people]]
name = "eve"
devices = [{ number = "07700 900128" }]
[[people]]
name = "kim"
devices = [{ number = "07700 900129" }]
[[people]]
name = "lee"
devices = [{ number = "07700 900130" }]
[[people]]
name = "raul"
devices = [{ number = "07700 900131" }]
[[teams]]
name = "noc"
members = ["anna", "ben"]
[[calendars]]
name = "office"
zone = "Europe/London"
working = [{ days = "mon-fri", hours = "09:00-17:00" }]
[[rotas]]
name = "network"
zone = "Europe/London"
fallback = ["anna", "ben"]
[[rotas.layers]]
name = "weeks"
people = ["anna", "ben"]
start = 2026-01-05
[[policies]]
name = "night"
steps = [{ page = ["anna"] }]
fallback = ["team:noc"]
[[policies]]
name = "network"
steps = [{ page = ["rota:network"] }]
fallback = ["team:noc"]
[[policies]]
name = "whole-team"
steps = [{ page = ["team:noc"] }]
fallback = ["anna"]
"""
BELONGS = {  # a fragment without a table of its own, by its first key
    "hours": '[[ways]]\nchannel = "north"\n',
    "per_minute": '[[ways]]\nchannel = "modem1"\n',
    "cost": '[[ways]]\nchannel = "modem1"\n',
    "recover_command": '[[modems]]\nname = "modem1"\nport = "/dev/gatewayd/modem1"\n',
}


def blocks() -> Iterator[tuple[str, str, str, str]]:
    """Document, place, language and text of everything between two fences."""
    for guide in GUIDES:
        text = guide.read_text()
        for found in re.finditer(r"^```(\w*)\n(.*?)^```", text, re.S | re.M):
            yield guide.name, f"{guide.name}:{text[: found.start()].count(chr(10)) + 1}", found[1], found[2]


def fragments() -> Iterator[tuple[str, str]]:
    for guide, place, language, text in blocks():
        looks_so = re.search(r"^\[+[a-z_.]+\]+|^[a-z_]+ = ", text, re.M)
        if looks_so and guide not in OF_THE_STREET and language in {"", "toml"}:
            yield place, text


def house_with(fragment: str) -> str:
    """The house, in which the tables of the fragment stand in place of those with the same names."""
    if key := re.match(r"[a-z_]+", fragment):
        fragment = BELONGS[key[0]] + fragment
    named = {
        (table, row["name"])
        for table, rows in tomllib.loads(fragment).items()
        if isinstance(rows, list)
        for row in rows
        if "name" in row
    }
    kept = [
        part
        for part in re.split(r"(?m)^(?=\[\[(?!rotas\.))", HOUSE)
        if not (found := re.match(r'\[\[([a-z]+)\]\]\nname = "([^"]+)"', part)) or (found[1], found[2]) not in named
    ]
    return "".join(kept) + fragment


@pytest.mark.parametrize(("place", "fragment"), [pytest.param(*f, id=f[0]) for f in fragments()])
def test_a_fragment_is_good_in_a_house_that_has_what_it_names(place: str, fragment: str) -> None:
    assert parse(house_with(fragment), environ={}).people, place


def typed() -> Iterator[tuple[str, str]]:
    """Every command with its arguments: alone on a line of a block, or between backticks."""
    for guide in GUIDES:
        prose = re.sub(r"^```.*?^```", "", guide.read_text(), flags=re.M | re.S)
        for line in re.findall(r"`(?:sudo )?gatewayd ([a-z][^`]*)`", prose):
            yield guide.name, " ".join(line.split())
    for guide_name, _, _, text in blocks():
        for line in re.findall(r"(?:^|&& |\$ |; )(?:sudo )?gatewayd ([a-z].*?)(?= {2,}|$|&&| > )", text, re.M):
            yield guide_name, " ".join(line.split())


@pytest.mark.parametrize(("guide", "line"), sorted(set(typed())))
def test_a_command_can_be_typed_as_it_stands(guide: str, line: str, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "holidays.ics").touch()
    line = line.replace("$(date +%F)", "today")
    words = shlex.split(re.sub(r"\bN\b", "12", line.replace("NAME", "anna")))
    if len(words) > 1 and words[-1] != "probe" and words[-1] != "term":
        assert parser().parse_args(words), guide
    else:  # a word of a sentence: `gatewayd incident` shows it
        assert words[0] in parser().format_usage() or words[0] in parser().format_help(), guide


def test_the_rules_for_prometheus_are_those_of_the_table() -> None:
    """config/prometheus-rules.yml; promtool reads it in tests/peers."""
    table = re.search(r"(?s)^\| alert on \|.*?\n\n", (REPOSITORY / "docs" / "operations.md").read_text(), re.M)
    rules = (REPOSITORY / "config" / "prometheus-rules.yml").read_text()
    assert table
    watched = set(re.findall(r"gatewayd_\w+", table[0]))
    assert set(re.findall(r"gatewayd_\w+", rules)) == watched - {"gatewayd_modem_signal_dbm"}  # that one has no number
    shown = exposition().decode()
    assert [name for name in watched if not re.search(rf"^# TYPE {name} ", shown, re.M)] == []
