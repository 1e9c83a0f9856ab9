"""Commands about the card (3GPP TS 27.007 8.3, 8.65, 5.6; 27.005 3.3.1)."""

# ruff: noqa: ARG001 - every command has the signature of the register

from __future__ import annotations

from typing import TYPE_CHECKING

from hwsim.at_line import READ, SET, TEST, Request
from hwsim.commands import MAKERS, OK, Final, cme, command
from hwsim.sim import PIN

if TYPE_CHECKING:
    from hwsim.modem import Modem

MAKERS.update(
    {
        "^CPIN": ("huawei",),
        "+QPINC": ("Quectel",),
        "+SPIC": ("SIMCOM",),
        "#PCT": ("Telit",),
        "^SPIC": ("Cinterion",),
        "+CPINC": (" WAVECOM", "Sierra"),
        "+ZPINPUK": ("ZTE",),
        "+UPINCNT": ("u-blox",),
        "+QCCID": ("Quectel",),
        "^ICCID": ("huawei",),
        "#CCID": ("Telit",),
        "+ICCID": ("SIMCOM INCORPORATED",),
        "^SCID": ("Cinterion",),
        "+ZGETICCID": ("ZTE",),
    }
)


@command("+CPIN")
def pin(modem: Modem, request: Request) -> Final | None:
    """State of the card; a PIN, or a PUK with a new PIN. Each wrong one costs a try on the card."""
    sim = modem.sim
    if request.form == TEST:
        return OK
    if sim is None:
        if modem.personality.not_inserted and request.form == READ:
            modem.info(modem.personality.not_inserted)
            return OK
        return cme(10)
    if request.form == READ:
        if modem.sim_trouble() in {13, 14, 15}:
            return cme(modem.sim_trouble() or 13)
        modem.info(f"+CPIN: {sim.shown}")
        if modem.personality.cpin_ok:
            return OK
        modem.finish(None)
        return None
    values = request.values()
    if request.form != SET or not values or not all(4 <= len(value) <= 8 and value.isdigit() for value in values):
        return cme(50)
    before = modem.stat()
    if sim.state == "SIM PIN" and len(values) == 1:
        good = sim.enter_pin(values[0])
    elif sim.state == "SIM PUK" and len(values) == 2:
        good = sim.enter_puk(values[0], values[1])
    else:
        return cme({"READY": 3, "SIM PUK": 12, "BLOCKED": 13}.get(sim.state, 50))
    if good:
        modem.main.sim_busy_until = modem.loop.time() + modem.personality.sim_busy_s
        modem.announce_registration(before)
        return OK
    return cme({"SIM PUK": 12 if sim.pin_tries == 0 and sim.puk_tries == 10 else 16, "BLOCKED": 13}.get(sim.state, 16))


@command("+CPINR")
def pin_tries(modem: Modem, request: Request) -> Final:
    """Tries that are left (27.007 8.65)."""
    if modem.sim is None:
        return cme(10)
    if request.form == TEST:
        return OK
    codes = {"SIM PIN": (modem.sim.pin_tries, 3), "SIM PUK": (modem.sim.puk_tries, 10)}
    wanted = request.values()[0] if request.values() else ""
    if wanted not in {"", *codes}:
        return cme(50)
    for name, (left, default) in codes.items():
        if wanted in {"", name}:
            modem.info(f"+CPINR: {name},{left},{default}")
    return OK


@command("^CPIN")
def huawei_pin(modem: Modem, request: Request) -> Final:
    """Huawei's ^CPIN?: state, tries of the code that is asked for, then PUK, PIN, PUK2 and PIN2."""
    sim = modem.sim
    if sim is None:
        return cme(10)
    asked = {"SIM PIN": str(sim.pin_tries), "SIM PUK": str(sim.puk_tries)}.get(sim.state, "")
    modem.info(f"^CPIN: {sim.state},{asked},{sim.puk_tries},{sim.pin_tries},10,3")
    return OK


