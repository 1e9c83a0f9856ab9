"""What people answer, from which phone, and when: who owns the incident afterwards and what each of them reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA, BEN, PEOPLE, POLICY, House, play

BOTH = POLICY.replace('page = ["anna"]', 'page = ["anna", "ben"]')
SECOND_PHONE = "+447700900121"
DIALLING = '[dialling]\ncountry_code = "44"\ntrunk_prefix = "0"\n'
TWO_PHONES = PEOPLE.replace(
    f'devices = [{{ number = "{ANNA}" }}]',
    f'devices = [{{ number = "{ANNA}", wait_s = 600 }}, {{ number = "{SECOND_PHONE}", name = "private" }}]',
)


def test_ok_with_the_code_takes_that_one_and_not_the_other(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        await house.text(house.anna, "edge2 down")
        house.anna.reply("ok 47")
        await house.text(house.anna, "47 is yours")
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["open", "acknowledged"]

    play(tmp_path, story)


def test_bare_ok_with_two_open_takes_none_and_lists_both(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        await house.text(house.anna, "edge2 down")
        house.anna.reply("ok")
        answer = await house.text(house.anna, "Which one?")
        assert "10 edge2 down" in answer
        assert "47 disk full" in answer
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["open", "open"]
        house.anna.reply("ok 10 and 47")
        await house.text(house.anna, "10, 47 are yours")
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["acknowledged", "acknowledged"]

    play(tmp_path, story)


def test_a_late_ok_hears_who_has_it_and_changes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.ben, "edge2", 310)
        house.ben.reply("ok")
        await house.text(house.ben, "is yours")
        await house.text(house.anna, "taken by Ben")
        await house.pass_time(6)  # she has read it
        house.anna.reply("ok")
        assert await house.text(house.anna, "already") == "10 is with Ben already"
        house.anna.reply("ok 10")
        await house.until(lambda: len(house.anna.texts("already")) == 2)
        assert (await house.incident())["acknowledged_by"] == "ben"
        await house.alert(status="resolved")
        await house.text(house.anna, "cleared")
        await house.pass_time(6)
        house.anna.reply("ok 10")
        await house.text(house.anna, "10 is over already")

    play(tmp_path, story)


@pytest.mark.parametrize("words", ["ok", "ok 10"])
@pytest.mark.parametrize("later_s", [0, 1, 4], ids=["at once", "a second later", "while the news comes"])
def test_of_two_who_answer_at_once_the_second_hears_once_who_has_it(tmp_path: Path, words: str, later_s: int) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.text(house.ben, "edge2")
        await house.pass_time(30)
        house.anna.reply(words)
        await house.pass_time(later_s)
        house.ben.reply(words)
        await house.text(house.anna, "10 is yours: edge2 uplink down. Ben told")
        await house.pass_time(120)
        _, told = [text.text for text in house.ben.texts()]
        assert told == ("10 taken by Anna: edge2 uplink down" if later_s else "10 is with Anna already")
        assert len(house.anna.texts()) == 2

    play(tmp_path, story, policy=BOTH)


@pytest.mark.parametrize("later_s", [0, 3])
def test_an_ok_that_crosses_the_end_is_answered_once(tmp_path: Path, later_s: int) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.pass_time(30)
        await house.alert(status="resolved")
        await house.pass_time(later_s)
        house.anna.reply("ok 10")
        await house.pass_time(120)
        assert len(house.anna.texts()) == 2

    play(tmp_path, story)


def test_a_code_one_was_not_paged_about_and_a_stranger_change_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        house.ben.send("+447700900001", "ok 10")
        assert "No incident of yours has code 10" in await house.text(house.ben, "No incident")
        house.stranger.send("+447700900001", "ok 10")
        house.stranger.send("+447700900001", "ok 10", sender="ANNA")
        await house.pass_time(60)
        assert (await house.incident())["state"] == "open"
        assert not house.stranger.texts(), "a stranger gets no answer"
        strays = (await house.get("/api/v1/inbox"))["texts"]
        assert [s["result"] for s in strays] == ["stray", "stray"]

    play(tmp_path, story)


def test_a_network_that_shows_national_numbers_is_understood(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        house.anna.send("+447700900001", "ok", sender="07700900111")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story, config=DIALLING)


def test_the_second_phone_of_the_same_person_counts_and_gets_the_answer(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        private = house.street.add_phone(SECOND_PHONE, "Anna, private")
        await house.alert()
        await house.text(house.anna, "edge2")
        private.send("+447700900002", "ok")
        await house.text(private, "10 is yours")
        assert (await house.incident())["acknowledged_by"] == "anna"

    play(tmp_path, story, people=TWO_PHONES)


def test_two_machines_do_not_text_each_other_for_ever(tmp_path: Path) -> None:
    """Anna's phone confirms whatever it gets (such programs exist); ours must fall silent."""

    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        house.anna.habits.append(_parrot())
        house.anna.reply("hello?")
        await house.pass_time(900)
        *others, last = house.anna.texts("Not understood")
        assert len(others) == 5
        assert [t.text for t in (*others, last) if "No more of these" in t.text] == [last.text]
        assert "answer_withheld" in house.events()

    play(tmp_path, story)


