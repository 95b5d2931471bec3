"""What reading a file gives back, and how much a file may ask for while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tolok.sources.table import RawTable, Reject

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much one file may ask for. Beyond it the file is refused in one sentence."""

    max_columns: int = 2_000
    max_cell: int = 1_000_000  # characters of one cell
    max_record: int = 16_000_000  # characters of one line
    max_rejects: int = 100_000  # structurally bad records of one file
    max_unpacked_bytes: int = 20_000 * MEGABYTE  # all that one archive or compressed file may unpack to
    max_ratio: int = 500  # unpacked size ÷ packed size, above the first 100 MB
    max_files: int = 5_000  # files of one folder or archive
    max_document_bytes: int = 200 * MEGABYTE  # one HTML page, XML workbook or JSON object
    workbook_memory_bytes: int = 3_000 * MEGABYTE
    workbook_seconds: int = 300
    workbook_output_bytes: int = 20_000 * MEGABYTE
    scratch: Path | None = None  # where unpacked and cleaned copies go; a temporary folder when none is given


@dataclass(frozen=True)
class Reading:
    """The tables of a file, folder or archive, and the files that held none.

    The tables are readable as long as the scratch folder and the source files stay where they are.
    """

    tables: tuple[RawTable, ...]
    skipped: tuple[tuple[str, str], ...] = ()  # (file, why nothing was read from it)

    @property
    def rejects(self) -> tuple[Reject, ...]:
        """The rejected records of all tables, in order."""
        return tuple(reject for table in self.tables for reject in table.rejects)
