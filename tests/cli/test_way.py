"""`gatewayd way`: by which way a text would go, typed at a real daemon with rules but without a modem."""

from __future__ import annotations

from pathlib import Path

from tests.cli.house import CONFIG, House

RULES = """
[[modems]]
name = "modem2"
port = "{home}/no-such-modem-2"
[[routes]]
prefix = "+4478"
only = ["modem2"]
because = "that SIM's network"
[[routes]]
prefix = "+999"
never = ["modem1", "modem2"]
[[ways]]
channel = "modem2"
hours = ["mon-fri 08:00-18:00"]
zone = "Europe/London"
"""


def test_the_way_and_the_reason_are_told_for_any_time(tmp_path: Path) -> None:
    with House(tmp_path, (CONFIG + RULES).format(home=tmp_path)) as house:
        bound = house.types("way", "+447800900123", "--at", "2026-11-23T03:00Z")
        assert bound.status == 0, bound.err
        assert "modem1   forbidden by routes[0] (that SIM's network)" in bound.out
        assert "its hours begin Mon 23 Nov 08:00 Europe/London" in bound.out
        assert "goes      2026-11-23 08:00:00Z" in bound.out
        free = house.types("way", "person:anna", "--priority", "critical", "--json", "--at", "2026-11-23T09:00+01:00")
        (told,) = free.json["ways"]
        assert told["by"] == ["modem1", "modem2"]
        assert told["reason"] == "none of modem1, modem2 is up; whichever is first"
        assert {c["channel"] for c in told["channels"]} == {"modem1", "modem2"}
        nowhere = house.types("way", "+99912345678")
        assert nowhere.status == 1
        assert "no way: modem1 is forbidden by routes[1]; modem2 is forbidden by routes[1]" in nowhere.out
        assert "at: " in house.types("way", "+447800900123", "--at", "tomorrow").err
        refused = house.types("send", "--to", "+447800900123", "--channel", "modem1", "not that way")
        assert refused.status == 1
        assert "modem1 is forbidden by routes[0]" in refused.err
        assert house.stop() == 0


LIMITS = """
[[ways]]
channel = "modem1"
cost = 0.04
per_minute = 10
burst = 5
budget = 25
budget_parts = 500
"""


def test_what_is_left_of_bucket_and_budget_is_told(tmp_path: Path) -> None:
    with House(tmp_path, (CONFIG + LIMITS).format(home=tmp_path)) as house:
        told = house.types("way", "+447800900123", "--at", "2026-11-23T03:00Z")
        assert "; 5 more at once; 0 of 25 and 0 of 500 parts used in 2026-11" in told.out
        assert house.stop() == 0


def test_without_rules_whoever_is_free_first_takes_it(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        told = house.types("way", "+447800900123")
        assert "no rules: whichever is free first" in told.out
        assert house.stop() == 0
