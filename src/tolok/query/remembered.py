"""Answers given before: the same question to the same snapshot has the same answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import fields
from threading import Event, Lock

from tolok.query.answer import Answer
from tolok.query.question import Filter, Question

FIGURES = 1_000_000
"""How many figures are remembered in all, about 40 bytes each; an answer of more than a tenth of them is not kept."""


class Answers:
    """The answers asked for last, shared by threads. Nobody may change one that was handed out."""

    def __init__(self, figures: int = FIGURES) -> None:
        self._room = figures
        self._size = 0
        self._held: dict[Hashable, Answer] = {}  # the one asked last comes last
        self._under_way: dict[Hashable, Event] = {}
        self._lock = Lock()

    def once(self, key: Hashable, find: Callable[[], Answer]) -> Answer:
        """What is remembered, else what ``find`` finds; who asks the same meanwhile waits for it."""
        while True:
            with self._lock:
                waited = self._under_way.get(key)
                if waited is None:
                    known = self._taken(key)
                    if known is not None:
                        return known
                    mine = self._under_way[key] = Event()
                    break
            waited.wait()
        try:
            answer = find()
            self.keep(key, answer)
            return answer
        finally:
            with self._lock:
                del self._under_way[key]
            mine.set()

    def get(self, key: Hashable) -> Answer | None:
        """What was answered to this, if it is remembered."""
        with self._lock:
            return self._taken(key)

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Remember an answer, and forget those not asked for longest to make room."""
        if figures(answer) > self._room // 10:
            return
        for result in (*answer.results, *answer.compared, *answer.targets):
            for column in (result.value, result.of, result.over, result.count, result.unripe):
                column.flags.writeable = False
        with self._lock:
            self._drop(key)
            self._held[key] = answer
            self._size += figures(answer)
            while self._size > self._room:
                self._drop(next(iter(self._held)))

    def __len__(self) -> int:
        return len(self._held)

    def _taken(self, key: Hashable) -> Answer | None:
        found = self._held.pop(key, None)
        if found is not None:
            self._held[key] = found
        return found

    def _drop(self, key: Hashable) -> None:
        gone = self._held.pop(key, None)
        self._size -= figures(gone) if gone is not None else 0


def figures(answer: Answer) -> int:
    """How many figures an answer holds, at least one."""
    return max(1, sum(result.value.size for result in (*answer.results, *answer.compared, *answer.targets)))


def as_key(question: Question) -> Hashable:
    """All that a question says, as the key of its answer.

    >>> as_key(Question(("nps",), by=("team",))) == as_key(Question(("nps",), by=("team",)))
    True
    >>> as_key(Question(("nps",), variants={"nps": "x"})) == as_key(Question(("nps",)))
    False
    """
    return _fixed(question)


def _fixed(value: object) -> Hashable:
    """A value that can be a key, also where lists were given for tuples."""
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(_fixed(item) for item in value)
    if isinstance(value, Question | Filter):
        return tuple(_fixed(getattr(value, item.name)) for item in fields(value))
    return value
