"""A page that a bureau has taken and not delivered is asked back when somebody has answered, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA, BEN
from tests.scenarios.bureau_by_hand import Lodge, Submitted, play
from tests.scenarios.test_bureau_receipts import OFFICE, PAGER

RECALLS = "recalls = true\n"


def page(text: Submitted) -> bool:
    return "CRITICAL" in text.text


def named(text: Submitted) -> None:
    text.answer("0A-1" if page(text) else "")


async def paged(lodge: Lodge) -> Submitted:
    await lodge.alert()
    await lodge.until(lambda: any(map(page, lodge.bureau.texts)))
    await lodge.pass_time(1)
    return next(filter(page, lodge.bureau.texts))


async def acknowledge(lodge: Lodge) -> None:
    await lodge.post("/api/v1/incidents/1/ack", {"by": "ben"})


@pytest.mark.parametrize("more", ["", 'bind = "transmitter and receiver"', "keep_plus = true\nshort_ton_npi = [2, 8]"])
@pytest.mark.parametrize("status", [0, 0x11])
def test_it_is_asked_back_with_the_addresses_that_it_was_given_with(tmp_path: Path, more: str, status: int) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering, lodge.bureau.cancel_status = named, status
        text = await paged(lodge)
        assert text.to == PAGER
        await acknowledge(lodge)
        await lodge.pass_time(5)
        assert (lodge.bureau.cancelled, lodge.bureau.cancels) == (["0A-1"], [text.addresses])
        assert await lodge.state(1) == "sent", "a receipt tells what became of it"
        assert lodge.daemon.dispatch.up()

    play(tmp_path, story, **OFFICE, settings=RECALLS + more)


@pytest.mark.parametrize(
    ("status", "event", "facts"),
    [
        (0, "page_taken_back", {"channel": "north"}),
        (0x11, "page_not_taken_back", {"channel": "north", "reason": "cancel failed"}),
    ],
)
def test_what_the_bureau_said_is_in_the_story_of_the_incident(
    tmp_path: Path, status: int, event: str, facts: dict[str, str]
) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering, lodge.bureau.cancel_status = named, status
        await paged(lodge)
        await acknowledge(lodge)
        await lodge.pass_time(5)
        lines = (await lodge.get("/api/v1/journal", incident=1))["lines"]
        (told,) = [line for line in lines if "taken_back" in line["event"]]
        assert (told["event"], told["facts"], told["message"], told["attempt"]) == (event, facts, 1, 1)
        before = [line["event"] for line in lines[: lines.index(told)]]
        assert "incident_acknowledged" in before
        assert told in (await lodge.get("/api/v1/journal", message=1))["lines"]

    play(tmp_path, story, **OFFICE, settings=RECALLS)


@pytest.mark.parametrize("lost", ["before the question", "with the question"])
def test_a_question_outlives_its_connection(tmp_path: Path, lost: str) -> None:
    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau
        bureau.answering = named
        await paged(lodge)
        if lost == "before the question":
            bureau.deaf = True
            bureau.call.hang_up()
            await lodge.until(lambda: len(bureau.calls) == 2)
        else:
            bureau.cancelling = lambda call: call.hang_up() if len(bureau.cancelled) == 1 else None
        await acknowledge(lodge)
        if bureau.deaf:
            bureau.deaf = False
            bureau.call.hang_up()
        await lodge.pass_time(10)
        assert bureau.cancelled == (["0A-1"] if lost == "before the question" else ["0A-1", "0A-1"])

    play(tmp_path, story, **OFFICE, settings=RECALLS)


def test_a_question_waits_for_room_in_the_window(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        bureau, unanswered = lodge.bureau, []
        bureau.answering = lambda text: named(text) if page(text) else unanswered.append(text)
        await paged(lodge)
        await lodge.send(BEN, "nobody answers this")
        await acknowledge(lodge)
        await lodge.pass_time(5)
        assert not bureau.cancelled
        unanswered[0].answer("7")
        await lodge.pass_time(1)
        assert bureau.cancelled == ["0A-1"]

    play(tmp_path, story, **OFFICE, settings=RECALLS + "window = 1")


def test_what_is_taken_only_after_the_answer_is_asked_back_then(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau
        bureau.answering = lambda text: None if page(text) else named(text)
        text = await paged(lodge)
        await acknowledge(lodge)
        await lodge.pass_time(5)
        assert not bureau.cancelled
        text.answer("0A-1")
        await lodge.pass_time(5)
        assert bureau.cancelled == ["0A-1"]

    play(tmp_path, story, **OFFICE, settings=RECALLS)


def test_a_page_that_another_device_has_shown_stays_until_somebody_answers(tmp_path: Path) -> None:
    """The pager may be the only thing that is looked at."""

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau

        def answer(text: Submitted) -> None:
            name = f"N{len(bureau.texts)}"
            text.answer(name)
            if text.to != PAGER:
                text.call.receipt("+" + text.to, name, text=text.text)

        bureau.answering = answer
        await paged(lodge)
        await lodge.until(lambda: any(text.to == ANNA[1:] for text in bureau.texts), 130)
        await lodge.pass_time(60)
        assert await lodge.state(2) == "delivered"
        assert not bureau.cancelled
        await acknowledge(lodge)
        await lodge.pass_time(5)
        assert bureau.cancelled == ["N1"]

    play(tmp_path, story, **OFFICE, settings=RECALLS)


@pytest.mark.parametrize(("window", "answer_s"), [(1, 0.3), (3, 0.4), (10, 0.4), (1, None)])
def test_questions_leave_room_for_the_next_page(tmp_path: Path, window: int, answer_s: float | None) -> None:
    """Fourteen pages are out when somebody answers; the bureau takes its time with each question, or says nothing."""

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau
        for number in range(14):
            await lodge.alert(f"old{number}", summary=f"CRITICAL old{number}", service=f"service{number}")
        await lodge.until(lambda: len([text for text in bureau.texts if page(text)]) >= 14, 60)
        bureau.cancel_s = answer_s
        for number in range(14):
            await lodge.post(f"/api/v1/incidents/{number + 1}/ack", {"by": "ben"})
        await lodge.alert("new", summary="CRITICAL new", service="another")
        await lodge.until(lambda: any("CRITICAL new" in text.text for text in bureau.texts), 3 if answer_s else 40)
        if answer_s:
            await lodge.until(lambda: len(bureau.cancelled) == 14, 30)

    play(tmp_path, story, **OFFICE, settings=f"{RECALLS}window = {window}\nanswer_wait_s = 6\n")
