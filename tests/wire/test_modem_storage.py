"""Storages: as modems describe them, and as they answer when they are asked for what is in them."""

from __future__ import annotations

import pytest

from gatewayd.wire.modem_profile import Profile, Wishes
from gatewayd.wire.modem_steps import Unusable
from gatewayd.wire.modem_storage import (
    Entry,
    Slot,
    Stored,
    Walk,
    choose,
    empty,
    listing,
    parse_listing,
    parse_storages,
    read,
    room,
    stride,
)
from tests.wire.dialogue import Play
from tests.wire.tpdu_builder import body7, deliver

WISHES = Wishes(channel="m1")
ONE, OTHER = (deliver("+447700900123", body7(words)) for words in ("ok 42", "ok 43"))
SHORTER = f"{ONE[:-12]}04{ONE[-10:]}"  # "ok 4": another incident
OCTETS = len(ONE) // 2 - 8  # without the service centre


@pytest.mark.parametrize(
    ("line", "lists"),
    [
        ('+CPMS: ("SM","ME"),("SM"),("MT")', [["SM", "ME"], ["SM"], ["MT"]]),
        ('+CPMS: (("SM","BM","SR"),("SM"))', [["SM", "BM", "SR"], ["SM"]]),
        ('+CPMS: "MT","SM","ME"', [["MT", "SM", "ME"]]),
        ('+CPMS: ( "SM" , "ME" ), ( "SM" )', [["SM", "ME"], ["SM"]]),
        ("+CPMS: (),(),()", [[], [], []]),
    ],
)
def test_descriptions_of_storages(line: str, lists: list[list[str]]) -> None:
    assert parse_storages(line) == lists


def test_wavecom_takes_two_names_and_keeps_reports_in_a_storage_of_their_own() -> None:
    play = Play(
        {
            "AT+CPMS=?": '+CPMS: (("SM","BM","SR"),("SM"))\nOK',
            'AT+CPMS="SM","SM"': "+CPMS: 1,10,1,10\nOK",
        },
        default="ERROR",
    )
    profile = Profile()
    play.run(choose(profile, WISHES))
    assert profile.storages == ("SM", "SR")
    assert (profile.used, profile.size) == (1, 10)


def test_a_busy_sim_is_waited_for() -> None:
    play = Play(
        {
            "AT+CPMS=?": ["+CMS ERROR: 314", "+CME ERROR: 14", '+CPMS: ("ME"),("ME"),("ME")\nOK'],
            'AT+CPMS="ME","ME","ME"': "+CPMS: 0,5,0,5,0,5\nOK",
        }
    )
    play.run(choose(Profile(), WISHES))
    assert play.listened_s == 2.0


def test_a_storage_of_no_size_is_passed_over() -> None:
    play = Play(
        {
            "AT+CPMS=?": '+CPMS: ("ME","SM"),("ME","SM"),("ME","SM")\nOK',
            'AT+CPMS="ME","ME","ME"': "+CPMS: 0,0,0,0,0,0\nOK",
            'AT+CPMS="SM","SM","SM"': "+CPMS: 0,20,0,20,0,20\nOK",
        }
    )
    profile = Profile()
    play.run(choose(profile, WISHES))
    assert profile.selected == "SM"


def test_the_wish_comes_first() -> None:
    play = Play({"AT+CPMS=?": '+CPMS: ("ME","SM"),("ME","SM"),("ME","SM")\nOK'})
    profile = Profile()
    play.run(choose(profile, Wishes(channel="m1", storage="SM")))
    assert profile.storages == ("SM", "ME")


def test_no_storage_at_all() -> None:
    with pytest.raises(Unusable):
        Play(default="ERROR").run(choose(Profile(), WISHES))


def test_a_listing_pairs_headers_with_pdus() -> None:
    told = f"+CMGL: 0,1,,{OCTETS}"
    lines = (told, ONE, "+CMGL: 3,0", OTHER, "+CMGL: 4,1,,24", f"+CMGL: 5,2,,{OCTETS}", ONE, "x")
    assert parse_listing(lines) == [Entry(0, ONE), Entry(3, OTHER), Entry(5, ONE, draft=True)]


@pytest.mark.parametrize(
    ("lines", "entry"),
    [
        ((ONE[:-6] + ONE[-4:],), Entry(1, ONE[:-6] + ONE[-4:], sound=False)),
        ((ONE[:-1],), Entry(1, ONE[:-1], sound=False)),
        ((ONE[:30], "^RSSI:19", ONE[30:]), Entry(1, ONE)),
        ((ONE[:30], "^RSSI:19", ONE[32:]), Entry(1, ONE[:30] + ONE[32:], sound=False)),
        ((ONE + "00",), Entry(1, ONE + "00", sound=False)),
        ((SHORTER,), Entry(1, SHORTER, sound=False)),
        (("12", ONE), Entry(1, ONE)),
        (("^RSSI:19",), None),
    ],
    ids=[
        "two digits lost",
        "one digit lost",
        "in pieces",
        "in pieces with a gap",
        "too long",
        "a text that tells less",
        "noise",
        "nothing",
    ],
)
def test_a_line_is_sound_when_it_is_as_long_as_told_and_makes_sense(lines: tuple[str, ...], entry: Entry) -> None:
    assert parse_listing((f"+CMGL: 1,1,,{OCTETS}", *lines)) == ([entry] if entry else [])


