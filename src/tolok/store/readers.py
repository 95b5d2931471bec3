"""Engines that stay open between questions: one per snapshot, shared by all threads that ask it."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from tolok.store.connection import Limits
from tolok.store.duckdb import DuckDBEngine
from tolok.store.manifest import Snapshot

HELD = 2
"""How many snapshots stay open: the current one, and one asked as of an earlier day."""


@dataclass
class _Reader:
    engine: DuckDBEngine
    users: int = 0
    retired: bool = False


class Readers:
    """The open engines of one workspace. What was published since, or rewritten, is another snapshot and opened anew.

    An engine that is no longer wanted closes when the last question to it has been answered.
    """

    def __init__(self, held: int = HELD) -> None:
        self._held = held
        self._open: dict[tuple[str, frozenset[str]], _Reader] = {}  # the one asked last comes last
        self._lock = Lock()
        self._process = os.getpid()
        self._parents: list[object] = []
        weakref.finalize(self, _close, self._open, self._process)

    @contextmanager
    def reading(self, snapshot: Snapshot, limits: Limits) -> Iterator[DuckDBEngine]:
        """The engine over a snapshot, for the length of one question."""
        reader = self._taken(snapshot, limits)
        try:
            yield reader.engine
        finally:
            self._given_back(reader)

    def close(self) -> None:
        """Close what is open, each as soon as nobody asks it any more."""
        with self._lock:
            for key in list(self._open):
                self._retire(key)

    def _taken(self, snapshot: Snapshot, limits: Limits) -> _Reader:
        key = (snapshot.id, snapshot.files)
        with self._lock:
            if self._process != os.getpid():  # a forked process must not use its parent's connections, nor close them
                self._parents.append(dict(self._open))
                self._open.clear()
                self._process = os.getpid()
            reader = self._open.pop(key, None) or _Reader(DuckDBEngine(snapshot, limits=limits))
            for other in [name for name in self._open if name[0] == snapshot.id]:
                self._retire(other)  # the same snapshot with other files: somebody was forgotten
            self._open[key] = reader
            reader.users += 1
            while len(self._open) > self._held:
                self._retire(next(iter(self._open)))
            return reader

    def _given_back(self, reader: _Reader) -> None:
        with self._lock:
            reader.users -= 1
            if reader.retired and not reader.users:
                reader.engine.close()

    def _retire(self, key: tuple[str, frozenset[str]]) -> None:
        reader = self._open.pop(key)
        reader.retired = True
        if not reader.users:
            reader.engine.close()


def _close(readers: dict[tuple[str, frozenset[str]], _Reader], process: int) -> None:
    if process == os.getpid():
        for reader in readers.values():
            reader.engine.close()
