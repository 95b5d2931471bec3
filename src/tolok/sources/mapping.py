"""How the tables of one connection map onto the facts: what a person reads and edits in ``mappings/*.toml``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from tolok.model import Column

BESIDE: dict[str, Column] = {
    "updated_at": Column("updated_at", "instant", "When the source last changed the row"),
    "discount": Column("discount", "number", "Percent that comes off quantity times price, where no amount is given"),
    "discount_amount": Column("discount_amount", "money", "Amount that comes off quantity times price"),
}
"""What a mapping may name beyond a fact's columns: it steers the import and is not kept."""

Parse = Literal["text", "number", "money", "integer", "percent", "date", "instant", "boolean", "choice", "reference"]


@dataclass(frozen=True)
class ColumnMapping:
    """One source column → one column of a fact.

    ``parse`` says how the text is read. For dates ``format`` is a strptime form, or ``excel`` for serial numbers, or
    several forms joined by "|" tried in order. For numbers ``decimal`` is "." or ",". ``values`` maps words as written
    (case and surrounding space do not matter) to the fact's own (status words, booleans, kinds).
    A reference is looked up ``by`` "id" or "name" of the fact that the column points to.

    In ``values`` the key "*" stands for every other word, a key that starts with "^" is a regular expression, and a
    word that stands for "" says nothing.
    For numbers ``values`` says what unit words mean ("M" = "1000000000"). One header may be mapped several times.
    The headers ``@header`` and ``@cell`` are the two sides of an ``unpivot``.
    In deal_events ``to`` may be "new:stage_id", "new:amount", …: the row is a state of the deal at its date (a stage
    history), and what differs from the deal's row before is the event.
    """

    header: str
    to: str  # column of the fact; "" keeps it in extra; "-" drops it
    parse: Parse = "text"
    format: str = ""
    decimal: str = "."
    values: dict[str, str] = field(default_factory=dict)
    by: Literal["", "id", "name"] = ""
    unit: str = ""  # "jt", "thousand", "minutes", "ms", … where the header says the cells are in another unit
    joined: tuple[str, ...] = ()  # further headers, joined to it by a space: first and last name
    confidence: float = field(default=1.0, compare=False)
    why: str = field(
        default="", compare=False
    )  # one phrase: the header's synonym, the values' shape, the system's name
    assumption: str = ""  # what a person should confirm: "03/04/2026 is read as 3 April"
    samples: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class TableMapping:
    """One source table → one fact. A table that carries several facts has several of these with the same ``table``.

    ``constants`` fill columns of the fact that the table does not have (kind = "call", currency = "USD").
    ``filter`` keeps only rows whose source column has one of the words, without regard to case (a CRM's one table
    for leads and deals; deleted rows).
    ``unpivot`` turns headers like "Jan 2026" into rows: the headers taken, and the columns for header and cell; how
    both are read stands in ``columns`` under ``@header`` and ``@cell``. A constant ``to_on`` of "month", "quarter" or
    "year" is the last day of that period.
    """

    table: str  # file stem, sheet or table name without dates and counters: "sales_pipeline", "Deals"
    fact: str
    columns: tuple[ColumnMapping, ...]
    constants: dict[str, str] = field(default_factory=dict)
    filter: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unpivot: tuple[str, ...] = ()
    unpivot_to: tuple[str, str] = ("", "")
    system: str = ""  # which recogniser: "salesforce", "hubspot", "plain", …
    complete: bool = False  # absence from this table means deletion
    confidence: float = field(default=1.0, compare=False)
    dimensions: tuple[str, ...] = ()  # extra columns offered as dimensions
    carried: bool = (
        False  # beside the table's own fact: rows repeat, one is kept for each id (customers named in orders)
    )

    def column(self, to: str) -> ColumnMapping | None:
        return next((column for column in self.columns if column.to == to), None)


@dataclass(frozen=True)
class StageMapping:
    """One stage of one pipeline, in order, as the data shows it or a person says."""

    pipeline: str
    name: str
    position: int
    outcome: Literal["open", "won", "lost"]
    probability: float | None = None


@dataclass(frozen=True)
class Synonym:
    """Two spellings of one thing. Only confirmed ones are merged; proposed ones are shown by ``tolok check``."""

    fact: str  # "products", "accounts", "reps"
    written: str
    means: str
    confirmed: bool = False
    refused: bool = False  # a person said that they are two things: it is not proposed again


@dataclass(frozen=True)
class Mapping:
    """Everything that says how one connection is read."""

    connection: str
    timezone: str
    currency: str
    tables: tuple[TableMapping, ...]
    stages: tuple[StageMapping, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    ignored: tuple[str, ...] = ()  # tables that are no data: dictionaries, read-me sheets

    def with_new(self, other: Mapping) -> Mapping:
        """This mapping, and of another one the tables, stages, spellings and tables left out that it does not know."""
        tables = {(one.table, one.fact) for one in self.tables}
        stages = {(one.pipeline, one.name) for one in self.stages}
        spellings = {(one.fact, one.written) for one in self.synonyms}
        return replace(
            self,
            tables=(*self.tables, *(one for one in other.tables if (one.table, one.fact) not in tables)),
            stages=(*self.stages, *(one for one in other.stages if (one.pipeline, one.name) not in stages)),
            synonyms=(*self.synonyms, *(one for one in other.synonyms if (one.fact, one.written) not in spellings)),
            ignored=tuple(dict.fromkeys((*self.ignored, *other.ignored))),
        )
