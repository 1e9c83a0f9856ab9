"""Kill a real daemon at a chosen moment, start it again on the same state, and let the ledger of the street judge."""

from __future__ import annotations

import abc
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any, Literal, Protocol

from bench.load import one, request
from bench.parts import BenchError, Daemon, Ledger, Street, until

MARK = "(rpt) "
PATIENCE_S = 5
DELIVERY = f"""
[delivery]
patience_critical_s = {PATIENCE_S}
patience_high_s = {PATIENCE_S}
patience_normal_s = {PATIENCE_S}
patience_low_s = {PATIENCE_S}
"""
SETTLE_S = PATIENCE_S + 25.0
OVER = {"delivered", "undelivered", "unconfirmed", "failed", "expired", "withdrawn"}
TEXTS = 3

Kind = Literal["texts", "alert", "reply"]

_LATE = ("late answer", "receipt", "patience", "person")


class Tried(Protocol):
    """What every case says, whatever the wire."""

    @property
    def step(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def report(self) -> bool: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def kills(self) -> int: ...
    @property
    def kept(self) -> bool: ...
    @property
    def seed(self) -> int: ...
    @property
    def dead_s(self) -> float: ...


class Line(Protocol):
    """What stands between the daemon and the street, and kills."""

    killed: Event
    passed: list[tuple[str, bytes]]

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def serve(self, process: Any) -> None: ...
    def open_again(self) -> None: ...
    def hold(self) -> None: ...
    def let_go(self) -> None: ...
    def kill_now(self, *, kept: bool) -> None: ...
    def kill_after(self, octets: int, *, kept: bool) -> None: ...


@dataclass(slots=True)
class Verdict:
    """What the ledger says after all has settled. `problems` must be empty."""

    case: Tried
    kills: int = 0
    accepted: int = 0
    lost: int = 0
    given_up: int = 0  # killed at the first sending and at its repeat: never on the air, and shown as in doubt
    twice_silently: int = 0
    twice_needlessly: int = 0  # though an answer or a report came within the patience
    in_doubt: int = 0
    settled: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    copies: int = 0  # repeats of a text that had arrived: the reader sees the mark
    problems: list[str] = field(default_factory=list)
    evidence: str = ""


class Trial(abc.ABC):
    """One case in a directory of its own. `self.street`, `relay`, `daemon` and `ledger` are made by `furnish`."""

    street: Street
    relay: Line
    daemon: Daemon
    ledger: Ledger
    random_octets = 900  # after at most so many the daemon is killed, where the octet is left to chance

    def __init__(self, case: Tried, home: Path) -> None:
        self.case = case
        self.texts: dict[str, int] = {}  # text -> message
        self.posted = 0
        self.incident = 0
        self.verdict = Verdict(case)
        self.dice = random.Random(case.seed)
        self.furnish(home)

    # --- what is different by wire

    @abc.abstractmethod
    def furnish(self, home: Path) -> None:
        """Street, line and daemon; of these only the street runs."""

    @abc.abstractmethod
    def kill(self) -> None:
        """Have the daemon started, post, kill it at the case's moment, start it again."""

    @abc.abstractmethod
    def body(self, text: str) -> dict[str, Any]:
        """Of POST /api/v1/messages."""

    @abc.abstractmethod
    def entries(self) -> list[dict[str, Any]]:
        """What the ledger says was taken from us."""

    @abc.abstractmethod
    def could_be_known(self, entry: dict[str, Any]) -> str:
        """Why the repeat of this submission was needless; "" when nothing told its fate within the patience."""

    def run(self) -> Verdict:
        try:
            self.relay.start()
            self.kill()
            self._settle()
            self._judge()
        finally:
            self.daemon.stop()
            self.relay.stop()
            self.street.stop()
        return self.verdict

    # --- the daemon's lives

    def begin(self) -> None:
        self.start_daemon()
        self.daemon.new_token()

    def start_daemon(self) -> None:
        self.relay.open_again()
        self.daemon.start(on_spawn=self.relay.serve)

    def again(self) -> None:
        self.verdict.kills += 1
        self.start_daemon()
        self.daemon.wait_up()

    def await_death(self) -> None:
        if not self.relay.killed.wait(20):
            raise BenchError(f"the moment did not come: {self.case.name}")

    def kill_before_any_word(self) -> None:
        """No channel is up before the daemon is dead."""
        self.relay.hold()
        self.begin()
        self.post()
        self.relay.kill_now(kept=self.case.kept)
        self.relay.let_go()
        self.again()

    def kill_at_random(self) -> None:
        """Again and again, while texts go out and come in."""
        self.daemon.wait_up()
        for _ in range(self.case.kills):
            self.relay.kill_after(self.dice.randrange(1, self.random_octets), kept=self.case.kept)
            self.post()
            self.await_death()
            self.again()

    # --- what goes in

    def post(self, texts: int = TEXTS) -> None:
        if self.case.kind != "texts":
            alert = {"key": "disk", "severity": "critical", "summary": "Disk full", "service": "db"}
            self.incident = self._ask("/api/v1/alerts", alert)["incident"]
            listed = self.daemon.local("GET", f"/api/v1/incidents/{self.incident}")["messages"]
            self.texts |= {message["text"]: message["id"] for message in listed}
            return
        for _ in range(texts):
            self.posted += 1
            text = f"text {self.posted} of the crash test"
            try:
                answer = self._ask("/api/v1/messages", self.body(text))
            except (OSError, BenchError):
                if self.relay.killed.wait(5):
                    return  # killed before the 202: nothing was promised
                raise
            self.texts[text] = answer["messages"][0]["id"]

    def _ask(self, path: str, body: object) -> Any:
        data = request(path, self.daemon.token, json.dumps(body).encode())
        status, answer = one(self.daemon.address, data)
        assert status == 202, answer
        return json.loads(answer)

    def reply(self, place: str) -> None:
        """Anna has the page, and takes the incident. `place` is her phone or pager in the street."""
        code = self.daemon.local("GET", f"/api/v1/incidents/{self.incident}")["code"]
        until(lambda: any(e["event"] == "delivered" for e in self.ledger.look()), "the page is delivered")
        self.street.ask("POST", f"{place}/reply", {"text": f"ok {code}"})

    # --- what comes out

    def message(self, number: int) -> dict[str, Any]:
        return dict(self.daemon.local("GET", f"/api/v1/messages/{number}"))

    def _settled(self) -> bool:
        self._open = [number for number in self._open if not self._over(self.message(number))]
        if self._open:
            return False
        return self.case.kind != "reply" or self._incident()["state"] == "acknowledged"

    def _over(self, message: dict[str, Any]) -> bool:
        state = message["state"]
        return state in OVER or (state == "in_doubt" and message["ended_at"]) or self._sent_and_quiet(message)

    def _sent_and_quiet(self, message: dict[str, Any]) -> bool:
        """Accepted, and no report is wanted, or its report came while nobody listened."""
        if message["state"] != "sent":
            return False
        return not message["report"] or self._age_s(message) > PATIENCE_S + 2

    @staticmethod
    def _age_s(message: dict[str, Any]) -> float:
        last = max(attempt["ended_at"] or "" for attempt in message["attempts"])
        return time.time() - datetime.fromisoformat(last).timestamp() if last else 0.0

    def _incident(self) -> dict[str, Any]:
        return dict(self.daemon.local("GET", f"/api/v1/incidents/{self.incident}"))

    def _settle(self) -> None:
        self._open = list(self.texts.values())
        try:
            until(self._settled, "all is settled", within_s=SETTLE_S + len(self.texts) / 4, every_s=0.1)
        except BenchError as late:
            told = [json.dumps(self.message(number)) for number in self.texts.values()]
            self.verdict.problems.append(f"{late}: {told}")

    def _judge(self) -> None:
        verdict = self.verdict
        entries = [(e["text"], e) for e in self.entries()]
        for text, number in self.texts.items():
            plain = [e for t, e in entries if t == text]
            marked = [e for t, e in entries if t == MARK + text]
            message = self.message(number)
            attempts = message["attempts"]
            verdict.accepted += 1
            verdict.repeats += len(marked)
            verdict.in_doubt += any(a["reason"] == "the process ended" or a["settled_by"] in _LATE for a in attempts)
            verdict.settled.update(a["settled_by"] for a in attempts if a["settled_by"] in _LATE)
            given_up = message["state"] == "in_doubt" and message["ended_at"] and self.case.kills > 1
            if not plain and not marked and given_up:
                verdict.given_up += 1
            elif not plain and not marked:
                verdict.lost += 1
                verdict.problems.append(f"lost: {text!r} is {message['state']}")
            if len(plain) > 1:
                verdict.twice_silently += 1
                verdict.problems.append(f"sent {len(plain)} times without a mark: {text!r}")
            if plain and marked:
                verdict.copies += 1
                if why := self.could_be_known(plain[0]):
                    verdict.twice_needlessly += 1
                    verdict.problems.append(f"repeated though {why}: {text!r}")
        self._judge_repeats()
        self._judge_reply()
        verdict.problems += self.more_problems()
        if verdict.problems:
            verdict.evidence = self._evidence()

    def more_problems(self) -> Sequence[str]:
        """What else this wire's ledger has to say."""
        return ()

    def repeated_at(self, entry: dict[str, Any]) -> float:
        return min(float(e["at"]) for e in self.entries() if e["text"] == MARK + entry["text"])

    def _judge_repeats(self) -> None:
        """Each repeat on the air is counted; only what the last process sent can be in its metric."""
        counted = self.daemon.metric("gatewayd_repeats_total")
        alone = self.verdict.kills == 1 or self.case.dead_s  # no process that is gone has repeated anything
        if alone and counted != self.verdict.repeats:
            self.verdict.problems.append(f"{self.verdict.repeats} repeats on the air, {counted:g} counted")

    def _judge_reply(self) -> None:
        if self.case.kind != "reply":
            return
        incident = self._incident()
        if incident["acknowledged_by"] != "anna":
            self.verdict.problems.append(f"the reply was lost: the incident is {incident['state']}")
        texts = [t for t in self.daemon.local("GET", "/api/v1/inbox?all=true")["texts"] if t["result"] != "repeated"]
        if len(texts) != 1:
            self.verdict.problems.append(f"one reply was kept {len(texts)} times: {texts}")

    def _dialogue(self) -> str:
        return "\n".join(f"{who:7}{data!r}" for who, data in self.relay.passed[-60:])

    def _evidence(self) -> str:
        ledger = "\n".join(json.dumps({k: e[k] for k in e if k != "tpdu"}) for e in self.ledger.look())
        journal = self.daemon.local("GET", "/api/v1/journal?limit=1000")["lines"]
        lines = "\n".join(
            f"{x['at']} {x['event']} message={x['message']} attempt={x['attempt']} {x['facts']}" for x in journal
        )
        log = self.daemon.log.read_text()
        return f"LINE\n{self._dialogue()}\nLEDGER\n{ledger}\nJOURNAL\n{lines}\nLOG\n{log}"
