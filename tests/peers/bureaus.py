"""What the tests of paging share: bureaus of other people, the one of hwsim, and our channel on a recording house."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from gatewayd.channels.contract import Submission
from gatewayd.channels.smpp import Smpp, SmppSettings
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Outcome
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.peers.street import Run, absent, call, program, wait_for

PASSWORD = "s3cret!x"
OURS = "60000"
PAGER, SHORT = "+447700900201", "4711"  # of Ben, two-way, and one-way
NODE = Path(__file__).parent / "node"


@cache
def node_smpp() -> tuple[str, str]:
    """The folder with node-smpp, inside the venv, and why it is not there. npm fetches what the lock names, by hash."""
    npm = program("npm")
    folder = Path(sys.prefix) / "node"
    lock, seal = NODE / "package-lock.json", folder / "node_modules" / ".sealed"
    modules = str(seal.parent)
    if seal.is_file() and seal.read_bytes() == lock.read_bytes():
        return modules, ""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(NODE / name, folder)
    words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000"]
    try:
        done = subprocess.run(
            words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        return modules, "not within 120 s"
    if done.returncode:
        return modules, done.stderr.strip()[-600:]
    seal.write_bytes(lock.read_bytes())
    return modules, ""


class NodeBureau:
    """node-smpp behind node/bureau.js."""

    def __init__(self, run: Run, **wanted: object) -> None:
        node, (modules, missing) = program("node"), node_smpp()
        if missing:
            absent(f"npm cannot install node-smpp: {missing}")
        words = (node, str(NODE / "bureau.js"), json.dumps(wanted))
        self._process = run(*words, name="node-smpp", env={"NODE_PATH": modules})
        self.port: int = json.loads(self._process.says('"port"'))["port"]

    def heard(self, command: str) -> list[dict[str, Any]]:
        """These requests, as node-smpp reads them, and what it tells by itself."""
        lines = [line for line in self._process.output().splitlines(keepends=True) if line.endswith("\n")]
        return [told for line in lines if (told := json.loads(line)).get("command") == command]


class HwBureau:
    """hwsim's bureau with two pagers, played over its control API."""

    def __init__(self, run: Run, home: Path, *options: str, scene: str = "") -> None:
        file = home / "scene.toml"
        account = f'[{{ system_id = "gateway", password = "{PASSWORD}", numbers = ["{OURS}"] }}]'
        file.write_text(
            f'[[pager]]\nnumber = "{PAGER}"\nname = "Ben"\ncap = "4710"\ntwo_way = true\nmax_chars = 1000\n'
            f'[[pager]]\nnumber = "{SHORT}"\nname = "Cy"\n'
            f'[[bureau]]\nname = "north"\nsmpp = {{ ends = ["tcp:0"] }}\naccount = {account}\n'
            f'line = [{{ name = "tcp", end = "tcp:0" }}, {{ name = "dial-in", number = "01523530300" }}]\n{scene}'
        )
        words = ("--dir", str(home / "street"), "--modems", "0", "--scene", str(file), "--control", "127.0.0.1:0")
        self._process = run(
            sys.executable, "-m", "hwsim", *words, *options, name="hwsim", env={"PYTHONUNBUFFERED": "1"}
        )
        told = json.loads(self._process.says('"ready"'))
        self.control: str = told["control"]
        north = told["bureaus"]["north"]
        self.smpp_port = int(north["smpp"][0].rpartition(":")[2])
        self.tap_port = int(north["tap"]["tcp"].rpartition(":")[2])
        self.dialups: dict[str, str] = told["dialups"]

    def ledger(self, event: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = call(f"{self.control}/ledger?event={event}&bureau=north")["entries"]
        return found

    def wait_ledger(self, event: str, *, count: int = 1, within_s: float = 20) -> list[dict[str, Any]]:
        def there() -> list[dict[str, Any]]:
            found = self.ledger(event)
            return found if len(found) >= count else []

        return wait_for(there, f"no {count} of {event!r} in the ledger", within_s=within_s)

    def texts(self, pager: str = PAGER) -> list[str]:
        inbox = call(f"{self.control}/pagers/{urllib.parse.quote(pager)}")["inbox"]
        return [page["text"] for page in inbox]

    def wait_texts(self, *, count: int, pager: str = PAGER, within_s: float = 20) -> list[str]:
        def there() -> list[str]:
            found = self.texts(pager)
            return found if len(found) >= count else []

        return wait_for(there, f"{pager} has no {count} pages", within_s=within_s)

    def reply(self, text: str, pager: str = PAGER) -> None:
        call(f"{self.control}/pagers/{urllib.parse.quote(pager)}/reply", {"text": text})

    def fault(self, kind: str, **options: object) -> None:
        call(f"{self.control}/bureaus/north/fault", {"kind": kind, **options})


class Ours:
    """Our channel at a bureau, bound, with a house that remembers."""

    def __init__(self, port: int, **settings: object) -> None:
        values: dict[str, object] = {"name": "north", "host": "127.0.0.1", "port": port, "system_id": "gateway"}
        chosen = SmppSettings.model_validate(values | {"sender": OURS} | settings)
        self.house = RecordingHouse()
        self.channel = Smpp(chosen, self.house, Clock(), password=SecretStr(PASSWORD))
        self._numbers = 0

    def part(self, text: str, **changes: object) -> Submission:
        self._numbers += 1
        values: dict[str, object] = {"attempt_id": str(self._numbers), "recipient": PAGER, "segment": text}
        return submission(self._numbers, **(values | changes))

    async def send(self, text: str, **changes: object) -> Outcome:
        return await asyncio.wait_for(self.channel.send(self.part(text, **changes), booked), 30)

    async def send_all(self, text: str, **changes: object) -> list[Outcome]:
        """All parts of a text, one after the other."""
        cut = self.channel.fit(text, str(changes.get("recipient", PAGER)))
        assert cut.segments
        return [
            await self.send(
                segment, alphabet=cut.alphabet, part=number, parts=len(cut.segments), concat_reference=77, **changes
            )
            for number, segment in enumerate(cut.segments, 1)
        ]

    async def hears(self, condition: Callable[[], object], *, within_s: float = 20) -> None:
        await until(condition, within_s=within_s)


@asynccontextmanager
async def ours(port: int, *, bound: bool = True, **settings: object) -> AsyncIterator[Ours]:
    """Our channel until the end of the test; it leaves in order."""
    one = Ours(port, **settings)
    life = asyncio.create_task(one.channel.run())
    try:
        if bound:
            await one.hears(one.channel.ready)
        yield one
        await one.channel.drain(10)
    finally:
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)


def certificate(home: Path, name: str = "localhost") -> tuple[str, str]:
    """Key and self-signed certificate for that name, made by openssl."""
    openssl = program("openssl")
    key, cert = home / "bureau.key", home / "bureau.pem"
    words = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    words += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True, env=dict(os.environ))
    return str(key), str(cert)
