"""The faults of a paging bureau: by SMPP, by TAP on a line of its own, by TAP over the telephone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from proofs.matrix.rows import LONG_S, Fault, Row, blow, both, rule, state

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
    *both("no_response", lasts_s=LONG_S, short=True),
    *both("drop_after_submit", short=True),
    *both("drop_after_submit", reset=True),
    *both("drop_mid_pdu"),
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


def within(row: Row, words: str, **house: Any) -> Row:
    """The same row in another house, which the words name."""
    return replace(row, name=f"{row.name}, {words}", **house)


def setting(name: str, during: Fault, after: Fault, **house: Any) -> Row:
    """The centre or the terminal behaves in another way for a while."""
    return Row(name, ({"kind": "settings", **during},), after=({"kind": "settings", **after},), **house)


_TLS: Fault = {"tls": True}
TLS: tuple[Row, ...] = (
    Row("its certificate has another name", ({"kind": "tls", "shows": "other-name"},), **_TLS, short=True),
    Row("its certificate has expired", ({"kind": "tls", "shows": "expired"},), **_TLS),
    Row("its certificate is of nobody we know", ({"kind": "tls", "shows": "stranger"},), **_TLS),
    Row("it speaks without TLS all at once", ({"kind": "tls", "shows": "plain"},), **_TLS),
    Row("it drops in the middle of the handshake", ({"kind": "tls", "shows": "half"},), **_TLS),
    *(within(row, "by TLS", **_TLS) for row in both("drop_mid_pdu")),
    within(blow("drop", reset=True), "by TLS", **_TLS),
    within(rule("delivery_cut"), "by TLS", **_TLS),
    within(state("silence", seconds=300), "by TLS", **_TLS),
    within(state("split", {"kind": "split", "octets": 0}, octets=1, gap_s=0.01), "by TLS", **_TLS),
)

_SIX: Fault = {"host": "::1"}
_BINDS: Fault = {"house": {"binds": 3}}
_PAIR: Fault = {"house": {"bind": "transmitter and receiver"}}
LINKS: tuple[Row, ...] = (
    within(blow("drop"), "IPv6", **_SIX),
    within(state("drop", back_after_s=300, refuse=True), "IPv6", **_SIX),
    within(Row("nothing", ()), "IPv6 and TLS", **_SIX, **_TLS),
    within(blow("drop", binds=1), "3 binds", **_BINDS, short=True),
    within(state("silence", binds=1, seconds=300), "3 binds", **_BINDS),
    within(blow("unbind", binds=1), "3 binds", **_BINDS),
    within(rule("drop_after_submit", submitted=True), "3 binds", **_BINDS),
    Row("2 binds are allowed, we want 3", **_BINDS, bureau={"binds_max": 2}),
    within(blow("drop", binds=1), "transmitter and receiver", **_PAIR),
    within(state("silence", binds=1, seconds=300), "transmitter and receiver", **_PAIR),
)

GUST_S = 5.0  # all texts nearly at once
WINDOWS: tuple[Row, ...] = (
    *(
        Row(f"its window is 2, ours 10: {policy}", lasts_s=GUST_S, bureau=_narrow)
        for policy in ("throttle", "stall", "ignore")
        for _narrow in [{"window": 2, "window_policy": policy, "latency_s": 1.0}]
    ),
    Row("one text a second, RTHROTTLED", lasts_s=GUST_S, bureau={"rate_per_s": 1}),
    Row("one text a second, RMSGQFUL", lasts_s=GUST_S, bureau={"rate_per_s": 1, "rate_status": "RMSGQFUL"}),
)


def _flood(words: str, **bureau: Any) -> Row:
    """So many receipts fall due while the line is down, and come all at once when it is back."""
    wide: Fault = {"window": 100, "deliver_window": 1000, "receipt_delay_s": 60.0, "enquire_s": 0.0}
    drop = {"kind": "drop", "back_after_s": 300.0, "after_s": 50.0}
    return Row(
        f"1 000 receipts at once after an outage; {words}", (drop,), lasts_s=GUST_S, texts=1000, delivered=True,
        house={"window": 100}, bureau=wide | bureau,
    )  # fmt: skip


RECEIPTS: tuple[Row, ...] = (
    _flood("what is refused for now comes again"),
    _flood("what is refused for now does not come again", deliver_later="forget"),
    _flood("who leaves one unanswered for 5 s is cut off", deliver_unanswered="close", deliver_timeout_s=5.0),
    *(
        Row(f"its clock in receipts is {words}", lasts_s=LONG_S, bureau={"clock_off_s": off_s}, delivered=True)
        for words, off_s in (("2 h behind", -7200.0), ("2 h ahead", 7200.0), ("a day behind", -86400.0))
    ),
    within(rule("receipt", id="empty"), "its clock 2 h behind", bureau={"clock_off_s": -7200.0}),
    within(rule("receipt", style="comma"), "its clock a day ahead", bureau={"clock_off_s": 86400.0}),
)

_ASKED_BACK: Fault = {"answered": True, "house": {"recalls": True}}
CANCELS: tuple[Row, ...] = (
    Row("a page is asked back, and taken back", **_ASKED_BACK),
    within(rule("cancel_refused"), "each page is asked back", **_ASKED_BACK),
    within(rule("cancel_refused", status="RSYSERR"), "each page is asked back", **_ASKED_BACK),
    within(rule("cancel_refused", status="RINVCMDID"), "each page is asked back", **_ASKED_BACK),
    within(rule("cancel_unanswered"), "each page is asked back", **_ASKED_BACK),
)
SMPP = (*SMPP, *TLS, *LINKS, *WINDOWS, *RECEIPTS, *CANCELS)

_EVEN: Fault = {"parity": "even"}
ANY_TAP: tuple[Row, ...] = (
    setting("ID= only after the third CR", {"crs_before_id": 3}, {"crs_before_id": 1}),
    setting("it has 7E1, we 8N1", _EVEN, {"parity": "none"}),
    setting("it has 8N1, we 7E1", {"parity": "none"}, _EVEN, bureau=_EVEN, house={"parity": "7E1 in software"}),
    setting("7E1 on both sides, and bit 8 is nobody's", {"parity": "ignore"}, _EVEN, bureau=_EVEN,
            house={"parity": "7E1 in software"}),
    Row("1 page in a call", lasts_s=GUST_S, bureau={"pages_max": 1}),
    Row("3 pages in a call", lasts_s=GUST_S, bureau={"pages_max": 3}, short=True),
    Row("a call lasts 10 s", lasts_s=GUST_S, bureau={"session_s": 10.0, "answer_delay_s": 3.0}),
    rule("tap_cut_block"),
    rule("tap_cut_block", every=3),
)  # fmt: skip

TAP: tuple[Row, ...] = (
    *ANY_TAP,
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
    *both("tap_drop_after_block", short=True),
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


DIAL: tuple[Row, ...] = (
    *(
        replace(row, where="dialup")
        for row in (
            *(
                rule("dial", result=result, lasts_s=LONG_S)
                for result in ("BUSY", "NO CARRIER", "NO DIALTONE", "NO ANSWER", "ERROR", "VOICE", "silence")
            ),
            rule("dial", result="BUSY", times=3),
            rule("dial", result="NO CARRIER", times=3),
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
    ),
    *ANY_TAP,
    *(rule("tap_silence", at=at) for at in ("logon", "go_ahead", "block")),
    rule("tap_nak", at="block"),
    rule("tap_late_rs", code=511),
    rule("tap_full", code=112),
    rule("tap_lose_ack"),
    rule("tap_engaged", times=3),
)
