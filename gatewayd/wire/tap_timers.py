"""How long a call waits for the terminal: the time on the wire, "please wait", and XOFF (TAP 1.8 sections 2 and 7)."""

from __future__ import annotations

from gatewayd.wire.tap_settings import TapSettings


class Timers:
    """One deadline for what is awaited, one for the logon again, one for the end of an XOFF. Times are monotonic."""

    def __init__(self, settings: TapSettings) -> None:
        self.line_bps = 0
        self.deadline: float | None = None
        self.logon_again_at: float | None = None
        self.held_until: float | None = None  # XOFF
        self._settings = settings
        self._put_off = 0

    def begin(self, now: float, wait_s: float, octets: int = 0) -> None:
        """A new deadline; the time on the wire comes on top."""
        on_the_wire_s = 10.0 * octets / self.line_bps if self.line_bps else 0.0
        self.deadline = now + on_the_wire_s + wait_s

    def begin_answer(self, now: float, octets: int = 0) -> None:
        """For an answer to what goes out now: the terminal may again say a few times that it is at work."""
        self._put_off = 0
        self.begin(now, self._settings.t3_s, octets)

    def put_off(self, now: float, octets: int) -> None:
        """The terminal is at work; it may say so only so often."""
        if self._put_off < self._settings.working_max:
            self._put_off += 1
            self.begin(now, self._settings.t3_s, octets)

    def hold(self, now: float) -> None:
        """XOFF."""
        self.held_until = self.held_until or now + self._settings.xoff_s_max

    def end(self) -> None:
        self.deadline = self.logon_again_at = self.held_until = None

    def next(self) -> float | None:
        times = (self.deadline, self.logon_again_at, self.held_until)
        return min((at for at in times if at is not None), default=None)
