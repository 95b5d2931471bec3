"""Who may sign in: invite, change, hand over a link, lock out."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tolok.app import mail
from tolok.app.audit import record
from tolok.app.models import Invitation, Role, Token, User
from tolok.app.sessions import end_sessions, sessions_of
from tolok.query.reporting import Organisation
from tolok.web.settings.frame import meanwhile, of_section, shown, stamp
from tolok.web.settings.person_form import PersonForm, is_last_administrator, labels
from tolok.web.signin.forgotten import address_of

people_section = of_section("settings-people")


@dataclass(frozen=True)
class Person:
    """One line of the list."""

    user: User
    rep: str
    has_left: bool
    sees_nothing: bool


@people_section
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who may sign in, and a form to invite the next."""
    organisation = _organisation(request)
    form = PersonForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            user = User.objects.create_user(
                given["email"], None, name=given["name"], role=given["role"], rep_id=given["rep"]
            )
            record(request.user, "user invited", str(user), email=user.email, role=user.role, rep=user.rep_id or None)  # type: ignore[arg-type]
            return _with_link(request, user)
    lines = [_line(user, organisation) for user in User.objects.all()]
    context = {"form": form, "people": lines, "reps": labels(organisation), "left": [p for p in lines if p.has_left]}
    return shown(request, "people.html", context)


@people_section
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: name, address, role, rep; and where they are signed in."""
    user = get_object_or_404(User, pk=user_id)
    return _page(request, user)


def _page(request: HttpRequest, user: User, link: str = "") -> HttpResponse:
    organisation = _organisation(request)
    changing = request.method == "POST" and not link
    form = PersonForm(request.POST if changing else None, organisation=organisation, person=user)
    if changing and form.is_valid():
        with transaction.atomic():
            now = User.objects.select_for_update().get(pk=user.pk)
            if request.POST.get("seen") != _seen(now):
                messages.error(request, meanwhile())
                return redirect("settings-person", user.pk)
            _save(request, now, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings-people")
    context = {
        "form": form,
        "person": user,
        "line": _line(user, organisation),
        "seen": _seen(user),
        "reps": labels(organisation),
        "sessions": sessions_of(user),
        "second": Authenticator.objects.filter(user=user).exists(),
        "link": link,
        "mails": mail.is_on(),
        "invited": Invitation.objects.filter(user=user).first(),
    }
    response = shown(request, "person.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _save(request: HttpRequest, user: User, given: dict[str, str]) -> None:
    wanted = {"name": given["name"], "email": given["email"], "role": given["role"], "rep_id": given["rep"]}
    before = {name: getattr(user, name) for name, value in wanted.items() if getattr(user, name) != value}
    if not before:
        return
    for name, value in wanted.items():
        setattr(user, name, value)
    user.save(update_fields=list(wanted))
    if "email" in before:
        EmailAddress.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
    record(request.user, "user changed", str(user), before=before, after={name: wanted[name] for name in before})  # type: ignore[arg-type]


@require_POST
@people_section
def link(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new link with which a person chooses their password; shown once."""
    user = get_object_or_404(User, pk=user_id, is_active=True)
    if request.POST.get("by") == "mail" and mail.is_on():
        mail.send_link(user, address_of(request, Invitation.make(user, request.user)))  # type: ignore[arg-type]
        record(request.user, "link mailed", str(user))  # type: ignore[arg-type]
        messages.success(request, _("A link is on its way to %(email)s.") % {"email": user.email})
        return redirect("settings-person", user.pk)
    record(request.user, "link made", str(user))  # type: ignore[arg-type]
    return _with_link(request, user)


@require_POST
@people_section
def withdraw(request: HttpRequest, user_id: int) -> HttpResponse:
    """End a link that was handed over."""
    user = get_object_or_404(User, pk=user_id)
    if Invitation.objects.filter(user=user).delete()[0]:
        record(request.user, "link withdrawn", str(user))  # type: ignore[arg-type]
    messages.success(request, _("The link does not work any more."))
    return redirect("settings-person", user.pk)


@require_POST
@people_section
def lock(request: HttpRequest, user_id: int) -> HttpResponse:
    """Lock a person out, or let them in again. Their sign-ins, links and tokens end at once."""
    user = get_object_or_404(User, pk=user_id)
    out = request.POST.get("lock") == "yes"
    if out and user.role == Role.ADMINISTRATOR and is_last_administrator(user):
        messages.error(request, _("Somebody has to administer this workspace. Make another administrator first."))
        return redirect("settings-person", user.pk)
    if out == user.is_active:
        lock_out(user) if out else User.objects.filter(pk=user.pk).update(is_active=True)
        record(request.user, "user locked out" if out else "user let in", str(user))  # type: ignore[arg-type]
    said = _("%(name)s is locked out.") if out else _("%(name)s may sign in again.")
    messages.success(request, said % {"name": user})
    return redirect("settings-people")


def lock_out(user: User) -> None:
    """From now on nothing of this person's opens anything."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    Invitation.objects.filter(user=user).delete()
    Token.objects.filter(user=user).delete()
    end_sessions(user)


@require_POST
@people_section
def sign_out(request: HttpRequest, user_id: int) -> HttpResponse:
    """End all sign-ins of a person."""
    user = get_object_or_404(User, pk=user_id)
    ended = end_sessions(user, but=request.session.session_key)
    record(request.user, "user signed out", str(user), sessions=ended)  # type: ignore[arg-type]
    messages.success(request, _("%(name)s was signed out everywhere.") % {"name": user})
    return redirect("settings-person", user.pk)


@require_POST
@people_section
def second_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take the second factor off a person who lost their phone."""
    user = get_object_or_404(User, pk=user_id)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise Http404
    record(request.user, "second factor removed", str(user))  # type: ignore[arg-type]
    messages.success(request, _("The second factor is off."))
    return redirect("settings-person", user.pk)


@require_POST
@people_section
def lock_left(request: HttpRequest) -> HttpResponse:
    """Lock out everybody whose rep has left."""
    organisation = _organisation(request)
    for user in User.objects.filter(is_active=True):
        if _line(user, organisation).has_left:
            lock_out(user)
            record(request.user, "user locked out", str(user), why="rep left")  # type: ignore[arg-type]
    messages.success(request, _("Who has left is locked out."))
    return redirect("settings-people")


def _with_link(request: HttpRequest, user: User) -> HttpResponse:
    secret = Invitation.make(user, request.user)  # type: ignore[arg-type]
    return _page(request, user, address_of(request, secret))


def _line(user: User, organisation: Organisation) -> Person:
    rep = organisation.reps.get(user.rep_id)
    needs_rep = not user.sees_all
    left = needs_rep and user.is_active and rep is not None and not rep.active
    return Person(user, rep.name if rep else "", left, needs_rep and user.is_active and rep is None)


def _organisation(request: HttpRequest) -> Organisation:
    return request.access.organisation  # type: ignore[attr-defined, no-any-return]


def _seen(user: User) -> str:
    return stamp(user.name, user.email, user.role, user.rep_id, user.is_active)
