"""A text whose answer was lost, beside one to the same pager whose report is still to come: whose a report is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.bureau_by_hand import Lodge, Submitted, play
from tests.scenarios.test_bureau_receipts import BEN, OFFICE

OWN_FORM = "id:{} stat:DELIVRD err:000"
PATIENT = "[delivery]\npatience_normal_s = 120\n"


async def one_of_two_in_doubt(lodge: Lodge) -> None:
    """The first is not answered, the second is "55"."""

    def answer(text: Submitted) -> None:
        if "first" not in text.text or "(rpt)" in text.text:
            text.answer("55" if "second" in text.text else "77")

    lodge.bureau.answering = answer
    await lodge.send(BEN, "the first of them")
    await lodge.pass_time(70)
    await lodge.send(BEN, "and the second")
    await lodge.pass_time(1)
    assert [await lodge.state(n) for n in (1, 2)] == ["in_doubt", "sent"]


@pytest.mark.parametrize("ids", ["auto", "exact"])
@pytest.mark.parametrize("text", ["", " text:"])
def test_a_report_that_may_be_of_a_text_that_was_taken_settles_no_doubt(tmp_path: Path, ids: str, text: str) -> None:
    """The bureau writes the name of the second in a way of its own, and the first was lost: it goes again."""

    async def story(lodge: Lodge) -> None:
        await one_of_two_in_doubt(lodge)
        lodge.bureau.call.deliver(BEN, OWN_FORM.format("55-1") + text, esm=4)
        await lodge.pass_time(1)
        assert [await lodge.state(n) for n in (1, 2)] == ["in_doubt", "sent"]
        await lodge.pass_time(60)
        assert [text.text for text in lodge.bureau.texts][2:] == ["(rpt) the first of them"]

    play(tmp_path, story, **OFFICE, settings=f'ids = "{ids}"', config=PATIENT)


def test_it_is_settled_when_the_other_has_its_own_report(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        await one_of_two_in_doubt(lodge)
        lodge.bureau.call.deliver(BEN, OWN_FORM.format("54"), esm=4)
        await lodge.pass_time(1)
        assert [await lodge.state(n) for n in (1, 2)] == ["in_doubt", "sent"]
        lodge.bureau.call.deliver(BEN, OWN_FORM.format("55"), esm=4)
        await lodge.pass_time(1)
        assert [await lodge.state(n) for n in (1, 2)] == ["delivered", "delivered"]
        await lodge.pass_time(120)
        assert len(lodge.bureau.texts) == 2, "nothing went twice"

    play(tmp_path, story, **OFFICE, config=PATIENT)


def test_words_say_whose_it_is_at_once(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        await one_of_two_in_doubt(lodge)
        lodge.bureau.call.receipt(BEN, "54", text="the first of them")
        await lodge.pass_time(1)
        assert [await lodge.state(n) for n in (1, 2)] == ["delivered", "sent"]

    play(tmp_path, story, **OFFICE, config=PATIENT)
