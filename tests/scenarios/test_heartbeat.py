"""That the gateway's own death is noticed elsewhere: a request every minute, a text every day."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from gatewayd.metrics import REGISTRY
from tests.house import House, play


def counted(result: str) -> float:
    return REGISTRY.get_sample_value("gatewayd_heartbeats_total", {"result": result}) or 0.0


class Watchman:
    """Whoever waits for our beats, outside."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.bodies: list[str] = []
        self.status = 200

    async def open(self, house: House) -> str:
        async def beaten(request: web.Request) -> web.Response:
            self.at.append(house.seconds)
            self.bodies.append(await request.text())
            return web.Response(status=self.status)

        app = web.Application()
        app.router.add_route("*", "/ping/secret-word", beaten)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        return f"http://127.0.0.1:{port}/ping/secret-word"

    async def close(self) -> None:
        await self._runner.cleanup()


async def listen(house: House, more: str) -> Watchman:
    """Begin to beat by a reload: the address is known only now."""
    watchman = Watchman()
    url = await watchman.open(house)
    house.path.write_text(house.toml + f'[heartbeat]\nurl = "{url}"\n{more}\n')
    assert not await house.daemon.reload()
    return watchman


def test_it_beats_every_minute_while_a_page_could_leave_and_no_longer(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        watchman = await listen(house, "every_s = 60")
        withheld = counted("withheld")
        await house.until(lambda: len(watchman.at) == 5, 300)
        assert {round(b - a) for a, b in zip(watchman.at, watchman.at[1:], strict=False)} == {60}
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "hangup", "back_after_s": 600})
        await house.until(lambda: not house.daemon.dispatch.up(), 30)
        beats = len(watchman.at)
        await house.pass_time(500)
        assert len(watchman.at) == beats, "it lives, and could not page anybody"
        assert counted("withheld") - withheld > 5
        await house.until(lambda: len(watchman.at) > beats, 300)
        await watchman.close()

    play(tmp_path, story)


def test_a_watchman_who_does_not_take_it_is_counted_and_told_once_without_the_address(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(house: House) -> None:
        failed, done = counted("failed"), counted("done")
        watchman = await listen(house, 'every_s = 30\nmethod = "POST"')
        await house.until(lambda: watchman.at, 60)
        assert watchman.bodies[0] == "2 of 2 channels up"
        watchman.status = 503
        await house.pass_time(120)
        await watchman.close()
        await house.pass_time(120)
        assert counted("failed") - failed >= 7
        assert counted("done") - done >= 1
        told = [r.getMessage() for r in caplog.records if getattr(r, "event", "") == "heartbeat_failed"]
        assert len(told) == 1
        assert "503" in told[0]
        assert "secret-word" not in caplog.text
        await house.alert()
        await house.text(house.anna, "edge2")

    play(tmp_path, story)


EVERY_DAY = '[heartbeat]\ntext_to = "ben"\nat = "04:30"\n'


def test_a_text_every_day_says_how_we_are(tmp_path: Path) -> None:
    """It is 04:12 when the story begins."""

    async def story(house: House) -> None:
        await house.alert(severity="info")
        words = await house.text(house.ben, "gatewayd is alive", 1200)
        assert words == "gatewayd is alive: 2 of 2 channels up, 1 open incident."
        assert 18 * 60 <= house.seconds < 19 * 60
        await house.sleep()
        await house.pass_time(60)
        await house.wake()
        await house.pass_time(600)
        assert len(house.ben.texts("alive")) == 1, "a restart is no second morning"
        house.anna.send("+447700900001", "done")
        await house.pass_time(60)
        await house.sleep()
        await house.pass_time(86_400 - 300)  # 04:30 passes, and a few minutes more
        await house.wake()
        await house.until(lambda: len(house.ben.texts("alive")) == 2, 60)
        assert "no open incidents" in house.ben.texts("alive")[-1].text

    play(tmp_path, story, config=EVERY_DAY)


def test_what_was_missed_by_hours_wakes_nobody_in_the_night(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.sleep()
        await house.pass_time(20 * 3600)  # 00:12
        await house.wake()
        await house.pass_time(3600)
        assert not house.ben.texts("alive")

    play(tmp_path, story, config=EVERY_DAY)
