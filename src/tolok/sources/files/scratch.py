"""The scratch folder: the only place that reading writes to, and the clean copies kept there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tolok import temporary


def quoted(text: str) -> str:
    """A SQL string literal.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


class Scratch:
    """A folder of numbered files; names from outside never become names in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    @classmethod
    def below(cls, folder: Path | None) -> Scratch:
        """A fresh folder below the given one, or a temporary one that goes with the process."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(Path(tempfile.mkdtemp(prefix="reading-", dir=folder)))
        return cls(temporary.folder("reading"))

    def new(self, kind: str) -> Path:
        self._count += 1
        return self.folder / f"{self._count:06d}.{kind}"


class CleanCopy:
    """A table written again as delimited text: the record number first, then the cells."""

    def __init__(self, path: Path, width: int, *, delimiter: str = ",", quote: str = '"') -> None:
        self.path = path
        self.width = width
        self.rows = 0
        self.filled = [False] * width
        self._delimiter = delimiter
        self._quote = quote
        self._file = path.open("wb", buffering=1024 * 1024)
        self.write = self._file.write  # for records that are sound as they are written, with their number and line end

    def add(self, line: int, cells: Sequence[str]) -> None:
        quote = self._quote
        if quote:
            doubled = quote + quote
            cells = [quote + cell.replace(quote, doubled) + quote if cell else "" for cell in cells]
        else:
            cells = [cell.replace("\r", " ") for cell in cells]
        self.write(f"{line}{self._delimiter}{self._delimiter.join(cells)}\n".encode("utf-8", errors="replace"))
        self.rows += 1

    def close(self) -> None:
        self._file.close()

    def relation(self, keep: Sequence[int], max_record: int) -> str:
        """The SQL that reads the kept columns, with ``line``."""
        return clean_relation(self.path, self.width, keep, max_record, delimiter=self._delimiter, quote=self._quote)


def clean_relation(
    path: Path, width: int, keep: Sequence[int], max_record: int, *, delimiter: str = ",", quote: str = '"'
) -> str:
    """The SQL that reads the kept columns of a clean copy, with ``line``."""
    columns = ["'line': 'BIGINT'", *(f"'c{number}': 'VARCHAR'" for number in range(width))]
    longest = max_record if path.stat().st_size > 2_000_000 else 0
    source = read_csv_sql(
        path, columns, delimiter=delimiter, quote=quote, escape=quote, newline="\\n", max_record=longest
    )
    return selected(source, keep, width, extra="line, ")


def read_csv_sql(
    path: Path,
    columns: Iterable[str],
    *,
    delimiter: str,
    quote: str,
    escape: str,
    newline: str = "",
    skip: int = 0,
    max_record: int = 0,
) -> str:
    """A ``read_csv`` call that takes every cell as text and stops at any record that does not fit."""
    ending = f", new_line={quoted(newline)}" if newline else ""
    longest = f", max_line_size={max_record}" if max_record > 2_000_000 else ""
    return (
        f"read_csv({quoted(str(path))}, auto_detect=false, columns={{{', '.join(columns)}}}, header=false, "
        f"skip={skip}, delim={quoted(delimiter)}, quote={quoted(quote)}, escape={quoted(escape)}, comment='', "
        f"strict_mode=true, null_padding=false, ignore_errors=false, compression='none'{ending}{longest})"
    )


def selected(source: str, keep: Sequence[int], width: int, *, extra: str = "") -> str:
    """The relation itself when every column is kept, else a selection that numbers the kept columns anew."""
    if list(keep) == list(range(width)):
        return source
    chosen = ", ".join(f"c{old} AS c{new}" for new, old in enumerate(keep))
    return f"(SELECT {extra}{chosen} FROM {source})"
