"""Debian's gammu and gammu-smsd at a simulated modem: an independent AT driver and codec, byte by byte with echo."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.peers.programs import gammu, gammu_smsd
from tests.peers.street import ANNA, Run, Street, program, wait_for

pytestmark = pytest.mark.peer

PERSONALITIES = ["generic", "huawei-e173", "sim800", "quectel-ec25"]
# Left out: telit-le910 loses commands that come too soon after an answer; gammu does not ask zte-k3565z for its PIN
# before it asks for more. The other types were seen to work, and cost time.


@pytest.mark.parametrize("personality", [*PERSONALITIES, "wavecom-q24", "cinterion-ehs6"])
def test_gammu_knows_sends_and_reads(run: Run, tmp_path: Path, personality: str) -> None:
    binary = program("gammu")
    street = Street(run, tmp_path, "--personality", personality)
    rc = gammu(tmp_path, street.ports["modem1"])

    def does(*words: str) -> str:
        done = subprocess.run(
            ["env", "LC_ALL=C.UTF-8", binary, "-c", str(rc), *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "SIM IMSI" in does("identify")
    assert "message reference=" in does("sendsms", "TEXT", ANNA, "-text", "hello from gammu")
    long = "a long text of gammu " * 12
    does("sendsms", "TEXT", ANNA, "-len", "400", "-unicode", "-text", f"{long}ж")
    assert street.wait_text("gammu", count=2) == ["hello from gammu", f"{long}ж"]
    street.anna_sends("ok 42 €")
    wait_for(lambda: "ok 42 €" in does("getallsms"), "gammu reads the text", within_s=60)
    assert f'Remote number        : "{ANNA}"' in does("getallsms")
    assert street.twice() == []


@pytest.mark.parametrize("personality", [*PERSONALITIES, "zte-k3565z", "sierra-mc7304"])
def test_gammu_smsd(run: Run, tmp_path: Path, personality: str) -> None:
    smsd, inject = program("gammu-smsd"), program("gammu-smsd-inject")
    street = Street(run, tmp_path, "--personality", personality)
    rc = gammu_smsd(tmp_path, street.ports["modem1"], answer_s=1, look_s=1, more="sendtimeout = 20")
    daemon = run(smsd, "-c", str(rc), name="gammu-smsd")
    daemon.says("Starting phone communication", within_s=60)
    words = [inject, "-c", str(rc), "TEXT", ANNA, "-report", "-text", "hello from gammu-smsd"]
    subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    street.wait_text("hello from gammu-smsd", within_s=90)
    wait_for(lambda: list((tmp_path / "sent").iterdir()), "it books the text as sent", within_s=60)
    street.anna_sends("ok 42")
    [heard] = wait_for(lambda: list((tmp_path / "inbox").iterdir()), "it hears the answer", within_s=60)
    assert "447700900111" in heard.name
    wait_for(lambda: heard.read_text().strip() == "ok 42", "it reads the answer")
    assert list((tmp_path / "error").iterdir()) == []
    assert street.texts() == ["hello from gammu-smsd"]
    assert street.twice() == []
