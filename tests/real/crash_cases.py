"""Kill a real daemon at a chosen moment, start it again on the same state, and let the network's ledger judge."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bench.load import one, request
from bench.parts import PHONE, BenchError, Daemon, Ledger, Street, configure, until
from tests.real.crash_relay import Moment, Relay

MARK = "(rpt) "
PATIENCE_S = 5
DELIVERY = f"""
[delivery]
patience_critical_s = {PATIENCE_S}
patience_high_s = {PATIENCE_S}
patience_normal_s = {PATIENCE_S}
patience_low_s = {PATIENCE_S}
"""
NETWORK = {"latency_s": 0.25, "report_delay_s": 0.3, "retry_s": [1.0]}
SETTLE_S = PATIENCE_S + 25.0
OVER = {"delivered", "undelivered", "unconfirmed", "failed", "expired", "withdrawn"}

REPORTED, UNREPORTED = b"0031", b"0011"  # how PDUs begin: no SMSC address, SMS-SUBMIT with or without a report
SENT = Moment("daemon", b"AT+CMGS=", "all")
ENDED = Moment("daemon", b"\x1a", "all")


@dataclass(frozen=True, slots=True)
class Case:
    """`step` names the moment. `kept`: the modem's words stay in the port. `report`: delivery reports are asked for.

    `kind`: three texts by POST, one alert (its page), or an alert that Anna answers.
    """

    step: str
    moment: Moment | None = None
    kept: bool = True
    report: bool = True
    kind: Literal["texts", "alert", "reply"] = "texts"
    kills: int = 1
    seed: int = 0
    personality: str = "generic"
    dead_s: float = 0.0  # killed once more after the restart, and down for so long

    @property
    def name(self) -> str:
        words = [self.step, "kept" if self.kept else "lost", "reports" if self.report else "no reports"]
        return ", ".join([*words, *([self.kind] if self.kind != "texts" else []), *self._modem()])

    def _modem(self) -> list[str]:
        return [self.personality] if self.personality != "generic" else []


@dataclass(slots=True)
class Verdict:
    """What the ledger says after all has settled. `problems` must be empty."""

    case: Case
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


def cases() -> list[Case]:
    """The steps of +CMGS, each with the modem's words kept and lost, with and without delivery reports."""
    told = [
        Case("accepted over HTTP, before any command"),
        Case("accepted over HTTP, before any command", kind="alert"),
        Case("AT+CMGS lost", Moment("daemon", b"AT+CMGS=")),
        Case("AT+CMGS lost", Moment("daemon", b"AT+CMGS="), kept=False, report=False),
        Case("AT+CMGS sent, no prompt yet", SENT),
        Case("AT+CMGS sent, no prompt yet", SENT, kept=False),
        Case("prompt not read", Moment("modem", b"> ")),
        Case("prompt not read", Moment("modem", b"> "), kept=False, report=False),
        Case("prompt read, no PDU", Moment("daemon", REPORTED)),
        Case("prompt read, no PDU", Moment("daemon", REPORTED), kept=False, kind="alert"),
        Case("in the middle of the PDU", Moment("daemon", REPORTED, "half")),
        Case("in the middle of the PDU", Moment("daemon", REPORTED, "half"), kept=False),
        Case("in the middle of the PDU", Moment("daemon", REPORTED, "half"), kept=False, kind="alert"),
        Case("PDU without its end", Moment("daemon", REPORTED, "but the end")),
        Case("PDU without its end", Moment("daemon", UNREPORTED, "but the end"), kept=False, report=False),
    ]
    for step, moment in (
        ("0x1A written, not answered", ENDED),
        ("answered, not read", Moment("modem", b"+CMGS:")),
        ("+CMGS read, no OK yet", Moment("modem", b"+CMGS:", "line")),
        ("OK read", Moment("modem", b"+CMGS:", "all")),
    ):
        told += [Case(step, moment, kept, report) for kept in (True, False) for report in (True, False)]
        told.append(Case(step, moment, kept=False, kind="alert"))
    told += [
        Case("report not read", Moment("modem", b"+CDS")),
        Case("report not read", Moment("modem", b"+CDS"), kept=False),
        Case("report read", Moment("modem", b"+CDS", "all"), kept=False),
        Case("report read", Moment("modem", b"+CDS", "all"), kept=False, kind="alert"),
        Case("reply announced", Moment("modem", b"+CMTI:"), kind="reply"),
        Case("reply announced", Moment("modem", b"+CMTI:"), kept=False, kind="reply"),
        Case("reply asked for", Moment("daemon", b"AT+CMGR=", "all"), kept=False, kind="reply"),
        Case("reply not read", Moment("modem", b"+CMGR:"), kind="reply"),
        Case("reply read, not deleted", Moment("modem", b"+CMGR:", "all"), kept=False, kind="reply"),
        Case("reply being deleted", Moment("daemon", b"AT+CMGD="), kept=False, kind="reply"),
        Case("reply deleted", Moment("daemon", b"AT+CMGD=", "all"), kept=False, kind="reply"),
    ]
    for personality in ("huawei-e173", "sim800", "quectel-ec25", "telit-le910"):
        told += [
            Case("AT+CMGS sent, no prompt yet", SENT, kept=False, personality=personality),
            Case("0x1A written, not answered", ENDED, personality=personality),
            Case("0x1A written, not answered", ENDED, kept=False, personality=personality),
        ]
    told.append(Case("killed twice, down beyond the patience", ENDED, kept=False, kills=2, dead_s=PATIENCE_S + 2.0))
    told += [Case("at random octets", kept=seed % 2 == 0, report=seed % 3 > 0, kills=4, seed=seed) for seed in range(6)]
    return told


