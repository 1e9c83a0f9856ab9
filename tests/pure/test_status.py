"""TP-Status in classes (3GPP TS 23.040 9.2.3.15)."""

from __future__ import annotations

import pytest

from gatewayd.delivery.status import status_class


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0x00, 0x00, "delivered"),
        (0x01, 0x01, "forwarded"),
        (0x02, 0x02, "replaced"),
        (0x03, 0x1F, "forwarded"),
        (0x20, 0x3F, "pending"),
        (0x40, 0x5F, "failed"),
        (0x60, 0x7F, "gave_up"),
        (0x80, 0xFF, "gave_up"),
    ],
)
def test_every_octet_has_its_class(first: int, last: int, expected: str) -> None:
    assert {status_class(tp_st) for tp_st in range(first, last + 1)} == {expected}


@pytest.mark.parametrize("tp_st", [-1, 256])
def test_what_is_no_octet_is_refused(tp_st: int) -> None:
    with pytest.raises(ValueError, match="not an octet"):
        status_class(tp_st)
