"""One table of a KPI file while it is read: hands out its keys as what they must be, and refuses the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from tolok.errors import DefinitionError, nearest
from tolok.kpis.lines import Path, line_of


@dataclass(frozen=True)
class Form:
    """A table with its place in the file, so that every refusal names file and line."""

    table: dict[str, Any]
    file: str
    text: str
    path: Path = ()

    def refuse(self, message: str, key: str = "", *, next_step: str = "") -> NoReturn:
        """Refuse the file because of a key of this table, or of the table itself."""
        path = (*self.path, key) if key else self.path
        raise DefinitionError(message, file=self.file, line=line_of(self.text, path), next_step=next_step, path=path)

    @property
    def where(self) -> str:
        """The table's name as its reader would say it: ``[ratio] of``."""
        words = [str(step + 1) if isinstance(step, int) else step for step in self.path]
        return ".".join(words) or "the file"

    def only(self, known: Iterable[str]) -> None:
        """Refuse any key that is not known here."""
        choices = tuple(known)
        for key in self.table:
            if key not in choices:
                self.refuse(f"Unknown key {key!r} in {self.where}.", key, next_step=nearest(key, choices))

    def has(self, key: str) -> bool:
        return key in self.table

    def string(self, key: str, default: str | None = None) -> str:
        value = self.table.get(key, default)
        if value is None:
            self.refuse(f"{key!r} is missing in {self.where}.", next_step=f'Write {key} = "…".')
        if not isinstance(value, str):
            self.refuse(f"{key!r} must be text, not {_said(value)}.", key, next_step=f'Write {key} = "…".')
        if key in self.table and not value.strip():
            self.refuse(f"{key!r} is empty.", key)
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> Any:
        value = self.string(key, default)
        choices = tuple(allowed)
        if value not in choices:
            self.refuse(f"{value!r} is not a value of {key!r}.", key, next_step=nearest(value, choices))
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.refuse(f"{key!r} must be a list of texts.", key)
        return tuple(value)

    def number(self, key: str) -> Decimal:
        value = number_in(self.table.get(key))
        if value is None:
            self.refuse(f"{key!r} must be a number, not {_said(self.table.get(key))}.", key)
        return value

    def whole(self, key: str, default: int = 0) -> int:
        value = self.table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.refuse(f"{key!r} must be a whole number from 0 up, not {_said(value)}.", key)
        return value

    def day(self, key: str) -> date | None:
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(f"{key!r} must be a date, not {_said(value)}.", key, next_step=f"Write {key} = 2026-01-31.")
        return value

    def child(self, key: str) -> Form:
        """The table under a key; an absent one is refused."""
        value = self.table.get(key)
        if not isinstance(value, dict):
            said = f"{key!r} is missing in {self.where}." if value is None else f"{key!r} must be a table."
            self.refuse(said, key if value is not None else "")
        return Form(value, self.file, self.text, (*self.path, key))

    def maybe(self, key: str) -> Form:
        """The table under a key, empty where there is none."""
        return self.child(key) if key in self.table else Form({}, self.file, self.text, (*self.path, key))

    def children(self, key: str) -> Iterator[Form]:
        """The tables of a list of tables."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(f"{key!r} must be a list of tables, written as [[{key}]].", key)
        for position, item in enumerate(value):
            yield Form(item, self.file, self.text, (*self.path, key, position))


def number_in(value: object) -> Decimal | None:
    """A finite number of a file as an exact decimal, None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    return None


def _said(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return repr(str(value)) if isinstance(value, str) else str(value)
