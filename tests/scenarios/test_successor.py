"""Who takes over a duty takes over what is open: is paged for what nobody has, and may act on all of it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.tale import Tale, policy, tell, weekly

POLICY = policy("rota:noc 300", "backup:noc 300")
ROTA = weekly("anna", "ben", "cara", hand_over="09:00", start="2026-11-21")  # the 22nd at 09:00: from Anna to Ben
APART = "[storms]\npage_texts = 100\n"


async def said(t: Tale, who: str, words: str) -> str:
    """What somebody is answered."""
    heard = len(t.heard(who))
    t.says(who, words)
    await t.minutes(0.3)
    return t.heard(who)[heard]


def test_ben_is_paged_for_what_nobody_has_and_may_act_on_all_that_is_open(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.wait_until("2026-11-22 08:55")
        assert await t.fault("db full", service="db") == "10"
        await t.minutes(0.5)
        t.says("anna", "ok")
        await t.wait_until("2026-11-22 08:59")
        assert await t.fault("edge2 down") == "47"
        await t.wait_until("2026-11-22 09:01")
        assert "Anna hands over: 2 open: 10, 47" in t.heard("ben", "You are on call")[0]
        assert [text.partition(" (")[0] for text in t.heard("ben", "edge2")] == [
            "47 CRITICAL network: edge2 down. Reply ok 47"
        ]
        assert "47 edge2 down; 10 db full (Anna)" in await said(t, "ben", "?")
        assert "db full" in await said(t, "ben", "more 10")
        assert await said(t, "ben", "ok 10") == "10 is with Anna already"
        assert (await said(t, "ben", "ok 47")).startswith("47 is yours: edge2 down")
        assert (await said(t, "ben", "done 10")).startswith("10 is closed: db full")
        await t.minutes(12)
        assert t.silent("cara", "dan")

    tell(tmp_path, story, POLICY, ROTA, APART, at="2026-11-22 08:50")


def test_who_agreed_to_take_over_is_paged_at_once_and_the_backup_only_after_the_step(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(1)
        echo = re.search(r"yes (\d{4})", await said(t, "anna", "off"))
        assert echo is not None
        await said(t, "anna", f"yes {echo[1]}")
        consent = re.search(r"yes (\d{4})", t.heard("ben", "Reply yes")[-1])
        assert consent is not None
        await said(t, "ben", f"yes {consent[1]}")
        assert t.heard("ben", "CRITICAL") == ["10 CRITICAL network: edge2 down. Reply ok 10"]
        assert t.silent("cara")
        assert (await said(t, "ben", "ok")).startswith("10 is yours")
        await t.hears("anna", "10 taken by Ben")

    tell(tmp_path, story, policy("rota:noc 900", more="repeat = 3"), ROTA, at="2026-11-21 12:50")


def test_a_hand_over_while_the_backup_is_asked_reaches_the_new_pair(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.wait_until("2026-11-22 08:53")
        await t.fault("edge2 down")
        await t.wait_until("2026-11-22 08:59")
        assert len(t.heard("ben", "10 CRITICAL")) == 1  # he stands behind Anna
        await t.wait_until("2026-11-22 09:01")
        assert len(t.heard("cara", "10 CRITICAL")) == 1  # and Cara behind him
        assert len(t.heard("ben", "10 CRITICAL")) == 1

    tell(tmp_path, story, POLICY, ROTA, at="2026-11-22 08:50")


def test_whoever_has_passed_it_on_is_not_asked_again_for_taking_over(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.wait_until("2026-11-22 08:53")
        await t.fault("edge2 down")
        await t.wait_until("2026-11-22 08:59")
        await said(t, "ben", "no 10")
        await t.wait_until("2026-11-22 09:01")
        assert len(t.heard("ben", "10 CRITICAL")) == 1

    tell(tmp_path, story, policy("rota:noc 300", "backup:noc 900", "dan 900"), ROTA, at="2026-11-22 08:50")


def test_a_silenced_incident_is_the_successors_too_and_a_bare_ok_leaves_it_alone(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.wait_until("2026-11-22 08:55")
        await t.fault("edge2 down")
        await t.minutes(0.5)
        await t.post("/api/v1/silences", {"services": ["network"], "until": "+3h", "reason": "known"})
        await t.wait_until("2026-11-22 09:01")
        assert not t.heard("ben", "CRITICAL")
        assert "10 edge2 down" in await said(t, "ben", "?")
        assert "yours" not in await said(t, "ben", "ok")
        assert (await said(t, "ben", "ok 10")).startswith("10 is yours")

    tell(tmp_path, story, POLICY, ROTA, at="2026-11-22 08:50")


def test_who_is_to_confirm_may_ask_about_what_is_open_and_is_paged_from_the_yes_on(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.wait_until("2026-11-22 08:58")
        await t.fault("edge2 down")
        await t.wait_until("2026-11-22 09:01")
        code = re.search(r"ok (\d{4})", t.heard("ben", "Reply ok")[0])
        assert code is not None
        assert not t.heard("ben", "CRITICAL")
        assert "edge2 down" in await said(t, "ben", "more 10")
        await said(t, "ben", f"ok {code[1]}")
        assert len(t.heard("ben", "10 CRITICAL")) == 1

    rota = weekly("anna", "ben", "cara", hand_over="09:00", start="2026-11-21", more="confirm = true")
    tell(tmp_path, story, POLICY, rota, at="2026-11-22 08:50")
