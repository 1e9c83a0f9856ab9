"""SIGKILL around every step of +CMGS, of a submit_sm and of a TAP block, in short; `make crash` is the long form.

Side by side, four at a time: most of their time is patience.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.real import crash_bureau, crash_cases
from tests.real.crash_bureau import BureauTrial
from tests.real.crash_cases import ModemTrial
from tests.real.crash_trial import Verdict


def test_nothing_is_lost_and_no_repeat_is_silent(tmp_path: Path) -> None:
    all_good(ModemTrial, crash_cases.short_cases(), tmp_path)


def test_nothing_is_lost_at_a_bureau_and_no_repeat_is_silent(tmp_path: Path) -> None:
    all_good(BureauTrial, crash_bureau.short_cases(), tmp_path)


def all_good(trial: Any, cases: Sequence[Any], directory: Path) -> None:
    def tried(number: int) -> Verdict:
        home = directory / str(number)
        home.mkdir()
        verdict: Verdict = trial(cases[number], home).run()
        return verdict

    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(tried, range(len(cases))))
    assert [(v.case.name, v.kills) for v in verdicts] == [(case.name, case.kills) for case in cases]
    bad = [verdict for verdict in verdicts if verdict.problems]
    assert not bad, "\n".join(f"{v.case.name}: {v.problems}\n{v.evidence}" for v in bad)
