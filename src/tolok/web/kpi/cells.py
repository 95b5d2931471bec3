"""Cells of rows as people read them: what a column is called, and how a value is written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.money import format_number
from tolok.web.look.tags import language

FIRST = {
    "name": gettext_lazy("Name"),
    "account_id": gettext_lazy("Customer"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "owner_id": gettext_lazy("Owner"),
    "rep_id": gettext_lazy("Rep"),
    "status": gettext_lazy("Status"),
    "kind": gettext_lazy("Kind"),
    "stage_id": gettext_lazy("Stage"),
    "created_on": gettext_lazy("Created"),
    "closed_on": gettext_lazy("Closed"),
    "expected_close_on": gettext_lazy("Expected close"),
    "on": gettext_lazy("Day"),
    "sold_on": gettext_lazy("Day"),
    "ordered_on": gettext_lazy("Day"),
    "happened_on": gettext_lazy("Day"),
    "quantity": gettext_lazy("Quantity"),
    "product_id": gettext_lazy("Product"),
    "value": gettext_lazy("Value"),
    "deal_id": gettext_lazy("Deal"),
    "source_id": gettext_lazy("Number in the source"),
}
"""Columns that people look at first, with what they are called; of the others as many as there is room for."""


def called(column: str) -> str:
    """What a column is called on a page."""
    return str(FIRST.get(column, column.removesuffix("_id").replace("_", " ")))


def written(value: object) -> str:
    """A cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | float | int):
        exact = Decimal(str(value))
        decimals = max(0, -int(exact.normalize().as_tuple().exponent))
        return format_number(exact, min(decimals, 4), language())
    if isinstance(value, datetime | date):
        return date_format(value, "j M Y")
    return str(value)
