"""What the network really took, and what became of it: the witness against every answer a modem gave or withheld.

One JSON object a line; README.md has the events and their fields.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

Entry = dict[str, Any]


class Ledger:
    """Keeps the last `keep` entries in memory and writes every one to `path` (flushed, not synced)."""

    def __init__(self, path: str | Path | None = None, *, keep: int = 200_000) -> None:
        self.entries: deque[Entry] = deque(maxlen=keep)
        self.count = 0
        self.accepted_count = 0
        self._encode: Callable[[Entry], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self._file: TextIO | None = Path(path).open("a", encoding="utf-8") if path else None  # noqa: SIM115 - see close

    def write(self, entry: Entry) -> None:
        """Appends one entry."""
        self.count += 1
        self.accepted_count += entry["event"] == "accepted"
        self.entries.append(entry)
        if self._file:
            self._file.write(self._encode(entry) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Closes the file; entries stay readable."""
        if self._file:
            self._file.close()
            self._file = None

    def select(self, event: str | None = None, **fields: object) -> list[Entry]:
        """Entries of this event whose fields have these values; a field of None is not compared."""
        return list(self._matching(event, fields))

    def _matching(self, event: str | None, fields: dict[str, object]) -> Iterator[Entry]:
        wanted = [(name, value) for name, value in fields.items() if value is not None]
        for entry in self.entries:
            if event in {None, entry["event"]} and all(entry.get(name) == value for name, value in wanted):
                yield entry

    def accepted(self, to: str | None = None, modem: str | None = None) -> list[Entry]:
        """Submissions the network took."""
        return self.select("accepted", to=to, modem=modem)

    def delivered(self, to: str | None = None) -> list[Entry]:
        """Messages that reached a phone or a modem."""
        return self.select("delivered", to=to)

    def reports(self, to: str | None = None) -> list[Entry]:
        """Status reports that were issued."""
        return self.select("report", to=to)

    def duplicates(self, to: str | None = None) -> list[Entry]:
        """One entry {to, text, concat, times, ids} for each text or part accepted more than once for a recipient.

        Parts are compared by text and part number, whatever their reference: a long text that was sent again with a
        new reference is a duplicate that the reader sees.
        """
        seen: Counter[tuple[str, str, int]] = Counter()
        first: dict[tuple[str, str, int], Entry] = {}
        ids: dict[tuple[str, str, int], list[int]] = {}
        for entry in self.accepted(to):
            key = (entry["to"], entry["text"], entry["concat"]["seq"] if entry["concat"] else 0)
            seen[key] += 1
            first.setdefault(key, entry)
            ids.setdefault(key, []).append(entry["id"])
        return [
            {"to": key[0], "text": key[1], "concat": first[key]["concat"], "times": times, "ids": ids[key]}
            for key, times in seen.items()
            if times > 1
        ]
