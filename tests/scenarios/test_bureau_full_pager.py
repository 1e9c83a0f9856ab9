"""A bureau whose queue of one pager is full: that pager rests, and everybody else is texted as if nothing were."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.bureau_by_hand import Lodge, Submitted, play
from tests.scenarios.test_bureau_receipts import ANNA, BEN, OFFICE, PAGER


def refusing(lodge: Lodge, status: int, *, to: str = PAGER) -> None:
    def answer(text: Submitted) -> None:
        text.answer("" if text.to == to else str(len(lodge.bureau.texts)), status if text.to == to else 0)

    lodge.bureau.answering = answer


@pytest.mark.parametrize("status", [0x14, 0x58])
@pytest.mark.parametrize("every_s", [1, 10])
def test_others_are_texted_while_one_pager_is_full(tmp_path: Path, status: int, every_s: int) -> None:
    async def story(lodge: Lodge) -> None:
        refusing(lodge, status)
        await lodge.alert()
        await lodge.until(lambda: lodge.bureau.texts)
        late: list[float] = []
        for number in range(90 // every_s):
            words, began = f"text {number:03}", lodge.seconds
            priority = "critical" if number % 5 == 0 else "normal"
            body = {"to": BEN, "text": words, "channel": "north", "priority": priority}
            await lodge.post("/api/v1/messages", body)
            await lodge.until(lambda words=words: words in [t.text for t in lodge.bureau.texts], 60)
            late.append(lodge.seconds - began)
            await lodge.pass_time(max(0.0, every_s - late[-1]))
        assert max(late) < 4, late
        assert sum(late) / len(late) < 1.5, late
        tries = [text for text in lodge.bureau.texts if text.to == PAGER]
        assert 4 < len(tries) < 50, "it is tried, less and less often"
        assert [t.text for t in lodge.bureau.texts if t.to == ANNA.lstrip("+")], "her phone has it instead"
        page = await lodge.message(1)
        words = "for this number alone: message queue full" if status == 0x14 else "for this number alone: too many"
        assert words in page["attempts"][-1]["reason"] + page["reason"], page

    play(tmp_path, story, **OFFICE)


def test_a_full_pager_that_has_room_again_has_its_page(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        refusing(lodge, 0x14)
        await lodge.send(f"short:{PAGER}", "the page", validity_s=3600)
        for number in range(20):
            await lodge.send(BEN, f"text {number}")
            await lodge.pass_time(1)
        lodge.bureau.answering = lambda text: text.answer(f"n{len(lodge.bureau.texts)}")
        await lodge.until(lambda: lodge.events().count("message_sent") == 21, 120)

    play(tmp_path, story, **OFFICE)


def test_a_bureau_that_bars_everybody_makes_no_number_rest(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.answer("", 0x58)
        for number in range(5):
            to = f"+44770090012{number}"
            await lodge.post("/api/v1/messages", {"to": to, "text": f"text {number}", "channel": "north"})
        await lodge.pass_time(8)
        assert len(lodge.bureau.texts) < 60
        lodge.bureau.answering = lambda text: text.answer(text.text)
        await lodge.until(lambda: lodge.events().count("message_sent") == 5, 10)

    play(tmp_path, story, **OFFICE)
