"""The disk is full or cannot be written: nothing is acknowledged that is not stored, what is stored goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.metrics import REGISTRY
from gatewayd.store import sqlite
from gatewayd.web.client import ClientError
from tests.house import ANNA, House, play


def fill(house: House, pages: int = 0) -> None:
    """From now on the database may not grow by more than so many pages."""
    store = house.daemon.store
    (used,) = store._write.execute("PRAGMA page_count").fetchone()
    store._write.execute(f"PRAGMA max_page_count = {used + pages}")


def give_room(house: House) -> None:
    house.daemon.store._write.execute("PRAGMA max_page_count = 1000000")


async def post_until_refused(house: House) -> int:
    """Posts alerts; returns how many were taken."""
    for n in range(2000):
        try:
            await house.alert(f"k{n}", severity="warning", summary="x" * 500)
        except ClientError as error:
            assert error.status == 503
            return n
    raise AssertionError("the disk never filled up")


def test_full_refuses_the_new_and_goes_on_with_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: House) -> None:
        await house.alert("first", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        monkeypatch.setattr(house.daemon.store, "_room", lambda: 0)
        fill(house, 10)
        taken = await post_until_refused(house)
        assert not house.daemon.ready()[0]
        stored = house.daemon.store.peek(lambda books: books.one("SELECT COUNT(*) AS n FROM alert"))
        assert stored is not None
        assert stored["n"] == taken + 1, "neither more nor less than what was answered with 2xx"
        assert not (house.directory / "state" / "ballast").exists()
        fill(house, 400)  # the ballast's room
        house.anna.reply("ok 10")
        await house.until(lambda: "incident_acknowledged" in house.events(), 60)
        await house.post("/api/v1/incidents/2/ack", {"by": "anna"})
        await house.post("/api/v1/incidents/1/resolve", {})
        assert [(await house.incident(number))["state"] for number in (1, 2)] == ["resolved", "acknowledged"]
        with pytest.raises(ClientError):
            await house.alert("late")
        monkeypatch.setattr(house.daemon.store, "_room", lambda: 4 * sqlite.BALLAST_BYTES)
        give_room(house)
        await house.pass_time(3)
        assert house.daemon.ready()[0]
        assert (house.directory / "state" / "ballast").stat().st_size == sqlite.BALLAST_BYTES
        await house.alert("late")

    play(tmp_path, story)


def test_the_ballasts_own_room_is_no_recovery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: House) -> None:
        store = house.daemon.store
        monkeypatch.setattr(store, "_room", lambda: sqlite.BALLAST_BYTES)
        store.full = True
        store._free_ballast()
        await house.pass_time(10)
        assert not store.writable()
        assert not (house.directory / "state" / "ballast").exists()
        store.full = False

    play(tmp_path, story)


def test_read_only_sends_what_is_critical_once_marked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "hangup", "back_after_s": 30})
        await house.until(lambda: not house.daemon.dispatch.up(), 20)
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
        house.daemon.store._write.execute("PRAGMA query_only = ON")
        await house.text(house.anna, "core is down", 90)
        await house.pass_time(120)
        assert [t.text for t in house.anna.texts()] == ["(rpt) core is down"]
        house.daemon.store._write.execute("PRAGMA query_only = OFF")
        await house.text(house.anna, "disk 95%", 60)
        await house.pass_time(60)
        assert len(house.anna.texts()) == 2
        assert (await house.message(1))["state"] in ("sent", "delivered")

    play(tmp_path, story)


def test_a_first_full_disk_costs_a_critical_text_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ballast is freed, then the attempt is booked after all: its row stands before its bytes, and no mark."""

    async def story(house: House) -> None:
        store = house.daemon.store
        free = store._free_ballast

        def freed() -> None:
            free()
            give_room(house)

        monkeypatch.setattr(store, "_free_ballast", freed)
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "hangup", "back_after_s": 30})
        await house.until(lambda: not house.daemon.dispatch.up(), 20)
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        fill(house)
        with pytest.raises(ClientError):  # use up what is left in the last pages
            for n in range(200):
                await house.post("/api/v1/messages", {"to": ANNA, "text": f"note {n} " + "y" * 300})
        assert store.full
        fill(house)
        await house.text(house.anna, "core is down", 90)
        assert house.anna.texts("core")[0].text == "core is down"

    play(tmp_path, story)


def test_a_full_disk_is_told_while_there_is_room_to_tell_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: House) -> None:
        store = house.daemon.store
        free = store._free_ballast

        def freed() -> None:
            free()
            fill(house, 400)

        monkeypatch.setattr(store, "_free_ballast", freed)
        monkeypatch.setattr(store, "_room", lambda: 0)
        fill(house, 10)
        taken = await post_until_refused(house)
        told = "gatewayd: the gateway's disk is full: new alerts are refused until there is room"
        page = await house.text(house.anna, told, 60)
        assert page.split(" ")[1] == "CRITICAL"
        await house.until(lambda: page in [text.text for text in house.anna.texts()], 60)
        house.anna.reply(f"ok {page.split(' ')[0]}")
        await house.text(house.anna, f"{page.split(' ')[0]} is yours", 60)
        monkeypatch.setattr(store, "_room", lambda: 4 * sqlite.BALLAST_BYTES)
        give_room(house)
        await house.text(house.anna, f"{page.split(' ')[0]} cleared", 60)
        assert taken

    play(tmp_path, story, config='[self_report]\npolicy = "default"\n')


def test_with_the_ballast_spent_no_step_is_taken_it_shows_and_the_first_room_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(house: House) -> None:
        await house.alert("first", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        await house.pass_time(60)
        monkeypatch.setattr(house.daemon.store, "_room", lambda: 0)
        house.daemon.store.full = True
        house.daemon.store._write.execute("PRAGMA query_only = ON")
        await house.pass_time(900)
        assert not house.ben.texts()
        ready, parts = house.daemon.ready()
        assert (ready, parts["store"]) == (False, "full or read-only")
        late_s = REGISTRY.get_sample_value("gatewayd_due_rows_late_seconds")
        assert late_s is not None and late_s > 300
        house.daemon.store._write.execute("PRAGMA query_only = OFF")
        give_room(house)
        monkeypatch.setattr(house.daemon.store, "_room", lambda: 4 * sqlite.BALLAST_BYTES)
        await house.text(house.ben, "edge2 down", 10)
        await house.until(lambda: house.daemon.ready()[0], 5)

    play(tmp_path, story)
