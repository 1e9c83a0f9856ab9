"""A bureau that does what no decent one does: nothing is lost by it, nothing goes twice unmarked, nothing hangs."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from tests.house import BEN
from tests.scenarios.bureau_by_hand import ENQUIRE, Lodge, Submitted, parameter, play
from tests.scenarios.test_bureau_receipts import OFFICE

NACK = 0x80000000


def test_a_generic_nack_that_says_no_error_leaves_a_doubt(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        def nack(text: Submitted) -> None:
            text.call.say(NACK, text.sequence)

        lodge.bureau.answering = nack
        await lodge.send(BEN, "core down", priority="critical")
        await lodge.pass_time(5)
        assert await lodge.state(1) == "in_doubt"
        lodge.bureau.answering = lambda text: text.answer("7")
        await lodge.pass_time(60)
        assert await lodge.state(1) == "sent"
        assert [text.text for text in lodge.bureau.texts] == ["core down", "(rpt) core down"]

    play(tmp_path, story, **OFFICE)


def test_the_longest_message_that_the_protocol_knows_does_not_break_the_line(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.call.deliver(BEN, "", more=parameter(0x424, b"x" * 65_535))
        await lodge.pass_time(2)
        assert [status for _, status in lodge.bureau.answers] == [0]
        assert len(lodge.bureau.calls) == 1

    play(tmp_path, story, **OFFICE)


def test_a_bureau_that_asks_and_reads_nothing_is_called_anew(tmp_path: Path) -> None:
    """What was to be written cannot leave, so the old connection must not wait for it."""

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau
        writer = bureau.call._writer
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        unanswered: list[Submitted] = []
        bureau.answering = unanswered.append
        for _ in range(28):  # what the system takes for us, and then as much as we keep
            writer.write(struct.pack(">IIII", 16, ENQUIRE, 0, 1) * 10_000)
            await lodge.pass_time(1)
        await lodge.pass_time(60)
        assert len(bureau.calls) == 2
        bureau.answering = lambda text: text.answer("7")
        await lodge.send(BEN, "core down", priority="critical")
        await lodge.pass_time(2)
        assert await lodge.state(1) == "sent"

    play(tmp_path, story, **OFFICE)
