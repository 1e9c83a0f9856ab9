"""The body that a command asks for after its prompt (3GPP TS 27.005 3.5.1, 4.3), until Ctrl-Z or ESC."""

from __future__ import annotations

import re
from collections.abc import Callable

from hwsim.commands import Final

CTRL_Z, ESC = 0x1A, 0x1B
BODY_OCTETS_MAX = 4096
_END = re.compile(rb"[\x1a\x1b]")


class Prompt:
    """A command that waits for a body. `erase` is the octet that takes the last one back, if one does; `again` is said
    after each CR: both are for typed text alone, not for hexadecimal."""

    def __init__(
        self, take: Callable[[bytes], Final | None], *, erase: int | None = None, again: bytes | None = None
    ) -> None:
        self.take = take
        self.body = bytearray()
        self._erase = erase
        self._again = again

    def gather(self, arrived: bytearray, *, echo: bool) -> tuple[bytes, int]:
        """Takes the body out of what arrived; what the terminal is shown, and CTRL_Z or ESC if that was the end, 0 if
        it was not."""
        found = _END.search(arrived)
        piece = bytes(arrived[: found.start()] if found else arrived)
        end = arrived[found.start()] if found else 0
        del arrived[: len(piece) + bool(end)]
        self._add(piece)
        if self._again is None:
            return (piece if echo else b""), end
        return (piece.replace(b"\r", self._again) if echo else self._again * piece.count(b"\r")), end

    def _add(self, piece: bytes) -> None:
        if self._erase is None or self._erase not in piece:
            self.body += piece
        else:
            for octet in piece:
                if octet != self._erase:
                    self.body.append(octet)
                elif self.body:
                    self.body.pop()
        del self.body[BODY_OCTETS_MAX:]
