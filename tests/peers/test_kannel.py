"""Debian's Kannel at a simulated modem: bearerbox drives it, smsbox takes a text and answers what it hears."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

import pytest

from tests.peers.street import ANNA, Run, Street, call, free_port, program

pytestmark = pytest.mark.peer

CONFIG = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = unused
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
dlr-storage = internal

group = modems
id = generic
name = any
detect-string = ""
init-string = "AT+CNMI=2,1,0,0,0"
message-storage = ME

group = smsc
smsc = at
smsc-id = modem1
modemtype = generic
device = {port}
speed = 115200
sms-center = ""

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = house
password = house

group = sms-service
keyword = default
text = "Kannel heard %a from %p"
"""


def test_bearerbox_and_smsbox(run: Run, tmp_path: Path) -> None:
    bearerbox, smsbox = program("bearerbox"), program("smsbox")
    street = Street(run, tmp_path)
    ports = {name: free_port() for name in ("admin", "boxes", "sendsms")}
    config = tmp_path / "kannel.conf"
    config.write_text(CONFIG.format(port=street.ports["modem1"], **ports))
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
