"""The message storages of a modem: choosing, listing, reading, deleting (3GPP TS 27.005 3.2.2, 3.3.2, 3.4.2-3.5.4).

A slot is named by storage and index. Everything here is read-only for the texts but `empty`, which the shell asks
for only after the house has committed the text, and which looks once more where something may have changed.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from gatewayd.wire import tpdu
from gatewayd.wire.at import Command, Kind, Result, pdu_like
from gatewayd.wire.modem_errors import number_of
from gatewayd.wire.modem_profile import Profile, Wishes, fields, number
from gatewayd.wire.modem_steps import Dialogue, Listen, NoTexts, Unusable, resync

BUSY_TRIES = 10  # a second each
LISTING_LINE_S = 20.0
LISTING_LIMIT_S = 300.0
SETTLE_TRIES = 30  # two seconds each
SLOTS_MAX = 1024
AT_ONCE_MAX = 16  # texts in a listing: a slow modem tells four in a second, and nothing can be sent meanwhile
SILENT_MAX = 3  # slots that a modem says nothing to, until reading them one by one is given up
_BUSY = {(Kind.CME, 14), (Kind.CMS, 314), (Kind.CME, 515), (Kind.CME, 256), (Kind.CMS, 302), (Kind.CME, 536)}
_EMPTY = {(Kind.CMS, 321), (Kind.CME, 21), (Kind.CME, 22)}
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_DRAFTS = frozenset({"2", "3"})  # <stat>: written here, unsent or sent


@dataclass(frozen=True, slots=True)
class Slot:
    storage: str
    index: int


class _No(Enum):
    """Why there is no text for us in a slot."""

    EMPTY = "empty"
    DRAFT = "draft"
    UNREAD = "unread"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Stored:
    slot: Slot
    pdu: str
    sound: bool = True  # False: not as long as told, or no text; on its way to us or in the storage it was damaged


@dataclass(frozen=True, slots=True)
class Entry:
    """One text in a listing."""

    index: int
    pdu: str
    sound: bool = True
    draft: bool = False


@dataclass(slots=True)
class Walk:
    """A storage with many texts in it that is read slot by slot, so that a text may go out between two.

    It believes nothing that it did not see: where it meets fewer than were counted, the slots are numbered otherwise
    than was thought.
    """

    storage: str
    slots: deque[int]
    counted: int
    met: int = 0  # texts and drafts
    texts: int = 0
    silent: int = 0

    @property
    def over(self) -> bool:
        return self.whole or not self.slots or self.silent >= SILENT_MAX

    @property
    def whole(self) -> bool:
        return self.met >= self.counted


def choose(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    """Select where texts are kept; raises Unusable for a device that keeps none."""
    if not profile.habits.stores:
        return
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
            _note_room(profile, name, result, chosen=True)
            return True
    return False


def _patiently(command: Command) -> Dialogue[Result]:
    for _ in range(BUSY_TRIES):
        result: Result = yield command
        if number_of(result) not in _BUSY:
            break
        yield Listen(1.0)
    return result


def _note_room(profile: Profile, storage: str, result: Result, *, chosen: bool) -> None:
    values = [number(value) for value in fields(result.lines[0])] if result.lines else []
    if len(values) < 2:
        return
    if values[1] is not None:
        profile.sizes[storage] = values[1]
    if values[0] is not None:
        profile.counts[storage] = values[0]
    if chosen:
        profile.used, profile.size = values[0], values[1]


def select(profile: Profile, storage: str) -> Dialogue[bool]:
    """Make it <mem1>. One that nobody had named so far (+CDSI: "SR") is looked through from now on."""
    if profile.selected == storage:
        return True
    result: Result = yield Command(f'AT+CPMS="{storage}"', prefix=("+CPMS:",), timeout_s=15.0)
    if result.ok:
        profile.selected = storage
        _note_room(profile, storage, result, chosen=storage in profile.storages[:1])
        if storage not in (*profile.storages, "MT"):
            profile.storages += (storage,)
    return result.ok


def room(profile: Profile) -> Dialogue[None]:
    """Note how full the chosen storage is."""
    if not profile.storages:
        return
    yield from select(profile, profile.storages[0])
    result: Result = yield Command("AT+CPMS?", prefix=("+CPMS:",))
    values = fields(result.lines[0]) if result.lines else []
    if result.ok and values and values[0]:
        profile.selected = values[0]  # another program, or a restart that nobody saw, has switched it
    if len(values) >= 3 and values[0] == profile.storages[0]:
        profile.used, profile.size = number(values[1]), number(values[2])
        if profile.used is not None:
            profile.counts[profile.storages[0]] = profile.used


def listing(profile: Profile, walks: list[Walk] | None = None) -> Dialogue[list[Stored]]:
    """All texts and reports in all storages, the chosen one last so that it stays selected.

    When one breaks off, those that came: the caller sees to it that the modem answers again, and takes them away.
    A storage that holds too many to be told at once goes into `walks` instead, if there are any.
    """
    found: list[Stored] = []
    listed: set[str] = set()
    profile.listing_complete, profile.listing_broke_off = True, False
    for storage in reversed(profile.storages):
        texts = None
        if walks is not None and storage == profile.selected == profile.storages[0]:
            yield from room(profile)  # no selecting tells how many there are
        if (yield from select(profile, storage)):
            walk = (yield from _walk(profile, storage)) if walks is not None and _many(profile, storage) else None
            if walks is not None and walk is not None:
                walks.append(walk)
                continue
            texts = yield from _list(profile, storage, walks)
        elif storage == profile.storages[0]:
            profile.listing_complete = False
        found += texts or []
        if profile.listing_broke_off:
            break
        if texts is not None:
            listed.add(storage)
    profile.listed = frozenset(listed)
    return found


def _list(profile: Profile, storage: str, walks: list[Walk] | None = None) -> Dialogue[list[Stored] | None]:
    """What is in the selected storage; None when that cannot be told now."""
    if not profile.lists:
        return (yield from _slot_by_slot(profile, storage, walks))
    profile.list_asked = True
    result = yield from _list_command()
    profile.list_asked = False
    profile.listing_broke_off = result.kind is Kind.TIMEOUT and bool(parse_listing(result.lines))
    if result.ok or profile.listing_broke_off or number_of(result) in _EMPTY:
        taken = _taken(profile, storage, result)
        return [Stored(Slot(storage, each.index), each.pdu, each.sound or each.draft) for each in taken]
    if result.kind is Kind.TIMEOUT:
        profile.lists = False
        return (yield from _slot_by_slot(profile, storage, walks))
    profile.listing_complete = profile.listing_complete and number_of(result) not in _BUSY
    if number_of(result) not in _BUSY and storage == profile.storages[0] and profile.used:
        return (yield from _slot_by_slot(profile, storage, walks))  # it says that something is there
    return None


def settled(profile: Profile) -> Dialogue[None]:
    """After a listing that broke off: until the modem answers again; NoAnswer when it does not."""
    profile.listing_broke_off = False
    yield from resync(SETTLE_TRIES, owing=True)


def _list_command() -> Dialogue[Result]:
    """+CMGL; a modem that fell back to text mode does not know "4", or tells words: it is set right at once."""
    command = Command(
        "AT+CMGL=4", prefix=("+CMGL:",), bare=True, timeout_s=LISTING_LINE_S, limit_s=LISTING_LIMIT_S
    )  # fmt: skip
    result: Result = yield command
    refused = result.kind in {Kind.ERROR, Kind.CMS, Kind.CME} and number_of(result) not in _EMPTY | _BUSY
    if refused or any(_in_words(line) for line in result.lines):
        mode: Result = yield Command("AT+CMGF=0")
        if mode.ok:
            result = yield command
    return result


def _taken(profile: Profile, storage: str, result: Result) -> list[Entry]:
    """The received ones. Drafts are nobody's; only where they alone fill a storage they must go, to let texts in."""
    entries = parse_listing(result.lines)
    received = [entry for entry in entries if not entry.draft]
    return received or (entries if len(entries) >= profile.sizes.get(storage, SLOTS_MAX) else [])


