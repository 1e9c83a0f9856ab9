"""docs/rotas.md: its example is read as it stands, and says what the text says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from gatewayd.oncall.cover import Facts
from gatewayd.oncall.duty import Duty, on_call
from gatewayd.oncall.hours import Calendar, at_work
from gatewayd.oncall.rota import Rota, plan
from gatewayd.oncall.rota_faults import Findings, Staff, check
from tests.pure.rotas import local, utc

GUIDE = (Path(__file__).parents[2] / "docs" / "rotas.md").read_text()
PEOPLE = ("anna", "bob", "cara", "dora", "eve", "kim", "lee", "raul")


def example() -> tuple[list[Rota], list[Calendar]]:
    found = re.search(r"```toml\n(.*?)```", GUIDE, re.S)
    assert found
    settings: dict[str, Any] = tomllib.loads(found[1])
    rotas = [Rota.model_validate(rota) for rota in settings.pop("rotas")]
    calendars = [Calendar.model_validate(calendar) for calendar in settings.pop("calendars")]
    assert not settings
    return rotas, calendars


def on_noc(text: str) -> Duty:
    rotas, calendars = example()
    return on_call(plan(rotas[0], {c.name: c for c in calendars}), Facts(), local("Europe/London", text))


def test_the_example_is_in_order() -> None:
    staff = Staff(dict.fromkeys(PEOPLE, frozenset({"phone"})), {"noc": frozenset({"phone"})})
    assert check(*example(), staff, now=utc("2026-11-22 12:00")) == Findings([], [], [])


def test_what_is_commented_out_is_the_default() -> None:
    lines = [re.sub(r"^# (\w+ = )", r"\1", line) for line in GUIDE.splitlines() if "until =" not in line]
    found = re.search(r"```toml\n(.*?)```", "\n".join(lines), re.S)
    assert found
    written = tomllib.loads(found[1])
    rotas, calendars = example()
    assert [Rota.model_validate(rota) for rota in written["rotas"]] == rotas
    assert [Calendar.model_validate(calendar) for calendar in written["calendars"]] == calendars


def test_it_says_what_the_text_says() -> None:
    assert on_noc("2026-11-23 10:00").person == "dora"
    assert (on_noc("2026-11-23 18:00").person, on_noc("2026-11-23 18:00").shadows) == ("bob", ())
    assert (on_noc("2026-12-07 18:00").person, on_noc("2026-12-07 18:00").shadows) == ("anna", ("eve",))
    assert on_noc("2026-12-25 10:00").person == "cara", "the desk is closed"
    office = example()[1][0]
    for text, yes in (("2026-12-24 10:00", False), ("2027-05-03 10:00", True), ("2026-11-27 16:30", False)):
        assert at_work(office, local("Europe/London", text)).yes is yes
