"""What a probe tells of a modem that is not ready for it."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

import pytest

from gatewayd.channels.modem_probe import Probe, Probed
from tests.channels import virtual
from tests.channels.fake_modem import FakeModem


def probed(answers: dict[str, str]) -> Probed:
    found: list[Probed] = []

    async def whole(path: Path) -> None:
        fake = FakeModem(path)
        fake.answers |= answers
        fake.listen()
        try:
            found.append(await Probe(f"unix:{path}", virtual.clock(), lambda _: None).run(baud=115200))
        finally:
            fake.unplug()

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(whole(Path(directory) / "modem"))
    return found[0]


@pytest.mark.parametrize("refusal", ["+CME ERROR: 11", "ERROR"])
def test_a_locked_sim_gets_its_table_though_the_modem_takes_no_text_mode_before_the_pin(refusal: str) -> None:
    told = probed({"AT+CPIN?": "+CPIN: SIM PIN\r\n\r\nOK", "AT+CMGF=0": refusal})
    assert told.usable
    (table,) = tomllib.loads(told.toml)["modems"]
    assert table["pin_file"] == "/etc/gatewayd/modem1.pin"
    assert table["iccid"] == "8944110065000000001"
    assert (told.findings[-1].step, told.findings[-1].mark) == ("PDU mode", "odd")
