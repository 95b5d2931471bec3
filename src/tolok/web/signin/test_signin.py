"""Signing in: words that tell nothing, few attempts, links that work once, and an end that is at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from tolok.app.models import AuditEntry, Invitation, User
from tolok.conftest import PASSWORD

GOOD = "delapan-belas-kursi"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def sign_in(client, email, password, **more):
    return client.post("/account/login/", {"login": email, "password": password}, **more)


def test_an_address_and_its_password_let_in_under_a_new_session(people):
    browser = Client()
    browser.get("/account/login/")
    browser.session["planted"] = 1
    before = browser.session.session_key
    answer = sign_in(browser, people["director"].email.upper(), PASSWORD)
    assert answer.status_code == 302
    assert browser.session.session_key != before
    assert browser.get("/scorecard/").status_code == 200


def test_the_sixth_wrong_password_is_refused_in_a_sentence_even_if_it_is_right(people):
    browser = Client()
    for _attempt in range(5):
        assert b"do not fit together" in sign_in(browser, people["rep"].email, "wrong-wrong-wrong").content
    answer = sign_in(browser, people["rep"].email, PASSWORD)
    assert b"Wait five minutes" in answer.content
    assert browser.get("/scorecard/").status_code == 302
    assert sign_in(Client(), people["director"].email, PASSWORD).status_code == 302


def test_one_address_of_the_network_may_not_try_many_accounts(people):
    for number in range(20):
        sign_in(Client(), f"somebody{number}@contoh.test", "wrong-wrong-wrong", REMOTE_ADDR="10.9.8.7")
    answer = sign_in(Client(), people["rep"].email, PASSWORD, REMOTE_ADDR="10.9.8.7")
    assert b"Wait five minutes" in answer.content
    assert sign_in(Client(), people["rep"].email, PASSWORD, REMOTE_ADDR="10.9.8.8").status_code == 302


def _without_what_differs(content):
    return re.sub(rb'csrf\w*&?[^>]*>|value="[^"]*"|X-CSRFToken[^}]*', b"", content)


def test_an_unknown_address_reads_like_a_wrong_password(people):
    known = sign_in(Client(), people["rep"].email, "wrong-wrong-wrong").content
    unknown = sign_in(Client(), "nobody@contoh.test", "wrong-wrong-wrong").content
    assert _without_what_differs(known) == _without_what_differs(unknown)


def test_an_unknown_address_costs_a_hash_too(people, monkeypatch):
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed = []
    true = Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda self, *given: hashed.append(1) or true(self, *given))
    sign_in(Client(), "nobody@contoh.test", "wrong-wrong-wrong")
    assert len(hashed) == 1


def test_passwords_are_kept_by_argon2(people):
    assert people["rep"].password.startswith("argon2$argon2id$")


def test_only_the_addresses_that_are_used_exist(db):
    for name in ("account_signup", "account_email", "account_reset_password", "socialaccount_connections"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/account/signup/", "/account/email/", "/account/with/new/", "/account/password/set/"):
        assert Client().get(path).status_code in (302, 404)
    assert len([p for p in get_resolver().reverse_dict if isinstance(p, str) and p.startswith("socialaccount")]) == 3


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_page_of_signing_in_is_ours_and_says_its_words(signed_in, people, language):
    browser = signed_in("rep")
    people["rep"].language = language
    people["rep"].save()
    for name in ("account", "account_change_password", "mfa_index", "account_reauthenticate", "mfa_activate_totp"):
        answer = browser.get(reverse(name), follow=True)
        assert answer.status_code == 200, name
        assert b"tolok." in answer.content
        assert b"style=" not in answer.content
        assert b"<script>" not in answer.content
    stranger = Client()
    for name in ("account_login", "account_inactive", "socialaccount_login_error", "socialaccount_login_cancelled"):
        answer = stranger.get(reverse(name))
        assert answer.status_code == (401 if name.endswith("error") else 200), name
        assert b"tolok." in answer.content


def test_an_invitation_works_once_and_signs_in(people):
    invited = User.objects.create_user("baru@contoh.test", None, name="Baru", role="director")
    secret = Invitation.make(invited, people["administrator"])
    assert not Invitation.objects.filter(hash__contains=secret).exists()
    first, second = Client(), Client()
    assert b"baru@contoh.test" in first.get(f"/welcome/{secret}/").content
    assert second.get(f"/welcome/{secret}/").headers["Cache-Control"] == "no-store"
    assert first.post(f"/welcome/{secret}/", {"password": "pendek"}).status_code == 200
    assert first.post(f"/welcome/{secret}/", {"password": GOOD}).status_code == 302
    assert first.get("/scorecard/").status_code == 200
    assert second.post(f"/welcome/{secret}/", {"password": GOOD}).status_code == 404
    assert sign_in(Client(), "baru@contoh.test", GOOD).status_code == 302
    assert AuditEntry.objects.filter(action="invitation accepted").count() == 1


def test_links_end_by_time_by_a_newer_one_and_with_the_person(people):
    rep = people["rep"]
    old = Invitation.make(rep, None)
    new = Invitation.make(rep, None)
    assert Client().get(f"/welcome/{old}/").status_code == 404
    assert Client().get(f"/welcome/{new}/").status_code == 200
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(f"/welcome/{new}/").status_code == 404
    newest = Invitation.make(rep, None)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert Client().get(f"/welcome/{newest}/").status_code == 404


def test_a_new_password_by_link_ends_what_was_signed_in(people):
    thief, owner = Client(), Client()
    sign_in(thief, people["rep"].email, PASSWORD)
    thief.get("/more/")
    owner.post(f"/welcome/{Invitation.make(people['rep'], None)}/", {"password": GOOD})
    assert thief.get("/more/").status_code == 302
    assert owner.get("/more/").status_code == 200


def test_who_is_locked_out_is_out_at_once(people):
    browser = Client()
    sign_in(browser, people["rep"].email, PASSWORD)
    assert browser.get("/more/").status_code == 200
    User.objects.filter(pk=people["rep"].pk).update(is_active=False)
    assert browser.get("/more/").status_code == 302
    assert b"do not fit" in sign_in(browser, people["rep"].email, "wrong-wrong-wrong").content


def test_a_person_sees_and_ends_their_own_sign_ins_alone(people):
    laptop, phone, other = Client(), Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/605"), Client()
    for browser, who in ((laptop, "rep"), (phone, "rep"), (other, "stranger")):
        sign_in(browser, people[who].email, PASSWORD)
        browser.get("/more/")
    page = laptop.get("/account/").content.decode()
    assert "Safari, iPhone" in page
    numbers = re.findall(r"/account/sessions/([1-9]\d*)/end/", page)
    assert len(numbers) == 1
    assert other.post(f"/account/sessions/{numbers[0]}/end/").status_code == 404
    assert phone.get("/more/").status_code == 200
    laptop.post(f"/account/sessions/{numbers[0]}/end/")
    assert phone.get("/more/").status_code == 302
    assert laptop.get("/more/").status_code == 200


def test_one_s_own_role_and_rep_are_not_one_s_own_to_change(signed_in, people):
    data = {"name": "Nama", "language": "id", "theme": "dark", "role": "administrator", "rep_id": "x", "is_active": ""}
    assert signed_in("rep").post("/account/", data).status_code == 302
    rep = User.objects.get(pk=people["rep"].pk)
    assert (rep.name, rep.language, rep.theme) == ("Nama", "id", "dark")
    assert (rep.role, rep.rep_id, rep.is_active) == ("rep", people["rep"].rep_id, True)


def test_a_second_factor_is_asked_for_and_its_codes_work_once(people):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    def code(secret):
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    browser = Client()
    sign_in(browser, people["rep"].email, PASSWORD)
    page = browser.get(reverse("mfa_activate_totp"), follow=True)
    if b"again" in page.content:
        browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        page = browser.get(reverse("mfa_activate_totp"))
    secret = re.search(r'class="mono">([A-Z2-7]+)<', page.content.decode()).group(1)
    assert browser.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    recovery = re.findall(r"<li>(\w{8})</li>", answer.content.decode())
    assert len(recovery) == 10
    cache.clear()
    later = Client()
    assert sign_in(later, people["rep"].email, PASSWORD).headers["Location"] == reverse("mfa_authenticate")
    assert later.get("/more/").status_code == 302
    assert b"autocomplete" in later.get(reverse("mfa_authenticate")).content
    later.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert later.get("/more/").status_code == 302
    later.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    assert later.get("/more/").status_code == 200
    again = Client()
    sign_in(again, people["rep"].email, PASSWORD)
    again.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    assert again.get("/more/").status_code == 302


def test_the_first_visit_asks_for_the_code_that_was_printed(company, db, monkeypatch):
    monkeypatch.setenv("TOLOK_SETUP_CODE", "a1b2c3d4e5f60718")
    given = {"name": "Ana", "email": "ana@contoh.test", "password": GOOD}
    assert b'name="code"' in Client().get("/setup/").content
    assert b"not the code" in Client().post("/setup/", {**given, "code": "x"}).content
    assert not User.objects.exists()
    assert Client().post("/setup/", {**given, "code": "a1b2c3d4e5f60718"}).status_code == 302
    assert User.objects.get().role == "administrator"
    assert Client().get("/setup/").status_code == 404


def test_https_makes_cookies_secure_and_only_known_hosts_are_served():
    from tolok.app.configure import _transport, allowed
    from tolok.settings import parse

    own = parse('public_url = "https://tolok.contoh.test"\nproxies = 1')
    found = _transport(own)
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://tolok.contoh.test"]
    assert "tolok.contoh.test" in allowed(own, ())
    assert not _transport(parse("")).get("SESSION_COOKIE_SECURE")
    assert allowed(parse(""), ("10.0.0.5",)) == ["10.0.0.5", "127.0.0.1", "[::1]", "localhost"]


def test_a_secure_answer_tells_browsers_to_come_back_securely(db, settings):
    settings.SESSION_COOKIE_SECURE = True
    answer = Client().get("/account/login/", secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in Client().get("/account/login/").headers
    assert Client().get("/account/login/", headers={"host": "evil.example"}).status_code == 400
