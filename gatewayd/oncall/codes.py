"""Codes of incidents: two digits, the same for everybody, three when two run out. Pure."""

from __future__ import annotations

from collections.abc import Collection

TWO = tuple(str(10 + 37 * n % 90) for n in range(90))  # neighbours in time differ in both digits
THREE = tuple(str(100 + 371 * n % 900) for n in range(900))


def next_code(held: Collection[str], last: str | None) -> str:
    """The next free code after `last` in a fixed round, so that a code comes back as late as possible.

    `held` are the codes of open incidents and of those closed within 24 h.
    """
    taken = set(held)
    for pool in (TWO, THREE):
        start = pool.index(last) + 1 if last in pool else 0
        free = next((code for code in (*pool[start:], *pool[:start]) if code not in taken), None)
        if free is not None:
            return free
    number = 1000
    while str(number) in taken:
        number += 1
    return str(number)
