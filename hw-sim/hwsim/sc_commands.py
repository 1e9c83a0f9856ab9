"""What the service centre does when it is sent an SMS-COMMAND (3GPP TS 23.040 3.2.8, 9.2.3.19)."""

from __future__ import annotations

from hwsim.smsc import DELETED, Network, Report
from hwsim.tpdu import Command

ENQUIRY, CANCEL_REPORT, DELETE, ENABLE_REPORT = range(4)
CANNOT_BE_ACTIONED, UNSUPPORTED = 160, 161  # TP-FCS (9.2.3.22)
STILL_TRYING, NOT_THERE, DONE = 0x22, 0x49, 0x00


def obey(network: Network, command: Command, *, origin: str, modem: str, mr: int) -> int | None:
    """Does it, if the message still waits here; the cause with which it is turned down, None if it is not. An enquiry
    is answered by a report in any case, the other commands if one is wanted."""
    to = network.dialled(command.to)
    held = network.held(to, origin, command.number)
    refused: int | None = None
    status = DONE
    if command.kind == ENQUIRY:
        status = STILL_TRYING if held else NOT_THERE
    elif command.kind > ENABLE_REPORT:
        refused = UNSUPPORTED
    elif held is None:
        refused = CANNOT_BE_ACTIONED
    elif command.kind == DELETE:
        refused, status = (None, DELETED) if network.delete(held) else (CANNOT_BE_ACTIONED, DONE)
    else:
        held.report_wanted = command.kind == ENABLE_REPORT
    now = network.wall() + network.settings.scts_skew_s
    network.ledger.write(
        {
            "event": "command",
            "at": network.wall(),
            "from": origin,
            "modem": modem,
            "to": to,
            "kind": command.kind,
            "of": held.id if held else None,
            "cms": refused,
        }
    )
    if refused is None and (command.report or command.kind == ENQUIRY):
        report = Report(mr, command.to, held.scts if held else now, now, status, of_command=True)
        network.loop.call_later(network.settings.report_delay_s, network.tell, report, origin)
    return refused
