"""A card of a dashboard as it is stored: which figure, in which form, of which part, how wide."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from tolok.app.access import Access
from tolok.web.asking import COMPARISONS, GRAINS

FIGURE, TREND, BREAKDOWN, TABLE, TARGET, FUNNEL, NOTE = (
    "figure",
    "trend",
    "breakdown",
    "table",
    "target",
    "funnel",
    "note",
)
FORMS = {
    FIGURE: _("Figure"),
    TREND: _("Trend"),
    BREAKDOWN: _("Bars"),
    TABLE: _("Table"),
    TARGET: _("Target"),
    FUNNEL: _("Funnel"),
    NOTE: _("Note"),
}
WIDTHS = (1, 2, 3, 4)
USUAL = {FIGURE: 1, TREND: 2, BREAKDOWN: 2, TABLE: 2, TARGET: 1, FUNNEL: 2, NOTE: 1}
"""How wide a form is when it is put on a dashboard."""

OPEN = frozenset(
    (
        "product",
        "category",
        "segment",
        "industry",
        "region",
        "country",
        "city",
        "channel",
        "source",
        "campaign",
        "stage",
        "pipeline",
        "status",
        "kind",
        "business",
        "quality",
        "loss_reason",
        "priority",
        "currency",
    )
)
"""Dimensions whose values everybody may read; a customer's or a person's name is for who may see its rows."""

MOST_CARDS = 24
MOST_CONDITIONS = 3
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Card:
    """One card. What is "" follows the page: its period, its team, its comparison.

    ``where`` are conditions beside team and rep, all of which must hold: region, Java; several values of one dimension
    are any of them. ``pipeline`` is for the stages of a funnel. ``title`` replaces the KPI's name.
    """

    id: str
    form: str
    kpi: str = ""
    variant: str = ""
    by: str = ""
    period: str = ""
    compare: str = ""
    team: str = ""
    rep: str = ""
    pipeline: str = ""
    where: tuple[tuple[str, str], ...] = ()
    title: str = ""
    text: str = ""
    width: int = 1

    @property
    def asks_kpi(self) -> bool:
        return self.form not in (FUNNEL, NOTE)

    @property
    def lists(self) -> bool:
        """Whether it shows members of a dimension."""
        return self.form in (BREAKDOWN, TABLE)

    def may_be_read(self, access: Access) -> bool:
        """Whether the parts it is narrowed to may be named to somebody: a team, a rep, a customer."""
        return (
            (not self.team or access.sees_team(self.team))
            and (not self.rep or access.sees_rep(self.rep))
            and (access.sees_all or all(column in OPEN for column, _ in self.where))
        )

    def wider(self, by: int) -> Card:
        """So many columns wider, within what there is."""
        return replace(self, width=min(max(self.width + by, WIDTHS[0]), WIDTHS[-1]))

    def written(self) -> dict[str, Any]:
        """As it is stored; what is empty is left out."""
        return {key: value for key, value in asdict(self).items() if value not in ("", ())}


def read(stored: object) -> tuple[Card, ...]:
    """The cards that a dashboard holds. What cannot be read becomes a note that says so; nothing falls.

    >>> [card.form for card in read([{"id": "a", "form": "figure", "kpi": "revenue"}, 7, {"form": "pie"}])]
    ['figure', 'note', 'note']
    """
    items = stored if isinstance(stored, list) else []
    return tuple(_one(item, place) for place, item in enumerate(items[:MOST_CARDS]))


def _one(item: object, place: int) -> Card:
    broken = Card(f"card{place}", NOTE, text=str(_("This card cannot be read. Remove it, or change it.")))
    if not isinstance(item, Mapping) or item.get("form") not in FORMS:
        return broken
    texts = {field.name: item.get(field.name, "") for field in fields(Card) if field.name not in ("width", "where")}
    where = _conditions(item)
    if where is None or not all(isinstance(value, str) for value in texts.values()):
        return broken
    width = item.get("width")
    card = Card(**texts, where=where, width=width if width in WIDTHS else USUAL[texts["form"]])
    return replace(
        card,
        id=card.id or f"card{place}",
        period=card.period if card.period in GRAINS else "",
        compare=card.compare if card.compare in COMPARISONS else "",
    )


def _conditions(item: Mapping[str, Any]) -> tuple[tuple[str, str], ...] | None:
    """The conditions of a stored card, also as older ones kept their only one; None where they cannot be read."""
    stored = item.get("where", [])
    if not isinstance(stored, list | tuple):
        return None
    if "column" in item:
        stored = [[item["column"], item.get("value", "")], *stored]
    pairs = [tuple(pair) if isinstance(pair, list | tuple) else () for pair in stored]
    if not all(len(pair) == 2 and all(isinstance(word, str) for word in pair) for pair in pairs):
        return None
    return tuple((column, value) for column, value in pairs if column and value)[:MOST_CONDITIONS]


def new_id() -> str:
    """A name for a new card; it stays the same however the cards are arranged."""
    return secrets.token_hex(4)
