"""Every fault does what README.md says, and the ledger tells the truth about it."""

from random import Random

import pytest
from hwsim.faults import FaultError, plan_for, rule_of

ANNA, BEN, MODEM = "+447700900111", "+447700900112", "+447700900001"


async def scene(street_of, terminal_of, *faults, **modem):
    street = street_of(**modem)
    terminal = terminal_of(street)
    await terminal.command("AT+CNMI=2,1,0,1;+CMEE=1")
    for fault in faults:
        street.fault("modem1", fault)
    return street, terminal


async def begin(terminal):
    """Types a message to Anna up to its Ctrl-Z."""
    terminal.type(b"AT+CMGS=25\r")
    await terminal.sees("> ")
    terminal.type(b"0021000C9144770009101100000DE8329BFD066D50F9777D9302\x1a")


def mr_line(street):
    return f"\r\n+CMGS: {street.modems['modem1'].mr}\r\n"


def test_rules_count_skip_and_choose():
    dice = Random(1)
    rule = rule_of({"kind": "refuse", "cms": 38, "skip": 1, "every": 2, "times": 2, "to": ANNA})
    struck = [rule.strikes(ANNA, dice) for _ in range(9)]
    assert struck == [False, False, True, False, True, False, False, False, False]
    assert not rule.strikes(BEN, dice)
    assert plan_for(BEN, [rule], dice).cms is None


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "nonsense"},
        {"kind": "refuse", "cms": "38"},
        {"kind": "refuse", "colour": 1},
        {"kind": "late", "seconds": -1},
        {"kind": "report", "when": "tomorrow"},
        {"kind": "report", "statuses": []},
        {"kind": "no_prompt", "to": ANNA},
    ],
)
def test_a_wrong_rule_is_told(wrong):
    with pytest.raises(FaultError):
        rule_of(wrong)


@pytest.mark.parametrize(
    "wrong", [{"kind": "freeze", "secs": 1}, {"kind": "noise", "hex": "zz"}, {"kind": "signal", "rssi": "x"}]
)
def test_a_wrong_mishap_is_told(run, street_of, wrong):
    async def story():
        with pytest.raises(FaultError):
            street_of().fault("modem1", wrong)

    run(story())


def test_refused_first_then_good(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "refuse", "cms": 38, "times": 2})
        answers = [(await terminal.text(ANNA, "x"))[-1] for _ in range(3)]
        assert answers == ["+CMS ERROR: 38", "+CMS ERROR: 38", "OK"]
        assert len(street.ledger.accepted()) == 1
        assert len(street.ledger.select("refused")) == 2

    run(story())


def test_refused_but_submitted(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "refuse", "cms": 332, "submitted": True})
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 332"]
        assert len(street.ledger.accepted()) == 1

    run(story())


def test_latency_is_before_the_network_takes_it(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "latency", "seconds": 30})
        await begin(terminal)
        assert await terminal.silence(29) == b""
        assert not street.ledger.accepted()
        assert b"+CMGS" in await terminal.silence(2)

    run(story())


@pytest.mark.parametrize("submitted", [True, False])
def test_no_answer(run, street_of, terminal_of, submitted):
    async def story():
        street, terminal = await scene(
            street_of, terminal_of, {"kind": "no_answer", "submitted": submitted, "times": 1}
        )
        await begin(terminal)
        assert b"+CMGS" not in await terminal.silence(1000)
        assert len(street.ledger.accepted()) == submitted
        assert await terminal.command("AT") == ["OK"], "the port is free again"

    run(story())


def test_no_answer_and_a_dead_port(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of, terminal_of, {"kind": "no_answer", "submitted": True, "blocking": True, "times": 1}
        )
        await begin(terminal)
        terminal.type(b"AT\r")
        assert b"OK" not in await terminal.silence(1000)
        street.fault("modem1", {"kind": "reset", "seconds": 0})
        await terminal.silence(1)
        assert (await terminal.command("AT"))[-1] == "OK"

    run(story())


