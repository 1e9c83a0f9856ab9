"""Cards that outlive the process: codes, counters and identities in a JSON file, written whenever one changes."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from hwsim.sim import Sim

KEPT = ("number", "imsi", "iccid", "pin", "puk", "sca", "pin_tries", "puk_tries")


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
            except ValueError as wrong:
                raise BadCards(f"{path}: {wrong}") from None

    def remember(self, name: str, card: Sim) -> None:
        """The card in this modem gets what the file says of it, if it has the same number; from then on it is kept."""
        kept = self._kept.get(name)
        if kept and kept["number"] == card.number:
            for field in KEPT:
                setattr(card, field, kept[field])
        if self._path:
            card.changed = partial(self._keep, name, card)
            self._keep(name, card)

    def _keep(self, name: str, card: Sim) -> None:
        assert self._path
        self._kept[name] = {field: getattr(card, field) for field in KEPT}
        temporary = self._path.with_name(self._path.name + ".new")
        temporary.write_text(json.dumps(self._kept, indent=1), "utf-8")
        temporary.replace(self._path)
