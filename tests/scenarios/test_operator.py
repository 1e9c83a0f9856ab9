"""What the operator does by hand, in every state of a text; and a configuration that changes while it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd import metrics
from gatewayd.web.client import ClientError
from tests.house import ANNA, PEOPLE, POLICY, House, play

NEVER = {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]}
LOST = {"kind": "no_answer", "submitted": False, "times": 1}


async def note(house: House, **more: str) -> None:
    await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", **more})


def settled_by_people() -> float:
    return metrics.REGISTRY.get_sample_value("gatewayd_doubts_settled_total", {"by": "person"}) or 0


async def refused(house: House, verb: str, body: dict[str, object] | None = None) -> None:
    with pytest.raises(ClientError) as told:
        await house.post(f"/api/v1/messages/1/{verb}", body or {})
    assert told.value.status == 409


def test_withdrawn_while_queued_is_never_sent(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "hangup", "back_after_s": 60})
        await house.until(lambda: not house.daemon.dispatch.up(), 20)
        await note(house)
        await refused(house, "resend")
        await refused(house, "settle", {"sent": True})
        await house.post("/api/v1/messages/1/withdraw")
        await refused(house, "withdraw")
        await house.pass_time(200)
        assert not house.anna.texts()
        await house.post("/api/v1/messages/1/resend")
        assert await house.text(house.anna, "disk") == "disk 95%", "it never went out, so no mark"

    play(tmp_path, story)


def test_sent_cannot_be_withdrawn_and_is_sent_again_marked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, NEVER)
        await note(house)
        await house.text(house.anna, "disk")
        await house.pass_time(5)
        await refused(house, "withdraw")
        await refused(house, "settle", {"sent": False})
        await house.post("/api/v1/messages/1/resend")
        await house.text(house.anna, "(rpt) disk")
        assert len(house.anna.texts()) == 2

    play(tmp_path, story)


@pytest.mark.parametrize("sent", [True, False])
def test_a_doubt_settled_by_a_person(tmp_path: Path, sent: bool) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, LOST)
        house.street.fault(None, NEVER)
        await note(house, priority="low")
        await house.until(lambda: "attempt_in_doubt" in house.events(), 250)
        before = settled_by_people()
        await house.post("/api/v1/messages/1/settle", {"sent": sent})
        assert settled_by_people() == before + 1
        await house.pass_time(900)
        assert len(house.anna.texts()) == (0 if sent else 1)
        assert (await house.message())["state"] == "sent"

    play(tmp_path, story)


def test_a_doubt_withdrawn_is_not_repeated(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, LOST)
        await note(house, priority="low")
        await house.until(lambda: "attempt_in_doubt" in house.events(), 250)
        await house.post("/api/v1/messages/1/withdraw")
        await house.pass_time(1800)
        assert not house.anna.texts()
        assert (await house.message())["state"] == "in_doubt"

    play(tmp_path, story)


def test_not_sent_says_a_person_of_a_page_nobody_needs_any_more(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {**LOST, "times": 5})
        house.street.fault("modem2", {**LOST, "times": 5})
        await house.alert(severity="warning")
        await house.until(lambda: "attempt_in_doubt" in house.events(), 250)
        await house.post("/api/v1/incidents/1/ack", {"by": "ben"})
        await house.post("/api/v1/messages/1/settle", {"sent": False})
        await house.pass_time(600)
        assert not house.anna.texts("WARNING")

    play(tmp_path, story)


async def reload(house: House, toml: str) -> None:
    house.path.write_text(toml)
    assert await house.daemon.reload() == []


def test_a_policy_edited_while_it_runs_is_for_the_next_incident(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        edited = house.toml.replace('page = ["ben"]', 'page = ["cara"]').replace("wait_s = 300", "wait_s = 60")
        await reload(house, edited)
        await house.pass_time(200)
        assert not house.ben.texts(), "Anna's step keeps its 300 s"
        await house.text(house.ben, "edge2", 120)
        assert not house.cara.texts()

    play(tmp_path, story)


def test_a_person_who_leaves_is_passed_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        without_ben = house.toml.replace(
            '[[people]]\nname = "ben"\nfull_name = "Ben"\ndevices = [{ number = "+447700900112" }]\n', ""
        ).replace('page = ["ben"]', 'page = ["cara"]')
        await reload(house, without_ben)
        await house.until(lambda: len(house.anna.texts("edge2")) == 2, 310)
        assert not house.ben.texts()

    play(tmp_path, story)


def test_all_whom_the_incident_knew_are_gone_and_somebody_is_paged_all_the_same(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        renamed = house.toml
        for old, new in (("anna", "anna.k"), ("ben", "ben.l"), ("cara", "cara.m")):
            renamed = renamed.replace(f'"{old}"', f'"{new}"')
        await reload(house, renamed)
        await house.until(lambda: len(house.anna.texts("edge2")) == 2, 310)
        await house.text(house.ben, "edge2", 310)
        assert "policy_replaced" in house.events()

    play(tmp_path, story)


def test_a_file_that_is_wrong_changes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.path.write_text(house.toml.replace('fallback = ["cara"]', "fallback = []"))
        assert await house.daemon.reload()
        await house.alert()
        await house.text(house.anna, "edge2")
        assert POLICY in house.toml
        assert PEOPLE in house.toml

    play(tmp_path, story)
