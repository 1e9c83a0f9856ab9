"""SMS settings and stored messages (3GPP TS 27.005 3.2 - 3.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwsim import text_mode
from hwsim.at_line import READ, RUN, TEST, Request
from hwsim.commands import ERROR, OK, Final, at_once, cms, command, given, sms_trouble, whole
from hwsim.fields import INTERNATIONAL
from hwsim.sim import Slots, Stored

if TYPE_CHECKING:
    from hwsim.modem import Modem

SCA_DIGITS_MAX = 20


@command("+CSMS")
def service(modem: Modem, request: Request) -> Final:
    """Phase 2 or 2+ (27.005 3.2.1); 1 makes acknowledgement a duty."""
    if request.form == TEST:
        modem.info("+CSMS: (" + ",".join(str(value) for value in modem.personality.csms) + ")")
    elif request.form == READ:
        modem.info(f"+CSMS: {modem.settings.csms},1,1,1")
    else:
        try:
            modem.settings.csms = whole(request.args, modem.personality.csms)
        except ValueError:
            return cms(303)
        modem.info("+CSMS: 1,1,1")
    return OK


@command("+CMGF")
def message_format(modem: Modem, request: Request) -> Final:
    """PDU 0, text 1 (27.005 3.2.3)."""
    if request.form == TEST:
        modem.info("+CMGF: (0,1)")
    elif request.form == READ:
        modem.info(f"+CMGF: {int(modem.settings.text_mode)}")
    else:
        try:
            modem.settings.text_mode = bool(whole(given(modem, request, int(modem.settings.text_mode)), (0, 1)))
        except ValueError:
            return cms(305)
    return OK


@command("+CSCA")
def centre(modem: Modem, request: Request) -> Final:
    """Address of the SC, kept on the card (27.005 3.3.1)."""
    trouble = sms_trouble(modem)
    if request.form == TEST:
        return OK
    if trouble:
        return trouble
    assert modem.sim
    if request.form == READ:
        modem.info(f"+CSCA: {text_mode.sca_details(modem)}")
        return OK
    values = request.values()
    if request.form == RUN or not values:
        return _invalid(modem)  # <sca> is no parameter to be left out
    try:
        written = text_mode.uncoded(modem, values[0])
        kind = whole(values[1], range(128, 256)) if len(values) > 1 and values[1] else 0
    except ValueError:
        return _invalid(modem)
    digits = written.removeprefix("+")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= SCA_DIGITS_MAX):
        return cms(304)
    modem.sim.sca = ("+" if digits and (written.startswith("+") or kind == INTERNATIONAL) else "") + digits
    return OK


@command("+CSMP")
def text_parameters(modem: Modem, request: Request) -> Final:
    """First octet, validity, PID and DCS of text mode (27.005 3.3.2)."""
    first, validity, pid, dcs = modem.settings.csmp
    if request.form == TEST:
        modem.info("+CSMP: (0-255),(0-255),(0-255),(0-255)")
    elif request.form == READ:
        modem.info(f"+CSMP: {first},{validity},{pid},{dcs}")
    else:
        values = [*request.values(), "", "", "", ""][:4]
        try:
            byte = range(256)
            first = whole(values[0], byte) if values[0] else first
            validity = text_mode.validity(first, request.pieces()[1] if values[1] else validity)
            pid = whole(values[2], byte) if values[2] else pid
            dcs = whole(values[3], byte) if values[3] else dcs
        except ValueError:
            return cms(305)
        modem.settings.csmp = (first, validity, pid, dcs)
    return OK


@command("+CSDH")
def details(modem: Modem, request: Request) -> Final:
    """Whether text mode shows the header's details (27.005 3.3.3)."""
    if request.form == TEST:
        modem.info("+CSDH: (0,1)")
    elif request.form == READ:
        modem.info(f"+CSDH: {int(modem.settings.show_details)}")
    else:
        try:
            modem.settings.show_details = bool(whole(given(modem, request, int(modem.settings.show_details)), (0, 1)))
        except ValueError:
            return cms(305)
    return OK


_MIDS = re.compile(r"[0-9,-]*", re.ASCII)


@command("+CSCB")
def broadcasts(modem: Modem, request: Request) -> Final:
    """Which cell broadcasts are wanted (27.005 3.3.4); kept, for none is ever sent."""
    mode, mids, schemes = modem.settings.broadcasts
    if request.form == TEST:
        modem.info("+CSCB: (0,1)")
    elif request.form == READ:
        modem.info(f'+CSCB: {mode},"{mids}","{schemes}"')
    else:
        values = request.values()
        try:
            mode = whole(given(modem, request, mode), (0, 1))
        except ValueError:
            return cms(303)
        mids = values[1] if len(values) > 1 else mids
        schemes = values[2] if len(values) > 2 else schemes
        if not (_MIDS.fullmatch(mids) and _MIDS.fullmatch(schemes)):
            return cms(303)
        modem.settings.broadcasts = (mode, mids, schemes)
    return OK


