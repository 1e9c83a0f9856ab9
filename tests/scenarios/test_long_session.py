"""A session that has made two thousand million requests: its numbers begin anew, and every answer finds its text."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.bureau_by_hand import Lodge, Submitted, play
from tests.scenarios.test_what_texts_wait_for import ALONE, PEOPLE

LAST = 0x7FFFFFFF  # SMPP 3.4 5.1.4


def test_numbers_of_requests_begin_anew_within_a_session(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        channel = lodge.daemon.dispatch._hands["north"].channel
        channel._senders[0].session._sequence = LAST - 4  # type: ignore[attr-defined]
        kept: list[Submitted] = []

        def answering(text: Submitted) -> None:
            kept.append(text) if text.text in ("text 2", "text 5") else text.answer(text.text)

        lodge.bureau.answering = answering
        for n in range(10):
            await lodge.send("short:4711", f"text {n}")
        numbers = [text.sequence for text in lodge.bureau.texts]
        assert numbers == [LAST - 3, LAST - 2, LAST - 1, LAST, 1, 2, 3, 4, 5, 6]
        await lodge.pass_time(70)  # no answer in time for two of them; the link is asked meanwhile
        assert [await lodge.state(n) for n in (3, 6)] == ["in_doubt", "in_doubt"]
        assert len(lodge.bureau.calls) == 1
        for text in kept:
            text.answer(text.text)
        await lodge.until(lambda: lodge.events().count("message_sent") == 10)
        for text in list(lodge.bureau.texts):
            text.call.receipt("4711", text.text, text=text.text)
        await lodge.until(lambda: lodge.events().count("message_delivered") == 10)
        assert [text.text for text in lodge.bureau.texts] == [f"text {n}" for n in range(10)], "none went twice"

    play(tmp_path, story, people=PEOPLE, policy=ALONE)