def test_an_ok_counts_even_when_no_more_answers_are_given(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        for n in range(8):
            house.anna.reply(f"blah {n}")
            await house.pass_time(2)
        house.anna.reply("ok")
        await house.pass_time(30)
        assert (await house.incident())["state"] == "acknowledged"

    play(tmp_path, story)


def test_an_ok_to_a_text_in_doubt_whose_repeat_waits_is_an_ok(tmp_path: Path) -> None:
    """Anna got it though no answer said so; its repeat is queued and no modem is there to send it."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "no_answer", "submitted": True, "times": 1})
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]})
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.until(lambda: "attempt_in_doubt" in house.events(), 70)
        assert (await house.message())["state"] in ("queued", "in_doubt")
        house.anna.reply("ok")
        await house.until(lambda: "incident_acknowledged" in house.events(), 400)
        assert (await house.incident())["acknowledged_by"] == "anna"

    play(tmp_path, story, modems=1)


def test_a_long_reply_out_of_order_is_read_whole(tmp_path: Path) -> None:
    long = "ok 10 " + "I am on my way, the traffic is heavy and the car is cold; " * 4

    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        held = _hold_back_first_part(house)
        house.anna.send("+447700900001", long)
        await house.pass_time(20)
        assert (await house.incident())["state"] == "open"
        held()
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story)


def test_a_long_reply_with_a_lost_part_is_read_as_far_as_it_came(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.post("/api/v1/incidents/1/ack", {"by": "ben"})
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        _lose_last_part(house)
        house.anna.send("+447700900001", "ok 47 " + "and more words than one text can carry " * 6)
        await house.until(lambda: house.anna.texts("47 is yours"), 700)
        rows = (await house.get("/api/v1/inbox", all="true"))["texts"]
        assert "parts missing" in rows[0]["note"]

    play(tmp_path, story)


def _parrot():
    from hwsim.phone import Habit

    return Habit(text="message received", after_s=1.0, times=None)


def _hold_back_first_part(house: House):
    """The network delivers the first part last."""
    network, kept = house.street.network, []
    originate = network.originate

    def hold(origin, to, data, **more):
        if data.concat and data.concat.seq == 1:
            kept.append((origin, to, data, more))
            return None
        return originate(origin, to, data, **more)

    network.originate = hold

    def release() -> None:
        network.originate = originate
        for origin, to, data, more in kept:
            originate(origin, to, data, **more)

    return release


def _lose_last_part(house: House) -> None:
    network = house.street.network
    originate = network.originate
    network.originate = lambda origin, to, data, **more: (
        None if data.concat and data.concat.seq == data.concat.total else originate(origin, to, data, **more)
    )


def test_bens_number_is_not_annas(tmp_path: Path) -> None:
    """Bare ok of somebody who was not paged: nothing of his is open."""

    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        house.ben.send("+447700900001", "ok")
        await house.text(house.ben, "Nothing is open for you")
        assert (await house.incident())["state"] == "open"
        assert house.ben.number == BEN

    play(tmp_path, story)
