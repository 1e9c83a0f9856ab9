"""What we answer to a reply, in the language of the person who wrote it. Pure. One segment where it can be."""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.model import Severity
from gatewayd.oncall.answer_words import words_of
from gatewayd.oncall.page_words import how_bad
from gatewayd.oncall.wording import CUT, about, and_more, at, fits, fitted, listed, plain

OTHERS_NAMED_MAX = 3  # a team may have two hundred members
CODES_NAMED_MAX = 5
CODES_SHOWN_MAX = 40  # more than one segment holds
SUMMARY_MAX = 30  # in a list
DETAIL_SEGMENTS = 2  # that labels may fill
DETAILS_MAX = 20  # labels that are tried


def yours(
    code: str, summary: str, others: Sequence[str], *, more: int = 0, language: str = "en", segments_max: int
) -> str:
    """It is theirs now, and who hears of that. `more`: how many other alerts of it fire."""
    words = words_of(language)
    head, counted = words.is_yours.format(code=code), and_more(more, language)
    tail = words.reply.format(word="more", code=code) if more else ""
    return _with_told(head, summary, others, language, segments_max, counted=counted, tail=tail)


def several_yours(codes: Sequence[str], *, language: str = "en") -> str:
    return _several(words_of(language).are_yours, codes)


def closed(code: str, summary: str, others: Sequence[str], *, language: str = "en", segments_max: int) -> str:
    return _with_told(words_of(language).is_closed.format(code=code), summary, others, language, segments_max)


def several_closed(codes: Sequence[str], *, language: str = "en") -> str:
    return _several(words_of(language).are_closed, codes)


def _several(frame: str, codes: Sequence[str]) -> str:
    """As many codes as one segment holds; the others are counted."""
    if fits(whole := frame.format(codes=", ".join(codes)), 1):
        return whole
    shown = CODES_SHOWN_MAX
    while True:
        words = frame.format(codes=f"{', '.join(codes[:shown])} +{len(codes) - shown}")
        if shown == 1 or fits(words, 1):
            return words
        shown -= 1


def passed_on(code: str, following: Sequence[str], *, waits: bool = False, language: str = "en") -> str:
    """Who has it in hand now; nobody: it `waits` for a digest, say, or the person who refused was the last."""
    words = words_of(language)
    if waits and not following:
        return words.waits.format(code=code)
    if not following:
        return words.passed_alone.format(code=code)
    return words.passed.format(code=code, names=_few(following, language))


def kept(code: str, *, language: str = "en") -> str:
    """A refusal of what the person has taken already."""
    return words_of(language).kept.format(code=code)


def already(code: str, by: str, *, language: str = "en", over: bool) -> str:
    """The answer to what came after somebody else's reply, or after the end. `by` "" = the person who asks."""
    words = words_of(language)
    if over:
        return words.over.format(code=code)
    return words.with_other.format(code=code, name=by) if by else words.with_you.format(code=code)


def came_after(codes: Sequence[str], word: str, *, language: str = "en") -> str:
    """A reply without a code that was written before any of these could be read. `word`: what to reply."""
    named = ", ".join(codes[:CODES_NAMED_MAX]) + (CUT if len(codes) > CODES_NAMED_MAX else "")
    return words_of(language).came_after.format(codes=named, word=word, code=codes[0])


def got_worse(
    code: str, severity: Severity, summary: str, word: str, *, more: int = 0, language: str = "en", segments_max: int
) -> str:
    """A reply that was written without knowing how it stands now. `more`: how many other alerts of it fire."""
    words = words_of(language)
    head = f"{words.got_worse.format(code=code)}{how_bad(severity, language)} "
    tail = and_more(more, language) + words.reply.format(word=word, code=code)
    return fitted(head, about(summary, language), tail, segments_max)


def said_later(code: str, said: str, word: str, *, language: str = "en") -> str:
    """A reply that came after one that was written later: `said` counts, not `word`."""
    return words_of(language).said_later.format(code=code, said=said, word=word)


def unknown_code(codes: Sequence[str], *, language: str = "en") -> str:
    named = ", ".join(codes[:CODES_NAMED_MAX]) + (CUT if len(codes) > CODES_NAMED_MAX else "")
    return words_of(language).unknown_code.format(codes=named)


def no_longer(code: str, *, language: str = "en") -> str:
    """To a number that was paged and is nobody's any more."""
    return words_of(language).no_longer.format(code=code)


