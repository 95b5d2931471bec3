"""What an import tells when it is done, and while it runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from tolok.sources.mapping import Mapping
from tolok.sources.table import Reject

SHOWN_REJECTS = 100


@dataclass(frozen=True)
class Progress:
    """How far an import is: the step, the table it is at, and rows done of rows known."""

    step: str  # reading, recognising, staging, resolving, comparing, writing, deriving, publishing
    table: str = ""
    rows: int = 0
    of: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class FileResult:
    """One table that was read: what it was taken for and what became of its records."""

    file: str
    recognised_as: str
    table: str  # the fact
    rows: int
    imported: int
    rejected: int


@dataclass(frozen=True)
class ImportResult:
    """An import in figures. ``snapshot`` is the current one, also where nothing changed."""

    snapshot: str
    files: tuple[FileResult, ...] = ()
    rows: int = 0
    imported: int = 0
    changed: int = 0
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    rejects_file: str = ""
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    mapping: Mapping | None = None
    dry_run: bool = False
    connection: str = ""
    facts: dict[str, dict[str, int]] = field(default_factory=dict)  # per fact: new, changed, deleted
    by_column: tuple[dict[str, Any], ...] = ()  # of a trial: file, column, how many cells cannot be read, one reason
    refused: str = ""  # of a trial: why the import would be refused as a whole

    def as_json(self) -> dict[str, Any]:
        """The object that ``tolok import --json`` prints; rejects are listed up to a stated number."""
        listed: dict[str, Any] = {
            "snapshot": self.snapshot,
            "connection": self.connection,
            "files": [asdict(file) for file in self.files],
            "rows": self.rows,
            "imported": self.imported,
            "changed": self.changed,
            "rejected": self.rejected,
            "rejects": [
                {"file": reject.file, "line": reject.line, "column": reject.column, "reason": reject.reason}
                for reject in self.rejects[:SHOWN_REJECTS]
            ],
            "rejects_listed_up_to": SHOWN_REJECTS,
            "rejects_file": self.rejects_file,
            "assumptions": list(self.assumptions),
            "notes": list(self.notes),
            "facts": self.facts,
            "dry_run": self.dry_run,
        }
        if self.by_column or self.refused:
            listed |= {"rejects_by_column": list(self.by_column), "refused": self.refused}
        if self.dry_run and self.mapping is not None:
            listed["mapping"] = asdict(self.mapping)
        return listed
