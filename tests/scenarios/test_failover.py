"""Modems go and come back; numbers are bad; the queue goes on."""

from __future__ import annotations

from pathlib import Path

from gatewayd.clock import SECOND
from gatewayd.store import messages
from tests.house import ANNA, BEN, POLICY, STRANGER, House, play

BAD = "+447700900666"


def test_a_modem_gone_for_an_hour_costs_nothing_and_works_when_it_is_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 3600})
        for n in range(6):
            await house.post("/api/v1/messages", {"to": ANNA, "text": f"note {n}"})
        await house.until(lambda: len(house.anna.texts("note")) == 6, 60)
        assert {e["modem"] for e in house.street.ledger.accepted(to=ANNA)} == {"modem2"}
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 3700)
        await house.post("/api/v1/messages", {"to": ANNA, "text": "by the first", "channel": "modem1"})
        await house.text(house.anna, "by the first")

    play(tmp_path, story)


def test_all_modems_gone_for_twenty_minutes(tmp_path: Path) -> None:
    """First what is critical; what has expired is not sent; nobody gets two texts for one fault."""

    async def story(house: House) -> None:
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "hangup", "back_after_s": 1200})
        await house.until(lambda: not house.daemon.dispatch.up(), 30)
        await house.post("/api/v1/messages", {"to": STRANGER, "text": "stale", "validity_s": 300})
        for n in range(5):
            await house.post("/api/v1/messages", {"to": STRANGER, "text": f"low {n}", "priority": "low"})
        await house.alert()
        await house.until(lambda: len(house.daemon.dispatch.up()) >= 1, 1300)
        await house.until(lambda: len(house.stranger.texts("low")) == 5, 120)
        accepted = [e["text"] for e in house.street.ledger.accepted()]
        assert "CRITICAL" in accepted[0]
        assert not house.stranger.texts("stale")
        assert len(house.anna.texts("edge2")) <= 1

    play(tmp_path, story)


def test_two_hours_without_a_modem_leave_one_text_for_each_person(tmp_path: Path) -> None:
    """The policy goes round and round meanwhile; what it had queued before makes room for what it queues now."""

    async def story(house: House) -> None:
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "hangup", "back_after_s": 7200})
        await house.until(lambda: not house.daemon.dispatch.up(), 30)
        await house.alert()
        await house.pass_time(7200)
        await house.text(house.anna, "CRITICAL", 120)
        house.anna.send("+447700900001", "ok")
        await house.text(house.anna, "is yours", 120)
        for phone in (house.anna, house.ben, house.cara):
            assert len(phone.texts("CRITICAL")) <= 1

    policy = POLICY.replace("wait_s = 300", "wait_s = 60").replace("exhausted_every_s = 900", "exhausted_every_s = 60")
    play(tmp_path, story, policy=policy)


def test_one_bad_number_with_fifty_texts_does_not_delay_others(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "refuse", "cms": 41, "to": BAD})
        house.street.fault(None, {"kind": "latency", "seconds": 2})
        for n in range(50):
            await house.post("/api/v1/messages", {"to": BAD, "text": f"lost {n}"})
        await house.pass_time(30)
        began = house.seconds
        for n in range(10):
            await house.post("/api/v1/messages", {"to": BEN, "text": f"note {n}"})
        await house.until(lambda: len(house.ben.texts("note")) == 10, 90)
        assert house.seconds - began < 20, "ten texts of 2 s each by two modems"
        assert not house.street.ledger.accepted(to=BAD)

    play(tmp_path, story)


def test_a_moment_of_congestion_does_not_use_up_all_tries(tmp_path: Path) -> None:
    """Both modems hear 'congestion' for half a minute; a plain text arrives afterwards all the same."""

    async def story(house: House) -> None:
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "refuse", "cms": 47, "times": 2})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
        await house.text(house.anna, "disk 95%", 300)

    play(tmp_path, story)


def test_a_part_that_fails_is_sent_again_and_the_phone_joins_them(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "refuse", "cms": 42, "skip": 1, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "a long story " * 30, "priority": "critical"})
        await house.text(house.anna, "a long story", 300)
        assert len(house.anna.texts()) == 1
        await house.pass_time(1)
        message = await house.message()
        assert message["state"] in ("sent", "delivered")

    play(tmp_path, story)


def test_a_part_whose_answer_is_lost_goes_again_alone(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "no_answer", "submitted": False, "skip": 1, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "a long story " * 30, "priority": "critical"})
        await house.text(house.anna, "a long story", 600)
        assert [t.text.startswith("(rpt)") for t in house.anna.texts()][-1:] in ([False], [True])
        assert len(house.anna.texts()) == 1

    play(tmp_path, story)


def test_a_part_in_doubt_for_ever_does_not_go_round_for_ever(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "ok_only", "submitted": True, "skip": 1})
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]})
        await house.post(
            "/api/v1/messages",
            {"to": ANNA, "text": "a long story " * 30, "priority": "critical", "channel": "modem1"},
        )
        await house.pass_time(3000)
        assert len(house.street.ledger.accepted(to=ANNA)) <= 3 * 4
        assert (await house.message())["state"] == "in_doubt"

    play(tmp_path, story)


def test_a_text_that_waits_for_another_channel_goes_when_one_comes_up(tmp_path: Path) -> None:
    """One SIM has refused it for good; it does not wait until its next look when the other is back."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 100})
        house.street.fault("modem2", {"kind": "hangup", "back_after_s": 300})
        await house.until(lambda: not house.daemon.dispatch.up())
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
        later = house.clock.now() + 3600 * SECOND
        refused = {"tries": 0, "reason": "waits for another channel", "fresh": False, "marked": False}
        await house.daemon.store.write(messages.queue_again, 1, at=later, channel="", avoid=("modem1",), **refused)
        await house.until(lambda: house.daemon.dispatch.up() == ("modem1",), 150)
        await house.pass_time(100)
        assert not house.anna.texts()
        await house.text(house.anna, "disk", 150)
        assert {e["modem"] for e in house.street.ledger.accepted(to=ANNA)} == {"modem2"}

    play(tmp_path, story)