def listing(
    open_ones: Sequence[tuple[str, str, str]], *, asks: bool = False, word: str = "ok", code: str = "",
    hosts: Sequence[str] = (), language: str = "en", segments_max: int,
) -> str:  # fmt: skip
    """What is open: (code, summary, owner). `asks`: which one was meant? `word`: what to reply ("": nothing), with
    `code`, or that of the first. `hosts`: where the first of them are, as far as there is room."""
    words = words_of(language)
    if not open_ones:
        return words.nothing
    question = words.which if asks else ""

    def line(entry: tuple[str, str, str], host: str = "") -> str:
        number, summary, owner = entry
        return f"{number} {at(host)}{_short(about(summary, language))}{f' ({owner})' if owner else ''}"

    tail = words.reply.format(word=word, code=code or open_ones[0][0]) if word else ""

    def whole(shown: Sequence[str]) -> str:
        more = words.further.format(count=len(lines) - len(shown)) if len(shown) < len(lines) else ""
        return question + "; ".join(shown) + more + tail

    lines = [*map(line, open_ones)]
    if told := listed(whole, lines, [*map(line, open_ones, hosts)], segments_max):
        return told
    return fitted(question, lines[0], words.further.format(count=len(lines) - 1) + tail, segments_max)


def not_understood(*, language: str = "en") -> str:
    return words_of(language).not_understood


def last_for_now(words: str, *, language: str = "en") -> str:
    """`words`, and that the like of them is not said again for a while, where one segment has room for that."""
    whole = words + words_of(language).last
    return whole if fits(whole, 1) else words


def not_clear(code: str, *, language: str = "en") -> str:
    """A verb was heard beside something that makes it doubtful. `code`: of what waits for the person."""
    return words_of(language).not_clear.format(code=code)


def commands(*, language: str = "en") -> str:
    return words_of(language).help


def stop(*, told: bool, language: str = "en") -> str:
    """`told`: whether an operator is."""
    words = words_of(language)
    return words.stop if told else words.stop_untold


def on_call(service: str, names: Sequence[str], *, language: str = "en", segments_max: int) -> str:
    words = words_of(language)
    told = words.who.format(service=plain(service), names=_few(names, language))
    return told if fits(told, segments_max) else fitted("", told, "", segments_max)


def no_service(name: str, services: Sequence[str], *, language: str = "en", segments_max: int) -> str:
    """`name` is not known; what there is, as far as it has room."""
    told = words_of(language).who_unknown.format(name=_short(name), services=", ".join(services))
    return fitted("", told, "", segments_max)


def details(
    code: str, severity: Severity, service: str, summary: str, labels: Sequence[tuple[str, str]], *, since: str,
    minutes: int, alerts: int, owner: str, others: Sequence[str] = (), language: str = "en",
    segments_max: int = DETAIL_SEGMENTS,
) -> str:  # fmt: skip
    """Everything of one incident: what there is room for, the summary in full first, then those of its other alerts.

    `owner` "" = nobody has it. A page of `segments_max` showed so much of the summary; who asks for more gets no less.
    """
    words = words_of(language)
    facts = [
        words.since.format(time=since, minutes=minutes),
        *([words.alerts.format(count=alerts)] if alerts > 1 else []),
        words.taken_by.format(name=owner) if owner else words.open,
    ]
    said = ", ".join(facts)
    told = fitted(f"{code}: {how_bad(severity, language)} ", f"{plain(service)}: {about(summary, language)}",
                  f". {said[:1].upper()}{said[1:]}", max(segments_max, DETAIL_SEGMENTS))  # fmt: skip
    told = told.replace(f"{CUT}. ", f"{CUT} ")
    for other in others[:DETAILS_MAX]:
        longer = f"{told}. + {about(other, language)}"
        told = longer if fits(longer, DETAIL_SEGMENTS) else told
    between = ". "
    shown = [(n, v) for n, v in labels if n.strip() and v.strip() and v != summary]
    for name, value in shown[:DETAILS_MAX]:
        longer = f"{told}{between}{plain(name)}={plain(value)}"
        if fits(longer, DETAIL_SEGMENTS):
            told, between = longer, "; "
    return told


def _with_told(
    head: str, summary: str, others: Sequence[str], language: str, segments_max: int, *, counted: str = "",
    tail: str = "",
) -> str:  # fmt: skip
    body = about(summary, language)
    if not others:
        return fitted(head, body, counted + tail, segments_max)
    told = words_of(language).told
    words = fitted(head, body, counted + told.format(names=_few(others, language)) + tail, segments_max)
    if fits(words, segments_max):
        return words
    return fitted(head, body, counted + told.format(names=len(others)) + tail, segments_max)


def _few(names: Sequence[str], language: str) -> str:
    """ "Anna, Ben and Cara", or the first of many and how many more there are."""
    words = words_of(language)
    if len(names) > OTHERS_NAMED_MAX + 1:
        names = [*names[:OTHERS_NAMED_MAX], words.others.format(count=len(names) - OTHERS_NAMED_MAX)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{words.both}{names[-1]}"


def _short(summary: str) -> str:
    line = plain(summary)
    return line if len(line) <= SUMMARY_MAX else line[: SUMMARY_MAX - 2].rstrip() + CUT
