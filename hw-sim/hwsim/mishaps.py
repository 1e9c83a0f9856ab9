"""Faults that happen to a modem now, not to a submission. README.md lists them with examples."""

# ruff: noqa: ARG001 - every mishap has the signature of the register

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hwsim.faults import FaultError, cms_code, number, octets_of, read, share
from hwsim.line import Ageing, Damage
from hwsim.mishap_options import look_at
from hwsim.radio import RSSI_UNKNOWN
from hwsim.sim import Sim, Stored

if TYPE_CHECKING:
    from hwsim.modem import Modem
    from hwsim.street import Street

Options = dict[str, Any]


def _number(options: Options, name: str, default: float) -> float:
    return read(name, number, options.pop(name, default))


def _span(options: Options, name: str = "seconds") -> float | None:
    """So many seconds, None if it is left out."""
    value = options.pop(name, None)
    return None if value is None else read(name, number, value)


def _reset(modem: Modem, street: Street, options: Options) -> None:
    """Loses settings and whatever was under way; `noise` false: silently. With `profile` what AT&W stored is back at
    once (echo, V, Q, CMEE), with `text_mode` it comes up in text mode: a reset that shows nowhere but in +CMGF."""
    profile, text_mode = bool(options.pop("profile", False)), bool(options.pop("text_mode", False))
    modem.reset(_span(options), noise=bool(options.pop("noise", True)))
    for port in modem.main.ports:
        if profile:
            port.restore_profile(factory=False)
        port.settings.text_mode = text_mode


def _hang_up(modem: Modem, street: Street, options: Options) -> None:
    """The port goes away; with `power` the modem loses its power too, as a stick that is pulled out."""
    back_after_s = _number(options, "back_after_s", 2.0)
    modem.hang_up(back_after_s)
    if options.pop("power", False):
        modem.reset(back_after_s, noise=False)


def _freeze(modem: Modem, street: Street, options: Options) -> None:
    """For `seconds`, for ever if left out."""
    modem.freeze(_span(options))


def _thaw(modem: Modem, street: Street, options: Options) -> None:
    modem.thaw()


def _noise(modem: Modem, street: Street, options: Options) -> None:
    """Bytes on the line: `hex`, or `octets` random ones."""
    given = options.pop("hex", None)
    octets = int(_number(options, "octets", 16))
    modem.write(read("hex", octets_of, given) if given else modem.dice.randbytes(octets))


def _urc(modem: Modem, street: Street, options: Options) -> None:
    """An unsolicited line of any `text`, at once."""
    modem.urc(str(options.pop("text", "RING")), urgent=True)


def _ring(modem: Modem, street: Street, options: Options) -> None:
    """A voice call comes in."""
    modem.voice.ring(str(options.pop("caller", "+447700900998")), _number(options, "seconds", 30.0))


def _stutter(modem: Modem, street: Street, options: Options) -> None:
    """The next output of more than `octets` halts there for `seconds`."""
    modem.line.stutter = (int(_number(options, "octets", 10)), _number(options, "seconds", 0.8))


def _echo_on(modem: Modem, street: Street, options: Options) -> None:
    modem.settings.echo = True


def _numeric(modem: Modem, street: Street, options: Options) -> None:
    modem.settings.verbose = False


def _text_mode(modem: Modem, street: Street, options: Options) -> None:
    """+CMGF is 1 without a word, 0 if `on` is false."""
    modem.settings.text_mode = bool(options.pop("on", True))


def _half_open_prompt(modem: Modem, street: Street, options: Options) -> None:
    """A prompt that nobody asked for; what is typed goes nowhere."""
    modem.end_command()
    modem.open_prompt(lambda _: None, text=False)


def _registration(modem: Modem, street: Street, options: Options) -> None:
    """`stat` of +CREG; back to 1 after `seconds` if given."""
    stat, seconds = int(_number(options, "stat", 0)), _span(options)
    modem.radio.register(stat)
    if seconds is not None:
        modem.loop.call_later(seconds, modem.radio.register, 1)


