"""SIGKILL around every step of +CMGS, of a submit_sm and of a TAP block, in short; `make crash` is the long form."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.real import crash_bureau, crash_cases
from tests.real.crash_bureau import BureauTrial
from tests.real.crash_cases import Case, ModemTrial
from tests.real.crash_trial import Verdict


@pytest.mark.parametrize("case", crash_cases.short_cases(), ids=lambda case: case.name)
def test_nothing_is_lost_and_no_repeat_is_silent(case: Case, tmp_path: Path) -> None:
    _good(ModemTrial(case, tmp_path).run())


def test_nothing_is_lost_at_a_bureau_and_no_repeat_is_silent(tmp_path: Path) -> None:
    """Side by side, four at a time: most of their time is patience."""

    def tried(case: crash_bureau.Case) -> Verdict:
        home = tmp_path / str(cases.index(case))
        home.mkdir()
        return BureauTrial(case, home).run()

    cases = crash_bureau.short_cases()
    with ThreadPoolExecutor(4) as pool:
        for verdict in pool.map(tried, cases):
            _good(verdict)


def _good(verdict: Verdict) -> None:
    assert verdict.kills == verdict.case.kills
    assert not verdict.problems, f"{verdict.case.name}: {verdict.problems}\n{verdict.evidence}"