def test_late_while_the_port_is_blocked(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "late", "seconds": 75})
        await begin(terminal)
        assert await terminal.silence(1) == b""
        assert len(street.ledger.accepted()) == 1, "the network has it long before the answer"
        terminal.type(b"AT\r")
        await terminal.silence(70)
        heard = (await terminal.silence(10)).decode()
        assert heard.startswith(mr_line(street) + "\r\nOK\r\n")
        assert heard.endswith("\r\nOK\r\n")
        assert heard.count("OK") == 2

    run(story())


def test_late_in_the_middle_of_other_commands(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of,
            terminal_of,
            {"kind": "late", "seconds": 75, "blocking": False},
            {"kind": "report", "when": "never"},
        )
        await begin(terminal)
        await terminal.silence(10)
        assert await terminal.command("AT") == ["OK"]
        terminal.type(b"AT+CMGS=25\r")
        assert await terminal.silence(70) == b"\r\n> " + mr_line(street).encode() + b"\r\nOK\r\n"

    run(story())


def test_ok_without_a_reference(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "ok_only", "submitted": False})
        assert await terminal.text(ANNA, "x") == ["OK"]
        assert not street.ledger.accepted()

    run(story())


def test_two_answers(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "answer_twice"})
        answer = await terminal.text(ANNA, "x")
        assert answer == [f"+CMGS: {street.modems['modem1'].mr}", "OK"] * 2
        assert len(street.ledger.accepted()) == 1

    run(story())


def test_reset_right_after_the_submission(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of, terminal_of, {"kind": "reset_after_submit", "submitted": True}, personality="sim800"
        )
        await begin(terminal)
        heard = await terminal.silence(20)
        assert heard.startswith(b"\r\nRDY\r\n\r\n+CFUN: 1\r\n")
        assert b"+CMGS" not in heard
        assert heard.endswith(b"SMS Ready\r\n")
        assert len(street.ledger.accepted()) == 1
        terminal.type(b"AT+CNMI?\r")
        assert await terminal.silence(1) == b"AT+CNMI?\r\r\n+CNMI: 2,1,0,0,0\r\n\r\nOK\r\n", (
            "settings are lost, echo is on"
        )

    run(story())


def test_hang_up_right_after_the_submission(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of, terminal_of, {"kind": "hangup_after_submit", "back_after_s": 5, "times": 1}
        )
        await begin(terminal)
        await terminal.silence(1)
        assert terminal.hung_up
        with pytest.raises(ConnectionError):
            terminal.connect()
        await terminal.silence(6)
        terminal.connect()
        street.modems["modem1"].settings.echo = False
        assert await terminal.command("AT") == ["OK"]
        assert len(street.ledger.accepted()) == 1

    run(story())


def test_freeze_right_after_the_submission(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of, terminal_of, {"kind": "freeze_after_submit", "seconds": 60, "times": 1}
        )
        await begin(terminal)
        terminal.type(b"AT\r")
        assert await terminal.silence(59) == b""
        await terminal.silence(10)
        assert await terminal.command("AT") == ["OK"]
        assert len(street.ledger.accepted()) == 1

    run(story())


def test_a_code_between_answer_and_ok_and_one_in_the_prompt(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of,
            terminal_of,
            {"kind": "urc_inside", "text": '+CMTI: "SM",9'},
            {"kind": "urc_in_prompt", "text": "RING"},
        )
        terminal.type(b"AT+CMGS=25\r")
        assert await terminal.silence(1) == b"\r\n> \r\nRING\r\n"
        terminal.type(b"0001000C9144770009101100000DE8329BFD066D50F9777D9302\x1a")
        heard = await terminal.sees("OK")
        assert heard == mr_line(street) + '\r\n+CMTI: "SM",9\r\n\r\nOK\r\n'

    run(story())


def test_no_prompt_and_a_stuck_prompt(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of, terminal_of, {"kind": "no_prompt", "times": 1}, {"kind": "stuck_prompt", "times": 1}
        )
        terminal.type(b"AT+CMGS=25\r")
        assert await terminal.silence(100) == b""
        terminal.type(b"\x1b")
        assert await terminal.silence(1) == b"\r\nOK\r\n"
        await begin(terminal)
        assert await terminal.silence(100) == b"\r\n> "
        terminal.type(b"AT\r")
        assert await terminal.silence(1) == b""
        terminal.type(b"\x1b")
        assert await terminal.silence(1) == b"\r\nOK\r\n"
        assert not street.ledger.accepted()
        assert (await terminal.text(ANNA, "x"))[-1] == "OK"
        street.fault("modem1", {"kind": "stuck_prompt", "submitted": True})
        await begin(terminal)
        assert len(street.ledger.accepted()) == 2, "this time the network has it"

    run(story())


