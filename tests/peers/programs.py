"""How an operator sets up three strangers with one modem, for the tests and for proofs/peers: files, folders, ports."""

from __future__ import annotations

from pathlib import Path

from tests.peers.street import free_port

SMSTOOLS_BOXES = ("incoming", "outgoing", "checked", "failed", "sent", "report")
GAMMU_BOXES = ("inbox", "outbox", "sent", "error")

_SMSTOOLS = """\
devices = GSM1
loglevel = 7
logfile = 1
infofile = {home}/smsd.working
delaytime = 1
{boxes}
{more}
[GSM1]
init = AT+CNMI={cnmi}
device = {port}
incoming = yes
report = yes
rtscts = no
baudrate = 115200
{memory}
"""
_GAMMU = """\
[gammu]
port = {port}
connection = at115200
"""
_GAMMU_SMSD = """
[smsd]
service = files
logfile = stdout
debuglevel = 1
commtimeout = {answer_s}
{more}
loopsleep = 1
receivefrequency = {look_s}
deliveryreport = log
inboxpath = {home}/inbox/
outboxpath = {home}/outbox/
sentsmspath = {home}/sent/
errorsmspath = {home}/error/
"""
_KANNEL = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = unused
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
dlr-storage = internal
{core}

group = modems
id = generic
name = any
detect-string = ""
init-string = "AT+CNMI={cnmi}"
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
{groups}
"""


def smstools(home: Path, port: str, *, cnmi: str = "2,1,0,1,0", more: str = "", memory: str = "") -> Path:
    """The file of smsd, beside its folders."""
    for box in SMSTOOLS_BOXES:
        (home / box).mkdir()
    boxes = "".join(f"{box} = {home / box}\n" for box in SMSTOOLS_BOXES)
    return _written(
        home / "smsd.conf", _SMSTOOLS.format(home=home, boxes=boxes, more=more, cnmi=cnmi, port=port, memory=memory)
    )


def gammu(home: Path, port: str) -> Path:
    """The file of gammu."""
    return _written(home / "gammurc", _GAMMU.format(port=port))


def gammu_smsd(home: Path, port: str, *, answer_s: int, look_s: int, more: str = "") -> Path:
    """The file of gammu-smsd, beside its folders."""
    for box in GAMMU_BOXES:
        (home / box).mkdir()
    told = _GAMMU_SMSD.format(home=home, answer_s=answer_s, look_s=look_s, more=more)
    return _written(home / "smsdrc", _GAMMU.format(port=port) + told)


def kannel(home: Path, port: str, *, cnmi: str, core: str = "", groups: str = "") -> tuple[Path, dict[str, int]]:
    """The file of bearerbox and smsbox, and the ports that they listen at, by name."""
    ports = {name: free_port() for name in ("admin", "boxes", "sendsms")}
    told = _KANNEL.format(port=port, cnmi=cnmi, core=core, groups=groups, **ports)
    return _written(home / "kannel.conf", told), ports


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
