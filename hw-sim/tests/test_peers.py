"""Programs of other people meet the bureau: Kannel pages by SMPP, hears receipts and an answer."""

import http.server
import json
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

KANNEL = """
group = core
admin-port = {admin}
admin-password = none
smsbox-port = {box}
box-allow-ip = "127.0.0.1"
dlr-storage = internal
log-file = "{directory}/bearerbox.log"

group = smsc
smsc = smpp
host = 127.0.0.1
port = {smpp}
smsc-username = gateway
smsc-password = secret
system-type = ""
transceiver-mode = true
source-addr-ton = 3
source-addr-npi = 0
dest-addr-ton = 1
dest-addr-npi = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box}
sendsms-port = {send}
log-file = "{directory}/smsbox.log"

group = sendsms-user
username = u
password = p
concatenation = true
max-messages = 5

group = sms-service
keyword = default
catch-all = true
get-url = "http://127.0.0.1:{heard}/answer?from=%p&text=%a"
max-messages = 0
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def fetch(url, data=None):
    with urllib.request.urlopen(url, data=json.dumps(data).encode() if data else None, timeout=20) as answer:
        return answer.read().decode()


@pytest.fixture
def heard():
    """Paths that Kannel has asked for, and where it asks."""
    paths = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield paths, server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def eventually(condition, timeout_s=30.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        select.select([], [], [], 0.05)


def sent(port, heard_port, text, **more):
    """True once Kannel's smsbox has taken a text for the pager."""
    query = {"username": "u", "password": "p", "to": "+447700900201", "from": "60000", "text": text, "dlr-mask": 31}
    query |= {"dlr-url": f"http://127.0.0.1:{heard_port}/receipt?type=%d", **more}
    try:
        return "Accepted" in fetch(f"http://127.0.0.1:{port}/cgi-bin/sendsms?" + urllib.parse.urlencode(query))
    except urllib.error.URLError:
        return False


@pytest.mark.peer
@pytest.mark.skipif(not (shutil.which("bearerbox") and shutil.which("smsbox")), reason="needs kannel")
def test_kannel_keeps_to_the_standard_as_we_read_it(tmp_path, heard):
    paths, heard_port = heard
    scene = tmp_path / "scene.toml"
    scene.write_text(
        '[[pager]]\nnumber = "+447700900201"\ntwo_way = true\nmax_chars = 1000\n'
        '[[bureau]]\nsmpp = { ends = ["tcp:0"] }\naccount = [{ system_id = "gateway", password = "secret", '
        'numbers = ["60000"] }]\n'
    )
    command = [sys.executable, "-m", "hwsim", "--dir", str(tmp_path), "--scene", str(scene), "--control", "127.0.0.1:0"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True)]
    try:
        street = json.loads(running[0].stdout.readline())
        send = free_port()
        config = tmp_path / "kannel.conf"
        config.write_text(
            KANNEL.format(
                admin=free_port(), box=free_port(), send=send, heard=heard_port, directory=tmp_path,
                smpp=street["bureaus"]["bureau1"]["smpp"][0].rpartition(":")[2],
            )
        )  # fmt: skip
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running.append(subprocess.Popen(["bearerbox", str(config)], **quiet))
        eventually(lambda: json.loads(fetch(street["control"] + "/bureaus/bureau1"))["smpp"]["sessions"])
        running.append(subprocess.Popen(["smsbox", str(config)], **quiet))
        eventually(lambda: sent(send, heard_port, "disk full on db2 [x] €"))
        eventually(lambda: sent(send, heard_port, "long " * 80))
        eventually(lambda: sent(send, heard_port, "断电 fire", coding=2, charset="UTF-8"))
        pager = street["control"] + "/pagers/%2B447700900201"
        eventually(lambda: len(json.loads(fetch(pager))["inbox"]) == 3)
        fetch(pager + "/reply", {"text": "ok 42"})
        eventually(lambda: paths.count("/receipt?type=1") == 3)
        eventually(lambda: "/answer?from=%2B447700900201&text=ok+42" in paths)
        texts = [page["text"] for page in json.loads(fetch(pager))["inbox"]]
        assert texts == ["disk full on db2 [x] €", "long " * 80, "断电 fire"]
        assert json.loads(fetch(street["control"] + "/ledger?event=violation"))["entries"] == []
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(timeout=20)
            if process.stdout:
                process.stdout.close()
