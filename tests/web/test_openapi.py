"""The served document is whole, and what is served is what it says (checked by schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from jsonschema_rs import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from gatewayd.web import openapi
from gatewayd.web.routes import ROUTES
from tests.chance import examples
from tests.web.front import ANNA, Front
from tests.web.threaded import Caller, running

CHECKS = [
    not_a_server_error, content_type_conformance, ignored_auth, negative_data_rejection, response_headers_conformance,
    response_schema_conformance, status_code_conformance, unsupported_method,
]  # fmt: skip


async def test_the_document_names_every_public_door_and_no_other(house: Front) -> None:
    status, document, _ = await house.ask("GET", "/api/openapi.json", token=None)
    assert status == 200
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(route.method, route.path) for route in ROUTES if not route.local}
    assert set(openapi.DOCS) == {route.name for route in ROUTES if not route.local}


async def test_every_schema_is_a_schema_and_every_reference_leads_somewhere(house: Front) -> None:
    _, document, _ = await house.ask("GET", "/api/openapi.json")
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator(schema | {"components": document["components"]})

    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    assert {reference.rsplit("/", 1)[1] for reference in references(document)} == set(schemas)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A house with something in every list."""
    with running(tmp_path_factory.mktemp("openapi")) as house:
        caller = Caller(house.url)
        for number in range(3):
            body = {"key": f"k{number}", "summary": "s", "details": {"a": 1}}
            assert caller.json("POST", "/api/v1/alerts", body)[0] == 202
            assert caller.json("POST", "/api/v1/messages", {"to": ANNA, "text": "x"})[0] == 202
            away = {"kind": "absence", "person": "anna", "since": "now", "until": f"+{number + 1}d"}
            assert caller.json("POST", "/api/v1/changes", away)[0] == 201
        caller.close()
        yield house


schemathesis.serializer.alias("text/calendar", "text/plain")
schema = schemathesis.openapi.from_dict(openapi.document(ROUTES))
refusals = schema.config.checks.negative_data_rejection
refusals.expected_statuses = [*refusals.expected_statuses, "413"]  # so many that the body is too large


@schema.parametrize()
@settings(
    examples(20),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_what_is_served_is_what_the_document_says(case: Any, furnished: Front) -> None:
    case.call_and_validate(base_url=furnished.url, headers={"Authorization": "Bearer gw_all"}, checks=CHECKS)
