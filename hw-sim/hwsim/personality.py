"""What differs from modem to modem, as data. `generic` keeps the standards; the others play their makers' quirks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Personality:
    """One type of modem. Fields default to what the standards ask for."""

    name: str
    maker: str = "gatewayd"
    model: str = "HWSIM"
    revision: str = "1.0"
    # Framing
    head: bytes = b"\r\n"  # in front of an information text
    prompt: bytes | None = b"\r\n> "  # None: the PDU follows the CR at once (nRF91)
    unknown: str = "ERROR"
    esc_answers: bool = True
    lf_is_input: bool = False
    during_command: str = "queue"  # queue, lost or abort: fate of characters that arrive while a command runs
    gap_s: float = 0.0  # a command closer than this to the last final result is lost
    nul_noise: bool = False
    numeric_cms_always: bool = True  # False: CMEE=0 turns +CMS ERROR into ERROR
    cmee: int = 0
    # Storage
    index_base: int = 1
    sim_slots: int = 30
    me_slots: int = 100
    stores: tuple[str, ...] = ("SM", "ME", "MT", "SR")
    default_stores: tuple[str, str, str] = ("SM", "SM", "SM")
    cpms_names: int = 3
    cpms_test: str | None = None
    empty_read_cms: int | None = 321  # None: OK
    empty_delete_cms: int | None = 321
    full_urc: str | None = None
    cmti_stops_when_full: bool = False
    # Notifications
    cnmi_test: str = "(0,1,2,3),(0,1,2,3),(0,2,3),(0,1,2),(0,1)"
    cnmi_takes: tuple[tuple[int, ...], ...] = ((0, 1, 2, 3), (0, 1, 2, 3), (0, 2, 3), (0, 1, 2), (0, 1))
    cnmi_default: tuple[int, ...] = (0, 0, 0, 0, 0)
    csms: tuple[int, ...] = (0, 1)
    cnma_window_s: float = 15.0
    urc_anytime: bool = False
    class0_direct: bool = False
    ucs2_hex: bool = True
    # Life
    boot_s: float = 3.0
    boot: tuple[tuple[float, str], ...] = ()
    registration_s: float = 0.0
    reset_reenumerates_s: float | None = None  # +CFUN=1,1 takes the port away for so long
    sim_busy_s: float = 0.0
    mr_after_reset: int | None = None  # None: goes on counting
    mr_constant: int | None = None
    chatter: tuple[tuple[float, str], ...] = ()  # every so many seconds
    slow_delete_s: float = 0.0
    # Commands
    absent: frozenset[str] = frozenset()
    canned: Mapping[str, str] = field(default_factory=dict)  # whole command -> information text, "" for a bare OK
    act: int = 7  # access technology shown by +COPS?
    not_inserted: str | None = None  # +CPIN? without a card: this text instead of +CME ERROR: 10


GENERIC = Personality("generic")

_QUALCOMM = replace(
    GENERIC,
    name="qualcomm",
    cnmi_test="(0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
    cnmi_takes=((0, 1), (0, 1, 2, 3), (0, 2), (0, 2), (0, 1)),
    urc_anytime=True,
)

HUAWEI_E173 = replace(
    _QUALCOMM,
    name="huawei-e173",
    maker="huawei",
    model="E173",
    revision="11.126.16.04.437",
    unknown="COMMAND NOT SUPPORT",
    head=b"\r\n",
    index_base=0,
    sim_slots=50,
    me_slots=23,
    stores=("SM", "ME"),
    default_stores=("ME", "ME", "ME"),
    full_urc='^SMMEMFULL: "{memory}"',
    cmti_stops_when_full=True,
    empty_read_cms=None,
    empty_delete_cms=None,
    boot_s=4.0,
    boot=((1.0, "^BOOT:22511230,0,0,0,6"), (2.0, "^SRVST:2"), (2.5, "^SIMST:1"), (3.5, "^MODE:5,4")),
    reset_reenumerates_s=4.0,
    chatter=((20.0, "^RSSI:18"), (61.0, "^MODE:5,4"), (113.0, "^BOOT:22511230,0,0,0,6")),
    csms=(0, 1),
    act=2,
    absent=frozenset({"+CEREG", "+CESQ", "+CCID", "+QCCID", "+CGSMS", "+CPINR", "+CSCB", "+CLAC"}),
    canned={
        "^CURC=0": "",
        "^CURC=1": "",
        "^PORTSEL=1": "",
        "^PORTSEL=0": "",
        "^U2DIAG?": "^U2DIAG: 0",
        "^CARDLOCK?": "^CARDLOCK: 2,10,0",
        "^SYSINFO": "^SYSINFO:2,3,0,5,1,,4",
        "^HWVER": '^HWVER:"CD6E1DUM"',
    },
)

SIM800 = replace(
    GENERIC,
    name="sim800",
    maker="SIMCOM_Ltd",
    model="SIMCOM_SIM800L",
    revision="Revision:1418B04SIM800L24",
    me_slots=50,
    stores=("SM", "ME", "SM_P", "ME_P", "MT"),
    cnmi_test="(0,1,2,3),(0,1,2,3),(0,2),(0,1,2),(0,1)",
    cnmi_takes=((0, 1, 2, 3), (0, 1, 2, 3), (0, 2), (0, 1, 2), (0, 1)),
    cnmi_default=(2, 1, 0, 0, 0),
    csms=(0, 1),
    boot_s=6.0,
    boot=((0.5, "RDY"), (1.0, "+CFUN: 1"), (1.5, "+CPIN: READY"), (4.0, "Call Ready"), (5.0, "SMS Ready")),
    mr_after_reset=0,
    class0_direct=True,
    empty_read_cms=None,
    empty_delete_cms=None,
    act=0,
    absent=frozenset({"+CNMA", "+CEREG", "+CESQ", "+CPINR", "+CGSMS", "+QCCID"}),
    canned={"+CIURC=0": "", "+CIURC?": "+CIURC: 1", "+CBATCHK=1": "", "+CBC": "+CBC: 0,92,4102"},
    not_inserted="+CPIN: NOT INSERTED",
)

QUECTEL_EC25 = replace(
    _QUALCOMM,
    name="quectel-ec25",
    maker="Quectel",
    model="EC25",
    revision="EC25EFAR06A06M4G",
    me_slots=255,
    index_base=0,
    sim_slots=40,
    stores=("SM", "ME", "MT", "SR"),
    default_stores=("ME", "ME", "ME"),
    numeric_cms_always=False,
    cnmi_takes=((0, 1, 2), (0, 1, 2, 3), (0, 2), (0, 1, 2), (0, 1)),
    cnmi_default=(2, 1, 0, 0, 0),
    empty_read_cms=None,
    empty_delete_cms=None,
    csms=(0, 1),
    boot_s=8.0,
    boot=((1.0, "RDY"), (2.0, "+CPIN: READY"), (5.0, "+QUSIM: 1"), (6.5, "+QIND: SMS DONE"), (7.5, "+QIND: PB DONE")),
    reset_reenumerates_s=6.0,
    canned={
        '+QURCCFG="URCPORT","USBAT"': "",
        "+QIURC=0": "",
        "+QINISTAT": "+QINISTAT: 7",
        "+QNWINFO": '+QNWINFO: "FDD LTE","23415","LTE BAND 3",1617',
        "+QPINC?": '+QPINC: "SC",3,10\r\n+QPINC: "P2",3,10',
    },
    absent=frozenset({"+CPINR", "+CCID"}),
)

TELIT_LE910 = replace(
    GENERIC,
    name="telit-le910",
    maker="Telit",
    model="LE910-EU1",
    revision="20.00.505",
    gap_s=0.02,
    lf_is_input=True,
    during_command="abort",
    stores=("SM", "ME", "SR"),
    me_slots=99,
    cnmi_test="(0-2),(0-3),(0,2),(0-2),(0,1)",
    cnmi_takes=((0, 1, 2), (0, 1, 2, 3), (0, 2), (0, 1, 2), (0, 1)),
    cnma_window_s=17.0,
    boot_s=5.0,
    boot=((3.0, "#QSS: 1"), (4.5, "#QSS: 3")),
    reset_reenumerates_s=5.0,
    canned={"#QSS?": "#QSS: 0,3", "#QSS=1": "", "#QSS=2": "", "#PCT": "#PCT: 3"},
    absent=frozenset({"+CCID", "+QCCID", "+CPINR"}),
)

# Not every client waits 20 ms between commands; this one forgives it.
TELIT_PATIENT = replace(TELIT_LE910, name="telit-le910-patient", gap_s=0.0)

PERSONALITIES = {kind.name: kind for kind in (GENERIC, HUAWEI_E173, SIM800, QUECTEL_EC25, TELIT_LE910, TELIT_PATIENT)}
