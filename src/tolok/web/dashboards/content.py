"""A dashboard as a file: its figures in one table, then a table for each card that has rows, and its charts."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tolok.reports.content import Cell, Column, Content, Table
from tolok.web.asking import Asking
from tolok.web.dashboards.card import NOTE, TREND
from tolok.web.dashboards.shown import Shown
from tolok.web.exports import about, organisation
from tolok.web.look.tags import language


def content(name: str, asking: Asking, cards: Sequence[Shown]) -> Content:
    """What a dashboard shows to who looks at it."""
    tables = [*_figures(cards), *(table for card in cards if (table := _table(card)) is not None)]
    charts = tuple(card.chart for card in cards if card.chart is not None)
    notes = [card.card.text for card in cards if card.card.form == NOTE]
    notes += [f"{card.title}: {card.fault}" for card in cards if card.fault]
    return Content(name, organisation(), about(asking), tuple(tables), charts, tuple(notes), language())


def _named(card: Shown) -> str:
    return " · ".join((card.title, *card.about))


def _figures(cards: Sequence[Shown]) -> list[Table]:
    """The cards of one figure each. They keep their own units, so the unit stands beside."""
    rows: list[tuple[Cell, ...]] = []
    for card in cards:
        if card.line is None or card.card.form == TREND:
            continue
        figure = card.line.figure
        row = figure.row
        unit = card.currency if row.unit == "money" else row.unit
        rows.append((_named(card), row.value, unit, row.compared_value, row.change, row.target, figure.share))
    columns = (
        Column(_("KPI")),
        Column(_("Value"), "figure"),
        Column(_("Unit")),
        Column(_("Compared with"), "figure"),
        Column(_("Change"), "figure"),
        Column(_("Target"), "figure"),
        Column(_("% of target"), "count"),
    )
    return [Table(_("Figures"), columns, tuple(rows))] if rows else []


def _table(card: Shown) -> Table | None:
    if card.chart is not None and card.line is not None:
        unit = card.line.figure.row.unit
        columns = (Column(_("Period")), Column(card.title, unit), Column(_("Target"), unit))
        rows = tuple((point.label, point.value, point.target) for point, _row in card.points)
        return Table(_named(card), columns, rows, card.currency)
    if card.parts is not None:
        members = card.parts.breakdown.members
        unit = members[0].row.unit if members else "count"
        change = "score" if unit in ("percent", "score") else "percent"
        columns = (
            Column(card.by_name),
            Column(card.title, unit),
            Column(_("Change"), change),
            Column(_("Rows"), "count"),
        )
        lines = tuple((one.name or _("(none)"), one.row.value, one.row.change, one.row.count) for one in members)
        return Table(_named(card), columns, lines, card.currency)
    if card.stages:
        columns = (
            Column(_("Stage")),
            Column(_("Deals"), "count"),
            Column(_("Amount"), "money"),
            Column(_("Goes on"), "percent"),
        )
        stages = tuple((s.name, s.count, s.amount, s.conversion.value if s.conversion else None) for s in card.stages)
        return Table(_named(card), columns, stages, card.currency)
    return None
