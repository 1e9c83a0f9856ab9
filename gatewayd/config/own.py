"""What `[self_report]` and `[heartbeat]` say of people and policies, checked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatewayd.config.lines import KeyPath
from gatewayd.delivery.own_troubles import SelfReportSettings
from gatewayd.model import OWN_SERVICE
from gatewayd.oncall.alive import HeartbeatSettings
from gatewayd.oncall.directory import Person, Policy, Service


def own_amiss(
    report: SelfReportSettings, heartbeat: HeartbeatSettings, policies: Sequence[Policy], services: Sequence[Service],
    people: Sequence[Person],
) -> Iterator[tuple[KeyPath, str]]:  # fmt: skip
    """Whoever is named must be there."""
    if report.policy is not None:
        if report.policy not in [policy.name for policy in policies]:
            yield ("self_report", "policy"), f"no policy '{report.policy}'"
        if any(service.name == OWN_SERVICE and service.policy != report.policy for service in services):
            yield ("self_report", "policy"), f"the service '{OWN_SERVICE}' runs another policy: name it in one place"
    if heartbeat.text_to is not None and heartbeat.text_to not in [person.name for person in people]:
        yield ("heartbeat", "text_to"), f"no person '{heartbeat.text_to}'"


def with_own_service(services: tuple[Service, ...], report: SelfReportSettings) -> tuple[Service, ...]:
    """What is wrong with us is an incident of this service."""
    if report.policy is None or any(service.name == OWN_SERVICE for service in services):
        return services
    return (*services, Service(name=OWN_SERVICE, policy=report.policy))
