"""Registration, operator and signal (3GPP TS 27.007 7.2, 7.3, 8.5; 10.1.22)."""

from __future__ import annotations

from gatewayd.wire.at import Command, Result
from gatewayd.wire.modem_profile import Profile, Registration, fields, number
from gatewayd.wire.modem_steps import Dialogue

_STATES: dict[int, Registration] = {
    0: "none", 1: "home", 2: "searching", 3: "denied", 4: "unknown", 5: "roaming",
    6: "home", 7: "roaming", 8: "none", 9: "home", 10: "roaming",
}  # fmt: skip
# An LTE modem may say "none" to +CREG for ever while +CEREG says "home": the best of the three counts.
_BEST: tuple[Registration, ...] = ("home", "roaming", "denied", "searching", "none", "unknown")


def is_registration_answer(line: str) -> bool:
    """ "+CREG: <n>,<stat>[,...]" is an answer, "+CREG: <stat>[,"<lac>",...]" a URC."""
    values = line.partition(":")[2].split(",")
    if len(values) < 2:
        return False
    mode, state = values[0].strip(), values[1].strip()
    return number(mode) is not None and number(state) is not None and len(state) <= 3


def state_in_urc(line: str) -> Registration:
    """The state that a registration URC reports; "unknown" if it is no URC (a late answer) or cannot be read."""
    state = number(fields(line)[0])
    return "unknown" if state is None or is_registration_answer(line) else _STATES.get(state, "unknown")


def enable_registration(profile: Profile) -> Dialogue[None]:
    """Ask to be told of changes; note which of the three commands exist here."""
    supported = []
    for name in profile.habits.registration:
        result: Result = yield Command(f"AT{name}=2")
        if not result.ok:
            result = yield Command(f"AT{name}=1")
        if result.ok:
            supported.append(name)
    profile.registration_commands, profile.registration_told = tuple(supported), frozenset()


def look_at_registration(profile: Profile) -> Dialogue[None]:
    """The best of what they say. One that answered before and does not now tells nothing bad of the network."""
    found: list[Registration] = []
    silent = False
    for name in profile.registration_commands:
        result: Result = yield Command(f"AT{name}?", prefix=(f"{name}:",), fits=is_registration_answer)
        if not result.ok:
            result = yield Command(f"AT{name}?", prefix=(f"{name}:",), fits=is_registration_answer)
        found += [_STATES.get(number(fields(line)[1]) or 0, "unknown") for line in result.lines[:1]]
        if result.ok:
            profile.registration_told |= {name}
        elif name in profile.registration_told:
            silent = True
    profile.registration_commands = tuple(n for n in profile.registration_commands if n in profile.registration_told)
    best: Registration = min(found, key=_BEST.index, default="unknown")
    if best in {"home", "roaming"} or not silent:
        profile.registration = best


def look_at_signal(profile: Profile) -> Dialogue[None]:
    """dBm; None for "unknown" (99, 255) and for values out of range. On LTE +CSQ may know nothing."""
    profile.signal_dbm = None
    for name in profile.habits.signal:
        if profile.signal_dbm is not None or (name == "+CESQ" and "+CEREG" not in profile.registration_commands):
            continue
        result: Result = yield Command(f"AT{name}", prefix=(f"{name}:",))
        values = fields(result.lines[0]) if result.lines else []
        profile.signal_dbm = _dbm_of_csq(values) if name == "+CSQ" else _dbm_of_cesq(values)


def _dbm_of_csq(values: list[str]) -> int | None:
    level = number(values[0]) if values else None
    return -113 + 2 * level if level is not None and level <= 31 else None


def _dbm_of_cesq(values: list[str]) -> int | None:
    """The reference signal's power (RSRP)."""
    level = number(values[5]) if len(values) >= 6 else None
    return -141 + level if level is not None and level <= 97 else None


def look_at_operator(profile: Profile, *, format_too: bool = False) -> Dialogue[None]:
    """The operator's name. Never AT+COPS=?: a scan blocks the port for minutes."""
    if format_too:
        yield Command("AT+COPS=3,0")
    result: Result = yield Command("AT+COPS?", prefix=("+COPS:",), timeout_s=10.0)
    values = fields(result.lines[0]) if result.lines else []
    profile.operator = values[2] if len(values) >= 3 else ""
