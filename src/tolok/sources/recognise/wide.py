"""Tables with periods as headings ("Jan 2026", "Q1", "2026-03"), and tables of a date with several unknown series."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tolok.sources.headings import named, normal, stem, table_words
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise.columns import map_column
from tolok.sources.recognise.meanings import vocabularies
from tolok.sources.recognise.tables import assign
from tolok.sources.values.date_forms import shape_form
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading
from tolok.sources.values.words import MONTHS, plain


def period_form(heading: str) -> tuple[str, str]:
    """The form and grain of a heading that is a month, a quarter or a year; two empty strings where it is none.

    >>> period_form("Jan 2026"), period_form("2026-03"), period_form("Q1 2026"), period_form("Agt")
    (('%b %Y', 'month'), ('%Y-%m', 'month'), ('quarter', 'quarter'), ('%b', 'month'))
    """
    text = heading.strip()
    if plain(text).rstrip(".") in MONTHS:
        return "%b", "month"
    if re.fullmatch(r"(?i)(q|tw|kuartal |quarter )[1-4]", text):
        return "quarter", "quarter"
    shape = "".join("0" if letter.isdigit() else letter for letter in text)
    form = shape_form(shape)[0]
    if form == "quarter":
        return form, "quarter"
    if form == "%Y" and 1950 <= int(text) <= 2100:
        return form, "year"
    if form == "iso":
        return form, "month" if text.endswith(("-01", "/01")) else ""
    return (
        (form, "month")
        if form in ("%b %Y", "%b-%y", "%b %y", "%Y-%m", "%m/%Y", "%Y/%m", "%b-%Y", "%b '%y", "%B %Y")
        else ("", "")
    )


_HAPPENED = frozenset(
    ["actual", "actuals", "sales", "revenue", "turnover", "results", "achievement", "penjualan", "omzet", "omset", "realisasi",
     "pencapaian", "aktual", "umsatz", "ist", "ventes", "realise", "ca", "ventas", "vendas", "vendite", "verkopen", "realizado"]
)  # fmt: skip
"""What a table is called that holds what was reached, not what was aimed at."""


def wide_periods(reading: TableReading, today: date) -> TableMapping | None:
    """A table with at least two periods as headings: targets by period, or series in time."""
    periods = [(column, *period_form(column.header)) for column in reading.columns]
    taken = [(column, form, grain) for column, form, grain in periods if grain and _numeric(reading, column)]
    forms = {form for _, form, _ in taken}
    if len(taken) < 2 or len(forms) != 1:
        return None
    form, grain = taken[0][1], taken[0][2]
    words = table_words(reading.table.file, reading.table.sheet)
    others = [column for column in reading.columns if column.index not in {c.index for c, _, _ in taken}]
    is_target = named(words, vocabularies()["targets"].names) > 0 or not others
    # "sales targets" are targets, "sales by rep" are not
    rest = frozenset(c.index for c, _, _ in taken)
    scopes = assign(reading, "targets", taken=rest, filled=frozenset({"value", "from_on", "to_on", "source_id"}))
    people = any(assigned.to in ("rep_id", "team_id") for assigned in scopes)
    happened = bool({word for text in words for word in text.split()} & _HAPPENED) and not is_target
    fact = "targets" if is_target or (people and not happened) else "observations"
    if fact == "observations":
        scopes = assign(reading, "observations", taken=rest, filled=frozenset({"value", "on", "source_id"}))
    assumption, year = "", ""
    if (
        "%Y" not in form
        and "%y" not in form
        and form != "%Y"
        and not (form == "quarter" and _has_year(taken[0][0].header))
    ):
        year = _year_of(reading.table.file + " " + reading.table.sheet) or str(today.year)
        assumption = f"the headings name no year; {year} is taken"
    decimal = next((reading.number(c, money=True).decimal for c, _, _ in taken if c.filled), ".")
    columns = [mapped for assigned in scopes for mapped in map_column(reading, assigned, fact)]
    date_to = "from_on" if fact == "targets" else "on"
    columns.append(
        ColumnMapping(
            "@header", date_to, parse="date", format=form, unit=year, why="periods as headings", assumption=assumption
        )
    )
    columns.append(ColumnMapping("@cell", "value", parse="number", decimal=decimal, why="cells under the periods"))
    constants: dict[str, str] = {}
    if fact == "targets":
        constants = {"to_on": grain, "kpi": _kpi(words)}
        if not is_target:
            note = "amounts of people under periods are taken for targets"
            said = columns[-2].assumption
            columns[-2] = replace(columns[-2], assumption=f"{said}; {note}" if said else note)
    else:
        constants = {"grain": grain}
        if "series" not in {column.to for column in columns}:
            constants["series"] = _series(words[0] if words else "series")
    return TableMapping(
        table=reading.table.sheet or stem(reading.table.file),
        fact=fact,
        columns=tuple(columns),
        constants=constants,
        unpivot=tuple(column.header for column, _, _ in taken),
        unpivot_to=(date_to, "value"),
        system="plain",
        confidence=0.8,
    )


def series_in_time(reading: TableReading) -> TableMapping | None:
    """A table of one date and several numbers that nothing else knows: each number a series."""
    dated = [(c, reading.date(c)) for c in reading.columns]
    dates = [c for c, read in dated if read.share > 0.9 and (not read.bare or _dateish(c.header))]
    if len(dates) != 1:
        return None
    known = assign(
        reading,
        "observations",
        taken=frozenset({dates[0].index}),
        filled=frozenset({"value", "on", "series", "source_id", "unit"}),
    )
    scopes = [assigned for assigned in known if not _numeric(reading, assigned.figures)]
    left = {dates[0].index, *(assigned.figures.index for assigned in scopes)}
    numbers = [c for c in reading.columns if c.index not in left and c.filled and _numeric(reading, c)]
    texts = [c for c in reading.columns if c.index not in left and c not in numbers and c.filled]
    if not numbers or len(texts) > len(numbers) or any(re.search(r"(^| )id$", normal(c.header)) for c in numbers):
        return None
    read = reading.date(dates[0])
    columns = [
        ColumnMapping(
            dates[0].header,
            "on",
            parse="date",
            format=read.format,
            assumption=read.assumption,
            samples=dates[0].samples[:3],
        )
    ]
    columns += [mapped for assigned in scopes for mapped in map_column(reading, assigned, "observations")]
    columns.append(ColumnMapping("@header", "series", why="each heading is a series"))
    columns.append(ColumnMapping("@cell", "value", parse="number", decimal=reading.number(numbers[0]).decimal))
    return TableMapping(
        table=reading.table.sheet or stem(reading.table.file),
        fact="observations",
        columns=tuple(columns),
        unpivot=tuple(c.header for c in numbers),
        unpivot_to=("series", "value"),
        system="plain",
        confidence=0.6,
    )


def _numeric(reading: TableReading, column: Figures) -> bool:
    return column.filled == 0 or reading.number(column).share > 0.8


def _dateish(header: str) -> bool:
    return normal(header) in set(vocabularies()["observations"].columns["on"]) | {
        "year",
        "tahun",
        "ano",
        "jahr",
        "annee",
    }


def _has_year(heading: str) -> bool:
    return bool(re.search(r"(19|20)\d\d", heading))


def _year_of(text: str) -> str:
    found = re.search(r"(?<!\d)(20\d\d)(?!\d)", text)
    return found[0] if found else ""


def _series(text: str) -> str:
    return re.sub(r"\W+", "_", plain(text)).strip("_") or "series"


def _kpi(words: list[str]) -> str:
    text = " ".join(words)
    for kpi, marks in {
        "calls": ("call", "telepon"), "meetings": ("meeting",), "visits": ("visit", "kunjungan"), "new_leads": ("lead",),
        "deals_won": ("deals won", "unit"),
    }.items():  # fmt: skip
        if any(mark in text for mark in marks):
            return kpi
    return "revenue"
