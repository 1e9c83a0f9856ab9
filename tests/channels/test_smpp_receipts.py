"""Receipts by SMPP: in every form that bureaus write, each finds its page, and is answered after it is on disk."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gatewayd.channels.contract import Receipt
from gatewayd.delivery.outcome import Accepted, Refused
from gatewayd.delivery.receipts import Tried, match_likely
from gatewayd.model import AttemptState
from tests.channels.smpp_street import ANNA, BEN, Block, live, until

STYLES = [
    "standard",
    "no-parameters",
    "id-only",
    "state-only",
    "with-error",
    "parameters-only",
    "id-without-nul",
    "reordered",
    "few-keys",
    "bare",
    "no-text",
    "upper-keys",
    "title-keys",
    "seconds",
    "century",
    "short-err",
    "long-err",
    "hex-err",
    "spaced",
    "lines",
    "extra",
    "hex-id",
    "HEX-id",
    "dec-id",
    "padded-id",
    "quoted-id",
    "upper-id",
    "lower-id",
    "payload",
    "vendor-words",
    "by-data-sm",
    "plain-class",
    "comma",
    "mixed",
]
NAMELESS = {"comma"}  # they name no message, only its number and times


def owner(receipt: Receipt, sent: dict[str, str]) -> str | None:
    """Which page the house would book it to: `sent` are references and texts of pages that were accepted."""
    tried = [
        Tried(number, number, receipt.recipient, AttemptState.ACCEPTED, reference, None, number, 10**18, text=text)
        for number, (reference, text) in enumerate(sent.items())
    ]
    found = match_likely(receipt.references, receipt.recipient, tried, ())
    return found.attempt.text if found.attempt is not None else None


@pytest.mark.parametrize("style", STYLES)
def test_every_form_of_a_receipt_finds_its_page(style: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        done = [await block.send() for _ in range(25 if style == "mixed" else 3)]
        sent = {}
        for number, outcome in enumerate(done, 1):
            assert isinstance(outcome, Accepted)
            sent[outcome.reference or ""] = block.text(number)
        await until(lambda: len(block.house.receipts) + len(block.house.texts) == len(done))
        nameless = [receipt for receipt in block.house.receipts if not receipt.references]
        assert not nameless or style in ("mixed", *NAMELESS)
        assert all(receipt.sent_at for receipt in nameless), "what tells which one is meant"
        named = [receipt for receipt in block.house.receipts if receipt.references]
        owners = [owner(receipt, sent) for receipt in named]
        assert None not in owners
        assert len(set(owners)) == len(named)
        assert {(receipt.kind, receipt.recipient) for receipt in named} <= {("delivered", ANNA)}
        if style not in ("mixed", *NAMELESS):
            assert len(named) == len(done)

    live(story, centre={"receipt_style": style}, receipts_by_text=style in ("plain-class", "mixed"))


FORMS = ["hex", "HEX", "dec", "padded", "uuid", "dashed", "long"]


@pytest.mark.parametrize(
    ("form", "style", "ids"),
    [
        *((form, "standard", "auto") for form in FORMS),
        *((form, "no-parameters", "exact") for form in FORMS),
        *((form, "no-parameters", "strip") for form in FORMS),
        ("hex", "dec-id", "auto"),
        ("hex", "dec-id", "answer-hex"),
        ("HEX", "dec-id", "answer-hex"),
        ("dec", "hex-id", "auto"),
        ("dec", "hex-id", "receipt-hex"),
        ("dec", "HEX-id", "receipt-hex"),
        ("padded", "dec-id", "auto"),
        ("padded", "dec-id", "strip"),
        ("dec", "padded-id", "strip"),
        ("hex", "upper-id", "strip"),
        ("HEX", "lower-id", "strip"),
        ("uuid", "upper-id", "auto"),
        ("hex", "quoted-id", "strip"),
    ],
)
def test_an_id_is_known_again_however_it_is_written(form: str, style: str, ids: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        sent = {}
        for number in range(1, 13):
            words = f"page {number:02} of many, disk full"
            outcome = await block.send(recipient=ANNA if number % 2 else BEN, segment=words)
            assert isinstance(outcome, Accepted)
            sent[outcome.reference or ""] = words
        await until(lambda: len(block.house.receipts) == 12)
        owners = [owner(receipt, sent) for receipt in block.house.receipts]
        assert owners == [text for receipt in block.house.receipts for text in sent.values() if receipt.quotes in text]

    live(story, centre={"message_ids": form, "receipt_style": style}, ids=ids)


def test_numbers_that_mean_one_thing_in_decimal_and_another_in_hexadecimal() -> None:
    """The bureau answers "c" and "12" in hexadecimal; its receipts for both are decimal: "12" and "18"."""
    texts = {"c": "PROD 42 disk full, page 0001.", "12": "PROD 17 link down, page 0002."}
    for said, quotes, meant in (("12", "PROD 42 disk full, p", "c"), ("18", "PROD 17 link down, p", "12")):
        keys = {"12": ("12", "c", "18"), "18": ("18", "12", "24")}[said]
        receipt = Receipt("n", "s", said, ANNA, 2, None, None, "", "delivered", keys, None, quotes)
        tried = [
            Tried(number, number, ANNA, AttemptState.ACCEPTED, reference, None, number, 10**18, text=text)
            for number, (reference, text) in enumerate(texts.items())
        ]
        found = match_likely(receipt.references, receipt.recipient, tried, (), quotes=receipt.quotes)
        assert found.attempt is not None
        assert found.attempt.reference == meant


def kinds(block: Block) -> list[str | None]:
    return [receipt.kind for receipt in block.house.receipts]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"when": "early"}, ["delivered"]),
        ({"when": "twice"}, ["delivered", "delivered"]),
        ({"when": "never"}, []),
        ({"when": "normal", "delay_s": 40}, ["delivered"]),
        ({"states": ["ENROUTE", "DELIVERED"]}, ["pending", "delivered"]),
        ({"states": ["ACCEPTED", "ENROUTE", "UNDELIVERABLE"]}, ["pending", "pending", "failed"]),
        ({"states": ["EXPIRED"]}, ["gave_up"]),
        ({"states": ["DELETED"]}, ["gave_up"]),
        ({"states": ["REJECTED"]}, ["failed"]),
        ({"states": ["UNKNOWN"]}, ["forwarded"]),
        ({"id": "unknown"}, ["delivered"]),
    ],
)
@pytest.mark.parametrize("style", ["standard", "no-parameters", "parameters-only"])
def test_what_a_receipt_says_and_when(options: dict[str, Any], expected: list[str], style: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("receipt", times=1, **options)
        outcome = await block.send()
        assert isinstance(outcome, Accepted)
        await asyncio.sleep(100)
        assert kinds(block) == expected
        for receipt in block.house.receipts:
            assert (outcome.reference in receipt.references) == (options.get("id") != "unknown")
        assert not block.entries("unanswered")
        assert not block.texts()
        await block.works()

    live(story, centre={"receipt_style": style}, intermediate=True)


def test_a_receipt_whose_id_is_empty_says_whose_text_it_was_and_when() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("receipt", times=1, id="empty", style="no-parameters")
        await block.send()
        await until(lambda: block.house.texts or block.house.receipts)
        assert block.house.texts == []
        receipt = block.house.receipts[0]
        assert (receipt.recipient, receipt.references, receipt.kind) == (ANNA, (), "delivered")
        assert receipt.sent_at
        assert receipt.quotes

    live(story)


def test_a_receipt_after_the_connection_is_another_one() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("receipt", times=1, when="after_reconnect")
        outcome = await block.send()
        await asyncio.sleep(5)
        block.fault("drop")
        await until(lambda: kinds(block) == ["delivered"], within_s=30)
        assert isinstance(outcome, Accepted)
        assert outcome.reference in block.house.receipts[0].references

    live(story)


@pytest.mark.parametrize("bind", ["any", "same", "other"])
@pytest.mark.parametrize("mode", ["transceiver", "transmitter and receiver"])
def test_a_receipt_on_another_bind(bind: str, mode: str) -> None:
    async def story(block: Block) -> None:
        await until(lambda: len(block.entries("bind")) == 2)
        await asyncio.sleep(0.1)
        done = [await block.send() for _ in range(10)]
        await until(lambda: len(block.house.receipts) == 10, within_s=30)
        names = {outcome.reference for outcome in done if isinstance(outcome, Accepted)}
        assert {receipt.reference for receipt in block.house.receipts} == names

    binds = 2 if mode == "transceiver" else 1
    live(story, centre={"receipt_bind": bind, "binds_max": 4}, bind=mode, binds=binds)


def test_an_orphan_is_kept_and_answered() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("orphan_receipt", message_id="nobodys", state="DELIVERED", number=ANNA)
        await until(lambda: block.entries("handed"))
        assert block.house.receipts[0].references == ("nobodys",)

    live(story)


@pytest.mark.parametrize("carrier", ["deliver_sm", "data_sm"])
def test_nothing_is_answered_before_it_is_on_disk(carrier: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        gate = asyncio.Event()
        block.house.before_commit = lambda: gate.wait()  # type: ignore[assignment, return-value]
        await block.send()
        await until(lambda: block.shown())
        block.anna.reply("ok 42")
        await asyncio.sleep(5)
        assert block.entries("handed") == []
        assert isinstance(await block.send(), Accepted)
        gate.set()
        await until(lambda: len(block.entries("handed")) >= 3)
        assert len(block.house.receipts) == 2
        assert block.texts() == ["ok 42"]

    live(story, centre={"mo_by": carrier, "receipt_style": "by-data-sm" if carrier == "data_sm" else "standard"})


def test_what_could_not_be_kept_comes_again() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        fails = True

        async def commit() -> None:
            if fails:
                raise OSError("disk full")

        block.house.before_commit = commit
        await block.send()
        await until(lambda: block.shown())
        block.anna.reply("ok 42")
        await asyncio.sleep(25)
        assert block.entries("handed") == []
        assert block.house.receipts == []
        fails = False
        await until(lambda: block.house.receipts and block.texts() == ["ok 42"], within_s=60)
        await asyncio.sleep(100)
        assert len(block.house.receipts) == 1
        assert [entry["tries"] for entry in block.entries("handed")] == [4, 4]
        assert block.entries("turned_away") == []

    live(story)


def test_a_house_that_is_slow_does_not_hold_up_the_pages() -> None:
    async def story(block: Block) -> None:
        await block.ready()

        async def commit() -> None:
            await asyncio.sleep(5)

        block.house.before_commit = commit
        began = asyncio.get_running_loop().time()
        done = await block.gives(100)
        assert asyncio.get_running_loop().time() - began < 2
        assert all(isinstance(outcome, Accepted | Refused) for _, outcome in done)
        await until(lambda: len(block.house.receipts) == 100, within_s=200)

    live(story)
