"""A bureau that takes so many texts a second: bulk goes at its full rate, and what is critical is the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_bureau import PAGER, Office, play


@pytest.mark.parametrize("per_s", [1, 2, 5, 20])
def test_a_critical_page_has_the_next_place_and_bulk_has_all_the_others(tmp_path: Path, per_s: int) -> None:
    async def story(office: Office) -> None:
        count = 30 * per_s
        for first in range(0, count, 10):
            to = [f"short:{PAGER}"]
            for number in range(first, first + 10):
                body = {"to": to, "text": f"bulk {number:04}", "channel": "north", "priority": "low"}
                await office.post("/api/v1/messages", body)
        for number in range(5):
            await office.pass_time(2.3)
            began = office.clock.now() / 1e6
            words = f"edge{number} is down"
            await office.alert(f"edge{number}/link", service=f"service {number}", summary=words)
            await office.until(lambda: _accepted(office, words), 30)  # noqa: B023
            assert _accepted(office, words)[0]["at"] - began <= 1 / per_s + 0.3
        await office.until(lambda: len(_accepted(office, "bulk")) == count, 60)
        times = sorted(entry["at"] for entry in _accepted(office, ""))
        assert times[-1] - times[0] <= len(times) / per_s * 1.02 + 1, "the rate is the bureau's"
        assert office.entries("refused") == [], "no second of the bureau saw more"

    play(tmp_path, story, settings=f"rate_per_s = {per_s}", centre={"rate_per_s": per_s})


def _accepted(office: Office, words: str) -> list[dict[str, object]]:
    return [entry for entry in office.entries("accepted", protocol="smpp") if words in entry["text"]]
