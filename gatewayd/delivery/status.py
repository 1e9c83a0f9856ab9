"""What TP-Status says (3GPP TS 23.040 9.2.3.15), in the words of the delivery rules."""

from __future__ import annotations

from typing import Literal

StatusClass = Literal["delivered", "forwarded", "replaced", "pending", "failed", "gave_up"]


def status_class(tp_st: int) -> StatusClass:
    """The class of a TP-ST octet.

    delivered: the phone has it. forwarded: done, but nobody can say whether the phone has it (also the reserved and the
    operator's own codes of that range). replaced: done, a later text took its place. pending: the service centre still
    tries; never close on it. failed: final, another try is of no use. gave_up: final, another try may succeed (also
    every reserved code above 0x7F). ValueError outside 0 to 255.
    """
    if not 0 <= tp_st <= 0xFF:
        raise ValueError(f"TP-Status {tp_st} is not an octet")
    if tp_st == 0x00:
        return "delivered"
    if tp_st == 0x02:
        return "replaced"
    if tp_st < 0x20:
        return "forwarded"
    if tp_st < 0x40:
        return "pending"
    if tp_st < 0x60:
        return "failed"
    return "gave_up"
