"""One cell of a record as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.model import FACTS
from tolok.money import format_number
from tolok.query.browse import Record
from tolok.web.look.tags import language
from tolok.web.records.links import Way
from tolok.web.records.words import called, chosen


@dataclass(frozen=True)
class Cell:
    """What is written; an amount as a number with its currency; the record that a reference leads to."""

    column: str
    text: str
    amount: Decimal | None = None
    currency: str = ""
    way: Way | None = None
    numeric: bool = False
    href: str = ""

    @property
    def word(self) -> str:
        """What the column is called."""
        return called(self.column)


def cell(fact: str, record: Record, name: str) -> Cell:
    """A cell of a record of a fact; references by name."""
    column, value = FACTS[fact].column(name), record.get(name)
    kind = column.type if column is not None else "text"
    if value is None or value == "":
        return Cell(name, "", numeric=kind in ("money", "number", "rate", "integer"))
    if kind == "money" and isinstance(value, Decimal):
        currency = str(record.get("currency") or place.workspace().settings.currency)
        return Cell(name, "", value, currency, numeric=True)
    if kind == "ref" and column is not None:
        return Cell(name, record.names.get(name) or str(value), way=(column.to, str(value)))
    if kind == "choice":
        return Cell(name, chosen(fact, name, value))
    return Cell(name, written(value), numeric=isinstance(value, int | Decimal) and not isinstance(value, bool))


def written(value: object) -> str:
    """A plain value: numbers and days as the language has them, moments in the organisation's own time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | float | int):
        exact = Decimal(str(value))
        decimals = max(0, -int(exact.normalize().as_tuple().exponent))
        return format_number(exact, min(decimals, 4), language())
    if isinstance(value, datetime):
        zone = ZoneInfo(place.workspace().settings.timezone)
        return date_format(value.replace(tzinfo=UTC).astimezone(zone), "j M Y H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    return str(value)
