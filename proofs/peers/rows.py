"""The faults that every program meets: those of the modem in the matrix, and SIGKILL at each step of a send."""

from __future__ import annotations

from dataclasses import dataclass

from proofs.matrix.rows import Row, blow, rule, state
from tests.real.crash_relay import Moment

LASTS_S = 120.0


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL at this moment of the second text; without a moment right after it was accepted."""

    name: str
    moment: Moment | None = None


KILLS = (
    Kill("SIGKILL: accepted, before any command"),
    Kill("SIGKILL: AT+CMGS sent, no prompt yet", Moment("daemon", b"+CMGS=", "all")),
    Kill("SIGKILL: prompt not read", Moment("modem", b"> ")),
    Kill("SIGKILL: PDU without its end", Moment("daemon", b"\x1a")),
    Kill("SIGKILL: 0x1A written, not answered", Moment("daemon", b"\x1a", "all")),
    Kill("SIGKILL: answered, not read", Moment("modem", b"+CMGS: ")),
    Kill("SIGKILL: +CMGS read, no OK yet", Moment("modem", b"+CMGS: ", "line")),
)
WRAP = Row(
    "the reference wraps: 253 ... 255, 0, 1 ...",
    at_once=({"kind": "report", "delay_s": 20},),
    lasts_s=LASTS_S,
)
FAULTS: tuple[Row, ...] = (
    *(rule("late", lasts_s=LASTS_S, seconds=seconds) for seconds in (25, 40, 75, 90, 135)),
    *(rule("no_answer", lasts_s=LASTS_S, submitted=taken) for taken in (True, False)),
    rule("urc_inside", lasts_s=LASTS_S, text="+CREG: 1"),
    rule("urc_in_prompt", lasts_s=LASTS_S, text="+CREG: 1"),
    blow("urc", text='+CMTI: "SM",99'),
    *(rule("reset_after_submit", lasts_s=LASTS_S, submitted=taken) for taken in (True, False)),
    *(rule("hangup_after_submit", lasts_s=LASTS_S, back_after_s=20, submitted=taken) for taken in (True, False)),
    state("storage_full", lasts_s=LASTS_S),
    state("hangup", back_after_s=60),
    blow("notifications_off"),
    blow("numeric"),
    blow("echo_on"),
    blow("noise", octets=40),
    rule("garbage_answer", lasts_s=LASTS_S, octets=12),
    rule("stuck_prompt", lasts_s=LASTS_S),
    blow("half_open_prompt"),
    rule("no_prompt", lasts_s=LASTS_S),
    state("registration", stat=0, seconds=120),
    state("sim", {"kind": "sim", "present": True}, lasts_s=60.0, present=False),
    state("sim_state", state="wrong", seconds=120),
    *(rule("ok_only", lasts_s=LASTS_S, submitted=taken) for taken in (True, False)),
    rule("answer_twice", lasts_s=LASTS_S),
    rule("refuse", lasts_s=LASTS_S, cms=38),
    rule("refuse", lasts_s=LASTS_S, cms=21),
    rule("refuse", lasts_s=LASTS_S, cms=332, submitted=True),
    state("freeze", seconds=90),
    rule("wrong_reference", lasts_s=LASTS_S, mr=7),
    WRAP,
    rule("report", lasts_s=LASTS_S, when="early"),
    rule("report", lasts_s=LASTS_S, delay_s=100),
    rule("report", lasts_s=LASTS_S, when="twice", statuses=[0x30, 0]),
    rule("report", lasts_s=LASTS_S, when="never"),
    Row("`lose` and `report` when=early", ({"kind": "lose"}, {"kind": "report", "when": "early"}), lasts_s=LASTS_S),
)
ROWS: tuple[Row | Kill, ...] = (*KILLS, *FAULTS)
