"""What may be said about a TAP bureau, and what is refused."""

from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from gatewayd.channels.tap_settings import TapSettings


def settings(**values: object) -> TapSettings:
    return TapSettings(**({"name": "bureau", "end": "/dev/ttyS0"} | values))  # type: ignore[arg-type]


def test_the_defaults_go_by_the_kind_of_line() -> None:
    serial, dialled = settings(), settings(dial="0,01523530300")
    tcp = settings(end="tcp://192.0.2.7:10001")
    assert [each.parity for each in (serial, dialled, tcp)] == ["7E1", "7E1", "8N1"]
    assert [each.linger_s for each in (serial, dialled, tcp)] == [0, 0, 0.5]
    assert [each.n1 for each in (serial, dialled, tcp)] == [3, 10, 3]
    assert [each.reopen_s_max for each in (serial, dialled, tcp)] == [30, 600, 30]
    assert [each.look for each in (serial, dialled, tcp)] == ["call", "open", "call"]
    assert settings(dial="1", n1=20).n1 == 20


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"end": "ttyS0"}, "path from the root"),
        ({"end": "tcp://bureau"}, "tcp://host:port"),
        ({"end": "tcp://bureau:1", "parity": "7E1"}, "serial ports"),
        ({"dial": "5551000;H"}, "dial: 1 to 40 digits and signs for dialling"),
        ({"init": ("DROP",), "dial": "1"}, "begin with AT"),
        ({"init": ("AT\r\nATZ",)}, "begin with AT"),
        ({"init": ("",), "dial": "1"}, "begin with AT"),
        ({"numeric_pagers": ("47*",), "tone_pagers": ("47*", "48*")}, "47\\* stands in both"),
        ({"service": "PAGE"}, "three characters"),
        ({"password_file": "/a", "password_credential": "b"}, "one of them"),
        ({"linger_s": 3.5}, "75% of t4_s"),
        ({"chars_max": 8}, "greater than or equal to 16"),
        ({"numeric_pagers": ("4*7",)}, "match pattern"),
        ({"numeric_pagers": ("",)}, "at least 1"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_what_cannot_be_is_refused_in_words(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        settings(**values)


def test_the_number_and_the_password_are_not_repeated() -> None:
    assert "5551000" not in repr(settings(dial="5551000"))
    with pytest.raises(ValueError, match="password") as caught:
        settings().spoken(SecretStr("two words"))
    assert "two words" not in str(caught.value)
    assert settings().spoken(SecretStr("s3cret\n")).password == "s3cret"


def test_kinds_of_pagers() -> None:
    bureau = settings(numeric_pagers=("47*", "0815"), tone_pagers=("4700",))
    assert [bureau.kind_of(pager) for pager in ("4711", "0815", "08151", "4700", "1")] == [
        "numeric",
        "numeric",
        "alpha",
        "tone",
        "alpha",
    ]
