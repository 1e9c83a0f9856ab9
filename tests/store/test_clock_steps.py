"""A step of the wall clock, on the disk: what is kept for a length of time is kept that long."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.allowance import HOUR_US
from gatewayd.clock import SECOND, Clock
from gatewayd.due import shift_waits
from gatewayd.store import allowances, idempotency
from gatewayd.store.sqlite import SqliteStore

NOW = 1_800_000_000 * SECOND
DAY_US = 86_400 * SECOND
MINUTE_US = 60 * SECOND


@pytest.mark.parametrize("days", [3, -3, 20_000])
async def test_an_answer_is_remembered_for_a_day_and_a_page_counts_for_an_hour(tmp_path: Path, days: int) -> None:
    store = SqliteStore(tmp_path, Clock())
    store.open()
    await store.write(idempotency.remember, "app", "key", "digest", "answer", now=NOW, keep_us=DAY_US)
    await store.write(allowances.use, "north", "4711", "network", now=NOW, before=NOW - HOUR_US)
    set_at = NOW + MINUTE_US + days * DAY_US
    await store.write(shift_waits, days * DAY_US, now=set_at)

    for at, remembered, counted in (
        (set_at + MINUTE_US, True, 1),
        (set_at + HOUR_US, True, 0),
        (set_at + DAY_US, False, 0),
    ):
        await store.write(idempotency.remember, "app", f"later {at}", "", "", now=at, keep_us=DAY_US)  # others are made
        assert (await store.write(idempotency.recall, "app", "key", "digest") == "answer") is remembered
        assert len(store.peek(allowances.used, "north", "4711", since=at - HOUR_US)) == counted
    await store.close()
