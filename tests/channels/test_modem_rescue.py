"""A modem in trouble, in virtual time: what is done to it in which order, what it still does meanwhile, and the end."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from gatewayd.channels.modem import Modem, ModemSettings
from gatewayd.channels.supervise import Supervisor
from gatewayd.delivery.outcome import Accepted, Deferred, Uncertain
from gatewayd.metrics import REGISTRY
from tests.channels import virtual
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission
from tests.channels.story import tell

TEXT = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
RADIO, RESTART = "AT+CFUN=0", "AT+CFUN=1,1"


def now() -> float:
    return asyncio.get_running_loop().time()


async def until(condition: Callable[[], object], *, within_s: float = 5.0) -> None:
    """As in house.py, for hours."""
    end = now() + within_s
    while not condition():
        assert now() < end, "it did not happen in time"
        await asyncio.sleep(0.05 if within_s < 100 else 1)


def counted(rung: str) -> float:
    return REGISTRY.get_sample_value("gatewayd_modem_recoveries_total", {"channel": "m1", "rung": rung}) or 0.0


def notifications_lost() -> float:
    return REGISTRY.get_sample_value("gatewayd_modem_notifications_lost_total", {"channel": "m1"}) or 0.0


def program(path: Path, words: str) -> str:
    path.write_text(f"#!/bin/sh\n{words}\n")
    path.chmod(0o700)
    return str(path)


def test_silence_is_waited_out_then_restarted_then_the_command_switches_the_power_and_it_is_well(
    tmp_path: Path,
) -> None:
    """What the operator wrote is run without a shell, with the modem's name and port and nothing of ours."""
    seen = tmp_path / "seen"
    command = [program(tmp_path / "power", f'echo "$@" > {seen}; env >> {seen}'), "--port", "3; rm -rf /"]

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        before = {rung: counted(rung) for rung in ("wait", "restart", "reopen", "hook", "human")}
        await until(modem.ready)
        await asyncio.sleep(100)
        written = len(fake.raw)
        fake.on_command = lambda command: not seen.exists()  # the power was switched: it is well
        began = now()
        await until(lambda: house.healths[-1].state == "down", within_s=120)
        await until(seen.exists, within_s=900)
        assert now() - began > 200, "milder things had their time"
        assert bytes(fake.raw[written:]).count(b"AT+CFUN=1,1\r") == 1
        assert house.healths[-1].state == "down"
        await until(modem.ready, within_s=60)
        assert house.healths[-1].concern == ""
        assert [counted(rung) - was for rung, was in before.items()] == [1, 1, 3, 1, 0]

    tell(story, recover_command=command)
    words = seen.read_text().splitlines()
    assert words[0] == "--port 3; rm -rf /"
    assert "GATEWAYD_MODEM=m1" in words
    assert {word.partition("=")[0] for word in words[1:]} <= {
        "GATEWAYD_MODEM", "GATEWAYD_PORT", "PATH", "PWD", "OLDPWD", "SHLVL", "_",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("exit 3", "failed with status 3"),
        ("sleep 100 & wait", "did not end within 1 s"),
        (None, "could not be started"),
    ],
)
def test_a_command_that_fails_or_hangs_is_told_without_its_arguments_and_a_human_is_called(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, words: str | None, said: str
) -> None:
    path = program(tmp_path / "power", words) if words else str(tmp_path / "power")

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_command = lambda command: True
        await until(lambda: house.healths[-1].state == "needs_human", within_s=1800)
        concern = house.healths[-1].concern
        assert "no answer to AT" in concern
        assert "tried in vain: restart, re-opening, recover_command" in concern
        heard = len(fake.heard)
        await asyncio.sleep(300)
        assert house.healths[-1].state == "needs_human"
        assert len(fake.heard) > heard, "it is still looked for"
        fake.on_command = lambda command: False
        await until(modem.ready, within_s=60)
        assert house.healths[-1].concern == ""

    tell(story, recover_command=[path, "--password", "hunter2"], recover_command_s=1)
    assert said in caplog.text
    assert "hunter2" not in caplog.text


