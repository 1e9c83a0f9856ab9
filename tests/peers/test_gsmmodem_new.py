"""python-gsmmodem-new 0.13.0, the published line of the library that the card names, at a simulated modem.

Its driver is used as its README shows it, in a process of its own: it runs threads, prints, and compiles with
warnings. One text at a time, because its known defects (a notice of a text during a command is swallowed, two in one
burst count as one) are its own and not the modem's; so the long text goes last, and the reports come after its parts.
Modems that refuse CNMI mode 2 (Huawei E173) are left out: the driver cannot hear with them, and says so.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from tests.peers.street import ANNA, Run, Street, absent

pytestmark = pytest.mark.peer

DRIVER = """\
import queue, sys
from gsmmodem.modem import GsmModem

port, to = sys.argv[1:]
heard = queue.Queue()
modem = GsmModem(port, 115200, smsReceivedCallbackFunc=heard.put)
modem.connect()
try:
    print("connected to", modem.manufacturer, "with card", modem.imsi, flush=True)
    sent = modem.sendSms(to, "hello from gsmmodem", waitForDeliveryReport=True, deliveryTimeout=20)
    print("delivered" if sent.status == sent.DELIVERED else f"not delivered: {sent.status}", flush=True)
    for _ in range(2):
        sms = heard.get(timeout=30)
        print("heard", repr(sms.text), "from", sms.number, flush=True)
    modem.sendSms(to, "a long text " * 20 + "ends")
    print("done", flush=True)
finally:
    modem.close()
"""


@pytest.mark.parametrize("personality", ["generic", "sim800", "quectel-ec25", "ublox-sara"])
def test_sends_and_hears(run: Run, tmp_path: Path, personality: str) -> None:
    if importlib.util.find_spec("gsmmodem") is None:
        absent("python-gsmmodem-new is not installed (requirements/test.txt)")
    street = Street(run, tmp_path, "--personality", personality, "--report-delay-s", "1")
    (tmp_path / "driver.py").write_text(DRIVER)
    driver = run(sys.executable, "-W", "ignore", "driver.py", street.ports["modem1"], ANNA, name="driver")
    driver.says("connected to", within_s=60)
    driver.says("delivered")
    street.anna_sends("ok 42")
    driver.says(f"heard 'ok 42' from {ANNA}")
    street.anna_sends("это 43 €")
    driver.says(f"heard 'это 43 €' from {ANNA}")
    driver.says("done", within_s=60)
    assert driver.process.wait(20) == 0
    street.wait_text("a long text")
    assert street.texts() == ["hello from gsmmodem", "a long text " * 20 + "ends"]
    assert street.twice() == []
