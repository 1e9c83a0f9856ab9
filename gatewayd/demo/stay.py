"""After the stories of the demo: the house stays up, and a person may post alerts, read the devices and reply."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from typing import Any
from urllib.parse import quote

from gatewayd.demo.stage import BEN, LOOK_S, NAMES, PAGER, Stage, World
from gatewayd.web.client import ClientError

USAGE = "alert TEXT | page TEXT | tube in | tube out | anna TEXT | ben TEXT | cara TEXT"
AGAIN_S = [20.0, 60.0]  # after a page the bureau sends it once more, and again
TYPED_MAX = 100

HOW = """
The gateway listens at {api}; its log is
  {log}
Type here (Ctrl-C ends):
  alert TEXT          an alert for Anna, then Ben: by SMS
  page TEXT           an alert for Cara, then Anna: by pager, then by SMS
  tube in, tube out   Cara goes into the Tube with pager and phone, and comes out;
                      the bureau calls a pager again after 20 s and after 60 s
  anna ok, ben ok     what their phones reply; cara ok as well
Or in another terminal:
  curl {street}/phones
  curl {street}/pagers/{pager}
  curl {street}/people/Cara/tube -d '{{"inside": false}}'
  curl {street}/phones/{ben}/reply -d '{{"text": "ok"}}'
  T={token}
  curl -H "Authorization: Bearer $T" {api}/api/v1/alerts \\
    -d '{{"key": "disk", "service": "database", "severity": "critical",
         "summary": "disk full"}}'
  .venv/bin/gatewayd incidents \\
    --socket {socket}
"""


async def stay(stage: Stage, w: World) -> None:
    """Until Ctrl-C."""
    await w.pager_called_again(AGAIN_S)
    print(HOW.format(**w.addresses, pager=PAGER, ben=quote(BEN, safe="")), flush=True)
    typed: asyncio.Queue[str] = asyncio.Queue(TYPED_MAX)
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError, ValueError):  # standard input may be closed, or a file
        loop.add_reader(sys.stdin.fileno(), lambda: _typed(loop, typed))
    devices = {**{number: f"{name}'s phone" for number, name in NAMES.items()}, PAGER: "Cara's pager"}
    seen = {device: len(await w.texts(device)) for device in devices}
    count = 0
    while True:
        for device, called in devices.items():
            texts = await w.texts(device)
            for text in texts[seen[device] :]:
                stage.say(f'{called}{_way(text)}: "{text["text"]}"')
            seen[device] = len(texts)
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(typed.get(), LOOK_S)
            count += 1
            await _obey(stage, w, line, count)


def _way(text: dict[str, Any]) -> str:
    return f", by {text['modem']}" if text.get("modem") else ""


def _typed(loop: asyncio.AbstractEventLoop, typed: asyncio.Queue[str]) -> None:
    told = os.read(sys.stdin.fileno(), 4096)
    if not told:
        loop.remove_reader(sys.stdin.fileno())
        return
    with contextlib.suppress(asyncio.QueueFull):
        for line in told.decode(errors="replace").splitlines():
            typed.put_nowait(line.strip())


async def _obey(stage: Stage, w: World, line: str, count: int) -> None:
    verb, _, rest = line.partition(" ")
    numbers = {name.lower(): number for number, name in NAMES.items()}
    services = {"alert": "network", "page": "database"}
    try:
        if verb in services and rest:
            await w.alert(rest, status="firing", service=services[verb], key=f"typed{count}")
            stage.say("200: the alert is on disk")
        elif verb == "tube" and rest in ("in", "out"):
            await w.tube(inside=rest == "in")
            stage.say("Cara is in the Tube" if rest == "in" else "Cara is out of the Tube")
        elif verb in numbers and rest:
            await w.reply(numbers[verb], rest)
        elif verb:
            stage.say(f"type: {USAGE}")
    except ClientError as error:
        stage.say(f"refused: {error.message}")
