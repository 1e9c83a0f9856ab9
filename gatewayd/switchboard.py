"""The switchboard: words go through to a device of a person, or to many at once by the number of a team's group.

Whom to reach, and when, is the desk's. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gatewayd.clock import SECOND
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.folding import Address, Folding
from gatewayd.model import MessageKind, NewMessage, PageState, Priority, Refusal, Severity, lane
from gatewayd.oncall import hosts, wording
from gatewayd.oncall.directory import TEAM, Device, Directory, Group, Policy
from gatewayd.oncall.escalation import GroupText, IncidentFacts, PageFacts, used_of
from gatewayd.queue import Queue
from gatewayd.store import detours, folds, incidents, journal, messages, news, tellings, waiting
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.drills import DRILL
from gatewayd.store.waiting import Told

GROUP_DEVICE = "group"
Words = Callable[[str], str]  # a text, by the language it is read in
_ON_ITS_WAY = ("queued", "started", "delivered", "withdrawn")  # or it needs no way any more
TEXT_LOST = ("failed", "expired", "withdrawn", "undelivered")


class Switchboard:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(self, directory: Directory, settings: DeliverySettings, queue: Queue, folding: Folding) -> None:
        self._directory = directory
        self._settings = settings
        self._queue = queue
        self._folding = folding

    def devices(self, person: str) -> Sequence[Device]:
        known = self._directory.person(person)
        return known.devices if known else ()

    def owner(self, number: str, channel: str) -> str | None:
        """Whose device has this number, where a text goes by that channel."""
        owned = self._directory.owner_of(number, channel)
        return owned[0].name if owned else None

    def able(self, device: Device) -> bool:
        """Whether a text to it could go now."""
        return self._queue.ways.sick_s(device.channel or "") <= 0

    # --- pages

    def page(
        self, tx: Tx, incident: Row, person: str, device: int, *, tried: int, page_id: int, validity_s: int, now: int
    ) -> None:
        """A page to one device of its person, the `tried`th of those that its step uses."""
        incidents.device_used(tx, page_id, tried)
        self._take_back(tx, incident, {person: page_id}, now=now)
        ahead_us: int | None = 0  # an exercise is never folded, nor anything with it
        if incident["source"] != DRILL:
            ahead_us = self._folding.page(
                tx, self._address(person, device), incident, (page_id,), again=tried > 1, validity_s=validity_s, now=now
            )
        if ahead_us is None:
            return
        to = self._address(person, device)
        number = self._text(
            tx, "page", to, self._folding.page_words(tx, incident, to.person, to.channel, (page_id,)),
            now=now, page_ids=(page_id,), priority=lane(Severity(incident["severity"]).rank),
            incident_id=incident["id"], validity_s=validity_s,
            about=incident["service"], ahead_us=ahead_us, origin=_origin(incident),
        )  # fmt: skip
        if not incidents.is_fresh(incident):
            detours.mark_copies(tx, number)

    def page_group(
        self, tx: Tx, incident: Row, team: str, pages: Mapping[str, int], *, reason: str, validity_s: int, now: int
    ) -> None:
        """One text to the number of the team's group, for the pages (by person) of all who wear it."""
        group = self._group(team)
        assert group is not None, "the rule calls no group that is not there"
        self._take_back(tx, incident, pages, now=now)
        page_ids = tuple(pages.values())
        ahead_us: int | None = 0
        if incident["source"] != DRILL:
            ahead_us = self._folding.page(
                tx, _of_group(team, group), incident, page_ids, again=False, validity_s=validity_s, now=now
            )
        if ahead_us is None:
            return
        to = _of_group(team, group)
        number = self._text(
            tx, "page", to, self._folding.page_words(tx, incident, to.person, to.channel, page_ids),
            now=now, page_ids=page_ids, priority=lane(Severity(incident["severity"]).rank),
            incident_id=incident["id"], validity_s=validity_s, about=incident["service"], ahead_us=ahead_us,
            origin=_origin(incident),
        )  # fmt: skip
        journal.write(
            tx, "group_called", now=now, incident_id=incident["id"], message_id=number, pages=[*pages.values()],
            channel=group.channel, reason=reason, private={"team": team, "people": ", ".join(pages)},
        )  # fmt: skip

    def _take_back(self, tx: Tx, incident: Row, pages: Mapping[str, int], *, now: int) -> None:
        """Unsent texts of earlier pages that say the same to nobody else."""
        for older in () if incidents.is_fresh(incident) else incidents.unsent_of(tx, incident["id"], pages):
            self.withdraw(tx, older, incident["id"], reason="paged again before it was sent", now=now)

    def withdraw(self, tx: Tx, message: Row, incident_id: int, *, reason: str, now: int) -> None:
        """The incident needs this unsent text no more; what it says of others still goes."""
        if message["kind"] == "digest":
            self._shorten(tx, message, incident_id, reason=reason, now=now)
            return
        self._folding.withdraw(tx, message, incident_id, reason=reason, now=now)

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

    def facts(self, reader: Reader, incident: Row, policy: Policy) -> IncidentFacts:
        """What became of its pages so far: what the rule of escalation looks at."""
        calls = self.group_texts(reader, incident)
        shown_on = detours.shown_on(reader, incident["id"])
        return IncidentFacts(
            id=incident["id"],
            policy=policy,
            step=incident["step"],
            round=incident["round"],
            exhausted=incident["exhausted"],
            step_until=incident["step_until"] or 0,
            pages=tuple(
                _page_facts(row, calls.get(row["id"]), shown_on.get(row["id"], ()))
                for row in incidents.pages(reader, incident["id"])
            ),
            severity=Severity(incident["severity"]),
        )

    # --- what waited for the morning

    def digest(self, tx: Tx, person: str, due: Sequence[Told], *, now: int) -> None:
        """All of it in one text, to the first device."""
        order = self._digest_order(person, due)
        if order:
            self._digest(tx, person, order[0], due, now=now)

    def _digest(self, tx: Tx, person: str, device: int, due: Sequence[Told], *, now: int) -> int:
        to, pages = self._address(person, device), tuple(one.page_id for one in due)
        words = self._digest_words(tx, person, due)
        return self._text(tx, "digest", to, words, priority=Priority.LOW, page_ids=pages, now=now)

    def _digest_words(self, reader: Reader, person: str, due: Sequence[Told]) -> str:
        rows = [(one.code, one.summary) for one in due]
        where = [waiting.named_at(reader, one.incident_id, one.summary) for one in due[: hosts.LISTED_MAX]]
        language, segments_max = self._folding.language(person), self._settings.segments_max
        return wording.digest(rows, language, hosts=where, segments_max=segments_max)

    def _digest_order(self, person: str, due: Sequence[Told]) -> list[int]:
        """The devices that show words, of the kinds that the policy of the worst uses: phones first, so that no pager
        drowns in what can wait. Who has none of those has all."""
        owned = self.devices(person)
        kinds = min(due, key=lambda one: one.severity.rank).kinds
        used = sorted(used_of(owned, kinds), key=lambda device: device.kind != "phone")
        able = [device for device in used if self._directory.shows_words(device.number, device.channel)]
        return [n for device in able or used for n, own in enumerate(owned) if own is device]

    def _digest_on(self, tx: Tx, lost: Row, *, now: int) -> None:
        """A digest did not arrive, or no receipt of it came: what nobody has taken goes to the next device.

        After the last device it waits for the next digest, like everything that nobody takes.
        """
        texts, person = waiting.digest_texts(tx, lost["id"]), lost["person"]
        due = waiting.digest_of(tx, lost["id"])
        if not due or lost["state"] in _ON_ITS_WAY or any(text["state"] == "delivered" for text in texts):
            return
        owned = self.devices(person)
        left = [n for n in self._digest_order(person, due) if not any(_got(owned[n], text) for text in texts)]
        if left:
            number = self._digest(tx, person, left[0], due, now=now)
            journal.write(tx, news.PASSED_ON, now=now, message_id=number, instead_of=lost["id"])

    def _shorten(self, tx: Tx, digest: Row, incident_id: int, *, reason: str, now: int) -> None:
        """This incident needs no digest any more; the others do."""
        due = [one for one in waiting.digest_of(tx, digest["id"]) if one.incident_id != incident_id]
        if not due:
            self._queue.withdraw(tx, digest["id"], by="desk", now=now, reason=reason)
        else:
            self._folding.reword(tx, digest["id"], self._digest_words(tx, digest["person"], due), now=now)

    # --- other texts

    def answer(
        self, tx: Tx, person: str, device: Device, words: str, *, now: int, incident_id: int | None = None
    ) -> int:
        """Answer a reply, to the phone it came from."""
        owned = self.devices(person)
        to = self._address(person, owned.index(device) if device in owned else 0)
        return self._text(tx, "answer", to, words, priority=Priority.HIGH, now=now, incident_id=incident_id)

    def tell(
        self, tx: Tx, incident_id: int, kind: MessageKind, woken: Mapping[str, str], words: Words, *, now: int,
        later: int | None = None,
    ) -> None:  # fmt: skip
        """What became of it, in each one's language; with what else is gathered until `later`.

        `woken`: who is told, and by which group's call alone they were woken ("" = by a device).

        Several whom one call woke hear it by one call, the others by the device that showed them the page; if that
        shows no words, on which it would look like one more page, by their first that does.
        """
        heard: set[str] = set()
        shown = news.shown(tx, incident_id) if woken else {}
        for team in dict.fromkeys(filter(None, woken.values())):
            together = [name for name, by in woken.items() if by == team]
            group = self._group(team.removeprefix(TEAM))
            if group is None or len(together) < 2 or not self._directory.shows_words(group.number, group.channel):
                continue
            to = _of_group(team.removeprefix(TEAM), group)
            self._tell(tx, kind, to, words, incident_id=incident_id, now=now, later=later)
            heard.update(together, self._show_it_first(team.removeprefix(TEAM), group, shown))
        for name in woken:
            device = self._told_by(name, shown.get(name))
            if name not in heard and device is not None:
                address = self._address(name, device)
                self._tell(tx, kind, address, words, incident_id=incident_id, now=now, later=later)

    def answered(self, tx: Tx, incident: Row, person: str, *, now: int) -> None:
        """They hear what became of it in answer to a text of theirs: news that only waits says nothing new."""
        for text in news.of_end(tx, incident, person):
            if text["state"] == "queued" and folds.untried(tx, text["id"]):
                self._queue.withdraw(tx, text["id"], by="desk", now=now, reason="said in an answer")

    def _tell(
        self, tx: Tx, kind: MessageKind, to: Address, said: Words, *, incident_id: int, now: int, later: int | None
    ) -> None:
        if not self._folding.news(tx, to, kind, incident_id, later=later, now=now):
            words = said(self._folding.language(to.person))
            self._text(tx, kind, to, words, priority=Priority.NORMAL, now=now, incident_id=incident_id)

    def pass_on(self, tx: Tx, message_id: int, *, now: int) -> bool:
        """News that did not arrive goes once to the person's next device that shows words, while it is news; a digest
        to each, until one has it. Of what joined it is passed on too when no receipt came in time. Whether it was."""
        messages.end_wait(tx, news.KIND, message_id)
        lost = messages.get(tx, message_id)
        if lost is not None and lost["kind"] == "digest":
            self._digest_on(tx, lost, now=now)
            return True
        if lost is None or not _is_lost(lost) or now >= lost["expires_at"]:
            return False
        device, telling = self._next_with_words(lost), tellings.of(tx, message_id)
        if device is None or not news.may_go_on(tx, lost):
            return False
        if telling is not None and tellings.went_on(tx, telling, lost["person"]):
            return False
        incident_id, left_s = news.incident_of(tx, message_id), max(1, (lost["expires_at"] - now) // SECOND)
        number = self._text(
            tx, lost["kind"], self._address(lost["person"], device), lost["text"], priority=Priority.NORMAL, now=now,
            incident_id=incident_id, validity_s=left_s,
        )  # fmt: skip
        journal.write(
            tx, news.PASSED_ON, now=now, incident_id=incident_id, message_id=number, instead_of=message_id
        )  # fmt: skip
        if telling is not None:
            tellings.put(tx, telling["number"], number, telling["incident_id"], now=now)
        return True

    def joined(self, tx: Tx, incident_id: int, names: Sequence[str], words: Words, *, now: int) -> list[int]:
        """What has joined an incident, to each of them whose phone is not full of news. The texts; none: not now."""
        shown = news.shown(tx, incident_id)
        by = {name: self._told_by(name, shown.get(name)) for name in names}
        phones = [self._address(name, device) for name, device in by.items() if device is not None]
        ready = [to for to in phones if not self._folding.full(tx, to, now=now)]
        return [
            self._text(
                tx, "joined", to, words(self._folding.language(to.person)), priority=Priority.HIGH, now=now,
                incident_id=incident_id,
            )
            for to in ready
        ]  # fmt: skip

    def shows_words(self, person: str) -> bool:
        """Whether they can be told anything but a page."""
        return self._with_words(person) is not None

    def _show_it_first(self, team: str, group: Group, shown: Mapping[str, Row]) -> list[str]:
        """Who would be told by a pager that shows the call."""
        known = self._directory.team(team)
        names = self._directory.wearers(known) if known else ()
        first = [
            (name, self.devices(name)[n]) for name in names if (n := self._told_by(name, shown.get(name))) is not None
        ]
        return [name for name, device in first if device.kind == "pager" and device.channel == group.channel]

    def _told_by(self, person: str, shown: Row | None) -> int | None:
        """The device that got this text, if it shows words; else the person's first that does."""
        owned = self.devices(person)
        got = (n for n in self._able(person) if shown is not None and _got(owned[n], shown))
        return next(got, self._with_words(person))

    def _next_with_words(self, text: Row) -> int | None:
        """The device after the one that did not get this text; the first one after the last."""
        owned = self.devices(text["person"])
        others = [n for n in self._able(text["person"]) if not _got(owned[n], text)]
        last = next((n for n, device in enumerate(owned) if _got(device, text)), -1)
        return next((n for n in others if n > last), others[0] if others else None)

    def _with_words(self, person: str) -> int | None:
        """The first of the person's devices that shows words."""
        return next(iter(self._able(person)), None)

    def _able(self, person: str) -> list[int]:
        """Which of the person's devices show words."""
        owned = enumerate(self.devices(person))
        return [n for n, d in owned if self._directory.shows_words(d.number, d.channel)]

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
                tx, "test", self._address(name, n), self._test_words(known.called, number, device, known.language),
                now=now,
                priority=Priority.HIGH,
            )
            for n, device in enumerate(known.devices)
        ]  # fmt: skip

    def _test_group(self, tx: Tx, team: str, *, by: str, now: int) -> int:
        if self._directory.team(team) is None:
            raise Refusal("unknown", f"there is no team '{team}'", field="person")
        group = self._group(team)
        if group is None:
            raise Refusal("conflict", f"'{team}' has no group number; test its members one by one", field="person")
        words = self._test_words(team, self._begin_test(tx, TEAM + team, by=by, now=now), group,
                                 self._folding.language(TEAM + team))  # fmt: skip
        return self._text(tx, "test", _of_group(team, group), words, priority=Priority.HIGH, now=now)

    def _begin_test(self, tx: Tx, name: str, *, by: str, now: int) -> int:
        number = tx.new_id("test_page")
        journal.write(tx, "test_page", now=now, test=number, by=by, private={"person": name})
        return number

    def _test_words(self, called: str, number: int, at: Device | Group, language: str) -> str:
        return wording.test_page(called, number, language, words=self._directory.shows_words(at.number, at.channel))

    # --- into the queue

    def _group(self, team: str) -> Group | None:
        known = self._directory.team(team)
        return known.group if known else None

    def _address(self, person: str, device: int) -> Address:
        owned = self.devices(person)[device]
        return Address(person, owned.name or f"{owned.kind}{device + 1}", owned.number, owned.channel or "")

    def _text(
        self, tx: Tx, kind: MessageKind, to: Address, words: str, *, priority: Priority, now: int,
        page_ids: tuple[int, ...] = (), incident_id: int | None = None, validity_s: int = 0, about: str = "",
        ahead_us: int = 0, origin: str = "desk",
    ) -> int:  # fmt: skip
        return self._queue.enqueue(
            tx,
            NewMessage(
                kind=kind,
                recipient=to.number,
                text=words,
                priority=priority,
                expires_at=self._until(validity_s, now=now),
                person=to.person,
                device=to.device,
                channel=to.channel,
                page_ids=page_ids,
                incident_id=incident_id,
                origin=origin,
                about=about,
                ahead_us=ahead_us,
            ),
            now=now,
        )

    def _until(self, validity_s: int, *, now: int) -> int:
        return now + (validity_s or self._settings.validity_default_s) * SECOND


