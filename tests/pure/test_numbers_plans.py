"""Numbers of real countries: what is right abroad is never refused, what has a prefix too many is never accepted.

Numbers are from the ranges for drama and documentation where a country has some, else plainly made up.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gatewayd.numbers import Dialling, NumberError, normalise


@dataclass(frozen=True)
class Plan:
    """What is dialled at home before a number and for abroad, what numbers look like, and some of them."""

    code: str
    trunk: str
    abroad: str | None  # None: the digits of a carrier belong to it
    form: str
    numbers: tuple[str, ...]

    @property
    def dialling(self) -> Dialling:
        return Dialling(self.code, self.trunk)


PLANS = {
    "Russia": Plan("7", "8", "810", "[3489][0-9]{9}", ("9123456789", "8121234567", "8632123456", "8005553535")),
    "Kazakhstan": Plan("7", "8", "810", "7[0-7][0-9]{8}", ("7012345678", "7172123456", "7771234567")),
    "Italy, landline": Plan(
        "39", "", "00", "0[1-9][0-9]{5,8}", ("0612345678", "0212345678", "031123456", "0390123456")
    ),
    "Italy, mobile": Plan("39", "", "00", "3[2-9][0-9]{8}", ("3471234567", "3912345678", "3901234567")),
    "Hungary": Plan("36", "06", "00", "[1-9][0-9]{7,8}", ("201234567", "11234567", "62123456", "601234567")),
    "United States": Plan("1", "1", "011", "[2-9][0-9]{2}555[0-9]{4}", ("2025550123", "8005550199")),
    "Canada": Plan("1", "1", "011", "[2-9][0-9]{2}555[0-9]{4}", ("6135550123", "5145550199")),
    "Germany": Plan("49", "0", "00", "[1-9][0-9]{5,10}", ("15123456789", "17139200123", "3023125123", "491123456")),
    "United Kingdom": Plan("44", "0", "00", "[1-9][0-9]{8,9}", ("7700900123", "2079460123", "1632960123", "441632960")),
    "France": Plan("33", "0", "00", "[1-9][0-9]{8}", ("639980123", "199001234", "333123456")),
    "Spain": Plan("34", "", "00", "[5-9][0-9]{8}", ("612345678", "912345678")),
    "Norway": Plan("47", "", "00", "[2-79][0-9]{7}", ("47123456", "21555123", "91234567")),
    "Lithuania": Plan("370", "0", "00", "[3-9][0-9]{7}", ("61234567", "52123456", "80012345")),
    "Lithuania, formerly": Plan("370", "8", "00", "[3-9][0-9]{7}", ("61234567", "52123456", "80012345", "87123456")),
    "Australia": Plan("61", "0", "0011", "[2-478][0-9]{8}", ("491570156", "255501234", "361555123")),
    "Japan": Plan(
        "81", "0", "010", "(?:[2-9][0-9]|1[1-9])[0-9]{7,8}", ("9012345678", "312345678", "112345678", "8112345678")
    ),
    "Brazil": Plan(
        "55", "0", None, "[1-9][1-9](?:9[0-9]{8}|[2-5][0-9]{7})", ("11912345678", "1131234567", "5531234567")
    ),
    "Belarus": Plan("375", "8", "810", "(?:29|33|44|17)[0-9]{7}", ("291234567", "171234567")),
    "Belarus, with its 0": Plan("375", "80", "810", "(?:29|33|44|17)[0-9]{7}", ("291234567", "171234567")),
    "Uzbekistan": Plan("998", "8", "00", "[6-9][0-9]{8}", ("881234567", "901234567")),
    "Argentina": Plan("54", "0", "00", "9?[1-3][0-9]{9}", ("91123456789", "1123456789")),
    "Ivory Coast": Plan("225", "", "00", "(?:01|05|07|27)[0-9]{8}", ("0712345678", "2712345678")),
}
DIALLINGS = [Dialling(), *{plan.dialling: None for plan in PLANS.values()}]
plans = st.sampled_from(list(PLANS))
diallings = st.sampled_from(DIALLINGS)
CASES = [(name, number) for name, plan in PLANS.items() for number in plan.numbers]
TRUNKS = [name for name, plan in PLANS.items() if plan.trunk]


@st.composite
def numbers(draw: st.DrawFn, of: st.SearchStrategy[str] = plans) -> tuple[Plan, str]:
    """A country and a national number of it, without its trunk prefix."""
    plan = PLANS[draw(of)]
    return plan, draw(st.one_of(st.from_regex(plan.form, fullmatch=True), st.sampled_from(plan.numbers)))


@st.composite
def spelt(draw: st.DrawFn, digits: str) -> str:
    """The same digits with what people put between them."""
    between = draw(st.lists(st.sampled_from(["", "", "", " ", "-", ".", "/", "\u00a0"]), min_size=20, max_size=20))
    return "".join(digit + between[i % 20] for i, digit in enumerate(digits))


def refused(number: str, dialling: Dialling) -> bool:
    try:
        normalise(number, dialling)
    except NumberError:
        return True
    return False


@pytest.mark.parametrize("dialling", DIALLINGS)
@pytest.mark.parametrize(("country", "number"), CASES)
def test_a_right_number_is_taken_wherever_we_are(country: str, number: str, dialling: Dialling) -> None:
    full = f"+{PLANS[country].code}{number}"
    assert normalise(full, dialling) == full


@pytest.mark.parametrize(("country", "number"), CASES)
def test_at_home_it_is_dialled_without_the_country(country: str, number: str) -> None:
    plan = PLANS[country]
    assert normalise(plan.trunk + number, plan.dialling) == f"+{plan.code}{number}"


@given(numbers(), diallings, st.data())
def test_a_right_number_however_it_is_spelt(number: tuple[Plan, str], dialling: Dialling, data: st.DataObject) -> None:
    plan, national = number
    full = f"+{plan.code}{national}"
    assert normalise(data.draw(spelt(full)), dialling) == full
    assert normalise(data.draw(spelt(plan.trunk + national)), plan.dialling) == full
    assert normalise(f"(+{plan.code}) {national}", dialling) == full


@given(numbers(), plans)
def test_abroad_is_dialled_as_it_is_dialled_here(number: tuple[Plan, str], home: str) -> None:
    """ "011", "010", "8 10" and "0011" are read where they are dialled; nowhere do they become part of a number."""
    plan, national = number
    digits, here = plan.code + national, PLANS[home]
    if here.abroad is not None:
        assert normalise(here.abroad + digits, here.dialling) == "+" + digits
    if here.abroad != "00":
        assert refused("00" + digits, here.dialling) or (here.abroad or "?").startswith("00")
    assert normalise("00" + digits) == "+" + digits, "without a country here, as in most of the world"


@given(numbers(st.sampled_from(TRUNKS)), diallings)
def test_a_trunk_prefix_after_the_country_code_is_refused(number: tuple[Plan, str], dialling: Dialling) -> None:
    plan, national = number
    written = f"+{plan.code} {plan.trunk} {national}"
    assume(plan.code != "998")  # its old 8 is told apart by the length; see below
    assert refused(written, dialling)
    assert refused(written, plan.dialling)
    assert refused(f"+{plan.code} ({plan.trunk}{national[:2]}) {national[2:]}", plan.dialling)


@given(numbers(st.sampled_from(TRUNKS)))
def test_a_trunk_prefix_twice_is_refused(number: tuple[Plan, str]) -> None:
    plan, national = number
    assume(plan.trunk != "0")  # "00" leads abroad
    assert refused(plan.trunk * 2 + national, plan.dialling)


@given(numbers())
def test_a_number_without_its_trunk_prefix_or_its_plus_is_refused(number: tuple[Plan, str]) -> None:
    plan, national = number
    assume(not plan.trunk or not national.startswith(plan.trunk))
    if plan.trunk:
        assert refused(national, plan.dialling)
    assume(not plan.code.startswith(plan.trunk) or not plan.trunk)
    assume(not (plan.code == "39" and len(national) < 9))  # "39 031 12345" may be a mobile of 390
    assert refused(plan.code + national, plan.dialling)


@pytest.mark.parametrize(
    ("here", "written"),
    [
        (Dialling("7", "8"), "+7 8 912 345 67 89"),
        (Dialling("7", "8"), "+7 (8) 912 345 67 89"),
        (Dialling("7", "8"), "+8 912 345 67 89"),  # the trunk prefix in place of the country
        (Dialling("7", "8"), "+810 44 7700 900123"),
        (Dialling("7", "8"), "7 912 345 67 89"),
        (Dialling("7", ""), "8 912 345 67 89"),  # the trunk prefix has not been told
        (Dialling("44", ""), "07700 900123"),
        (Dialling("1", ""), "1 202 555 0123"),
        (Dialling("1", "1"), "202 555 0123"),
        (Dialling("1", "1"), "+1 011 44 7700 900123"),
        (Dialling("1", "1"), "0044 7700 900123"),
        (Dialling("1", "1"), "+1 1 202 555 0123"),
        (Dialling("1", "1"), "+1 202 555 012"),
        (Dialling("39", ""), "39 347 1234567"),
        (Dialling("39", ""), "39 06 12345678"),
        (Dialling("39", ""), "+39 (0)6 1234 5678"),  # the 0 belongs to it: nobody knows what was meant
        (Dialling("39", ""), "+39 (0)347 1234567"),
        (Dialling("39", "0"), "06 1234 5678"),  # there is no such prefix: the 0 would be lost
        (Dialling("36", "06"), "+36 06 20 123 4567"),
        (Dialling("36", "06"), "+36 (06) 20 123 4567"),
        (Dialling("34", ""), "34 612 345 678"),
        (Dialling("45", ""), "45 12 34 56 78"),
        (Dialling("47", ""), "47 912 34 567"),
        (Dialling("372", ""), "372 5123 4567"),
        (Dialling("34", ""), "+34 0612 345 678"),
        (Dialling("370", "0"), "8 612 34567"),
        (Dialling("370", "8"), "0 612 34567"),
        (Dialling("370", "0"), "+370 8 612 34567"),
        (Dialling("375", "80"), "+375 80 29 123 45 67"),
        (Dialling("375", "8"), "+375 8 029 123 45 67"),
        (Dialling("375", "8"), "+375 8 29 123 45 67"),
        (Dialling("998", "8"), "+998 8 90 123 45 67"),
        (Dialling("81", "0"), "0033 010 44 7700 900123"),
        (Dialling("81", "0"), "+81 090 1234 5678"),
        (Dialling("55", "0"), "0 15 11 91234 5678"),  # 15 is a carrier
        (Dialling("55", "0"), "00 15 44 7700 900123"),
        (Dialling("55", "0"), "+55 15 11 91234 5678"),
        (Dialling("54", "0"), "011 15 2345 6789"),  # a mobile as it is dialled at home
        (Dialling("82", "0"), "002 44 7700 900123"),
        (Dialling("4", "0"), "07700 900123"),
        (Dialling("440", ""), "7700 900123"),
        (Dialling(), "0011 44 7700 900123"),
        (Dialling(), "+44 7700 90(0)0123"),
        (Dialling(), "+4 (0)7700 900123"),
        (Dialling(), "+ (0)44 7700 900123"),
        (Dialling(), "+44 07700 900123"),
        (Dialling("39", ""), "+44 07700 900123"),
        (Dialling(), "+289 7700 900123"),
        (Dialling(), "+899 7700 900123"),
    ],
)
def test_what_cannot_be_a_number_is_refused(here: Dialling, written: str) -> None:
    with pytest.raises(NumberError) as refusal:
        normalise(written, here)
    assert "900123" not in str(refusal.value), "the number is not repeated"


@pytest.mark.parametrize(
    ("here", "written", "full"),
    [
        (Dialling("7", "8"), "8 (812) 123-45-67", "+78121234567"),
        (Dialling("7", "8"), "8-800-555-35-35", "+78005553535"),
        (Dialling("7", "8"), "8 10 44 7700 900123", "+447700900123"),
        (Dialling("1", "1"), "1 (202) 555-0123", "+12025550123"),
        (Dialling("1", ""), "(202) 555-0123", "+12025550123"),
        (Dialling("1", "1"), "011 44 7700 900123", "+447700900123"),
        (Dialling("81", "0"), "010 44 7700 900123", "+447700900123"),
        (Dialling("81", "0"), "010-1-202-555-0123", "+12025550123"),
        (Dialling("61", "0"), "0011 44 7700 900123", "+447700900123"),
        (Dialling("39", "0"), "+39 06 1234 5678", "+390612345678"),  # whatever was told of the prefix
        (Dialling("39", ""), "(+39) 347 1234567", "+393471234567"),
        (Dialling("39", ""), "(0039) 347 1234567", "+393471234567"),
        (Dialling("39", ""), "393 123 4567", "+393931234567"),
        (Dialling("36", "06"), "06 (20) 123 4567", "+36201234567"),
        (Dialling("49", "0"), "0491 123456", "+49491123456"),
        (Dialling("44", "0"), "(0)7700 900123", "+447700900123"),
        (Dialling("44", "0"), "0044 (0)7700 900123", "+447700900123"),
        (Dialling("39", ""), "+44 (0) 7700 900123", "+447700900123"),
        (Dialling(), "+44(0)7700900123", "+447700900123"),
        (Dialling("1", "1"), "011 44 (0)7700 900123", "+447700900123"),
        (Dialling("91", "0"), "+91 (0)98765 43210", "+919876543210"),
    ],
)
def test_what_is_clear_is_normalised(here: Dialling, written: str, full: str) -> None:
    assert normalise(written, here) == full


@given(st.text(alphabet="0123456789+() -", max_size=22), diallings, diallings)
def test_what_is_normal_is_normal_everywhere(text: str, here: Dialling, there: Dialling) -> None:
    try:
        number = normalise(text, here)
    except NumberError:
        return
    assert normalise(number, there) == number