# The command and its answer: {pin} and {puk} are the tries left, {asked} those of
# the code that is asked for.
_COUNTERS = {
    "+QPINC": '+QPINC: "SC",{pin},{puk}\r\n+QPINC: "P2",3,10',
    "+SPIC": "+SPIC: {pin},3,{puk},10",
    "#PCT": "#PCT: {asked}",
    "^SPIC": "^SPIC: {asked}",
    "+CPINC": "+CPINC: {pin},3,{puk},10",
    "+ZPINPUK": "+ZPINPUK: {pin},{puk}",
    "+UPINCNT": "+UPINCNT: {pin},3,{puk},10",
}


@command(*_COUNTERS)
def vendor_tries(modem: Modem, request: Request) -> Final:
    """Counters in the words of their makers."""
    words = _COUNTERS[request.name]
    sim = modem.sim
    if sim is None:
        return cme(10)
    asked = sim.puk_tries if sim.state == "SIM PUK" else sim.pin_tries
    for line in words.format(pin=sim.pin_tries, puk=sim.puk_tries, asked=asked).split("\r\n"):
        modem.info(line)
    return OK


@command("+CIMI")
def imsi(modem: Modem, request: Request) -> Final:
    """27.007 5.6."""
    if request.form == TEST:
        return OK
    trouble = modem.sim_trouble()
    if trouble is not None or modem.sim is None:
        return cme(trouble or 10)
    modem.info(modem.sim.imsi)
    return OK


@command("+CCID", "+QCCID", "+ICCID", "^ICCID", "#CCID", "^SCID", "+ZGETICCID")
def iccid(modem: Modem, request: Request) -> Final:
    """The card's number, readable while a PIN is asked for; each maker has a name and a form of its own."""
    if request.form == TEST:
        return OK
    if modem.sim is None:
        return cme(10)
    bare = modem.personality.maker == "SIMCOM_Ltd"
    modem.info(modem.sim.iccid if bare else f"{request.name}: {modem.sim.iccid}")
    return OK


@command("+CLCK")
def lock(modem: Modem, request: Request) -> Final:
    """27.007 7.4: whether the card asks for its PIN, and from now on shall; a wrong PIN costs a try."""
    if request.form == TEST:
        modem.info('+CLCK: ("SC")')
        return OK
    values, sim = request.values(), modem.sim
    if sim is None:
        return cme(10)
    if len(values) < 2 or values[0] != "SC" or values[1] not in {"0", "1", "2"}:
        return cme(50)
    if values[1] == "2":
        modem.info(f"+CLCK: {1 if sim.pin else 0}")
        return OK
    if len(values) < 3 or not PIN.fullmatch(values[2]):
        return cme(50)
    if sim.state != "READY":
        return cme(modem.sim_trouble() or 3)
    if bool(sim.pin) == (values[1] == "1"):
        return cme(3)  # the card refuses what contradicts its state (TS 51.011 9.4, 98 08)
    if not sim.enter_pin(values[2]):
        return cme(12 if sim.state == "SIM PUK" else 16)
    sim.lock(on=values[1] == "1")
    return OK


@command("+CPWD")
def change_pin(modem: Modem, request: Request) -> Final:
    """27.007 7.5: another PIN for a card that asks for one; a wrong old one costs a try."""
    if request.form == TEST:
        modem.info('+CPWD: ("SC",8)')
        return OK
    sim, values = modem.sim, request.values()
    if sim is None:
        return cme(10)
    if request.form != SET or len(values) != 3 or values[0] != "SC" or not all(map(PIN.fullmatch, values[1:])):
        return cme(50)
    if not sim.pin or sim.state not in {"READY", "SIM PIN"}:
        return cme({"SIM PUK": 12, "BLOCKED": 13}.get(sim.state, 3))
    if not sim.enter_pin(values[1]):
        return cme(12 if sim.state == "SIM PUK" else 16)
    sim.pin = values[2]
    sim.changed()
    return OK


@command("+CNUM")
def own_number(modem: Modem, request: Request) -> Final:
    """27.007 7.1."""
    if request.form == TEST:
        return OK
    trouble = modem.sim_trouble()
    if trouble is not None or modem.sim is None:
        return cme(trouble or 10)
    number = modem.sim.number
    modem.info(f'+CNUM: ,"{number}",{145 if number.startswith("+") else 129}')
    return OK
