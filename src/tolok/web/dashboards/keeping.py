"""Which dashboards a person may open and change, and changing one so that nobody writes over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from tolok.app.access import Access
from tolok.app.audit import record
from tolok.app.models import Dashboard, User
from tolok.app.models.dashboard import EVERYBODY, MINE
from tolok.errors import TolokError
from tolok.web.dashboards.card import Card, read

MOST = 50
"""Dashboards of one person."""

COPY = gettext_lazy("%(name)s (copy)")


class Overtaken(TolokError):
    """Somebody else changed the dashboard in the meantime; nothing was written."""


class Full(TolokError):
    """There are as many as there may be."""


def visible(user: User) -> QuerySet[Dashboard]:
    """The dashboards that a person may open: their own, and those that others share with them."""
    return Dashboard.objects.filter(Q(owner=user) | Q(seen_by=EVERYBODY) | Q(seen_by=user.role)).select_related("owner")


def opened(user: User, dashboard_id: int) -> Dashboard:
    """A dashboard that a person may open; any other is not there."""
    try:
        return visible(user).get(pk=dashboard_id)
    except (Dashboard.DoesNotExist, OverflowError):
        raise Http404 from None


def changes(user: User, dashboard: Dashboard) -> bool:
    """Whether a person may change it: its owner, and an administrator who can open it."""
    return dashboard.owner_id == user.pk or user.administers


def owned(user: User, dashboard_id: int) -> Dashboard:
    """A dashboard that a person may change; any other is not there to be changed."""
    found = opened(user, dashboard_id)
    if not changes(user, found):
        raise Http404
    return found


def made(user: User, name: str, seen_by: str, cards: Sequence[Card]) -> Dashboard:
    """A new dashboard."""
    if Dashboard.objects.filter(owner=user).count() >= MOST:
        raise Full(_("You have %(most)s dashboards already.") % {"most": MOST}, next_step=_("Delete one first."))
    found = Dashboard.objects.create(owner=user, name=name, seen_by=seen_by, cards=[card.written() for card in cards])
    record(user, gettext_noop("dashboard made"), name, seen_by=seen_by, cards=len(cards))
    return found


def copied(user: User, access: Access, dashboard: Dashboard) -> tuple[Dashboard, int]:
    """A copy of one's own, seen by oneself; and how many cards stayed behind since their part is not theirs to read."""
    cards = read(dashboard.cards)
    kept = [card for card in cards if card.may_be_read(access)]
    name = str(COPY) % {"name": dashboard.name}
    return made(user, name[:60], MINE, kept), len(cards) - len(kept)


def changed(
    user: User,
    dashboard: Dashboard,
    stamp: int,
    cards: Sequence[Card] | None = None,
    *,
    what: str,
    name: str = "",
    seen_by: str = "",
) -> Dashboard:
    """Write a change, unless somebody wrote another since ``stamp`` was read."""
    new = {
        "cards": dashboard.cards if cards is None else [card.written() for card in cards],
        "name": name or dashboard.name,
        "seen_by": seen_by or dashboard.seen_by,
    }
    written = Dashboard.objects.filter(pk=dashboard.pk, stamp=stamp).update(
        **new, stamp=stamp + 1, changed_at=timezone.now()
    )
    if not written:
        raise Overtaken(
            _("This dashboard was changed elsewhere while you looked at it. Nothing of yours was written over it."),
            next_step=_("Look at it as it is now, and change it again."),
        )
    before = {key: getattr(dashboard, key) for key in ("name", "seen_by") if getattr(dashboard, key) != new[key]}
    after = {key: new[key] for key in before}
    record(
        user, gettext_noop("dashboard changed"), str(new["name"]), what=what, before=before or None, after=after or None
    )
    for key, value in new.items():
        setattr(dashboard, key, value)
    dashboard.stamp = stamp + 1
    return dashboard


def deleted(user: User, dashboard: Dashboard) -> None:
    """Delete a dashboard; the log keeps what it was."""
    record(user, gettext_noop("dashboard deleted"), dashboard.name, seen_by=dashboard.seen_by, cards=dashboard.cards)
    dashboard.delete()


def moved(cards: Sequence[Card], card_id: str, steps: int) -> tuple[Card, ...]:
    """One card so many places later (earlier when negative), as far as there is room.

    >>> [card.id for card in moved([Card("a", "note"), Card("b", "note"), Card("c", "note")], "a", 1)]
    ['b', 'a', 'c']
    """
    order = list(cards)
    place = _place(order, card_id)
    card = order.pop(place)
    order.insert(min(max(place + steps, 0), len(order)), card)
    return tuple(order)


def arranged(cards: Sequence[Card], order: Sequence[str]) -> tuple[Card, ...]:
    """The cards in an order of ids that must name each of them once."""
    by_id = {card.id: card for card in cards}
    if len(order) != len(by_id) or set(order) != set(by_id):
        raise Http404
    return tuple(by_id[card_id] for card_id in order)


def replaced(cards: Sequence[Card], card: Card) -> tuple[Card, ...]:
    """The cards with one of them anew."""
    place = _place(cards, card.id)
    return (*cards[:place], replace(card), *cards[place + 1 :])


def without(cards: Sequence[Card], card_id: str) -> tuple[Card, ...]:
    """The cards but one."""
    place = _place(cards, card_id)
    return (*cards[:place], *cards[place + 1 :])


def card_of(cards: Sequence[Card], card_id: str) -> Card:
    """One card by its id; another is not there."""
    return cards[_place(cards, card_id)]


def _place(cards: Sequence[Card], card_id: str) -> int:
    place = next((n for n, card in enumerate(cards) if card.id == card_id), None)
    if place is None:
        raise Http404
    return place
