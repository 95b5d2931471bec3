"""A dashboard as its viewer sees it: each card with its figures, or a sentence why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from tolok.app.access import Access
from tolok.charts.trend import Point, trend
from tolok.errors import TolokError, WorkspaceError
from tolok.web.asking import Asking, named
from tolok.web.dashboards.card import BREAKDOWN, FORMS, FUNNEL, NOTE, TABLE, TREND, Card
from tolok.web.dashboards.figures import Line, Parts, grouped, lines, parts
from tolok.web.dashboards.parts import Narrowed, asking_of, narrowed
from tolok.web.kpi.breakdown import NAMES, Member
from tolok.web.look.tags import said
from tolok.web.pipeline.stages import StageLine, pipelines, stage_lines

MOST_MEMBERS = {BREAKDOWN: 8, TABLE: 12}


@dataclass(frozen=True)
class Shown:
    """One card, answered. ``fault`` says why there is no figure; ``about`` what it is narrowed to."""

    card: Card
    title: str
    about: tuple[str, ...] = ()
    address: str = ""
    fault: str = ""
    line: Line | None = None
    parts: Parts | None = None
    members: tuple[Member, ...] = ()
    by_name: str = ""
    stages: tuple[StageLine, ...] = ()
    total: int = 0
    points: tuple[tuple[Point, Any], ...] = ()
    chart: dict[str, Any] | None = None
    currency: str = ""

    @property
    def form_name(self) -> str:
        return str(FORMS[self.card.form])

    @property
    def chart_id(self) -> str:
        return f"chart-{self.card.id}"

    @property
    def hidden(self) -> int:
        """Members or stages that there is no room for."""
        return self.total - len(self.members) - len(self.stages)

    @property
    def has_targets(self) -> bool:
        return self.line is not None and any(target is not None for target in self.line.targets)


def shown(
    page: Asking, cards: Sequence[Card], access: Access, language: str, *, chart_height: int = 200, most: int = 0
) -> tuple[Shown, ...]:
    """The cards in their order, answered for who looks at them; ``most`` rows of each, 0 for as many as its form has."""
    askings = {card.id: asking_of(page, card, access) for card in cards}
    answerable = [card for card in cards if card.asks_kpi and _why_not(askings[card.id], card) == ""]
    lined = [card for card in answerable if not card.lists]
    listed = [card for card in answerable if card.lists]
    found: dict[str, Line | Parts | TolokError] = {}
    for some, ask in ((lined, lines), (listed, parts)):
        groups, places = grouped(
            (askings[card.id], card.by if card.lists else "", card.kpi, card.variant) for card in some
        )
        answers = [ask(group, access.viewer, language) for group in groups]
        for card, place in zip(some, places, strict=True):
            found[card.id] = answers[next(n for n, group in enumerate(groups) if group is place)][card.kpi]  # type: ignore[index]
    result = []
    for card in cards:
        asking = askings[card.id]
        result.append(_shown(page, asking, card, access, found.get(card.id), language, chart_height, most))
    return tuple(result)


def _why_not(asking: Asking, card: Card) -> str:
    """Why a card has no figure before it is asked, "" where it may be."""
    definition = asking.workspace.definitions.get(card.kpi)
    if definition is None:
        return _("This KPI is no longer defined. Choose another, or remove the card.")
    if card.variant and card.variant not in definition.variants:
        return _("This variant is no longer defined. Choose another, or remove the card.")
    if card.lists and not card.by:
        return _("Choose by what this card is broken down.")
    return ""


def _shown(
    page: Asking,
    asking: Asking,
    card: Card,
    access: Access,
    answer: Line | Parts | TolokError | None,
    language: str,
    height: int,
    most: int,
) -> Shown:
    if card.form == NOTE:
        return Shown(card, card.title or _("Note"))
    if card.form == FUNNEL:
        return _funnel(asking, card, access, narrowed(page, asking, card, access), most)
    why = _why_not(asking, card)
    if why:
        return Shown(card, card.title or card.kpi, fault=why)
    words = asking.workspace.definitions[card.kpi].words_in(language)
    title = card.title or words.name
    cut = narrowed(page, asking, card, access)
    about = (*((words.variants.get(card.variant, card.variant),) if card.variant else ()), *cut.words)
    if isinstance(answer, TolokError):
        return Shown(card, title, about, cut.address, fault=_why(answer, card, access))
    base = Shown(card, title, about, cut.address)
    if isinstance(answer, Parts):
        members = answer.breakdown.members[: most or MOST_MEMBERS[card.form]]
        by_name = str(NAMES.get(card.by, card.by))
        base = replace(base, about=(_("By %(by_name)s") % {"by_name": by_name}, *about))
        return replace(
            base, parts=answer, members=members, by_name=by_name, total=answer.breakdown.total, currency=answer.currency
        )
    if not isinstance(answer, Line):
        return base
    base = replace(base, line=answer, currency=answer.figure.currency)
    return _trend(asking, base, answer, language, height) if card.form == TREND else base


def _why(error: TolokError, card: Card, access: Access) -> str:
    """Why a question was refused, unless the words could name what the viewer may not read."""
    return said(error.message) if card.may_be_read(access) else _("There is nothing in it that is yours to see.")


def _trend(asking: Asking, base: Shown, line: Line, language: str, height: int) -> Shown:
    points = tuple(
        Point(named(asking.workspace.calendar.whole(row.period)), row.value, target, row.partial)
        for row, target in zip(line.rows, line.targets, strict=True)
    )
    words = {"actual": _("Actual"), "target": _("Target")}
    chart = trend(points, line.figure.row.unit, line.figure.currency, language, words=words, height=height)
    return replace(base, points=tuple(zip(points, line.rows, strict=True)), chart=chart)


def _funnel(asking: Asking, card: Card, access: Access, cut: Narrowed, most: int) -> Shown:
    chosen = next((one for one in pipelines(asking) if one.id == card.pipeline), None) if card.pipeline else None
    title = card.title or (chosen.name if chosen is not None else _("Pipeline"))
    if card.pipeline and chosen is None:
        return Shown(card, title, cut.words, "", fault=_("This pipeline is no longer in the data. Choose another."))
    try:
        stages = tuple(stage_lines(asking, card.pipeline, access.viewer))
    except WorkspaceError:
        raise
    except TolokError as error:
        return Shown(card, title, cut.words, cut.address, fault=_why(error, card, access))
    return Shown(
        card,
        title,
        cut.words,
        cut.address,
        stages=stages[: most or None],
        total=len(stages),
        currency=asking.workspace.settings.currency,
    )
