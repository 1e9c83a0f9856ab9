"""What an operator may say about a bureau that speaks SMPP."""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from gatewayd.wire.smpp_address import Numbering, sender_address
from gatewayd.wire.smpp_events import Mode, SessionSettings
from gatewayd.wire.smpp_message_id import IdMode
from gatewayd.wire.smpp_pace import span_s
from gatewayd.wire.smpp_status import Kind
from gatewayd.wire.smpp_submit import Manner, Validity
from gatewayd.wire.smpp_text import Default, Long

Octet = Annotated[int, Field(ge=0, le=255)]
Text = Annotated[str, Field(max_length=40)]
HostName = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_.:%-]+$")]


class SmppSettings(BaseModel):
    """One account at one bureau. The password stands in a file or comes as a systemd credential."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    host: HostName
    port: Annotated[int, Field(ge=1, le=65535)] = 2775
    system_id: Annotated[str, Field(min_length=1, max_length=15)]
    account: Text = ""  # where the ids of its messages are the same as by another [[smpp]]: "" = its own
    password_file: str | None = None
    password_credential: str | None = None
    system_type: Annotated[str, Field(max_length=12)] = ""

    tls: bool = False
    tls_name: HostName | None = None  # the name in the certificate, where it is not `host`
    tls_ca_file: str | None = None  # None: the system's authorities

    bind: Literal["transceiver", "transmitter and receiver"] = "transceiver"
    binds: Annotated[int, Field(ge=1, le=16)] = 1  # of each kind
    window: Annotated[int, Field(ge=1, le=1000)] = 10  # submissions without an answer, for each bind
    rate_per_s: Annotated[float, Field(gt=0, le=10_000)] | None = None
    any_phone: bool = False  # texts to phones that name no channel may go this way as well

    per_recipient_per_hour: Annotated[int, Field(ge=1, le=10_000)] | None = None

    sender: Annotated[str, Field(max_length=20)] = ""
    ton_npi: tuple[Octet, Octet] = (1, 1)  # of numbers that begin with "+"
    short_ton_npi: tuple[Octet, Octet] = (0, 1)  # of other numbers: pagers, short codes
    keep_plus: bool = False
    service_type: Annotated[str, Field(max_length=5)] = ""
    protocol_id: Octet = 0

    alphabet: Default = "gsm7"  # the bureau's own, data_coding 0
    latin1: bool = False  # it takes data_coding 3
    long: Long = "udh8"
    segments_max: Annotated[int, Field(ge=1, le=12)] = 12
    validity: Validity = "relative"

    ids: IdMode = "auto"
    receipts_by_text: bool = False  # its receipts are not marked as such
    zone: str = "UTC"  # of the dates in its receipts
    intermediate: bool = False
    recalls: bool = False  # it understands cancel_sm: what nobody needs any more is taken back
    references: bool = False  # it repeats user_message_reference in receipts
    statuses: dict[Annotated[str, Field(pattern=r"^0x[0-9A-Fa-f]{1,8}$")], Kind] = Field(default_factory=dict)

    answer_wait_s: Annotated[float, Field(ge=1, le=600)] = 60.0
    enquire_s: Annotated[float, Field(ge=1, le=3600)] = 30.0
    enquire_wait_s: Annotated[float, Field(ge=1, le=300)] = 15.0
    bind_wait_s: Annotated[float, Field(ge=1, le=300)] = 30.0
    connect_wait_s: Annotated[float, Field(ge=1, le=300)] = 10.0
    reopen_s_max: Annotated[float, Field(ge=0.1, le=600)] = 30.0

    @field_validator("system_id", "system_type", "service_type")
    @classmethod
    def _plain(cls, word: str) -> str:
        if not (word.isascii() and (not word or word.isprintable())):
            raise ValueError("takes plain characters (ASCII) only")
        return word

    @field_validator("host")
    @classmethod
    def _host_alone(cls, host: str) -> str:
        if ":" in host:
            try:
                IPv6Address(host)
            except ValueError as error:
                raise ValueError("must be a name or an address alone; the port goes apart: port = 2775") from error
        return host

    @field_validator("statuses")
    @classmethod
    def _ok_is_ok(cls, statuses: dict[str, Kind]) -> dict[str, Kind]:
        if any(int(code, 16) == 0 for code in statuses):
            raise ValueError("0x00 means that the bureau took a text, and nothing else")
        return statuses

    @field_validator("sender")
    @classmethod
    def _possible_sender(cls, sender: str) -> str:
        sender_address(sender, Numbering())
        return sender

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError) as error:
            raise ValueError(f"there is no time zone '{zone}'") from error
        return zone

    @model_validator(mode="after")
    def _one_secret(self) -> SmppSettings:
        if self.password_file is not None and self.password_credential is not None:
            raise ValueError("password_file and password_credential: give one of them")
        return self

    @property
    def outstanding_max(self) -> int:
        return self.window * self.binds

    @property
    def rate_span_s(self) -> float:
        """What was sent longer ago does not count against `rate_per_s` any more."""
        return span_s(self.rate_per_s) if self.rate_per_s else 0.0

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What is bound, one entry for each connection."""
        modes: list[Mode] = ["transceiver"] if self.bind == "transceiver" else ["transmitter", "receiver"]
        return tuple(mode for mode in modes for _ in range(self.binds))

    def session(self, mode: Mode, password: SecretStr | None) -> SessionSettings:
        return SessionSettings(
            system_id=self.system_id,
            password=password.get_secret_value() if password else "",
            mode=mode,
            system_type=self.system_type,
            window_max=self.window,
            bind_wait_s=self.bind_wait_s,
            answer_wait_s=self.answer_wait_s,
            idle_s=self.enquire_s,
            enquire_wait_s=self.enquire_wait_s,
        )

    def numbering(self) -> Numbering:
        return Numbering(international=self.ton_npi, short=self.short_ton_npi, plus=self.keep_plus)

    def manner(self) -> Manner:
        return Manner(
            sender=self.sender,
            numbering=self.numbering(),
            service_type=self.service_type,
            protocol_id=self.protocol_id,
            validity=self.validity,
            intermediate=self.intermediate,
            references=self.references,
        )

    def own_statuses(self) -> dict[int, Kind]:
        return {int(code, 16): kind for code, kind in self.statuses.items()}
