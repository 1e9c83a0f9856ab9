"""Every fault that the street can play, as rows of the matrix. hw-sim/README.md says what each one does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Way = Literal["modem", "two modems", "two faults", "smpp", "tap", "dial"]
Fault = dict[str, Any]

LASTS_S = 300.0


@dataclass(frozen=True, slots=True)
class Row:
    """One fault. `at_once` is said when it begins, `with_texts` with each text, `after` when it ends (after a while).

    `lies`: what the modem or bureau says of a text is false and cannot be seen through; the row is shown, and not held
    against us. `short`: also part of the short form.
    """

    name: str
    at_once: tuple[Fault, ...] = ()
    with_texts: tuple[Fault, ...] = ()
    after: tuple[Fault, ...] = ()
    lasts_s: float = LASTS_S
    where: Literal["", "dialup"] = ""
    lies: bool = False
    short: bool = False
    twice_by_network: bool = False
    quirks: Fault = field(default_factory=dict)  # traits of the modem
    pin: str = ""  # that the configuration has
    card_pin: str = ""  # that the card wants
    replies_s: float = 0.0  # between two texts that come in meanwhile; 0: none come


def _named(kind: str, options: Fault) -> str:
    told = (f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in options.items())
    return " ".join((f"`{kind}`", *told))


def rule(kind: str, *, lasts_s: float = LASTS_S, lies: bool = False, short: bool = False, **options: Any) -> Row:
    """It strikes every submission (or bind, or block) while it lasts."""
    twice = kind in {"deliver_twice", "page_twice", "tap_page_twice"}
    fault = {"kind": kind, **options}
    name = _named(kind, options)
    return Row(name, (fault,), lasts_s=lasts_s, lies=lies, short=short, twice_by_network=twice)


def blow(kind: str, *, short: bool = False, after: tuple[Fault, ...] = (), **options: Any) -> Row:
    """It happens again with each text."""
    return Row(_named(kind, options), with_texts=({"kind": kind, **options},), after=after, short=short)


def state(kind: str, *after: Fault, lasts_s: float = LASTS_S, short: bool = False, **options: Any) -> Row:
    """It happens once, and stays so until `after`, or as long as it says itself."""
    lasts_s = float(options.get("seconds") or options.get("back_after_s") or lasts_s)
    return Row(_named(kind, options), ({"kind": kind, **options},), after=after, lasts_s=lasts_s, short=short)


def _both(kind: str, *, lasts_s: float = LASTS_S, short: bool = False, **options: Any) -> tuple[Row, Row]:
    """The network took it, or it did not; whoever sent it hears the same."""
    taken = rule(kind, lasts_s=lasts_s, short=short, submitted=True, **options)
    return taken, rule(kind, lasts_s=lasts_s, submitted=False, **options)


LONG_S = 900.0  # for faults that hold each text up for minutes

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
    *_both("no_answer", lasts_s=LONG_S, short=True),
    *(replace(row, after=({"kind": "reset"},)) for row in _both("no_answer", lasts_s=LONG_S, blocking=True)),
    *(rule("late", lasts_s=LONG_S, seconds=seconds) for seconds in (25, 40, 75, 90, 135)),
    rule("late", lasts_s=LONG_S, seconds=75, blocking=False),
    rule("late", lasts_s=LONG_S, seconds=75, submitted=False, lies=True),
    rule("late", lasts_s=LONG_S, seconds=200),
    rule("late", lasts_s=LONG_S, seconds=200, blocking=False),
    *_both("ok_only", short=True),
    rule("answer_twice"),
    *_both("reset_after_submit", short=True),
    *_both("hangup_after_submit", back_after_s=20),
    *_both("freeze_after_submit", lasts_s=LONG_S, seconds=60),
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

_ACCOUNT: Fault = {"account": "gateway"}
SMPP: tuple[Row, ...] = (
    rule("throttle", short=True),
    rule("queue_full"),
    rule("reject", status="RSYSERR"),
    rule("reject", status="RINVDSTADR"),
    rule("reject", status="RSUBMITFAIL"),
    rule("reject", status="RINVBNDSTS"),
    rule("reject", status=0x0410),
    rule("reject", status="RSYSERR", submitted=True, lies=True),
    rule("slow", seconds=8),
    rule("slow", seconds=90, lasts_s=LONG_S),
    *_both("no_response", lasts_s=LONG_S, short=True),
    *_both("drop_after_submit", short=True),
    *_both("drop_after_submit", reset=True),
    *_both("drop_mid_pdu"),
    rule("response_twice"),
    rule("response_reordered", lasts_s=LONG_S),
    rule("wrong_sequence", lasts_s=LONG_S),
    rule("nack_response", status="RSYSERR"),
    rule("nack_response", status="RINVCMDLEN"),
    rule("nack_response", status="RSYSERR", submitted=True, lies=True),
    rule("garbage_response", octets=16),
    rule("garbage_response", octets=3),
    rule("bad_length_response", lasts_s=LONG_S),
    rule("bad_length_response", length=17),
    rule("empty_id"),
    rule("unterminated_id"),
    rule("unknown_parameter"),
    rule("lose_page"),
    rule("page_twice"),
    rule("receipt", when="early"),
    rule("receipt", when="never"),
    rule("receipt", when="twice"),
    Row("`receipt` when=after_reconnect", ({"kind": "receipt", "when": "after_reconnect"},), after=({"kind": "drop"},)),
    rule("receipt", states=["ENROUTE", "DELIVERED"]),
    rule("receipt", states=["UNDELIVERABLE"]),
    rule("receipt", id="unknown"),
    rule("receipt", id="empty"),
    rule("receipt", style="hex-id"),
    rule("receipt", bind="other"),
    Row("`bind_refused` status=RBINDFAIL", ({"kind": "bind_refused", "status": "RBINDFAIL"}, {"kind": "drop"})),
    Row("`bind_refused` status=RINVPASWD", ({"kind": "bind_refused", "status": "RINVPASWD"}, {"kind": "drop"})),
    Row("`bind_refused` status=RSYSERR", ({"kind": "bind_refused", "status": "RSYSERR"}, {"kind": "drop"})),
    Row("`bind_slow` seconds=20", ({"kind": "bind_slow", "seconds": 20}, {"kind": "drop"})),
    Row("`bind_unanswered`", ({"kind": "bind_unanswered"}, {"kind": "drop"})),
    Row("`bind_dropped`", ({"kind": "bind_dropped"}, {"kind": "drop"})),
    Row("`bind_early_delivery`", ({"kind": "bind_early_delivery"},), ({"kind": "drop"},)),
    rule("delivery_cut"),
    rule("delivery_twice"),
    blow("drop", short=True),
    blow("drop", reset=True),
    state("drop", back_after_s=300),
    state("drop", back_after_s=300, refuse=True),
    state("silence", seconds=20),
    state("silence", seconds=300, short=True),
    state("silence", seconds=300, new=True),
    state("mute_enquire", {"kind": "mute_enquire", "on": False}, on=True),
    blow("unbind"),
    blow("enquire"),
    blow("garbage", octets=16),
    state("split", {"kind": "split", "octets": 0}, octets=1, gap_s=0.01),
    state("gather", {"kind": "gather", "seconds": 0}, seconds=2),
    blow("unknown_command", command=0x00010200),
    blow("bad_delivery", how="cut"),
    blow("bad_delivery", how="no_nul"),
    blow("bad_delivery", how="sm_length"),
    blow("bad_delivery", how="parameter"),
    blow("orphan_receipt", message_id="nobody", state="DELIVERED"),
    blow("alert", number="+447700900111"),
    blow("outbind", to="127.0.0.1:9", **_ACCOUNT),
    rule("weather", probability=0.02, only="smpp", short=True),
    rule("weather", probability=0.2, only="smpp"),
)  # fmt: skip

TAP: tuple[Row, ...] = (
    *(rule("tap_silence", at=at) for at in ("id", "logon", "go_ahead", "block", "eot")),
    rule("tap_slow", at="block", seconds=8),
    rule("tap_slow", at="block", seconds=40),
    *(rule("tap_disconnect", at=at) for at in ("id", "logon", "go_ahead", "block", "eot")),
    rule("tap_disconnect", at="block", polite=True, code=516),
    rule("tap_nak", at="logon"),
    rule("tap_nak", at="block", short=True),
    rule("tap_rs", code=511),
    rule("tap_rs", code=512),
    rule("tap_answer", control="ACK", code=511, text="who", submitted=True),
    rule("tap_answer", control="NAK", code=211, text="ok"),
    rule("tap_answer", control="EOT", code=112, text="max"),
    rule("tap_lose_ack", short=True),
    rule("tap_lose_block"),
    *_both("tap_drop_after_block", short=True),
    rule("tap_please_wait", repeats=3, seconds=5),
    rule("tap_late_rs", code=511),
    rule("tap_lose_page"),
    rule("tap_page_twice"),
    rule("tap_full", code=112),
    rule("tap_bare", at="block"),
    rule("tap_bare", at="block", naked=True),
    rule("tap_glued"),
    rule("tap_glued", without_ack=True),
    rule("tap_id_again"),
    rule("tap_id_repeated", repeats=3),
    rule("tap_banner", text="Welcome"),
    rule("tap_noise", at="block", octets=6),
    rule("tap_xoff", at="block", seconds=5),
    rule("tap_engaged"),
    blow("tap_hang_up"),
    blow("tap_line_noise", octets=6),
    state("tap_echo", {"kind": "tap_echo", "on": False}, on=True),
    state("tap_split", {"kind": "tap_split", "octets": 0}, octets=1, gap_s=0.05),
    rule("weather", probability=0.02, only="tap", short=True),
    rule("weather", probability=0.2, only="tap"),
)  # fmt: skip


DIAL: tuple[Row, ...] = tuple(
    replace(row, where="dialup")
    for row in (
        *(
            rule("dial", result=result, lasts_s=LONG_S)
            for result in ("BUSY", "NO CARRIER", "NO DIALTONE", "NO ANSWER", "ERROR", "VOICE", "silence")
        ),
        rule("connect_slow", seconds=20),
        rule("connect_text", text="CARRIER 1200"),
        rule("connect_noise", octets=12),
        rule("carrier_lost", seconds=2, short=True),
        blow("lose_carrier"),
        blow("ring"),
        blow("line_noise", octets=6),
        blow("unplug", back_after_s=20),
        state("dialtone", {"kind": "dialtone", "on": True}, on=False),
    )
)

ROWS: dict[Way, tuple[Row, ...]] = {
    "modem": MODEM,
    "two modems": MODEM,
    "two faults": PAIRS,
    "smpp": SMPP,
    "tap": TAP,
    "dial": DIAL,
}
