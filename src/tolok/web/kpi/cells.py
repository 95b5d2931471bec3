"""Cells of rows as people read them: which columns stand first."""

from __future__ import annotations

from tolok.web.records.cells import written
from tolok.web.records.words import called

__all__ = ["FIRST", "called", "written"]

FIRST = (
    "name",
    "account_id",
    "amount",
    "currency",
    "owner_id",
    "rep_id",
    "status",
    "kind",
    "stage_id",
    "created_on",
    "closed_on",
    "expected_close_on",
    "on",
    "sold_on",
    "ordered_on",
    "happened_on",
    "quantity",
    "product_id",
    "value",
    "deal_id",
    "source_id",
)
"""Columns that people look at first; of the others as many as there is room for."""
