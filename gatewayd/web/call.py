"""One request on its way through a handler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from gatewayd.intake import jsontext
from gatewayd.intake.faults import Fault, IntakeError, from_validation
from gatewayd.store.tokens import Token
from gatewayd.web.bodies import Bodies, Held
from gatewayd.web.doors import Doors
from gatewayd.web.keyring import Keyring
from gatewayd.web.problems import Problem, answer, unauthorized

Model = TypeVar("Model", bound=BaseModel)


@dataclass(slots=True)
class Call:
    """What a handler needs: who asks, for what, and the doors to the house."""

    doors: Doors
    keyring: Keyring
    bodies: Bodies
    request: web.BaseRequest
    token: Token
    argument: str  # the {...} of the path
    held: Held

    async def body(self, bytes_max: int | None = None) -> bytes:
        """All of it, within the limit of the house or a smaller one. Raises Problem: 401 for a token that is gone."""
        body = await self.bodies.take(self.request, self.held, bytes_max)
        if self.token.id and not self.keyring.still_good(self.token):
            raise unauthorized(told_one=True)
        return body

    async def read(self, model: type[Model]) -> Model:
        """The body as `model`; an empty one as {}. Raises IntakeError naming the fields."""
        return parsed(model, await self.body() or b"{}")

    def query(self, model: type[Model]) -> Model:
        """The parameters of the URL as `model`."""
        query = self.request.rel_url.query
        given = dict(query)
        if len(given) != len(query):
            raise IntakeError(Fault("", "a parameter is given twice"))
        try:
            return model.model_validate(given)
        except ValidationError as error:
            raise from_validation(error, model) from None

    def number(self, what: str) -> int:
        """The id in the path. Raises Problem 404 when it is none."""
        if self.argument.isascii() and self.argument.isdigit() and len(self.argument) <= 16:
            return int(self.argument)
        raise self.unknown(what)

    def unknown(self, what: str) -> Problem:
        return Problem(404, "not_found", f"there is no {what} '{self.argument[:80]}'")

    def now(self) -> int:
        return self.doors.clock.now()

    def answer(self, content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
        return answer(status, content, headers)


def parsed(model: type[Model], body: bytes) -> Model:
    """The body as `model`. Raises IntakeError naming the fields."""
    try:
        return model.model_validate(jsontext.read(body))
    except ValidationError as error:
        raise from_validation(error, model) from None
