"""A reference settles the text that it is of, whenever it comes, and never another one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell

ERRORS: list[tuple[str, type[Outcome]]] = [
    ("+CMS ERROR: 500", Deferred),
    ("+CMS ERROR: 41", Deferred),
    ("ERROR", Deferred),
    ("+CMS ERROR: 38", Deferred),
    ("+CMS ERROR: 1", Refused),
]


@pytest.mark.parametrize(("error", "kind"), ERRORS)
@pytest.mark.parametrize("after_s", [0.1, 1.5, 3.0, 60.0])
def test_a_reference_behind_an_error_says_that_the_text_went_out_after_all(
    error: str, kind: type[Outcome], after_s: float
) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)

        def on_pdu(pdu: str) -> str:
            asyncio.get_running_loop().call_later(after_s, fake.say, "+CMGS: 9\r\n\r\nOK")
            return error

        fake.on_pdu = on_pdu
        assert isinstance(await modem.send(submission(1), booked), kind)
        await until(lambda: house.late, within_s=after_s + 1)
        assert (house.late[0].attempt_id, house.late[0].outcome) == ("a1", Accepted("9"))
        fake.on_pdu = fake.accept
        assert await modem.send(submission(2), booked) == Accepted("1")
        assert len(house.late) == 1

    tell(story)


def test_a_reference_behind_an_error_is_not_of_a_text_before_it() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: "+CMS ERROR: 500"
        await modem.send(submission(1), booked)
        await until(modem.ready)
        fake.on_pdu = fake.accept
        assert await modem.send(submission(2), booked) == Accepted("1")
        fake.say("+CMGS: 9\r\n\r\nOK")
        await asyncio.sleep(5)
        assert house.late == []

    tell(story)


@pytest.mark.parametrize("after_s", [0.8, 2.0, 5.0])
def test_a_reference_behind_its_ok_is_not_that_of_the_next_text(after_s: float) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        loop = asyncio.get_running_loop()

        def early(pdu: str) -> str:
            loop.call_later(after_s, fake.say, "+CMGS: 9")
            fake.on_pdu = refused
            return "OK"

        def refused(pdu: str) -> None:
            loop.call_later(6.0, fake.say, "+CMS ERROR: 38")

        fake.on_pdu = early
        assert isinstance(await modem.send(submission(1), booked), Uncertain)
        await until(modem.ready, within_s=30)
        assert (house.late[0].attempt_id, house.late[0].outcome) == ("a1", Accepted("9"))
        assert isinstance(await modem.send(submission(2), booked), Deferred)

    tell(story)


def test_a_modem_that_never_tells_a_reference_is_soon_waited_for_no_longer() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        fake.on_pdu = lambda pdu: "OK"
        loop = asyncio.get_running_loop()
        took = []
        for number in range(6):
            await until(modem.ready, within_s=30)
            began = loop.time()
            assert isinstance(await modem.send(submission(number), booked), Uncertain)
            await until(modem.ready, within_s=30)
            took.append(loop.time() - began)
        assert min(took[:3]) > 5
        assert max(took[3:]) < 2

    tell(story)


def twice(fake: FakeModem, gap_s: float, then: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """The answer of one text is said twice; the one behind it is answered as `then` says."""

    def on_pdu(pdu: str) -> str | None:
        fake.on_pdu = then
        answer = fake.accept(pdu)
        asyncio.get_running_loop().call_later(gap_s, fake.say, answer)
        return answer

    return on_pdu


@pytest.mark.parametrize("gap_s", [0.0, 0.1, 0.35, 0.7, 1.0, 1.5])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [("+CMS ERROR: 38", Deferred), ("+CMS ERROR: 1", Refused), ("+CMGS: 2\r\n\r\nOK", Accepted)],
)
def test_an_answer_that_is_said_twice_is_not_that_of_the_next_text(
    gap_s: float, answer: str, kind: type[Outcome]
) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)

        def slowly(pdu: str) -> None:
            asyncio.get_running_loop().call_later(4.0, fake.say, answer)

        fake.on_pdu = twice(fake, gap_s, slowly)
        first, second = await asyncio.gather(*(modem.send(submission(number), booked) for number in (1, 2)))
        assert first == Accepted("1")
        assert isinstance(second, kind)
        assert not isinstance(second, Accepted) or second.reference == "2"
        assert house.late == []

    tell(story)


def test_an_answer_that_is_said_twice_does_not_settle_a_text_that_failed() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = twice(fake, 3.0, lambda pdu: "+CMS ERROR: 38")
        outcomes = await asyncio.gather(*(modem.send(submission(number), booked) for number in (1, 2)))
        assert [type(outcome) for outcome in outcomes] == [Accepted, Deferred]
        await asyncio.sleep(10)
        assert house.late == []

    tell(story)


def test_who_was_heard_to_say_an_answer_twice_is_not_believed_the_second_time() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = twice(fake, 1.0, twice(fake, 0.5, lambda pdu: None))
        assert await modem.send(submission(1), booked) == Accepted("1")
        await asyncio.sleep(3)
        second, third = await asyncio.gather(*(modem.send(submission(number), booked) for number in (2, 3)))
        assert second == Accepted("2")
        assert isinstance(third, Uncertain)

    tell(story)


@pytest.mark.parametrize(("reference", "within_s"), [("0", 1), ("7", 15)])
def test_a_modem_that_does_not_count_its_texts_is_known_by_the_third(reference: str, within_s: int) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: f"+CMGS: {reference}\r\n\r\nOK"
        loop = asyncio.get_running_loop()
        began = loop.time()
        outcomes = await asyncio.gather(*(modem.send(submission(number), booked) for number in range(20)))
        assert all(outcome == Accepted(reference) for outcome in outcomes)
        assert loop.time() - began < within_s

    tell(story)


def test_a_modem_that_does_not_count_and_is_seldom_asked_never_waits() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: "+CMGS: 0\r\n\r\nOK"
        for number in range(4):
            assert await modem.send(submission(number), booked) == Accepted("0")
            await asyncio.sleep(31)

    tell(story)
