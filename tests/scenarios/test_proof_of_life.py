"""Proof of life on the real daemon: SIM texts SIM, and what a loop that fails does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gatewayd import metrics
from gatewayd.store import journal
from tests.house import House, play

NUMBERS = ("+447700900001", "+447700900002")
PROOF = f"""
[proof_of_life]
every = "6h"
within_s = 300
numbers = {{ modem1 = "{NUMBERS[0]}", modem2 = "{NUMBERS[1]}" }}
"""
HOUR = 3_600.0


def facts(house: House, event: str) -> list[dict[str, Any]]:
    rows = house.daemon.store.peek(journal.rows, limit=10_000)
    return [json.loads(row["facts"]) for row in rows if row["event"] == event]


def count(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_each_sim_texts_the_next_one_and_nobody_sees_a_reply(tmp_path: Path) -> None:
    before = count("gatewayd_proof_round_trip_seconds_count", channel="modem1", heard_by="modem2")

    async def story(house: House) -> None:
        await house.pass_time(300)
        good = facts(house, "proof_good")
        assert [(f["channel"], f["heard_by"]) for f in good] == [("modem1", "modem2"), ("modem2", "modem1")]
        assert (await house.get("/api/v1/inbox"))["texts"] == []
        assert not house.anna.texts("")
        await house.pass_time(6 * HOUR)
        assert len(facts(house, "proof_good")) == 4

    play(tmp_path, story, config=PROOF)
    assert count("gatewayd_proof_round_trip_seconds_count", channel="modem1", heard_by="modem2") == before + 2
