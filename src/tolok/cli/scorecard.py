"""The scorecard: leading beside lagging, with fair change, the last twelve months and the target."""

from __future__ import annotations

import io
from datetime import date

from tolok.money import format_value
from tolok.query.answer import Row
from tolok.query.question import Question
from tolok.workspace import Workspace

LAGGING = ("revenue", "deals_won", "win_rate", "average_deal_size", "sales_cycle_length", "nps")
LEADING = ("new_leads", "qualified_leads", "lead_response_time", "meetings", "open_pipeline", "pipeline_coverage")
BARS = "▁▂▃▄▅▆▇█"
MONTHS = 12


def scorecard(workspace: Workspace, *, colour: bool) -> str:
    """The last month that the data covers, against the one before."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    ends = workspace.snapshot().ends_on or date.min
    month = workspace.calendar.period_of(ends, "month")
    first = workspace.calendar.step(month, 1 - MONTHS)
    kpis = tuple(name for name in (*LAGGING, *LEADING) if name in workspace.definitions)
    common = {"grain": "month", "start": first.start, "end": ends}
    answer = workspace.answer(Question(kpis=kpis, compare="previous", **common))  # type: ignore[arg-type]
    targets = workspace.answer(Question(kpis=kpis, compare="target", only_targets=True, **common))  # type: ignore[arg-type]
    rows: dict[str, list[Row]] = {}
    for row in answer.rows():
        rows.setdefault(row.kpi, []).append(row)
    planned = {row.kpi: row.target for row in targets.rows()}  # the last month's comes last
    language = workspace.settings.language
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    words = {
        "en": ("lagging", "leading", "change", "12 months", "of target"),
        "id": ("hasil", "penggerak", "perubahan", "12 bulan", "dari target"),
    }[language]
    table.add_column(words[0])
    table.add_column(month.label, justify="right")
    table.add_column(words[2], justify="right")
    table.add_column(words[3])
    table.add_column(words[4], justify="right")
    for group, names in ((words[0], LAGGING), (words[1], LEADING)):
        if group == words[1]:
            table.add_section()
            table.add_row(f"[bold]{group}[/bold]")
        for name in names:
            if name not in rows:
                continue
            last = rows[name][-1]
            target = planned.get(name)
            share = f"{100 * last.value / target:.0f}%" if last.value is not None and target else ""
            table.add_row(
                workspace.definitions[name].words_in(language).name,
                format_value(last.value, last.unit, answer.currency, language),
                _change(last, language),
                _spark([row.value for row in rows[name]]),
                share,
            )
    out = io.StringIO()
    Console(file=out, width=100, force_terminal=colour, highlight=False).print(table)
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines())
    to_date = "" if month.end <= ends else f" (until {ends})"
    before = workspace.calendar.step(month, -1).label
    return f"{workspace.settings.name}: {month.label}{to_date} against {before}\n\n{text}"


def _change(row: Row, language: str) -> str:
    if row.change is None:
        return ""
    unit = "score" if row.unit in ("percent", "score") else "percent"
    sign = "+" if row.change > 0 else ""
    return sign + format_value(row.change, unit, "", language) + (" pts" if unit == "score" else "")


def _spark(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    scale = (len(BARS) - 1) / (high - low) if high > low else 0
    return "".join(" " if value is None else BARS[int((value - low) * scale)] for value in values)
