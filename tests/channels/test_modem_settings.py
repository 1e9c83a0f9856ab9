"""What an operator may write, and what the house makes of a pace."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from gatewayd.channels.modem_pace import Backoff, Duty, Pace
from gatewayd.channels.modem_settings import ModemSettings, checked_pin


@pytest.mark.parametrize("port", ["/dev/serial/by-id/x-if02", "unix:/run/x", "tcp://10.0.0.1:2001", "tcp://[::1]:2001"])
def test_ports(port: str) -> None:
    assert ModemSettings(name="m1", port=port).port == port


@pytest.mark.parametrize("port", ["ttyUSB0", "tcp://host", "tcp://:1", "tcp://h:99999", "unix:x", ""])
def test_no_ports(port: str) -> None:
    with pytest.raises(ValidationError):
        ModemSettings(name="m1", port=port)


@pytest.mark.parametrize("value", [{"speed": 1}, {"baud": 1}, {"name": "a b"}, {"smsc": "x"}, {"submit_wait_s": 0}])
def test_no_settings(value: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ModemSettings(**({"name": "m1", "port": "/dev/x"} | value))  # type: ignore[arg-type]


def test_pins() -> None:
    assert checked_pin(SecretStr(" 1234\n")) == "1234"
    assert checked_pin(None) is None
    for bad in ("123", "12345678901", "12a4", '12"4', "١٢٣٤"):
        with pytest.raises(ValueError, match="4 to 8 digits") as refused:
            checked_pin(SecretStr(bad))
        assert bad not in str(refused.value)


def test_a_burst_and_then_a_steady_pace() -> None:
    pace = Pace(60.0, 3)
    for _ in range(3):
        assert pace.next_at(100.0) <= 100.0
        pace.sent(100.0)
    assert pace.next_at(100.0) == pytest.approx(101.0)
    assert Pace(None, 3).next_at(5.0) == 5.0


def test_back_off(tmp_path: Path) -> None:
    backoff = Backoff(30.0)
    waits = [backoff.after_loss() for _ in range(12)]
    assert waits[:3] == [0.1, 0.2, 0.4]
    assert waits[-1] == 30.0
    assert backoff.after_failure(tmp_path / "none") == 1.0
    assert backoff.after_failure(None) <= 2.0
    backoff.reset()
    assert backoff.after_loss() == 0.1


def test_a_duty_asked_for_often_keeps_its_distance() -> None:
    duty = Duty(spacing_s=1.0)
    duty.begin(10.0, again_s=60.0)
    duty.ask(10.1)
    assert duty.at == 11.0
    duty.ask(10.2, in_s=5.0)
    assert duty.at == 11.0
    duty.begin(11.0, again_s=60.0)
    assert duty.at == 71.0
