"""A person's phone: joins parts, drops copies of a part, replaces messages, answers as its owner was told to."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hwsim import alphabet
from hwsim.faults import FaultError, number, octet, read, share, whole, words
from hwsim.fields import Address, address_of, put_address
from hwsim.numbers import national
from hwsim.oddities import Oddity, parts_with
from hwsim.segments import parts_of
from hwsim.smsc import Envelope, Taken
from hwsim.tpdu import Concat, UserData, message_class

if TYPE_CHECKING:
    from hwsim.owner import Mind
    from hwsim.smsc import Network

INBOX_MAX, JOINED_MAX = 20_000, 2_000
REPLACE_PIDS = range(0x41, 0x48)


@dataclass(slots=True)
class Text:
    """A message as its reader sees it. `modem` is the modem whose SIM sent it, None for a person's."""

    sender: str
    text: str
    at: float
    modem: str | None = None
    parts: int = 1
    pid: int = 0
    flash: bool = False
    replaced: int = 0


@dataclass(slots=True)
class Habit:
    """What the owner does with a message: after `after_s` sends `text` back, if `contains` and `matches` fit."""

    text: str
    after_s: float = 0.0
    contains: str | None = None
    matches: str | None = None
    times: int | None = 1
    probability: float = 1.0
    to: str | None = None  # instead of the sender

    def fits(self, text: str) -> bool:
        """This message calls for this answer, and the answer was not given often enough yet."""
        if self.times is not None and self.times <= 0:
            return False
        if self.contains is not None and self.contains not in text:
            return False
        return self.matches is None or re.search(self.matches, text) is not None


def _pattern(value: object) -> str:
    try:
        re.compile(words(value))
    except re.error as wrong:
        raise FaultError(f"no pattern: {value!r} ({wrong})") from None
    return words(value)


_HABIT: dict[str, Callable[[object], Any]] = {
    "text": words,
    "after_s": number,
    "contains": words,
    "matches": _pattern,
    "times": whole,
    "probability": share,
    "to": words,
}
_NULL = {"contains", "matches", "times", "to"}


def habit_of(description: object) -> Habit:
    """From a request or a scene; raises FaultError."""
    if not isinstance(description, dict):
        raise FaultError(f"no habit: {description!r}")
    values: dict[str, Any] = {}
    for name, value in description.items():
        if name not in _HABIT:
            raise FaultError(f"a habit has no option {name!r}; there are {', '.join(_HABIT)}")
        values[name] = None if value is None and name in _NULL else read(name, _HABIT[name], value)
    if "text" not in values:
        raise FaultError("'text' is missing")
    return Habit(**values)


Key = tuple[str, int, int, int]


def checked(
    text: str, *, sender: str | None = None, pid: int = 0, flash: bool = False, odd: Oddity | None = None,
    ref: int = 0,
) -> tuple[Address | None, list[UserData]]:  # fmt: skip
    """The sender's address, if it is not the phone's own, and the parts; raises FaultError that names the field."""
    read("pid", octet, pid)
    shown = read("sender", sender_of, sender) if sender else None
    try:
        return shown, parts_with(odd, text, ref) if odd else parts_of(text, ref, flash=flash)
    except FaultError:
        raise
    except UnicodeError:
        raise FaultError("'text' is not of characters alone") from None
    except ValueError as wrong:
        raise FaultError(f"'text': {wrong}") from None


def sender_of(value: object) -> Address:
    """A number, or a name of up to 11 characters (23.040 9.1.2.5)."""
    text = words(value)
    address = address_of(text)
    try:
        fits = len(alphabet.septets_of(text)) <= 11 if address.alphanumeric else len(address.value) <= 20
        put_address(address)
    except (ValueError, KeyError):
        fits = False
    if not fits:
        raise FaultError(f"neither a number nor a name of up to 11 characters: {text!r}")
    return address


