"""Who is booked as away is not paged by name or by team, as long as anybody else is left."""

from __future__ import annotations

from pathlib import Path

from tests.tale import Tale, policy, tell, weekly

TEAM = '[[teams]]\nname = "noc"\nmembers = ["anna", "ben"]\n'
ROTA = weekly("ben", "cara", start="2026-11-16")


async def away(t: Tale, who: str) -> list[str]:
    return list((await t.change(kind="absence", person=who, since="now", until="+7d"))["warnings"])


def test_a_team_and_a_step_by_name_leave_out_who_is_away(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        assert await away(t, "anna") == ["step 2 of policy 'default' has nobody else: it is gone past meanwhile"]
        await t.fault("edge2 down")
        await t.minutes(4)
        assert len(t.heard("ben", "10 CRITICAL")) == 1
        await t.minutes(2)
        assert len(t.heard("cara", "10 CRITICAL")) == 1  # the second step, Anna's, is gone past at once
        await t.minutes(60)
        assert not t.heard("anna", "CRITICAL (again)")
        assert len(t.heard("anna", "10 CRITICAL")) == len(t.heard("dan", "10 CRITICAL")) - 1 == 2  # all, at the end

    steps = policy("team:noc 300", "anna 300", "cara 300", more="repeat = 0\nexhausted_every_s = 1200")
    tell(tmp_path, story, steps, TEAM, ROTA)


def test_an_absence_that_leaves_the_fallback_empty_is_booked_with_a_warning_and_leaves_nobody_unpaged(
    tmp_path: Path,
) -> None:
    async def story(t: Tale) -> None:
        assert await away(t, "dan") == ["the fallback of policy 'default' has nobody else: it is gone past meanwhile"]
        await t.fault("edge2 down")
        await t.minutes(4)
        assert t.silent("anna", "dan")
        await t.minutes(2)
        assert len(t.heard("ben", "10 CRITICAL")) == 2  # everybody at once, as the policy ran out
        assert len(t.heard("dan", "10 CRITICAL")) == 1

    tell(tmp_path, story, policy("rota:noc 300", more="repeat = 0"), ROTA)


def test_with_everybody_away_everybody_is_paged(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        for who in ("anna", "dan"):
            await away(t, who)
        await t.fault("edge2 down")
        await t.minutes(0.5)
        assert len(t.heard("anna", "10 CRITICAL")) == len(t.heard("dan", "10 CRITICAL")) == 1

    tell(tmp_path, story, policy("anna 300"))
