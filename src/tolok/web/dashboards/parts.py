"""What one card is asked: the page's question with what the card says itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tolok.app.access import Access
from tolok.query.question import Filter
from tolok.query.reporting import Team
from tolok.web.asking import COMPARISONS, Asking
from tolok.web.dashboards.card import FUNNEL, NOTE, Card
from tolok.web.kpi.breakdown import NAMES


def asking_of(asking: Asking, card: Card, access: Access) -> Asking:
    """The question of a card. A part that the viewer may not choose still narrows: their own rows of it, often none."""
    found = asking
    if card.period and card.period != asking.grain:
        whole = asking.workspace.calendar.period_of(min(asking.whole.end, asking.ends_on), card.period)  # type: ignore[arg-type]
        period = asking.workspace.calendar.periods(whole.start, min(whole.end, asking.ends_on), card.period)[0]  # type: ignore[arg-type]
        found = replace(found, grain=card.period, whole=whole, period=period)
    if card.compare:
        found = replace(found, compare=card.compare)  # type: ignore[arg-type]
    if card.rep:
        found = replace(found, rep=card.rep)
    if card.team:
        team = access.organisation.teams.get(card.team)
        found = replace(found, team=team or Team(card.team, "", "", ""))
    if card.where:
        found = replace(found, given=filters_of(card))
    return found


def filters_of(card: Card) -> tuple[Filter, ...]:
    """The conditions of a card; several values of one dimension are any of them."""
    values: dict[str, list[str]] = {}
    for column, value in card.where:
        values.setdefault(column, []).append(value)
    return tuple(Filter(column, tuple(each)) for column, each in values.items())


@dataclass(frozen=True)
class Narrowed:
    """In words what a card is about beyond what the page asks, and where it opens."""

    words: tuple[str, ...]
    address: str


def narrowed(page: Asking, asking: Asking, card: Card, access: Access) -> Narrowed:
    """Period, team, rep and condition of a card, as far as the viewer may read them."""
    words = []
    if asking.grain != page.grain:
        words.append(asking.title)
    if card.compare and card.compare != page.compare:
        words.append(_("against: %(comparison)s") % {"comparison": str(COMPARISONS[card.compare]).lower()})
    if not card.may_be_read(access):
        return Narrowed((*words, _("of a part that is not yours to see")), "")
    if card.team and asking.team is not None:
        words.append(asking.team.name or card.team)
    if card.rep:
        rep = access.organisation.reps.get(card.rep)
        words.append(rep.name if rep is not None else card.rep)
    words += [f"{NAMES.get(one.column, one.column)}: {', '.join(one.values)}" for one in filters_of(card)]
    return Narrowed(tuple(words), _address(asking, card, access))


def _address(asking: Asking, card: Card, access: Access) -> str:
    """The page of the card's KPI, or of the pipeline, that asks the same."""
    if card.form == NOTE or (asking.rep and asking.rep not in access.organisation.reps):
        return ""
    if asking.team is not None and asking.team.id not in access.organisation.teams:
        return ""
    said = [("period", asking.grain), ("compare", asking.compare)]
    said += [("at", _day(asking).isoformat())]
    said += [("team", asking.team.id)] if asking.team is not None else []
    said += [("rep", asking.rep)] if asking.rep else []
    if card.form == FUNNEL:
        said += [("pipeline", card.pipeline)] if card.pipeline else []
        return f"{reverse('pipeline')}?{urlencode(said)}"
    said += [("variant", card.variant)] if card.variant else []
    said += [("by", card.by)] if card.by else []
    said += [("where", f"{one.column}={value}") for one in asking.given for value in one.values]
    return f"{reverse('kpi', args=[card.kpi])}?{urlencode(said)}"


def _day(asking: Asking) -> date:
    return asking.period.end
