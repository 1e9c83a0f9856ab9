"""The network as a modem sees it: searching, roaming, LTE alone, a signal that moves; contracts, filters, air time."""

import statistics
from random import Random

import pytest
from hwsim.airtime import airtime_s

ANNA = "+447700900111"


@pytest.mark.parametrize("stat", [0, 2, 3, 4, 5, 6, 7])
def test_every_state_of_registration_has_its_code_and_its_place(run, street_of, terminal_of, stat):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CREG=1;+CGREG=2;+CEREG=2")
        street.fault("modem1", {"kind": "registration", "stat": stat, "seconds": 60})
        place = ',"00C3","0001A2F1",7' if stat >= 5 else ""
        heard = (await terminal.silence(1)).decode().split()
        assert heard == ["+CREG:", str(stat), "+CGREG:", f"{stat}{place}", "+CEREG:", f"{stat}{place}"]
        assert (await terminal.text(ANNA, "x"))[-1] == ("OK" if stat >= 5 else "+CMS ERROR: 331")
        assert bool(street.ledger.accepted()) == (stat >= 5)
        assert b'+CREG: 1\r\n\r\n+CGREG: 1,"00C3","0001A2F1",7' in await terminal.silence(60)

    run(story())


@pytest.mark.parametrize("kind", ["sim800", "wavecom-q24"])
def test_older_types_know_short_cells_and_no_technology(run, street_of, terminal_of, kind):
    async def story():
        terminal = terminal_of(street_of(kind))
        assert await terminal.command("AT+CREG=2;+CREG?") == ['+CREG: 2,1,"00C3","A2F1"', "OK"]

    run(story())


def test_an_operator_is_chosen_by_hand(run, street_of, terminal_of):
    """27.007 7.3: it takes a while; no other is taken instead, but with mode 4."""

    async def story():
        terminal = terminal_of(street_of())
        await terminal.command("AT+CMEE=1;+CREG=1")
        terminal.type(b'AT+COPS=1,2,"99999"\r')
        assert await terminal.silence(7) == b""
        assert await terminal.silence(2) == b"\r\n+CME ERROR: 30\r\n\r\n+CREG: 0\r\n"
        assert await terminal.command("AT+COPS?") == ["+COPS: 1", "OK"]
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 331"]
        terminal.type(b'AT+COPS=1,2,"23499"\r')
        assert await terminal.silence(9) == b"\r\nOK\r\n\r\n+CREG: 1\r\n"
        assert await terminal.command("AT+COPS?") == ['+COPS: 1,2,"23499",7', "OK"]
        assert await terminal.command('AT+CREG=0;+COPS=4,0,"Elsewhere"') == ["OK"]
        assert await terminal.command("AT+COPS?") == ['+COPS: 0,0,"Street Mobile",7', "OK"]
        assert await terminal.command("AT+COPS=1") == ["+CME ERROR: 50"]
        assert await terminal.command("AT+COPS=2;+COPS?") == ["+COPS: 2", "OK"]
        assert await terminal.command("AT+COPS=0;+COPS?") == ['+COPS: 0,0,"Street Mobile",7', "OK"]

    run(story())


def test_a_ussd_session_can_be_ended_before_its_answer(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        await terminal.command('AT+CUSD=1,"*100#",15')
        assert b"+CUSD: 0," in await terminal.silence(5)
        await terminal.command('AT+CUSD=1,"*100#",15')
        await terminal.command("AT+CUSD=2")
        assert await terminal.silence(5) == b""

    run(story())


def test_a_modem_looks_for_its_network_before_it_has_it(run, street_of, terminal_of):
    async def story():
        street = street_of("sim7600")
        terminal = terminal_of(street)
        await terminal.command("AT+CREG=1;+CMEE=1")
        terminal.type(b"AT+CFUN=0\r")
        assert await terminal.silence(1) == b"\r\nOK\r\n\r\n+CREG: 0\r\n"
        terminal.type(b"AT+CFUN=1\r")
        assert b"+CREG: 2" in await terminal.silence(7)
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 331"]
        assert b"+CREG: 1" in await terminal.silence(2)
        street.fault("modem1", {"kind": "reset"})
        await terminal.silence(15)
        await terminal.command("ATE0")
        assert (await terminal.command("AT+CREG?"))[0] == "+CREG: 0,2"
        await terminal.silence(8)
        assert (await terminal.command("AT+CREG?"))[0] == "+CREG: 0,1"

    run(story())


def test_lte_alone_hides_creg_and_may_refuse(run, street_of, terminal_of):
    async def story():
        street = street_of("quectel-ec25")
        terminal = terminal_of(street)
        await terminal.command("AT+CREG=1;+CMEE=1")
        street.fault("modem1", {"kind": "lte_only", "cms": 500})
        assert await terminal.silence(1) == b"\r\n+CREG: 0\r\n"
        assert await terminal.command("AT+CREG?;+CEREG?") == ["+CREG: 1,0", "+CEREG: 0,1", "OK"]
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 500"]
        street.fault("modem1", {"kind": "lte_only"})
        assert (await terminal.text(ANNA, "by IMS"))[-1] == "OK"
        street.fault("modem1", {"kind": "lte_only", "on": False})
        await terminal.silence(1)
        assert (await terminal.command("AT+CREG?"))[0] == "+CREG: 1,1"

    run(story())


def test_a_signal_moves_and_fades_away(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "signal", "rssi": 20, "noise": 3, "fades_per_h": 10})
        readings = [int((await terminal.command("AT+CSQ"))[0].split()[1].split(",")[0]) for _ in range(50)]
        assert min(readings) >= 16
        assert max(readings) <= 23
        assert len(set(readings)) > 3
        await terminal.silence(3 * 3600)
        assert await terminal.command("AT+CSQ") == ["+CSQ: 99,99", "OK"]

    run(story())


