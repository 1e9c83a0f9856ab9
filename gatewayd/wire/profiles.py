"""What families of modems do in their own way: one table, read by the dialogues, the probe and the search for ports.

A profile only says where to begin and what to leave out. What a modem really took is read back, and what it refuses
is done without, so a modem that nobody has met is driven as `generic` and is slower at most.

Sources, by the sign behind each fact: [27.005] [27.007] 3GPP; [mm] ModemManager's plugins and its port-types rules
(commit 9a2d5863); [ofono] its atmodem driver and plugins; [smstools] its manual; [gammu] its issues; [chan_dongle] its
issue 31; [vendor] the maker's AT manual as quoted in our notes. [K] is remembered and was not looked up: it is only
used where a wrong memory costs one refused command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

REGISTRATION = ("+CREG", "+CGREG", "+CEREG")
CARD = ("AT+CCID", "AT+QCCID", "AT^ICCID?", "AT+ICCID", "AT#CCID")
AT, SECOND, DIAGNOSTICS, GPS, DIAL_UP, AUDIO = "AT", "AT", "diagnostics", "GPS", "dial-up", "audio"


@dataclass(frozen=True, slots=True)
class PinTries:
    """How to ask for the PIN attempts left, and which number in the answer says it."""

    text: str
    prefix: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Habits:
    """One family. What is not said is as the standards have it."""

    name: str
    shown: str
    makers: tuple[str, ...] = ()  # one of these is in what +CGMI and +CGMM say, or in the name of its USB device
    gap_s: float = 0.0  # rest between a result and the next command
    prompts: bool = True  # False: the PDU follows the command at once
    quiet: tuple[str, ...] = ()  # against chatter; refusals do not matter
    pin_tries: PinTries | None = None  # before the standard's +CPINR
    card: tuple[str, ...] = ()  # asked for the ICCID before the usual ones
    registration: tuple[str, ...] = REGISTRATION
    signal: tuple[str, ...] = ("+CSQ", "+CESQ")
    modes: tuple[int, ...] = (2, 1, 3)  # <mode> of +CNMI, the likeliest first
    storages: tuple[str, ...] = ("ME", "MT", "SM")  # the best first
    stores: bool = True  # False: what comes in is handed over at once, and lost when nobody acknowledges it
    first_slot: int | None = None  # None: not known, begin at 0
    usb: str = ""  # the maker's USB id
    # By product id ("": any other product), what its interfaces are.
    ports: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    advice: str = ""  # for a device of this family that takes no texts

    def interface(self, product: str, number: int) -> str:
        """What this interface is for; "" where nobody told."""
        return self.ports.get(product, self.ports.get("", {})).get(number, "")


def _tries(text: str, pattern: str) -> PinTries:
    return PinTries(text, text.removeprefix("AT").split("=")[0].rstrip("?") + ":", re.compile(pattern))


STANDARD_TRIES = _tries("AT+CPINR", r'\+CPINR: ?"?SIM PIN"?, ?(\d+)')  # [27.007] 8.65
GENERIC = Habits("generic", "no family that is known")

ALL = (
    Habits(
        "huawei",
        "Huawei",
        ("huawei",),
        quiet=("AT^CURC=0",),  # [mm] ^RSSI, ^MODE, ^DSFLOWRPT and their like; ^SMMEMFULL is made up for by the look
        pin_tries=_tries("AT^CPIN?", r"\^CPIN: ?[^,]*,[^,]*,\d+,(\d+)"),  # [mm] state,,PUK left,PIN left,...
        card=("AT^ICCID?",),  # [mm]
        modes=(1, 2, 3),  # [ofono] Qualcomm: mode 2 is advertised and refused
        first_slot=0,  # [chan_dongle]
        usb="12d1",
    ),
    Habits(
        "zte",
        "ZTE",
        ("zte",),
        quiet=("AT+ZOPRT=5",),  # [K]
        pin_tries=_tries("AT+ZPINPUK=?", r"\+ZPINPUK: ?(\d+)"),  # [mm]
        modes=(1, 2, 3),  # [ofono]
        usb="19d2",
        # [mm] their products agree in nothing
        ports={
            "0016": {1: AT, 2: AT},
            "0031": {1: AT, 3: AT},
            "0061": {1: AT, 3: AT},
            "0063": {1: AT, 3: AT},
            "0117": {1: AT, 2: AT},
        },
    ),
    Habits(
        "simcom",
        "SIMCom",
        ("simcom", "simtech"),
        quiet=("AT+CIURC=0",),  # [K] "Call Ready", "SMS Ready" and their like
        pin_tries=_tries("AT+SPIC", r"\+SPIC: ?(\d+)"),  # [K]
        card=("AT+CCID", "AT+CICCID"),  # [K] SIM800; SIM7000 and later
        modes=(2, 1, 3),  # SIM800 takes 2 [vendor]; the 7xxx take 1 [ofono], which costs them one refusal
        usb="1e0e",
        ports={"": {0: DIAGNOSTICS, 1: GPS, 2: AT, 3: SECOND, 4: AUDIO}},  # [mm] of 9001
    ),
    Habits(
        "quectel",
        "Quectel",
        ("quectel",),
        quiet=("AT+QIURC=0",),  # [K] the same; a newer one may refuse it
        pin_tries=_tries('AT+QPINC="SC"', r'\+QPINC: ?"?SC"?, ?(\d+)'),  # [K]
        card=("AT+QCCID",),  # [K]
        modes=(1, 2, 3),  # [ofono]
        usb="2c7c",
        ports={"": {0: DIAGNOSTICS, 1: GPS, 2: AT, 3: SECOND}},  # [mm] of 0125 and most others
    ),
    Habits(
        "telit",
        "Telit",
        ("telit",),
        gap_s=0.021,  # [vendor] a command within 20 ms of the last result is lost
        pin_tries=_tries("AT#PCT", r"#PCT: ?(\d+)"),  # [K]
        card=("AT#CCID",),  # [K]
        usb="1bc7",
        # [mm] told by the product
        ports={"1003": {0: AT, 2: AT}, "1201": {0: DIAGNOSTICS, 3: GPS, 4: AT, 5: SECOND}},
    ),
    Habits(
        "cinterion",
        "Cinterion",
        ("cinterion", "gemalto", "thales"),
        pin_tries=_tries('AT^SPIC="SC"', r"\^SPIC: ?(\d+)"),  # [mm]
        card=("AT^SCID",),  # [K]
        usb="1e2d",
        # [mm] told by the product
        ports={"0061": {0: DIAL_UP, 2: AT, 4: GPS}, "005b": {0: AT, 2: SECOND, 4: GPS}, "005d": {0: AT, 2: SECOND}},
    ),
    Habits(
        "siemens",
        "Siemens",
        ("siemens",),
        pin_tries=_tries("AT^SPIC", r"\^SPIC: ?(\d+)"),  # [mm]
        card=("AT^SCID",),  # [K]
        registration=("+CREG", "+CGREG"),  # they are older than LTE
        signal=("+CSQ",),
        # To leave MT takes a TC35 35 s, because it fills ME with dummies [vendor].
        storages=("MT", "ME", "SM"),
    ),
    Habits(
        "wavecom",
        "Wavecom",
        ("wavecom",),
        pin_tries=_tries("AT+CPINC?", r"\+CPINC: ?(\d+)"),  # [mm]
        registration=("+CREG", "+CGREG"),  # older than LTE
        signal=("+CSQ",),
    ),
    Habits(
        "u-blox",
        "u-blox",
        ("u-blox", "ublox"),
        pin_tries=_tries("AT+UPINCNT", r"\+UPINCNT: ?(\d+)"),  # [mm]
        usb="1546",
        ports={"1102": {0: AT, 2: AT, 4: AT, 6: DIAGNOSTICS, 8: DIAGNOSTICS, 10: DIAGNOSTICS, 12: DIAGNOSTICS}},  # [mm]
    ),
    Habits(
        "sierra",
        "Sierra Wireless",
        ("sierra",),
        pin_tries=_tries("AT+CPINC?", r"\+CPINC: ?(\d+)"),  # [mm]
        card=("AT!ICCID?",),  # [mm]
        modes=(1, 2, 3),  # [ofono] Gobi is Qualcomm
        usb="1199",
    ),
    Habits(
        "nordic",
        "Nordic",
        ("nordic",),
        prompts=False,  # [vendor] the PDU follows the CR at once
        stores=False,  # [vendor] no +CPMS; +CNMI=3,2,0,1 and a +CNMA for each
        card=("AT%XICCID",),  # [K]
        registration=("+CEREG",),  # LTE-M and NB-IoT, nothing else
        signal=("+CESQ",),
    ),
    Habits(
        "nokia",
        "Nokia",
        ("nokia",),
        advice="a Series 60 phone keeps its texts from this port",  # [27.005] (),(),() and no +CNMI, as recorded
    ),
)
BY_NAME: Mapping[str, Habits] = {habits.name: habits for habits in ALL}


def habits_of(words: str) -> Habits:
    """The family that maker and model belong to, or GENERIC."""
    said = words.lower()
    return next((habits for habits in ALL if any(maker in said for maker in habits.makers)), GENERIC)


def habits_of_usb(vendor: str) -> Habits:
    """The family by the maker's USB id, or GENERIC."""
    return next((habits for habits in ALL if habits.usb and habits.usb == vendor.lower()), GENERIC)