def _in_words(line: str) -> bool:
    """Whether this is the header of a text in text mode, with its status in words."""
    return line.startswith(("+CMGL:", "+CMGR:")) and re.search(r"REC |STO ", line) is not None


def parse_listing(lines: tuple[str, ...]) -> list[Entry]:
    """A header without its PDU is left for the next listing."""
    found: list[Entry] = []
    header: list[str] = []
    below: list[str] = []
    for line in (*lines, "+CMGL:"):
        if not line.upper().startswith("+CMGL:"):
            below.append(line)
            continue
        index = number(header[0]) if header else None
        told = number(header[-1]) if len(header) > 2 else None
        pdu, is_sound = _pdu_among(below, told)
        if index is not None and pdu:
            found.append(Entry(index, pdu, is_sound, draft=len(header) > 1 and header[1] in _DRAFTS))
        header, below = fields(line), []
    return found


def _pdu_among(lines: Sequence[str], tpdu_octets: int | None) -> tuple[str, bool]:
    """The PDU below a header, and whether it is sound; "" when there is nothing like one.

    The modem may say something else in the midst of it: then it is in pieces, which are read together.
    """
    pieces = [line for line in lines if pdu_like(line)]
    together = "".join(pieces)
    for line in (*pieces, together):
        if _HEX.fullmatch(line) and tpdu.sound(pdu := tpdu.whole(line, tpdu_octets), tpdu_octets):
            return pdu, True
    return (tpdu.whole(together, tpdu_octets) if _HEX.fullmatch(together) else together), False


def _slot_by_slot(profile: Profile, storage: str, walks: list[Walk] | None) -> Dialogue[list[Stored] | None]:
    """For modems whose listing hangs."""
    slots = yield from _slots(profile, storage)
    if walks is not None:
        walks.append(Walk(storage, deque(slots), profile.counts.get(storage) or len(slots) + 1))
        return None
    found = []
    for index in slots:
        text = yield from _read_slot(Slot(storage, index))
        if isinstance(text, Stored):
            found.append(text)
    return found


