"""Refusals: every code has a meaning for the text, and none of them claims more than it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.at import Kind, Result
from gatewayd.wire.modem_codes import CME, CMS, VENDORS, VENDORS_CME, Fate, Scope, Trouble
from gatewayd.wire.modem_errors import SLOW_ANSWER_S, Verdict, Watch, classify, number_of
from gatewayd.wire.modem_words import CME_WORDS, CMS_WORDS
from tests.wire.dialogue import result_of


def verdict(text: str, *, vendor: str = "", took_s: float = 1.0) -> Verdict:
    result = result_of(text)
    return classify(Result(result.kind, (), result.code, result.text, took_s), vendor=vendor)


def fate(text: str, *, vendor: str = "", took_s: float = 1.0) -> tuple[Fate, Scope]:
    said = verdict(text, vendor=vendor, took_s=took_s)
    return said.fate, said.scope


# What the standards name, in the classes that the delivery knows. Whoever adds a number says here what it means.
RECIPIENT = {1, 195, 196}
CONTRACT = {8, 10, 21, 29, 50, 69, 193}
OURS = {81, 95, 96, 97, 98, 99, 111, 304, 305}
REFUSED = {128, 129, 130, 143, 144, 145, 159, 160, 161, 175, 176}
NETWORK = {17, 22, 38, 42, 47, 192, 194, 331}
SIM = {209, 212, 213, 310, 311, 312, 313, 315, 316, 317, 318}
MODEM = {210, 300, 301, 302, 320, 321, 340}
NAMED: dict[int, tuple[Fate, Scope, Trouble]] = {
    **dict.fromkeys(RECIPIENT, ("refused", "recipient", "")),
    **dict.fromkeys(CONTRACT, ("deferred", "message", "subscription")),
    **dict.fromkeys(OURS, ("deferred", "message", "")),
    **dict.fromkeys(REFUSED, ("refused", "message", "")),
    **dict.fromkeys(NETWORK, ("deferred", "channel", "network")),
    **dict.fromkeys(SIM, ("deferred", "channel", "sim")),
    **dict.fromkeys(MODEM, ("deferred", "channel", "modem")),
    **dict.fromkeys((28, 30, 303), ("refused", "channel", "")),
    **dict.fromkeys((208, 211, 322), ("deferred", "channel", "full")),
    **dict.fromkeys((255, 500), ("deferred", "message", "modem")),
    **dict.fromkeys((127, 198, 199), ("deferred", "message", "")),
    27: ("deferred", "recipient", ""),
    41: ("deferred", "message", "network"),
    197: ("accepted", "message", ""),
    314: ("deferred", "channel", ""),
    330: ("deferred", "channel", "smsc"),
    332: ("uncertain", "message", "network"),
}


@pytest.mark.parametrize("code", sorted(NAMED))
def test_every_number_that_the_standards_name_for_texts(code: int) -> None:
    said = verdict(f"+CMS ERROR: {code}")
    assert (said.fate, said.scope, said.trouble) == NAMED[code]
    assert said.code == f"cms {code}"
    assert said.reason
    assert said.fate != "deferred" or said.after_s > 0


def test_numbers_that_the_standards_reserve_mean_what_their_group_means() -> None:
    assert fate("+CMS ERROR: 77") == fate("+CMS ERROR: 41"), "24.011: all other causes are cause 41"
    assert fate("+CMS ERROR: 133") == fate("+CMS ERROR: 143")
    assert fate("+CMS ERROR: 150") == fate("+CMS ERROR: 159")
    assert fate("+CMS ERROR: 170") == fate("+CMS ERROR: 175")
    assert fate("+CMS ERROR: 203") == fate("+CMS ERROR: 194")
    assert fate("+CMS ERROR: 220") == fate("+CMS ERROR: 210")
    assert fate("+CMS ERROR: 240") == ("deferred", "message")


@given(
    st.sampled_from(["CMS", "CME"]),
    st.integers(0, 99_999),
    st.sampled_from(["", "huawei", *VENDORS]),
    st.floats(0, 300),
    st.booleans(),
)
def test_any_number_of_any_vendor(kind: str, code: int, vendor: str, took_s: float, submitted: bool) -> None:
    """Nothing is refused that was not told to be; nothing that may be on the air is said not to be."""
    result = result_of(f"+{kind} ERROR: {code}")
    said = classify(Result(result.kind, (), result.code, result.text, took_s), vendor=vendor, submitted=submitted)
    assert said.reason
    assert said.code == f"{kind.lower()} {code}"
    known = code in CMS or code in CME or any(code in table for table in (*VENDORS.values(), *VENDORS_CME.values()))
    if not known:
        assert said.fate in {"deferred", "uncertain"}
        assert (said.fate == "uncertain") == (submitted and took_s > SLOW_ANSWER_S)
    if not submitted:
        assert said.fate in {"refused", "deferred"}
    if said.fate == "deferred":
        assert said.after_s > 0
    if said.trouble == "sim":
        assert said.scope == "channel", "a SIM in trouble is nobody's fault but its own"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+CME ERROR: 10", ("deferred", "channel")),
        ("+CME ERROR: 31", ("uncertain", "message")),
        ("+CME ERROR: 48", ("deferred", "channel")),
        ("+CME ERROR: 100", ("deferred", "message")),
        ("+CME ERROR: 113", ("deferred", "channel")),
        ("+CME ERROR: 332", ("uncertain", "message")),
        ("+CME ERROR: 515", ("deferred", "channel")),
        ("ERROR", ("deferred", "message")),
        ("COMMAND NOT SUPPORT", ("deferred", "message")),
    ],
)
def test_errors_of_other_tables(text: str, expected: tuple[Fate, Scope]) -> None:
    assert fate(text) == expected


@pytest.mark.parametrize("code", [*range(8), *range(10, 19), *range(20, 28), *range(30, 33), *range(40, 64), 100])
def test_every_general_number_of_27_007_is_there(code: int) -> None:
    assert code in CME


@pytest.mark.parametrize("text", ["+CMS ERROR: 500", "+CMS ERROR: 350", "+CMS ERROR: 300", "ERROR", "+CME ERROR: 100"])
def test_a_vague_error_after_a_long_wait_leaves_the_fate_open(text: str) -> None:
    """A Quectel answered 350 after 135 s: nobody knows what the network did meanwhile."""
    assert fate(text)[0] == "deferred"
    assert fate(text, took_s=135.0)[0] == "uncertain"
    assert fate("+CMS ERROR: 38", took_s=135.0)[0] == "deferred", "this one tells why"


def test_the_same_number_of_two_vendors() -> None:
    for vendor in ("wavecom", "telit", "u-blox", "huawei"):
        assert fate("+CMS ERROR: 513", vendor=vendor)[0] == "uncertain", vendor
    assert fate("+CMS ERROR: 513", vendor="quectel")[0] == "deferred"
    assert fate("+CMS ERROR: 515", vendor="wavecom") == ("deferred", "channel")
    assert fate("+CMS ERROR: 515", vendor="telit")[0] == "uncertain"
    assert fate("+CMS ERROR: 225", vendor="simcom")[0] == "uncertain"
    assert fate("+CMS ERROR: 225")[0] == "deferred"
    assert fate("+CMS ERROR: 350", vendor="u-blox") == ("refused", "recipient")
    assert verdict("+CMS ERROR: 360", vendor="u-blox").reason == verdict("+CMS ERROR: 38").reason
    assert fate("+CMS ERROR: 373", vendor="u-blox") == fate("+CMS ERROR: 127")


def test_before_the_pdu_nothing_is_uncertain_and_no_text_is_to_blame() -> None:
    for codes, kind in ((CMS, "CMS"), (CME, "CME"), *((codes, "CMS") for codes in VENDORS.values())):
        for code in codes:
            said = classify(result_of(f"+{kind} ERROR: {code}"), submitted=False)
            assert said.fate == "deferred" or (said.fate, said.scope) == ("refused", "channel"), code
            assert not said.doubtful, "said twice it would be believed"


def test_a_code_that_nobody_knows_is_shown_as_it_came() -> None:
    said = verdict("+CMS ERROR: 4711")
    assert said.code == "cms 4711"
    assert "4711" in said.reason


# ------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+CME ERROR: SIM PIN required", (Kind.CME, 11)),
        ("+CMS ERROR: SIM busy", (Kind.CMS, 314)),
        ("+CMS ERROR: (U)SIM busy", (Kind.CMS, 314)),
        ("+CMS ERROR:USIM BUSY", (Kind.CMS, 314)),
        ("+CME ERROR: simbusy", (Kind.CME, 14)),
        ("+CMS ERROR: Network out of order", (Kind.CMS, 38)),
        ("+CME ERROR: Network out of order", (Kind.CMS, 38)),
        ("+CMS ERROR: network time-out", (Kind.CMS, 332)),
        ("+CMS ERROR: SM Rejected-Duplicate SM", (Kind.CMS, 197)),
        ("+CMS ERROR: Unassigned (unallocated) number", (Kind.CMS, 1)),
        ("+CMS ERROR: Resources unavailable,unspecified", (Kind.CMS, 47)),
        ("+CMS ERROR: No +CNMA acknowledgement expected", (Kind.CMS, 340)),
        ("+CME ERROR: network personalisation PIN required", (Kind.CME, 40)),
        ("+CMS ERROR: Unknown error", (Kind.CMS, 500)),
        ("+CME ERROR: unknown", (Kind.CME, 100)),
        ("+CMS ERROR: 0038", (Kind.CMS, 38)),
        ("+CMS ERROR: 38 (Network out of order)", (Kind.CMS, 38)),
        ("+CMS ERROR : 38", (Kind.CMS, 38)),
        ("+cms error: 38", (Kind.CMS, 38)),
        ("+CMS ERROR: whatever", (Kind.CMS, None)),
        ("+CMS ERROR:", (Kind.CMS, None)),
        ("ERROR", (Kind.ERROR, None)),
    ],
)
def test_words_and_spellings(text: str, number: tuple[Kind, int | None]) -> None:
    assert number_of(result_of(text)) == number


def test_every_number_of_the_standards_has_its_words() -> None:
    assert set(NAMED) - {22} <= set(CMS_WORDS.values())
    assert {code for code in CME if code <= 62} - {49} <= set(CME_WORDS.values())
    assert set(CMS_WORDS.values()) <= set(CMS)
    assert set(CME_WORDS.values()) <= set(CME)


def test_words_nobody_knows_are_a_try_that_failed_or_a_doubt() -> None:
    assert fate("+CMS ERROR: Fehler im Netz") == ("deferred", "message")
    assert fate("+CMS ERROR: Fehler im Netz", took_s=60.0)[0] == "uncertain"


# ------------------------------------------------------------------------------------------------- two of them


def test_two_barred_recipients_mean_a_barred_sim() -> None:
    watch, barred = Watch(), verdict("+CMS ERROR: 21")
    assert watch.saw("+441", barred).scope == "message"
    assert watch.saw("+441", barred).scope == "message"
    assert watch.saw("+442", barred).scope == "channel"
    watch.saw("+443", verdict("+CMS ERROR: 197"))
    assert watch.saw("+442", barred).scope == "message"


@pytest.mark.parametrize("text", ["+CMS ERROR: 500", "+CMS ERROR: 41", "ERROR", "+CMS ERROR: 4711"])
def test_a_vague_trouble_of_two_recipients_is_the_modems(text: str) -> None:
    """One may have a number that the network dislikes; two in a row do not: it counts against neither of them."""
    watch = Watch()
    assert watch.saw("+441", verdict(text)).scope == "message"
    assert watch.saw("+442", verdict(text)).scope == "channel"
    assert watch.saw("+441", verdict(text)).scope == "channel"


def test_a_recipients_own_trouble_is_never_the_channels() -> None:
    watch = Watch()
    for number in range(5):
        assert watch.saw(f"+44{number}", verdict("+CMS ERROR: 27")).scope == "recipient"
        assert watch.saw(f"+44{number}", verdict("+CMS ERROR: 127")).scope == "message"


def test_a_wrong_pdu_is_believed_when_the_same_recipient_meets_it_again() -> None:
    """An octet that was lost between us and the modem makes 304 of any text."""
    watch, wrong = Watch(), verdict("+CMS ERROR: 304")
    assert watch.saw("+441", wrong).fate == "deferred"
    assert watch.saw("+442", wrong).fate == "deferred"
    assert watch.saw("+441", wrong).fate == "refused"
    assert watch.saw("+441", wrong).fate == "deferred", "the next text of his begins anew"
    watch.saw("+443", verdict("+CMS ERROR: 197"))
    assert watch.saw("+441", wrong).fate == "deferred"
