"""TV mode: dashboards on a screen on the wall, one after the other, under the rights of who signed in there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tolok.app.models import Dashboard
from tolok.errors import QuestionError
from tolok.web.asking import asked
from tolok.web.dashboards.card import FIGURE, TARGET, TREND, Card, read
from tolok.web.dashboards.keeping import visible
from tolok.web.dashboards.shown import shown
from tolok.web.look.tags import language

EVERY = 30
SHORTEST, LONGEST = 5, 3600
"""Seconds that a screen stays."""
MOST_SHOWN = 12
COLUMNS, LINES = 4, 3
"""What fits on one screen and can be read from five metres: four columns, three lines of figures."""
LETTERS = "windowSize()[0] < 861 ? 12 : 0.026 * windowSize()[1]"
"""Size of a chart's letters, as the style has it of all others: with the height of the screen."""
CHART_HEIGHT = 320
ROWS, ROWS_ALONE = 7, 12
"""Rows of a table on part of a screen, and where one shelf has all of it."""


def tv(request: HttpRequest) -> HttpResponse:
    """The whole page, or by ``turn`` from the page itself the next screen."""
    every = _every(request)
    screens = [(one, part) for one in _chosen(request) for part in screens_of(read(one.cards))]
    by_script = getattr(request, "htmx", False)
    if not screens:
        if by_script:
            response = HttpResponse(status=204)
            response["HX-Refresh"] = "true"
            return response
        raise Http404
    turn = _turn(request) % len(screens)
    dashboard, shelves = screens[turn]
    context = {
        **_answered(request, dashboard, shelves),
        "turn": turn,
        "number": turn + 1,
        "screens": len(screens),
        "every": every,
        "again": _again(request, turn + 1),
        "theme": "light" if request.GET.get("look") == "light" else "dark",
        "asked_at": timezone.localtime(),
        "on_screen": True,
    }
    return render(request, "dashboards/screen.html" if by_script else "dashboards/tv.html", context)


@dataclass(frozen=True)
class Shelf:
    """Cards beside each other on a screen; ``height`` in lines of figures."""

    cards: tuple[Card, ...]
    height: int

    @property
    def columns(self) -> int:
        return sum(card.width for card in self.cards)


def screens_of(cards: Sequence[Card]) -> list[tuple[Shelf, ...]]:
    """The cards by screen, as many as fit, in their order; an empty dashboard is one empty screen.

    >>> [[len(shelf.cards) for shelf in screen] for screen in screens_of([Card(str(n), FIGURE) for n in range(14)])]
    [[4, 4, 4], [2]]
    """
    shelves: list[Shelf] = []
    for card in cards:
        height = 1 if card.form in (FIGURE, TARGET) else 2
        if shelves and shelves[-1].columns + card.width <= COLUMNS:
            shelves[-1] = Shelf((*shelves[-1].cards, card), max(shelves[-1].height, height))
        else:
            shelves.append(Shelf((card,), height))
    screens: list[tuple[Shelf, ...]] = [()]
    for shelf in shelves:
        if screens[-1] and sum(one.height for one in screens[-1]) + shelf.height > LINES:
            screens.append(())
        screens[-1] = (*screens[-1], shelf)
    return screens


def _answered(request: HttpRequest, dashboard: Dashboard, shelves: tuple[Shelf, ...]) -> dict[str, Any]:
    asking = asked(request)
    cards = [card for shelf in shelves for card in shelf.cards]
    found = shown(
        asking,
        cards,
        request.access,
        language(),
        chart_height=CHART_HEIGHT,
        most=ROWS_ALONE if len(shelves) == 1 else ROWS,
    )  # type: ignore[attr-defined]
    for card in found:
        if card.chart is not None:
            card.chart["config"]["axis"]["labelFontSize"] = {"expr": LETTERS}
            card.chart["config"]["axis"]["labelPadding"] = 12
            card.chart["height"] = "container"
    by_id = {card.card.id: card for card in found}
    return {
        "title": dashboard.name,
        "dashboard": dashboard,
        "asking": asking,
        "shelves": [(shelf, [by_id[card.id] for card in shelf.cards]) for shelf in shelves],
        "draws": any(card.card.form == TREND for card in found),
    }


def _chosen(request: HttpRequest) -> list[Dashboard]:
    """The dashboards that the address names, in its order; those that are not one's to open are left out."""
    ids = [int(text) for text in request.GET.getlist("show")[:MOST_SHOWN] if text.isdecimal() and len(text) < 10]
    found = visible(request.user).in_bulk(ids)  # type: ignore[arg-type]
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def _every(request: HttpRequest) -> int:
    text = request.GET.get("every", "") or str(EVERY)
    if not text.isdecimal() or not SHORTEST <= int(text[:6]) <= LONGEST:
        raise QuestionError(
            _("A screen cannot stay for “%(text)s” seconds.") % {"text": text[:20]},
            next_step=_("Choose from %(least)s to %(most)s seconds.") % {"least": SHORTEST, "most": LONGEST},
        )
    return int(text)


def _turn(request: HttpRequest) -> int:
    text = request.GET.get("turn", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _again(request: HttpRequest, turn: int) -> str:
    """The address of the next screen."""
    query = request.GET.copy()
    query["turn"] = str(turn)
    return f"{request.path}?{query.urlencode()}"