def test_a_listing_goes_through_all_storages_and_ends_at_the_chosen_one() -> None:
    profile = Profile(storages=("ME", "SM"), selected="ME")
    play = Play({"AT+CMGL=4": [f"+CMGL: 1,1,,{OCTETS}\n{ONE}\nOK", f"+CMGL: 1,0,,{OCTETS}\n{OTHER}\nOK"]})
    assert play.run(listing(profile)) == [Stored(Slot("SM", 1), ONE), Stored(Slot("ME", 1), OTHER)]
    assert profile.selected == "ME"
    assert play.said == ['AT+CPMS="SM"', "AT+CMGL=4", 'AT+CPMS="ME"', "AT+CMGL=4"]


def test_an_empty_listing_may_be_an_error() -> None:
    assert Play({"AT+CMGL=4": "+CMS ERROR: 321"}).run(listing(Profile(storages=("ME",), selected="ME"))) == []


def test_a_modem_that_hangs_in_listings_is_read_slot_by_slot() -> None:
    profile = Profile(storages=("ME",), selected="ME", size=9)
    read_5 = f"+CMGR: 0,,{OCTETS}\n{ONE}\nOK"
    play = Play({"AT+CMGL=4": None, "AT+CMGD=?": "+CMGD: (2,5-6),(0-4)\nOK", "AT+CMGR=5": read_5})
    assert play.run(listing(profile)) == [Stored(Slot("ME", 5), ONE)]
    assert profile.lists is False
    play = Play({"AT+CMGR=9": f"+CMGR: 0,,{OCTETS}\n{ONE}\nOK", "AT+CMGD=?": "ERROR"}, default="+CMS ERROR: 321")
    assert play.run(listing(profile)) == [Stored(Slot("ME", 9), ONE)]


@pytest.mark.parametrize(
    ("places", "count", "slots"),
    [
        ("+CMGD: (3,7,21-40),(0-4)\nOK", 22, [3, 7, *range(21, 41)]),
        ("+CMGD: (0-4)\nOK", 22, range(31)),  # these are its flags, not its slots
        ("+CMGD: (),(0-4)\nOK", 22, range(31)),
        ("ERROR", 22, range(31)),
        ("ERROR", 16, None),
        ("ERROR", 99, None),
    ],
)
def test_a_storage_with_many_texts_is_walked_through_where_they_may_be(
    places: str, count: int, slots: list[int] | None
) -> None:
    """None: it is listed, for there are few, or more than it says that it has places for."""
    profile, walks = Profile(storages=("ME",), selected="ME", sizes={"ME": 30}), list[Walk]()
    counted = ",".join([f'"ME",{count},30'] * 3)
    play = Play({"AT+CPMS?": f"+CPMS: {counted}\nOK", "AT+CMGD=?": places})
    play.run(listing(profile, walks))
    assert [list(walk.slots) for walk in walks] == ([] if slots is None else [list(slots)])
    assert ("AT+CMGL=4" in play.said) is (slots is None)
    assert profile.listed == (frozenset() if slots else {"ME"})


def test_a_modem_that_hangs_in_listings_is_walked_through_however_few_there_are() -> None:
    profile, walks = Profile(storages=("ME",), selected="ME", size=3), list[Walk]()
    play = Play({"AT+CMGL=4": None, "AT+CMGD=?": "ERROR", "AT+CMGR=2": f"+CMGR: 0,,{OCTETS}\n{ONE}\nOK"})
    assert play.run(listing(profile, walks)) == []
    (walk,) = walks
    found = []
    while not walk.over:
        found.append(play.run(stride(profile, walk)))
    assert found == [None, None, Stored(Slot("ME", 2), ONE), None]


def test_the_named_storage_is_selected_before_reading_and_deleting() -> None:
    profile = Profile(storages=("ME", "SM"), selected="ME")
    play = Play({"AT+CMGR=7": f"+CMGR: 0,,{OCTETS}\n{ONE}\nOK"})
    assert play.run(read(profile, Slot("SM", 7))) == Stored(Slot("SM", 7), ONE)
    assert play.run(empty(profile, Slot("SM", 7), None)) is True
    assert play.said == ['AT+CPMS="SM"', "AT+CMGR=7", "AT+CMGD=7"]


def test_a_storage_that_somebody_else_selected_is_noticed_by_a_look() -> None:
    profile = Profile(storages=("ME", "SM"), selected="ME")
    play = Play({"AT+CPMS?": '+CPMS: "SM",1,10,"SM",1,10,"SM",1,10\nOK', "AT+CMGR=7": f"+CMGR: 0,,{OCTETS}\n{ONE}\nOK"})
    play.run(room(profile))
    assert play.run(read(profile, Slot("ME", 7))) == Stored(Slot("ME", 7), ONE)
    assert play.said == ["AT+CPMS?", 'AT+CPMS="ME"', "AT+CMGR=7"]


@pytest.mark.parametrize("said", ["+CMS ERROR: 321", "OK", None, "+CMGR: 2,,9\n11AA\nOK"])
def test_nothing_to_read(said: str | None) -> None:
    profile = Profile(storages=("ME",), selected="ME")
    assert Play({"AT+CMGR=7": said}).run(read(profile, Slot("ME", 7))) is None


def test_deleting() -> None:
    profile = Profile(storages=("ME",), selected="ME")
    for said, done in (("OK", True), ("+CMS ERROR: 321", True), ("+CMS ERROR: 320", False), (None, False)):
        play = Play({"AT+CMGD=7": said}, default="ERROR")
        assert play.run(empty(profile, Slot("ME", 7), None)) is done
