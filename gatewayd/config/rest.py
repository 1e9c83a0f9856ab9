"""A file with faults, as far as it can be read: so that one early fault does not hide what else is wrong. Pure.

What cannot be read takes its default, or a stand-in; where that does not help its table is left out. Whatever is said
of the rest is believed only where it does not speak of what was left out or stood in for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import ValidationError

from gatewayd.config.lines import KeyPath

STAND_IN = "stand-in"
_STAND_INS: dict[str, Any] = {
    "zone": "UTC",
    "fallback": [STAND_IN],
    "members": [STAND_IN],
    "page": [STAND_IN],
}
_Made = TypeVar("_Made")


class Rest:
    """What is left of the file, and where each of its tables stood."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = deepcopy(raw)
        self._places: dict[str, list[int]] = {}
        self._amiss: set[KeyPath] = set()
        self._gone: set[str] = {STAND_IN}  # names of what was left out
        self._nameless = False

    def made(self, make: Callable[[dict[str, Any]], _Made], faults: Iterable[KeyPath]) -> _Made | None:
        """None: nothing of it can be read."""
        found = list(faults)
        for mend in (self._stand_in, self._leave_out, self._leave_out):
            self._amiss.update(self.place(at) for at in found)
            mend(found)
            try:
                return make(self.raw)
            except ValidationError as error:
                found = [tuple(fault["loc"]) for fault in error.errors(include_url=False, include_input=False)]
        return None

    def place(self, at: KeyPath) -> KeyPath:
        """In the file as it was."""
        if len(at) > 1 and isinstance(at[1], int) and at[0] in self._places:
            return (at[0], self._places[str(at[0])][at[1]], *at[2:])
        return at

    def believed(self, at: KeyPath, said: str) -> bool:
        """Whether this may be said, as far as is known."""
        if self._nameless and said.startswith(("no ", "nobody ")):
            return False
        there = any(at[: len(amiss)] == amiss or amiss[: len(at)] == at for amiss in self._amiss)
        return not there and not any(f"'{name}'" in said or f":{name}'" in said for name in self._gone)

    def _stand_in(self, found: list[KeyPath]) -> None:
        for at in found:
            while len(at) > 3 and not isinstance(at[-1], str):
                at = at[:-1]  # one value of a list: the whole list has its default
            holder = self._holder(at)
            if isinstance(holder, dict) and isinstance(at[-1], str):
                holder.pop(at[-1], None)
                if at[-1] in _STAND_INS:
                    holder[at[-1]] = deepcopy(_STAND_INS[at[-1]])

    def _leave_out(self, found: list[KeyPath]) -> None:
        for kind, number in sorted({(at[0], at[1] if len(at) > 1 else None) for at in found}, key=str, reverse=True):
            listed = self.raw.get(str(kind))
            if not isinstance(listed, list) or not isinstance(number, int):
                self.raw.pop(str(kind), None)
                continue
            name = listed[number].get("name") if isinstance(listed[number], dict) else None
            self._gone |= {name} if isinstance(name, str) else set()
            self._nameless |= not isinstance(name, str)
            places = self._places.setdefault(str(kind), list(range(len(listed))))
            del listed[number], places[number]

    def _holder(self, at: KeyPath) -> Any:
        node: Any = self.raw
        for key in at[:-1]:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                return None
        return node
