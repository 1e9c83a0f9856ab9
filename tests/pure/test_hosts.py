"""A page says which machine it speaks of, once, and where its reader does not read it anyhow."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd import text
from gatewayd.model import Severity
from gatewayd.oncall import answers, hosts, wording
from gatewayd.oncall.languages import LANGUAGES
from tests.chance import examples

WORDS = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("labels", "host"),
    [
        ({"instance": "db1.example:9100", "pod": "x-7d9f"}, "db1.example"),
        ({"instance": "edge2"}, "edge2"),
        ({"instance": "192.0.2.7:161"}, "192.0.2.7"),
        ({"instance": "[2001:db8::7]:9100"}, "2001:db8::7"),
        ({"instance": "2001:db8::7"}, "2001:db8::7"),
        ({"instance": "https://shop.example:8443/health"}, "https://shop.example:8443/health"),
        ({"instance": "localhost:9090", "node": "k8s-3"}, "k8s-3"),
        ({"host": "db1", "hostname": "other", "instance": "exporter:9100"}, "db1"),
        ({"hostname": "db1", "instance": "exporter:9100"}, "db1"),
        ({"device": "eth0", "pod": "web-1"}, "eth0"),
        ({"host": "  "}, ""),
        ({"host": "\u200b"}, ""),
        ({"alertname": "DiskFull"}, ""),
        ({"host": "x" * 300}, "x" * 37 + "..."),
    ],
    ids=["port", "plain", "ipv4", "ipv6 port", "ipv6", "url", "localhost", "host first", "hostname", "device", "blank",
         "unseen", "none", "long"],
)  # fmt: skip
def test_the_first_label_that_says_where(labels: dict[str, str], host: str) -> None:
    assert hosts.host_of(labels) == host


@pytest.mark.parametrize(
    ("found", "service", "summary", "told"),
    [
        (["db1"], "db", "Disk 95% full", "db1"),
        (["db1", "db2", "db1", "db3"], "db", "Disk 95% full", "db1 +2"),
        (["db1"], "db", "DB1: disk 95% full", ""),
        (["db1.example"], "db", "db1 95% full", ""),
        (["db1"], "db", "db10 95% full", "db1"),
        (["web.prod.example"], "web", "down", "web.prod.example"),
        (["db1"], "db1", "down", ""),
        ([""], "db", "down", ""),
        ([f"db{n}" for n in range(hosts.READ_MAX + 1)], "db", "down", "db0"),
        (["серв1"], "db", "down", ""),
        (["серв1"], "db", "диск", "серв1"),
    ],
    ids=["one", "three", "said", "said by its first label", "db10", "web of two", "the service", "none", "many",
         "another alphabet", "the same alphabet"],
)  # fmt: skip
def test_what_the_page_does_not_say_yet(found: list[str], service: str, summary: str, told: str) -> None:
    assert hosts.named([{"host": host} for host in found], service=service, summary=summary) == told


def page(service: str, summary: str, host: str, *, segments_max: int = 1) -> str:
    return wording.page("42", Severity.ERROR, service, summary, alerts=1, segments_max=segments_max, host=host)


def test_it_stands_behind_the_service_and_the_summary_gives_way() -> None:
    assert page("db", "Disk 95% full", "db1 +2") == "42 ERROR db db1 +2: Disk 95% full. Reply ok 42"
    assert page("db", "x" * 400, "db1.example") == f"42 ERROR db db1.example: {'x' * 119}.... Reply ok 42"


@examples(150)
@given(WORDS, WORDS, st.lists(st.dictionaries(st.sampled_from(hosts.NAMES), WORDS), max_size=30), st.integers(1, 10))
def test_whatever_the_labels_are_it_fits_and_can_be_answered(
    service: str, summary: str, labels: list[dict[str, str]], segments_max: int
) -> None:
    host = hosts.named(labels, service=service[:80], summary=summary)
    words = page(service[:80], summary, host, segments_max=segments_max)
    assert len(text.fit(words, segments_max=255).segments) <= segments_max
    assert words.startswith("42 ERROR ") and words.endswith(". Reply ok 42") and words.splitlines() == [words]
    if not host:
        assert words == page(service[:80], summary, "", segments_max=segments_max)


OPEN = [("10", "Disk 95% full"), ("12", "Fan is slow"), ("13", "Battery is old")]


def test_a_list_and_the_news_of_what_joined_name_the_machines_as_far_as_there_is_room() -> None:
    listed = [(code, summary, "") for code, summary in OPEN]
    where = ["db1", "", "ups7.example +2"]
    assert answers.listing(listed, hosts=where, segments_max=1) == (
        "10 db1: Disk 95% full; 12 Fan is slow; 13 ups7.example +2: Battery is old. Reply ok 10"
    )
    assert wording.digest(OPEN, hosts=["db1", "x" * 140], segments_max=1) == (
        "3 open: 10 db1: Disk 95% full; 12 Fan is slow; 13 Battery is old. Reply ok 10"
    )
    joined = partial(wording.joined, "10", Severity.CRITICAL, alerts=3, segments_max=1)
    assert joined("Disk 95% full", host="db1") == "10 also CRITICAL db1: Disk 95% full (+2 more)"
    assert joined("x" * 300, host="db1") == joined("x" * 300), "it takes nothing from the words"


@pytest.mark.parametrize("language", LANGUAGES)
@examples(60)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=9), st.integers(1, 4))
def test_with_names_of_machines_a_text_is_no_longer_and_tells_of_as_many(
    language: str, found: list[tuple[str, str]], segments_max: int
) -> None:
    rows = [(f"{10 + n}", summary) for n, (_, summary) in enumerate(found)]
    where = [hosts.named([{"host": host}], service="", summary=summary) for host, summary in found]
    entries = [(code, summary, "") for code, summary in rows]
    for bare, told in (
        (wording.digest(rows, language, segments_max=segments_max),
         wording.digest(rows, language, hosts=where, segments_max=segments_max)),
        (answers.listing(entries, language=language, segments_max=segments_max),
         answers.listing(entries, hosts=where, language=language, segments_max=segments_max)),
    ):  # fmt: skip
        sizes = [len(text.fit(words, segments_max=255).segments) for words in (bare, told)]
        assert sizes[1] <= sizes[0]
        assert len(told) >= len(bare) and told[-8:] == bare[-8:]
