"""A definition tried on the data before anybody writes it down: its figure, trend, breakdown, rows, gaps, examples."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from tolok.errors import TolokError
from tolok.kpis.definition import Definition, Example
from tolok.query.answer import Row
from tolok.query.drill import Records
from tolok.query.examples import agrees, run
from tolok.query.question import Question, Viewer
from tolok.web.asking import named
from tolok.web.kpi.breakdown import NAMES
from tolok.web.kpi.rows import Side, shown_side
from tolok.web.kpis.gaps import missing
from tolok.web.look.tags import said
from tolok.workspace import Workspace

MONTHS = 13
ROWS = 10
MEMBERS = 8
FIRST = ("team", "rep", "region", "product", "segment", "industry", "kind", "status")
"""The dimensions that a breakdown starts with, best first."""


@dataclass(frozen=True)
class Shown:
    """What an example should give and what it gives. ``place`` is its number in the file."""

    place: int
    example: Example
    passes: bool
    expected: str
    got: str


@dataclass(frozen=True)
class Trial:
    """What a definition answers here. ``problem`` says why it cannot be asked at all."""

    unit: str = ""
    currency: str = ""
    last: Row | None = None
    period: str = ""
    line: tuple[float | None, ...] = ()
    months: tuple[tuple[str, Row], ...] = ()
    by: str = ""
    by_name: str = ""
    dimensions: tuple[tuple[str, str], ...] = ()
    members: tuple[Row, ...] = ()
    total_members: int = 0
    sql: str = ""
    rows: tuple[Side, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def named_members(self) -> tuple[tuple[str, Row], ...]:
        return tuple((row.members[self.by] or "", row) for row in self.members)


def tried(workspace: Workspace, definitions: dict[str, Definition], id_: str, viewer: Viewer, *, by: str = "") -> Trial:
    """Ask a definition of the data, with the rights of who asks."""
    snapshot = workspace.snapshots.current()
    definition = definitions[id_]
    gaps = missing(workspace, definition, definitions)
    if snapshot is None or snapshot.coverage.ends_on is None:
        return Trial(missing=gaps, problem=_("There is no data yet to try it on."))
    trial = workspace.trying(definitions)
    ends, calendar = snapshot.coverage.ends_on, workspace.calendar
    month = calendar.period_of(ends, "month")
    start = calendar.step(month, 1 - MONTHS).start
    try:
        answer = trial.answer(Question((id_,), grain="month", start=start, end=ends, compare="previous", viewer=viewer))
        rows = tuple(answer.rows())
        last = rows[-1]
        dimensions = trial.breakdowns(id_)
        by = by if by in dimensions else next((one for one in (*FIRST, *dimensions) if one in dimensions), "")
        members: list[Row] = []
        if by:
            broken = trial.answer(Question((id_,), start=month.start, end=ends, by=(by,), viewer=viewer))
            members = [row for row in broken.rows() if row.value is not None]
            members.sort(key=lambda row: (-(row.value or 0), row.members[by] or ""))
        return Trial(
            unit=last.unit,
            currency=answer.currency,
            last=last,
            period=named(calendar.whole(last.period)),
            line=tuple(row.value for row in rows),
            months=tuple((named(calendar.whole(row.period)), row) for row in reversed(rows)),
            by=by,
            by_name=str(NAMES.get(by, by)),
            dimensions=tuple((one, str(NAMES[one])) for one in dimensions),
            members=tuple(members[:MEMBERS]),
            total_members=len(members),
            sql=answer.sql,
            rows=_rows(trial, id_, Question((id_,), start=month.start, end=ends, viewer=viewer)),
            missing=gaps,
            notes=tuple(dict.fromkeys(map(said, answer.notes))),
        )
    except TolokError as problem:
        return Trial(missing=gaps, problem=said(str(problem)))


def _rows(trial: Workspace, id_: str, question: Question) -> tuple[Side, ...]:
    """The first rows that it counts, by side; none where it rests on no rows."""
    try:
        found: list[Records] = trial.records(question, limit=ROWS)
    except TolokError:
        return ()
    return tuple(shown_side(records, trial) for records in found)


def examples(definitions: dict[str, Definition], id_: str) -> tuple[Shown, ...]:
    """Each example of a KPI, run."""
    definition = definitions[id_]
    found = []
    for place, example in enumerate(definition.examples):
        try:
            value = run(definition, example, definitions)
            passes, got = agrees(example, value), _told(value)
        except (TolokError, ValueError, ArithmeticError) as problem:
            passes, got = False, said(str(problem))
        found.append(Shown(place, example, passes, _told(example.answer), got))
    return tuple(found)


def _told(value: object) -> str:
    if value is None:
        return _("no answer")
    if isinstance(value, dict):
        return ", ".join(f"{member or _('(none)')} {_told(one)}" for member, one in value.items())
    exact = Decimal(str(value))
    rounded = round(exact, 4)
    return str(int(rounded)) if rounded == rounded.to_integral_value() else format(rounded.normalize(), "f")
