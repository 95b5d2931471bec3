"""The team tree with its dated moves: what exports say, and what people entered over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
from tolok.imports.leaders import Leader
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


class RepForm(forms.Form):
    """A form that names reps of the organisation by what people call them, and teams."""

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self._labels = labels(organisation)
        teams = sorted(organisation.teams.values(), key=lambda team: team.name.casefold())
        self.fields["team"].choices = [(team.id, team.name) for team in teams]  # type: ignore[attr-defined]

    def clean_rep(self) -> str:
        return self._one(self.cleaned_data["rep"])

    def _one(self, given: str) -> str:
        wanted = given.strip().casefold()
        found = [key for key, label in self._labels.items() if wanted in (label.casefold(), key.casefold())]
        found = found or [key for key, label in self._labels.items() if label.split(" · ")[0].casefold() == wanted]
        if len(found) != 1:
            raise forms.ValidationError(_("There is no such rep.") + " " + _("Choose one from the list."))
        return found[0]


class LeaderForm(RepForm):
    """Who leads which team, from when on."""

    prefix = "leader"
    team = forms.ChoiceField(label=gettext_lazy("Team"))
    rep = forms.CharField(
        label=gettext_lazy("Led by"),
        max_length=400,
        widget=forms.TextInput(attrs={"list": "reps", "autocomplete": "off"}),
        help_text=gettext_lazy("Begin to type a name, then choose."),
    )
    from_on = forms.DateField(label=gettext_lazy("Since the day"), widget=forms.DateInput(attrs={"type": "date"}))


class MoveForm(RepForm):
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

    def clean_manager(self) -> str:
        given: str = self.cleaned_data["manager"].strip()
        return self._one(given) if given else ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("manager") and given.get("manager") == given.get("rep"):
            self.add_error("manager", _("Nobody reports to themselves."))
        return given


@teams_section
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of today, the moves, and a form for the next one."""
    organisation: Organisation = request.access.organisation  # type: ignore[attr-defined]
    may_change = request.user.administers  # type: ignore[union-attr]
    today = {"from_on": timezone.localdate().isoformat()}
    edition = moves.edition(place.folder())  # before the moves are read: what comes between is noticed
    leads = "leader-team" in request.POST
    form = MoveForm(None if leads else request.POST or None, organisation=organisation, initial=today)
    leader = LeaderForm(request.POST if leads else None, organisation=organisation, initial=today)
    if request.method == "POST":
        if not may_change:
            raise Http404
        if leads:
            done = leader.is_valid() and _led(request, leader, organisation)
        else:
            done = form.is_valid() and _moved(request, form, organisation)
        if done:
            return redirect("settings-teams")
        edition = moves.edition(place.folder())
    standing = [
        (move, organisation.reps.get(move.rep), organisation.teams.get(move.team), organisation.reps.get(move.manager))
        for move in moves.read(place.folder())
    ]
    context = {
        "tree": _tree(organisation),
        "moves": standing,
        "leaders": [
            (one, organisation.teams.get(one.team), organisation.reps.get(one.rep))
            for one in moves.read_leaders(place.folder())
        ],
        "form": form,
        "leader": leader,
        "reps": labels(organisation),
        "edition": edition,
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
    seen = moves.edition(place.folder())
    standing = moves.read(place.folder())
    rep, day = request.POST.get("rep", ""), request.POST.get("from_on", "")
    move = next((one for one in standing if one.rep == rep and one.from_on.isoformat() == day), None)
    if move is None:
        messages.error(request, _("This move was taken back already."))
        return redirect("settings-teams")
    if _published(request, seen, [one for one in standing if one != move]):
        found = request.access.organisation.reps.get(rep)  # type: ignore[attr-defined]
        record(request.user, "move withdrawn", found.name if found else rep, team=move.team, from_on=day)  # type: ignore[arg-type]
        messages.success(request, _("The move was taken back."))
    return redirect("settings-teams")


@require_POST
@teams_section
def take_leader_back(request: HttpRequest) -> HttpResponse:
    """Take a change of leaders back: what the exports say counts again."""
    if not request.user.administers:  # type: ignore[union-attr]
        raise Http404
    seen = moves.edition(place.folder())
    standing = moves.read_leaders(place.folder())
    team, day = request.POST.get("team", ""), request.POST.get("from_on", "")
    leader = next((one for one in standing if one.team == team and one.from_on.isoformat() == day), None)
    if leader is None:
        messages.error(request, _("This change was taken back already."))
        return redirect("settings-teams")
    if _published(request, seen, moves.read(place.folder()), [one for one in standing if one != leader]):
        found = request.access.organisation.teams.get(team)  # type: ignore[attr-defined]
        record(request.user, "team leader withdrawn", found.name if found else team, rep=leader.rep, from_on=day)  # type: ignore[arg-type]
        messages.success(request, _("The change was taken back."))
    return redirect("settings-teams")


def _led(request: HttpRequest, form: LeaderForm, organisation: Organisation) -> bool:
    user: User = request.user  # type: ignore[assignment]
    given, seen = form.cleaned_data, _seen(request)
    standing = moves.read_leaders(place.folder())
    others = [one for one in standing if (one.team, one.from_on) != (given["team"], given["from_on"])]
    known = next((one.before for one in standing if one.team == given["team"]), None)
    before = _leader_by_exports(organisation, given["team"]) if known is None else known
    leader = Leader(given["team"], given["rep"], given["from_on"], before, str(user))
    if not _published(request, seen, moves.read(place.folder()), [*others, leader]):
        return False
    rep, team = organisation.reps[leader.rep], organisation.teams[leader.team]
    record(user, "team leader changed", team.name, rep=rep.name, from_on=leader.from_on.isoformat())
    said = {"name": rep.name, "team": team.name, "day": date_format(leader.from_on, "j F Y")}
    messages.success(request, _("%(name)s leads %(team)s from %(day)s on, and sees what is theirs since then.") % said)
    return True


def _leader_by_exports(organisation: Organisation, team_id: str) -> str:
    """Who leads a team where nobody entered it: as the team says, or whom most of its members report to."""
    named = organisation.teams[team_id].manager_id
    told = Counter(rep.manager_id for rep in organisation.reps.values() if rep.team_id == team_id and rep.manager_id)
    return named or next((manager for manager, _count in told.most_common(1)), "")


def _moved(request: HttpRequest, form: MoveForm, organisation: Organisation) -> bool:
    user: User = request.user  # type: ignore[assignment]
    given, seen = form.cleaned_data, _seen(request)
    move = Move(given["rep"], given["team"], given["from_on"], given["manager"], str(user))
    standing = moves.read(place.folder())
    same_day = [one for one in standing if (one.rep, one.from_on) == (move.rep, move.from_on)]
    if not _published(request, seen, [*(one for one in standing if one not in same_day), move]):
        return False
    rep, team = organisation.reps[move.rep], organisation.teams[move.team]
    record(user, "rep moved", rep.name, team=team.name, from_on=move.from_on.isoformat(), manager=move.manager or None)
    said = {"name": rep.name, "team": team.name, "day": date_format(move.from_on, "j F Y")}
    messages.success(request, _("%(name)s is in %(team)s from %(day)s on. Figures since then follow.") % said)
    return True


def _seen(request: HttpRequest) -> str:
    """The edition of the moves that a form was made from; the one that stands where the form does not say."""
    now = moves.edition(place.folder())
    return request.POST.get("edition", now)


def _published(
    request: HttpRequest, seen: str, wanted: Sequence[Move], leaders: Sequence[Leader] | None = None
) -> bool:
    workspace = place.workspace()
    try:
        moves.publish(place.folder(), workspace.snapshots, wanted, leaders, by=str(request.user), seen=seen)
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
