"""Who is on call, and what changes it, typed at a real daemon."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest

from tests.cli.house import House

CONFIG = """\
state_dir = "{home}/state"

[web]
listen = []

[[modems]]
name = "modem1"
port = "{home}/no-such-modem"

[[people]]
name = "anna"
full_name = "Anna Example"
devices = [{{ number = "+447700900123" }}]

[[people]]
name = "ben"
devices = [{{ number = "+447700900124" }}]

[[people]]
name = "cara"
devices = [{{ number = "+447700900125" }}]

[[services]]
name = "network"
policy = "duty"

[[policies]]
name = "duty"
steps = [{{ page = ["rota:noc"], wait_s = 300 }}, {{ page = ["backup:noc"], wait_s = 600 }}]
fallback = ["cara"]

[[rotas]]
name = "noc"
title = "Réseau"
zone = "Europe/London"
fallback = ["cara"]

[[rotas.layers]]
name = "weeks"
people = ["anna", "ben"]
start = 2026-01-05
hand_over = "mon 09:00"
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("gatewayd")
    with House(home, CONFIG.format(home=home)) as house:
        yield house
        assert house.stop() == 0


def on_call(house: House, at: str) -> str:
    told = house.types("oncall", "--rota", "noc", "--at", at, "--json")
    assert told.status == 0, told.err
    return str(told.json["rotas"][0]["person"])


def booked(house: House, *words: str) -> int:
    told = house.types(*words, "--json")
    assert told.status == 0, told.err
    return int(told.json["id"])


def test_who_is_on_call_then_and_why(house: House) -> None:
    told = house.types("oncall", "--at", "2027-07-07 12:00")
    assert told.status == 0, told.err
    row = told.out.splitlines()[1]
    assert row.startswith("noc   anna     Mon 2027-07-12 09:00  ben   ben")
    assert "Europe/London" in row
    assert row.endswith("their turn in 'weeks'")


def test_whom_a_service_would_page_step_by_step(house: House) -> None:
    told = house.types("oncall", "--at", "2027-07-07 12:00", "--service", "network").out
    _, steps = told.split("network: policy duty\n")
    assert [line.split()[:6] for line in steps.splitlines()[1:3]] == [
        ["step", "1", "300", "s", "anna", "rota:noc"],
        ["step", "2", "600", "s", "ben", "backup:noc"],
    ]
    assert steps.splitlines()[3].split()[:2] == ["then", "-"]
    assert "netwrok: policy duty, for it is not listed" in house.types("oncall", "--service", "netwrok").out


def test_the_weeks_ahead_as_a_picture_as_figures_and_as_a_calendar(house: House) -> None:
    fine = house.types("rota", "noc", "--since", "2027-07-05 09:00", "--weeks", "3")
    assert fine.status == 0, fine.err
    assert fine.out.startswith("Réseau, Europe/London, from 5 Jul 2027")
    assert "│anna" in fine.out
    assert "Mon 2027-07-12 09:00  ben" in fine.out
    figures = house.types("rota", "noc", "--since", "2027-07-01", "--weeks", "4", "--figures").out
    assert figures.startswith("2027-07\nPERSON")
    assert "Share (1 is fair)" in figures
    feed = house.types("rota", "noc", "--ics", "--person", "anna").out
    events = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    assert {str(event["SUMMARY"]) for event in events} == {"noc: anna"}


def test_a_calendar_is_written_as_calendars_are(house: House) -> None:
    words = [sys.executable, "-m", "gatewayd", "rota", "noc", "--ics", "--config", str(house.config)]
    feed = subprocess.run(words, capture_output=True, timeout=60, check=True).stdout
    assert feed.endswith(b"END:VCALENDAR\r\n")
    assert feed.count(b"\r\n") == feed.count(b"\n") > 20


def test_a_terminal_that_knows_ascii_alone_gets_a_picture_in_ascii(house: House) -> None:
    words = [sys.executable, "-m", "gatewayd", "rota", "noc", "--since", "2027-07-05 09:00", "--config",
             str(house.config)]  # fmt: skip
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    told = subprocess.run(words, capture_output=True, timeout=60, env=environ, check=False)
    assert told.returncode == 0, told.stderr
    assert b"|anna" in told.stdout
    assert told.stdout.isascii()


