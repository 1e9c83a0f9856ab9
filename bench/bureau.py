"""A message centre that costs next to nothing: takes every submit_sm, notes when it came, sends receipts when told.

`python -m bench.bureau` prints its port, then obeys lines on its standard input: `times` prints the arrivals so far,
`receipts` sends one for each message and prints how long their answers took. It checks nothing: hwsim is for that.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time

RECEIPTS_OUT_MAX = 100
_HEAD = struct.Struct(">IIII")
_BIND, _SUBMIT, _DELIVER, _UNBIND, _ENQUIRE = 9, 4, 5, 6, 0x15
_ANSWER = 0x80000000


class Centre:
    """What all connections share."""

    def __init__(self) -> None:
        self.arrivals: list[float] = []
        self.recipients: list[bytes] = []
        self.lines: list[Line] = []
        self.answered = 0
        self.room = asyncio.Semaphore(RECEIPTS_OUT_MAX)

    async def receipts(self) -> float:
        """Seconds from the first to the last answer to a receipt for every message so far."""
        began, expected = time.perf_counter(), self.answered + len(self.recipients)
        for number, recipient in enumerate(self.recipients):
            await self.room.acquire()
            self.lines[0].receipt(number, recipient)
        while self.answered < expected:
            await self.room.acquire()
        return time.perf_counter() - began


class Line(asyncio.Protocol):
    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._got = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._centre.lines.insert(0, self)

    def connection_lost(self, _: Exception | None) -> None:
        self._centre.lines.remove(self)

    def data_received(self, data: bytes) -> None:
        got, at, said = self._got, 0, []
        got += data
        now = time.time()
        while len(got) - at >= _HEAD.size:
            length, command, _, sequence = _HEAD.unpack_from(got, at)
            if len(got) - at < length:
                break
            said.append(self._answer(command, sequence, bytes(got[at + 16 : at + length]), now))
            at += length
        del got[:at]
        self._transport.write(b"".join(said))

    def _answer(self, command: int, sequence: int, body: bytes, now: float) -> bytes:
        if command == _SUBMIT:
            centre = self._centre
            centre.arrivals.append(now)
            rest = body[body.index(0) + 3 :]  # behind service_type, source TON and NPI
            rest = rest[rest.index(0) + 3 :]
            centre.recipients.append(rest[: rest.index(0)])
            return _pdu(command | _ANSWER, sequence, b"%d\0" % (len(centre.arrivals) - 1))
        if command == _DELIVER | _ANSWER:
            self._centre.answered += 1
            self._centre.room.release()
            return b""
        if command in (1, 2, _BIND):
            return _pdu(command | _ANSWER, sequence, b"bench\0")
        return _pdu(command | _ANSWER, sequence, b"") if command in (_UNBIND, _ENQUIRE) else b""

    def receipt(self, number: int, recipient: bytes) -> None:
        text = b"id:%d sub:001 dlvrd:001 submit date:2611220700 done date:2611220700 stat:DELIVRD err:000" % number
        body = b"\0\1\1" + recipient + b"\0\1\1bench\0\4\0\0\0\0\0\0\0\0" + bytes([len(text)]) + text
        self._transport.write(_pdu(_DELIVER, number + 1, body))


def _pdu(command: int, sequence: int, body: bytes) -> bytes:
    return _HEAD.pack(16 + len(body), command, 0, sequence) + body


async def main() -> None:
    centre, loop = Centre(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(centre), "127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip() == "receipts":
            print(json.dumps(await centre.receipts()), flush=True)
        else:
            print(json.dumps(centre.arrivals), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
