"""Debian's Kannel at a simulated modem: bearerbox drives it, smsbox takes a text and answers what it hears."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

import pytest

from tests.peers.programs import kannel
from tests.peers.street import ANNA, Run, Street, call, program

pytestmark = pytest.mark.peer

ANSWERS = """
group = sms-service
keyword = default
text = "Kannel heard %a from %p"
"""


def test_bearerbox_and_smsbox(run: Run, tmp_path: Path) -> None:
    bearerbox, smsbox = program("bearerbox"), program("smsbox")
    street = Street(run, tmp_path)
    config, ports = kannel(tmp_path, street.ports["modem1"], cnmi="2,1,0,0,0", groups=ANSWERS)
    bearer = run(bearerbox, "-v", "0", str(config), name="bearerbox")
    bearer.says("AT SMSC successfully opened", within_s=90)
    box = run(smsbox, "-v", "0", str(config), name="smsbox")
    box.says("Connected to bearerbox", within_s=30)

    asked = {"username": "house", "password": "house", "from": street.number, "to": ANNA, "text": "hello from Kannel"}
    words = urllib.parse.urlencode(asked)
    answer = call(f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms?{words}")
    assert answer == "0: Accepted for delivery"
    street.wait_text("hello from Kannel", within_s=60)
    street.anna_sends("ok 42")
    street.wait_text("Kannel heard", within_s=60)
    heard = "Kannel heard ok+42 from " + urllib.parse.quote(ANNA)  # it fills in %a and %p as for a URL
    assert street.texts() == ["hello from Kannel", heard]
    assert street.twice() == []