def _many(profile: Profile, storage: str) -> bool:
    return profile.walks and profile.counts.get(storage, 0) > AT_ONCE_MAX


def _walk(profile: Profile, storage: str) -> Dialogue[Walk | None]:
    """None: it has not as many slots as texts, by what it says."""
    counted = profile.counts[storage]
    slots = yield from _slots(profile, storage, at_least=counted)
    return Walk(storage, deque(slots), counted) if len(slots) >= counted else None


def stride(profile: Profile, walk: Walk) -> Dialogue[Stored | None]:
    """Read one slot of it."""
    slot = Slot(walk.storage, walk.slots.popleft())
    there = (yield from _look_into(slot)) if (yield from select(profile, walk.storage)) else _No.SILENT
    walk.met += isinstance(there, Stored) or there is _No.DRAFT
    walk.texts += isinstance(there, Stored)
    walk.silent += there is _No.SILENT
    return there if isinstance(there, Stored) else None


def walked(profile: Profile, walk: Walk) -> None:
    """Note whether a walk is of use here: not where it missed some, nor where there are but drafts."""
    profile.walks = not profile.lists or (walk.whole and walk.texts > 0)


def _slots(profile: Profile, storage: str, *, at_least: int = 1) -> Dialogue[list[int]]:
    """Where to look: what +CMGD=? names, or every slot where that is less than there must be."""
    result: Result = yield Command("AT+CMGD=?", prefix=("+CMGD:",))
    named = re.search(r"\(([\d, -]*)\)", result.lines[0]) if result.ok and result.lines else None
    slots: list[int] = []
    for item in named[1].split(",") if named else ():
        low, dash, high = (part.strip() for part in item.partition("-"))
        first, last = number(low), number(high) if dash else number(low)
        if first is not None and last is not None:
            slots += range(first, min(last, first + SLOTS_MAX) + 1)
    if len(slots) < at_least:
        first = profile.habits.first_slot or 0  # where nobody told, one read too many
        size = profile.sizes.get(storage) or profile.size or 50
        slots = list(range(first, min(size, SLOTS_MAX) + 1))
    return slots[:SLOTS_MAX]


def read(profile: Profile, slot: Slot) -> Dialogue[Stored | None]:
    """One text; None when the slot is empty or cannot be read now. What +CMGR does not give, the listing may."""
    if not (yield from select(profile, slot.storage)):
        return None
    text = yield from _read_slot(slot)
    if isinstance(text, Stored):
        return text
    if text or not profile.lists or _many(profile, slot.storage):
        return None
    texts = yield from _list(profile, slot.storage)
    return next((each for each in texts or () if each.slot == slot), None)


def _read_slot(slot: Slot, *, wanted: str = "") -> Dialogue[Stored | bool]:
    """The text, or whether the slot has none for us (True); False: it could not be read. `wanted`: see _look_into."""
    there = yield from _look_into(slot, wanted=wanted)
    return there if isinstance(there, Stored) else there in {_No.EMPTY, _No.DRAFT}


def _look_into(slot: Slot, *, wanted: str = "") -> Dialogue[Stored | _No]:
    """Drafts are nobody's, but for the one that is wanted."""
    command = Command(f"AT+CMGR={slot.index}", prefix=("+CMGR:",), bare=True, timeout_s=10.0)
    result: Result = yield command
    if any(_in_words(line) for line in result.lines):
        mode: Result = yield Command("AT+CMGF=0")
        result = (yield command) if mode.ok else result
    if not result.ok:
        silent = _No.SILENT if result.kind is Kind.TIMEOUT else _No.UNREAD
        return _No.EMPTY if number_of(result) in _EMPTY else silent
    header = fields(result.lines[0]) if result.lines else []
    if not header:
        return _No.EMPTY
    pdu, is_sound = _pdu_among(result.lines[1:], number(header[-1]) if len(header) > 1 else None)
    if header[0] in _DRAFTS and pdu != wanted:
        return _No.DRAFT
    return Stored(slot, pdu, is_sound) if pdu else _No.UNREAD


def empty(profile: Profile, slot: Slot, pdu: str | None) -> Dialogue[bool | Stored]:
    """Delete one text. True: the slot is empty now; False: it is not.

    With `pdu` the slot is read first: a text that has taken the place of that one is not deleted but returned.
    """
    if not (yield from select(profile, slot.storage)):
        return False
    if pdu is not None:
        there = yield from _read_slot(slot, wanted=pdu)
        if there is False:
            there = (yield from read(profile, slot)) or False
        if not isinstance(there, Stored) or there.pdu != pdu:
            return there
    result: Result = yield Command(f"AT+CMGD={slot.index}", timeout_s=10.0)
    if not result.ok and number_of(result) not in _EMPTY and result.kind is not Kind.TIMEOUT:
        result = yield Command(f"AT+CMGD={slot.index},0", timeout_s=10.0)
    return result.ok or number_of(result) in _EMPTY
