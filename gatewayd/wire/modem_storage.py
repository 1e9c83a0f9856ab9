"""The message storages of a modem: choosing, listing, reading, deleting (3GPP TS 27.005 3.2.2, 3.3.2, 3.4.2-3.5.4).

A slot is named by storage and index. Everything here is read-only for the texts but `delete`, which the shell asks
for only after the house has committed the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.modem_errors import number_of
from gatewayd.wire.modem_profile import Profile, Wishes, fields, number
from gatewayd.wire.modem_steps import Dialogue, Listen, NoTexts, Unusable

BUSY_TRIES = 10  # a second each
SLOTS_MAX = 1024
_BUSY = {(Kind.CME, 14), (Kind.CMS, 314), (Kind.CME, 515), (Kind.CME, 256), (Kind.CMS, 302), (Kind.CME, 536)}
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


@dataclass(frozen=True, slots=True)
class Slot:
    storage: str
    index: int


@dataclass(frozen=True, slots=True)
class Stored:
    slot: Slot
    pdu: str


def choose(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    """Select where texts are kept; raises Unusable for a device that keeps none."""
    test: Result = yield from _patiently(Command("AT+CPMS=?", prefix=("+CPMS:",), timeout_s=10.0))
    groups = parse_storages(test.lines[0]) if test.ok and test.lines else [["ME", "SM"]]
    if not any(groups):
        advice = profile.habits.advice
        raise NoTexts(f"this device offers no SMS storage over this port{f': {advice}' if advice else ''}")
    order = list(dict.fromkeys([*([wishes.storage] if wishes.storage else []), *profile.habits.storages]))
    names = [name for name in order if name in groups[0]] or groups[0][:1]
    for name in names:
        if (yield from _select_all(profile, name, groups)) and (profile.size != 0 or name == names[-1]):
            break
    else:
        raise Unusable("no SMS storage can be selected", by_human=False)
    # A text of class 2 lands on the SIM whatever was chosen.
    extra = [other for other in ("SM", "ME") if other != profile.selected and profile.selected != "MT"]
    profile.storages = (profile.selected, *(other for other in extra if other in groups[0]))
    if "SR" in groups[0]:
        profile.storages += ("SR",)


def parse_storages(line: str) -> list[list[str]]:
    """The names for <mem1>, <mem2>, <mem3>: nested, flat, or with fewer than three lists."""
    groups = [re.findall(r'"(\w+)"', group) for group in re.findall(r"\(([^()]*)\)", line)]
    return groups[:3] or [re.findall(r'"(\w+)"', line)]


def _select_all(profile: Profile, name: str, groups: list[list[str]]) -> Dialogue[bool]:
    """Set as many of the three as this modem takes."""
    receive = name if len(groups) < 3 or name in groups[2] else groups[2][0] if groups[2] else name
    write = name if len(groups) < 2 or name in groups[1] else groups[1][0] if groups[1] else name
    sets = [(name, write, receive), (name, write), (name,)]
    if len(groups) == 2:
        sets = [*sets[1:], sets[0]]
    for names in sets:
        text = ",".join(f'"{each}"' for each in names)
        # Filling a storage with dummies takes a TC35 half a minute.
        result = yield from _patiently(Command(f"AT+CPMS={text}", prefix=("+CPMS:",), timeout_s=40.0))
        if result.ok:
            profile.selected = name
            _note_room(profile, result)
            return True
    return False


def _patiently(command: Command) -> Dialogue[Result]:
    for _ in range(BUSY_TRIES):
        result: Result = yield command
        if number_of(result) not in _BUSY:
            break
        yield Listen(1.0)
    return result


def _note_room(profile: Profile, result: Result) -> None:
    values = [number(value) for value in fields(result.lines[0])] if result.lines else []
    if len(values) >= 2:
        profile.used, profile.size = values[0], values[1]


def select(profile: Profile, storage: str) -> Dialogue[bool]:
    """Make it <mem1>."""
    if profile.selected == storage:
        return True
    result: Result = yield Command(f'AT+CPMS="{storage}"', prefix=("+CPMS:",), timeout_s=15.0)
    if result.ok:
        profile.selected = storage
        if storage == profile.storages[0]:
            _note_room(profile, result)
    return result.ok


def room(profile: Profile) -> Dialogue[None]:
    """Note how full the chosen storage is."""
    yield from select(profile, profile.storages[0])
    result: Result = yield Command("AT+CPMS?", prefix=("+CPMS:",))
    values = fields(result.lines[0]) if result.lines else []
    if len(values) >= 3 and values[0] == profile.storages[0]:
        profile.used, profile.size = number(values[1]), number(values[2])


def listing(profile: Profile) -> Dialogue[list[Stored]]:
    """All texts and reports in all storages, the chosen one last so that it stays selected."""
    found: list[Stored] = []
    profile.listing_complete = True
    for storage in reversed(profile.storages):
        if not (yield from select(profile, storage)):
            profile.listing_complete = profile.listing_complete and storage != profile.storages[0]
            continue
        result = Result(Kind.TIMEOUT)
        if profile.lists:
            result = yield Command("AT+CMGL=4", prefix=("+CMGL:",), bare=True, timeout_s=20.0)
            if number_of(result) in _BUSY:
                profile.listing_complete = False
            found += [Stored(Slot(storage, index), pdu) for index, pdu in parse_listing(result.lines)]
        if result.kind is Kind.TIMEOUT:
            profile.lists = False
            found += yield from _slot_by_slot(profile, storage)
    return found


def parse_listing(lines: tuple[str, ...]) -> list[tuple[int, str]]:
    """Index and PDU of each received text; a header without its PDU is left for the next listing."""
    found: list[tuple[int, str]] = []
    index: int | None = None
    for line in lines:
        if line.startswith("+CMGL:"):
            values = fields(line)
            index = number(values[0]) if len(values) < 2 or values[1] not in {"2", "3"} else None
        elif index is not None and _HEX.fullmatch(line):
            found.append((index, line))
            index = None
    return found


def _slot_by_slot(profile: Profile, storage: str) -> Dialogue[list[Stored]]:
    """For modems whose listing hangs: read what +CMGD=? names, or every slot until all are found."""
    result: Result = yield Command("AT+CMGD=?", prefix=("+CMGD:",))
    named = re.search(r"\(([\d, -]*)\)", result.lines[0]) if result.ok and result.lines else None
    slots: list[int] = []
    for item in named[1].split(",") if named else ():
        low, dash, high = (part.strip() for part in item.partition("-"))
        first, last = number(low), number(high) if dash else number(low)
        if first is not None and last is not None:
            slots += range(first, min(last, first + SLOTS_MAX) + 1)
    if not slots:
        first = profile.habits.first_slot or 0  # where nobody told, one read too many
        slots = list(range(first, min(profile.size or 50, SLOTS_MAX) + 1))
    found = []
    for index in slots[:SLOTS_MAX]:
        text = yield from read(profile, Slot(storage, index))
        if text is not None:
            found.append(text)
    return found


def read(profile: Profile, slot: Slot) -> Dialogue[Stored | None]:
    """One text; None when the slot is empty or cannot be read now."""
    if not (yield from select(profile, slot.storage)):
        return None
    result: Result = yield Command(f"AT+CMGR={slot.index}", prefix=("+CMGR:",), bare=True, timeout_s=10.0)
    header = fields(result.lines[0]) if result.lines else []
    if not result.ok or not header or header[0] in {"2", "3"}:
        return None
    pdu = next((line for line in result.lines[1:] if _HEX.fullmatch(line)), None)
    return Stored(slot, pdu) if pdu else None


def delete(profile: Profile, slot: Slot) -> Dialogue[bool]:
    """Empty one slot; True when it is empty now."""
    if not (yield from select(profile, slot.storage)):
        return False
    result: Result = yield Command(f"AT+CMGD={slot.index}", timeout_s=10.0)
    return result.ok or number_of(result) == (Kind.CMS, 321)
