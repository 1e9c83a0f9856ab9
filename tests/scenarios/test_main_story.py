"""The main job, told as stories: an alert wakes the right person, somebody answers, everybody hears the end."""

from __future__ import annotations

from pathlib import Path

from tests.house import POLICY, House, play


def test_anna_sleeps_ben_takes_it_and_both_hear_the_end(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        first = await house.text(house.anna, "edge2 uplink down")
        assert first == "10 CRITICAL network: edge2 uplink down. Reply ok 10"
        assert not house.ben.texts()
        await house.text(house.ben, "edge2 uplink down", 310)
        assert house.seconds >= 300, "Ben was woken before Anna's time was over"
        house.ben.reply("ok")
        assert await house.text(house.ben, "is yours") == "10 is yours: edge2 uplink down. Anna told"
        assert await house.text(house.anna, "taken") == "10 taken by Ben: edge2 uplink down"
        incident = await house.incident()
        assert (incident["state"], incident["acknowledged_by"]) == ("acknowledged", "ben")
        await house.alert(status="resolved")
        for phone in (house.anna, house.ben):
            assert await house.text(phone, "cleared") == "10 cleared: edge2 uplink down"
        assert (await house.incident())["state"] == "resolved"
        await house.pass_time(7200)
        assert len(house.anna.texts()) == 3
        assert len(house.ben.texts()) == 3
        assert not house.cara.texts(), "nobody else was woken"

    play(tmp_path, story)


def test_a_phone_that_is_off_costs_seconds_not_a_step(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "refuse", "cms": 28, "to": house.anna.number})
        await house.alert()
        await house.text(house.ben, "edge2", 15)

    play(tmp_path, story)


def test_a_report_of_failure_moves_on_at_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(
            None, {"kind": "report", "when": "normal", "delay_s": 4, "statuses": [0x41], "to": house.anna.number}
        )
        await house.alert()
        await house.text(house.ben, "edge2", 15)
        pages = {p["person"]: p["state"] for p in (await house.incident())["pages"]}
        assert pages["anna"] == "unreachable"

    play(tmp_path, story)


def test_nobody_answers_and_the_alarm_does_not_give_up(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.cara, "edge2", 2000)
        assert len(house.anna.texts()) == 2, "the policy was gone through twice before the fallback"
        before = len(house.cara.texts())
        await house.until(lambda: len(house.cara.texts()) >= before + 3, 6 * 3600)
        assert "policy_exhausted" not in house.events()
        kinds = (await house.get("/api/v1/journal", limit=1000))["lines"]
        exhausted = [e for e in kinds if e["event"] == "step_entered" and e["facts"]["kind"] == "exhausted"]
        assert len(exhausted) >= 2

    play(tmp_path, story)


def test_a_phone_that_was_off_all_night_rings_once_or_twice_in_the_morning(tmp_path: Path) -> None:
    """A page is valid until its person would be paged again; the centre does not keep a night of them."""

    async def story(house: House) -> None:
        for phone in (house.anna, house.ben, house.cara):
            phone.switch(False)
        await house.alert()
        await house.pass_time(6 * 3600)
        house.anna.switch(True)
        await house.pass_time(120)
        assert 1 <= len(house.anna.texts("edge2")) <= 2

    play(tmp_path, story, policy=POLICY.replace("exhausted_every_s = 900", "exhausted_every_s = 60"))


def test_the_monitor_clears_it_before_anybody_wakes(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.alert(status="resolved")
        await house.text(house.anna, "cleared")
        await house.pass_time(3600)
        assert not house.ben.texts()

    play(tmp_path, story)


def test_a_repeat_of_the_same_alert_wakes_nobody_twice(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for _ in range(5):
            await house.alert()
        await house.text(house.anna, "edge2")
        await house.pass_time(60)
        assert len(house.anna.texts()) == 1
        assert (await house.incident())["alerts"][0]["count"] == 5

    play(tmp_path, story)


def test_worse_than_before_is_told_again(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert(severity="warning")
        await house.text(house.anna, "WARNING")
        house.anna.reply("ok")
        await house.text(house.anna, "is yours")
        await house.alert(severity="critical", summary="edge2 is gone")
        await house.text(house.anna, "CRITICAL")
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story)
