"""Silences by text: `silence SERVICE 2h` asks for one, `unsilence SERVICE` ends it at once, `silences` lists them.

One service, of those that page the person, for at most a day: what is wider is the operator's, by API or terminal.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.desk import Desk
from gatewayd.model import OWN_SERVICE
from gatewayd.oncall import answers, civil, hushed, said_silences, said_times, silence_words
from gatewayd.oncall.directory import Person
from gatewayd.oncall.said_silences import Said
from gatewayd.oncall.triage import Match
from gatewayd.oncall.wording import fitted
from gatewayd.replies import silenced, silencing
from gatewayd.replies.caller import Answer, Caller
from gatewayd.site_visits import zone_of
from gatewayd.store import asked_silences, incidents, journal, waiting
from gatewayd.store.db import Reader, Row

LONGEST_US = 24 * civil.HOUR  # by text; by API 400 days
SHORTEST_US = civil.MINUTE
LATE_US = 2 * civil.MINUTE  # what was made so long after the text was written was not meant
DID = "answered"


def read(
    reader: Reader, desk: Desk, person: Person, text: str, ours: Sequence[str], *, now: int
) -> Said | None:  # fmt: skip
    """None: the text is about something else."""
    zone = zone_of(desk, person.name)
    return said_silences.read(
        text, person.language, zone, now, named=lambda: _names(reader, desk, person.name, now=now), ours=ours
    )  # fmt: skip


def asked(caller: Caller, said: Said) -> Answer:
    if said.verb == "silences":
        return _listing(caller)
    if said.verb == "unsilence":
        return _lift(caller, said)
    if said.code and (proved := _proves(caller, said.code)):
        return proved
    if not said.about:
        return _which(caller, "which")
    if said_silences.means_all(said.about, caller.language):
        return _no(caller, "one_only")
    service = _meant(caller, said)
    return service if isinstance(service, Answer) else _silence(caller, service, said.until)


def _silence(caller: Caller, service: str, until: int | None) -> Answer:
    if service == OWN_SERVICE:
        return _no(caller, "own", service=service)
    if caller.name not in silenced.concerned(caller.desk, caller.tx, service, now=caller.now):
        return _no(caller, "not_yours", service=service)
    if until is None:
        return _no(caller, "how_long", service=service)
    if not SHORTEST_US <= until - caller.now <= LONGEST_US:
        return _no(caller, "too_long", service=service, hours=LONGEST_US // civil.HOUR)
    until += -until % civil.MINUTE  # "2h" ends on a whole minute
    own, broad = silenced.of(caller.tx, service, now=caller.now)
    for word, rows in (("already", own), ("broad", broad)):
        if longer := [row for row in rows if row["until"] >= until]:
            return _no(caller, word, service=service, **_of(caller, longer[0]))
    words = silencing.ask(
        caller.tx, caller.desk, service, until, asker=caller.name, device=caller.device.number, now=caller.now
    )  # fmt: skip
    return Answer(words)


def _proves(caller: Caller, code: str) -> Answer | None:
    """`silence 7313` as `yes 7313`, where that is what they are asked for."""
    waiting_for = {row["code"]: row for row in asked_silences.open_for(caller.tx, caller.name)}
    if code not in waiting_for:
        return None
    words = silencing.answered(
        caller.tx, caller.desk, waiting_for[code], yes=True, device=caller.device.number, now=caller.now
    )  # fmt: skip
    return Answer(words, "agreed")


# --- lifted


def _lift(caller: Caller, said: Said) -> Answer:
    if said.about:
        service = _meant(caller, said)
        if isinstance(service, Answer):
            return service
    else:
        here = _lifted_here(caller)
        if len(here) != 1:
            word = "lift_which" if here else "nothing"
            return Answer(silence_words.said(word, caller.language, services=silence_words.some(here)))
        service = here[0]
    silencing.withdraw(caller.tx, caller.name, service, now=caller.now)
    own, broad = silenced.of(caller.tx, service, now=caller.now)
    if own and min(row["since"] for row in own) > caller.written_at + LATE_US:
        return Answer(silence_words.said("already", caller.language, service=service, **_of(caller, own[-1])))
    if not own:
        word, told = ("broad", _of(caller, broad[0])) if broad else ("keeps", {})
        return Answer(silence_words.said(word, caller.language, service=service, **told))
    if caller.name not in silenced.concerned(caller.desk, caller.tx, service, now=caller.now):
        return _no(caller, "not_yours", service=service)
    waits = [] if broad else waiting.silenced(caller.tx, service, limit=silencing.CODES_MAX + 1)
    for row in own:
        caller.desk.end_silence(caller.tx, row["id"], by=caller.name, now=caller.now)
    silencing.told_over(caller.tx, caller.desk, service, now=caller.now)
    _tell_lifted(caller, service, own, waits)
    if broad:
        return Answer(silence_words.said("broad", caller.language, service=service, **_of(caller, broad[0])), DID)
    words = silence_words.said("lifted", caller.language, service=service)
    return Answer(words + silencing.coded("paging", waits, caller.language), DID)


def _lifted_here(caller: Caller) -> list[str]:
    """Services that are silenced alone, and that this person may lift."""
    known = _names(caller.tx, caller.desk, caller.name, now=caller.now).values()
    found = (name for name in dict.fromkeys(known) if silenced.of(caller.tx, name, now=caller.now)[0])
    return [name for name in found if caller.name in silenced.concerned(caller.desk, caller.tx, name, now=caller.now)]


def _tell_lifted(caller: Caller, service: str, ended: list[Row], waits: Sequence[str]) -> None:
    """Whoever had made them, and who is on call."""
    desk, tx = caller.desk, caller.tx
    on_call = silenced.on_call(desk, tx, service, now=caller.now)[: silencing.TOLD_MAX]
    for name in dict.fromkeys((*(row["made_by"] for row in ended), *on_call)):
        if name == caller.name or desk.directory.person(name) is None:
            continue
        language = desk.agreements.language(name)
        words = silence_words.said("lifted_by", language, service=service, name=desk.called(caller.name))
        words += silencing.coded("paging", waits, language)
        silencing.tell(tx, desk, name, words, now=caller.now)


# --- told


def _listing(caller: Caller) -> Answer:
    """Silences, and work that goes on."""
    language = caller.language
    held: list[tuple[str, dict[str, str]]] = [
        (hushed.shown(Match.model_validate_json(row["match"])), _of(caller, row))
        for row in waiting.silence_rows(caller.tx, now=caller.now)
    ]
    for _, work in hushed.work(caller.desk.directory, now=caller.now):
        until = said_times.shown(zone_of(caller.desk, caller.name), work.until, language)
        held.append((work.of, {"until": until, "name": hushed.made_by_work(work.work, language)}))
    if not held:
        return Answer(silence_words.said("nothing", language))
    lines = [silence_words.said("listed", language, service=of, **by) for of, by in held]
    return Answer(fitted("", "; ".join(lines), "", caller.desk.segments_max))


def _of(caller: Caller, row: Row) -> dict[str, str]:
    until = said_times.shown(zone_of(caller.desk, caller.name), row["until"], caller.language)
    return {"until": until, "name": caller.desk.called(row["made_by"])}


def _no(caller: Caller, word: str, **fields: str | int) -> Answer:
    journal.write(caller.tx, "silence_not_asked", now=caller.now, reason=word, private={"person": caller.name})
    return Answer(silence_words.said(word, caller.language, **fields))


# --- which one


def _meant(caller: Caller, said: Said) -> str | Answer:
    """The service, or what is asked back: its own name counts before the code of an incident."""
    known = _names(caller.tx, caller.desk, caller.name, now=caller.now)
    found = _called(caller, said.about)
    if len(found) == 1:
        return found[0]
    if found:
        return _no(caller, "alike", service=said.about, services=silence_words.some(found))
    if said.code:
        there, _ = caller.by_codes((said.code,))
        return str(there[0]["service"]) if there else Answer(
            answers.unknown_code([said.code], language=caller.language)
        )  # fmt: skip
    near = list(dict.fromkeys(known[name] for name in said_silences.alike(said.about, known)))
    if near:
        return _no(caller, "near", service=said.about, services=silence_words.some(near))
    return _which(caller, "unknown", service=said.about)


def _which(caller: Caller, word: str, **fields: str) -> Answer:
    """ "which" or "unknown", with theirs to choose from; where the file names none, a code says which."""
    own = _own(caller)
    return _no(caller, word if own else "unnamed", services=silence_words.some(own), **fields)


def _called(caller: Caller, about: str) -> list[str]:
    """Services of that name, or else of that title."""
    there = [(s.name, s.title) for s in caller.desk.directory.services]
    there += [(i["service"], "") for i in caller.mine]
    there += [(name, "") for name in silenced.alone(caller.tx, now=caller.now)]
    wanted = said_silences.key(about)
    by_name = [name for name, _ in there if said_silences.key(name) == wanted]
    by_title = [name for name, title in there if title and said_silences.key(title) == wanted]
    return list(dict.fromkeys(by_name or by_title))


def _own(caller: Caller) -> list[str]:
    """The services that page this person."""
    names = dict.fromkeys(_names(caller.tx, caller.desk, caller.name, now=caller.now).values())
    desk, tx, now = caller.desk, caller.tx, caller.now
    return [n for n in names if n != OWN_SERVICE and caller.name in silenced.concerned(desk, tx, n, now=now)]


def _names(reader: Reader, desk: Desk, person: str, *, now: int) -> dict[str, str]:
    """Names and titles of services, and the service each of them is of: of the file, of what is open for them, and of
    what is silenced."""
    known = {name: s.name for s in desk.directory.services for name in (s.title, s.name) if name}
    met = [row["service"] for row in incidents.open_for(reader, person)] + silenced.alone(reader, now=now)
    return known | {name: name for name in met}
