"""What a benchmark returns: figures with what they shall reach, and the floor that even a busy machine holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """`reach` is the aim; `floor` only tells that something is badly broken."""

    label: str
    value: float
    unit: str
    reach: float | None = None
    floor: float | None = None
    better: Literal["more", "less"] = "less"

    def holds(self, bound: float | None) -> bool:
        if bound is None:
            return True
        return self.value >= bound if self.better == "more" else self.value <= bound

    @property
    def reached(self) -> bool:
        return self.holds(self.reach)

    def __str__(self) -> str:
        shown = _shown(self.value)
        label = f"{self.label} " if self.label else ""
        unit = f" {self.unit}" if self.unit else ""
        missed = "" if self.reached else f" (missed: {_shown(self.reach or 0)})"
        return f"{label}{shown}{unit}{missed}"


def _shown(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3f}" if 0.1 <= abs(value) < 2 else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Run:
    """How a benchmark is to be run. `short`: the quick form; `profile`: a directory for profiles of the daemon."""

    short: bool = False
    profile: Path | None = None

    def profile_of(self, name: str) -> Path | None:
        return (self.profile / f"{name}.prof").resolve() if self.profile else None


Benchmark = Callable[[Run], list[Figure]]
