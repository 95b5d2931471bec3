"""The records of delimited text, one by one: what a line holds, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tolok.errors import SourceError

Problem = Literal["", "unclosed", "after quote", "too long"]
BLANKS = " \t\v\f\xa0\x1a"  # the last is the end mark of old systems
LONGEST_QUOTED_CELL_LINES = 5_000
MOST_ATTEMPTS = 50


@dataclass(frozen=True)
class Dialect:
    """How a file separates and quotes its cells. The delimiter "" stands for runs of white space."""

    delimiter: str
    quote: str = '"'
    backslash: bool = False

    @property
    def spoken(self) -> str:
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "": "white space"}
        return names.get(self.delimiter, f"“{self.delimiter}”")


@dataclass(frozen=True, slots=True)
class Record:
    """One record. ``number`` counts records that are not blank, from 1; ``lines`` is how many lines were passed."""

    number: int
    lines: int
    cells: list[str]
    after_blank: bool = False
    problem: Problem = ""
    text: str = ""


def split(text: str, dialect: Dialect) -> tuple[list[str], Problem]:
    """The cells of one record, or as many as there are before what is wrong with it.

    >>> split('a,"b ""x"", c",', Dialect(","))
    (['a', 'b "x", c', ''], '')
    >>> split('a,"b', Dialect(","))
    (['a'], 'unclosed')
    """
    delimiter, quote = dialect.delimiter, dialect.quote
    if not delimiter:
        return text.split(), ""
    if not quote or quote not in text:
        return text.split(delimiter), ""
    cells: list[str] = []
    position, length = 0, len(text)
    while True:
        start = position
        while start < length and text[start] == " ":
            start += 1
        if start < length and text[start] == quote:
            end = _closing(text, start + 1, quote, dialect.backslash)
            if end < 0:
                return cells, "unclosed"
            cell = text[start + 1 : end]
            if dialect.backslash:
                cell = re.sub(r"\\(.)", r"\1", cell, flags=re.DOTALL)
            else:
                cell = cell.replace(quote + quote, quote)
            position = end + 1
            while position < length and text[position] == " ":
                position += 1
            if position < length and text[position] != delimiter:
                return cells, "after quote"
        else:
            end = text.find(delimiter, position)
            end = length if end < 0 else end
            cell = text[position:end]
            position = end
        cells.append(cell)
        if position >= length:
            return cells, ""
        position += 1


def _closing(text: str, position: int, quote: str, backslash: bool) -> int:
    """Where the quoted cell that began before ``position`` ends, or -1."""
    while True:
        end = text.find(quote, position)
        if end < 0:
            return -1
        if backslash:
            before = end
            while before > position and text[before - 1] == "\\":
                before -= 1
            if (end - before) % 2 == 0:
                return end
            position = end + 1
        elif text.startswith(quote, end + 1):
            position = end + 2
        else:
            return end


class Lines:
    """The lines of an open text, with a way to give lines back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.returned: list[str] = []

    def take(self) -> str | None:
        if self.returned:
            return self.returned.pop()
        return next(self._lines, None)

    def give_back(self, lines: list[str]) -> None:
        self.returned.extend(reversed(lines))


class RecordReader:
    """Takes one record at a time from lines. A quote that never closes costs its own line only.

    ``width`` is how many cells a record should have, where that is known: it settles whether a line with an open
    quote goes on below or is broken.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect, *, max_cell: int = 0, width: int = 0) -> None:
        self.source = Lines(lines)
        self.number = 0
        self.lines = 0
        self.blank = False
        self._dialect = dialect
        self._max_cell = max_cell
        self._width = width

    def take(self) -> Record | None:
        """The next record, blank lines passed over."""
        while (line := self.source.take()) is not None:
            record = self.read(line)
            if record is not None:
                return record
        return None

    def read(self, line: str) -> Record | None:
        """The record that a line begins; nothing for a blank line."""
        self.lines += 1
        text = line.rstrip("\r\n")
        if not text.strip(BLANKS):
            self.blank = True
            return None
        self.number += 1
        cells, problem = split(text, self._dialect)
        if problem == "unclosed":
            longer = _continued(line, self.source, self._dialect, self._width)
            if longer:
                text, cells, further = longer
                self.lines += further
                problem = ""
        if self._max_cell and not problem and len(text) > self._max_cell and max(map(len, cells)) > self._max_cell:
            problem = "too long"
        record = Record(self.number, self.lines, cells, self.blank, problem, text)
        self.blank = False
        return record


def records(lines: Iterator[str], dialect: Dialect, *, width: int = 0) -> Iterator[Record]:
    """The records of the lines, in order."""
    reader = RecordReader(lines, dialect, width=width)
    while (record := reader.take()) is not None:
        yield record


def _continued(first: str, source: Lines, dialect: Dialect, width: int) -> tuple[str, list[str], int] | None:
    """The record that a line with an open quote begins, when the lines below close it; else nothing is taken."""
    taken: list[str] = []
    quotes = first.count(dialect.quote)
    attempts = 0
    while len(taken) < LONGEST_QUOTED_CELL_LINES and (line := source.take()) is not None:
        taken.append(line)
        found = line.count(dialect.quote)
        if not found:
            continue
        quotes += found
        if quotes % 2 and not dialect.backslash:
            continue
        text = (first + "".join(taken)).rstrip("\r\n")
        cells, problem = split(text, dialect)
        attempts += 1
        if problem == "unclosed" and attempts < MOST_ATTEMPTS:
            continue
        if problem or (width and len(cells) != width and _stands_alone(taken, dialect, width)):
            break
        return text, cells, len(taken)
    source.give_back(taken)
    return None


def _stands_alone(lines: list[str], dialect: Dialect, width: int) -> bool:
    """Whether the next line is a whole record by itself, so that the one before it must be broken."""
    cells, problem = split(lines[0].rstrip("\r\n"), dialect)
    return not problem and len(cells) == width


def bounded_lines(readline: Callable[[int], bytes], limit: int, file: str) -> Iterator[bytes]:
    """The lines of a file, refused when one is longer than any table has."""
    while True:
        line = readline(limit)
        if not line:
            return
        if len(line) >= limit and not line.endswith(b"\n"):
            raise too_long(file, limit)
        yield line


def too_long(file: str, limit: int) -> SourceError:
    return SourceError(
        f"{file} has a line of more than {limit:,} characters, so it is not a table.",
        next_step="Export it again with one record per line.",
    )
