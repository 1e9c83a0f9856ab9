"""The same messages through python-gsmmodem's codec, wherever that one is right.

Known to be wrong there, and left out: "`" for "§", page breaks, signs beyond U+FFFF, an "@" at the end of eight
septets, 16-bit references, unknown escapes, message waiting, 8-bit classes, local numbers, letters as addresses.
"""

from __future__ import annotations

import warnings
from datetime import UTC, timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.text import BASIC, EXTENSION, fit, visible
from gatewayd.wire.tpdu import Concat, Deliver, StatusReport, decode, decode_submit, encode_submit, validity_octet
from tests.chance import examples
from tests.wire.tpdu_builder import body7, body8, deliver, stamp, status_report

GSM7 = "".join(sorted(set(BASIC) - set("\x1b\r§@") | set(EXTENSION.values()) - {"\f"}))
texts = st.one_of(
    st.text(st.sampled_from(GSM7), min_size=1, max_size=500),
    st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs", "Cc", "M", "Cf"]), min_size=1, max_size=200),
).filter(visible)  # others are refused
numbers = st.from_regex(r"\+[0-9]{1,20}", fullmatch=True)


@pytest.fixture(scope="module")
def peer() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has escapes that newer compilers complain about
        import gsmmodem.pdu
    return gsmmodem.pdu


@given(number=numbers, text=texts, reference=st.integers(0, 255), validity_s=st.integers(300, 400 * 86400))
@examples(200)
def test_what_we_send_it_reads(peer: ModuleType, number: str, text: str, reference: int, validity_s: int) -> None:
    fitted = fit(text, segments_max=255, transliterate=False)
    total = len(fitted.segments)
    for number_of_part, segment in enumerate(fitted.segments, 1):
        concat = Concat(reference, 8, total, number_of_part) if total > 1 else None
        pdu = encode_submit(
            number, segment, alphabet=fitted.alphabet, concat=concat, validity_s=validity_s, report=True
        )
        theirs = peer.decodeSmsPdu(pdu.hex)
        assert (theirs["type"], theirs["number"], theirs["text"]) == ("SMS-SUBMIT", number, segment)
        assert theirs["tpdu_length"] == pdu.tpdu_octets
        assert theirs["validity"] >= timedelta(seconds=validity_s)
        if concat is not None:
            found = theirs["udh"][0]
            assert (found.reference, found.parts, found.number) == (reference, total, number_of_part)


short = st.text(st.sampled_from(GSM7), min_size=1, max_size=160).filter(visible)
long = st.text(st.sampled_from(GSM7), min_size=161, max_size=900).filter(visible)


@given(number=numbers, text=short, octet=st.integers(0, 255))
def test_what_it_sends_is_what_we_send(peer: ModuleType, number: str, text: str, octet: int) -> None:
    fitted = fit(text)
    if len(fitted.segments) > 1:
        return
    validity = peer._decodeRelativeValidityPeriod(octet)
    [theirs] = peer.encodeSmsSubmitPdu(number, text, validity=validity)
    ours = encode_submit(number, text, alphabet="gsm7", validity_s=round(validity.total_seconds()), report=True)
    assert validity_octet(round(validity.total_seconds())) == octet
    assert (str(theirs), theirs.tpduLength) == (ours.hex, ours.tpdu_octets)


@given(number=numbers, text=long, reference=st.integers(0, 255))
def test_its_long_texts_are_ours(peer: ModuleType, number: str, text: str, reference: int) -> None:
    theirs = [decode_submit(str(pdu)) for pdu in peer.encodeSmsSubmitPdu(number, text, reference=reference)]
    assert "".join(part.text or "" for part in theirs) == text
    assert tuple(part.text for part in theirs) == fit(text, segments_max=255).segments
    assert [part.concat for part in theirs] == [
        Concat(reference, 8, len(theirs), number_of_part) for number_of_part in range(1, len(theirs) + 1)
    ]


def _micros(when: Any) -> int:
    return round(when.astimezone(UTC).timestamp()) * 1_000_000


@given(
    number=numbers,
    text=st.text(st.sampled_from(GSM7), max_size=80),
    cyrillic=st.text("абвгдЖЩЪ ", min_size=1, max_size=70),
    quarters=st.integers(-48, 56),
)
def test_we_read_alike(peer: ModuleType, number: str, text: str, cyrillic: str, quarters: int) -> None:
    scts = stamp(2026, 3, 29, 23, 59, 58, quarters)
    for pdu in (
        deliver(number, body7(text), scts=scts),
        deliver(number, body8(cyrillic.encode("utf-16-be")), scts=scts, dcs=0x08),
    ):
        ours, theirs = decode(pdu), peer.decodeSmsPdu(pdu)
        assert isinstance(ours, Deliver)
        assert (ours.sender, ours.text, ours.smsc) == (theirs["number"], theirs["text"], theirs["smsc"])
        assert ours.sent_at == _micros(theirs["time"])


@given(number=numbers, reference=st.integers(0, 255), status=st.integers(0, 255), quarters=st.integers(-48, 56))
def test_we_read_reports_alike(peer: ModuleType, number: str, reference: int, status: int, quarters: int) -> None:
    pdu = status_report(reference, number, status, done=stamp(2026, 3, 29, 23, 59, 58, quarters))
    ours, theirs = decode(pdu), peer.decodeSmsPdu(pdu)
    assert isinstance(ours, StatusReport)
    assert (ours.reference, ours.recipient, ours.status) == (theirs["reference"], theirs["number"], theirs["status"])
    assert (ours.sent_at, ours.done_at) == (_micros(theirs["time"]), _micros(theirs["discharge"]))
