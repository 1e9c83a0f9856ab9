"""TPDUs (3GPP TS 23.040 9.2.2): well-known examples, round trips, and what is refused."""

import pytest
from hwsim.fields import (
    Address,
    Malformed,
    address_of,
    put_address,
    put_sca,
    put_time,
    relative_validity_s,
    take_address,
    take_sca,
    take_time,
)
from hwsim.segments import parts_of
from hwsim.tpdu import (
    CodingUnsupported,
    Concat,
    Deliver,
    StatusReport,
    decode_deliver,
    decode_status_report,
    decode_submit,
    encode_submit,
    put_user_data,
)
from hypothesis import given
from hypothesis import strategies as st

# The examples that have been in print since the nineties.
SUBMIT = "11000B916407281553F80000AA0AE8329BFD4697D9EC37"
DELIVER = "040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"
SCA_OF_DELIVER = "07917283010010F5"


def test_the_classic_submit():
    submit = decode_submit(bytes.fromhex(SUBMIT))
    assert (submit.to, submit.data.text, submit.validity_s) == (Address(0x91, "46708251358"), "hellohello", 4 * 86400)
    assert (submit.mr, submit.pid, submit.report) == (0, 0, False)
    assert encode_submit(submit.to, submit.data, vp=0xAA).hex().upper() == SUBMIT


def test_the_classic_deliver():
    sca, start = take_sca(bytes.fromhex(SCA_OF_DELIVER + DELIVER))
    assert str(sca) == "+27381000015"
    deliver = decode_deliver(bytes.fromhex(SCA_OF_DELIVER + DELIVER)[start:])
    assert (deliver.sender.value, deliver.data.text) == ("27838890001", "hellohello")
    assert deliver.scts == take_time(bytes.fromhex("99309251619580"))
    # Two digits of year: what was 1999 reads as 2099.
    assert put_time(deliver.scts, 8).hex() == "99309251619580"


def test_a_status_report_survives():
    report = StatusReport(17, Address(0x91, "447700900111"), 1_700_000_000.0, 1_700_000_060.0, 0x46)
    octets = report.encode()
    assert octets[0] == 0x06
    assert decode_status_report(octets) == report


@pytest.mark.parametrize(("quarters", "octet"), [(0, "00"), (4, "40"), (-4, "48"), (22, "22"), (-14, "49")])
def test_zones_count_quarters_of_an_hour_with_the_sign_in_bit_3(quarters, octet):
    stamp = put_time(1_700_000_000.0, quarters)
    assert stamp[6:].hex() == octet
    assert take_time(stamp) == 1_700_000_000.0


@pytest.mark.parametrize(
    ("octet", "seconds"),
    [(0, 300), (143, 43200), (144, 45000), (167, 86400), (168, 172800), (196, 30 * 86400), (197, 35 * 86400)],
)
def test_relative_validity(octet, seconds):
    assert relative_validity_s(octet) == seconds


def submit_with_validity(form, octets):
    first = 1 | form << 3
    return bytes([first, 0]) + put_address(address_of("+447700900111")) + b"\0\0" + octets + b"\x01\x41"


def test_enhanced_validity():
    assert decode_submit(submit_with_validity(1, bytes([0x02, 90, 0, 0, 0, 0, 0]))).validity_s == 90
    assert decode_submit(submit_with_validity(1, bytes([0x03, 0x10, 0x20, 0x30, 0, 0, 0]))).validity_s == 3723
    assert decode_submit(submit_with_validity(1, bytes([0x41, 0, 0, 0, 0, 0, 0]))).single_shot
    assert decode_submit(submit_with_validity(1, bytes(7))).validity_s is None
    for wrong in (b"\x04" + bytes(6), b"\x02" + bytes(6), b"\x80" + bytes(6)):
        with pytest.raises(Malformed):
            decode_submit(submit_with_validity(1, wrong))


def test_absolute_validity():
    assert decode_submit(submit_with_validity(3, put_time(1_700_003_600.0, 4))).valid_until == 1_700_003_600.0
    with pytest.raises(Malformed):
        decode_submit(submit_with_validity(3, bytes.fromhex("32130000000000")))


