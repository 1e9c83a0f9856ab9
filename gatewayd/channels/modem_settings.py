"""What an operator may say about a modem."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from gatewayd.channels.link import tcp_end
from gatewayd.delivery.balance import BalanceSettings


class ModemSettings(BaseModel):
    """One modem. `port` is a stable path (/dev/serial/by-id/...), tcp://host:port, or unix:/path.

    The PIN stands in a file or comes as a systemd credential; the daemon reads it and gives it to the modem.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    port: Annotated[str, Field(min_length=1, max_length=200)]
    baud: Annotated[int, Field(ge=300, le=4_000_000)] = 115200
    rtscts: bool = False
    imei: Annotated[str, Field(pattern=r"^\d{14,16}$")] | None = None  # no other modem is used, and it is looked for
    iccid: Annotated[str, Field(pattern=r"^\d{18,20}$")] | None = None  # no other SIM is given the PIN
    pin_file: str | None = None
    pin_credential: str | None = None
    smsc: Annotated[str, Field(pattern=r"^\+?\d{3,20}$")] | None = None
    storage: Literal["ME", "SM", "MT"] | None = None  # None: the best that the modem offers
    stored_reports: bool = False
    roaming_allowed: bool = True
    rate_per_minute: Annotated[float, Field(gt=0)] | None = None
    burst: Annotated[int, Field(ge=1, le=1000)] = 5
    prompt_wait_s: Annotated[float, Field(gt=0, le=120)] = 10.0
    submit_wait_s: Annotated[float, Field(gt=0, le=900)] = 180.0
    late_wait_s: Annotated[float, Field(ge=0, le=900)] = 30.0
    look_s: Annotated[float, Field(ge=1, le=3600)] = 60.0
    poll_s: Annotated[float, Field(ge=1, le=600)] = 10.0  # between listings, where no notification works
    reopen_s_max: Annotated[float, Field(ge=0.1, le=600)] = 30.0
    unregistered_s_max: Annotated[float, Field(ge=10)] = 600.0  # then, and after each remedy, the next one is tried
    recover_command: tuple[Annotated[str, Field(max_length=400)], ...] = Field((), max_length=32)  # no shell runs it
    recover_command_s: Annotated[float, Field(ge=1, le=40)] = 20.0  # it is ended after this
    balance: BalanceSettings | None = None  # of its card, where the operator tells it by USSD

    @field_validator("port")
    @classmethod
    def _known_kind(cls, port: str) -> str:
        if port.startswith("tcp://"):
            tcp_end(port)
        elif not port.removeprefix("unix:").startswith("/"):
            raise ValueError("write a path from the root, unix:/path or tcp://host:port")
        return port

    @field_validator("recover_command")
    @classmethod
    def _from_the_root(cls, command: tuple[str, ...]) -> tuple[str, ...]:
        if command and not command[0].startswith("/"):
            raise ValueError("its first word is the absolute path of a program")
        return command

    def listing_s(self, *, told: bool) -> float:
        """How long a listing of the storage holds; `told`: the modem says what comes in."""
        return self.look_s if told else self.poll_s


def checked_pin(pin: SecretStr | None) -> str | None:
    """The digits of a PIN; ValueError, without the value, for anything else."""
    if pin is None:
        return None
    digits = pin.get_secret_value().strip()
    if not (digits.isascii() and digits.isdecimal() and 4 <= len(digits) <= 8):
        raise ValueError("a PIN is 4 to 8 digits")
    return digits
