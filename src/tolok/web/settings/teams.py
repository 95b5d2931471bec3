"""The team tree with its dated moves: what exports say, and what people entered over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.audit import record
from tolok.app.models import User
from tolok.errors import TolokError
from tolok.imports import moves
from tolok.imports.moves import Move
from tolok.query.reporting import Organisation, Rep, Team
from tolok.web.look.tags import said
from tolok.web.settings.frame import of_section, shown
from tolok.web.settings.person_form import labels

teams_section = of_section("settings-teams")


@dataclass(frozen=True)
class Branch:
    """One team of the tree: how deep it stands, who leads it, who is in it today."""

    team: Team
    depth: int
    manager: Rep | None
    members: tuple[Rep, ...]


class MoveForm(forms.Form):
    """Who moves to which team, from when on."""

    rep = forms.CharField(
        label=gettext_lazy("Rep"),
        max_length=400,
        widget=forms.TextInput(attrs={"list": "reps", "autocomplete": "off"}),
        help_text=gettext_lazy("Begin to type a name, then choose."),
    )
    team = forms.ChoiceField(label=gettext_lazy("To the team"))
    from_on = forms.DateField(label=gettext_lazy("Since the day"), widget=forms.DateInput(attrs={"type": "date"}))
    manager = forms.CharField(
        label=gettext_lazy("Reports to"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"list": "reps", "autocomplete": "off"}),
        help_text=gettext_lazy("Empty: who leads the team."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self._labels = labels(organisation)
        teams = sorted(organisation.teams.values(), key=lambda team: team.name.casefold())
        self.fields["team"].choices = [(team.id, team.name) for team in teams]  # type: ignore[attr-defined]

    def clean_rep(self) -> str:
        return self._one(self.cleaned_data["rep"])

    def clean_manager(self) -> str:
        given: str = self.cleaned_data["manager"].strip()
        return self._one(given) if given else ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("manager") and given.get("manager") == given.get("rep"):
            self.add_error("manager", _("Nobody reports to themselves."))
        return given

    def _one(self, given: str) -> str:
        wanted = given.strip().casefold()
        found = [key for key, label in self._labels.items() if wanted in (label.casefold(), key.casefold())]
        found = found or [key for key, label in self._labels.items() if label.split(" · ")[0].casefold() == wanted]
        if len(found) != 1:
            raise forms.ValidationError(_("There is no such rep.") + " " + _("Choose one from the list."))
        return found[0]


@teams_section
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of today, the moves, and a form for the next one."""
    organisation: Organisation = request.access.organisation  # type: ignore[attr-defined]
    may_change = request.user.administers  # type: ignore[union-attr]
    form = MoveForm(
        request.POST or None, organisation=organisation, initial={"from_on": timezone.localdate().isoformat()}
    )
    if request.method == "POST":
        if not may_change:
            raise Http404
        if form.is_valid() and _moved(request, form, organisation):
            return redirect("settings-teams")
    standing = [
        (move, organisation.reps.get(move.rep), organisation.teams.get(move.team), organisation.reps.get(move.manager))
        for move in moves.read(place.folder())
    ]
    context = {
        "tree": _tree(organisation),
        "moves": standing,
        "form": form,
        "reps": labels(organisation),
        "may_change": may_change,
        "left_out": [rep for rep in organisation.reps.values() if rep.active and rep.team_id not in organisation.teams],
    }
    return shown(request, "teams.html", context)


@require_POST
@teams_section
def take_back(request: HttpRequest) -> HttpResponse:
    """Take a move back: what the exports say counts again."""
    if not request.user.administers:  # type: ignore[union-attr]
        raise Http404
    standing = moves.read(place.folder())
    rep, day = request.POST.get("rep", ""), request.POST.get("from_on", "")
    move = next((one for one in standing if one.rep == rep and one.from_on.isoformat() == day), None)
    if move is None:
        messages.error(request, _("This move was taken back already."))
        return redirect("settings-teams")
    if _published(request, [one for one in standing if one != move]):
        found = request.access.organisation.reps.get(rep)  # type: ignore[attr-defined]
        record(request.user, "move withdrawn", found.name if found else rep, team=move.team, from_on=day)  # type: ignore[arg-type]
        messages.success(request, _("The move was taken back."))
    return redirect("settings-teams")


def _moved(request: HttpRequest, form: MoveForm, organisation: Organisation) -> bool:
    user: User = request.user  # type: ignore[assignment]
    given = form.cleaned_data
    move = Move(given["rep"], given["team"], given["from_on"], given["manager"], str(user))
    standing = moves.read(place.folder())
    same_day = [one for one in standing if (one.rep, one.from_on) == (move.rep, move.from_on)]
    if not _published(request, [*(one for one in standing if one not in same_day), move]):
        return False
    rep, team = organisation.reps[move.rep], organisation.teams[move.team]
    record(user, "rep moved", rep.name, team=team.name, from_on=move.from_on.isoformat(), manager=move.manager or None)
    said = {"name": rep.name, "team": team.name, "day": date_format(move.from_on, "j F Y")}
    messages.success(request, _("%(name)s is in %(team)s from %(day)s on. Figures since then follow.") % said)
    return True


def _published(request: HttpRequest, wanted: list[Move]) -> bool:
    workspace = place.workspace()
    try:
        moves.publish(place.folder(), workspace.snapshots, wanted, by=str(request.user))
    except TolokError as error:
        messages.error(request, said(f"{error.message} {error.next_step}".strip()))
        return False
    return True


def _tree(organisation: Organisation) -> list[Branch]:
    """Teams from the top down, each followed by those below it; a circle in the data is cut where it began."""
    members: dict[str, list[Rep]] = {}
    for rep in organisation.reps.values():
        if rep.active:
            members.setdefault(rep.team_id, []).append(rep)
    below: dict[str, list[Team]] = {}
    for team in organisation.teams.values():
        parent = team.parent_id if team.parent_id in organisation.teams else ""
        below.setdefault(parent, []).append(team)
    found: list[Branch] = []
    placed: set[str] = set()

    def add(team: Team, depth: int) -> None:
        if team.id in placed:
            return
        placed.add(team.id)
        inside = sorted(members.get(team.id, []), key=lambda rep: rep.name.casefold())
        found.append(Branch(team, depth, organisation.reps.get(team.manager_id), tuple(inside)))
        for next_one in sorted(below.get(team.id, []), key=lambda team: team.name.casefold()):
            add(next_one, depth + 1)

    for team in sorted(below.get("", []), key=lambda team: team.name.casefold()):
        add(team, 0)
    for team in organisation.teams.values():
        add(team, 0)
    return found
