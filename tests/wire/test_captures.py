"""What modems really write: answers in the framing of many makers, with their news in the middle, in any portions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.channels.contract import Incoming, Receipt
from gatewayd.channels.modem_inbox import read_pdu
from gatewayd.wire.at import AtCore, Command, Echoed, Event, Kind, Result, Urc, in_words
from gatewayd.wire.modem_network import is_registration_answer
from gatewayd.wire.modem_storage import Entry, parse_listing
from gatewayd.wire.tpdu import decode, sensible, whole
from tests.chance import examples
from tests.wire.tpdu_builder import body7, body8, deliver, status_report

ANNA = "+447700900123"
PDU = deliver(ANNA, body7("ok 42"))
PART = deliver(ANNA, body7("ok 10 on my way", bytes.fromhex("0003000201")), udh=True)
REPORT = status_report(7, ANNA, 0, tail=bytes.fromhex("0700000441E19058"))

# What comes unasked at any moment, by maker. None of these is an answer or a part of one.
NEWS = """
^RSSI:18
^RSSI: 18
^HRSSILVL:80
^BOOT:27710117,0,0,0,72
^MODE:5,4
^MODE: 3,3
^SRVST:2
^SIMST:1
^DSFLOWRPT:0000006E,00000000,00000000,0000000000000000,0000000000000000,0000BB80,0000BB80
^STIN: 0,0,0
^HCSQ:"LTE",44,34,101,20
^LTERSRP: -104,-10
^CSNR:-86,-7
^NDISEND:1,1,0
^SMMEMFULL: "SM"
+ZUSIMR:2
+ZDONR: "A",234,15,"CS_PS","ROAM_OFF"
+ZEND
+ZPASR: "UMTS"
+ZPSTM: 0,0
*PSUTTZ: 2026, 11, 22, 12, 53, 1, "+4", 0
*PSNWID: "234", "15", "x", 0, "x", 0
DST: 0
+CIEV: "battchg",5
+CIEV: 10,"23415","A","A", 0, 0
+CTZV: +4,0
+CTZE: "+04",0,"2026/11/22,12:53:01"
RING
+CRING: VOICE
+CLIP: "+447700900123",145,"",,"",0
NO CARRIER
BUSY
Call Ready
SMS Ready
SMS DONE
PB DONE
+PBREADY
OPL UPDATING
PNN UPDATING
+QIND: SMS DONE
+QIND: PB DONE
#QSS: 3
+WIND: 4
+WIND: 10,"SM",1
^SMGO: 1
+CUSD: 0,"Your balance is OK",15
+CGEV: ME PDN ACT 1
UNDER-VOLTAGE WARNNING
+CMTI: "SM",3
+CMTI: "ME",0
+CDSI: "SR",1
+CREG: 1
+CREG: 5,"00C3","0000FFFF",7
+CEREG: 1,"1A2B","01020304",7
$QCRMCALL: 1
%CNSTAT: 1
_OSIGQ: 18,0
^CINIT: 2,32,41891
""".strip().splitlines()

ANSWERS: dict[str, tuple[Command, tuple[str, ...], str]] = {
    "huawei reads": (Command("AT+CMGR=0", prefix=("+CMGR:",), bare=True), ("+CMGR: 1,,24", PDU), "OK"),
    "cinterion reads": (Command("AT+CMGR=1", prefix=("+CMGR:",), bare=True), ('+CMGR: 0,"Anna, ill",24', PDU), "OK"),
    "zte lists": (
        Command("AT+CMGL=4", prefix=("+CMGL:",), bare=True),
        ("+CMGL:0,1,,24", PDU.lower(), '+CMGL: 3,1,"",29', REPORT, "+CMGL: 17 , 0 , , 33", PART),
        "OK",
    ),
    "lower case": (Command("AT+CMGL=4", prefix=("+CMGL:",), bare=True), ("+cmgl: 1,1,,24", PDU.lower()), "OK"),
    "an empty place": (Command("AT+CMGR=9", prefix=("+CMGR:",), bare=True), (), "+CMS ERROR: 321"),
    "in words": (Command("AT+CMGR=9", prefix=("+CMGR:",), bare=True), (), "+CMS ERROR: Invalid memory index"),
    "signal": (Command("AT+CSQ", prefix=("+CSQ:",)), ("+CSQ:18,99",), "OK"),
    "registration": (
        Command("AT+CREG?", prefix=("+CREG:",), fits=is_registration_answer),
        ('+CREG: 2,1,"00C3","0000FFFF",7',),
        "OK",
    ),
    "maker": (Command("AT+CGMI", prefix=("+CGMI:",), bare=True), ("SIMCOM INCORPORATED",), "OK"),
    "refused": (Command("AT+CNMI=2,1,0,1,0"), (), "COMMAND NOT SUPPORT"),
    "deleted": (Command("AT+CMGD=3"), (), "OK"),
}

# Between two lines, and around all of them.
FRAMES = {
    "standard": ("\r\n", "\r\n\r\n"),
    "CR alone": ("\r", "\r"),
    "LF alone": ("\n", "\n"),
    "doubled": ("\r\r\n", "\r\r\n\r\r\n"),
    "blank lines": ("\r\n\r\n\r\n", "\r\n\r\n\r\n\r\n"),
    "NULs and spaces": ("\0 \r\n\0", "\0\r\n"),
}


def written(lines: list[str], frame: str) -> bytes:
    between, ends = FRAMES[frame]
    return (ends + between.join(lines) + ends).encode()


def fed(core: AtCore, octets: bytes, portions: list[int]) -> list[Event]:
    for size in [*portions, len(octets)]:
        core.receive(octets[:size], 1.0)
        octets = octets[size:]
    return core.events()


news = st.lists(
    st.sampled_from([*NEWS, f"+CMT: ,24\n{PDU}", f"+CDS: 29\n{REPORT}", f'+CMT: "",33\n{PART}']), max_size=4
)
portions = st.lists(st.integers(1, 60), max_size=20)


@examples(50)
@given(
    st.sampled_from(sorted(ANSWERS)),
    st.sampled_from(sorted(FRAMES)),
    st.lists(news, min_size=8, max_size=8),
    portions,
    st.booleans(),
)
def test_news_in_the_middle_of_an_answer(
    name: str, frame: str, between: list[list[str]], cuts: list[int], echo: bool
) -> None:
    """The answer is what it is without them, and none of them is lost; a routed text least of all."""
    command, answer, final = ANSWERS[name]
    lines: list[str] = [command.text] if echo else []
    told: list[str] = []
    for place, line in enumerate((*answer, final)):
        told += between[place]
        lines += [*between[place], line]
    core = AtCore()
    core.execute(command, 0.0)
    events = fed(core, written("\n".join(lines).split("\n"), frame), cuts)
    results = [event for event in events if isinstance(event, Result)]
    assert [(result.lines, result.text) for result in results] == [(answer, final)]
    assert sum(isinstance(event, Echoed) for event in events) == echo
    heard = [f"{event.line}\n{event.body}" if event.body else event.line for event in events if isinstance(event, Urc)]
    assert heard == told


@examples(50)
@given(
    news, st.sampled_from(sorted(FRAMES)), portions, st.sampled_from(["\r\n+CMGS: 5\r\n\r\nOK\r\n", "+CMGS:5,\r\nOK\r"])
)
def test_news_around_the_answer_to_a_text(said: list[str], frame: str, cuts: list[int], answer: str) -> None:
    core = AtCore()
    core.submit("0011AA", 180.0, 0.0, command="AT+CMGS=2")
    octets = written("\n".join(said).split("\n"), frame) if said else b""
    events = fed(core, octets + answer.encode() + octets, cuts)
    results = [event for event in events if isinstance(event, Result)]
    assert [result.kind for result in results] == [Kind.OK]
    assert results[0].lines[0].startswith("+CMGS:")
    assert sum(isinstance(event, Urc) for event in events) == 2 * len(said)


@pytest.mark.parametrize(
    "header", ["+CMT: ,24", "+CMT:,24", '+CMT: "",24', '+CMT: "Anna, ill",24', "+CMT: 24", "+CMT: ,,24", "+cmt: ,24",
               '+CMT: "" , 24', "+CMT: 0041006E006E0061,24", "+CDS: 24", "+CDS: ,24", "+CDS:24"],
)  # fmt: skip
def test_headers_of_pdus(header: str) -> None:
    assert not in_words(header)
    core = AtCore()
    assert fed(core, f"\r\n{header}\r\n{PDU}\r\n".encode(), []) == [Urc(header, PDU)]


def test_headers_of_texts_in_words() -> None:
    for header in (
        f'+CMT: "{ANNA}",,"26/11/22,10:00:00+04"',
        f'+CMT: "{ANNA}","Anna","26/11/22,10:00:00+04",145,4,0,0,"x",145,5',
    ):
        assert in_words(header)
        assert fed(AtCore(), f"\r\n{header}\r\nok 42\r\n".encode(), []) == [Urc(header, "ok 42")]


# -- listings ---------------------------------------------------------------------------------------------------------

headers = st.sampled_from(
    [
        "+CMGL: {i},1,,{n}",
        "+CMGL:{i},0,,{n}",
        '+CMGL: {i},1,"",{n}',
        '+CMGL: {i} , 1 , "A, B" , {n}',
        "+cmgl: {i},1,,{n}",
    ]
)
pdus = st.sampled_from([PDU, PDU.lower(), PART, REPORT])


@examples(50)
@given(st.lists(st.tuples(headers, pdus, st.sampled_from(["", "", "half", "x", "PB DONE"])), max_size=12))
def test_whatever_a_listing_shows_is_found(shown: list[tuple[str, str, str]]) -> None:
    lines: list[str] = []
    expected: list[Entry] = []
    for index, (header, pdu, trouble) in enumerate(shown):
        lines.append(header.format(i=index, n=len(pdu) // 2 - 1 - int(pdu[:2], 16)))
        if trouble == "half":
            continue  # it had just come in: the next listing has it
        lines += [trouble] if trouble else []
        lines.append(pdu)
        expected.append(Entry(index, pdu))
    assert parse_listing(tuple(lines)) == expected


@examples(50)
@given(st.lists(st.text(st.sampled_from('+CMGL:0123456789ABCDEFabcdef, "x\t'), max_size=60), max_size=12))
def test_no_listing_breaks_it(lines: list[str]) -> None:
    parse_listing(tuple(lines))
    for line in lines:
        whole(line, len(line) // 2)
        sensible(line)


# -- PDUs -------------------------------------------------------------------------------------------------------------


@examples(50)
@given(
    st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True),
    st.text(st.sampled_from("ok 42@_£"), min_size=1, max_size=150),
    st.sampled_from(
        ["", "0003000201", "08040000FF01", "0003AB0000", "0003AB0203", "050404D2162E", "7003010203", "240101"]
    ),
    st.sampled_from(["", "+447785016005", "1234567"]),
)
def test_a_pdu_with_or_without_its_service_centre(sender: str, words: str, header: str, smsc: str) -> None:
    """The length in the header tells which it is; what is understood is the same."""
    udh = bytes.fromhex(header)
    with_it = deliver(sender, body7(words, udh), udh=bool(udh), smsc=smsc)
    start = 2 + 2 * int(with_it[:2], 16)
    bare, octets = with_it[start:], len(with_it[start:]) // 2
    assert whole(with_it, octets) == with_it
    assert whole(with_it, octets + start // 2) == with_it, "some count the service centre, too"
    found = read_pdu("m1", "sim", whole(bare, octets))
    assert isinstance(found, Incoming)
    assert (found.sender, found.text) == (sender, words)
    assert found.concat in {None, (0, 8, 2, 1), (0, 16, 255, 1)}


@pytest.mark.parametrize("status", range(256))
def test_every_status_with_every_tail(status: int) -> None:
    """TP-ST reserved, TP-PI saying that nothing, all or more follows: a report is a report."""
    for tail in ("", "00", "07", "0700000441E19058", "FF00", "80" + "FF" * 20):
        found = read_pdu("m1", "sim", status_report(0, ANNA, status, tail=bytes.fromhex(tail)))
        assert isinstance(found, Receipt)
        assert (found.reference, found.recipient, found.status) == ("0", ANNA, status)


@examples(50)
@given(
    st.one_of(
        st.text(max_size=400),
        st.binary(max_size=200).map(bytes.hex),
        st.binary(max_size=30).map(lambda b: "00" + b.hex()),
    )
)
def test_whatever_lies_in_a_slot_comes_out(line: str) -> None:
    """As a text, a report, or raw with the reason; never as nothing."""
    found = read_pdu("m1", "sim", line)
    assert found.raw == line
    assert isinstance(found, Receipt) or found.text is not None or found.note


def test_every_way_to_write_an_ok_is_read() -> None:
    for pdu in (
        deliver(ANNA, body7("ok 42"), dcs=0x10),  # class 0
        deliver(ANNA, body7("ok 42"), dcs=0x12),  # class 2
        deliver(ANNA, body7("ok 42"), dcs=0xF0),
        deliver(ANNA, body7("ok 42"), dcs=0xC8),  # with "message waiting"
        deliver(ANNA, body7("ok 42"), dcs=0x8C),  # reserved
        deliver(ANNA, body7("ok 42"), dcs=0x40),  # delete after reading
        deliver(ANNA, body7("ok 42"), pid=0x41),  # replaces
        deliver(ANNA, body7("ok 42"), pid=0x39),
        deliver(ANNA, body7("ok 42"), first=0x84),  # reply path
        deliver(ANNA, body7("ok 42"), first=0x07),  # reserved type
        deliver(ANNA, body7("ok 42"), scts=bytes(7)),
        deliver(ANNA, body8("ok 42".encode("utf-16-be")), dcs=0x08),
        deliver(ANNA, body8("ok 42".encode("utf-16-be")), dcs=0x18),
        deliver(ANNA, body8("ok 42".encode("utf-16-be")), dcs=0xE0),
        deliver(ANNA, body7("ok 42", bytes.fromhex("0003FF0101")), udh=True),
        deliver(ANNA, body7("ok 42", bytes.fromhex("700401020304")), udh=True),
        deliver(ANNA, body7("ok 42", bytes.fromhex("2401012501010A030005")), udh=True),
    ):
        found = read_pdu("m1", "sim", pdu)
        assert isinstance(found, Incoming)
        assert (found.text, found.sender) == ("ok 42", ANNA), pdu
        assert decode(pdu) is not None
