"""Storms: many incidents at once, and a person who is told of each service's first one and is not buried."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from gatewayd.clock import SECOND
from gatewayd.metrics import exposition
from tests.house import ANNA, PEOPLE, STRANGER, House, play

TWO_DEVICES = PEOPLE.replace(
    f'devices = [{{ number = "{ANNA}" }}]',
    f'devices = [{{ number = "{ANNA}", wait_s = 60 }}, {{ number = "+447700900121", wait_s = 60 }}]',
)


async def storm(house: House, count: int, *, service: str = "db", first: int = 0, **words: Any) -> None:
    await asyncio.gather(
        *(
            house.alert(f"{service}{n}", summary=f"{service} {n} down", service=service, **words)
            for n in range(first, first + count)
        )
    )


def states(house: House) -> dict[str, int]:
    rows = house.daemon.store.peek(lambda books: books.all("SELECT state, COUNT(*) AS n FROM incident GROUP BY state"))
    return {row["state"]: row["n"] for row in rows}


def texts(phone: Any) -> list[str]:
    return [text.text for text in phone.texts()]


def test_a_storm_is_three_pages_and_one_that_tells_of_the_rest(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await storm(house, 12)
        await storm(house, 5, service="net", severity="error")
        await house.text(house.anna, "more", 150)
        assert len(texts(house.anna)) == 4
        assert texts(house.anna)[-1] == "14 more (9 critical) since 04:12 UTC: db 9, net 5. Reply ? for the list"
        house.anna.reply("?")
        await house.text(house.anna, "db 0 down; ")
        house.anna.reply("ok all")
        await house.until(lambda: states(house) == {"acknowledged": 17})

    play(tmp_path, story)


def test_the_first_page_of_another_service_passes_300_of_one(tmp_path: Path) -> None:
    """One modem that needs 3 s for a text; three people are paged of each."""

    async def story(house: House) -> None:
        house.street.network.settings.latency_s = 3.0
        await storm(house, 300)
        await house.alert("edge2", summary="edge2 uplink down", service="net")
        began = house.seconds
        await house.until(lambda: any(p.texts("edge2 uplink") for p in (house.anna, house.ben, house.cara)), 60)
        assert house.seconds - began < 10
        await house.pass_time(300)
        assert all(len(phone.texts()) <= 6 for phone in (house.anna, house.ben, house.cara))

    everybody = 'page = ["anna", "ben", "cara"]\nwait_s = 900'
    play(tmp_path, story, modems=1, policy=_policy(everybody))


def test_whoever_knows_nothing_yet_comes_before_a_service_more(tmp_path: Path) -> None:
    """Sixty services at once, each with a first page of its own: Ben and Cara do not wait until Anna has had them."""

    async def story(house: House) -> None:
        house.street.network.settings.latency_s = 3.0
        began = house.seconds
        for n in range(60):
            await house.alert(f"k{n}", summary=f"{n} is down", service=f"s{n}")
        await house.until(lambda: all(p.texts("is down") for p in (house.anna, house.ben, house.cara)), 60)
        assert house.seconds - began < 20

    everybody = 'page = ["anna", "ben", "cara"]\nwait_s = 900'
    play(tmp_path, story, modems=1, policy=_policy(everybody))


def _policy(step: str) -> str:
    return (
        f'default_policy = "default"\n[[policies]]\nname = "default"\nfallback = ["cara"]\n[[policies.steps]]\n{step}\n'
    )


def test_what_clears_before_its_text_is_made_is_not_told(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await storm(house, 8)
        await house.pass_time(5)
        await asyncio.gather(*(house.alert(f"db{n}", status="resolved") for n in range(3, 7)))
        await house.text(house.anna, "db 7 down", 40)
        assert "CRITICAL db: db 7 down. Reply ok" in texts(house.anna)[-1], "of one there is its own page"
        assert not house.anna.texts("more")

    play(tmp_path, story)


def test_a_folded_text_is_made_anew_as_long_as_it_waits(tmp_path: Path) -> None:
    """No modem is there: what was folded waits in the queue; more comes, some of it ends."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 400})
        await house.until(lambda: not house.daemon.dispatch.up(), 60)
        await storm(house, 10)
        await house.pass_time(30)
        waiting = await _folded(house)
        assert waiting["text"].startswith("7 more since")
        await storm(house, 4, first=10)
        await house.pass_time(130)
        waiting = await _folded(house)
        assert waiting["text"].startswith("11 more since")
        assert len(waiting["pages"]) == 11
        await asyncio.gather(*(house.alert(f"db{n}", status="resolved") for n in range(5, 10)))
        await house.pass_time(1)
        waiting = await _folded(house)
        assert waiting["text"].startswith("6 more since")
        await asyncio.gather(*(house.alert(f"db{n}", status="resolved") for n in range(14)))
        await house.pass_time(1)
        assert (await house.message(waiting["id"]))["state"] == "withdrawn"
        await house.until(lambda: house.daemon.dispatch.up(), 600)
        await house.pass_time(60)
        assert not texts(house.anna)

    play(tmp_path, story, modems=1, policy=_policy('page = ["anna"]\nwait_s = 3000'))


