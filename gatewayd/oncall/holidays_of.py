"""Public holidays of a country or a part of it, by the `holidays` library; the one place that knows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType


class UnknownPlaceError(ValueError):
    """The library knows no public holidays of this place; the text says what it knows instead."""


@lru_cache(maxsize=512)
def public_holidays(place: str, year: int) -> Mapping[date, str]:
    """Day -> name, of "GB" or "GB-ENG", substitute days included. Raises UnknownPlaceError."""
    import holidays  # late: it takes a tenth of a second, and most commands ask for none

    country, _, part = place.partition("-")
    try:
        # With a language it does not have, or none, the library looks at the machine's locale: name the country's own.
        found = holidays.country_holidays(country, subdiv=part or None, years=year, language=_language(country))
    except (NotImplementedError, KeyError, ValueError) as error:
        raise UnknownPlaceError(_known(country, part)) from error
    return MappingProxyType(dict(sorted((day, name) for day, name in found.items() if day.year == year)))


@cache
def _language(country: str) -> str | None:
    import holidays

    return holidays.country_holidays(country).default_language


def _known(country: str, part: str) -> str:
    import holidays

    parts = holidays.list_supported_countries(include_aliases=False).get(country)
    if parts is None:
        return f"no public holidays are known for '{country}': write a country as GB, or its part as GB-ENG"
    if not parts:
        return f"{country} has no parts with holidays of their own: write '{country}' alone"
    return f"no part '{part}' of {country} is known; there are {', '.join(parts)}"
