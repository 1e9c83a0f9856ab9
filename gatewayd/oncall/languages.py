"""The languages that people are read and written to in. Pure."""

from __future__ import annotations

ENGLISH = "en"
LANGUAGES = (ENGLISH, "cy", "de", "fr", "es", "pl", "zh")


def language_of(tag: str) -> str:
    """The table that serves a tag ("de-AT"); English where there is none."""
    base = tag.partition("-")[0].lower()
    return base if base in LANGUAGES else ENGLISH
