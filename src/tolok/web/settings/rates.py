"""Exchange rates as the facts hold them, and entering one by hand; and what orders and won deals add up to."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from sqlglot import exp

from tolok import imports
from tolok.app import place
from tolok.app.audit import record
from tolok.errors import TolokError
from tolok.query.build import column, table
from tolok.query.check import revenues
from tolok.web.look.tags import said
from tolok.web.settings.frame import of_section
from tolok.web.settings.view import MONEY, edited

SOURCE = "rates"
"""The connection under which rates that people enter are kept."""
MOST = 12


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency was worth in another on a day, and where that is known from."""

    currency: str
    into: str
    on: date
    rate: Decimal
    source: str


class RateForm(forms.Form):
    """One rate of one day."""

    currency = forms.RegexField("^[A-Za-z]{3}$", label=gettext_lazy("One unit of"), max_length=3)
    rate = forms.DecimalField(
        label=gettext_lazy("Is worth"), min_value=Decimal("0.000000001"), max_digits=18, decimal_places=9
    )
    into = forms.RegexField("^[A-Za-z]{3}$", label=gettext_lazy("In the currency"), max_length=3)
    on = forms.DateField(label=gettext_lazy("On the day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name in ("currency", "into"):
            given[name] = str(given.get(name, "")).upper()
        wanted = (given["currency"], given["into"], given.get("on"))
        if given["currency"] and given["currency"] == given["into"]:
            self.add_error("into", _("These are the same currency."))
        if wanted[2] and wanted[2] > timezone.localdate():
            self.add_error("on", _("This day has not come yet."))
        other = next((rate for rate in rates() if _pair(rate) == wanted), None)
        if other is not None and other.source != SOURCE:
            said = _("The rate of this day was imported from %(source)s; change it there.")
            self.add_error("on", said % {"source": other.source})
        return given


@of_section("settings-money")
def money(request: HttpRequest) -> HttpResponse:
    """Currency, what revenue is made of, and exchange rates."""
    if request.method == "POST" and "rate" in request.POST:
        return _entered(request)
    return edited(request, MONEY, lambda: _more(RateForm(initial=_initial())), "money.html")


def _entered(request: HttpRequest) -> HttpResponse:
    form = RateForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with place.workspace().snapshots.write(wait=False):
                pass  # refused while an import is writing, rather than keeping the page waiting
            _import(given)
        except TolokError as error:
            form.add_error(None, said(f"{error.message} {error.next_step}".strip()))
        else:
            subject = f"{given['currency']}/{given['into']} {given['on']}"
            record(request.user, "rates changed", subject, rate=str(given["rate"]))  # type: ignore[arg-type]
            messages.success(request, _("The rate counts from now on."))
            return redirect("settings-money")
    return edited(request, MONEY, lambda: _more(form), "money.html", posted=False)


def _import(given: dict[str, Any]) -> None:
    """Bring the rate in as any other data, so that it is kept and rebuilt with the rest."""
    key = f"{given['on']}/{given['currency']}/{given['into']}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "exchange_rates.csv"
        line = f"{key},{given['currency']},{given['into']},{given['on']},{given['rate']:f}"
        file.write_text(f"id,currency,into,on,rate\n{line}\n", encoding="utf-8")
        imports.run(place.folder(), [file], source=SOURCE)


def rates() -> list[Rate]:
    """All rates, the latest first."""
    workspace = place.workspace()
    if workspace.snapshots.current() is None:
        return []
    engine = workspace.engine()
    try:
        if not engine.has("exchange_rates"):
            return []
        names = ("currency", "into", "on", "rate", "source")
        query = exp.select(*[column(name) for name in names]).from_(table("exchange_rates", "f"))
        found = [Rate(*row) for row in engine.rows(query)[1]]
    finally:
        engine.close()
    return sorted(found, key=lambda rate: (rate.on, rate.currency, rate.into), reverse=True)


def _pair(rate: Rate) -> tuple[str, str, date]:
    return rate.currency, rate.into, rate.on


def _more(form: RateForm) -> dict[str, Any]:
    listed = rates()
    return {"rate_form": form, "rates": listed[:MOST], "more": len(listed) > MOST, **_gap()}


def _gap() -> dict[str, Any]:
    """What orders and won deals add up to, where the data has both."""
    workspace = place.workspace()
    if workspace.snapshots.current() is None:
        return {}
    engine = workspace.engine()
    try:
        found = revenues(engine)
    finally:
        engine.close()
    if found is None:
        return {}
    won, sold = found
    return {"won": won, "sold": sold, "gap": won - sold, "currency": workspace.settings.currency}


def _initial() -> dict[str, str]:
    return {"into": place.workspace().settings.currency, "on": timezone.localdate().isoformat()}
