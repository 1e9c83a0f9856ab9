"""Asked afterwards what was sent because of one incident, the operator is shown all of it and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gatewayd.cli import shows
from tests.house import House, play


def kinds(incident: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(m["kind"], m["person"], m["state"]) for m in incident["messages"]]


def test_pages_answers_taken_and_cleared_with_their_reports(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "refuse", "cms": 28, "to": house.anna.number})
        await house.alert()
        await house.text(house.ben, "edge2")
        house.ben.reply("ok")
        await house.text(house.ben, "is yours")
        await house.alert(status="resolved")
        await house.text(house.ben, "cleared")
        await house.pass_time(60)
        incident = await house.incident()
        assert kinds(incident) == [
            ("page", "anna", "failed"),
            ("page", "ben", "delivered"),
            ("answer", "ben", "delivered"),
            ("cleared", "ben", "delivered"),
        ]
        says = [[receipt["says"] for receipt in message["receipts"]] for message in incident["messages"]]
        assert says == [[], ["delivered"], ["delivered"], ["delivered"]]
        lines = shows.incident(incident).out.partition("Texts\n")[2].splitlines()
        assert lines[0].split() == ["MESSAGE", "KIND", "TO", "STATE", "REPORT", "VIA", "CREATED", "TEXT"]
        assert "page     anna phone1  failed (" in lines[1]
        assert "delivered 2026-11-22 04:1" in lines[2]

    play(tmp_path, story)


def test_texts_of_other_incidents_are_not_among_them(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="47 disks down")
        await house.alert("b", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        await house.text(house.anna, "47 disks down")
        house.anna.reply("ok 10 and 47")
        await house.text(house.anna, "10, 47 are yours")
        await house.alert("a", status="resolved")
        await house.pass_time(60)
        await house.post("/api/v1/messages", {"to": "person:anna", "text": "47 is a fine number"})
        one, other = await house.incident(1), await house.incident(2)
        assert [text["text"].split(":")[0] for text in one["messages"]] == [
            "10 CRITICAL network",
            "10, 47 are yours",
            "10 cleared",
        ]
        assert [text["text"].split(":")[0] for text in other["messages"]] == ["47 CRITICAL network", "10, 47 are yours"]

    play(tmp_path, story)


def test_the_next_incident_with_the_code_has_texts_of_its_own(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for number in (1, 2):
            await house.alert(f"a{number}", summary=f"fault {number}")
            await house.text(house.anna, f"fault {number}. Reply ok 10")
            house.anna.reply("ok 10")
            await house.text(house.anna, f"10 is yours: fault {number}")
            await house.alert(f"a{number}", status="resolved")
            await house.pass_time(25 * 3600)
            house.daemon.store._write.execute("UPDATE code SET free_at = 0 WHERE code = '10'")
        for number in (1, 2):
            texts = [text["text"] for text in (await house.incident(number))["messages"]]
            assert len(texts) == 3
            assert all(f"fault {number}" in text for text in texts)

    play(tmp_path, story)
