"""Bodies of the SMPP 3.4 requests that an ESME sends, and of those that the message centre sends (section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from hwsim.smpp_pdu import DATA_TAGS, SUBMIT_TAGS, Command, Fields, Pdu, Status, Tag, Tlv, Violation, c_string, tlv

ALPHANUMERIC = 5
SHORT_MESSAGE_OCTETS_MAX = 254
TONS, NPIS = frozenset(range(7)), frozenset({0, 1, 3, 4, 6, 8, 9, 10, 14, 18})


@dataclass(frozen=True, slots=True)
class SmeAddress:
    """Type of number, numbering plan, and the digits or letters (5.2.5 to 5.2.9)."""

    ton: int = 0
    npi: int = 0
    value: str = ""

    def encode(self) -> bytes:
        """The three fields."""
        return bytes([self.ton, self.npi]) + c_string(self.value)


@dataclass(frozen=True, slots=True)
class Bind:
    """Any of the three binds (4.1)."""

    system_id: str
    password: str
    system_type: str
    version: int
    address_range: str


@dataclass(frozen=True, slots=True)
class Submission:
    """submit_sm (4.4.1), or data_sm from an ESME (4.7.1), whose missing fields keep their defaults."""

    service_type: str
    source: SmeAddress
    dest: SmeAddress
    esm_class: int
    registered: int
    data_coding: int
    protocol_id: int = 0
    priority: int = 0
    schedule: str = ""
    validity: str = ""
    replace: int = 0
    default_message: int = 0
    message: bytes = b""
    tlvs: list[Tlv] = field(default_factory=list)
    is_data: bool = False

    def parameter(self, tag: int) -> bytes | None:
        """The value of an optional parameter."""
        return next((value for known, value in self.tlvs if known == tag), None)


@dataclass(frozen=True, slots=True)
class Target:
    """The message that query_sm, cancel_sm or replace_sm means (4.8 to 4.10)."""

    message_id: str
    source: SmeAddress
    dest: SmeAddress | None = None
    service_type: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What replace_sm puts in the message's place (4.10)."""

    target: Target
    schedule: str
    validity: str
    registered: int
    default_message: int
    message: bytes


def take_bind(body: bytes) -> Bind:
    """A bind of any kind; optional parameters are none of 3.4's."""
    fields = Fields(body)
    bind = Bind(
        system_id=fields.text("system_id", 16, Status.RINVSYSID),
        password=fields.text("password", 9, Status.RINVPASWD),
        system_type=fields.text("system_type", 13, Status.RINVSYSTYP),
        version=fields.octet("interface_version"),
        address_range=_after_two_octets(fields),
    )
    fields.tlvs(frozenset())
    return bind


def _after_two_octets(fields: Fields) -> str:
    for name, known in (("addr_ton", TONS), ("addr_npi", NPIS)):
        if (value := fields.octet(name)) not in known:
            raise Violation(Status.RBINDFAIL, f"{name} {value}")
    return fields.text("address_range", 41, Status.RBINDFAIL)


def _source(fields: Fields, octets_max: int = 21) -> SmeAddress:
    ton, npi = fields.octet("source_addr_ton"), fields.octet("source_addr_npi")
    return SmeAddress(ton, npi, fields.text("source_addr", octets_max, Status.RINVSRCADR))


def _dest(fields: Fields, octets_max: int = 21) -> SmeAddress:
    ton, npi = fields.octet("dest_addr_ton"), fields.octet("dest_addr_npi")
    return SmeAddress(ton, npi, fields.text("destination_addr", octets_max, Status.RINVDSTADR))


def _short_message(fields: Fields) -> bytes:
    length = fields.octet("sm_length")
    if length > SHORT_MESSAGE_OCTETS_MAX:
        raise Violation(Status.RINVMSGLEN, f"sm_length {length}")
    return fields.octets("short_message", length, Status.RINVMSGLEN)


