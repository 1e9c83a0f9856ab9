"""Proof of life on the real daemon: SIM texts SIM, and what a loop that fails does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gatewayd import metrics
from gatewayd.store import journal
from tests.house import STRANGER, House, play

NUMBERS = ("+447700900001", "+447700900002")
PROOF = f"""
[proof_of_life]
every = "20m"
within_s = 300
numbers = {{ modem1 = "{NUMBERS[0]}", modem2 = "{NUMBERS[1]}" }}
"""
EVERY = 1_200.0


def facts(house: House, event: str) -> list[dict[str, Any]]:
    rows = house.daemon.store.peek(journal.rows, limit=10_000)
    return [json.loads(row["facts"]) for row in rows if row["event"] == event]


async def soon(house: House, condition: Callable[[], object], within_s: float = 600) -> None:
    """As `until`, for what takes minutes."""
    end = house.seconds + within_s
    while not condition():
        assert house.seconds < end, f"did not come true within {within_s} s"
        await house.pass_time(5)


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
        await house.pass_time(EVERY)
        assert len(facts(house, "proof_good")) == 4

    play(tmp_path, story, config=PROOF)
    assert count("gatewayd_proof_round_trip_seconds_count", channel="modem1", heard_by="modem2") == before + 2


def by(house: House, contains: str) -> set[str]:
    """The SIMs by which the network took such texts."""
    entries = house.street.ledger.entries
    return {e["modem"] for e in entries if e["event"] == "accepted" and contains in str(e["text"])}


def loops(house: House) -> list[str]:
    """The texts of loops, oldest first."""
    entries = house.street.ledger.entries
    return [e["text"] for e in entries if e["event"] == "accepted" and "proof of life" in str(e["text"])]


def test_a_lost_loop_is_told_by_the_other_sim_and_over_when_one_works(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "lose", "to": NUMBERS[1], "times": 2})
        await soon(house, lambda: "incident_opened" in house.events(), 600)
        (failed,) = facts(house, "proof_failed")
        assert failed["reason"] == "modem1 sent it, and modem2 heard nothing within 300 s"
        await house.text(house.anna, "modem1 sent it", 30)
        assert by(house, "gatewayd: proof of life failed") == {"modem2"}
        await house.alert()
        await house.text(house.anna, "edge2")
        assert by(house, "edge2") == {"modem2"}
        says = (await house.get("/api/v1/way", to=STRANGER))["ways"][0]["channels"]
        assert "the last resort" in next(c["says"] for c in says if c["channel"] == "modem1")
        await house.crash()
        await house.wake()
        await house.post("/api/v1/messages", {"to": STRANGER, "text": "still by the other"})
        await house.until(lambda: by(house, "still by the other"))
        assert by(house, "still by the other") == {"modem2"}
        await soon(house, lambda: any(f["channel"] == "modem1" for f in facts(house, "proof_good")), 3_600)
        assert (await house.incident(1))["state"] == "resolved"
        for n in range(4):
            await house.post("/api/v1/messages", {"to": STRANGER, "text": f"well again {n}"})
            await house.pass_time(10)
        assert "modem1" in by(house, "well again")

    play(tmp_path, story, config=PROOF)


def test_the_only_other_sim_may_be_away_then_a_suspect_is_better_than_none(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "lose", "to": NUMBERS[1], "times": 1})
        await soon(house, lambda: "proof_failed" in house.events(), 600)
        house.street.fault("modem2", {"kind": "hangup", "back_after_s": 600})
        await house.until(lambda: len(house.daemon.dispatch.up()) == 1, 60)
        await house.alert()
        await house.text(house.anna, "edge2")
        assert by(house, "edge2") == {"modem1"}

    play(tmp_path, story, config=PROOF)


def test_the_page_about_a_sim_that_is_deaf_or_a_network_that_lies_goes_by_the_sim_that_sends(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "lose", "to": NUMBERS[1], "times": 1})
        house.street.fault("modem1", {"kind": "report", "when": "early", "to": NUMBERS[1], "times": 1})
        await soon(house, lambda: "proof_failed" in house.events(), 600)
        (failed,) = facts(house, "proof_failed")
        assert failed["reason"] == "the network says delivered, and modem2 heard nothing within 300 s"
        await house.text(house.anna, "proof of life failed", 30)
        assert by(house, "gatewayd: proof of life failed") == {"modem2"}, "what modem1 sends is just what may be lost"
        await house.alert()
        await house.text(house.anna, "edge2")
        assert by(house, "edge2") == {"modem2"}

    play(tmp_path, story, config=PROOF)


def test_no_receipt_is_no_proof_unless_the_network_gives_none(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "report", "when": "never", "times": 100})
        await house.pass_time(600)
        assert len(facts(house, "proof_heard")) == 2
        failed = {f["reason"] for f in facts(house, "proof_failed")}
        assert "modem2 heard it, and no receipt came to modem1 within 300 s" in failed
        house.toml = house.toml.replace("within_s = 300", "within_s = 300\nreceipt = false")
        house.path.write_text(house.toml)
        assert await house.daemon.reload() == []
        await house.pass_time(1_000)
        assert {f["channel"] for f in facts(house, "proof_good")} == {"modem1", "modem2"}

    play(tmp_path, story, config=PROOF)


def test_forged_and_old_texts_do_not_count(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "lose", "to": NUMBERS[1], "times": 1})
        await soon(house, lambda: len(facts(house, "proof_good")) == 1, 300)  # modem2 to modem1
        old = next(text for text in loops(house) if text != loops(house)[0])
        house.stranger.send(NUMBERS[1], "gatewayd proof of life 0123456789abcdef")
        house.stranger.send(NUMBERS[1], old)
        house.stranger.send(NUMBERS[0], old)
        await soon(house, lambda: "proof_failed" in house.events(), 600)
        shown = [text["text"] for text in (await house.get("/api/v1/inbox"))["texts"]]
        assert shown == ["gatewayd proof of life 0123456789abcdef"], (
            "a stranger's words; the old ones are nobody's reply"
        )
        assert len(facts(house, "proof_late")) == 2
        assert len(facts(house, "proof_good")) == 1

    play(tmp_path, story, config=PROOF)


def test_a_loop_that_is_out_while_we_are_killed_is_heard_by_the_next_process(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "latency", "seconds": 3, "to": NUMBERS[1]})
        await house.until(lambda: loops(house), 300)
        await house.crash()
        await house.pass_time(60)
        await house.wake()
        await house.pass_time(400)
        assert ("modem1", "modem2") in {(f["channel"], f["heard_by"]) for f in facts(house, "proof_good")}
        assert (await house.get("/api/v1/inbox"))["texts"] == []
        assert "proof_failed" not in house.events()

    play(tmp_path, story, config=PROOF)


def test_what_real_traffic_proved_needs_no_text(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n, modem in enumerate(("modem1", "modem2")):
            await house.post("/api/v1/messages", {"to": STRANGER, "text": f"by {modem}", "channel": modem})
            house.stranger.send(NUMBERS[n], "thank you")
        await house.pass_time(600)
        assert len(facts(house, "proof_skipped")) == 2
        assert loops(house) == []
        await house.pass_time(EVERY)
        assert len(loops(house)) == 2

    play(tmp_path, story, config=PROOF)


def test_a_loop_counts_into_the_budget_and_is_left_out_when_it_is_spent(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.pass_time(600)
        channels = {c["channel"]: c for c in (await house.get("/api/v1/way", to=STRANGER))["ways"][0]["channels"]}
        assert channels["modem1"]["budget"]["parts"] == 1
        await house.pass_time(EVERY)
        (skipped,) = facts(house, "proof_skipped")
        assert "its budget of 2026-11 is spent" in skipped["reason"]
        assert len(loops(house)) == 3
        assert "incident_opened" not in house.events()

    play(tmp_path, story, config=PROOF + '[[ways]]\nchannel = "modem1"\nbudget_parts = 1\n')


def test_a_modem_that_does_not_send_it_fails_and_one_that_is_not_there_to_hear_suspects_nobody(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem2", {"kind": "hangup", "back_after_s": 900})
        await soon(house, lambda: len(facts(house, "proof_failed")) == 2)
        failed = {f["channel"]: f for f in facts(house, "proof_failed")}
        assert failed["modem1"]["reason"] == "modem2 is not there to hear it"
        assert failed["modem1"]["suspect"] == ""
        assert failed["modem2"]["reason"].startswith("modem2 did not send it")
        assert failed["modem2"]["suspect"] == "modem2"
        (row,) = [m for m in (await house.get("/api/v1/modems"))["modems"] if m["name"] == "modem1"]
        assert row["proofs"][0]["failed"] == "modem2 is not there to hear it"
        await soon(house, lambda: len(facts(house, "proof_good")) == 2, 2_400)
        assert {i["state"] for i in [await house.incident(n) for n in (1, 2)]} == {"resolved"}

    play(tmp_path, story, config=PROOF)
