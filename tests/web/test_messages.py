"""POST /api/v1/messages and what follows from it."""

from __future__ import annotations

from tests.web.front import ANNA, Front


async def test_a_text_is_on_disk_when_the_202_arrives(house: Front) -> None:
    status, answer, _ = await house.ask("POST", "/api/v1/messages", {"to": ANNA, "text": "edge1 is down"})
    assert status == 202
    assert answer == {"messages": [{"id": 1, "to": ANNA, "segments": 1, "alphabet": "gsm7"}]}
    status, answer, _ = await house.ask("GET", "/api/v1/messages/1")
    assert (status, answer["state"], answer["text"], answer["attempts"]) == (200, "queued", "edge1 is down", [])