def test_an_override_a_swap_and_an_absence_until_they_are_called_off(house: House) -> None:
    monday, tuesday = "2027-07-05 09:00", "2027-07-06 12:00"
    assert on_call(house, tuesday) == "anna"
    told = house.types("override", "noc", "cara", monday, "+2d", "--note", "training")
    assert told.status == 0, told.err
    assert "cara has noc from Mon 5 Jul 09:00 to Wed 7 Jul 09:00 (Europe/London)" in told.out
    override = told.out.split()[1].rstrip(":")
    assert house.types("override", "noc", "cara", monday, "+2d").out == told.out.replace(
        "\n", ", as was booked already\n"
    )
    assert on_call(house, tuesday) == "cara"
    swap = booked(house, "swap", "cara", "ben", monday, "wed 09:00", "--rota", "noc")
    assert on_call(house, tuesday) == "ben"
    absence = booked(house, "absent", "anna", "2027-07-05", "2027-07-11")
    shadow = booked(house, "shadow", "cara", monday, "+1w", "--of", "ben")
    for words in (
        ("absent", "anna", "2027-07-05", "2027-07-11"),
        ("swap", "cara", "ben", monday, "wed 09:00", "--rota", "noc"),
    ):
        assert house.types(*words).out.endswith(", as was booked already\n")
    listed = house.types("changes").out
    assert len(listed.splitlines()) == 5
    assert "ben covers cara on noc from Mon 5 Jul 09:00 to Wed 7 Jul 09:00" in listed
    assert "anna is away from Mon 5 Jul 00:00 to Mon 12 Jul 00:00" in listed
    assert "cara shadows ben from Mon 5 Jul 09:00 to Mon 12 Jul 09:00" in listed
    assert "training" in listed
    for number in (override, str(swap), str(shadow)):
        assert house.types("call-off", number).out == f"change {number}: ended\n"
    assert on_call(house, tuesday) == "ben"  # Anna is away, and he is next
    house.types("call-off", str(absence))
    assert on_call(house, tuesday) == "anna"
    assert house.types("changes").out == "no changes\n"


def test_what_is_refused_says_why(house: House) -> None:
    for words, said in (
        (("override", "nok", "cara", "now", "+1d"), "rota: there is no rota 'nok'; did you mean 'noc'?"),
        (("absent", "anna", "soon", "+1d"), "since: 'soon' is no time; write it as 2026-12-24 17:00, mon 09:00"),
        (("absent", "anna", "now", "2026-01-01"), "until: it ends before it begins"),
        (("call-off", "999"), "there is no change 999"),
        (("rota", "nok"), "there is no rota 'nok'; did you mean 'noc'?"),
    ):
        told = house.types(*words)
        assert (told.status, told.out) == (1, ""), words
        assert said in told.err


def test_the_overrides_of_a_calendar(house: House, tmp_path: Path) -> None:
    file = tmp_path / "overrides.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a@x\nDTSTART;TZID=Europe/London:20270705T090000\n"
        "DTEND;TZID=Europe/London:20270706T090000\nSUMMARY:NOC: Anna Example\nEND:VEVENT\nBEGIN:VEVENT\nUID:b@x\n"
        "DTSTART:20270712T090000Z\nDTEND:20270713T090000Z\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    told = house.types("import-overrides", "noc", str(file))
    assert (told.status, told.out) == (0, "noc: 1 override booked\n"), told.err
    assert "left out: 'Dentist': its title names nobody who is known" in told.err
    assert house.types("import-overrides", "noc", str(file)).out == "noc: 0 overrides booked\n"
    (change,) = house.types("changes", "--json").json["changes"]
    assert (change["person"], change["kind"]) == ("anna", "override")
    file.write_text(file.read_text().replace("VERSION:2.0\n", "VERSION:2.0\nMETHOD:CANCEL\n"))
    cancelled = house.types("import-overrides", "noc", str(file))
    assert cancelled.out == "noc: 0 overrides booked, 1 ended\n"
    assert "left out: 2 events are cancelled" in cancelled.err
    file.write_text("BEGIN:VCALENDAR\n")
    cut = house.types("import-overrides", "noc", str(file))
    assert cut.status == 1
    assert "nothing was taken over: it was cut off" in cut.err
    gone = house.types("import-overrides", "noc", str(tmp_path / "none.ics"))
    assert gone.status == 2
    assert f"cannot read {tmp_path / 'none.ics'}: No such file or directory" in gone.err
