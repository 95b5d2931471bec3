"""Cells of exports: how each system writes days, times, amounts, names and yes or no."""

from __future__ import annotations

from typing import Any

import numpy as np

from tolok.demo.company import SCALES, Array, Company, Table, decimals
from tolok.demo.setting import TIME_ZONE_MINUTES
from tolok.model import FACTS

Cells = list[Any]


def as_is(company: Company, table: Table, column: str) -> Cells:
    values: Cells = table[column].tolist()
    return ["" if value is None else value for value in values]


def number(company: Company, table: Table, column: str) -> Cells:
    return ["" if value is None else f"{value.normalize():f}" for value in _exact(table, column)]


def money(company: Company, table: Table, column: str) -> Cells:
    return ["" if value is None else f"{value:.2f}" for value in _exact(table, column)]


def rupiah(company: Company, table: Table, column: str) -> Cells:
    """``Rp 1.500.000`` and, for other currencies, ``1.234,50``."""
    found: Cells = []
    for value, currency in zip(_exact(table, column), table["currency"].tolist(), strict=True):
        if value is None:
            found.append("")
        elif currency == "IDR":
            found.append(("-" if value < 0 else "") + "Rp " + f"{abs(value):,.0f}".replace(",", "."))
        else:
            found.append(f"{value:,.2f}".translate({ord(","): ".", ord("."): ","}))
    return found


def decimal_comma(company: Company, table: Table, column: str) -> Cells:
    return [cell.replace(".", ",") for cell in number(company, table, column)]


def _exact(table: Table, column: str) -> Cells:
    return list(decimals(table[column].tolist(), SCALES.get(column, 100)))


def day(company: Company, table: Table, column: str) -> Cells:
    return _written(table[column], table[column].astype(str))


def day_first(company: Company, table: Table, column: str) -> Cells:
    iso = day(company, table, column)
    return [f"{text[8:10]}/{text[5:7]}/{text[:4]}" if text else "" for text in iso]


def local_time(company: Company, table: Table, column: str) -> Cells:
    local = table[column] + np.timedelta64(TIME_ZONE_MINUTES, "m")
    written = [moment.replace("T", " ")[:19] for moment in local.astype("datetime64[s]").astype(str).tolist()]
    return ["" if moment == "NaT" else moment for moment in written]


def _written(values: Array, text: Array) -> Cells:
    return ["" if cell == "NaT" else cell for cell in text.tolist()]


def yes_no(company: Company, table: Table, column: str) -> Cells:
    words = {True: "Yes", False: "No", None: ""}
    return [words[value] for value in table[column].tolist()]


def title(company: Company, table: Table, column: str) -> Cells:
    return [str(cell).replace("_", " ").capitalize() if cell else "" for cell in as_is(company, table, column)]


def by_name(company: Company, table: Table, column: str) -> Cells:
    """The name of who or what is referred to."""
    fact = table["_fact"][0]
    found = FACTS[str(fact)].column(column)
    target = company.tables[found.to] if found is not None else {}
    names = dict(zip(target["source_id"].tolist(), target["name"].tolist(), strict=True))
    return [names.get(cell, "") for cell in table[column].tolist()]


def entered(company: Company, table: Table, column: str) -> Cells:
    """The day of entry out of the extra columns, where it was late."""
    return [str(cell)[16:26] if cell else "" for cell in table[column].tolist()]


def history_value(company: Company, table: Table, column: str) -> Cells:
    """Stages and owners by name, as people read history."""
    stages, reps = company.tables["stages"], company.tables["reps"]
    names = {
        f"demo:{code}": name
        for fact in (stages, reps)
        for code, name in zip(fact["source_id"].tolist(), fact["name"].tolist(), strict=True)
    }
    return ["" if cell is None else names.get(cell, cell) for cell in table[column].tolist()]


def signed_kind(company: Company, table: Table, column: str) -> Cells:
    return ["Retur" if kind == "return" else "Penjualan" for kind in table[column].tolist()]


def aktif(company: Company, table: Table, column: str) -> Cells:
    return ["Ya" if value else "Tidak" for value in table[column].tolist()]