SHORT = (
    ("AT+CMGS sent, no prompt yet", True, True),
    ("in the middle of the PDU", False, True),
    ("0x1A written, not answered", True, False),
    ("0x1A written, not answered", False, True),
    ("answered, not read", False, False),
    ("+CMGS read, no OK yet", False, True),
    ("report not read", False, True),
    ("reply read, not deleted", False, True),
)


def short_cases() -> list[Case]:
    """One for each way in which a doubt can end."""
    found = [case for case in cases() if (case.step, case.kept, case.report) in SHORT]
    found = [case for case in found if case.kind != "alert" and case.personality == "generic"]
    assert len(found) == len(SHORT)
    return found


class Trial:
    """One case in a directory of its own."""

    def __init__(self, case: Case, home: Path) -> None:
        self.case = case
        self.street = Street(home, more=("--ends", "unix", "--personality", case.personality))
        self.relay = Relay(self.street.ports["modem1"], home / "tty")
        config = configure(home, {"modem1": str(home / "tty")}, DELIVERY)
        config.write_text(config.read_text().replace("[[people]]", "look_s = 2.0\n\n[[people]]", 1))
        self.daemon = Daemon(home, config)
        self.ledger = Ledger(self.street.ledger)
        self.texts: dict[str, int] = {}  # text -> message
        self.posted = 0
        self.incident = 0
        self.verdict = Verdict(case)
        self.dice = random.Random(case.seed)

    def run(self) -> Verdict:
        try:
            self.street.ask("POST", "/network", NETWORK | ({"report_delay_s": 3.0} if self.case.dead_s else {}))
            self.relay.start()
            if self.case.moment is None and self.case.kills == 1:
                self.relay.hold()  # no modem answers before the daemon is dead
            self._start_daemon()
            self.daemon.new_token()
            self._kill()
            self._settle()
            self._judge()
        finally:
            self.daemon.stop()
            self.relay.stop()
            self.street.stop()
        return self.verdict

    # --- the daemon's lives

    def _start_daemon(self) -> None:
        self.relay.open_again()
        self.daemon.start(on_spawn=self.relay.serve)

    def _again(self) -> None:
        self.verdict.kills += 1
        self._start_daemon()
        self.daemon.wait_up()

    def _kill(self) -> None:
        case = self.case
        if case.kills > 1 and not case.dead_s:
            self._kill_at_random()
            return
        if case.moment is None:
            self._post()
            self.relay.kill_now(kept=case.kept)
            self.relay.let_go()
            self._again()
            return
        self.daemon.wait_up()
        self.relay.kill_at(case.moment, kept=case.kept)
        self.relay.hold()
        self._post()
        self.relay.let_go()
        if case.kind == "reply":
            self._reply()
        self._await_death()
        if case.moment == ENDED:
            # The network answers while nobody reads.
            until(lambda: self._said_after_death(b"+CMGS:"), "the answer to a dead daemon")
        self._again()
        if case.dead_s:
            self.relay.kill_now(kept=True)
            end = time.monotonic() + case.dead_s
            until(lambda: self._said_after_death(b"+CDS:") and time.monotonic() > end, "the report to a dead daemon")
            self._again()

    def _await_death(self) -> None:
        if not self.relay.killed.wait(20):
            raise BenchError(f"the moment did not come: {self.case.name}")

    def _kill_at_random(self) -> None:
        """Again and again, while texts go out and come in."""
        self.daemon.wait_up()
        for _ in range(self.case.kills):
            self.relay.kill_after(self.dice.randrange(1, 900), kept=self.case.kept)
            self._post()
            self._await_death()
            self._again()

    def _said_after_death(self, words: bytes) -> bool:
        return any(words in data for who, data in list(self.relay.passed) if who in {"kept", "lost"})

    # --- what goes in

    def _post(self) -> None:
        if self.case.kind != "texts":
            alert = {"key": "disk", "severity": "critical", "summary": "Disk full", "service": "db"}
            self.incident = self._ask("/api/v1/alerts", alert)["incident"]
            listed = self.daemon.local("GET", f"/api/v1/incidents/{self.incident}")["messages"]
            self.texts |= {message["text"]: message["id"] for message in listed}
            return
        for _ in range(1 if self.case.dead_s else 3):
            self.posted += 1
            text = f"text {self.posted} of the crash test"
            try:
                answer = self._ask("/api/v1/messages", {"to": PHONE, "text": text, "report": self.case.report})
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

    def _reply(self) -> None:
        """Anna has the page, and takes the incident."""
        code = self.daemon.local("GET", f"/api/v1/incidents/{self.incident}")["code"]
        until(lambda: any(e["event"] == "delivered" for e in self.ledger.look()), "the page is delivered")
        self.street.ask("POST", f"/phones/{PHONE}/reply", {"text": f"ok {code}"})

    # --- what comes out

    def _message(self, number: int) -> dict[str, Any]:
        return dict(self.daemon.local("GET", f"/api/v1/messages/{number}"))

    def _settled(self) -> bool:
        for number in self.texts.values():
            message = self._message(number)
            state = message["state"]
            if not (state in OVER or (state == "in_doubt" and message["ended_at"]) or self._sent_and_quiet(message)):
                return False
        return self.case.kind != "reply" or self._incident()["state"] == "acknowledged"

    def _sent_and_quiet(self, message: dict[str, Any]) -> bool:
        """Accepted, and no report is wanted, or its report came while nobody listened."""
        if message["state"] != "sent":
            return False
        return not message["report"] or self._age_s(message) > PATIENCE_S + 2

    @staticmethod
    def _age_s(message: dict[str, Any]) -> float:
        ends = [attempt["ended_at"] or "" for attempt in message["attempts"]]
        last = max(ends)
        return time.time() - _epoch(last) if last else 0.0

    def _incident(self) -> dict[str, Any]:
        return dict(self.daemon.local("GET", f"/api/v1/incidents/{self.incident}"))

    def _settle(self) -> None:
        try:
            until(self._settled, "all is settled", within_s=SETTLE_S, every_s=0.1)
        except BenchError as late:
            told = [json.dumps(self._message(number)) for number in self.texts.values()]
            self.verdict.problems.append(f"{late}: {told}")

    def _judge(self) -> None:
        verdict = self.verdict
        entries = [(e["text"], e) for e in self.ledger.accepted()]
        for text, number in self.texts.items():
            plain = [e for t, e in entries if t == text]
            marked = [e for t, e in entries if t == MARK + text]
            message = self._message(number)
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
                if why := self._could_be_known(plain[0]):
                    verdict.twice_needlessly += 1
                    verdict.problems.append(f"repeated though {why}: {text!r}")
        self._judge_repeats()
        self._judge_reply()
        if verdict.problems:
            verdict.evidence = self._evidence()

    def _could_be_known(self, entry: dict[str, Any]) -> str:
        """Why the repeat of this submission was needless; "" when nothing told its fate within the patience."""
        words = b"+CMGS: %d\r\n" % entry["mr"]
        if words in self.relay.readable():
            return f"its answer (reference {entry['mr']}) could be read"
        reports = [r for r in self.ledger.look() if r["event"] == "report" and r["id"] == entry["id"]]
        heard = b"+CDS:" in self.relay.readable() and not self._ambiguous(entry)
        if reports and heard and self.case.report and reports[0]["at"] < self._repeated_at(entry) - PATIENCE_S:
            return f"its report was on the way at {reports[0]['at']:.1f}"
        return ""

    def _ambiguous(self, entry: dict[str, Any]) -> bool:
        """Several kills in a row left several doubts, and this report fits more than one of them."""
        return not self.case.dead_s and f"report {entry['mr']}: status 00, ambiguous" in self.daemon.log.read_text()

    def _repeated_at(self, entry: dict[str, Any]) -> float:
        return min(e["at"] for e in self.ledger.accepted() if e["text"] == MARK + entry["text"])

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


_LATE = ("late answer", "receipt", "patience", "person")


def _epoch(iso: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(iso).timestamp()