@command("+CSAS", "+CRES")
def settings_stored(modem: Modem, request: Request) -> Final:
    """+CSMP and +CSCB are kept, or come back (27.005 3.3.5, 3.3.6); there is one place for them. The SC address is on
    the card anyway."""
    if request.form == TEST:
        modem.info(f"{request.name}: (0)")
        return OK
    if request.args not in {"", "0"}:
        return _invalid(modem)
    kept, now = modem.stored_profile, modem.settings
    source, target = (now, kept) if request.name == "+CSAS" else (kept, now)
    target.csmp, target.broadcasts = source.csmp, source.broadcasts
    return OK


@command("+CMMS")
def more_messages(modem: Modem, request: Request) -> Final:
    """Keeps the relay link open (27.005 3.5.6)."""
    if request.form == TEST:
        modem.info("+CMMS: (0,1,2)")
    elif request.form == READ:
        modem.link.up(modem.settings, modem.loop.time())
        modem.info(f"+CMMS: {modem.settings.cmms}")
    else:
        try:
            modem.settings.cmms = whole(given(modem, request, modem.settings.cmms), (0, 1, 2))
            modem.link.end()
        except ValueError:
            return cms(305)
    return OK


@command("+CGSMS")
def bearer(modem: Modem, request: Request) -> Final:
    """27.007 10.1.21."""
    if request.form == TEST:
        modem.info("+CGSMS: (0-3)")
    elif request.form == READ:
        modem.info(f"+CGSMS: {modem.settings.cgsms}")
    else:
        try:
            modem.settings.cgsms = whole(given(modem, request, modem.settings.cgsms, 3), (0, 1, 2, 3))
        except ValueError:
            return ERROR
    return OK


@command("+CNMI")
def notifications(modem: Modem, request: Request) -> Final:
    """27.005 3.4.1. What a type of modem advertises and what it takes need not be the same."""
    if request.form == TEST:
        modem.info(f"+CNMI: {modem.personality.cnmi_test}")
        return OK
    if request.form == READ:
        modem.info("+CNMI: " + ",".join(str(value) for value in modem.settings.cnmi))
        return OK
    values = request.values()
    if len(values) > 5:
        return cms(303)
    forgets = request.form == RUN and modem.personality.bare_resets
    wanted = list(modem.personality.cnmi_default if forgets else modem.settings.cnmi)
    try:
        for place, value in enumerate(values):
            if value:
                wanted[place] = whole(value, modem.personality.cnmi_takes[place])
    except ValueError:
        return cms(303)
    modem.settings.cnmi = tuple(wanted)
    modem.arrivals.notifications_set()
    return OK


def _slots(modem: Modem, memory: str) -> list[tuple[str, Slots]]:
    """The memories behind a name; MT is ME and SM together."""
    assert modem.sim
    both = [("ME", modem.me), ("SM", modem.sim.slots)]
    return {"MT": both, "SM": both[1:], "SR": [("SR", modem.sr)]}.get(memory, both[:1])


def _usage(modem: Modem, memory: str) -> tuple[int, int]:
    stores = _slots(modem, memory)
    return sum(len(slots.stored) for _, slots in stores), sum(slots.size for _, slots in stores)


@command("+CPMS")
def memories(modem: Modem, request: Request) -> Final:
    """Preferred storages for reading, writing and receiving (27.005 3.2.2)."""
    kind = modem.personality
    if request.form == TEST:
        names = "(" + ",".join(f'"{name}"' for name in kind.stores) + ")"
        written = "(" + ",".join(f'"{name}"' for name in kind.stores if name != "SR") + ")"
        modem.info(kind.cpms_test or f"+CPMS: {names},{written},{written}")
        return OK
    trouble = sms_trouble(modem)
    if trouble:
        return trouble
    if request.form == READ:
        triples = []
        for name in modem.settings.memories:
            used, total = _usage(modem, name)
            triples.append(f'"{name}",{used},{total}')
        modem.info("+CPMS: " + ",".join(triples[: kind.cpms_names]))
        return OK
    values = request.values()
    if not 1 <= len(values) <= kind.cpms_names:
        return cms(302)
    chosen = list(modem.settings.memories)
    for place, value in enumerate(values):
        if value and (value not in kind.stores or (place > 0 and value == "SR")):
            return cms(302)
        chosen[place] = value or chosen[place]
    modem.settings.memories = (chosen[0], chosen[1], chosen[2])
    numbers = []
    for name in modem.settings.memories[: kind.cpms_names]:
        numbers += [str(number) for number in _usage(modem, name)]
    modem.info("+CPMS: " + ",".join(numbers))
    modem.arrivals.deleted()
    return OK


def located(modem: Modem, index: int) -> tuple[Slots, int] | None:
    """The slot behind an index of mem1; in MT the card's indexes follow those of the modem."""
    for _, slots in _slots(modem, modem.settings.memories[0]):
        if slots.valid(index):
            return slots, index
        index -= slots.size
    return None


