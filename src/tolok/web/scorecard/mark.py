"""The mark of a card: until when its data reaches, and whether anything is known to be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tolok.app.access import Access
from tolok.web.asking import Asking
from tolok.web.data.finding import told as told_of

BEHIND = 7
"""Days by which a KPI's data may end before the rest without being called late."""


@dataclass(frozen=True)
class Mark:
    """What is known of one KPI's data. ``gaps`` is None while nobody has looked; ``late`` behind the other data."""

    reaches: date | None
    gaps: int | None
    grave: bool
    late: bool
    tells: str
    """All of it in words."""
    same_year: bool = True
    """Whether the period looked at is of the year that the data reaches."""

    @property
    def icon(self) -> str:
        if self.gaps:
            return "warning"
        return "clock" if self.late or self.gaps is None else "check"

    @property
    def tone(self) -> str:
        return "bad" if self.grave else "warn" if self.gaps or self.late else ""

    @property
    def text(self) -> str:
        """The few words on the card."""
        words = []
        if self.gaps:
            words.append(ngettext("%(n)s gap", "%(n)s gaps", self.gaps) % {"n": self.gaps})
        if self.reaches is not None:
            words.append(_("to %(day)s") % {"day": date_format(self.reaches, "j M" if self.same_year else "j M Y")})
        return " · ".join(words) or _("no data")


def mark_of(asking: Asking, kpi: str, access: Access) -> Mark:
    """The mark of a KPI; nothing is looked at for it. Findings count all rows: who sees some is told how many there are."""
    workspace = asking.workspace
    fresh = workspace.freshness(kpi)[kpi]
    known = workspace.known_quality()
    gaps = None if known is None else [one for one in known.get(kpi, ()) if one.level != "note"]
    late = fresh.behind(asking.ends_on) > BEHIND
    told = []
    if fresh.reaches is not None:
        days = {"day": _day(fresh.reaches), "imported": _day(fresh.imported_at)}
        told.append(_("Data to %(day)s, imported %(imported)s.") % days)
    if late:
        told.append(_("The other data reaches %(day)s.") % {"day": _day(asking.ends_on)})
    if gaps:
        count = ngettext("%(n)s gap", "%(n)s gaps", len(gaps)) % {"n": len(gaps)}
        says = "; ".join(told_of(one) for one in gaps) if access.sees_all else ""
        told.append(f"{count}: {says}" if says else _("%(gaps)s in the data of the whole company.") % {"gaps": count})
    elif gaps is not None:
        told.append(_("Nothing is known to be wrong with its data."))
    return Mark(
        fresh.reaches,
        None if gaps is None else len(gaps),
        any(one.level == "bad" for one in gaps or ()),
        late,
        " ".join(told),
        fresh.reaches is None or fresh.reaches.year == asking.period.end.year,
    )


def _day(value: date | None) -> str:
    return date_format(value, "j M Y") if value else ""
