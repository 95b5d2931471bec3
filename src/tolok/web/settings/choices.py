"""Settings as a form: their words, their legal values in words, and writing them where somebody changed them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app import place
from tolok.app.audit import record
from tolok.app.models import User
from tolok.errors import DefinitionError
from tolok.settings import FILE, Settings, declared, load, save
from tolok.web.look.tags import said
from tolok.web.settings.frame import stamp

LABELS = {
    "name": gettext_lazy("Name of the organisation"),
    "timezone": gettext_lazy("Time zone"),
    "language": gettext_lazy("Language"),
    "languages": gettext_lazy("Languages that people may choose"),
    "north_star.kpi": gettext_lazy("North star: the one KPI that you steer by"),
    "north_star.target": gettext_lazy("North star: target of the year"),
    "north_star.scope": gettext_lazy("North star: of which part, such as region=Java"),
    "peers": gettext_lazy("What colleagues see of each other's figures"),
    "shared_totals": gettext_lazy("Targets and totals of others that a rep sees"),
    "managers_keep_history": gettext_lazy("Managers go on seeing the time in which they led somebody"),
    "fiscal_year_start": gettext_lazy("First month of the fiscal year"),
    "calendar": gettext_lazy("How the year is divided"),
    "calendar_ends": gettext_lazy("A year of whole weeks ends on"),
    "year_named_by": gettext_lazy("A year is named by its"),
    "week_start": gettext_lazy("First day of the week"),
    "holidays_country": gettext_lazy("Public holidays of (country code)"),
    "working_days": gettext_lazy("Working days"),
    "working_hours": gettext_lazy("Working hours"),
    "closed_on": gettext_lazy("Further days off"),
    "currency": gettext_lazy("Currency"),
    "revenue_from": gettext_lazy("Revenue is made of"),
    "snapshots_kept": gettext_lazy("Latest states of the data that are kept"),
    "snapshot_months_kept": gettext_lazy("Months of which the last state is kept"),
}
HELP = {
    "working_days": gettext_lazy("Such as mon-fri or mon,wed,fri."),
    "working_hours": gettext_lazy("Such as 09:00-17:00; response times count them."),
    "closed_on": gettext_lazy("One a line, as 2026-12-31."),
    "holidays_country": gettext_lazy("Such as ID; empty for none."),
    "currency": gettext_lazy("Such as IDR. Amounts are shown in it and converted into it."),
    "language": gettext_lazy("For who has chosen none. Counts from the next start of the server."),
    "languages": gettext_lazy("Counts from the next start of the server."),
    "timezone": gettext_lazy("Where a day begins and ends."),
    "peers": gettext_lazy("On the page of people. Deals, customers and other rows stay hidden in any case."),
    "revenue_from": gettext_lazy("Counts from the next import."),
}
WORDS = {
    "peers": {
        "named": gettext_lazy("Figures with names"),
        "anonymous": gettext_lazy("Figures without names"),
        "off": gettext_lazy("Nothing"),
    },
    "shared_totals": {
        "company": gettext_lazy("Of the company and the own team"),
        "team": gettext_lazy("Of the own team"),
        "own": gettext_lazy("Only their own"),
    },
    "calendar": {
        "month": gettext_lazy("Calendar months"),
        "4-4-5": gettext_lazy("Quarters of 4, 4 and 5 weeks"),
        "4-5-4": gettext_lazy("Quarters of 4, 5 and 4 weeks"),
        "5-4-4": gettext_lazy("Quarters of 5, 4 and 4 weeks"),
    },
    "calendar_ends": {
        "last": gettext_lazy("the last such day of the month"),
        "nearest": gettext_lazy("the day nearest to the month's end"),
    },
    "year_named_by": {"end": gettext_lazy("end"), "start": gettext_lazy("start")},
    "week_start": {
        "monday": gettext_lazy("Monday"),
        "tuesday": gettext_lazy("Tuesday"),
        "wednesday": gettext_lazy("Wednesday"),
        "thursday": gettext_lazy("Thursday"),
        "friday": gettext_lazy("Friday"),
        "saturday": gettext_lazy("Saturday"),
        "sunday": gettext_lazy("Sunday"),
    },
    "language": {"en": "English", "id": "Bahasa Indonesia"},
    "languages": {"en": "English", "id": "Bahasa Indonesia"},
    "revenue_from": {
        "": gettext_lazy("What the first import proposes"),
        "orders": gettext_lazy("Order lines"),
        "deals": gettext_lazy("Won deals"),
    },
}
_writing = Lock()


class Meanwhile(Exception):
    """Somebody else changed the same settings first."""


class SettingsForm(forms.Form):
    """Some settings, by name."""

    def __init__(self, names: Sequence[str], *args: Any, settings: Settings, **options: Any) -> None:
        self.names = tuple(names)
        options["initial"] = {name.replace(".", "__"): _shown(name, value_of(settings, name)) for name in names}
        super().__init__(*args, **options)
        for name in names:
            self.fields[name.replace(".", "__")] = _field(name, value_of(settings, name))

    def wanted(self) -> dict[str, Any]:
        """What the form says, as the file wants it."""
        found: dict[str, Any] = {}
        for name in self.names:
            value = self.cleaned_data[name.replace(".", "__")]
            if name == "closed_on":
                value = tuple(line.strip() for line in value.splitlines() if line.strip())
            elif isinstance(value, list):
                value = tuple(value)
            elif name == "fiscal_year_start":
                value = int(value)
            found[name] = value.strip() if isinstance(value, str) else value
        return found

    def refuse(self, error: DefinitionError) -> None:
        """Show what is wrong beside the setting that it is about."""
        found = said(error.says)
        words = found.partition(" ")[2] if found.startswith("'") else found
        about = next((name for name in self.names if f"'{name.rpartition('.')[2]}'" in error.says), None)
        self.add_error(about.replace(".", "__") if about else None, f"{words} {said(error.next_step)}".strip())


def value_of(settings: Settings, name: str) -> Any:
    found: Any = settings
    for part in name.split("."):
        found = getattr(found, part)
    return found


def seen(settings: Settings, names: Sequence[str]) -> str:
    """What a form of these settings was opened with."""
    return stamp([value_of(settings, name) for name in names])


def write(user: User, names: Sequence[str], wanted: dict[str, Any], opened_with: str) -> dict[str, Any]:
    """Write what differs into ``tolok.toml`` and the audit log; says what that is.

    :raises Meanwhile: where these settings are no longer what the form was opened with.
    """
    file = place.folder() / FILE
    with _writing:
        now = load(place.folder())
        if seen(now, names) != opened_with:
            raise Meanwhile
        changes = {name: value for name, value in wanted.items() if value != value_of(now, name)}
        if changes:
            save(file, changes)
            before = {name: value_of(now, name) for name in changes}
            record(user, "settings changed", ", ".join(changes), before=before, after=changes)
    return changes


def _shown(name: str, value: Any) -> Any:
    return "\n".join(value) if name == "closed_on" else value


def _field(name: str, value: Any) -> forms.Field:
    said = {"label": LABELS[name], "help_text": HELP.get(name, ""), "required": False}
    setting = None if "." in name else next(item for item in declared() if item.name == name)
    if name == "languages":
        return forms.MultipleChoiceField(
            choices=list(WORDS[name].items()), widget=forms.CheckboxSelectMultiple, **{**said, "required": True}
        )
    if name in WORDS:
        return forms.ChoiceField(choices=list(WORDS[name].items()), **said)
    if name == "fiscal_year_start":
        from django.utils.dates import MONTHS

        return forms.ChoiceField(choices=list(MONTHS.items()), **said)
    if name == "closed_on":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **said)
    if name == "timezone":
        zones = sorted(available_timezones())
        return forms.ChoiceField(choices=[(zone, zone.replace("_", " ")) for zone in zones], **said)
    if name == "north_star.kpi":
        from tolok.web.look.tags import language

        definitions = place.workspace().definitions
        named = sorted((item.words_in(language()).name, item.id) for item in definitions.values())
        return forms.ChoiceField(choices=[("", _("none")), *((key, word) for word, key in named)], **said)
    if setting is not None and setting.kind == "yes or no":
        return forms.BooleanField(**said)
    if setting is not None and setting.kind == "number":
        return forms.IntegerField(min_value=0, max_value=10_000, **{**said, "required": True})
    return forms.CharField(max_length=500, **said)
