"""Who else is on our line: a program that holds the port, or one whose conversation we overhear."""

from __future__ import annotations

from collections import deque
from itertools import islice
from pathlib import Path

from gatewayd.wire.at import Event, Kind, Stray, Urc

LOCKS = ("/run/lock", "/var/lock")  # LCK..ttyUSB2, with the number of the process in it
PROCESSES_MAX = 4096
FILES_MAX = 1024
SIGNS_MIN = 2
SIGNS_S = 600.0  # after that long without another sign it has gone
SHOWN_CHARACTERS = 40

# Lines that are only ever an answer: nobody says them unasked.
_ANSWERS = (
    "AT", "+GCAP:", "+CGMI", "+CGMM", "+CGMR", "+CGSN:", "+CIMI:", "+CPMS:", "+CNMI:", "+CSCA:", "+CSMS:", "+CMGF:",
    "+CSCS:", "+CGDCONT:", "+CGATT:", "+CGACT:", "+CNUM:", "+CLCK:", "+CPBS:", "+WS46:", "+CCLK:", "+FCLASS:", "+CLAC:",
)  # fmt: skip


class Overhearing:
    """Signs of somebody else's commands: their echo, and answers to what we never asked."""

    def __init__(self) -> None:
        self._signs: deque[tuple[float, str]] = deque(maxlen=64)
        self._strays = 0

    def hear(self, event: Event, now: float) -> None:
        match event:
            case Urc(line=line) if line.upper().startswith(_ANSWERS):
                self._signs.append((now, line))
            case Stray(result=result) if result.kind in {Kind.OK, Kind.ERROR, Kind.CME} and self._signs:
                self._signs.append((now, ""))  # alone it may be late; beside an answer it is the end of one

    def told(self, now: float) -> str:
        """What there is to say about it; "" without enough signs."""
        while self._signs and now - self._signs[0][0] > SIGNS_S:
            self._signs.popleft()
        if len(self._signs) < SIGNS_MIN:
            return ""
        heard = next((line for _, line in reversed(self._signs) if line), "")
        return f"another program speaks on this port (heard: {heard[:SHOWN_CHARACTERS]})"


def holders(device: str, *, but: int = 0) -> list[str]:
    """Who has it open, as far as we may see: "ModemManager (pid 812)". `but`: not this process."""
    found = dict.fromkeys((*_by_lock_file(device), *_by_proc(device)))
    return [f"{_command(pid)} (pid {pid})" for pid in found if pid != but]


def _by_lock_file(device: str) -> list[int]:
    name = f"LCK..{Path(device).name}"
    for directory in LOCKS:
        try:
            with Path(directory, name).open("rb") as file:
                said = file.read(16)
        except OSError:
            continue
        number = said.strip()
        pid = int(number) if number.isdigit() else int.from_bytes(said[:4], "little")
        return [pid] if Path(f"/proc/{pid}").exists() else []
    return []


def _by_proc(device: str) -> list[int]:
    """In the sandbox of systemd only our own processes show."""
    found = []
    try:
        processes = [path for path in Path("/proc").iterdir() if path.name.isdigit()][:PROCESSES_MAX]
    except OSError:
        return []
    for process in processes:
        try:
            files = islice((process / "fd").iterdir(), FILES_MAX)
            if any(str(file.readlink()) == device for file in files):
                found.append(int(process.name))
        except OSError:
            continue  # not ours to see, or gone
    return found


def _command(pid: int) -> str:
    try:
        with Path(f"/proc/{pid}/comm").open("rb") as file:
            return file.read(64).decode("utf-8", "replace").strip() or "a program"
    except OSError:
        return "a program"
