"""HylaFAX's pagesend dials hwsim's TAP terminal by a modem on a pty, as it dials a bureau's."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from time import time

import pytest

from tests.peers.bureaus import PAGER, SHORT, HwBureau
from tests.peers.street import Run, absent, program

pytestmark = pytest.mark.peer

# What the modem can do by fax is told here, not asked for; the waits are for modems that boot.
CONFIG = """\
ModemType: Class1
ModemRate: 1200
ModemFlowControl: none
ModemClassQueryCmd: "!(0,1)"
Class1TMQueryCmd: "!(24,48,72,96)"
Class1RMQueryCmd: "!(24,48,72,96)"
ModemMfrQueryCmd: "!none"
ModemModelQueryCmd: "!none"
ModemRevQueryCmd: "!none"
ModemResetDelay: 0
ModemSoftResetCmdDelay: 0
UUCPLockDir: {spool}/lock
SessionTracing: 0x5fff
"""
JOB = """\
tts:0
killtime:{killtime}
number:{number}
external:{number}
sender:house
mailaddr:house
owner:house
client:localhost
jobid:1
groupid:1
jobtype:pager
modem:any
notify:none
state:6
totpages:1
maxdials:1
maxtries:1
data:0::docq/text
"""
NUMBER = "01523530300"
DONE, FAILED = 2, 1  # how pagesend exits


@dataclass(frozen=True)
class Sent:
    code: int
    status: str
    log: str


class HylaFax:
    """A spool of its own, which belongs to the user that pagesend becomes."""

    def __init__(self, port: Path) -> None:
        self._pagesend = program("pagesend")
        if os.geteuid() != 0:
            absent("pagesend becomes the user uucp, which takes root")
        owner = pwd.getpwnam("uucp")
        self._ids = (owner.pw_uid, owner.pw_gid)
        device = port.resolve()
        os.chown(device, *self._ids)
        self._name = str(device.relative_to("/dev")).replace("/", "_")
        self.spool = Path(mkdtemp(prefix="hylafax-"))  # pytest's own directories are for root alone
        for folder in ("client", "docq", "doneq", "etc", "info", "lock", "log", "sendq", "status", "tmp"):
            (self.spool / folder).mkdir()
        self._write(f"etc/config.{self._name}", CONFIG.format(spool=self.spool))
        self._write(f"info/{NUMBER}", "&pagerTTYParity:none\n")  # no pty holds seven bits with parity

    def _write(self, name: str, text: str) -> None:
        (self.spool / name).write_text(text)
        for path in (self.spool, *self.spool.rglob("*")):
            os.chown(path, *self._ids)

    def page(self, text: str, *pagers: str) -> Sent:
        self._write("docq/text", text)
        pages = "".join(f"page:0::{pager}\n" for pager in pagers)
        self._write("sendq/q1", JOB.format(killtime=int(time()) + 3600, number=NUMBER) + pages)
        words = (self._pagesend, "-l", "-m", self._name, "sendq/q1")
        done = subprocess.run(
            words, cwd=self.spool, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False
        )
        log = "".join(path.read_text(errors="replace") for path in sorted((self.spool / "log").glob("c*")))
        print(log)
        status = re.search(r"^status:(.*)$", (self.spool / "sendq/q1").read_text(), re.MULTILINE)
        return Sent(done.returncode, status[1] if status else "", log)


# pagesend hangs up by DTR, which no pty has: the terminal must soon weary of it.
SCENE = 'tap = { t4_s = 1.0 }\n[[dialup]]\nname = "dial1"\nsettings = { dial_s = 0.1 }\n'


@pytest.fixture
def bureau(run: Run, tmp_path: Path) -> HwBureau:
    return HwBureau(run, tmp_path, scene=SCENE)


@pytest.fixture
def hylafax(bureau: HwBureau) -> Iterator[HylaFax]:
    made = HylaFax(Path(bureau.dialups["dial1"]))
    yield made
    shutil.rmtree(made.spool)


def test_two_pages_in_one_call_the_first_of_them_after_a_nak(bureau: HwBureau, hylafax: HylaFax) -> None:
    bureau.fault("tap_nak", times=1)
    sent = hylafax.page("PROD 42 disk full on db2 {x} ~", SHORT, "4710")
    assert (sent.code, sent.status) == (DONE, "")
    for told in ("110 1.8", "RECV ACK (login successful)", "RECV go-ahead", "RECV EOT"):
        assert told in sent.log
    assert bureau.texts(SHORT) == bureau.texts(PAGER) == ["PROD 42 disk full on db2 {x} ~"]
    assert len({entry["call"] for entry in bureau.ledger("accepted")}) == 1
    assert bureau.ledger("violation") == []


def test_an_unknown_pager_is_refused_and_the_next_one_is_paged(bureau: HwBureau, hylafax: HylaFax) -> None:
    sent = hylafax.page("disk full", "9999", SHORT)
    assert sent.code == FAILED
    assert "rejected" in sent.status
    assert "RECV RS" in sent.log
    assert bureau.texts(SHORT) == ["disk full"]
    assert [entry["code"] for entry in bureau.ledger("refused")] == [511]


def test_a_line_feed_as_it_is_has_a_wrong_format(bureau: HwBureau, hylafax: HylaFax) -> None:
    sent = hylafax.page("disk full\non db2", SHORT)
    assert (sent.code, "515" in sent.log, bureau.texts(SHORT)) == (FAILED, True, [])
