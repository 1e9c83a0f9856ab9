"""SIGKILL around every step of a submit_sm and of a TAP call: the moments, and how they are judged."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.parts import Daemon, Ledger, Street, until
from tests.real.crash_socket import After, Moment, SmppWire, SocketRelay, TapWire
from tests.real.crash_trial import DELIVERY, MARK, PATIENCE_S, TEXTS, Kind, Trial

PAGER = "4711"
PASSWORD = "opensesa"
WINDOW, WIDE = 10, 100
WIDE_LATE_S = 2.0  # all are out before the first is answered
Receipts = Literal["quoting", "naming", "none"]  # the text; the message id alone

CONFIG = """\
state_dir = "{home}/state"
default_policy = "night"

[web]
listen = ["127.0.0.1:0"]

{bureau}
[[people]]
name = "anna"
devices = [{{ kind = "pager", number = "{pager}", channel = "bureau" }}]

[[policies]]
name = "night"
steps = [{{ page = ["anna"], wait_s = 3600 }}]
fallback = ["anna"]
"""
SMPP = """\
[[smpp]]
name = "bureau"
host = "127.0.0.1"
port = {port}
system_id = "gateway"
password_file = "{home}/bureau.password"
sender = "60000"
window = {window}
reopen_s_max = 1
"""
TAP = """\
[[tap]]
name = "bureau"
end = "tcp://127.0.0.1:{port}"
reopen_s_max = 1
look = "open"
"""
_OF_THE_DEAD = {"nothing within t4 of the last answer"}  # whose call hangs
STYLES = {"quoting": "standard", "naming": "parameters-only", "none": "standard"}
HEARD_S = 1.0  # from the octets of a receipt to the end of its doubt, on a busy machine
RECEIPT_LATE_S = 10.0  # later than a restart on a busy machine
CENTRE = {"receipt_delay_s": 0.3, "deliver_timeout_s": 2.0, "deliver_retry_s": 1.0}


@dataclass(frozen=True, slots=True)
class Case:
    """`step` names the moment. `after`: the bureau sees the killed daemon's connection end, or it hangs half-open.

    `receipts`: what they tell of the text; by TAP there are none.
    """

    step: str
    moment: Moment | None = None
    way: Literal["smpp", "tap"] = "smpp"
    receipts: Receipts = "quoting"
    after: After = "closed"
    kind: Kind = "texts"
    kills: int = 1
    texts: int = TEXTS
    window: int = WINDOW
    seed: int = 0
    dead_s: float = 0.0  # killed once more after the restart, and down for so long

    @property
    def report(self) -> bool:
        return self.receipts != "none" and self.way == "smpp"

    @property
    def kept(self) -> bool:
        """What is said while nobody reads is lost with the connection."""
        return False

    @property
    def name(self) -> str:
        told = {"quoting": "receipts with the text", "naming": "receipts with the id", "none": "no receipts"}
        words = [self.way, self.step, *([told[self.receipts]] if self.way == "smpp" else [])]
        if self.after == "hangs":
            words.append("connection hangs")
        if self.kind != "texts":
            words.append(self.kind)
        return ", ".join([*words, *([f"seed {self.seed}"] if self.seed else [])])


def _smpp_steps() -> list[tuple[str, Moment]]:
    return [
        ("submit_sm booked, not out", Moment("daemon", "submit")),
        ("half a submit_sm out", Moment("daemon", "submit", "half")),
        ("submit_sm out", Moment("daemon", "submit", "all")),
        ("response on its way", Moment("bureau", "submit answer")),
        ("half a response read", Moment("bureau", "submit answer", "half")),
        ("response read", Moment("bureau", "submit answer", "all")),
    ]


def _smpp_cases() -> list[Case]:
    steps = dict(_smpp_steps())
    told = [
        Case("accepted over HTTP, before the bind"),
        Case("accepted over HTTP, before the bind", kind="alert"),
        Case("bind sent", Moment("daemon", "bind", "all")),
    ]
    every: tuple[Receipts, ...] = ("quoting", "naming", "none")
    for step, moment in steps.items():
        told += [Case(step, moment, receipts=receipts) for receipts in every]
        told.append(Case(step, moment, kind="alert"))
    for step in ("submit_sm out", "response on its way", "response read"):
        told.append(Case(step, steps[step], after="hangs"))
    told += [
        Case("full window, the fifth submit_sm not out", Moment("daemon", "submit", "nothing", 5), texts=WINDOW),
        Case("full window, all out", Moment("daemon", "submit", "all", WINDOW), texts=WINDOW),
        Case("full window, all out", Moment("daemon", "submit", "all", WINDOW), texts=WINDOW, receipts="none"),
        Case("full window, the fifth response read", Moment("bureau", "submit answer", "all", 5), texts=WINDOW),
        Case("receipt on its way", Moment("bureau", "receipt")),
        Case("receipt on its way", Moment("bureau", "receipt"), receipts="naming"),
        Case("receipt on its way", Moment("bureau", "receipt"), after="hangs"),
        Case("receipt read", Moment("bureau", "receipt", "all")),
        Case("receipt read", Moment("bureau", "receipt", "all"), receipts="naming", kind="alert"),
        Case("answer to the receipt not out", Moment("daemon", "receipt answer")),
        Case("answer to the receipt out", Moment("daemon", "receipt answer", "all")),
        Case("reply on its way", Moment("bureau", "reply"), kind="reply"),
        Case("reply read", Moment("bureau", "reply", "all"), kind="reply"),
        Case("answer to the reply not out", Moment("daemon", "reply answer"), kind="reply"),
        Case("answer to the reply out", Moment("daemon", "reply answer", "all"), kind="reply"),
        Case("killed twice, down beyond the patience", steps["submit_sm out"], kills=2, dead_s=PATIENCE_S + 2.0),
    ]
    told += _wide_cases()
    random: tuple[Receipts, ...] = ("quoting", "naming", "none", "quoting")
    return told + [
        Case("at random octets", receipts=receipts, kills=4, seed=seed) for seed, receipts in enumerate(random, 1)
    ]


def _wide_cases() -> list[Case]:
    """A window of a hundred, full, at each step that it goes through."""
    half = WIDE // 2
    told: list[tuple[str, Moment, Receipts]] = [
        ("all booked, none out", Moment("daemon", "submit"), "quoting"),
        ("the 50th submit_sm half out", Moment("daemon", "submit", "half", half), "quoting"),
        ("all out", Moment("daemon", "submit", "all", WIDE), "quoting"),
        ("all out", Moment("daemon", "submit", "all", WIDE), "naming"),
        ("all out", Moment("daemon", "submit", "all", WIDE), "none"),
        ("the 50th response on its way", Moment("bureau", "submit answer", "nothing", half), "quoting"),
        ("half of the 50th response read", Moment("bureau", "submit answer", "half", half), "quoting"),
        (
            "all responses in but one, outcomes not booked",
            Moment("bureau", "submit answer", "nothing", WIDE),
            "quoting",
        ),
        ("all responses in but one, outcomes not booked", Moment("bureau", "submit answer", "nothing", WIDE), "none"),
        ("all responses read", Moment("bureau", "submit answer", "all", WIDE), "quoting"),
        ("the 50th receipt on its way", Moment("bureau", "receipt", "nothing", half), "quoting"),
        ("the 50th receipt read", Moment("bureau", "receipt", "all", half), "naming"),
        ("the 50th answer to a receipt out", Moment("daemon", "receipt answer", "all", half), "quoting"),
    ]
    return [
        Case(f"window of 100, {step}", moment, receipts=receipts, texts=WIDE, window=WIDE)
        for step, moment, receipts in told
    ]


def _tap_cases() -> list[Case]:
    moments = [
        ("accepted over HTTP, before the call", None),
        ("logon not out", Moment("daemon", "logon")),
        ("logon out", Moment("daemon", "logon", "all")),
        ("answer to the logon on its way", Moment("bureau", "logon answer")),
        ("go-ahead on its way", Moment("bureau", "go-ahead")),
        ("block booked, not out", Moment("daemon", "block")),
        ("half a block out", Moment("daemon", "block", "half")),
        ("block out", Moment("daemon", "block", "all")),
        ("ACK on its way", Moment("bureau", "block answer")),
        ("ACK read", Moment("bureau", "block answer", "all")),
        ("second ACK on its way", Moment("bureau", "block answer", "nothing", 2)),
        ("end of the call not out", Moment("daemon", "end")),
        ("end of the call out", Moment("daemon", "end", "all")),
        ("goodbye on its way", Moment("bureau", "end answer")),
        ("goodbye read", Moment("bureau", "end answer", "all")),
    ]
    told = [Case(step, moment, "tap") for step, moment in moments]
    alerts = ("accepted over HTTP, before the call", "block out", "ACK on its way", "end of the call out")
    told += [Case(step, moment, "tap", kind="alert") for step, moment in moments if step in alerts]
    told.append(Case("ACK on its way", Moment("bureau", "block answer"), "tap", after="hangs"))
    return told + [Case("at random octets", way="tap", kills=4, seed=seed) for seed in (1, 2, 3)]


def cases() -> list[Case]:
    """The steps of a submit_sm, each with every sort of receipt; then those of a TAP call."""
    return [*_smpp_cases(), *_tap_cases()]


SHORT = (
    ("smpp", "half a submit_sm out", "quoting"),
    ("smpp", "response on its way", "quoting"),
    ("smpp", "response read", "none"),
    ("smpp", "window of 100, all out", "quoting"),
    ("smpp", "window of 100, half of the 50th response read", "quoting"),
    ("tap", "ACK on its way", "quoting"),
)


def short_cases() -> list[Case]:
    """One for each way in which a doubt can end."""
    plain = [case for case in cases() if case.kind == "texts" and case.after == "closed"]
    found = [case for case in plain if (case.way, case.step, case.receipts) in SHORT]
    assert len(found) == len(SHORT)
    return found


class BureauTrial(Trial):
    """A daemon with one bureau and a pager, and the relay between them."""

    case: Case
    relay: SocketRelay
    random_octets = 300

    def furnish(self, home: Path) -> None:
        smpp = self.case.way == "smpp"
        more = ("--smpp", "tcp:0", "--account", f"gateway:{PASSWORD}:60000") if smpp else ("--tap", "tcp:0")
        self.street = Street(home, modems=0, more=more)
        self.street.ask("POST", "/pagers", {"number": PAGER, "name": "Anna", "two_way": True})
        bureau = self.street.ask("GET", "/bureaus/bureau1")
        address = bureau["smpp"]["addresses"][0] if smpp else bureau["tap"]["lines"]["tap1"]
        host, port = address.removeprefix("tcp:").rsplit(":", 1)
        self.relay = SocketRelay((host, int(port)), SmppWire if smpp else TapWire, after=self.case.after)
        if smpp:
            style = {"receipt_style": STYLES[self.case.receipts]}
            late_s = WIDE_LATE_S if self.case.window == WIDE else 0.0
            slow = {"receipt_delay_s": RECEIPT_LATE_S} if self.case.dead_s else {}
            wide = {"window": self.case.window, "latency_s": late_s}
            self.street.ask("POST", "/bureaus/bureau1/smpp", CENTRE | style | slow | wide)
        (home / "bureau.password").touch(mode=0o600)
        (home / "bureau.password").write_text(PASSWORD)
        told = (SMPP if smpp else TAP).format(home=home, port=self.relay.port, window=self.case.window)
        config = home / "gateway.toml"
        config.write_text(CONFIG.format(home=home, bureau=told, pager=PAGER) + DELIVERY)
        self.daemon = Daemon(home, config)
        self.ledger = Ledger(self.street.ledger)

    def kill(self) -> None:
        case = self.case
        if case.moment is None and case.kills == 1:
            self.kill_before_any_word()
            return
        if case.moment is not None and (case.moment.piece == "bind" or case.window == WIDE):
            self.relay.hold()  # before the bind: no patience has begun when all is posted
            self.relay.kill_at(case.moment)
            self.begin()
            self.post(case.texts)
            self.relay.let_go()
            self.await_death()
            self.again()
            return
        self.begin()
        if case.moment is None:
            self.kill_at_random()
            return
        self.daemon.wait_up()
        self.relay.kill_at(case.moment)
        self.relay.hold()
        self.post(1 if case.dead_s else case.texts)
        self.relay.let_go()
        if case.kind == "reply":
            self.reply(f"/pagers/{PAGER}")
        self.await_death()
        self.again()
        if case.dead_s:
            self.relay.kill_now(kept=False)
            end = time.monotonic() + case.dead_s
            until(lambda: time.monotonic() > end, "the patience is over", every_s=0.1)
            self.again()

    def body(self, text: str) -> dict[str, Any]:
        return {"to": f"short:{PAGER}", "channel": "bureau", "text": text, "report": self.case.report}

    def entries(self) -> list[dict[str, Any]]:
        return [e for e in self.ledger.look() if e["event"] == "accepted" and e.get("protocol")]

    def could_be_known(self, entry: dict[str, Any]) -> str:
        """A receipt that quotes the text settles its doubt; one with a message id that nobody has read does not.

        A bureau that has sent it to a connection that hangs may try again too late: then it could not be known.
        """
        if self.case.way == "tap" or self.case.receipts != "quoting":
            return ""
        quoted = b"text:" + entry["text"][:20].encode()
        if quoted in self.relay.readable(self.repeated_at(entry) - HEARD_S):
            return "its receipt had been read"
        return ""

    def more_problems(self) -> Sequence[str]:
        """What the reader of the pager sees, and what the bureau found wrong with us."""
        shown = Counter(e["text"] for e in self.ledger.look() if e["event"] == "shown")
        silent = [f"shown {n} times without a mark: {t!r}" for t, n in shown.items() if n > 1 and t[:6] != MARK]
        found = [e for e in self.ledger.look() if e["event"] == "violation" and e["rule"] not in _OF_THE_DEAD]
        if self.case.way == "smpp" and self.case.kills == 1 and self.verdict.in_doubt > self.case.window:
            silent.append(f"{self.verdict.in_doubt} in doubt, and the window is {self.case.window}")
        return [*silent, *(f"violation: {e}" for e in found)]
