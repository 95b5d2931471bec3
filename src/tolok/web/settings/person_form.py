"""The form of a person who may sign in, and which rep they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app.models import Role, User
from tolok.query.reporting import Organisation


class PersonForm(forms.Form):
    """Name, address, role and rep. The rep is chosen by typing a part of the name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    rep = forms.CharField(
        label=gettext_lazy("Rep"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"list": "reps", "autocomplete": "off"}),
        help_text=gettext_lazy("Whose rows reps and managers see. Begin to type a name, then choose."),
    )

    def __init__(self, *args: Any, organisation: Organisation, person: User | None = None, **options: Any) -> None:
        if person is not None:
            label = labels(organisation).get(person.rep_id, person.rep_id)
            options["initial"] = {"name": person.name, "email": person.email, "role": person.role, "rep": label}
        super().__init__(*args, **options)
        self._person = person
        self._labels = labels(organisation)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().casefold()
        other = User.objects.filter(email=email).exclude(pk=self._person.pk if self._person else None).first()
        if other is not None:
            raise forms.ValidationError(_("%(name)s has this address already.") % {"name": other})
        return email

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if self._person and self._person.role == Role.ADMINISTRATOR != role and is_last_administrator(self._person):
            raise forms.ValidationError(
                _("Somebody has to administer this workspace. Make another administrator first.")
            )
        return role

    def clean_rep(self) -> str:
        """The id of the rep that was chosen, by label, by name if there is one of it, or by id."""
        given: str = self.cleaned_data["rep"].strip()
        if not given:
            return ""
        found = [key for key, label in self._labels.items() if given.casefold() in (label.casefold(), key.casefold())]
        found = found or [
            key for key, label in self._labels.items() if label.split(" · ")[0].casefold() == given.casefold()
        ]
        if len(found) != 1:
            raise forms.ValidationError(_("There is no such rep.") + " " + _("Choose one from the list."))
        taken = User.objects.filter(rep_id=found[0], is_active=True)
        other = taken.exclude(pk=self._person.pk if self._person else None).first()
        if other is not None:
            raise forms.ValidationError(_("%(name)s is this rep already.") % {"name": other})
        return found[0]


def labels(organisation: Organisation) -> dict[str, str]:
    """Reps by id as people tell them apart: name and team, and the id where both are the same."""
    found: dict[str, str] = {}
    seen: dict[str, int] = {}
    for rep in sorted(organisation.reps.values(), key=lambda rep: rep.name.casefold()):
        team = organisation.teams.get(rep.team_id)
        label = f"{rep.name} · {team.name}" if team else rep.name
        seen[label] = seen.get(label, 0) + 1
        found[rep.id] = label if seen[label] == 1 else f"{label} · {rep.id}"
    return found


def is_last_administrator(user: User) -> bool:
    """Whether nobody else who may sign in administers this workspace."""
    return not User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk).exists()
