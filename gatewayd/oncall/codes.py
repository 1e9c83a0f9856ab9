"""Codes of incidents: two digits, the same for everybody, three and four when those run out. Pure."""

from __future__ import annotations


def pool() -> list[tuple[str, int]]:
    """All codes with their number of digits, in the order in which fresh ones are given.

    Neighbours in time differ in more than one digit, so that a slip of the thumb hits nobody else's incident.
    """
    two = [(str(10 + 37 * n % 90), 2) for n in range(90)]
    three = [(str(100 + 371 * n % 900), 3) for n in range(900)]
    four = [(str(1000 + 3701 * n % 9000), 4) for n in range(9000)]
    return two + three + four
