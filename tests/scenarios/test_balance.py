"""What is left on a card: asked of the street's operator, kept, told once when it is little."""

from __future__ import annotations

from pathlib import Path

from gatewayd import metrics
from tests.house import PEOPLE, House, play

BALANCE = '[modems.balance]\nussd = "*100#"\nevery = "1h"\nwarn_below = 1.0\n'
GERMAN = PEOPLE.replace('full_name = "Ben"', 'full_name = "Ben"\nlanguage = "de"')
TELL = '[pool]\ntell = ["cara", "ben"]\nincident = true\n'


def test_a_card_that_is_nearly_empty_is_told_of_once_and_its_incident_ends_when_it_has_more(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem2", {"kind": "credit", "messages": 12})
        await house.pass_time(120)
        (modem,) = [m for m in (await house.get("/api/v1/modems"))["modems"] if m["name"] == "modem2"]
        assert modem["balance"]["amount"] == 1.2
        assert modem["balance"]["said"] == "Your balance is 1.20"
        assert metrics.REGISTRY.get_sample_value("gatewayd_sim_balance", {"channel": "modem2"}) == 1.2
        house.street.fault("modem2", {"kind": "credit", "messages": 5})
        await house.pass_time(3_700)
        assert len(house.cara.texts("modem2 has 0.5 left on its card; that is below 1")) == 1
        assert len(house.ben.texts("modem2 hat noch 0.5 auf der Karte, weniger als 1.")) == 1
        assert (await house.incident(1))["state"] == "open"
        await house.crash()
        await house.wake()
        await house.pass_time(120)
        assert len(house.cara.texts("modem2 has 0.")) == 1, "it was told before"
        house.street.fault("modem2", {"kind": "credit", "messages": 500})
        await house.pass_time(3_700)
        assert (await house.incident(1))["state"] == "resolved"

    play(tmp_path, story, config=TELL, people=f"{BALANCE}{GERMAN}")