def _of_group(team: str, group: Group) -> Address:
    return Address(TEAM + team, GROUP_DEVICE, group.number, group.channel)  # no name of a person has a colon


def _got(device: Device, text: Row) -> bool:
    return bool(device.number == text["recipient"] and (device.channel or "") == text["wanted_channel"])


def _is_lost(text: Row) -> bool:
    """Whether this piece of news did not arrive; of what joined also: not within the time in which it is wanted."""
    if text["kind"] != "joined" or text["state"] in ("failed", "undelivered"):
        return text["state"] in ("failed", "undelivered")
    return text["state"] in ("queued", "started", "in_doubt") or (
        text["state"] == "sent" and text["unheard_at"] is not None
    )


def _origin(incident: Row) -> str:
    return DRILL if incident["source"] == DRILL else "desk"


def _stands(text: Row) -> bool:
    """Whether a group call was shown, or will be, as far as anybody knows.

    Where a network names what it takes, and could report on it, silence is a doubt; elsewhere taken is all there is.
    """
    if text["state"] in ("sent", "unconfirmed"):
        return text["unheard_at"] is None or not text["named"]
    return text["state"] in ("queued", "started", "delivered")


def _page_facts(row: Row, call: GroupText | None, shown_on: tuple[str, ...]) -> PageFacts:
    gathered_until = row["gathered_until"]
    state = row["message_state"] if gathered_until is None else None  # what became of earlier texts decides nothing yet
    lost = state in TEXT_LOST or (state == "in_doubt" and row["message_ended"] is not None)
    return PageFacts(
        id=row["id"],
        person=row["person"],
        round=row["round"],
        step=row["step"],
        state=PageState(row["state"]),
        devices_tried=row["devices_tried"],
        over=lost,
        silent=state == "sent" and row["message_unheard"] is not None,
        held=state in ("queued", "started", "in_doubt") and not lost and row["message_unheard"] is not None,
        queued_at=gathered_until or row["message_at"] or row["planned_at"],
        group=call,
        shown_on=shown_on,
    )
