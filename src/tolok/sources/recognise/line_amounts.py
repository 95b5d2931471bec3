"""Which of several amounts is the line's: the one that quantity and price come to, not the whole invoice's, not with tax."""

from __future__ import annotations

from dataclasses import replace

from tolok.model import FACTS
from tolok.sources.headings import normal
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise.columns import map_column
from tolok.sources.recognise.meanings import meanings, vocabularies
from tolok.sources.recognise.tables import Assigned, fits
from tolok.sources.values import expression
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading

NEARLY = 0.8
"""The share of lines on which an amount must be quantity times price, to be preferred for it."""
LOOKED_AT = 20_000
"""Lines that are looked at."""

_DISCOUNTS = frozenset(
    ["discount", "disc", "diskon", "potongan", "rabatt", "remise", "descuento", "desconto", "sconto", "korting"]
)


def of_lines(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The mapping with the amount that quantity and price prove, where another was taken by its name.

    Without any, quantity times price less discount is the amount; so it is where the only amount is the document's.
    """
    mapping = _counted(reading, mapping)
    amount, quantity, price = (mapping.column(to) for to in ("amount", "quantity", "unit_price"))
    if amount is None and quantity is None and price is not None:
        note = "no column says how many: each line is one piece"
        return replace(mapping, columns=(*mapping.columns, replace(price, to="amount", assumption=note)))
    if quantity is None or price is None:
        return _before_tax(reading, mapping, amount) if amount is not None else mapping
    if amount is None:
        return _less_discount(reading, mapping)
    if _compared(reading, mapping, amount)[0] >= NEARLY:
        return mapping
    best, proof = None, NEARLY
    for column in reading.columns:
        if _may_be_amount(reading, column, mapping):
            mapped = map_column(reading, Assigned(column, "amount", 0.9, "quantity times price"), "orders")[0]
            share = _compared(reading, mapping, mapped)[0]
            if share > proof:
                best, proof = mapped, share
    if best is not None:
        return replace(mapping, columns=tuple(best if column is amount else column for column in mapping.columns))
    if not _of_document(reading, mapping, amount) and not _with_tax(reading, mapping, amount):
        return mapping
    columns = tuple(column for column in mapping.columns if column.header != amount.header)
    note = f"“{amount.header}” is of the whole document or with tax; a line's amount is its quantity times its price"
    noted = tuple(replace(column, assumption=note) if column is price else column for column in columns)
    return _less_discount(reading, replace(mapping, columns=noted))


def _counted(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The quantity that was taken for the amount: times the price it is another column, or it is less than any price.

    "Jumlah" is a sum to one writer and a number of pieces to the next; the other figures of the line tell which.
    """
    amount, price = mapping.column("amount"), mapping.column("unit_price")
    if amount is None or price is None or mapping.column("quantity") is not None:
        return mapping
    figures = next((f for f in reading.columns if f.header == amount.header), None)
    said = {meaning.column for meaning in meanings(amount.header, "orders")}
    if figures is None or "quantity" not in said or any("," in s or "." in s for s in figures.samples):
        return mapping
    quantity = map_column(reading, Assigned(figures, "quantity", 0.9, "the other figures of the line"), "orders")[0]
    swapped = replace(mapping, columns=tuple(quantity if column is amount else column for column in mapping.columns))
    for column in reading.columns:
        if _may_be_amount(reading, column, mapping):
            mapped = map_column(reading, Assigned(column, "amount", 0.9, "quantity times price"), "orders")[0]
            if _compared(reading, swapped, mapped)[0] >= NEARLY:
                return replace(swapped, columns=(*swapped.columns, mapped))
    count, value = (
        _number(reading, replace(column, to=to)) for column, to in ((quantity, "quantity"), (price, "unit_price"))
    )
    if not count or not value:
        return mapping
    row = reading.connection.execute(
        f"SELECT avg(CASE WHEN abs(q) < abs(p) THEN 1 ELSE 0 END) FROM (SELECT {count} AS q, {value} AS p FROM "
        f"{reading.table.relation} LIMIT {LOOKED_AT}) WHERE q <> 0 AND p <> 0"
    ).fetchone()
    if not row or row[0] is None or row[0] < NEARLY:
        return mapping
    note = f"“{amount.header}” is less than the price on nearly all lines, so it is a quantity"
    return replace(swapped, columns=tuple(replace(c, assumption=note) if c is quantity else c for c in swapped.columns))


def _before_tax(reading: TableReading, mapping: TableMapping, amount: ColumnMapping) -> TableMapping:
    """The mapping with the amount to which the tax was added, where the one taken by its name is their sum."""
    tax = mapping.column("tax") or next(
        (
            map_column(reading, Assigned(column, "amount", 0.9, "a tax"), "orders")[0]
            for column in reading.columns
            if _is_tax(column.header)
        ),
        None,
    )
    if tax is None or tax.header == amount.header:
        return mapping
    for column in reading.columns:
        if column.header == tax.header or not _may_be_amount(reading, column, mapping):
            continue
        given = Assigned(column, "amount", 0.9, f"“{amount.header}” is this and the tax")
        net = map_column(reading, given, "orders")[0]
        values = [_number(reading, replace(one, to="amount")) for one in (net, tax, amount)]
        if not all(values):
            continue
        row = reading.connection.execute(
            f"SELECT avg(CASE WHEN abs(n + t - a) <= 0.001 * abs(a) + 0.02 THEN 1 ELSE 0 END), count(*) FILTER (t <> 0) FROM "
            f"(SELECT {values[0]} AS n, {values[1]} AS t, {values[2]} AS a FROM {reading.table.relation} LIMIT {LOOKED_AT}) "
            f"WHERE n IS NOT NULL AND t IS NOT NULL AND a IS NOT NULL"
        ).fetchone()
        if row and row[1] and row[0] >= NEARLY:
            return replace(mapping, columns=tuple(net if one is amount else one for one in mapping.columns))
    return mapping


def _is_tax(header: str) -> bool:
    """Whether a heading is of a tax, whatever its rate: “PPN 11%”, “MwSt 19 %”."""
    known = vocabularies()["orders"].columns["tax"]
    words = [word for word in normal(header).split() if word.isalpha() and word != "percent"]
    return not {*words, "".join(words)}.isdisjoint(known)


def _number(reading: TableReading, column: ColumnMapping) -> str:
    target = FACTS["orders"].column(column.to)
    figures = next((f for f in reading.columns if f.header == column.header), None)
    if target is None or figures is None:
        return ""
    return f"CAST({expression(column, figures.sql, target, timezone=reading.timezone).value} AS DOUBLE)"


def _less_discount(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The discount that comes off quantity times price: a share of it, or an amount."""
    used = {other.header for other in mapping.columns if other.to not in ("", "-")}
    for column in reading.columns:
        words = set(normal(column.header).split())
        if column.header in used or not words & _DISCOUNTS or not column.filled or reading.number(column).share < 0.9:
            continue
        read = reading.number(column)
        low, high = column.low if column.low is not None else 0.0, column.high if column.high is not None else 0.0
        fraction = column.numbers == column.filled and low >= 0 and high <= 1
        percent = read.parse == "percent" or "%" in column.header or bool(words & {"percent", "pct", "rate", "persen"})
        mapped = ColumnMapping(column.header, "discount" if fraction or percent else "discount_amount",
                               parse="percent" if fraction or percent else "money", decimal=read.decimal,
                               unit="fraction" if fraction else "", samples=column.samples[:3],
                               why="comes off quantity times price")  # fmt: skip
        return replace(mapping, columns=(*mapping.columns, mapped))
    return mapping


def _may_be_amount(reading: TableReading, column: Figures, mapping: TableMapping) -> bool:
    used = {other.header for other in mapping.columns if other.to not in ("", "-")}
    target = FACTS["orders"].column("amount")
    if column.header in used or target is None or not column.filled:
        return False
    said = any(meaning.column == "amount" for meaning in meanings(column.header, "orders"))
    return said and fits(reading, column, target, "orders") > 0.9


def _values(reading: TableReading, mapping: TableMapping, amount: ColumnMapping) -> str:
    """A query of quantity times price as ``due``, the amount as ``a`` and the document as ``d``; empty where it cannot be."""
    parts = []
    for to, column in (
        ("quantity", mapping.column("quantity")),
        ("unit_price", mapping.column("unit_price")),
        ("amount", amount),
    ):
        number = _number(reading, replace(column, to=to)) if column is not None else ""
        if not number:
            return ""
        parts.append(f"abs({number})")
    document = mapping.column("document")
    place = next((f.sql for f in reading.columns if document and f.header == document.header), "NULL")
    quantity, price, whole = parts
    return (
        f"SELECT d, a, q * p AS due FROM (SELECT {place} AS d, {quantity} AS q, {price} AS p, {whole} AS a "
        f"FROM {reading.table.relation} LIMIT {LOOKED_AT})"
    )


def _compared(reading: TableReading, mapping: TableMapping, amount: ColumnMapping) -> tuple[float, float, float]:
    """On what share of lines an amount is quantity times price; the usual ratio of the two, and how many lines have it."""
    values = _values(reading, mapping, amount)
    if not values:
        return 1.0, 1.0, 1.0
    row = reading.connection.execute(
        f"SELECT avg(CASE WHEN abs(a - due) <= 0.001 * due + 0.02 THEN 1 ELSE 0 END), any_value(usual), "
        f"avg(CASE WHEN abs(a / due - usual) <= 0.005 THEN 1 ELSE 0 END) FROM (SELECT *, median(a / due) OVER () AS usual "
        f"FROM ({values}) WHERE due > 0 AND a IS NOT NULL)"
    ).fetchone()
    return (float(row[0]), float(row[1]), float(row[2])) if row and row[0] is not None else (0.0, 1.0, 0.0)


def _with_tax(reading: TableReading, mapping: TableMapping, amount: ColumnMapping) -> bool:
    """Whether an amount is more than quantity times price by what taxes are, on nearly all lines."""
    _, usual, same = _compared(reading, mapping, amount)
    return 1.01 < usual < 1.3 and same >= NEARLY


def _of_document(reading: TableReading, mapping: TableMapping, amount: ColumnMapping) -> bool:
    """Whether an amount stands on one line of each document, or is the same on all its lines, which differ."""
    values = _values(reading, mapping, amount)
    if not values or mapping.column("document") is None:
        return False
    row = reading.connection.execute(
        f"SELECT avg(CASE WHEN amounts <= 1 THEN 1 ELSE 0 END), count(*) FROM (SELECT d, count(DISTINCT a) AS amounts "
        f"FROM ({values}) WHERE d IS NOT NULL GROUP BY d HAVING count(*) > 1 AND (count(DISTINCT due) > 1 OR count(a) = 1))"
    ).fetchone()
    return bool(row and row[1] and row[0] >= NEARLY)
