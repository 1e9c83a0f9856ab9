"""A modem that says the network is out of order rests, visibly and shortly at first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA, House, play

OUT_OF_ORDER = {"kind": "refuse", "cms": 38}


def test_one_bad_answer_on_each_modem_costs_seconds(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(house: House) -> None:
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {**OUT_OF_ORDER, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "first", "priority": "critical"})
        await house.until(lambda: not house.daemon.ready()[0], 10)
        parts = house.daemon.ready()[1]
        assert parts["modem1"].startswith("resting: ")
        assert "cms 38" in parts["modem1"]
        await house.alert()
        await house.text(house.anna, "edge2", 12)
        await house.text(house.anna, "first", 12)
        assert house.daemon.ready()[0]

    play(tmp_path, story)
    assert sum(getattr(record, "event", "") == "channel_rests" for record in caplog.records) == 2


def test_a_network_that_stays_out_of_order_is_asked_less_and_less_often(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", OUT_OF_ORDER)
        await house.post("/api/v1/messages", {"to": ANNA, "text": "later", "priority": "critical"})
        await house.pass_time(300)
        refused = [entry for entry in house.street.ledger.entries if entry["event"] == "refused"]
        assert 4 <= len(refused) <= 8
        house.street.clear_faults("modem1")
        await house.text(house.anna, "later", 320)

    play(tmp_path, story, modems=1)