def _signal(modem: Modem, street: Street, options: Options) -> None:
    """`rssi` of +CSQ; each reading `noise` off at most; falls by `fades_per_h`."""
    noise, fades = int(_number(options, "noise", 0)), _number(options, "fades_per_h", 0.0)
    rssi = int(_number(options, "rssi", RSSI_UNKNOWN))
    modem.radio.measure(rssi, noise=noise, fades_per_h=fades)


def _storage_full(modem: Modem, street: Street, options: Options) -> None:
    """Fills a memory with old read messages; `free` slots stay."""
    from hwsim.fields import address_of
    from hwsim.tpdu import Deliver, put_user_data

    name = options.pop("memory", modem.settings.memories[2])
    slots = modem.arrivals.memory(name)
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
    seconds = _span(options)
    if seconds is not None:
        modem.loop.call_later(seconds, modem.speak_up)


def _centre(modem: Modem, street: Street, options: Options) -> None:
    """The SC address on the card changes; empty if left out."""
    if modem.sim:
        modem.sim.sca = str(options.pop("sca", ""))


def _sim_state(modem: Modem, street: Street, options: Options) -> None:
    """The card fails, is a wrong one, or asks for its PIN2; `seconds`: for so long."""
    state = str(options.pop("state", "failure"))
    if modem.sim is None:
        raise FaultError("there is no card")
    before = modem.stat()
    modem.sim.asks_pin2 = state == "pin2"
    modem.sim.trouble = state.upper() if state in {"failure", "wrong"} else ""
    modem.main.announce_registration(before)
    seconds = _span(options)
    if seconds is not None:
        modem.loop.call_later(seconds, _recover, modem, modem.sim)


def _recover(modem: Modem, card: Sim) -> None:
    """The card is as it should be, wherever it is by now."""
    before = modem.stat()
    card.asks_pin2, card.trouble = False, ""
    modem.main.announce_registration(before)


def _sim_swap(modem: Modem, street: Street, options: Options) -> None:
    """Two modems' cards change places (`with`), or a new card with this `number` comes into this one."""
    other, number = options.pop("with", None), options.pop("number", None)
    if (other is None) == (number is None) or (other is not None and other not in street.modems):
        raise FaultError("'with' names another modem, or 'number' the number of a new card")
    if other is not None:
        street.swap_sims(modem.name, str(other))
    else:
        street.new_sim(modem.name, str(number), pin=str(options.pop("pin", "")))


def _credit(modem: Modem, street: Street, options: Options) -> None:
    """So many `messages` are left on the card's account; then `cms`."""
    if modem.sim is None:
        raise FaultError("there is no card")
    contract = modem.network.subscriptions.of[modem.sim.number]
    contract.credit = int(_number(options, "messages", 0))
    contract.broke_cms = read("cms", cms_code, options.pop("cms", 38))


def _lte_only(modem: Modem, street: Street, options: Options) -> None:
    """The circuit-switched side is gone: +CREG 0, +CEREG as it was. Submissions get `cms`; without it they go by
    IMS. `on` false: it is back."""
    on, code = bool(options.pop("on", True)), options.pop("cms", None)
    modem.radio.lte_only = on
    modem.radio.lte_cms = read("cms", cms_code, code) if on and code is not None else None
    for name in ("+CREG", "+CGREG"):
        if modem.main.settings.creg[name]:
            modem.main.urc(f"{name}: {modem.radio.stat_by(name)}")


def _access(modem: Modem, street: Street, options: Options) -> None:
    """Another access technology: `act` 0 GSM, 2 UTRAN, 7 E-UTRAN. Who asked for it by +CREG=2 and its like is told."""
    main, radio = modem.main, modem.radio
    before = {name: radio.stat_by(name) for name in main.settings.creg}
    radio.act = int(_number(options, "act", 0))
    for name, wanted in main.settings.creg.items():
        stat = radio.stat_by(name)
        if name not in main.personality.absent and (wanted == 2 or (wanted and stat != before[name])):
            main.urc(f"{name}: {stat}{radio.place(name) if wanted == 2 else ''}")


