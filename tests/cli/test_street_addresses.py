"""What a simulated street prints is what the configuration takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gatewayd.cli import main
from tests.cli.house import CONFIG

HWSIM = Path(__file__).parents[2] / "hw-sim"


def test_every_modem_of_the_mixed_fleet_can_be_pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "hwsim", "mixed-fleet", "--dir", str(tmp_path / "street")]
    street = subprocess.Popen(command, cwd=HWSIM, stdout=subprocess.PIPE, text=True)
    assert street.stdout is not None
    try:
        modems = json.loads(street.stdout.readline())["modems"]
    finally:
        street.terminate()
        street.stdout.close()
        street.wait(10)
    tables = "".join(f'[[modems]]\nname = "{name}"\nport = "{modem["address"]}"\n' for name, modem in modems.items())
    head, _, tail = CONFIG.format(home=tmp_path).partition("[[modems]]")
    file = tmp_path / "gateway.toml"
    file.write_text(f"{head}{tables}\n[[people]]{tail.partition('[[people]]')[2]}")
    assert main(["check", "--config", str(file)]) == 0, capsys.readouterr().err
