"""What a card's contract allows: credit, and the operator's fraud filter."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwsim.smsc import NetworkSettings

PENCE_A_MESSAGE = 10
UNLIMITED_PENCE = 1000


@dataclass(slots=True)
class Subscription:
    """One card's contract. `credit` counts messages, None: no end of them."""

    credit: int | None = None
    broke_cms: int = 38  # what a card without credit gets
    recent: deque[float] = field(default_factory=deque)

    @property
    def balance(self) -> str:
        """As the operator tells it."""
        pence = UNLIMITED_PENCE if self.credit is None else self.credit * PENCE_A_MESSAGE
        return f"{pence // 100}.{pence % 100:02d}"


class Subscriptions:
    """All contracts of the network, by number."""

    def __init__(self) -> None:
        self.of: defaultdict[str, Subscription] = defaultdict(Subscription)

    def refusal(self, number: str, now: float, settings: NetworkSettings) -> int | None:
        """The cause with which the operator turns the next message down, None if it takes it."""
        contract = self.of[number]
        if contract.credit == 0:
            return contract.broke_cms
        if settings.filter_cms and _filtered(contract, now, settings):
            return settings.filter_cms
        return None

    def charge(self, number: str, now: float, settings: NetworkSettings) -> bool:
        """One message was taken; True if the filter lets nobody have it."""
        contract = self.of[number]
        if contract.credit:
            contract.credit -= 1
        if not settings.filter_limit:
            return False
        filtered = _filtered(contract, now, settings)
        contract.recent.append(now)
        return filtered


def _filtered(contract: Subscription, now: float, settings: NetworkSettings) -> bool:
    while contract.recent and contract.recent[0] <= now - settings.filter_span_s:
        contract.recent.popleft()
    return bool(settings.filter_limit) and len(contract.recent) >= settings.filter_limit
