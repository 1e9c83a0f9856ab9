"""Which machine a page speaks of, by the labels or details of its alerts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gatewayd import text

NAMES = ("host", "hostname", "instance", "node", "device", "pod", "source")  # "source" as PagerDuty's events have it
READ_MAX = 20  # alerts of one incident that are looked at
CHARACTERS_MAX = 40
LISTED_MAX = 20  # incidents of a list whose machines are looked up: a text has no room for more
_PORT = re.compile(r"(\[[^\[\]]+\]|[^:/\[\]]+):\d{1,5}")
_NOBODY = re.compile(r"localhost|127(\.\d+){3}|::1|0\.0\.0\.0", re.IGNORECASE)  # says nothing about where
_SHORT = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9_-]+", re.IGNORECASE)  # "db1" of db1.example; "web" may be of several


def host_of(labels: Mapping[str, str]) -> str:
    """The first of NAMES that says which machine; without its port. "" = none does."""
    for name in NAMES:
        told = " ".join(labels.get(name, "").split())
        if ported := _PORT.fullmatch(told):
            told = ported[1].strip("[]")
        if told and told.isprintable() and text.visible(told) and not _NOBODY.fullmatch(told):
            return told if len(told) <= CHARACTERS_MAX else told[: CHARACTERS_MAX - 3].rstrip() + "..."
    return ""


def named(alerts: Sequence[Mapping[str, str]], *, service: str, summary: str) -> str:
    """What a page says of the machines of these alerts: `db1`, or `db1 +2`; nothing that it says anyhow.

    The alert that the summary is of comes first. More than READ_MAX are not counted: the page has their number. A name
    that would put the page into another alphabet is left out.
    """
    hosts = list(dict.fromkeys(filter(None, map(host_of, alerts[:READ_MAX]))))
    if not alerts or not (first := host_of(alerts[0])) or says(f"{service} {summary}", first):
        return ""
    if text.gsm7_septets(first) is None and text.gsm7_septets(service + summary) is not None:
        return ""
    more = len(hosts) - 1 if len(alerts) <= READ_MAX else 0
    return f"{first} +{more}" if more else first


def says(words: str, host: str) -> bool:
    """Whether the name stands in the words, whole or by its first label: not db1 in db10."""
    label = host.split(".", maxsplit=1)[0]
    told = [host, label] if _SHORT.fullmatch(label) else [host]
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words, re.IGNORECASE) for name in told)
