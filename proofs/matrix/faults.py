"""Every fault that the street can play, as rows of the matrix. hw-sim/README.md says what each one does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from proofs.matrix.bureaus import DIAL, SMPP, TAP
from proofs.matrix.rows import LONG_S, Fault, Row, Way, blow, both, rule, state

MODEM: tuple[Row, ...] = (
    rule("refuse", cms=38, short=True),
    rule("refuse", cms=21),
    rule("refuse", cms=28),
    rule("refuse", cms=310),
    rule("refuse", cms=330),
    rule("refuse", cms=331),
    rule("refuse", cms=500),
    rule("refuse", cms=38, submitted=True, lies=True),
    rule("refuse", cms=332, submitted=True),
    rule("refuse", cms=500, submitted=True),
    rule("latency", seconds=30),
    *both("no_answer", lasts_s=LONG_S, short=True),
    *(replace(row, after=({"kind": "reset"},)) for row in both("no_answer", lasts_s=LONG_S, blocking=True)),
    *(rule("late", lasts_s=LONG_S, seconds=seconds) for seconds in (25, 40, 75, 90, 135)),
    rule("late", lasts_s=LONG_S, seconds=75, blocking=False),
    rule("late", lasts_s=LONG_S, seconds=75, submitted=False, lies=True),
    rule("late", lasts_s=LONG_S, seconds=200),
    rule("late", lasts_s=LONG_S, seconds=200, blocking=False),
    *both("ok_only", short=True),
    rule("answer_twice"),
    *both("reset_after_submit", short=True),
    *both("hangup_after_submit", back_after_s=20),
    *both("freeze_after_submit", lasts_s=LONG_S, seconds=60),
    rule("urc_inside", text="+CREG: 1"),
    rule("urc_in_prompt", text="+CREG: 1"),
    rule("no_prompt"),
    rule("stuck_prompt", lasts_s=LONG_S),
    rule("wrong_reference", mr=7),
    Row("the reference wraps", ({"kind": "reset"},), quirks={"mr_after_reset": 250}),
    rule("garbage_answer", octets=12),
    rule("report", when="early"),
    rule("report", when="never"),
    rule("report", when="twice", statuses=[0x30, 0]),
    rule("report", when="normal", statuses=[0x41]),
    rule("report", delay_s=200),
    rule("report", delay_s=600),
    rule("lose"),
    Row("`lose` and `report` when=early", ({"kind": "lose"}, {"kind": "report", "when": "early"})),
    rule("deliver_twice"),
    blow("reset", short=True),
    blow("hangup", back_after_s=5, short=True),
    state("hangup", back_after_s=300),
    blow("hangup", back_after_s=5, power=True),
    state("freeze", seconds=30),
    state("freeze", seconds=300),
    state("freeze", {"kind": "thaw"}),
    blow("noise", octets=40),
    blow("urc", text="+CMTI: \"SM\",99"),
    blow("ring", caller="+447700900198", seconds=15),
    blow("stutter"),
    blow("echo_on"),
    blow("numeric"),
    blow("half_open_prompt"),
    state("registration", stat=0, seconds=300),
    state("registration", stat=2, seconds=300),
    state("registration", stat=3, seconds=300),
    state("signal", {"kind": "signal", "rssi": 20}, rssi=99),
    state("storage_full"),
    state("sim", {"kind": "sim", "present": True}, present=False),
    state("sim_busy", seconds=120),
    Row(
        "another SIM, whose PIN is not the configured one",
        ({"kind": "sim_swap", "number": "+447700900001", "pin": "4711"},),
        after=({"kind": "sim_swap", "number": "+447700900001"},),
        pin="1111",
    ),
    state("sim_state", state="wrong", seconds=120),
    state("sim_state", state="failure", seconds=120),
    blow("notifications_off"),
    state("mute", on=True, seconds=300),
    state("centre", {"kind": "centre", "sca": "+447785016005"}),
)  # fmt: skip


def _fault(kind: str, **options: Any) -> Fault:
    return {"kind": kind, **options}


def _pair(name: str, *at_once: Fault, with_texts: tuple[Fault, ...] = (), **more: Any) -> Row:
    """Faults that make each other worse, while somebody texts."""
    return Row(name, at_once, with_texts, replies_s=9.0, **more)


_SILENT_RESET = _fault("reset", noise=False, seconds=1)
_LATE = _fault("late", seconds=40, blocking=False)
_BAD_LINE = _fault("line", drop=0.003, flip=0.003, seconds=300)
# Another program on the port, that knows what it wants.
_OTHER_STORAGE = _fault("foreign", text='AT+CPMS="SM","SM","SM"', times=40, every_s=7)
_OTHER_MODE = _fault("foreign", text="AT+CMGF=1", times=60, every_s=5)
_OTHER_ECHO = _fault("foreign", text="ATE1", times=60, every_s=5)
_OTHER_ROUTE = _fault("foreign", text="AT+CMGF=1;+CNMI=2,2,0,1,0", times=23, every_s=13)
PAIRS: tuple[Row, ...] = (
    _pair(
        "storage full, +CNMI falls to 0, a silent reset",
        _fault("storage_full"),
        _fault("storage_full", after_s=150),
        _SILENT_RESET | {"after_s": 60},
        with_texts=(_fault("notifications_off"),),
        short=True,
    ),
    _pair("storage full, news get lost", _fault("storage_full"), _fault("mute", on=True, seconds=300)),
    _pair(
        "late answers, power lost before they come",
        _LATE,
        with_texts=(_fault("hangup", back_after_s=6, power=True, after_s=20),),
        lasts_s=LONG_S,
    ),
    _pair(
        "late answers, a silent reset before they come",
        _LATE,
        with_texts=(_SILENT_RESET | {"after_s": 15},),
        lasts_s=LONG_S,
    ),
    _pair(
        "late answers, echo and numbers by themselves",
        _LATE,
        with_texts=(_fault("echo_on"), _fault("numeric", after_s=10)),
        lasts_s=LONG_S,
    ),
    _pair(
        "late answers, the SIM out and in",
        _LATE,
        _fault("sim", present=False, after_s=30),
        _fault("sim", present=True, after_s=90),
    ),
    _pair(
        "another program: other storage; +CNMI falls to 0", _OTHER_STORAGE, with_texts=(_fault("notifications_off"),)
    ),
    _pair("another program: text mode and echo", _OTHER_MODE, _OTHER_ECHO),
    _pair("another program: text mode, texts routed", _OTHER_ROUTE),
    _pair(
        "brown-outs, a PIN wanted after each",
        _fault("brown_out", times=6, every_s=40),
        pin="4711",
        card_pin="4711",
        short=True,
    ),
    _pair(
        "a PIN, late answers, a silent reset before they come",
        _LATE,
        with_texts=(_SILENT_RESET | {"after_s": 15},),
        pin="4711",
        card_pin="4711",
        lasts_s=LONG_S,
    ),
    _pair(
        "a reset after each text, then text mode",
        _fault("reset_after_submit"),
        with_texts=(_fault("text_mode", after_s=3),),
    ),
    _pair("a busy SIM, resets", _fault("sim_busy", seconds=200), with_texts=(_fault("reset"),)),
    _pair(
        "hangs after each text, the network comes and goes",
        _fault("freeze_after_submit", seconds=45),
        _fault("registration", stat=2, seconds=60, after_s=40),
        _fault("registration", stat=3, seconds=60, after_s=160),
        lasts_s=600.0,
    ),
    _pair("a bad line, storage full", _BAD_LINE, _fault("storage_full")),
    _pair("a bad line, resets after texts", _BAD_LINE, _fault("reset_after_submit", every=2)),
    _pair(
        "a listing kills the port, storage full, power switched",
        _fault("listing", how="hang"),
        _fault("storage_full"),
        _fault("hangup", back_after_s=5, power=True, after_s=100),
    ),
    _pair(
        "prompts again after the PDU, stutters",
        _fault("stuck_prompt", submitted=True, every=2),
        with_texts=(_fault("stutter", octets=3, seconds=1.2),),
        lasts_s=LONG_S,
    ),
)

ROWS: dict[Way, tuple[Row, ...]] = {
    "modem": MODEM,
    "two modems": MODEM,
    "two faults": PAIRS,
    "smpp": SMPP,
    "tap": TAP,
    "dial": DIAL,
}
