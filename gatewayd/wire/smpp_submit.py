"""One submit_sm from what the house wants said and how the bureau wants it said (SMPP 3.4 4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gatewayd.wire.smpp_address import Numbering, recipient_address, sender_address
from gatewayd.wire.smpp_octets import SmppError
from gatewayd.wire.smpp_pdu import Message
from gatewayd.wire.smpp_text import Content
from gatewayd.wire.smpp_time import absolute_time, relative_period
from gatewayd.wire.smpp_tlv import Tag, number_tlv

_RECEIPT = 0x01  # of registered_delivery: on success and on failure
_INTERMEDIATE = 0x10
PRIORITY_MAX = 3


Validity = Literal["relative", "absolute", "none"]


@dataclass(frozen=True, slots=True)
class Manner:
    """What one bureau is known to want. `references`: it takes user_message_reference, perhaps repeats it."""

    sender: str = ""
    numbering: Numbering = field(default_factory=Numbering)
    service_type: str = ""
    protocol_id: int = 0
    mode: int = 0  # bits 1 and 0 of esm_class; 0 is the bureau's default, 3 store and forward
    validity: Validity = "relative"
    intermediate: bool = False
    references: bool = False


def submit_message(
    recipient: str,
    content: Content,
    manner: Manner,
    *,
    validity_s: int,
    report: bool,
    priority: int = 0,
    reference: int = 0,
    now_us: int,
) -> Message:
    """SmppError for a recipient or a sender that is none, and a validity that is over. `priority` 0 to 3, 3 first."""
    source, destination = (
        sender_address(manner.sender, manner.numbering),
        recipient_address(recipient, manner.numbering),
    )
    if not 0 <= priority <= PRIORITY_MAX:
        raise SmppError(f"priority {priority}, possible are 0 to {PRIORITY_MAX}")
    period = relative_period(validity_s)
    if manner.validity == "absolute":
        period = absolute_time(now_us + validity_s * 1_000_000 + 999_999)  # whole seconds, not too few
    own = (number_tlv(Tag.USER_MESSAGE_REFERENCE, reference),) if manner.references else ()
    return Message(
        service_type=manner.service_type,
        source_addr_ton=source.ton,
        source_addr_npi=source.npi,
        source_addr=source.value,
        dest_addr_ton=destination.ton,
        dest_addr_npi=destination.npi,
        destination_addr=destination.value,
        esm_class=content.esm_class | manner.mode,
        protocol_id=manner.protocol_id,
        priority_flag=priority,
        validity_period="" if manner.validity == "none" else period,
        registered_delivery=(_RECEIPT | (_INTERMEDIATE if manner.intermediate else 0)) if report else 0,
        data_coding=content.data_coding,
        short_message=content.short_message,
        tlvs=(*own, *content.tlvs),
    )
