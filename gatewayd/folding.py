"""The applying hand of storms: lets a page go alone or gathers it, makes one text of what was gathered, and renews it.

The rule is oncall/storms.py. What is gathered for one device is a fold; its wait says when its text is made. The text
then carries all its pages like any other, so receipts, failures and replies need to know nothing of it. While it waits
in the queue it is made anew when more comes or something of it ends. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from gatewayd import latin, text
from gatewayd.clock import SECOND
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.metrics import FOLDED
from gatewayd.model import MessageKind, NewMessage, Priority, Report, Severity, lane
from gatewayd.oncall import civil, hosts, storm_words, storms, wording
from gatewayd.oncall.directory import TEAM, Directory
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.storms import StormSettings
from gatewayd.queue import Queue
from gatewayd.store import folds, incidents, journal, messages, moved, waiting
from gatewayd.store.db import Row, Tx
from gatewayd.store.drills import DRILL

KIND = folds.KIND
SEGMENTS_OF_PAGERS = 10  # a text that is longer cannot be queued
SERVICES_KNOWN_MAX = 1_000  # of which the last page's time is remembered


@dataclass(frozen=True, slots=True)
class Address:
    """A device of a person, or the number of a team's group; both as messages name them."""

    person: str
    device: str
    number: str
    channel: str


