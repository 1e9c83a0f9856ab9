"""A bounded reader over received octets, and the one error that damaged octets may raise."""

from __future__ import annotations


class PduError(ValueError):
    """These octets (or these arguments) are not a PDU of the kind that was asked for; the message says why."""


class Octets:
    """Reads from the front; PduError when there is less than asked for."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def octet(self, what: str) -> int:
        """The next octet; `what` names it in the error."""
        return self.take(1, what)[0]

    def take(self, count: int, what: str) -> bytes:
        """The next `count` octets; nothing is consumed when they are not all there."""
        end = self._at + count
        if end > len(self._data):
            raise PduError(f"cut off in the {what}: {count} octets wanted, {len(self._data) - self._at} there")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def rest(self) -> bytes:
        """Whatever is left; may be empty."""
        taken = self._data[self._at :]
        self._at = len(self._data)
        return taken


def words_in(octets: bytes) -> str:
    """The text that 8-bit data is, as some phones send theirs; "" when it is none."""
    try:
        words = octets.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        return ""
    return words if all(sign.isprintable() or sign in "\r\n\t" for sign in words) else ""
