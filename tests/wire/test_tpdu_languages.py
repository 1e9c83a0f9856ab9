"""Texts in the languages of India and in Urdu, in seven bits with the national tables (TS 23.038 A.2.4 to A.3.13).

What stands at which code is written down here a second time, by the names of the letters: the scripts of India have
one order, and so have their tables.
"""

from __future__ import annotations

import unicodedata

import pytest

from gatewayd.wire.shift_tables import LOCKING, SINGLE
from gatewayd.wire.tpdu import Deliver, decode
from tests.wire.tpdu_builder import body7_codes, deliver

BENGALI, GUJARATI, HINDI, KANNADA, MALAYALAM, ORIYA, PUNJABI, TAMIL, TELUGU, URDU = range(4, 14)

LETTERS = {
    name: first + step
    for first, names in {
        0x03: "A AA I II U UU",
        0x10: "AI",
        0x14: "AU KA KHA GA GHA NGA CA",
        0x1C: "CHA JA JHA NYA",
        0x22: "TTA TTHA DDA DDHA NNA TA",
        0x2A: "THA DA",
        0x2D: "DHA",
        0x2F: "NA",
        0x3C: "NNNA PA PHA",
        0x40: "BA BHA MA YA RA RRA LA LLA LLLA VA SHA SSA SA HA",
    }.items()
    for step, name in enumerate(names.split())
}
VOWEL_SIGNS = {"AA": 0x50, "I": 0x51, "II": 0x52, "U": 0x53, "UU": 0x54, "AI": 0x5A, "AU": 0x5E}
SIGNS = {"CANDRABINDU": 0x00, "ANUSVARA": 0x01, "BINDI": 0x01, "VISARGA": 0x02, "NUKTA": 0x4E, "VIRAMA": 0x5F}
# The languages of the north have one E and one O, where those of the south have their long ones.
LONG = {"LETTER E": 0x0F, "LETTER O": 0x13, "VOWEL SIGN E": 0x59, "VOWEL SIGN O": 0x5D}
SHORT_AND_LONG = {
    "LETTER E": 0x0E, "LETTER EE": 0x0F, "LETTER O": 0x12, "LETTER OO": 0x13,
    "VOWEL SIGN E": 0x58, "VOWEL SIGN EE": 0x59, "VOWEL SIGN O": 0x5C, "VOWEL SIGN OO": 0x5D,
}  # fmt: skip
SOUTH = (KANNADA, MALAYALAM, TAMIL, TELUGU)
PLACES = {
    **{f"LETTER {name}": code for name, code in LETTERS.items()},
    **{f"VOWEL SIGN {name}": code for name, code in VOWEL_SIGNS.items()},
    **{f"SIGN {name}": code for name, code in SIGNS.items()},
}

# What the sentences need besides; above 0x7F an escaped code.
ESCAPED = 0x80
OWN: dict[int, dict[str, int]] = {
    BENGALI: {"\u09ce": 0x60, "\u09df": ESCAPED | 0x24},  # khanda ta, yya
    MALAYALAM: {"\u0d7b": ESCAPED | 0x30},  # chillu n
    PUNJABI: {"\u0a70": 0x7B},  # tippi
    URDU: {
        "\u0627": 0x00, "\u0622": 0x01, "\u0628": 0x02, "\u062a": 0x07, "\u062f": 0x1A, "\u0631": 0x25,
        "\u0679": 0x0B, "\u0645": 0x4E, "\u0646": 0x4F, "\u06ba": 0x50, "\u0648": 0x53, "\u06c1": 0x56,
        "\u06cc": 0x59, "\u06d4": ESCAPED | 0x3F,
    },
}  # fmt: skip
ASCII = {" ": 0x20, "!": 0x21, ")": 0x28, "(": 0x29, ",": 0x2C, ".": 0x2E, ":": 0x3A, ";": 0x3B, "?": 0x3F}