class Folding:
    """Built anew at each reload. `urgent_s`: for how long the air is busy with what is urgent."""

    def __init__(
        self,
        directory: Directory,
        settings: DeliverySettings,
        queue: Queue,
        rules: StormSettings | None = None,
        *,
        urgent_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.settings = rules or StormSettings()
        self._directory = directory
        self._delivery = settings
        self._queue = queue
        self._urgent_s = urgent_s
        self._paged_at: dict[str, int] = {}  # by service; a hint for the order of the queue, so no rollback minds it

    # --- services that gather their alerts

    def joined(self, tx: Tx, report: Report, *, now: int) -> Row | None:
        """The open incident of its service that a new alert belongs to, as its monitor groups or its service gathers.

        What a monitor puts into one group may belong to several services, and each has its own people.
        """
        if report.group:
            return incidents.grouped(tx, report.source, report.group, report.service)
        if not self._directory.group_s(report.service):
            return None
        return folds.joinable(tx, report.service, now=now)

    def may_be_joined(self, tx: Tx, incident: Row, *, grouped: bool, now: int) -> None:
        """A new incident; the monitor's own groups stay as they are."""
        group_s = 0 if grouped else self._directory.group_s(incident["service"])
        if group_s:
            folds.joins_until(tx, incident["id"], now + group_s * SECOND)

    # --- one page, one piece of news

    def page(
        self, tx: Tx, to: Address, incident: Row, pages: Sequence[int], *, again: bool, validity_s: int, now: int
    ) -> int | None:
        """None: it was gathered. Else its own text goes at once, by so many microseconds ahead of others.

        `again`: it went to another device of the same person before.
        """
        settings, service = self.settings, incident["service"]
        window = settings.window_s * SECOND
        lately = folds.page_texts(
            tx, to.person, to.number, since=now - 2 * window, now=now, limit=settings.page_texts or 1
        )  # fmt: skip
        texts = sum(row["created_at"] > now - window for row in lately)
        carried = again and any(folds.carried(tx, page_id) for page_id in pages)
        may_fold = lately or carried or not storms.calm(0, self._urgent_s(), settings)  # else nothing can be gathered
        if may_fold and settings.page_texts:
            newest = folds.latest(tx, to.person, to.number, "page")
            decision = self._decide(tx, to, incident, newest, texts=texts, carried=carried, now=now)
            if isinstance(decision, storms.Fold):
                self._gather(tx, "page", to, newest, decision.until, incident["id"], pages, validity_s=validity_s)
                journal.write(
                    tx, "page_folded", now=now, incident_id=incident["id"], pages=[*pages], reason=decision.reason
                )
                return None
        first = now - self._paged_at.get(service, -window) >= window
        paged_last = islice(reversed(self._paged_at.values()), storms.SERVICES_FEW)
        services = sum(now - at < window for at in paged_last)
        self._note(service, now)
        return storms.ahead_us(
            first_of_service=first,
            first_to_device=all(row["about"] != service for row in lately),
            first_of_all=not lately,
            services=services,
        )

    def _decide(
        self, tx: Tx, to: Address, incident: Row, newest: Row | None, *, texts: int, carried: bool, now: int
    ) -> storms.Alone | storms.Fold:  # fmt: skip
        critical = incident["severity"] == Severity.CRITICAL
        since = now - self.settings.again_s * SECOND
        facts = storms.Facts(
            critical=critical,
            texts=texts,
            told=critical and folds.told(tx, to.person, to.number, incident["service"], since=since, now=now),
            carried=carried,
            gathered_until=newest["due_at"] if newest and newest["message_id"] is None else None,
            folded_at=newest["folded_at"] if newest else None,
            urgent_s=self._urgent_s(),
        )
        return storms.decide(facts, self.settings, now)

    def full(self, tx: Tx, to: Address, *, now: int) -> bool:
        """Whether a device has had as much news of late as it is to have."""
        most, since = self.settings.page_texts, now - self.settings.window_s * SECOND
        if not most:
            return False
        return folds.news_texts(tx, to.person, to.number, since=since, now=now, limit=most) >= most

    def news(
        self, tx: Tx, to: Address, kind: MessageKind, incident_id: int, *, later: int | None = None, now: int
    ) -> bool:
        """Whether what became of an incident is gathered instead of told at once. `later`: until then, in any case."""
        settings = self.settings
        if later is not None:
            newest, lives_s = folds.latest(tx, to.person, to.number, kind), self._delivery.validity_default_s
            self._gather(tx, kind, to, newest, later, incident_id, (), validity_s=lives_s)
            return True
        window = settings.window_s * SECOND
        if not settings.page_texts:
            return False
        texts = folds.news_texts(
            tx, to.person, to.number, since=now - window, now=now, limit=settings.page_texts
        )  # fmt: skip
        if texts < settings.page_texts:
            return False
        newest = folds.latest(tx, to.person, to.number, kind)
        facts = storms.Facts(
            critical=False,
            texts=texts,
            told=True,
            gathered_until=newest["due_at"] if newest and newest["message_id"] is None else None,
            folded_at=newest["folded_at"] if newest else None,
        )
        until = storms.due(facts, settings.window_s, settings, now)
        self._gather(tx, kind, to, newest, until, incident_id, (), validity_s=self._delivery.validity_default_s)
        return True

    def _gather(
        self, tx: Tx, kind: MessageKind, to: Address, newest: Row | None, until: int, incident_id: int,
        pages: Sequence[int], *, validity_s: int,
    ) -> None:  # fmt: skip
        if newest is None or newest["message_id"] is not None:
            number = folds.begin(
                tx, kind, person=to.person, device=to.device, recipient=to.number, channel=to.channel,
                validity_s=validity_s,
            )  # fmt: skip
            messages.set_wait(tx, KIND, number, until)
        else:
            number = newest["id"]
            if newest["due_at"] is None or until < newest["due_at"]:
                messages.set_wait(tx, KIND, number, until)
            if validity_s > newest["validity_s"]:
                folds.lives_longer(tx, number, validity_s)
        for page_id in pages or (0,):
            folds.put(tx, number, incident_id, page_id)
        tx.after_commit(FOLDED.labels(kind).inc)

    def _note(self, service: str, now: int) -> None:
        if len(self._paged_at) >= SERVICES_KNOWN_MAX:
            self._paged_at.clear()
        self._paged_at.pop(service, None)
        self._paged_at[service] = now  # the newest is the last

    def numbers_gone(self, tx: Tx) -> None:
        """At a start and after a reload: what is gathered for a number that its person has no more."""
        for fold in moved.gathering(tx):
            known = self._directory.person(fold["person"])
            if known is None or any(device.number == fold["recipient"] for device in known.devices):
                continue
            first = known.devices[0]
            moved.gather_for(
                tx, fold["id"], device=first.name or f"{first.kind}1", recipient=first.number,
                channel=first.channel or "",
            )  # fmt: skip

    # --- its text

    def due(self, tx: Tx, fold_id: int, *, now: int) -> None:
        """Make the text of what was gathered; or make it anew when it is made and still waits."""
        messages.end_wait(tx, KIND, fold_id)
        fold = folds.get(tx, fold_id)
        if fold is None:
            return
        if fold["message_id"] is None:
            earlier = folds.before(tx, fold)
            waiting = folds.untried(tx, earlier["message_id"]) if earlier else None
            if earlier is not None and waiting is not None:
                folds.merge(tx, fold_id, earlier["id"])
                fold = earlier
            elif earlier is not None:
                folds.empty(tx, earlier["id"])
        if fold["kind"] == "page":
            self._pages_due(tx, fold, now=now)
        else:
            self._news_due(tx, fold, now=now)

    def _pages_due(self, tx: Tx, fold: Row, *, now: int) -> None:
        number = fold["message_id"]
        if number is not None:
            folds.tie(tx, fold["id"], number)
            found = folds.carried_by(tx, number)
        else:
            found = folds.gathered(tx, fold["id"])
        if not found:
            self._over(tx, fold, now=now)
            return
        priority = min(lane(Severity(row["severity"]).rank) for row in found)
        words = self._words(tx, fold, found)
        if number is not None:
            self._renew(tx, fold, words, priority, now=now)
            return
        number = self._enqueue(tx, fold, words, priority, now=now)
        tied = folds.tie(tx, fold["id"], number)
        folds.made(tx, fold["id"], number, now=now)
        journal.write(tx, "pages_carried", now=now, message_id=number, pages=tied)

    def page_words(self, tx: Tx, incident: Row, person: str, channel: str, pages: Sequence[int]) -> str:
        """Of one incident alone, as a device at that channel shows it. Whoever got an earlier page of it reads that
        this is a repeat.
        """
        fresh = incidents.is_fresh(incident)
        again = not fresh and any(incidents.texted_before(tx, page_id) for page_id in pages)
        labels = waiting.told_labels(tx, incident["id"], incident["summary"], limit=hosts.READ_MAX + 1)
        return wording.page(
            incident["code"], Severity(incident["severity"]), incident["service"],
            self._legible(tx, incident, channel),
            alerts=1 if fresh else max(1, waiting.told_count(tx, incident["id"])), again=again,
            host=hosts.named(labels, service=incident["service"], summary=incident["summary"]),
            segments_max=self._segments_max(channel), drill=incident["source"] == DRILL,
            language=self.language(person),
        )  # fmt: skip

    def _segments_max(self, channel: str) -> int:
        """Letters that an SMS has no room for cost nothing where ASCII is shown: such a bureau cuts a text itself."""
        return SEGMENTS_OF_PAGERS if channel in self._directory.in_ascii else self._delivery.segments_max

    def _legible(self, tx: Tx, incident: Row, channel: str) -> str:
        """The summary, or the key where a pager would show nothing of that."""
        summary = str(incident["summary"])
        if channel not in self._directory.in_ascii or latin.legible(summary):
            return summary
        key = incidents.key_of(tx, incident["id"], summary)
        return key if latin.legible(key) else summary

    def _words(self, tx: Tx, fold: Row, found: Sequence[Row]) -> str:
        """Of one incident, what its own page says."""
        if len(found) == 1 and found[0]["n"] == 1:
            incident = incidents.get(tx, found[0]["incident_id"])
            assert incident is not None
            pages = folds.pages_of(tx, fold, incident["id"])
            return self.page_words(tx, incident, fold["person"], fold["channel"], pages)
        services: Counter[str] = Counter()
        for row in found:
            services[row["service"]] += row["n"]
        return storm_words.more(
            services,
            critical=sum(row["n"] for row in found if row["severity"] == Severity.CRITICAL),
            since=min(row["since"] for row in found),
            zone=civil.zone_named(self.settings.zone),
            words_shown=self._directory.shows_words(fold["recipient"], fold["channel"]),
            language=self.language(fold["person"]),
        )

    def _news_due(self, tx: Tx, fold: Row, *, now: int) -> None:
        found = folds.news(tx, fold)
        if not found:
            self._over(tx, fold, now=now)
            return
        owners = [*dict.fromkeys(self._called(row["acknowledged_by"] or "") for row in found)]
        codes = [row["code"] for row in found]
        if len(found) > 1:
            words = storm_words.news(fold["kind"], codes, by=owners, language=self.language(fold["person"]))
        else:
            said = {"segments_max": self._delivery.segments_max}
            only, language = found[0]["summary"], self.language(fold["person"])
            cleared = fold["kind"] == "cleared"
            words = wording.cleared(codes[0], only, language, by="", **said) if cleared else wording.taken(
                codes[0], owners[0], only, language, **said
            )  # fmt: skip
        if fold["message_id"] is not None:
            self._renew(tx, fold, words, Priority.NORMAL, now=now)
            return
        number = self._enqueue(tx, fold, words, Priority.NORMAL, now=now)
        folds.made(tx, fold["id"], number, now=now)

    def _over(self, tx: Tx, fold: Row, *, now: int) -> None:
        """Nothing of it is left to tell."""
        if fold["message_id"] is None:
            folds.drop(tx, fold["id"])
            return
        message = messages.get(tx, fold["message_id"])
        if message is not None and message["state"] in ("queued", "in_doubt") and message["ended_at"] is None:
            self._queue.withdraw(tx, message["id"], by="desk", now=now, reason="all of it is over")

    def _enqueue(self, tx: Tx, fold: Row, words: str, priority: Priority, *, now: int) -> int:
        return self._queue.enqueue(
            tx,
            NewMessage(
                kind=fold["kind"],
                recipient=fold["recipient"],
                text=words,
                priority=priority,
                expires_at=now + fold["validity_s"] * SECOND,
                person=fold["person"],
                device=fold["device"],
                channel=fold["channel"],
                origin="desk",
            ),
            now=now,
        )

    def _renew(self, tx: Tx, fold: Row, words: str, priority: Priority, *, now: int) -> None:
        self.reword(tx, fold["message_id"], words, priority, until=now + fold["validity_s"] * SECOND, now=now)

    def reword(
        self, tx: Tx, message_id: int, words: str, priority: Priority | None = None, *, until: int = 0, now: int
    ) -> None:  # fmt: skip
        """A text that waits and has not been on the air says something else."""
        message = folds.untried(tx, message_id)
        if message is None or message["text"] == words:
            return
        parts, lane = (
            len(text.fit(words, segments_max=10).segments),
            message["priority"] if priority is None else priority,
        )
        folds.rewrite(tx, message_id, words, parts=parts, priority=int(lane), expires_at=until)
        journal.write(tx, "message_rewritten", now=now, message_id=message["id"], private={"text": words})

    # --- what ends

    def withdraw(self, tx: Tx, message: Row, incident_id: int, *, reason: str, now: int) -> None:
        """This incident needs the text no more. Of a folded one the rest still goes, and says so."""
        fold = None if message["about"] or message["kind"] != "page" else folds.of_message(tx, message["id"])
        if fold is None:
            self._queue.withdraw(tx, message["id"], by="desk", now=now, reason=reason)
            return
        if folds.untried(tx, message["id"]) is not None:
            folds.untie(tx, message["id"], incident_id)
            if not folds.is_tied(tx, message["id"]):
                self._queue.withdraw(tx, message["id"], by="desk", now=now, reason=reason)
                return
        messages.set_wait(tx, KIND, fold["id"], now)

    def _called(self, name: str) -> str:
        known = self._directory.person(name)
        return known.called if known else name

    def language(self, name: str) -> str:
        """Of a person; of "team:noc" the one in which all who are called by its number read, or English."""
        if name.startswith(TEAM):
            team = self._directory.team(name.removeprefix(TEAM))
            spoken = {self.language(n) for n in self._directory.wearers(team)} if team else set()
            return spoken.pop() if len(spoken) == 1 else ENGLISH
        known = self._directory.person(name)
        return known.language if known else ENGLISH
