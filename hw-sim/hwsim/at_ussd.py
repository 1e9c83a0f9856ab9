"""+CUSD: questions to the network that are dialled, and its menus (3GPP TS 27.007 7.15).

`*111#` is a menu, every other code between a star and a hash is a question for the balance; anything else is no code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwsim import alphabet
from hwsim.at_line import READ, TEST, Request
from hwsim.commands import OK, Final, cme, command, given, whole
from hwsim.text_mode import shown, uncoded

if TYPE_CHECKING:
    from hwsim.modem import Modem

CANCEL = 2  # of <n>
DONE, MORE, ENDED, UNSUPPORTED = 0, 1, 2, 4  # of <m>
ANSWER_S, PATIENCE_S = 1.0, 60.0
MENU_CODE, MENU = "*111#", "1 Balance, 2 Number"
_HEX = re.compile(r"([0-9A-Fa-f]{2})+")
_CODE = re.compile(r"[*#][0-9*#]*#")


@command("+CUSD")
def ussd(modem: Modem, request: Request) -> Final:
    """Asks, answers a menu, or with <n> 2 ends the session before the network does."""
    if request.form == TEST:
        modem.info("+CUSD: (0,1,2)")
        return OK
    if request.form == READ:
        modem.info(f"+CUSD: {modem.settings.ussd}")
        return OK
    values = request.values()
    try:
        wanted = whole(given(modem, request, modem.settings.ussd), (0, 1, 2))
        asked = uncoded(modem, values[1]) if len(values) > 1 else ""
    except ValueError:
        return cme(50)
    if wanted == CANCEL:
        _end(modem)
        return OK
    modem.settings.ussd = wanted
    return ask(modem, asked) if asked else OK


def _unpacked(modem: Modem, asked: str) -> str:
    """What was asked, if this type takes packed septets and these are some: `AA180C3602` is `*100#`."""
    modem.radio.packed_ussd = modem.personality.packed_ussd and _HEX.fullmatch(asked) is not None
    if not modem.radio.packed_ussd:
        return asked
    octets = bytes.fromhex(asked)
    return alphabet.text_of(alphabet.unpack(octets, len(octets) * 8 // 7)).rstrip("\r@")  # 8 n - 1 leave one over


def is_code(dialled: str) -> bool:
    """Whether what is dialled is no number but a question."""
    return _CODE.fullmatch(dialled) is not None


def ask(modem: Modem, asked: str) -> Final:
    """The network answers in a moment, by +CUSD."""
    trouble = modem.sim_trouble()
    if trouble is not None or not modem.registered():
        return cme(30 if trouble is None else trouble)
    in_menu, asked = modem.radio.in_menu, _unpacked(modem, asked)
    _end(modem)
    modem.radio.ussd = modem.loop.call_later(ANSWER_S, _answer, modem, asked, in_menu)
    return OK


def _end(modem: Modem) -> None:
    """No answer is under way, and none is awaited."""
    radio = modem.radio
    radio.in_menu = False
    if radio.ussd:
        radio.ussd.cancel()


def _answer(modem: Modem, asked: str, in_menu: bool) -> None:
    if modem.sim is None:
        return
    if (in_menu and asked == "2") or asked == "*#100#":
        _tell(modem, DONE, f"Your number is {modem.sim.number}")
    elif (in_menu and asked == "1") or (not in_menu and asked != MENU_CODE and _CODE.fullmatch(asked)):
        _tell(modem, DONE, f"Your balance is {modem.network.subscriptions.of[modem.sim.number].balance}")
    elif in_menu or asked == MENU_CODE:
        modem.radio.in_menu = True
        modem.radio.ussd = modem.loop.call_later(PATIENCE_S, _give_up, modem)
        _tell(modem, MORE, MENU)
    else:
        _tell(modem, UNSUPPORTED)


def _give_up(modem: Modem) -> None:
    """Nobody answered the menu."""
    modem.radio.in_menu = False
    _tell(modem, ENDED)


def _tell(modem: Modem, what: int, words: str = "") -> None:
    """With <n> 0 nothing is shown."""
    if not modem.settings.ussd:
        return
    if modem.radio.packed_ussd:
        coded = alphabet.pack(alphabet.septets_of(words)).hex().upper()
    else:
        coded = shown(words, modem.settings.charset)
    modem.urc(f'+CUSD: {what},"{coded}",15' if words else f"+CUSD: {what}")