def test_a_port_that_is_gone_needs_a_human_after_minutes_and_no_reset_when_it_is_back() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.unplug()
        await asyncio.sleep(80)
        assert house.healths[-1].state == "down"
        await until(lambda: house.healths[-1].state == "needs_human", within_s=60)
        await asyncio.sleep(1200)
        fake.listen()
        await until(modem.ready, within_s=5)
        assert house.healths[-1].concern == ""
        assert RADIO not in fake.heard
        assert RESTART not in fake.heard

    tell(story)


def test_a_network_that_stays_away_gets_its_radio_switched_then_a_restart_and_then_a_human_is_called() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        for name in ("CREG", "CGREG", "CEREG"):
            fake.answers[f"AT+{name}?"] = f"+{name}: 2,2\r\n\r\nOK"
        fake.say("+CREG: 2")
        await asyncio.sleep(590)
        assert RADIO not in fake.heard
        await asyncio.sleep(600)
        assert (fake.heard.count(RADIO), fake.heard.count(RESTART)) == (1, 0)
        await until(lambda: house.healths[-1].state == "needs_human", within_s=700)
        assert fake.heard.count(RESTART) == 1
        assert "tried in vain: radio off and on, restart" in house.healths[-1].concern
        await asyncio.sleep(7200)
        assert fake.heard.count(RADIO) + fake.heard.count(RESTART) < 10, "two hours more without a network"
        for name in ("CREG", "CGREG", "CEREG"):
            fake.answers[f"AT+{name}?"] = f"+{name}: 2,1\r\n\r\nOK"
        await until(modem.ready, within_s=10)
        assert house.healths[-1].concern == ""

    tell(story)


def test_a_reply_is_heard_and_counted_when_the_modem_has_forgotten_to_tell_of_it() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        def command(text: str) -> bool:
            if text.startswith("AT+CNMI="):
                fake.answers["AT+CNMI?"] = "+CNMI: 2,1,0,1,0\r\n\r\nOK"
            return False

        fake.on_command = command
        await until(modem.ready)
        before = notifications_lost()
        for number in range(3):
            fake.answers["AT+CNMI?"] = "+CNMI: 2,0,0,0,0\r\n\r\nOK"
            fake.store(4 + number, TEXT, announce=False)
            await until(lambda number=number: len(house.texts) == number + 1, within_s=62)  # type: ignore[misc]
            await until(lambda: fake.answers["AT+CNMI?"] == "+CNMI: 2,1,0,1,0\r\n\r\nOK", within_s=62)
            await until(lambda number=number: len(house.resets) == number + 1, within_s=62)  # type: ignore[misc]
            await until(modem.ready)
        assert notifications_lost() - before == 3
        await asyncio.sleep(60)
        fake.store(9, TEXT, announce=False)  # it is not relied upon any more
        await until(lambda: len(house.texts) == 4, within_s=11)

    tell(story)


def test_a_storage_that_cannot_be_emptied_calls_for_a_human_while_texts_still_go_out() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        fake.deletes = False
        fake.answers["AT+CPMS?"] = '+CPMS: "ME",19,20,"ME",19,20,"ME",19,20\r\n\r\nOK'
        await until(modem.ready)
        await until(lambda: house.healths[-1].concern, within_s=3600)
        assert "19 of 20 places" in house.healths[-1].concern
        assert house.healths[-1].state == "up"
        assert await modem.send(submission(1), booked) == Accepted("1")
        fake.answers["AT+CPMS?"] = '+CPMS: "ME",0,20,"ME",0,20,"ME",0,20\r\n\r\nOK'
        await until(lambda: not house.healths[-1].concern, within_s=70)

    tell(story)


