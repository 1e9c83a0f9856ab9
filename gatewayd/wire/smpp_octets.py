"""A bounded reader over the body of an SMPP PDU, the pieces a writer needs, and the one error of the protocol."""

from __future__ import annotations

INVALID_MESSAGE_LENGTH = 0x01
INVALID_COMMAND_LENGTH = 0x02
INVALID_COMMAND = 0x03


class SmppError(ValueError):
    """These octets (or these arguments) are not what SMPP 3.4 allows; the message says why.

    `status` is the command_status that tells a peer so. `stream_lost`: nobody knows where the next PDU begins, so the
    link must end.
    """

    def __init__(self, reason: str, *, status: int = INVALID_COMMAND_LENGTH, stream_lost: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.stream_lost = stream_lost


class Reader:
    """Reads from the front; SmppError when there is less than asked for."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __len__(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int, what: str) -> bytes:
        """The next `count` octets; nothing is consumed when they are not all there."""
        end = self._at + count
        if end > len(self._data):
            raise SmppError(f"cut off in {what}: {count} octets wanted, {len(self)} there")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def octet(self, what: str) -> int:
        return self.take(1, what)[0]

    def cstring(self, what: str) -> str:
        """Up to the next NUL, or to the end of the body: some peers leave the last NUL out, or write more than fits.

        Latin-1, so that every octet of an opaque id survives.
        """
        if not self:
            raise SmppError(f"cut off in {what}: no octet left")
        end = self._data.find(b"\0", self._at)
        if end < 0:
            return self.rest().decode("latin-1")
        text = self._data[self._at : end].decode("latin-1")
        self._at = end + 1
        return text

    def rest(self) -> bytes:
        """Whatever is left; may be empty."""
        taken = self._data[self._at :]
        self._at = len(self._data)
        return taken


def write_octet(value: int, what: str) -> bytes:
    if not 0 <= value <= 0xFF:
        raise SmppError(f"{what} {value} is not an octet")
    return bytes((value,))


def write_cstring(text: str, octets_max: int, what: str) -> bytes:
    """With its NUL, which `octets_max` counts. Never cut short: a shorter number is somebody else's."""
    if "\0" in text:
        raise SmppError(f"{what} contains NUL")
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        raise SmppError(f"{what} has characters that SMPP cannot carry") from None
    if len(octets) >= octets_max:
        raise SmppError(f"{what} has {len(octets)} octets, at most {octets_max - 1} are allowed")
    return octets + b"\0"
