"""Faults that happen to a modem now, not to a submission. README.md lists them with examples."""

# ruff: noqa: ARG001 - every mishap has the signature of the register

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hwsim.faults import FaultError
from hwsim.sim import Stored

if TYPE_CHECKING:
    from hwsim.modem import Modem
    from hwsim.street import Street

Options = dict[str, Any]


def _number(options: Options, name: str, default: float) -> float:
    value = options.pop(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise FaultError(f"{name!r} is not a number of at least 0: {value!r}")
    return float(value)


def _reset(modem: Modem, street: Street, options: Options) -> None:
    """Loses settings and whatever was under way; `noise` false: silently."""
    seconds = options.pop("seconds", None)
    modem.reset(None if seconds is None else float(seconds), noise=bool(options.pop("noise", True)))


def _hang_up(modem: Modem, street: Street, options: Options) -> None:
    """The port goes away; with `power` the modem loses its power too, as a stick that is pulled out."""
    back_after_s = _number(options, "back_after_s", 2.0)
    modem.hang_up(back_after_s)
    if options.pop("power", False):
        modem.reset(back_after_s, noise=False)


def _freeze(modem: Modem, street: Street, options: Options) -> None:
    """For `seconds`, for ever if left out."""
    seconds = options.pop("seconds", None)
    modem.freeze(None if seconds is None else float(seconds))


def _thaw(modem: Modem, street: Street, options: Options) -> None:
    modem.thaw()


def _noise(modem: Modem, street: Street, options: Options) -> None:
    """Bytes on the line: `hex`, or `octets` random ones."""
    given = options.pop("hex", None)
    octets = int(_number(options, "octets", 16))
    modem.write(bytes.fromhex(given) if given else modem.dice.randbytes(octets))


def _urc(modem: Modem, street: Street, options: Options) -> None:
    """An unsolicited line of any `text`, at once."""
    modem.urc(str(options.pop("text", "RING")), urgent=True)


def _ring(modem: Modem, street: Street, options: Options) -> None:
    """A voice call comes in."""
    modem.ring(str(options.pop("caller", "+447700900998")), _number(options, "seconds", 30.0))


def _stutter(modem: Modem, street: Street, options: Options) -> None:
    """The next output of more than `octets` halts there for `seconds`."""
    modem.stutter = (int(_number(options, "octets", 10)), _number(options, "seconds", 0.8))


def _echo_on(modem: Modem, street: Street, options: Options) -> None:
    modem.settings.echo = True


def _numeric(modem: Modem, street: Street, options: Options) -> None:
    modem.settings.verbose = False


def _half_open_prompt(modem: Modem, street: Street, options: Options) -> None:
    """A prompt that nobody asked for; what is typed goes nowhere."""
    modem.end_command()
    modem.open_prompt(lambda _: None, text=False)


def _registration(modem: Modem, street: Street, options: Options) -> None:
    """`stat` of +CREG; back to 1 after `seconds` if given."""
    stat = int(_number(options, "stat", 0))
    seconds = options.pop("seconds", None)
    modem.register(stat)
    if seconds is not None:
        modem.loop.call_later(float(seconds), modem.register, 1)


def _signal(modem: Modem, street: Street, options: Options) -> None:
    modem.rssi = int(_number(options, "rssi", 99))


def _storage_full(modem: Modem, street: Street, options: Options) -> None:
    """Fills a memory with old read messages; `free` slots stay."""
    from hwsim.fields import address_of
    from hwsim.tpdu import Deliver, put_user_data

    slots = modem.arrivals.memory(str(options.pop("memory", modem.settings.memories[2])))
    if slots is None:
        raise FaultError("there is no such memory now")
    free = int(_number(options, "free", 0))
    old = Deliver(address_of("+447700900999"), 0, put_user_data("an old message"), modem.network.wall()).encode()
    while slots.size - len(slots.stored) > free:
        slots.add(Stored("deliver", 1, old))


def _sim(modem: Modem, street: Street, options: Options) -> None:
    """Takes the card out, or puts it in again (`present`)."""
    street.move_sim(modem.name, present=bool(options.pop("present", False)))


def _sim_busy(modem: Modem, street: Street, options: Options) -> None:
    modem.sim_busy_until = modem.loop.time() + _number(options, "seconds", 10.0)


def _notifications_off(modem: Modem, street: Street, options: Options) -> None:
    """<mt> and <ds> of +CNMI fall to 0 without a word."""
    mode, _, bm, _, bfr = modem.settings.cnmi
    modem.settings.cnmi = (mode, 0, bm, 0, bfr)


def _mute(modem: Modem, street: Street, options: Options) -> None:
    """Unsolicited lines get lost, for `seconds` or until `on` is false."""
    modem.mute_urcs = bool(options.pop("on", True))
    seconds = options.pop("seconds", None)
    if seconds is not None:
        modem.loop.call_later(float(seconds), modem.speak_up)


def _centre(modem: Modem, street: Street, options: Options) -> None:
    """The SC address on the card changes; empty if left out."""
    if modem.sim:
        modem.sim.sca = str(options.pop("sca", ""))


MISHAPS: dict[str, Callable[[Modem, Street, Options], None]] = {
    "reset": _reset,
    "hangup": _hang_up,
    "freeze": _freeze,
    "thaw": _thaw,
    "noise": _noise,
    "urc": _urc,
    "ring": _ring,
    "stutter": _stutter,
    "echo_on": _echo_on,
    "numeric": _numeric,
    "half_open_prompt": _half_open_prompt,
    "registration": _registration,
    "signal": _signal,
    "storage_full": _storage_full,
    "sim": _sim,
    "sim_busy": _sim_busy,
    "notifications_off": _notifications_off,
    "mute": _mute,
    "centre": _centre,
}


def known(kind: object) -> str:
    """The kind if there is such a mishap; raises FaultError."""
    if not isinstance(kind, str) or kind not in MISHAPS:
        raise FaultError(f"unknown mishap {kind!r}; there are {', '.join(MISHAPS)}")
    return kind


def happen(modem: Modem, street: Street, description: Mapping[str, object]) -> None:
    """Does it now; raises FaultError for an unknown kind, option or value."""
    options: Options = dict(description)
    kind = known(options.pop("kind", None))
    act = MISHAPS[kind]
    try:
        act(modem, street, options)
    except (TypeError, ValueError) as wrong:
        raise FaultError(f"{kind}: {wrong}") from None
    if options:
        raise FaultError(f"mishap {kind!r} has no option {next(iter(options))!r}")
