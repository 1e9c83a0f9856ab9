"""Incidents, the inbox and the journal over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from gatewayd.channels.contract import Incoming
from gatewayd.inbox import Inbox
from tests.web.front import ANNA, VISITOR, Front

PATH = "/api/v1/incidents"


async def opened(house: Front, key: str = "k", **changed: Any) -> int:
    body = {"key": key, "service": "net", "severity": "critical", "summary": f"{key} is down"} | changed
    _, answer, _ = await house.ask("POST", "/api/v1/alerts", body, token="monitor")
    return int(answer["incident"])


async def test_an_incident_is_taken_by_the_holder_of_the_token(house: Front) -> None:
    number = await opened(house)
    status, answer, _ = await house.ask("POST", f"{PATH}/{number}/ack", token="acker")
    assert (status, answer) == (200, {"id": number, "code": "10001", "state": "acknowledged"})
    _, incident, _ = await house.ask("GET", f"{PATH}/{number}", token="acker")
    assert (incident["state"], incident["acknowledged_by"]) == ("acknowledged", "acker")


async def test_an_incident_is_taken_for_a_person_and_the_journal_knows_by_whom(house: Front) -> None:
    number = await opened(house)
    status, _, _ = await house.ask("POST", f"{PATH}/{number}/ack", {"by": "ben", "note": "on it"}, token="acker")
    _, incident, _ = await house.ask("GET", f"{PATH}/{number}")
    _, journal, _ = await house.ask("GET", f"/api/v1/journal?incident={number}")
    assert (status, incident["acknowledged_by"]) == (200, "ben")
    assert journal["lines"][-1]["words"] == {"person": "ben", "token": "acker"}
    status, answer, _ = await house.ask("POST", f"{PATH}/{number}/ack", {"by": "bem"}, token="acker")
    assert (status, answer["error"]["message"]) == (400, "by: there is no person 'bem'; did you mean 'ben'?")


async def test_closed_is_closed(house: Front) -> None:
    number = await opened(house)
    assert (await house.ask("POST", f"{PATH}/{number}/resolve", {"by": "ben"}))[1]["state"] == "resolved"
    for verb in ("ack", "resolve"):
        status, answer, _ = await house.ask("POST", f"{PATH}/{number}/{verb}")
        assert (status, answer["error"]["code"]) == (409, "conflict")
        assert (await house.ask("POST", f"{PATH}/77/{verb}"))[0] == 404


async def test_the_list_by_state(house: Front) -> None:
    one, two, three = [await opened(house, key) for key in ("a", "b", "c")]
    await house.ask("POST", f"{PATH}/{one}/ack")
    await house.ask("POST", f"{PATH}/{two}/resolve")

    async def listed(query: str) -> list[int]:
        return [i["id"] for i in (await house.ask("GET", f"{PATH}{query}", token="reader"))[1]["incidents"]]

    assert await listed("") == [three, two, one]
    assert await listed("?state=active") == [three, one]
    assert await listed("?state=resolved") == [two]
    assert await listed(f"?before={three}&limit=1") == [two]
    assert await listed(f"?before={three}&state=active") == [one]
    code = (await house.ask("GET", f"{PATH}/{three}", token="reader"))[1]["code"]
    assert await listed(f"?state=active&code={code}") == [three]
    assert await listed(f"?state=resolved&code={code}") == []


async def test_an_incident_shows_its_alerts_and_masks_numbers_for_a_reader(house: Front) -> None:
    number = await opened(house, details={"rack": 5})
    _, incident, _ = await house.ask("GET", f"{PATH}/{number}", token="reader")
    (alert,), (message,) = incident["alerts"], incident["messages"]
    assert (alert["key"], alert["status"], alert["details"]) == ("k", "firing", {"rack": "5"})
    assert message["recipient"] == "...001"
    assert incident["pages"] == [{"person": "anna", "state": "planned", "reason": incident["pages"][0]["reason"]}]


async def test_the_inbox_shows_what_nobody_could_make_sense_of(house: Front) -> None:
    inbox = Inbox(house.store, house.doors.clock, lambda: house.desk, lambda: house.queue)
    for sender, text in ((VISITOR, "win a prize"), (ANNA, "list"), (VISITOR, None)):
        await inbox.received(Incoming("modem1", "s1", sender, False, text, None, "00"))
    _, strays, _ = await house.ask("GET", "/api/v1/inbox", token="reader")
    _, everything, _ = await house.ask("GET", "/api/v1/inbox?all=true")
    assert [(t["text"], t["result"], t["sender"]) for t in strays["texts"]] == [
        (None, "unreadable", "...999"), ("win a prize", "stray", "...999"),
    ]  # fmt: skip
    assert [t["sender"] for t in everything["texts"]] == [VISITOR, ANNA, VISITOR]
    assert [t["person"] for t in everything["texts"]] == ["", "anna", ""]


async def test_the_journal_is_told_line_by_line_and_its_chain_is_checked(house: Front) -> None:
    number = await opened(house)
    _, answer, _ = await house.ask("GET", "/api/v1/journal?verify=true&limit=3")
    assert answer["chain"] == {"whole": True, "breaks": []}
    seqs = [line["seq"] for line in answer["lines"]]
    assert len(seqs) == 3
    assert seqs == sorted(seqs)
    _, first, _ = await house.ask("GET", "/api/v1/journal?after=0&limit=1")
    assert (first["lines"][0]["seq"], first["lines"][0]["event"], first["chain"]) == (1, "token_added", None)
    _, lines, _ = await house.ask("GET", f"/api/v1/journal?incident={number}", token="reader")
    assert {line["event"] for line in lines["lines"]} >= {"incident_opened", "page_planned"}
    _, lines, _ = await house.ask("GET", "/api/v1/journal?message=1", token="reader")
    assert lines["lines"][0]["words"]["to"] == "...001"


async def test_a_line_that_was_altered_shows(house: Front) -> None:
    await house.store.write(lambda tx: tx.run("UPDATE journal SET event = 'nothing' WHERE seq = 2"))
    _, answer, _ = await house.ask("GET", "/api/v1/journal?verify=true")
    assert answer["chain"] == {"whole": False, "breaks": ["line 2 was altered"]}


@pytest.mark.parametrize("query", ["incident=1&message=1", "after=-1", "limit=1001", "verify=perhaps", "afer=1"])
async def test_a_wrong_question_to_the_journal(house: Front, query: str) -> None:
    assert (await house.ask("GET", f"/api/v1/journal?{query}"))[0] == 400
