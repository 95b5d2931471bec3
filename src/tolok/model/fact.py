"""What a fact is: a table of one kind of thing that happened or exists, with columns that say what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal[
    "id",  # identity of this row: text, unique within the fact
    "ref",  # id of a row of another fact
    "text",
    "choice",  # text from a closed list
    "money",  # exact decimal(18,4) in the row's currency
    "number",  # exact decimal(18,4)
    "rate",  # exact decimal(18,9)
    "integer",
    "date",  # a local calendar date, named *_on
    "instant",  # a moment in UTC, named *_at
    "boolean",
    "extra",  # what a source said beyond the model: a JSON object of text values
]

SQL_TYPES: dict[ColumnType, str] = {
    "id": "VARCHAR",
    "ref": "VARCHAR",
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "money": "DECIMAL(18,4)",
    "number": "DECIMAL(18,4)",
    "rate": "DECIMAL(18,9)",
    "integer": "BIGINT",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "extra": "VARCHAR",
}


@dataclass(frozen=True)
class Column:
    """One column of a fact: its name, type and meaning; ``to`` is the fact that a ref points to."""

    name: str
    type: ColumnType
    meaning: str
    to: str = ""
    values: tuple[str, ...] = ()
    tracked: bool = False  # a change of this column between imports is an event of the row

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Fact:
    """One fact.

    ``document`` names the columns of a line that has no id of its own: document and ordinal, replaced whole.
    ``derived_from`` is empty for what people import, and names the inputs of what Tolok computes when it publishes.
    ``interval`` names the dates of a state that lasts, which makes opening and closing stocks askable.
    ``took_place`` names the boolean that is false for what is only planned: its dates are not real yet.
    ``real_dates`` are the dates that can show when the data ends (planned and expected dates cannot).
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    real_dates: tuple[str, ...] = ()
    took_place: str = ""
    document: str = ""
    derived_from: tuple[str, ...] = ()
    interval: tuple[str, str] | None = None  # first day of a state, first day no longer in it (empty: still lasts)
    by_name: str = ""  # the column by which people and files refer to a row when they give no id
    _index: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._index.update({column.name: column for column in self.columns})

    def column(self, name: str) -> Column | None:
        return self._index.get(name)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(self._index)


def identity(meaning: str) -> tuple[Column, ...]:
    """The columns that every imported fact has: its id, and where the row came from."""
    return (
        Column("id", "id", f"Identity of {meaning}: connection and source id joined by a colon"),
        Column("source", "text", "The named connection that the row came from, never a file name"),
        Column("source_id", "text", "The id that the source gave"),
    )


EXTRA = Column(
    "extra", "extra", "Source columns that map to nothing, kept as written; a mapping may name one as a dimension"
)
CURRENCY = Column("currency", "text", "ISO 4217 code of the amounts in this row; empty means the workspace's currency")
