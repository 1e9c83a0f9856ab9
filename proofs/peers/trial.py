"""One program, one fault, real seconds: texts while it lasts, its end, a probe; then the network's ledger judges."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.parts import Ledger, Street
from proofs.matrix.rows import Fault, Row
from proofs.peers.rows import ROWS, WRAP, Kill
from proofs.peers.strangers import KINDS, Stranger
from tests.real.crash_relay import Relay

TEXTS = 4
OFFSETS_S = (0.05, 0.5, 1.5, 3.0)  # a blow falls at another moment of each submission
LATENCY_S = 2.0
WARM_S_MAX = 120.0
HEALTHY_S_MAX = 300.0
SETTLED_S_MAX = 240.0
QUIET_S = 20.0  # nothing more is on the air
MARK = "(rpt) "
SCENE = '[[modem]]\nname = "modem1"\nnumber = "+447700900001"\nend = "{end}"\nquirks = {quirks}\n'


@dataclass(slots=True)
class Verdict:
    """`lost`: told as sent, or not told of at all, and the network never had it. `twice`: without a mark."""

    program: str
    fault: str
    texts: int = 0
    taken: int = 0
    lost: int = 0
    twice: int = 0
    in_doubt: int = 0
    repeats: int = 0
    failed: int = 0
    failed_but_taken: int = 0
    waiting: int = 0
    healthy_s: float | None = None
    error: str = ""


class Trial:
    def __init__(self, program: str, row: Row | Kill, home: Path) -> None:
        self.row, self.home = row, home
        self.verdict = Verdict(program, row.name)
        self.texts: list[str] = []
        seed = 7_000 + 1_000 * list(KINDS).index(program) + [r.name for r in ROWS].index(row.name)
        self.words = f"trial {seed}, "  # each street has modems, and texts, of its own
        wrap = row is WRAP
        end = "unix" if isinstance(row, Kill) else "pty"
        scene = home / "scene.toml"
        quirks = "{ mr_after_reset = 253 }" if wrap else "{}"
        scene.write_text(SCENE.format(end=f"{end}:{home}/modem1", quirks=quirks))
        self.street = Street(home, modems=0, latency_s=LATENCY_S, more=("--scene", str(scene), "--seed", str(seed)))
        self.ledger = Ledger(self.street.ledger)
        port = str(self.street.ports["modem1"])
        self.relay = Relay(port, home / "port") if isinstance(row, Kill) else None
        self.stranger: Stranger = KINDS[program](home, str(home / "port") if self.relay else port)

    def run(self) -> None:
        with self._ended():
            if self.row is WRAP:
                self.strike(({"kind": "reset"},))
                time.sleep(3)
            self.start()
            self.post("warm")
            self.until(lambda: self.there("warm"), WARM_S_MAX, "the first text on the air")
            time.sleep(3)
            ended = self.killed(self.row) if isinstance(self.row, Kill) else self.struck(self.row)
            self.post("probe")
            end = ended + HEALTHY_S_MAX
            while time.monotonic() < end and not self.there("probe"):
                time.sleep(0.5)
            if self.there("probe"):
                self.verdict.healthy_s = time.monotonic() - ended
            self.settle()

    @contextlib.contextmanager
    def _ended(self) -> Iterator[None]:
        if self.relay:
            self.relay.start()
        try:
            yield
        finally:
            self.stranger.stop()
            if self.relay:
                self.relay.stop()
            self.street.stop()

    def start(self) -> None:
        if self.relay:
            self.relay.open_again()
        self.stranger.start()
        if self.relay:
            self.relay.serve(self.stranger)  # type: ignore[arg-type]  # it kills and waits, as a process does

    # --- what happens

    def struck(self, row: Row) -> float:
        """Returns when it ended."""
        began = time.monotonic()
        self.strike(row.at_once)
        for number in range(TEXTS):
            time.sleep(max(0.0, began + number * row.lasts_s / TEXTS - time.monotonic()))
            self.post(f"text {number}")
            time.sleep(OFFSETS_S[number])
            self.strike(row.with_texts)
        time.sleep(max(0.0, began + row.lasts_s - time.monotonic()))
        self.street.ask("DELETE", "/modems/modem1/fault")
        self.strike(row.after)
        return time.monotonic()

    def killed(self, row: Kill) -> float:
        assert self.relay is not None
        if row.moment:
            self.relay.kill_at(row.moment, kept=True)
            self.post("text 0")
            if not self.relay.killed.wait(60):
                self.verdict.error = "the moment never came"
        else:
            self.post("text 0")
            self.relay.kill_now(kept=True)
        time.sleep(1)
        self.start()
        return time.monotonic()

    def strike(self, faults: tuple[Fault, ...]) -> None:
        for fault in faults:
            self.street.ask("POST", "/modems/modem1/fault", fault)

    def post(self, words: str) -> None:
        """Until it is accepted: an operator's script would try again."""
        text = self.words + words
        self.until(lambda: self.stranger.post(text), HEALTHY_S_MAX, f"{words} accepted")
        self.texts.append(text)

    # --- what came of it

    def until(self, true: Callable[[], object], within_s: float, what: str) -> None:
        end = time.monotonic() + within_s
        while not true():
            if time.monotonic() > end:
                raise TimeoutError(what)
            time.sleep(0.5)

    def copies(self) -> Counter[str]:
        return Counter(entry["text"] for entry in self.ledger.accepted())

    def there(self, words: str) -> bool:
        copies = self.copies()
        return bool(copies[self.words + words] or copies[MARK + self.words + words])

    def settle(self) -> None:
        end = time.monotonic() + SETTLED_S_MAX
        quiet_since, before = time.monotonic(), 0
        while time.monotonic() < end:
            now = len(self.ledger.accepted())
            if now != before:
                quiet_since, before = time.monotonic(), now
            waits = any(self.stranger.fate(text) == "queued" for text in self.texts)
            if not waits and time.monotonic() - quiet_since > QUIET_S:
                break
            time.sleep(2)
        self.judge()

    def judge(self) -> None:
        verdict, copies = self.verdict, self.copies()
        for text in self.texts[1:]:  # without the one that warmed it
            plain, marked, fate = copies[text], copies[MARK + text], self.stranger.fate(text)
            verdict.texts += 1
            verdict.taken += bool(plain or marked)
            verdict.twice += max(0, plain - 1)
            verdict.repeats += marked
            verdict.in_doubt += fate == "in doubt"
            verdict.failed += fate == "failed"
            verdict.failed_but_taken += fate == "failed" and bool(plain or marked)
            verdict.waiting += fate == "queued"
            verdict.lost += fate in {"sent", "gone"} and not (plain or marked)


def play(program: str, row: Row | Kill, *, keep: bool = False) -> Verdict:
    home = Path(tempfile.mkdtemp(prefix="peer-"))
    verdict = Verdict(program, row.name)
    try:
        trial = Trial(program, row, home)
        verdict = trial.verdict
        trial.run()
    except Exception as error:  # noqa: BLE001 - the other trials shall be played, too
        verdict.error = verdict.error or f"{type(error).__name__}: {error}"
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)
    return verdict
