"""Zones as calendars name them: by the time zone database, with somebody's prefix before it, or as Windows does."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gatewayd.oncall.civil import zone_named

# The commonest; the rest is left out with a sentence rather than guessed.
WINDOWS = {
    "utc": "UTC",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "w. europe standard time": "Europe/Berlin",
    "romance standard time": "Europe/Paris",
    "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw",
    "gtb standard time": "Europe/Bucharest",
    "fle standard time": "Europe/Kiev",
    "turkey standard time": "Europe/Istanbul",
    "russian standard time": "Europe/Moscow",
    "israel standard time": "Asia/Jerusalem",
    "south africa standard time": "Africa/Johannesburg",
    "arabian standard time": "Asia/Dubai",
    "india standard time": "Asia/Kolkata",
    "singapore standard time": "Asia/Singapore",
    "china standard time": "Asia/Shanghai",
    "tokyo standard time": "Asia/Tokyo",
    "aus eastern standard time": "Australia/Sydney",
    "new zealand standard time": "Pacific/Auckland",
    "atlantic standard time": "America/Halifax",
    "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "pacific standard time": "America/Los_Angeles",
    "e. south america standard time": "America/Sao_Paulo",
}


def zone_of(name: str) -> ZoneInfo | None:
    """The zone, or None where the name says nothing."""
    name = name.strip()[:200]
    parts = name.strip("/").split("/")
    for form in (WINDOWS.get(name.casefold(), name), "/".join(parts[-2:]), "/".join(parts[-3:])):
        try:
            return zone_named(form)
        except ValueError:
            continue
    return None