def test_a_wrong_reference_and_garbage(run, street_of, terminal_of):
    async def story():
        _, terminal = await scene(
            street_of, terminal_of, {"kind": "wrong_reference", "mr": 7}, {"kind": "garbage_answer", "octets": 40}
        )
        await begin(terminal)
        heard = await terminal.until(lambda heard: heard.endswith(b"OK\r\n"))
        assert len(heard) == 40 + len(b"\r\n+CMGS: 7\r\n\r\nOK\r\n")

    run(story())


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ({"when": "never"}, []),
        ({"when": "twice"}, [0, 0]),
        ({"statuses": [0x20, 0x30, 0x00], "delay_s": 5}, [0x20, 0x30, 0x00]),
        ({"statuses": [0x41]}, [0x41]),
        ({"delay_s": 600}, [0]),
    ],
)
def test_reports_that_misbehave(run, street_of, terminal_of, fault, statuses):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "report", **fault})
        await terminal.text(ANNA, "x", report=True)
        if fault.get("delay_s") == 600:
            assert await terminal.silence(590) == b""
        heard = await terminal.silence(100)
        assert heard.count(b"+CDS:") == len(statuses)
        assert [entry["status"] for entry in street.ledger.reports()] == statuses

    run(story())


def test_a_report_before_the_answer(run, street_of, terminal_of):
    async def story():
        _, terminal = await scene(street_of, terminal_of, {"kind": "report", "when": "early"})
        await begin(terminal)
        heard = await terminal.sees("OK\r\n")
        assert 0 <= heard.index("+CDS:") < heard.index("+CMGS:")
        assert b"+CDS" not in await terminal.silence(100), "once is enough"

    run(story())


def test_a_lying_service_centre(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "lose"}, {"kind": "report", "when": "early"})
        answer = await terminal.text(ANNA, "x", report=True)
        assert answer[-1] == "OK"
        await terminal.silence(10)
        assert [entry["event"] for entry in street.ledger.entries] == ["accepted", "report", "lost"]
        assert not street.phones[ANNA].inbox

    run(story())


def test_a_message_that_the_network_delivers_twice(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "deliver_twice"})
        await terminal.text(ANNA, "x")
        await terminal.silence(1)
        assert len(street.phones[ANNA].inbox) == 2
        assert len(street.ledger.accepted()) == 1

    run(story())


def test_faults_of_the_network_strike_all_modems_but_only_their_recipient(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault(None, {"kind": "refuse", "cms": 21, "to": ANNA})
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 21"]
        assert (await terminal.text(BEN, "x"))[-1] == "OK"
        street.clear_faults()
        assert (await terminal.text(ANNA, "x"))[-1] == "OK"

    run(story())


# What happens to a modem now.


def test_freeze_loses_input_and_keeps_output(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "freeze", "seconds": 30})
        terminal.type(b"AT\r")
        street.phones[ANNA].send(MODEM, "x")
        assert await terminal.silence(29) == b""
        assert b"+CMTI" in await terminal.silence(5), "the network waited"

    run(story())


def test_reset_forgets_and_is_noisy_or_silent(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(
            street_of, terminal_of, {"kind": "reset", "seconds": 3}, personality="quectel-ec25"
        )
        terminal.type(b"AT\r")
        heard = await terminal.silence(10)
        assert heard.startswith(b"\r\nRDY\r\n")
        assert b"OK" not in heard
        street.fault("modem1", {"kind": "reset", "seconds": 3, "noise": False})
        assert await terminal.silence(10) == b""
        assert await terminal.command("AT+CMEE?") == ["AT+CMEE?\r", "+CMEE: 0", "OK"]

    run(story())


def test_noise_codes_echo_and_numbers(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "noise", "hex": "00ff7e"})
        assert await terminal.silence(1) == b"\x00\xff\x7e"
        street.fault("modem1", {"kind": "urc", "text": "^RSSI: 9"})
        assert await terminal.silence(1) == b"\r\n^RSSI: 9\r\n"
        street.fault("modem1", {"kind": "echo_on"})
        street.fault("modem1", {"kind": "numeric"})
        terminal.type(b"AT\r")
        assert await terminal.silence(1) == b"AT\r0\r"

    run(story())


