"""Notices: what people are told and need not answer. Copies of pages for those who learn, and who has the duty now.

They never stand in the way of a page: their lanes come after it. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gatewayd.clock import SECOND
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import MessageKind, NewMessage, Priority, Severity
from gatewayd.oncall import duty_words
from gatewayd.oncall.directory import Device, Directory
from gatewayd.oncall.duty import Duty
from gatewayd.oncall.languages import ENGLISH
from gatewayd.queue import Queue
from gatewayd.store import journal, replies
from gatewayd.store.db import Row, Tx

COPIES_MAX = 10  # to one person within COPIES_US: who learns need not hear all of a storm
COPIES_US = 3_600 * SECOND


class Notices:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(self, directory: Directory, settings: DeliverySettings, queue: Queue) -> None:
        self._directory = directory
        self._settings = settings
        self._queue = queue

    @property
    def segments_max(self) -> int:
        return self._settings.segments_max

    def copies(self, tx: Tx, incident: Row, duties: Mapping[str, Duty], paged: Collection[str], *, now: int) -> None:
        """To whoever learns from those who were just paged by a rota, and was not paged."""
        learning = dict.fromkeys(who for held in duties.values() if held.person in paged for who in held.shadows)
        for person in learning:
            if person in paged:
                continue
            if replies.copies_to(tx, person, since=now - COPIES_US) >= COPIES_MAX:
                journal.write(tx, "copy_withheld", now=now, incident_id=incident["id"], private={"person": person})
                continue
            words = duty_words.copy(
                incident["code"], Severity(incident["severity"]), incident["service"], incident["summary"],
                language=self.language(person), segments_max=self.segments_max,
            )  # fmt: skip
            until = now + self._settings.validity_default_s * SECOND
            self.tell(
                tx, "copy", person, words, priority=Priority.LOW, until=until, incident_id=incident["id"], now=now
            )

    def tell(
        self, tx: Tx, kind: MessageKind, person: str, words: str, *, priority: Priority, until: int, now: int,
        incident_id: int | None = None, number: str = "",
    ) -> None:  # fmt: skip
        """By the device with that number, or the first that shows words; nobody is told who has none, or has left."""
        found = self._device(person, number)
        if found is None:
            return
        place, device = found
        self._queue.enqueue(
            tx,
            NewMessage(
                kind=kind,
                recipient=device.number,
                text=words,
                priority=priority,
                expires_at=until,
                person=person,
                device=device.name or f"{device.kind}{place}",
                channel=device.channel or "",
                incident_id=incident_id,
                origin="desk",
            ),
            now=now,
        )

    def language(self, person: str) -> str:
        known = self._directory.person(person)
        return known.language if known else ENGLISH

    def phone(self, person: str) -> str | None:
        """The number by which they can be asked something; None: they have nothing that answers."""
        known = self._directory.person(person)
        return next((d.number for d in (known.devices if known else ()) if d.kind == "phone"), None)

    def _device(self, person: str, number: str) -> tuple[int, Device] | None:
        known = self._directory.person(person)
        owned = [(n, d) for n, d in enumerate(known.devices if known else (), 1) if number in ("", d.number)]
        return next(((n, d) for n, d in owned if self._directory.shows_words(d.number, d.channel)), None)
