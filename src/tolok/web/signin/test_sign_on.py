"""Single sign-on, against a provider on this machine: it opens accounts that exist, by verified addresses alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.core.cache import cache
from django.test import Client

from tolok.app.configure import _sign_ons
from tolok.app.models import User
from tolok.conftest import PASSWORD
from tolok.errors import DefinitionError, WorkspaceError
from tolok.settings import parse

TOML = """
[[sign_on]]
name = "Akun Perusahaan"
client_id = "tolok"
secret = "${{TOLOK_TEST_SECRET}}"
server_url = "{url}"
"""


class Provider(BaseHTTPRequestHandler):
    """The three answers of an OpenID Connect provider; who signs in is set by the test."""

    person: dict[str, object] = {}
    asked: list[dict[str, list[str]]] = []
    challenge = ""

    def do_GET(self) -> None:
        own = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.endswith("openid-configuration"):
            return self.say(
                {
                    "issuer": own,
                    "authorization_endpoint": f"{own}/authorize",
                    "token_endpoint": f"{own}/token",
                    "userinfo_endpoint": f"{own}/userinfo",
                    "jwks_uri": f"{own}/keys",
                }
            )
        return self.say(self.person)

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        Provider.asked.append(given)
        proof = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"][0].encode()).digest()).decode()
        if proof.rstrip("=") != Provider.challenge:
            return self.say({"error": "invalid_grant"}, 400)
        own = f"http://127.0.0.1:{self.server.server_port}"
        claims = {**self.person, "iss": own, "aud": "tolok", "exp": int(time.time()) + 60, "iat": int(time.time())}
        token = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "1"})
        return self.say({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def say(self, content: dict[str, object], status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def provider(monkeypatch, settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("TOLOK_TEST_SECRET", "s3cret")
    own = parse(TOML.format(url=f"http://127.0.0.1:{server.server_port}"))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _sign_ons(own), "OAUTH_PKCE_ENABLED": True}}
    cache.clear()
    Provider.asked.clear()
    yield Provider
    server.shutdown()
    server.server_close()


def come_back(browser: Client, person: dict[str, object], **changed: str):
    """Sign in at the provider as a person, and come back as a browser does."""
    Provider.person = person
    there = browser.get("/account/with/akun-perusahaan/").headers["Location"]
    sent = parse_qs(urlsplit(there).query)
    Provider.challenge = sent["code_challenge"][0]
    assert sent["redirect_uri"] == ["http://testserver/account/with/akun-perusahaan/back/"]
    back = {"code": "c", "state": sent["state"][0], **changed}
    return browser.get("/account/with/akun-perusahaan/back/", back, follow=True)


def test_the_sign_in_page_offers_it_by_name(provider, people):
    page = Client().get("/account/login/").content.decode()
    assert re.search(r'href="/account/with/akun-perusahaan/[^"]*">Sign in with Akun Perusahaan<', page)


def test_a_person_who_exists_gets_in_by_their_verified_address_and_keeps_their_password(provider, people):
    rep = people["rep"]
    browser = Client()
    come_back(browser, {"sub": "1", "email": rep.email.upper(), "email_verified": True})
    assert browser.get("/account/").context["user"] == rep
    assert provider.asked[0]["client_secret"] == ["s3cret"]
    assert Client().post("/account/login/", {"login": rep.email, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("said", [False, "false", None, "yes", 1])
def test_an_address_that_is_not_verified_opens_nothing(provider, people, said):
    browser = Client()
    answer = come_back(browser, {"sub": "2", "email": people["rep"].email, "email_verified": said})
    assert browser.get("/more/").status_code == 302
    assert b"no account for you here" in answer.content


def test_who_was_not_invited_gets_no_account(provider, people):
    before = User.objects.count()
    browser = Client()
    answer = come_back(browser, {"sub": "3", "email": "siapa@contoh.test", "email_verified": True})
    assert b"no account for you here" in answer.content
    assert User.objects.count() == before
    assert browser.get("/more/").status_code == 302


def test_who_is_locked_out_stays_out(provider, people):
    User.objects.filter(pk=people["rep"].pk).update(is_active=False)
    browser = Client()
    come_back(browser, {"sub": "4", "email": people["rep"].email, "email_verified": True})
    assert browser.get("/more/").status_code == 302


def test_an_answer_that_was_not_asked_for_is_refused(provider, people):
    browser = Client()
    person = {"sub": "5", "email": people["rep"].email, "email_verified": True}
    answer = come_back(browser, person, state="forged")
    assert b"did not work" in answer.content
    assert browser.get("/more/").status_code == 302
    assert come_back(Client(), person, error="access_denied").status_code == 200


def test_a_provider_that_is_not_there_is_told_in_a_sentence(provider, people, settings):
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    apps[0]["settings"]["server_url"] = "http://127.0.0.1:9/"
    answer = Client().get("/account/with/akun-perusahaan/")
    assert b"did not work" in answer.content


def test_secrets_do_not_stand_in_the_file(monkeypatch):
    with pytest.raises(DefinitionError, match="environment variable"):
        parse(TOML.format(url="https://login.example.com").replace("${TOLOK_TEST_SECRET}", "s3cret"))
    with pytest.raises(DefinitionError, match="https"):
        parse(TOML.format(url="http://login.example.com"))
    monkeypatch.delenv("TOLOK_TEST_SECRET", raising=False)
    with pytest.raises(WorkspaceError, match="TOLOK_TEST_SECRET"):
        _sign_ons(parse(TOML.format(url="https://login.example.com")))
