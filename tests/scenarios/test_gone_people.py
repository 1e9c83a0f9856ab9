"""Somebody leaves the configuration while an incident concerns them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.store import journal
from tests.tale import PHONES, SECONDS, Tale, person, policy, tell

BY = policy("anna 300", "ben 300")


async def without(tale: Tale, name: str, instead: str) -> None:
    tale.toml = tale.toml.replace(person(name), "").replace(f'"{name}"', f'"{instead}"')
    tale.path.write_text(tale.toml)
    assert (await tale.post("/api/v1/admin/reload"))["reloaded"]


def test_what_they_had_taken_is_open_again_at_the_reload(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down", severity="error")
        await tale.hears("anna", "Reply ok 10")
        tale.says("anna", "ok")
        await tale.hears("anna", "10 is yours")
        await without(tale, "anna", "cara")
        await tale.hears("cara", "10 ERROR network: x down. Reply ok 10")
        assert (await tale.incident())["state"] == "open"
        rows = [
            dict(row) for row in tale.daemon.store.peek(journal.rows, limit=1_000) if row["event"] == "incident_back"
        ]
        assert len(rows) == 1, "at once, and not again by the later wait"
        assert "no longer in the configuration" in str(rows) and "anna" in str(rows)
        tale.says("cara", "ok")
        await tale.hears("cara", "10 is yours")
        await without(tale, "dan", "ben")
        await tale.minutes(30)
        assert (await tale.incident())["state"] == "acknowledged", "whoever left had nothing of it"

    tell(tmp_path, story, BY)


def test_what_a_program_has_taken_stays_taken_at_a_reload(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.hears("anna", "Reply ok 10")
        await tale.post("/api/v1/incidents/1/ack", {})
        await without(tale, "dan", "cara")
        await tale.minutes(30)
        assert (await tale.incident())["state"] == "acknowledged" and not tale.heard("ben")

    tell(tmp_path, story, BY)


@pytest.mark.parametrize("how", ["reload", "restart"])
def test_who_leaves_while_being_paged_is_not_waited_for(tmp_path: Path, how: str) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.hears("anna", "Reply ok 10")
        await tale.minutes(2)
        if how == "restart":
            await tale.crash()
            tale.toml = tale.toml.replace(person("anna"), "").replace('"anna"', '"cara"')
            tale.path.write_text(tale.toml)
            await tale.wake()
        else:
            await without(tale, "anna", "cara")
        await tale.hears("ben", "x down", 90)

    tell(tmp_path, story, policy("anna 1800", "ben 300"))


def test_who_is_only_called_otherwise_in_the_file_is_still_asked(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.hears("anna", "Reply ok 10")
        tale.toml = tale.toml.replace('"anna"', '"anna.k"')
        tale.path.write_text(tale.toml)
        assert (await tale.post("/api/v1/admin/reload"))["reloaded"]
        await tale.minutes(3)
        assert tale.silent("ben") and len(tale.heard("anna")) == 1
        tale.says("anna", "ok")
        await tale.hears("anna", "10 is yours")
        assert (await tale.incident())["state"] == "acknowledged"

    tell(tmp_path, story, policy("anna 1800", "ben 300"))


def test_an_ok_from_a_number_that_has_left_is_told_to_the_operator(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.hears("anna", "Reply ok 10")
        tale.toml = tale.toml.replace(PHONES["anna"], SECONDS["anna"])
        tale.path.write_text(tale.toml)
        await tale.post("/api/v1/admin/reload")
        tale.stranger.send("+447700900001", "ok")
        tale.says("anna", "ok")
        await tale.until(lambda: "reply_of_nobody" in tale.events())
        await tale.minutes(1)
        assert tale.events().count("reply_of_nobody") == 1, "a stranger is not worth a line"
        assert (await tale.incident())["state"] == "open"
        told = [record for record in caplog.records if "left the configuration" in record.getMessage()]
        assert [record.levelname for record in told] == ["WARNING"]

    tell(tmp_path, story, BY)


def test_who_answers_from_the_old_phone_hears_once_that_it_does_nothing(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.hears("anna", "Antworte ok 10")
        await with_number(tale, PHONES["anna"], SECONDS["anna"])
        told = "10: dieses Telefon steht nicht mehr im Plan, nichts wurde getan."
        for words in ("ok 10", "ok", "swap ben 18:00"):
            tale.says("anna", words)
            await tale.hears("anna", told)
        await tale.text(tale.seconds_of["anna"], "10 KRITISCH network: x down", 30)
        await tale.minutes(2)
        assert len(tale.heard("anna", told)) == 1
        assert (await tale.incident())["state"] == "open"
        tale.seconds_of["anna"].send("+447700900001", "ok")
        await tale.text(tale.seconds_of["anna"], "10: deins")
        said = [text["text"] for text in (await tale.incident())["messages"]]
        assert [words.startswith(told) for words in said].count(True) == 1, (
            "it is found among the texts of the incident"
        )
        tale.stranger.send("+447700900001", "ok 10")
        await tale.minutes(1)
        assert not tale.stranger.texts()

    german = person("anna").replace('full_name = "Anna"', 'full_name = "Anna"\nlanguage = "de"')
    people = german + "".join(person(name) for name in PHONES if name != "anna")
    tell(tmp_path, story, BY, people=people)


async def with_number(tale: Tale, old: str, new: str) -> None:
    tale.toml = tale.toml.replace(old, new)
    tale.path.write_text(tale.toml)
    assert (await tale.post("/api/v1/admin/reload"))["reloaded"]


def test_a_new_number_is_paged_at_once_and_may_answer(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.hears("anna", "Reply ok 10")
        new = tale.seconds_of["anna"]
        await with_number(tale, PHONES["anna"], SECONDS["anna"])
        await tale.text(new, "10 CRITICAL network: x down", 30)
        await with_number(tale, PHONES["cara"], SECONDS["cara"])
        await tale.minutes(2)
        assert len(new.texts()) == 1 and not tale.seconds_of["cara"].texts(), "nobody else was asked"
        new.send("+447700900001", "ok")
        await tale.text(new, "10 is yours")
        assert tale.silent("ben")

    tell(tmp_path, story, BY)


def test_a_new_number_that_is_not_answered_ends_the_step_no_later(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.minutes(4)
        await with_number(tale, PHONES["anna"], SECONDS["anna"])
        await tale.hears("ben", "x down", 70)

    tell(tmp_path, story, BY)


def test_what_was_not_sent_yet_goes_to_the_new_number_alone(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.street.fault("modem1", {"kind": "hangup", "back_after_s": 60})
        await tale.pass_time(5)
        for n in range(6):
            await tale.fault(f"x{n} down")
        await with_number(tale, PHONES["anna"], SECONDS["anna"])
        new = tale.seconds_of["anna"]
        await tale.text(new, "x0 down", 120)
        await tale.until(lambda: new.texts("more"), 120)
        assert tale.silent("anna")

    tell(tmp_path, story, BY)


def test_one_of_two_phones_is_replaced(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.hears("anna", "x down")
        await with_number(tale, SECONDS["anna"], SECONDS["dan"])
        await tale.text(tale.seconds_of["dan"], "x down", 90)
        await tale.minutes(1)
        assert len(tale.heard("anna")) == 1 and not tale.seconds_of["anna"].texts()
        await with_number(tale, SECONDS["dan"], SECONDS["anna"])
        await tale.text(tale.seconds_of["anna"], "x down", 30)
        assert len(tale.heard("anna")) == 1

    people = "".join(person(name, "phone 60", "second") if name == "anna" else person(name) for name in PHONES)
    tell(tmp_path, story, BY, people=people)
