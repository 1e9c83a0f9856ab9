"""A modem on a pty, as its owner sees it: it comes up, sends, hears, goes away and comes back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gatewayd.channels.modem import Modem, ModemSettings
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted, Deferred, Refused, Uncertain, Withdrawn
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until, withdrawn
from tests.channels.story import tell

TEXT = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
REPORT = "07911326040000F0060B0B911346610089F6629161121234006291611212440000"


class Street:
    """One modem, one house, and the channel between them."""

    def __init__(self, path: Path) -> None:
        self.fake = FakeModem(path)
        self.house = RecordingHouse()
        self.settings: dict[str, object] = {"name": "m1", "port": str(path), "late_wait_s": 0.2}
        self.modem: Modem | None = None
        self.task: asyncio.Task[None] | None = None

    async def start(self, **settings: object) -> Modem:
        self.modem = Modem(ModemSettings(**(self.settings | settings)), self.house, Clock())  # type: ignore[arg-type]
        self.task = asyncio.create_task(self.modem.run())
        await until(self.modem.ready)
        return self.modem


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    street = Street(tmp_path / "modem")
    street.fake.plug_in()
    yield street
    if street.task is not None:
        street.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await street.task
    with contextlib.suppress(OSError):
        street.fake.unplug()


async def test_it_comes_up_and_says_who_it_is(street: Street) -> None:
    modem = await street.start()
    health = street.house.healths[-1]
    assert (health.state, health.operator, health.signal_dbm, health.registration) == (
        "up",
        "Fake Net",
        -73,
        "home",
    )
    assert health.identity["manufacturer"] == "Fake"
    assert modem.sim.startswith("sim-")
    assert "23415" not in repr(health)


async def test_a_text_is_sent_and_its_reference_returned(street: Street) -> None:
    modem = await street.start()
    assert await modem.send(submission(), booked) == Accepted("1")
    assert await modem.send(submission(2), booked) == Accepted("2")
    assert len(street.fake.pdus) == 2


@pytest.mark.parametrize("one_line", [True, False])
async def test_a_modem_that_fell_into_text_mode_unnoticed_still_sends_the_text(street: Street, one_line: bool) -> None:
    """By a restart without a word, or by another program: its prompt looks the same."""
    street.fake.one_line = one_line
    modem = await street.start()
    for number in (1, 2):
        street.fake.text_mode = True
        assert await modem.send(submission(number), booked) == Accepted(str(number))
    assert (len(street.fake.pdus), street.fake.misread) == (2, [])


async def test_text_mode_is_found_by_the_look_and_all_is_set_again(street: Street) -> None:
    await street.start(look_s=1.0)
    street.fake.text_mode = True
    await until(lambda: not street.fake.text_mode)
    await until(lambda: street.house.healths[-1].state == "up")
    assert street.house.resets == ["the modem lost its settings"]


async def test_a_withdrawn_text_never_reaches_the_wire(street: Street) -> None:
    modem = await street.start()
    assert await modem.send(submission(), withdrawn) == Withdrawn()
    assert street.fake.pdus == []
    assert b"\x1a" not in street.fake.raw
    assert await modem.send(submission(2), booked) == Accepted("1")


async def test_a_bad_recipient_is_refused_without_touching_the_modem(street: Street) -> None:
    modem = await street.start()
    outcome = await modem.send(submission(recipient="not a number"), booked)
    assert isinstance(outcome, Refused)
    assert b"CMGS" not in street.fake.raw


async def test_a_text_comes_in_and_is_deleted_only_after_the_commit(street: Street) -> None:
    await street.start()
    gate = asyncio.Event()
    street.house.before_commit = gate.wait  # type: ignore[assignment]
    street.fake.store(3, TEXT)
    await until(lambda: "AT+CMGR=3" in street.fake.heard)
    assert 3 in street.fake.stored
    gate.set()
    await until(lambda: not street.fake.stored)
    assert [text.raw for text in street.house.texts] == [TEXT]
    assert street.house.texts[0].sim == street.modem.sim  # type: ignore[union-attr]


async def test_a_report_comes_in(street: Street) -> None:
    await street.start()
    street.fake.say(f"+CDS: 25\r\n{REPORT}")
    await until(lambda: street.house.receipts)
    assert (street.house.receipts[0].reference, street.house.receipts[0].status) == ("11", 0)


async def test_what_came_while_nobody_listened_is_found_at_the_start(street: Street) -> None:
    street.fake.store(7, TEXT, announce=False)
    await street.start()
    await until(lambda: not street.fake.stored)
    assert len(street.house.texts) == 1


async def test_an_unreadable_pdu_is_handed_over_raw(street: Street) -> None:
    await street.start()
    street.fake.store(1, "0791FFFF")
    await until(lambda: street.house.texts)
    assert street.house.texts[0].text is None
    assert street.house.texts[0].raw == "0791FFFF"
    assert "undecodable" in street.house.texts[0].note


async def test_a_hang_up_is_noticed_and_the_port_opened_again(street: Street) -> None:
    modem = await street.start()
    street.fake.unplug()
    await until(lambda: not modem.ready(), within_s=0.5)
    await until(lambda: street.house.healths[-1].state == "down")
    street.fake.plug_in()
    await until(modem.ready, within_s=3.0)
    assert await modem.send(submission(), booked) == Accepted("1")
    assert street.house.resets


async def test_a_port_lost_before_the_answer_leaves_the_fate_open(street: Street) -> None:
    modem = await street.start()
    street.fake.on_pdu = lambda pdu: None
    sending = asyncio.create_task(modem.send(submission(), booked))
    await until(lambda: street.fake.pdus)
    street.fake.unplug()
    assert isinstance(await sending, Uncertain)


async def test_a_late_answer_settles_the_attempt(street: Street) -> None:
    modem = await street.start(submit_wait_s=0.1, late_wait_s=5)
    street.fake.on_pdu = lambda pdu: None
    assert isinstance(await modem.send(submission(), booked), Uncertain)
    assert not modem.ready()
    assert isinstance(await modem.send(submission(2), booked), Deferred)
    street.fake.say("+CMGS: 77\r\n\r\nOK")
    await until(lambda: street.house.late)
    answer = street.house.late[0]
    assert (answer.attempt_id, answer.outcome) == ("a1", Accepted("77"))
    await until(modem.ready)
    street.fake.on_pdu = street.fake.accept
    assert await modem.send(submission(3), booked) == Accepted("1")


async def test_an_answer_pending_in_the_port_is_found_on_opening(street: Street) -> None:
    street.fake.say("+CMGS: 12\r\n\r\nOK")
    await street.start()
    await until(lambda: street.house.late)  # it may be told in the turn after that in which the modem is ready
    assert [(answer.attempt_id, answer.outcome) for answer in street.house.late] == [(None, Accepted("12"))]
    assert street.house.late[0].sim.startswith("sim-")
    assert b"\x1a" not in street.fake.raw


def test_one_refusal_of_the_validity_period_does_not_hold_for_another_card() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        async def valid(number: int) -> bool:
            """Whether the text had a period: bits 3 and 4 of the first octet, behind that of the service centre."""
            await until(modem.ready, within_s=120)
            await modem.send(submission(number), booked)
            return bool(int(fake.pdus[-1][2:4], 16) & 0x18)

        fake.on_pdu = lambda pdu: "+CMS ERROR: 198"
        assert await valid(1)
        fake.on_pdu = fake.accept
        assert not await valid(2)
        fake.answers["AT+CCID"] = "+CCID: 8944300065000000009\r\n\r\nOK"
        fake.unplug()
        await asyncio.sleep(5)
        fake.listen()
        assert await valid(3)

    tell(story)
