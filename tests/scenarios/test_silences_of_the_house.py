"""No silence keeps back what the house says of itself: neither one that names it, nor one that fits everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatewayd.web.client import ClientError
from tests.house import House, play
from tests.scenarios.test_asked_duty import said
from tests.scenarios.test_hand_over import TITLED
from tests.scenarios.test_silences_by_text import SERVICES, silences

OWN = SERVICES + '[self_report]\npolicy = "office"\n'


@pytest.mark.parametrize(
    "match", [{"services": ["*"]}, {"services": ["gate*"]}, {"severities": ["critical", "info"]}, {"keys": ["*"]}]
)
def test_what_fits_everything_keeps_the_rest_and_not_that(tmp_path: Path, match: dict[str, Any]) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/silences", match | {"until": "+2h", "reason": "work"})
        await said(house, house.anna, "stop", "told")
        await house.text(house.cara, "no more texts")

    play(tmp_path, story, policy=TITLED, config=OWN)


def test_what_pages_of_it_already_goes_on(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await said(house, house.anna, "stop", "told")
        await house.text(house.cara, "no more texts")
        await house.post("/api/v1/silences", {"services": ["*"], "until": "+2h", "reason": "work"})
        incident = await house.incident()
        assert (incident["state"], incident["held_for"]) == ("open", "")
        await house.pass_time(1000)
        assert len(house.cara.texts("no more texts")) > 1, "the policy goes on"

    play(tmp_path, story, policy=TITLED, config=OWN)


def test_a_silence_that_names_it_is_refused(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        body = {"services": ["db", "gatewayd"], "until": "+2h", "reason": "work"}
        with pytest.raises(ClientError, match="'gatewayd' is the gateway itself and is never silenced"):
            await house.post("/api/v1/silences", body)
        assert not await silences(house)

    play(tmp_path, story, policy=TITLED, config=OWN)


WORK = """
[[maintenance]]
name = "all-of-it"
services = ["*"]
zone = "Europe/London"
when = [{ days = "mon-sun" }]
"""
STANDS_BEFORE = """
[[inhibitions]]
name = "site-first"
by = { services = ["site"] }
of = { services = ["*"] }
"""


@pytest.mark.parametrize("kept_by", [WORK, STANDS_BEFORE])
def test_neither_maintenance_nor_an_inhibition_of_everything_keeps_it(tmp_path: Path, kept_by: str) -> None:
    async def story(house: House) -> None:
        await house.alert("site", service="site")
        await house.alert("db", service="db")
        await house.pass_time(30)
        assert (await house.incident(2))["held_for"] in ("maintenance", "inhibited")
        await said(house, house.anna, "stop", "told")
        await house.text(house.cara, "no more texts")

    play(tmp_path, story, policy=TITLED, config=OWN + kept_by)
