"""The AT core: what it makes of octets, in whatever portions and with whatever between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.at import (
    CLAIM_WAIT_S,
    LINE_OCTETS_MAX,
    SECOND_PROMPT_WAIT_S,
    AtCore,
    Command,
    Echoed,
    Event,
    Kind,
    Noise,
    OpenPrompt,
    Phase,
    Reset,
    Result,
    Stray,
    Urc,
)

CREG = Command("AT+CREG?", prefix=("+CREG:",))
LIST = Command("AT+CMGL=4", prefix=("+CMGL:",), bare=True)
SEND = Command("AT+CMGS=23", prompt=True)


def after(command: Command | None, data: bytes, *, now: float = 0.0) -> tuple[AtCore, list[Event]]:
    core = AtCore()
    if command is not None:
        core.execute(command, now)
        core.data_to_send()
    core.receive(data, now)
    return core, core.events()


def only_result(events: list[Event]) -> Result:
    results = [event for event in events if isinstance(event, Result)]
    assert len(results) == 1, events
    return results[0]


def test_a_command_ends_with_a_carriage_return_only() -> None:
    core = AtCore()
    core.execute(CREG, 0.0)
    assert core.data_to_send() == b"AT+CREG?\r"
    assert core.data_to_send() == b""


def test_an_answer_has_its_lines_and_ends_at_ok() -> None:
    core, events = after(CREG, b"\r\n+CREG: 2,1\r\n\r\nOK\r\n")
    assert only_result(events).lines == ("+CREG: 2,1",)
    assert only_result(events).ok
    assert core.phase is Phase.IDLE


def test_lenient_framing() -> None:
    for data in (
        b"+CREG: 2,1\rOK\r",
        b"\r\r\n+CREG: 2,1\r\r\n\r\r\nOK\r\r\n",
        b"\n+CREG: 2,1\n\nOK\n\n\n",
        b"\0\r\n+CR\0EG: 2,1\0\r\n\r\nO\0K\r\n",
        b"AT+CREG?\r\r\n+CREG: 2,1\r\n\r\nOK\r\n\r\n\r\n",
        b" +CREG: 2,1 \r\n OK \r\n",
    ):
        result = only_result(after(CREG, data)[1])
        assert (result.kind, result.lines) == (Kind.OK, ("+CREG: 2,1",)), data


def test_every_final_result() -> None:
    for line, kind, code in (
        ("OK", Kind.OK, None),
        ("ERROR", Kind.ERROR, None),
        ("+CME ERROR: 10", Kind.CME, 10),
        ("+CMS ERROR:500", Kind.CMS, 500),
        ("+CMS ERROR: SIM busy", Kind.CMS, None),
        ("COMMAND NOT SUPPORT", Kind.ERROR, None),
        ("NA", Kind.ERROR, None),
        ("MODEM ERROR: 3", Kind.ERROR, None),
        ("0", Kind.OK, None),
        ("4", Kind.ERROR, None),
    ):
        result = only_result(after(CREG, f"\r\n{line}\r\n".encode())[1])
        assert (result.kind, result.code, result.text) == (kind, code, line)


def test_a_final_result_is_a_whole_line() -> None:
    """A text that begins like a result must not end the command (measured: other drivers fall for it)."""
    words = ("OK thanks, on it", "ERROR in db3", "OKAY", "NO CARRIER in rack 4", "+CMS ERRORS are up", "ok")
    body = "\r\n".join(words)
    data = f'\r\n+CMGL: 1,"REC UNREAD","+447700900123"\r\n{body}\r\n\r\nOK\r\n'
    result = only_result(after(LIST, data.encode())[1])
    assert result.lines[1:] == words


def test_a_prompt_needs_no_line_end() -> None:
    for data in (b"\r\n> ", b"> ", b">", b"AT+CMGS=23\r\r\n> ", b"AT+CMGS=23\r> ", b"AT+CMGS=23> ", b"AT+CMGS=23 >"):
        core, events = after(SEND, data)
        assert [event.kind for event in events if isinstance(event, Result)] == [Kind.PROMPT]
        assert core.phase is Phase.PROMPTED


def test_news_before_the_prompt_is_news() -> None:
    _, events = after(SEND, b'\r\n+CMTI: "SM",3\r\n\r\n^RSSI:12\r\n\r\n> ')
    assert events[:2] == [Urc('+CMTI: "SM",3'), Urc("^RSSI:12")]
    assert only_result(events).kind is Kind.PROMPT


def test_a_prompt_that_nobody_asked_for_is_left_by_escape() -> None:
    for command in (None, CREG):
        core, events = after(command, b"\r\n> ")
        assert events == [OpenPrompt()]
        assert core.data_to_send() == b"\x1b"


def test_nothing_is_written_while_a_submission_is_out() -> None:
    core, _ = after(SEND, b"\r\n> ")
    assert core.submit("0011", 180.0, 1.0)
    assert core.data_to_send() == b"0011\x1a"
    core.receive(b"\r\n> \r\nRING\r\n\r\n> ", 2.0)
    assert core.data_to_send() == b""
    core.receive(b"\r\n+CMGS: 7\r\n\r\nOK\r\n", 3.0)
    assert only_result(core.events()).lines == ("+CMGS: 7",)


def test_a_text_of_somebody_may_begin_with_a_prompt() -> None:
    """A modem that fell back to text mode gives texts as they were written."""
    header = '+CMT: "+447700900123",,"26/11/22,10:00:00+00"'
    core, events = after(None, f"\r\n{header}\r\n> ok 42\r\n".encode())
    assert events == [Urc(header, "> ok 42")]
    assert core.data_to_send() == b""
    core, events = after(SEND, f"\r\n{header}\r\n> ".encode())
    assert events == []
    core.on_deadline(CLAIM_WAIT_S)
    assert [only_result(core.events()).kind] == [Kind.PROMPT], "it was a prompt after all"


def test_a_pdu_is_written_only_at_an_open_prompt() -> None:
    core = AtCore()
    assert not core.submit("0011", 180.0, 0.0)
    core, _ = after(SEND, b"\r\n> \r\n+CMS ERROR: 512\r\n")
    assert not core.submit("0011", 180.0, 0.0)
    assert core.data_to_send() == b""


def test_a_modem_without_prompts_gets_command_and_pdu_together() -> None:
    core = AtCore()
    assert core.submit("0011", 180.0, 0.0, command="AT+CMGS=2")
    assert core.data_to_send() == b"AT+CMGS=2\r0011\x1a"


def test_the_echo_of_a_pdu_is_no_answer() -> None:
    core, _ = after(SEND, b"\r\n> ")
    core.submit("0011AABB", 180.0, 0.0)
    core.receive(b"0011AABB\x1a\r\n+CMGS: 9\r\n\r\nOK\r\n", 0.1)
    events = core.events()
    assert events[0] == Echoed()
    assert only_result(events).lines == ("+CMGS: 9",)


def test_a_reference_without_ok_is_enough_after_a_while() -> None:
    core, _ = after(SEND, b"\r\n> ")
    core.submit("0011", 180.0, 0.0)
    core.receive(b"\r\n+CMGS: 9\r\n", 5.0)
    assert core.events() == []
    assert core.next_deadline() == 7.0
    core.on_deadline(7.0)
    assert only_result(core.events()).ok


def test_an_ok_that_comes_in_drips_belongs_to_its_line() -> None:
    core, _ = after(Command("AT+CPIN?", prefix=("+CPIN:",), enough_s=0.3), b"\r\n+CPIN: READY\r\n")
    for number, octet in enumerate(b"\r\nOK\r", 1):
        core.on_deadline(0.1 * number)
        assert core.events() == []
        core.receive(bytes([octet]), 0.1 * number)
    assert only_result(core.events()).text == "OK"


def test_a_modem_that_never_ceases_to_talk_does_not_keep_a_command_open() -> None:
    core, _ = after(Command("AT+CPIN?", prefix=("+CPIN:",), enough_s=0.3, timeout_s=10.0), b"\r\n+CPIN: READY\r\n")
    for number in range(1, 60):
        core.receive(b"\r\n+CSQ: 9,9\r\n", 0.2 * number)
    core.on_deadline(12.0)
    assert only_result(core.events()).ok


def test_a_routed_text_claims_the_next_line_whatever_runs() -> None:
    for command in (None, CREG, LIST):
        _, events = after(command, b"\r\n+CMT: ,24\r\n0791AB\r\n")
        assert events == [Urc("+CMT: ,24", "0791AB")]


def test_a_header_whose_pdu_does_not_come_is_given_up() -> None:
    core, events = after(None, b"\r\n+CDS: 25\r\n", now=1.0)
    assert events == []
    assert core.next_deadline() == 1.0 + CLAIM_WAIT_S
    core.on_deadline(1.0 + CLAIM_WAIT_S)
    assert core.events() == [Urc("+CDS: 25", None)]


def test_a_final_result_is_never_taken_for_a_pdu() -> None:
    _, events = after(CREG, b"\r\n+CMT: ,24\r\n\r\nOK\r\n")
    assert events[0] == Urc("+CMT: ,24", None)
    assert only_result(events).ok


def test_headers_of_all_shapes() -> None:
    for header in ("+CMT: ,24", '+CMT: "",24', "+CMT: 24", "+CDS: 25", "+CDS: ,25", "+CBM: 88", '+CMT: "Al, B",24'):
        _, events = after(None, f"\r\n{header}\r\n0791AB\r\n".encode())
        assert events == [Urc(header, "0791AB")]
    text_mode = '+CMT: "+447700900123","","26/11/22,10:00:00+00"'
    _, events = after(None, f"\r\n{text_mode}\r\nOK\r\n".encode())
    assert events == [Urc(text_mode, "OK")]


def test_a_late_reference_and_its_ok_end_no_other_command() -> None:
    core, events = after(CREG, b"\r\n+CMGS: 41\r\n\r\nOK\r\n")
    assert events == [Urc("+CMGS: 41")]
    assert core.phase is Phase.RUNNING
    core.receive(b"\r\n+CREG: 2,1\r\n\r\nOK\r\n", 0.1)
    assert only_result(core.events()).lines == ("+CREG: 2,1",)


def test_a_late_refusal_is_no_answer_to_a_plain_at() -> None:
    core, events = after(Command("AT", probe=True), b"\r\n+CMS ERROR: 41\r\n")
    assert events == [Stray("+CMS ERROR: 41", Result(Kind.CMS, code=41, text="+CMS ERROR: 41"))]
    assert core.phase is Phase.RUNNING


def test_a_result_while_idle_is_a_stray() -> None:
    _, events = after(None, b"\r\nOK\r\n")
    assert events == [Stray("OK", Result(Kind.OK, text="OK"))]


def test_a_restart_ends_the_command_without_an_answer() -> None:
    core, events = after(CREG, b"\r\nRDY\r\n")
    assert events == [Reset("RDY")]
    assert core.phase is Phase.IDLE


def test_garbage_is_dropped_and_told() -> None:
    core, events = after(CREG, b"\xff\xfe\x80Rubbish\r\n\r\n+CREG: 2,1\r\n\r\nOK\r\n")
    assert events[0] == Noise()
    assert only_result(events).lines == ("+CREG: 2,1",)
    assert core.lines_dropped == 1


def test_a_line_without_end_is_bounded() -> None:
    core, events = after(None, b"x" * (20 * LINE_OCTETS_MAX))
    assert events == [Noise()]
    assert len(core._buffer) <= LINE_OCTETS_MAX
    core.receive(b"tail\r\nRING\r\n", 0.0)
    assert core.events() == [Urc("RING")]


def test_silence_ends_at_the_deadline_of_the_command() -> None:
    core = AtCore()
    core.execute(Command("AT", timeout_s=2.0), 10.0)
    assert core.next_deadline() == 12.0
    core.on_deadline(11.9)
    assert core.events() == []
    core.on_deadline(12.0)
    assert core.events() == [Result(Kind.TIMEOUT, took_s=2.0)]


def test_a_gap_is_kept_between_an_answer_and_the_next_command() -> None:
    core = AtCore(gap_s=0.02)
    core.execute(Command("AT"), 1.0)
    assert core.data_to_send() == b"AT\r"
    core.receive(b"OK\r", 1.5)
    core.execute(Command("AT"), 1.505)
    assert core.data_to_send() == b""
    assert core.next_deadline() == 1.52
    core.on_deadline(1.52)
    assert core.data_to_send() == b"AT\r"


PIECES = st.sampled_from(
    [
        b"\r\n", b"\r", b"\n", b"OK\r\n", b"ERROR\r\n", b"> ", b">", b" ", b"\0", b"+CREG: 2,1\r\n",
        b'+CMTI: "SM",3\r\n', b"+CMT: ,24\r\n", b"0791AB\r\n", b"+CDS: 25\r\n", b"+CMGS: 5\r\n",
        b"+CMS ERROR: 500\r\n", b"RDY\r\n", b"RING\r\n", b"\xff\x80", b"AT+CREG?\r", b"0\r", b"x" * 40, b"y" * 2500,
        b"0011\x1a\r\n", b"^RSSI:3\r\n", b"OK thanks\r\n", b"0011\x1a> ", b"AT+CMGS=23", b"> ok 42\r\n",
        b'+CMT: "+447700900123",,"26/11/22,10:00:00+00"\r\n',
    ]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=12),
    st.lists(st.integers(1, 60), max_size=60),
    st.sampled_from([None, CREG, LIST, SEND]),
    st.booleans(),
)
def test_any_portions_give_the_same_events(
    pieces: list[bytes], portions: list[int], command: Command | None, submitted: bool
) -> None:
    octets = b"".join(pieces)
    whole, split = AtCore(), AtCore()
    for core in (whole, split):
        if submitted:
            core.submit("0011", 180.0, 0.0, command="AT+CMGS=2")
        elif command is not None:
            core.execute(command, 0.0)
    whole.receive(octets, 1.0)
    rest = octets
    for size in [*portions, len(octets)]:
        split.receive(rest[:size], 1.0)
        rest = rest[size:]
    for core in (whole, split):
        core.on_deadline(1.0 + SECOND_PROMPT_WAIT_S)
    assert split.events() == whole.events()
    assert split.data_to_send() == whole.data_to_send()
    assert split.phase is whole.phase


@given(st.binary(max_size=300))
def test_no_octets_break_it(octets: bytes) -> None:
    core = AtCore()
    core.execute(CREG, 0.0)
    core.receive(octets, 0.0)
    core.on_deadline(1000.0)
    assert core.phase in {Phase.IDLE, Phase.RUNNING}
    core.events()
