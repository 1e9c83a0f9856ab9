"""How a modem is brought to tell of what comes in: +CSMS and +CNMI (3GPP TS 27.005 3.2.1, 3.4.1).

Stored and announced (+CMTI) is wanted: a text that was only announced is still there after a crash. What a modem
advertises and what it accepts differ, and what it accepted may fall to zero later: so all is tried, then read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.modem_errors import number_of
from gatewayd.wire.modem_profile import Profile, Wishes, fields, number
from gatewayd.wire.modem_steps import Dialogue

_ANYTHING = [set(range(4)), set(range(4)), set(range(4)), set(range(3)), set(range(2))]
# For modems whose "=?" tells nothing of use.
_PLAIN = ((2, 1, 0, 1, 0), (1, 1, 0, 1, 0), (2, 1, 0, 1), (2, 1, 0, 2, 0), (1, 1, 0, 2, 0), (2, 1, 0, 0, 0), (1, 1))


def service(profile: Profile) -> Dialogue[None]:
    """CSMS=0 spares the +CNMA duty; note whether the modem insists on it."""
    result: Result = yield Command("AT+CSMS=0", prefix=("+CSMS:",))
    if result.ok:
        profile.acknowledges = False
        return
    result = yield Command("AT+CSMS?", prefix=("+CSMS:",))
    values = fields(result.lines[0]) if result.ok and result.lines else []
    profile.acknowledges = bool(values) and values[0] == "1"


def notify(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    """Set the best +CNMI that this modem takes and keeps; `profile.notify` stays empty when it takes none."""
    profile.notify = ()
    test: Result = yield Command("AT+CNMI=?", prefix=("+CNMI:",))
    offered = parse_ranges(test.lines[0]) if test.ok and test.lines else []
    stored = wishes.stored_reports or profile.acknowledges
    tried: set[tuple[int, ...]] = set()
    for values in (*_best_first(offered, profile.habits.modes, stored=stored), *_PLAIN):
        if values in tried:
            continue
        tried.add(values)
        result: Result = yield Command(f"AT+CNMI={','.join(map(str, values))}", timeout_s=10.0)
        if not result.ok:
            continue
        now = yield from read_back()
        if not now:  # cannot be asked: believe the OK
            profile.notify = values
            return
        if now[1:2] == values[1:2] and (len(values) < 4 or now[3:4] == values[3:4]):
            profile.notify = now
            return


def read_back() -> Dialogue[tuple[int, ...]]:
    """+CNMI as it is now; empty when the modem does not tell."""
    result: Result = yield Command("AT+CNMI?", prefix=("+CNMI:",))
    if not result.ok or not result.lines:
        return ()
    return tuple(number(value) or 0 for value in fields(result.lines[0]))


def told_as_set(wanted: tuple[int, ...]) -> Dialogue[bool]:
    """Whether +CNMI is still as it was set, as far as the modem tells."""
    now = (yield from read_back()) if wanted else ()
    return not now or now[:4] == wanted[:4]


def notify_again(profile: Profile) -> Dialogue[None]:
    """As it was set; what comes in while all of the set-up is waited for would else not be told."""
    if profile.notify:
        yield Command(f"AT+CNMI={','.join(map(str, profile.notify))}", timeout_s=10.0)


def parse_ranges(line: str) -> list[set[int]]:
    """ "+CNMI: (0-2),(0,1),..." as one set for each place; ranges and lists may be mixed."""
    sets = []
    for group in re.findall(r"\(([^()]*)\)", line):
        values: set[int] = set()
        for item in group.split(","):
            low, dash, high = (part.strip() for part in item.partition("-"))
            first, last = number(low), number(high) if dash else number(low)
            if first is not None and last is not None:
                values |= set(range(first, min(last, 9) + 1))
        sets.append(values)
    return sets


def _best_first(offered: list[set[int]], modes: tuple[int, ...], *, stored: bool) -> Iterator[tuple[int, ...]]:
    """Reports before comfort: a mode that the modem only claims to take must not cost the reports."""
    sets = offered if len(offered) == len(_ANYTHING) and all(offered) else _ANYTHING
    buffer = 0 if 0 in sets[4] else 1
    for text in (1, 2):
        if text not in sets[1]:
            continue
        for report in (2, 1, 0) if stored else (1, 2, 0):
            for mode in modes:
                if report in sets[3] and mode in sets[0]:
                    yield (mode, text, 0, report, buffer)


def acknowledge() -> Dialogue[bool]:
    """+CNMA: the network wants to know within 12 to 20 s that a routed text arrived. False when it is not taken.

    Then the network sends the text again, which is noticed as a repetition, and the modem routes nothing more until
    +CNMI is set again. "340" says that nothing is waited for, so it is not said twice.
    """
    for text in ("AT+CNMA=0", "AT+CNMA"):
        result: Result = yield Command(text)
        if result.ok or number_of(result) == (Kind.CMS, 340) or result.kind is Kind.TIMEOUT:
            break
    return result.ok