async def _folded(house: House) -> dict[str, Any]:
    rows = house.daemon.store.peek(lambda books: books.all("SELECT message_id FROM fold WHERE message_id > 0"))
    assert len(rows) == 1, "one text, however often it was made anew"
    return await house.message(rows[0]["message_id"])


def test_a_fold_that_does_not_arrive_goes_to_the_next_device_as_a_whole(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        other = house.street.add_phone("+447700900121", "Anna's other")
        house.anna.switch(on=False)
        await storm(house, 100)
        await house.text(other, "more", 200)
        await house.pass_time(60)
        assert len(texts(other)) == 4
        assert texts(other)[-1].startswith("97 more since 04:12")
        assert not texts(house.ben)
        other.reply("ok all")
        await house.until(lambda: states(house) == {"acknowledged": 100}, 60)

    play(tmp_path, story, people=TWO_DEVICES, policy=_policy('page = ["anna"]\nwait_s = 900'))


def test_nobody_answers_and_the_next_person_is_told_of_the_whole_storm(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await storm(house, 60)
        await house.text(house.ben, "57 more", 400)
        assert len(texts(house.ben)) == 4
        assert len(texts(house.anna)) == 4

    play(tmp_path, story)


def test_the_news_of_a_storm_is_folded_and_answers_are_not(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await storm(house, 20)
        await house.text(house.ben, "more", 400)
        house.anna.reply("ok all")
        await house.text(house.anna, "are yours", 30)
        await house.text(house.ben, "17 taken by Anna", 150)
        assert len(house.ben.texts("taken")) == 4
        before = len(texts(house.anna))
        for code in ("10", "47", "84", "21", "58"):
            house.anna.reply(f"ok {code}")
            await house.pass_time(2)
        assert len(texts(house.anna)) == before + 5, "each reply has its own answer"
        await asyncio.gather(*(house.alert(f"db{n}", status="resolved") for n in range(20)))
        await house.text(house.ben, "18 cleared", 300)
        await house.pass_time(300)
        assert len(house.ben.texts("cleared")) <= 4

    play(tmp_path, story)


def test_news_that_is_not_true_any_more_is_not_told(tmp_path: Path) -> None:
    """Taken and cleared within one window: only the end is told."""

    async def story(house: House) -> None:
        await storm(house, 10)
        await house.text(house.ben, "more", 400)
        house.anna.reply("ok all")
        await house.until(lambda: states(house) == {"acknowledged": 10})
        await asyncio.gather(*(house.alert(f"db{n}", status="resolved") for n in range(10)))
        await house.text(house.ben, "10 cleared", 300)
        await house.pass_time(300)
        assert len(house.ben.texts("taken")) == 3

    play(tmp_path, story)


def test_a_restart_in_a_storm_loses_nothing_of_what_was_gathered(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await storm(house, 30)
        await house.pass_time(5)
        await house.crash()
        await house.wake()
        await house.text(house.anna, "27 more", 60)
        await house.pass_time(200)
        assert len(house.anna.texts("more")) == 1

    play(tmp_path, story)


def test_a_storm_that_goes_on_is_one_folded_text_per_window(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for minute in range(10):
            await storm(house, 30, first=minute * 30)
            await house.pass_time(60)
        await house.pass_time(150)
        folded = house.anna.texts("more since")
        assert 4 <= len(folded) <= 6
        assert sum(int(text.text.split()[0]) for text in folded) == 297
        assert len(texts(house.anna)) == 3 + len(folded)

    play(tmp_path, story, policy=_policy('page = ["anna"]\nwait_s = 3000'))


def test_a_person_who_passes_a_folded_incident_on_still_gets_the_others(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 200})
        await house.until(lambda: not house.daemon.dispatch.up(), 60)
        await storm(house, 8)
        await house.pass_time(30)
        code = (await house.incident(8))["code"]
        await house.post("/api/v1/incidents/8/ack", {"by": "ben"})
        await house.text(house.anna, "4 more since", 400)
        assert not house.anna.texts(f"Reply ok {code}")

    play(tmp_path, story, modems=1, policy=_policy('page = ["anna"]\nwait_s = 3000'))


def test_a_service_that_gathers_has_one_incident(tmp_path: Path) -> None:
    services = '[[services]]\nname = "db"\npolicy = "default"\ngroup_s = 60\n'

    async def story(house: House) -> None:
        await storm(house, 50)
        await house.alert("net1", service="net", summary="net 1 down")
        assert states(house) == {"open": 2}
        await house.pass_time(61)
        await house.alert("db99", service="db", summary="db 99 down")
        assert states(house) == {"open": 3}, "what comes later is another incident"
        await house.post("/api/v1/incidents/3/ack", {"by": "ben"})
        await house.alert("db100", service="db", summary="db 100 down")
        assert states(house) == {"open": 3, "acknowledged": 1}, "nothing new hides behind what somebody has taken"
        for n in range(50):
            await house.alert(f"db{n}", status="resolved")
        assert (await house.incident(1))["state"] == "resolved"

    play(tmp_path, story, config=services)


def test_status_tells_when_the_queue_needs_long(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.network.settings.latency_s = 3.0
        assert "queue" not in (await house.get("/readyz"))["checks"]
        bulk = [house.post("/api/v1/messages", {"to": STRANGER, "text": f"news {n}"}) for n in range(200)]
        await asyncio.gather(*bulk)
        await house.pass_time(60)
        told = (await house.get("/readyz"))["checks"]["queue"]
        texts, minutes = int(told.split()[0]), int(told.split()[-5])
        assert 150 < texts < 200
        assert abs(minutes - texts * 3.0 / 60) <= 1
        shown = re.search(r'gatewayd_queue_drain_seconds\{channel="modem1"\} (\S+)', exposition().decode())
        assert shown is not None
        assert abs(float(shown[1]) - texts * 3) < 30
        await house.alert()
        await house.text(house.anna, "edge2", 10)
        await house.pass_time(400)
        assert "queue" not in (await house.get("/readyz"))["checks"]

    play(tmp_path, story, modems=1)


def test_while_the_air_is_busy_only_first_pages_go_alone(tmp_path: Path) -> None:
    """`airtime_s`: while the air is busy with what is urgent, only first pages go alone."""

    async def story(house: House) -> None:
        house.street.network.settings.latency_s = 3.0
        busy = [{"to": STRANGER, "text": f"urgent {n}", "priority": "critical"} for n in range(60)]
        await asyncio.gather(*(house.post("/api/v1/messages", body) for body in busy))
        await house.pass_time(6)
        await storm(house, 3)
        await house.text(house.anna, "db 0 down", 20)
        await house.text(house.anna, "2 more since", 240)
        assert len(texts(house.anna)) == 2

    play(tmp_path, story, modems=1, policy=_policy('page = ["anna"]\nwait_s = 3000'))


def test_a_clock_that_is_set_in_a_storm_delays_nothing_that_is_gathered(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await storm(house, 10)
        await house.pass_time(5)
        house.clock.set_wall(-7_200 * SECOND)
        await house.text(house.anna, "7 more since", 60)
        await storm(house, 10, first=10)
        await house.text(house.anna, "10 more since", 125)

    play(tmp_path, story)