def _line(modem: Modem, street: Street, options: Options) -> None:
    """A bad line: each octet is hit with the probabilities `flip`, `drop` and `nul`, on its way `out` (default), `in`
    or `both`; for `seconds`. All zero: a good one."""
    way, seconds = str(options.pop("way", "out")), _span(options)
    damage = Damage(*[read(name, share, options.pop(name, 0.0)) for name in ("flip", "drop", "nul")])
    if way != "in":
        modem.line.out_damage = damage
    if way != "out":
        modem.line.in_damage = damage
    if seconds is not None:
        modem.loop.call_later(seconds, _line, modem, street, {"way": way})


def _baud(modem: Modem, street: Street, options: Options) -> None:
    """The line takes its time: so many bits a second, ten to an octet; 0: as fast as it goes."""
    modem.line.baud = int(_number(options, "rate", 9600))


def _brown_out(modem: Modem, street: Street, options: Options) -> None:
    """The supply is too weak: the modem resets `times` times, `every_s`, unless it is pulled first."""
    times, every_s = int(_number(options, "times", 5)), _number(options, "every_s", 20.0)
    _sag(modem, times, every_s)


def _sag(modem: Modem, times: int, every_s: float) -> None:
    if times <= 0:
        return
    if modem.personality.brown_out_urc:
        modem.urc(modem.personality.brown_out_urc, urgent=True)
    modem.reset()
    modem.loop.call_later(every_s, _sag, modem, times - 1, every_s)


def _slow_death(modem: Modem, street: Street, options: Options) -> None:
    """Every answer takes `start_s` longer, twice that after each `double_every_s`; after `dies_after_s` there is none.
    A reset does not help; `on` false does."""
    dies_after_s = _span(options, "dies_after_s")
    start_s, double_every_s = _number(options, "start_s", 0.5), _number(options, "double_every_s", 3600.0)
    if not double_every_s:
        raise FaultError("'double_every_s' is not above 0")
    on = bool(options.pop("on", True))
    modem.main.ageing = Ageing(modem.loop.time(), start_s, double_every_s) if on else None
    if dies_after_s is not None:
        modem.loop.call_later(dies_after_s, modem.freeze, None)


PROBES = (
    b"AT+GCAP\r",
    b"\x7e\x26\xc7\x54\x7e",
    b"ATI\r",
    b"\x7e\x0c\x14\x3a\x7e",
)  # ModemManager: AT, then QCDM frames


def _foreign(modem: Modem, street: Street, options: Options) -> None:
    """Another program writes to the same port: `text` or `hex`, by default what ModemManager probes with; `times`,
    `every_s`. Its answers come to whoever reads."""
    text, octets = options.pop("text", None), options.pop("hex", None)
    written = (
        [str(text).encode("latin-1")]
        if text is not None
        else [read("hex", octets_of, octets)]
        if octets
        else list(PROBES)
    )
    times, every_s = int(_number(options, "times", 1)), _number(options, "every_s", 3.0)
    pieces = [(number * every_s + place * 0.2, piece) for number in range(times) for place, piece in enumerate(written)]
    for after_s, piece in pieces:
        if after_s:
            modem.loop.call_later(after_s, modem.receive, piece)
        else:
            modem.receive(piece)


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
    "text_mode": _text_mode,
    "half_open_prompt": _half_open_prompt,
    "registration": _registration,
    "signal": _signal,
    "storage_full": _storage_full,
    "sim": _sim,
    "sim_busy": _sim_busy,
    "notifications_off": _notifications_off,
    "mute": _mute,
    "centre": _centre,
    "sim_state": _sim_state,
    "sim_swap": _sim_swap,
    "credit": _credit,
    "lte_only": _lte_only,
    "access": _access,
    "line": _line,
    "baud": _baud,
    "brown_out": _brown_out,
    "slow_death": _slow_death,
    "foreign": _foreign,
}


def happen(modem: Modem, street: Street, description: Mapping[str, object]) -> None:
    """Does it now; raises FaultError for an unknown kind, option or value."""
    look_at(description)
    options: Options = dict(description)
    kind = options.pop("kind")
    try:
        MISHAPS[kind](modem, street, options)
    except (TypeError, ValueError) as wrong:
        raise FaultError(f"{kind}: {wrong}") from None
