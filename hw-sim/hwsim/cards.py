"""Cards that outlive the process: codes, counters and identities in a JSON file, written whenever one changes."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from hwsim.sim import PIN_TRIES, PUK_TRIES, Sim

TEXTS = ("number", "imsi", "iccid", "pin", "idle_pin", "puk", "sca")
TRIES = {"pin_tries": PIN_TRIES, "puk_tries": PUK_TRIES}
KEPT = (*TEXTS, *TRIES)


class BadCards(ValueError):
    """The file cannot be read; the sentence says why."""


class CardBox:
    """The file, by name of the modem. Without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._kept: dict[str, dict[str, Any]] = {}
        if path and path.exists():
            try:
                self._kept = json.loads(path.read_text("utf-8"))
            except (ValueError, RecursionError) as wrong:
                raise BadCards(f"{path}: {wrong}") from None
            sentence = _wrong(self._kept)
            if sentence:
                raise BadCards(f"{path}: {sentence}")

    def remember(self, name: str, card: Sim) -> None:
        """The card in this modem gets what the file says of it, if it has the same number; from then on it is kept."""
        kept = self._kept.get(name)
        if kept and kept.get("number") == card.number:
            for field, value in kept.items():
                setattr(card, field, value)
        if self._path:
            card.changed = partial(self._keep, name, card)
            self._keep(name, card)

    def _keep(self, name: str, card: Sim) -> None:
        assert self._path
        self._kept[name] = {field: getattr(card, field) for field in KEPT}
        temporary = self._path.with_name(self._path.name + ".new")
        temporary.write_text(json.dumps(self._kept, indent=1), "utf-8")
        temporary.replace(self._path)


def _wrong(kept: object) -> str:
    """What is wrong with the file's content, "" if nothing is."""
    if not isinstance(kept, dict):
        return "not a JSON object of cards by modem"
    for name, card in kept.items():
        if not isinstance(card, dict):
            return f"the card of {name!r} is not a JSON object"
        for field, value in card.items():
            if field not in KEPT:
                return f"a card has no {field!r}; there are {', '.join(KEPT)}"
            if field in TEXTS and not isinstance(value, str):
                return f"{field!r} of {name!r} is not a string: {value!r}"
            if field in TRIES and (type(value) is not int or not 0 <= value <= TRIES[field]):
                return f"{field!r} of {name!r} is not a number from 0 to {TRIES[field]}: {value!r}"
    return ""
