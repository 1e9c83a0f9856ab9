"""Pagers of TAP bureaus in the configuration: what can be read, and will not do what is meant, is told as a note."""

from __future__ import annotations

from pathlib import Path

from gatewayd.config.file import parse

PEOPLE = """\
[[people]]
name = "anna"
devices = [{ kind = "pager", number = "4711", channel = "south" }]
[[policies]]
name = "everybody"
steps = [{ page = ["team:noc"] }]
fallback = ["anna"]
[[teams]]
name = "noc"
members = ["anna"]
group = { number = "4000", channel = "south" }
"""


def notes(south: str = "", *, end: str = "tcp://tap.south.example:10001", more: str = "") -> tuple[str, ...]:
    return parse(f'[[tap]]\nname = "south"\nend = "{end}"\n{south}\n{more}\n{PEOPLE}', environ={}, unseen=[]).warnings


def test_pagers_that_are_what_they_are_said_to_be() -> None:
    assert notes() == ()
    assert notes('numeric_pagers = ["47*", "4000"]') == ()


def test_a_pattern_that_is_nobodys() -> None:
    assert notes('tone_pagers = ["99*"]') == ("tap[0].tone_pagers[0]: '99*' is nobody's pager and no group's number",)


def test_a_group_number_of_another_kind_than_its_pagers() -> None:
    assert notes('numeric_pagers = ["47*"]') == (
        (
            "teams[0].group.number: none of its pagers is of the kind that 'south' takes it for:"
            " it belongs in numeric_pagers there"
        ),
    )


def test_a_port_that_is_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "modem").touch()
    assert notes(end=f"{tmp_path}/modem") == (f"tap[0].end: {tmp_path}/modem is a plain file, no port",)


def test_two_bureaus_that_are_called_alike() -> None:
    west = '[[tap]]\nname = "west"\nend = "unix:/run/modem"\ndial = "5551000"'
    assert notes('dial = "5551000"', end="unix:/run/modem", more=west) == (
        "tap[1].dial: 'south' is called by the same modem and number",
    )
