"""Who may sign in: invited without mail, one rep each, locked out at once, and never nobody left to administer."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tolok.app.models import AuditEntry, Token, User
from tolok.conftest import PASSWORD

ADMINISTRATOR_ONLY = ["people/", "organisation/", "sight/", "calendar/", "money/", "keeping/"]


@pytest.mark.parametrize("who", ["rep", "manager", "analyst", "director"])
def test_settings_are_not_there_for_others(signed_in, people, who):
    browser = signed_in(who)
    for page in ADMINISTRATOR_ONLY:
        assert browser.get(f"/settings/{page}").status_code == 404
        assert browser.post(f"/settings/{page}", {"name": "x"}).status_code == 404
    target = people["stranger"].pk
    for page in ("", "link/", "withdraw/", "lock/", "sign-out/", "second-off/"):
        assert browser.post(f"/settings/people/{target}/{page}", {"lock": "yes"}).status_code == 404
    assert User.objects.get(pk=target).is_active


def test_an_invited_person_gets_in_by_the_link_alone(signed_in, organisation):
    administrator = signed_in("administrator")
    rep = next(rep for rep in organisation.reps.values() if not User.objects.filter(rep_id=rep.id).exists())
    data = {"name": "Sari", "email": "Sari@Contoh.test", "role": "rep", "rep": rep.name}
    answer = administrator.post("/settings/people/", data)
    link = re.search(r'value="http://testserver(/welcome/[^"]+)"', answer.content.decode()).group(1)
    assert answer.headers["Cache-Control"] == "no-store"
    person = User.objects.get(email="sari@contoh.test")
    assert person.rep_id == rep.id
    assert not person.has_usable_password()
    assert Client().post(link, {"password": "delapan-belas-kursi"}).status_code == 302
    assert link not in str(AuditEntry.objects.values_list("details", flat=True))
    administrator.post("/settings/people/", {**data, "email": "lain@contoh.test"})
    assert not User.objects.filter(email="lain@contoh.test").exists(), "one rep is one person"


@pytest.mark.parametrize(
    ("field", "value"), [("email", "no address"), ("role", "emperor"), ("rep", "Nobody Like This"), ("name", "")]
)
def test_what_is_not_valid_is_refused_beside_its_field(signed_in, field, value):
    before = User.objects.count()
    data = {"name": "Sari", "email": "sari@contoh.test", "role": "rep", "rep": "", field: value}
    answer = signed_in("administrator").post("/settings/people/", data)
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert User.objects.count() == before or User.objects.count() == before + 6  # the people themselves
    assert not User.objects.filter(email="sari@contoh.test").exists()


def test_of_two_administrators_who_change_one_person_the_second_is_told(signed_in, people):
    rep = people["rep"]
    page = f"/settings/people/{rep.pk}/"
    browser = signed_in("administrator")
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(page).content.decode()).group(1)
    data = {"name": "A", "email": rep.email, "role": "rep", "rep": "", "seen": seen}
    assert browser.post(page, data).headers["Location"] == "/settings/people/"
    answer = browser.post(page, {**data, "name": "B"}, follow=True)
    assert b"Somebody else changed this" in answer.content
    assert User.objects.get(pk=rep.pk).name == "A"


def test_who_is_locked_out_loses_sign_ins_links_and_tokens(signed_in, people):
    rep = people["rep"]
    browser = Client()
    browser.post("/account/login/", {"login": rep.email, "password": PASSWORD})
    browser.get("/more/")
    _token, secret = Token.make(rep, "sheet")
    administrator = signed_in("administrator")
    made = administrator.post(f"/settings/people/{rep.pk}/link/").content.decode()
    link = re.search(r'value="http://testserver(/welcome/[^"]+)"', made).group(1)
    administrator.post(f"/settings/people/{rep.pk}/lock/", {"lock": "yes"})
    assert browser.get("/more/").status_code == 302
    assert Client().get(link).status_code == 404
    assert Client().get("/api/v1/kpis", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    administrator.post(f"/settings/people/{rep.pk}/lock/", {})
    assert User.objects.get(pk=rep.pk).is_active
    assert list(AuditEntry.objects.values_list("action", flat=True)[:2]) == ["user let in", "user locked out"]


def test_the_last_administrator_stays_one(signed_in, people):
    own = people["administrator"]
    browser = signed_in("administrator")
    browser.post(f"/settings/people/{own.pk}/lock/", {"lock": "yes"})
    page = browser.get(f"/settings/people/{own.pk}/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    browser.post(
        f"/settings/people/{own.pk}/", {"name": "x", "email": own.email, "role": "rep", "rep": "", "seen": seen}
    )
    own.refresh_from_db()
    assert (own.is_active, own.role) == (True, "administrator")


def test_a_withdrawn_link_does_not_work(signed_in, people):
    browser = signed_in("administrator")
    made = browser.post(f"/settings/people/{people['rep'].pk}/link/").content.decode()
    link = re.search(r'value="http://testserver(/welcome/[^"]+)"', made).group(1)
    browser.post(f"/settings/people/{people['rep'].pk}/withdraw/")
    assert Client().get(link).status_code == 404


def test_the_log_tells_who_did_what_and_comes_as_a_file(signed_in, people):
    browser = signed_in("administrator")
    browser.post(f"/settings/people/{people['rep'].pk}/link/")
    assert "link made" in browser.get("/settings/audit/?what=link%20made").content.decode()
    assert "link made" in browser.get("/settings/audit/?as=csv").content.decode()
    assert b"Nothing was changed" in browser.get("/settings/audit/?text=zzzz").content
    assert browser.get("/settings/audit/?since=yesterday").status_code == 400
    assert signed_in("director").get("/settings/audit/").status_code == 200
    assert signed_in("manager").get("/settings/audit/").status_code == 404