BROKEN = {
    "empty": "",
    "first octet alone": "11",
    "a DELIVER": DELIVER,
    "cut in the address": SUBMIT[:12],
    "cut before the user data": SUBMIT[:-20],
    "one octet short": SUBMIT[:-2],
    "one octet long": SUBMIT + "00",
    "type of address without its top bit": SUBMIT.replace("0B91", "0B11"),
    "odd digits without filler": SUBMIT.replace("53F8", "5318"),
    "filler inside": "11000B9164F7281553F80000AA0AE8329BFD4697D9EC37",
    "21 digits": "1100159164072815536407281553F80000AA0AE8329BFD4697D9EC37",
    "no digits": "11000091" + "0000AA0AE8329BFD4697D9EC37",
    "161 septets": "11000B916407281553F80000AAA1" + "00" * 141,
    "141 octets": "11000B916407281553F80004AA8D" + "00" * 141,
    "odd UCS2": "11000B916407281553F80008AA0300480049"[:-2],
    "header beyond the data": "51000B916407281553F80004AA03050003",
    "element beyond the header": "51000B916407281553F80004AA0603000501024F"[:-2],
    "part 0": "51000B916407281553F80004AA070500030102004F",
    "part 3 of 2": "51000B916407281553F80004AA070500030102034F",
    "concat of a wrong length": "51000B916407281553F80004AA06040002010241",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_submit_is_refused(name):
    with pytest.raises(Malformed):
        decode_submit(bytes.fromhex(BROKEN[name]))


@pytest.mark.parametrize("dcs", [0x20, 0x0C, 0x80, 0xB0])
def test_an_unsupported_coding_is_told_apart(dcs):
    with pytest.raises(CodingUnsupported):
        decode_submit(bytes.fromhex(SUBMIT.replace("0000AA", f"00{dcs:02X}AA")))


@pytest.mark.parametrize("sca", ["01", "0191", "0D91" + "00" * 12, "0391", "03112143"])
def test_an_impossible_sc_address_is_refused(sca):
    with pytest.raises(Malformed):
        take_sca(bytes.fromhex(sca))


def test_an_alphanumeric_sender_survives():
    octets = put_address(address_of("GridWatch"))
    assert octets[:2].hex() == "10d0"
    address, end = take_address(octets, 0)
    assert (address.value, end) == ("GridWatch", len(octets))


ADDRESSES = st.from_regex(r"\+[1-9][0-9]{5,14}", fullmatch=True) | st.from_regex(r"[0-9]{3,12}", fullmatch=True)


@given(ADDRESSES, st.text(max_size=60), st.integers(0, 255), st.booleans())
def test_submits_survive(number, text, vp, report):
    text = text.encode("utf-16-be", "replace").decode("utf-16-be", "replace")
    data = put_user_data(text)
    submit = decode_submit(encode_submit(address_of(number), data, vp=vp, report=report))
    assert (submit.data, str(submit.to), submit.report) == (data, number, report)
    deliver = Deliver(address_of(number), 0, data, 1_700_000_000.0)
    assert decode_deliver(deliver.encode()) == deliver
    assert decode_deliver(deliver.encode()).data.text == text


@given(ADDRESSES)
def test_sc_addresses_survive(number):
    octets = put_sca(address_of(number))
    assert take_sca(octets + b"\x11") == (address_of(number), len(octets))


@given(st.text(alphabet="ab{€å✓😀\n", max_size=600), st.integers(0, 255))
def test_parts_join_to_the_text_and_each_survives(text, ref):
    parts = parts_of(text, ref)
    read = [decode_submit(encode_submit(address_of("+447700900111"), part)) for part in parts]
    assert "".join(part.data.text for part in read) == text
    if len(parts) > 1:
        assert [part.data.concat for part in read] == [Concat(ref, len(parts), n) for n in range(1, len(parts) + 1)]


def test_a_16_bit_reference_survives():
    data = put_user_data("part", Concat(0x1234, 3, 2, 16))
    assert decode_submit(encode_submit(address_of("+447700900111"), data)).data.concat == Concat(0x1234, 3, 2, 16)


@given(st.binary(max_size=60))
def test_no_octets_break_the_decoder(octets):
    for decode in (decode_submit, decode_deliver, decode_status_report, take_sca):
        try:
            decode(octets)
        except Malformed:
            continue