def test_another_access_technology(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "access", "act": 2})
        assert (await terminal.command("AT+COPS?"))[0].endswith(",2")

    run(story())


def test_a_card_runs_out_of_credit_and_says_so_by_ussd(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        street.fault("modem1", {"kind": "credit", "messages": 2, "cms": 21})
        assert [(await terminal.text(ANNA, word))[-1] for word in "abc"] == ["OK", "OK", "+CMS ERROR: 21"]
        assert await terminal.command('AT+CUSD=1,"*100#",15') == ["OK"]
        assert b"Your balance is 0.00" in await terminal.silence(2)
        assert [entry["cms"] for entry in street.ledger.select("refused")] == [21]

    run(story())


@pytest.mark.parametrize("code", [500, 0])
def test_an_operator_filters_who_sends_too_much(run, street_of, terminal_of, code):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        street.network.settings.filter_limit, street.network.settings.filter_cms = 3, code
        answers = [(await terminal.text(ANNA, f"text {number}"))[-1] for number in range(4)]
        assert answers[3] == ("+CMS ERROR: 500" if code else "OK")
        await terminal.silence(3601)
        assert (await terminal.text(ANNA, "an hour later"))[-1] == "OK"
        await terminal.silence(1)
        assert len(street.phones[ANNA].inbox) == 4
        assert len(street.ledger.select("lost")) == (code == 0)

    run(story())


def test_congestion_lasts_a_while(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        street.fault(None, {"kind": "refuse", "cms": 42, "after_s": 10, "for_s": 60})
        answers = []
        for _ in range(3):
            answers.append((await terminal.text(ANNA, "x"))[-1])
            await terminal.silence(40)
        assert answers == ["OK", "+CMS ERROR: 42", "OK"]

    run(story())


@pytest.mark.parametrize(("act", "median"), [(0, 4.0), (2, 3.0), (7, 2.0)])
def test_air_time_depends_on_the_access_and_on_cmms(run, street_of, terminal_of, act, median):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.network.settings.latency_model = "radio"
        street.fault("modem1", {"kind": "access", "act": act})

        async def seconds():
            started = street.loop.time()
            assert (await terminal.text(ANNA, "x", 600))[-1] == "OK"
            return street.loop.time() - started

        cold = [await seconds() for _ in range(60)]
        assert statistics.median(cold) == pytest.approx(median, rel=0.3)
        warm = []
        for _ in range(60):
            await terminal.command("AT+CMMS=2")
            await seconds()
            warm.append(await seconds())
        assert statistics.median(warm) == pytest.approx(0.6 * median, rel=0.4)

    run(story())


def test_the_hundredth_of_2g_is_slow():
    dice = Random(1)
    draws = sorted(airtime_s(0, dice, link_up=False) for _ in range(20_000))
    assert draws[19_800] == pytest.approx(15.0, rel=0.1)


def test_cmms_1_falls_back_when_the_link_drops(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        await terminal.command("AT+CMMS=1")
        await terminal.text(ANNA, "x")
        assert (await terminal.command("AT+CMMS?"))[0] == "+CMMS: 1"
        await terminal.silence(6)
        assert (await terminal.command("AT+CMMS?"))[0] == "+CMMS: 0"

    run(story())


def test_a_call_is_answered_by_itself_after_so_many_rings(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("ATS0=2;+CRC=1")
        street.fault("modem1", {"kind": "ring", "caller": ANNA, "seconds": 60})
        assert await terminal.silence(30) == b"\r\n+CRING: VOICE\r\n" * 2
        assert await terminal.command("AT+CPAS") == ["+CPAS: 4", "OK"]
        assert await terminal.command("AT+COLP=1;+CLIP?") == ["+CLIP: 0,1", "OK"]

    run(story())


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ({"mr": 200}, lambda entry, reports: entry["mr"] == 200),
        ({"recipient": "national"}, lambda entry, reports: b"0B8170" in reports),
        ({"recipient": "international"}, lambda entry, reports: b"0C9144" in reports),
        ({"jitter_s": 100.0}, lambda entry, reports: entry["at"] > 1_700_000_001),
    ],
)
def test_reports_with_another_reference_number_or_delay(run, street_of, terminal_of, fault, check):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1,0,1")
        street.fault(None, {"kind": "report", **fault})
        await terminal.text(ANNA, "x", report=True)
        heard = await terminal.silence(200)
        assert check(street.ledger.reports()[0], heard), heard

    run(story())
