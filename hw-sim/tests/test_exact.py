"""Whether the street keeps its own times, as a judge of speed must."""

import asyncio
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
import tty
from contextlib import ExitStack

import pytest
from hwsim.exact import DESCRIPTORS_MAX, ExactSelector, exact_loop
from hwsim.fields import address_of
from hwsim.tpdu import encode_submit, put_user_data

LATENCY_S = 0.1002  # waited for in whole milliseconds it would be 101 ms
LATE_S_MAX = 0.0009
ENOUGH, ROUNDS_MAX = 5, 150  # a busy machine may keep either side from running when it is due
PDU = b"0001000C9144770009101100000DE8329BFD066D50F9777D9302\x1a"
ANNA = "+447700900111"


def say(port, data, until):
    """Seconds from the write to the end of the answer."""
    began = time.monotonic()
    os.write(port, data)
    heard = b""
    while until not in heard:
        heard += os.read(port, 4096)
    return time.monotonic() - began


@pytest.fixture
def port(tmp_path):
    arguments = ["--dir", str(tmp_path), "--phone", ANNA, "--latency-s", str(LATENCY_S)]
    process = subprocess.Popen(
        [sys.executable, "-m", "hwsim", *arguments, "--ledger", str(tmp_path / "ledger")], stdout=subprocess.PIPE
    )
    try:
        address = json.loads(process.stdout.readline())["modems"]["modem1"]["address"]
        descriptor = os.open(address, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(descriptor)
        yield descriptor
        os.close(descriptor)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)


def test_a_process_answers_when_its_latency_is_over_and_not_a_millisecond_later(port):
    for line in (b"ATE0\r", b"AT+CMGF=0\r"):
        say(port, line, b"OK\r\n")
    late = []
    while sum(seconds < LATE_S_MAX for seconds in late) < ENOUGH:
        assert len(late) < ROUNDS_MAX, sorted(late)
        say(port, b"AT+CMGS=25\r", b"> ")
        late.append(say(port, PDU, b"OK\r\n") - LATENCY_S)
        assert late[-1] >= 0


def test_the_network_takes_a_message_a_lead_before_the_answer(run, street_of, terminal_of):
    async def story():
        street = street_of()
        street.network.settings.latency_s = 5.0
        street.modems["modem1"].lead_s = 0.5
        terminal = terminal_of(street)
        assert (await terminal.text(ANNA, "one"))[-1] == "OK"
        assert street.loop.time() == 5.0
        assert street.ledger.accepted()[0]["at"] == street.wall() - 0.5

    run(story())


def test_what_was_typed_ahead_counts_from_the_answer(run, street_of, terminal_of):
    async def story():
        street = street_of()
        street.network.settings.latency_s = 5.0
        street.modems["modem1"].lead_s = 0.5
        terminal = terminal_of(street)
        tpdu = encode_submit(address_of(ANNA), put_user_data("one"))
        dialogue = b"AT+CMGS=%d\r00%s\x1a" % (len(tpdu), tpdu.hex().upper().encode())
        terminal.type(dialogue + dialogue)
        await terminal.sees("OK")
        assert street.loop.time() == 5.0
        await terminal.sees("OK")
        assert street.loop.time() == 10.0

    run(story())


@pytest.mark.parametrize("blocking", [True, False])
def test_a_late_answer_is_late_from_when_it_was_due(run, street_of, terminal_of, blocking):
    async def story():
        street = street_of()
        street.network.settings.latency_s = 5.0
        street.modems["modem1"].lead_s = 0.5
        street.fault("modem1", {"kind": "late", "seconds": 3, "blocking": blocking})
        assert (await terminal_of(street).text(ANNA, "one"))[-1] == "OK"
        assert street.loop.time() == 8.0

    run(story())


@pytest.fixture
def selector():
    with ExactSelector() as made:
        yield made


def test_a_wait_is_neither_short_nor_a_millisecond_long(selector):
    taken = []
    for _ in range(300):
        began = time.monotonic()
        assert selector.select(0.0012) == []
        taken.append(time.monotonic() - began)
    assert min(taken) >= 0.0012
    assert min(taken) < 0.002


@pytest.mark.parametrize("timeout", [None, 30.0, 0.04, 0.0, -1.0])
def test_what_is_ready_ends_a_wait(selector, timeout):
    reading, writing = os.pipe()
    selector.register(reading, selectors.EVENT_READ, "pipe")
    os.write(writing, b"x")
    assert [(key.data, events) for key, events in selector.select(timeout)] == [("pipe", selectors.EVENT_READ)]
    os.close(reading)
    os.close(writing)


def test_a_descriptor_too_high_for_select_is_waited_for_as_ever():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < DESCRIPTORS_MAX + 100:
        pytest.skip("no descriptor is as high here")
    with ExitStack() as after:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, DESCRIPTORS_MAX + 100), hard))
        after.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        while (filler := os.dup(0)) < DESCRIPTORS_MAX:
            after.callback(os.close, filler)
        after.callback(os.close, filler)
        selector = after.enter_context(ExactSelector())
        assert selector.fileno() > DESCRIPTORS_MAX
        assert selector.select(0.001) == []


def test_a_signal_wakes_the_loop():
    async def story():
        woken = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, woken.set)
        asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
        await asyncio.wait_for(woken.wait(), 20)

    with asyncio.Runner(loop_factory=exact_loop) as runner:
        runner.run(story())
