"""Skills: among those on call, whoever can do what the service needs comes first. Pure.

The service decides the policy; this only moves its steps. Nobody is left out: who has not the skill is paged in a later
step, and where nobody has it the policy stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gatewayd.oncall.directory import Person, Policy, Service, Step

Members = Callable[[tuple[str, ...]], tuple[str, ...]]
Skills = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The policy as it runs, and why in this order."""

    policy: Policy
    reason: str


def arranged(policy: Policy, needs: Sequence[str], members: Members, skills: Skills) -> Arranged:
    """Steps in which somebody has more of what is needed go before the others; else the order stays."""

    def had(name: str) -> int:
        return sum(need in skills(name) for need in needs)

    def best(step: Step) -> int:
        return max((had(name) for name in members(step.page)), default=0)

    steps = tuple(sorted(policy.steps, key=best, reverse=True))
    most = best(steps[0])
    wanted = ", ".join(needs)
    if not most:
        return Arranged(policy, f"nobody on call has {wanted}: whoever is on call is paged")
    able = [name for name in members(steps[0].page) if had(name) == most]
    shared = ", ".join(need for need in needs if need in skills(able[0]))
    moved = "" if steps == policy.steps else ", and is paged first"
    return Arranged(policy.model_copy(update={"steps": steps}), f"{able[0]} has {shared}{moved}")


def faults(people: Sequence[Person], services: Sequence[Service]) -> list[tuple[tuple[str | int, ...], str]]:
    """Skills that are needed and that nobody has."""
    there = {skill for person in people for skill in person.skills}
    return [
        (("services", i, "needs", k), f"nobody has the skill '{need}'")
        for i, service in enumerate(services)
        for k, need in enumerate(service.needs)
        if need not in there
    ]
