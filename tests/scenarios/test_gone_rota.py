"""A rota or a team that leaves the file while an incident pages by it: the incident goes on with who they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tale import Tale, policy, tell, weekly

POLICY = policy("rota:noc 300", "backup:noc 300", more="exhausted_every_s = 300\nrepeat = 0")
ROTA = weekly("anna", "ben", "cara", start="2026-11-16")
TEAM = '[[teams]]\nname = "shift"\nmembers = ["ben", "cara"]\n'


async def rename(t: Tale, **names: str) -> None:
    """In the file, and in everything that names them there."""
    toml = t.toml
    for old, new in names.items():
        toml = toml.replace(f'name = "{old}"', f'name = "{new}"').replace(f':{old}"', f':{new}"')
    t.path.write_text(toml)
    await t.post("/api/v1/admin/reload")


def pages(t: Tale, who: str) -> int:
    return len(t.heard(who, "10 CRITICAL"))


def test_a_rota_that_is_renamed_does_not_lose_whom_the_running_policy_meant(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(1)
        await rename(t, noc="netops")
        await t.minutes(5)
        assert (pages(t, "anna"), pages(t, "ben"), pages(t, "dan")) == (1, 1, 0)
        await t.minutes(11)  # the fallback has had its time as well
        assert (pages(t, "anna"), pages(t, "ben"), pages(t, "dan")) == (2, 2, 2)
        t.says("ben", "ok")
        await t.hears("anna", "taken by Ben")
        assert "step_empty" not in t.events()

    tell(tmp_path, story, POLICY, ROTA)


def test_it_is_known_after_a_restart_with_another_file_too(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(1)
        await t.sleep()
        t.toml = t.toml.replace('name = "noc"', 'name = "netops"').replace(':noc"', ':netops"')
        await t.wake()
        await t.minutes(5)
        assert (pages(t, "anna"), pages(t, "ben"), pages(t, "dan")) == (1, 1, 0)

    tell(tmp_path, story, POLICY, ROTA)


def test_a_team_that_is_renamed_is_paged_as_it_was(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(1)
        await rename(t, shift="crew")
        await t.minutes(5)
        assert (pages(t, "ben"), pages(t, "cara"), pages(t, "dan")) == (1, 1, 0)

    tell(tmp_path, story, policy("anna 300", "team:shift 300"), TEAM)


def test_a_step_that_names_nobody_is_gone_past_at_once_and_said(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(0.2)
        assert pages(t, "cara") == 1  # nobody stands behind Anna
        assert t.events().count("step_empty") == 1

    steps = policy("backup:noc 300", "cara 300")
    alone = weekly("anna", start="2026-11-16").replace('fallback = ["dan"]', 'fallback = ["anna"]')
    tell(tmp_path, story, steps, alone)


def test_a_reload_that_leaves_a_rota_to_somebody_who_is_away_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(t: Tale) -> None:
        def warned() -> list[str]:
            return [r.getMessage() for r in caplog.records if "absences were booked" in r.getMessage()]

        await t.change(kind="absence", person="ben", since="now", until="+9d")
        await t.post("/api/v1/admin/reload")
        await t.minutes(1)
        assert not warned(), "the others have his turns"
        t.path.write_text(t.toml.replace('people = ["anna", "ben", "cara"]', 'people = ["ben"]'))
        await t.post("/api/v1/admin/reload")
        await t.minutes(1)
        (told,) = warned()
        assert told.startswith("'noc' has nobody from ") and told.endswith("nobody else is there: the fallback")

    tell(tmp_path, story, POLICY, ROTA)
