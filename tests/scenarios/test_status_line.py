"""One sentence answers everybody who asks about a big fault, and ends by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gatewayd.cli import COMMANDS, arguments, rounds
from gatewayd.web.client import Client, ClientError
from tests.house import House, play
from tests.scenarios.test_rota import ROTA

NUMBER = "+447700900001"


async def typed(house: House, *words: str) -> Any:
    args = arguments.parser().parse_args(["status-line", *words])
    async with Client(house.daemon.config.socket) as client:
        return await COMMANDS[f"status-line {args.action}"][0](client, args)


async def page(house: House) -> str:
    connector = aiohttp.UnixConnector(str(house.daemon.config.socket))
    async with aiohttp.ClientSession(connector=connector) as session, session.get("http://house/status") as answer:
        return await answer.text()


def test_who_is_on_call_sets_it_by_text_everybody_reads_it_and_it_ends_by_itself(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert await page(house) == "Nothing is reported at present.\n"
        house.ben.send(NUMBER, "status: all is lost")
        await house.text(house.ben, "Not set: only who is on call")
        house.anna.send(NUMBER, "Status: Uplink in Leeds down, provider works on it for 1h")
        await house.text(house.anna, "Status set until 05:1")
        house.ben.send(NUMBER, "status?")
        words = await house.text(house.ben, "Uplink in Leeds down, provider works on it (Anna, 04:1")
        assert "for 1h" not in words
        house.stranger.send(NUMBER, "status")
        assert (await page(house)).startswith("Uplink in Leeds down, provider works on it\nAs of 2026-11-22T04:1")
        await house.pass_time(3700)
        assert not house.stranger.texts("")
        assert await page(house) == "Nothing is reported at present.\n"
        house.ben.send(NUMBER, "status")
        await house.text(house.ben, "Nothing")

    play(tmp_path, story, policy=ROTA, modems=1)


def test_from_the_terminal_it_is_set_replaced_and_ended(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await typed(house, "set", "mail is slow", "--for", "30m")
        shown = rounds.status_line(await typed(house, "set", "mail is down"))
        assert shown.out.startswith("mail is down\nset by operator 2026-11-22 04:1")
        house.anna.send(NUMBER, "status: over")
        await house.text(house.anna, "Status ended")
        assert rounds.status_line(await typed(house, "show")).out == "no status line"
        with pytest.raises(ClientError, match="no status line"):
            await typed(house, "end")
        with pytest.raises(ClientError, match="within the 24 hours to come"):
            await house.post("/api/v1/status-line", {"text": "x", "until": "+3d"})

    play(tmp_path, story, policy=ROTA, modems=1)
