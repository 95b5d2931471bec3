"""A card: one KPI of one period with what it was before, its line of periods, and its target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tolok.kpis.definition import Definition
from tolok.money import round_half_up
from tolok.query.answer import Row
from tolok.query.question import Question, Viewer
from tolok.targets.pace import ON_PACE, Pace
from tolok.web.asking import SPARK, Asking
from tolok.web.scorecard.mark import Mark
from tolok.web.targets.paces import pace_of


@dataclass(frozen=True)
class Card:
    """What one KPI shows. ``share`` is the value in percent of the target, as displayed."""

    definition: Definition
    name: str
    row: Row
    line: tuple[float | None, ...]
    currency: str
    pace: Pace | None = None
    mark: Mark | None = None

    @property
    def share(self) -> Decimal | None:
        if self.row.value is None or not self.row.target or self.row.target <= 0:
            return None
        return round_half_up(100 * Decimal(str(self.row.value)) / Decimal(str(self.row.target)), 0)

    @property
    def running(self) -> Decimal | None:
        """In percent of where it should be by now; None once the period is over."""
        return self.pace.of_pace if self.pace is not None and not self.pace.is_over else None

    @property
    def status(self) -> str:
        """Judged from the displayed figure: 89.9 % shown as 90 % is not red. Lower-is-better is turned round.

        In a period that is not over it is the pace that is judged: half a month is not behind for being half.
        """
        if self.share is None:
            return ""
        if self.running is not None:
            return "bad" if self.running < 90 else "warn" if self.running < ON_PACE[0] else "good"
        share = self.share
        if self.definition.better == "lower":
            share = Decimal(200) - share
        return "good" if share >= 100 else "warn" if share >= 90 else "bad"


def cards(asking: Asking, kpis: tuple[str, ...], viewer: Viewer, language: str) -> dict[str, Card]:
    """The cards of some KPIs, by id, asked in one call."""
    wanted = tuple(kpi for kpi in kpis if kpi in asking.workspace.definitions)
    start, end = asking.span(SPARK[asking.grain] - 1)
    answer = asking.workspace.answer(
        Question(
            kpis=wanted,
            grain=asking.grain,  # type: ignore[arg-type]
            start=start,
            end=end,
            where=asking.where,
            compare=asking.compare,
            viewer=viewer,
        )
    )
    targets = asking.workspace.answer(
        Question(
            kpis=wanted,
            grain=asking.grain,  # type: ignore[arg-type]
            start=asking.period.start,
            end=asking.whole.end,
            where=asking.where,
            compare="target",
            viewer=viewer,
            only_targets=True,
        )
    )
    planned = {row.kpi: row.target for row in targets.rows()}
    lines: dict[str, list[Row]] = {}
    for row in answer.rows():
        lines.setdefault(row.kpi, []).append(row)
    found = {}
    for kpi, rows in lines.items():
        definition = asking.workspace.definitions[kpi]
        last = rows[-1]
        found[kpi] = Card(
            definition,
            definition.words_in(language).name,
            Row(**{**last.__dict__, "target": planned.get(kpi)}),
            tuple(row.value for row in rows),
            answer.currency,
            pace_in(asking, definition, planned.get(kpi), last),
        )
    return found


def pace_in(asking: Asking, definition: Definition, target: float | None, row: Row) -> Pace | None:
    """The pace of a target in a period that is not over; None once it is."""
    if not target or asking.ends_on >= asking.whole.end:
        return None
    actual = None if row.value is None else Decimal(str(row.value))
    return pace_of(asking.workspace, definition, Decimal(str(target)), actual, asking.whole, asking.ends_on)
