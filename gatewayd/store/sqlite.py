"""SQLite as the embedded memory: WAL, synchronous=FULL, one fsync for many (group commit).

The functions of a batch run on the loop's own thread, each in a savepoint; only COMMIT leaves the loop, for one worker
thread, while the next batch gathers. So there is no shared state and no lock, and a slow disk never blocks the loop.
A batch begins when nothing has joined it for a few turns of the loop: what a commit answers brings the next requests
and bookings one after the other, and a commit for every few of them costs more than the turns do.
A lone change on a quick disk is committed on the loop: there and back again costs more than such an fsync (measured:
0.3 ms after a pause). In virtual time (`inline=True`) every commit runs on the loop.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from gatewayd.clock import Clock
from gatewayd.metrics import JOURNAL_COMMIT_SECONDS, STORE_FAILURES, STORE_WRITABLE
from gatewayd.store.db import Reader, StoreError, StoreFull, Tx
from gatewayd.store.job import ALONE, Job, next_together
from gatewayd.store.transaction import Counters, Reads, Transaction

P = ParamSpec("P")
E = TypeVar("E")
T = TypeVar("T")

log = logging.getLogger("gatewayd.store")

# Bound as it is. Without an adapter it is asked for ways to adapt it each time, and their lack is an exception within.
sqlite3.register_adapter(type(None), lambda none: none)

BATCH_S_MAX = 0.02  # a batch of functions may hold the loop this long
BATCH_FUNCTIONS_MAX = 512
QUIET_TURNS = 3  # so many lie between a commit and the bookings of what it queued, or the next request after an answer
GATHER_S_MAX = 0.01  # a stream without a pause keeps nobody waiting for longer
TOGETHER_MAX = 128  # entries for one function
NEW_TOGETHER_MAX = 16  # of intake, which costs more and can wait
WAITING_FUNCTIONS_MAX = 20_000
BALLAST_BYTES = 4 << 20
RECOVERY_LOOK_S = 1.0
PATIENT_S = 0.005
WAL_PAGES = 4_000  # then the log is brought into the database, in the thread
QUICK_S = 0.002  # a commit that takes longer than this ...
WARY_S = 2.0  # ... makes the next ones go to the thread for so long
QUIET_S = 0.005  # since the last commit: below this there is traffic, and the next batch can gather meanwhile
TOLD_AGAIN_S = 10.0  # that a disk refuses with the same error
LONE_MAX = 200  # commits on the loop in a row


class SqliteStore:
    """One daemon per state directory (flock). Open with `open`, end with `close`."""

    def __init__(self, directory: Path, clock: Clock, *, inline: bool = False) -> None:
        self.path = directory / "gatewayd.db"
        self._directory = directory
        self._clock = clock
        self._inline = inline
        self._first: deque[Job] = deque()
        self._later: deque[Job] = deque()
        self._pumping = False
        self._patient: dict[Callable[..., Any], list[Job]] = {}  # by function: its entries stay together
        self._patience: asyncio.TimerHandle | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self._notes: dict[str, Any] = {}  # what functions know of the newest rows; goes with a rollback
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._longreads = ThreadPoolExecutor(1, thread_name_prefix="read")
        self._lock_fd = -1
        self.full = False  # a write found no room: intake is closed, outcomes and replies are still booked
        self._look_again_at = 0.0
        self.busy_since: float | None = None  # monotonic; the commit that runs now began then (for the watchdog)
        self.settled_at = self._wary_until = float("-inf")  # monotonic; of the last commit
        self._lone = 0
        self._wal_pages = -1  # as the connection was told last
        self._told_at: dict[str, float] = {}  # monotonic, by the error's name
        self.committed: Callable[[], None] = lambda: None  # called after every commit

    # --- opening and closing

    def open(self) -> None:
        """Lock the directory, migrate, lay the ballast. Raises StoreError with a sentence for the operator."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o750)
            self._lock_fd = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise StoreError(f"state_dir {self._directory} cannot be used: {error.strerror}") from error
        try:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock_fd)
            raise StoreError(f"another gatewayd uses {self._directory}") from error
        try:
            self._write = self._connect()
            self._migrate()
            self._readers = (self._connect(read_only=True), self._connect(read_only=True))
            self._peek, self._read = map(Reads, self._readers)
            self._counters = Counters(self._peek)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}") from error
        self._lay_ballast()

    def _connect(self, *, read_only: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=5.0, cached_statements=512
        )
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -8000")
        return connection

    def _migrate(self) -> None:
        """Apply schema/NNNN_*.sql in order, each with its version in one transaction."""
        files = sorted(
            (f for f in resources.files("gatewayd.store").joinpath("schema").iterdir() if f.name.endswith(".sql")),
            key=lambda f: f.name,
        )
        (have,) = self._write.execute("PRAGMA user_version").fetchone()
        known = int(files[-1].name[:4])
        if have > known:
            raise StoreError(
                f"{self.path} has schema {have}, this gatewayd knows {known}: it was written by a newer one"
            )
        for file in files:
            version = int(file.name[:4])
            if version > have:
                self._write.executescript(
                    f"BEGIN IMMEDIATE;\n{file.read_text()}\nPRAGMA user_version = {version};\nCOMMIT;"
                )
                log.info("schema %d applied", version, extra={"event": "schema"})

    def _lay_ballast(self) -> bool:
        """Room that is given back at the first "disk full", so that outcomes and replies can still be booked."""
        ballast = self._directory / "ballast"
        try:
            with ballast.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)
                os.fsync(file.fileno())
        except OSError as error:
            log.warning("no room for the ballast file: %s", error, extra={"event": "ballast"})
            with suppress(OSError):
                ballast.unlink(missing_ok=True)
            return False
        return True

    def _room(self) -> int:
        """Bytes that we could still write."""
        try:
            disk = os.statvfs(self._directory)
        except OSError:
            return 0
        return disk.f_bavail * disk.f_frsize

    def _free_ballast(self) -> None:
        with suppress(OSError):
            (self._directory / "ballast").unlink(missing_ok=True)

    def writable(self) -> bool:
        """False from the first "disk full" until there is room for the ballast and more (looked at once a second).

        The ballast's own room is no sign of recovery: it is for attempts, outcomes and replies until more is free.
        """
        now = self._clock.monotonic()
        if self.full and now >= self._look_again_at:
            self._look_again_at = now + RECOVERY_LOOK_S
            if self._room() >= 2 * BALLAST_BYTES and self._lay_ballast():
                self.full = False
                log.warning("the store takes new work again", extra={"event": "store_recovered"})
        STORE_WRITABLE.set(not self.full)
        return not self.full

    async def close(self) -> None:
        """Let everything that waits be committed, then close."""
        await self._idle.wait()
        self._closed = True
        self._committer.shutdown()
        self._longreads.shutdown()
        for connection in self._readers:
            connection.close()
        self._write.close()
        os.close(self._lock_fd)

    # --- writing

    async def write(self, function: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        self._refuse_when_full()
        result: T = await self._enqueue(self._later, _bind(function, args, kwargs))
        return result

    async def write_new(self, function: Callable[[Tx, list[E]], Sequence[T]], entry: E) -> T:
        self._refuse_when_full()
        result: T = await self._enqueue(self._later, function, entry)
        return result

    def _refuse_when_full(self) -> None:
        if self.full and not self.writable():
            raise StoreFull("the disk is full or cannot be written")

    def _refuse_when_closed(self) -> None:
        """Nothing is lost that was not told: whoever still asks hears that it is not on disk."""
        if self._closed:
            raise StoreError("the store is closed")

    async def write_first(self, function: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = await self._enqueue(self._first, _bind(function, args, kwargs))
        return result

    async def write_each(self, function: Callable[[Tx, list[E]], Sequence[T]], entry: E, *, patient: bool = False) -> T:
        result: T
        if not patient:
            result = await self._enqueue(self._first, function, entry)
            return result
        self._refuse_when_closed()
        job = Job(function, asyncio.get_running_loop().create_future(), entry)
        self._idle.clear()
        self._patient.setdefault(function, []).append(job)
        if self._patience is None:
            self._patience = asyncio.get_running_loop().call_later(PATIENT_S, self._no_longer_patient)
        result = await job.done
        return result

    def _no_longer_patient(self) -> None:
        """What waited goes now, all of it in one batch."""
        self._patience = None
        for jobs in self._patient.values():
            self._first.extend(jobs)
        self._patient.clear()
        self._begin()

    def _enqueue(self, lane: deque[Job], function: Callable[..., Any], entry: Any = ALONE) -> asyncio.Future[Any]:
        self._refuse_when_closed()
        if len(lane) >= WAITING_FUNCTIONS_MAX:
            raise StoreFull(f"{WAITING_FUNCTIONS_MAX} changes wait for the disk")
        job = Job(function, asyncio.get_running_loop().create_future(), entry)
        lane.append(job)
        self._begin()
        return job.done

    def _begin(self) -> None:
        if not self._pumping:
            self._pumping = True
            self._idle.clear()
            self._gather(self._clock.monotonic() + GATHER_S_MAX)

    def _gather(self, until: float, had: int = 0, quiet: int = 0) -> None:
        """Look once a turn whether more has come; a batch begins when nothing has, for some turns, or after a while."""
        have = len(self._first) + len(self._later)
        quiet = quiet + 1 if have == had else 0
        if quiet < QUIET_TURNS and have < BATCH_FUNCTIONS_MAX and self._clock.monotonic() < until:
            asyncio.get_running_loop().call_soon(self._gather, until, have, quiet)
        else:
            self._batch()

    def _batch(self) -> None:
        """Run what has gathered, then send COMMIT to its thread (or do it here, in virtual time)."""
        jobs = self._run_functions()
        loop = asyncio.get_running_loop()
        began = self.busy_since = self._clock.monotonic()
        if self._inline or self._is_lone(jobs, began):
            self._lone += 1
            failure = self._commit(wal_pages=0)
            loop.call_soon(self._settle, jobs, began, failure)
            return
        self._lone = 0
        committing = loop.run_in_executor(self._committer, self._commit)
        committing.add_done_callback(lambda done: self._settle(jobs, began, done.result()))

    def _is_lone(self, jobs: list[Job], now: float) -> bool:
        """One change after a pause, on a disk that was quick lately: not worth a thread."""
        quiet = now - self.settled_at > QUIET_S and now > self._wary_until
        return quiet and len(jobs) == 1 and self._lone < LONE_MAX and not self.full

    def _run_functions(self) -> list[Job]:
        jobs: list[Job] = []
        until = self._clock.monotonic() + BATCH_S_MAX
        self._roll_back()
        try:
            self._write.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._fail_waiting(error)
            return jobs
        while (self._first or self._later) and len(jobs) < BATCH_FUNCTIONS_MAX:
            lane, most = (self._first, TOGETHER_MAX) if self._first else (self._later, NEW_TOGETHER_MAX)
            fellows = next_together(lane, most)
            jobs += fellows
            if fellows and not self._run_one(fellows):
                self._fail(jobs, StoreFull("the transaction was rolled back by the store"))
                return []
            if self._clock.monotonic() > until:
                break
        return jobs

    def _run_one(self, jobs: list[Job]) -> bool:
        """One function. False when the whole batch is gone (SQLITE_FULL, I/O error): all of it must be told."""
        notes = dict(self._notes)
        transaction = Transaction(self._write, self._counters, notes)
        try:
            self._write.execute("SAVEPOINT one")
            jobs[0].run(transaction, jobs)
            self._write.execute("RELEASE one")
            jobs[0].effects = transaction.effects
            self._notes = notes
        except Exception as error:  # noqa: BLE001 - handed to the caller of write(), whose function it is
            if isinstance(error, sqlite3.Error):
                self._note(error)
            if not self._taken_back():
                return False
            if len(jobs) > 1:  # one of them may be to blame: it must not cost the others anything
                return all(self._run_one([job]) for job in jobs)
            if not jobs[0].done.done():
                jobs[0].done.set_exception(_translated(error))
        return True

    def _taken_back(self) -> bool:
        """One function's changes are undone. False: everything of the batch went with them."""
        if self._write.in_transaction:
            try:
                self._write.execute("ROLLBACK TO one")
                self._write.execute("RELEASE one")
            except sqlite3.Error as error:
                self._note(error)
                self._roll_back()
            else:
                return True
        return False

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # a disk that fails here fails the next BEGIN, too, and that is told
            if self._write.in_transaction:
                self._write.execute("ROLLBACK")

    def _commit(self, *, wal_pages: int = WAL_PAGES) -> sqlite3.Error | None:
        try:
            if self._write.in_transaction:
                self._counters.write(self._write)
                if wal_pages != self._wal_pages:
                    self._write.execute(f"PRAGMA wal_autocheckpoint = {wal_pages}")  # 0: never, that is a long write
                    self._wal_pages = wal_pages
                self._write.execute("COMMIT")
        except sqlite3.Error as error:
            return error
        return None

    def _settle(self, jobs: list[Job], began: float, failure: sqlite3.Error | None) -> None:
        """After the fsync: effects first, then the answers, so that whoever is answered finds the house informed."""
        now = self.settled_at = self._clock.monotonic()
        self.busy_since = None
        if now - began > QUICK_S:
            self._wary_until = now + WARY_S
        if failure is not None:
            self._note(failure)
            self._roll_back()
            self._fail(jobs, _translated(failure))
        else:
            JOURNAL_COMMIT_SECONDS.observe(now - began)
            for job in jobs:
                for effect in job.effects or ():
                    _perform(effect)
                if not job.done.done():
                    job.done.set_result(job.result)
            if jobs:
                _perform(self.committed)
        self._pumping = False
        if self._first or self._later:  # it has come meanwhile
            self._begin()
        elif not self._patient:
            self._idle.set()

    def _fail(self, jobs: list[Job], error: Exception) -> None:
        self._notes = {}
        self._counters.all_again()
        for job in jobs:
            if not job.done.done():
                job.done.set_exception(error)

    def _fail_waiting(self, error: sqlite3.Error) -> None:
        self._note(error)
        jobs = [*self._first, *self._later]
        self._first.clear()
        self._later.clear()
        self._fail(jobs, _translated(error))

    def _note(self, error: sqlite3.Error) -> None:
        """Count it; at "full" give the ballast back and close intake until a commit succeeds."""
        name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
        STORE_FAILURES.labels(error=name if name in _COUNTED else "other").inc()
        now = self._clock.monotonic()
        if now - self._told_at.get(name, float("-inf")) >= TOLD_AGAIN_S:  # the counter has all of them
            self._told_at[name] = now
            log.error("store: %s (%s)", error, name, extra={"event": "store_failure"})
        if _is_full(error):
            self.full = True
            self._free_ballast()

    # --- reading

    def peek(self, function: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return _told(partial(function, self._peek, *args, **kwargs))

    async def read(self, function: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        bound = partial(_told, partial(function, self._read, *args, **kwargs))
        if self._inline:
            return bound()
        return await asyncio.get_running_loop().run_in_executor(self._longreads, bound)

    async def backup(self, target: Path) -> None:
        """A consistent copy (VACUUM INTO) while the daemon works on. Raises StoreError when it cannot be written."""

        def copy(reads: Reader) -> None:
            reads.all("VACUUM INTO :target", target=str(target))

        connection = self._connect()
        try:
            run = partial(copy, Reads(connection))
            if self._inline:
                run()
            else:
                await asyncio.get_running_loop().run_in_executor(self._longreads, run)
        except sqlite3.Error as error:
            raise StoreError(f"{target}: {error}") from error
        finally:
            connection.close()


_COUNTED = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_CONSTRAINT")


def _perform(effect: Callable[[], None]) -> None:
    """What follows a commit can no longer undo it: a failure is told, and the other effects still happen."""
    try:
        effect()
    except Exception:
        log.exception("an effect after the commit failed", extra={"event": "effect_failed"})


def _bind(function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[[Tx], T]:
    return lambda tx: function(tx, *args, **kwargs)


def _told(read: Callable[[], T]) -> T:
    try:
        return read()
    except sqlite3.Error as error:
        raise _translated(error) from error


def _is_full(error: sqlite3.Error) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN"))


def _translated(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error):
        return (StoreFull if _is_full(error) else StoreError)(str(error))
    return error
