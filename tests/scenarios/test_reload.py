"""The file is read again while modems work: the answer comes at once, and nothing waits for a modem that left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatewayd import metrics
from gatewayd.web.client import ClientError
from tests.house import ANNA, BEN, PEOPLE, House, play

SLOW = {"kind": "latency", "seconds": 100, "times": 1}
BOUND = PEOPLE.replace(f'[{{ number = "{ANNA}" }}]', f'[{{ number = "{ANNA}", channel = "modem2" }}]')


def without_modem2(house: House) -> str:
    head, _, rest = house.toml.partition('[[modems]]\nname = "modem2"')
    return head + rest[rest.index("[[people]]") :]


def renamed(house: House, name: str) -> str:
    return house.toml.replace('name = "modem2"', f'name = "{name}"')


async def reload(house: House, toml: str) -> None:
    """The operator's command: done before anything else has time to happen."""
    house.path.write_text(toml)
    began = house.seconds
    assert (await house.post("/api/v1/admin/reload"))["reloaded"]
    assert house.seconds - began < 1


async def by_modem2(house: House, text: str, **more: Any) -> dict[str, Any]:
    sent = await house.post("/api/v1/messages", {"to": ANNA, "text": text, "channel": "modem2", **more})
    return dict(sent)


async def on_the_air(house: House) -> None:
    """Modem2 has a text that the network takes 100 s for, and one that waits behind it."""
    house.street.fault("modem2", SLOW)
    await by_modem2(house, "on the air")
    await house.until(lambda: "attempt_started" in house.events())
    await house.pass_time(1)


def test_a_modem_that_leaves_ends_what_it_has_on_the_air(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await on_the_air(house)
        await reload(house, without_modem2(house))
        assert set(house.daemon.dispatch.healths()) == {"modem1"}
        await house.post("/api/v1/messages", {"to": BEN, "text": "by the one that stays"})
        await house.text(house.ben, "stays")
        assert not house.anna.texts()
        await house.text(house.anna, "on the air", 120)
        await house.until(lambda: "message_delivered" in house.events(), 60)
        await house.pass_time(400)
        assert len(house.anna.texts()) == 1, "and nothing was repeated"
        assert b'gatewayd_channel_up{channel="modem2"}' not in metrics.exposition(), "no alarm for what nobody has"

    play(tmp_path, story)


def test_its_port_is_not_opened_under_another_name_before_it_has_left(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await on_the_air(house)
        await reload(house, without_modem2(house))
        await reload(house, renamed(house, "modemb"))
        ready, parts = house.daemon.ready()
        assert ready
        assert "in use" in parts["modemb"]
        sent = await house.post("/api/v1/messages", {"to": BEN, "text": "by the new name", "channel": "modemb"})
        await house.pass_time(60)
        assert set(house.daemon.dispatch.healths()) == {"modem1"}
        assert not house.ben.texts(), "it waits for its channel"
        assert not house.anna.texts()
        await house.text(house.anna, "on the air", 60)
        await house.text(house.ben, "by the new name", 60)
        assert len(house.anna.texts()) == 1
        message = await house.message(sent["messages"][0]["id"])
        assert [attempt["channel"] for attempt in message["attempts"]] == ["modemb"]

    play(tmp_path, story)


def test_a_name_that_waits_for_its_port_may_leave_again(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await on_the_air(house)
        await reload(house, renamed(house, "modemb"))
        await reload(house, renamed(house, "modemc"))
        await reload(house, house.toml)
        await house.text(house.anna, "on the air", 120)
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 60)
        assert set(house.daemon.dispatch.healths()) == {"modem1", "modem2"}
        await by_modem2(house, "home again")
        await house.text(house.anna, "home again")

    play(tmp_path, story)


@pytest.mark.parametrize("again", [False, True], ids=["gone", "renamed"])
def test_stopped_while_a_modem_leaves(tmp_path: Path, again: bool) -> None:
    """The grace of 30 s holds for it as well, and what it had on the air is in doubt, not lost."""

    async def story(house: House) -> None:
        await on_the_air(house)
        await reload(house, renamed(house, "modemb") if again else without_modem2(house))
        began = house.seconds
        await house.sleep()
        assert 20 <= house.seconds - began <= 45
        house.toml = renamed(house, "modemb")
        await house.wake()
        message = await house.message()
        assert message["state"] in ("in_doubt", "sent", "delivered", "queued"), message["state"]
        await house.pass_time(900)
        assert house.anna.texts("on the air")

    play(tmp_path, story)


def test_a_text_for_a_modem_that_left_is_told_so(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem2", {"kind": "hangup", "back_after_s": 7200})
        await house.until(lambda: house.daemon.dispatch.up() == ("modem1",))
        await by_modem2(house, "only by that one")
        await house.post("/api/v1/messages", {"to": "person:anna", "text": "for Anna"})
        await house.pass_time(60)
        assert (await house.message(1))["state"] == "queued"
        assert (await house.message(2))["state"] == "queued"
        house.toml = house.toml.replace(', channel = "modem2"', "")
        await reload(house, without_modem2(house))
        await house.text(house.anna, "for Anna", 5)
        message = await house.message(1)
        assert message["state"] == "failed"
        assert message["reason"] == "modem2 is not in the configuration any more"
        assert not house.anna.texts("only by that one")

    play(tmp_path, story, people=BOUND)


def test_a_page_by_a_modem_that_left_moves_on_at_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem2", {"kind": "hangup", "back_after_s": 7200})
        await house.until(lambda: house.daemon.dispatch.up() == ("modem1",))
        await house.alert()
        await house.pass_time(30)
        house.toml = house.toml.replace(', channel = "modem2"', "")
        await reload(house, without_modem2(house))
        await house.text(house.ben, "edge2", 5)
        pages = (await house.incident())["pages"]
        assert pages[0]["state"] == "unreachable"

    play(tmp_path, story, people=BOUND)


def test_a_text_sent_again_by_a_modem_that_left_is_told_so(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await by_modem2(house, "once")
        await house.text(house.anna, "once")
        await reload(house, without_modem2(house))
        await house.post("/api/v1/messages/1/resend")
        await house.pass_time(10)
        message = await house.message()
        assert message["state"] in ("delivered", "unconfirmed"), "the first time it arrived"
        assert "not in the configuration" in message["reason"]

    play(tmp_path, story)


def test_started_without_a_modem_that_texts_are_bound_to(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem2", {"kind": "hangup", "back_after_s": 7200})
        await house.until(lambda: house.daemon.dispatch.up() == ("modem1",))
        await by_modem2(house, "only by that one")
        await house.sleep()
        house.toml = without_modem2(house)
        await house.wake(modems_up=False)
        assert (await house.message())["state"] == "failed"

    play(tmp_path, story)


def test_a_fault_in_reading_the_file_is_no_reason_to_stop_paging(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.daemon._path = Path("no file is called so\0")  # what reading it raises, nobody has thought of
        house.daemon.reload_soon()
        await house.pass_time(1)
        assert house.daemon.failure is None
        with pytest.raises(ClientError, match="nothing was changed: a fault of gatewayd, its log knows more"):
            await house.post("/api/v1/admin/reload")
        await house.alert()
        await house.text(house.anna, "edge2")

    play(tmp_path, story)
