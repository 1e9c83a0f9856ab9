"""SIGKILL around every step of AT+CMGS: the moments, and how a daemon with one modem is killed and judged."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.parts import PHONE, Daemon, Ledger, Street, configure, until
from tests.real.crash_relay import Moment, Relay
from tests.real.crash_trial import DELIVERY, PATIENCE_S, Kind, Trial

REPORT_LATE_S = 10.0  # later than a restart on a busy machine
NETWORK = {"latency_s": 0.25, "report_delay_s": 0.3, "retry_s": [1.0]}

REPORTED, UNREPORTED = b"0031", b"0011"  # how PDUs begin: no SMSC address, SMS-SUBMIT with or without a report
SENT = Moment("daemon", b"AT+CMGF=0;+CMGS=", "all")
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
    kind: Kind = "texts"
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


def cases() -> list[Case]:
    """The steps of +CMGS, each with the modem's words kept and lost, with and without delivery reports."""
    told = [
        Case("accepted over HTTP, before any command"),
        Case("accepted over HTTP, before any command", kind="alert"),
        Case("AT+CMGS lost", Moment("daemon", b"AT+CMGF=0;+CMGS=")),
        Case("AT+CMGS lost", Moment("daemon", b"AT+CMGF=0;+CMGS="), kept=False, report=False),
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


class ModemTrial(Trial):
    """A daemon with one modem, and the relay at its port."""

    case: Case
    relay: Relay

    def furnish(self, home: Path) -> None:
        self.street = Street(home, more=("--ends", "unix", "--personality", self.case.personality))
        self.relay = Relay(self.street.ports["modem1"], home / "tty")
        config = configure(home, {"modem1": str(home / "tty")}, DELIVERY)
        config.write_text(config.read_text().replace("[[people]]", "look_s = 2.0\n\n[[people]]", 1))
        self.daemon = Daemon(home, config)
        self.ledger = Ledger(self.street.ledger)
        self.street.ask("POST", "/network", NETWORK | ({"report_delay_s": REPORT_LATE_S} if self.case.dead_s else {}))

    def kill(self) -> None:
        case = self.case
        if case.moment is None and case.kills == 1:
            self.kill_before_any_word()
            return
        self.begin()
        if case.moment is None:
            self.kill_at_random()
            return
        self.daemon.wait_up()
        self.relay.kill_at(case.moment, kept=case.kept)
        self.relay.hold()
        self.post(1 if case.dead_s else 3)
        self.relay.let_go()
        if case.kind == "reply":
            self.reply(f"/phones/{PHONE}")
        self.await_death()
        if case.moment == ENDED:
            # The network answers while nobody reads.
            until(lambda: self._said_after_death(b"+CMGS:"), "the answer to a dead daemon")
        self.again()
        if case.dead_s:
            self.relay.kill_now(kept=True)
            end = time.monotonic() + case.dead_s
            until(lambda: self._said_after_death(b"+CDS:") and time.monotonic() > end, "the report to a dead daemon")
            self.again()

    def _said_after_death(self, words: bytes) -> bool:
        return any(words in data for who, data in list(self.relay.passed) if who in {"kept", "lost"})

    def body(self, text: str) -> dict[str, Any]:
        return {"to": PHONE, "text": text, "report": self.case.report}

    def entries(self) -> list[dict[str, Any]]:
        return self.ledger.accepted()

    def could_be_known(self, entry: dict[str, Any]) -> str:
        words = b"+CMGS: %d\r\n" % entry["mr"]
        if words in self.relay.readable():
            return f"its answer (reference {entry['mr']}) could be read"
        reports = [r for r in self.ledger.look() if r["event"] == "report" and r["id"] == entry["id"]]
        heard = b"+CDS:" in self.relay.readable() and not self._ambiguous()
        if reports and heard and self.case.report and reports[0]["at"] < self.repeated_at(entry) - PATIENCE_S:
            return f"its report was on the way at {reports[0]['at']:.1f}"
        return ""

    def _ambiguous(self) -> bool:
        """Several kills in a row left several doubts, and a report fitted more than one of them."""
        return self.case.kills > 1 and not self.case.dead_s and " verdict=ambiguous" in self.daemon.log.read_text()
