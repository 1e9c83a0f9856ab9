"""What an operator may say about a paging bureau that speaks TAP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from gatewayd.wire import tap_settings as wire
from gatewayd.wire.dialup import DialSettings
from gatewayd.wire.tap_text import CHARS_MIN, PARTS_MAX

Parity = Literal["8N1", "7E1", "7E1 in software"]
Kind = Literal["alpha", "numeric", "tone"]
Pagers = tuple[Annotated[str, Field(pattern=r"^[!-)+-~]{0,32}\*?$", min_length=1)], ...]

LINGER_SHARE_MAX = 0.75  # of t4: a terminal that waits longer for the next page says 501 and hangs up


class TapSettings(BaseModel):
    """One bureau on one line. `end` is a stable path (/dev/serial/by-id/...), tcp://host:port, or unix:/path.

    With `dial` a modem is on that end, and the number is dialled for each call; without it the terminal is there
    itself. Five defaults go by the kind of line (`_by_kind`). The password stands in a file or comes as a systemd
    credential; the daemon reads it and gives it to the channel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    end: Annotated[str, Field(min_length=1, max_length=200)]
    baud: Annotated[int, Field(ge=110, le=4_000_000)] = 9600
    rtscts: bool = False
    parity: Parity  # /dev: 7E1, as the standard wants it; else 8N1

    dial: Annotated[str | None, Field(min_length=1, max_length=40, repr=False)] = None
    init: tuple[str, ...] = ("ATZ", "ATE0V1Q0")
    dial_command: str = "ATDT"
    connect_wait_s: Annotated[float, Field(ge=5, le=300)] = 60.0

    service: str = "PG1"
    password_file: str | None = None
    password_credential: str | None = None

    chars_max: Annotated[int, Field(ge=CHARS_MIN, le=2000)] = 240  # of one page
    parts_max: Annotated[int, Field(ge=1, le=PARTS_MAX)] = 3  # pages for one text; what is longer is cut
    blocks_max: Annotated[int, Field(ge=1, le=9)] = 1  # for one page; many terminals know no more than one
    line_breaks: wire.LineBreaks = "auto"
    etb_for_us: bool = False  # some terminals want ETB where the standard has US
    numeric_pagers: Pagers = ()  # they show digits only; "47*": all numbers that begin with 47
    tone_pagers: Pagers = ()  # they only beep
    phone_numbers: bool = False  # it takes +44..., too, written without the "+"

    pages_max: Annotated[int, Field(ge=1, le=100)] = 10  # in one call
    call_s_max: Annotated[float, Field(ge=10, le=3600)] = 180.0  # after so long no further page is begun
    hold_s: Annotated[float, Field(ge=1, le=300)] = 20.0  # a third of the patience for critical texts
    linger_s: Annotated[float, Field(ge=0, le=60)]  # how long an idle call waits for more pages; TCP 0.5, else 0
    pages_per_minute: Annotated[float, Field(gt=0)] | None = None
    burst: Annotated[int, Field(ge=1, le=1000)] | None = None  # at once; None: as many as the bureau takes in a minute
    per_recipient_per_hour: Annotated[int, Field(ge=1, le=10_000)] | None = None

    t1_s: Annotated[float, Field(gt=0, le=60)] = 2.0  # between two CR while "ID=" is awaited
    t2_s: Annotated[float, Field(gt=0, le=60)] = 1.0  # the terminal's time for "ID=" after a CR
    t3_s: Annotated[float, Field(gt=0, le=120)] = 10.0  # its time for each answer
    t4_s: Annotated[float, Field(gt=0, le=60)] = 4.0  # how long it waits for our next block
    t5_s: Annotated[float, Field(gt=0, le=60)] = 8.0  # after so long it repeats "ID="
    n1: Annotated[int, Field(ge=1, le=60)]  # how many CR before the terminal counts as silent; dialled 10, else 3
    n2: Annotated[int, Field(ge=0, le=10)] = 3  # how often a damaged block goes again
    n3: Annotated[int, Field(ge=0, le=10)] = 3  # how often it may ask for the logon again

    look: Literal["call", "open"]  # a call without a page; or only whether it can be opened: dialled, or by unix:
    look_s: Annotated[float, Field(ge=10, le=86_400)] = 300.0  # between two looks at an idle line
    reopen_s_max: Annotated[float, Field(ge=1, le=7200)]  # between two tries to reach it; dialled 600, else 30

    @model_validator(mode="before")
    @classmethod
    def _by_kind(cls, values: Any) -> Any:
        """Defaults that go by what the line is."""
        if not isinstance(values, dict):
            return values
        end, dialled = str(values.get("end", "")), values.get("dial") is not None
        return {
            "parity": "7E1" if end.startswith("/") else "8N1",
            "look": "open" if dialled or end.startswith("unix:") else "call",
            "linger_s": 0.5 if end.startswith("tcp://") and not dialled else 0.0,
            "n1": 10 if dialled else 3,  # analogue lines answer late
            "reopen_s_max": 600.0 if dialled else 30.0,
            **values,
        }

    @field_validator("end")
    @classmethod
    def _known_kind(cls, end: str) -> str:
        if end.startswith("tcp://"):
            host, _, number = end.removeprefix("tcp://").rpartition(":")
            if not host or not number.isascii() or not number.isdecimal() or not 0 < int(number) < 65536:
                raise ValueError("write tcp://host:port")
        elif not end.removeprefix("unix:").startswith("/"):
            raise ValueError("write a path from the root, unix:/path or tcp://host:port")
        return end

    @model_validator(mode="after")
    def _fits_together(self) -> TapSettings:
        if self.password_file is not None and self.password_credential is not None:
            raise ValueError("password_file and password_credential: give one of them")
        if self.parity == "7E1" and not self.end.startswith("/"):
            raise ValueError('parity: "7E1" is for serial ports; here it is "8N1" or "7E1 in software"')
        if self.linger_s > LINGER_SHARE_MAX * self.t4_s:
            raise ValueError(f"linger_s: at most {LINGER_SHARE_MAX:.0%} of t4_s, or the terminal hangs up")
        if both := set(self.numeric_pagers) & set(self.tone_pagers):
            raise ValueError(f"numeric_pagers and tone_pagers: {min(both)} stands in both")
        self.spoken(None)
        DialSettings(self.dial or "0", self.init, self.dial_command)  # also where nothing is dialled yet
        return self

    def spoken(self, password: SecretStr | None) -> wire.TapSettings:
        """For the protocol. ValueError, without the value, when the password cannot be written."""
        return wire.TapSettings(
            t1_s=self.t1_s,
            t2_s=self.t2_s,
            t3_s=self.t3_s,
            t4_s=self.t4_s,
            t5_s=self.t5_s,
            n1=self.n1,
            n2=self.n2,
            n3=self.n3,
            service=self.service,
            password=password.get_secret_value().strip() if password else "",
            pages_max=self.pages_max,
            call_s_max=self.call_s_max,
            blocks_max=self.blocks_max,
            line_breaks=self.line_breaks,
            etb_for_us=self.etb_for_us,
        )

    def dialling(self) -> DialSettings | None:
        """None: nothing is dialled."""
        if self.dial is None:
            return None
        return DialSettings(self.dial, self.init, self.dial_command, connect_wait_s=self.connect_wait_s)

    @property
    def pages_at_once(self) -> int | None:
        """So many, and no more in `pages_span_s`; None: no limit."""
        if self.pages_per_minute is None:
            return None
        return self.burst or max(1, int(self.pages_per_minute))

    @property
    def pages_span_s(self) -> float:
        return 60.0 * (self.pages_at_once or 0) / self.pages_per_minute if self.pages_per_minute else 0.0

    @property
    def line_bps(self) -> int:
        """What a line that is not dialled carries; 0: writing takes no time."""
        return self.baud if self.end.startswith("/") else 0

    def kind_of(self, pager: str) -> Kind:
        if is_among(self.tone_pagers, pager):
            return "tone"
        return "numeric" if is_among(self.numeric_pagers, pager) else "alpha"


def is_among(pagers: Pagers, pager: str) -> bool:
    return any(pager.startswith(each[:-1]) if each.endswith("*") else pager == each for each in pagers)
