"""+CPOL: the card's list of preferred operators (3GPP TS 27.007 7.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwsim.at_line import READ, RUN, TEST, Request
from hwsim.at_radio import NUMERIC, OPERATOR_CODE
from hwsim.commands import ERROR, OK, Final, cme, command, whole

if TYPE_CHECKING:
    from hwsim.modem import Modem

PLACES = 8


@command("+CPOL")
def preferred(modem: Modem, request: Request) -> Final:
    """<index>[,<format>[,<oper>]]: without an operator the place is emptied, without a place the first free one is
    taken. Names are known of the own operator alone, so only codes are written."""
    if request.form == TEST:
        modem.info(f"+CPOL: (1-{PLACES}),(0-2)")
        return OK
    trouble = modem.sim_trouble()
    if trouble is not None or modem.sim is None:
        return cme(trouble or 10)
    listed = modem.sim.preferred
    if request.form == READ:
        for number, known in sorted(listed.items()):
            modem.info(f'+CPOL: {number},{NUMERIC},"{known}"')
        return OK
    if request.form == RUN:
        return ERROR
    place, form, code = [*request.values(), "", "", ""][:3]
    free = [empty for empty in range(1, PLACES + 1) if empty not in listed]
    try:
        at = whole(place, range(1, PLACES + 1)) if place else free[0]
        if form and whole(form, (0, 1, NUMERIC)) != NUMERIC:
            return cme(4)
    except ValueError:
        return cme(21)
    except IndexError:
        return cme(20)
    if not code:
        listed.pop(at, None)
    elif code.isascii() and code.isdigit() and len(code) in {len(OPERATOR_CODE), len(OPERATOR_CODE) + 1}:
        listed[at] = code
    else:
        return cme(50)
    return OK
