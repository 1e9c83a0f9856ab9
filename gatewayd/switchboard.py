"""The switchboard: words go through to a device of a person, or to many at once by the number of a team's group.

Whom to reach, and when, is the desk's. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatewayd.clock import SECOND
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import MessageKind, NewMessage, Priority, Refusal, Severity, lane
from gatewayd.oncall import wording
from gatewayd.oncall.directory import TEAM, Device, Directory, Group
from gatewayd.oncall.escalation import GroupText
from gatewayd.queue import Queue
from gatewayd.store import incidents, journal
from gatewayd.store.db import Reader, Row, Tx

GROUP_DEVICE = "group"


class Switchboard:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(self, directory: Directory, settings: DeliverySettings, queue: Queue) -> None:
        self._directory = directory
        self._settings = settings
        self._queue = queue

    def devices(self, person: str) -> Sequence[Device]:
        known = self._directory.person(person)
        return known.devices if known else ()

    # --- pages

    def page(self, tx: Tx, incident: Row, person: str, device: int, *, page_id: int, validity_s: int, now: int) -> None:
        """A page to one device of its person."""
        incidents.device_used(tx, page_id, device + 1)
        words = self._page_words(tx, incident, {person: page_id}, now=now)
        severity = Severity(incident["severity"])
        self._text(
            tx, "page", person, device, words, priority=lane(severity.rank), now=now, page_id=page_id,
            incident_id=incident["id"], validity_s=validity_s,
        )  # fmt: skip

    def page_group(
        self, tx: Tx, incident: Row, team: str, pages: Mapping[str, int], *, reason: str, validity_s: int, now: int
    ) -> None:
        """One text to the number of the team's group, for the pages (by person) of all who wear it."""
        group = self._group(team)
        assert group is not None, "the rule calls no group that is not there"
        words = self._page_words(tx, incident, pages, now=now)
        priority = lane(Severity(incident["severity"]).rank)
        number = self._to_group(
            tx, "page", team, group, words, priority=priority, page_ids=tuple(pages.values()), validity_s=validity_s,
            incident_id=incident["id"], now=now,
        )  # fmt: skip
        journal.write(
            tx, "group_called", now=now, incident_id=incident["id"], message_id=number, pages=[*pages.values()],
            channel=group.channel, reason=reason, private={"team": team, "people": ", ".join(pages)},
        )  # fmt: skip

    def _page_words(self, tx: Tx, incident: Row, pages: Mapping[str, int], *, now: int) -> str:
        """What the page says; unsent texts of earlier pages that say the same to nobody else are withdrawn."""
        fresh = incident["step_until"] is None  # nothing can have gone before
        for older in () if fresh else incidents.unsent_of(tx, incident["id"], pages):
            self._queue.withdraw(tx, older["id"], by="desk", now=now, reason="paged again before it was sent")
        return wording.page(
            incident["code"], Severity(incident["severity"]), incident["service"], incident["summary"],
            alerts=1 if fresh else max(1, incidents.firing_count(tx, incident["id"])),
            segments_max=self._settings.segments_max,
        )  # fmt: skip

    def group_texts(self, reader: Reader, incident: Row) -> dict[int, GroupText]:
        """What is known of the group calls that pages of the running step began with, by page."""
        found: dict[int, GroupText] = {}
        for row in incidents.texts_of_grouped(reader, incident):
            before = found.get(row["page_id"])
            if row["person"].startswith(TEAM):
                group = self._group(row["person"].removeprefix(TEAM))
                wait_s = group.wait_s if group else 0
                found[row["page_id"]] = GroupText(row["wanted_channel"], wait_s, stands=_stands(row), newest=True)
            elif before is not None:
                own = (row["recipient"],) if row["wanted_channel"] == before.channel else ()
                found[row["page_id"]] = GroupText(
                    before.channel, before.wait_s, before.stands, newest=False, called=(*before.called, *own)
                )
        return found

    # --- other texts

    def answer(
        self, tx: Tx, person: str, device: Device, words: str, *, now: int, incident_id: int | None = None
    ) -> int:
        """Answer a reply, to the phone it came from."""
        owned = self.devices(person)
        position = owned.index(device) if device in owned else 0
        return self._text(
            tx, "answer", person, position, words, priority=Priority.HIGH, now=now, incident_id=incident_id
        )

    def tell(
        self, tx: Tx, incident_id: int, kind: MessageKind, woken: Mapping[str, str], words: str, *, now: int
    ) -> None:
        """What became of it. `woken`: who is told, and by which group's call alone they were woken ("" = by a device).

        Several whom one call woke hear it by one call, the others by their first device that shows words: on any other
        it would look like one more page.
        """
        heard: set[str] = set()
        for team in dict.fromkeys(filter(None, woken.values())):
            together = [name for name, by in woken.items() if by == team]
            group = self._group(team.removeprefix(TEAM))
            if group is None or len(together) < 2 or not self._directory.shows_words(group.number, group.channel):
                continue
            self._to_group(
                tx, kind, team.removeprefix(TEAM), group, words, priority=Priority.NORMAL, now=now,
                incident_id=incident_id,
            )  # fmt: skip
            heard.update(together, self._show_it_first(team.removeprefix(TEAM), group))
        for name in woken:
            device = self._with_words(name)
            if name not in heard and device is not None:
                self._text(tx, kind, name, device, words, priority=Priority.NORMAL, now=now, incident_id=incident_id)

    def _show_it_first(self, team: str, group: Group) -> list[str]:
        """Who would be told by a pager that shows the call."""
        known = self._directory.team(team)
        names = self._directory.wearers(known) if known else ()
        first = [(name, self.devices(name)[n]) for name in names if (n := self._with_words(name)) is not None]
        return [name for name, device in first if device.kind == "pager" and device.channel == group.channel]

    def _with_words(self, person: str) -> int | None:
        """The first of the person's devices that shows words."""
        owned = enumerate(self.devices(person))
        return next((n for n, d in owned if self._directory.shows_words(d.number, d.channel)), None)

    def test(self, tx: Tx, name: str, *, by: str, now: int) -> list[int]:
        """A harmless text to each device of a person, or one call to a team's group. Returns the messages' ids."""
        if name.startswith(TEAM):
            return [self._test_group(tx, name.removeprefix(TEAM), by=by, now=now)]
        known = self._directory.person(name)
        if known is None:
            raise Refusal("unknown", f"there is no person '{name}'", field="person")
        number = self._begin_test(tx, name, by=by, now=now)
        return [
            self._text(
                tx, "test", name, n, self._test_words(known.called, number, device), priority=Priority.HIGH, now=now
            )
            for n, device in enumerate(known.devices)
        ]

    def _test_group(self, tx: Tx, team: str, *, by: str, now: int) -> int:
        if self._directory.team(team) is None:
            raise Refusal("unknown", f"there is no team '{team}'", field="person")
        group = self._group(team)
        if group is None:
            raise Refusal("conflict", f"'{team}' has no group number; test its members one by one", field="person")
        words = self._test_words(team, self._begin_test(tx, TEAM + team, by=by, now=now), group)
        return self._to_group(tx, "test", team, group, words, priority=Priority.HIGH, now=now)

    def _begin_test(self, tx: Tx, name: str, *, by: str, now: int) -> int:
        number = tx.new_id("test_page")
        journal.write(tx, "test_page", now=now, test=number, by=by, private={"person": name})
        return number

    def _test_words(self, called: str, number: int, at: Device | Group) -> str:
        return wording.test_page(called, number, words=self._directory.shows_words(at.number, at.channel))

    # --- into the queue

    def _group(self, team: str) -> Group | None:
        known = self._directory.team(team)
        return known.group if known else None

    def _text(
        self, tx: Tx, kind: MessageKind, person: str, device: int, words: str, *, priority: Priority, now: int,
        page_id: int = 0, incident_id: int | None = None, validity_s: int = 0,
    ) -> int:  # fmt: skip
        owned = self.devices(person)[device]
        return self._queue.enqueue(
            tx,
            NewMessage(
                kind=kind,
                recipient=owned.number,
                text=words,
                priority=priority,
                expires_at=self._until(validity_s, now=now),
                person=person,
                device=owned.name or f"{owned.kind}{device + 1}",
                channel=owned.channel or "",
                page_ids=(page_id,) if page_id else (),
                incident_id=incident_id,
                origin="desk",
            ),
            now=now,
        )

    def _to_group(
        self, tx: Tx, kind: MessageKind, team: str, group: Group, words: str, *, priority: Priority, now: int,
        page_ids: tuple[int, ...] = (), incident_id: int | None = None, validity_s: int = 0,
    ) -> int:  # fmt: skip
        return self._queue.enqueue(
            tx,
            NewMessage(
                kind=kind,
                recipient=group.number,
                text=words,
                priority=priority,
                expires_at=self._until(validity_s, now=now),
                person=TEAM + team,  # no name of a person has a colon
                device=GROUP_DEVICE,
                channel=group.channel,
                page_ids=page_ids,
                incident_id=incident_id,
                origin="desk",
            ),
            now=now,
        )

    def _until(self, validity_s: int, *, now: int) -> int:
        return now + (validity_s or self._settings.validity_default_s) * SECOND


def _stands(text: Row) -> bool:
    """Whether a group call was shown, or will be, as far as anybody knows.

    Where a network names what it takes, and could report on it, silence is a doubt; elsewhere taken is all there is.
    """
    if text["state"] in ("sent", "unconfirmed"):
        return text["unheard_at"] is None or not text["named"]
    return text["state"] in ("queued", "started", "delivered")