class Phone:
    """One handset at one number."""

    def __init__(self, number: str, name: str, network: Network) -> None:
        self.number = number
        self.name = name
        self.inbox: deque[Text] = deque(maxlen=INBOX_MAX)
        self.habits: list[Habit] = []
        self.on = True
        self.mind: Mind | None = None  # an owner who answers by chance
        self.lend: Callable[[str, str, str], None] = lambda *_: None  # texts from another phone of the street
        self.copies_dropped = 0
        self.received = 0
        self.sent: deque[dict[str, Any]] = deque(maxlen=1000)
        self.heard: Callable[[Text], None] = lambda _: None
        self.network = network
        self._ref = network.dice.randrange(256)
        self._incomplete: dict[Key, dict[int, Envelope]] = {}
        self._joined: dict[Key, tuple[str, ...]] = {}
        network.subscribe(number, self)

    # What the network calls

    def reachable(self) -> bool:
        """Switched on and in coverage."""
        return self.on

    def take(self, envelope: Envelope, done: Callable[[Taken], None]) -> None:
        """A phone takes everything at once."""
        done(Taken.OK)
        data = envelope.data
        if data is None or envelope.pid == 0x40:
            return
        self.received += 1
        if data.concat:
            self._join(envelope, data.concat)
        else:
            self._show(envelope, data.text, 1)

    def _join(self, envelope: Envelope, concat: Concat) -> None:
        """Parts by sender, reference and total (23.040 9.2.3.24.1); a copy of a known part is dropped."""
        assert envelope.data
        key = (str(envelope.sender), concat.ref, concat.total, concat.bits)
        joined = self._joined.get(key)
        if joined and joined[concat.seq - 1] == envelope.data.text:
            self.copies_dropped += 1
            return
        parts = self._incomplete.setdefault(key, {})
        if concat.seq in parts:
            self.copies_dropped += 1
            return
        parts[concat.seq] = envelope
        if len(parts) < concat.total:
            return
        del self._incomplete[key]
        texts = tuple([part.data.text for _, part in sorted(parts.items()) if part.data])
        self._joined[key] = texts
        if len(self._joined) > JOINED_MAX:
            del self._joined[next(iter(self._joined))]
        self._show(envelope, "".join(texts), concat.total)

    def _show(self, envelope: Envelope, words: str, parts: int) -> None:
        data = envelope.data
        assert data
        text = Text(
            sender=str(envelope.sender),
            text=words,
            at=self.network.wall(),
            modem=envelope.modem,
            parts=parts,
            pid=envelope.pid,
            flash=message_class(data.dcs) == 0,
        )
        if envelope.pid in REPLACE_PIDS and self._replace(text):
            return
        self.inbox.append(text)
        self._react(text)

    def _replace(self, text: Text) -> bool:
        """Replace short message type 1-7: takes the place of the last of its kind (23.040 9.2.3.9)."""
        for place, old in enumerate(self.inbox):
            if old.pid == text.pid and old.sender == text.sender:
                text.replaced = old.replaced + 1
                self.inbox[place] = text
                self._react(text)
                return True
        return False

    def _react(self, text: Text) -> None:
        self.heard(text)
        for habit in self.habits:
            if habit.fits(text.text):
                if habit.probability < 1.0 and self.network.dice.random() >= habit.probability:
                    continue
                if habit.times is not None:
                    habit.times -= 1
                to = habit.to or text.sender
                self.network.loop.call_later(habit.after_s, self._habitual, to, habit.text)
                return
        if self.mind:
            self.mind.react(text)

    def _habitual(self, to: str, text: str) -> None:
        if self.on:
            self.send(to, text)

    # What its owner does

    @property
    def incomplete(self) -> int:
        """Long messages of which parts are missing."""
        return len(self._incomplete)

    def switch(self, on: bool) -> None:
        """On, or off (out of coverage is the same to the network). What waited comes soon after it is on again."""
        self.on = on
        if on:
            self.network.came_back(self.number)

    def away(self, after_s: float, for_s: float, every_s: float = 0.0) -> None:
        """Out of coverage after a while and for a while, and again and again if `every_s` says so."""
        for name, value in (("after_s", after_s), ("for_s", for_s), ("every_s", every_s)):
            read(name, number, value)
        loop = self.network.loop
        loop.call_later(after_s, self.switch, False)  # noqa: FBT003 - a call that is made later
        loop.call_later(after_s + for_s, self.switch, True)  # noqa: FBT003
        if every_s:
            loop.call_later(every_s, self.away, after_s, for_s, every_s)

    def send(
        self, to: str, text: str, *, sender: str | None = None, pid: int = 0, flash: bool = False,
        odd: Oddity | None = None,
    ) -> None:  # fmt: skip
        """Texts a number, in parts if need be; `sender` plays a service with a name instead of a number, `flash`
        makes it class 0, `odd` whatever is odd."""
        self._ref = (self._ref + 1) & 255
        number = national(to, self.network.settings.country)
        shown, parts = checked(text, sender=sender, pid=pid, flash=flash, odd=odd, ref=self._ref)
        for data in parts:
            self.network.originate(self.number, number, data, pid=pid, sender=shown)
        self.sent.append({"to": number, "text": text, "at": self.network.wall()})

    def reply(self, text: str) -> str:
        """Texts whoever texted last; returns the number. Raises LookupError with an empty inbox."""
        if not self.inbox:
            raise LookupError(f"nobody has texted {self.number} yet")
        to = self.inbox[-1].sender
        self.send(to, text)
        return to

    def texts(self, contains: str = "", sender: str | None = None) -> list[Text]:
        """Messages in the inbox that hold these words."""
        return [text for text in self.inbox if contains in text.text and sender in {None, text.sender}]

    def shown(self) -> dict[str, Any]:
        """As the control API shows it."""
        return {
            "number": self.number,
            "name": self.name,
            "on": self.on,
            "received_parts": self.received,
            "copies_dropped": self.copies_dropped,
            "incomplete": self.incomplete,
            "waiting": self.network.waiting(self.number),
            "inbox": [asdict(text) for text in self.inbox],
            "sent": list(self.sent),
            "script": [asdict(habit) for habit in self.habits],
            "owner": self.mind.owner.shown() if self.mind else None,
        }