def take_submit(body: bytes) -> Submission:
    """The body of submit_sm."""
    fields = Fields(body)
    service_type = fields.text("service_type", 6, Status.RINVSERTYP)
    source, dest = _source(fields), _dest(fields)
    esm_class, protocol_id, priority = (fields.octet(name) for name in ("esm_class", "protocol_id", "priority_flag"))
    schedule = fields.moment("schedule_delivery_time", Status.RINVSCHED)
    validity = fields.moment("validity_period", Status.RINVEXPIRY)
    registered, replace, coding, default = (
        fields.octet(name)
        for name in ("registered_delivery", "replace_if_present_flag", "data_coding", "sm_default_msg_id")
    )
    message = _short_message(fields)
    tlvs = fields.tlvs(SUBMIT_TAGS)
    if message and any(tag == Tag.MESSAGE_PAYLOAD for tag, _ in tlvs):
        raise Violation(Status.ROPTPARNOTALLWD, "message_payload beside a short_message")
    return Submission(
        service_type, source, dest, esm_class, registered, coding, protocol_id, priority, schedule, validity, replace,
        default, message, tlvs,
    )  # fmt: skip


def take_data(body: bytes) -> Submission:
    """The body of data_sm."""
    fields = Fields(body)
    service_type = fields.text("service_type", 6, Status.RINVSERTYP)
    source, dest = _source(fields, 65), _dest(fields, 65)
    esm_class, registered, coding = (fields.octet(name) for name in ("esm_class", "registered_delivery", "data_coding"))
    tlvs = fields.tlvs(DATA_TAGS)
    return Submission(service_type, source, dest, esm_class, registered, coding, tlvs=tlvs, is_data=True)


def take_query(body: bytes) -> Target:
    """The body of query_sm."""
    fields = Fields(body)
    target = Target(fields.text("message_id", 65, Status.RINVMSGID), _source(fields))
    fields.end()
    return target


def take_cancel(body: bytes) -> Target:
    """The body of cancel_sm."""
    fields = Fields(body)
    service_type = fields.text("service_type", 6, Status.RINVSERTYP)
    message_id = fields.text("message_id", 65, Status.RINVMSGID)
    target = Target(message_id, _source(fields), _dest(fields), service_type)
    fields.end()
    return target


def take_replace(body: bytes) -> Replacement:
    """The body of replace_sm."""
    fields = Fields(body)
    target = Target(fields.text("message_id", 65, Status.RINVMSGID), _source(fields))
    replacement = Replacement(
        target,
        fields.moment("schedule_delivery_time", Status.RINVSCHED),
        fields.moment("validity_period", Status.RINVEXPIRY),
        fields.octet("registered_delivery"),
        fields.octet("sm_default_msg_id"),
        _short_message(fields),
    )
    fields.end()
    return replacement


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the centre hands to an ESME: a receipt, an acknowledgement or a message (4.6.1, 4.7.1)."""

    source: SmeAddress
    dest: SmeAddress
    message: bytes
    esm_class: int = 0
    data_coding: int = 0
    tlvs: tuple[Tlv, ...] = ()
    service_type: str = ""
    by_data_sm: bool = False

    def pdu(self, sequence: int, *, with_tlvs: bool = True) -> Pdu:
        """The request; without optional parameters for an ESME of version 3.3 or less (3.2.3)."""
        tail = b"".join([tlv(tag, value) for tag, value in self.tlvs]) if with_tlvs else b""
        head = c_string(self.service_type) + self.source.encode() + self.dest.encode()
        if self.by_data_sm:
            payload = tlv(Tag.MESSAGE_PAYLOAD, self.message) if self.message else b""
            body = head + bytes([self.esm_class, 0, self.data_coding]) + payload + tail
            return Pdu(Command.DATA_SM, 0, sequence, body)
        size = len(self.message)
        fixed = bytes([self.esm_class, 0, 0, 0, 0, 0, 0, self.data_coding, 0, size])
        return Pdu(Command.DELIVER_SM, 0, sequence, head + fixed + self.message + tail)


def alert_body(source: SmeAddress, esme: SmeAddress, available: int) -> bytes:
    """alert_notification (4.12.1) with ms_availability_status."""
    return source.encode() + esme.encode() + tlv(Tag.MS_AVAILABILITY_STATUS, bytes([available]))
