"""What the house asks of its memory: plain functions of a transaction, and the promise that their return is on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
E = TypeVar("E")
T = TypeVar("T")
Values = dict[str, Any] | tuple[Any, ...]


class Row(Protocol):
    """One row; columns by name."""

    def __getitem__(self, name: str, /) -> Any: ...

    def keys(self) -> Iterable[str]: ...


class StoreError(Exception):
    """The store could not keep what it was given; nothing of the failed function remains."""


class StoreFull(StoreError):
    """No room (or a read-only disk): nothing new can be taken in."""


class Reader(Protocol):
    """Reads by SQL with :name parameters."""

    def one(self, sql: str, **values: Any) -> Row | None: ...

    def all(self, sql: str, **values: Any) -> list[Row]: ...


class Tx(Reader, Protocol):
    """One transaction. Functions of it are plain, quick and re-runnable: no await, no effect but SQL.

    Everything else that must happen goes through `after_commit`, which runs only when all is on disk. `notes` may keep
    what a function knows of the newest rows (the journal's last hash): it vanishes with every rollback.
    """

    notes: dict[str, Any]

    def run(self, sql: str, **values: Any) -> int:
        """Execute; returns the number of rows changed."""

    def run_many(self, sql: str, rows: Sequence[Values]) -> None:
        """Execute it with each of the rows: of :name parameters, or of ? in their order, which costs a third less."""

    def new_id(self, name: str) -> int:
        """The next id of that kind, from 1; never given twice once committed."""

    def after_commit(self, effect: Callable[[], None]) -> None: ...


class Store(Protocol):
    """Law 5: `write` returns after the fsync. Raises StoreFull/StoreError, or whatever the function raised."""

    busy_since: float | None  # monotonic; the commit that runs now began then
    settled_at: float  # monotonic; of the last commit

    def writable(self) -> bool:
        """Whether the disk has room for new work."""

    async def write(self, function: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...

    async def write_first(self, function: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, ahead of intake, and tried when the disk is full: attempts, outcomes, receipts, replies, acks."""

    async def write_each(self, function: Callable[[Tx, list[E]], Sequence[T]], entry: E, *, patient: bool = False) -> T:
        """As `write_first`; entries for one function that wait together are handed to it together, a result for each.

        When it fails with several, it is tried with each alone. `patient`: in no hurry, so it waits some milliseconds,
        and the urgent finds the disk free.
        """

    async def write_new(self, function: Callable[[Tx, list[E]], Sequence[T]], entry: E) -> T:
        """As `write_each`, but as `write` for intake: after what is urgent, and refused when the disk is full."""

    def peek(self, function: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A short read of what is committed, at once. For indexed look-ups only. Raises StoreError."""

    async def read(self, function: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A long read of what is committed, beside the loop. Raises StoreError."""
