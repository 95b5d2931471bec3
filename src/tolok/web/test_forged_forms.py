"""Forms that are forged change nothing: every address is sent one, by who may not and by who did not mean to.

The addresses come from the server itself, so that a form added later is tried too. What changed is read from all the
tables and from the files of the workspace, not from what the page says.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve

from tolok.app.models import Invitation, Job, SavedView, TargetVersion, Token
from tolok.web.test_row_rules import LEFT_OUT, Foreign, filled, foreign_to, routes

FILES = ("tolok.toml", "mappings", "kpis", "facts", "imports", "sources.secret")
PASSING = {"sessions.Session", "usersessions.UserSession", "contenttypes.ContentType", "auth.Permission"}
"""Tables that every visit writes to, or nobody."""
OWN = {"app.Token": "user_id", "app.SavedView": "user_id", "app.AuditEntry": "actor_id", "app.Job": "asked_by_id"}
OWN |= {"app.Dashboard": "owner_id", "app.User": "id", "mfa.Authenticator": "user_id"}
"""Tables in which a rep has rows of their own, and the column that says whose they are."""


def tables() -> dict[str, dict[object, tuple]]:
    """All rows of all tables, by table and key."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label not in PASSING:
            names = [field.attname for field in model._meta.concrete_fields]
            found[model._meta.label] = {row[0]: row for row in model._base_manager.values_list("pk", *names)}
    return found


def files(folder: Path) -> dict[str, str]:
    """The files of a workspace that hold what somebody decided or imported."""
    paths = [
        path for name in FILES for path in ((folder / name).rglob("*") if (folder / name).is_dir() else [folder / name])
    ]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file() and path.suffix != ".lock" and not path.name.startswith(".")
    }


def is_own(label: str, row: tuple, pk: int) -> bool:
    """Whether a row is this person's to make or change."""
    if label not in OWN:
        return False
    names = [field.attname for field in apps.get_model(label)._meta.concrete_fields]
    own: bool = row[1 + names.index(OWN[label])] == pk
    return own


def changed(before: dict, after: dict, pk: int) -> list[str]:
    """Rows that came, went or changed and are not this person's own."""
    found = []
    for label in before:
        for key in before[label].keys() | after[label].keys():
            was, now = before[label].get(key), after[label].get(key)
            if was != now and not all(is_own(label, row, pk) for row in (was, now) if row is not None):
                found.append(f"{label} {key}: {was} -> {now}")
    return found


@pytest.fixture
def things(people):
    """Something of everybody else's to go for: a target, jobs, a token, a saved view, a link."""
    director, administrator = people["director"], people["administrator"]
    for state in ("proposed", "approved"):
        TargetVersion.objects.create(
            kpi="revenue", scope={}, scope_key=state, start=date(2027, 1, 1), end=date(2027, 1, 31), value=10,
            currency="IDR", state=state, author=director, author_name="D", at=datetime.now(UTC),
        )  # fmt: skip
    Job.objects.create(kind="preview", state="done", title="x", arguments={"path": "/x"}, asked_by=administrator)
    Job.objects.create(kind="report", state="waiting", title="y", arguments={"folder": "z"}, asked_by=director)
    Token.make(administrator, "theirs")
    SavedView.objects.create(user=director, name="Theirs", page="pipeline", query="x=1")
    Invitation.make(people["stranger"], administrator)
    return people


def bodies(foreign: Foreign, people, who: str) -> list[dict[str, str]]:
    """What is sent to every address: all the words that any form reads, meant to do harm."""
    other, rep = people["stranger"], foreign.ids["rep"][0]
    team = next(iter(foreign.ids["team"]), "none")
    target = TargetVersion.objects.order_by("pk")
    words = {
        "email": "evil@contoh.test", "name": "Evil", "role": "administrator", "rep": rep, "rep_id": rep, "team": team,
        "from_on": "2026-01-01", "manager": people[who].rep_id, "leader-team": team, "leader-rep": people[who].rep_id,
        "leader-from_on": "2026-01-01", "lock": "yes", "by": "mail", "seen": "x", "person": "Anybody", "currency": "USD",
        "kpi": "revenue", "period": "2027-01", "value": "1", "why": "because", "reason": "because", "version": "1",
        "stamp": "0", "user": str(other.pk), "id": str(other.pk), "snapshot": "1", "path": "/etc", "source": "demo",
        "title": "Evil", "query": "x=2", "page": "pipeline", "text": "increase revenue by 10 % next quarter",
        "shared": "on", "confirmed": "yes", "password": "lima-enam-tujuh-delapan",
    }  # fmt: skip
    return [
        {**words, "action": "approved", "row": str(target[0].pk), "chosen": f"{target[0].pk}:0"},
        {**words, "action": "ended", "row": str(target[1].pk), "all": "yes"},
        {**words, "action": "revise", "email": other.email},
    ]


@pytest.mark.parametrize("who", ["rep", "analyst"])
def test_who_may_not_changes_nothing_of_others_by_any_form(company, signed_in, things, who):
    person = things[who]
    foreign = foreign_to(things["rep"])
    known = [model.objects.order_by("-pk").first() for model in (TargetVersion, Job, Token, SavedView)]
    before, kept = tables(), files(company)
    found, tried = [], 0
    for route, converters in routes():
        if any(part in route for part in LEFT_OUT) or (
            who == "analyst" and not route.startswith(("settings", "targets"))
        ):
            continue
        addresses = filled(route, converters, foreign)
        if "<int:" in route:
            addresses += [
                filled(route, converters, Foreign(ids={**foreign.ids, "user": [str(one.pk)]}))[0] for one in known
            ]
        for address in dict.fromkeys(addresses):
            for body in bodies(foreign, things, who):
                cache.clear()
                answer = signed_in(who).post(address, body)
                tried += 1
                assert answer.status_code < 500, f"{answer.status_code} {address}"
            now = tables()
            if told := changed(before, now, person.pk):
                found.append(f"{address}: {told[:2]}")
                before = now
            if files(company) != kept:
                found.append(f"{address}: files")
                kept = files(company)
    assert tried > 100
    assert not found, "\n".join(found)
    person.refresh_from_db()
    assert person.role == who


def leads_somewhere(address: str) -> bool:
    try:
        resolve(unquote(address))
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize("who", ["administrator", "director"])
def test_a_form_of_another_site_changes_nothing(company, signed_in, things, who):
    """Who may is lured to a page that sends the form for them: without the token of the form it is refused."""
    cookie = signed_in(who).cookies["tolok_session"].value
    foreign = foreign_to(things["rep"])
    before, kept = tables(), files(company)
    wrong = []
    for route, converters in routes():
        if route.startswith(("static", "api/")):
            continue
        for address in filled(route, converters, foreign):
            browser = Client(enforce_csrf_checks=True)
            browser.cookies["tolok_session"] = cookie
            answer = browser.post(address, bodies(foreign, things, "rep")[0])
            if answer.status_code != 403 and leads_somewhere(address):
                wrong.append(f"{answer.status_code} {address}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, tables(), 0) == []
    assert files(company) == kept


def test_the_comparison_would_find_it(company, signed_in, things):
    before = tables()
    TargetVersion.objects.filter(state="proposed").update(state="approved")
    Token.objects.all().delete()
    told = changed(before, tables(), things["rep"].pk)
    assert {one.split()[0] for one in told} == {"app.TargetVersion", "app.Token"}
    lasting = Job.objects.create(kind="report", title="mine", asked_by=things["rep"], asked_at=timedelta())
    assert is_own("app.Job", tables()["app.Job"][lasting.pk], things["rep"].pk)
