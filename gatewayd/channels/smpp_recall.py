"""What nobody needs any more, and the bureau has already: it is asked not to deliver it (cancel_sm, SMPP 3.4 4.9).

Nothing hangs on it. A question waits for a connection and for room in its window, and is asked again when the
connection ends before it is answered; the bureau's word goes to the journal, and a receipt says what became of it.
"""

from __future__ import annotations

from collections import OrderedDict

from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.wire.smpp_address import recipient_address, sender_address
from gatewayd.wire.smpp_pdu import Cancel

WAITING_MAX = 1_000  # the oldest of more is given up: its text will have been delivered
_KEY = "recall "  # no attempt has such a key


class Recalls:
    """`next` gives the oldest question that is to be asked now, under its key; `done` or `again` ends it."""

    def __init__(self, settings: SmppSettings) -> None:
        self._settings = settings
        self._waiting: OrderedDict[str, Cancel] = OrderedDict()
        self._asked: dict[str, Cancel] = {}

    @staticmethod
    def owns(key: str) -> bool:
        """Whether it is the key of a question."""
        return key.startswith(_KEY)

    @staticmethod
    def attempt(key: str) -> str:
        """What was asked back."""
        return key.removeprefix(_KEY)

    def __len__(self) -> int:
        """How many are to be asked."""
        return len(self._waiting)

    def add(self, attempt_id: str, reference: str, recipient: str) -> None:
        """With the addresses as they were submitted: bureaus compare them. SmppError when it has no such ones."""
        numbering = self._settings.numbering()
        whose, whom = sender_address(self._settings.sender, numbering), recipient_address(recipient, numbering)
        self._keep(
            _KEY + attempt_id,
            Cancel(
                message_id=reference,
                source_addr_ton=whose.ton,
                source_addr_npi=whose.npi,
                source_addr=whose.value,
                dest_addr_ton=whom.ton,
                dest_addr_npi=whom.npi,
                destination_addr=whom.value,
            ),
        )

    @property
    def out(self) -> int:
        """How many are asked, and not answered yet."""
        return len(self._asked)

    def next(self) -> tuple[str, Cancel]:
        key, question = self._waiting.popitem(last=False)
        self._asked[key] = question
        return key, question

    def done(self, key: str) -> bool:
        """It was answered, or nobody answers. False: this is no key of ours."""
        return self._asked.pop(key, None) is not None

    def again(self, key: str) -> bool:
        """Its connection ended. False: this is no key of ours."""
        question = self._asked.pop(key, None)
        if question is not None:
            self._keep(key, question)
        return question is not None

    def _keep(self, key: str, question: Cancel) -> None:
        self._waiting[key] = question
        while len(self._waiting) > WAITING_MAX:
            self._waiting.popitem(last=False)
