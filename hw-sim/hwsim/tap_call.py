"""One call at a TAP 1.8 paging terminal: from the first CR to the hang-up (sections 3 and 4).

Octets in, octets out; all waiting is the loop's. The pages go to the bureau through `tap_pages`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

from hwsim.outlet import Outlet
from hwsim.tap_block import ACK, CR, EOT, ESC, LF, NAK, RS, STX, XOFF, XON, whole_block
from hwsim.tap_faults import struck
from hwsim.tap_pages import Pages, Verdict

if TYPE_CHECKING:
    from hwsim.tap_terminal import Terminal

STREAM_OCTETS_MAX = 4096
BLOCK_SEARCH_MAX = 1024
LAST_WORDS_S = 0.2
SHOWN_OCTETS = 64
CUT_OCTETS = 12
CONTROL = {"ACK": bytes([ACK]), "NAK": bytes([NAK]), "RS": bytes([RS]), "EOT": bytes([ESC, EOT])}
GO_AHEAD = bytes([ESC]) + b"[p"
_LOGON = re.compile(rb"\x1b([A-Za-z0-9]{2})([A-Za-z0-9])([^\r\n\x00-\x1f]*)")


class Phase(Enum):
    """What the terminal waits for."""

    CALLED = "a CR"
    ASKED = "a logon"
    WORKING = "nothing: an answer is due"
    READY = "a block or EOT"
    OVER = "the end"


class Call:
    """One caller. `output` takes our octets, `hang_up` ends the connection."""

    def __init__(self, terminal: Terminal, line: str, number: int) -> None:
        self.terminal = terminal
        self.line = line
        self.number = number
        self.phase = Phase.CALLED
        self.pages = Pages(self)
        self.output: Callable[[bytes], None] = lambda _: None
        self.hang_up: Callable[[], None] = lambda: None
        self._loop = terminal.loop
        self._stream = bytearray()
        self._outlet = Outlet(self._loop, self._write)
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._logons = 0
        self._asked = 0
        self._stray = 0
        self._crs = 0
        self._cut_at: int | None = None  # the call ends after so many octets of the block that has begun
        self._in_block = False
        self._held_until = 0.0  # we sent XOFF: nothing may come before
        self._paused: bytes | None = None  # the caller sent XOFF: what we have to say meanwhile
        self._after("id", terminal.settings.patience_s, self._too_late)
        if terminal.settings.id_unasked_s:
            self._after("unasked", terminal.settings.id_unasked_s, self._ask_id)

    def _after(self, name: str, delay_s: float, act: Callable[..., None], *args: Any) -> None:
        previous = self._timers.pop(name, None)
        if previous:
            previous.cancel()
        if delay_s:
            self._timers[name] = self._loop.call_later(delay_s, act, *args)

    def _soon(self, delay_s: float, act: Callable[..., None], *args: Any) -> None:
        """Now, or after a delay unless the call is over by then."""
        if delay_s:
            self._after("answer", delay_s, act, *args)
        else:
            act(*args)

    def struck(self, step: str, to: str | None = None) -> dict[str, dict[str, Any]]:
        """The faults of this step."""
        return struck(self.terminal.rules, step, self.line, to, self.terminal.dice)

    # The end

    def ended(self) -> None:
        """The caller hung up, or we did: what was ACKed stays, what was half sent does not."""
        if self.phase is Phase.OVER:
            return
        self.terminal.book("hung_up", self, by="caller", state=self.phase.value)
        self._over()

    def _over(self) -> None:
        self.phase = Phase.OVER
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self.pages.close()
        self.terminal.left(self)

    def drop(self, why: str) -> None:
        """The terminal hangs up without a word."""
        if self.phase is not Phase.OVER:
            self.terminal.book("hung_up", self, by="terminal", why=why)
            self._over()
            self.hang_up()

    def dismiss(self, code: int, text: str) -> None:
        """A forced disconnect: message sequence, ESC EOT, and the line is dropped."""
        if self.phase is not Phase.OVER:
            self.say([f"{code} {text}"] if code else [], "EOT")
            self._leave("dismissed")

    def _leave(self, why: str) -> None:
        self.phase = Phase.WORKING
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._after("leave", LAST_WORDS_S, self.drop, why)

    def violation(self, rule: str, octets: bytes = b"") -> None:
        """The caller broke the protocol; it is written down."""
        self.terminal.book("violation", self, rule=rule, octets=octets[:SHOWN_OCTETS].hex().upper() or None)

    # Talking

    def write(self, octets: bytes) -> None:
        """Octets as the line has them: with their parity bit if that is what it uses."""
        if self.terminal.settings.line_ends == "lf":
            octets = octets.replace(bytes([CR]), bytes([LF]))
        elif self.terminal.settings.line_ends == "crlf":
            octets = octets.replace(bytes([CR]), bytes([CR, LF]))
        self._outlet.send(self.terminal.with_parity(octets), self.terminal.wire)

    def _write(self, octets: bytes) -> None:
        if self._paused is None:
            self.output(octets)
        else:
            self._paused = (self._paused + octets)[-STREAM_OCTETS_MAX:]

    def _obey(self, data: bytes) -> None:
        """XOFF and XON of the caller: what we say waits in between."""
        for octet in data:
            if octet == XOFF and self._paused is None:
                self._paused = b""
            elif octet == XON and self._paused is not None:
                paused, self._paused = self._paused, None
                self.output(paused)

    def say(self, lines: list[str], control: str, bare: dict[str, Any] | None = None, tail: bytes = b"") -> None:
        """A message sequence and the control that answers (steps 6 and 8); `bare` leaves the sequence away."""
        sequence = b""
        if self.terminal.settings.version and bare is None and lines:
            sequence = b"".join([line.encode("ascii", "replace") + b"\r" for line in lines])
        elif control != "EOT" and not (bare or {}).get("naked", False):
            sequence = b"\r"  # before version 1.6: CR, control, CR
        self.write(sequence + CONTROL[control] + b"\r" + tail)

    # Listening

    def receive(self, data: bytes) -> None:
        """Octets from the caller."""
        if self.phase is Phase.OVER:
            return
        clean = self.terminal.without_parity(data)
        if clean is None:
            self.violation("an octet with a wrong parity bit", data)
            clean = bytes([octet & 0x7F for octet in data])
            self.pages.damaged = True
        if XON in clean or XOFF in clean:
            self._obey(clean)
        self._stream += clean.replace(bytes([XON]), b"").replace(bytes([XOFF]), b"")
        del self._stream[:-STREAM_OCTETS_MAX]
        if self.terminal.echo:
            self.output(data)
        if self.phase is Phase.WORKING and STX in clean:
            self.violation("a block before the answer to the last one", data)
        self._read()

    def _read(self) -> None:
        steps = {Phase.CALLED: self._read_cr, Phase.ASKED: self._read_logon, Phase.READY: self._read_transaction}
        while self._stream and self.phase in steps:
            if not steps[self.phase]():
                return

    def _read_cr(self) -> bool:
        if self._stream.strip(b"\r"):
            self.violation("octets other than CR before ID=", bytes(self._stream))
        self._crs += self._stream.count(CR)
        self._stream.clear()
        if self._crs >= self.terminal.settings.crs_before_id:
            self._ask_id()
        return False

    # ID= and the logon

    def _ask_id(self) -> None:
        faults = self.struck("id")
        if "tap_disconnect" in faults:
            self._disconnect(faults["tap_disconnect"])
            return
        if "tap_silence" in faults:
            return
        delay_s = faults.get("tap_slow", {}).get("seconds", 0.0) or self.terminal.settings.id_delay_s
        self._noise(faults)
        self.phase = Phase.WORKING
        banner = faults.get("tap_banner", {}).get("text", "") or self.terminal.settings.banner_before_id
        repeats = faults.get("tap_id_repeated", {}).get("repeats", 1)
        self._soon(delay_s, self._say_id, banner, repeats)

    def _say_id(self, banner: str, repeats: int) -> None:
        self._after("id", 0.0, self._too_late)
        self._after("unasked", 0.0, self._ask_id)
        settings = self.terminal.settings
        text = (banner.encode("ascii", "replace") + b"\r") if banner else b""
        self.write(text + (b"ID=" + (b"\r" if settings.id_with_cr else b"")) * repeats)
        self.phase = Phase.ASKED
        self._asked += 1
        self._after("logon", settings.t5_s, self._no_logon)
        self._read()

    def _no_logon(self) -> None:
        if self._asked > self.terminal.settings.n3:
            self.dismiss(501, "Time-out waiting for logon")
        else:
            self._say_id("", 1)

    def _too_late(self) -> None:
        self.drop("no CR")

    def _read_logon(self) -> bool:
        end = self._stream.find(CR)
        if end < 0:
            return False
        line = bytes(self._stream[:end])
        del self._stream[: end + 1]
        if line.startswith(b"\n"):
            self.violation("LF before the logon", line)
            line = line.lstrip(b"\n")
        if not line:
            self.write(b"ID=")  # the caller has not seen it yet, and asks again
            return True
        self._after("logon", 0.0, self._no_logon)
        self.phase = Phase.WORKING
        self._logons += 1
        faults = self.struck("logon")
        self._noise(faults)
        self._soon(faults.get("tap_slow", {}).get("seconds", 0.0), self._answer_logon, line, faults)
        return True

    def _answer_logon(self, line: bytes, faults: dict[str, dict[str, Any]]) -> None:
        settings = self.terminal.settings
        if "tap_disconnect" in faults:
            self._disconnect(faults["tap_disconnect"])
            return
        if "tap_silence" in faults:
            self._again()
            return
        if "tap_id_again" in faults:
            self._say_id("", 1)
            return
        code, text = self._logon_fault(line)
        if "tap_nak" in faults:
            code, text = faults["tap_nak"].get("code", 507), "Please log on again"
        if not code:
            self._welcome(faults)
        elif code in {508, 509} and "tap_nak" not in faults:
            self.dismiss(code, text)
        elif self._logons >= settings.logons_max:
            self.dismiss(507, "Invalid logon")
        else:
            self.say([f"{code} {text}"], "NAK")
            self._again()

    def _again(self) -> None:
        self.phase = Phase.ASKED
        self._after("logon", self.terminal.settings.t5_s, self._no_logon)
        self._read()

    def _logon_fault(self, line: bytes) -> tuple[int, str]:
        settings = self.terminal.settings
        found = _LOGON.fullmatch(line)
        if found is None:
            self.violation("a logon that is not ESC SST and a password", line)
            return 507, "Invalid logon"
        service, device, password = (part.decode("ascii") for part in found.groups())
        if (service, device) != ("PG", "1"):
            return 508, "Service not supported"
        if password and not password.isalnum():
            self.violation("a password that is not alphanumeric")
            return 507, "Invalid logon"
        if settings.password and password != settings.password:
            return 509, "Invalid password"
        return 0, ""

    def _welcome(self, faults: dict[str, dict[str, Any]]) -> None:
        settings = self.terminal.settings
        lines = [f"110 {settings.version}"] + ([f"114 {settings.banner}"] if settings.banner else [])
        self.terminal.book("logon", self)
        later = self.struck("go_ahead")
        self._after("session", settings.session_s, self._session_over)
        if "tap_glued" in later:
            if later["tap_glued"].get("without_ack", False):
                self.write("\r".join([*lines, ""]).encode("ascii") + GO_AHEAD + b"\r")
            else:
                self.say(lines, "ACK", faults.get("tap_bare"), tail=GO_AHEAD + b"\r")
            self.ready()
            return
        self.say(lines, "ACK", faults.get("tap_bare"))
        if "tap_disconnect" in later:
            self._disconnect(later["tap_disconnect"])
            return
        self._noise(later)
        if "tap_silence" in later:
            return
        delay_s = later.get("tap_slow", {}).get("seconds", 0.0) or settings.go_ahead_delay_s
        self._soon(delay_s, self._go_ahead)

    def _go_ahead(self) -> None:
        self.write(GO_AHEAD + b"\r")
        self.ready()

    def _session_over(self) -> None:
        self.pages.time_is_up = True

    # Blocks

    def ready(self) -> None:
        """The next block may come, within t4."""
        self.phase = Phase.READY
        held_s = max(0.0, self._held_until - self._loop.time())
        self._after("t4", self.terminal.settings.t4_s + held_s, self._idle)
        self._read()

    def _idle(self) -> None:
        self.violation("nothing within t4 of the last answer", bytes(self._stream))
        self.dismiss(501, "Time-out waiting for input")

    def _read_transaction(self) -> bool:
        between = len(self._stream) - len(self._stream.lstrip(b"\r\n"))
        if between:
            self.violation("CR or LF where a block or EOT is due", bytes(self._stream[:between]))
            del self._stream[:between]
        if not self._stream:
            return False
        if self._stream[0] == EOT:
            return self._read_eot()
        if self._stream[0] != STX:
            return self._read_stray()
        if self._cut():
            return False
        size = whole_block(bytes(self._stream))
        if size is None:
            self._after("t4", self.terminal.settings.block_s, self._idle)
            if len(self._stream) > BLOCK_SEARCH_MAX:
                self.violation("a block without an end", bytes(self._stream))
                self._stream.clear()
                self._in_block = False
                self._settle(Verdict(515, "Message format error", "RS"), {})
            return False
        block = bytes(self._stream[:size])
        del self._stream[:size]
        self._in_block = False
        if STX in self._stream:
            self.violation("a block before the answer to the last one", bytes(self._stream))
        self.phase = Phase.WORKING
        self._after("t4", 0.0, self._idle)
        verdict = self.pages.judge(block)
        faults = self.struck("block", self.pages.to)
        self._noise(faults)
        delay_s = faults.get("tap_slow", {}).get("seconds", 0.0) or self.terminal.settings.answer_delay_s
        self._soon(delay_s, self._settle, verdict, faults)
        return True

    def _cut(self) -> bool:
        """Within a block: a fault ends the call after some octets of it."""
        if not self._in_block:
            self._in_block = True
            struck = self.struck("in_block").get("tap_cut_block")
            self._cut_at = struck.get("octets", CUT_OCTETS) if struck is not None else None
        if self._cut_at is None or len(self._stream) < self._cut_at:
            return False
        self.drop("fault")
        return True

    def _read_stray(self) -> bool:
        """Something other than STX or EOT CR (code 502)."""
        stray = bytes(self._stream)
        start = self._stream.find(STX)
        if start < 0 and CR not in self._stream:
            return False  # the line is not over yet
        del self._stream[: start if start >= 0 else len(self._stream)]
        self._stray += 1
        self.violation("unexpected octets before a block", stray)
        if self._stray > self.terminal.settings.errors_max:
            self.dismiss(502, "Unexpected characters")
            return False
        if start < 0:
            self.say(["502 Unexpected characters before a block"], "NAK")
            self.ready()
        return True

    def _settle(self, verdict: Verdict, faults: dict[str, dict[str, Any]]) -> None:
        """The answer to a block, as the faults have it."""
        if "tap_disconnect" in faults:
            self._disconnect(faults["tap_disconnect"])
            return
        if "tap_please_wait" in faults:
            options = dict(faults.pop("tap_please_wait"))
            left = options.get("repeats", 1)
            self.write(b"111 Please wait\r")
            if left > 1:
                faults["tap_please_wait"] = {**options, "repeats": left - 1}
            self._soon(options.get("seconds", 5.0), self._settle, verdict, faults)
            return
        verdict, after = self.pages.settle(verdict, faults)
        if after == "drop":
            self.drop("fault")
            return
        if after == "silence":
            self.ready()
            return
        if verdict.control == "EOT":
            self.dismiss(verdict.code, verdict.text)
            return
        lines = [f"{verdict.code} {verdict.text}"] if verdict.code else []
        self.say(lines, verdict.control, faults.get("tap_bare"))
        self.ready()

    # EOT

    def _read_eot(self) -> bool:
        if len(self._stream) < 2:
            return False
        if self._stream[1] != CR:
            self.violation("EOT without CR", bytes(self._stream))
        del self._stream[:2]
        if self.pages.unfinished:
            self.violation("EOT in the middle of a transaction")
        self.phase = Phase.WORKING
        self._after("t4", 0.0, self._idle)
        faults = self.struck("eot")
        self._noise(faults)
        if "tap_silence" in faults:
            return True
        self._soon(faults.get("tap_slow", {}).get("seconds", 0.0), self._good_bye, faults)
        return True

    def _good_bye(self, faults: dict[str, dict[str, Any]]) -> None:
        settings = self.terminal.settings
        if "tap_disconnect" in faults or settings.good_bye == "drop":
            self._disconnect(faults.get("tap_disconnect", {"polite": False}))
            return
        late = self.pages.revoke()
        if late:
            self.say([f"{late} A page of this call is refused"], "RS")
        self.say([] if settings.good_bye == "bare" else [f"115 {settings.farewell}"], "EOT", faults.get("tap_bare"))
        self._leave("after EOT")

    # Faults of every step

    def _disconnect(self, options: dict[str, Any]) -> None:
        if options.get("polite", False):
            self.dismiss(options.get("code", 0), "Good-bye")
        else:
            self.drop("fault")

    def _noise(self, faults: dict[str, dict[str, Any]]) -> None:
        if "tap_noise" in faults:
            octets = self.terminal.dice.randbytes(faults["tap_noise"].get("octets", 8))
            self.output(bytes([octet & 0x7F for octet in octets]))
        if "tap_xoff" in faults:
            seconds = faults["tap_xoff"].get("seconds", 5.0)
            self.output(self.terminal.with_parity(bytes([XOFF])))
            self._held_until = self._loop.time() + seconds
            self._loop.call_later(seconds, self._resume)

    def _resume(self) -> None:
        if self.phase is not Phase.OVER:
            self.output(self.terminal.with_parity(bytes([XON])))
