"""How each column of one table is written, decided from the whole table: companions settle what a column leaves open."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import duckdb

from tolok.sources.mapping import Parse
from tolok.sources.table import RawTable
from tolok.sources.values import date_forms, number_forms
from tolok.sources.values.cells import cleaned
from tolok.sources.values.date_forms import OPEN_ORDER, Forms
from tolok.sources.values.figures import Figures, collect, only_midnight, parts_of_dates
from tolok.sources.values.number_forms import COMMA_CURRENCIES, NumberForm
from tolok.sources.values.quoting import literal
from tolok.sources.values.words import FALSE, TRUE, plain

US_ZONES = frozenset(
    f"America/{city}"
    for city in [
        "New_York",
        "Chicago",
        "Denver",
        "Los_Angeles",
        "Phoenix",
        "Detroit",
        "Boise",
        "Anchorage",
        "Indianapolis",
        "Juneau",
        "Nome",
    ]
) | {"US/Eastern", "US/Central", "US/Mountain", "US/Pacific", "Pacific/Honolulu"}

_FUTURE = re.compile(r"expect|est |estim|due|next|deadline|forecast|plan|target|tempo|previ|prevu|erwart|verwacht|end")
_FIRST = re.compile(r"creat|dibuat|open|start|begin|engage|masuk|erstell|cree|crea|aangemaakt|mulai")
_LAST = re.compile(
    r"close|closing|won|lost|end|finish|selesai|tutup|cierre|fecha de cierre|abschluss|cloture|fechamento"
)


@dataclass(frozen=True)
class Reading:
    """How one column is read, and the share of its filled cells that can be read so."""

    parse: Parse = "text"
    format: str = ""
    decimal: str = "."
    unit: str = ""
    values: dict[str, str] = field(default_factory=dict)
    share: float = 1.0
    time: bool = False
    why: str = ""
    assumption: str = ""

    @property
    def bare(self) -> bool:
        """Dates that look like plain numbers: they are dates only where the heading says so."""
        return set(self.format.split("|")) <= {"excel", "excel time", "%Y", "%Y%m%d", "epoch", "epoch ms"}


class TableReading:
    """The columns of one table with their figures, and how each would be read as a date, a number, a yes or no."""

    def __init__(
        self,
        table: RawTable,
        connection: duckdb.DuckDBPyConnection,
        *,
        timezone: str,
        currency: str,
        today: date,
    ) -> None:
        self.table = table
        self.connection = connection
        self.timezone = timezone
        self.currency = currency
        self.today = today
        self.columns = collect(table, connection)
        self._dates = {column.index: date_forms.find(column) for column in self.columns if column.shapes}
        self._numbers = {column.index: number_forms.find(column) for column in self.columns if column.shapes}
        self._midnight: dict[int, bool] = {}
        self._orders = self._date_orders()
        self._decimal_of_table = self._table_decimal()

    def date(self, column: Figures) -> Reading:
        """The column as dates; share 0 where it holds none."""
        forms = self._dates.get(column.index, Forms({}))
        if not forms.any:
            return Reading("date", share=0.0)
        order, assumption = self._orders.get(column.index, ("day", ""))
        written = []
        for form in forms.counts:
            if form.startswith(OPEN_ORDER):
                form = _in_order(form, order)
            written.append(form)
        time = forms.time and not self._only_midnight(column)
        if not time:
            written = ["iso" if form in ("iso time", "iso zone") else form for form in written]
        written = list(dict.fromkeys(written))
        return Reading(
            parse="instant" if time else "date",
            format="|".join(written),
            share=forms.share,
            time=time,
            why="dates written as " + " or ".join(written),
            assumption=assumption,
        )

    def number(self, column: Figures, *, money: bool = False) -> Reading:
        """The column as numbers; share 0 where it holds none."""
        form = self._numbers.get(column.index)
        if form is None:
            return Reading("number", share=column.share(column.numbers))
        decimal, assumption = self._decimal(column, form, money=money)
        values: dict[str, str] = {}
        if form.unit:
            rupiah = self.currency == "IDR" or form.symbol.casefold() == "rp"
            words = {w for s in column.shapes for w in re.findall(r"[^\W\d_]+", s.casefold())}
            if "m" in words and (rupiah or words & {"jt", "rb", "juta", "ribu"}):
                values["M"] = "1000000000"
                assumption = _join(assumption, "“2 M” is read as 2 miliar (2,000,000,000)")
        return Reading(
            parse="percent" if form.percent else "money" if money else "number",
            decimal=decimal,
            unit="fraction" if form.fractions else "",
            values=values,
            share=form.share,
            why="numbers with the decimal mark “" + decimal + "”",
            assumption=assumption,
        )

    def symbol(self, column: Figures) -> NumberForm | None:
        """The currency symbols found beside the numbers of a column."""
        return self._numbers.get(column.index)

    def boolean(self, column: Figures) -> Reading:
        if not column.words:
            return Reading("boolean", share=0.0)
        known = {*TRUE, *FALSE}
        share = column.share(sum(count for word, count in column.words.items() if word.casefold() in known))
        return Reading("boolean", share=share, why="yes and no")

    def _decimal(self, column: Figures, form: NumberForm, *, money: bool) -> tuple[str, str]:
        dots, commas = form.votes
        if column.container == "number":
            return ".", ""
        if dots and commas and min(dots, commas) > 0.02 * (dots + commas):
            return form.decimal, (
                f"most cells have the decimal mark “{form.decimal}”, {min(dots, commas)} have the other and are rejected"
            )
        if not form.unsure:
            if dots or commas:
                return form.decimal, ""
            return self._decimal_of_table or ".", ""
        group, decimal = form.unsure, "," if form.unsure == "." else "."
        example = next((s for s in column.samples if group in s), f"1{group}234")
        if self._decimal_of_table:
            return self._decimal_of_table, ""
        if group == "." and not self._groups_by_dot(column, form, money):
            return ".", f"“{example}” is read with a decimal point; nothing in the table decides"
        if group == "," and not money and self._leading_zero(column, group):
            return ",", ""
        if group == "," and form.unit and self.currency in COMMA_CURRENCIES:
            return ",", f"“{example}” is read with a decimal comma, as its unit is written out"
        if money and (form.symbol.casefold() == "rp" or (group == "." and self.currency in COMMA_CURRENCIES)):
            return decimal, ""
        return decimal, f"“{example}” is read as {re.sub(r'[^0-9-]', '', example)}: “{group}” groups thousands"

    def _groups_by_dot(self, column: Figures, form: NumberForm, money: bool) -> bool:
        """Whether 1.234 is 1234: no larger number stands without a dot, and none starts with 0."""
        if self._leading_zero(column, "."):
            return False
        ungrouped = any(re.fullmatch(r"\D*0{4,}\D*", shape) for shape in column.shapes)
        return not ungrouped and (money or self.currency in COMMA_CURRENCIES or form.symbol.casefold() in ("rp", "€"))

    def _leading_zero(self, column: Figures, mark: str) -> bool:
        pattern = rf"^[^0-9]*0[{mark}][0-9]{{3}}"
        query = f"SELECT count(*) FROM {self.table.relation} WHERE regexp_matches({cleaned(column.sql)}, {literal(pattern)})"
        row = self.connection.execute(query).fetchone()
        return bool(row and row[0])

    def _table_decimal(self) -> str:
        """The decimal mark that the other number columns of the table prove."""
        votes: Counter[str] = Counter()
        for column in self.columns:
            form = self._numbers.get(column.index)
            if form and form.share > 0.5 and not self._dates.get(column.index, Forms({})).share > 0.9:
                votes["."] += min(form.votes[0], 1000)
                votes[","] += min(form.votes[1], 1000)
        if not any(votes.values()):
            return ""
        return "." if votes["."] >= votes[","] else ","

    def _date_orders(self) -> dict[int, tuple[str, str]]:
        """Order of day and month for each column that leaves it to be seen, with what was assumed."""
        opened = [(c, self._dates[c.index].separator) for c in self.columns if self._separated(c)]
        parts = parts_of_dates(self.table, opened, self.connection)
        orders: dict[int, tuple[str, str]] = {}
        for column, _ in opened:
            first, second, beyond = parts[column.index]
            if beyond > first and beyond > second:
                orders[column.index] = ("year", "")
            elif first > second:
                orders[column.index] = ("day", _minority(second, "month first"))
            elif second > first:
                orders[column.index] = ("month", _minority(first, "day first"))
        unsettled = [(c, s) for c, s in opened if c.index not in orders]
        decided: Counter[tuple[str, str]] = Counter(
            (separator, orders[c.index][0]) for c, separator in opened if c.index in orders
        )
        for column, separator in unsettled:
            same = [(count, order) for (mark, order), count in decided.items() if mark == separator and order != "year"]
            if same:
                orders[column.index] = (max(same)[1], "")
        left = [(c, s) for c, s in unsettled if c.index not in orders]
        if left:
            order = self._order_by_time(left) or ("month" if self._looks_american(left) else "day")
            certain = bool(self._order_by_time(left))
            for column, _ in left:
                sample = next((s for s in column.samples if re.search(r"\d", s)), "03/04/2026")
                note = "" if certain else f"“{sample}” is read with the {order} first; nothing in the table decides"
                orders[column.index] = (order, note)
        return orders

    def _only_midnight(self, column: Figures) -> bool:
        if column.index not in self._midnight:
            self._midnight[column.index] = only_midnight(self.table, column, self.connection)
        return self._midnight[column.index]

    def _separated(self, column: Figures) -> bool:
        forms = self._dates.get(column.index)
        return forms is not None and bool(forms.separator) and forms.share > 0.3

    def _looks_american(self, columns: list[tuple[Figures, str]]) -> bool:
        if any(separator == "." for _, separator in columns):
            return False
        if any(self._dates[c.index].half_day for c in self.columns if c.index in self._dates):
            return True
        if self.timezone in US_ZONES:
            return True
        return self.currency == "USD" and self.timezone in ("", "UTC", "Etc/UTC", "GMT")

    def _order_by_time(self, columns: list[tuple[Figures, str]]) -> str:
        """The order in which nothing lies in the future and nothing ends before it starts; "" where both do."""
        wrong: dict[str, int] = {}
        for order in ("day", "month"):
            parts = []
            dated = {c.index: self._parsed(c, order) for c, _ in columns}
            for column, _ in columns:
                if not _FUTURE.search(plain(column.header)) and not _LAST.search(plain(column.header)):
                    parts.append(f"count_if({dated[column.index]} > DATE {literal(self.today.isoformat())})")
                if _FIRST.search(plain(column.header)):
                    parts += [
                        f"count_if({dated[column.index]} > {dated[other.index]})"
                        for other, _ in columns
                        if _LAST.search(plain(other.header)) and other.index != column.index
                    ]
            if not parts:
                return ""
            row = self.connection.execute(f"SELECT {', '.join(parts)} FROM {self.table.relation}").fetchone()
            wrong[order] = sum(row or ())
        if wrong["day"] == wrong["month"]:
            return ""
        return min(wrong, key=lambda order: wrong[order])

    def _parsed(self, column: Figures, order: str) -> str:
        form = next(form for form in self._dates[column.index].counts if form.startswith(OPEN_ORDER))
        return f"CAST(try_strptime({cleaned(column.sql)}, {literal(_in_order(form, order))}) AS DATE)"


def _in_order(form: str, order: str) -> str:
    mark = form[len(OPEN_ORDER)]
    if order == "year":
        return form.replace(OPEN_ORDER + mark + "%y", f"%y{mark}%m{mark}%d").replace(
            OPEN_ORDER + mark + "%Y", f"%d{mark}%m{mark}%Y"
        )
    return form.replace(OPEN_ORDER, f"%d{mark}%m" if order == "day" else f"%m{mark}%d")


def _minority(count: int, how: str) -> str:
    return f"{count} cells can only be read with the {how} and are rejected" if count else ""


def _join(first: str, second: str) -> str:
    return f"{first}; {second}" if first else second
