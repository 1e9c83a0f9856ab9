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
        ("--modems 100000", "--modems: at most 999 in one street, not 100000"),
        (
            "quiet-nigth",
            "there is neither a ready scene nor a file 'quiet-nigth'; ready are quiet-night,",
        ),
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


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        ("[]", "not a JSON object of cards by modem"),
        ("[" * 100_000, "recursion"),
        ('{"modem1": 5}', "the card of 'modem1' is not a JSON object"),
        ('{"modem1": {"colour": 5}}', "a card has no 'colour'; there are number, imsi,"),
        ('{"modem1": {"pin": 5}}', "'pin' of 'modem1' is not a string: 5"),
        ('{"modem1": {"pin_tries": 4}}', "'pin_tries' of 'modem1' is not a number from 0 to 3: 4"),
    ],
)
def test_a_file_of_cards_that_makes_no_sense_is_told(capsys, tmp_path, cards, told):
    (tmp_path / "cards").write_text(cards)
    assert main(["--dir", str(tmp_path), "--cards", str(tmp_path / "cards")]) == 2
    assert f"{tmp_path}/cards: " in (said := capsys.readouterr().err)
    assert told in said


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        ("modem = 5", "'modem' is no list of tables; each begins with [[modem]]"),
        ("[phone]", "'phone' is no list of tables; each begins with [[phone]]"),
        ("network = 5", "'network' is no table; it begins with [network]"),
        ("[[modem]]\nname = '../x'", "'name' is no name of a file: '../x'"),
        ("[[modem]]\nname = 5", "'name' is not a text: 5"),
        (
            "[[phone]]\nnumber = '1'\naway = [{ when = 1 }]",
            "an absence has no 'when'; there are after_s,",
        ),
        ("[[phone]]\nnumber = '1'\n[[post]]\nfrom = '1'\nto = '2'\ntext = 'x'\nodd = 5", "'odd' is no table: 5"),
        ("[[phone]]\nnumber = '1'\n[[post]]\nfrom = '1'\nto = '2'\ntext = 'x'\nodd = { order = [2] }", "no part 2"),
    ],
)
def test_a_scene_that_makes_no_sense_is_told(capsys, tmp_path, scene, told):
    (tmp_path / "scene.toml").write_text(scene)
    assert main(["--dir", str(tmp_path), str(tmp_path / "scene.toml")]) == 2
    said = capsys.readouterr().err
    assert (told in said, said.count("\n")) == (True, 1), said


@pytest.mark.parametrize("ends", ["pty", "unix", "usb"])
def test_no_street_takes_what_is_anothers_or_nobodys(capsys, tmp_path, ends):
    """The first one keeps its modem; a file that is no link of a street stays, too."""
    process, street = start("--dir", str(tmp_path), "--ends", ends, "--control", f"unix:{tmp_path}/control")
    try:
        assert main(["--dir", str(tmp_path), "--ends", ends]) == 2
        told = f"belongs to another street (process {process.pid}); give this one another --dir"
        assert told in capsys.readouterr().err
        assert os.path.lexists(street["modems"]["modem1"]["address"].removeprefix("unix:"))
        assert main(["--dir", str(tmp_path / "other"), "--control", f"unix:{tmp_path}/control"]) == 2
    finally:
        end(process)
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink() or path.is_socket()]
    (tmp_path / "mine").write_text("words")
    scene = tmp_path / "scene.toml"
    scene.write_text(f"[[modem]]\nend = '{'unix' if ends == 'unix' else 'pty'}:{tmp_path}/mine'")
    assert main(["--dir", str(tmp_path), str(scene)]) == 2
    assert (tmp_path / "mine").read_text() == "words"


def test_a_street_that_is_being_built_hears_a_signal(tmp_path):
    fifo = tmp_path / "scene.toml"
    os.mkfifo(fifo)  # whoever opens it waits for a writer
    process = subprocess.Popen([sys.executable, "-m", "hwsim", str(fifo)], stdout=subprocess.PIPE, text=True)
    try:
        writer = None
        while writer is None:
            try:
                writer = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=2)[0] == ""
    finally:
        process.kill()
        process.wait()
    os.close(writer)
    assert process.returncode == 0


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
