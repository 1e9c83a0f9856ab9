"""A pool of SIMs: buckets, budgets, shares and conversations, on the real daemon and by the network's own ledger."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from gatewayd.store import journal
from tests.house import ANNA, EACH_ALONE, STRANGER, House, play

PHONES = [f"+4477009002{n:02}" for n in range(40)]


def way(channel: str, said: str) -> str:
    return f'[[ways]]\nchannel = "{channel}"\n{said}\n'


async def send(house: House, to: str, text: str, **more: Any) -> int:
    answer = await house.post("/api/v1/messages", {"to": to, "text": text, **more})
    return int(answer["messages"][0]["id"])


def carried(house: House, contains: str = "") -> list[tuple[str, float]]:
    """By which SIM the network took texts, and when."""
    entries = [e for e in house.street.ledger.entries if e["event"] == "accepted" and contains in str(e["text"])]
    return [(e["modem"], e["at"]) for e in entries]


def told(house: House, event: str) -> list[dict[str, Any]]:
    rows = house.daemon.store.peek(journal.rows, limit=10_000)
    return [json.loads(row["facts"]) for row in rows if row["event"] == event]


def test_without_a_word_of_it_idle_modems_take_turns(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(6):
            await send(house, PHONES[n], f"turn {n}")
            await house.until(lambda n=n: len(carried(house, "turn")) == n + 1)
        assert sorted(name for name, _ in carried(house)) == ["modem1"] * 3 + ["modem2"] * 3

    play(tmp_path, story)


def test_a_weight_is_a_share_of_what_several_could_take(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(8):
            await send(house, PHONES[n], f"share {n}")
            await house.until(lambda n=n: len(carried(house, "share")) == n + 1)
            await house.pass_time(20)
        assert sorted(name for name, _ in carried(house)) == ["modem1"] * 6 + ["modem2"] * 2

    play(tmp_path, story, config=way("modem1", "weight = 3"))


def test_a_bucket_survives_a_kill_and_lets_what_is_critical_go(tmp_path: Path) -> None:
    """Four at once (of five one is kept), one in 30 s after that; nothing is forgotten by a SIGKILL."""

    async def story(house: House) -> None:
        for n in range(8):
            await send(house, PHONES[n], f"bulk {n}")
        await house.until(lambda: len(carried(house, "bulk")) == 4)
        await house.pass_time(20)
        assert len(carried(house, "bulk")) == 4
        await house.crash()
        await house.wake()
        await house.pass_time(3)
        assert len(carried(house, "bulk")) <= 5
        before = len(carried(house))
        await send(house, PHONES[20], "urgent", priority="critical")
        await house.until(lambda: len(carried(house)) == before + 1, 8)
        assert carried(house, "urgent")
        (row,) = (await house.get("/api/v1/way", to=ANNA))["ways"][0]["channels"]
        assert row["bucket"]["at_once"] <= 1
        await house.until(lambda: len(carried(house, "bulk")) == 8, 300)
        times = [at for _, at in carried(house, "bulk")]
        assert all(later - earlier > 25 for earlier, later in pairwise(times[5:]))

    play(tmp_path, story, modems=1, config=way("modem1", "per_minute = 2\nburst = 5"))


def test_more_than_a_bucket_allows_goes_by_the_other_sim(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(6):
            await send(house, PHONES[n], f"bulk {n}")
        await house.until(lambda: len(carried(house, "bulk")) == 6, 120)
        assert [name for name, _ in carried(house)].count("modem1") == 1

    play(tmp_path, story, config=way("modem1", "per_minute = 0.1\nburst = 1"))


def test_what_waits_for_a_bucket_is_counted_before_the_next_text_is_bound_to_it(tmp_path: Path) -> None:
    """The cheap one has six tokens at once; what it could not send within the patience is bound to the dear one."""

    async def story(house: House) -> None:
        for n in range(12):
            await send(house, PHONES[n], f"bulk {n}")
        await house.until(lambda: len(carried(house, "bulk")) == 12, 290)
        assert [name for name, _ in carried(house)].count("modem1") <= 8

    play(
        tmp_path, story, config=way("modem1", "per_minute = 0.5\nburst = 8\ncost = 0.01") + way("modem2", "cost = 0.02")
    )


BUDGET = 'cost = 0.10\nbudget = 1.0\nzone = "Europe/London"'
TELL = '[pool]\ntell = ["cara"]\nincident = true\n'


async def spend(house: House, parts: int) -> None:
    before = len(carried(house, "spend"))
    for n in range(before, before + parts):
        await send(house, PHONES[n], f"spend {n}")
    await house.until(lambda: len(carried(house, "spend")) == before + parts, 120)


async def at_month_end(house: House) -> None:
    """30 November, 23:50 in London; elsewhere it may be December."""
    house.clock.set_wall(int((8 * 24 * 3_600 + 19 * 3_600 + 38 * 60) * 1e6))
    await house.until(lambda: "clock_step" in house.events(), 60)


def test_a_budget_warns_and_stops_all_but_what_is_critical_and_answers_until_its_month_is_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await at_month_end(house)
        await spend(house, 7)
        assert not told(house, "budget_warning")
        await spend(house, 1)
        await house.text(house.cara, "80 % of its budget of 2026-11 (0.8 of 1)", 60)
        await house.crash()
        await house.wake()
        await spend(house, 1)
        await house.text(house.cara, "100 % of its budget of 2026-11 (1 of 1). Only critical texts", 60)
        assert [f["per_cent"] for f in told(house, "budget_warning")] == [80, 100]
        low = await send(house, PHONES[30], "it waits", priority="low", validity_s=7200)
        assert "its budget of 2026-11 is spent" in (await house.message(low))["reason"]
        await house.alert()
        await house.text(house.anna, "edge2", 30)
        house.anna.reply(f"ok {(await house.incident(2))['code']}")
        await house.until(lambda: "incident_acknowledged" in house.events(), 60)
        house.anna.reply("?")
        await house.until(lambda: len(house.anna.texts("")) > 1, 60)
        (row,) = (await house.get("/api/v1/way", to=ANNA))["ways"][0]["channels"]
        assert row["budget"]["month"] == "2026-11"
        assert row["budget"]["used"] > 1, "the critical page and the answer are counted as well"
        await house.pass_time(15 * 60)
        assert carried(house, "it waits"), "it is December"
        assert (await house.incident(1))["state"] == "resolved", "the house's own incident"

    play(tmp_path, story, modems=1, config=way("modem1", BUDGET) + TELL)


def test_the_month_is_that_of_the_zone(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await at_month_end(house)
        await spend(house, 2)
        (row,) = (await house.get("/api/v1/way", to=ANNA))["ways"][0]["channels"]
        assert row["budget"]["month"] == "2026-12"

    play(tmp_path, story, modems=1, config=way("modem1", BUDGET.replace("Europe/London", "Pacific/Kiritimati")))


def test_a_marked_repeat_counts_and_a_spent_sim_leaves_what_can_wait_to_the_other(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "no_answer", "submitted": False, "times": 1})
        await send(house, PHONES[0], "in doubt", priority="critical")
        await house.until(lambda: carried(house, "(rpt) in doubt"), 300)
        assert carried(house)[0][0] == "modem2"
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 600)
        channels = {c["channel"]: c for c in (await house.get("/api/v1/way", to=ANNA))["ways"][0]["channels"]}
        assert channels["modem2"]["budget"]["parts"] == 1
        assert "its budget of 2026-11 is spent: 1 of 1 parts" in channels["modem2"]["says"]
        for n in range(3):
            await send(house, PHONES[n], f"by the other {n}")
        await house.until(lambda: len(carried(house, "by the other")) == 3, 60)
        assert {name for name, _ in carried(house, "by the other")} == {"modem1"}
        await send(house, PHONES[9], "all the same", channel="modem2", priority="critical")
        await house.until(lambda: carried(house, "all the same"), 60)

    play(tmp_path, story, config=way("modem2", "budget_parts = 1"))


STICKY = "[pool]\nsticky_s = 86400\n"


def test_further_pages_and_answers_come_from_the_number_that_texted_first(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await send(house, PHONES[0], "first")
        await house.until(lambda: carried(house, "first"))
        await send(house, ANNA, "hello Anna")
        await house.text(house.anna, "hello")
        ((own, _),) = carried(house, "hello")
        for n in range(3):
            await send(house, ANNA, f"again {n}", priority="low")
            await house.until(lambda n=n: carried(house, f"again {n}"))
            await send(house, PHONES[n], f"somebody else {n}")
        assert {name for name, _ in carried(house, "again")} == {own}
        await house.crash()
        await house.wake()
        await house.alert()
        await house.text(house.anna, "edge2")
        assert carried(house, "edge2")[0][0] == own
        house.anna.reply("?")
        await house.until(lambda: len(house.anna.texts("")) == 6)
        assert {e["modem"] for e in house.street.ledger.entries if e["event"] == "accepted" and e["to"] == ANNA} == {
            own
        }

    play(tmp_path, story, config=STICKY)


def test_a_critical_page_waits_for_no_sim_and_a_sick_one_is_left(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await send(house, ANNA, "hello Anna")
        await house.text(house.anna, "hello")
        ((own, _),) = carried(house, "hello")
        house.street.fault(own, {"kind": "latency", "seconds": 20, "times": 1})
        await send(house, PHONES[0], "it is busy", channel=own)
        await house.pass_time(1)
        began = house.seconds
        await house.alert()
        await house.text(house.anna, "edge2")
        assert house.seconds - began < 10
        assert carried(house, "edge2")[0][0] != own
        await house.pass_time(60)
        own = carried(house, "edge2")[0][0]
        house.street.fault(own, {"kind": "hangup", "back_after_s": 1200})
        await house.until(lambda: len(house.daemon.dispatch.up()) == 1, 60)
        await send(house, ANNA, "by the other one")
        await house.text(house.anna, "by the other one")

    play(tmp_path, story, config=STICKY + EACH_ALONE)


def test_a_number_is_reached_by_the_network_that_its_rule_names(tmp_path: Path) -> None:
    routes = f'[[routes]]\nnumber = "{STRANGER}"\nonly = ["network:Two"]\n'

    async def story(house: House) -> None:
        for n in range(3):
            await send(house, STRANGER, f"by two {n}")
            await send(house, ANNA, f"by any {n}")
        await house.until(lambda: len(carried(house, "by")) == 6, 60)
        assert {name for name, _ in carried(house, "by two")} == {"modem2"}

    networks = way("modem1", 'network = "One"') + way("modem2", 'network = "two"')
    play(tmp_path, story, config=routes + networks)