# "I am coming. 10 minutes" and the like.
SENTENCES = {
    BENGALI: "আমি আসছি, হঠাৎ সম\u09df নেই. 10 মিনিট",
    GUJARATI: "હું આવું છું. 10 મિનિટ",
    HINDI: "मैं आ रहा हूँ. 10 मिनट।",
    KANNADA: "ನಾನು ಬರುತ್ತಿದ್ದೇನೆ, ಗಾಡಿಯಲ್ಲಿ. 10 ನಿಮಿಷ",
    MALAYALAM: "ഞാൻ വരുന്നു. 10 മിനിറ്റ്",
    ORIYA: "ମୁଁ ଆସୁଛି. 10 ମିନିଟ୍",
    PUNJABI: "ਮੈਂ ਆ ਰਿਹਾ ਹਾਂ. 10 ਮਿੰਟ",
    TAMIL: "நான் வருகிறேன். 10 நிமிடம்",
    TELUGU: "నేను వస్తున్నాను. 10 నిమిషాలు",
    URDU: "میں آ رہا ہوں۔ 10 منٹ",
}


def septets_of(sentence: str, language: int) -> list[int]:
    septets: list[int] = []
    for sign in sentence:
        code = code_of(sign, language)
        septets += [0x1B, code & 0x7F] if code & ESCAPED else [code]
    return septets


def code_of(sign: str, language: int) -> int:
    if (own := OWN.get(language, {}).get(sign)) is not None:
        return own
    if sign == "।":
        return ESCAPED | 0x19
    if sign.isascii():
        return ASCII[sign] if sign in ASCII else ord(sign)  # digits and small letters
    _, name = unicodedata.name(sign).split(" ", 1)
    return ((SHORT_AND_LONG if language in SOUTH else LONG) | PLACES)[name]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_arrives_as_it_was_written(language: int) -> None:
    septets = septets_of(SENTENCES[language], language)
    header = bytes([0x25, 1, language, 0x24, 1, language])
    message = decode(deliver("+123", body7_codes(septets, header), udh=True))
    assert isinstance(message, Deliver)
    assert (message.text, message.note) == (SENTENCES[language], "")


@pytest.mark.parametrize("language", SENTENCES)
def test_a_latin_answer_among_foreign_tables(language: int) -> None:
    septets = [0x1B, 0x4F, 0x1B, 0x4B, 0x20, 0x31, 0x37, 0x20, *b"ok", 0x1B, 0x65, 0x0A]
    header = bytes([0x25, 1, language, 0x24, 1, language])
    message = decode(deliver("+123", body7_codes(septets, header), udh=True))
    assert isinstance(message, Deliver)
    assert (message.text, message.note) == ("OK 17 ok€\n", "")


@pytest.mark.parametrize("language", SENTENCES)
def test_the_tables_are_whole(language: int) -> None:
    script = {HINDI: "DEVANAGARI", PUNJABI: "GURMUKHI", URDU: "ARABIC"}.get(language)
    table = LOCKING[language]
    assert len(table) == 128
    assert (table[0x0A], table[0x0D], table[0x1B]) == ("\n", "\r", "\x1b")
    assert table[0x30:0x3C] + table[0x3F] == "0123456789:;?"
    signs = [sign for sign in table if not sign.isascii() and sign != "\ufffd"]
    assert len(signs) == len(set(signs)), "no letter stands twice"
    names = {unicodedata.name(sign).split()[0] for sign in signs}
    assert len(names) == 1
    assert script is None or names == {script}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_digits_of_each_script(language: int) -> None:
    codes = [0x19, 0x1A, *range(0x1C, 0x24)] if language == BENGALI else range(0x1C, 0x26)
    digits = [SINGLE[language][code] for code in codes]
    assert [unicodedata.decimal(digit) for digit in digits] == list(range(10))
    assert not set(digits) & set("0123456789")
    assert len({ord(digit) - at for at, digit in enumerate(digits)}) == 1, "of one script"


def test_a_code_without_a_letter_is_said() -> None:
    message = decode(deliver("+123", body7_codes([0x55, 0x6F, 0x6B], bytes([0x25, 1, TAMIL])), udh=True))
    assert isinstance(message, Deliver)
    assert message.text == "\ufffdok"