def test_a_half_open_prompt_swallows_commands_until_esc(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "half_open_prompt"})
        assert await terminal.silence(1) == b"\r\n> "
        terminal.type(b"AT\rAT\r")
        assert await terminal.silence(1) == b""
        terminal.type(b"\x1b\r")
        assert await terminal.silence(1) == b"\r\nOK\r\n"
        assert not street.ledger.entries

    run(story())


def test_notifications_can_fall_silent(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "notifications_off"})
        assert await terminal.command("AT+CNMI?") == ["+CNMI: 2,0,0,0,0", "OK"]
        await terminal.command("AT+CNMI=2,1")
        street.fault("modem1", {"kind": "mute", "seconds": 10})
        street.phones[ANNA].send(MODEM, "x")
        assert await terminal.silence(20) == b""
        street.phones[ANNA].send(MODEM, "y")
        assert await terminal.silence(1) == b'\r\n+CMTI: "SM",2\r\n'

    run(story())


def test_signal_and_centre(run, street_of, terminal_of):
    async def story():
        _, terminal = await scene(street_of, terminal_of, {"kind": "signal", "rssi": 99}, {"kind": "centre"})
        assert await terminal.command("AT+CSQ") == ["+CSQ: 99,99", "OK"]
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 330"]

    run(story())


def test_a_call_rings_and_has_the_line_until_hung_up(run, street_of, terminal_of):
    async def story():
        _, terminal = await scene(street_of, terminal_of, {"kind": "ring", "caller": ANNA, "seconds": 12})
        assert await terminal.silence(1) == b"\r\nRING\r\n"
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 302"]
        await terminal.command("AT+CLIP=1")
        assert await terminal.silence(5) == f'\r\nRING\r\n\r\n+CLIP: "{ANNA}",145,,,,0\r\n'.encode()
        assert await terminal.command("ATH") == ["OK"]
        assert await terminal.silence(30) == b""
        assert (await terminal.text(ANNA, "x"))[-1] == "OK"

    run(story())


def test_a_line_can_halt_in_the_middle(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, {"kind": "stutter", "octets": 7, "seconds": 0.8})
        terminal.type(b"AT+CSQ\r")
        assert await terminal.silence(0.5) == b"\r\n+CSQ:"
        street.fault("modem1", {"kind": "urc", "text": "RING"})
        assert await terminal.silence(0.5) == b" 20,99\r\n\r\nOK\r\n\r\nRING\r\n"

    run(story())


def test_faults_can_begin_later(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of)
        street.fault("modem1", {"kind": "urc", "text": "RING", "after_s": 60})
        street.fault(None, {"kind": "refuse", "cms": 38, "after_s": 60})
        assert (await terminal.text(ANNA, "x"))[-1] == "OK"
        assert await terminal.silence(61) == b"\r\nRING\r\n"
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 38"]
        for wrong in ({"kind": "nonsense", "after_s": 1}, {"kind": "reset", "after_s": "soon"}):
            with pytest.raises(FaultError):
                street.fault("modem1", wrong)

    run(story())


def test_a_flash_message_is_not_stored_by_some(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of, personality="sim800")
        street.phones[ANNA].send(MODEM, "FLASH", flash=True)
        assert b"+CMT:" in await terminal.silence(1)
        assert not street.modems["modem1"].sim.slots.stored

    run(story())


def test_latency_can_vary(run, street_of, terminal_of):
    async def story():
        street, terminal = await scene(street_of, terminal_of)
        street.network.settings.latency_s, street.network.settings.latency_jitter_s = 1.0, 5.0
        took = []
        for _ in range(5):
            began = street.loop.time()
            await terminal.text(ANNA, "x", timeout_s=20)
            took.append(street.loop.time() - began)
        assert 1.0 <= min(took) < max(took) <= 6.0

    run(story())