def listed(modem: Modem) -> list[tuple[int, Slots, int, Stored]]:
    """What mem1 holds: shown index, slots, own index, message."""
    found = []
    offset = 0
    for _, slots in _slots(modem, modem.settings.memories[0]):
        found += [(offset + index, slots, index, message) for index, message in slots.listed()]
        offset += slots.size
    return found


@command("+CMGL")
def list_messages(modem: Modem, request: Request) -> Final | None:
    """27.005 3.4.2 and 4.1: what was unread is read afterwards. Faults: see `_spoilt_listing`."""
    if request.form == TEST:
        words = ",".join(f'"{word}"' for word in text_mode.STATS)
        modem.info(f"+CMGL: ({words})" if modem.settings.text_mode else "+CMGL: (0-4)")
        return OK
    trouble = sms_trouble(modem)
    if trouble:
        return trouble
    spoilt = _spoilt_listing(modem)
    if spoilt == "hang":
        return None
    values = request.values()
    try:
        keep_unread = _keep_unread(modem, values)
    except BadMode:
        return _invalid(modem)
    if modem.settings.text_mode:
        word = values[0] if values else "REC UNREAD"
        if word not in text_mode.STATS:
            return cms(305)
        stat = text_mode.STATS.index(word)
    else:
        try:
            stat = whole(values[0] if values else "0", range(5))
        except ValueError:
            return cms(304)
    lines = []
    for index, _, _, message in listed(modem):
        if stat in {4, message.stat}:
            lines.append(text_mode.cmgl(modem, index, message))
            if message.stat == 0 and not keep_unread:
                message.stat = 1
    if lines and spoilt == "header_only":  # a message is being written at this moment
        lines[-1] = lines[-1].partition("\r\n")[0]
    elif spoilt == "fake":
        lines += [f"+CMGL: {index + 100},0,,0\r\n" for index in range(3)]
    if lines:
        modem.info("\r\n".join(lines))
    return OK


class BadMode(Exception):
    """A last parameter of +CMGR or +CMGL that this type of modem does not take."""


def _keep_unread(modem: Modem, values: list[str]) -> bool:
    """<mode> 1 of the types that have one; raises BadMode."""
    if len(values) < 2:
        return False
    if not modem.personality.keeps_unread or values[1:] not in (["0"], ["1"]):
        raise BadMode
    return values[1] == "1"


def _invalid(modem: Modem) -> Final:
    return cms(305 if modem.settings.text_mode else 304)


def _spoilt_listing(modem: Modem) -> str:
    """How a fault spoils this listing: hang (no answer until a reset), header_only, fake (places with nothing in
    them)."""
    how = ""
    for rule in [*modem.network.rules, *modem.rules]:
        if rule.kind == "listing" and rule.strikes(None, modem.dice):
            how = rule.options.get("how", "header_only")
    return how


@command("+CMGR")
def read_message(modem: Modem, request: Request) -> Final:
    """27.005 3.4.3 and 4.2."""
    if (answer := at_once(modem, request)) is not None:
        return answer
    values = request.values()
    try:
        keep_unread = _keep_unread(modem, values)
        place = located(modem, whole(values[0]))
    except BadMode:
        return _invalid(modem)
    except (ValueError, IndexError):
        return cms(321)
    message = place[0].stored.get(place[1]) if place else None
    if message is None:
        code = modem.personality.empty_read_cms
        return OK if code is None and place else cms(code or 321)
    modem.info(text_mode.cmgr(modem, message))
    if message.stat == 0 and not keep_unread:
        message.stat = 1
    return OK


@command("+CMGD")
def delete_message(modem: Modem, request: Request) -> Final | None:
    """27.005 3.5.4: one message, or those that <delflag> names."""
    trouble = sms_trouble(modem)
    if trouble:
        return trouble
    if request.form == TEST:
        used = ",".join(str(index) for index, _, _, _ in listed(modem))
        modem.info(f"+CMGD: ({used}),(0-4)")
        return OK
    values = request.values()
    try:
        index = whole(values[0])
        flag = whole(values[1], range(5)) if len(values) > 1 else 0
    except (ValueError, IndexError):
        return cms(304)
    final = _delete_one(modem, index) if flag == 0 else _delete_many(modem, flag)
    modem.arrivals.deleted()
    if modem.personality.slow_delete_s:
        modem.loop.call_later(modem.personality.slow_delete_s, modem.finish_later, modem.run, final)
        return None
    return final


def _delete_one(modem: Modem, index: int) -> Final:
    place = located(modem, index)
    if not place:
        return cms(321)
    if place[0].stored.pop(place[1], None) is None and modem.personality.empty_delete_cms:
        return cms(modem.personality.empty_delete_cms)
    return OK


def _delete_many(modem: Modem, flag: int) -> Final:
    """1 read, 2 and sent, 3 and unsent, 4 all."""
    doomed = {1: {1}, 2: {1, 3}, 3: {1, 2, 3}, 4: {0, 1, 2, 3}}[flag]
    for _, slots, own, message in listed(modem):
        if message.stat in doomed:
            del slots.stored[own]
    return OK
