"""The rows behind a figure, side by side with what they were counted as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app.access import Access
from tolok.model import FACTS
from tolok.query.drill import Records
from tolok.query.question import Filter, Question
from tolok.reports.content import Cell, Column, Content, Table
from tolok.web.asking import COMPARISONS, GRAINS, asked
from tolok.web.exports import about, exported, organisation
from tolok.web.kpi.cells import FIRST, called, written
from tolok.web.kpi.variants import variant_of
from tolok.web.kpi.view import definition_of
from tolok.web.look.tags import language
from tolok.web.records.links import addresses, way_of
from tolok.web.records.words import chosen as in_words
from tolok.web.records.words import several
from tolok.workspace import Workspace

MOST = 200
"""Rows that a page shows; the export has all."""

MOST_IN_FILE = 200_000

SIDES = {
    "of": gettext_lazy("What is counted"),
    "over": gettext_lazy("Out of which"),
    "opening": gettext_lazy("At the opening"),
    "closing": gettext_lazy("At the close"),
}
WIDE = 9
PHONE = 3
"""Columns of which a phone shows only so many."""


@dataclass(frozen=True)
class Head:
    """One column of the page: what it is called, whether it holds numbers, whether a phone leaves it out."""

    word: str
    numeric: bool
    scarce: bool


@dataclass(frozen=True)
class Side:
    """The rows of one side of a KPI, ready to be shown."""

    title: str
    fact: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[str, tuple[tuple[Head, str], ...]], ...]
    total: int
    why_none: str


def rows(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """The records of one KPI in one period, of what this person may see."""
    asking = asked(request, conditions=True)
    definition = definition_of(asking, kpi_id)
    variant = variant_of(request, definition)
    by, member = request.GET.get("by", ""), request.GET.get("member", "")
    where = list(asking.where)
    if by and by in asking.workspace.breakdowns(kpi_id, variant) and member:
        where.append(Filter(by, (member,)))
    question = Question(
        kpis=(kpi_id,),
        start=asking.period.start,
        end=asking.period.end,
        where=tuple(where),
        variant=variant,
        viewer=request.access.viewer,  # type: ignore[attr-defined]
    )
    words = definition.words_in(language())
    title = _("Rows behind %(kpi)s") % {"kpi": words.name}
    file = exported(
        request, lambda: _content(title, about(asking), asking.workspace.records(question, limit=MOST_IN_FILE))
    )
    if file is not None:
        return file
    found = asking.workspace.records(question, limit=MOST)
    context = {
        "title": title,
        "kpi": definition,
        "words": words,
        "asking": asking,
        "access": request.access,  # type: ignore[attr-defined]
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "sides": [shown_side(records, asking.workspace, request.access) for records in found],  # type: ignore[attr-defined]
        "most": MOST,
        "member": request.GET.get("name", member),
    }
    return render(request, "kpi/rows.html", context)


def shown_side(records: Records, workspace: Workspace, access: Access | None = None) -> Side:
    """The first rows of a side as people read them: references by name; with ``access`` each with the way to its record."""
    order = [name for name in FIRST if name in records.columns]
    hidden = {"id", "source", "extra", *order}
    others = [name for name in records.columns if name not in hidden and not name.endswith("_at")]
    chosen = (order + others)[:WIDE]
    places = [records.columns.index(name) for name in chosen]
    heads = tuple(
        Head(
            called(name),
            _unit(name, records, place) == "figure",
            number >= PHONE,
        )
        for number, (name, place) in enumerate(zip(chosen, places, strict=True))
    )
    names = _called(records, chosen, workspace)
    ways = [way_of(records.fact, dict(zip(records.columns, row, strict=True)), workspace) for row in records.rows]
    known = addresses(ways, access, workspace) if access is not None else {}
    shown = tuple(
        (
            known.get(way, "") if way is not None else "",
            tuple(
                (head, names[name].get(str(row[place]), "") or _written(records.fact, name, row[place]))
                for head, name, place in zip(heads, chosen, places, strict=True)
            ),
        )
        for way, row in zip(ways, records.rows, strict=True)
    )
    return Side(_titled(records), several(records.fact), heads, shown, records.total, records.why_none)


def _written(fact: str, name: str, value: object) -> str:
    """A cell in words; that of a closed list by what its value is called."""
    column = FACTS[fact].column(name)
    return in_words(fact, name, value) if column is not None and column.type == "choice" and value else written(value)


def _called(records: Records, chosen: list[str], workspace: Workspace) -> dict[str, dict[str, str]]:
    """By column that refers to another fact, the names of what its cells refer to."""
    found: dict[str, dict[str, str]] = {name: {} for name in chosen}
    for name in chosen:
        column = FACTS[records.fact].column(name)
        if column is not None and column.to:
            place = records.columns.index(name)
            found[name] = workspace.names(column.to, {str(row[place]) for row in records.rows if row[place]})
    return found


def _titled(records: Records) -> str:
    """The side that rows stand on, in words; of a formula with the KPI that it is a side of."""
    kpi, _space, side = records.side.rpartition(" ")
    title = str(SIDES.get(side or records.side, "")) or str(_("Rows"))
    return f"{kpi}: {title}" if kpi else title


def _content(title: str, asked: tuple[str, ...], found: list[Records]) -> Content:
    """All columns of all rows, as they are held."""
    tables = tuple(
        Table(
            _titled(records),
            tuple(Column(name, _unit(name, records, place)) for place, name in enumerate(records.columns)),
            tuple(tuple(_cell(value) for value in row) for row in records.rows),
        )
        for records in found
    )
    return Content(title, organisation(), asked, tables, language=language())


def _unit(name: str, records: Records, place: int) -> str:
    kinds = {type(row[place]) for row in records.rows[:100] if row[place] is not None}
    if kinds and kinds <= {Decimal, int, float}:
        return "figure"
    return "date" if name.endswith("_on") else ""


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | Decimal | date | bool) else str(value)
