"""python -m hwsim as a process of its own."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import tty
import urllib.request
from pathlib import Path

import pytest
from hwsim.cli import main

SCENE = """
[network]
latency_s = 0.0
report_delay_s = 0.01

[[modem]]
name = "north"
number = "+447700900010"
personality = "quectel-ec25"
faults = [{ kind = "refuse", cms = 38, times = 1 }]

[[phone]]
number = "+447700900111"
name = "Anna"
script = [{ text = "ok 42", contains = "42" }]
"""


def start(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "hwsim", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return process, json.loads(line)


def end(process, how=signal.SIGTERM):
    process.send_signal(how)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


def talk(port, data, until):
    os.write(port, data)
    heard = b""
    while until not in heard:
        assert select.select([port], [], [], 10)[0], heard
        heard += os.read(port, 4096)
    return heard


def test_a_street_from_the_command_line(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    process, street = start(
        "--dir", str(tmp_path / "d"), "--modems", "2", "--phone", "+447700900111:Anna", "--control", "127.0.0.1:0",
        "--ledger", str(ledger), "--seed", "7",
    )  # fmt: skip
    try:
        assert list(street["modems"]) == ["modem1", "modem2"]
        port = os.open(street["modems"]["modem2"]["address"], os.O_RDWR | os.O_NOCTTY)
        tty.setraw(port)
        talk(port, b"ATE0\r", b"OK\r\n")
        talk(port, b"AT+CMGS=25\r", b"> ")
        talk(port, b"0001000C9144770009101100000DE8329BFD066D50F9777D9302\x1a", b"OK\r\n")
        os.close(port)
        with urllib.request.urlopen(street["control"] + "/wait?phone=%2B447700900111&contains=hello") as answer:
            assert json.load(answer)["texts"][0]["text"] == "hello {you}"
    finally:
        end(process)
    entries = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert [entry["event"] for entry in entries] == ["accepted", "delivered"]
    assert entries[0]["modem"] == "modem2"


@pytest.mark.parametrize("ends", ["pty", "usb"])
def test_a_street_that_is_killed_leaves_no_links_to_what_others_will_have(tmp_path, ends):
    process, street = start("--dir", str(tmp_path), "--modems", "2", "--ends", ends)
    links = [Path(modem["address"]) for modem in street["modems"].values()]
    assert all(link.exists() for link in links)
    process.send_signal(signal.SIGSTOP)
    if ends == "pty":
        links[1].unlink()
        links[1].symlink_to("/dev/null")  # somebody has made it anew
    process.kill()
    process.communicate(timeout=10)
    deadline = time.monotonic() + 20
    places = [links[0]] if ends == "pty" else list((tmp_path / "dev").iterdir())
    while any(place.is_symlink() for place in places):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert ends == "usb" or links[1].resolve() == Path("/dev/null")


def test_a_scene_from_a_file(tmp_path):
    (tmp_path / "scene.toml").write_text(SCENE)
    process, street = start("--dir", str(tmp_path), "--scene", str(tmp_path / "scene.toml"))
    try:
        assert list(street["modems"]) == ["north"]
        assert street["phones"] == {"+447700900111": "Anna"}
        port = os.open(tmp_path / "north", os.O_RDWR | os.O_NOCTTY)
        tty.setraw(port)
        talk(port, b"ATE0;+CNMI=1,1,0,0;+CMEE=1\r", b"OK\r\n")
        talk(port, b"AT+CMGS=25\r", b"> ")
        assert b"38" in talk(port, b"0001000C9144770009101100000DE8329BFD066D50F9777D9302\x1a", b"ERROR")
        os.close(port)
    finally:
        end(process, signal.SIGINT)


def test_a_wrong_scene_is_told(tmp_path):
    (tmp_path / "scene.toml").write_text("[[modem]]\ncolour = 'red'\n")
    command = [sys.executable, "-m", "hwsim", "--dir", str(tmp_path), "--scene", str(tmp_path / "scene.toml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "a modem has no 'colour'" in done.stderr


def test_help_shows_examples():
    done = subprocess.run([sys.executable, "-m", "hwsim", "--help"], capture_output=True, text=True, check=True)
    assert "python -m hwsim --dir /tmp/street --modems 2" in done.stdout
    assert "  dying-stick    A USB stick" in done.stdout


def test_a_ready_scene_by_name_and_as_a_file():
    process, street = start("quiet-night")
    try:
        assert street["modems"]["south"]["number"] == "+447700900002"
        assert street["control"].startswith("http://127.0.0.1:")
        port = os.open(street["dir"] + "/north", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(port)
        assert b"OK" in talk(port, b"AT\r", b"OK\r\n")
        os.close(port)
    finally:
        end(process)
    shown = subprocess.run(
        [sys.executable, "-m", "hwsim", "--show", "late-answers"], capture_output=True, text=True, check=True
    ).stdout
    assert shown.startswith("# Every text goes out")


def test_modems_have_addresses_that_clients_take_as_they_are(tmp_path):
    process, street = start("mixed-fleet", "--dir", str(tmp_path))
    try:
        addresses = [modem["address"] for modem in street["modems"].values()]
        assert len(addresses) == len(set(addresses)) == 13
        away = [address for address in addresses if not (address.startswith("/") and Path(address).exists())]
        [(host, port)] = [re.fullmatch(r"tcp://([\d.]+):(\d+)", address).groups() for address in away]
        with socket.create_connection((host, int(port)), 10) as line:
            line.sendall(b"AT\r")
            heard = b""
            while not heard.endswith(b"OK\r\n"):
                heard += line.recv(100)
    finally:
        end(process)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--modems -1", "--modems: not a whole number of at least 0: '-1'"),
        ("--latency-s -5", "--latency-s: not a number of at least 0: '-5'"),
        ("--latency-s nan", "--latency-s: not a number of at least 0: 'nan'"),
        ("--report-delay-s inf", "--report-delay-s: not a number of at least 0: 'inf'"),
        ("--pin abc", "--pin: not 4 to 8 digits"),
        ("--phone foo", "--phone: 'foo' is no number"),
        ("--pager x:Ben", "--pager: 'x' is no number"),
        ("--control foo", "--control: not HOST:PORT or unix:PATH: 'foo'"),
        ("--smpp foo", "--smpp: no such end: 'foo'"),
        ("--tap tcp:99999", "--tap: no such end: 'tcp:99999'"),
        ("--dial foo", "--dial: 'foo' is no number"),
        ("--phone +447700900111:A --phone +447700900111:B", "--phone: the number +447700900111 is taken by a phone, A"),
        ("--phone +447700900001:A", "--phone: the number +447700900001 is taken by the modem modem1"),
        ("--modems 1 --smpp tcp:0 --account a:b:+447700900001", "--account: the number +447700900001 of the account a"),
        ("quiet-night --modems 3", "--modems: the number +447700900001 is taken by the modem north"),
        ("quiet-night --ends tcp", "--ends is for the modems of --modems, and there are none"),
        ("quiet-night --personality sim800", "--personality is for the modems of --modems"),
        ("--smpp tcp:0 --pin 1234", "--pin is for the modems of --modems"),
    ],
)
def test_what_makes_no_sense_is_told_with_the_name_of_the_option(capsys, tmp_path, words, told):
    try:
        status = main(["--dir", str(tmp_path), *words.split()])
    except SystemExit as ended:  # argparse
        status = ended.code
    assert status == 2
    said = capsys.readouterr()
    assert (said.out, told in said.err, "Traceback" in said.err) == ("", True, False), said.err


def test_a_scene_and_modems_of_the_command_line_go_together(tmp_path):
    (tmp_path / "scene.toml").write_text(SCENE)
    process, street = start(
        "--dir", str(tmp_path), "--scene", str(tmp_path / "scene.toml"),
        "--modems", "2", "--ends", "unix", "--pin", "1234",
    )  # fmt: skip
    try:
        assert {name: modem["address"] for name, modem in street["modems"].items()} == {
            "north": f"{tmp_path}/north", "modem1": f"unix:{tmp_path}/modem1", "modem2": f"unix:{tmp_path}/modem2",
        }  # fmt: skip
    finally:
        end(process)
