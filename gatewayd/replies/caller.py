"""Who wrote, what is open for them, and which incidents a reply means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from gatewayd.agreements import Agreements
from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.oncall.directory import Device, Person
from gatewayd.oncall.replies import Reply
from gatewayd.oncall.reply_times import (
    READ_US,
    OnAir,
    Stamped,
    code_of_another,
    could_mean,
    shown_at,
    was_written_later,
)
from gatewayd.store import asked_silences, incidents, news, replies, succession, worse
from gatewayd.store import shown as kept
from gatewayd.store.db import Row, Tx
from gatewayd.waiting_room import TOLD

NEWS_US = 60 * SECOND  # who wrote this soon after the end may not know of it
TAKEN_US = 15 * SECOND  # who wrote this soon after somebody else took one may not know of it
LATELY_US = 3600 * SECOND  # a bare reply may still mean what ended within this
LATER_MAX = 20  # of their texts that came since this one was written
DIGEST = ("digest", TOLD)  # of what waits for the next one
_NUMBERS = re.compile(r"\d+")
ENDED_MAX = 20  # of those that ended lately, or since it was written


@dataclass(frozen=True, slots=True)
class Answer:
    """`did`: the result when an incident was changed; "" when this is only said."""

    words: str
    did: str = ""
    incident_id: int | None = None


@dataclass(frozen=True)
class Caller:
    """A known person who wrote at `written_at`."""

    tx: Tx
    desk: Desk
    person: Person
    device: Device
    now: int
    written_at: int
    stamped: Stamped

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def language(self) -> str:
        return self.person.language

    @property
    def agreements(self) -> Agreements:
        return self.desk.agreements

    @cached_property
    def mine(self) -> list[Row]:
        """What is not over and this person was paged about."""
        return incidents.open_for(self.tx, self.name)

    @property
    def waiting(self) -> list[Row]:
        """What nobody has taken and this person may have read of."""
        return [i for i in self.mine if i["state"] == "open" and i["had"]]

    @property
    def asked(self) -> list[Row]:
        """What was asked of duty, and to be silenced, and waits for this person's reply."""
        return [*self.agreements.open_for(self.tx, self.name), *asked_silences.open_for(self.tx, self.name)]

    @cached_property
    def handed(self) -> list[Row]:
        """What nobody has and they were only told of when they took the duty, if they may have read that by then."""
        untaken = (i for i in self.mine if i["state"] == "open" and not i["had"])
        told = [i for i in untaken if succession.has_it(self.tx, i["id"], self.name)]
        return [i for i in told if self._noticed(i["code"], since=i["opened_at"])]

    @property
    def owned(self) -> list[Row]:
        return [i for i in self.mine if i["state"] == "acknowledged" and i["acknowledged_by"] == self.name]

    @cached_property
    def _ended_lately(self) -> list[Row]:
        return incidents.ended_for(self.tx, self.name, since=self.now - LATELY_US, limit=ENDED_MAX)

    @property
    def ended(self) -> Row | None:
        """What this person was paged about and ended last, not long ago."""
        return next(iter(self._ended_lately), None)

    @cached_property
    def _shown(self) -> dict[int, int | None]:
        return {}

    @cached_property
    def _shown_worse(self) -> dict[int, int | None]:
        return {}

    def knew_of(self, incident: Row, *, reading_us: int | None = None) -> bool:
        """Whether they may have read of it when they wrote, however it stood then."""
        known, number = self._shown, int(incident["id"])
        if number not in known:
            known[number] = shown_at(OnAir(**row) for row in kept.pages(self.tx, number, self.name))
        return could_mean(known[number], self.written_at, reading_us=reading_us)

    def could_mean(self, incident: Row, *, reading_us: int | None = None) -> bool:
        """Whether they may have read of it as it is now when they wrote."""
        if incident["worse_at"] is None:
            return self.knew_of(incident, reading_us=reading_us)
        known, number = self._shown_worse, int(incident["id"])
        if number not in known:
            known[number] = shown_at(OnAir(**row) for row in worse.told(self.tx, incident, self.name))
        return could_mean(known[number], self.written_at, reading_us=reading_us)

    def unaware(self, incident: Row, *, closes: bool = False) -> bool:
        """Whether what they say of it by its code was written without knowing that it has got worse.

        Who was not paged anew may take it all the same, once it was worse; but `closes` nothing that they know not of.
        """
        if closes and worse.joined(self.tx, incident["id"], since=self.written_at, now=self.now):
            return True
        if incident["worse_at"] is None or self.could_mean(incident):
            return False
        if closes or worse.paged(self.tx, incident, self.name):
            return True
        return bool(self.written_at < incident["worse_at"] <= self.now)

    def said_later(self, incident: Row) -> str:
        """What a text of theirs did to it that was written after this one and came before; "" = nothing."""
        for row in replies.acted_since(self.tx, self.name, since=self.written_at, limit=LATER_MAX):
            other = Stamped(row["sim"], row["sender"], row["sent_at"], row["received_at"])
            about = row["incident_id"] == incident["id"] or incident["code"] in _NUMBERS.findall(row["text"] or "")
            if about and was_written_later(other, self.stamped, self.written_at):
                return str(row["result"])
        return ""

    @property
    def worse_since(self) -> list[Row]:
        """What they had read of, and has got worse since: a verb without a code may have meant it as it was."""
        return [i for i in self.mine if i["worse_at"] is not None and self.knew_of(i) and not self.could_mean(i)]

    def could_answer(self, question: Row) -> bool:
        """Whether they may have read what was asked of them when they wrote."""
        return self._noticed(question["code"], since=question["asked_at"] - LATELY_US)

    def _noticed(self, code: str, *, since: int) -> bool:
        """Whether they may have read a notice of the duty with this code."""
        parts = kept.texts_with(self.tx, self.name, self.agreements.NOTICE, code, since=since)
        return could_mean(shown_at(OnAir(**row) for row in parts), self.written_at)

    @property
    def _paging(self) -> list[Row]:
        """What waits; but what they passed on, or a silence keeps, only when there is nothing else."""
        asks = [i for i in self.waiting if not i["passed"]] or self.waiting
        return [i for i in asks if not i["held_for"]] or asks

    @property
    def read(self) -> list[Row]:
        """What waits and may have been read when the reply was written: all that a verb without a code can mean."""
        return [i for i in self._paging if self.could_mean(i)]

    @property
    def all_read(self) -> list[Row]:
        """And what they were told of in a digest, which "all" means as well while something else pages."""
        digest = [i for i in self.waiting if i["held_for"] in DIGEST and not i["passed"] and self.could_mean(i)]
        return list({i["id"]: i for i in (*self.read, *digest)}.values())

    @property
    def unread(self) -> list[Row]:
        """What came, or got worse, after the reply was written."""
        return [i for i in self._paging if not self.could_mean(i)]

    def meant(self) -> list[Row]:
        """What a bare reply can mean: all that they may have read; the only one, where of the others it is known that
        nobody can have. An accepted text may be on the phone long before its receipt is here, if there is to be one.

        None, when it may be the late answer to one that is over, that somebody else has, or that has got worse.
        """
        waiting = self.read
        readable = [i for i in waiting if i["reached"] or self._legible(i)]
        found = readable if len(readable) == 1 else waiting
        return [] if len(found) == 1 and (self.worse_since or self._missed(found[0])) else found

    def _legible(self, incident: Row) -> bool:
        """Whether they had time to read what is not known to have failed to arrive."""
        return not incident["lost"] and self.could_mean(incident, reading_us=READ_US)

    def _missed(self, beside: Row) -> bool:
        """Whether another one of theirs ended, or went to somebody else, that they may not have known of.

        Who had no time to read of this one may as well answer one whose end they have not been told of yet.
        """
        gone = [*self.taken_since, *self.ended_since]
        if not self.could_mean(beside, reading_us=READ_US):
            gone += (i for i in self._ended_lately if self._end_on_the_way(i))
        return any(i["acknowledged_by"] != self.name for i in gone)

    @cached_property
    def taken_since(self) -> list[Row]:
        """What they had read of, and somebody else had not taken, or had only just, when they wrote."""
        taken = (i for i in self.mine if i["state"] == "acknowledged" and i["acknowledged_by"] != self.name)
        return [i for i in taken if self.written_at < i["acknowledged_at"] + TAKEN_US and self.knew_of(i)]

    @cached_property
    def ended_since(self) -> list[Row]:
        """What they had read of, and was still open, or had only just ended, when they wrote."""
        since = self.written_at - NEWS_US
        ended = incidents.ended_for(self.tx, self.name, since=since, limit=ENDED_MAX)
        return [i for i in ended if self.knew_of(i)]

    def _end_on_the_way(self, ended: Row) -> bool:
        """News of it that has arrived, or never will, leaves nothing to wait for."""
        names = self.desk.directory.addressed_with(self.name)
        return news.end_on_the_way(self.tx, names, ended["id"], since=ended["resolved_at"])

    def told_anyway(self, incident: Row) -> bool:
        """Whether this phone is told, or has just been told, who has it or that it is over, and they cannot have read
        that before they wrote."""
        for text in news.of_end(self.tx, incident, self.name):
            fresh = abs(self.now - text["created_at"]) < NEWS_US  # the clock may have been set
            if fresh and text["recipient"] == self.device.number and text["state"] in ("started", "sent", "delivered"):
                shown = shown_at(OnAir(**row) for row in kept.text(self.tx, text["id"]))
                return not could_mean(shown, self.written_at, reading_us=READ_US)
        return False

    def by_codes(self, codes: tuple[str, ...]) -> tuple[list[Row], list[str]]:
        """The person's incidents with these codes, and the codes of none of them (somebody else's count as such)."""
        found: list[Row] = []
        strange: list[str] = []
        for code in codes:
            incident = incidents.by_code(self.tx, code, now=self.now)
            if incident is not None and incidents.paged(self.tx, incident["id"], self.name):
                found.append(incident)
            else:
                strange.append(code)
        return found, strange

    def meant_another(self, incident: Row) -> bool:
        """Whether its code was still that of an earlier one when they wrote."""
        ended = kept.code_before(self.tx, incident)
        return code_of_another(ended, incident["opened_at"], self.written_at, rest_us=incidents.QUARANTINE_US)

    def spelled(self, said: Reply) -> Reply:
        """What was written for codes, "1O" or "ten", when they have such codes; else it is not clear."""
        if not said.alike:
            return said
        known, _ = self.by_codes(said.alike)
        theirs = {i["code"] for i in known} | {row["code"] for row in self.asked}
        if theirs.issuperset(said.alike):
            return replace(said, codes=(*said.codes, *said.alike), alike=())
        return Reply("unclear", said.codes, heard=said.verb)

    def codes_of(self, said: Reply) -> tuple[str, ...]:
        """The codes said; or, of the numbers in the note and the page sent back, those that are of this person."""
        if said.codes or not said.mentioned:
            return said.codes
        known, _ = self.by_codes(said.mentioned)
        return tuple(incident["code"] for incident in known)

    def called(self, name: str) -> str:
        """How an answer names the one who has it; "" = the person who asks."""
        return "" if name == self.name else self.desk.called(name)