def test_texts_that_are_never_answered_cost_a_restart_then_the_line_is_opened_anew_and_then_comes_a_rest() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: None
        at: list[float] = []
        fake.on_command = lambda text: bool(text == RESTART and at.append(now()))
        sent = 0
        while now() < 4 * 3600:
            if modem.ready():
                sent += 1
                assert isinstance(await modem.send(submission(sent), booked), Uncertain | Deferred)
            await asyncio.sleep(5)
            if sent > 5:
                assert house.healths[-1].concern
        assert 3 <= len(at) <= 12
        assert all(later - earlier >= 300 for earlier, later in pairwise(at))
        fake.on_pdu = fake.accept
        await until(modem.ready, within_s=1900)
        assert await modem.send(submission(99), booked) == Accepted("1")
        await until(lambda: not house.healths[-1].concern, within_s=61)

    tell(story)


@pytest.mark.parametrize("late_s", [59.0, 65.001, 65.5, 66.5, 69.0, 80.0])
def test_an_answer_that_is_given_up_for_urgent_texts_is_never_that_of_the_next(late_s: float) -> None:
    """The house presses once 60 s are over; each answer is booked for its own text, or for none."""

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        house.press_after_s = 60
        await asyncio.sleep(100)

        def slowly(pdu: str) -> str | None:
            fake.on_pdu = fake.accept
            asyncio.get_running_loop().call_later(late_s, fake.say, "+CMGS: 77\r\n\r\nOK")
            return None

        fake.on_pdu = slowly
        began = now()
        first = await modem.send(submission(1), booked)
        if late_s < 60:
            assert first == Accepted("77")
            return
        assert isinstance(first, Uncertain)
        assert now() - began < 66
        await until(modem.ready, within_s=20)
        assert RESTART in fake.heard or house.late
        assert await modem.send(submission(2), booked) == Accepted("1")
        assert {late.attempt_id for late in house.late} <= {"a1"}
        await asyncio.sleep(60)

    tell(story)


def test_a_modem_that_was_restarted_for_urgent_texts_waits_in_full_until_one_was_accepted() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        house.press_after_s = 60
        await asyncio.sleep(100)
        took_s: list[float] = []
        for number in range(3):
            fake.on_pdu = fake.accept if number == 1 else lambda pdu: None
            await until(modem.ready, within_s=120)
            began = now()
            await modem.send(submission(number), booked)
            took_s.append(now() - began)
        assert took_s[0] < 70
        assert took_s[2] >= 180, "the restart before was less than five minutes ago"
        fake.on_pdu = fake.accept
        await until(modem.ready, within_s=900)
        assert isinstance(await modem.send(submission(9), booked), Accepted)

    tell(story)


def test_a_task_that_waits_for_ever_is_begun_anew(caplog: pytest.LogCaptureFixture) -> None:
    """The house never answers a question about a PIN, for example."""

    class Deaf(RecordingHouse):
        async def pin_may_be_tried(self, iccid_digest: str, pin_digest: str, tries: int | None) -> bool:
            self.pins_tried += 1
            if self.pins_tried == 1:
                await asyncio.Event().wait()
            return True

    async def story(path: Path) -> None:
        fake, house = FakeModem(path), Deaf()
        fake.answers["AT+CPIN?"] = "+CPIN: SIM PIN\r\n\r\nOK"

        def command(text: str) -> bool:
            if text == 'AT+CPIN="1234"':
                fake.answers["AT+CPIN?"] = "+CPIN: READY\r\n\r\nOK"
            return False

        fake.on_command = command
        fake.listen()
        clock = virtual.clock()
        modem = Modem(ModemSettings(name="m1", port=f"unix:{path}"), house, clock, pin=SecretStr("1234"))
        keeper = asyncio.create_task(Supervisor([modem], house, clock).run())
        await until(modem.ready, within_s=1400)
        assert "channel crashed" in caplog.text
        await modem.drain(5)
        await keeper
        fake.unplug()

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(story(Path(directory) / "modem"))
