"""Tables that stand one below the other on a sheet: where the next one begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from tolok.sources.files.ending import ONLY_TOTAL
from tolok.sources.files.shapes import kind

AHEAD = 6
"""Rows that are looked at from the one after a blank row: titles, headings, two records."""
LONGEST_HEADING = 60
MOST_TITLES = 2

Cells = Sequence[str]


class Columns:
    """What the records of a table hold so far: per column how many cells, and how many figures or dates."""

    def __init__(self, width: int) -> None:
        self.rows = 0
        self.filled = [0] * width
        self.typed = [0] * width
        self.last = [0] * width  # the last row that has a cell in it
        self.widest = 0

    def add(self, cells: Cells) -> None:
        if self.rows >= 500:
            return
        self.rows += 1
        self.widest = max(self.widest, len(_places(cells)))
        for place, cell in enumerate(cells):
            if cell.strip():
                self.filled[place] += 1
                self.last[place] = self.rows
                self.typed[place] += kind(cell) in ("number", "date")

    def contradicted(self, places: Sequence[int]) -> bool:
        """Whether words in these columns are no record of this table: figures stand there, or nothing does."""
        return any((self.typed[p] > 0.8 * self.filled[p] and self.filled[p] > 1) or not self.filled[p] for p in places)


T = TypeVar("T")


class Ahead(Generic[T]):
    """Rows one after the other, of which the next few can be seen before they are taken."""

    def __init__(self, rows: Iterator[T]) -> None:
        self._rows = rows
        self._seen: list[T] = []

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        return self._seen.pop(0) if self._seen else next(self._rows)

    def peek(self, count: int) -> list[T]:
        while len(self._seen) < count:
            try:
                self._seen.append(next(self._rows))
            except StopIteration:
                break
        return self._seen[:count]


def begins(rows: Sequence[Cells], above: Columns) -> str | None:
    """The title of the table that begins with these rows, "" where it has none; nothing where the one above goes on.

    It begins with headings of its own, in words, below a blank row and perhaps a title; at least two records follow that
    have figures or dates under them and nothing beside them; and such headings are no record of the table above.
    """
    title, place = "", 0
    while place < len(rows) and place <= MOST_TITLES and len(_places(rows[place])) <= 1:
        title = title or "".join(cell.strip() for cell in rows[place])
        place += 1
    if place + 2 >= len(rows) or above.rows < 2:
        return None
    head = rows[place]
    places = _places(head)
    words = [head[p].strip() for p in places]
    if len(places) < 2 or any(kind(word) != "text" or len(word) > LONGEST_HEADING for word in words):
        return None
    if len({word.casefold() for word in words}) < len(words) or any(ONLY_TOTAL.fullmatch(word) for word in words):
        return None
    records = rows[place + 1 : place + 3]
    if any(len(_places(record)) < 2 or not set(_places(record)) <= set(places) for record in records):
        return None
    if not any(all(kind(record[p]) in ("number", "date") for record in records) for p in places):
        return None
    narrower = len(places) < max(3, (above.widest + 1) // 2)
    return title if narrower or above.contradicted(places) else None


def _places(cells: Cells) -> list[int]:
    return [place for place, cell in enumerate(cells) if cell.strip()]
